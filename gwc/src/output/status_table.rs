//! Statuses as a table, one row per object, listener or parent; `wide` adds reasons and bases.

use std::collections::BTreeMap;
use std::fmt::Write;

use gwc_core::diagnostic::Basis;
use gwc_core::status::{Condition, StatusBody};

use crate::output::status_json::{Shown, reference_name};
use crate::output::style::{Ink, Style};
use crate::selection::basis_name;
use crate::texts::printable;

/// How much a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    /// Conditions that are not as they should be, by reason.
    Table,
    /// Every condition with reason and basis.
    Wide,
}

/// Whether the decision of each condition is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// `--why`.
    Told,
    /// Not asked for.
    Quiet,
}

/// A condition that is not as a healthy object has it: positive ones must be True, negative ones not.
pub(crate) fn is_negative(condition: &Condition) -> bool {
    let wanted = match condition.r#type {
        "Conflicted" | "OverlappingTLSConfig" | "PartiallyInvalid" | "InsecureFrontendValidationMode" => "False",
        _ => "True",
    };
    condition.status != wanted
}

/// One row of the table.
struct Row<'r> {
    cells: Vec<String>,
    conditions: &'r [Condition],
    note: Option<&'r str>,
    texts: &'r crate::texts::Texts<'r>,
}

/// The table; `why` adds a line per condition.
pub(crate) fn write(shown: &[Shown<'_>], width: Width, why: Why, style: Style) -> String {
    let has_worlds = shown.iter().any(|one| one.world.is_some());
    let mut by_world: BTreeMap<Option<&str>, Vec<&Shown<'_>>> = BTreeMap::new();
    for one in shown {
        by_world.entry(one.world).or_default().push(one);
    }
    let mut out = String::new();
    for (world, group) in by_world {
        if let (true, Some(world)) = (has_worlds, world) {
            let _ = writeln!(out, "{}", style.paint(Ink::Strong, &format!("world {world}")));
        }
        let rows: Vec<Row<'_>> = group.into_iter().flat_map(rows).collect();
        table(&rows, width, why, style, &mut out);
    }
    out
}

fn rows<'r>(one: &'r Shown<'r>) -> Vec<Row<'r>> {
    let object = &one.status.object;
    let namespace = if object.namespace.is_empty() { "-" } else { &object.namespace };
    let name = |part: &str| {
        let part = if part.is_empty() { String::new() } else { format!(" {part}") };
        vec![printable(&object.kind), printable(namespace), printable(&format!("{}{part}", object.name))]
    };
    let row = |part: &str, conditions: &'r [Condition], note: Option<&'r str>| Row {
        cells: name(part),
        conditions,
        note,
        texts: one.texts,
    };
    let note = one.status.note.as_deref();
    match &one.status.body {
        None => vec![row("", &[], note.or(Some("no status will be written")))],
        Some(StatusBody::GatewayClass { conditions, .. }) => vec![row("", conditions, note)],
        Some(StatusBody::Gateway { conditions, listeners, .. } | StatusBody::ListenerSet { conditions, listeners }) => {
            let mut rows = vec![row("", conditions, note)];
            for listener in listeners {
                let noun = if listener.attached_routes == 1 { "route" } else { "routes" };
                let part = format!("#{} ({} {noun})", listener.name, listener.attached_routes);
                rows.push(row(&part, &listener.conditions, None));
            }
            rows
        }
        Some(StatusBody::Route { parents } | StatusBody::Policy { ancestors: parents }) => {
            let part = |parent: &gwc_core::status::ParentStatus| {
                format!("→ {}", reference_name(&parent.reference, &object.namespace))
            };
            let mut rows: Vec<Row<'_>> =
                parents.iter().map(|parent| row(&part(parent), &parent.conditions, None)).collect();
            match (rows.first_mut(), note) {
                (Some(first), Some(note)) => first.note = Some(note),
                (None, note) => rows.push(row("", &[], note.or(Some("no status will be written")))),
                (Some(_), None) => {}
            }
            rows
        }
    }
}

fn table(rows: &[Row<'_>], width: Width, why: Why, style: Style, out: &mut String) {
    let heads = ["KIND", "NAMESPACE", "NAME"];
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| cell.chars().count());
        cells.chain(heads.get(column).map(|head| head.len())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(widest).collect();
    let pad = |text: &str, width: usize| format!("{text}{:1$}", "", width.saturating_sub(text.chars().count()));
    let head: Vec<String> = heads.iter().zip(&widths).map(|(head, width)| pad(head, *width)).collect();
    let _ = writeln!(out, "{}  CONDITIONS", style.paint(Ink::Dim, &head.join("  ")));
    for row in rows {
        let cells: Vec<String> = row.cells.iter().zip(&widths).map(|(cell, width)| pad(cell, *width)).collect();
        let _ = writeln!(out, "{}  {}", cells.join("  "), conditions_text(row, width, style).trim_end());
        if let Some(note) = row.note.filter(|_| !row.conditions.is_empty()) {
            let _ = writeln!(out, "    note: {}", printable(note));
        }
        if why == Why::Told {
            row.conditions.iter().for_each(|condition| reason(row, condition, out));
        }
    }
}

fn conditions_text(row: &Row<'_>, width: Width, style: Style) -> String {
    if row.conditions.is_empty() {
        return style.paint(Ink::Dim, &row.note.map(printable).unwrap_or_default());
    }
    let text = |condition: &Condition| {
        let basis = match (width, condition.basis) {
            (Width::Wide, basis) => format!(" [{}]", basis_name(basis)),
            // Unknown is certain of nothing; what is missing is said below.
            (Width::Table, Basis::Assumed) if condition.status != "Unknown" => " (assumed)".to_owned(),
            (Width::Table, _) => String::new(),
        };
        let is_bad = is_negative(condition);
        let reason = if is_bad || width == Width::Wide { format!("/{}", condition.reason) } else { String::new() };
        let ink = match (is_bad, condition.status) {
            (true, "Unknown") => Ink::Yellow,
            (true, _) => Ink::Red,
            (false, _) => Ink::Green,
        };
        style.paint(ink, &format!("{}={}{reason}", condition.r#type, condition.status)) + &basis
    };
    row.conditions.iter().map(text).collect::<Vec<_>>().join("  ")
}

/// `Accepted: sentence (file:line:column; rule R-3)`, with what is assumed or missing.
fn reason(row: &Row<'_>, condition: &Condition, out: &mut String) {
    let place = condition.location.map(|span| format!("{}; ", row.texts.short(span))).unwrap_or_default();
    let message = printable(&condition.message).replace('\n', " ");
    let _ = writeln!(out, "    {}: {message} ({place}rule {})", condition.r#type, condition.rule);
    let lists = [("assumes", &condition.assumptions), ("missing", &condition.missing)];
    for (word, facts) in lists.into_iter().filter(|(_, facts)| !facts.is_empty()) {
        let _ = writeln!(out, "      {word}: {}", printable(&facts.join(", ")));
    }
}

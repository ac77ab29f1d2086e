//! `gwc explain`: a rule, a condition or reason, or the attachment of one object.

use std::fmt::Write;

use gwc_core::diagnostic::rule::{self, FixClass, RULES, Rule};
use gwc_core::profile::WorldMode;

use crate::cli::{ExplainArgs, GlobalArgs};
use crate::commands;
use crate::commands::explain::vocabulary::{CONDITIONS, REASONS};
use gwc_core::lint::Docs;

use crate::compile::{self, AttachmentRow};
use crate::failure::{Exit, Failure, Outcome};
use crate::findings::Run;
use crate::nearest;
use crate::object_name::ObjectName;
use crate::options::Settings;
use crate::output::emit;
use crate::output::grouped::object_name;
use crate::output::style::{Ink, Style};
use crate::selection::{basis_name, group_name, severity_name};
use crate::texts::{Texts, printable};

pub(crate) mod vocabulary;

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &ExplainArgs) -> Outcome {
    let style = Style::of_stdout(global);
    let what = args.what.as_deref().unwrap_or_default();
    let text = if args.list {
        list()
    } else if let Some(rule) = rule::find(what) {
        explain_rule(rule, style)
    } else if let Some(text) = word(what, style) {
        text
    } else if let Some(name) = ObjectName::parse(what) {
        return object(global, args, &name, style);
    } else {
        return Err(unknown(what));
    };
    emit(&text, None)?;
    Ok(Exit::Success)
}

fn unknown(what: &str) -> Failure {
    let codes = RULES.iter().flat_map(|rule| [rule.code.number, rule.code.name]);
    let words = REASONS.iter().map(|reason| reason.name).chain(CONDITIONS.iter().map(|condition| condition.name));
    let hint = nearest::hint(what, codes.chain(words));
    Failure::usage(format!("nothing is known of `{what}`; `gwc explain --list` lists everything{hint}"))
}

fn list() -> String {
    let mut out = String::from("Rules\n");
    for rule in RULES {
        let _ = writeln!(out, "  {}  {}", rule.code.number, rule.code.name);
    }
    out.push_str("\nConditions\n");
    CONDITIONS.iter().for_each(|condition| out.push_str(&format!("  {}\n", condition.name)));
    out.push_str("\nReasons\n");
    REASONS.iter().for_each(|reason| out.push_str(&format!("  {}\n", reason.name)));
    out.push_str("\nObjects: KIND/NAMESPACE/NAME, for example httproute/shop/store\n");
    out
}

/// Name of the best cure that a rule offers.
pub(crate) fn fix_name(fix: FixClass) -> &'static str {
    match fix {
        FixClass::None => "none",
        FixClass::Suggestion => "suggestion",
        FixClass::Unsafe => "unsafe edit",
        FixClass::Safe => "safe edit",
    }
}

fn explain_rule(rule: &Rule, style: Style) -> String {
    let mut out = style.paint(Ink::Strong, &format!("{} {}", rule.code.number, rule.code.name));
    out.push('\n');
    let drops = if rule.drops_when_assumed { " (warning where the world is not fully known)" } else { "" };
    let _ = writeln!(
        out,
        "group {}, severity {}{drops}, basis {}, fix {}",
        group_name(rule.group),
        severity_name(rule.severity),
        basis_name(rule.basis),
        fix_name(rule.fix)
    );
    match compile::docs(rule.code) {
        Some(docs) => rule_docs(docs, style, &mut out),
        None => out.push_str("\nthis rule is listed but not built yet\n"),
    }
    out
}

fn rule_docs(docs: &Docs, style: Style, out: &mut String) {
    let _ = writeln!(out, "\n{}", docs.summary);
    let parts = [("What", docs.what), ("Why it matters", docs.why), ("Fix", docs.fix), ("Specification", docs.spec)];
    for (title, text) in parts.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
        let _ = writeln!(out, "\n{}\n{}", style.paint(Ink::Strong, title), indented(text));
    }
    for (title, text) in [("Bad", docs.bad), ("Good", docs.good)] {
        if !text.trim().is_empty() {
            let _ = writeln!(out, "\n{}\n{}", style.paint(Ink::Strong, title), indented(text));
        }
    }
}

fn indented(text: &str) -> String {
    text.trim_matches('\n').lines().map(|line| format!("  {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// A condition or reason; a word that is both prints both.
fn word(what: &str, style: Style) -> Option<String> {
    let is_it = |name: &str| name.eq_ignore_ascii_case(what);
    let mut out = String::new();
    for condition in CONDITIONS.iter().filter(|condition| is_it(condition.name)) {
        let _ = writeln!(out, "{} (condition of {})", style.paint(Ink::Strong, condition.name), condition.kinds);
        let _ = writeln!(out, "{}\n", indented(condition.meaning));
        let own = REASONS.iter().filter(|reason| reason.conditions.split(", ").any(|name| name == condition.name));
        let names: Vec<&str> = own.map(|reason| reason.name).collect();
        let _ = writeln!(out, "  reasons: {}\n", names.join(", "));
    }
    for reason in REASONS.iter().filter(|reason| is_it(reason.name)) {
        let head = style.paint(Ink::Strong, reason.name);
        let _ = writeln!(out, "{head} (reason of {}; {})", reason.conditions, reason.kinds);
        let _ = writeln!(out, "{}", indented(reason.meaning));
        for code in reason.rules {
            let name = rule::find(code).map_or("", |rule| rule.code.name);
            let _ = writeln!(out, "  rule {code} {name}");
        }
        out.push('\n');
    }
    (!out.is_empty()).then(|| out.trim_end().to_owned() + "\n")
}

/// Everything that decides whether an object attaches.
fn object(global: &GlobalArgs, args: &ExplainArgs, name: &ObjectName, style: Style) -> Outcome {
    let mut settings = Settings::new(global, &args.input, &args.paths, WorldMode::Closed)?;
    let worlds = commands::compile_worlds(global, &mut settings, args.input.stdin_filename.as_deref(), compile::ALL)?;
    let mut out = String::new();
    let mut is_found = false;
    for run in &worlds.runs {
        let texts = Texts::new(&run.sources, &run.compilation.documents);
        if worlds.runs.len() > 1 {
            let _ = writeln!(out, "{}", style.paint(Ink::Strong, &format!("world {}", run.spec.name)));
        }
        for summary in run.compilation.objects.iter().filter(|summary| name.matches(&summary.object)) {
            is_found = true;
            let place = texts.short(summary.span);
            let title = printable(&object_name(&summary.object));
            let _ = writeln!(out, "{}  {}", style.paint(Ink::Strong, &title), style.paint(Ink::Dim, &place));
            let rows = compile::attachment(&run.compilation, summary);
            attachment(&rows, &texts, style, &mut out);
            notes(run, summary, &texts, &mut out);
        }
    }
    if !is_found {
        return Err(Failure::input(format!("no object {name} in the input")));
    }
    emit(&out, None)?;
    Ok(worlds.exit)
}

/// The table: one row per parent reference and listener, one column per test; below, the places that were compared.
fn attachment(rows: &[AttachmentRow], texts: &Texts<'_>, style: Style, out: &mut String) {
    if rows.is_empty() {
        return;
    }
    let mut table = vec![
        ["PARENT", "LISTENER", "sectionName", "port", "kind", "namespace", "hostname", "VERDICT"].map(str::to_owned),
    ];
    for row in rows {
        let mut line = [const { String::new() }; 8];
        let cells = row.cells.iter().map(|cell| mark(cell.passed).to_owned());
        let words = [printable(&row.parent), printable(&row.listener)].into_iter().chain(cells);
        line.iter_mut().zip(words).for_each(|(slot, word)| *slot = word);
        line[7] = printable(&row.verdict);
        table.push(line);
    }
    let widest = |column: usize| table.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..7).map(widest).collect();
    for line in &table {
        out.push_str("  ");
        for (cell, width) in line.iter().zip(&widths) {
            let ink = match cell.as_str() {
                "yes" => Ink::Green,
                "no" => Ink::Red,
                _ => Ink::Strong,
            };
            let pad = width.saturating_sub(cell.chars().count()) + 2;
            let cell = if matches!(cell.as_str(), "yes" | "no") { style.paint(ink, cell) } else { cell.clone() };
            let _ = write!(out, "{cell}{:pad$}", "");
        }
        let _ = writeln!(out, "{}", line[7]);
    }
    for row in rows {
        let listener = if row.listener.is_empty() { String::new() } else { format!(" × {}", row.listener) };
        let _ = writeln!(out, "\n  {}{}  ({})", row.parent, printable(&listener), texts.short(row.place));
        for cell in &row.cells {
            let names =
                if cell.hostnames.is_empty() { String::new() } else { format!("  {}", cell.hostnames.join(", ")) };
            let (route, listener) = (texts.short(cell.route), texts.short(cell.listener));
            let _ = writeln!(out, "    {:11}  {:7}  {route} against {listener}{names}", cell.test, mark(cell.passed));
        }
    }
    out.push('\n');
}

fn mark(passed: Option<bool>) -> &'static str {
    match passed {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

/// The object's findings and its predicted conditions, in one line each.
fn notes(run: &Run, summary: &compile::ObjectSummary, texts: &Texts<'_>, out: &mut String) {
    for status in run.compilation.statuses.iter().filter(|status| status.object == summary.object) {
        let conditions = status.body.iter().flat_map(crate::output::status_json::conditions);
        for (pointer, condition) in conditions {
            let place = condition.location.map(|span| format!("; {}", texts.short(span))).unwrap_or_default();
            let (kind, value, reason) = (condition.r#type, condition.status, condition.reason);
            let text = printable(&condition.message).replace('\n', " ");
            let _ = writeln!(out, "  {pointer}: {kind}={value}/{reason}: {text} (rule {}{place})", condition.rule);
        }
        if let Some(note) = &status.note {
            let _ = writeln!(out, "  note: {}", printable(note));
        }
    }
    let own = |diagnostic: &&gwc_core::diagnostic::Diagnostic| diagnostic.object.as_ref() == Some(&summary.object);
    for diagnostic in run.compilation.diagnostics.0.iter().filter(own) {
        let place = texts.short(diagnostic.primary);
        let message = printable(&diagnostic.message);
        let _ =
            writeln!(out, "  {place}: {}[{}] {message}", severity_name(diagnostic.severity), diagnostic.code.number);
    }
}

//! `markdown`: the report for a pull request or a wiki, lost access controls first (ingress-migrate.md §5.4).

use std::collections::BTreeMap;
use std::fmt::Write;

use gwc_core::migrate::annotation::Verdict;
use gwc_core::migrate::code;
use gwc_core::migrate::item::{Item, Witness};

use crate::migration::report::{acceptance, fact_name, is_about_source};
use crate::migration::{Migration, cutover, screen};
use crate::selection::severity_name;
use crate::texts::{Texts, printable};

/// Groups in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    AccessControls,
    Verification,
    Lost,
    Approximated,
    NeedsPolicy,
    Converted,
    WithoutEffect,
}

const GROUPS: [(Group, &str); 7] = [
    (Group::AccessControls, "Access controls lost"),
    (Group::Verification, "Answered in another way, unannounced"),
    (Group::Lost, "Cannot be converted"),
    (Group::Approximated, "Approximated"),
    (Group::NeedsPolicy, "Needs a policy"),
    (Group::Converted, "Converted"),
    (Group::WithoutEffect, "Without effect, or of the controller"),
];

/// Places of a line; more are counted.
const PLACES: usize = 3;

/// The report.
pub(crate) fn write(migration: &Migration) -> String {
    let report = &migration.projection.report;
    let (counts, texts) = (report.counts(), report.texts());
    let mut out = String::from("# Migration of Ingresses\n\n| | |\n|---|---:|\n");
    let rows = [
        ("Ingresses", migration.ingresses.len()),
        ("errors", counts.errors),
        ("warnings", counts.warnings),
        ("remarks", counts.infos),
        ("accepted", counts.suppressed),
    ];
    rows.iter().for_each(|(name, count)| out.push_str(&format!("| {name} | {count} |\n")));
    for (kind, count) in migration.objects() {
        let _ = writeln!(out, "| {kind} | {count} |");
    }
    let _ = writeln!(out, "\nVerification: {}\n", escaped(&screen::verification(migration)));
    let mut groups: BTreeMap<Group, Vec<&Item>> = BTreeMap::new();
    for item in migration.conversion.report.items() {
        if let Some(group) = group(item) {
            groups.entry(group).or_default().push(item);
        }
    }
    for (group, title) in GROUPS {
        if let Some(items) = groups.get(&group) {
            let _ = writeln!(out, "## {title}\n");
            lines(migration, items, texts.first(), &mut out);
            out.push('\n');
        }
    }
    let others = report.findings.iter().zip(&migration.projection.items).filter(|(_, at)| at.is_none());
    let others: Vec<String> = others
        .filter_map(|(finding, _)| {
            let one = &finding.diagnostic;
            let place = texts.get(finding.run)?.short(one.primary);
            Some(format!(
                "- {} **{}** {} (`{place}`)\n",
                severity_name(one.severity),
                one.code.number,
                escaped(&one.message)
            ))
        })
        .collect();
    if !others.is_empty() {
        let _ = writeln!(out, "## Input\n\n{}", others.concat());
    }
    out.push_str("## Cut-over\n\n");
    for step in cutover::steps(migration) {
        let _ = writeln!(out, "{}. {}", step.step, step.title);
        step.lines.iter().for_each(|line| out.push_str(&format!("   - {}\n", escaped(line))));
        let _ = writeln!(out, "   - back: {}", escaped(&step.rollback));
    }
    out
}

fn group(item: &Item) -> Option<Group> {
    if item.code == Some(code::ACCESS_CONTROL_LOST) {
        return Some(Group::AccessControls);
    }
    if !is_about_source(item) {
        return (item.code == Some(code::VERIFIED_DIFFERENT)).then_some(Group::Verification);
    }
    Some(match item.verdict {
        Verdict::Exact => Group::Converted,
        Verdict::Approx => Group::Approximated,
        Verdict::Policy => Group::NeedsPolicy,
        Verdict::None => Group::Lost,
        Verdict::Inert | Verdict::Global => Group::WithoutEffect,
    })
}

/// What one line stands for: code, fact, message, acceptance.
type Alike<'i> = (Option<&'static str>, &'i str, &'i str, bool);

/// One line for items that say the same.
fn lines(migration: &Migration, items: &[&Item], texts: Option<&Texts<'_>>, out: &mut String) {
    let mut order: Vec<Alike<'_>> = Vec::new();
    let mut alike: BTreeMap<Alike<'_>, Vec<&Item>> = BTreeMap::new();
    for item in items {
        let is_accepted = acceptance(item, &migration.decided.accepted).is_some();
        let key = (item.code.map(|code| code.number), fact_name(&item.fact), item.message.as_str(), is_accepted);
        let own = alike.entry(key).or_default();
        if own.is_empty() {
            order.push(key);
        }
        own.push(item);
    }
    for key in order {
        let (number, fact, message, is_accepted) = key;
        let own = alike.get(&key).map(Vec::as_slice).unwrap_or_default();
        let number = number.map(|number| format!("**{number}** ")).unwrap_or_default();
        let text = if message.is_empty() { String::new() } else { format!(": {}", escaped(message)) };
        let accepted = if is_accepted { " (accepted)" } else { "" };
        let _ = writeln!(out, "- {number}`{}`{text}{accepted}", printable(fact).replace('`', "'"));
        let _ = writeln!(out, "  - {}", places(own, texts));
        let Some(first) = own.first() else { continue };
        if let Some(help) = &first.help {
            let _ = writeln!(out, "  - {}", escaped(help));
        }
        if let Some(Witness { request, old, new }) = own.iter().find_map(|item| item.witness.as_ref()) {
            let _ = writeln!(out, "  - `{}`: before {}, now {}", request.replace('`', "'"), escaped(old), escaped(new));
        }
    }
}

fn places(items: &[&Item], texts: Option<&Texts<'_>>) -> String {
    let place = |item: &&Item| {
        let at = item.source.span.zip(texts).map(|(span, texts)| format!(" (`{}`)", texts.short(span)));
        format!("{} {}{}", item.source.kind, item.source.object, at.unwrap_or_default())
    };
    let shown: Vec<String> = items.iter().take(PLACES).map(place).collect();
    let more = items.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &more
}

/// Text in which nothing is markup.
fn escaped(text: &str) -> String {
    let text = printable(text).replace('\n', " ");
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if matches!(c, '\\' | '*' | '_' | '<' | '>' | '|' | '[' | ']') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

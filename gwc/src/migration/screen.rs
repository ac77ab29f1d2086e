//! The report for people: lost access controls first, then findings, what became of each fact, and what to do next.
//!
//! A finding on many objects is printed once (ingress-migrate.md §5.4).

use std::collections::BTreeMap;
use std::fmt::Write;

use gwc_core::diagnostic::Severity;
use gwc_core::migrate::annotation::Verdict;
use gwc_core::migrate::code;
use gwc_core::migrate::item::Item;

use crate::findings::Finding;
use crate::migration::Migration;
use crate::migration::report::{fact_name, is_about_source};
use crate::migration::verify::Verified;
use crate::output::style::{Ink, Style};
use crate::output::{self, counted};
use crate::texts::printable;

/// From this many objects on, a finding is printed once.
const MANY: usize = 5;

/// Places of a finding that is printed once.
const PLACES: usize = 3;

/// Lost access controls that the head names.
const HEAD: usize = 10;

/// How much is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Remarks are counted, and what many objects share is printed once.
    Usual,
    /// Everything.
    All,
}

/// Formats for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// With excerpts.
    Full,
    /// By object.
    Grouped,
}

/// The report.
pub(crate) fn write(migration: &Migration, form: Form, detail: Detail, style: Style) -> String {
    let report = &migration.projection.report;
    let mut out = head(migration, detail, style);
    let all: Vec<(&Finding, Option<&Item>)> = shown(migration, detail);
    let merged = match detail {
        Detail::All => all.iter().map(|(finding, _)| (*finding).clone()).collect(),
        Detail::Usual => once(migration, &all),
    };
    let merged: Vec<&Finding> = merged.iter().collect();
    out.push_str(&match form {
        Form::Full => output::text::write(report, &merged, style),
        Form::Grouped => output::grouped::write(report, &merged, style),
    });
    out
}

/// Findings to print, with their items.
fn shown(migration: &Migration, detail: Detail) -> Vec<(&Finding, Option<&Item>)> {
    let projection = &migration.projection;
    let items = migration.conversion.report.items();
    let pairs = projection.report.findings.iter().zip(&projection.items);
    let pairs = pairs.filter(|(finding, _)| {
        let is_open = finding.suppressed.is_none() && finding.diagnostic.severity > Severity::Info;
        detail == Detail::All || is_open
    });
    pairs.map(|(finding, at)| (finding, at.and_then(|at| items.get(at)))).collect()
}

/// Lost access controls, each with the words that accept it.
fn head(migration: &Migration, detail: Detail, style: Style) -> String {
    let all = shown(migration, Detail::Usual);
    let lost: Vec<_> = all.iter().filter(|(one, _)| one.diagnostic.code == code::ACCESS_CONTROL_LOST).collect();
    if lost.is_empty() {
        return String::new();
    }
    let texts = migration.projection.report.texts();
    let title = format!("{} lost; what they guarded is closed (500)", counted(lost.len(), "access control"));
    let mut out = format!("{}\n", style.paint(Ink::Red, &title));
    let most = if detail == Detail::All { usize::MAX } else { HEAD };
    for (finding, item) in lost.iter().take(most) {
        let (Some(item), Some(texts)) = (item, texts.get(finding.run)) else { continue };
        let (object, message) = (&item.source.object, printable(&finding.diagnostic.message));
        let place = style.paint(Ink::Dim, &texts.short(finding.diagnostic.primary));
        let _ = writeln!(out, "  {object}  {message}  {place}");
    }
    if lost.len() > most {
        let _ = writeln!(out, "  and {} more (-v)", lost.len() - most);
    }
    let advice = "attach a policy to the route and accept the loss: --accept MIG511:NS/NAME:REASON";
    let _ = writeln!(out, "  {advice}\n");
    out
}

/// Findings of one code about one fact on many objects become one.
fn once(migration: &Migration, all: &[(&Finding, Option<&Item>)]) -> Vec<Finding> {
    let texts = migration.projection.report.texts();
    let key = |(finding, item): &(&Finding, Option<&Item>)| {
        let fact = item.map_or("", |item| fact_name(&item.fact)).to_owned();
        (finding.diagnostic.code, finding.diagnostic.severity, fact)
    };
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, pair) in all.iter().enumerate() {
        groups.entry(key(pair)).or_default().push(at);
    }
    let mut merged = Vec::new();
    for (at, pair) in all.iter().enumerate() {
        let group = groups.get(&key(pair)).map_or(&[][..], Vec::as_slice);
        let mut finding = pair.0.clone();
        if group.len() > MANY {
            if group.first() != Some(&at) {
                continue;
            }
            let others = group.iter().skip(1).filter_map(|at| all.get(*at)).take(PLACES);
            let places = others.filter_map(|(one, _)| Some(texts.get(one.run)?.short(one.diagnostic.primary)));
            let places: Vec<String> = places.collect();
            let rest = group.len() - 1 - places.len();
            let note =
                format!("the same in {} places more: {} and {rest} others (-v)", group.len() - 1, places.join(", "));
            finding.diagnostic.notes.push(note);
        }
        merged.push(finding);
    }
    merged
}

/// What became of the facts, how many objects were written, how many findings there are.
pub(crate) fn summary(migration: &Migration) -> String {
    let mut out = facts(migration);
    let made: Vec<String> = migration.objects().into_iter().map(|(kind, count)| objects(count, kind)).collect();
    let made = if made.is_empty() { "nothing".to_owned() } else { made.join(", ") };
    let from = if migration.ingresses.len() == 1 {
        "1 Ingress".into()
    } else {
        format!("{} Ingresses", migration.ingresses.len())
    };
    let _ = writeln!(out, "Converted {from} to {made}");
    let counts = migration.projection.report.counts();
    let sorts = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "remark")];
    let found: Vec<String> =
        sorts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(count, word)).collect();
    let found = if found.is_empty() { "No findings".to_owned() } else { format!("Found {}", found.join(", ")) };
    let accepted = if counts.suppressed > 0 { format!("; {} accepted", counts.suppressed) } else { String::new() };
    let _ = writeln!(out, "{found}{accepted}");
    let _ = writeln!(out, "Verification: {}", verification(migration));
    let target = migration.decided.options.target;
    let _ = writeln!(out, "Target: Gateway API {}/{}", target.bundle.version(), target.channel.name());
    out
}

/// What the comparison of both sides gave.
pub(crate) fn verification(migration: &Migration) -> String {
    migration.verified.as_ref().map_or_else(|| "not verified".to_owned(), Verified::words)
}

/// `2 BackendTLSPolicies`.
fn objects(count: usize, kind: &str) -> String {
    match kind.strip_suffix("cy").filter(|_| count != 1) {
        Some(stem) => format!("{count} {stem}cies"),
        None => counted(count, kind),
    }
}

/// One line for each verdict: facts with their number.
fn facts(migration: &Migration) -> String {
    let mut by_verdict: BTreeMap<Verdict, BTreeMap<&str, usize>> = BTreeMap::new();
    for item in migration.conversion.report.items().iter().filter(|item| is_about_source(item)) {
        *by_verdict.entry(item.verdict).or_default().entry(fact_name(&item.fact)).or_default() += 1;
    }
    let mut out = String::new();
    for (verdict, facts) in by_verdict {
        let list: Vec<String> = facts
            .into_iter()
            .map(|(fact, count)| if count == 1 { printable(fact) } else { format!("{} ({count})", printable(fact)) })
            .collect();
        let _ = writeln!(out, "{:<12}{}", format!("{}:", verdict_words(verdict)), list.join(", "));
    }
    out
}

/// A verdict for people.
fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exact => "translated",
        Verdict::Approx => "differs",
        Verdict::Policy => "policy",
        Verdict::None => "lost",
        Verdict::Inert => "no effect",
        Verdict::Global => "controller",
    }
}

/// A verdict for programs (§0).
pub(crate) fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exact => "exact",
        Verdict::Approx => "approx",
        Verdict::Policy => "policy",
        Verdict::None => "none",
        Verdict::Inert => "inert",
        Verdict::Global => "global",
    }
}

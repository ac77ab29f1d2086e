//! `gwc route --from-har` and `--from-log` for people: shares, unmatched requests, rules without one.

use std::fmt::Write;

use crate::output::counted;
use crate::output::style::{Ink, Style};
use crate::route::batch::{BatchReport, RuleName, WorldShare};
use crate::route::model::At;
use crate::texts::printable;

/// The report; `top` bounds the list of rules without requests.
pub(crate) fn write(report: &BatchReport, top: usize, style: Style) -> String {
    let mut out = String::new();
    let title = format!("{} in {}", counted(report.requests, "request"), report.record);
    let _ = writeln!(out, "{}", style.paint(Ink::Strong, &printable(&title)));
    let unreadable = &report.unreadable;
    if let (Some(first), Some(problem)) = (unreadable.first, &unreadable.problem) {
        let _ = writeln!(out, "{} unreadable; the first is number {first}: {}", unreadable.count, printable(problem));
    }
    if report.skipped > 0 {
        let _ = writeln!(out, "{} skipped that never reach a gateway", report.skipped);
    }
    report.worlds.iter().for_each(|world| share(world, top, style, &mut out));
    out
}

fn share(world: &WorldShare, top: usize, style: Style, out: &mut String) {
    if let Some(name) = &world.world {
        let _ = writeln!(out, "\n{}", style.paint(Ink::Strong, &printable(&format!("world {name}"))));
    }
    let WorldShare { matched, unmatched, rules_hit, rules_total, .. } = world;
    let _ = writeln!(out, "{matched} matched, {unmatched} unmatched; {rules_hit} of {rules_total} rules were reached");
    if !world.rules.is_empty() {
        let _ = writeln!(out, "\n{}", style.paint(Ink::Strong, "Share per rule"));
    }
    for one in &world.rules {
        let _ = writeln!(out, "{:>6.2} %  {:>8}  {}", one.percent, one.requests, rule(&one.rule, style));
    }
    if !world.unmatched_requests.is_empty() {
        let _ = writeln!(out, "\n{}", style.paint(Ink::Strong, "Unmatched requests"));
    }
    for one in &world.unmatched_requests {
        let url = format!("{} {}://{}{}", one.method, one.scheme, one.authority, one.path);
        let _ = writeln!(out, "{:>8}  {}  {}", one.requests, printable(&url), style.paint(Ink::Red, one.reason));
    }
    if world.more_unmatched > 0 {
        let _ = writeln!(out, "          and {} more (--top)", world.more_unmatched);
    }
    if !world.rules_without_requests.is_empty() {
        let _ = writeln!(out, "\n{}", style.paint(Ink::Strong, "Rules without a request"));
    }
    for one in world.rules_without_requests.iter().take(top) {
        let _ = writeln!(out, "          {}", rule(one, style));
    }
    let more = world.rules_without_requests.len().saturating_sub(top);
    if more > 0 {
        let _ = writeln!(out, "          and {more} more (--top)");
    }
}

fn rule(rule: &RuleName, style: Style) -> String {
    let own = rule.rule_name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let RuleName { kind, namespace, name, rule: position, .. } = rule;
    let place = |at: &At| format!("  {}", style.paint(Ink::Dim, &printable(&format!("{}:{}", at.file, at.line))));
    let place = rule.location.as_ref().map(place).unwrap_or_default();
    format!("{}{place}", printable(&format!("{kind} {namespace}/{name} rule {position}{own}")))
}

//! `gwc test` for people: files that cannot be run, failures with the way of the request, coverage, summary.

use std::fmt::Write;

use crate::cli::test::Show;
use crate::output::counted;
use crate::output::route_tree;
use crate::output::style::{Ink, Style};
use crate::output::text::{Remark, remark};
use crate::suite::coverage::Covered;
use crate::suite::read::Suite;
use crate::suite::report::Report;
use crate::suite::run::{Failed, Outcome, Test, Verdict};
use crate::texts::{Texts, printable};

/// Names and places of the tests.
pub(crate) fn list(suites: &[Suite], picks: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::new();
    for suite in suites {
        let texts = suite.texts();
        out.push_str(&problems(suite, &texts, Style::PLAIN));
        let cases = suite.cases.iter().map(|case| (&case.name, case.span));
        let all = cases.chain(suite.statuses.iter().map(|case| (&case.name, case.span)));
        for (name, span) in all.filter(|(name, _)| picks(name)) {
            let _ = writeln!(out, "{}: {}", texts.short(span), printable(name));
        }
    }
    out
}

/// Everything, or failures alone.
pub(crate) fn write(report: &Report, show: Show, style: Style, quiet: u8) -> String {
    let mut out = String::new();
    for (at, suite) in report.suites.iter().enumerate() {
        let texts = suite.texts();
        out.push_str(&problems(suite, &texts, style));
        for outcome in report.of_suite(at) {
            if show == Show::All || outcome.failed().is_some() {
                test(suite, outcome, &texts, style, &mut out);
            }
        }
    }
    for covered in report.covered.iter().filter(|covered| covered.is_asked) {
        out.push_str(&coverage(covered, style));
    }
    if quiet == 0 {
        report.suites.iter().for_each(|suite| out.push_str(&legacy(suite, style)));
        for note in report.notes.iter().filter(|_| !report.is_good()) {
            let _ = writeln!(out, "note: {note}");
        }
        let _ = writeln!(out, "{}", summary(report, style));
    }
    out
}

fn problems(suite: &Suite, texts: &Texts<'_>, style: Style) -> String {
    let one = |problem: &crate::suite::read::Problem| {
        let help = problem.help.as_deref();
        remark(&Remark { word: "error", message: &problem.message, span: problem.span, help }, texts, style)
    };
    suite.problems.iter().map(one).collect()
}

/// Name of a test with its world.
pub(crate) fn full_name(suite: &Suite, outcome: &Outcome) -> String {
    let name = suite.test(outcome.test).map_or("", |(name, _)| name);
    if outcome.world.is_empty() { name.to_owned() } else { format!("{name} [world {}]", outcome.world) }
}

fn test(suite: &Suite, outcome: &Outcome, texts: &Texts<'_>, style: Style, out: &mut String) {
    let name = printable(&full_name(suite, outcome));
    let place = suite.test(outcome.test).map(|(_, span)| texts.short(span)).unwrap_or_default();
    match &outcome.verdict {
        Verdict::Passed => {
            let _ = writeln!(out, "{}  {name}", style.paint(Ink::Green, "pass"));
        }
        Verdict::Skipped(reason) => {
            let reason = if reason.is_empty() { String::new() } else { format!(": {}", printable(reason)) };
            let _ = writeln!(out, "{}  {name}{reason}", style.paint(Ink::Yellow, "skip"));
        }
        Verdict::Failed(failed) => {
            let _ = writeln!(out, "{}  {name}", style.paint(Ink::Red, "FAIL"));
            let _ = writeln!(out, "  --> {}", style.paint(Ink::Cyan, &place));
            out.push_str(&reasons(suite, outcome.test, failed, texts, style));
            out.push_str(&way(failed, style));
            out.push('\n');
        }
    }
}

/// One line of what was expected and one of what is the case, per key.
fn reasons(suite: &Suite, test: Test, failed: &Failed, texts: &Texts<'_>, style: Style) -> String {
    let mut out = String::new();
    for mismatch in &failed.mismatches {
        let place = suite.place_of(test, &mismatch.keys).map(|span| texts.short(span)).unwrap_or_default();
        let key = style.paint(Ink::Strong, &mismatch.key());
        let _ = writeln!(out, "  {key}  {}", style.paint(Ink::Dim, &place));
        let _ = writeln!(out, "    expected  {}", style.paint(Ink::Green, &printable(&mismatch.expected)));
        let _ = writeln!(out, "    got       {}", style.paint(Ink::Red, &printable(&mismatch.got)));
    }
    out
}

/// The way of the request, as `gwc route` shows it.
pub(crate) fn way(failed: &Failed, style: Style) -> String {
    let mut out = String::new();
    for answer in &failed.answers {
        for line in route_tree::tree(answer, style).lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    if let Some(note) = &failed.note {
        let _ = writeln!(out, "  {}", printable(note));
    }
    out
}

/// `coverage: 83.3% of rules (5 of 6)`, and what was not reached.
fn coverage(covered: &Covered, style: Style) -> String {
    let mut out = String::new();
    let least = match covered.fail_under {
        Some(least) if !covered.is_enough() => format!(", wanted {least}%"),
        Some(_) | None => String::new(),
    };
    let ink = if covered.is_enough() { Ink::Green } else { Ink::Red };
    let head = style.paint(ink, &format!("coverage{}: {}{least}", world(covered), part(covered)));
    let _ = writeln!(out, "{head}");
    for (name, at) in &covered.missed {
        let at = at.as_ref().map(|at| format!("  {}:{}", at.file, at.line)).unwrap_or_default();
        let _ = writeln!(out, "  not reached: {}{}", printable(name), style.paint(Ink::Dim, &printable(&at)));
    }
    out
}

fn world(covered: &Covered) -> String {
    if covered.world.is_empty() { String::new() } else { format!(" of world {}", covered.world) }
}

/// `83.3% of rules (5 of 6)`.
fn part(covered: &Covered) -> String {
    format!("{}% of {} ({} of {})", covered.percent(), covered.unit.plural(), covered.reached, covered.total)
}

/// `12 tests: 10 passed, 2 failed; coverage 83.3% of rules (5 of 6)`.
fn summary(report: &Report, style: Style) -> String {
    let counts = report.counts();
    let parts = [(counts.passed, "passed", true), (counts.failed, "failed", false), (counts.skipped, "skipped", false)];
    let parts = parts.into_iter().filter(|(count, _, always)| *always || *count > 0);
    let parts: Vec<String> = parts.map(|(count, word, _)| format!("{count} {word}")).collect();
    let mut text = format!("{}: {}", counted(counts.tests(), "test"), parts.join(", "));
    if counts.errors > 0 {
        let _ = write!(text, "; {} cannot be run", counted(counts.errors, "file"));
    }
    for covered in &report.covered {
        let _ = write!(text, "; coverage{} {}", world(covered), part(covered));
    }
    style.paint(if report.is_good() { Ink::Green } else { Ink::Red }, &text)
}

/// Conditions of older releases that a file asserts (GWC9011).
fn legacy(suite: &Suite, style: Style) -> String {
    let texts = suite.texts();
    let one = |(span, message, help): (gwc_core::source::Span, String, &str)| {
        let code = gwc_core::diagnostic::rule::LEGACY_CONDITION;
        let head = style.paint(Ink::Cyan, &format!("info[{} {}]", code.number, code.name));
        format!("{}: {head}: {message}; {help}\n", texts.short(span))
    };
    crate::suite::lint::legacy_conditions(suite).into_iter().map(one).collect()
}

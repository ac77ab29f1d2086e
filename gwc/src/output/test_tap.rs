//! `gwc test` in the Test Anything Protocol, version 14.

use std::fmt::Write;

use crate::output::test_text::full_name;
use crate::suite::expect::Mismatch;
use crate::suite::read::Suite;
use crate::suite::report::Report;
use crate::suite::run::{Outcome, Verdict};
use crate::texts::{Texts, printable};

/// A test point.
struct Point {
    is_good: bool,
    text: String,
    /// Lines of YAML below it.
    details: Vec<String>,
}

impl Point {
    fn new(is_good: bool, text: String) -> Self {
        Self { is_good, text, details: Vec::new() }
    }
}

/// All tests, then files that cannot be run and coverage that is too low.
pub(crate) fn write(report: &Report) -> String {
    let mut points = Vec::new();
    for (at, suite) in report.suites.iter().enumerate() {
        let texts = suite.texts();
        let problem =
            |one: &crate::suite::read::Problem| described(&format!("{}: {}", texts.short(one.span), one.message));
        points.extend(suite.problems.iter().map(|one| Point::new(false, problem(one))));
        points.extend(report.of_suite(at).map(|outcome| point(suite, outcome, &texts)));
    }
    for covered in report.covered.iter().filter(|covered| !covered.is_enough()) {
        let least = covered.fail_under.unwrap_or_default();
        let text = format!("coverage {}% of {}, wanted {least}%", covered.percent(), covered.unit.plural());
        points.push(Point::new(false, text));
    }
    let mut out = format!("TAP version 14\n1..{}\n", points.len());
    for (position, point) in points.into_iter().enumerate() {
        let word = if point.is_good { "ok" } else { "not ok" };
        let _ = writeln!(out, "{word} {} - {}", position + 1, point.text);
        if !point.details.is_empty() {
            let _ = writeln!(out, "  ---\n  mismatches:\n{}\n  ...", point.details.join("\n"));
        }
    }
    out
}

fn point(suite: &Suite, outcome: &Outcome, texts: &Texts<'_>) -> Point {
    let name = described(&full_name(suite, outcome));
    match &outcome.verdict {
        Verdict::Passed => Point::new(true, name),
        Verdict::Skipped(reason) => Point::new(true, format!("{name} # SKIP {}", described(reason))),
        Verdict::Failed(failed) => {
            let lines = |one: &Mismatch| {
                let place = suite.place_of(outcome.test, &one.keys).map(|span| texts.short(span)).unwrap_or_default();
                // A JSON string is a YAML string.
                let quoted = |text: &str| serde_json::Value::from(printable(text)).to_string();
                let (expected, got) = (quoted(&one.expected), quoted(&one.got));
                let (key, place) = (one.key(), quoted(&place));
                format!("    - key: {key}\n      at: {place}\n      expected: {expected}\n      got: {got}")
            };
            Point { is_good: false, text: name, details: failed.mismatches.iter().map(lines).collect() }
        }
    }
}

/// One line in which `#` begins no directive.
fn described(text: &str) -> String {
    printable(text).replace('\n', " ").replace('\\', "\\\\").replace('#', "\\#")
}

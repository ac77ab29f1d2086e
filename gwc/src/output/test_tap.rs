//! `gwc test` in the Test Anything Protocol, version 14.

use std::fmt::Write;

use crate::output::test_text::full_name;
use crate::suite::report::Report;
use crate::suite::run::Verdict;
use crate::texts::printable;

/// All tests, then files that cannot be run and coverage that is too low.
pub(crate) fn write(report: &Report) -> String {
    let mut lines = Vec::new();
    for (at, suite) in report.suites.iter().enumerate() {
        let texts = suite.texts();
        for problem in &suite.problems {
            lines.push((false, format!("{}: {}", texts.short(problem.span), problem.message), Vec::new()));
        }
        for outcome in report.of_suite(at) {
            let name = full_name(suite, outcome);
            match &outcome.verdict {
                Verdict::Passed => lines.push((true, described(&name), Vec::new())),
                Verdict::Skipped(reason) => {
                    lines.push((true, format!("{} # SKIP {reason}", described(&name)), Vec::new()))
                }
                Verdict::Failed(failed) => {
                    let detail = |one: &crate::suite::expect::Mismatch| {
                        let place = suite.place_of(outcome.test, &one.keys).map(|span| texts.short(span));
                        [
                            ("key", one.key()),
                            ("at", place.unwrap_or_default()),
                            ("expected", one.expected.clone()),
                            ("got", one.got.clone()),
                        ]
                    };
                    lines.push((false, described(&name), failed.mismatches.iter().map(detail).collect()));
                }
            }
        }
    }
    for covered in report.covered.iter().filter(|covered| !covered.is_enough()) {
        let least = covered.fail_under.unwrap_or_default();
        let text = format!("coverage {}% of {}, wanted {least}%", covered.percent(), covered.unit.plural());
        lines.push((false, text, Vec::new()));
    }
    let mut out = format!("TAP version 14\n1..{}\n", lines.len());
    for (position, (is_good, text, details)) in lines.into_iter().enumerate() {
        let word = if is_good { "ok" } else { "not ok" };
        let _ = writeln!(out, "{word} {} - {}", position + 1, one_line(&text));
        if !details.is_empty() {
            out.push_str("  ---\n  mismatches:\n");
            for detail in details {
                for (at, (key, value)) in detail.into_iter().enumerate() {
                    let lead = if at == 0 { "    - " } else { "      " };
                    // A JSON string is a YAML string.
                    let _ = writeln!(out, "{lead}{key}: {}", serde_json::Value::from(printable(&value)));
                }
            }
            out.push_str("  ...\n");
        }
    }
    out
}

/// A description in which `#` begins no directive.
fn described(name: &str) -> String {
    name.replace('\\', "\\\\").replace('#', "\\#")
}

fn one_line(text: &str) -> String {
    printable(text).replace('\n', " ")
}

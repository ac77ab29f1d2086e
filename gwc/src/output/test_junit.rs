//! `gwc test` as JUnit XML: a suite per file, a case per test, coverage as a case of its own where it is too low.

use std::fmt::Write;

use crate::output::junit::escaped;
use crate::output::style::Style;
use crate::output::test_text::{full_name, way};
use crate::suite::read::Suite;
use crate::suite::report::Report;
use crate::suite::run::{Outcome, Verdict};
use crate::texts::{Texts, printable};

/// The document.
pub(crate) fn write(report: &Report) -> String {
    let mut body = String::new();
    let (mut tests, mut failures, mut errors) = (0, 0, 0);
    for (at, suite) in report.suites.iter().enumerate() {
        let texts = suite.texts();
        let name = suite.sources.iter().next().map_or("", |(_, source)| source.name.as_str());
        let outcomes: Vec<&Outcome> = report.of_suite(at).collect();
        let failed = outcomes.iter().filter(|outcome| outcome.failed().is_some()).count();
        let skipped = outcomes.iter().filter(|outcome| matches!(outcome.verdict, Verdict::Skipped(_))).count();
        let wrong = usize::from(!suite.problems.is_empty());
        let count = outcomes.len() + wrong;
        (tests, failures, errors) = (tests + count, failures + failed, errors + wrong);
        let _ = writeln!(
            body,
            "  <testsuite name=\"{}\" tests=\"{count}\" failures=\"{failed}\" errors=\"{wrong}\" skipped=\"{skipped}\">",
            escaped(name)
        );
        problems(suite, name, &texts, &mut body);
        outcomes.into_iter().for_each(|outcome| case(suite, outcome, name, &texts, &mut body));
        body.push_str("  </testsuite>\n");
    }
    let low: Vec<_> = report.covered.iter().filter(|covered| !covered.is_enough()).collect();
    if !low.is_empty() {
        (tests, failures) = (tests + low.len(), failures + low.len());
        let n = low.len();
        let _ =
            writeln!(body, "  <testsuite name=\"coverage\" tests=\"{n}\" failures=\"{n}\" errors=\"0\" skipped=\"0\">");
        for covered in low {
            let unit = covered.unit.plural();
            let least = covered.fail_under.unwrap_or_default();
            let text = format!("{}% of {unit} reached, wanted {least}%", covered.percent());
            let missed: Vec<&str> = covered.missed.iter().map(|(name, _)| name.as_str()).collect();
            let name = if covered.world.is_empty() { unit.to_owned() } else { format!("{unit} of {}", covered.world) };
            let _ = writeln!(
                body,
                "    <testcase classname=\"coverage\" name=\"{}\">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                escaped(&name),
                escaped(&text),
                escaped(&format!("not reached: {}", missed.join(", ")))
            );
        }
        body.push_str("  </testsuite>\n");
    }
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    format!(
        "{head}<testsuites name=\"gwc test\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n{body}</testsuites>\n"
    )
}

/// A file that cannot be run is one case with all of its problems.
fn problems(suite: &Suite, file: &str, texts: &Texts<'_>, out: &mut String) {
    let Some(first) = suite.problems.first() else { return };
    let line = |problem: &crate::suite::read::Problem| format!("{}: {}", texts.short(problem.span), problem.message);
    let lines: Vec<String> = suite.problems.iter().map(line).collect();
    let _ = writeln!(
        out,
        "    <testcase classname=\"{}\" name=\"file\">\n      <error message=\"{}\">{}</error>\n    </testcase>",
        escaped(file),
        escaped(&printable(&first.message)),
        escaped(&printable(&lines.join("\n")))
    );
}

fn case(suite: &Suite, outcome: &Outcome, file: &str, texts: &Texts<'_>, out: &mut String) {
    let line = suite.test(outcome.test).map_or(1, |(_, span)| texts.place(span).start.line);
    let name = escaped(&printable(&full_name(suite, outcome)));
    let _ = write!(out, "    <testcase classname=\"{}\" name=\"{name}\" file=\"{0}\" line=\"{line}\"", escaped(file));
    match &outcome.verdict {
        Verdict::Passed => out.push_str("/>\n"),
        Verdict::Skipped(reason) => {
            let _ = writeln!(out, ">\n      <skipped message=\"{}\"/>\n    </testcase>", escaped(&printable(reason)));
        }
        Verdict::Failed(failed) => {
            let line = |one: &crate::suite::expect::Mismatch| {
                let place = suite.place_of(outcome.test, &one.keys).map(|span| texts.short(span)).unwrap_or_default();
                format!("{place}: {}: expected {}, got {}", one.key(), one.expected, one.got)
            };
            let lines: Vec<String> = failed.mismatches.iter().map(line).collect();
            let first = failed
                .mismatches
                .first()
                .map(|one| format!("{}: expected {}, got {}", one.key(), one.expected, one.got));
            let detail = printable(&format!("{}\n{}", lines.join("\n"), way(failed, Style::PLAIN)));
            let _ = writeln!(
                out,
                ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                escaped(&printable(&first.unwrap_or_default())),
                escaped(detail.trim_end())
            );
        }
    }
}

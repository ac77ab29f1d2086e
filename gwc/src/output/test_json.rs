//! `gwc test` as JSON, `gwc.test/v1`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::output::test_text::full_name;
use crate::route::model::{Answer, At};
use crate::suite::coverage::Covered;
use crate::suite::read::Suite;
use crate::suite::report::Report;
use crate::suite::run::{Outcome, Test, Verdict};
use crate::texts::Texts;

/// Name and version of the shape.
pub(crate) const SCHEMA: &str = "gwc.test/v1";

/// The whole document.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TestReport<'r> {
    /// Always `gwc.test/v1`.
    schema: &'static str,
    /// Counts.
    summary: Summary,
    /// What is wrong with files; nothing of such a file is run.
    problems: Vec<FileProblem<'r>>,
    /// Tests in order of files.
    tests: Vec<TestResult<'r>>,
    /// Coverage of each world; none with --filter.
    coverage: Vec<Coverage<'r>>,
}

/// Counts.
#[derive(Debug, Serialize, JsonSchema)]
struct Summary {
    tests: usize,
    passed: usize,
    failed: usize,
    skipped: usize,
    /// Files that cannot be run.
    errors: usize,
}

/// What is wrong with a file.
#[derive(Debug, Serialize, JsonSchema)]
struct FileProblem<'r> {
    message: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'r str>,
    location: At,
}

/// One test.
#[derive(Debug, Serialize, JsonSchema)]
struct TestResult<'r> {
    name: String,
    /// `route` or `status`.
    kind: &'static str,
    /// `passed`, `failed` or `skipped`.
    outcome: &'static str,
    /// Why it was skipped.
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'r str,
    /// Name of the world, where there are several.
    #[serde(skip_serializing_if = "str::is_empty")]
    world: &'r str,
    /// Where the test stands.
    location: Option<At>,
    /// What does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mismatches: Vec<Mismatch<'r>>,
    /// The way of the request, in the shape of `gwc.route/v1`.
    #[serde(skip_serializing_if = "<[Answer]>::is_empty")]
    answers: &'r [Answer],
}

/// An expectation that does not hold.
#[derive(Debug, Serialize, JsonSchema)]
struct Mismatch<'r> {
    /// The key, for example `upstream.path`.
    key: String,
    expected: &'r str,
    got: &'r str,
    location: Option<At>,
}

/// Coverage of a world.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Coverage<'r> {
    /// Name of the world, where there are several.
    #[serde(skip_serializing_if = "str::is_empty")]
    world: &'r str,
    /// `rule`, `match`, `backend` or `listener`.
    unit: &'static str,
    reached: usize,
    total: usize,
    percent: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    fail_under: Option<f64>,
    enough: bool,
    /// What no request reached.
    missed: Vec<Missed<'r>>,
}

/// Something that no request reached.
#[derive(Debug, Serialize, JsonSchema)]
struct Missed<'r> {
    name: &'r str,
    location: Option<&'r At>,
}

/// The document as text.
pub(crate) fn write(report: &Report) -> String {
    let counts = report.counts();
    let mut document = TestReport {
        schema: SCHEMA,
        summary: Summary {
            tests: counts.tests(),
            passed: counts.passed,
            failed: counts.failed,
            skipped: counts.skipped,
            errors: counts.errors,
        },
        problems: Vec::new(),
        tests: Vec::new(),
        coverage: report.covered.iter().map(coverage).collect(),
    };
    for (at, suite) in report.suites.iter().enumerate() {
        let texts = suite.texts();
        let problem = |problem: &'_ crate::suite::read::Problem| place(&texts, problem.span);
        document.problems.extend(suite.problems.iter().map(|one| FileProblem {
            message: &one.message,
            help: one.help.as_deref(),
            location: problem(one),
        }));
        document.tests.extend(report.of_suite(at).map(|outcome| test(suite, outcome, &texts)));
    }
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn place(texts: &Texts<'_>, span: gwc_core::source::Span) -> At {
    let start = texts.place(span).start;
    At { file: texts.name(span.source).to_owned(), line: start.line, column: start.column }
}

fn test<'r>(suite: &'r Suite, outcome: &'r Outcome, texts: &Texts<'_>) -> TestResult<'r> {
    let failed = outcome.failed();
    let mismatches = failed.map(|failed| failed.mismatches.as_slice()).unwrap_or_default();
    let (word, reason) = match &outcome.verdict {
        Verdict::Passed => ("passed", ""),
        Verdict::Failed(_) => ("failed", ""),
        Verdict::Skipped(reason) => ("skipped", reason.as_str()),
    };
    TestResult {
        name: suite.test(outcome.test).map_or_else(|| full_name(suite, outcome), |(name, _)| name.to_owned()),
        kind: match outcome.test {
            Test::Route(_) => "route",
            Test::Status(_) => "status",
        },
        outcome: word,
        reason,
        world: &outcome.world,
        location: suite.test(outcome.test).map(|(_, span)| place(texts, span)),
        mismatches: mismatches
            .iter()
            .map(|one| Mismatch {
                key: one.key(),
                expected: &one.expected,
                got: &one.got,
                location: suite.place_of(outcome.test, &one.keys).map(|span| place(texts, span)),
            })
            .collect(),
        answers: failed.map(|failed| failed.answers.as_slice()).unwrap_or_default(),
    }
}

fn coverage(covered: &Covered) -> Coverage<'_> {
    let missed = covered.missed.iter().map(|(name, at)| Missed { name, location: at.as_ref() });
    Coverage {
        world: &covered.world,
        unit: covered.unit.name(),
        reached: covered.reached,
        total: covered.total,
        percent: covered.percent(),
        fail_under: covered.fail_under,
        enough: covered.is_enough(),
        missed: missed.collect(),
    }
}

//! The requests of the official conformance suite, answered by predictions on its own manifests (routing.md §7).
//!
//! `traffic/*.txt` hold the requests and what the suite expects, `traffic/suite.txt` how many each test of the suite has
//! and what of it needs live traffic. The manifests come from `../shared`; the test says so and passes where they are
//! absent.

use std::collections::BTreeMap;

use case::Case;
use gwc_core::predict::Predictor;
use manifests::{Run, manifest, runs, world};

#[path = "suite/answer.rs"]
mod answer;
#[path = "suite/case.rs"]
mod case;
#[path = "suite/manifests.rs"]
mod manifests;

/// Tests of the suite that send traffic, their requests here, and what is left to a live run.
const SUITE: &str = include_str!("traffic/suite.txt");

/// Requests by area.
const AREAS: [&str; 6] = [
    include_str!("traffic/matching.txt"),
    include_str!("traffic/filters.txt"),
    include_str!("traffic/backends.txt"),
    include_str!("traffic/listeners.txt"),
    include_str!("traffic/grpc.txt"),
    include_str!("traffic/connections.txt"),
];

/// A line of `suite.txt`.
struct SuiteTest {
    name: &'static str,
    n_cases: usize,
    /// What only live traffic shows.
    live: Option<&'static str>,
}

fn suite() -> Vec<SuiteTest> {
    let lines = SUITE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: &'static str| {
        let mut words = line.splitn(3, ' ');
        SuiteTest {
            name: words.next().expect("a name"),
            n_cases: words.next().and_then(|count| count.parse().ok()).expect("a count"),
            live: words.next(),
        }
    };
    lines.map(read).collect()
}

/// Answers every request of a heading; gives the failures.
fn run_cases(run: &Run, base: &str) -> Vec<String> {
    let (name, files) = run.words.split_first().expect("a test");
    let (compilation, _) = world(run, files, base);
    let mut failures: Vec<String> =
        compilation.graph.refused.keys().map(|refused| format!("{name}: refused {refused:?}")).collect();
    let predictor = Predictor::new(&compilation.lowered.config);
    for line in &run.lines {
        let wrong = answer::compare(&predictor, &Case::read(line));
        failures.extend(wrong.iter().map(|wrong| format!("{name}: {line}\n    {wrong}")));
    }
    failures
}

#[test]
fn requests_are_answered_as_the_suite_expects() {
    let Some(base) = manifest("base/manifests.yaml") else {
        println!("skipped: the conformance manifests are not there");
        return;
    };
    let (mut counts, mut failures) = (BTreeMap::<String, usize>::new(), Vec::new());
    for run in AREAS.iter().flat_map(|area| runs(area)) {
        *counts.entry(run.words[0].clone()).or_default() += run.lines.len();
        failures.extend(run_cases(&run, &base));
    }
    for (name, count) in &counts {
        println!("  {name}: {count}");
    }
    let (n_cases, n_live) = (counts.values().sum::<usize>(), suite().iter().filter(|one| one.live.is_some()).count());
    println!("{n_cases} cases of {} tests of the suite, of which {n_live} tests also need a live run", counts.len());
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_traffic_test_is_listed() {
    let suite = suite();
    let mut counts = BTreeMap::<String, usize>::new();
    for run in AREAS.iter().flat_map(|area| runs(area)) {
        *counts.entry(run.words[0].clone()).or_default() += run.lines.len();
    }
    let listed: BTreeMap<String, usize> =
        suite.iter().filter(|one| one.n_cases > 0).map(|one| (one.name.to_owned(), one.n_cases)).collect();
    assert_eq!(counts, listed, "requests by test, and those that suite.txt states");
    let silent: Vec<_> =
        suite.iter().filter(|one| one.n_cases == 0 && one.live.is_none()).map(|one| one.name).collect();
    assert!(silent.is_empty(), "left out without a reason: {silent:?}");
    assert_eq!(suite.len(), 84, "tests of the suite that send traffic (routing.md §7)");
}

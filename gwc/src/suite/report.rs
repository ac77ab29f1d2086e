//! Everything that `gwc test` prints, in one place for all formats.

use gwc_core::source::Span;

use crate::suite::coverage::Covered;
use crate::suite::read::Suite;
use crate::suite::run::{Failed, Outcome, Test, Verdict};

/// Files, verdicts, coverage.
#[derive(Debug)]
pub(crate) struct Report {
    /// Files in order of their names.
    pub(crate) suites: Vec<Suite>,
    /// Verdicts, in order of files and tests.
    pub(crate) outcomes: Vec<Outcome>,
    /// Coverage of each world.
    pub(crate) covered: Vec<Covered>,
    /// What else there is to know.
    pub(crate) notes: Vec<String>,
}

/// Counts of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Everything holds.
    pub(crate) passed: usize,
    /// Something does not.
    pub(crate) failed: usize,
    /// Left out.
    pub(crate) skipped: usize,
    /// Files that cannot be run.
    pub(crate) errors: usize,
}

impl Counts {
    /// All tests.
    pub(crate) fn tests(self) -> usize {
        self.passed + self.failed + self.skipped
    }
}

impl Report {
    /// Of these files, before anything ran.
    pub(crate) fn new(suites: Vec<Suite>) -> Self {
        Self { suites, outcomes: Vec::new(), covered: Vec::new(), notes: Vec::new() }
    }

    /// By file, test and world.
    pub(crate) fn sort(&mut self) {
        self.outcomes.sort_by(|a, b| (a.suite, a.test, &a.world).cmp(&(b.suite, b.test, &b.world)));
        self.notes.sort();
        self.notes.dedup();
    }

    /// Counts for the summary.
    pub(crate) fn counts(&self) -> Counts {
        let errors = self.suites.iter().filter(|suite| !suite.problems.is_empty()).count();
        let mut counts = Counts { errors, ..Counts::default() };
        for outcome in &self.outcomes {
            match outcome.verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed(_) => counts.failed += 1,
                Verdict::Skipped(_) => counts.skipped += 1,
            }
        }
        counts
    }

    /// Nothing failed, every file could be run, and enough was reached?
    pub(crate) fn is_good(&self) -> bool {
        let counts = self.counts();
        counts.failed == 0 && counts.errors == 0 && self.covered.iter().all(Covered::is_enough)
    }

    /// Verdicts of one file.
    pub(crate) fn of_suite(&self, at: usize) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(move |outcome| outcome.suite == at)
    }
}

impl Suite {
    /// Name of a test and where it stands.
    pub(crate) fn test(&self, test: Test) -> Option<(&str, Span)> {
        match test {
            Test::Route(at) => self.cases.get(at).map(|case| (case.name.as_str(), case.span)),
            Test::Status(at) => self.statuses.get(at).map(|case| (case.name.as_str(), case.span)),
        }
    }

    /// Where the key of a mismatch stands.
    pub(crate) fn place_of(&self, test: Test, keys: &[&'static str]) -> Option<Span> {
        match test {
            Test::Route(at) => {
                let case = self.cases.get(at)?;
                let expect = ["expect"];
                let keys: Vec<&str> = match keys {
                    ["request"] => keys.to_vec(),
                    keys => expect.iter().chain(keys).copied().collect(),
                };
                Some(self.place("tests", case.test, &keys, case.span))
            }
            Test::Status(at) => {
                let case = self.statuses.get(at)?;
                Some(self.place("status", case.position, keys, case.span))
            }
        }
    }
}

impl Outcome {
    /// What does not hold.
    pub(crate) fn failed(&self) -> Option<&Failed> {
        match &self.verdict {
            Verdict::Failed(failed) => Some(failed),
            Verdict::Passed | Verdict::Skipped(_) => None,
        }
    }
}

//! The findings of the migration: what each means, why it matters, what to do, and what it does to requests.
//!
//! Number, name and severity are a row of the registry ([`crate::diagnostic::rule::RULES`]) and nowhere else; the page
//! that `gwc explain` and `docs/rules.md` show is here.

use crate::diagnostic::rule::{self, Docs};
use crate::diagnostic::{Code, Severity};

mod annotations;
mod hosts;
mod input;
mod output;
mod paths;
mod tls;

pub use crate::diagnostic::rule::migration::*;

/// What a difference does to requests (ingress-migrate.md §0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// More is accepted or permitted than before: of weight for security.
    Widens,
    /// More is refused than before.
    Narrows,
    /// The same is reachable, with other bytes.
    Alters,
}

/// One finding of the migration.
#[derive(Debug, Clone, Copy)]
pub struct Finding {
    /// Number and name.
    pub code: Code,
    /// The usual direction; `None` where nothing differs or the case decides.
    pub direction: Option<Direction>,
    /// Its page.
    pub docs: Docs,
}

impl Finding {
    /// Default severity.
    #[must_use]
    pub fn severity(&self) -> Severity {
        rule::of(self.code).map_or(Severity::Warning, |row| row.severity)
    }
}

/// A page without texts: two worlds differ, so there is no manifest to show as bad or good.
const PAGE: Docs = Docs { summary: "", what: "", why: "", bad: "", good: "", fix: "", spec: "" };

/// All findings by number.
pub fn findings() -> impl Iterator<Item = &'static Finding> {
    [input::ALL, hosts::ALL, paths::ALL, tls::ALL, annotations::ALL, output::ALL].into_iter().flatten()
}

/// The finding with this number or name.
#[must_use]
pub fn find(text: &str) -> Option<&'static Finding> {
    findings().find(|row| row.code.number.eq_ignore_ascii_case(text) || row.code.name == text)
}

/// The finding of a code.
#[must_use]
pub fn of(code: Code) -> Option<&'static Finding> {
    findings().find(|finding| finding.code == code)
}

/// Its page.
#[must_use]
pub fn docs(code: Code) -> Option<&'static Docs> {
    of(code).map(|finding| &finding.docs)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diagnostic::rule::{Group, RULES};

    #[test]
    fn findings_and_rows_of_the_registry_are_the_same_ones() {
        let rows: Vec<Code> = RULES.iter().filter(|row| row.group == Group::Migrate).map(|row| row.code).collect();
        let pages: Vec<Code> = findings().map(|finding| finding.code).collect();
        assert_eq!(rows, pages, "by number, each once");
        assert_eq!(pages.len(), 51, "ingress-migrate.md §0");
        // Looked up by halves, the registry has to be in order, and users name rules of both sorts by one word.
        assert!(RULES.is_sorted_by(|one, next| one.code.number < next.code.number));
        let names: BTreeSet<&str> = RULES.iter().map(|row| row.code.name).collect();
        assert_eq!(names.len(), RULES.len(), "names are one space (ruling 2)");
    }

    #[test]
    fn what_widens_is_never_a_mere_remark() {
        let widening: Vec<_> = findings().filter(|row| row.direction == Some(Direction::Widens)).collect();
        assert!(widening.len() >= 3);
        assert!(widening.iter().all(|row| row.severity() >= Severity::Warning), "ingress-migrate.md §0");
        assert_eq!(of(ACCESS_CONTROL_LOST).map(Finding::severity), Some(Severity::Error));
    }

    #[test]
    fn sentences_follow_the_house() {
        for Finding { code, docs, .. } in findings() {
            let number = code.number;
            assert!(!docs.summary.ends_with('.') && docs.summary.len() <= 120, "{number}");
            let first = docs.summary.split(' ').next().unwrap_or_default();
            let is_name = first.chars().any(char::is_uppercase) && first.len() > 3;
            assert!(is_name || !first.starts_with(char::is_uppercase), "{number}: lower case start");
            assert!(code.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", code.name);
            for text in [docs.what, docs.why, docs.fix] {
                assert!(text.ends_with('.') && !text.contains("  "), "{number}: a page has sentences: {text}");
            }
            assert!(!docs.spec.is_empty(), "{number}: where it is written");
        }
    }

    #[test]
    fn numbers_and_names_find_a_row() {
        assert_eq!(rule::find("mig511").map(|row| row.code), Some(ACCESS_CONTROL_LOST));
        assert_eq!(rule::find("snippet").map(|row| row.code), Some(SNIPPET));
        assert!(rule::find("MIG603").is_none());
        assert!(docs(SNIPPET).is_some_and(|page| page.what.contains("nginx")));
    }
}

//! GWC0091 `unknown-rule-in-suppression`: a suppression names a rule that does not exist.
//!
//! # What it checks
//! The code or name between the brackets of a suppression is no rule and no group.
//!
//! # Why it matters
//! The suppression has no effect.
//!
//! # Example
//! ```yaml
//! # gwc: ignore[GWC1555] deployed by another team
//! ```
//!
//! # Fix
//! Correct the code; `gwc rules` lists them.
//!
//! # Specification
//! cli-and-rules.md §8

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0091.
pub(super) static LINT: Lint = Lint {
    code: rule::UNKNOWN_RULE_IN_SUPPRESSION,
    docs: Docs {
        summary: "a suppression names a rule that does not exist",
        what: "The code or name between the brackets of a suppression is no rule and no group.",
        why: "The suppression has no effect.",
        bad: r#"# gwc: ignore[GWC1555] deployed by another team
"#,
        good: r#"# gwc: ignore[GWC1005] deployed by another team
"#,
        fix: "Correct the code; `gwc rules` lists them.",
        spec: "cli-and-rules.md §8",
    },
    check: None,
};

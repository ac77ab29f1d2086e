//! GWC0092 `suppression-without-reason`: a suppression says no reason.
//!
//! # What it checks
//! A suppression without a text behind its brackets.
//!
//! # Why it matters
//! Nobody can tell later whether the suppression is still right.
//!
//! # Example
//! ```yaml
//! # gwc: ignore[GWC1005]
//! ```
//!
//! # Fix
//! Add why the finding is accepted.
//!
//! # Specification
//! cli-and-rules.md §8

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0092.
pub(super) static LINT: Lint = Lint {
    code: rule::SUPPRESSION_WITHOUT_REASON,
    docs: Docs {
        summary: "a suppression says no reason",
        what: "A suppression without a text behind its brackets.",
        why: "Nobody can tell later whether the suppression is still right.",
        bad: r#"# gwc: ignore[GWC1005]
"#,
        good: r#"# gwc: ignore[GWC1005] deployed by another team
"#,
        fix: "Add why the finding is accepted.",
        spec: "cli-and-rules.md §8",
    },
    check: None,
};

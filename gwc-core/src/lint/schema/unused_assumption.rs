//! GWC0095 `unused-assumption`: an assumption was never needed.
//!
//! # What it checks
//! A fact given by `--assume` or `[world.assume]` that no verdict read.
//!
//! # Why it matters
//! A fact nobody needs is a typo, or has become wrong unnoticed.
//!
//! # Example
//! ```yaml
//! gwc check --assume 'service:store/wbe:8080'
//! ```
//!
//! # Fix
//! Correct or remove the assumption.
//!
//! # Specification
//! cli-and-rules.md §5.4

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0095.
pub(super) static LINT: Lint = Lint {
    code: rule::UNUSED_ASSUMPTION,
    docs: Docs {
        summary: "an assumption was never needed",
        what: "A fact given by `--assume` or `[world.assume]` that no verdict read.",
        why: "A fact nobody needs is a typo, or has become wrong unnoticed.",
        bad: r#"gwc check --assume 'service:store/wbe:8080'
"#,
        good: r#"gwc check --assume 'service:store/web:8080'
"#,
        fix: "Correct or remove the assumption.",
        spec: "cli-and-rules.md §5.4",
    },
    check: None,
};

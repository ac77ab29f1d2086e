//! GWC0090 `unused-suppression`: a suppression matched nothing.
//!
//! # What it checks
//! A comment, annotation or entry of the configuration that suppresses a rule which finds nothing there.
//!
//! # Why it matters
//! A suppression that outlives its reason hides the next real finding.
//!
//! # Example
//! ```yaml
//! # gwc: ignore[GWC1005] deployed by another team
//! - name: web
//!   port: 8080
//! ```
//!
//! # Fix
//! Remove it; gwc shows the edit.
//!
//! # Specification
//! cli-and-rules.md §8

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0090.
pub(super) static LINT: Lint = Lint {
    code: rule::UNUSED_SUPPRESSION,
    docs: Docs {
        summary: "a suppression matched nothing",
        what: "A comment, annotation or entry of the configuration that suppresses a rule which finds nothing \
              there.",
        why: "A suppression that outlives its reason hides the next real finding.",
        bad: r#"# gwc: ignore[GWC1005] deployed by another team
- name: web
  port: 8080
"#,
        good: r#"- name: web
  port: 8080
"#,
        fix: "Remove it; gwc shows the edit.",
        spec: "cli-and-rules.md §8",
    },
    check: None,
};

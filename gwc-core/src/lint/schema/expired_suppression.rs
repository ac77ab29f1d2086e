//! GWC0093 `expired-suppression`: a suppression is past its date.
//!
//! # What it checks
//! An entry of the configuration whose `expires` lies in the past of the evaluation time.
//!
//! # Why it matters
//! The entry has no effect any more; what it hid is reported again.
//!
//! # Example
//! ```yaml
//! [[lint.ignore]]
//! rule = "GWC1005"
//! expires = "2020-01-01"
//! reason = "until the move"
//! ```
//!
//! # Fix
//! Cure the finding, or give the entry a new date.
//!
//! # Specification
//! cli-and-rules.md §8

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0093.
pub(super) static LINT: Lint = Lint {
    code: rule::EXPIRED_SUPPRESSION,
    docs: Docs {
        summary: "a suppression is past its date",
        what: "An entry of the configuration whose `expires` lies in the past of the evaluation time.",
        why: "The entry has no effect any more; what it hid is reported again.",
        bad: r#"[[lint.ignore]]
rule = "GWC1005"
expires = "2020-01-01"
reason = "until the move"
"#,
        good: r#"[[lint.ignore]]
rule = "GWC1005"
expires = "2099-01-01"
reason = "until the move"
"#,
        fix: "Cure the finding, or give the entry a new date.",
        spec: "cli-and-rules.md §8",
    },
    check: None,
};

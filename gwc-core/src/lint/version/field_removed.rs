//! GWC9005 `field-removed`: the field no longer exists.
//!
//! # What it checks
//! An earlier release had the field at this place; the target has it in no channel.
//!
//! # Why it matters
//! Strict clients refuse the object; otherwise the field is dropped without a word and has no effect.
//!
//! # Example
//! ```yaml
//! sessionPersistence:
//!   idleTimeout: 1h
//! ```
//!
//! # Fix
//! Use the successor that the finding names, or remove the field.
//!
//! # Specification
//! CRD schemas v1.0 to v1.6

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC9005.
pub(super) static LINT: Lint = Lint {
    code: rule::FIELD_REMOVED,
    docs: Docs {
        summary: "the field no longer exists",
        what: "An earlier release had the field at this place; the target has it in no channel.",
        why: "Strict clients refuse the object; otherwise the field is dropped without a word and has no \
              effect.",
        bad: r#"sessionPersistence:
  idleTimeout: 1h
"#,
        good: r#"sessionPersistence:
  absoluteTimeout: 1h
"#,
        fix: "Use the successor that the finding names, or remove the field.",
        spec: "CRD schemas v1.0 to v1.6",
    },
    check: None,
};

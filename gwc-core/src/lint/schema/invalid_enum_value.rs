//! GWC0013 `invalid-enum-value`: a value is not among the allowed ones.
//!
//! # What it checks
//! A value of an enumeration that the target does not know; letters count as written.
//!
//! # Why it matters
//! The API server refuses the object.
//!
//! # Example
//! ```yaml
//! path:
//!   type: prefix
//!   value: /
//! ```
//!
//! # Fix
//! Use one of the values that the finding lists.
//!
//! # Specification
//! `enum` of the CRD schema

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0013.
pub(super) static LINT: Lint = Lint {
    code: rule::INVALID_ENUM_VALUE,
    docs: Docs {
        summary: "a value is not among the allowed ones",
        what: "A value of an enumeration that the target does not know; letters count as written.",
        why: "The API server refuses the object.",
        bad: r#"path:
  type: prefix
  value: /
"#,
        good: r#"path:
  type: PathPrefix
  value: /
"#,
        fix: "Use one of the values that the finding lists.",
        spec: "`enum` of the CRD schema",
    },
    check: None,
};

//! GWC0011 `missing-required-field`: a required field is missing.
//!
//! # What it checks
//! A field that the schema requires is absent.
//!
//! # Why it matters
//! The API server refuses the object.
//!
//! # Example
//! ```yaml
//! parentRefs:
//! - sectionName: https
//! ```
//!
//! # Fix
//! Add the field.
//!
//! # Specification
//! `required` of the CRD schema

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0011.
pub(super) static LINT: Lint = Lint {
    code: rule::MISSING_REQUIRED_FIELD,
    docs: Docs {
        summary: "a required field is missing",
        what: "A field that the schema requires is absent.",
        why: "The API server refuses the object.",
        bad: r#"parentRefs:
- sectionName: https
"#,
        good: r#"parentRefs:
- name: shared
  sectionName: https
"#,
        fix: "Add the field.",
        spec: "`required` of the CRD schema",
    },
    check: None,
};

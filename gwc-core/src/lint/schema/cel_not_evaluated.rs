//! GWC0018 `cel-not-evaluated`: validation rules were skipped because of earlier errors.
//!
//! # What it checks
//! An object with errors of its schema, such as a wrong type, is not given to the validation rules of its CRD.
//!
//! # Why it matters
//! More findings may appear once the earlier ones are cured.
//!
//! # Example
//! ```yaml
//! listeners:
//! - name: http
//!   port: eighty
//!   protocol: HTTP
//! ```
//!
//! # Fix
//! Cure the other findings of the object first.
//!
//! # Specification
//! Order of validation in the API server

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0018.
pub(super) static LINT: Lint = Lint {
    code: rule::CEL_NOT_EVALUATED,
    docs: Docs {
        summary: "validation rules were skipped because of earlier errors",
        what: "An object with errors of its schema, such as a wrong type, is not given to the validation rules \
              of its CRD.",
        why: "More findings may appear once the earlier ones are cured.",
        bad: r#"listeners:
- name: http
  port: eighty
  protocol: HTTP
"#,
        good: r#"listeners:
- name: http
  port: 80
  protocol: HTTP
"#,
        fix: "Cure the other findings of the object first.",
        spec: "Order of validation in the API server",
    },
    check: None,
};

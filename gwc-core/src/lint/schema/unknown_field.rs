//! GWC0010 `unknown-field`: the target has no such field.
//!
//! # What it checks
//! A field that the schema of the target version and channel does not have, and that no other bundled release has at
//! this place either.
//!
//! # Why it matters
//! kubectl and other strict clients refuse the object; clients that do not validate let the server drop the field
//! silently.
//!
//! # Example
//! ```yaml
//! spec:
//!   hostname:
//!   - shop.example.com
//! ```
//!
//! # Fix
//! Correct the spelling or the place of the field; the finding names the nearest known field.
//!
//! # Specification
//! OpenAPI schema of the CRD, structural pruning

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0010.
pub(super) static LINT: Lint = Lint {
    code: rule::UNKNOWN_FIELD,
    docs: Docs {
        summary: "the target has no such field",
        what: "A field that the schema of the target version and channel does not have, and that no other \
              bundled release has at this place either.",
        why: "kubectl and other strict clients refuse the object; clients that do not validate let the server \
              drop the field silently.",
        bad: r#"spec:
  hostname:
  - shop.example.com
"#,
        good: r#"spec:
  hostnames:
  - shop.example.com
"#,
        fix: "Correct the spelling or the place of the field; the finding names the nearest known field.",
        spec: "OpenAPI schema of the CRD, structural pruning",
    },
    check: None,
};

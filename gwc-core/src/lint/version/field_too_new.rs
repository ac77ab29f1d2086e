//! GWC9006 `field-too-new`: the field or value needs a newer release.
//!
//! # What it checks
//! A later release than the target has the field, or the value of an enumeration.
//!
//! # Why it matters
//! An unknown field is refused or dropped, an unknown value is refused.
//!
//! # Example
//! ```yaml
//! # target v1.2
//! spec:
//!   allowedListeners:
//!     namespaces:
//!       from: All
//! ```
//!
//! # Fix
//! Upgrade the CRDs, or do without the field until then.
//!
//! # Specification
//! CRD schemas v1.0 to v1.6

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC9006.
pub(super) static LINT: Lint = Lint {
    code: rule::FIELD_TOO_NEW,
    docs: Docs {
        summary: "the field or value needs a newer release",
        what: "A later release than the target has the field, or the value of an enumeration.",
        why: "An unknown field is refused or dropped, an unknown value is refused.",
        bad: r#"# target v1.2
spec:
  allowedListeners:
    namespaces:
      from: All
"#,
        good: r#"# target v1.6
spec:
  allowedListeners:
    namespaces:
      from: All
"#,
        fix: "Upgrade the CRDs, or do without the field until then.",
        spec: "CRD schemas v1.0 to v1.6",
    },
    check: None,
};

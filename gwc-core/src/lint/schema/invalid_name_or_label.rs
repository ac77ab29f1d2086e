//! GWC0019 `invalid-name-or-label`: a name, label or annotation is malformed.
//!
//! # What it checks
//! `metadata.name`, `metadata.namespace`, label keys and values and annotation keys that Kubernetes does not accept.
//!
//! # Why it matters
//! The API server refuses the object.
//!
//! # Example
//! ```yaml
//! metadata:
//!   name: Shop_Route
//! ```
//!
//! # Fix
//! Use lower-case letters, digits, `-` and, for names of most kinds, `.`; begin and end with a letter or digit.
//!
//! # Specification
//! Kubernetes object names (RFC 1123), label syntax

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0019.
pub(super) static LINT: Lint = Lint {
    code: rule::INVALID_NAME_OR_LABEL,
    docs: Docs {
        summary: "a name, label or annotation is malformed",
        what: "`metadata.name`, `metadata.namespace`, label keys and values and annotation keys that Kubernetes \
              does not accept.",
        why: "The API server refuses the object.",
        bad: r#"metadata:
  name: Shop_Route
"#,
        good: r#"metadata:
  name: shop-route
"#,
        fix: "Use lower-case letters, digits, `-` and, for names of most kinds, `.`; begin and end with a \
              letter or digit.",
        spec: "Kubernetes object names (RFC 1123), label syntax",
    },
    check: None,
};

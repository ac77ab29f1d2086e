//! GWC0016 `duplicate-list-key`: a list has two items with the same key.
//!
//! # What it checks
//! A list that is a map by one of its fields, such as listeners by `name`, holds that key twice.
//!
//! # Why it matters
//! The API server refuses the object.
//!
//! # Example
//! ```yaml
//! listeners:
//! - name: http
//!   port: 80
//!   protocol: HTTP
//! - name: http
//!   port: 8080
//!   protocol: HTTP
//! ```
//!
//! # Fix
//! Rename or remove one of the items.
//!
//! # Specification
//! `x-kubernetes-list-type: map` and `set` of the CRD schema

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0016.
pub(super) static LINT: Lint = Lint {
    code: rule::DUPLICATE_LIST_KEY,
    docs: Docs {
        summary: "a list has two items with the same key",
        what: "A list that is a map by one of its fields, such as listeners by `name`, holds that key twice.",
        why: "The API server refuses the object.",
        bad: r#"listeners:
- name: http
  port: 80
  protocol: HTTP
- name: http
  port: 8080
  protocol: HTTP
"#,
        good: r#"listeners:
- name: http
  port: 80
  protocol: HTTP
- name: http-alt
  port: 8080
  protocol: HTTP
"#,
        fix: "Rename or remove one of the items.",
        spec: "`x-kubernetes-list-type: map` and `set` of the CRD schema",
    },
    check: None,
};

//! GWC0002 `yaml-duplicate-key`: a mapping has the same key twice.
//!
//! # What it checks
//! Two entries of one mapping have the same key.
//!
//! # Why it matters
//! Strict clients refuse the document; others keep the last value without a word, so the first one is lost.
//!
//! # Example
//! ```yaml
//! metadata:
//!   name: shop
//!   name: store
//! ```
//!
//! # Fix
//! Remove the entry that is not meant.
//!
//! # Specification
//! Kubernetes field validation (`fieldValidation=Strict`)

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0002.
pub(super) static LINT: Lint = Lint {
    code: rule::YAML_DUPLICATE_KEY,
    docs: Docs {
        summary: "a mapping has the same key twice",
        what: "Two entries of one mapping have the same key.",
        why: "Strict clients refuse the document; others keep the last value without a word, so the first one \
              is lost.",
        bad: r#"metadata:
  name: shop
  name: store
"#,
        good: r#"metadata:
  name: shop
"#,
        fix: "Remove the entry that is not meant.",
        spec: "Kubernetes field validation (`fieldValidation=Strict`)",
    },
    check: None,
};

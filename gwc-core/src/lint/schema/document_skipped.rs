//! GWC0004 `document-skipped`: the document is no Kubernetes object.
//!
//! # What it checks
//! A document of a named file, or one that looks like a manifest, has no `apiVersion` or no `kind`.
//!
//! # Why it matters
//! The document is not analysed; references to what it was to declare do not resolve.
//!
//! # Example
//! ```yaml
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//! ```
//!
//! # Fix
//! Add the missing field, or leave the file out of the inputs.
//!
//! # Specification
//! Kubernetes TypeMeta

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0004.
pub(super) static LINT: Lint = Lint {
    code: rule::DOCUMENT_SKIPPED,
    docs: Docs {
        summary: "the document is no Kubernetes object",
        what: "A document of a named file, or one that looks like a manifest, has no `apiVersion` or no `kind`.",
        why: "The document is not analysed; references to what it was to declare do not resolve.",
        bad: r#"kind: HTTPRoute
metadata:
  name: shop
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
"#,
        fix: "Add the missing field, or leave the file out of the inputs.",
        spec: "Kubernetes TypeMeta",
    },
    check: None,
};

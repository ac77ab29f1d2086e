//! GWC9002 `version-deprecated`: this apiVersion is deprecated.
//!
//! # What it checks
//! The target serves the version of the object, but marks it as deprecated.
//!
//! # Why it matters
//! The API server answers with a warning; a later release stops serving the version.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1beta1
//! kind: HTTPRoute
//! ```
//!
//! # Fix
//! Write the version that the warning names.
//!
//! # Specification
//! `spec.versions[].deprecated`, `deprecationWarning` of the CRD

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC9002.
pub(super) static LINT: Lint = Lint {
    code: rule::VERSION_DEPRECATED,
    docs: Docs {
        summary: "this apiVersion is deprecated",
        what: "The target serves the version of the object, but marks it as deprecated.",
        why: "The API server answers with a warning; a later release stops serving the version.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1beta1
kind: HTTPRoute
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
"#,
        fix: "Write the version that the warning names.",
        spec: "`spec.versions[].deprecated`, `deprecationWarning` of the CRD",
    },
    check: None,
};

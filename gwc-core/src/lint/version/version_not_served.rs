//! GWC9001 `version-not-served`: the target does not serve this apiVersion.
//!
//! # What it checks
//! The kind exists in the target, but not in the version that `apiVersion` names.
//!
//! # Why it matters
//! The API server has no match for the object and refuses it. `check` analyses it as if the version were served;
//! `status` leaves it out.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1alpha2
//! kind: TCPRoute
//! ```
//!
//! # Fix
//! Write a served version; gwc shows the edit where the schemas are the same.
//!
//! # Specification
//! `spec.versions[].served` of the CRD

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC9001.
pub(super) static LINT: Lint = Lint {
    code: rule::VERSION_NOT_SERVED,
    docs: Docs {
        summary: "the target does not serve this apiVersion",
        what: "The kind exists in the target, but not in the version that `apiVersion` names.",
        why: "The API server has no match for the object and refuses it. `check` analyses it as if the version \
              were served; `status` leaves it out.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TCPRoute
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
"#,
        fix: "Write a served version; gwc shows the edit where the schemas are the same.",
        spec: "`spec.versions[].served` of the CRD",
    },
    check: None,
};

//! GWC9010 `legacy-group`: the API group has been superseded.
//!
//! # What it checks
//! Objects of `networking.x-k8s.io`, XListenerSet, and other names from before a kind became stable.
//!
//! # Why it matters
//! The target does not serve the group; the object is refused, or nobody acts on it.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.x-k8s.io/v1alpha1
//! kind: XListenerSet
//! ```
//!
//! # Fix
//! Write the successor that the finding names.
//!
//! # Specification
//! CRDs v1.0 to v1.6

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC9010.
pub(super) static LINT: Lint = Lint {
    code: rule::LEGACY_GROUP,
    docs: Docs {
        summary: "the API group has been superseded",
        what: "Objects of `networking.x-k8s.io`, XListenerSet, and other names from before a kind became \
              stable.",
        why: "The target does not serve the group; the object is refused, or nobody acts on it.",
        bad: r#"apiVersion: gateway.networking.x-k8s.io/v1alpha1
kind: XListenerSet
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
"#,
        fix: "Write the successor that the finding names.",
        spec: "CRDs v1.0 to v1.6",
    },
    check: None,
};

//! GWC0007 `unknown-gateway-kind`: no release of Gateway API has this kind.
//!
//! # What it checks
//! An object of a Gateway API group has a kind that no bundled release knows in either channel.
//!
//! # Why it matters
//! The API server answers that it has no match for the kind; the object is never created.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HttpRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! ```
//!
//! # Fix
//! Correct the kind; kinds are case-sensitive.
//!
//! # Specification
//! Kinds of `gateway.networking.k8s.io` and `gateway.networking.x-k8s.io`, v1.0 to v1.6

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0007.
pub(super) static LINT: Lint = Lint {
    code: rule::UNKNOWN_GATEWAY_KIND,
    docs: Docs {
        summary: "no release of Gateway API has this kind",
        what: "An object of a Gateway API group has a kind that no bundled release knows in either channel.",
        why: "The API server answers that it has no match for the kind; the object is never created.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HttpRoute
metadata:
  name: shop
  namespace: store
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
"#,
        fix: "Correct the kind; kinds are case-sensitive.",
        spec: "Kinds of `gateway.networking.k8s.io` and `gateway.networking.x-k8s.io`, v1.0 to v1.6",
    },
    // Admission raises it: its tables know the kinds of every release.
    check: None,
};

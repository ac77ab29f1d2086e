//! GWC9003 `kind-not-in-channel`: the kind is only in the experimental channel.
//!
//! # What it checks
//! The target is the standard channel, and the kind exists in the experimental channel only.
//!
//! # Why it matters
//! A cluster with the standard CRDs has no such kind and refuses the object.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.x-k8s.io/v1alpha1
//! kind: XBackendTrafficPolicy
//! ```
//!
//! # Fix
//! Install the experimental CRDs and check with that channel, or do without the kind.
//!
//! # Specification
//! Release channels of Gateway API

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC9003.
pub(super) static LINT: Lint = Lint {
    code: rule::KIND_NOT_IN_CHANNEL,
    docs: Docs {
        summary: "the kind is only in the experimental channel",
        what: "The target is the standard channel, and the kind exists in the experimental channel only.",
        why: "A cluster with the standard CRDs has no such kind and refuses the object.",
        bad: r#"apiVersion: gateway.networking.x-k8s.io/v1alpha1
kind: XBackendTrafficPolicy
"#,
        good: r#"# install the experimental channel, then:
# gwc check --channel experimental
"#,
        fix: "Install the experimental CRDs and check with that channel, or do without the kind.",
        spec: "Release channels of Gateway API",
    },
    check: None,
};

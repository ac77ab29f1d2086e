//! GWC1023 `external-auth-backend-invalid`: the backend of an external authorisation cannot be used.
//!
//! # What it checks
//! The backend of an `ExternalAuth` filter does not exist, has no such port, is of a foreign kind, or lies in another
//! namespace without a grant.
//!
//! # Why it matters
//! ResolvedRefs=False, and every request of the rule fails: without an answer of the authorisation nothing may pass.
//!
//! # Example
//! ```yaml
//! filters:
//! - type: ExternalAuth
//!   externalAuth:
//!     protocol: GRPC
//!     backendRef:
//!       name: auhtz
//!       port: 9000
//! ```
//!
//! # Fix
//! Correct the target; across namespaces a ReferenceGrant is needed.
//!
//! # Specification
//! `filters[].externalAuth.backendRef` (experimental channel); status reference §3.3

use crate::diagnostic::Diagnostics;
use crate::diagnostic::rule;
use crate::eval::ReferenceRole;
use crate::lint::finding::reference::references;
use crate::lint::refs::filter_target;
use crate::lint::{Cx, Docs, Lint};

/// GWC1023.
pub(super) static LINT: Lint = Lint {
    code: rule::EXTERNAL_AUTH_BACKEND_INVALID,
    docs: Docs {
        summary: "the backend of an external authorisation cannot be used",
        what: "The backend of an `ExternalAuth` filter does not exist, has no such port, is of a foreign kind, \
              or lies in another namespace without a grant.",
        why: "ResolvedRefs=False, and every request of the rule fails: without an answer of the authorisation \
              nothing may pass.",
        bad: r#"filters:
- type: ExternalAuth
  externalAuth:
    protocol: GRPC
    backendRef:
      name: auhtz
      port: 9000
"#,
        good: r#"filters:
- type: ExternalAuth
  externalAuth:
    protocol: GRPC
    backendRef:
      name: authz
      port: 9000
"#,
        fix: "Correct the target; across namespaces a ReferenceGrant is needed.",
        spec: "`filters[].externalAuth.backendRef` (experimental channel); status reference §3.3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let loss = "every request of the rule fails";
    let auths = references(cx).filter(|reference| reference.verdict.role == ReferenceRole::ExternalAuth);
    filter_target::report(cx, rule::EXTERNAL_AUTH_BACKEND_INVALID, loss, auths, out);
}

//! GWC1016 `mirror-backend-invalid`: a mirror target cannot be used.
//!
//! # What it checks
//! The target of a `RequestMirror` filter does not exist, has no such port, is of a foreign kind, or lies in another
//! namespace without a grant.
//!
//! # Why it matters
//! ResolvedRefs=False for the whole route; nothing is mirrored. The primary traffic is not affected.
//!
//! # Example
//! ```yaml
//! filters:
//! - type: RequestMirror
//!   requestMirror:
//!     backendRef:
//!       name: shadwo
//!       port: 8080
//! ```
//!
//! # Fix
//! Correct the target; across namespaces a ReferenceGrant is needed.
//!
//! # Specification
//! `filters[].requestMirror.backendRef`; status reference §3.3; conformance HTTPRouteInvalidBackendRefUnknownKind

use crate::diagnostic::Diagnostics;
use crate::diagnostic::rule;
use crate::eval::ReferenceRole;
use crate::lint::finding::reference::references;
use crate::lint::refs::filter_target;
use crate::lint::{Cx, Docs, Lint};

/// GWC1016.
pub(super) static LINT: Lint = Lint {
    code: rule::MIRROR_BACKEND_INVALID,
    docs: Docs {
        summary: "a mirror target cannot be used",
        what: "The target of a `RequestMirror` filter does not exist, has no such port, is of a foreign kind, \
              or lies in another namespace without a grant.",
        why: "ResolvedRefs=False for the whole route; nothing is mirrored. The primary traffic is not \
              affected.",
        bad: r#"filters:
- type: RequestMirror
  requestMirror:
    backendRef:
      name: shadwo
      port: 8080
"#,
        good: r#"filters:
- type: RequestMirror
  requestMirror:
    backendRef:
      name: shadow
      port: 8080
"#,
        fix: "Correct the target; across namespaces a ReferenceGrant is needed.",
        spec: "`filters[].requestMirror.backendRef`; status reference §3.3; conformance \
              HTTPRouteInvalidBackendRefUnknownKind",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let loss = "nothing is mirrored, the primary traffic is not affected";
    let mirrors = references(cx).filter(|reference| reference.verdict.role == ReferenceRole::Mirror);
    filter_target::report(cx, rule::MIRROR_BACKEND_INVALID, loss, mirrors, out);
}

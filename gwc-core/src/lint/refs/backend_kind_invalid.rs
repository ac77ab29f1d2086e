//! GWC1008 `backend-kind-invalid`: a backendRef names a kind that is no backend.
//!
//! # What it checks
//! Group and kind of a `backendRefs` entry are not Service and nothing else that the controller is known to serve
//! from.
//!
//! # Why it matters
//! ResolvedRefs=False/InvalidKind, and the share of this backend is answered with 500.
//!
//! # Example
//! ```yaml
//! rules:
//! - backendRefs:
//!   - kind: Deployment
//!     name: web
//!     port: 8080
//! ```
//!
//! # Fix
//! Refer to a Service (group `""`, kind `Service`, both are the default).
//!
//! # Specification
//! `spec.rules[].backendRefs`, RouteReasonInvalidKind; status reference B-2, R-21; conformance
//! HTTPRouteInvalidBackendRefUnknownKind

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, ReferenceRole, RouteResolvedRefs};
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, not_resolved, resting_on, with_article};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1008.
pub(super) static LINT: Lint = Lint {
    code: rule::BACKEND_KIND_INVALID,
    docs: Docs {
        summary: "a backendRef names a kind that is no backend",
        what: "Group and kind of a `backendRefs` entry are not Service and nothing else that the controller is \
              known to serve from.",
        why: "ResolvedRefs=False/InvalidKind, and the share of this backend is answered with 500.",
        bad: r#"rules:
- backendRefs:
  - kind: Deployment
    name: web
    port: 8080
"#,
        good: r#"rules:
- backendRefs:
  - kind: Service
    name: web
    port: 8080
"#,
        fix: "Refer to a Service (group `\"\"`, kind `Service`, both are the default).",
        spec: "`spec.rules[].backendRefs`, RouteReasonInvalidKind; status reference B-2, R-21; conformance \
              HTTPRouteInvalidBackendRefUnknownKind",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for reference in references(cx).filter(|reference| reference.verdict.role == ReferenceRole::Backend) {
        if reference.verdict.verdict.verdict == BackendVerdict::InvalidKind {
            out.push(diagnostic(cx, &reference));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, reference: &Reference<'_>) -> Diagnostic {
    let target = reference.target;
    let message = format!("`{}` is no backend of {}", target.group_kind(), with_article(reference.route.kind.name()));
    let help = if target.kind == "Service" {
        "a Service is of the core group: write `group: \"\"` or leave `group` out".to_owned()
    } else if let Some(near) = nearest(&target.kind, ["Service", "ServiceImport"]) {
        format!("did you mean `{near}`?")
    } else {
        "refer to a Service; a kind that your controller serves from is given by `--assume kind:GROUP/KIND`".to_owned()
    };
    let mut finding = about(&reference.route.meta, rule::BACKEND_KIND_INVALID, target.kind_span, message)
        .effect(format!("ResolvedRefs=False/InvalidKind; {}", reference.loss()))
        .help(help);
    finding.conditions = not_resolved(cx, reference.id, RouteResolvedRefs::InvalidKind);
    resting_on(cx, finding, &reference.verdict.verdict.support)
}

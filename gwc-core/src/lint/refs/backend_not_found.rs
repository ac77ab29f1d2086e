//! GWC1005 `backend-not-found`: a backendRef leads to an object that is not there.
//!
//! # What it checks
//! A `backendRefs` entry names a Service (or another backend) that the world does not hold.
//!
//! # Why it matters
//! ResolvedRefs=False/BackendNotFound, and the share of this backend is answered with 500 (connections of L4 routes
//! are dropped).
//!
//! # Example
//! ```yaml
//! rules:
//! - backendRefs:
//!   - name: wbe
//!     port: 8080
//! ```
//!
//! # Fix
//! Correct the name, or give the Service as context or by `--assume service:NS/NAME:PORT`.
//!
//! # Specification
//! `spec.rules[].backendRefs`, RouteReasonBackendNotFound; status reference B-4, R-22; conformance
//! HTTPRouteInvalidNonExistentBackendRef

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, ReferenceRole, RouteResolvedRefs};
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::missing::{self, Place, assumed_object};
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, not_resolved};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1005.
pub(super) static LINT: Lint = Lint {
    code: rule::BACKEND_NOT_FOUND,
    docs: Docs {
        summary: "a backendRef leads to an object that is not there",
        what: "A `backendRefs` entry names a Service (or another backend) that the world does not hold.",
        why: "ResolvedRefs=False/BackendNotFound, and the share of this backend is answered with 500 \
              (connections of L4 routes are dropped).",
        bad: r#"rules:
- backendRefs:
  - name: wbe
    port: 8080
"#,
        good: r#"rules:
- backendRefs:
  - name: web
    port: 8080
"#,
        fix: "Correct the name, or give the Service as context or by `--assume service:NS/NAME:PORT`.",
        spec: "`spec.rules[].backendRefs`, RouteReasonBackendNotFound; status reference B-4, R-22; conformance \
              HTTPRouteInvalidNonExistentBackendRef",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let of_backends = || references(cx).filter(|reference| reference.verdict.role == ReferenceRole::Backend);
    let absent = of_backends().filter(|reference| reference.verdict.verdict.verdict == BackendVerdict::NotFound);
    missing::report_proven(absent.map(|reference| diagnostic(cx, &reference)), out);
    let assumed = of_backends().filter(|reference| reference.verdict.verdict.verdict == BackendVerdict::Assumed);
    let places = assumed.filter_map(|reference| {
        let fact = assumed_object(cx, &reference.verdict.verdict.support)?;
        Some(Place { meta: &reference.route.meta, span: reference.name_span(), fact })
    });
    let consequence = "ResolvedRefs=False/BackendNotFound, and its share of the traffic is refused";
    missing::report(cx, rule::BACKEND_NOT_FOUND, consequence, places, out);
}

fn diagnostic(cx: &Cx<'_>, reference: &Reference<'_>) -> Diagnostic {
    let key = reference.key();
    let message = format!("{} `{key}` does not exist", reference.target.kind);
    let mut finding = about(&reference.route.meta, rule::BACKEND_NOT_FOUND, reference.name_span(), message)
        .effect(format!("ResolvedRefs=False/BackendNotFound; {}", reference.loss()));
    finding.conditions = not_resolved(cx, reference.id, RouteResolvedRefs::BackendNotFound);
    let services = cx.graph.services.iter().map(|(_, service)| &service.meta);
    let siblings = services.filter(|meta| meta.key.namespace == key.namespace && reference.target.kind == "Service");
    match nearest(&key.name, siblings.map(|meta| meta.key.name.as_str())) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, reference.name_span(), near)],
        ),
        None => finding.help("correct the name or namespace, or add the object"),
    }
}

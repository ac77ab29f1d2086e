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
    let absent: Vec<Reference<'_>> = absent.collect();
    // One finding for each route and missing object: the other references become places of the first.
    for group in absent.chunk_by(|a, b| a.id == b.id && a.key() == b.key()) {
        if let Some((first, others)) = group.split_first() {
            out.push(diagnostic(cx, first, others));
        }
    }
    let assumed = of_backends().filter(|reference| reference.verdict.verdict.verdict == BackendVerdict::Assumed);
    let places = assumed.filter_map(|reference| {
        let fact = assumed_object(cx, &reference.verdict.verdict.support)?;
        Some(Place { meta: &reference.route.meta, span: reference.name_span(), fact })
    });
    let consequence = "ResolvedRefs=False/BackendNotFound, and its share of the traffic is refused";
    missing::report(cx, rule::BACKEND_NOT_FOUND, consequence, places, out);
}

fn diagnostic(cx: &Cx<'_>, first: &Reference<'_>, others: &[Reference<'_>]) -> Diagnostic {
    let key = first.key();
    let message = format!("{} `{key}` does not exist", first.target.kind);
    let mut finding = about(&first.route.meta, rule::BACKEND_NOT_FOUND, first.name_span(), message)
        .effect(format!("ResolvedRefs=False/BackendNotFound; {}", first.loss()));
    finding.conditions = not_resolved(cx, first.id, RouteResolvedRefs::BackendNotFound);
    for other in others {
        finding = finding.label(other.name_span(), "also referred to here");
    }
    let services = cx.graph.services.iter().map(|(_, service)| &service.meta);
    let siblings = services.filter(|meta| meta.key.namespace == key.namespace && first.target.kind == "Service");
    match nearest(&key.name, siblings.map(|meta| meta.key.name.as_str())) {
        Some(near) => {
            let spans = std::iter::once(first).chain(others).map(Reference::name_span);
            let edits = spans.map(|span| replace_scalar(cx, span, near)).collect();
            finding.help(format!("did you mean `{near}`?")).fix(Applicability::Unsafe, format!("write `{near}`"), edits)
        }
        None => finding.help("correct the name or namespace, or add the object"),
    }
}

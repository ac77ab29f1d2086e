//! GWC2015 `redundant-parentref`: a parentRef repeats what another one already says.
//!
//! # What it checks
//! A route refers to a whole Gateway or ListenerSet, and once more to a listener of the same one.
//!
//! # Why it matters
//! The reference to the listener adds nothing but a second entry in the status.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! spec:
//!   parentRefs:
//!   - name: shared
//!     namespace: infra
//!   - name: shared
//!     namespace: infra
//!     sectionName: http
//! ```
//!
//! # Fix
//! Remove the reference to the listener, or, where only that listener is meant, the other one; the edit shown does the
//! first.
//!
//! # Specification
//! `spec.parentRefs`; status reference R-32, L-47

use crate::api::reference::ParentRef;
use crate::api::route::Route;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::edit::{remove_item, tree};
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

/// GWC2015.
pub(super) static LINT: Lint = Lint {
    code: rule::REDUNDANT_PARENTREF,
    docs: Docs {
        summary: "a parentRef repeats what another one already says",
        what: "A route refers to a whole Gateway or ListenerSet, and once more to a listener of the same one.",
        why: "The reference to the listener adds nothing but a second entry in the status.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
  - name: shared
    namespace: infra
    sectionName: http
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
"#,
        fix: "Remove the reference to the listener, or, where only that listener is meant, the other one; \
              the edit shown does the first.",
        spec: "`spec.parentRefs`; status reference R-32, L-47",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for (position, narrow) in route.parents.iter().enumerate() {
            if is_whole(narrow) {
                continue;
            }
            let whole = route.parents.iter().find(|whole| is_whole(whole) && same_parent(route, whole, narrow));
            if let Some(whole) = whole {
                out.push(diagnostic(cx, route, whole, position));
            }
        }
    }
}

fn is_whole(reference: &ParentRef) -> bool {
    reference.section_name.is_none() && reference.port.is_none()
}

fn same_parent(route: &Route, a: &ParentRef, b: &ParentRef) -> bool {
    let key = |reference: &ParentRef| reference.target.target(&route.meta.key.namespace);
    a.target.group_kind() == b.target.group_kind() && key(a) == key(b)
}

fn diagnostic(cx: &Cx<'_>, route: &Route, whole: &ParentRef, position: usize) -> Diagnostic {
    let narrow = route.parents.get(position).unwrap_or(whole);
    let kind = &narrow.target.kind;
    let message = format!("the whole {kind} `{}` is a parent already", whole.target.target(&route.meta.key.namespace));
    let finding = about(&route.meta, rule::REDUNDANT_PARENTREF, narrow.target.span, message)
        .label(whole.target.span, "this parentRef reaches all listeners")
        .effect("the second reference only adds an entry to the status")
        .help("remove one of the two: this one, or the other one where only this listener is meant");
    let references = tree(cx, &route.meta).and_then(|root| root.at(&["spec", "parentRefs"]));
    match references.and_then(|references| remove_item(cx, route.meta.source(), references, position)) {
        Some(edit) => finding.fix(Applicability::Safe, "remove the redundant parentRef", vec![edit]),
        None => finding,
    }
}

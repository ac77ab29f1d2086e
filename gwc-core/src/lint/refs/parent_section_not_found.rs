//! GWC1003 `parent-section-not-found`: a parentRef names a listener that its parent does not have.
//!
//! # What it checks
//! `parentRefs[].sectionName` is not the name of a listener of the Gateway, or of an entry of the ListenerSet.
//!
//! # Why it matters
//! The route is not accepted by this parent: Accepted=False/NoMatchingParent, and it serves nothing there.
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
//!     sectionName: htpps
//! ```
//!
//! # Fix
//! Use the name of a listener; the finding lists them. An entry of a ListenerSet is reached through a parentRef to
//! the ListenerSet.
//!
//! # Specification
//! `spec.parentRefs[].sectionName`, RouteReasonNoMatchingParent; status reference R-2, §2.3; conformance
//! HTTPRouteInvalidParentRefNotMatchingSectionName

use crate::api::Text;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::{ParentEntry, ParentVerdict, RouteAccepted};
use crate::graph::ListenerOwner;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::reference::{Parent, parents};
use crate::lint::finding::{about, listener_names, named, not_accepted, resting_on};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1003.
pub(super) static LINT: Lint = Lint {
    code: rule::PARENT_SECTION_NOT_FOUND,
    docs: Docs {
        summary: "a parentRef names a listener that its parent does not have",
        what: "`parentRefs[].sectionName` is not the name of a listener of the Gateway, or of an entry of the \
              ListenerSet.",
        why: "The route is not accepted by this parent: Accepted=False/NoMatchingParent, and it serves nothing \
              there.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
    sectionName: htpps
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
    sectionName: https
"#,
        fix: "Use the name of a listener; the finding lists them. An entry of a ListenerSet is reached through \
              a parentRef to the ListenerSet.",
        spec: "`spec.parentRefs[].sectionName`, RouteReasonNoMatchingParent; status reference R-2, §2.3; \
              conformance HTTPRouteInvalidParentRefNotMatchingSectionName",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for parent in parents(cx) {
        let ParentVerdict::Entry(entry) = parent.verdict else { continue };
        let Some(section) = &parent.reference.section_name else { continue };
        let found = entry.candidates.iter().any(|candidate| candidate.section);
        if entry.accepted.verdict == RouteAccepted::NoMatchingParent && !found {
            out.push(diagnostic(cx, &parent, entry, section));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, parent: &Parent<'_>, entry: &ParentEntry, section: &Text) -> Diagnostic {
    let listeners = || entry.candidates.iter().map(|candidate| candidate.listener);
    let names: Vec<&str> = listeners().map(|id| cx.graph.listener(id).name.value.as_str()).collect();
    let target = &parent.reference.target;
    let message = format!("{} `{}` has no listener `{}`", target.kind, parent.key(), section.value);
    let mut finding = about(&parent.route.meta, rule::PARENT_SECTION_NOT_FOUND, section.span, message)
        .effect("Accepted=False/NoMatchingParent: nothing is served through this parentRef")
        .condition(not_accepted(cx, entry, "NoMatchingParent"));
    if let Some(id) = listeners().next() {
        let owner = cx.graph.listener_owner(id);
        finding = finding.label(owner.name_span, format!("listeners here: {}", listener_names(cx, listeners())));
    }
    if let Some(set) = entry_of_listener_set(cx, entry, &section.value) {
        finding = finding.note(format!("{set} has an entry of this name; name the ListenerSet in the parentRef"));
    }
    let finding = resting_on(cx, finding, &entry.accepted.support);
    match nearest(&section.value, names.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, section.span, near)],
        ),
        None => finding.help(format!("use one of {}, or remove `sectionName`", listener_names(cx, listeners()))),
    }
}

/// The ListenerSet of the Gateway that has an entry of this name.
fn entry_of_listener_set(cx: &Cx<'_>, entry: &ParentEntry, name: &str) -> Option<String> {
    if entry.listener_set.is_some() {
        return None;
    }
    let merged = &cx.evaluation.gateways.get(entry.gateway.index())?.merged;
    let foreign = |id: &&crate::graph::ListenerId| {
        matches!(cx.graph.listeners[**id].owner, ListenerOwner::ListenerSet(_))
            && cx.graph.listener(**id).name.value == name
    };
    merged.iter().find(foreign).map(|id| named(cx.graph.listener_owner(*id)))
}

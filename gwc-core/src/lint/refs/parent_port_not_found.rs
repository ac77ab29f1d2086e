//! GWC1004 `parent-port-not-found`: a parentRef names a port on which its parent does not listen.
//!
//! # What it checks
//! `parentRefs[].port` is the port of no listener of the parent, or not the port of the listener that `sectionName`
//! names.
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
//!     port: 8080
//! ```
//!
//! # Fix
//! Use the port of a listener, or leave `port` out and name the listener by `sectionName`.
//!
//! # Specification
//! `spec.parentRefs[].port`, RouteReasonNoMatchingParent; status reference R-2, §2.3; conformance
//! HTTPRouteInvalidParentRefSectionNameNotMatchingPort

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::{ParentEntry, ParentVerdict, RouteAccepted};
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::reference::{Parent, parents};
use crate::lint::finding::{about, listener_text, not_accepted, resting_on};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Spanned;

/// GWC1004.
pub(super) static LINT: Lint = Lint {
    code: rule::PARENT_PORT_NOT_FOUND,
    docs: Docs {
        summary: "a parentRef names a port on which its parent does not listen",
        what: "`parentRefs[].port` is the port of no listener of the parent, or not the port of the listener \
              that `sectionName` names.",
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
    port: 8080
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
    port: 80
"#,
        fix: "Use the port of a listener, or leave `port` out and name the listener by `sectionName`.",
        spec: "`spec.parentRefs[].port`, RouteReasonNoMatchingParent; status reference R-2, §2.3; conformance \
              HTTPRouteInvalidParentRefSectionNameNotMatchingPort",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for parent in parents(cx) {
        let ParentVerdict::Entry(entry) = parent.verdict else { continue };
        let Some(port) = &parent.reference.port else { continue };
        // A section that does not exist is the first mistake; it has its own rule.
        let section = entry.candidates.iter().any(|candidate| candidate.section);
        if entry.accepted.verdict == RouteAccepted::NoMatchingParent && section {
            out.push(diagnostic(cx, &parent, entry, port));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, parent: &Parent<'_>, entry: &ParentEntry, port: &Spanned<u16>) -> Diagnostic {
    let sections: Vec<_> = entry.candidates.iter().filter(|one| one.section).map(|one| one.listener).collect();
    let ports: Vec<String> = sections
        .iter()
        .filter_map(|id| cx.graph.listener(*id).port.as_ref())
        .map(|port| port.value.to_string())
        .collect();
    let message = match (&parent.reference.section_name, sections.as_slice()) {
        (Some(section), [_]) => format!("port {} is not the port of listener `{}`", port.value, section.value),
        (Some(_) | None, _) => {
            format!("{} `{}` has no listener on port {}", parent.reference.target.kind, parent.key(), port.value)
        }
    };
    let mut finding = about(&parent.route.meta, rule::PARENT_PORT_NOT_FOUND, port.span, message)
        .effect("Accepted=False/NoMatchingParent: nothing is served through this parentRef")
        .condition(not_accepted(cx, entry, "NoMatchingParent"));
    for id in sections.iter().take(4) {
        if let Some(port) = &cx.graph.listener(*id).port {
            finding = finding.label(port.span, format!("{} uses {}", listener_text(cx, *id), port.value));
        }
    }
    let finding = resting_on(cx, finding, &entry.accepted.support);
    match ports.as_slice() {
        [only] => finding.help(format!("write `port: {only}`, or remove `port`")).fix(
            Applicability::Unsafe,
            format!("write `port: {only}`"),
            vec![replace_scalar(cx, port.span, only)],
        ),
        _ => finding.help(format!("use one of the ports {}, or remove `port`", ports.join(", "))),
    }
}

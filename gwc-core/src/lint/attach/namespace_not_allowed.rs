//! GWC2001 `namespace-not-allowed`: the listeners do not admit routes of this namespace.
//!
//! # What it checks
//! All listeners that a parentRef selects serve the kind of the route, but `allowedRoutes.namespaces` excludes its
//! namespace. Without `allowedRoutes` a listener admits only the namespace of its Gateway or ListenerSet.
//!
//! # Why it matters
//! Accepted=False/NotAllowedByListeners: the route serves nothing through this parentRef.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: Gateway
//! metadata:
//!   name: shared
//!   namespace: infra
//! spec:
//!   gatewayClassName: example
//!   listeners:
//!   - name: http
//!     port: 80
//!     protocol: HTTP
//! ---
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! spec:
//!   parentRefs:
//!   - name: shared
//!     namespace: infra
//! ```
//!
//! # Fix
//! Write `allowedRoutes.namespaces.from: All`, select the namespace by its labels, or give the Namespace the labels
//! that the selector wants.
//!
//! # Specification
//! `listeners[].allowedRoutes.namespaces`, RouteReasonNotAllowedByListeners; status reference R-3, §2.5; conformance
//! HTTPRouteInvalidCrossNamespaceParentRef

use crate::api::gateway::From;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::Support;
use crate::eval::{Candidate, ParentEntry};
use crate::lint::attach::refusal::{Cause, Refusal, refused, text};
use crate::lint::attach::selector;
use crate::lint::finding::reference::Parent;
use crate::lint::finding::resting_on;
use crate::lint::finding::{about, named, not_accepted};
use crate::lint::{Cx, Docs, Lint};

/// GWC2001.
pub(super) static LINT: Lint = Lint {
    code: rule::NAMESPACE_NOT_ALLOWED,
    docs: Docs {
        summary: "the listeners do not admit routes of this namespace",
        what: "All listeners that a parentRef selects serve the kind of the route, but \
              `allowedRoutes.namespaces` excludes its namespace. Without `allowedRoutes` a listener admits \
              only the namespace of its Gateway or ListenerSet.",
        why: "Accepted=False/NotAllowedByListeners: the route serves nothing through this parentRef.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: All
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
"#,
        fix: "Write `allowedRoutes.namespaces.from: All`, select the namespace by its labels, or give the \
              Namespace the labels that the selector wants.",
        spec: "`listeners[].allowedRoutes.namespaces`, RouteReasonNotAllowedByListeners; status reference R-3, \
              §2.5; conformance HTTPRouteInvalidCrossNamespaceParentRef",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (parent, entry, refusal, reason) in refused(cx) {
        if let Refusal::Single(Cause::Namespace, candidates) = refusal {
            out.push(diagnostic(cx, &parent, entry, (&candidates, reason)));
        }
    }
}

fn diagnostic(
    cx: &Cx<'_>,
    parent: &Parent<'_>,
    entry: &ParentEntry,
    (candidates, reason): (&[&Candidate], &'static str),
) -> Diagnostic {
    let meta = &parent.route.meta;
    let target = &parent.reference.target;
    let namespace = &meta.key.namespace;
    let message = match (&parent.reference.section_name, candidates) {
        (Some(section), [_]) => {
            format!(
                "listener `{}` of {} `{}` does not admit namespace `{namespace}`",
                section.value,
                target.kind,
                parent.key()
            )
        }
        (Some(_) | None, _) => {
            format!("no listener of {} `{}` admits namespace `{namespace}`", target.kind, parent.key())
        }
    };
    let mut finding = about(meta, rule::NAMESPACE_NOT_ALLOWED, target.name.span, message)
        .effect(format!("Accepted=False/{reason}: {} serves nothing through this parentRef", named(meta)))
        .condition(not_accepted(cx, entry, reason))
        .help(help(cx, namespace, candidates));
    for candidate in candidates.iter().take(6) {
        let span = cx.graph.listener(candidate.listener).namespaces.span;
        finding = finding.label(span, text(cx, parent, candidate, Cause::Namespace));
    }
    let support = candidates.iter().fold(Support::spec(), |support, one| support.and(&one.namespace.support));
    resting_on(cx, finding, &support)
}

/// The cure for the first listener; the others differ in their selectors at most.
fn help(cx: &Cx<'_>, namespace: &str, candidates: &[&Candidate]) -> String {
    let open =
        format!("write `allowedRoutes.namespaces.from: All` there, or a selector that fits namespace `{namespace}`");
    let Some(first) = candidates.first() else { return open };
    let namespaces = &cx.graph.listener(first.listener).namespaces;
    match (&namespaces.selector, namespaces.from) {
        (Some(selector), From::Selector) => {
            format!("Namespace `{namespace}` does not fulfil {}", selector::unmet(cx, selector, namespace))
        }
        (Some(_) | None, From::All | From::Same | From::Selector | From::None) => open,
    }
}

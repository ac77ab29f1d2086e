//! GWC2005 `route-attaches-nowhere`: every listener of the parent refuses the route, each for its own reason.
//!
//! # What it checks
//! The listeners that a parentRef selects refuse the route for different causes: some do not admit its namespace,
//! others have no hostname in common with it. A parent that refuses for a single cause is reported by the rule for
//! that cause.
//!
//! # Why it matters
//! Accepted=False: the route serves nothing through this parentRef.
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
//!   - name: public
//!     hostname: "*.example.com"
//!     port: 80
//!     protocol: HTTP
//!     allowedRoutes:
//!       namespaces:
//!         from: All
//!   - name: private
//!     port: 8080
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
//!   hostnames:
//!   - shop.example.org
//! ```
//!
//! # Fix
//! Decide which listener the route is for, name it by `sectionName`, and cure what the finding says about it.
//!
//! # Specification
//! RouteConditionAccepted; status reference R-3, R-4, §2.3

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Candidate, ParentEntry, ParentVerdict, RouteAccepted};
use crate::lint::attach::refusal::{Cause, Refusal, refused, text};
use crate::lint::finding::is_checked;
use crate::lint::finding::reference::Parent;
use crate::lint::finding::reference::parents;
use crate::lint::finding::{about, named, not_accepted};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC2005.
pub(super) static LINT: Lint = Lint {
    code: rule::ROUTE_ATTACHES_NOWHERE,
    docs: Docs {
        summary: "every listener of the parent refuses the route, each for its own reason",
        what: "The listeners that a parentRef selects refuse the route for different causes: some do not admit \
              its namespace, others have no hostname in common with it. A parent that refuses for a single \
              cause is reported by the rule for that cause.",
        why: "Accepted=False: the route serves nothing through this parentRef.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: public
    hostname: "*.example.com"
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: All
  - name: private
    port: 8080
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
  hostnames:
  - shop.example.org
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
    hostname: "*.example.com"
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
  hostnames:
  - shop.example.com
"#,
        fix: "Decide which listener the route is for, name it by `sectionName`, and cure what the finding says \
              about it.",
        spec: "RouteConditionAccepted; status reference R-3, R-4, §2.3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (parent, entry, refusal, reason) in refused(cx) {
        if let Refusal::Several(causes) = refusal {
            out.push(diagnostic(cx, &parent, entry, (&causes, reason)));
        }
    }
    // A ListenerSet that is not admitted has its own finding, unless it is not among the checked objects.
    for parent in parents(cx) {
        let ParentVerdict::Entry(entry) = parent.verdict else { continue };
        let Some(set) = entry.listener_set.map(|set| &cx.graph.listener_sets[set].meta) else { continue };
        if entry.accepted.verdict == RouteAccepted::ListenerSetNotAllowed && !is_checked(set) {
            let finding = start(cx, &parent, entry, "NoMatchingParent");
            out.push(finding.label(set.name_span, format!("{} is not admitted by its Gateway", named(set))));
        }
    }
}

fn start(cx: &Cx<'_>, parent: &Parent<'_>, entry: &ParentEntry, reason: &'static str) -> Diagnostic {
    let meta = &parent.route.meta;
    let target = &parent.reference.target;
    let message = format!("{} attaches to no listener of {} `{}`", meta.kind.value, target.kind, parent.key());
    about(meta, rule::ROUTE_ATTACHES_NOWHERE, target.name.span, message)
        .effect(format!("Accepted=False/{reason}: {} serves nothing through this parentRef", named(meta)))
        .condition(not_accepted(cx, entry, reason))
}

fn diagnostic(
    cx: &Cx<'_>,
    parent: &Parent<'_>,
    entry: &ParentEntry,
    (causes, reason): (&[(&Candidate, Cause)], &'static str),
) -> Diagnostic {
    let mut finding = start(cx, parent, entry, reason)
        .help("name the listener that is meant by `sectionName`, and cure what is said about it");
    for (candidate, cause) in causes {
        finding = finding.label(place(cx, candidate, *cause), text(cx, parent, candidate, *cause));
    }
    finding
}

/// The field of the listener that refuses.
fn place(cx: &Cx<'_>, candidate: &Candidate, cause: Cause) -> Span {
    let listener = cx.graph.listener(candidate.listener);
    match cause {
        Cause::Kind => listener.protocol.span,
        Cause::Namespace => listener.namespaces.span,
        Cause::Hostname => listener.hostname.as_ref().map_or(listener.name.span, |hostname| hostname.span),
    }
}

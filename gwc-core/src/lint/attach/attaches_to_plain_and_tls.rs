//! GWC2007 `attaches-to-plain-and-tls`: one parentRef reaches a plain and a TLS listener.
//!
//! # What it checks
//! A parentRef of an HTTPRoute or GRPCRoute without `sectionName` attaches to both an HTTP and an HTTPS listener of
//! the same parent.
//!
//! # Why it matters
//! What was meant for TLS is also served in clear text, and the usual redirect to HTTPS is by-passed.
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
//!     allowedRoutes:
//!       namespaces:
//!         from: All
//!   - name: https
//!     port: 443
//!     protocol: HTTPS
//!     tls:
//!       certificateRefs:
//!       - name: shop-tls
//!     allowedRoutes:
//!       namespaces:
//!         from: All
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
//! Name the HTTPS listener by `sectionName`, and give the HTTP listener a route that redirects.
//!
//! # Specification
//! `spec.parentRefs[].sectionName`; status reference §2.3

use crate::api::route::{Route, RouteKind};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Candidate, ParentEntry, ParentVerdict, RouteAccepted};
use crate::lint::finding::reference::{Parent, parents};
use crate::lint::finding::{about, listener_names};
use crate::lint::{Cx, Docs, Lint};

/// GWC2007.
pub(super) static LINT: Lint = Lint {
    code: rule::ATTACHES_TO_PLAIN_AND_TLS,
    docs: Docs {
        summary: "one parentRef reaches a plain and a TLS listener",
        what: "A parentRef of an HTTPRoute or GRPCRoute without `sectionName` attaches to both an HTTP and an \
              HTTPS listener of the same parent.",
        why: "What was meant for TLS is also served in clear text, and the usual redirect to HTTPS is \
              by-passed.",
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
    allowedRoutes:
      namespaces:
        from: All
  - name: https
    port: 443
    protocol: HTTPS
    tls:
      certificateRefs:
      - name: shop-tls
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
  - name: https
    port: 443
    protocol: HTTPS
    tls:
      certificateRefs:
      - name: shop-tls
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
    sectionName: https
"#,
        fix: "Name the HTTPS listener by `sectionName`, and give the HTTP listener a route that redirects.",
        spec: "`spec.parentRefs[].sectionName`; status reference §2.3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for parent in parents(cx) {
        if let ParentVerdict::Entry(entry) = parent.verdict
            && entry.accepted.verdict == RouteAccepted::Accepted
            && reaches_both(cx, parent.route, entry)
        {
            out.push(diagnostic(cx, &parent, entry));
        }
    }
}

/// Does the route attach to both an HTTP and an HTTPS listener?
pub(super) fn reaches_both(cx: &Cx<'_>, route: &Route, entry: &ParentEntry) -> bool {
    matches!(route.kind, RouteKind::Http | RouteKind::Grpc)
        && attached(cx, entry, "HTTP").next().is_some()
        && attached(cx, entry, "HTTPS").next().is_some()
}

fn attached<'e>(cx: &Cx<'e>, entry: &'e ParentEntry, protocol: &'e str) -> impl Iterator<Item = &'e Candidate> {
    let graph = cx.graph;
    let attached = entry.candidates.iter().filter(|candidate| candidate.attached());
    attached.filter(move |candidate| graph.listener(candidate.listener).protocol.value == protocol)
}

fn diagnostic(cx: &Cx<'_>, parent: &Parent<'_>, entry: &ParentEntry) -> Diagnostic {
    let target = &parent.reference.target;
    let message = format!("the parentRef to {} `{}` reaches both HTTP and HTTPS listeners", target.kind, parent.key());
    let tls = || attached(cx, entry, "HTTPS").map(|candidate| candidate.listener);
    let names = listener_names(cx, tls());
    let help =
        format!("write `sectionName` of the HTTPS listener ({names}); let a route on the HTTP listener redirect");
    let mut finding = about(&parent.route.meta, rule::ATTACHES_TO_PLAIN_AND_TLS, target.name.span, message)
        .effect("the route is also served in clear text")
        .help(help);
    for candidate in attached(cx, entry, "HTTP").take(3) {
        finding = finding.label(cx.graph.listener(candidate.listener).protocol.span, "served in clear text here");
    }
    for id in tls().take(3) {
        finding = finding.label(cx.graph.listener(id).protocol.span, "served over TLS here");
    }
    finding
}

//! GWC2002 `kind-not-allowed`: the listeners do not serve this kind of route.
//!
//! # What it checks
//! No listener that a parentRef selects serves the kind of the route: the protocol or TLS mode of the listener, or
//! `allowedRoutes.kinds`, excludes it.
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
//!     protocol: TCP
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
//! Name a listener whose protocol serves the kind, add the kind to `allowedRoutes.kinds`, or write the route as the
//! kind that the protocol needs.
//!
//! # Specification
//! `listeners[].protocol`, `listeners[].allowedRoutes.kinds`, RouteReasonNotAllowedByListeners; status reference R-3,
//! §2.4, L-43

use crate::api::route::RouteKind;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Candidate, ParentEntry};
use crate::lint::attach::refusal::{Cause, Refusal, refused, text};
use crate::lint::finding::reference::Parent;
use crate::lint::finding::{about, named, not_accepted};
use crate::lint::tls::passthrough_on_https::only_passthrough;
use crate::lint::{Cx, Docs, Lint};

/// GWC2002.
pub(super) static LINT: Lint = Lint {
    code: rule::KIND_NOT_ALLOWED,
    docs: Docs {
        summary: "the listeners do not serve this kind of route",
        what: "No listener that a parentRef selects serves the kind of the route: the protocol or TLS mode of \
              the listener, or `allowedRoutes.kinds`, excludes it.",
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
    protocol: TCP
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
        fix: "Name a listener whose protocol serves the kind, add the kind to `allowedRoutes.kinds`, or write \
              the route as the kind that the protocol needs.",
        spec: "`listeners[].protocol`, `listeners[].allowedRoutes.kinds`, RouteReasonNotAllowedByListeners; \
              status reference R-3, §2.4, L-43",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (parent, entry, refusal, reason) in refused(cx) {
        // HTTP behind a listener that passes TLS through is told in words of its own (GWC4007).
        let http = matches!(parent.route.kind, RouteKind::Http | RouteKind::Grpc);
        if http && only_passthrough(cx, entry).is_some() {
            continue;
        }
        if let Refusal::Single(Cause::Kind, candidates) = refusal {
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
    let kind = parent.route.kind.name();
    let message = match (&parent.reference.section_name, candidates) {
        (Some(section), [_]) => {
            format!("listener `{}` of {} `{}` does not serve {kind}", section.value, target.kind, parent.key())
        }
        (Some(_) | None, _) => format!("no listener of {} `{}` serves {kind}", target.kind, parent.key()),
    };
    let mut finding = about(meta, rule::KIND_NOT_ALLOWED, target.name.span, message)
        .effect(format!("Accepted=False/{reason}: {} serves nothing through this parentRef", named(meta)))
        .condition(not_accepted(cx, entry, reason))
        .help(format!(
            "{kind} needs a listener with {}, and `allowedRoutes.kinds` must not leave it out",
            protocols(parent.route.kind)
        ));
    for candidate in candidates.iter().take(6) {
        let span = cx.graph.listener(candidate.listener).protocol.span;
        finding = finding.label(span, text(cx, parent, candidate, Cause::Kind));
    }
    finding
}

/// Protocols that serve a kind (status.md §2.4).
fn protocols(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Http | RouteKind::Grpc => "protocol HTTP or HTTPS",
        RouteKind::Tls => "protocol TLS",
        RouteKind::Tcp => "protocol TCP",
        RouteKind::Udp => "protocol UDP",
    }
}

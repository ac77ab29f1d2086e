//! GWC2004 `hostname-partly-ignored`: a hostname of the route is never served.
//!
//! # What it checks
//! A route is accepted, but one of its `hostnames` is covered by no listener that it attaches to.
//!
//! # Why it matters
//! No condition tells: requests for that name are answered with 404, or by another route.
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
//!     hostname: "*.example.com"
//!     port: 80
//!     protocol: HTTP
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
//!   hostnames:
//!   - shop.example.com
//!   - shop.example.org
//! ```
//!
//! # Fix
//! Remove the hostname, or add a listener that covers it.
//!
//! # Specification
//! `spec.hostnames`; status reference §2.6; conformance HTTPRouteHostnameIntersection

use crate::api::route::Route;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Candidate, ParentVerdict, RouteAccepted, RouteVerdict};
use crate::lint::finding::reference::routes;
use crate::lint::finding::{about, named};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Spanned;
use crate::value::Hostname;

/// GWC2004.
pub(super) static LINT: Lint = Lint {
    code: rule::HOSTNAME_PARTLY_IGNORED,
    docs: Docs {
        summary: "a hostname of the route is never served",
        what: "A route is accepted, but one of its `hostnames` is covered by no listener that it attaches to.",
        why: "No condition tells: requests for that name are answered with 404, or by another route.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
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
        fix: "Remove the hostname, or add a listener that covers it.",
        spec: "`spec.hostnames`; status reference §2.6; conformance HTTPRouteHostnameIntersection",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, verdict) in routes(cx) {
        let Some(attached) = attached(verdict) else { continue };
        for hostname in &route.hostnames {
            let served = attached.iter().any(|candidate| serves(cx, candidate, &hostname.value));
            if !served {
                out.push(diagnostic(cx, route, hostname, &attached));
            }
        }
    }
}

/// Listeners that serve the route; `None` where it is not accepted, or where a parent that is not known may serve it.
fn attached(verdict: &RouteVerdict) -> Option<Vec<&Candidate>> {
    let mut attached = Vec::new();
    for parent in &verdict.parents {
        match parent {
            ParentVerdict::NoEntry(_) => return None,
            ParentVerdict::Entry(entry) if entry.accepted.verdict == RouteAccepted::Undetermined => return None,
            ParentVerdict::Entry(entry) if entry.accepted.verdict == RouteAccepted::Accepted => {
                attached.extend(entry.candidates.iter().filter(|candidate| candidate.attached()));
            }
            ParentVerdict::Entry(_) => {}
        }
    }
    (!attached.is_empty()).then_some(attached)
}

fn serves(cx: &Cx<'_>, candidate: &Candidate, hostname: &Hostname) -> bool {
    let listener = cx.graph.listener(candidate.listener);
    listener.hostname.as_ref().is_none_or(|own| own.value.intersect(hostname).is_some())
}

fn diagnostic(cx: &Cx<'_>, route: &Route, hostname: &Spanned<Hostname>, attached: &[&Candidate]) -> Diagnostic {
    let message = format!("`{}` is served by no listener that the route attaches to", hostname.value);
    let mut finding = about(&route.meta, rule::HOSTNAME_PARTLY_IGNORED, hostname.span, message)
        .effect("no condition tells; requests for this name do not reach the route")
        .help(format!("remove it, or attach {} to a listener that covers it", named(&route.meta)));
    for candidate in attached.iter().take(6) {
        if let Some(own) = &cx.graph.listener(candidate.listener).hostname {
            finding = finding.label(own.span, format!("this listener serves `{}` only", own.value));
        }
    }
    finding
}

//! GWC2003 `hostname-no-intersection`: route and listeners have no hostname in common.
//!
//! # What it checks
//! All listeners that a parentRef selects admit the route, but none serves a name that one of its `hostnames` covers.
//! A wildcard stands for at least one label: `*.example.com` does not cover `example.com`.
//!
//! # Why it matters
//! Accepted=False/NoMatchingListenerHostname: the route serves nothing through this parentRef.
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
//!   - example.com
//! ```
//!
//! # Fix
//! Use a hostname that the listener covers, or widen the hostname of the listener.
//!
//! # Specification
//! `spec.hostnames`, `listeners[].hostname`, RouteReasonNoMatchingListenerHostname; status reference R-4, §2.6;
//! conformance HTTPRouteHostnameIntersection

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Candidate, ParentEntry};
use crate::lint::attach::refusal::{Cause, Refusal, refused, text};
use crate::lint::finding::quoted;
use crate::lint::finding::reference::Parent;
use crate::lint::finding::{about, named, not_accepted};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC2003.
pub(super) static LINT: Lint = Lint {
    code: rule::HOSTNAME_NO_INTERSECTION,
    docs: Docs {
        summary: "route and listeners have no hostname in common",
        what: "All listeners that a parentRef selects admit the route, but none serves a name that one of its \
              `hostnames` covers. A wildcard stands for at least one label: `*.example.com` does not cover \
              `example.com`.",
        why: "Accepted=False/NoMatchingListenerHostname: the route serves nothing through this parentRef.",
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
  - example.com
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
        fix: "Use a hostname that the listener covers, or widen the hostname of the listener.",
        spec: "`spec.hostnames`, `listeners[].hostname`, RouteReasonNoMatchingListenerHostname; status \
              reference R-4, §2.6; conformance HTTPRouteHostnameIntersection",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (parent, entry, refusal, reason) in refused(cx) {
        if let Refusal::Single(Cause::Hostname, candidates) = refusal {
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
    let route = parent.route;
    let meta = &route.meta;
    let span = route.hostnames.first().map_or(parent.reference.target.name.span, |hostname| hostname.span);
    let message =
        format!("no listener of {} `{}` serves a hostname of the route", parent.reference.target.kind, parent.key());
    let of_route: Vec<String> = route.hostnames.iter().map(|hostname| hostname.value.to_string()).collect();
    let listeners = candidates.iter().map(|candidate| cx.graph.listener(candidate.listener));
    let of_listeners: Vec<String> =
        listeners.filter_map(|listener| Some(listener.hostname.as_ref()?.value.to_string())).collect();
    let mut finding = about(meta, rule::HOSTNAME_NO_INTERSECTION, span, message)
        .effect(format!("Accepted=False/{reason}: {} serves nothing through this parentRef", named(meta)))
        .condition(not_accepted(cx, entry, reason))
        .note(format!("the route serves {}; the listeners serve {}", quoted(&of_route), quoted(&of_listeners)))
        .help(help(&of_route, &of_listeners));
    for candidate in candidates.iter().take(6) {
        let listener = cx.graph.listener(candidate.listener);
        let span = listener.hostname.as_ref().map_or(listener.name.span, |hostname| hostname.span);
        finding = finding.label(span, text(cx, parent, candidate, Cause::Hostname));
    }
    finding
}

fn help(of_route: &[String], of_listeners: &[String]) -> String {
    let apex = of_route.iter().find(|name| of_listeners.iter().any(|other| other.strip_prefix("*.") == Some(name)));
    if let Some(name) = apex {
        return format!("`*.{name}` does not cover `{name}` itself; that name needs a listener of its own");
    }
    let near = of_route.iter().find_map(|name| Some((name, nearest(name, of_listeners.iter().map(String::as_str))?)));
    match near {
        Some((name, near)) => format!("did you mean `{near}` instead of `{name}`?"),
        None => "use a hostname that a listener covers, or widen `hostname` of the listener".to_owned(),
    }
}

//! GWC8013 `hostless-route-on-shared-listener`: a route without hostnames takes every hostname of a shared listener.
//!
//! # What it checks
//! HTTPRoutes and GRPCRoutes without hostnames that attach to a listener with a hostname which several namespaces may
//! use. On listeners without hostname the same is GWC7005.
//!
//! # Why it matters
//! The route answers for every hostname of the listener, those of other teams included: for each path that they do not
//! match themselves, and for hostnames that the listener gets later.
//!
//! # Example
//! ```yaml
//! kind: HTTPRoute
//! spec:
//!   parentRefs:
//!   - name: edge # hostname *.example.com, for several namespaces
//!     namespace: infra
//! ```
//!
//! # Fix
//! List the hostnames that the route is for.
//!
//! # Specification
//! HTTPRoute `spec.hostnames`; status reference §2.6

use std::collections::BTreeSet;

use crate::api::route::{Route, RouteKind};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Binding, ParentVerdict, RouteVerdict};
use crate::graph::ListenerId;
use crate::lint::finding::reference::routes;
use crate::lint::finding::{about, quoted};
use crate::lint::{Cx, Docs, Lint};

use super::shared_listener::shared_bindings;

/// GWC8013.
pub(super) static LINT: Lint = Lint {
    code: rule::HOSTLESS_ROUTE_ON_SHARED_LISTENER,
    docs: Docs {
        summary: "a route without hostnames takes every hostname of a shared listener",
        what: "HTTPRoutes and GRPCRoutes without hostnames that attach to a listener with a hostname \
              which several namespaces may use. On listeners without hostname the same is GWC7005.",
        why: "The route answers for every hostname of the listener, those of other teams included: for \
              each path that they do not match themselves, and for hostnames that the listener gets \
              later.",
        bad: r#"kind: HTTPRoute
spec:
  parentRefs:
  - name: edge # hostname *.example.com, for several namespaces
    namespace: infra
"#,
        good: r#"kind: HTTPRoute
spec:
  parentRefs:
  - name: edge
    namespace: infra
  hostnames:
  - shop.example.com
"#,
        fix: "List the hostnames that the route is for.",
        spec: "HTTPRoute `spec.hostnames`; status reference §2.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let requests = |kind: RouteKind| matches!(kind, RouteKind::Http | RouteKind::Grpc);
    for (id, route, verdict) in routes(cx).filter(|(_, route, _)| requests(route.kind) && route.hostnames.is_empty()) {
        let named = |id: &ListenerId| cx.graph.listener(*id).hostname.is_some();
        let listeners: BTreeSet<ListenerId> = shared_bindings(cx, id).map(Binding::listener).filter(named).collect();
        if !listeners.is_empty() {
            out.push(diagnostic(cx, (route, verdict), &listeners));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, (route, verdict): (&Route, &RouteVerdict), listeners: &BTreeSet<ListenerId>) -> Diagnostic {
    let hostnames = listeners.iter().filter_map(|id| cx.graph.listener(*id).hostname.as_ref());
    let names: BTreeSet<String> = hostnames.clone().map(|hostname| hostname.value.to_string()).collect();
    let message = format!("the route answers for every name of {}, other teams' included", quoted(&names));
    let mut parents = route.parents.iter().zip(&verdict.parents);
    let parent = parents.find(|(_, verdict)| match verdict {
        ParentVerdict::Entry(entry) => entry.bindings.iter().any(|binding| listeners.contains(&binding.listener())),
        ParentVerdict::NoEntry(_) => false,
    });
    let span = parent.map_or(route.meta.name_span, |(parent, _)| parent.target.name.span);
    let mut finding = about(&route.meta, rule::HOSTLESS_ROUTE_ON_SHARED_LISTENER, span, message)
        .primary_label("attached without `hostnames`")
        .effect("requests of other teams that their routes do not match are answered here")
        .help("list the hostnames that the route is for under `spec.hostnames`");
    for hostname in hostnames {
        finding = finding.label(hostname.span, "inherited from this listener");
    }
    finding
}

//! GWC7005 `explicit-hostnames`: a route on a shared listener claims more hostnames than it names.
//!
//! # What it checks
//! HTTPRoutes and GRPCRoutes with a wildcard hostname that is served by a listener which several namespaces may use,
//! and those without hostnames on such a listener without hostname. On listeners with a hostname the latter is GWC8013.
//!
//! # Why it matters
//! The route answers for names of other teams, today's and tomorrow's, whenever their own routes do not match a
//! request.
//!
//! # Example
//! ```yaml
//! hostnames:
//! - "*.example.com"
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
use crate::eval::Binding;
use crate::graph::ListenerId;
use crate::lint::finding::reference::routes;
use crate::lint::finding::{about, listener_text};
use crate::lint::security::shared_listener::shared_bindings;
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;
use crate::value::Hostname;

/// GWC7005.
pub(super) static LINT: Lint = Lint {
    code: rule::EXPLICIT_HOSTNAMES,
    docs: Docs {
        summary: "a route on a shared listener claims more hostnames than it names",
        what: "HTTPRoutes and GRPCRoutes with a wildcard hostname that is served by a listener which \
              several namespaces may use, and those without hostnames on such a listener without \
              hostname. On listeners with a hostname the latter is GWC8013.",
        why: "The route answers for names of other teams, today's and tomorrow's, whenever their own \
              routes do not match a request.",
        bad: r#"hostnames:
- "*.example.com"
"#,
        good: r#"hostnames:
- shop.example.com
"#,
        fix: "List the hostnames that the route is for.",
        spec: "HTTPRoute `spec.hostnames`; status reference §2.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let requests = |kind: RouteKind| matches!(kind, RouteKind::Http | RouteKind::Grpc);
    for (id, route, _) in routes(cx).filter(|(_, route, _)| requests(route.kind)) {
        let bindings: Vec<&Binding> = shared_bindings(cx, id).collect();
        let Some(listener) = bindings.first().map(|binding| binding.listener()) else { continue };
        if route.hostnames.is_empty() {
            out.0.extend(hostless(cx, route, &bindings));
            continue;
        }
        let served: BTreeSet<&Hostname> = bindings.iter().flat_map(|one| one.hostnames()).flatten().collect();
        for hostname in route.hostnames.iter().filter(|one| one.value.is_wildcard()) {
            // A listener for a single name takes only that name out of the wildcard.
            if served.iter().any(|name| name.is_wildcard() && hostname.value.contains(name)) {
                let what = format!("wildcard `{}` claims names of other teams", hostname.value);
                out.push(diagnostic(cx, route, (hostname.span, what), listener));
            }
        }
    }
}

/// A route without hostnames where no listener has one either.
fn hostless(cx: &Cx<'_>, route: &Route, bindings: &[&Binding]) -> Option<Diagnostic> {
    let listeners: Vec<ListenerId> = bindings.iter().map(|binding| binding.listener()).collect();
    let anywhere = listeners.iter().all(|id| cx.graph.listener(*id).hostname.is_none());
    let what = "the route claims every hostname".to_owned();
    let first = listeners.first().filter(|_| anywhere)?;
    Some(diagnostic(cx, route, (route.meta.name_span, what), *first))
}

fn diagnostic(cx: &Cx<'_>, route: &Route, (span, message): (Span, String), listener: ListenerId) -> Diagnostic {
    about(&route.meta, rule::EXPLICIT_HOSTNAMES, span, message)
        .primary_label("more than one team's names")
        .label(cx.graph.listener(listener).namespaces.span, "several namespaces may attach")
        .effect(format!("answers on {} for what other routes leave over", listener_text(cx, listener)))
        .help("list the hostnames that the route is for under `spec.hostnames`")
}

//! GWC8012 `kinds-not-pinned`: a shared listener takes routes of every kind.
//!
//! # What it checks
//! Listeners of protocol HTTP or HTTPS that several namespaces may use and that do not list `allowedRoutes.kinds`.
//!
//! # Why it matters
//! HTTPRoutes and GRPCRoutes both match HTTP requests. A policy that checks only HTTPRoutes (hostnames, owners, quotas)
//! is bypassed by a GRPCRoute.
//!
//! # Example
//! ```yaml
//! allowedRoutes:
//!   namespaces:
//!     from: All
//! ```
//!
//! # Fix
//! List the kinds that the listener is meant for.
//!
//! # Specification
//! Gateway `spec.listeners[].allowedRoutes.kinds`; status reference §2.4, L-40

use std::collections::BTreeSet;

use crate::api::gateway::Listener;
use crate::api::route::RouteKind;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::graph::ListenerId;
use crate::lint::finding::edit::{insert_entry, mapping_at, tree};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};

use super::shared_listener::is_shared;

/// GWC8012.
pub(super) static LINT: Lint = Lint {
    code: rule::KINDS_NOT_PINNED,
    docs: Docs {
        summary: "a shared listener takes routes of every kind",
        what: "Listeners of protocol HTTP or HTTPS that several namespaces may use and that do not list \
              `allowedRoutes.kinds`.",
        why: "HTTPRoutes and GRPCRoutes both match HTTP requests. A policy that checks only HTTPRoutes \
              (hostnames, owners, quotas) is bypassed by a GRPCRoute.",
        bad: r#"allowedRoutes:
  namespaces:
    from: All
"#,
        good: r#"allowedRoutes:
  kinds:
  - kind: HTTPRoute
  namespaces:
    from: All
"#,
        fix: "List the kinds that the listener is meant for.",
        spec: "Gateway `spec.listeners[].allowedRoutes.kinds`; status reference §2.4, L-40",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for id in cx.graph.listeners.ids().filter(|id| is_checked(cx.graph.listener_owner(*id))) {
        let listener = cx.graph.listener(id);
        let http = matches!(listener.protocol.value.as_str(), "HTTP" | "HTTPS");
        if http && listener.kinds.is_empty() && is_shared(listener) {
            let kinds = attached_kinds(cx, id);
            let finding = diagnostic(cx, id, listener);
            out.push(match edit(cx, id, listener, &kinds) {
                Some(edit) => finding.fix(Applicability::Unsafe, "list the kinds that are attached now", vec![edit]),
                None => finding,
            });
        }
    }
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, listener: &Listener) -> Diagnostic {
    let message = format!("listener `{}` takes HTTPRoutes and GRPCRoutes of several namespaces", listener.name.value);
    let span = listener.allowed_routes_span.unwrap_or(listener.name.span);
    about(cx.graph.listener_owner(id), rule::KINDS_NOT_PINNED, span, message)
        .primary_label("without `kinds`")
        .effect("a policy for one kind of route is bypassed by the other")
        .help("list the kinds that are meant under `allowedRoutes.kinds`")
}

fn attached_kinds(cx: &Cx<'_>, id: ListenerId) -> BTreeSet<RouteKind> {
    let attached = cx.evaluation.listeners.get(id.index()).map_or(&[][..], |verdict| &verdict.attached_routes);
    attached.iter().map(|route| cx.graph.routes[*route].kind).collect()
}

fn edit(cx: &Cx<'_>, id: ListenerId, listener: &Listener, kinds: &BTreeSet<RouteKind>) -> Option<Edit> {
    let owner = cx.graph.listener_owner(id);
    let mapping = mapping_at(tree(cx, owner)?, listener.allowed_routes_span?)?;
    let lines: Vec<String> = kinds.iter().map(|kind| format!("- kind: {}", kind.name())).collect();
    let lines: Vec<&str> = std::iter::once("").chain(lines.iter().map(String::as_str)).collect();
    if kinds.is_empty() { None } else { insert_entry(cx, owner.source(), mapping, "kinds", &lines) }
}

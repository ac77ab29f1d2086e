//! GWC3015 `l4-route-contention`: several TCPRoutes or UDPRoutes attach to one listener.
//!
//! # What it checks
//! TCPRoutes, or UDPRoutes, of which more than one attaches to the same listener.
//!
//! # Why it matters
//! A connection carries nothing to choose by. All of them are Accepted=True and counted, but only the oldest, then the
//! first by `namespace/name`, receives traffic; the others receive nothing.
//!
//! # Example
//! ```yaml
//! kind: TCPRoute
//! metadata:
//!   name: stock # orders is attached to the same listener
//! spec:
//!   parentRefs:
//!   - name: edge
//!     sectionName: tcp
//! ```
//!
//! # Fix
//! Give each route a listener of its own, or put the backends of both into one route with weights.
//!
//! # Specification
//! TCPRoute and UDPRoute `spec.parentRefs`; status reference §5.5, L-49

use crate::api::route::{Route, RouteKind};
use crate::diagnostic::{Basis, Diagnostic, Diagnostics, rule};
use crate::eval::precedence::Age;
use crate::graph::{ListenerId, RouteId};
use crate::lint::finding::{about, is_checked, listener_text, named};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC3015.
pub(super) static LINT: Lint = Lint {
    code: rule::L4_ROUTE_CONTENTION,
    docs: Docs {
        summary: "several TCPRoutes or UDPRoutes attach to one listener",
        what: "TCPRoutes, or UDPRoutes, of which more than one attaches to the same listener.",
        why: "A connection carries nothing to choose by. All of them are Accepted=True and counted, but \
              only the oldest, then the first by `namespace/name`, receives traffic; the others receive \
              nothing.",
        bad: r#"kind: TCPRoute
metadata:
  name: stock # orders is attached to the same listener
spec:
  parentRefs:
  - name: edge
    sectionName: tcp
"#,
        good: r#"kind: TCPRoute
metadata:
  name: stock
spec:
  parentRefs:
  - name: edge
    sectionName: tcp-2
"#,
        fix: "Give each route a listener of its own, or put the backends of both into one route with \
              weights.",
        spec: "TCPRoute and UDPRoute `spec.parentRefs`; status reference §5.5, L-49",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, verdict) in cx.graph.listeners.ids().zip(&cx.evaluation.listeners) {
        for kind in [RouteKind::Tcp, RouteKind::Udp] {
            let of_kind = verdict.attached_routes.iter().copied().filter(|route| cx.graph.routes[*route].kind == kind);
            let mut routes: Vec<RouteId> = of_kind.collect();
            routes.sort_by_key(|route| Age::of(&cx.graph.routes[*route].meta));
            let Some((winner, losers)) = routes.split_first() else { continue };
            for loser in losers.iter().map(|loser| &cx.graph.routes[*loser]).filter(|loser| is_checked(&loser.meta)) {
                out.push(diagnostic(cx, id, &cx.graph.routes[*winner], loser));
            }
        }
    }
}

fn diagnostic(cx: &Cx<'_>, listener: ListenerId, winner: &Route, loser: &Route) -> Diagnostic {
    let message = format!("all traffic of {} goes to {}", listener_text(cx, listener), named(&winner.meta));
    let finding = about(&loser.meta, rule::L4_ROUTE_CONTENTION, parent_span(cx, loser, listener), message)
        .primary_label("a second route on this listener")
        .label(parent_span(cx, winner, listener), "this route wins")
        .label(cx.graph.listener(listener).name.span, "the listener")
        .effect("the route is Accepted=True, yet it receives no connection")
        .help("use a listener with another port, or one route with weighted backendRefs")
        .note("the oldest route wins, then the first by `namespace/name`");
    if !Age::of(&winner.meta).only_name_decides(&Age::of(&loser.meta)) {
        return finding;
    }
    let mut finding = finding.note("neither manifest has a creation time: the order of the names was taken");
    finding.basis = Basis::Assumed;
    finding.assumptions.extend([winner, loser].map(|route| {
        let (kind, key) = (route.kind.name().to_ascii_lowercase(), &route.meta.key);
        format!("created:{kind}/{}/{}=TIME", key.namespace, key.name)
    }));
    finding
}

/// The parentRef by which a route reaches the listener, else its name.
fn parent_span(cx: &Cx<'_>, route: &Route, listener: ListenerId) -> Span {
    let (owner, name) = (cx.graph.listener_owner(listener), &cx.graph.listener(listener).name.value);
    let reaches = route.parents.iter().find(|parent| {
        let target = &parent.target;
        let section = parent.section_name.as_ref().is_none_or(|section| section.value == *name);
        section && target.kind == owner.kind.value && target.target(&route.meta.key.namespace) == owner.key
    });
    reaches.map_or(route.meta.name_span, |parent| parent.target.span)
}

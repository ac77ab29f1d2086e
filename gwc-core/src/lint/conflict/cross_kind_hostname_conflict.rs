//! GWC3004 `cross-kind-hostname-conflict`: an HTTPRoute and a GRPCRoute serve the same hostname on one listener.
//!
//! # What it checks
//! HTTPRoutes and GRPCRoutes whose hostnames intersect on a listener. Where the profile rejects the newer route it is
//! an error, with Accepted=False; else a warning.
//!
//! # Why it matters
//! The API says that exactly one of the two may be accepted. Since v1.6 an implementation may keep both: then the older
//! kind takes all requests that it matches, gRPC or not. Others reject the newer route as a whole.
//!
//! # Example
//! ```yaml
//! kind: HTTPRoute
//! spec:
//!   hostnames:
//!   - shop.example.com
//! ---
//! kind: GRPCRoute
//! spec:
//!   hostnames:
//!   - shop.example.com
//! ```
//!
//! # Fix
//! Give gRPC a hostname or a listener of its own, or match the gRPC paths in the HTTPRoute.
//!
//! # Specification
//! GRPCRoute `spec.hostnames`; status reference §5.3; routing reference §2.3

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, rule};
use crate::eval::ParentVerdict;
use crate::eval::precedence::Age;
use crate::eval::{RouteAccepted, Support};
use crate::graph::{ListenerId, RouteId};
use crate::ir::Listener;
use crate::ir::trace::RouteKind;
use crate::lint::finding::reference::parents;
use crate::lint::finding::{about, is_checked, listener_text, named, not_accepted, resting_on};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;
use crate::value::Hostname;

use super::reach::covering;

/// GWC3004.
pub(super) static LINT: Lint = Lint {
    code: rule::CROSS_KIND_HOSTNAME_CONFLICT,
    docs: Docs {
        summary: "an HTTPRoute and a GRPCRoute serve the same hostname on one listener",
        what: "HTTPRoutes and GRPCRoutes whose hostnames intersect on a listener. Where the profile rejects the \
               newer route it is an error, with Accepted=False; else a warning.",
        why: "The API says that exactly one of the two may be accepted. Since v1.6 an implementation may keep both: \
              then the older kind takes all requests that it matches, gRPC or not. Others reject the newer route as \
              a whole.",
        bad: r#"kind: HTTPRoute
spec:
  hostnames:
  - shop.example.com
---
kind: GRPCRoute
spec:
  hostnames:
  - shop.example.com
"#,
        good: r#"kind: HTTPRoute
spec:
  hostnames:
  - shop.example.com
---
kind: GRPCRoute
spec:
  hostnames:
  - grpc.example.com
"#,
        fix: "Give gRPC a hostname or a listener of its own, or match the gRPC paths in the HTTPRoute.",
        spec: "GRPCRoute `spec.hostnames`; status reference §5.3; routing reference §2.3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    rejected(cx, out);
    let mut said: BTreeSet<RouteId> = BTreeSet::new();
    for (socket, ids) in cx.lowered.config.sockets.iter().zip(&cx.lowered.listeners) {
        for (listener, id) in socket.listeners.iter().zip(ids) {
            let [http, grpc] = [RouteKind::Http, RouteKind::Grpc].map(|kind| served(cx, listener, kind));
            if http.is_empty() || grpc.is_empty() {
                continue;
            }
            for (one, other) in meetings(&http, &grpc).into_iter().chain(meetings(&grpc, &http)) {
                out.0.extend(diagnostic(cx, (one, other), *id, &mut said));
            }
        }
    }
}

/// Hostnames that routes of a kind serve on a listener, each with one of them.
fn served<'w>(cx: &Cx<'w>, listener: &'w Listener, kind: RouteKind) -> BTreeMap<Option<&'w Hostname>, RouteId> {
    let config = &cx.lowered.config;
    let mut served = BTreeMap::new();
    for run in listener.entries.chunk_by(|one, next| (one.host, one.rule) == (next.host, next.rule)) {
        let Some(entry) = run.first() else { continue };
        let rule = config.rules.get(entry.rule as usize).filter(|rule| rule.trace.kind == kind);
        let origin = rule.and_then(|_| cx.lowered.origins.get(entry.rule as usize));
        if let (Some(origin), Some(host)) = (origin, listener.hosts.get(entry.host as usize)) {
            served.entry(host.matches.as_ref()).or_insert(origin.route);
        }
    }
    served
}

/// Routes of which one serves a hostname that the other one, or a wildcard of it, covers.
fn meetings(
    narrow: &BTreeMap<Option<&Hostname>, RouteId>,
    wide: &BTreeMap<Option<&Hostname>, RouteId>,
) -> BTreeSet<(RouteId, RouteId)> {
    let of = |name: &Option<&Hostname>| {
        let covering = name.map(covering).into_iter().flatten().find_map(|one| wide.get(&Some(&one)).copied());
        covering.or_else(|| wide.get(&None).copied())
    };
    narrow.iter().filter_map(|(name, route)| Some((*route, of(name)?))).collect()
}

fn diagnostic(
    cx: &Cx<'_>,
    (one, other): (RouteId, RouteId),
    listener: ListenerId,
    said: &mut BTreeSet<RouteId>,
) -> Option<Diagnostic> {
    let age = |id: RouteId| Age::of(&cx.graph.routes[id].meta);
    let (winner, loser) = if age(one) < age(other) { (one, other) } else { (other, one) };
    let (older, newer) = (&cx.graph.routes[winner], &cx.graph.routes[loser]);
    if !is_checked(&newer.meta) || !said.insert(loser) {
        return None;
    }
    let listener = listener_text(cx, listener);
    let message = format!("{} serves a hostname of {}", named(&newer.meta), named(&older.meta));
    let finding = about(&newer.meta, rule::CROSS_KIND_HOSTNAME_CONFLICT, place(cx, loser), message)
        .primary_label(format!("meets on {listener}"))
        .label(place(cx, winner), format!("this {} is older", older.kind.name()))
        .effect("implementations may reject the newer route; others give requests to the older kind first")
        .help("give gRPC a hostname or a listener of its own");
    Some(finding)
}

/// Routes that the profile rejects for an older one of the other kind.
fn rejected(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut said: BTreeSet<RouteId> = BTreeSet::new();
    for parent in parents(cx) {
        let ParentVerdict::Entry(entry) = parent.verdict else { continue };
        let RouteAccepted::HostnameTaken(winner) = entry.accepted.verdict else { continue };
        if !said.insert(parent.id) {
            continue;
        }
        let older = &cx.graph.routes[winner];
        let message = format!("a hostname of {} is taken by {}", named(&parent.route.meta), named(&older.meta));
        let mut finding = about(&parent.route.meta, rule::CROSS_KIND_HOSTNAME_CONFLICT, place(cx, parent.id), message)
            .primary_label("the newer route is rejected")
            .label(place(cx, winner), format!("this {} is older", older.kind.name()))
            .effect("Accepted=False/HostnameConflict: the route serves nothing there")
            .condition(not_accepted(cx, entry, "HostnameConflict"))
            .help("give gRPC a hostname or a listener of its own");
        finding.severity = Severity::Error;
        let support: &Support = &entry.accepted.support;
        out.push(resting_on(cx, finding, support));
    }
}

/// The hostnames of a route, else its name.
fn place(cx: &Cx<'_>, id: RouteId) -> Span {
    let route = &cx.graph.routes[id];
    route.hostnames.first().map_or(route.meta.name_span, |name| name.span)
}

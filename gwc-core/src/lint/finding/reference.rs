//! References and parentRefs of checked routes, each with its verdict and its places.

use crate::api::Meta;
use crate::api::filter::{Filter, FilterKind};
use crate::api::reference::{BackendRef, ObjectReference, ParentRef};
use crate::api::route::{Route, RouteKind, Rule};
use crate::eval::{BackendVerdict, ParentVerdict, ReferencePlace, RouteReference, RouteResolvedRefs, RouteVerdict};
use crate::graph::RouteId;
use crate::lint::Cx;
use crate::lint::finding::{is_checked, route_verdict};
use crate::source::Span;
use crate::value::ObjectKey;

/// A reference of a route.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'w> {
    /// The route's id.
    pub id: RouteId,
    /// The route.
    pub route: &'w Route,
    /// The verdict, with position and role.
    pub verdict: &'w RouteReference,
    /// What it refers to.
    pub target: &'w ObjectReference,
    /// Port, weight and filters; `None` for an ExtensionRef.
    pub backend: Option<&'w BackendRef>,
}

impl Reference<'_> {
    /// Place of the name.
    #[must_use]
    pub fn name_span(&self) -> Span {
        self.target.name.span
    }

    /// Place of the port, else of the whole reference.
    #[must_use]
    pub fn port_span(&self) -> Span {
        self.backend.and_then(|backend| backend.port.as_ref()).map_or(self.target.span, |port| port.span)
    }

    /// The port as written.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.backend.and_then(|backend| backend.port.as_ref()).map(|port| port.value)
    }

    /// Namespace and name of the target.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        self.target.target(&self.route.meta.key.namespace)
    }

    /// What a client sees when this backend cannot be used (status.md §3.2, data plane).
    #[must_use]
    pub fn loss(&self) -> String {
        let answer = match self.route.kind {
            RouteKind::Http => "answer 500",
            RouteKind::Grpc => "fail with UNAVAILABLE",
            RouteKind::Tls | RouteKind::Tcp | RouteKind::Udp => "are dropped",
        };
        let noun = if self.route.kind.has_hostnames() && self.route.kind != RouteKind::Tls {
            "requests"
        } else {
            "connections"
        };
        let backends = self.route.rules.get(self.verdict.rule).map_or(&[][..], |rule| &rule.backends);
        let total: u64 = backends.iter().map(|backend| u64::from(backend.weight)).sum();
        let own = u64::from(self.backend.map_or(0, |backend| backend.weight));
        match (own, total) {
            (0, _) => format!("no {noun} go there while its weight is 0"),
            (own, total) if own == total => format!("all {noun} of the rule {answer}"),
            (own, total) => format!("{own} of {total} {noun} of the rule {answer}"),
        }
    }
}

/// The reason that a verdict on a reference gives `ResolvedRefs` (status.md §3.2); `None`: it resolves.
#[must_use]
pub fn reason(verdict: &BackendVerdict) -> Option<RouteResolvedRefs> {
    match verdict {
        BackendVerdict::Service(..) | BackendVerdict::Other | BackendVerdict::Assumed => None,
        BackendVerdict::InvalidKind => Some(RouteResolvedRefs::InvalidKind),
        BackendVerdict::RefNotPermitted(_) => Some(RouteResolvedRefs::RefNotPermitted),
        BackendVerdict::NotFound
        | BackendVerdict::Refused
        | BackendVerdict::PortMissing(_)
        | BackendVerdict::PortNotFound(_) => Some(RouteResolvedRefs::BackendNotFound),
        BackendVerdict::ExternalName(_) => Some(RouteResolvedRefs::UnsupportedValue),
        BackendVerdict::UnsupportedAppProtocol(..) | BackendVerdict::UnsupportedTransport(..) => {
            Some(RouteResolvedRefs::UnsupportedProtocol)
        }
    }
}

/// Gateways or ListenerSets with the name that a parentRef gives, in other namespaces than the one it means.
pub fn namesakes<'w>(cx: &Cx<'w>, reference: &ParentRef, holder_namespace: &str) -> Vec<&'w Meta> {
    let key = reference.target.target(holder_namespace);
    let group_kind = reference.target.group_kind();
    let graph = cx.graph;
    let gateways = graph.gateways.iter().map(|(_, gateway)| &gateway.meta);
    let sets = graph.listener_sets.iter().map(|(_, set)| &set.meta);
    let same = |meta: &&Meta| meta.key.name == key.name && meta.key.namespace != key.namespace;
    gateways.chain(sets).filter(same).filter(|meta| meta.group_kind() == group_kind).collect()
}

/// Verdicts on checked routes.
pub fn routes<'w>(cx: &Cx<'w>) -> impl Iterator<Item = (RouteId, &'w Route, &'w RouteVerdict)> {
    let Cx { graph, evaluation, .. } = *cx;
    graph.routes.iter().filter(|(_, route)| is_checked(&route.meta)).filter_map(|(id, route)| {
        let verdict = evaluation.routes.get(id.index())?;
        Some((id, route, verdict))
    })
}

/// References of checked routes, in graph order, then document order.
pub fn references<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Reference<'w>> {
    routes(cx).flat_map(|(id, route, verdict)| {
        verdict.references.iter().filter_map(move |reference| {
            let (target, backend) = target(route, reference)?;
            Some(Reference { id, route, verdict: reference, target, backend })
        })
    })
}

/// A parentRef of a route with its verdict.
#[derive(Debug, Clone, Copy)]
pub struct Parent<'w> {
    /// The route's id.
    pub id: RouteId,
    /// The route.
    pub route: &'w Route,
    /// Position in `spec.parentRefs`.
    pub position: usize,
    /// The parentRef.
    pub reference: &'w ParentRef,
    /// The verdict.
    pub verdict: &'w ParentVerdict,
}

impl Parent<'_> {
    /// Namespace and name of the parent.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        self.reference.target.target(&self.route.meta.key.namespace)
    }
}

/// ParentRefs of checked routes, in graph order, then spec order.
pub fn parents<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Parent<'w>> {
    routes(cx).flat_map(|(id, route, verdict)| {
        route.parents.iter().zip(&verdict.parents).enumerate().map(move |(position, (reference, verdict))| Parent {
            id,
            route,
            position,
            reference,
            verdict,
        })
    })
}

/// Place of a reference of a route.
#[must_use]
pub fn reference_span(cx: &Cx<'_>, route: RouteId, reference: &RouteReference) -> Option<Span> {
    route_verdict(cx, route)?;
    target(&cx.graph.routes[route], reference).map(|(target, _)| target.span)
}

/// What a reference of a route refers to.
#[must_use]
pub fn target<'w>(
    route: &'w Route,
    reference: &RouteReference,
) -> Option<(&'w ObjectReference, Option<&'w BackendRef>)> {
    let rule: &Rule = route.rules.get(reference.rule)?;
    match reference.place {
        ReferencePlace::Filter(at) => filter_target(rule.filters.get(at)?),
        ReferencePlace::Backend(at) => rule.backends.get(at).map(|backend| (&backend.target, Some(backend))),
        ReferencePlace::BackendFilter(at, filter) => filter_target(rule.backends.get(at)?.filters.get(filter)?),
    }
}

/// What a filter refers to.
#[must_use]
pub fn filter_target(filter: &Filter) -> Option<(&ObjectReference, Option<&BackendRef>)> {
    match &filter.kind {
        FilterKind::RequestMirror(mirror) => Some((&mirror.backend.target, Some(&mirror.backend))),
        FilterKind::ExternalAuth(auth) => Some((&auth.backend.target, Some(&auth.backend))),
        FilterKind::ExtensionRef(target) => Some((target, None)),
        FilterKind::RequestHeaderModifier(_)
        | FilterKind::ResponseHeaderModifier(_)
        | FilterKind::RequestRedirect(_)
        | FilterKind::UrlRewrite(_)
        | FilterKind::Cors(_)
        | FilterKind::Unknown(_) => None,
    }
}

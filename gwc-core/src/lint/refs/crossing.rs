//! References from one namespace into another: what ReferenceGrants are for (status.md §3.5).

use crate::api::Meta;
use crate::api::gateway::FrontendTls;
use crate::api::reference::ObjectReference;
use crate::api::route::Rule;
use crate::lint::Cx;
use crate::lint::finding::reference::filter_target;
use crate::value::{GroupKind, ObjectKey};

/// A reference into another namespace.
pub(in crate::lint) struct Crossing<'w> {
    /// Who refers.
    pub(in crate::lint) holder: &'w Meta,
    /// Group and kind of the target.
    pub(in crate::lint) target: GroupKind,
    /// Namespace and name of the target.
    pub(in crate::lint) key: ObjectKey,
}

/// All references of the world, context included, that leave their namespace.
pub(in crate::lint) fn crossings<'w>(cx: &Cx<'w>) -> Vec<Crossing<'w>> {
    let graph = cx.graph;
    let routes = graph
        .routes
        .iter()
        .flat_map(|(_, route)| route.rules.iter().flat_map(rule_targets).map(|target| (&route.meta, target)));
    let listeners = graph.listeners.ids().flat_map(|id| {
        let references = graph.listener(id).tls.as_ref().map_or(&[][..], |tls| &tls.certificate_refs);
        references.iter().map(move |target| (graph.listener_owner(id), target))
    });
    let gateways = graph.gateways.iter().flat_map(|(_, gateway)| {
        let validations = gateway.frontend_tls.iter().flat_map(FrontendTls::validations);
        let cas = validations.flat_map(|validation| &validation.ca_refs);
        cas.chain(&gateway.client_certificate_ref).map(|target| (&gateway.meta, target))
    });
    let all = routes.chain(listeners).chain(gateways);
    let leaving = all.filter_map(|(holder, target)| {
        let key = target.target(&holder.key.namespace);
        (key.namespace != holder.key.namespace).then(|| Crossing { holder, target: target.group_kind(), key })
    });
    leaving.collect()
}

/// Everything that a rule refers to.
fn rule_targets(rule: &Rule) -> impl Iterator<Item = &ObjectReference> {
    let backends = rule.backends.iter().map(|backend| &backend.target);
    let filters = rule.filters.iter().chain(rule.backends.iter().flat_map(|backend| &backend.filters));
    backends.chain(filters.filter_map(filter_target).map(|(target, _)| target))
}

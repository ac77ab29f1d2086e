//! References from one namespace into another: what ReferenceGrants are for (status.md §3.5).

use std::collections::BTreeMap;

use crate::api::Meta;
use crate::api::gateway::FrontendTls;
use crate::api::policy::ReferenceGrant;
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

/// References into other namespaces, by the namespaces of target and holder.
pub(in crate::lint) struct Crossings<'w>(BTreeMap<(String, &'w str), Vec<Crossing<'w>>>);

impl<'w> Crossings<'w> {
    /// References between namespaces that a grant is about; kinds and names are not looked at.
    pub(in crate::lint) fn near<'s>(&'s self, grant: &'s ReferenceGrant) -> impl Iterator<Item = &'s Crossing<'w>> {
        grant.from.iter().flat_map(|from| {
            let key = (grant.meta.key.namespace.to_string(), from.namespace.value.as_str());
            self.0.get(&key).map_or(&[][..], Vec::as_slice)
        })
    }

    /// References into a namespace.
    pub(in crate::lint) fn towards(&self, namespace: &str) -> impl Iterator<Item = &Crossing<'w>> {
        let from = self.0.range((namespace.to_owned(), "")..);
        from.take_while(move |((target, _), _)| target == namespace).flat_map(|(_, crossings)| crossings)
    }
}

/// All references of the world, context included, that leave their namespace.
pub(in crate::lint) fn crossings<'w>(cx: &Cx<'w>) -> Crossings<'w> {
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
    let mut by_namespaces: BTreeMap<(String, &'w str), Vec<Crossing<'w>>> = BTreeMap::new();
    for crossing in leaving {
        let key = (crossing.key.namespace.to_string(), crossing.holder.key.namespace.as_str());
        by_namespaces.entry(key).or_default().push(crossing);
    }
    Crossings(by_namespaces)
}

/// Everything that a rule refers to.
fn rule_targets(rule: &Rule) -> impl Iterator<Item = &ObjectReference> {
    let backends = rule.backends.iter().map(|backend| &backend.target);
    let filters = rule.filters.iter().chain(rule.backends.iter().flat_map(|backend| &backend.filters));
    backends.chain(filters.filter_map(filter_target).map(|(target, _)| target))
}

//! Which fields of which kinds are references.

use petgraph::graph::NodeIndex;

use crate::api::Meta;
use crate::api::filter::{Filter, FilterKind};
use crate::api::gateway::{Gateway, Listener};
use crate::api::policy::{PolicyTarget, ReferenceGrant};
use crate::api::reference::ObjectReference;
use crate::api::route::Route;
use crate::graph::Graph;
use crate::graph::reference::{Edge, EdgeKind, References};
use crate::value::{GATEWAY_GROUP, GroupKind, ObjectKey};

/// Adds the edges of all kinds.
pub(super) fn edges(graph: &Graph, references: &mut References) {
    for (_, class) in graph.gateway_classes.iter() {
        Holder::new(&class.meta, references).refer(class.parameters_ref.iter(), EdgeKind::Parameters);
    }
    for (_, object) in graph.gateways.iter() {
        gateway(object, &mut Holder::new(&object.meta, references));
    }
    for (_, set) in graph.listener_sets.iter() {
        let mut holder = Holder::new(&set.meta, references);
        holder.refer([&set.parent.target], EdgeKind::ListenerSetParent);
        listeners(&set.listeners, &mut holder);
    }
    for (_, object) in graph.routes.iter() {
        route(object, &mut Holder::new(&object.meta, references));
    }
    for (_, policy) in graph.backend_tls_policies.iter() {
        let mut holder = Holder::new(&policy.meta, references);
        targets(&policy.targets, &mut holder);
        holder.refer(&policy.ca_refs, EdgeKind::Ca);
    }
    for (_, policy) in graph.backend_traffic_policies.iter() {
        targets(&policy.targets, &mut Holder::new(&policy.meta, references));
    }
    for (_, object) in graph.grants.iter() {
        grant(object, graph, &mut Holder::new(&object.meta, references));
    }
    for (_, slice) in graph.endpoint_slices.iter() {
        let Some(service) = &slice.service else { continue };
        let key = ObjectKey::new(slice.meta.key.namespace.clone(), service.clone());
        let edge = Edge { kind: EdgeKind::Endpoints, span: slice.meta.span };
        Holder::new(&slice.meta, references).link(GroupKind::new("", "Service"), key, edge);
    }
}

/// The object whose references are added.
struct Holder<'r> {
    node: NodeIndex,
    namespace: &'r str,
    references: &'r mut References,
}

impl<'r> Holder<'r> {
    fn new(meta: &'r Meta, references: &'r mut References) -> Self {
        let presence = super::Presence::Present;
        let node = references.add(meta.group_kind(), meta.key.clone(), presence, Some(meta.span));
        Self { node, namespace: &meta.key.namespace, references }
    }

    fn refer<'o>(&mut self, all: impl IntoIterator<Item = &'o ObjectReference>, kind: EdgeKind) {
        for reference in all {
            self.references.refer(self.node, self.namespace, reference, kind);
        }
    }

    fn link(&mut self, group_kind: GroupKind, key: ObjectKey, edge: Edge) {
        self.references.link(self.node, (group_kind, key), edge);
    }
}

fn gateway(gateway: &Gateway, holder: &mut Holder<'_>) {
    let class = ObjectKey::new("", gateway.class_name.value.clone());
    let edge = Edge { kind: EdgeKind::Class, span: gateway.class_name.span };
    holder.link(GroupKind::new(GATEWAY_GROUP, "GatewayClass"), class, edge);
    holder.refer(gateway.parameters_ref.iter(), EdgeKind::Parameters);
    holder.refer(gateway.client_certificate_ref.iter(), EdgeKind::ClientCertificate);
    let validations = gateway.frontend_tls.iter().flat_map(|frontend| frontend.validations());
    holder.refer(validations.flat_map(|validation| &validation.ca_refs), EdgeKind::Ca);
    listeners(&gateway.listeners, holder);
}

fn listeners(listeners: &[Listener], holder: &mut Holder<'_>) {
    let tls = listeners.iter().filter_map(|listener| listener.tls.as_ref());
    holder.refer(tls.flat_map(|tls| &tls.certificate_refs), EdgeKind::Certificate);
}

fn route(route: &Route, holder: &mut Holder<'_>) {
    holder.refer(route.parents.iter().map(|parent| &parent.target), EdgeKind::Parent);
    for rule in &route.rules {
        filters(&rule.filters, holder);
        for backend in &rule.backends {
            holder.refer([&backend.target], EdgeKind::Backend);
            filters(&backend.filters, holder);
        }
    }
}

fn filters(filters: &[Filter], holder: &mut Holder<'_>) {
    for filter in filters {
        match &filter.kind {
            FilterKind::RequestMirror(mirror) => holder.refer([&mirror.backend.target], EdgeKind::Mirror),
            FilterKind::ExternalAuth(auth) => holder.refer([&auth.backend.target], EdgeKind::ExternalAuth),
            FilterKind::ExtensionRef(target) => holder.refer([target], EdgeKind::Extension),
            FilterKind::RequestHeaderModifier(_)
            | FilterKind::ResponseHeaderModifier(_)
            | FilterKind::RequestRedirect(_)
            | FilterKind::UrlRewrite(_)
            | FilterKind::Cors(_)
            | FilterKind::Unknown(_) => {}
        }
    }
}

fn targets(targets: &[PolicyTarget], holder: &mut Holder<'_>) {
    holder.refer(targets.iter().map(|target| &target.target), EdgeKind::PolicyTarget);
}

fn grant(grant: &ReferenceGrant, graph: &Graph, holder: &mut Holder<'_>) {
    for from in &grant.from {
        let namespace = ObjectKey::new("", from.namespace.value.clone());
        holder.link(GroupKind::new("", "Namespace"), namespace, Edge { kind: EdgeKind::GrantFrom, span: from.span });
    }
    for to in &grant.to {
        let group_kind = GroupKind::new(to.group.value.clone(), to.kind.value.clone());
        let edge = Edge { kind: EdgeKind::GrantTo, span: to.span };
        if let Some(name) = &to.name {
            let key = ObjectKey::new(grant.meta.key.namespace.clone(), name.value.clone());
            holder.link(group_kind, key, edge);
            continue;
        }
        for key in graph.keys_of(&group_kind, &grant.meta.key.namespace) {
            holder.link(group_kind.clone(), key.clone(), edge);
        }
    }
}

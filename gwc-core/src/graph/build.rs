//! Objects to arenas and indexes; objects with one identity.
//!
//! Arenas are sorted by namespace, name and group, so that ids do not depend on the order of the inputs.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::api::{Meta, Object};
use crate::graph::{
    Arena, ConfigMapId, Duplicate, GatewayClassId, GatewayId, GrantId, Graph, Id, Listener, ListenerId, ListenerOwner,
    ListenerSetId, NamespaceId, SecretId, ServiceId, ServiceImportId,
};
use crate::source::{SourceMap, Span};
use crate::value::{GroupKind, ObjectKey, X_GATEWAY_GROUP};

/// Lookups by name.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) gateway_classes: BTreeMap<ObjectKey, GatewayClassId>,
    pub(crate) gateways: BTreeMap<ObjectKey, GatewayId>,
    pub(crate) listener_sets: BTreeMap<ObjectKey, ListenerSetId>,
    pub(crate) x_listener_sets: BTreeMap<ObjectKey, ListenerSetId>,
    pub(crate) services: BTreeMap<ObjectKey, ServiceId>,
    pub(crate) service_imports: BTreeMap<ObjectKey, ServiceImportId>,
    pub(crate) secrets: BTreeMap<ObjectKey, SecretId>,
    pub(crate) config_maps: BTreeMap<ObjectKey, ConfigMapId>,
    pub(crate) namespaces: BTreeMap<ObjectKey, NamespaceId>,
    pub(crate) listeners: BTreeMap<ListenerOwner, Vec<ListenerId>>,
    pub(crate) grants: BTreeMap<CompactString, Vec<GrantId>>,
    pub(crate) by_kind: BTreeMap<GroupKind, BTreeMap<ObjectKey, Span>>,
    pub(crate) extents: BTreeSet<(GroupKind, CompactString)>,
}

/// An object that an API server would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Group and kind.
    pub group_kind: GroupKind,
    /// Namespace (after defaulting) and name.
    pub key: ObjectKey,
    /// The whole object.
    pub span: Span,
}

/// The graph of all objects that were admitted; `refused` are those that were not.
#[must_use]
pub fn build(objects: Vec<Object>, refused: Vec<Refused>, sources: &SourceMap) -> Graph {
    let mut graph = Graph::default();
    let order = kept_order(&objects, &mut graph.duplicates, sources);
    for object in order.iter().filter_map(|at| objects.get(*at)) {
        index_by_kind(&mut graph.index, object);
    }
    reserve(&mut graph, &objects);
    // Objects are large: each moves once, from its place in the input to its place in an arena.
    let mut objects: Vec<Option<Object>> = objects.into_iter().map(Some).collect();
    for at in order {
        if let Some(object) = objects.get_mut(at).and_then(Option::take) {
            store(&mut graph, object);
        }
    }
    drop(objects);
    for one in refused {
        let extent = (one.group_kind.clone(), one.key.namespace.clone());
        graph.index.extents.insert(extent);
        graph.refused.entry((one.group_kind, one.key)).or_insert(one.span);
    }
    add_listeners(&mut graph);
    index(&mut graph);
    graph
}

/// What makes two objects the same, and the order of the arenas: key first.
fn identity(meta: &Meta) -> (&ObjectKey, &CompactString, &CompactString) {
    (&meta.key, &meta.kind.value, &meta.group)
}

/// Order of two objects by path, then offset, whatever order the sources were added in.
fn place(a: &Object, b: &Object, sources: &SourceMap) -> std::cmp::Ordering {
    let (a, b) = (a.meta().span, b.meta().span);
    let name = |span: Span| &sources.source(span.source).name;
    name(a).cmp(name(b)).then_with(|| (a.source, a.start).cmp(&(b.source, b.start)))
}

/// Positions of the objects in the order of the arenas, without all but the first of equals. Objects whose name the
/// server generates are never equal.
fn kept_order(objects: &[Object], duplicates: &mut Vec<Duplicate>, sources: &SourceMap) -> Vec<usize> {
    let mut sorted: Vec<(usize, &Object)> = objects.iter().enumerate().collect();
    sorted.sort_by(|(_, a), (_, b)| identity(a.meta()).cmp(&identity(b.meta())).then_with(|| place(a, b, sources)));
    let mut kept = Vec::with_capacity(sorted.len());
    let mut last: Option<&Meta> = None;
    for (at, object) in sorted {
        let meta = object.meta();
        match last {
            Some(first) if !meta.key.name.is_empty() && identity(first) == identity(meta) => {
                duplicates.push(Duplicate { kept: first.clone(), dropped: meta.clone() });
            }
            Some(_) | None => {
                kept.push(at);
                last = Some(meta);
            }
        }
    }
    kept
}

/// Room for the kinds that come in numbers, so that their arenas are not copied while they grow.
fn reserve(graph: &mut Graph, objects: &[Object]) {
    let count = |is: fn(&Object) -> bool| objects.iter().filter(|object| is(object)).count();
    graph.routes.reserve(count(|object| matches!(object, Object::Route(_))));
    graph.services.reserve(count(|object| matches!(object, Object::Service(_))));
    graph.others.reserve(count(|object| matches!(object, Object::Other(_))));
}

fn index_by_kind(index: &mut Index, object: &Object) {
    let meta = object.meta();
    let group_kind = meta.group_kind();
    let names = index.by_kind.entry(group_kind.clone()).or_default();
    names.entry(meta.key.clone()).or_insert(meta.span);
    index.extents.insert((group_kind.clone(), meta.key.namespace.clone()));
    if matches!(object, Object::Other(_)) && meta.namespace_span.is_none() {
        // Its scope may be unknown: a reference without namespace finds it too.
        names.entry(ObjectKey::new("", meta.key.name.clone())).or_insert(meta.span);
        index.extents.insert((group_kind, CompactString::default()));
    }
}

fn store(graph: &mut Graph, object: Object) {
    match object {
        Object::GatewayClass(object) => {
            graph.gateway_classes.push(object);
        }
        Object::Gateway(object) => {
            graph.gateways.push(object);
        }
        Object::ListenerSet(object) => {
            graph.listener_sets.push(object);
        }
        Object::Route(object) => {
            graph.routes.push(object);
        }
        Object::ReferenceGrant(object) => {
            graph.grants.push(object);
        }
        Object::BackendTlsPolicy(object) => {
            graph.backend_tls_policies.push(object);
        }
        Object::BackendTrafficPolicy(object) => {
            graph.backend_traffic_policies.push(object);
        }
        Object::Namespace(object) => {
            graph.namespaces.push(object);
        }
        Object::Service(object) => {
            graph.services.push(object);
        }
        Object::ServiceImport(object) => {
            graph.service_imports.push(object);
        }
        Object::Secret(object) => {
            graph.secrets.push(object);
        }
        Object::ConfigMap(object) => {
            graph.config_maps.push(object);
        }
        Object::EndpointSlice(object) => {
            graph.endpoint_slices.push(object);
        }
        Object::Workload(object) => {
            graph.workloads.push(object);
        }
        Object::Ingress(object) => {
            graph.ingresses.push(object);
        }
        Object::IngressClass(object) => {
            graph.ingress_classes.push(object);
        }
        Object::Crd(object) => {
            graph.crds.push(object);
        }
        Object::Other(meta) => {
            graph.others.push(meta);
        }
    }
}

/// The shared arena: Gateways first, then ListenerSets.
fn add_listeners(graph: &mut Graph) {
    let gateways = graph.gateways.iter().map(|(id, gateway)| (ListenerOwner::Gateway(id), gateway.listeners.len()));
    let sets = graph.listener_sets.iter().map(|(id, set)| (ListenerOwner::ListenerSet(id), set.listeners.len()));
    for (owner, count) in gateways.chain(sets) {
        let listeners = &mut graph.listeners;
        let ids = (0..count).map(|position| listeners.push(Listener { owner, position })).collect();
        graph.index.listeners.insert(owner, ids);
    }
}

fn index(graph: &mut Graph) {
    let index = &mut graph.index;
    index.gateway_classes = by_key(&graph.gateway_classes, |object| &object.meta);
    index.gateways = by_key(&graph.gateways, |object| &object.meta);
    index.services = by_key(&graph.services, |object| &object.meta);
    index.service_imports = by_key(&graph.service_imports, |object| &object.meta);
    index.secrets = by_key(&graph.secrets, |object| &object.meta);
    index.config_maps = by_key(&graph.config_maps, |object| &object.meta);
    index.namespaces = by_key(&graph.namespaces, |object| &object.meta);
    for (id, set) in graph.listener_sets.iter() {
        let experimental = set.meta.group == X_GATEWAY_GROUP;
        let sets = if experimental { &mut index.x_listener_sets } else { &mut index.listener_sets };
        sets.entry(set.meta.key.clone()).or_insert(id);
    }
    for (id, grant) in graph.grants.iter() {
        index.grants.entry(grant.meta.key.namespace.clone()).or_default().push(id);
    }
}

fn by_key<T>(arena: &Arena<T>, meta: fn(&T) -> &Meta) -> BTreeMap<ObjectKey, Id<T>> {
    arena.iter().map(|(id, object)| (meta(object).key.clone(), id)).collect()
}

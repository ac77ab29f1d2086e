//! The graph of typed references behind `gwc graph`: nodes are objects, edges are references (spec README ruling 1).
//!
//! Holds what is written, also where the target is not there; whether a reference is allowed is decided in
//! [`crate::eval`].

use std::collections::BTreeMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::api::reference::ObjectReference;
use crate::graph::Graph;
use crate::source::Span;
use crate::value::{GroupKind, ObjectKey};

mod collect;

/// Is the object of a node there?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// In the world.
    Present,
    /// In the world, but an API server would refuse it.
    Refused,
    /// Only referred to.
    Missing,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Group and kind.
    pub group_kind: GroupKind,
    /// Namespace and name.
    pub key: ObjectKey,
    /// Is it there?
    pub presence: Presence,
    /// The object, where it is there.
    pub span: Option<Span>,
}

/// What a reference is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// `spec.gatewayClassName`.
    Class,
    /// `parametersRef` of a GatewayClass or Gateway.
    Parameters,
    /// `spec.parentRefs[]` of a route.
    Parent,
    /// `spec.parentRef` of a ListenerSet.
    ListenerSetParent,
    /// `backendRefs[]`.
    Backend,
    /// Target of a RequestMirror filter.
    Mirror,
    /// Target of an ExternalAuth filter.
    ExternalAuth,
    /// Target of an ExtensionRef filter.
    Extension,
    /// `certificateRefs[]` of a listener.
    Certificate,
    /// Client certificate of a Gateway towards backends.
    ClientCertificate,
    /// `caCertificateRefs[]` of a Gateway or BackendTLSPolicy.
    Ca,
    /// `targetRefs[]` of a policy.
    PolicyTarget,
    /// `from[].namespace` of a ReferenceGrant.
    GrantFrom,
    /// `to[]` of a ReferenceGrant: the named object, else every object of the kind in the grant's namespace.
    GrantTo,
    /// An EndpointSlice or Endpoints and its Service.
    Endpoints,
}

/// One reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// What for.
    pub kind: EdgeKind,
    /// Where it is written.
    pub span: Span,
}

/// Objects and references of a world.
#[derive(Debug, Default)]
pub struct References {
    graph: DiGraph<Node, Edge>,
    index: BTreeMap<(GroupKind, ObjectKey), NodeIndex>,
}

impl References {
    /// All references of a world.
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        let mut references = Self::default();
        for meta in graph.metas() {
            references.add(meta.group_kind(), meta.key.clone(), Presence::Present, Some(meta.span));
        }
        for ((group_kind, key), span) in &graph.refused {
            references.add(group_kind.clone(), key.clone(), Presence::Refused, Some(*span));
        }
        collect::edges(graph, &mut references);
        references
    }

    /// The whole graph, for walks.
    #[must_use]
    pub fn graph(&self) -> &DiGraph<Node, Edge> {
        &self.graph
    }

    /// The node of an object that is there or referred to.
    #[must_use]
    pub fn node(&self, group_kind: &GroupKind, key: &ObjectKey) -> Option<NodeIndex> {
        self.index.get(&(group_kind.clone(), key.clone())).copied()
    }

    /// Who refers to an object, in the order of the referring objects.
    #[must_use]
    pub fn referrers(&self, group_kind: &GroupKind, key: &ObjectKey) -> Vec<(&Node, Edge)> {
        self.neighbours(group_kind, key, Direction::Incoming)
    }

    /// What an object refers to, in the order of its spec.
    #[must_use]
    pub fn references(&self, group_kind: &GroupKind, key: &ObjectKey) -> Vec<(&Node, Edge)> {
        self.neighbours(group_kind, key, Direction::Outgoing)
    }

    fn neighbours(&self, group_kind: &GroupKind, key: &ObjectKey, direction: Direction) -> Vec<(&Node, Edge)> {
        let Some(node) = self.node(group_kind, key) else { return Vec::new() };
        let other = |edge: &petgraph::graph::EdgeReference<'_, Edge>| match direction {
            Direction::Outgoing => edge.target(),
            Direction::Incoming => edge.source(),
        };
        let edges = self.graph.edges_directed(node, direction);
        let found = edges.filter_map(|edge| Some((self.graph.node_weight(other(&edge))?, *edge.weight())));
        let mut found: Vec<_> = found.collect();
        // petgraph lists the last added edge first.
        found.reverse();
        found
    }

    fn add(&mut self, group_kind: GroupKind, key: ObjectKey, presence: Presence, span: Option<Span>) -> NodeIndex {
        let graph = &mut self.graph;
        let entry = self.index.entry((group_kind.clone(), key.clone()));
        *entry.or_insert_with(|| graph.add_node(Node { group_kind, key, presence, span }))
    }

    fn link(&mut self, from: NodeIndex, to: (GroupKind, ObjectKey), edge: Edge) {
        let to = self.add(to.0, to.1, Presence::Missing, None);
        self.graph.add_edge(from, to, edge);
    }

    /// An edge to the target of a reference of an object in `namespace`.
    fn refer(&mut self, from: NodeIndex, namespace: &str, reference: &ObjectReference, kind: EdgeKind) {
        let mut key = reference.target(namespace);
        // An object of unknown or cluster scope is indexed without namespace.
        let bare = ObjectKey::new("", key.name.clone());
        let group_kind = reference.group_kind();
        let is_known = |key: &ObjectKey| self.node(&group_kind, key).is_some();
        if reference.namespace.is_none() && !is_known(&key) && is_known(&bare) {
            key = bare;
        }
        self.link(from, (group_kind, key), Edge { kind, span: reference.span });
    }
}

//! What refers to what: all objects of a world in typed arenas, with indexes by name. Facts, no judgement.
//!
//! Immutable after [`build::build`]. Listeners of Gateways and entries of ListenerSets share one arena.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use compact_str::CompactString;

use crate::api::Meta;
use crate::api::core::{ConfigMap, Crd, EndpointSlice, Namespace, Secret, Service, ServiceImport, Workload};
use crate::api::gateway::{self, Gateway, GatewayClass, ListenerSet};
use crate::api::ingress::{Ingress, IngressClass};
use crate::api::policy::{BackendTlsPolicy, BackendTrafficPolicy, ReferenceGrant};
use crate::api::route::Route;
use crate::source::Span;
use crate::value::{GroupKind, ObjectKey};

pub mod build;
pub mod reference;

/// Typed index into an [`Arena`].
pub struct Id<T> {
    index: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Position in the arena.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}

impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl<T> std::fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// Objects of one kind, in world order.
#[derive(Debug, Clone, PartialEq)]
pub struct Arena<T>(Vec<T>);

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Arena<T> {
    /// Adds a value.
    pub fn push(&mut self, value: T) -> Id<T> {
        let id = Id { index: u32::try_from(self.0.len()).unwrap_or(u32::MAX), of: PhantomData };
        self.0.push(value);
        id
    }

    /// Makes room for exactly this many more values.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.0.reserve_exact(more);
    }

    /// All values with their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Id<T>, &T)> + DoubleEndedIterator {
        self.0
            .iter()
            .enumerate()
            .map(|(index, value)| (Id { index: u32::try_from(index).unwrap_or(u32::MAX), of: PhantomData }, value))
    }

    /// All ids.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = Id<T>> + DoubleEndedIterator + use<'_, T> {
        self.iter().map(|(id, _)| id)
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True without values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> std::ops::Index<Id<T>> for Arena<T> {
    type Output = T;

    fn index(&self, id: Id<T>) -> &T {
        &self.0[id.index()]
    }
}

/// Id of a GatewayClass.
pub type GatewayClassId = Id<GatewayClass>;
/// Id of a Gateway.
pub type GatewayId = Id<Gateway>;
/// Id of a ListenerSet.
pub type ListenerSetId = Id<ListenerSet>;
/// Id of a listener.
pub type ListenerId = Id<Listener>;
/// Id of a route.
pub type RouteId = Id<Route>;
/// Id of a ReferenceGrant.
pub type GrantId = Id<ReferenceGrant>;
/// Id of a BackendTLSPolicy.
pub type BackendTlsPolicyId = Id<BackendTlsPolicy>;
/// Id of an XBackendTrafficPolicy.
pub type BackendTrafficPolicyId = Id<BackendTrafficPolicy>;
/// Id of a Namespace.
pub type NamespaceId = Id<Namespace>;
/// Id of a Service.
pub type ServiceId = Id<Service>;
/// Id of a ServiceImport.
pub type ServiceImportId = Id<ServiceImport>;
/// Id of a Secret.
pub type SecretId = Id<Secret>;
/// Id of a ConfigMap.
pub type ConfigMapId = Id<ConfigMap>;

/// Who declares a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListenerOwner {
    /// `Gateway.spec.listeners`.
    Gateway(GatewayId),
    /// `ListenerSet.spec.listeners`.
    ListenerSet(ListenerSetId),
}

/// A listener of a Gateway or an entry of a ListenerSet.
#[derive(Debug, Clone, PartialEq)]
pub struct Listener {
    /// Who declares it.
    pub owner: ListenerOwner,
    /// Position in the owner's list.
    pub position: usize,
}

/// What a name leads to: a fact about the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution<T> {
    /// There.
    Found(T),
    /// There, but an API server would refuse it.
    Refused(Span),
    /// Not there.
    Absent,
}

/// Two objects with one identity (GWC0006).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The one that is analysed: the first by path and offset.
    pub kept: Meta,
    /// The other.
    pub dropped: Meta,
}

/// All objects of a world.
#[derive(Debug, Default)]
pub struct Graph {
    /// GatewayClasses.
    pub gateway_classes: Arena<GatewayClass>,
    /// Gateways.
    pub gateways: Arena<Gateway>,
    /// ListenerSets and XListenerSets.
    pub listener_sets: Arena<ListenerSet>,
    /// Listeners: those of Gateways first, in Gateway order, then those of ListenerSets.
    pub listeners: Arena<Listener>,
    /// Routes of all kinds.
    pub routes: Arena<Route>,
    /// ReferenceGrants.
    pub grants: Arena<ReferenceGrant>,
    /// BackendTLSPolicies.
    pub backend_tls_policies: Arena<BackendTlsPolicy>,
    /// XBackendTrafficPolicies.
    pub backend_traffic_policies: Arena<BackendTrafficPolicy>,
    /// Namespaces.
    pub namespaces: Arena<Namespace>,
    /// Services.
    pub services: Arena<Service>,
    /// ServiceImports.
    pub service_imports: Arena<ServiceImport>,
    /// Secrets.
    pub secrets: Arena<Secret>,
    /// ConfigMaps.
    pub config_maps: Arena<ConfigMap>,
    /// EndpointSlices and Endpoints.
    pub endpoint_slices: Arena<EndpointSlice>,
    /// Pods and workloads.
    pub workloads: Arena<Workload>,
    /// Ingresses of any version.
    pub ingresses: Arena<Ingress>,
    /// IngressClasses.
    pub ingress_classes: Arena<IngressClass>,
    /// CustomResourceDefinitions.
    pub crds: Arena<Crd>,
    /// Objects known by kind and name only.
    pub others: Arena<Meta>,
    /// Objects with one identity.
    pub duplicates: Vec<Duplicate>,
    /// Objects that an API server would refuse, with their places; references to them get no finding of their own.
    pub refused: BTreeMap<(GroupKind, ObjectKey), Span>,
    /// Indexes by name; filled by [`build::build`].
    pub(crate) index: build::Index,
}

impl Graph {
    /// The spec of a listener.
    #[must_use]
    pub fn listener(&self, id: ListenerId) -> &gateway::Listener {
        let listener = &self.listeners[id];
        match listener.owner {
            ListenerOwner::Gateway(gateway) => &self.gateways[gateway].listeners[listener.position],
            ListenerOwner::ListenerSet(set) => &self.listener_sets[set].listeners[listener.position],
        }
    }

    /// Identity of the object that declares a listener.
    #[must_use]
    pub fn listener_owner(&self, id: ListenerId) -> &Meta {
        match self.listeners[id].owner {
            ListenerOwner::Gateway(gateway) => &self.gateways[gateway].meta,
            ListenerOwner::ListenerSet(set) => &self.listener_sets[set].meta,
        }
    }

    /// Listeners that an object declares, in spec order.
    #[must_use]
    pub fn listeners_of(&self, owner: ListenerOwner) -> &[ListenerId] {
        self.index.listeners.get(&owner).map_or(&[], Vec::as_slice)
    }

    /// The GatewayClass of this name.
    #[must_use]
    pub fn gateway_class(&self, name: &str) -> Resolution<GatewayClassId> {
        self.resolve(
            &self.index.gateway_classes,
            "gateway.networking.k8s.io",
            "GatewayClass",
            &ObjectKey::new("", name),
        )
    }

    /// The Gateway of this key.
    #[must_use]
    pub fn gateway(&self, key: &ObjectKey) -> Resolution<GatewayId> {
        self.resolve(&self.index.gateways, "gateway.networking.k8s.io", "Gateway", key)
    }

    /// The ListenerSet of this key; `group` tells ListenerSet from XListenerSet.
    #[must_use]
    pub fn listener_set(&self, group: &str, key: &ObjectKey) -> Resolution<ListenerSetId> {
        let x = group == crate::value::X_GATEWAY_GROUP;
        let index = if x { &self.index.x_listener_sets } else { &self.index.listener_sets };
        self.resolve(index, group, if x { "XListenerSet" } else { "ListenerSet" }, key)
    }

    /// The Service of this key.
    #[must_use]
    pub fn service(&self, key: &ObjectKey) -> Resolution<ServiceId> {
        self.resolve(&self.index.services, "", "Service", key)
    }

    /// The ServiceImport of this key.
    #[must_use]
    pub fn service_import(&self, key: &ObjectKey) -> Resolution<ServiceImportId> {
        self.resolve(&self.index.service_imports, "multicluster.x-k8s.io", "ServiceImport", key)
    }

    /// The Secret of this key.
    #[must_use]
    pub fn secret(&self, key: &ObjectKey) -> Resolution<SecretId> {
        self.resolve(&self.index.secrets, "", "Secret", key)
    }

    /// The ConfigMap of this key.
    #[must_use]
    pub fn config_map(&self, key: &ObjectKey) -> Resolution<ConfigMapId> {
        self.resolve(&self.index.config_maps, "", "ConfigMap", key)
    }

    /// The Namespace of this name.
    #[must_use]
    pub fn namespace(&self, name: &str) -> Resolution<NamespaceId> {
        self.resolve(&self.index.namespaces, "", "Namespace", &ObjectKey::new("", name))
    }

    /// Any object of a kind that gwc reads or knows by name.
    #[must_use]
    pub fn exists(&self, group_kind: &GroupKind, key: &ObjectKey) -> Resolution<Span> {
        let known = self.index.by_kind.get(group_kind).and_then(|names| names.get(key));
        known.map_or_else(|| self.refused_or_absent(group_kind, key), |span| Resolution::Found(*span))
    }

    /// Does the world hold any object of that kind in that namespace (cluster-scoped kinds: any at all)?
    /// In a world `auto` this decides whether a missing object counts as absent (cli-and-rules.md §5.3).
    #[must_use]
    pub fn extent_known(&self, group_kind: &GroupKind, namespace: &str) -> bool {
        self.index.extents.contains(&(group_kind.clone(), CompactString::from(namespace)))
    }

    /// Grants in a namespace.
    #[must_use]
    pub fn grants_in(&self, namespace: &str) -> &[GrantId] {
        self.index.grants.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// Keys of all objects of a kind in a namespace.
    pub fn keys_of(&self, group_kind: &GroupKind, namespace: &str) -> impl Iterator<Item = &ObjectKey> {
        let from = ObjectKey::new(namespace, "");
        let names = self.index.by_kind.get(group_kind).map(|names| names.range(from..));
        names.into_iter().flatten().map(|(key, _)| key).take_while(move |key| key.namespace == namespace)
    }

    /// Identities of all objects that are analysed: kinds in the order of the fields, each in arena order.
    pub fn metas(&self) -> impl Iterator<Item = &Meta> {
        let gateway_api = (self.gateway_classes.iter().map(|(_, object)| &object.meta))
            .chain(self.gateways.iter().map(|(_, object)| &object.meta))
            .chain(self.listener_sets.iter().map(|(_, object)| &object.meta))
            .chain(self.routes.iter().map(|(_, object)| &object.meta))
            .chain(self.grants.iter().map(|(_, object)| &object.meta))
            .chain(self.backend_tls_policies.iter().map(|(_, object)| &object.meta))
            .chain(self.backend_traffic_policies.iter().map(|(_, object)| &object.meta));
        let core = (self.namespaces.iter().map(|(_, object)| &object.meta))
            .chain(self.services.iter().map(|(_, object)| &object.meta))
            .chain(self.service_imports.iter().map(|(_, object)| &object.meta))
            .chain(self.secrets.iter().map(|(_, object)| &object.meta))
            .chain(self.config_maps.iter().map(|(_, object)| &object.meta))
            .chain(self.endpoint_slices.iter().map(|(_, object)| &object.meta))
            .chain(self.workloads.iter().map(|(_, object)| &object.meta))
            .chain(self.ingresses.iter().map(|(_, object)| &object.meta))
            .chain(self.ingress_classes.iter().map(|(_, object)| &object.meta))
            .chain(self.crds.iter().map(|(_, object)| &object.meta));
        gateway_api.chain(core).chain(self.others.iter().map(|(_, meta)| meta))
    }

    fn resolve<T>(
        &self,
        index: &BTreeMap<ObjectKey, Id<T>>,
        group: &str,
        kind: &str,
        key: &ObjectKey,
    ) -> Resolution<Id<T>> {
        let found = index.get(key);
        found.map_or_else(|| self.refused_or_absent(&GroupKind::new(group, kind), key), |id| Resolution::Found(*id))
    }

    fn refused_or_absent<T>(&self, group_kind: &GroupKind, key: &ObjectKey) -> Resolution<T> {
        let refused = self.refused.get(&(group_kind.clone(), key.clone()));
        refused.map_or(Resolution::Absent, |span| Resolution::Refused(*span))
    }
}

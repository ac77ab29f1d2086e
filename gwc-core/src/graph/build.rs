//! Objects to arenas and indexes; objects with one identity.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::graph::{
    ConfigMapId, GatewayClassId, GatewayId, GrantId, ListenerId, ListenerOwner, ListenerSetId, NamespaceId, SecretId,
    ServiceId, ServiceImportId,
};
use crate::source::Span;
use crate::value::{GroupKind, ObjectKey};

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

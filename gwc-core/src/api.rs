//! Objects as written, defaults applied: one struct for each kind that gwc reads, with the places of its fields.
//!
//! Only what admission passed is decoded, so every value is legal for the target's CRDs. Unions of the API are enums.
//! Nothing here looks at a second object. [`Object`] is the sum of all kinds; [`decode`] builds it.

use compact_str::CompactString;

pub use crate::source::Role;

use crate::source::{SourceId, Span, Spanned};
use crate::value::{GroupKind, ObjectKey};

pub mod core;
pub mod decode;
pub mod filter;
pub mod gateway;
pub mod ingress;
pub mod policy;
pub mod reference;
pub mod route;

/// Text and its place.
pub type Text = Spanned<CompactString>;

/// `metadata` and identity of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// `apiVersion` as written.
    pub api_version: Text,
    /// `kind` as written.
    pub kind: Text,
    /// Group of `apiVersion`; empty for core.
    pub group: CompactString,
    /// Namespace (after defaulting; empty for cluster-scoped kinds) and name.
    pub key: ObjectKey,
    /// Place of `metadata.name`, else of the object.
    pub name_span: Span,
    /// Place of `metadata.namespace`, where written.
    pub namespace_span: Option<Span>,
    /// Labels, sorted by key.
    pub labels: Vec<(CompactString, CompactString)>,
    /// Annotations in source order.
    pub annotations: Vec<(Text, Text)>,
    /// `metadata.generation`, else 1.
    pub generation: i64,
    /// `metadata.creationTimestamp` (or assumed), seconds since 1970.
    pub created: Option<i64>,
    /// Is it reported on?
    pub role: Role,
    /// Does the target serve the version and kind? What is not served is analysed, but has no status.
    pub served: bool,
    /// The whole object.
    pub span: Span,
    /// Index of the document in [`crate::Compilation::documents`].
    pub document: usize,
}

impl Meta {
    /// Source of the object.
    #[must_use]
    pub fn source(&self) -> SourceId {
        self.span.source
    }

    /// Group and kind.
    #[must_use]
    pub fn group_kind(&self) -> GroupKind {
        GroupKind::new(self.group.clone(), self.kind.value.clone())
    }

    /// Value of an annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&Text> {
        self.annotations.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// Value of a label.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        let at = self.labels.binary_search_by(|(name, _)| name.as_str().cmp(key)).ok()?;
        self.labels.get(at).map(|(_, value)| value.as_str())
    }
}

/// Every object that gwc understands, or knows by name.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "lives only from decoding until the graph is built")]
pub enum Object {
    /// `gateway.networking.k8s.io` GatewayClass.
    GatewayClass(gateway::GatewayClass),
    /// Gateway.
    Gateway(gateway::Gateway),
    /// ListenerSet or XListenerSet.
    ListenerSet(gateway::ListenerSet),
    /// HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute.
    Route(route::Route),
    /// ReferenceGrant.
    ReferenceGrant(policy::ReferenceGrant),
    /// BackendTLSPolicy.
    BackendTlsPolicy(policy::BackendTlsPolicy),
    /// XBackendTrafficPolicy (BackendLBPolicy of v1.0 to v1.2 is read as it).
    BackendTrafficPolicy(policy::BackendTrafficPolicy),
    /// core Namespace.
    Namespace(core::Namespace),
    /// core Service.
    Service(core::Service),
    /// `multicluster.x-k8s.io` ServiceImport.
    ServiceImport(core::ServiceImport),
    /// core Secret.
    Secret(core::Secret),
    /// core ConfigMap.
    ConfigMap(core::ConfigMap),
    /// `discovery.k8s.io` EndpointSlice or core Endpoints.
    EndpointSlice(core::EndpointSlice),
    /// Pod or a workload with a pod template: only its pod labels.
    Workload(core::Workload),
    /// Ingress of any version.
    Ingress(ingress::Ingress),
    /// `networking.k8s.io` IngressClass.
    IngressClass(ingress::IngressClass),
    /// CustomResourceDefinition.
    Crd(core::Crd),
    /// Anything else: indexed by kind and name so that references to it resolve.
    Other(Meta),
}

impl Object {
    /// Identity of the object.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        match self {
            Self::GatewayClass(object) => &object.meta,
            Self::Gateway(object) => &object.meta,
            Self::ListenerSet(object) => &object.meta,
            Self::Route(object) => &object.meta,
            Self::ReferenceGrant(object) => &object.meta,
            Self::BackendTlsPolicy(object) => &object.meta,
            Self::BackendTrafficPolicy(object) => &object.meta,
            Self::Namespace(object) => &object.meta,
            Self::Service(object) => &object.meta,
            Self::ServiceImport(object) => &object.meta,
            Self::Secret(object) => &object.meta,
            Self::ConfigMap(object) => &object.meta,
            Self::EndpointSlice(object) => &object.meta,
            Self::Workload(object) => &object.meta,
            Self::Ingress(object) => &object.meta,
            Self::IngressClass(object) => &object.meta,
            Self::Crd(object) => &object.meta,
            Self::Other(meta) => meta,
        }
    }

    /// Identity of the object, to be completed with what the tree does not say.
    pub(crate) fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Self::GatewayClass(object) => &mut object.meta,
            Self::Gateway(object) => &mut object.meta,
            Self::ListenerSet(object) => &mut object.meta,
            Self::Route(object) => &mut object.meta,
            Self::ReferenceGrant(object) => &mut object.meta,
            Self::BackendTlsPolicy(object) => &mut object.meta,
            Self::BackendTrafficPolicy(object) => &mut object.meta,
            Self::Namespace(object) => &mut object.meta,
            Self::Service(object) => &mut object.meta,
            Self::ServiceImport(object) => &mut object.meta,
            Self::Secret(object) => &mut object.meta,
            Self::ConfigMap(object) => &mut object.meta,
            Self::EndpointSlice(object) => &mut object.meta,
            Self::Workload(object) => &mut object.meta,
            Self::Ingress(object) => &mut object.meta,
            Self::IngressClass(object) => &mut object.meta,
            Self::Crd(object) => &mut object.meta,
            Self::Other(meta) => meta,
        }
    }
}

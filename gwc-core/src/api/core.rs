//! Kinds of Kubernetes itself: only the fields that gwc reads.

use compact_str::CompactString;

use crate::api::{Meta, Text};
use crate::profile::{Bundle, Channel};
use crate::source::{Span, Spanned};

/// core Namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// Identity; labels are what selectors read.
    pub meta: Meta,
}

/// Transport protocol of a Service port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// TCP, the default.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// `spec.ports[]` of a Service or ServiceImport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePort {
    /// Name.
    pub name: Option<Text>,
    /// Port.
    pub port: Spanned<u16>,
    /// Protocol.
    pub transport: Transport,
    /// `appProtocol`.
    pub app_protocol: Option<Text>,
    /// `targetPort` as text: number or name; equals `port` unless written.
    pub target_port: CompactString,
    /// The entry.
    pub span: Span,
}

/// core Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Identity.
    pub meta: Meta,
    /// `spec.type`; ClusterIP unless written.
    pub r#type: Text,
    /// `spec.ports[]`.
    pub ports: Vec<ServicePort>,
    /// `spec.selector`, sorted; empty: endpoints are managed by hand.
    pub selector: Vec<(CompactString, CompactString)>,
    /// `spec.externalName`.
    pub external_name: Option<Text>,
    /// `spec.clusterIP` is `None`.
    pub headless: bool,
}

/// `multicluster.x-k8s.io` ServiceImport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceImport {
    /// Identity.
    pub meta: Meta,
    /// `spec.ports[]`.
    pub ports: Vec<ServicePort>,
}

/// core Secret: what a certificate reference needs. `Debug` never shows data.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// Identity.
    pub meta: Meta,
    /// `type`; Opaque unless written.
    pub r#type: Text,
    /// Decoded data, `stringData` merged over `data`, sorted by key.
    pub data: Vec<(CompactString, SecretValue)>,
}

/// A value of a Secret or ConfigMap.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue {
    /// Decoded bytes; `None`: not base64.
    pub bytes: Option<Vec<u8>>,
    /// Place of the value.
    pub span: Span,
    /// Place of the key.
    pub key_span: Span,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("meta", &self.meta).field("type", &self.r#type).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretValue").field("span", &self.span).finish_non_exhaustive()
    }
}

impl Secret {
    /// The value under a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&SecretValue> {
        self.data.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

/// core ConfigMap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigMap {
    /// Identity.
    pub meta: Meta,
    /// `data` and decoded `binaryData`, sorted by key.
    pub data: Vec<(CompactString, SecretValue)>,
}

impl ConfigMap {
    /// The value under a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&SecretValue> {
        self.data.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

/// `discovery.k8s.io` EndpointSlice, or core Endpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSlice {
    /// Identity.
    pub meta: Meta,
    /// Service that it belongs to (label `kubernetes.io/service-name`, or the name of Endpoints).
    pub service: Option<CompactString>,
    /// Addresses of ready endpoints.
    pub addresses: Vec<Text>,
    /// Endpoints with the ports that they have in common; a slice has one subset, Endpoints may have several.
    pub subsets: Vec<EndpointSubset>,
}

/// Endpoints with common ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSubset {
    /// Ports.
    pub ports: Vec<EndpointPort>,
    /// Endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// `ports[]` of a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointPort {
    /// Name; empty where there is none.
    pub name: CompactString,
    /// Port; `None`: every port.
    pub port: Option<u16>,
    /// Protocol.
    pub transport: Transport,
}

/// `endpoints[]` of a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The first address: they all lead to the same endpoint.
    pub address: CompactString,
    /// `conditions.ready`; unknown counts as ready.
    pub ready: bool,
    /// `conditions.serving`; unknown counts as `ready`.
    pub serving: bool,
    /// `conditions.terminating`.
    pub terminating: bool,
}

/// A Pod or the pod template of a workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// Identity.
    pub meta: Meta,
    /// Labels of its pods, sorted.
    pub pod_labels: Vec<(CompactString, CompactString)>,
}

/// CustomResourceDefinition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crd {
    /// Identity.
    pub meta: Meta,
    /// `spec.group`.
    pub group: CompactString,
    /// `spec.names.kind`.
    pub kind: CompactString,
    /// `spec.scope` is Namespaced.
    pub namespaced: bool,
    /// Bundle and channel of a Gateway API CRD, from its annotations.
    pub bundle: Option<(Bundle, Channel)>,
    /// Place of the bundle-version annotation.
    pub bundle_span: Option<Span>,
    /// The bundle-version annotation as written.
    pub bundle_text: Option<CompactString>,
}

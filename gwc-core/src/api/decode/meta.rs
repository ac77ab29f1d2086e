//! `metadata`, and which kinds live in a namespace.

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::decode::DecodeCx;
use crate::api::decode::reader::Reader;
use crate::api::{Meta, Text};
use crate::source::Spanned;
use crate::value::{GATEWAY_GROUP, GroupKind, ObjectKey};

/// Where objects of a kind live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In a namespace.
    Namespaced,
    /// In the cluster.
    Cluster,
    /// Not known: no CRD of the kind in the world.
    Unknown,
}

/// Scopes of the kinds that CRDs of the world define.
pub type Scopes = BTreeMap<GroupKind, Scope>;

/// Cluster-scoped kinds of Kubernetes itself: group, kind.
const CLUSTER_SCOPED: &[(&str, &str)] = &[
    ("", "Namespace"),
    ("", "Node"),
    ("", "PersistentVolume"),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("certificates.k8s.io", "CertificateSigningRequest"),
    ("certificates.k8s.io", "ClusterTrustBundle"),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
    (GATEWAY_GROUP, "GatewayClass"),
    ("networking.k8s.io", "IPAddress"),
    ("networking.k8s.io", "IngressClass"),
    ("networking.k8s.io", "ServiceCIDR"),
    ("node.k8s.io", "RuntimeClass"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("resource.k8s.io", "DeviceClass"),
    ("resource.k8s.io", "ResourceSlice"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "CSINode"),
    ("storage.k8s.io", "StorageClass"),
    ("storage.k8s.io", "VolumeAttachment"),
    ("storage.k8s.io", "VolumeAttributesClass"),
    ("gateway.networking.x-k8s.io", "XMesh"),
];

/// Scope of a kind: built-in kinds and Gateway API by table, others from the CRDs of the world.
#[must_use]
pub fn scope(group: &str, kind: &str, scopes: &Scopes) -> Scope {
    if CLUSTER_SCOPED.contains(&(group, kind)) {
        return Scope::Cluster;
    }
    if let Some(scope) = scopes.get(&GroupKind::new(group, kind)) {
        return *scope;
    }
    // Groups of Kubernetes itself are complete in the table above.
    let built_in = matches!(group, "" | "apps" | "autoscaling" | "batch" | "extensions" | "policy")
        || matches!(group, "multicluster.x-k8s.io" | crate::value::X_GATEWAY_GROUP)
        || group.ends_with(".k8s.io");
    if built_in { Scope::Namespaced } else { Scope::Unknown }
}

/// Group of an `apiVersion`; empty for core.
#[must_use]
pub fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// Identity of an object; `None` without `apiVersion`, `kind` or `metadata`.
pub(super) fn meta(root: Reader<'_>, cx: &DecodeCx<'_>) -> Option<Meta> {
    let api_version = root.text("apiVersion")?;
    let kind = root.text("kind")?;
    let group = CompactString::from(group_of(&api_version.value));
    let metadata = root.field("metadata")?;
    let namespace = metadata.text("namespace").filter(|namespace| !namespace.value.is_empty());
    let own = match scope(&group, &kind.value, cx.scopes) {
        Scope::Cluster => CompactString::default(),
        // Without a CRD nobody knows; the graph finds an object without namespace both ways.
        Scope::Namespaced | Scope::Unknown => {
            namespace.as_ref().map_or_else(|| cx.default_namespace.into(), |namespace| namespace.value.clone())
        }
    };
    Some(Meta {
        group,
        key: ObjectKey::new(own, metadata.word_or("name", "")),
        name_span: metadata.field("name").unwrap_or(root).span(),
        namespace_span: namespace.map(|namespace| namespace.span),
        labels: metadata.string_map("labels"),
        annotations: annotations(metadata),
        generation: metadata.int("generation").unwrap_or(1),
        created: metadata.field("creationTimestamp").and_then(Reader::string).and_then(super::time::rfc3339_seconds),
        role: cx.role,
        served: cx.served,
        span: root.span(),
        document: cx.document,
        api_version,
        kind,
    })
}

fn annotations(metadata: Reader<'_>) -> Vec<(Text, Text)> {
    let Some(annotations) = metadata.field("annotations") else { return Vec::new() };
    let pair = |entry: &crate::yaml::Entry| {
        let key = Spanned::new(entry.key.text.clone(), metadata.place(entry.key.start, entry.key.end));
        let value = entry.value.as_str()?;
        Some((key, Spanned::new(value.into(), metadata.place(entry.value.start, entry.value.end))))
    };
    annotations.entries().iter().filter_map(pair).collect()
}

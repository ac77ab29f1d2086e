//! Objects as written: the trees of checked documents, for rules about what never reaches the graph.

use crate::diagnostic::{Basis, Code, Diagnostic, ObjectRef, Severity, rule};
use crate::lint::Cx;
use crate::source::{Role, SourceId, Span};
use crate::yaml::Node;

/// An object as written; items of a List are objects of their own.
#[derive(Debug, Clone)]
pub struct Written<'w> {
    /// The text it stands in.
    pub source: SourceId,
    /// Its tree.
    pub node: &'w Node,
    /// Identity, namespace defaulted.
    pub object: ObjectRef,
}

impl<'w> Written<'w> {
    /// Group of `apiVersion`; empty for core.
    #[must_use]
    pub fn group(&self) -> &str {
        self.object.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// `metadata`.
    #[must_use]
    pub fn metadata(&self) -> Option<&'w Node> {
        self.node.field("metadata")
    }

    /// Place of `metadata.name`, else of `kind`.
    #[must_use]
    pub fn name_span(&self) -> Span {
        let name = self.metadata().and_then(|metadata| metadata.field("name"));
        name.or_else(|| self.node.field("kind")).unwrap_or(self.node).span(self.source)
    }

    /// The object in a message.
    #[must_use]
    pub fn named(&self) -> String {
        let ObjectRef { kind, namespace, name, .. } = &self.object;
        if namespace.is_empty() { format!("{kind} `{name}`") } else { format!("{kind} `{namespace}/{name}`") }
    }

    /// A finding about the object with severity and basis of the rule's row.
    #[must_use]
    pub fn finding(&self, code: Code, primary: Span, message: impl Into<String>) -> Diagnostic {
        let (severity, basis) =
            rule::of(code).map_or((Severity::Warning, Basis::Spec), |row| (row.severity, row.basis));
        Diagnostic::new(code, severity, basis, primary, message).object(self.object.clone())
    }
}

/// Checked objects in source order.
pub fn written<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Written<'w>> {
    let Cx { sources, documents, profile, .. } = *cx;
    let checked = documents.iter().filter(|document| sources.source(document.source).role == Role::Checked);
    checked.filter_map(|document| Some((document.source, document.root.as_ref()?))).flat_map(move |(source, root)| {
        objects(root).filter_map(move |node| {
            let text = |node: &Node| node.as_str().map(str::to_owned);
            let api_version = text(node.field("apiVersion")?)?;
            let kind = text(node.field("kind")?)?;
            let name = node.at(&["metadata", "name"]).and_then(text).unwrap_or_default();
            let namespace = node.at(&["metadata", "namespace"]).and_then(text);
            let group = api_version.split_once('/').map_or("", |(group, _)| group);
            let default = || match scope(group, &kind) {
                Some(Scope::Namespaced) => profile.default_namespace.to_string(),
                Some(Scope::Cluster) | None => String::new(),
            };
            let namespace = namespace.unwrap_or_else(default);
            Some(Written { source, node, object: ObjectRef { api_version, kind, namespace, name } })
        })
    })
}

/// The object, or the items of a List.
fn objects(root: &Node) -> impl Iterator<Item = &Node> {
    let is_list = root.field("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    let items = root.field("items").filter(|_| is_list);
    let single = if items.is_some() { None } else { Some(root) };
    single.into_iter().chain(items.map_or(&[][..], Node::items))
}

/// Does a kind live in a namespace?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Yes.
    Namespaced,
    /// No.
    Cluster,
}

/// Scope of the kinds that gwc reads; `None` for any other kind.
#[must_use]
pub fn scope(group: &str, kind: &str) -> Option<Scope> {
    match (group, kind) {
        ("gateway.networking.k8s.io", "GatewayClass")
        | ("gateway.networking.x-k8s.io", "XMesh")
        | ("", "Namespace" | "Node")
        | ("networking.k8s.io", "IngressClass")
        | ("apiextensions.k8s.io", "CustomResourceDefinition") => Some(Scope::Cluster),
        ("gateway.networking.k8s.io", kind) if is_gateway_kind(kind) => Some(Scope::Namespaced),
        ("gateway.networking.x-k8s.io", "XListenerSet" | "XBackendTrafficPolicy")
        | ("", "Service" | "Secret" | "ConfigMap" | "Endpoints" | "Pod")
        | ("discovery.k8s.io", "EndpointSlice")
        | ("networking.k8s.io", "Ingress")
        | ("multicluster.x-k8s.io", "ServiceImport")
        | ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch", "Job" | "CronJob") => Some(Scope::Namespaced),
        _ => None,
    }
}

/// Kinds that any release had in `gateway.networking.k8s.io`.
pub const GATEWAY_KINDS: [&str; 12] = [
    "GatewayClass",
    "Gateway",
    "HTTPRoute",
    "GRPCRoute",
    "TLSRoute",
    "TCPRoute",
    "UDPRoute",
    "ReferenceGrant",
    "BackendTLSPolicy",
    "ListenerSet",
    "BackendLBPolicy",
    "ReferencePolicy",
];

/// Kinds that any release had in `gateway.networking.x-k8s.io`.
pub const X_GATEWAY_KINDS: [&str; 3] = ["XListenerSet", "XBackendTrafficPolicy", "XMesh"];

fn is_gateway_kind(kind: &str) -> bool {
    GATEWAY_KINDS.contains(&kind)
}

//! From the admitted tree (pruned, defaulted) to [`Object`].
//!
//! Fills the API's defaults wherever a field is absent, so that the result is right for every served version and also
//! for a tree that no admission has seen. Judges nothing: what admission would refuse is skipped or left out.

use crate::api::Object;
use crate::api::decode::meta::Scopes;
use crate::api::decode::reader::Reader;
use crate::api::route::RouteKind;
use crate::source::{Role, SourceId};
use crate::value::{GATEWAY_GROUP, INGRESS_GROUP, X_GATEWAY_GROUP};
use crate::yaml::Node;

mod core;
mod filter;
mod gateway;
mod ingress;
pub mod meta;
mod policy;
mod reader;
mod route;
pub mod time;

/// Group of the first Ingresses; no server serves it any more.
const OLD_INGRESS_GROUP: &str = "extensions";

/// What the tree does not say about an object.
#[derive(Debug, Clone, Copy)]
pub struct DecodeCx<'w> {
    /// Source of the tree's places.
    pub source: SourceId,
    /// Is the object reported on?
    pub role: Role,
    /// Index of the document in [`crate::Compilation::documents`].
    pub document: usize,
    /// Namespace of namespaced objects that name none.
    pub default_namespace: &'w str,
    /// Does the target serve the version and kind?
    pub served: bool,
    /// Scopes of the kinds that CRDs of the world define.
    pub scopes: &'w Scopes,
    /// The object as written: a server drops `status` of a new object, but a manifest from a cluster has one.
    pub written: &'w Node,
}

/// The object that an admitted tree says; `None` for a tree that is no object, or lacks what admission demands.
#[must_use]
pub fn decode(object: &Node, cx: &DecodeCx<'_>) -> Option<Object> {
    let root = Reader::new(object, cx.source);
    let meta = meta::meta(root, cx)?;
    let (group, kind) = (meta.group.clone(), meta.kind.value.clone());
    match group.as_str() {
        GATEWAY_GROUP if kind == "GatewayClass" => {
            let written = Reader::new(cx.written, cx.source);
            gateway::gateway_class(root, written, meta).map(Object::GatewayClass)
        }
        GATEWAY_GROUP | X_GATEWAY_GROUP => gateway_api(root, meta, &kind),
        "" | "apps" | "batch" => core::core(root, meta, &kind),
        "discovery.k8s.io" if kind == "EndpointSlice" => Some(Object::EndpointSlice(core::endpoint_slice(root, meta))),
        INGRESS_GROUP | OLD_INGRESS_GROUP if kind == "Ingress" => {
            let written = Reader::new(cx.written, cx.source);
            Some(Object::Ingress(ingress::ingress(root, written, meta)))
        }
        INGRESS_GROUP if kind == "IngressClass" => Some(Object::IngressClass(ingress::ingress_class(root, meta))),
        "multicluster.x-k8s.io" if kind == "ServiceImport" => {
            Some(Object::ServiceImport(core::service_import(root, meta)))
        }
        "apiextensions.k8s.io" if kind == "CustomResourceDefinition" => core::crd(root, meta).map(Object::Crd),
        _ => Some(Object::Other(meta)),
    }
}

fn gateway_api(root: Reader<'_>, meta: crate::api::Meta, kind: &str) -> Option<Object> {
    let stable = meta.group == GATEWAY_GROUP;
    match kind {
        "Gateway" if stable => gateway::gateway(root, meta).map(Object::Gateway),
        "ListenerSet" if stable => gateway::listener_set(root, meta).map(Object::ListenerSet),
        "XListenerSet" if !stable => gateway::listener_set(root, meta).map(Object::ListenerSet),
        "ReferenceGrant" if stable => policy::reference_grant(root, meta).map(Object::ReferenceGrant),
        "BackendTLSPolicy" if stable => policy::backend_tls_policy(root, meta).map(Object::BackendTlsPolicy),
        "BackendLBPolicy" if stable => policy::backend_traffic_policy(root, meta).map(Object::BackendTrafficPolicy),
        "XBackendTrafficPolicy" if !stable => {
            policy::backend_traffic_policy(root, meta).map(Object::BackendTrafficPolicy)
        }
        _ => match RouteKind::parse(kind).filter(|_| stable) {
            Some(route_kind) => Some(Object::Route(route::route(root, meta, route_kind))),
            None => Some(Object::Other(meta)),
        },
    }
}

#[cfg(test)]
mod tests;

//! `KIND/NS/NAME` as people write it: any case, plurals, short names.

use std::fmt;

use gwc_core::diagnostic::ObjectRef;

/// Kinds with their plural and short names, in lower case.
const KINDS: &[(&str, &[&str])] = &[
    ("gatewayclass", &["gatewayclasses", "gc"]),
    ("gateway", &["gateways", "gtw", "gw"]),
    ("listenerset", &["listenersets", "lset", "ls"]),
    ("xlistenerset", &["xlistenersets", "lset"]),
    ("httproute", &["httproutes", "http"]),
    ("grpcroute", &["grpcroutes", "grpc"]),
    ("tlsroute", &["tlsroutes", "tls"]),
    ("tcproute", &["tcproutes", "tcp"]),
    ("udproute", &["udproutes", "udp"]),
    ("referencegrant", &["referencegrants", "refgrant", "rg"]),
    ("backendtlspolicy", &["backendtlspolicies", "btlspolicy", "btp"]),
    ("xbackendtrafficpolicy", &["xbackendtrafficpolicies", "xbtrafficpolicy"]),
    ("service", &["services", "svc"]),
    ("serviceimport", &["serviceimports"]),
    ("secret", &["secrets"]),
    ("configmap", &["configmaps", "cm"]),
    ("namespace", &["namespaces", "ns"]),
    ("endpointslice", &["endpointslices"]),
    ("ingress", &["ingresses", "ing"]),
    ("ingressclass", &["ingressclasses"]),
];

/// A name that picks objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectName {
    kind: String,
    namespace: Option<String>,
    name: String,
}

impl ObjectName {
    /// Reads `KIND/NS/NAME` or `KIND/NAME` (any namespace); a first part that is no known kind gives nothing.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let (kind, namespace, name) = match parts.as_slice() {
            [kind, name] => (kind, None, name),
            [kind, namespace, name] => (kind, Some((*namespace).to_owned()), name),
            _ => return None,
        };
        let kind = kind.to_lowercase();
        let is_kind = KINDS.iter().any(|(known, others)| *known == kind || others.contains(&kind.as_str()));
        (is_kind && !name.is_empty()).then(|| Self { kind, namespace, name: (*name).to_owned() })
    }

    /// Is it of a kind that has listeners?
    pub(crate) fn has_listeners(&self) -> bool {
        let is_it = |(known, others): &(&str, &[&str])| *known == self.kind || others.contains(&self.kind.as_str());
        let known = KINDS.iter().find(|kind| is_it(kind)).map(|(known, _)| *known);
        matches!(known, Some("gateway" | "listenerset" | "xlistenerset"))
    }

    /// Does it pick this object?
    pub(crate) fn matches(&self, object: &ObjectRef) -> bool {
        let kind = object.kind.to_lowercase();
        let others = KINDS.iter().find(|(known, _)| *known == kind).map_or(&[] as &[&str], |(_, others)| others);
        let is_kind = kind == self.kind || others.contains(&self.kind.as_str());
        let is_here = self.namespace.as_ref().is_none_or(|namespace| *namespace == object.namespace);
        is_kind && is_here && self.name == object.name
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let namespace = self.namespace.as_ref().map(|namespace| format!("{namespace}/")).unwrap_or_default();
        write!(f, "`{}/{namespace}{}`", self.kind, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_in_any_form() {
        let object = ObjectRef {
            api_version: "gateway.networking.k8s.io/v1".into(),
            kind: "HTTPRoute".into(),
            namespace: "shop".into(),
            name: "store".into(),
        };
        for text in ["HTTPRoute/shop/store", "httproutes/shop/store", "httproute/store"] {
            assert!(ObjectName::parse(text).unwrap().matches(&object), "{text}");
        }
        for text in ["gateway/shop/store", "httproute/other/store", "httproute/shop/stor"] {
            assert!(!ObjectName::parse(text).unwrap().matches(&object), "{text}");
        }
        assert_eq!(ObjectName::parse("manifests/shop/store.yaml"), None);
        assert_eq!(ObjectName::parse("gateway"), None);
    }
}

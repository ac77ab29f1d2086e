//! Names in expectations: routes, listeners, Gateways, backends, in short and in full.

use gwc_core::diagnostic::ObjectRef;
use gwc_core::ir::backend::BackendKey;
use gwc_core::ir::{Config, Listener, Socket, Trace};

use crate::object_name::ObjectName;

/// Does `NAME`, `NAMESPACE/NAME` or `KIND/NAMESPACE/NAME` mean the route of a rule?
pub(crate) fn is_route(text: &str, trace: &Trace) -> bool {
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [name] => trace.name == **name,
        [namespace, name] => trace.namespace == **namespace && trace.name == **name,
        _ => ObjectName::parse(text).is_some_and(|name| name.matches(&object(trace))),
    }
}

/// The route of a rule.
fn object(trace: &Trace) -> ObjectRef {
    ObjectRef {
        api_version: String::new(),
        kind: trace.kind.name().to_owned(),
        namespace: trace.namespace.to_string(),
        name: trace.name.to_string(),
    }
}

/// `store/window`.
pub(crate) fn route(trace: &Trace) -> String {
    format!("{}/{}", trace.namespace, trace.name)
}

/// Does `NAME` or `NAMESPACE/GATEWAY/NAME` mean the listener of a socket?
pub(crate) fn is_listener(text: &str, config: &Config, socket: &Socket, listener: &Listener) -> bool {
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [name] => listener.name == **name,
        [namespace, owner, name] => {
            let gateway = config.gateway(socket);
            let is_gateway = gateway.namespace == **namespace && gateway.name == **owner;
            let is_set = listener.owner.namespace == **namespace && listener.owner.name == **owner;
            listener.name == **name && (is_gateway || is_set)
        }
        _ => false,
    }
}

/// Does `NAME` or `NAMESPACE/NAME` mean the Gateway of a socket?
pub(crate) fn is_gateway(text: &str, config: &Config, socket: &Socket) -> bool {
    let gateway = config.gateway(socket);
    match text.split_once('/') {
        None => gateway.name == *text,
        Some((namespace, name)) => gateway.namespace == *namespace && gateway.name == *name,
    }
}

/// `infra/shared`.
pub(crate) fn gateway(config: &Config, socket: &Socket) -> String {
    let gateway = config.gateway(socket);
    format!("{}/{}", gateway.namespace, gateway.name)
}

/// Does `[KIND ][NAMESPACE/]NAME[:PORT]` mean a backend of a rule of a route in `namespace`?
pub(crate) fn is_backend(text: &str, key: &BackendKey, namespace: &str) -> bool {
    let (kind, rest) = text.split_once(' ').map_or((None, text), |(kind, rest)| (Some(kind), rest));
    let (rest, port) = rest.rsplit_once(':').map_or((rest, None), |(rest, port)| (rest, Some(port)));
    let (own, name) = rest.split_once('/').unwrap_or((namespace, rest));
    let is_port = port.is_none_or(|port| key.port.is_some_and(|own| own.to_string() == port));
    kind.is_none_or(|kind| key.kind == *kind) && key.namespace == *own && key.name == *name && is_port
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backends_in_short_and_in_full() {
        let key = |kind: &str, port| BackendKey {
            group: "".into(),
            kind: kind.into(),
            namespace: "store".into(),
            name: "web".into(),
            port,
        };
        let service = key("Service", Some(8080));
        for text in ["web", "web:8080", "store/web", "store/web:8080", "Service store/web:8080"] {
            assert!(is_backend(text, &service, "store"), "{text}");
        }
        for text in ["we", "web:80", "other/web", "ServiceImport store/web"] {
            assert!(!is_backend(text, &service, "store"), "{text}");
        }
        assert!(!is_backend("web", &service, "other"));
        let import = key("ServiceImport", None);
        assert!(is_backend(&import.to_string(), &import, "other"));
    }
}

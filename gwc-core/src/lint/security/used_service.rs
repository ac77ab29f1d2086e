//! Services behind backends, and names and addresses that lead back into the node or the control plane.

use std::net::IpAddr;

use crate::eval::BackendVerdict;
use crate::graph::ServiceId;

/// The Service of type ExternalName that a reference leads to.
pub(super) fn external_name(verdict: &BackendVerdict) -> Option<ServiceId> {
    if let BackendVerdict::ExternalName(service) = verdict { Some(*service) } else { None }
}

/// The Service that a reference leads to, usable or not.
pub(super) fn service(verdict: &BackendVerdict) -> Option<ServiceId> {
    match verdict {
        BackendVerdict::Service(service, _)
        | BackendVerdict::PortMissing(service)
        | BackendVerdict::PortNotFound(service)
        | BackendVerdict::ExternalName(service)
        | BackendVerdict::UnsupportedAppProtocol(service, _)
        | BackendVerdict::UnsupportedTransport(service, _) => Some(*service),
        BackendVerdict::Other
        | BackendVerdict::Assumed
        | BackendVerdict::InvalidKind
        | BackendVerdict::RefNotPermitted(_)
        | BackendVerdict::NotFound
        | BackendVerdict::Refused => None,
    }
}

/// What a name or address leads to, when no backend should lead there.
pub(super) fn local_name(name: &str) -> Option<&'static str> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if let Ok(address) = name.parse::<IpAddr>() {
        return local_address(address);
    }
    if name == "localhost" || name.ends_with(".localhost") {
        return Some("the data plane itself");
    }
    if matches!(name.as_str(), "metadata" | "metadata.google.internal" | "instance-data.ec2.internal") {
        return Some("the metadata service of the cloud");
    }
    let api_server = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"];
    let is_api_server = api_server.contains(&name.as_str()) || name.starts_with("kubernetes.default.svc.");
    is_api_server.then_some("the API server")
}

fn local_address(address: IpAddr) -> Option<&'static str> {
    // 169.254.169.254 and its IPv6 counterparts answer with credentials of the node.
    let (loopback, link_local) = match address {
        IpAddr::V4(v4) => (v4.is_loopback() || v4.is_unspecified(), v4.is_link_local()),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => (v4.is_loopback(), v4.is_link_local()),
            None => (
                v6.is_loopback() || v6.is_unspecified(),
                v6.is_unicast_link_local() || v6.segments() == [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254],
            ),
        },
    };
    if loopback {
        return Some("the data plane itself");
    }
    link_local.then_some("the node, or the metadata service of the cloud")
}

#[cfg(test)]
mod tests {
    use super::local_name;

    #[test]
    fn names_of_node_and_control_plane_are_local() {
        let local = [
            "localhost",
            "127.0.0.1",
            "169.254.169.254",
            "fe80::1",
            "::1",
            "fd00:ec2::254",
            "::ffff:127.0.0.1",
            "kubernetes.default.svc.cluster.local.",
            "Metadata.Google.Internal",
        ];
        for name in local {
            assert!(local_name(name).is_some(), "{name}");
        }
        for name in ["store.example.net", "10.0.0.1", "fd00::1", "kubernetes.example.com"] {
            assert!(local_name(name).is_none(), "{name}");
        }
    }
}

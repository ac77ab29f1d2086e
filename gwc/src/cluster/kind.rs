//! The kinds that are watched (runtime-design.md §7.1), and which of them a server has: group, plural, version.
//!
//! A kind that is not served is simply absent; which one that is, is asked again from time to time.

use kube::Client;

/// A kind that matters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// API group; empty: core.
    pub(crate) group: &'static str,
    /// Name.
    pub(crate) name: &'static str,
    /// What of it is watched.
    pub(crate) field_selector: Option<&'static str>,
    /// Are the metadata of its objects enough?
    pub(crate) metadata_only: bool,
    /// What its objects are to the world.
    pub(crate) part: Part,
}

/// What the objects of a kind are to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// GatewayClass: counts if it names our controller.
    Class,
    /// Gateway: counts if its class does.
    Gateway,
    /// CustomResourceDefinition: counts if it is one of Gateway API.
    Definition,
    /// Counts where something refers to it.
    Referenced,
    /// EndpointSlice: counts where something refers to its Service.
    Endpoints,
    /// Anything else that is read.
    Other,
}

const GATEWAY: &str = "gateway.networking.k8s.io";
const GATEWAY_X: &str = "gateway.networking.x-k8s.io";

const fn kind(group: &'static str, name: &'static str, part: Part) -> Kind {
    Kind { group, name, field_selector: None, metadata_only: false, part }
}

/// Every kind that is watched where it is served.
pub(crate) static KINDS: [Kind; 18] = [
    // Their annotations tell the release of the API; the schemas are large and known.
    Kind { metadata_only: true, ..kind("apiextensions.k8s.io", "CustomResourceDefinition", Part::Definition) },
    kind("", "Namespace", Part::Other),
    kind("", "Service", Part::Referenced),
    kind("discovery.k8s.io", "EndpointSlice", Part::Endpoints),
    // Certificates of other types are not usable, and nobody's business.
    Kind { field_selector: Some("type=kubernetes.io/tls"), ..kind("", "Secret", Part::Referenced) },
    kind("", "ConfigMap", Part::Referenced),
    kind(GATEWAY, "GatewayClass", Part::Class),
    kind(GATEWAY, "Gateway", Part::Gateway),
    kind(GATEWAY, "ListenerSet", Part::Other),
    kind(GATEWAY, "HTTPRoute", Part::Other),
    kind(GATEWAY, "GRPCRoute", Part::Other),
    kind(GATEWAY, "TLSRoute", Part::Other),
    kind(GATEWAY, "TCPRoute", Part::Other),
    kind(GATEWAY, "UDPRoute", Part::Other),
    kind(GATEWAY, "ReferenceGrant", Part::Other),
    kind(GATEWAY, "BackendTLSPolicy", Part::Other),
    kind(GATEWAY_X, "XBackendTrafficPolicy", Part::Other),
    kind("multicluster.x-k8s.io", "ServiceImport", Part::Referenced),
];

/// The kind Gateway, without which there is nothing to serve.
pub(crate) fn gateway() -> &'static Kind {
    KINDS.iter().find(|kind| kind.part == Part::Gateway).unwrap_or(&KINDS[0])
}

/// The kind Service.
pub(crate) fn service() -> &'static Kind {
    KINDS.iter().find(|kind| kind.group.is_empty() && kind.name == "Service").unwrap_or(&KINDS[0])
}

/// The kind with this group and name.
pub(crate) fn named(group: &str, name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.group == group && kind.name == name)
}

/// A kind as a server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Served {
    /// The kind.
    pub(crate) kind: &'static Kind,
    /// `group/version`, or `v1`.
    pub(crate) api_version: String,
    /// Its name in paths.
    pub(crate) plural: String,
    /// Does it live in namespaces?
    pub(crate) namespaced: bool,
}

impl Served {
    /// Path of all objects, or of those in a namespace.
    pub(crate) fn path(&self, namespace: Option<&str>) -> String {
        let root = if self.kind.group.is_empty() { "/api" } else { "/apis" };
        let namespace = namespace.filter(|_| self.namespaced).map(|name| format!("namespaces/{name}/"));
        format!("{root}/{}/{}{}", self.api_version, namespace.unwrap_or_default(), self.plural)
    }
}

/// The kinds that the server has, each in the version that it prefers.
pub(crate) async fn served(client: &Client) -> kube::Result<Vec<Served>> {
    let mut found = Vec::new();
    let groups = client.list_api_groups().await?.groups;
    for api_version in std::iter::once("v1".to_owned()).chain(groups.iter().flat_map(versions)) {
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        let wanted = |found: &[Served], name: &str| {
            named(group, name).filter(|kind| found.iter().all(|known| known.kind != *kind))
        };
        if KINDS.iter().all(|kind| kind.group != group || found.iter().any(|known: &Served| known.kind == kind)) {
            continue;
        }
        let resources = if group.is_empty() {
            client.list_core_api_resources(&api_version).await?
        } else {
            client.list_api_group_resources(&api_version).await?
        };
        for resource in resources.resources.into_iter().filter(|resource| !resource.name.contains('/')) {
            if let Some(kind) = wanted(&found, &resource.kind) {
                let (plural, namespaced) = (resource.name, resource.namespaced);
                found.push(Served { kind, api_version: api_version.clone(), plural, namespaced });
            }
        }
    }
    Ok(found)
}

/// Versions of a group, the preferred one first.
fn versions(group: &k8s_openapi::apimachinery::pkg::apis::meta::v1::APIGroup) -> Vec<String> {
    let preferred = group.preferred_version.iter();
    let mut all: Vec<String> = Vec::new();
    for version in preferred.chain(&group.versions) {
        if !all.contains(&version.group_version) {
            all.push(version.group_version.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_core_and_groups() {
        let served = |group, name, api_version: &str, plural: &str, namespaced| Served {
            kind: named(group, name).unwrap(),
            api_version: api_version.into(),
            plural: plural.into(),
            namespaced,
        };
        let services = served("", "Service", "v1", "services", true);
        assert_eq!(services.path(None), "/api/v1/services");
        assert_eq!(services.path(Some("shop")), "/api/v1/namespaces/shop/services");
        let classes = served(GATEWAY, "GatewayClass", "gateway.networking.k8s.io/v1", "gatewayclasses", false);
        assert_eq!(classes.path(Some("shop")), "/apis/gateway.networking.k8s.io/v1/gatewayclasses");
    }
}

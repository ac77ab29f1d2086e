//! Endpoints of Service ports: Service port, its name, the port of that name in the slices (routing.md §5.3).

use rustc_hash::FxHashMap;

use crate::api::core::{self, EndpointSlice, Service, ServicePort};
use crate::graph::Graph;
use crate::ir::{Endpoint, Str};

/// Slices by namespace and name of their Service.
pub(super) struct Slices<'g>(FxHashMap<(&'g str, &'g str), Vec<&'g EndpointSlice>>);

impl<'g> Slices<'g> {
    /// All slices of a world.
    pub(super) fn new(graph: &'g Graph) -> Self {
        let mut slices: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (_, slice) in graph.endpoint_slices.iter() {
            if let Some(service) = &slice.service {
                slices.entry((slice.meta.key.namespace.as_str(), service.as_str())).or_default().push(slice);
            }
        }
        Self(slices)
    }

    /// Endpoints that take requests, or at least those of existing sessions; `None`: the world holds no slices.
    pub(super) fn endpoints(&self, service: &Service, port: &ServicePort) -> Option<Vec<Endpoint>> {
        let key = &service.meta.key;
        let slices = self.0.get(&(key.namespace.as_str(), key.name.as_str()))?;
        let mut found: Vec<Endpoint> = Vec::new();
        for subset in slices.iter().flat_map(|slice| &slice.subsets) {
            let name = port.name.as_ref().map_or("", |name| name.value.as_str());
            let Some(own) = subset.ports.iter().find(|one| one.name == name && one.transport == port.transport) else {
                continue;
            };
            // A port without a number stands for every port.
            let number = own.port.or_else(|| port.target_port.parse().ok()).unwrap_or(port.port.value);
            let usable = subset.endpoints.iter().filter(|endpoint| endpoint.ready || is_draining(endpoint));
            found.extend(usable.map(|one| Endpoint {
                address: Str::from(&one.address),
                port: number,
                ready: one.ready,
            }));
        }
        found.sort_by(|a, b| (&a.address, a.port, b.ready).cmp(&(&b.address, b.port, a.ready)));
        found.dedup_by(|b, a| a.address == b.address && a.port == b.port);
        Some(found)
    }
}

/// Not for new requests, but a session that is there may go on (routing.md §5.9).
fn is_draining(endpoint: &core::Endpoint) -> bool {
    endpoint.serving && endpoint.terminating
}

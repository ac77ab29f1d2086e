//! Which listeners are bound, and the sockets that they make.

use crate::api::gateway;
use crate::eval::ListenerProgrammed;
use crate::graph::{GatewayId, ListenerId, ListenerOwner};
use crate::ir::secret::SecretStore;
use crate::ir::tls::ListenerTls;
use crate::ir::{Gateway, Listener, Owner, Protocol, Socket, Str, Transport};
use crate::lower::place::{self, Positions};
use crate::lower::table::Table;
use crate::lower::{Cx, tls};

/// A listener that is bound.
#[derive(Clone, Copy)]
pub(super) struct Binding<'g> {
    pub(super) gateway: GatewayId,
    pub(super) id: ListenerId,
    pub(super) spec: &'g gateway::Listener,
    pub(super) protocol: Protocol,
    port: u16,
}

impl Binding<'_> {
    fn transport(&self) -> Transport {
        if self.protocol == Protocol::Udp { Transport::Udp } else { Transport::Tcp }
    }

    /// Does TLS end at it?
    pub(super) fn terminates(&self) -> bool {
        self.protocol.is_tls() && !tls::passes_through(self.spec)
    }
}

/// All listeners that are bound, in the order of the IR.
pub(super) struct Bound<'g> {
    bindings: Vec<Binding<'g>>,
    /// Position in `bindings` by listener.
    positions: Vec<Option<u32>>,
}

impl<'g> Bound<'g> {
    /// Listeners that are programmed, of Gateways that are accepted.
    pub(super) fn new(cx: Cx<'g>) -> Self {
        let mut bindings = Vec::new();
        for ((id, gateway), verdict) in cx.graph.gateways.iter().zip(&cx.evaluation.gateways) {
            if gateway.meta.served && verdict.managed.is_managed() && verdict.accepted.verdict.is_true() {
                bindings.extend(verdict.merged.iter().filter_map(|listener| bind(cx, id, *listener)));
            }
        }
        // Stable: listeners of one port stay in merge order.
        bindings.sort_by_key(|one: &Binding<'_>| (one.gateway, one.transport(), one.port));
        let mut positions = vec![None; cx.graph.listeners.len()];
        for (position, binding) in (0u32..).zip(&bindings) {
            if let Some(slot) = positions.get_mut(binding.id.index()) {
                *slot = Some(position);
            }
        }
        Self { bindings, positions }
    }

    /// All bound listeners.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Binding<'g>> {
        self.bindings.iter()
    }

    /// Position of a listener; `None`: it is not bound.
    pub(super) fn position(&self, id: ListenerId) -> Option<u32> {
        self.positions.get(id.index()).copied().flatten()
    }

    /// The listener at a position.
    pub(super) fn at(&self, position: u32) -> Option<&Binding<'g>> {
        self.bindings.get(position as usize)
    }
}

fn bind<'g>(cx: Cx<'g>, gateway: GatewayId, id: ListenerId) -> Option<Binding<'g>> {
    let verdict = cx.evaluation.listeners.get(id.index())?;
    if verdict.programmed.verdict != ListenerProgrammed::Programmed || !cx.graph.listener_owner(id).served {
        return None;
    }
    let spec = cx.graph.listener(id);
    let protocol = match spec.protocol.value.as_str() {
        "HTTP" => Protocol::Http,
        "HTTPS" => Protocol::Https,
        "TLS" => Protocol::Tls,
        "TCP" => Protocol::Tcp,
        "UDP" => Protocol::Udp,
        // A protocol of the profile that gwc does not speak.
        _ => return None,
    };
    Some(Binding { gateway, id, spec, protocol, port: spec.port.as_ref()?.value })
}

/// Gateways, sockets, and where the listeners of each socket are declared.
pub(super) fn sockets(
    cx: Cx<'_>,
    positions: &Positions,
    bound: &Bound<'_>,
    tables: Vec<Table>,
    secrets: &mut SecretStore,
) -> (Vec<Gateway>, Vec<Socket>, Vec<Vec<ListenerId>>) {
    let mut gateways: Vec<(GatewayId, Gateway)> = Vec::new();
    let mut sockets: Vec<Socket> = Vec::new();
    let mut declared: Vec<Vec<ListenerId>> = Vec::new();
    for (binding, table) in bound.iter().zip(tables) {
        if gateways.last().is_none_or(|(id, _)| *id != binding.gateway) {
            gateways.push((binding.gateway, gateway_of(cx, binding.gateway, secrets)));
        }
        let gateway = u32::try_from(gateways.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let listener = listener(cx, positions, binding, table, secrets);
        let key = (gateway, binding.transport(), binding.port);
        match (sockets.last_mut(), declared.last_mut()) {
            (Some(last), Some(ids)) if (last.gateway, last.transport, last.port) == key => {
                last.listeners.push(listener);
                ids.push(binding.id);
            }
            (Some(_) | None, Some(_) | None) => {
                let (gateway, transport, port) = key;
                sockets.push(Socket { gateway, transport, port, listeners: vec![listener] });
                declared.push(vec![binding.id]);
            }
        }
    }
    (gateways.into_iter().map(|(_, gateway)| gateway).collect(), sockets, declared)
}

fn gateway_of(cx: Cx<'_>, id: GatewayId, secrets: &mut SecretStore) -> Gateway {
    let gateway = &cx.graph.gateways[id];
    let verdict = cx.evaluation.gateways.get(id.index());
    let certificate = verdict.and_then(|verdict| verdict.client_certificate.as_ref());
    Gateway {
        namespace: Str::from(&gateway.meta.key.namespace),
        name: Str::from(&gateway.meta.key.name),
        class: Str::from(&gateway.class_name.value),
        addresses: gateway.addresses.iter().filter_map(|one| Some(Str::from(&one.value.as_ref()?.value))).collect(),
        client_certificate: certificate.and_then(|one| tls::certificate(cx, &one.verdict, secrets)),
    }
}

fn listener(
    cx: Cx<'_>,
    positions: &Positions,
    binding: &Binding<'_>,
    table: Table,
    secrets: &mut SecretStore,
) -> Listener {
    let owner = cx.graph.listener_owner(binding.id);
    let kind = match cx.graph.listeners[binding.id].owner {
        ListenerOwner::Gateway(_) => "Gateway",
        ListenerOwner::ListenerSet(_) => owner.kind.value.as_str(),
    };
    let tls: Option<ListenerTls> = binding.protocol.is_tls().then(|| tls::of_listener(cx, binding, secrets));
    let (hosts, entries) = table.into_parts();
    let mut place = place::place(binding.spec.span);
    positions.settle(&mut place);
    Listener {
        owner: Owner {
            kind: kind.into(),
            namespace: Str::from(&owner.key.namespace),
            name: Str::from(&owner.key.name),
        },
        name: Str::from(&binding.spec.name.value),
        protocol: binding.protocol,
        hostname: binding.spec.hostname.as_ref().map(|name| name.value.clone()),
        tls,
        hosts,
        entries,
        place,
    }
}

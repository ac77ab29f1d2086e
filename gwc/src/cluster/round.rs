//! One round: compile what the store holds, let all workers serve it, and only then say what the statuses are
//! (runtime-design.md §7.1, §7.3). Addresses and sockets that cannot be bound are facts that the compiler is told.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use gwc_core::Compilation;
use gwc_core::graph::reference::{EdgeKind, Node, References};
use gwc_core::ir::{Config, Socket, Transport};
use gwc_core::profile::{Placement, Profile};
use gwc_core::source::SourceMap;
use gwc_core::value::ObjectKey;
use gwc_runtime::admin::Facts;
use gwc_runtime::{Applied, Load, Runtime};
use serde_json::Value;

use crate::cluster::address::{Addresses, Wish};
use crate::cluster::kind;
use crate::cluster::store::Key;
use crate::compile::compile;
use crate::options::time;
use crate::output::status_json;
use crate::serve::admin::Judged;

/// Addresses settle at once; this many tries are a bound, not a need.
const TRIES: usize = 4;

/// What turns a world into traffic and statuses.
pub(crate) struct Round {
    runtime: Runtime,
    /// What the admin endpoint knows.
    facts: Facts,
    addresses: Addresses,
    profile: Profile,
    /// What is served.
    last: Option<(Load, Applied)>,
    /// Addresses that Gateways had before this process started.
    earlier: BTreeMap<ObjectKey, Vec<IpAddr>>,
}

/// What came of a round.
pub(crate) struct Served {
    /// The status of every object that has one; `None`: we have nothing to say about it.
    pub(crate) statuses: Vec<(Key, Option<Value>)>,
    /// The objects that others refer to, whether they are there or not.
    pub(crate) referenced: BTreeSet<Key>,
    /// Something could not be bound: worth another try later.
    pub(crate) is_partial: bool,
    /// What an operator should know, a line each.
    pub(crate) notes: Vec<String>,
    /// What is served, in figures.
    pub(crate) summary: String,
}

/// The placement of every Gateway.
type Placements = BTreeMap<ObjectKey, Placement>;

impl Round {
    /// A proxy that serves nothing yet.
    pub(crate) fn new(runtime: Runtime, facts: Facts, profile: Profile, addresses: Addresses) -> Self {
        Self { runtime, facts, addresses, profile, last: None, earlier: BTreeMap::new() }
    }

    /// The proxy.
    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Gives Gateways the addresses back that they had before this process started.
    pub(crate) fn remember(&mut self, earlier: BTreeMap<ObjectKey, Vec<IpAddr>>) {
        self.earlier = earlier;
    }

    /// Serves a world.
    pub(crate) fn run(&mut self, sources: &SourceMap) -> Served {
        let start = Instant::now();
        self.profile.now = time::clock();
        let mut compilation = self.compile(sources);
        let applied = self.load(&compilation);
        let took = start.elapsed();
        let mut notes = refusals(&compilation);
        let failed = failures(&compilation.lowered.config, &applied);
        let is_partial = !failed.is_empty();
        if is_partial {
            notes.extend(failed.iter().map(|failure| failure.words.clone()));
            if let Some(placements) = &mut self.profile.placements {
                failed.iter().for_each(|failure| refuse(placements, &failure.gateway, failure.transport, failure.port));
            }
            compilation = compile(sources, &self.profile);
        }
        let config = &compilation.lowered.config;
        let summary = format!(
            "generation {}: {} on {}, {}",
            applied.generation,
            crate::output::counted(config.gateways.len(), "Gateway"),
            crate::output::counted(config.sockets.len(), "socket"),
            crate::output::counted(config.rules.len(), "rule"),
        );
        Judged::new(&compilation.statuses, config).tell(&self.facts, &applied, took);
        let (statuses, referenced) = (statuses(&compilation), referenced(&compilation));
        Served { statuses, referenced, is_partial, notes, summary }
    }

    /// Compiles until every Gateway has its addresses.
    fn compile(&mut self, sources: &SourceMap) -> Compilation {
        let known = self.profile.placements.take().unwrap_or_default();
        let mut placements: Placements =
            known.into_iter().map(|(gateway, one)| (gateway, placed(one.addresses))).collect();
        let mut compilation = compile_with(sources, &mut self.profile, &placements);
        for _ in 0..TRIES {
            let table = self.addresses.assign(wishes(&compilation, &self.earlier));
            let next: Placements = table.into_iter().map(|(gateway, addresses)| (gateway, placed(addresses))).collect();
            if next == placements {
                break;
            }
            placements = next;
            compilation = compile_with(sources, &mut self.profile, &placements);
        }
        // From now on the table knows what everybody has.
        self.earlier.clear();
        let taken = match &self.addresses {
            Addresses::Pool(_) => Vec::new(),
            Addresses::Shared(_) => taken_ports(&compilation),
        };
        if !taken.is_empty() {
            for (gateway, transport, port) in taken {
                refuse(&mut placements, &gateway, transport, port);
            }
            compilation = compile_with(sources, &mut self.profile, &placements);
        }
        compilation
    }

    /// Lets all workers serve it; where they do already and nothing is missing, they are left alone.
    fn load(&mut self, compilation: &Compilation) -> Applied {
        let config = &compilation.lowered.config;
        let placements = self.profile.placements.as_ref();
        let addresses = config.sockets.iter().map(|socket| {
            let own = placements
                .and_then(|all| all.get(&gateway_of(config, socket)))
                .map(|one| one.addresses.as_slice())
                .unwrap_or_default();
            own.iter().map(|address| SocketAddr::new(self.addresses.bind(*address), socket.port)).collect()
        });
        let addresses: Vec<Vec<SocketAddr>> = addresses.collect();
        let secrets = &compilation.lowered.secrets;
        if let Some((load, applied)) = &self.last
            && applied.bound.iter().all(|bound| bound.result.is_ok())
            && (load.config.as_ref(), load.secrets.as_ref(), &load.addresses) == (config, secrets, &addresses)
        {
            return applied.clone();
        }
        let load = Load { config: Arc::new(config.clone()), secrets: Arc::new(secrets.clone()), addresses };
        let applied = self.runtime.swap(load.clone());
        self.last = Some((load, applied.clone()));
        applied
    }
}

fn compile_with(sources: &SourceMap, profile: &mut Profile, placements: &Placements) -> Compilation {
    profile.placements = Some(placements.clone());
    compile(sources, profile)
}

fn placed(addresses: Vec<IpAddr>) -> Placement {
    Placement { addresses, ..Placement::default() }
}

fn refuse(placements: &mut Placements, gateway: &ObjectKey, transport: Transport, port: u16) {
    let placement = placements.entry(gateway.clone()).or_default();
    let refused = match transport {
        Transport::Tcp => &mut placement.refused_tcp,
        Transport::Udp => &mut placement.refused_udp,
    };
    refused.insert(port);
}

fn gateway_of(config: &Config, socket: &Socket) -> ObjectKey {
    let gateway = config.gateway(socket);
    ObjectKey::new(gateway.namespace.as_str(), gateway.name.as_str())
}

/// What each Gateway asks for.
fn wishes(compilation: &Compilation, earlier: &BTreeMap<ObjectKey, Vec<IpAddr>>) -> Vec<Wish> {
    let of_gateway = |gateway: &gwc_core::api::gateway::Gateway| {
        let addresses = gateway.addresses.iter().filter(|address| address.r#type.value == "IPAddress");
        let values = addresses.map(|address| address.value.as_ref().map(|text| &text.value));
        Wish {
            gateway: gateway.meta.key.clone(),
            created: gateway.meta.created,
            requested: values.clone().flatten().filter_map(|text| text.parse().ok()).collect(),
            wants_any: gateway.addresses.is_empty() || values.clone().any(|value| value.is_none()),
            earlier: earlier.get(&gateway.meta.key).cloned().unwrap_or_default(),
        }
    };
    compilation.graph.gateways.iter().map(|(_, gateway)| of_gateway(gateway)).collect()
}

/// Ports of Gateways that another Gateway has: with one address for all, a port belongs to the oldest that asks (§7.4).
fn taken_ports(compilation: &Compilation) -> Vec<(ObjectKey, Transport, u16)> {
    let created: BTreeMap<&ObjectKey, Option<i64>> =
        compilation.graph.gateways.iter().map(|(_, gateway)| (&gateway.meta.key, gateway.meta.created)).collect();
    let config = &compilation.lowered.config;
    let mut claims: BTreeMap<(Transport, u16), Vec<ObjectKey>> = BTreeMap::new();
    for socket in &config.sockets {
        claims.entry((socket.transport, socket.port)).or_default().push(gateway_of(config, socket));
    }
    let mut taken = Vec::new();
    for ((transport, port), mut gateways) in claims {
        gateways.sort_by_key(|key| {
            let created = created.get(key).copied().flatten();
            (created.is_none(), created, key.clone())
        });
        taken.extend(gateways.into_iter().skip(1).map(|key| (key, transport, port)));
    }
    taken
}

/// A socket that could not be bound.
struct Failure {
    gateway: ObjectKey,
    transport: Transport,
    port: u16,
    words: String,
}

fn failures(config: &Config, applied: &Applied) -> Vec<Failure> {
    let failed = applied.bound.iter().filter_map(|bound| {
        let (socket, error) = (config.sockets.get(bound.socket)?, bound.result.as_ref().err()?);
        let gateway = gateway_of(config, socket);
        let cure = if error.kind() == std::io::ErrorKind::AddrNotAvailable {
            "; the addresses of --address-pool must be those of an interface"
        } else if error.kind() == std::io::ErrorKind::PermissionDenied {
            "; ports below 1024 need the right to bind them"
        } else {
            ""
        };
        let words = format!("warning: Gateway {gateway}: cannot bind {}: {error}{cure}", bound.asked);
        Some(Failure { gateway, transport: socket.transport, port: socket.port, words })
    });
    failed.collect()
}

/// Objects that the server has, but that the rules of the API as we know them refuse: they are left out.
fn refusals(compilation: &Compilation) -> Vec<String> {
    let refused = compilation.graph.refused.iter();
    let words = refused.map(|((kind, key), _)| {
        format!("warning: {} {} is not valid by the rules of Gateway API and is left out", kind.kind, key)
    });
    words.collect()
}

/// Targets of references, but for those that only say what may be referred to.
fn referenced(compilation: &Compilation) -> BTreeSet<Key> {
    let references = References::of(&compilation.graph);
    let graph = references.graph();
    let is_need = |kind: EdgeKind| !matches!(kind, EdgeKind::GrantFrom | EdgeKind::GrantTo | EdgeKind::Endpoints);
    let targets = graph.raw_edges().iter().filter(|edge| is_need(edge.weight.kind)).map(|edge| &graph[edge.target()]);
    let key = |node: &Node| {
        Key::new(kind::named(&node.group_kind.group, &node.group_kind.kind)?, &node.key.namespace, &node.key.name)
    };
    targets.filter_map(key).collect()
}

fn statuses(compilation: &Compilation) -> Vec<(Key, Option<Value>)> {
    let of = |status: &gwc_core::status::ObjectStatus| {
        let object = &status.object;
        let group = object.api_version.split_once('/').map_or("", |(group, _)| group);
        let key = Key::new(kind::named(group, &object.kind)?, &object.namespace, &object.name)?;
        Some((key, status.body.as_ref().map(status_json::body)))
    };
    compilation.statuses.iter().filter_map(of).collect()
}

//! Backends, each once, and the outcome of references that cannot be used (routing.md §5.1 to §5.4).

use rustc_hash::FxHashMap;

use crate::api::core::ServicePort;
use crate::api::reference::BackendRef;
use crate::api::route::RouteKind;
use crate::eval::route::reason;
use crate::eval::{BackendVerdict, ReferencePlace, RouteResolvedRefs, Support};
use crate::graph::{Resolution, ServiceId};
use crate::ir::backend::BackendKey;
use crate::ir::rule::Rule;
use crate::ir::secret::SecretStore;
use crate::ir::{Backend, BackendProtocol, Filter, Invalid, Str, Target};
use crate::lower::Cx;
use crate::lower::endpoint::Slices;
use crate::lower::policy::Policies;
use crate::lower::rule::Source;
use crate::value::Basis;

/// How a route speaks to a backend.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Speech {
    protocol: BackendProtocol,
    /// Does a BackendTLSPolicy matter (routing.md §5.5)?
    encrypts: bool,
}

/// What a reference that can be used leads to.
struct Found<'g> {
    key: BackendKey,
    speech: Speech,
    /// The Service and the port, where they are in the world.
    service: Option<(ServiceId, &'g ServicePort)>,
    assumed: bool,
}

/// Backends that are made.
pub(super) struct Backends<'g, 'w> {
    cx: Cx<'g>,
    secrets: &'w mut SecretStore,
    policies: Policies<'g>,
    slices: Slices<'g>,
    list: Vec<Backend>,
    /// Positions in `list` of what was asked of a Service, by Service: the common case, without a key.
    by_service: Vec<Vec<((usize, Speech), u32)>>,
    by_key: FxHashMap<(BackendKey, Speech), u32>,
}

/// Does a verdict rest on facts that the world does not hold?
pub(super) fn is_assumed(support: &Support) -> bool {
    support.basis == Basis::Assumed || !support.assumptions.is_empty()
}

impl<'g, 'w> Backends<'g, 'w> {
    /// No backends yet.
    pub(super) fn new(cx: Cx<'g>, secrets: &'w mut SecretStore) -> Self {
        Self {
            cx,
            secrets,
            policies: Policies::new(cx),
            slices: Slices::new(cx.graph),
            list: Vec::new(),
            by_service: vec![Vec::new(); cx.graph.services.len()],
            by_key: FxHashMap::default(),
        }
    }

    /// Where the reference at `place` of a rule leads; `base` is the protocol unless the port says more.
    pub(super) fn target(
        &mut self,
        source: &Source<'_>,
        place: ReferencePlace,
        written: &BackendRef,
        base: BackendProtocol,
    ) -> Target {
        let judged = source.references.iter().find(|one| one.place == place).map(|one| &one.verdict);
        let verdict = judged.map_or(&BackendVerdict::NotFound, |judged| &judged.verdict);
        let encrypts = encrypts(source, base);
        match verdict {
            BackendVerdict::Service(id, position) => {
                let ports = &self.cx.graph.services[*id].ports;
                let port = ports.get(*position);
                let speech = Speech { protocol: spoken(base, port), encrypts };
                let asked = (*position, speech);
                let known = self.by_service.get(id.index()).and_then(|all| all.iter().find(|(one, _)| *one == asked));
                if let Some((_, found)) = known {
                    return Target::Backend(*found);
                }
                let key = key(source, written);
                let service = port.map(|port| (*id, port));
                let found = self.intern(Found { key, speech, service, assumed: false });
                if let Some(all) = self.by_service.get_mut(id.index()) {
                    all.push((asked, found));
                }
                Target::Backend(found)
            }
            BackendVerdict::Other | BackendVerdict::Assumed => {
                let key = key(source, written);
                let speech = Speech { protocol: self.spoken_to_import(base, &key), encrypts };
                let assumed = judged.is_some_and(|judged| is_assumed(&judged.support));
                Target::Backend(self.intern(Found { key, speech, service: None, assumed }))
            }
            BackendVerdict::InvalidKind
            | BackendVerdict::RefNotPermitted(_)
            | BackendVerdict::NotFound
            | BackendVerdict::Refused
            | BackendVerdict::PortMissing(_)
            | BackendVerdict::PortNotFound(_)
            | BackendVerdict::ExternalName(_)
            | BackendVerdict::UnsupportedAppProtocol(..)
            | BackendVerdict::UnsupportedTransport(..) => {
                let reason = word(reason(verdict)).into();
                Target::Invalid(Box::new(Invalid { reason, reference: key(source, written) }))
            }
        }
    }

    /// A ServiceImport has ports too.
    fn spoken_to_import(&self, base: BackendProtocol, key: &BackendKey) -> BackendProtocol {
        if key.kind != "ServiceImport" {
            return base;
        }
        let object = crate::value::ObjectKey::new(key.namespace.as_str(), key.name.as_str());
        match self.cx.graph.service_import(&object) {
            Resolution::Found(id) => {
                let ports = &self.cx.graph.service_imports[id].ports;
                spoken(base, ports.iter().find(|port| Some(port.port.value) == key.port))
            }
            Resolution::Refused(_) | Resolution::Absent => base,
        }
    }

    fn intern(&mut self, found: Found<'g>) -> u32 {
        let slot = (found.key.clone(), found.speech);
        if let Some(position) = self.by_key.get(&slot).copied() {
            if let Some(backend) = self.list.get_mut(position as usize) {
                backend.assumed |= found.assumed;
            }
            return position;
        }
        let name = found.service.and_then(|(_, port)| port.name.as_ref()).map(|name| name.value.as_str());
        let is_service = found.key.group.is_empty() && found.key.kind == "Service";
        let tls = if found.speech.encrypts && is_service {
            self.policies.tls(self.cx, &found.key, name, self.secrets)
        } else {
            None
        };
        let position = if found.speech.encrypts && tls.is_none() {
            // The same as for a route that never encrypts.
            let speech = Speech { encrypts: false, ..found.speech };
            self.intern(Found { speech, ..found })
        } else {
            let position = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
            let traffic = if is_service { self.policies.traffic(self.cx, &found.key, name) } else { None };
            let (session_persistence, retry_budget) = traffic.unwrap_or_default();
            let endpoints =
                found.service.and_then(|(id, port)| self.slices.endpoints(&self.cx.graph.services[id], port));
            self.list.push(Backend {
                key: found.key,
                protocol: found.speech.protocol,
                tls,
                endpoints,
                session_persistence,
                retry_budget,
                assumed: found.assumed,
            });
            position
        };
        self.by_key.insert(slot, position);
        position
    }

    /// The backends by key, and their positions in that order.
    pub(super) fn finish(self) -> (Vec<Backend>, Moved) {
        let order = |backend: &Backend| (backend.key.clone(), backend.protocol, backend.tls.is_some());
        let mut list: Vec<(u32, Backend)> = (0u32..).zip(self.list).collect();
        list.sort_by_cached_key(|(_, backend)| order(backend));
        let mut positions = vec![0; list.len()];
        for (new, (old, _)) in (0u32..).zip(&list) {
            if let Some(slot) = positions.get_mut(*old as usize) {
                *slot = new;
            }
        }
        (list.into_iter().map(|(_, backend)| backend).collect(), Moved(positions))
    }
}

/// Where the backends moved to.
pub(super) struct Moved(Vec<u32>);

impl Moved {
    /// Sets the positions in a rule.
    pub(super) fn settle(&self, rule: &mut Rule) {
        let settle = |target: &mut Target| match target {
            Target::Backend(position) => *position = self.0.get(*position as usize).copied().unwrap_or_default(),
            Target::Invalid(_) => {}
        };
        rule.filters.iter_mut().filter_map(Filter::target_mut).for_each(settle);
        for backend in &mut rule.backends {
            settle(&mut backend.target);
            backend.filters.iter_mut().filter_map(Filter::target_mut).for_each(settle);
        }
    }
}

/// Does a BackendTLSPolicy matter to the route: HTTP and gRPC, and TLSRoutes where TLS ends at the listener?
fn encrypts(source: &Source<'_>, base: BackendProtocol) -> bool {
    match base {
        BackendProtocol::Http1 | BackendProtocol::Http2 => true,
        BackendProtocol::Tcp => source.route.spec.kind == RouteKind::Tls && source.route.terminated,
        BackendProtocol::Udp => false,
    }
}

/// `appProtocol` turns HTTP/1.1 into HTTP/2; nothing else matters here (routing.md §5.4).
fn spoken(base: BackendProtocol, port: Option<&ServicePort>) -> BackendProtocol {
    let named = port.and_then(|port| port.app_protocol.as_ref()).map(|name| name.value.as_str());
    match (base, named) {
        (BackendProtocol::Http1, Some("kubernetes.io/h2c" | "grpc")) => BackendProtocol::Http2,
        (BackendProtocol::Http1 | BackendProtocol::Http2 | BackendProtocol::Tcp | BackendProtocol::Udp, _) => base,
    }
}

fn key(source: &Source<'_>, written: &BackendRef) -> BackendKey {
    let target = &written.target;
    let own = &source.route.spec.meta.key.namespace;
    BackendKey {
        group: Str::from(&target.group),
        kind: Str::from(&target.kind),
        namespace: Str::from(target.namespace.as_ref().map_or(own, |namespace| &namespace.value)),
        name: Str::from(&target.name.value),
        port: written.port.as_ref().map(|port| port.value),
    }
}

/// The API's word for a reason of `ResolvedRefs`.
fn word(reason: RouteResolvedRefs) -> &'static str {
    match reason {
        RouteResolvedRefs::RefNotPermitted => "RefNotPermitted",
        RouteResolvedRefs::InvalidKind => "InvalidKind",
        RouteResolvedRefs::BackendNotFound => "BackendNotFound",
        RouteResolvedRefs::UnsupportedProtocol => "UnsupportedProtocol",
        RouteResolvedRefs::UnsupportedValue => "UnsupportedValue",
        RouteResolvedRefs::ResolvedRefs => "ResolvedRefs",
    }
}

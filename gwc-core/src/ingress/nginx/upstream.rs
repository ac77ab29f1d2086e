//! Upstreams: Services that locations lead to, their ports, and the canary that shares their traffic.

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::core::Service;
use crate::api::ingress::{Backend as ApiBackend, Port, Target};
use crate::ingress::nginx::annotation::Canary;
use crate::ingress::pattern::{Case, Search, Unreadable};
use crate::ingress::policy::Affinity;
use crate::ingress::{Backend, Request};
use crate::value::ObjectKey;

/// Namespace, Service and port as written: ports that are written otherwise are other upstreams.
pub(super) type UpstreamKey = Backend;

/// What the first Ingress that mentions an upstream makes of it, and who shares its traffic.
#[derive(Debug, Clone)]
pub(super) struct Upstream {
    /// The first mention is in a canary: no location leads here by itself.
    pub(super) canary: Option<Canary>,
    /// `canary-by-header-pattern`, where it counts.
    pattern: Option<Result<Search, Unreadable>>,
    /// `service-upstream`: the Service itself is asked, so nothing can stick.
    pub(super) is_service: bool,
    /// How endpoints are chosen.
    pub(super) balance: Option<CompactString>,
    /// The last Ingress with `affinity` decides.
    pub(super) affinity: Option<Affinity>,
    /// The first canary that shares the traffic; the balancer looks at no other.
    pub(super) alternative: Option<UpstreamKey>,
    /// Where requests go; `None`: the Service has no such port, 503.
    pub(super) backend: Option<Backend>,
}

impl Upstream {
    pub(super) fn new(canary: Option<Canary>, backend: Option<Backend>) -> Self {
        let pattern = canary.as_ref().filter(|canary| canary.header_value.is_none());
        let pattern = pattern.and_then(|canary| canary.header_pattern.as_deref());
        let pattern = pattern.map(|pattern| Search::new(pattern, Case::Sensitive));
        Self { canary, pattern, is_service: false, balance: None, affinity: None, alternative: None, backend }
    }
}

/// The upstream of a backend; a resource has none.
pub(super) fn key(namespace: &str, backend: &ApiBackend) -> Option<UpstreamKey> {
    match &backend.target {
        Target::Service { name, port } => {
            Some(Backend { service: ObjectKey::new(namespace, name.value.clone()), port: port.value.clone() })
        }
        Target::Resource { .. } => None,
    }
}

/// The port of the Service that is meant: the first whose number, target or name is the text.
pub(super) fn resolve(
    key: &UpstreamKey,
    services: &BTreeMap<ObjectKey, &Service>,
    external_names: bool,
) -> Option<Backend> {
    let Some(service) = services.get(&key.service) else { return Some(key.clone()) };
    if service.r#type.value == "ExternalName" {
        return external_names.then(|| key.clone());
    }
    let text = key.port.to_string();
    let is_meant = |number: u16, target: &str, name: Option<&str>| {
        number.to_string() == text || target == text || name == Some(text.as_str())
    };
    let found = service
        .ports
        .iter()
        .find(|port| is_meant(port.port.value, &port.target_port, port.name.as_ref().map(|name| name.value.as_str())));
    found.map(|port| Backend { service: key.service.clone(), port: Port::Number(port.port.value) })
}

/// Who takes a request that an upstream shares with its canary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    Primary,
    Canary,
    /// So many of so many go to the canary.
    Chance(u32, u32),
    /// The pattern cannot be read.
    Unknown(CompactString),
}

/// The balancer's decision (ingress-migrate.md §3.5), without sessions that are bound already.
pub(super) fn choose(upstream: &Upstream, request: &Request<'_>) -> Choice {
    let Some(canary) = &upstream.canary else { return Choice::Primary };
    let header = canary.header.as_deref().and_then(|name| header(request, name));
    if let Some(value) = header {
        let verdict = match (&canary.header_value, &upstream.pattern) {
            (Some(wanted), _) => (wanted.as_str() == value).then_some(Choice::Canary),
            (None, Some(Ok(search))) => search.is_match(value.as_bytes()).then_some(Choice::Canary),
            (None, Some(Err(unreadable))) => Some(Choice::Unknown(unreadable.0.clone())),
            (None, None) => word(value),
        };
        if let Some(verdict) = verdict {
            return verdict;
        }
    }
    let cookie = canary.cookie.as_deref().and_then(|name| cookie(request, name));
    if let Some(verdict) = cookie.and_then(word) {
        return verdict;
    }
    match canary.weight {
        0 => Choice::Primary,
        weight if weight >= canary.total => Choice::Canary,
        weight => Choice::Chance(weight, canary.total),
    }
}

fn word(value: &str) -> Option<Choice> {
    match value {
        "always" => Some(Choice::Canary),
        "never" => Some(Choice::Primary),
        _ => None,
    }
}

/// nginx drops fields with `_` in the name.
fn header<'r>(request: &Request<'r>, name: &str) -> Option<&'r str> {
    if name.contains('_') { None } else { request.header(name) }
}

/// The first cookie of this name.
fn cookie<'r>(request: &Request<'r>, name: &str) -> Option<&'r str> {
    let fields = request.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case("cookie"));
    let mut cookies = fields.flat_map(|(_, value)| value.split(';')).filter_map(|one| one.trim().split_once('='));
    cookies.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

//! References of a route: backends, mirrors, external auth, extensions (status.md §3.1 to §3.4).

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::core::{Service, Transport};
use crate::api::filter::{Filter, FilterKind};
use crate::api::reference::{BackendRef, ObjectReference};
use crate::api::route::{Route, RouteKind};
use crate::eval::certificate::{Holder, permitted};
use crate::eval::parameters::Vocabulary;
use crate::eval::world::{Cx, Missing};
use crate::eval::{Judged, NotPermitted, Support};
use crate::graph::{Graph, Resolution, ServiceId};
use crate::value::{GATEWAY_GROUP, GroupKind, ObjectKey};

/// One reference of a route's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteReference {
    /// Rule.
    pub rule: usize,
    /// Where in the rule.
    pub place: ReferencePlace,
    /// What for.
    pub role: ReferenceRole,
    /// The decision.
    pub verdict: Judged<BackendVerdict>,
}

/// Where in a rule a reference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferencePlace {
    /// `filters[i]`.
    Filter(usize),
    /// `backendRefs[i]`.
    Backend(usize),
    /// `backendRefs[i].filters[j]`.
    BackendFilter(usize, usize),
}

/// What a reference is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferenceRole {
    /// Primary traffic.
    Backend,
    /// RequestMirror.
    Mirror,
    /// ExternalAuth.
    ExternalAuth,
    /// ExtensionRef.
    Extension,
}

/// Verdict on a reference of a route (§3.2, §3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackendVerdict {
    /// A Service and the position of the port in its `ports`.
    Service(ServiceId, usize),
    /// Something else that exists (ServiceImport, an extension object, a backend of the implementation).
    Other,
    /// Taken for granted.
    Assumed,
    /// B-2.
    InvalidKind,
    /// B-3.
    RefNotPermitted(NotPermitted),
    /// B-4.
    NotFound,
    /// The target would be refused by an API server: BackendNotFound, reported with the target.
    Refused,
    /// B-5: no port.
    PortMissing(ServiceId),
    /// B-6: the Service has no such port.
    PortNotFound(ServiceId),
    /// B-7: ExternalName.
    ExternalName(ServiceId),
    /// B-11 to B-13: `appProtocol` that the route kind cannot use; position of the port.
    UnsupportedAppProtocol(ServiceId, usize),
    /// B-14, B-21: transport protocol that the route kind cannot use; position of the port.
    UnsupportedTransport(ServiceId, usize),
}

/// Services that a BackendTLSPolicy targets, with the port names (`None`: every port).
pub(crate) struct TlsTargets(BTreeMap<ObjectKey, Vec<Option<CompactString>>>);

impl TlsTargets {
    pub(crate) fn new(graph: &Graph) -> Self {
        let mut targets: BTreeMap<ObjectKey, Vec<Option<CompactString>>> = BTreeMap::new();
        for (_, policy) in graph.backend_tls_policies.iter() {
            for target in &policy.targets {
                let key = ObjectKey::new(policy.meta.key.namespace.clone(), target.target.name.value.clone());
                targets.entry(key).or_default().push(target.section_name.as_ref().map(|name| name.value.clone()));
            }
        }
        Self(targets)
    }

    fn covers(&self, service: &Service, position: usize) -> bool {
        let name = service.ports.get(position).and_then(|port| port.name.as_ref()).map(|name| &name.value);
        let sections = self.0.get(&service.meta.key).map_or(&[][..], Vec::as_slice);
        sections.iter().any(|section| section.is_none() || section.as_ref() == name)
    }
}

/// What references of one route are judged by.
pub(crate) struct Reader<'r> {
    pub(crate) cx: &'r Cx<'r>,
    pub(crate) kind: RouteKind,
    pub(crate) holder: Holder<'r>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) tls_targets: &'r TlsTargets,
}

/// Every reference of a route in document order: filters of a rule, then its backends, each before its own filters.
pub(crate) fn references(reader: &Reader<'_>, route: &Route) -> Vec<RouteReference> {
    let mut found = Vec::new();
    for (rule, spec) in route.rules.iter().enumerate() {
        let mut push = |place, (role, verdict)| found.push(RouteReference { rule, place, role, verdict });
        of_filters(reader, &spec.filters, ReferencePlace::Filter, &mut push);
        for (position, backend) in spec.backends.iter().enumerate() {
            let verdict = self::backend(reader, backend, ReferenceRole::Backend);
            push(ReferencePlace::Backend(position), (ReferenceRole::Backend, verdict));
            of_filters(reader, &backend.filters, |inner| ReferencePlace::BackendFilter(position, inner), &mut push);
        }
    }
    found
}

/// What a filter refers to, and the verdict on it.
type Referred = (ReferenceRole, Judged<BackendVerdict>);

fn of_filters(
    reader: &Reader<'_>,
    filters: &[Filter],
    place: impl Fn(usize) -> ReferencePlace,
    push: &mut impl FnMut(ReferencePlace, Referred),
) {
    for (position, filter) in filters.iter().enumerate() {
        if let Some(reference) = of_filter(reader, filter) {
            push(place(position), reference);
        }
    }
}

fn of_filter(reader: &Reader<'_>, filter: &Filter) -> Option<Referred> {
    match &filter.kind {
        FilterKind::RequestMirror(mirror) => {
            Some((ReferenceRole::Mirror, backend(reader, &mirror.backend, ReferenceRole::Mirror)))
        }
        FilterKind::ExternalAuth(auth) => {
            Some((ReferenceRole::ExternalAuth, backend(reader, &auth.backend, ReferenceRole::ExternalAuth)))
        }
        FilterKind::ExtensionRef(reference) => Some((ReferenceRole::Extension, extension(reader, reference))),
        FilterKind::RequestHeaderModifier(_)
        | FilterKind::ResponseHeaderModifier(_)
        | FilterKind::RequestRedirect(_)
        | FilterKind::UrlRewrite(_)
        | FilterKind::Cors(_)
        | FilterKind::Unknown(_) => None,
    }
}

/// Kind, grant, existence, content: in this order, so that a refusal does not tell what exists.
fn backend(reader: &Reader<'_>, backend: &BackendRef, role: ReferenceRole) -> Judged<BackendVerdict> {
    let cx = reader.cx;
    let group_kind = backend.target.group_kind();
    let key = backend.target.target(reader.holder.namespace);
    let is_service = group_kind.group.is_empty() && group_kind.kind == "Service";
    let known = if is_service { Some(Support::spec()) } else { foreign_backend(reader, &group_kind) };
    let Some(known) = known else { return Judged::new(BackendVerdict::InvalidKind, kind_support(&group_kind)) };
    if let Err((near, support)) = permitted(cx, reader.holder, &group_kind, &key) {
        return Judged::new(BackendVerdict::RefNotPermitted(near), support);
    }
    if !is_service {
        return object(cx, &group_kind, &key, known);
    }
    match cx.graph.service(&key) {
        Resolution::Found(id) => service(reader, id, backend.port.as_ref().map(|port| port.value), role),
        Resolution::Refused(_) => Judged::spec(BackendVerdict::Refused),
        Resolution::Absent => match cx.missing_service(&key, backend.port.as_ref().map(|port| port.value)) {
            Missing::Proven => Judged::spec(BackendVerdict::NotFound),
            Missing::Assumed(support) => Judged::new(BackendVerdict::Assumed, support),
        },
    }
}

/// A backend kind beyond Service: what the controller is known or taken to understand. ServiceImport is the API's own
/// example of one (status.md §10).
fn foreign_backend(reader: &Reader<'_>, group_kind: &GroupKind) -> Option<Support> {
    reader.vocabulary.understands(reader.cx, group_kind)
}

/// Kinds that Kubernetes or Gateway API define are no backends for anybody; of others the profile says so.
fn kind_support(group_kind: &GroupKind) -> Support {
    if super::world::is_foreign_group(&group_kind.group) { Support::profile() } else { Support::spec() }
}

/// An object of a kind that only the controller knows: it must be there.
fn object(cx: &Cx<'_>, group_kind: &GroupKind, key: &ObjectKey, known: Support) -> Judged<BackendVerdict> {
    match cx.graph.exists(group_kind, key) {
        Resolution::Found(_) => Judged::new(BackendVerdict::Other, known),
        Resolution::Refused(_) => Judged::spec(BackendVerdict::Refused),
        Resolution::Absent => match cx.missing_object(group_kind, key) {
            Missing::Proven => Judged::spec(BackendVerdict::NotFound),
            Missing::Assumed(support) => Judged::new(BackendVerdict::Assumed, known.and(&support)),
        },
    }
}

fn extension(reader: &Reader<'_>, reference: &ObjectReference) -> Judged<BackendVerdict> {
    let group_kind = reference.group_kind();
    let Some(known) = reader.vocabulary.understands(reader.cx, &group_kind) else {
        return Judged::new(BackendVerdict::InvalidKind, kind_support(&group_kind));
    };
    let key = ObjectKey::new(reader.holder.namespace, reference.name.value.clone());
    object(reader.cx, &group_kind, &key, known)
}

/// A Service that is there: type, port, transport, application protocol (B-5 to B-14, B-21).
fn service(reader: &Reader<'_>, id: ServiceId, port: Option<u16>, role: ReferenceRole) -> Judged<BackendVerdict> {
    let service = &reader.cx.graph.services[id];
    if service.r#type.value == "ExternalName" {
        return Judged::new(BackendVerdict::ExternalName(id), Support::profile());
    }
    let Some(number) = port else { return Judged::spec(BackendVerdict::PortMissing(id)) };
    let numbered = || service.ports.iter().enumerate().filter(|(_, one)| one.port.value == number);
    let Some((first, _)) = numbered().next() else { return Judged::spec(BackendVerdict::PortNotFound(id)) };
    let wanted = if reader.kind == RouteKind::Udp { Transport::Udp } else { Transport::Tcp };
    let Some((position, chosen)) = numbered().find(|(_, one)| one.transport == wanted) else {
        return Judged::spec(BackendVerdict::UnsupportedTransport(id, first));
    };
    let protocol = chosen.app_protocol.as_ref().map(|text| text.value.as_str());
    let answers_http = role != ReferenceRole::ExternalAuth;
    if answers_http && !speaks(reader, service, position, protocol) {
        return Judged::new(BackendVerdict::UnsupportedAppProtocol(id, position), Support::profile());
    }
    Judged::spec(BackendVerdict::Service(id, position))
}

/// Can this kind of route talk to a port of this application protocol? Unknown values never matter (B-10).
fn speaks(reader: &Reader<'_>, service: &Service, position: usize, protocol: Option<&str>) -> bool {
    match (protocol, reader.kind) {
        (Some("kubernetes.io/h2c"), RouteKind::Http) => reader.cx.feature("HTTPRouteBackendProtocolH2C"),
        (Some("kubernetes.io/ws"), RouteKind::Http) => reader.cx.feature("HTTPRouteBackendProtocolWebSocket"),
        (Some("kubernetes.io/wss"), RouteKind::Http) => {
            reader.cx.feature("HTTPRouteBackendProtocolWebSocket") && reader.tls_targets.covers(service, position)
        }
        (Some("kubernetes.io/ws" | "kubernetes.io/wss"), RouteKind::Grpc) => false,
        (_, RouteKind::Http | RouteKind::Grpc | RouteKind::Tls | RouteKind::Tcp | RouteKind::Udp) => true,
    }
}

/// Group and kind of a route, as holder of its references.
pub(crate) fn holder_kind(route: &Route) -> GroupKind {
    GroupKind::new(GATEWAY_GROUP, route.kind.name())
}

/// The backend as written that a reference of the route stands for; `None` for extensions.
#[must_use]
pub fn written<'r>(route: &'r Route, reference: &RouteReference) -> Option<&'r BackendRef> {
    let rule = route.rules.get(reference.rule)?;
    match reference.place {
        ReferencePlace::Backend(position) => rule.backends.get(position),
        ReferencePlace::Filter(position) => target_of(rule.filters.get(position)?),
        ReferencePlace::BackendFilter(position, inner) => target_of(rule.backends.get(position)?.filters.get(inner)?),
    }
}

fn target_of(filter: &Filter) -> Option<&BackendRef> {
    match &filter.kind {
        FilterKind::RequestMirror(mirror) => Some(&mirror.backend),
        FilterKind::ExternalAuth(auth) => Some(&auth.backend),
        FilterKind::ExtensionRef(_)
        | FilterKind::RequestHeaderModifier(_)
        | FilterKind::ResponseHeaderModifier(_)
        | FilterKind::RequestRedirect(_)
        | FilterKind::UrlRewrite(_)
        | FilterKind::Cors(_)
        | FilterKind::Unknown(_) => None,
    }
}

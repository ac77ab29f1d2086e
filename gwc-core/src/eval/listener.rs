//! Listener (of a Gateway or a ListenerSet): `accepted`, `resolved_refs`, `programmed` (status.md §1.4, §2.4).
//!
//! Conflicts with other listeners are in `conflict.rs`, overlapping TLS in `overlap.rs`.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::api::gateway::{self, RouteGroupKind, TlsMode};
use crate::api::route::RouteKind;
use crate::eval::certificate::{self, CaVerdict, CertificateVerdict, Holder};
use crate::eval::conflict::{Conflict, ConflictReason, Contest};
use crate::eval::listener_set::{Admission, gateway_of};
use crate::eval::overlap::Overlap;
use crate::eval::world::Cx;
use crate::eval::{Fact, Judged, Support};
use crate::graph::{GatewayId, ListenerId, ListenerOwner, RouteId};
use crate::profile::Bundle;
use crate::value::GATEWAY_GROUP;

/// Verdicts on a listener (status.md §1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerVerdict {
    /// L-2 to L-8.
    pub accepted: Judged<ListenerAccepted>,
    /// L-10 to L-15.
    pub resolved_refs: Judged<ListenerResolvedRefs>,
    /// L-20 to L-25.
    pub programmed: Judged<ListenerProgrammed>,
    /// L-30, L-31.
    pub conflicted: Option<Judged<Conflict>>,
    /// L-34, L-35.
    pub overlapping_tls: Option<Overlap>,
    /// L-40 to L-42: what status shows.
    pub supported_kinds: Vec<RouteKind>,
    /// L-43: what attachment uses.
    pub effective_kinds: Vec<RouteKind>,
    /// L-41: positions in `allowedRoutes.kinds` that the listener cannot serve.
    pub invalid_kinds: Vec<usize>,
    /// Verdicts on `tls.certificateRefs`, in order; empty where they are not checked.
    pub certificates: Vec<Judged<CertificateVerdict>>,
    /// Verdicts on the CA refs of the frontend validation that applies to this listener, in order.
    pub frontend_cas: Vec<Judged<CaVerdict>>,
    /// Distinct routes that count (L-44 to L-49).
    pub attached_routes: Vec<RouteId>,
    /// Routes that may or may not attach, for lack of facts.
    pub undetermined_routes: Vec<RouteId>,
}

/// `Accepted` of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenerAccepted {
    /// L-8.
    Accepted,
    /// L-2.
    UnsupportedProtocol,
    /// L-3: TLS mode.
    UnsupportedValue,
    /// L-4.
    Conflicted(ConflictReason),
    /// L-5.
    PortUnavailable,
    /// L-6.
    NoValidCaCertificate,
    /// L-7.
    RefNotPermitted,
    /// ListenerSet entries beyond the profile's limit (§1.5).
    TooManyListeners,
    /// LS-3 and LS-1: the set does not take part, so nothing is written for its entries.
    SetNotAdmitted,
}

/// `ResolvedRefs` of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenerResolvedRefs {
    /// L-15.
    ResolvedRefs,
    /// L-10.
    RefNotPermitted,
    /// L-11.
    InvalidCertificateRef,
    /// L-12.
    InvalidCaCertificateKind,
    /// L-13.
    InvalidCaCertificateRef,
    /// L-14.
    InvalidRouteKinds,
}

/// `Programmed` of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenerProgrammed {
    /// L-25.
    Programmed,
    /// L-20.
    Conflicted(ConflictReason),
    /// L-21 for a ListenerSet entry with PortUnavailable.
    PortUnavailable,
    /// L-21; LS-2 for entries of a set whose Gateway is not accepted.
    NotAccepted,
    /// L-22.
    NoUsableCertificate,
    /// L-23.
    NoUsableKinds,
}

/// What a listener does with connections, where the profile supports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    Http,
    Https,
    TlsTerminate,
    TlsPassthrough,
    Tcp,
    Udp,
}

/// All shapes.
pub(crate) const SHAPES: [Shape; 6] =
    [Shape::Http, Shape::Https, Shape::TlsTerminate, Shape::TlsPassthrough, Shape::Tcp, Shape::Udp];

impl Shape {
    /// Does TLS end at the listener?
    pub(crate) fn terminates(self) -> bool {
        match self {
            Self::Https | Self::TlsTerminate => true,
            Self::Http | Self::TlsPassthrough | Self::Tcp | Self::Udp => false,
        }
    }
}

/// Why a listener has no shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsupported {
    Protocol,
    Value,
}

/// What can be said of a listener alone.
pub(crate) struct Draft {
    pub(crate) shape: Result<Shape, Unsupported>,
    /// The kinds that attachment uses (L-43).
    pub(crate) kinds: Vec<RouteKind>,
    invalid_kinds: Vec<usize>,
    pub(crate) certificates: Vec<Judged<CertificateVerdict>>,
    frontend_cas: Vec<Judged<CaVerdict>>,
}

/// Drafts of all listeners, in order.
pub(crate) fn drafts(cx: &Cx<'_>, admissions: &[Admission]) -> Vec<Draft> {
    let ids: Vec<_> = cx.graph.listeners.ids().collect();
    ids.par_iter().map(|id| draft(cx, *id, gateway_of(cx, admissions, *id))).collect()
}

/// Looks at one listener alone; `gateway` is the one whose frontend validation applies.
fn draft(cx: &Cx<'_>, id: ListenerId, gateway: Option<GatewayId>) -> Draft {
    let listener = cx.graph.listener(id);
    let shape = shape(cx, listener);
    let base = shape.map_or(Vec::new(), |shape| base_kinds(cx, shape));
    let (kinds, invalid_kinds) = kinds(&listener.kinds, &base);
    let terminates = shape.is_ok_and(Shape::terminates);
    let tls = listener.tls.as_ref().filter(|_| terminates);
    let owner = cx.graph.listener_owner(id);
    let owner_kind = owner.group_kind();
    let holder = Holder { group_kind: &owner_kind, namespace: &owner.key.namespace };
    let references = tls.iter().flat_map(|tls| &tls.certificate_refs);
    Draft {
        kinds,
        invalid_kinds: if shape.is_ok() { invalid_kinds } else { Vec::new() },
        certificates: references.map(|reference| certificate::key_pair(cx, reference, holder)).collect(),
        frontend_cas: gateway.map_or(Vec::new(), |gateway| frontend_cas(cx, listener, shape, gateway)),
        shape,
    }
}

/// The frontend validation of the Gateway that applies to a listener: HTTPS only, since v1.5 (§3.6).
fn frontend_cas(
    cx: &Cx<'_>,
    listener: &gateway::Listener,
    shape: Result<Shape, Unsupported>,
    gateway: GatewayId,
) -> Vec<Judged<CaVerdict>> {
    let gateway = &cx.graph.gateways[gateway];
    let (Some(frontend), Some(port)) = (&gateway.frontend_tls, &listener.port) else { return Vec::new() };
    if shape != Ok(Shape::Https) || !cx.since(Bundle::V1_5) {
        return Vec::new();
    }
    let kind = super::gateway::group_kind();
    let holder = Holder { group_kind: &kind, namespace: &gateway.meta.key.namespace };
    let references =
        frontend.validation(port.value).iter().flat_map(|validation| &validation.ca_refs).collect::<Vec<_>>();
    references.into_iter().map(|reference| certificate::frontend_ca(cx, reference, holder)).collect()
}

/// Protocol and TLS mode (L-2, L-3).
fn shape(cx: &Cx<'_>, listener: &gateway::Listener) -> Result<Shape, Unsupported> {
    let protocol = listener.protocol.value.as_str();
    if !cx.profile.knobs.protocols.iter().any(|known| known == protocol) {
        return Err(Unsupported::Protocol);
    }
    let mode = listener.tls.as_ref().map_or(&TlsMode::Terminate, |tls| &tls.mode);
    match (protocol, mode) {
        ("HTTP", _) => Ok(Shape::Http),
        ("TCP", _) => Ok(Shape::Tcp),
        ("UDP", _) => Ok(Shape::Udp),
        ("HTTPS", TlsMode::Terminate) => Ok(Shape::Https),
        ("TLS", TlsMode::Passthrough) => Ok(Shape::TlsPassthrough),
        ("TLS", TlsMode::Terminate) if serves_terminated_tls(cx) => Ok(Shape::TlsTerminate),
        ("HTTPS" | "TLS", TlsMode::Terminate | TlsMode::Passthrough | TlsMode::Unknown(_)) => Err(Unsupported::Value),
        (_, TlsMode::Terminate | TlsMode::Passthrough | TlsMode::Unknown(_)) => Err(Unsupported::Protocol),
    }
}

/// TLS Terminate is a feature of TLSRoute; until v1.4 TCPRoutes were served there too (§9).
fn serves_terminated_tls(cx: &Cx<'_>) -> bool {
    cx.feature("TLSRouteModeTerminate") || (!cx.since(Bundle::V1_5) && cx.feature("TCPRoute"))
}

/// Kinds that a protocol and mode can serve (§2.4), of those that the profile implements.
fn base_kinds(cx: &Cx<'_>, shape: Shape) -> Vec<RouteKind> {
    let kinds: &[RouteKind] = match shape {
        Shape::Http | Shape::Https => &[RouteKind::Http, RouteKind::Grpc],
        Shape::TlsPassthrough => &[RouteKind::Tls],
        Shape::TlsTerminate if cx.since(Bundle::V1_5) => &[RouteKind::Tls],
        Shape::TlsTerminate if cx.feature("TLSRouteModeTerminate") => &[RouteKind::Tls, RouteKind::Tcp],
        Shape::TlsTerminate | Shape::Tcp => &[RouteKind::Tcp],
        Shape::Udp => &[RouteKind::Udp],
    };
    kinds.iter().copied().filter(|kind| cx.feature(kind.name())).collect()
}

/// Listed kinds that the listener can serve, and positions of those it cannot (L-40, L-41).
fn kinds(listed: &[RouteGroupKind], base: &[RouteKind]) -> (Vec<RouteKind>, Vec<usize>) {
    if listed.is_empty() {
        return (base.to_vec(), Vec::new());
    }
    let (mut valid, mut invalid) = (Vec::new(), Vec::new());
    for (position, entry) in listed.iter().enumerate() {
        let kind = RouteKind::parse(&entry.kind.value).filter(|kind| base.contains(kind));
        match kind.filter(|_| entry.group == GATEWAY_GROUP) {
            Some(kind) if !valid.contains(&kind) => valid.push(kind),
            Some(_) => {}
            None => invalid.push(position),
        }
    }
    (valid, invalid)
}

/// `Accepted` of all listeners, in order.
pub(crate) fn acceptances(
    cx: &Cx<'_>,
    admissions: &[Admission],
    drafts: &[Draft],
    contests: &[Contest],
) -> Vec<Judged<ListenerAccepted>> {
    let all = cx.graph.listeners.ids().zip(drafts.iter().zip(contests));
    let gateway = |id| gateway_of(cx, admissions, id);
    all.map(|(id, (draft, contest))| accepted(cx, id, draft, contest, gateway(id))).collect()
}

/// `Accepted` (L-2 to L-8). Entries of a ListenerSet that takes no part have no Gateway.
fn accepted(
    cx: &Cx<'_>,
    id: ListenerId,
    draft: &Draft,
    contest: &Contest,
    gateway: Option<GatewayId>,
) -> Judged<ListenerAccepted> {
    let Some(gateway) = gateway else { return Judged::spec(ListenerAccepted::SetNotAdmitted) };
    let shape = match draft.shape {
        Err(Unsupported::Protocol) => return Judged::new(ListenerAccepted::UnsupportedProtocol, Support::profile()),
        Err(Unsupported::Value) => return Judged::new(ListenerAccepted::UnsupportedValue, Support::profile()),
        Ok(shape) => shape,
    };
    if let Some(conflict) = &contest.conflict {
        return Judged::new(ListenerAccepted::Conflicted(conflict.verdict.reason), conflict.support.clone());
    }
    let port = cx.graph.listener(id).port.as_ref().map(|port| port.value);
    let placement = cx.profile.placement(&cx.graph.gateways[gateway].meta.key);
    let refused = placement.map(|one| if shape == Shape::Udp { &one.refused_udp } else { &one.refused_tcp });
    let refused = |port| refused.is_some_and(|ports| ports.contains(&port));
    if port.is_some_and(|port| cx.profile.knobs.unusable_ports.contains(&port) || refused(port)) {
        return Judged::new(ListenerAccepted::PortUnavailable, Support::profile());
    }
    if contest.beyond_limit {
        return Judged::new(ListenerAccepted::TooManyListeners, Support::profile().and(&contest.won));
    }
    if !draft.frontend_cas.is_empty() && draft.frontend_cas.iter().all(|ca| !ca.verdict.is_usable()) {
        let support = Support::all(draft.frontend_cas.iter().map(|ca| &ca.support));
        return Judged::new(ListenerAccepted::NoValidCaCertificate, support);
    }
    if !draft.certificates.is_empty() && draft.certificates.iter().all(|one| is_refused(&one.verdict)) {
        let support = Support::all(draft.certificates.iter().map(|one| &one.support));
        return Judged::new(ListenerAccepted::RefNotPermitted, support);
    }
    Judged::new(ListenerAccepted::Accepted, contest.won.clone())
}

fn is_refused(verdict: &CertificateVerdict) -> bool {
    matches!(verdict, CertificateVerdict::RefNotPermitted(_))
}

/// `ResolvedRefs` (L-10 to L-15); the reason of the highest rank (D8).
fn resolved_refs(draft: &Draft) -> Judged<ListenerResolvedRefs> {
    let certificates = draft.certificates.iter().map(|one| (certificate_reason(&one.verdict), &one.support));
    let cas = draft.frontend_cas.iter().map(|one| (ca_reason(&one.verdict), &one.support));
    let all: Vec<_> = certificates.chain(cas).collect();
    for reason in [
        ListenerResolvedRefs::RefNotPermitted,
        ListenerResolvedRefs::InvalidCertificateRef,
        ListenerResolvedRefs::InvalidCaCertificateKind,
        ListenerResolvedRefs::InvalidCaCertificateRef,
    ] {
        let mut witnesses =
            all.iter().filter(|(found, _)| *found == Some(reason)).map(|(_, support)| *support).peekable();
        if witnesses.peek().is_some() {
            return Judged::new(reason, Support::best(witnesses));
        }
    }
    if !draft.invalid_kinds.is_empty() {
        return Judged::spec(ListenerResolvedRefs::InvalidRouteKinds);
    }
    Judged::new(ListenerResolvedRefs::ResolvedRefs, Support::all(all.iter().map(|(_, support)| *support)))
}

fn certificate_reason(verdict: &CertificateVerdict) -> Option<ListenerResolvedRefs> {
    match verdict {
        CertificateVerdict::Valid(_) | CertificateVerdict::Assumed => None,
        CertificateVerdict::RefNotPermitted(_) => Some(ListenerResolvedRefs::RefNotPermitted),
        CertificateVerdict::UnsupportedKind
        | CertificateVerdict::NotFound
        | CertificateVerdict::Refused
        | CertificateVerdict::Malformed(..) => Some(ListenerResolvedRefs::InvalidCertificateRef),
    }
}

fn ca_reason(verdict: &CaVerdict) -> Option<ListenerResolvedRefs> {
    match verdict {
        CaVerdict::Valid(_) | CaVerdict::Assumed => None,
        CaVerdict::RefNotPermitted(_) => Some(ListenerResolvedRefs::RefNotPermitted),
        CaVerdict::UnsupportedKind => Some(ListenerResolvedRefs::InvalidCaCertificateKind),
        CaVerdict::NotFound | CaVerdict::Refused | CaVerdict::Malformed(..) => {
            Some(ListenerResolvedRefs::InvalidCaCertificateRef)
        }
    }
}

/// `Programmed` (L-20 to L-25); True is a prediction. A Gateway that is refused as a whole programs nothing.
fn programmed(
    cx: &Cx<'_>,
    id: ListenerId,
    draft: &Draft,
    accepted: &Judged<ListenerAccepted>,
    gateway_refused: Option<&Support>,
) -> Judged<ListenerProgrammed> {
    let of_set = matches!(cx.graph.listeners[id].owner, ListenerOwner::ListenerSet(_));
    let negative = match accepted.verdict {
        ListenerAccepted::Conflicted(reason) => Some(ListenerProgrammed::Conflicted(reason)),
        ListenerAccepted::PortUnavailable if of_set => Some(ListenerProgrammed::PortUnavailable),
        ListenerAccepted::UnsupportedProtocol
        | ListenerAccepted::UnsupportedValue
        | ListenerAccepted::PortUnavailable
        | ListenerAccepted::NoValidCaCertificate
        | ListenerAccepted::RefNotPermitted
        | ListenerAccepted::TooManyListeners
        | ListenerAccepted::SetNotAdmitted => Some(ListenerProgrammed::NotAccepted),
        ListenerAccepted::Accepted => None,
    };
    if let Some(verdict) = negative {
        return Judged::new(verdict, accepted.support.clone());
    }
    if let Some(support) = gateway_refused {
        return Judged::new(ListenerProgrammed::NotAccepted, support.clone());
    }
    let listener = cx.graph.listener(id);
    let options = listener.tls.as_ref().map_or(0, |tls| tls.n_options);
    if draft.shape.is_ok_and(Shape::terminates) && !draft.certificates.iter().any(|one| one.verdict.is_usable()) {
        let only_options = draft.certificates.is_empty() && options > 0;
        if !only_options {
            let support = Support::all(draft.certificates.iter().map(|one| &one.support));
            return Judged::new(ListenerProgrammed::NoUsableCertificate, support);
        }
    }
    if draft.kinds.is_empty() && !draft.invalid_kinds.is_empty() {
        return Judged::spec(ListenerProgrammed::NoUsableKinds);
    }
    let usable = draft.certificates.iter().filter(|one| one.verdict.is_usable()).map(|one| &one.support);
    let support = accepted.support.clone().and(&Support::best(usable)).and(&Support::assumed(Fact::Dataplane));
    Judged::new(ListenerProgrammed::Programmed, support)
}

/// What was found out about all listeners before their verdicts.
pub(crate) struct Parts {
    pub(crate) drafts: Vec<Draft>,
    pub(crate) contests: Vec<Contest>,
    pub(crate) overlaps: BTreeMap<ListenerId, Overlap>,
    pub(crate) accepted: Vec<Judged<ListenerAccepted>>,
}

/// The finished verdicts, still without routes.
pub(crate) fn finish(
    cx: &Cx<'_>,
    parts: Parts,
    admissions: &[Admission],
    gateways: &[super::gateway::Draft],
) -> Vec<ListenerVerdict> {
    let Parts { drafts, contests, mut overlaps, accepted } = parts;
    let mut verdicts = Vec::with_capacity(drafts.len());
    let all = cx.graph.listeners.ids().zip(drafts).zip(contests.into_iter().zip(accepted));
    for ((id, draft), (contest, accepted)) in all {
        let gateway = gateway_of(cx, admissions, id).and_then(|gateway| gateways.get(gateway.index()));
        let refused = gateway.and_then(super::gateway::Draft::refusal);
        let conflicted = matches!(accepted.verdict, ListenerAccepted::Conflicted(_));
        verdicts.push(ListenerVerdict {
            resolved_refs: resolved_refs(&draft),
            programmed: programmed(cx, id, &draft, &accepted, refused),
            accepted,
            conflicted: contest.conflict,
            overlapping_tls: overlaps.remove(&id),
            supported_kinds: if conflicted { Vec::new() } else { draft.kinds.clone() },
            effective_kinds: draft.kinds,
            invalid_kinds: draft.invalid_kinds,
            certificates: draft.certificates,
            frontend_cas: draft.frontend_cas,
            attached_routes: Vec::new(),
            undetermined_routes: Vec::new(),
        });
    }
    verdicts
}

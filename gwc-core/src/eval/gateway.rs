//! Gateway: `accepted`, `programmed`, `resolved_refs` (status.md §1.3, §3.7). Never depends on ListenerSets.

use core::net::IpAddr;

use crate::api::gateway::{Address, Gateway};
use crate::eval::certificate::{self, CaVerdict, CertificateVerdict, Holder};
use crate::eval::gateway_class::{GatewayClassAccepted, GatewayClassVerdict, Managed};
use crate::eval::listener::{ListenerAccepted, ListenerProgrammed, ListenerResolvedRefs, ListenerVerdict};
use crate::eval::listener_set::ListenerSetVerdict;
use crate::eval::parameters::{self, ParametersProblem, Vocabulary};
use crate::eval::world::Cx;
use crate::eval::{Fact, Judged, Support};
use crate::graph::{GatewayId, ListenerId, ListenerOwner, ListenerSetId};
use crate::profile::{Bundle, Placement};
use crate::value::{GATEWAY_GROUP, GroupKind};

/// Verdicts on a Gateway (status.md §1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayVerdict {
    /// Who writes its status.
    pub managed: Managed,
    /// GW-2 to GW-7.
    pub accepted: Judged<GatewayAccepted>,
    /// GW-11 to GW-17.
    pub programmed: Judged<GatewayProgrammed>,
    /// GW-20 to GW-23.
    pub resolved_refs: Judged<GatewayResolvedRefs>,
    /// GW-30.
    pub insecure_frontend: bool,
    /// Verdict on `infrastructure.parametersRef`.
    pub parameters: Option<Judged<Option<ParametersProblem>>>,
    /// Verdict on `tls.backend.clientCertificateRef`.
    pub client_certificate: Option<Judged<CertificateVerdict>>,
    /// Verdicts on the CA refs of `tls.frontend`: default first, then perPort, each in list order.
    pub frontend_cas: Vec<Judged<CaVerdict>>,
    /// ListenerSets that are counted (GW-32).
    pub attached_listener_sets: Vec<ListenerSetId>,
    /// Own listeners, then entries of admitted ListenerSets in precedence order (§4.3).
    pub merged: Vec<ListenerId>,
}

/// `Accepted` of a Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayAccepted {
    /// GW-7.
    Accepted,
    /// GW-6: True with reason ListenersNotValid.
    SomeListenersNotValid(Vec<ListenerId>),
    /// GW-2: the class is not accepted.
    ClassNotAccepted,
    /// GW-3.
    InvalidParameters(ParametersProblem),
    /// GW-4: positions of the addresses.
    UnsupportedAddress(Vec<usize>),
    /// GW-5.
    ListenersNotValid(Vec<ListenerId>),
}

/// `Programmed` of a Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayProgrammed {
    /// GW-17.
    Programmed,
    /// GW-11.
    NotAccepted,
    /// GW-12.
    NoListenerProgrammed,
    /// GW-13: positions of the addresses.
    AddressNotUsable(Vec<usize>),
    /// GW-14: positions of the addresses; none where the Gateway names none.
    AddressNotAssigned(Vec<usize>),
}

/// `ResolvedRefs` of a Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayResolvedRefs {
    /// GW-23.
    ResolvedRefs,
    /// GW-20.
    RefNotPermitted,
    /// GW-21.
    InvalidClientCertificateRef,
    /// GW-22.
    ListenersNotResolved(Vec<ListenerId>),
}

impl GatewayAccepted {
    /// Status True?
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Self::Accepted | Self::SomeListenersNotValid(_) => true,
            Self::ClassNotAccepted
            | Self::InvalidParameters(_)
            | Self::UnsupportedAddress(_)
            | Self::ListenersNotValid(_) => false,
        }
    }
}

/// What is decided about a Gateway before its listeners are final.
pub(crate) struct Draft {
    pub(crate) managed: Managed,
    pub(crate) accepted: Judged<GatewayAccepted>,
    pub(crate) parameters: Option<Judged<Option<ParametersProblem>>>,
}

impl Draft {
    /// How well it stands that the Gateway is not accepted; `None` when it is.
    pub(crate) fn refusal(&self) -> Option<&Support> {
        (!self.accepted.verdict.is_true()).then_some(&self.accepted.support)
    }
}

/// Drafts of all Gateways, in order.
pub(crate) fn drafts(
    cx: &Cx<'_>,
    managed: &[Managed],
    classes: &[GatewayClassVerdict],
    listeners: &[Judged<ListenerAccepted>],
) -> Vec<Draft> {
    cx.graph.gateways.ids().zip(managed).map(|(id, managed)| draft(cx, id, managed, classes, listeners)).collect()
}

/// Group and kind of Gateways, as holders of references.
pub(crate) fn group_kind() -> GroupKind {
    GroupKind::new(GATEWAY_GROUP, "Gateway")
}

/// `Accepted` and what it is made of; `listeners` are the acceptance verdicts of all listeners.
fn draft(
    cx: &Cx<'_>,
    id: GatewayId,
    managed: &Managed,
    classes: &[GatewayClassVerdict],
    listeners: &[Judged<ListenerAccepted>],
) -> Draft {
    let gateway = &cx.graph.gateways[id];
    let vocabulary = Vocabulary::of(cx, managed.controller());
    let since = cx.since(Bundle::V1_3);
    let reference = gateway.parameters_ref.as_ref().filter(|_| since);
    let parameters =
        reference.map(|reference| parameters::of_gateway(cx, reference, &gateway.meta.key.namespace, vocabulary));
    let own: Vec<_> = own_listeners(cx, id).iter().filter_map(|l| Some((*l, listeners.get(l.index())?))).collect();
    let class = match managed {
        Managed::By { class, .. } => class.and_then(|class| classes.get(class.index())),
        Managed::ClassAbsent | Managed::ClassRefused => None,
    };
    let accepted = accepted(cx, gateway, &Inputs { class, parameters: parameters.as_ref(), own: &own, vocabulary });
    Draft { managed: managed.clone(), accepted, parameters }
}

/// What `accepted` looks at besides the Gateway itself.
struct Inputs<'i> {
    class: Option<&'i GatewayClassVerdict>,
    parameters: Option<&'i Judged<Option<ParametersProblem>>>,
    own: &'i [(ListenerId, &'i Judged<ListenerAccepted>)],
    vocabulary: Vocabulary,
}

/// `Accepted` (GW-2 to GW-7).
fn accepted(cx: &Cx<'_>, gateway: &Gateway, inputs: &Inputs<'_>) -> Judged<GatewayAccepted> {
    let mut support = Support::spec();
    if let Some(class) = inputs.class {
        if class.accepted.verdict != GatewayClassAccepted::Accepted {
            return Judged::new(GatewayAccepted::ClassNotAccepted, class.accepted.support.clone());
        }
        support = support.and(&class.accepted.support);
    }
    if let Some(parameters) = inputs.parameters {
        if let Some(problem) = parameters.verdict {
            return Judged::new(GatewayAccepted::InvalidParameters(problem), parameters.support.clone());
        }
        support = support.and(&parameters.support);
    }
    let unsupported = positions(gateway, |address| !type_is_supported(cx, address, inputs.vocabulary));
    if !unsupported.is_empty() {
        return Judged::new(GatewayAccepted::UnsupportedAddress(unsupported), Support::profile());
    }
    let failing: Vec<_> = inputs.own.iter().filter(|(_, l)| l.verdict != ListenerAccepted::Accepted).collect();
    let ids = || failing.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    if failing.len() == inputs.own.len() {
        let support = Support::all(failing.iter().map(|(_, listener)| &listener.support));
        return Judged::new(GatewayAccepted::ListenersNotValid(ids()), support);
    }
    let support = support.and(&Support::all(inputs.own.iter().map(|(_, listener)| &listener.support)));
    let verdict =
        if failing.is_empty() { GatewayAccepted::Accepted } else { GatewayAccepted::SomeListenersNotValid(ids()) };
    Judged::new(verdict, support)
}

/// Listeners of the Gateway itself.
pub(crate) fn own_listeners<'w>(cx: &Cx<'w>, id: GatewayId) -> &'w [ListenerId] {
    cx.graph.listeners_of(ListenerOwner::Gateway(id))
}

fn positions(gateway: &Gateway, fails: impl Fn(&Address) -> bool) -> Vec<usize> {
    gateway.addresses.iter().enumerate().filter(|(_, address)| fails(address)).map(|(position, _)| position).collect()
}

/// Address types of the API; a controller without a profile may know domain-prefixed ones of its own.
fn type_is_supported(cx: &Cx<'_>, address: &Address, vocabulary: Vocabulary) -> bool {
    let name = address.r#type.value.as_str();
    let open = vocabulary == Vocabulary::Open && (name.contains('/') || name == "NamedAddress");
    open || cx.profile.knobs.address_types.iter().any(|known| known == name)
}

/// The finished verdicts, with the ListenerSets of each Gateway (GW-32).
pub(crate) fn finish(
    cx: &Cx<'_>,
    drafts: Vec<Draft>,
    listeners: &[ListenerVerdict],
    sets: &[ListenerSetVerdict],
    owners: &[Vec<ListenerOwner>],
) -> Vec<GatewayVerdict> {
    let is_counted = |id: &ListenerSetId| sets.get(id.index()).is_some_and(|set| set.outcome.verdict.is_accepted());
    let all = cx.graph.gateways.ids().zip(drafts).zip(owners).map(|((id, draft), owners)| {
        let mut verdict = verdict(cx, id, draft, listeners);
        let owned = owners.iter().filter_map(|owner| match owner {
            ListenerOwner::ListenerSet(set) => Some(*set),
            ListenerOwner::Gateway(_) => None,
        });
        verdict.attached_listener_sets = owned.filter(is_counted).collect();
        verdict.merged = owners.iter().flat_map(|owner| cx.graph.listeners_of(*owner)).copied().collect();
        verdict
    });
    all.collect()
}

/// The finished verdict of one Gateway, without its ListenerSets.
fn verdict(cx: &Cx<'_>, id: GatewayId, draft: Draft, listeners: &[ListenerVerdict]) -> GatewayVerdict {
    let gateway = &cx.graph.gateways[id];
    let gateway_kind = group_kind();
    let holder = Holder { group_kind: &gateway_kind, namespace: &gateway.meta.key.namespace };
    let client_certificate =
        gateway.client_certificate_ref.as_ref().map(|reference| certificate::key_pair(cx, reference, holder));
    let own: Vec<_> = own_listeners(cx, id).iter().filter_map(|l| Some((*l, listeners.get(l.index())?))).collect();
    let frontend: Vec<_> = gateway.frontend_tls.iter().flat_map(|tls| tls.validations()).collect();
    GatewayVerdict {
        programmed: programmed(cx, gateway, &draft.accepted, &own),
        resolved_refs: resolved_refs(client_certificate.as_ref(), &own),
        managed: draft.managed,
        accepted: draft.accepted,
        insecure_frontend: frontend.iter().any(|validation| validation.mode.value == "AllowInsecureFallback"),
        parameters: draft.parameters,
        client_certificate,
        frontend_cas: frontend
            .iter()
            .flat_map(|validation| &validation.ca_refs)
            .map(|reference| certificate::frontend_ca(cx, reference, holder))
            .collect(),
        attached_listener_sets: Vec::new(),
        merged: Vec::new(),
    }
}

/// `Programmed` (GW-11 to GW-17); True is a prediction.
fn programmed(
    cx: &Cx<'_>,
    gateway: &Gateway,
    accepted: &Judged<GatewayAccepted>,
    own: &[(ListenerId, &ListenerVerdict)],
) -> Judged<GatewayProgrammed> {
    if !accepted.verdict.is_true() {
        return Judged::new(GatewayProgrammed::NotAccepted, accepted.support.clone());
    }
    if own.iter().all(|(_, listener)| listener.programmed.verdict != ListenerProgrammed::Programmed) {
        let support = Support::all(own.iter().map(|(_, listener)| &listener.programmed.support));
        return Judged::new(GatewayProgrammed::NoListenerProgrammed, support);
    }
    if let Some(placement) = cx.profile.placement(&gateway.meta.key) {
        return placed(gateway, placement, accepted);
    }
    let knobs = &cx.profile.knobs;
    let usable = |value: &str| knobs.usable_addresses.as_ref().is_none_or(|list| list.iter().any(|a| covers(a, value)));
    let unusable = positions(gateway, |address| address.value.as_ref().is_some_and(|text| !usable(&text.value)));
    if !unusable.is_empty() {
        return Judged::new(GatewayProgrammed::AddressNotUsable(unusable), Support::profile());
    }
    let unassigned = positions(gateway, |address| address.value.is_none() && !knobs.allocates_addresses);
    if !unassigned.is_empty() {
        return Judged::new(GatewayProgrammed::AddressNotAssigned(unassigned), Support::profile());
    }
    let mut support = accepted.support.clone().and(&Support::assumed(Fact::Dataplane));
    if !gateway.addresses.is_empty() && knobs.usable_addresses.is_none() {
        support = support.and(&Support::assumed(Fact::AddressPool));
    }
    Judged::new(GatewayProgrammed::Programmed, support)
}

/// `Programmed` where a proxy is at work: it serves the Gateway at its addresses or says why not.
fn placed(gateway: &Gateway, placement: &Placement, accepted: &Judged<GatewayAccepted>) -> Judged<GatewayProgrammed> {
    let has = |value: &str| value.parse().is_ok_and(|address| placement.addresses.contains(&address));
    let unusable = positions(gateway, |address| address.value.as_ref().is_some_and(|text| !has(&text.value)));
    if !unusable.is_empty() {
        return Judged::new(GatewayProgrammed::AddressNotUsable(unusable), Support::profile());
    }
    if placement.addresses.is_empty() {
        let unassigned = positions(gateway, |address| address.value.is_none());
        return Judged::new(GatewayProgrammed::AddressNotAssigned(unassigned), Support::profile());
    }
    Judged::new(GatewayProgrammed::Programmed, accepted.support.clone())
}

/// Is an address the listed one, or inside the listed CIDR range?
fn covers(listed: &str, value: &str) -> bool {
    if listed == value {
        return true;
    }
    let range = listed.split_once('/').and_then(|(base, bits)| Some((base.parse().ok()?, bits.parse::<u32>().ok()?)));
    let (Some((base, bits)), Ok(address)) = (range, value.parse()) else { return false };
    let same = |a: u128, b: u128, width: u32| bits <= width && (bits == 0 || (a ^ b) >> (width - bits) == 0);
    match (base, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(u128::from(u32::from(a)), u128::from(u32::from(b)), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(u128::from(a), u128::from(b), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

/// `ResolvedRefs` (GW-20 to GW-23).
fn resolved_refs(
    client_certificate: Option<&Judged<CertificateVerdict>>,
    own: &[(ListenerId, &ListenerVerdict)],
) -> Judged<GatewayResolvedRefs> {
    let mut support = Support::spec();
    if let Some(certificate) = client_certificate {
        match &certificate.verdict {
            CertificateVerdict::RefNotPermitted(_) => {
                return Judged::new(GatewayResolvedRefs::RefNotPermitted, certificate.support.clone());
            }
            CertificateVerdict::UnsupportedKind
            | CertificateVerdict::NotFound
            | CertificateVerdict::Refused
            | CertificateVerdict::Malformed(..) => {
                return Judged::new(GatewayResolvedRefs::InvalidClientCertificateRef, certificate.support.clone());
            }
            CertificateVerdict::Valid(_) | CertificateVerdict::Assumed => {
                support = support.and(&certificate.support);
            }
        }
    }
    let is_resolved = |l: &ListenerVerdict| l.resolved_refs.verdict == ListenerResolvedRefs::ResolvedRefs;
    let failing: Vec<_> = own.iter().filter(|(_, listener)| !is_resolved(listener)).collect();
    if !failing.is_empty() {
        let support = Support::best(failing.iter().map(|(_, listener)| &listener.resolved_refs.support));
        let ids = failing.iter().map(|(id, _)| *id).collect();
        return Judged::new(GatewayResolvedRefs::ListenersNotResolved(ids), support);
    }
    let listeners = Support::all(own.iter().map(|(_, listener)| &listener.resolved_refs.support));
    Judged::new(GatewayResolvedRefs::ResolvedRefs, support.and(&listeners))
}

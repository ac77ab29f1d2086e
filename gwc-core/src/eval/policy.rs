//! BackendTLSPolicy and XBackendTrafficPolicy: targets, conflicts, `accepted`, `resolved_refs`, ancestors (status.md
//! §1.8, §1.9, §5.6).

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::api::Meta;
use crate::api::core::Transport;
use crate::api::policy::{BackendTlsPolicy, BackendTrafficPolicy, PolicyTarget};
use crate::api::route::Route;
use crate::eval::certificate::{self, CaVerdict};
use crate::eval::precedence::{self, Age};
use crate::eval::reference::{BackendVerdict, ReferenceRole, RouteReference};
use crate::eval::route::{ParentVerdict, RouteAccepted, RouteVerdict};
use crate::eval::world::{Cx, Missing};
use crate::eval::{Judged, Support};
use crate::graph::{Arena, BackendTlsPolicyId, GatewayId, Id, Resolution, ServiceId};
use crate::value::ObjectKey;

/// Verdicts on a policy (status.md §1.8, §1.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVerdict {
    /// BT-1 to BT-5.
    pub accepted: Judged<PolicyAccepted>,
    /// BT-6 to BT-8.
    pub resolved_refs: Judged<PolicyResolvedRefs>,
    /// One per target.
    pub targets: Vec<Judged<TargetVerdict>>,
    /// By target: is it the policy that counts there (BT-2)?
    pub wins: Vec<bool>,
    /// One per CA ref.
    pub cas: Vec<Judged<CaVerdict>>,
    /// Managed Gateways whose routes use a target (BT-9).
    pub ancestors: Vec<GatewayId>,
}

/// `Accepted` of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyAccepted {
    /// BT-5.
    Accepted,
    /// BT-1.
    TargetNotFound,
    /// BT-2: the winners.
    Conflicted(Vec<BackendTlsPolicyId>),
    /// BT-2 for XBackendTrafficPolicy.
    TrafficConflicted(Vec<crate::graph::BackendTrafficPolicyId>),
    /// BT-3.
    Invalid(PolicyProblem),
    /// BT-4.
    NoValidCaCertificate,
}

/// Why a policy is invalid (BT-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyProblem {
    /// `wellKnownCACertificates` has an unknown value.
    WellKnown,
    /// The port that `sectionName` selects is UDP.
    UdpPort,
    /// The target is no Service.
    TargetKind,
    /// A type of subject alternative name that is not known, or the feature is not supported.
    SubjectAltName,
}

/// `ResolvedRefs` of a BackendTLSPolicy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyResolvedRefs {
    /// BT-8.
    ResolvedRefs,
    /// BT-6.
    InvalidKind,
    /// BT-7.
    InvalidCaCertificateRef,
}

/// Verdict on a target of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetVerdict {
    /// The Service, and the position of the named port.
    Found(ServiceId, Option<usize>),
    /// Taken for granted.
    Assumed,
    /// Not there.
    NotFound,
    /// There, but an API server would refuse it.
    Refused,
    /// The Service has no port of this name.
    SectionNotFound(ServiceId),
    /// Not a Service.
    UnsupportedKind,
}

/// Who reaches which Service through which port: Gateways of accepted routes (BT-9).
pub(crate) struct Uses(BTreeMap<ObjectKey, BTreeSet<(GatewayId, Option<u16>)>>);

impl Uses {
    /// Uses of the Services that some policy targets.
    pub(crate) fn new(cx: &Cx<'_>, routes: &[RouteVerdict]) -> Self {
        let tls = cx.graph.backend_tls_policies.iter().map(|(_, policy)| (&policy.meta, &policy.targets));
        let traffic = cx.graph.backend_traffic_policies.iter().map(|(_, policy)| (&policy.meta, &policy.targets));
        let targeted = tls.chain(traffic).flat_map(|(meta, targets)| targets.iter().map(|target| key(meta, target)));
        let mut uses = Self(targeted.map(|key| (key, BTreeSet::new())).collect());
        if !uses.0.is_empty() {
            for ((_, route), verdict) in cx.graph.routes.iter().zip(routes) {
                uses.add(route, verdict);
            }
        }
        uses
    }

    fn add(&mut self, route: &Route, verdict: &RouteVerdict) {
        let accepted = verdict.parents.iter().filter_map(|parent| match parent {
            ParentVerdict::Entry(entry) if entry.accepted.verdict == RouteAccepted::Accepted => Some(entry.gateway),
            ParentVerdict::Entry(_) | ParentVerdict::NoEntry(_) => None,
        });
        let gateways: BTreeSet<_> = accepted.collect();
        for (service, port) in verdict.references.iter().filter_map(|reference| target(route, reference)) {
            if let Some(uses) = self.0.get_mut(&service) {
                uses.extend(gateways.iter().map(|gateway| (*gateway, port)));
            }
        }
    }
}

/// The Service and port of a backend or mirror that may be looked at.
fn target(route: &Route, reference: &RouteReference) -> Option<(ObjectKey, Option<u16>)> {
    match reference.role {
        ReferenceRole::Backend | ReferenceRole::Mirror => {}
        ReferenceRole::ExternalAuth | ReferenceRole::Extension => return None,
    }
    match &reference.verdict.verdict {
        BackendVerdict::InvalidKind | BackendVerdict::RefNotPermitted(_) | BackendVerdict::Other => return None,
        BackendVerdict::Service(..)
        | BackendVerdict::Assumed
        | BackendVerdict::NotFound
        | BackendVerdict::Refused
        | BackendVerdict::PortMissing(_)
        | BackendVerdict::PortNotFound(_)
        | BackendVerdict::ExternalName(_)
        | BackendVerdict::UnsupportedAppProtocol(..)
        | BackendVerdict::UnsupportedTransport(..) => {}
    }
    let backend = super::reference::written(route, reference)?;
    let is_service = backend.target.group.is_empty() && backend.target.kind == "Service";
    let key = backend.target.target(&route.meta.key.namespace);
    is_service.then(|| (key, backend.port.as_ref().map(|port| port.value)))
}

/// The Service that a target names: always in the policy's namespace.
fn key(meta: &Meta, target: &PolicyTarget) -> ObjectKey {
    ObjectKey::new(meta.key.namespace.clone(), target.target.name.value.clone())
}

/// What policies compete for: target and section.
type Slot = (CompactString, CompactString, ObjectKey, Option<CompactString>);

fn slot(meta: &Meta, target: &PolicyTarget) -> Slot {
    let section = target.section_name.as_ref().map(|name| name.value.clone());
    (target.target.group.clone(), target.target.kind.clone(), key(meta, target), section)
}

/// The oldest policy of every slot (D31: whether it is valid does not matter).
struct Winners<T>(BTreeMap<Slot, Id<T>>);

impl<T> Winners<T> {
    fn new(policies: &Arena<T>, parts: impl Fn(&T) -> (&Meta, &[PolicyTarget])) -> Self {
        let mut order: Vec<_> = policies.iter().collect();
        order.sort_by_cached_key(|(_, policy)| Age::of(parts(policy).0));
        let mut winners = BTreeMap::new();
        for (id, policy) in order {
            let (meta, targets) = parts(policy);
            for target in targets {
                winners.entry(slot(meta, target)).or_insert(id);
            }
        }
        Self(winners)
    }

    /// Whom the policy loses each of its targets to.
    fn lost(&self, id: Id<T>, meta: &Meta, targets: &[PolicyTarget]) -> Vec<Option<Id<T>>> {
        let winner = |target| self.0.get(&slot(meta, target)).copied().filter(|winner| *winner != id);
        targets.iter().map(winner).collect()
    }
}

fn wins<T>(lost: &[Option<Id<T>>]) -> Vec<bool> {
    lost.iter().map(Option::is_none).collect()
}

/// Verdicts on all BackendTLSPolicies, in order.
pub(crate) fn backend_tls(cx: &Cx<'_>, uses: &Uses) -> Vec<PolicyVerdict> {
    let policies = &cx.graph.backend_tls_policies;
    let winners = Winners::new(policies, |policy| (&policy.meta, policy.targets.as_slice()));
    let verdict = |(id, policy): (BackendTlsPolicyId, &BackendTlsPolicy)| {
        let targets = targets(cx, &policy.meta, &policy.targets);
        let namespace = &policy.meta.key.namespace;
        let cas: Vec<_> = policy.ca_refs.iter().map(|ca| certificate::policy_ca(cx, ca, namespace)).collect();
        let lost = winners.lost(id, &policy.meta, &policy.targets);
        let shared = Shared { meta: &policy.meta, targets: &targets, lost: &lost };
        let winner_meta = |winner: BackendTlsPolicyId| &policies[winner].meta;
        let accepted = shared
            .rejected(cx, "BackendTLSPolicy", winner_meta, PolicyAccepted::Conflicted)
            .unwrap_or_else(|support| accepted(cx, policy, &targets, &cas, support));
        let ancestors = ancestors(cx, uses, &policy.meta, &policy.targets, &targets);
        PolicyVerdict { accepted, resolved_refs: resolved_refs(&cas), targets, wins: wins(&lost), cas, ancestors }
    };
    policies.iter().map(verdict).collect()
}

/// Verdicts on all XBackendTrafficPolicies, in order.
pub(crate) fn backend_traffic(cx: &Cx<'_>, uses: &Uses) -> Vec<PolicyVerdict> {
    let policies = &cx.graph.backend_traffic_policies;
    let winners = Winners::new(policies, |policy| (&policy.meta, policy.targets.as_slice()));
    let verdict = |(id, policy): (Id<BackendTrafficPolicy>, &BackendTrafficPolicy)| {
        let targets = targets(cx, &policy.meta, &policy.targets);
        let lost = winners.lost(id, &policy.meta, &policy.targets);
        let shared = Shared { meta: &policy.meta, targets: &targets, lost: &lost };
        let winner_meta = |winner: Id<BackendTrafficPolicy>| &policies[winner].meta;
        let accepted = shared
            .rejected(cx, "XBackendTrafficPolicy", winner_meta, PolicyAccepted::TrafficConflicted)
            .unwrap_or_else(|support| {
                let problem = target_problem(&targets);
                problem.unwrap_or_else(|| Judged::new(PolicyAccepted::Accepted, support))
            });
        let ancestors = ancestors(cx, uses, &policy.meta, &policy.targets, &targets);
        let resolved_refs = Judged::spec(PolicyResolvedRefs::ResolvedRefs);
        PolicyVerdict { accepted, resolved_refs, targets, wins: wins(&lost), cas: Vec::new(), ancestors }
    };
    policies.iter().map(verdict).collect()
}

/// What is decided alike for both kinds.
struct Shared<'s, T> {
    meta: &'s Meta,
    targets: &'s [Judged<TargetVerdict>],
    lost: &'s [Option<Id<T>>],
}

impl<T> Shared<'_, T> {
    /// BT-1 and BT-2, when no target is left; else how well the winning stands.
    fn rejected<'m>(
        &self,
        cx: &Cx<'_>,
        kind: &'static str,
        meta: impl Fn(Id<T>) -> &'m Meta,
        conflicted: impl Fn(Vec<Id<T>>) -> PolicyAccepted,
    ) -> Result<Judged<PolicyAccepted>, Support> {
        let missing = |target: &Judged<TargetVerdict>| match target.verdict {
            TargetVerdict::NotFound | TargetVerdict::Refused | TargetVerdict::SectionNotFound(_) => true,
            TargetVerdict::Found(..) | TargetVerdict::Assumed | TargetVerdict::UnsupportedKind => false,
        };
        let pairs = || self.targets.iter().zip(self.lost);
        let left = pairs().any(|(target, lost)| lost.is_none() && !missing(target));
        let support = Support::all(self.targets.iter().map(|target| &target.support));
        if left || self.targets.is_empty() {
            return Err(support);
        }
        if pairs().any(|(target, _)| missing(target)) {
            let absent = self.targets.iter().filter(|target| missing(target));
            return Ok(Judged::new(
                PolicyAccepted::TargetNotFound,
                Support::best(absent.map(|target| &target.support)),
            ));
        }
        let mut winners: Vec<_> = self.lost.iter().flatten().copied().collect();
        winners.sort_unstable();
        winners.dedup();
        let ages: Vec<_> = winners.iter().map(|id| precedence::support(cx, kind, meta(*id), self.meta)).collect();
        Ok(Judged::new(conflicted(winners), Support::all(&ages)))
    }
}

/// BT-3: a target that no policy of these kinds can have.
fn target_problem(targets: &[Judged<TargetVerdict>]) -> Option<Judged<PolicyAccepted>> {
    let foreign = targets.iter().find(|target| target.verdict == TargetVerdict::UnsupportedKind)?;
    Some(Judged::new(PolicyAccepted::Invalid(PolicyProblem::TargetKind), foreign.support.clone()))
}

/// `Accepted` of a BackendTLSPolicy that keeps a target (BT-3 to BT-5).
fn accepted(
    cx: &Cx<'_>,
    policy: &BackendTlsPolicy,
    targets: &[Judged<TargetVerdict>],
    cas: &[Judged<CaVerdict>],
    support: Support,
) -> Judged<PolicyAccepted> {
    if let Some(problem) = target_problem(targets) {
        return problem;
    }
    let invalid = |problem, support| Judged::new(PolicyAccepted::Invalid(problem), support);
    if policy.well_known.as_ref().is_some_and(|name| name.value != "System") {
        return invalid(PolicyProblem::WellKnown, Support::profile());
    }
    if targets.iter().any(|target| selects_udp(cx, &target.verdict)) {
        return invalid(PolicyProblem::UdpPort, Support::spec());
    }
    let names = &policy.subject_alt_names;
    let known = names.iter().all(|(r#type, _)| r#type == "Hostname" || r#type == "URI");
    if !known || !(names.is_empty() || cx.feature("BackendTLSPolicySANValidation")) {
        return invalid(PolicyProblem::SubjectAltName, Support::profile());
    }
    let supports = Support::all(cas.iter().map(|ca| &ca.support));
    if !cas.is_empty() && cas.iter().all(|ca| !ca.verdict.is_usable()) {
        return Judged::new(PolicyAccepted::NoValidCaCertificate, supports);
    }
    let usable = cas.iter().filter(|ca| ca.verdict.is_usable()).map(|ca| &ca.support);
    Judged::new(PolicyAccepted::Accepted, support.and(&Support::best(usable)))
}

fn selects_udp(cx: &Cx<'_>, target: &TargetVerdict) -> bool {
    match target {
        TargetVerdict::Found(service, Some(position)) => {
            let port = cx.graph.services[*service].ports.get(*position);
            port.is_some_and(|port| port.transport == Transport::Udp)
        }
        TargetVerdict::Found(_, None)
        | TargetVerdict::Assumed
        | TargetVerdict::NotFound
        | TargetVerdict::Refused
        | TargetVerdict::SectionNotFound(_)
        | TargetVerdict::UnsupportedKind => false,
    }
}

/// `ResolvedRefs` (BT-6 to BT-8).
fn resolved_refs(cas: &[Judged<CaVerdict>]) -> Judged<PolicyResolvedRefs> {
    let reason = |ca: &Judged<CaVerdict>| match ca.verdict {
        CaVerdict::Valid(_) | CaVerdict::Assumed => None,
        CaVerdict::UnsupportedKind => Some(PolicyResolvedRefs::InvalidKind),
        CaVerdict::RefNotPermitted(_) | CaVerdict::NotFound | CaVerdict::Refused | CaVerdict::Malformed(..) => {
            Some(PolicyResolvedRefs::InvalidCaCertificateRef)
        }
    };
    for wanted in [PolicyResolvedRefs::InvalidKind, PolicyResolvedRefs::InvalidCaCertificateRef] {
        let mut witnesses = cas.iter().filter(|ca| reason(ca) == Some(wanted)).map(|ca| &ca.support).peekable();
        if witnesses.peek().is_some() {
            return Judged::new(wanted, Support::best(witnesses));
        }
    }
    Judged::new(PolicyResolvedRefs::ResolvedRefs, Support::all(cas.iter().map(|ca| &ca.support)))
}

fn targets(cx: &Cx<'_>, meta: &Meta, targets: &[PolicyTarget]) -> Vec<Judged<TargetVerdict>> {
    targets.iter().map(|target| target_verdict(cx, meta, target)).collect()
}

fn target_verdict(cx: &Cx<'_>, meta: &Meta, target: &PolicyTarget) -> Judged<TargetVerdict> {
    if !(target.target.group.is_empty() && target.target.kind == "Service") {
        return Judged::new(TargetVerdict::UnsupportedKind, Support::profile());
    }
    let key = key(meta, target);
    match cx.graph.service(&key) {
        Resolution::Found(id) => Judged::spec(section(cx, id, target)),
        Resolution::Refused(_) => Judged::spec(TargetVerdict::Refused),
        Resolution::Absent => match cx.missing_service(&key, None) {
            Missing::Proven => Judged::spec(TargetVerdict::NotFound),
            Missing::Assumed(support) => Judged::new(TargetVerdict::Assumed, support),
        },
    }
}

fn section(cx: &Cx<'_>, id: ServiceId, target: &PolicyTarget) -> TargetVerdict {
    let Some(section) = &target.section_name else { return TargetVerdict::Found(id, None) };
    let ports = &cx.graph.services[id].ports;
    let named = ports.iter().position(|port| port.name.as_ref().is_some_and(|name| name.value == section.value));
    named.map_or(TargetVerdict::SectionNotFound(id), |position| TargetVerdict::Found(id, Some(position)))
}

/// Gateways that reach a target, by namespace and name (BT-9).
fn ancestors(
    cx: &Cx<'_>,
    uses: &Uses,
    meta: &Meta,
    targets: &[PolicyTarget],
    verdicts: &[Judged<TargetVerdict>],
) -> Vec<GatewayId> {
    let mut found = BTreeSet::new();
    for (target, verdict) in targets.iter().zip(verdicts) {
        let port = match verdict.verdict {
            TargetVerdict::UnsupportedKind => continue,
            TargetVerdict::Found(service, Some(position)) => {
                cx.graph.services[service].ports.get(position).map(|port| port.port.value)
            }
            TargetVerdict::Found(_, None)
            | TargetVerdict::Assumed
            | TargetVerdict::NotFound
            | TargetVerdict::Refused
            | TargetVerdict::SectionNotFound(_) => None,
        };
        let users = uses.0.get(&key(meta, target)).into_iter().flatten();
        let users = users.filter(|(_, used)| port.is_none() || *used == port);
        found.extend(users.map(|(gateway, _)| (&cx.graph.gateways[*gateway].meta.key, *gateway)));
    }
    found.into_iter().map(|(_, gateway)| gateway).collect()
}

//! Routes of all kinds: `accepted`, `resolved_refs`, dropped rules (status.md §1.6, §2.2, §2.3).

use rayon::prelude::*;

use crate::api::reference::ParentRef;
use crate::api::route::Route;
use crate::eval::attach::{self, Attachment, Binding, Candidate};
use crate::eval::certificate::Holder;
use crate::eval::gateway_class::Managed;
use crate::eval::listener::ListenerVerdict;
use crate::eval::listener_set::{ListenerSetOutcome, ListenerSetVerdict};
use crate::eval::parameters::Vocabulary;
use crate::eval::reference::{self, BackendVerdict, Reader, RouteReference, TlsTargets};
use crate::eval::rule::{self, BrokenPatterns, RuleVerdict};
use crate::eval::world::{Cx, Missing};
use crate::eval::{Judged, Support};
use crate::graph::{GatewayId, ListenerOwner, ListenerSetId, Resolution, RouteId};
use crate::value::{GATEWAY_GROUP, X_GATEWAY_GROUP};

/// Verdicts on a route (status.md §1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteVerdict {
    /// One per rule (§1.6.4).
    pub rules: Vec<RuleVerdict>,
    /// Every reference of the rules in document order (§3.4).
    pub references: Vec<RouteReference>,
    /// the same for every parent.
    pub resolved_refs: Judged<RouteResolvedRefs>,
    /// One per `spec.parentRefs[]`.
    pub parents: Vec<ParentVerdict>,
}

/// `ResolvedRefs` of a route; the reason with the highest rank (§3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteResolvedRefs {
    ///
    RefNotPermitted,
    ///
    InvalidKind,
    ///
    BackendNotFound,
    ///
    UnsupportedProtocol,
    /// B-7: implementation-specific rank.
    UnsupportedValue,
    ///
    ResolvedRefs,
}

/// The outcome for one parentRef.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParentVerdict {
    /// no entry is ever written.
    NoEntry(NoEntry),
    /// An entry is written.
    Entry(ParentEntry),
}

/// Why there is no entry in `status.parents` (§2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoEntry {
    /// The Gateway or ListenerSet is not there. The flag says whether the world's extent proves it.
    ParentAbsent {
        /// True: proven; false: it may be elsewhere.
        proven: bool,
    },
    /// It is there, but an API server would refuse it.
    ParentRefused,
    /// Group and kind are no parent.
    UnknownKind,
    /// A Service: mesh, which gwc does not evaluate (§2.7). True when the Service is known to be missing.
    MeshService {
        /// The Service is not there and the extent is known.
        absent: bool,
    },
    /// Nobody manages the Gateway.
    NotManaged(GatewayId),
    /// The ListenerSet has no Gateway that anybody manages.
    ListenerSetWithoutGateway(ListenerSetId),
}

/// An entry of `status.parents`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentEntry {
    /// The Gateway, also when the parent is a ListenerSet.
    pub gateway: GatewayId,
    /// The ListenerSet, where it is the parent.
    pub listener_set: Option<ListenerSetId>,
    ///
    pub accepted: Judged<RouteAccepted>,
    /// positions of the dropped rules; empty: the condition is absent.
    pub dropped_rules: Vec<usize>,
    /// How each listener of the parent fared, in spec order.
    pub candidates: Vec<Candidate>,
    /// Proofs of attachment, for every listener of C2 when accepted.
    pub bindings: Vec<Binding>,
}

/// `Accepted` of a route for one parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteAccepted {
    ///
    Accepted,
    ///
    NoMatchingParent,
    /// R-2 by D35: the ListenerSet itself is not allowed.
    ListenerSetNotAllowed,
    ///
    NotAllowedByListeners,
    ///
    NoMatchingListenerHostname,
    /// every rule is invalid.
    UnsupportedValue,
    /// every rule is invalid, the first by its filters.
    IncompatibleFilters,
    /// §5.3 with the knob `grpc_http_same_host_rejects`: an older route of the other kind has the hostname.
    HostnameTaken(RouteId),
    /// Depends on facts that the world does not hold.
    Undetermined,
}

/// Verdicts that routes build upon.
pub(crate) struct Below<'b> {
    pub(crate) managed: Vec<Managed>,
    pub(crate) listener_sets: &'b [ListenerSetVerdict],
    pub(crate) listeners: &'b [ListenerVerdict],
}

/// Verdicts on all routes, in order.
pub(crate) fn evaluate(cx: &Cx<'_>, below: &Below<'_>) -> Vec<RouteVerdict> {
    let broken = BrokenPatterns::find(cx.graph);
    let tls_targets = TlsTargets::new(cx.graph);
    let ids: Vec<_> = cx.graph.routes.ids().collect();
    let routes = ids.par_iter().map(|id| route(cx, below, &cx.graph.routes[*id], (&broken, &tls_targets)));
    let mut routes: Vec<_> = routes.collect();
    if cx.profile.knobs.grpc_http_same_host_rejects {
        super::same_host::reject_newer_kind(cx, &mut routes);
    }
    routes
}

fn route(
    cx: &Cx<'_>,
    below: &Below<'_>,
    route: &Route,
    (broken, tls_targets): (&BrokenPatterns, &TlsTargets),
) -> RouteVerdict {
    let rules = rule::verdicts(cx, route, broken);
    let parents: Vec<_> = route.parents.iter().map(|parent| parent_verdict(cx, below, route, parent, &rules)).collect();
    let kind = reference::holder_kind(route);
    let holder = Holder { group_kind: &kind, namespace: &route.meta.key.namespace };
    let vocabulary = vocabulary(cx, below, &parents);
    let references = reference::references(&Reader { cx, kind: route.kind, holder, vocabulary, tls_targets }, route);
    RouteVerdict { resolved_refs: resolved_refs(&references), rules, references, parents }
}

/// One verdict for all parents: kinds are judged strictly only when every controller involved is known.
fn vocabulary(cx: &Cx<'_>, below: &Below<'_>, parents: &[ParentVerdict]) -> Vocabulary {
    let mut controllers = parents.iter().filter_map(|parent| match parent {
        ParentVerdict::Entry(entry) => Some(below.managed.get(entry.gateway.index())?.controller()),
        ParentVerdict::NoEntry(_) => None,
    });
    match controllers.next() {
        Some(first) if controllers.all(|other| other == Some(cx.profile.controller_name.as_str())) => {
            Vocabulary::of(cx, first)
        }
        Some(_) | None => Vocabulary::Open,
    }
}

/// `ResolvedRefs`: the reason of the highest rank (§3.4).
fn resolved_refs(references: &[RouteReference]) -> Judged<RouteResolvedRefs> {
    let reason = references.iter().map(|one| reason(&one.verdict.verdict)).min();
    let Some(reason) = reason.filter(|reason| *reason != RouteResolvedRefs::ResolvedRefs) else {
        let supports = references.iter().map(|one| &one.verdict.support);
        return Judged::new(RouteResolvedRefs::ResolvedRefs, Support::all(supports));
    };
    let witnesses = references.iter().filter(|one| self::reason(&one.verdict.verdict) == reason);
    Judged::new(reason, Support::best(witnesses.map(|one| &one.verdict.support)))
}

/// The reason that one reference gives.
#[must_use]
pub fn reason(verdict: &BackendVerdict) -> RouteResolvedRefs {
    match verdict {
        BackendVerdict::Service(..) | BackendVerdict::Other | BackendVerdict::Assumed => {
            RouteResolvedRefs::ResolvedRefs
        }
        BackendVerdict::InvalidKind => RouteResolvedRefs::InvalidKind,
        BackendVerdict::RefNotPermitted(_) => RouteResolvedRefs::RefNotPermitted,
        BackendVerdict::NotFound
        | BackendVerdict::Refused
        | BackendVerdict::PortMissing(_)
        | BackendVerdict::PortNotFound(_) => RouteResolvedRefs::BackendNotFound,
        BackendVerdict::ExternalName(_) => RouteResolvedRefs::UnsupportedValue,
        BackendVerdict::UnsupportedAppProtocol(..) | BackendVerdict::UnsupportedTransport(..) => {
            RouteResolvedRefs::UnsupportedProtocol
        }
    }
}

/// What a parentRef leads to.
struct Parent {
    gateway: GatewayId,
    listener_set: Option<ListenerSetId>,
}

/// Resolution of the parent (§2.2), then attachment.
fn parent_verdict(
    cx: &Cx<'_>,
    below: &Below<'_>,
    route: &Route,
    parent_ref: &ParentRef,
    rules: &[RuleVerdict],
) -> ParentVerdict {
    let parent = match parent(cx, below, route, parent_ref) {
        Ok(parent) => parent,
        Err(no_entry) => return ParentVerdict::NoEntry(no_entry),
    };
    let owner = parent.listener_set.map_or(ListenerOwner::Gateway(parent.gateway), ListenerOwner::ListenerSet);
    let candidates = attach::candidates(cx, route, parent_ref, owner, below.listeners);
    let attachment = attach::attach(&candidates);
    let set = parent.listener_set.and_then(|set| below.listener_sets.get(set.index()));
    let (accepted, bindings) = accepted(set, attachment, rules);
    let is_accepted = accepted.verdict == RouteAccepted::Accepted;
    let invalid = rules.iter().enumerate().filter(|(_, rule)| **rule != RuleVerdict::Valid);
    let dropped_rules = if is_accepted { invalid.map(|(position, _)| position).collect() } else { Vec::new() };
    let Parent { gateway, listener_set } = parent;
    ParentVerdict::Entry(ParentEntry { gateway, listener_set, accepted, dropped_rules, candidates, bindings })
}

fn parent(cx: &Cx<'_>, below: &Below<'_>, route: &Route, parent: &ParentRef) -> Result<Parent, NoEntry> {
    let target = &parent.target;
    let key = target.target(&route.meta.key.namespace);
    let group_kind = target.group_kind();
    let absent = || {
        let proven = matches!(cx.missing_object(&group_kind, &key), Missing::Proven);
        NoEntry::ParentAbsent { proven }
    };
    match (target.group.as_str(), target.kind.as_str()) {
        (GATEWAY_GROUP, "Gateway") => match cx.graph.gateway(&key) {
            Resolution::Found(gateway) if is_managed(below, gateway) => Ok(Parent { gateway, listener_set: None }),
            Resolution::Found(gateway) => Err(NoEntry::NotManaged(gateway)),
            Resolution::Refused(_) => Err(NoEntry::ParentRefused),
            Resolution::Absent => Err(absent()),
        },
        (GATEWAY_GROUP, "ListenerSet") | (X_GATEWAY_GROUP, "XListenerSet") => {
            match cx.graph.listener_set(&target.group, &key) {
                Resolution::Found(set) => parent_of_set(below, set),
                Resolution::Refused(_) => Err(NoEntry::ParentRefused),
                Resolution::Absent => Err(absent()),
            }
        }
        ("", "Service") => {
            let missing = matches!(cx.graph.service(&key), Resolution::Absent);
            let proven = missing && matches!(cx.missing_service(&key, None), Missing::Proven);
            Err(NoEntry::MeshService { absent: proven })
        }
        _ => Err(NoEntry::UnknownKind),
    }
}

fn is_managed(below: &Below<'_>, gateway: GatewayId) -> bool {
    below.managed.get(gateway.index()).is_some_and(Managed::is_managed)
}

fn parent_of_set(below: &Below<'_>, set: ListenerSetId) -> Result<Parent, NoEntry> {
    let gateway = below.listener_sets.get(set.index()).and_then(|verdict| verdict.gateway);
    match gateway {
        Some(gateway) if is_managed(below, gateway) => Ok(Parent { gateway, listener_set: Some(set) }),
        Some(_) | None => Err(NoEntry::ListenerSetWithoutGateway(set)),
    }
}

/// `Accepted`: attachment outranks rules (D13); whether the listeners themselves are accepted does not
/// matter.
fn accepted(
    set: Option<&ListenerSetVerdict>,
    attachment: Attachment,
    rules: &[RuleVerdict],
) -> (Judged<RouteAccepted>, Vec<Binding>) {
    let refused = |verdict, support| (Judged::new(verdict, support), Vec::new());
    if let (Some(set), false) = (set, matches!(attachment, Attachment::NoMatchingParent)) {
        match set.outcome.verdict {
            ListenerSetOutcome::NotAllowed => {
                return refused(RouteAccepted::ListenerSetNotAllowed, set.outcome.support.clone());
            }
            ListenerSetOutcome::Undetermined => {
                return refused(RouteAccepted::Undetermined, set.outcome.support.clone());
            }
            ListenerSetOutcome::Accepted
            | ListenerSetOutcome::SomeListenersNotValid(_)
            | ListenerSetOutcome::NoneProgrammed(_)
            | ListenerSetOutcome::ParentKindUnknown
            | ListenerSetOutcome::ParentAbsent
            | ListenerSetOutcome::ParentRefused
            | ListenerSetOutcome::ParentNotManaged
            | ListenerSetOutcome::ParentNotAccepted
            | ListenerSetOutcome::ListenersNotValid => {}
        }
    }
    let (bindings, support) = match attachment {
        Attachment::NoMatchingParent => return refused(RouteAccepted::NoMatchingParent, Support::spec()),
        Attachment::NotAllowed(support) => return refused(RouteAccepted::NotAllowedByListeners, support),
        Attachment::NoHostname(support) => return refused(RouteAccepted::NoMatchingListenerHostname, support),
        Attachment::Undetermined(support) => return refused(RouteAccepted::Undetermined, support),
        Attachment::Attached(bindings, support) => (bindings, support),
    };
    match all_invalid(rules) {
        Some(verdict) => refused(verdict, Support::profile()),
        None => {
            let admitted = set.map_or(Support::spec(), |set| set.admitted.clone());
            (Judged::new(RouteAccepted::Accepted, support.and(&admitted)), bindings)
        }
    }
}

/// the reason of the first rule when every rule is invalid.
fn all_invalid(rules: &[RuleVerdict]) -> Option<RouteAccepted> {
    let mut first = None;
    for rule in rules {
        match rule {
            RuleVerdict::Valid => return None,
            RuleVerdict::Invalid(problem) => {
                let by_filters = problem.is_incompatible_filters();
                let verdict =
                    if by_filters { RouteAccepted::IncompatibleFilters } else { RouteAccepted::UnsupportedValue };
                first.get_or_insert(verdict);
            }
        }
    }
    first
}

/// Routes that count on each listener and routes that may (L-44 to L-49), written into `listeners`.
pub(crate) fn count(cx: &Cx<'_>, routes: &[RouteVerdict], listeners: &mut [ListenerVerdict]) {
    for (id, verdict) in cx.graph.routes.ids().zip(routes) {
        let entries = verdict.parents.iter().filter_map(|parent| match parent {
            ParentVerdict::Entry(entry) => Some(entry),
            ParentVerdict::NoEntry(_) => None,
        });
        for entry in entries {
            count_entry(id, entry, listeners);
        }
    }
}

fn count_entry(id: RouteId, entry: &ParentEntry, listeners: &mut [ListenerVerdict]) {
    for binding in &entry.bindings {
        if let Some(listener) = listeners.get_mut(binding.listener().index()) {
            push_once(&mut listener.attached_routes, id);
        }
    }
    let open = entry.candidates.iter().filter(|one| attach::is_open(one));
    for candidate in open.filter(|_| may_attach(&entry.accepted.verdict)) {
        if let Some(listener) = listeners.get_mut(candidate.listener.index()) {
            push_once(&mut listener.undetermined_routes, id);
        }
    }
}

fn may_attach(accepted: &RouteAccepted) -> bool {
    matches!(accepted, RouteAccepted::Accepted | RouteAccepted::Undetermined)
}

/// Routes come in order, so a repetition is always the last one.
fn push_once(routes: &mut Vec<RouteId>, id: RouteId) {
    if routes.last() != Some(&id) {
        routes.push(id);
    }
}

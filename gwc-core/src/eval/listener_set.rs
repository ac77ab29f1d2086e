//! ListenerSet: `outcome`, which is both `accepted` and `programmed` (status.md §1.5); admission and merge order.

use crate::api::gateway::ListenerSet;
use crate::eval::gateway;
use crate::eval::gateway_class::Managed;
use crate::eval::listener::{ListenerAccepted, ListenerProgrammed, ListenerVerdict};
use crate::eval::precedence::Age;
use crate::eval::selector;
use crate::eval::world::{Cx, Missing};
use crate::eval::{Fact, Judged, Support, Tri};
use crate::graph::{GatewayId, ListenerId, ListenerOwner, ListenerSetId, Resolution};
use crate::value::{GATEWAY_GROUP, GroupKind};

/// Verdicts on a ListenerSet (status.md §1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerSetVerdict {
    /// The parent Gateway, where it is in the world.
    pub gateway: Option<GatewayId>,
    /// Both conditions.
    pub outcome: Judged<ListenerSetOutcome>,
    /// How well it stands that the Gateway allows the set (LS-3).
    pub admitted: Support,
}

/// `Accepted` and `Programmed` of a ListenerSet, decided together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenerSetOutcome {
    /// LS-7.
    Accepted,
    /// LS-6: some entries are not accepted.
    SomeListenersNotValid(Vec<ListenerId>),
    /// LS-8: accepted, but no accepted entry is programmed. The list as in LS-6; empty for LS-7.
    NoneProgrammed(Vec<ListenerId>),
    /// LS-1: the parent is of a foreign kind.
    ParentKindUnknown,
    /// LS-1: the parent is not there.
    ParentAbsent,
    /// LS-1: the parent would be refused.
    ParentRefused,
    /// LS-1: nobody manages the parent.
    ParentNotManaged,
    /// LS-2.
    ParentNotAccepted,
    /// LS-3.
    NotAllowed,
    /// LS-3 cannot be decided: labels of the namespace are not known.
    Undetermined,
    /// LS-5.
    ListenersNotValid,
}

impl ListenerSetOutcome {
    /// `Accepted` is True.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        match self {
            Self::Accepted | Self::SomeListenersNotValid(_) | Self::NoneProgrammed(_) => true,
            Self::ParentKindUnknown
            | Self::ParentAbsent
            | Self::ParentRefused
            | Self::ParentNotManaged
            | Self::ParentNotAccepted
            | Self::NotAllowed
            | Self::Undetermined
            | Self::ListenersNotValid => false,
        }
    }
}

/// Does a set take part in the listeners of its Gateway?
pub(crate) struct Admission {
    /// The parent, where it is in the world.
    pub(crate) gateway: Option<GatewayId>,
    /// How well "yes" stands, or what the set is instead.
    pub(crate) verdict: Result<Support, Judged<ListenerSetOutcome>>,
}

impl Admission {
    /// The Gateway whose listeners the entries join.
    pub(crate) fn joined(&self) -> Option<GatewayId> {
        self.gateway.filter(|_| self.verdict.is_ok())
    }
}

/// Admissions of all sets, in order.
pub(crate) fn admissions(cx: &Cx<'_>, managed: &[Managed]) -> Vec<Admission> {
    cx.graph.listener_sets.iter().map(|(_, set)| admission(cx, set, managed)).collect()
}

/// The Gateway that a listener belongs to; `None` for entries of a set that takes no part.
pub(crate) fn gateway_of(cx: &Cx<'_>, admissions: &[Admission], id: ListenerId) -> Option<GatewayId> {
    match cx.graph.listeners[id].owner {
        ListenerOwner::Gateway(gateway) => Some(gateway),
        ListenerOwner::ListenerSet(set) => admissions.get(set.index()).and_then(Admission::joined),
    }
}

/// Outcomes of all sets, in order.
pub(crate) fn outcomes(
    cx: &Cx<'_>,
    admissions: Vec<Admission>,
    gateways: &[gateway::Draft],
    listeners: &[ListenerVerdict],
) -> Vec<ListenerSetVerdict> {
    let outcomes = cx.graph.listener_sets.ids().zip(admissions).map(|(id, admission)| {
        let gateway = admission.gateway.and_then(|gateway| gateways.get(gateway.index()));
        outcome(cx, id, admission, gateway.and_then(gateway::Draft::refusal), listeners)
    });
    outcomes.collect()
}

/// Resolves the parent (LS-1) and asks it whether the set is allowed (LS-3).
fn admission(cx: &Cx<'_>, set: &ListenerSet, managed: &[Managed]) -> Admission {
    let without = |outcome| Admission { gateway: None, verdict: Err(Judged::spec(outcome)) };
    let target = &set.parent.target;
    if target.group != GATEWAY_GROUP || target.kind != "Gateway" {
        return without(ListenerSetOutcome::ParentKindUnknown);
    }
    let key = target.target(&set.meta.key.namespace);
    let id = match cx.graph.gateway(&key) {
        Resolution::Found(id) => id,
        Resolution::Refused(_) => return without(ListenerSetOutcome::ParentRefused),
        Resolution::Absent => {
            let group_kind = GroupKind::new(GATEWAY_GROUP, "Gateway");
            let support = match cx.missing_object(&group_kind, &key) {
                Missing::Proven => Support::spec(),
                Missing::Assumed(_) => Support::missing(Fact::Object(group_kind, key)),
            };
            let verdict = Err(Judged::new(ListenerSetOutcome::ParentAbsent, support));
            return Admission { gateway: None, verdict };
        }
    };
    if !managed.get(id.index()).is_some_and(Managed::is_managed) {
        return Admission { gateway: Some(id), verdict: Err(Judged::spec(ListenerSetOutcome::ParentNotManaged)) };
    }
    Admission { gateway: Some(id), verdict: allowed(cx, set, id) }
}

fn allowed(cx: &Cx<'_>, set: &ListenerSet, id: GatewayId) -> Result<Support, Judged<ListenerSetOutcome>> {
    if !cx.feature("ListenerSet") {
        return Err(Judged::new(ListenerSetOutcome::NotAllowed, Support::profile()));
    }
    let gateway = &cx.graph.gateways[id];
    let Some(allowed) = &gateway.allowed_listeners else { return Err(Judged::spec(ListenerSetOutcome::NotAllowed)) };
    let answer = selector::admits(cx, allowed, &gateway.meta.key.namespace, &set.meta.key.namespace);
    match answer.verdict {
        Tri::Yes => Ok(answer.support),
        Tri::No => Err(Judged::new(ListenerSetOutcome::NotAllowed, answer.support)),
        Tri::Undetermined => Err(Judged::new(ListenerSetOutcome::Undetermined, answer.support)),
    }
}

/// Owners of the listeners of each Gateway in order of precedence: the Gateway, then its sets by age (§4.3).
pub(crate) fn owners(cx: &Cx<'_>, admissions: &[Admission]) -> Vec<Vec<ListenerOwner>> {
    let mut sets: Vec<Vec<ListenerSetId>> = vec![Vec::new(); cx.graph.gateways.len()];
    for (id, _) in cx.graph.listener_sets.iter() {
        let gateway = admissions.get(id.index()).and_then(Admission::joined);
        if let Some(sets) = gateway.and_then(|gateway| sets.get_mut(gateway.index())) {
            sets.push(id);
        }
    }
    let gateways = cx.graph.gateways.ids().zip(sets);
    let owners = gateways.map(|(gateway, mut sets)| {
        sets.sort_by_cached_key(|set| Age::of(&cx.graph.listener_sets[*set].meta));
        let sets = sets.into_iter().map(ListenerOwner::ListenerSet);
        std::iter::once(ListenerOwner::Gateway(gateway)).chain(sets).collect()
    });
    owners.collect()
}

/// `Accepted` and `Programmed` (LS-1 to LS-8). `refused` is set when the Gateway is not accepted, with its support.
fn outcome(
    cx: &Cx<'_>,
    id: ListenerSetId,
    admission: Admission,
    refused: Option<&Support>,
    listeners: &[ListenerVerdict],
) -> ListenerSetVerdict {
    let gateway = admission.gateway;
    let admitted = match &admission.verdict {
        Ok(support) => support.clone(),
        Err(refusal) => refusal.support.clone(),
    };
    let outcome = match (admission.verdict, refused) {
        (Err(judged), Some(support)) if is_about_admission(&judged.verdict) => {
            Judged::new(ListenerSetOutcome::ParentNotAccepted, support.clone())
        }
        (Err(judged), _) => judged,
        (Ok(_), Some(support)) => Judged::new(ListenerSetOutcome::ParentNotAccepted, support.clone()),
        (Ok(support), None) => roll_up(cx, id, &support, listeners),
    };
    ListenerSetVerdict { gateway, outcome, admitted }
}

/// A Gateway that is not accepted is said before whether it would allow the set (D26).
fn is_about_admission(outcome: &ListenerSetOutcome) -> bool {
    matches!(outcome, ListenerSetOutcome::NotAllowed | ListenerSetOutcome::Undetermined)
}

fn roll_up(
    cx: &Cx<'_>,
    id: ListenerSetId,
    admitted: &Support,
    listeners: &[ListenerVerdict],
) -> Judged<ListenerSetOutcome> {
    let entries = cx.graph.listeners_of(ListenerOwner::ListenerSet(id));
    let entries: Vec<_> = entries.iter().filter_map(|entry| Some((*entry, listeners.get(entry.index())?))).collect();
    let is_accepted = |listener: &ListenerVerdict| listener.accepted.verdict == ListenerAccepted::Accepted;
    let failing: Vec<ListenerId> = entries.iter().filter(|(_, l)| !is_accepted(l)).map(|(entry, _)| *entry).collect();
    let support = admitted.clone().and(&Support::all(entries.iter().map(|(_, l)| &l.accepted.support)));
    if failing.len() == entries.len() {
        return Judged::new(ListenerSetOutcome::ListenersNotValid, support);
    }
    let is_programmed = |l: &ListenerVerdict| l.programmed.verdict == ListenerProgrammed::Programmed;
    if !entries.iter().any(|(_, listener)| is_accepted(listener) && is_programmed(listener)) {
        return Judged::new(ListenerSetOutcome::NoneProgrammed(failing), support);
    }
    if failing.is_empty() {
        return Judged::new(ListenerSetOutcome::Accepted, support);
    }
    Judged::new(ListenerSetOutcome::SomeListenersNotValid(failing), support)
}

//! Listeners of one owner that conflict with each other so that none of them wins (status.md §4.3, step B).
//!
//! Wording lives with the two rules; entries that lose by precedence are GWC3003's.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::eval::{Conflict, ConflictReason};
use crate::graph::ListenerId;
use crate::lint::Cx;
use crate::lint::finding::{condition, gateway_note, is_checked, resting_on};

/// Listeners that exclude each other for one reason, in graph order.
pub(super) struct Group {
    /// All of them, partners that are marked for the other reason included.
    pub(super) members: Vec<ListenerId>,
    /// The one that the finding points at: the last that is reported on.
    pub(super) primary: ListenerId,
}

/// Every group of a reason with a member that is reported on.
pub(super) fn groups(cx: &Cx<'_>, reason: ConflictReason) -> Vec<Group> {
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for id in cx.graph.listeners.ids() {
        if unresolved(cx, id, reason).is_none() || !seen.insert(id) {
            continue;
        }
        let members = members(cx, id, reason);
        seen.extend(members.iter().copied());
        let marked = members.iter().rev().filter(|id| unresolved(cx, **id, reason).is_some());
        let primary = marked.copied().find(|id| is_checked(cx.graph.listener_owner(*id)));
        groups.extend(primary.map(|primary| Group { members: members.into_iter().collect(), primary }));
    }
    groups
}

/// The conflict of a listener where nobody wins.
fn unresolved<'w>(cx: &Cx<'w>, id: ListenerId, reason: ConflictReason) -> Option<&'w Conflict> {
    let conflict = cx.evaluation.listeners.get(id.index())?.conflicted.as_ref()?;
    Some(&conflict.verdict).filter(|conflict| conflict.reason == reason && !conflict.lost)
}

fn members(cx: &Cx<'_>, start: ListenerId, reason: ConflictReason) -> BTreeSet<ListenerId> {
    let mut members = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        let partners = unresolved(cx, id, reason).map_or(&[][..], |conflict| conflict.with.as_slice());
        open.extend(partners.iter().copied().filter(|partner| members.insert(*partner)));
    }
    members
}

/// Conditions, support and the consequence for the Gateway.
pub(super) fn with_effects(cx: &Cx<'_>, id: ListenerId, reason: &'static str, finding: Diagnostic) -> Diagnostic {
    let mut finding = finding
        .condition(condition("Conflicted", "True", reason))
        .condition(condition("Accepted", "False", reason))
        .condition(condition("Programmed", "False", reason));
    finding.notes.extend(gateway_note(cx, id));
    let verdict = cx.evaluation.listeners.get(id.index()).and_then(|listener| listener.conflicted.as_ref());
    match verdict {
        Some(conflict) => resting_on(cx, finding, &conflict.support),
        None => finding,
    }
}

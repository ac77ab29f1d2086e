//! Routes in the order of the IR, who of them is older, and the bound listeners that they are on.

use crate::api::route::{Route, RouteKind};
use crate::api::{Meta, Role};
use crate::eval::{ParentEntry, ParentVerdict, RouteAccepted, RouteVerdict};
use crate::graph::RouteId;
use crate::lower::Cx;
use crate::lower::listener::{Binding, Bound};

/// A route that may be served.
pub(super) struct Candidate {
    pub(super) id: RouteId,
    kind: RouteKind,
    /// Position in the order of age, then name.
    pub(super) rank: u32,
}

/// A route on a bound listener.
#[derive(Clone, Copy)]
pub(super) struct Use<'g> {
    /// Position of the listener in [`Bound`].
    pub(super) listener: u32,
    /// The verdict that attaches it.
    pub(super) entry: &'g ParentEntry,
}

/// A route that is served.
pub(super) struct Served<'g> {
    pub(super) id: RouteId,
    pub(super) spec: &'g Route,
    pub(super) verdict: &'g RouteVerdict,
    /// Listeners, each once, in the order of the parents.
    pub(super) uses: Vec<Use<'g>>,
    /// Does TLS end at one of the listeners?
    pub(super) terminated: bool,
    pub(super) rank: u32,
}

/// All routes that the target serves, by kind, namespace, name. Reads the arena only, so it is cheap.
pub(super) fn candidates(cx: Cx<'_>) -> Vec<Candidate> {
    let routes = cx.graph.routes.iter().filter(|(_, route)| route.meta.served);
    let mut ages = Vec::with_capacity(cx.graph.routes.len());
    let mut candidates = Vec::with_capacity(cx.graph.routes.len());
    for (position, (id, route)) in routes.enumerate() {
        let meta = &route.meta;
        ages.push((meta.created.is_none(), meta.created.unwrap_or_default(), is_new(meta), position));
        candidates.push(Candidate { id, kind: route.kind, rank: 0 });
    }
    // The arena is in order of namespace and name: positions stand for them.
    ages.sort_unstable();
    for (rank, (.., position)) in (0u32..).zip(ages) {
        if let Some(candidate) = candidates.get_mut(position) {
            candidate.rank = rank;
        }
    }
    candidates.sort_by_key(|candidate| candidate.kind);
    candidates
}

/// The route on the listeners that are bound; `None`: on none. The list of listeners is reused.
pub(super) fn served<'g>(
    cx: Cx<'g>,
    bound: &Bound<'_>,
    candidate: &Candidate,
    mut uses: Vec<Use<'g>>,
) -> Result<Served<'g>, Vec<Use<'g>>> {
    uses.clear();
    let Some(verdict) = cx.evaluation.routes.get(candidate.id.index()) else { return Err(uses) };
    let entries = verdict.parents.iter().filter_map(|parent| match parent {
        ParentVerdict::Entry(entry) if entry.accepted.verdict == RouteAccepted::Accepted => Some(entry),
        ParentVerdict::Entry(_) | ParentVerdict::NoEntry(_) => None,
    });
    for entry in entries {
        for listener in entry.bindings.iter().filter_map(|binding| bound.position(binding.listener())) {
            let is_first = uses.iter().all(|one: &Use<'_>| one.listener != listener);
            uses.extend(is_first.then_some(Use { listener, entry }));
        }
    }
    if uses.is_empty() {
        return Err(uses);
    }
    let terminated = uses.iter().filter_map(|one| bound.at(one.listener)).any(Binding::terminates);
    let spec = &cx.graph.routes[candidate.id];
    Ok(Served { id: candidate.id, spec, verdict, uses, terminated, rank: candidate.rank })
}

/// Without a creation time: is the object only now added to what the context holds (cli-and-rules.md §5.4)?
pub(super) fn is_new(meta: &Meta) -> bool {
    meta.created.is_none() && meta.role == Role::Checked
}

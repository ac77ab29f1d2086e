//! Which routes are on which bound listeners, and who of them is older.

use crate::api::route::Route;
use crate::api::{Meta, Role};
use crate::eval::{ParentEntry, ParentVerdict, RouteAccepted, RouteVerdict};
use crate::graph::RouteId;
use crate::lower::Cx;
use crate::lower::listener::Bound;

/// A route on a bound listener.
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
    /// Position in the order of age, then name; equal for no two routes of a kind.
    pub(super) rank: u32,
}

/// All routes that are served, by kind, namespace, name.
pub(super) struct Routes<'g>(Vec<Served<'g>>);

impl<'g> Routes<'g> {
    /// Routes with a binding to a listener that is bound.
    pub(super) fn new(cx: Cx<'g>, bound: &Bound<'_>) -> Self {
        let all = cx.graph.routes.iter().zip(&cx.evaluation.routes);
        let mut served: Vec<Served<'g>> = Vec::with_capacity(all.len());
        for ((id, spec), verdict) in all.filter(|((_, spec), _)| spec.meta.served) {
            let uses = uses(bound, verdict);
            if !uses.is_empty() {
                let mut listeners = uses.iter().filter_map(|one| bound.at(one.listener));
                let terminated = listeners.any(super::listener::Binding::terminates);
                served.push(Served { id, spec, verdict, uses, terminated, rank: 0 });
            }
        }
        rank(&mut served);
        // The arena is in order of namespace and name.
        served.sort_by_key(|route| route.spec.kind);
        Self(served)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Served<'g>> {
        self.0.iter()
    }
}

fn uses<'g>(bound: &Bound<'_>, verdict: &'g RouteVerdict) -> Vec<Use<'g>> {
    let mut uses: Vec<Use<'g>> = Vec::new();
    let entries = verdict.parents.iter().filter_map(|parent| match parent {
        ParentVerdict::Entry(entry) if entry.accepted.verdict == RouteAccepted::Accepted => Some(entry),
        ParentVerdict::Entry(_) | ParentVerdict::NoEntry(_) => None,
    });
    for entry in entries {
        for listener in entry.bindings.iter().filter_map(|binding| bound.position(binding.listener())) {
            if uses.iter().all(|one| one.listener != listener) {
                uses.push(Use { listener, entry });
            }
        }
    }
    uses
}

/// Ranks by age, then name: routes are given in order of namespace and name.
fn rank(routes: &mut [Served<'_>]) {
    let age = |route: &Served<'_>| {
        let meta = &route.spec.meta;
        (meta.created.is_none(), meta.created.unwrap_or_default(), is_new(meta))
    };
    let mut order: Vec<_> = routes.iter().enumerate().map(|(position, route)| (age(route), position)).collect();
    order.sort_unstable();
    for (rank, (_, position)) in (0u32..).zip(order) {
        if let Some(route) = routes.get_mut(position) {
            route.rank = rank;
        }
    }
}

/// Without a creation time: is the object only now added to what the context holds (cli-and-rules.md §5.4)?
pub(super) fn is_new(meta: &Meta) -> bool {
    meta.created.is_none() && meta.role == Role::Checked
}

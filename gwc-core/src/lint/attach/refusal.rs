//! Why the listeners of a parent refuse a route: the causes that the evaluation recorded, sorted out for the rules that
//! word them. One cause for all listeners is told once; several causes are told together (one mistake, one finding).

use crate::api::gateway::{From, Listener};
use crate::eval::{Candidate, ListenerAccepted, ParentEntry, ParentVerdict, RouteAccepted, Tri};
use crate::graph::ListenerId;
use crate::lint::Cx;
use crate::lint::attach::selector;
use crate::lint::finding::is_checked;
use crate::lint::finding::quoted;
use crate::lint::finding::reference::{Parent, parents};

/// Why one listener refuses a route; the order is that of the tests (status.md §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// It does not serve the kind.
    Kind,
    /// It does not admit the namespace.
    Namespace,
    /// No hostname is in common.
    Hostname,
}

/// Refusal of a whole parentRef.
pub(super) enum Refusal<'w> {
    /// One cause.
    Single(Cause, Vec<&'w Candidate>),
    /// Several causes.
    Several(Vec<(&'w Candidate, Cause)>),
}

/// Why a candidate refuses; `None`: it does not, or nobody can say.
pub(super) fn cause(candidate: &Candidate) -> Option<Cause> {
    if !candidate.section || !candidate.port {
        None
    } else if !candidate.kind {
        Some(Cause::Kind)
    } else if candidate.namespace.verdict == Tri::No {
        Some(Cause::Namespace)
    } else if candidate.hostnames.is_none() {
        Some(Cause::Hostname)
    } else {
        None
    }
}

/// ParentRefs of checked routes that all their listeners refuse, with the reason of the condition.
pub(super) fn refused<'w>(
    cx: &Cx<'w>,
) -> impl Iterator<Item = (Parent<'w>, &'w ParentEntry, Refusal<'w>, &'static str)> {
    parents(cx).filter_map(|parent| {
        let ParentVerdict::Entry(entry) = parent.verdict else { return None };
        let reason = match entry.accepted.verdict {
            RouteAccepted::NotAllowedByListeners => "NotAllowedByListeners",
            RouteAccepted::NoMatchingListenerHostname => "NoMatchingListenerHostname",
            RouteAccepted::Accepted
            | RouteAccepted::NoMatchingParent
            | RouteAccepted::ListenerSetNotAllowed
            | RouteAccepted::UnsupportedValue
            | RouteAccepted::IncompatibleFilters
            | RouteAccepted::HostnameTaken(_)
            | RouteAccepted::Undetermined => return None,
        };
        let refusal = refusal(cx, entry)?;
        Some((parent, entry, refusal, reason))
    })
}

/// Listeners for other kinds stand beside the ones that were meant: they count only where nothing else is wrong.
fn refusal<'w>(cx: &Cx<'_>, entry: &'w ParentEntry) -> Option<Refusal<'w>> {
    let all: Vec<(&Candidate, Cause)> =
        entry.candidates.iter().filter_map(|candidate| Some((candidate, cause(candidate)?))).collect();
    let meant: Vec<(&Candidate, Cause)> = all.iter().copied().filter(|(_, cause)| *cause != Cause::Kind).collect();
    if meant.is_empty() {
        // A listener that serves nothing at all has a finding of its own; the route only suffers from it.
        let explained = !all.is_empty() && all.iter().all(|(candidate, _)| serves_nothing(cx, candidate.listener));
        return (!explained).then(|| Refusal::Single(Cause::Kind, all.into_iter().map(|(one, _)| one).collect()));
    }
    let (_, first) = meant.first()?;
    if meant.iter().all(|(_, cause)| cause == first) {
        return Some(Refusal::Single(*first, meant.iter().map(|(one, _)| *one).collect()));
    }
    Some(Refusal::Several(all))
}

/// Does a checked listener serve no kind because of a mistake of its own (GWC2010, GWC2011)?
fn serves_nothing(cx: &Cx<'_>, id: ListenerId) -> bool {
    let verdict = cx.evaluation.listeners.get(id.index());
    is_checked(cx.graph.listener_owner(id))
        && verdict.is_some_and(|one| {
            let unsupported = matches!(
                one.accepted.verdict,
                ListenerAccepted::UnsupportedProtocol | ListenerAccepted::UnsupportedValue
            );
            unsupported || (one.effective_kinds.is_empty() && !one.invalid_kinds.is_empty())
        })
}

/// Names of checked routes that a listener refuses for their kind; a note for the listener's own finding.
pub(super) fn refused_kinds_note(cx: &Cx<'_>, id: ListenerId) -> Option<String> {
    let mut names: Vec<String> = parents(cx)
        .filter(|parent| match parent.verdict {
            ParentVerdict::Entry(entry) => entry
                .candidates
                .iter()
                .any(|candidate| candidate.listener == id && cause(candidate) == Some(Cause::Kind)),
            ParentVerdict::NoEntry(_) => false,
        })
        .map(|parent| format!("{} `{}`", parent.route.meta.kind.value, parent.route.meta.key))
        .collect();
    names.dedup();
    (!names.is_empty()).then(|| format!("refused by this listener: {}", names.join(", ")))
}

/// What a listener says about a refusal, for a label.
pub(super) fn text(cx: &Cx<'_>, parent: &Parent<'_>, candidate: &Candidate, cause: Cause) -> String {
    let listener = cx.graph.listener(candidate.listener);
    let owner = cx.graph.listener_owner(candidate.listener);
    let name = &listener.name.value;
    match cause {
        Cause::Kind => format!("`{name}` {}", serves(cx, candidate.listener)),
        Cause::Namespace => format!("`{name}` {}", admits(listener, &owner.key.namespace)),
        Cause::Hostname => match &listener.hostname {
            Some(hostname) => format!("`{name}` serves `{}` only", hostname.value),
            None => {
                format!("`{name}` has nothing in common with {} `{}`", parent.route.kind.name(), parent.route.meta.key)
            }
        },
    }
}

/// What kinds a listener serves: `serves `HTTPRoute``.
pub(super) fn serves(cx: &Cx<'_>, id: ListenerId) -> String {
    let kinds = cx.evaluation.listeners.get(id.index()).map_or(&[][..], |verdict| &verdict.effective_kinds);
    let protocol = &cx.graph.listener(id).protocol.value;
    if kinds.is_empty() {
        format!("(protocol {protocol}) serves no kind of route")
    } else {
        format!("(protocol {protocol}) serves {} only", quoted(kinds.iter().map(|kind| kind.name())))
    }
}

/// What namespaces a listener admits, for a label.
fn admits(listener: &Listener, own: &str) -> String {
    let namespaces = &listener.namespaces;
    match namespaces.from {
        From::All => "admits routes of every namespace".to_owned(),
        From::Same if namespaces.written => format!("admits routes of namespace `{own}` only (`from: Same`)"),
        From::Same => format!("admits routes of namespace `{own}` only, which is the default"),
        From::Selector => match &namespaces.selector {
            Some(selector) => format!("admits namespaces with {}", selector::text(selector)),
            None => "admits no other namespace: `from: Selector` without `selector`".to_owned(),
        },
        From::None => "admits no routes".to_owned(),
    }
}

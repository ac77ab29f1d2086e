//! Listener conflicts of one Gateway and its ListenerSets (status.md §4.1 to §4.3): `conflicted`.

use std::collections::BTreeMap;

use crate::api::Meta;
use crate::eval::listener::{Draft, SHAPES, Shape};
use crate::eval::precedence;
use crate::eval::world::Cx;
use crate::eval::{Judged, Support};
use crate::graph::{ListenerId, ListenerOwner};

/// Reason of a listener conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictReason {
    /// L-30.
    ProtocolConflict,
    /// L-31.
    HostnameConflict,
}

/// A listener conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Why.
    pub reason: ConflictReason,
    /// The listeners it conflicts with.
    pub with: Vec<ListenerId>,
    /// True when the others won by precedence (step A of §4.3), false when nobody wins (step B).
    pub lost: bool,
}

/// How a listener came off.
#[derive(Debug, Clone)]
pub(crate) struct Contest {
    /// It lost, or nobody won.
    pub(crate) conflict: Option<Judged<Conflict>>,
    /// It is an entry of a ListenerSet beyond the profile's limit.
    pub(crate) beyond_limit: bool,
    /// How well it stands that it did not lose; only names may have decided.
    pub(crate) won: Support,
}

impl Default for Contest {
    fn default() -> Self {
        Self { conflict: None, beyond_limit: false, won: Support::spec() }
    }
}

/// Conflict lists explain; a handful of partners is enough.
pub(crate) const MAX_PARTNERS: usize = 16;

/// What two listeners of these shapes on one port are to each other (§4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Distinct,
    SameClass,
    Protocol,
}

fn relation(cx: &Cx<'_>, a: Shape, b: Shape) -> Relation {
    match (a, b) {
        (Shape::Udp, Shape::Udp) | (Shape::Tcp, Shape::Tcp) => Relation::Protocol,
        (Shape::Udp, _) | (_, Shape::Udp) => Relation::Distinct,
        (Shape::Tcp, _) | (_, Shape::Tcp) => Relation::Protocol,
        (Shape::Http, Shape::Http) => Relation::SameClass,
        (Shape::Http, _) | (_, Shape::Http) => Relation::Protocol,
        (Shape::TlsTerminate, Shape::TlsPassthrough) | (Shape::TlsPassthrough, Shape::TlsTerminate)
            if !cx.feature("TLSRouteModeMixed") =>
        {
            Relation::Protocol
        }
        (
            Shape::Https | Shape::TlsTerminate | Shape::TlsPassthrough,
            Shape::Https | Shape::TlsTerminate | Shape::TlsPassthrough,
        ) => Relation::SameClass,
    }
}

/// What takes a port so far: listeners by shape, and by shape and hostname.
#[derive(Default)]
struct Port {
    by_shape: BTreeMap<Shape, Vec<ListenerId>>,
    by_name: BTreeMap<(Shape, String), Vec<ListenerId>>,
}

/// Port, shape and hostname of a listener that takes part.
#[derive(Clone)]
struct Claim {
    id: ListenerId,
    port: u16,
    shape: Shape,
    hostname: String,
}

/// How every listener comes off; `owners` has for each Gateway the declaring objects in order of precedence.
pub(crate) fn contests(cx: &Cx<'_>, owners: &[Vec<ListenerOwner>], drafts: &[Draft]) -> Vec<Contest> {
    let mut contests = vec![Contest::default(); drafts.len()];
    for owners in owners {
        conflicted(cx, owners, drafts, &mut contests);
    }
    contests
}

/// Decides the conflicts of one set of listeners, writing into `contests` (by listener).
fn conflicted(cx: &Cx<'_>, owners: &[ListenerOwner], drafts: &[Draft], contests: &mut [Contest]) {
    let mut ports: BTreeMap<u16, Port> = BTreeMap::new();
    let mut taken = 0;
    for owner in owners {
        let mut standing = Vec::new();
        // Step A: against owners of higher precedence. It runs before step B, because an entry that loses here
        // occupies nothing.
        for claim in claims(cx, drafts, *owner) {
            let lost = ports.get(&claim.port).and_then(|port| against(cx, port, &claim));
            match lost {
                Some((reason, with)) => lose(cx, &claim, reason, with, contests),
                None => standing.push(claim),
            }
        }
        let blocked = within_owner(cx, &standing, contests);
        let is_gateway = matches!(owner, ListenerOwner::Gateway(_));
        for (claim, blocked) in standing.into_iter().zip(blocked) {
            // Indistinct listeners of the Gateway serve nothing, yet still outrank ListenerSets (D37).
            if blocked && !is_gateway {
                continue;
            }
            taken += 1;
            let limit = cx.profile.knobs.max_listeners;
            if !is_gateway && limit.is_some_and(|limit| taken > limit) {
                mark(contests, claim.id, |contest| contest.beyond_limit = true);
                continue;
            }
            let port = ports.entry(claim.port).or_default();
            port.by_shape.entry(claim.shape).or_default().push(claim.id);
            port.by_name.entry((claim.shape, claim.hostname)).or_default().push(claim.id);
        }
    }
}

/// Listeners of an owner that take part: supported protocol and value, a known port.
fn claims(cx: &Cx<'_>, drafts: &[Draft], owner: ListenerOwner) -> Vec<Claim> {
    let claims = cx.graph.listeners_of(owner).iter().filter_map(|id| {
        let listener = cx.graph.listener(*id);
        let shape = drafts.get(id.index())?.shape.ok()?;
        let hostname = listener.hostname.as_ref().map(|name| name.value.to_string()).unwrap_or_default();
        Some(Claim { id: *id, port: listener.port.as_ref()?.value, shape, hostname })
    });
    claims.collect()
}

/// What a claim runs into on a port: protocol first, then hostname.
fn against(cx: &Cx<'_>, port: &Port, claim: &Claim) -> Option<(ConflictReason, Vec<ListenerId>)> {
    let of_shape = |wanted: Relation| {
        let shapes = SHAPES.into_iter().filter(move |shape| relation(cx, claim.shape, *shape) == wanted);
        shapes.collect::<Vec<_>>()
    };
    let listed = |shape: &Shape| port.by_shape.get(shape).map_or(&[][..], Vec::as_slice);
    let protocol: Vec<_> = of_shape(Relation::Protocol).iter().flat_map(listed).copied().take(MAX_PARTNERS).collect();
    if !protocol.is_empty() {
        return Some((ConflictReason::ProtocolConflict, protocol));
    }
    let named = |shape: &Shape| port.by_name.get(&(*shape, claim.hostname.clone())).map_or(&[][..], Vec::as_slice);
    let hostname: Vec<_> = of_shape(Relation::SameClass).iter().flat_map(named).copied().take(MAX_PARTNERS).collect();
    (!hostname.is_empty()).then_some((ConflictReason::HostnameConflict, hostname))
}

/// Step A: the others outrank it. Losing to the Gateway is certain; among ListenerSets the age decides.
fn lose(cx: &Cx<'_>, claim: &Claim, reason: ConflictReason, with: Vec<ListenerId>, contests: &mut [Contest]) {
    let loser = cx.graph.listener_owner(claim.id);
    let supports: Vec<_> = with.iter().map(|winner| (*winner, seniority(cx, *winner, loser))).collect();
    let support = Support::best(supports.iter().map(|(_, support)| support));
    for (winner, support) in &supports {
        mark(contests, *winner, |contest| contest.won = contest.won.clone().and(support));
    }
    let conflict = Judged::new(Conflict { reason, with, lost: true }, support);
    mark(contests, claim.id, |contest| contest.conflict = Some(conflict));
}

fn seniority(cx: &Cx<'_>, winner: ListenerId, loser: &Meta) -> Support {
    match cx.graph.listeners[winner].owner {
        ListenerOwner::Gateway(_) => Support::spec(),
        ListenerOwner::ListenerSet(set) => {
            precedence::support(cx, "ListenerSet", &cx.graph.listener_sets[set].meta, loser)
        }
    }
}

/// Step B: inside one owner there is no winner. Tells for each claim whether it is marked.
fn within_owner(cx: &Cx<'_>, claims: &[Claim], contests: &mut [Contest]) -> Vec<bool> {
    let pair = |a: &Claim, b: &Claim| match relation(cx, a.shape, b.shape) {
        Relation::Protocol => Some(ConflictReason::ProtocolConflict),
        Relation::SameClass if a.hostname == b.hostname => Some(ConflictReason::HostnameConflict),
        Relation::SameClass | Relation::Distinct => None,
    };
    let marked = claims.iter().map(|claim| {
        let others = claims.iter().filter(|other| other.id != claim.id && other.port == claim.port);
        let found: Vec<_> = others.filter_map(|other| Some((pair(claim, other)?, other.id))).collect();
        let Some(reason) = found.iter().map(|(reason, _)| *reason).min() else { return false };
        let with = found.iter().filter(|(one, _)| *one == reason).map(|(_, id)| *id).take(MAX_PARTNERS).collect();
        let conflict = Judged::spec(Conflict { reason, with, lost: false });
        mark(contests, claim.id, |contest| contest.conflict = Some(conflict));
        true
    });
    marked.collect()
}

fn mark(contests: &mut [Contest], id: ListenerId, change: impl FnOnce(&mut Contest)) {
    if let Some(contest) = contests.get_mut(id.index()) {
        change(contest);
    }
}

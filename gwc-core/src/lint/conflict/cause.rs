//! Why a match gets nothing, and which rule says so: one mistake gives one finding.

use std::collections::BTreeSet;

use crate::graph::ListenerId;
use crate::lint::Cx;
use crate::source::Span;

use super::clash::is_told;
use super::reach::{At, Fate, Loss, MatchId, match_id};
use super::subject::Subject;

/// Why a match gets nothing.
#[derive(Debug)]
pub(super) enum Cause<'w> {
    /// Another rule says so: an identical match elsewhere, a route of another kind.
    Told,
    /// Only matches of its own rule stand before it (GWC3009).
    OwnRule,
    /// Matches of other rules take everything (GWC3007, GWC3008).
    Covered(Covered<'w>),
    /// The listener that takes all its hostnames is another one (GWC3008).
    Listener(At, ListenerId),
}

/// Matches that take everything.
#[derive(Debug)]
pub(super) struct Covered<'w> {
    /// Each once.
    pub(super) by: Vec<Subject<'w>>,
    /// Where, the first place.
    pub(super) place: At,
    /// Do all of them do what the lost match would do?
    pub(super) harmless: bool,
}

/// Why a match gets nothing.
pub(super) fn cause<'w>(cx: &Cx<'w>, id: MatchId, losses: &[Loss]) -> Cause<'w> {
    let Some(own) = Subject::new(cx, id).filter(|_| !is_told(cx, id)) else { return Cause::Told };
    let Some((place, cover)) = cover(cx, id, losses) else {
        let listener = losses.iter().find_map(|loss| match loss {
            Loss::Listener(at, other) => Some((*at, *cx.lowered.listeners.get(at.socket)?.get(*other)?)),
            Loss::Entries(..) => None,
        });
        return listener.map_or(Cause::Told, |(at, listener)| Cause::Listener(at, listener));
    };
    let by: Vec<Subject<'w>> = cover.iter().filter_map(|id| Subject::new(cx, *id)).collect();
    if cover.iter().all(|(rule, _)| *rule == id.0) {
        return Cause::OwnRule;
    }
    if !by.is_empty() && by.iter().all(|one| one.rule.trace.kind != own.rule.trace.kind) {
        return Cause::Told;
    }
    let harmless = by.iter().all(|one| one.acts_like(&own));
    if harmless && !cx.reach.clashes_of(id).is_empty() {
        return Cause::Told;
    }
    Cause::Covered(Covered { by, place, harmless })
}

/// All matches that cover the lost one, and the first place where they do.
fn cover(cx: &Cx<'_>, id: MatchId, losses: &[Loss]) -> Option<(At, BTreeSet<MatchId>)> {
    let config = &cx.lowered.config;
    let mut first = None;
    let mut all = BTreeSet::new();
    for loss in losses {
        let Loss::Entries(at, cover) = loss else { continue };
        let listener = at.listener(config)?;
        let found = cover.iter().filter_map(|entry| listener.entries.get(*entry)).map(match_id);
        let before = all.len();
        all.extend(found.filter(|cover| *cover != id));
        if all.len() > before {
            first.get_or_insert(*at);
        }
    }
    Some((first?, all))
}

/// A rule of which no match gets anything, some for reasons that no other rule tells.
#[derive(Debug)]
pub(super) struct DeadRule<'w> {
    /// Any match of it.
    pub(super) subject: Subject<'w>,
    /// Why: of each match that is not told elsewhere.
    pub(super) causes: Vec<Cause<'w>>,
}

/// Is no match of the rule served anything? A contradictory match counts: it gets nothing either.
fn is_dead(cx: &Cx<'_>, rule: u32) -> bool {
    let mut fates = cx.reach.of_rule(rule);
    fates.all(|(_, fate)| matches!(fate, Fate::Lost(_) | Fate::Contradictory))
}

/// Rules that get nothing (GWC3008), by position in the IR.
pub(super) fn dead_rules<'w>(cx: &Cx<'w>) -> Vec<DeadRule<'w>> {
    let mut rules: Vec<u32> = cx.reach.lost().map(|((rule, _), _)| rule).collect();
    rules.dedup();
    let dead = rules.into_iter().filter(|rule| is_dead(cx, *rule)).filter_map(|rule| {
        let lost = cx.reach.of_rule(rule).filter_map(|(id, fate)| match fate {
            Fate::Lost(losses) => Some(cause(cx, id, losses)),
            Fate::Reachable | Fate::Unproven | Fate::Contradictory => None,
        });
        let causes: Vec<Cause<'w>> =
            lost.filter(|cause| matches!(cause, Cause::Covered(_) | Cause::Listener(..))).collect();
        let subject = Subject::new(cx, (rule, 0))?;
        (!causes.is_empty()).then_some(DeadRule { subject, causes })
    });
    dead.collect()
}

/// Matches that get nothing while their rule gets something (GWC3007), or that only their own rule hides (GWC3009).
pub(super) fn lost_matches<'w>(cx: &Cx<'w>) -> Vec<(MatchId, Subject<'w>, Cause<'w>)> {
    let lost = cx.reach.lost().filter(|((rule, _), _)| !is_dead(cx, *rule));
    lost.filter_map(|(id, losses)| Some((id, Subject::new(cx, id)?, cause(cx, id, losses)))).collect()
}

/// Places of what stands before, each once, at most eight.
pub(super) fn labels<'w>(by: impl IntoIterator<Item = &'w Subject<'w>>) -> Vec<(Span, String)> {
    let mut places: Vec<(Span, String)> = Vec::new();
    for one in by {
        if places.len() < MOST_LABELS && places.iter().all(|(span, _)| *span != one.span()) {
            places.push((one.span(), format!("{} stands before it", one.text())));
        }
    }
    places
}

/// Places that one finding shows.
pub(super) const MOST_LABELS: usize = 8;

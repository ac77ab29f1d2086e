//! Identical claims of two rules, sorted by the rule that speaks about them.
//!
//! A pair has one speaker: GWC3004 where the kinds differ, GWC3006 inside one route, GWC8002 across namespaces for a
//! named host, GWC3013 for a catch-all, GWC3005 where the loser gets nothing at all, else GWC3011. Where both do the
//! same, nobody speaks: nothing is lost.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::graph::RouteId;
use crate::lint::Cx;
use crate::lint::finding::is_checked;

use super::cause::MOST_LABELS;
use super::reach::{At, Clash, Fate, MatchId};
use super::subject::{Subject, aged, attached};

/// Who speaks about a clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lint) enum Sort {
    /// GWC3005.
    Duplicate,
    /// GWC3006.
    InRoute,
    /// GWC3011.
    Order,
    /// GWC3013.
    CatchAll,
    /// GWC8002.
    Takeover,
}

/// A match that loses to the same match of another rule.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Pair<'w> {
    /// Who gets the requests.
    pub(in crate::lint) winner: Subject<'w>,
    /// Who does not.
    pub(in crate::lint) loser: Subject<'w>,
    /// Where.
    pub(in crate::lint) places: &'w [At],
}

/// Who speaks about a clash; `None`: nobody, or GWC3004.
pub(super) fn sort(cx: &Cx<'_>, clash: &Clash, winner: &Subject<'_>, loser: &Subject<'_>) -> Option<Sort> {
    let is_lost = matches!(cx.reach.fate(clash.loser), Some(Fate::Lost(_)));
    if winner.id == loser.id {
        return is_lost.then_some(Sort::InRoute);
    }
    if winner.rule.trace.kind != loser.rule.trace.kind || winner.acts_like(loser) {
        return None;
    }
    let config = &cx.lowered.config;
    let is_named = |place: &At| place.host(config).is_some_and(|host| host.matches.is_some());
    if winner.route.meta.key.namespace != loser.route.meta.key.namespace && clash.places.iter().any(is_named) {
        return Some(Sort::Takeover);
    }
    if loser.is_catch_all() {
        return Some(Sort::CatchAll);
    }
    Some(if is_lost { Sort::Duplicate } else { Sort::Order })
}

/// Does some rule speak about a clash that the match loses?
pub(super) fn is_told(cx: &Cx<'_>, id: MatchId) -> bool {
    let mut own = cx.reach.clashes_of(id).iter();
    own.any(|clash| pair(cx, clash).is_some_and(|pair| sort(cx, clash, &pair.winner, &pair.loser).is_some()))
}

fn pair<'w>(cx: &Cx<'w>, clash: &'w Clash) -> Option<Pair<'w>> {
    let (winner, loser) = (Subject::new(cx, clash.winner)?, Subject::new(cx, clash.loser)?);
    Some(Pair { winner, loser, places: &clash.places })
}

/// Clashes that one rule speaks about: by loser and winner, in order; inside a route each match for itself.
pub(in crate::lint) fn clashes<'w>(cx: &Cx<'w>, wanted: Sort) -> Vec<Vec<Pair<'w>>> {
    let mut groups: BTreeMap<(RouteId, RouteId, usize), Vec<Pair<'w>>> = BTreeMap::new();
    for (position, clash) in cx.reach.clashes.iter().enumerate() {
        let Some(pair) = pair(cx, clash) else { continue };
        if is_checked(&pair.loser.route.meta) && sort(cx, clash, &pair.winner, &pair.loser) == Some(wanted) {
            let own = if wanted == Sort::InRoute { position } else { 0 };
            groups.entry((pair.loser.id, pair.winner.id, own)).or_default().push(pair);
        }
    }
    groups.into_values().collect()
}

/// Adds to a finding about clashes of one loser and winner: places, order, and what it rests on.
pub(in crate::lint) fn described(cx: &Cx<'_>, finding: Diagnostic, pairs: &[Pair<'_>]) -> Diagnostic {
    let Some(Pair { winner, loser, places }) = pairs.first() else { return finding };
    let mut finding = finding.primary_label("comes second").label(winner.span(), "comes first");
    for pair in pairs.iter().skip(1).take(MOST_LABELS) {
        finding = finding.label(pair.loser.span(), "the same here");
    }
    let finding = aged(cx, finding, winner, loser);
    match places.first() {
        Some(place) => attached(cx, finding, &[winner, loser], *place),
        None => finding,
    }
}

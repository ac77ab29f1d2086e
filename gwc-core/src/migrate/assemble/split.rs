//! Rules of one route, merged where they do the same, and divided where the API allows no more (ingress-migrate.md
//! §2.12). Rules that tie, and those whose order counts, stay together.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::migrate::assemble::draft::{Group, Line};
use crate::migrate::render::model::{Filter, PathChange, Rule};

/// Rules that one route may have.
pub(super) const MAX_RULES: usize = 16;

/// Matches that one rule may have.
const MAX_RULE_MATCHES: usize = 64;

/// Matches that one route may have.
pub(super) const MAX_MATCHES: usize = 128;

/// Hostnames that one route may have.
pub(super) const MAX_HOSTNAMES: usize = 16;

/// Parents that one route may have.
pub(super) const MAX_PARENTS: usize = 32;

/// Merges rules that differ in their matches alone. Rules whose order counts are merged with a neighbour only.
pub(super) fn merged(groups: Vec<Group>) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::new();
    let mut known: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for mut group in groups {
        let (Some(line), true) = (group.lines.first(), group.lines.len() == 1) else {
            out.push(group);
            continue;
        };
        if !may_merge(&line.rule) {
            out.push(group);
            continue;
        }
        let alike = known.entry(digest(&line.rule)).or_default();
        let last = out.len();
        let fits = |at: &usize| {
            let Some(other) = out.get(*at) else { return false };
            let is_neighbour = at + 1 == last;
            other.is_ranked == group.is_ranked && (!group.is_ranked || is_neighbour) && fit_together(other, line)
        };
        match alike.iter().copied().find(fits).and_then(|at| out.get_mut(at)).and_then(|group| group.lines.first_mut())
        {
            Some(target) => group.lines.drain(..).for_each(|line| absorb(target, line)),
            None => {
                alike.push(last);
                out.push(group);
            }
        }
    }
    out
}

/// A rule that replaces a prefix has exactly one match (CEL of the API).
fn may_merge(rule: &Rule) -> bool {
    let replaces = |filter: &Filter| match filter {
        Filter::Rewrite { path, .. } => matches!(path, Some(PathChange::Prefix(_))),
        Filter::Redirect(redirect) => matches!(redirect.path, Some(PathChange::Prefix(_))),
        Filter::RequestHeaders(_)
        | Filter::ResponseHeaders(_)
        | Filter::Mirror(_)
        | Filter::Cors(_)
        | Filter::ExternalAuth(_) => false,
    };
    !rule.filters.iter().any(replaces)
}

/// What merged rules have in common.
fn treatment(rule: &Rule) -> impl Hash + PartialEq {
    let Rule { comments: _, matches: _, filters, backends, timeouts, session } = rule;
    (filters, backends, timeouts, session)
}

fn digest(rule: &Rule) -> u64 {
    let mut hasher = DefaultHasher::new();
    treatment(rule).hash(&mut hasher);
    hasher.finish()
}

fn fit_together(group: &Group, line: &Line) -> bool {
    let Some(other) = group.lines.first().filter(|_| group.lines.len() == 1) else { return false };
    let n_matches = other.rule.matches.len() + line.rule.matches.len();
    n_matches <= MAX_RULE_MATCHES && treatment(&other.rule) == treatment(&line.rule)
}

fn absorb(target: &mut Line, line: Line) {
    target.rule.matches.extend(line.rule.matches);
    for comment in line.rule.comments {
        if !target.rule.comments.contains(&comment) {
            target.rule.comments.push(comment);
        }
    }
    target.items.extend(line.items);
    target.closed.extend(line.closed);
}

/// Divides rules between routes. Those whose order counts are one piece as long as they fit.
pub(super) fn divided(groups: Vec<Group>) -> Vec<Vec<Line>> {
    let (ranked, free): (Vec<Group>, Vec<Group>) = groups.into_iter().partition(|group| group.is_ranked);
    let ranked: Vec<Line> = ranked.into_iter().flat_map(|group| group.lines).collect();
    let free = free.into_iter().map(|group| group.lines);
    let mut pieces: Vec<Vec<Line>> = Vec::new();
    let (mut piece, mut n_matches) = (Vec::new(), 0);
    for lines in in_bounds(ranked).into_iter().chain(free) {
        let n = matches_of(&lines);
        if !piece.is_empty() && (piece.len() + lines.len() > MAX_RULES || n_matches + n > MAX_MATCHES) {
            pieces.push(std::mem::take(&mut piece));
            n_matches = 0;
        }
        n_matches += n;
        piece.extend(lines);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// Ordered rules that are too many for a route: cut where they must be, in their order.
fn in_bounds(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let mut out: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        let n = line.rule.matches.len();
        match out.last_mut().filter(|last| last.len() < MAX_RULES && matches_of(last) + n <= MAX_MATCHES) {
            Some(last) => last.push(line),
            None => out.push(vec![line]),
        }
    }
    out
}

/// Without a match, a rule takes everything: that counts as one.
fn matches_of(lines: &[Line]) -> usize {
    lines.iter().map(|line| line.rule.matches.len().max(1)).sum()
}

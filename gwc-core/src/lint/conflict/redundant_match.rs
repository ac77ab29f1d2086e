//! GWC3009 `redundant-match`: one match of a rule implies another one of the same rule.
//!
//! # What it checks
//! Matches of which each request also satisfies another match of the same rule. Where the rule replaces a path prefix,
//! only matches of the same path are compared.
//!
//! # Why it matters
//! The match adds no request, unless it lifts the rule over a match of another rule that stands between the two. It
//! hides what the rule means.
//!
//! # Example
//! ```yaml
//! matches:
//! - path: {value: /cart}
//! - path: {value: /cart/items}
//! ```
//!
//! # Fix
//! Remove the narrower match. The edit is safe where no match of another rule stands between the two; else precedence
//! changes and the edit counts as unsafe.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches`; routing reference §3.1, §3.6

use std::collections::BTreeMap;

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::ir::{Config, Entry, Filter, Match, PathMatch, Rule};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};

use super::cause::{Cause, lost_matches};
use super::reach::{Fate, MatchId, match_id, places};
use super::subject::Subject;

/// Entries between two matches that are looked at; behind that the edit counts as unsafe.
const MOST_BETWEEN: usize = 1_000;

/// GWC3009.
pub(super) static LINT: Lint = Lint {
    code: rule::REDUNDANT_MATCH,
    docs: Docs {
        summary: "one match of a rule implies another one of the same rule",
        what: "Matches of which each request also satisfies another match of the same rule. Where the rule replaces \
               a path prefix, only matches of the same path are compared.",
        why: "The match adds no request, unless it lifts the rule over a match of another rule that stands between \
              the two. It hides what the rule means.",
        bad: r#"matches:
- path: {value: /cart}
- path: {value: /cart/items}
"#,
        good: r#"matches:
- path: {value: /cart}
"#,
        fix: "Remove the narrower match. The edit is safe where no match of another rule stands between the two; \
              else precedence changes and the edit counts as unsafe.",
        spec: "HTTPRoute `spec.rules[].matches`; routing reference §3.1, §3.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let config = &cx.lowered.config;
    let mut found: Vec<(MatchId, MatchId)> = Vec::new();
    for (slot, one) in (0u32..).zip(&config.rules) {
        found.extend(implied(one).into_iter().map(|(narrow, wide)| ((slot, narrow), (slot, wide))));
    }
    // What nothing reaches at all is told elsewhere, unless its own rule is the only reason.
    let hidden: Vec<MatchId> = lost_matches(cx)
        .into_iter()
        .filter_map(|(id, _, cause)| match cause {
            Cause::OwnRule => Some(id),
            Cause::Told | Cause::Covered(_) | Cause::Listener(..) => None,
        })
        .collect();
    found
        .retain(|(narrow, _)| cx.reach.fate(*narrow) == Some(&Fate::Reachable) || hidden.binary_search(narrow).is_ok());
    let between = between(cx, &found);
    for (position, (narrow, wide)) in found.into_iter().enumerate() {
        let subjects = Subject::new(cx, narrow).zip(Subject::new(cx, wide));
        let ours = subjects.filter(|(narrow, _)| is_checked(&narrow.route.meta));
        let is_safe = between.get(position).is_some_and(|between| !between);
        out.0.extend(ours.map(|(narrow, wide)| diagnostic(cx, &narrow, &wide, is_safe)));
    }
}

/// Matches of a rule that another one implies, each with the first such one.
fn implied(rule: &Rule) -> Vec<(u32, u32)> {
    if rule.matches.len() < 2 {
        return Vec::new();
    }
    let replaces = rule.filters.iter().any(Filter::replaces_prefix)
        || rule.backends.iter().flat_map(|backend| &backend.filters).any(Filter::replaces_prefix);
    let all = || (0u32..).zip(&rule.matches);
    let pairs = all().filter_map(|(at, narrow)| {
        let mut others = all().filter(|(other, _)| *other != at);
        let wide = others.find(|(other, wide)| {
            let same = (narrow.path == wide.path, is_equal(narrow, wide));
            (!replaces || same.0) && covers(wide, narrow) && (!same.1 || *other < at)
        });
        wide.map(|(wide, _)| (at, wide))
    });
    pairs.collect()
}

fn is_equal(a: &Match, b: &Match) -> bool {
    (&a.path, &a.method, &a.headers, &a.query_params) == (&b.path, &b.method, &b.headers, &b.query_params)
}

/// Does every request of `narrow` satisfy `wide`? Expressions are compared as texts.
fn covers(wide: &Match, narrow: &Match) -> bool {
    let path = match (&wide.path, &narrow.path) {
        (PathMatch::Prefix(prefix), PathMatch::Exact(path) | PathMatch::Prefix(path)) => {
            let rest = path.strip_prefix(prefix.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        (PathMatch::Prefix(prefix), PathMatch::Regex(_)) => prefix.trim_end_matches('/').is_empty(),
        (PathMatch::Exact(a), PathMatch::Exact(b)) | (PathMatch::Regex(a), PathMatch::Regex(b)) => a == b,
        (PathMatch::Exact(_) | PathMatch::Regex(_), _) => false,
    };
    path && (wide.method.is_none() || wide.method == narrow.method)
        && wide.headers.iter().all(|one| narrow.headers.contains(one))
        && wide.query_params.iter().all(|one| narrow.query_params.contains(one))
}

/// For each pair: may a match of another rule stand between the two, on any listener?
fn between(cx: &Cx<'_>, found: &[(MatchId, MatchId)]) -> Vec<bool> {
    let config = &cx.lowered.config;
    let mut of: BTreeMap<MatchId, Vec<usize>> = BTreeMap::new();
    for (position, (narrow, wide)) in found.iter().enumerate() {
        of.entry(*narrow).or_default().push(position);
        of.entry(*wide).or_default().push(position);
    }
    let mut between = vec![false; found.len()];
    if found.is_empty() {
        return between;
    }
    for (_, listener) in places(config) {
        let mut open: BTreeMap<(u32, usize), usize> = BTreeMap::new();
        let entries = listener.entries.iter().enumerate().filter(|(_, entry)| !entry.preflight);
        let pairs = entries.filter_map(|(at, entry)| Some((at, entry, of.get(&match_id(entry))?)));
        for (at, entry, position) in pairs.flat_map(|(at, entry, all)| all.iter().map(move |one| (at, entry, *one))) {
            let start = open.insert((entry.host, position), at);
            let inside = start.and_then(|start| listener.entries.get(start + 1..at)).unwrap_or_default();
            let own = found.get(position).map(|(narrow, _)| *narrow);
            if let Some(flag) = between.get_mut(position) {
                *flag |= inside.len() > MOST_BETWEEN || any_meets(config, own, inside);
            }
        }
    }
    between
}

fn any_meets(config: &Config, own: Option<MatchId>, inside: &[Entry]) -> bool {
    let foreign = inside.iter().filter(|other| own.is_none_or(|(rule, _)| rule != other.rule));
    foreign.map(|other| config.match_of(other)).any(|other| may_meet(config, own, other))
}

/// May one request satisfy both? Only what is plainly apart is apart.
fn may_meet(config: &Config, own: Option<MatchId>, other: Option<&Match>) -> bool {
    let own = own.and_then(|(rule, at)| config.rules.get(rule as usize)?.matches.get(at as usize));
    let (Some(own), Some(other)) = (own, other) else { return true };
    let bare = |path: &PathMatch| match path {
        PathMatch::Exact(path) | PathMatch::Prefix(path) => Some(path.trim_end_matches('/').to_owned()),
        PathMatch::Regex(_) => None,
    };
    if let (Some(a), Some(b)) = (bare(&own.path), bare(&other.path)) {
        let below = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if !below(&a, &b) && !below(&b, &a) {
            return false;
        }
    }
    own.method.is_none() || other.method.is_none() || own.method == other.method
}

fn diagnostic(cx: &Cx<'_>, narrow: &Subject<'_>, wide: &Subject<'_>, is_safe: bool) -> Diagnostic {
    let message = format!("{} is implied by {} of the same rule", narrow.text(), wide.text());
    let effect = if is_safe { "none: the rule gets the same requests" } else { "it only changes precedence" };
    let finding = about(&narrow.route.meta, rule::REDUNDANT_MATCH, narrow.span(), message)
        .primary_label("adds no request")
        .label(wide.span(), "implies it")
        .effect(effect)
        .help(format!("remove {}", narrow.text()));
    let Some(edit) = narrow.removal(cx) else { return finding };
    let title = format!("remove {}", narrow.text());
    if is_safe {
        return finding.fix(Applicability::Safe, title, vec![edit]);
    }
    let finding = finding.note("a match of another rule stands between the two: precedence changes");
    finding.fix(Applicability::Unsafe, title, vec![edit])
}

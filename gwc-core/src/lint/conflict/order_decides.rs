//! GWC3011 `order-decides`: only creation time or name decides between two routes.
//!
//! # What it checks
//! Matches of two routes that compete for the same requests with equal precedence, where the two rules do different
//! things and both get requests: identical matches on a part of the hostnames or listeners, and matches of the same
//! path with as many other conditions, which one request can fulfil together. A match that gets nothing at all is
//! GWC3005.
//!
//! # Why it matters
//! The older route wins, or the first by `namespace/name`. Creating the objects anew, in another order or under other
//! names, sends the requests elsewhere.
//!
//! # Example
//! ```yaml
//! # HTTPRoute shop/store has the same path with the header `beta: "1"`
//! matches:
//! - path: {value: /cart}
//!   headers:
//!   - name: version
//!     value: "2"
//! ```
//!
//! # Fix
//! Give the match that is meant to win one condition more, or keep both in one route, where the order of rules decides.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §3.6, keys 8 and 9

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::graph::RouteId;
use crate::ir::{Criterion, Listener, Match, PathMatch, ValueMatch};
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};

use super::clash::{Pair, Sort, clashes, described};
use super::reach::{At, Fate, match_id, places};
use super::subject::{Subject, hosts_text};

/// What precedence knows of an entry before it asks for age: hostname, path, method, numbers of conditions.
type Rank<'w> = (u32, &'w PathMatch, bool, usize, usize);

/// Entries with equal keys that one entry is compared with.
const MOST_RIVALS: usize = 32;

/// GWC3011.
pub(super) static LINT: Lint = Lint {
    code: rule::ORDER_DECIDES,
    docs: Docs {
        summary: "only creation time or name decides between two routes",
        what: "Matches of two routes that compete for the same requests with equal precedence, where the two rules \
               do different things and both get requests: identical matches on a part of the hostnames or listeners, \
               and matches of the same path with as many other conditions, which one request can fulfil together. A \
               match that gets nothing at all is GWC3005.",
        why: "The older route wins, or the first by `namespace/name`. Creating the objects anew, in another order or \
              under other names, sends the requests elsewhere.",
        bad: r#"# HTTPRoute shop/store has the same path with the header `beta: "1"`
matches:
- path: {value: /cart}
  headers:
  - name: version
    value: "2"
"#,
        good: r#"matches:
- path: {value: /cart}
  headers:
  - name: version
    value: "2"
  - name: beta # one condition more: this match comes first
    value: "1"
"#,
        fix: "Give the match that is meant to win one condition more, or keep both in one route, where the order of \
              rules decides.",
        spec: "HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §3.6, keys 8 and 9",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut said = BTreeSet::new();
    for pairs in clashes(cx, Sort::Order) {
        said.extend(pairs.first().map(|pair| (pair.winner.id, pair.loser.id)));
        out.0.extend(diagnostic(cx, &pairs));
    }
    for (place, listener) in places(&cx.lowered.config) {
        for (winner, loser) in ties(cx, listener) {
            let place = At { entry: loser, ..place };
            out.0.extend(tie(cx, listener, (winner, place), &mut said));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, pairs: &[Pair<'_>]) -> Option<Diagnostic> {
    let Pair { winner, loser, places } = pairs.first()?;
    let hosts = hosts_text(&cx.lowered.config, places);
    let message = format!("age alone decides between {} and {} on {hosts}", loser.text(), named(&winner.route.meta));
    let finding = about(&loser.route.meta, rule::ORDER_DECIDES, loser.span(), message)
        .effect("created anew in another order, the objects serve other requests")
        .help("give the match that is meant one condition more, or keep both in one route");
    Some(described(cx, finding, pairs))
}

/// Both match a request, and nothing but age or name tells which one takes it.
fn tie(
    cx: &Cx<'_>,
    listener: &Listener,
    (winner, place): (usize, At),
    said: &mut BTreeSet<(RouteId, RouteId)>,
) -> Option<Diagnostic> {
    let criterion = cx.lowered.config.criterion(listener, winner, place.entry)?;
    let subject = |entry: usize| Subject::new(cx, match_id(listener.entries.get(entry)?));
    let pair = Pair { winner: subject(winner)?, loser: subject(place.entry)?, places: &[place] };
    let decides = matches!(criterion, Criterion::Age | Criterion::Name) && !pair.winner.acts_like(&pair.loser);
    let new = decides && is_checked(&pair.loser.route.meta) && said.insert((pair.winner.id, pair.loser.id));
    new.then(|| diagnostic(cx, &[pair])).flatten()
}

/// Entries of one hostname with the same path and as many conditions, which a request can fulfil together.
fn ties(cx: &Cx<'_>, listener: &Listener) -> Vec<(usize, usize)> {
    let config = &cx.lowered.config;
    let mut seen: FxHashMap<Rank<'_>, Vec<(usize, &Match)>> = FxHashMap::default();
    let mut found = Vec::new();
    for (position, entry) in listener.entries.iter().enumerate() {
        let Some(one) = config.match_of(entry).filter(|_| !entry.preflight) else { continue };
        let conditioned = !one.headers.is_empty() || !one.query_params.is_empty();
        if !conditioned || cx.reach.fate(match_id(entry)) != Some(&Fate::Reachable) {
            continue;
        }
        let key = (entry.host, &one.path, one.method.is_some(), one.headers.len(), one.query_params.len());
        let rivals = seen.entry(key).or_default();
        let meets = |(_, other): &&(usize, &Match)| is_compatible(one, other) && !is_same(one, other);
        found.extend(rivals.iter().find(meets).map(|(winner, _)| (*winner, position)));
        if rivals.len() < MOST_RIVALS {
            rivals.push((position, one));
        }
    }
    found
}

fn is_same(a: &Match, b: &Match) -> bool {
    (&a.method, &a.headers, &a.query_params) == (&b.method, &b.headers, &b.query_params)
}

/// Is there a request for both? Expressions for the same name are taken to exclude each other: nothing is proven.
fn is_compatible(a: &Match, b: &Match) -> bool {
    let excludes = |a: &[ValueMatch], b: &[ValueMatch]| {
        a.iter().any(|one| b.iter().any(|other| one.name == other.name && one != other))
    };
    let methods = a.method.is_none() || b.method.is_none() || a.method == b.method;
    methods && !excludes(&a.headers, &b.headers) && !excludes(&a.query_params, &b.query_params)
}

//! GWC3012 `regex-overlap`: a regular-expression path overlaps a match of another rule.
//!
//! # What it checks
//! `RegularExpression` paths and matches of other rules, on one hostname, that one request satisfies both, where the
//! two rules do different things. Each finding rests on such a path. Matches that get nothing at all are GWC3007.
//!
//! # Why it matters
//! Where a regular expression stands among other matches is left to implementations: some ask it before prefixes, as
//! gwc does, some after. The same manifests send the request to different backends.
//!
//! # Example
//! ```yaml
//! rules:
//! - matches:
//!   - path: {type: RegularExpression, value: "/cart/[0-9]+"}
//! - matches:
//!   - path: {value: /cart}
//! ```
//!
//! # Fix
//! Use exact paths or prefixes, or let both rules do the same for the paths in common.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches[].path.type` (implementation-specific); routing reference §3.6, Q3

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::exchange::normalise::{self, EncodedSlash};
use crate::ir::trace::RouteKind;
use crate::ir::{Config, Entry, Listener, Match, PathMatch, ValueMatch};
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};
use crate::matcher::reference::path_accepts;
use crate::value::pattern::{Pattern, sample};

use super::reach::{At, Fate, MatchId, match_id, places};
use super::subject::{Subject, attached, host_text};

/// Matches that one expression is compared with.
const MOST_OTHERS: usize = 256;

/// Expressions of paths, each compiled once, with a path that it matches.
type Expressions<'w> = BTreeMap<&'w str, (Pattern, Option<String>)>;

/// GWC3012.
pub(super) static LINT: Lint = Lint {
    code: rule::REGEX_OVERLAP,
    docs: Docs {
        summary: "a regular-expression path overlaps a match of another rule",
        what: "`RegularExpression` paths and matches of other rules, on one hostname, that one request satisfies \
               both, where the two rules do different things. Each finding rests on such a path. Matches that get \
               nothing at all are GWC3007.",
        why: "Where a regular expression stands among other matches is left to implementations: some ask it before \
              prefixes, as gwc does, some after. The same manifests send the request to different backends.",
        bad: r#"rules:
- matches:
  - path: {type: RegularExpression, value: "/cart/[0-9]+"}
- matches:
  - path: {value: /cart}
"#,
        good: r#"rules:
- matches:
  - path: {type: RegularExpression, value: "/items/[0-9]+"}
- matches:
  - path: {value: /cart}
"#,
        fix: "Use exact paths or prefixes, or let both rules do the same for the paths in common.",
        spec: "HTTPRoute `spec.rules[].matches[].path.type` (implementation-specific); routing reference §3.6, Q3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let expressions = expressions(&cx.lowered.config);
    if expressions.is_empty() {
        return;
    }
    let mut said: BTreeSet<MatchId> = BTreeSet::new();
    for (place, listener) in places(&cx.lowered.config) {
        for (position, entry) in listener.entries.iter().enumerate() {
            let Some(own) = expression(cx, entry).filter(|_| !said.contains(&match_id(entry))) else { continue };
            if let Some((other, path)) = overlap(cx, listener, (entry, own), &expressions) {
                said.insert(match_id(entry));
                out.0.extend(diagnostic(cx, At { entry: position, ..place }, (entry, &other), &path));
            }
        }
    }
}

fn expressions(config: &Config) -> Expressions<'_> {
    let http = config.rules.iter().filter(|rule| rule.trace.kind == RouteKind::Http);
    let mut expressions = Expressions::new();
    for one in http.flat_map(|rule| &rule.matches) {
        let PathMatch::Regex(pattern) = &one.path else { continue };
        if expressions.contains_key(pattern.as_str()) {
            continue;
        }
        if let Ok(compiled) = Pattern::new(pattern) {
            expressions.insert(pattern, (compiled, sample(pattern)));
        }
    }
    expressions
}

/// The match of an entry of an HTTPRoute with a regular expression as its path.
fn expression<'w>(cx: &Cx<'w>, entry: &Entry) -> Option<&'w Match> {
    let config: &'w Config = &cx.lowered.config;
    let own = config.match_of(entry).filter(|one| matches!(one.path, PathMatch::Regex(_)) && !entry.preflight)?;
    let http = config.rules.get(entry.rule as usize).is_some_and(|rule| rule.trace.kind == RouteKind::Http);
    let gets = matches!(cx.reach.fate(match_id(entry)), Some(Fate::Reachable | Fate::Unproven));
    (http && gets).then_some(own)
}

/// The first match of another rule that meets the expression, with a path for both.
fn overlap(
    cx: &Cx<'_>,
    listener: &Listener,
    (own, conditions): (&Entry, &Match),
    expressions: &Expressions<'_>,
) -> Option<(Entry, String)> {
    let config = &cx.lowered.config;
    let mine = Subject::new(cx, match_id(own))?;
    let start = listener.entries.partition_point(|entry| entry.host < own.host);
    let run = listener.entries.get(start..)?.iter().take_while(|entry| entry.host == own.host);
    let others = run.filter(|other| other.rule != own.rule && !other.preflight).take(MOST_OTHERS);
    others.filter_map(|other| Some((other, config.match_of(other)?))).find_map(|(other, theirs)| {
        // Of two expressions the later one tells.
        let twice = matches!(theirs.path, PathMatch::Regex(_)) && match_id(other) > match_id(own);
        let gets = matches!(cx.reach.fate(match_id(other)), Some(Fate::Reachable | Fate::Unproven));
        if twice || !gets || !is_compatible(conditions, theirs) {
            return None;
        }
        let path = common(conditions, theirs, expressions)?;
        let acts_alike = mine.acts_like(&Subject::new(cx, match_id(other))?);
        (!acts_alike).then_some((*other, path))
    })
}

/// A path that both accept, among those that come to mind.
fn common(own: &Match, other: &Match, expressions: &Expressions<'_>) -> Option<String> {
    let of = |path: &PathMatch| expressions.get(path.value()).filter(|_| matches!(path, PathMatch::Regex(_)));
    let example = |path: &PathMatch| of(path).and_then(|(_, example)| example.clone());
    let mut tried = vec![example(&own.path)];
    match &other.path {
        PathMatch::Exact(path) => tried.push(Some(path.to_string())),
        PathMatch::Prefix(prefix) => {
            let bare = prefix.trim_end_matches('/');
            tried.extend(["", "/", "/a", "/1"].map(|rest| Some(format!("{bare}{rest}"))));
        }
        PathMatch::Regex(_) => tried.push(example(&other.path)),
    }
    let whole = |pattern: &str, text: &[u8]| expressions.get(pattern).is_some_and(|(one, _)| one.is_match(text));
    let both = |path: &String| {
        let all = [&own.path, &other.path].iter().all(|one| path_accepts(one, path, &whole));
        all && normalise::path(path, EncodedSlash::Keep).is_ok_and(|normal| normal == path.as_str())
    };
    tried.into_iter().flatten().find(both)
}

/// Is there a request for the other conditions of both?
fn is_compatible(a: &Match, b: &Match) -> bool {
    let excludes = |a: &[ValueMatch], b: &[ValueMatch]| {
        a.iter().any(|one| b.iter().any(|other| one.name == other.name && one != other))
    };
    let methods = a.method.is_none() || b.method.is_none() || a.method == b.method;
    methods && !excludes(&a.headers, &b.headers) && !excludes(&a.query_params, &b.query_params)
}

fn diagnostic(cx: &Cx<'_>, place: At, (own, other): (&Entry, &Entry), path: &str) -> Option<Diagnostic> {
    let (own, other) = (Subject::new(cx, match_id(own))?, Subject::new(cx, match_id(other))?);
    if !is_checked(&own.route.meta) {
        return None;
    }
    let hosts = host_text(place.host(&cx.lowered.config));
    let message = format!("{} overlaps {} on {hosts}", own.text(), other.text());
    let whose = if own.id == other.id { "another rule".to_owned() } else { named(&other.route.meta) };
    let finding = about(&own.route.meta, rule::REGEX_OVERLAP, own.span(), message)
        .primary_label("where it stands is up to the implementation")
        .label(other.span(), format!("{whose} takes `{path}` too"))
        .effect(format!("implementations send `{path}` to different rules"))
        .help("use exact paths or prefixes, or let both rules do the same");
    Some(attached(cx, finding, &[&own, &other], place))
}

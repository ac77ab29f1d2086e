//! Does the order of the controller survive on hosts of regular expressions (§2.15)?
//!
//! Exact paths come first and the longest prefix wins: that is defined. Where an expression stands in that order is not,
//! so two pieces that overlap are contested if one of them is an expression. What known implementations do (longer
//! expressions first, then the order in the route) is made to fit all the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::render::model::PathKind;
use crate::migrate::rules::piece::Draft;
use crate::migrate::rules::plain::shortened;
use crate::migrate::rules::{At, literal, regex, report};
use crate::prove::Kind;
use crate::region::language::{Automaton, Found, search};

/// Paths in ASCII without empty elements: no other request looks like what it is compared with.
const PLAIN: &str = "(?:/[!-.0-~]+)*/?";

/// Questions about automata that one host may ask; what is not asked counts as an overlap.
const MOST_QUESTIONS: usize = 2_000;

/// How two pieces stand to each other, the first before the second on the controller.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Relation {
    /// No request reaches both, or their order is defined, or does not matter.
    Settled,
    /// The second gets no request that the first does not take.
    Shadowed,
    /// Both take this path, if one is known.
    Contested(Option<String>),
}

/// The languages of the pieces of a host.
struct Languages {
    plain: Option<Automaton>,
    known: BTreeMap<String, Option<Automaton>>,
    n_questions: usize,
}

impl Languages {
    fn ask(&mut self, must: &[&str], must_not: &[&str]) -> Found {
        self.n_questions += 1;
        if self.n_questions > MOST_QUESTIONS {
            return Found::Unproven;
        }
        for text in must.iter().chain(must_not) {
            if !self.known.contains_key(*text) {
                self.known.insert((*text).to_owned(), Automaton::new(text));
            }
        }
        let all = |texts: &[&str]| -> Option<Vec<&Automaton>> {
            texts.iter().map(|text| self.known.get(*text).and_then(Option::as_ref)).collect()
        };
        let (Some(mut must), Some(must_not), Some(plain)) = (all(must), all(must_not), &self.plain) else {
            return Found::Unproven;
        };
        must.push(plain);
        search(&must, &must_not)
    }
}

/// The pieces that can get a request, in the order of the controller; contested ones have a rank.
pub(super) fn settled<'p>(at: At<'p, '_>, drafts: Vec<Draft<'p>>, cx: &mut Cx<'_, '_>) -> Vec<Draft<'p>> {
    let mut languages = Languages { plain: Automaton::new(PLAIN), known: BTreeMap::new(), n_questions: 0 };
    let mut kept: Vec<Draft<'p>> = Vec::with_capacity(drafts.len());
    let mut contests: BTreeSet<(usize, usize)> = BTreeSet::new();
    for draft in drafts {
        let relations: Vec<Relation> = kept.iter().map(|first| relation(first, &draft, &mut languages)).collect();
        if relations.contains(&Relation::Shadowed) {
            continue;
        }
        let second = kept.len();
        let mut is_told = false;
        for (first, found) in relations.into_iter().enumerate() {
            let Relation::Contested(witness) = found else { continue };
            contests.insert((first, second));
            if let Some(before) = kept.get(first) {
                tell(at, (before, &draft), (witness.as_deref(), is_told), cx);
            }
            is_told = true;
        }
        kept.push(draft);
    }
    lengthen(at, &mut kept, &contests);
    for (first, second) in &contests {
        for place in [first, second] {
            if let Some(draft) = kept.get_mut(*place) {
                draft.rank = Some(*place);
            }
        }
    }
    kept
}

fn relation(first: &Draft<'_>, second: &Draft<'_>, languages: &mut Languages) -> Relation {
    let (one, other) = (&first.piece, &second.piece);
    let has_regex = one.kind == PathKind::Regex || other.kind == PathKind::Regex;
    if !has_regex {
        let is_inside = match one.kind {
            PathKind::Exact => other.kind == PathKind::Exact && one.value == other.value,
            PathKind::Prefix | PathKind::Regex => is_below(&other.value, &one.value),
        };
        return if is_inside { Relation::Shadowed } else { Relation::Settled };
    }
    let (a, b) = (language(first), language(second));
    let common = languages.ask(&[&a, &b], &[]);
    if common == Found::None {
        return Relation::Settled;
    }
    if languages.ask(&[&b], &[&a]) == Found::None {
        return Relation::Shadowed;
    }
    // Everyone asks exact paths first, and what takes every path last.
    let is_last = other.kind == PathKind::Prefix && other.value == "/";
    if one.kind == PathKind::Exact || is_last || first.is_like(second) {
        return Relation::Settled;
    }
    match common {
        Found::Text(path) => Relation::Contested(Some(path)),
        Found::None | Found::Unproven => Relation::Contested(None),
    }
}

/// Is a path the prefix or below it?
pub(super) fn is_below(path: &str, prefix: &str) -> bool {
    let rest = path.strip_prefix(literal::trimmed(prefix).trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn language(draft: &Draft<'_>) -> String {
    match draft.piece.kind {
        PathKind::Exact => regex::of_path(&draft.piece.value),
        PathKind::Prefix => regex::of_prefix(&draft.piece.value),
        PathKind::Regex => draft.piece.value.clone(),
    }
}

/// MIG304, once for the later piece; the difference is announced where expressions that come first would be asked last.
fn tell(
    at: At<'_, '_>,
    (first, second): (&Draft<'_>, &Draft<'_>),
    (witness, is_told): (Option<&str>, bool),
    cx: &mut Cx<'_, '_>,
) {
    let is_wrong = first.piece.kind == PathKind::Prefix;
    if is_told && !is_wrong {
        return;
    }
    let (before, after) = (short(&first.location.path), short(&second.location.path));
    let message = match witness {
        Some(path) => format!("`{}` is for `{before}` on the controller; `{after}` takes it too", short(path)),
        None => format!("`{before}` comes before `{after}` on the controller, and both may take one path"),
    };
    let help = "write expressions that share no path, or check the order that the implementation has";
    let item = report::of_location(at, second.location, Verdict::Approx).finding(code::REGEX_ORDER, message).help(help);
    let id = cx.report.add(item);
    if is_wrong {
        cx.report.allow(id, report::place(at, first.location), Kind::RegexOrder);
    }
}

fn short(text: &str) -> String {
    let short = shortened(text);
    let cut: String = short.chars().take(30).collect();
    if cut.len() < short.len() { format!("{cut}…") } else { cut }
}

/// Longer expressions come first where it is known; one that must come first and is shorter gets empty groups. Of
/// equal lengths the order in the route decides, which needs one namespace.
fn lengthen(at: At<'_, '_>, drafts: &mut [Draft<'_>], contests: &BTreeSet<(usize, usize)>) {
    for (first, second) in contests.iter().rev() {
        let namespace = |draft: &Draft<'_>| at.owner(draft.location).map(|member| member.key().namespace.clone());
        let (Some(before), Some(after)) = (drafts.get(*first), drafts.get(*second)) else { continue };
        if before.piece.kind != PathKind::Regex || after.piece.kind != PathKind::Regex {
            continue;
        }
        let is_apart = usize::from(namespace(before) != namespace(after));
        let least = after.piece.value.chars().count() + is_apart;
        if let Some(draft) = drafts.get_mut(*first) {
            while draft.piece.value.chars().count() < least && literal::fits(&draft.piece.value) {
                let body = draft.piece.value.trim_end_matches(")$").len();
                draft.piece.value.insert_str(body.min(draft.piece.value.len().saturating_sub(2)), "(?:)");
            }
        }
    }
}

//! Locations of hosts without regular expressions: Exact and PathPrefix, and the redirect that adds a slash.
//!
//! Gateway API picks as nginx does, the exact path and else the longest prefix, so no order is needed (§2.15). What
//! differs is the bare path: a location `/foo/` does not take `/foo`, a prefix `/foo` does (§2.2).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::render::model::{Filter, PathChange, PathKind, Redirect};
use crate::migrate::rules::piece::{Draft, Piece};
use crate::migrate::rules::report::{self, Notes};
use crate::migrate::rules::treatment::{self, Answer, Treatment};
use crate::migrate::rules::{At, close, literal, protocol};
use crate::migrate::site::{Form, Location};
use crate::prove::Kind;

/// A location that takes requests, with its treatment.
struct Served<'p> {
    location: &'p Location,
    treatment: Rc<Treatment>,
}

/// Locations by path.
struct Index<'p> {
    exact: BTreeMap<&'p str, usize>,
    prefixes: BTreeMap<&'p str, usize>,
    served: Vec<Served<'p>>,
}

impl<'p> Index<'p> {
    /// Of two locations with one path and form the first counts.
    fn new(at: At<'p, '_>, notes: &mut Notes, cx: &mut Cx<'_, '_>) -> Self {
        let mut index = Self { exact: BTreeMap::new(), prefixes: BTreeMap::new(), served: Vec::new() };
        for location in &at.host.locations {
            let (paths, path) = match location.form {
                Form::Exact => (&mut index.exact, location.path.as_str()),
                Form::Elements => (&mut index.prefixes, literal::trimmed(&location.path)),
                Form::Letters | Form::Regex => (&mut index.prefixes, location.path.as_str()),
            };
            if paths.contains_key(path) {
                continue;
            }
            paths.insert(path, index.served.len());
            index.served.push(Served { location, treatment: Rc::new(treatment::of(at, location, (notes, cx))) });
        }
        index
    }

    /// The longest prefix of a path, letter by letter.
    fn longest(&self, path: &str) -> Option<&Served<'p>> {
        let ends = path.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        let found = ends.filter_map(|end| path.get(..end)).find_map(|prefix| self.prefixes.get(prefix));
        found.and_then(|at| self.served.get(*at))
    }

    /// Is an exact location the copy of a prefix that does the same (step G), with or without its slash? Then the prefix
    /// says it all.
    fn is_covered(&self, exact: &Served<'_>) -> bool {
        let path = exact.location.path.as_str();
        let with_slash = format!("{path}/");
        let prefix = self.prefixes.get(with_slash.as_str()).or_else(|| self.prefixes.get(path));
        prefix.and_then(|at| self.served.get(*at)).is_some_and(|prefix| {
            prefix.location.origin == exact.location.origin && prefix.treatment == exact.treatment
        })
    }
}

/// The pieces of a host.
pub(super) fn drafts<'p>(at: At<'p, '_>, notes: &mut Notes, cx: &mut Cx<'_, '_>) -> Vec<Draft<'p>> {
    let index = Index::new(at, notes, cx);
    let is_own = |one: &&Served<'_>| one.location.form != Form::Exact || !index.is_covered(one);
    let all = index.served.iter().filter(is_own).map(|one| (one.location, &*one.treatment));
    let is_grpc = at.host.app_root.is_none() && protocol::is_grpc_host(all);
    let mut drafts = Vec::new();
    let mut bare = BTreeSet::new();
    for served in &index.served {
        let location = served.location;
        let is_exact = location.form == Form::Exact;
        let is_said = is_exact && (index.is_covered(served) || (location.path == "/" && at.host.app_root.is_some()));
        if !is_said {
            drafts.extend(draft(at, served, cx));
        }
        if at.site.controller != Controller::IngressNginx || (is_exact && index.is_covered(served)) {
            continue;
        }
        let path = location.path.strip_suffix('/').filter(|path| !path.is_empty());
        let Some(path) = path.filter(|path| !index.exact.contains_key(path) && bare.insert(*path)) else { continue };
        // Of two locations with one name nginx looks at the exact one; a denied one sends nobody on.
        let exact = index.exact.get(location.path.as_str()).and_then(|at| index.served.get(*at));
        match exact.into_iter().chain([served]).find(|one| !one.treatment.is_denied) {
            Some(one) => drafts.extend(slash_redirect(at, (path, one.location), is_grpc, cx)),
            None => drafts.extend(guard(at, (path, location), &index, cx)),
        }
    }
    if is_grpc { calls(at, drafts, cx) } else { drafts }
}

/// The matches of a GRPCRoute, each once: a service and the paths below it are one.
fn calls<'p>(at: At<'p, '_>, drafts: Vec<Draft<'p>>, cx: &mut Cx<'_, '_>) -> Vec<Draft<'p>> {
    let mut seen = BTreeSet::new();
    let calls = drafts.into_iter().map(|draft| {
        let piece = protocol::of_call(at, draft.location, draft.piece, cx);
        Draft { piece, is_grpc: true, ..draft }
    });
    calls.filter(|draft| seen.insert(draft.piece.value.clone())).collect()
}

fn draft<'p>(at: At<'p, '_>, served: &Served<'p>, cx: &mut Cx<'_, '_>) -> Option<Draft<'p>> {
    let location = served.location;
    let kind = match location.form {
        Form::Exact => PathKind::Exact,
        Form::Letters | Form::Elements | Form::Regex => PathKind::Prefix,
    };
    if served.treatment.answer == Answer::Nothing && !served.treatment.to_https {
        return None;
    }
    let mut piece = piece(at, (kind, &location.path), location, cx)?;
    piece.codes.extend(served.treatment.code(cx));
    Some(Draft::new(location, piece, &served.treatment))
}

/// A match of a path; `None`: the CRD has no way to write it (MIG209).
pub(super) fn piece(
    at: At<'_, '_>,
    (kind, path): (PathKind, &str),
    location: &Location,
    cx: &mut Cx<'_, '_>,
) -> Option<Piece> {
    let path = if kind == PathKind::Exact { path } else { literal::trimmed(path) };
    let Some(value) = literal::encoded(path) else {
        let message = format!("the path `{}` holds what no match of a path may hold", shortened(path));
        close::without_match(at, location, (code::NOT_REPRESENTABLE, message), cx);
        return None;
    };
    let mut piece = Piece::new(kind, value);
    if piece.value != path {
        let message = format!("the path is written as `{}`", shortened(&piece.value));
        let item = report::of_location(at, location, Verdict::Exact).finding(code::PATH_ENCODING, message);
        cx.report.add(item);
        piece.codes.push(code::PATH_ENCODING);
    }
    Some(piece)
}

/// For messages.
pub(super) fn shortened(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// nginx answers a request that lacks only the final slash of a location with a redirect, unless another location
/// takes exactly that path (§2.3).
fn slash_redirect<'p>(
    at: At<'p, '_>,
    (bare, location): (&str, &'p Location),
    is_grpc: bool,
    cx: &mut Cx<'_, '_>,
) -> Option<Draft<'p>> {
    let (value, full) = (literal::encoded(bare)?, literal::encoded(&location.path)?);
    if is_grpc {
        // No GRPCRoute redirects, and no call lacks its method.
        let message =
            format!("the redirect from `{bare}` to `{}` is not written: calls of gRPC need none", location.path);
        let item = report::of_location(at, location, Verdict::Approx).finding(code::TRAILING_SLASH_REDIRECT, message);
        let id = cx.report.add(item);
        cx.report.allow(id, report::place(at, location), Kind::SlashRedirect);
        return None;
    }
    let message = format!("the redirect of the controller from `{bare}` to `{}` is written as a rule", location.path);
    let item = report::of_location(at, location, Verdict::Exact).finding(code::TRAILING_SLASH_REDIRECT, message);
    let id = cx.report.add(item);
    let redirect = Redirect { path: Some(PathChange::Full(full)), status: Some(301), ..Redirect::default() };
    let treatment = Treatment { items: vec![id], ..Treatment::redirecting(vec![Filter::Redirect(redirect)]) };
    Some(Draft::new(location, Piece::new(PathKind::Exact, value), &Rc::new(treatment)))
}

/// A denied location sends nobody on to its slash: the bare path goes to the next location, but the prefix of the API
/// would take it.
fn guard<'p>(
    at: At<'p, '_>,
    (bare, denied): (&str, &'p Location),
    index: &Index<'p>,
    cx: &mut Cx<'_, '_>,
) -> Option<Draft<'p>> {
    let served = index.longest(bare)?;
    let value = literal::encoded(bare)?;
    let treatment = if served.treatment.answer == Answer::Nothing {
        let to_https = served.treatment.to_https;
        Rc::new(Treatment { to_https, ..close::not_found(at, (bare, denied), cx) })
    } else {
        Rc::clone(&served.treatment)
    };
    Some(Draft::new(served.location, Piece::new(PathKind::Exact, value), &treatment))
}

//! The request space of one name: every distinction that either side can make, with one request for each cell
//! (ingress-migrate.md §7.3), and the mutations of §7.4.
//!
//! Dimensions that no entry and no annotation of the name looks at are not opened: both sides are constant along them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use crate::ingress::nginx::{Compared, Probes};
use crate::ir::rule::ValueMatch;
use crate::ir::{Match, PathMatch};
use crate::prove::request::Request;
use crate::prove::source::{Paths, Shape};
use crate::region::plain_paths;
use crate::value::pattern::{literal, sample};

/// Paths of one name.
#[derive(Debug, Default, Clone)]
pub(super) struct Classes {
    /// One for each class, the simplest first.
    pub(super) paths: Vec<String>,
    /// Path and query of mutations, none of which is among the classes.
    pub(super) mutations: Vec<String>,
    /// Are the classes all that there are?
    pub(super) is_complete: bool,
}

/// Classes of paths for expressions that were compared before: many hosts of a class are made alike.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<BTreeMap<BTreeSet<String>, Option<Vec<String>>>>);

impl Cache {
    fn plain_paths(&self, languages: BTreeSet<String>) -> Option<Vec<String>> {
        let known = |cache: &Self| cache.0.lock().ok().and_then(|known| known.get(&languages).cloned());
        if let Some(known) = known(self) {
            return known;
        }
        let found = plain_paths(&languages, MOST_CLASSES);
        if let Ok(mut known) = self.0.lock() {
            known.insert(languages, found.clone());
        }
        found
    }
}

/// Classes of paths that one name may have before its expressions are sampled.
const MOST_CLASSES: usize = 2_000;

/// Classes and mutations of the paths of a name; `entries` are the matches that it can reach on the target.
pub(super) fn classes(source: &BTreeSet<Paths>, entries: &[&Match], cache: &Cache) -> Classes {
    let heads: BTreeSet<String> = source.iter().map(|one| sent(bare(one.head()))).collect();
    let mut literals: BTreeSet<&str> = heads.iter().map(String::as_str).collect();
    let expressions: BTreeSet<&str> = entries.iter().filter_map(|one| expression(&one.path)).collect();
    let values = entries.iter().filter(|one| expression(&one.path).is_none()).map(|one| bare(one.path.value()));
    literals.extend(values);
    let mut paths = neighbours(&literals);
    let mut is_complete = true;
    if !expressions.is_empty() || source.iter().any(|one| one.form == Shape::Regex) {
        let n_unread = source.iter().filter(|one| one.languages().is_empty()).count();
        let own = source.iter().flat_map(Paths::languages);
        let literals = entries.iter().map(|one| language(&one.path));
        let found = cache.plain_paths(own.chain(literals).collect());
        is_complete = found.is_some() && n_unread == 0;
        match found {
            Some(found) => paths.extend(found),
            None => paths.extend(expressions.iter().filter_map(|one| sample(one)).flat_map(|path| around(&path))),
        }
    }
    let mut seen = BTreeSet::new();
    paths.retain(|path| path.starts_with('/') && seen.insert(path.clone()));
    let mutations = heads.iter().flat_map(|head| mutations(head));
    let mutations = mutations.filter(|target| target.starts_with('/') && seen.insert(target.clone())).collect();
    Classes { paths, mutations, is_complete }
}

fn expression(path: &PathMatch) -> Option<&str> {
    match path {
        PathMatch::Regex(text) => Some(text),
        PathMatch::Exact(_) | PathMatch::Prefix(_) => None,
    }
}

fn language(path: &PathMatch) -> String {
    match path {
        PathMatch::Exact(path) => literal(path),
        PathMatch::Prefix(prefix) => format!("{}(?:/(?s:.*))?", literal(bare(prefix))),
        PathMatch::Regex(text) => text.as_str().to_owned(),
    }
}

/// As a client sends it: what may not stand in a path is escaped.
pub(super) fn sent(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

fn bare(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// A path that is below `prefix` and below nothing longer.
fn fresh(prefix: &str, literals: &BTreeSet<&str>) -> String {
    let names = ["other", "else", "third", "fourth"].into_iter().map(|name| format!("{prefix}/{name}"));
    let mut free = names.filter(|path| !literals.contains(path.as_str()));
    free.next().unwrap_or_else(|| format!("{prefix}/{}", "z".repeat(1 + literals.len())))
}

/// Where no expression is: each literal, with and without a final slash, and what is below it and below nothing longer.
/// Both sides compare with literals and, below them, by elements (a location of nginx that is no expression ends with a
/// slash), so there is no further class.
fn neighbours(literals: &BTreeSet<&str>) -> Vec<String> {
    let mut paths = Vec::with_capacity(4 * literals.len() + 3);
    for prefix in literals.iter().copied().filter(|path| !path.is_empty()).chain([""]) {
        let below = fresh(prefix, literals);
        if !prefix.is_empty() {
            paths.push(prefix.to_owned());
        }
        paths.push(format!("{prefix}/"));
        paths.push(format!("{below}/"));
        paths.push(below);
    }
    paths
}

/// Paths next to one.
fn around(path: &str) -> Vec<String> {
    let own = bare(path);
    vec![path.to_owned(), own.to_owned(), format!("{own}/"), format!("{own}x"), format!("{own}/x"), flipped(path)]
}

fn flipped(text: &str) -> String {
    let flip = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(flip).collect()
}

/// Path and query of the mutations of a source path (§7.4).
pub(super) fn mutations(path: &str) -> Vec<String> {
    if path.is_empty() {
        return ["//x", "/./x", "/x/../y", "/x%2Fy", "/%78", "/x;v=1", "/?", "/?a=b", "/x?a=b", "/x?a=b/"]
            .map(str::to_owned)
            .into();
    }
    let mut all = vec![format!("{path}x"), format!("{path}/x"), format!("{path}/x/y"), format!("{path}//x")];
    all.push(format!("/.{path}/"));
    all.push(format!("/x/..{path}/x"));
    all.push(format!("{path}/./x"));
    if path.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        all.push(flipped(path));
        all.push(one_flipped(path));
        all.push(encoded(path));
    }
    if let Some((head, tail)) = path.rsplit_once('/').filter(|(head, _)| !head.is_empty()) {
        all.push(format!("{head}%2F{tail}"));
    }
    all.push(format!("{path}%2Fx"));
    all.extend([";v=1", "?", "?a=b", "?a=b/", "/?a=b", "/x?a=b", "/x/?a=b/"].map(|end| format!("{path}{end}")));
    all
}

/// The first letter in the other case.
fn one_flipped(path: &str) -> String {
    let at = path.find(|c: char| c.is_ascii_alphabetic()).unwrap_or_default();
    let (head, tail) = path.split_at_checked(at).unwrap_or((path, ""));
    let (letter, rest) = tail.split_at_checked(1).unwrap_or((tail, ""));
    format!("{head}{}{rest}", flipped(letter))
}

/// The first letter as an escape.
fn encoded(path: &str) -> String {
    let at = path.find(|c: char| c.is_ascii_alphabetic()).unwrap_or_default();
    let (head, tail) = path.split_at_checked(at).unwrap_or((path, ""));
    let (letter, rest) = tail.split_at_checked(1).unwrap_or((tail, ""));
    let letter: String = letter.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("{head}{letter}{rest}")
}

/// One way to change a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// Nothing.
    Nothing,
    /// Another method.
    Method(String),
    /// One more header.
    Header(String, String),
    /// Another query.
    Query(String),
    /// Both at once.
    Both(Box<Self>, Box<Self>),
}

impl Change {
    pub(super) fn apply(&self, request: &mut Request) {
        match self {
            Self::Nothing => {}
            Self::Method(method) => request.method = method.clone().into(),
            Self::Header(name, value) => request.headers.push((name.clone(), value.clone())),
            Self::Query(query) => request.target = format!("{}?{query}", request.path()),
            Self::Both(one, other) => {
                one.apply(request);
                other.apply(request);
            }
        }
    }
}

/// Dimensions beside name, scheme and path: ways to change a request of which one is taken from each.
#[derive(Debug, Default, Clone)]
pub(super) struct Dimensions(Vec<Vec<Change>>);

impl Dimensions {
    /// Cells that they make.
    pub(super) fn n_cells(&self) -> usize {
        self.0.iter().fold(1, |product, one| product.saturating_mul(one.len().max(1)))
    }

    /// Changes a request to that of a cell; 0 changes nothing.
    pub(super) fn apply(&self, cell: usize, request: &mut Request) {
        let mut rest = cell;
        for dimension in &self.0 {
            let n = dimension.len().max(1);
            dimension.get(rest % n).into_iter().for_each(|change| change.apply(request));
            rest /= n;
        }
    }

    /// What these matches and the source look at.
    pub(super) fn of(matches: &[&Match], probes: &Probes<'_>) -> Self {
        let (mut headers, mut params) = (Values::default(), Values::default());
        for found in matches {
            found.headers.iter().for_each(|one| add(&mut headers, one));
            found.query_params.iter().for_each(|one| add(&mut params, one));
        }
        let mut cookies = headers.remove("cookie").unwrap_or_default();
        cookies.extend(probes.cookies.iter().flat_map(|name| cookie_values(name)));
        for (name, compared) in &probes.headers {
            let values = headers.entry(name.to_ascii_lowercase()).or_default();
            values.extend(["always", "never"].map(str::to_owned));
            values.extend(compared.iter().filter_map(|one| match one {
                Compared::Words => None,
                Compared::Value(value) => Some((*value).to_owned()),
                Compared::Pattern(pattern) => sample(pattern),
            }));
        }
        let mut all = vec![methods(matches, &probes.origins)];
        all.extend(headers.into_iter().map(|(name, values)| header(&name, values)));
        if !cookies.is_empty() {
            all.push(header("cookie", cookies));
        }
        all.extend(params.into_iter().map(|(name, values)| query(&name, values)));
        all.retain(|dimension| dimension.len() > 1);
        Self(all)
    }
}

type Values = BTreeMap<String, BTreeSet<String>>;

fn add(values: &mut Values, condition: &ValueMatch) {
    let value = if condition.regex { sample(&condition.value) } else { Some(condition.value.as_str().to_owned()) };
    values.entry(condition.name.as_str().to_owned()).or_default().extend(value);
}

fn cookie_values(name: &str) -> Vec<String> {
    let mut all: Vec<String> = ["always", "never", "other", "alwaysx"].map(|value| format!("{name}={value}")).into();
    all.push(format!("a=b; {name}=always"));
    all.push(format!("{name}=always; a=b"));
    all.push(format!("a=b; {name}=never"));
    all.push(format!("x{name}=always"));
    all.push(format!("{name}=never; {name}=always"));
    all
}

fn header(name: &str, values: BTreeSet<String>) -> Vec<Change> {
    let other = "other".to_owned();
    let values = values.into_iter().chain([other]).map(|value| Change::Header(name.to_owned(), value));
    std::iter::once(Change::Nothing).chain(values).collect()
}

fn query(name: &str, values: BTreeSet<String>) -> Vec<Change> {
    let mut all = vec![Change::Nothing];
    for value in values {
        all.push(Change::Query(format!("{name}={value}&{name}=other")));
        all.push(Change::Query(format!("{name}={value}")));
    }
    all.push(Change::Query(format!("{name}=other")));
    all
}

/// Methods with the headers of preflights: browsers and others.
fn methods(matches: &[&Match], origins: &BTreeSet<&str>) -> Vec<Change> {
    let named: BTreeSet<&str> = matches.iter().filter_map(|one| one.method.as_deref()).collect();
    let mut all = vec![Change::Nothing];
    let method = |name: &str| Change::Method(name.to_owned());
    if !named.is_empty() {
        all.extend(named.iter().map(|name| method(name)));
        all.extend(["POST", "OPTIONS", "PROPFIND"].into_iter().filter(|name| !named.contains(name)).map(method));
    }
    if origins.is_empty() {
        return all;
    }
    all.push(method("OPTIONS"));
    let asked = || Change::Header("access-control-request-method".to_owned(), "POST".to_owned());
    for origin in origins.iter().flat_map(|origin| examples(origin)).collect::<BTreeSet<_>>() {
        let origin = Change::Header("origin".to_owned(), origin);
        let options = Change::Both(Box::new(method("OPTIONS")), Box::new(origin.clone()));
        all.push(Change::Both(Box::new(options.clone()), Box::new(asked())));
        all.push(options);
        all.push(origin);
    }
    all
}

/// Origins that a list may tell apart.
fn examples(allowed: &str) -> Vec<String> {
    let mut all = vec!["https://other.test".to_owned()];
    match allowed.split_once("*.") {
        Some((scheme, rest)) => all.extend([format!("{scheme}a.{rest}"), format!("{scheme}a.b.{rest}")]),
        None if allowed == "*" => {}
        None => all.push(allowed.to_owned()),
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, form: Shape) -> Paths {
        Paths { text: text.to_owned(), form, is_rewritten: false }
    }

    #[test]
    fn literals_have_their_neighbours_and_mutations() {
        let source = [of("/foo", Shape::Exact), of("/foo/", Shape::Letters), of("/", Shape::Letters)].into();
        let found = classes(&source, &[], &Cache::default());
        assert_eq!(found.paths, ["/foo", "/foo/", "/foo/other/", "/foo/other", "/", "/other/", "/other"]);
        assert!(found.is_complete);
        for target in ["/foox", "/foo/x/y", "/foo//x", "/FOO", "/Foo", "/%66oo", "/foo;v=1", "/foo?a=b/", "/foo%2Fx"] {
            assert!(found.mutations.iter().any(|one| one == target), "{target}: {:?}", found.mutations);
        }
    }

    #[test]
    fn expressions_are_seen_in_all_states() {
        let source = [of(r"/n/(\d+)/(.*)", Shape::Regex), of("/", Shape::Regex)].into();
        let found = classes(&source, &[], &Cache::default());
        assert!(found.is_complete);
        let is_there = |path: &str| found.paths.iter().any(|one| one == path);
        assert!(is_there("/n/0/") && is_there("/n/0") && is_there("/n/0/a"), "{:?}", found.paths);
        // Nobody minds case, so other letters are no class; they are among the mutations.
        assert!(!is_there("/N/0") && found.mutations.iter().any(|one| one.starts_with("/N")), "{:?}", found.mutations);
        let unreadable = [of("/(?!x).*", Shape::Regex)].into();
        assert!(!classes(&unreadable, &[], &Cache::default()).is_complete);
    }

    #[test]
    fn cells_are_all_combinations() {
        let headers = [("X", BTreeSet::from([Compared::Words]))].into();
        let probes = Probes { headers, cookies: ["k"].into(), ..Probes::default() };
        let dimensions = Dimensions::of(&[], &probes);
        // Header: none, always, never, other. Cookie: none, nine values, other.
        assert_eq!(dimensions.n_cells(), 4 * 11);
        let all: BTreeSet<Vec<(String, String)>> = (0..dimensions.n_cells())
            .map(|cell| {
                let mut request = Request::get(crate::ingress::Scheme::Http, "a.io", "/");
                dimensions.apply(cell, &mut request);
                request.headers
            })
            .collect();
        assert_eq!(all.len(), 44);
        assert!(all.contains(&vec![]));
    }
}

//! Requests at the edges of what entries take: a hit, and near misses in every condition. They prove that a compiled
//! program agrees with the reference on a given IR (`gwc compile --verify`), and pin behaviour (`gwc test --record`).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Config, Entry, Listener, Match, PathMatch, ValueMatch};
use crate::matcher::reference::{Oracle, matches_whole};
use crate::matcher::{Program, RequestHead};
use crate::value::Hostname;
use crate::value::pattern::{Pattern, sample};

/// A request head that owns its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probe {
    /// Host; `None`: an address.
    pub host: Option<String>,
    /// Path.
    pub path: String,
    /// Query without `?`.
    pub query: Option<String>,
    /// Method.
    pub method: String,
    /// Header lines.
    pub headers: Vec<(String, String)>,
}

impl Probe {
    /// The head as matchers take it.
    #[must_use]
    pub fn head(&self) -> RequestHead<'_> {
        RequestHead {
            host: self.host.as_deref(),
            path: &self.path,
            query: self.query.as_deref(),
            method: &self.method,
            headers: &self.headers,
        }
    }
}

/// What a comparison of program and reference gave.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// Requests that were compared.
    pub requests: usize,
    /// Entries whose requests were left out because there are very many.
    pub skipped: usize,
    /// Disagreements in words.
    pub wrong: Vec<String>,
}

/// Questions to the reference that one listener may cost: it looks at every entry for each.
const MOST_LOOKS: usize = 40_000_000;

/// Compares program and reference on the boundary requests of every listener.
#[must_use]
pub fn verify(config: &Config) -> Report {
    let mut report = Report::default();
    for socket in &config.sockets {
        for listener in &socket.listeners {
            verify_listener(config, listener, &mut report);
        }
    }
    report
}

fn verify_listener(config: &Config, listener: &Listener, report: &mut Report) {
    let program = Program::compile(config, listener, 0);
    let cache: RefCell<BTreeMap<String, Option<Pattern>>> = RefCell::default();
    let whole = |pattern: &str, text: &[u8]| {
        let mut cache = cache.borrow_mut();
        let known = cache.entry(pattern.to_owned()).or_insert_with(|| Pattern::new(pattern).ok());
        known.as_ref().map_or_else(|| matches_whole(pattern, text), |pattern| pattern.is_match(text))
    };
    let oracle = Oracle { whole: &whole, ..Oracle::new(config, listener) };
    let n_entries = listener.entries.len().max(1);
    let (mut looks, mut seen) = (0usize, BTreeSet::new());
    // Steps spread the budget over all entries.
    let step = (n_entries.saturating_mul(n_entries).saturating_mul(PER_ENTRY) / MOST_LOOKS).max(1);
    for entry in listener.entries.iter().step_by(step) {
        for probe in around(config, listener, entry) {
            if looks > 2 * MOST_LOOKS || !seen.insert(probe.clone()) {
                continue;
            }
            looks = looks.saturating_add(n_entries);
            report.requests += 1;
            let (expected, found) = (oracle.find(&probe.head()), program.find(&probe.head()));
            if expected != found {
                let listener = listener.label();
                report.wrong.push(format!("{listener}: {probe:?}: the program says {found:?}, not {expected:?}"));
            }
        }
    }
    report.skipped += n_entries - n_entries.div_ceil(step);
}

/// About as many requests are made for an entry.
const PER_ENTRY: usize = 24;

/// A request that fulfils every condition of an entry; `None` where an expression gives no example.
///
/// Entries before it may take the request all the same.
#[must_use]
pub fn hit(config: &Config, listener: &Listener, entry: &Entry) -> Option<Probe> {
    let host = listener.hosts.get(entry.host as usize)?;
    let name = host.matches.as_ref().map_or_else(|| "other.test".to_owned(), example);
    let mut probe =
        Probe { host: Some(name), path: "/".to_owned(), query: None, method: "GET".to_owned(), headers: Vec::new() };
    let Some(found) = config.match_of(entry) else { return Some(probe) };
    probe.path = match &found.path {
        PathMatch::Exact(path) => path.as_str().to_owned(),
        PathMatch::Prefix(prefix) => absolute(prefix.trim_end_matches('/')),
        PathMatch::Regex(pattern) => sample(pattern)?,
    };
    if let Some(method) = &found.method {
        method.as_str().clone_into(&mut probe.method);
    }
    if entry.preflight {
        probe.method = "OPTIONS".to_owned();
        probe.headers.push(("origin".to_owned(), "https://other.test".to_owned()));
        let method = found.method.as_deref().unwrap_or("GET").to_owned();
        probe.headers.push(("access-control-request-method".to_owned(), method));
    }
    for header in &found.headers {
        probe.headers.push((header.name.as_str().to_owned(), value(header)?));
    }
    probe.query = query(found, None)?;
    Some(probe)
}

/// The hit of an entry and near misses: in host, path, method, each header and each query parameter.
#[must_use]
pub fn around(config: &Config, listener: &Listener, entry: &Entry) -> Vec<Probe> {
    let Some(hit) = hit(config, listener, entry) else { return Vec::new() };
    let mut probes = vec![hit.clone()];
    let mut with = |change: &dyn Fn(&mut Probe)| {
        let mut probe = hit.clone();
        change(&mut probe);
        probes.push(probe);
    };
    for name in names(hit.host.as_deref()) {
        with(&|probe| probe.host.clone_from(&name));
    }
    for path in paths(&hit.path) {
        with(&|probe| probe.path.clone_from(&path));
    }
    for method in ["GET", "POST", "OPTIONS", "get"] {
        with(&|probe| method.clone_into(&mut probe.method));
    }
    for position in 0..hit.headers.len() {
        with(&|probe| drop(probe.headers.remove(position)));
        with(&|probe| probe.headers.iter_mut().skip(position).take(1).for_each(|(_, value)| value.push('x')));
        with(&|probe| {
            let twin = probe.headers.get(position).map(|(name, _)| (name.clone(), "other".to_owned()));
            probe.headers.extend(twin);
        });
    }
    if let Some(found) = config.match_of(entry) {
        for position in 0..found.query_params.len() {
            with(&|probe| probe.query = query(found, Some(position)).flatten());
        }
    }
    with(&|probe| {
        let query = probe.query.take().map_or_else(|| "other=1".to_owned(), |query| format!("other=1&{query}"));
        probe.query = Some(query);
    });
    probes
}

/// A name that a hostname covers.
fn example(hostname: &Hostname) -> String {
    match hostname {
        Hostname::Exact(name) => name.to_string(),
        Hostname::Wildcard(suffix) => format!("other{suffix}"),
    }
}

/// Names next to one: below it, above it, none.
fn names(host: Option<&str>) -> Vec<Option<String>> {
    let Some(host) = host else { return vec![Some("other.test".to_owned())] };
    let above = host.split_once('.').map(|(_, above)| above.to_owned());
    vec![Some(format!("deep.{host}")), Some(format!("x{host}")), above, None]
}

/// Paths next to one: longer, deeper, shorter, with and without a slash at the end.
fn paths(path: &str) -> Vec<String> {
    let bare = path.trim_end_matches('/');
    let mut shorter = bare.to_owned();
    shorter.pop();
    let above = bare.rsplit_once('/').map_or("", |(above, _)| above);
    let near = [format!("{bare}x"), format!("{bare}/"), format!("{bare}/other"), format!("{bare}//other"), shorter];
    near.into_iter().chain([above.to_owned(), path.to_ascii_uppercase()]).map(|path| absolute(&path)).collect()
}

fn absolute(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

fn value(condition: &ValueMatch) -> Option<String> {
    if condition.regex { sample(&condition.value) } else { Some(condition.value.as_str().to_owned()) }
}

/// The query that fulfils a match, but for one parameter if that is told; the inner `None`: no query is needed.
#[expect(clippy::option_option, reason = "no example, and no query, are two things")]
fn query(found: &Match, wrong: Option<usize>) -> Option<Option<String>> {
    let mut pairs = Vec::new();
    for (position, param) in found.query_params.iter().enumerate() {
        let right = value(param)?;
        let given = if wrong == Some(position) { format!("{right}x") } else { right };
        pairs.push(format!("{}={}", encoded(&param.name), encoded(&given)));
    }
    Some((!pairs.is_empty()).then(|| pairs.join("&")))
}

/// Text of a query: everything but unreserved characters as an escape.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

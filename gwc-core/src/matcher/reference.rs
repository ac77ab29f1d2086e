//! The specification in linear code: which entry takes a request, and for each entry the first condition that failed.
//!
//! Read this first; [`super::Program`] must agree with it on every input. Slow on purpose: every expression is compiled
//! each time.

use crate::ir::{Config, Entry, Listener, Match, PathMatch, ValueMatch};
use crate::matcher::RequestHead;

/// The condition of a match that a request does not fulfil, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failed {
    /// The hostname.
    Host,
    /// The path.
    Path,
    /// The method.
    Method,
    /// Header at this position of [`Match::headers`].
    Header(usize),
    /// Query parameter at this position of [`Match::query_params`].
    QueryParam(usize),
    /// It is no CORS preflight.
    Preflight,
}

/// The first entry in order of precedence that accepts the request.
#[must_use]
pub fn find(config: &Config, listener: &Listener, request: &RequestHead<'_>) -> Option<usize> {
    listener.entries.iter().position(|entry| failed(config, listener, entry, request).is_none())
}

/// Why an entry does not accept the request; `None`: it does.
#[must_use]
pub fn failed(config: &Config, listener: &Listener, entry: &Entry, request: &RequestHead<'_>) -> Option<Failed> {
    if !listener.hosts[entry.host as usize].accepts(request.host) {
        return Some(Failed::Host);
    }
    let found = config.match_of(entry)?;
    if !path_accepts(&found.path, request.path) {
        return Some(Failed::Path);
    }
    if entry.preflight {
        return conditions(found, request).or_else(|| (!is_preflight(request)).then_some(Failed::Preflight));
    }
    match &found.method {
        Some(method) if method != request.method => Some(Failed::Method),
        _ => conditions(found, request),
    }
}

/// Headers, then query parameters.
fn conditions(found: &Match, request: &RequestHead<'_>) -> Option<Failed> {
    let header = found.headers.iter().position(|header| !header_accepts(header, request));
    let query = || found.query_params.iter().position(|param| !query_accepts(param, request));
    header.map(Failed::Header).or_else(|| query().map(Failed::QueryParam))
}

/// routing.md §3.1.
#[must_use]
pub fn path_accepts(condition: &PathMatch, path: &str) -> bool {
    match condition {
        PathMatch::Exact(value) => *value == path,
        PathMatch::Prefix(value) => {
            let rest = path.strip_prefix(value.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || value.trim_end_matches('/').is_empty()
        }
        PathMatch::Regex(pattern) => whole(pattern, path.as_bytes()),
    }
}

/// routing.md §3.3, Q7: any single line, or all lines joined by a comma.
fn header_accepts(condition: &ValueMatch, request: &RequestHead<'_>) -> bool {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    request.headers.lines(&condition.name, &mut |line| lines.push(line.to_vec()));
    let joined = lines.join(&b","[..]);
    !lines.is_empty() && lines.iter().chain([&joined]).any(|value| value_accepts(condition, value))
}

/// routing.md §3.4, Q6: the first parameter of the name, form-decoded.
fn query_accepts(condition: &ValueMatch, request: &RequestHead<'_>) -> bool {
    let pairs = request.query.unwrap_or_default().split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut values = pairs.filter(|(name, _)| form_decoded(name) == condition.name.as_bytes());
    values.next().is_some_and(|(_, value)| value_accepts(condition, &form_decoded(value)))
}

fn value_accepts(condition: &ValueMatch, value: &[u8]) -> bool {
    if condition.regex { whole(&condition.value, value) } else { condition.value.as_bytes() == value }
}

/// Does the expression match the whole text? Expressions that do not compile are never lowered (GWC5012).
fn whole(pattern: &str, text: &[u8]) -> bool {
    regex::bytes::Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(text))
}

/// Is it a CORS preflight (routing.md §4.6)?
#[must_use]
pub fn is_preflight(request: &RequestHead<'_>) -> bool {
    let has = |name| {
        let mut found = false;
        request.headers.lines(name, &mut |_| found = true);
        found
    };
    request.method == "OPTIONS" && has("origin") && has("access-control-request-method")
}

/// `+` is a space, `%HH` a byte; anything else stands for itself.
#[must_use]
pub fn form_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escape {
            Some((high, low)) => decoded.push(high * 16 + low),
            None if *first == b'+' => decoded.push(b' '),
            None => decoded.push(*first),
        }
        rest = if escape.is_some() { &tail[2..] } else { tail };
    }
    decoded
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

//! The specification in linear code: which listener and which entry take a request, and for each entry the first
//! condition that failed.
//!
//! Read this first; [`super::Program`] and [`super::SocketProgram`] must agree with it on every input. Slow on purpose:
//! every expression is compiled each time, unless a caller that asks millions of times brings its own [`Oracle`].

use crate::ir::{Config, Entry, Listener, Match, PathMatch, Protocol, Socket, ValueMatch};
use crate::matcher::{HostFallthrough, RequestHead};
use crate::value::Hostname;
use crate::value::pattern::Pattern;

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

/// Does a text match an expression as a whole?
pub type Whole<'w> = &'w dyn Fn(&str, &[u8]) -> bool;

/// The questions of this file about one listener.
#[derive(Clone, Copy)]
pub struct Oracle<'c> {
    /// The IR.
    pub config: &'c Config,
    /// The listener, one of `config`.
    pub listener: &'c Listener,
    /// How hosts hide each other.
    pub fallthrough: HostFallthrough,
    /// How expressions are judged: [`matches_whole`], or the same from a cache.
    pub whole: Whole<'c>,
}

impl<'c> Oracle<'c> {
    /// As the specification says, without a cache.
    #[must_use]
    pub fn new(config: &'c Config, listener: &'c Listener) -> Self {
        Self { config, listener, fallthrough: HostFallthrough::On, whole: &matches_whole }
    }

    /// The first entry in order of precedence that accepts the request.
    #[must_use]
    pub fn find(&self, request: &RequestHead<'_>) -> Option<usize> {
        let narrowest = self.narrowest(request.host);
        let accepts = |entry: &Entry| {
            let host = self.listener.hosts.get(entry.host as usize);
            let hidden = narrowest.is_some() && host.map(|host| &host.matches) != narrowest;
            !hidden && self.failed(entry, request).is_none()
        };
        self.listener.entries.iter().position(accepts)
    }

    /// Without fall-through: the narrowest hostname with entries that covers `name`.
    fn narrowest(&self, name: Option<&str>) -> Option<&'c Option<Hostname>> {
        if self.fallthrough == HostFallthrough::On {
            return None;
        }
        let hosts = self.listener.entries.iter().filter_map(|entry| self.listener.hosts.get(entry.host as usize));
        let covering = hosts.filter(|host| host.accepts(name)).map(|host| &host.matches);
        covering.min_by_key(|hostname| std::cmp::Reverse(specificity(hostname.as_ref())))
    }

    /// Why an entry does not accept the request; `None`: it does.
    #[must_use]
    pub fn failed(&self, entry: &Entry, request: &RequestHead<'_>) -> Option<Failed> {
        let host = self.listener.hosts.get(entry.host as usize);
        if !host.is_some_and(|host| host.accepts(request.host)) {
            return Some(Failed::Host);
        }
        let found = self.config.match_of(entry)?;
        if !path_accepts(&found.path, request.path, self.whole) {
            return Some(Failed::Path);
        }
        if entry.preflight {
            let failed = self.conditions(found, request);
            return failed.or_else(|| (!is_preflight(request)).then_some(Failed::Preflight));
        }
        match &found.method {
            Some(method) if method != request.method => Some(Failed::Method),
            _ => self.conditions(found, request),
        }
    }

    /// Headers, then query parameters.
    fn conditions(&self, found: &Match, request: &RequestHead<'_>) -> Option<Failed> {
        let header = found.headers.iter().position(|header| !header_accepts(header, request, self.whole));
        let query = || found.query_params.iter().position(|param| !query_accepts(param, request, self.whole));
        header.map(Failed::Header).or_else(|| query().map(Failed::QueryParam))
    }
}

/// The first entry in order of precedence that accepts the request.
#[must_use]
pub fn find(config: &Config, listener: &Listener, request: &RequestHead<'_>) -> Option<usize> {
    Oracle::new(config, listener).find(request)
}

/// Why an entry does not accept the request; `None`: it does.
#[must_use]
pub fn failed(config: &Config, listener: &Listener, entry: &Entry, request: &RequestHead<'_>) -> Option<Failed> {
    Oracle::new(config, listener).failed(entry, request)
}

/// The listener of a socket that takes a name: the Host in clear text, the SNI of a ClientHello (routing.md §1.2, §1.3).
///
/// A request belongs to this listener only, even when it has no entry for it (isolation). `protocol` limits the choice,
/// for the authority of a request behind an SNI (§1.4); `None`: all listeners of the port.
#[must_use]
pub fn listener(socket: &Socket, protocol: Option<Protocol>, name: Option<&str>) -> Option<usize> {
    let listeners = socket.listeners.iter().enumerate();
    let asked = listeners.filter(|(_, one)| protocol.is_none_or(|protocol| protocol == one.protocol));
    let covers = |one: &Listener| match (&one.hostname, name) {
        (None, _) => true,
        (Some(hostname), Some(name)) => hostname.covers(name),
        (Some(_), None) => false,
    };
    let covering = asked.filter(|(_, one)| covers(one));
    let best = covering.min_by_key(|(_, one)| std::cmp::Reverse(specificity(one.hostname.as_ref())));
    best.map(|(position, _)| position)
}

/// Rank of a hostname among those that cover one name (§1.2): the exact one, longer wildcards, any name.
fn specificity(hostname: Option<&Hostname>) -> (u8, usize) {
    match hostname {
        Some(Hostname::Exact(_)) => (2, 0),
        Some(Hostname::Wildcard(suffix)) => (1, suffix.len()),
        None => (0, 0),
    }
}

/// routing.md §3.1. A prefix takes paths that start with `/`, so none takes `*` (§3.2).
#[must_use]
pub fn path_accepts(condition: &PathMatch, path: &str, whole: Whole<'_>) -> bool {
    match condition {
        PathMatch::Exact(value) => *value == path,
        PathMatch::Prefix(value) => {
            let prefix = value.trim_end_matches('/');
            let rest = path.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.starts_with('/') || (rest.is_empty() && !prefix.is_empty()))
        }
        PathMatch::Regex(pattern) => whole(pattern, path.as_bytes()),
    }
}

/// routing.md §3.3, Q7: any single line, or all lines joined by a comma.
fn header_accepts(condition: &ValueMatch, request: &RequestHead<'_>, whole: Whole<'_>) -> bool {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    request.headers.lines(&condition.name, &mut |line| lines.push(line.to_vec()));
    let joined = lines.join(&b","[..]);
    !lines.is_empty() && lines.iter().chain([&joined]).any(|value| value_accepts(condition, value, whole))
}

/// routing.md §3.4, Q6: the first parameter of the name, form-decoded.
fn query_accepts(condition: &ValueMatch, request: &RequestHead<'_>, whole: Whole<'_>) -> bool {
    let pairs = request.query.unwrap_or_default().split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut values = pairs.filter(|(name, _)| form_decoded(name) == condition.name.as_bytes());
    values.next().is_some_and(|(_, value)| value_accepts(condition, &form_decoded(value), whole))
}

fn value_accepts(condition: &ValueMatch, value: &[u8], whole: Whole<'_>) -> bool {
    if condition.regex { whole(&condition.value, value) } else { condition.value.as_bytes() == value }
}

/// Does the expression match the whole text? Expressions that do not compile are never lowered (GWC5012).
#[must_use]
pub fn matches_whole(pattern: &str, text: &[u8]) -> bool {
    Pattern::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
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

//! Words for what decided: criteria of precedence, conditions that failed, names of rules and matches.

use gwc_core::ir::filter::HeaderModifier;
use gwc_core::ir::rule::{Match, PathMatch, ValueMatch};
use gwc_core::ir::{Config, Criterion, Entry, Listener, Trace};
use gwc_core::matcher::RequestHead;
use gwc_core::matcher::reference::{Failed, form_decoded};

/// `HTTPRoute store/window`.
pub(crate) fn route(trace: &Trace) -> String {
    format!("{} {}/{}", trace.kind.name(), trace.namespace, trace.name)
}

/// `HTTPRoute store/window rule 1 (everybody)`.
pub(crate) fn rule(trace: &Trace) -> String {
    let name = trace.rule_name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{} rule {}{name}", route(trace), trace.rule)
}

/// The conditions of a match in one line; `any request` where there are none.
pub(crate) fn conditions(found: Option<&Match>) -> String {
    let Some(found) = found else { return "any request".to_owned() };
    let mut parts = vec![path(found)];
    parts.extend(found.method.as_ref().map(|method| format!("method {method}")));
    parts.extend(found.headers.iter().map(|header| format!("header {}", value_match(header))));
    parts.extend(found.query_params.iter().map(|param| format!("query {}", value_match(param))));
    parts.join(", ")
}

/// `path prefix /cart`, `gRPC method shop.Cart/Add`.
fn path(found: &Match) -> String {
    if found.grpc.is_some() {
        return match &found.path {
            PathMatch::Exact(value) => format!("gRPC method {}", value.trim_start_matches('/')),
            PathMatch::Prefix(value) if *value == "/" => "any gRPC method".to_owned(),
            PathMatch::Prefix(value) => format!("gRPC service {}", value.trim_start_matches('/')),
            PathMatch::Regex(value) => format!("gRPC method regex {value}"),
        };
    }
    match &found.path {
        PathMatch::Exact(value) => format!("exact path {value}"),
        PathMatch::Prefix(value) => format!("path prefix {value}"),
        PathMatch::Regex(value) => format!("path regex {value}"),
    }
}

fn value_match(found: &ValueMatch) -> String {
    format!("{}{}{}", found.name, if found.regex { "~" } else { "=" }, found.value)
}

/// Why entry `winner` of a listener is asked before entry `loser`: `prefix length 12 > 8`.
pub(crate) fn criterion(config: &Config, listener: &Listener, winner: usize, loser: usize) -> Option<String> {
    let decided = config.criterion(listener, winner, loser)?;
    let (first, second) = (listener.entries.get(winner)?, listener.entries.get(loser)?);
    let sides = (config.rule(first), config.rule(second));
    let matches = (config.match_of(first), config.match_of(second));
    let count = |of: fn(&Match) -> usize| {
        let (a, b) = (matches.0.map_or(0, of), matches.1.map_or(0, of));
        format!("{a} > {b}")
    };
    Some(match decided {
        Criterion::Hostname => {
            format!("hostname {} before {}", hostname(listener, first), hostname(listener, second))
        }
        Criterion::Preflight => "implied CORS preflight comes last".to_owned(),
        Criterion::Kind => format!("{} is the older kind on this hostname", sides.0.trace.kind.name()),
        Criterion::Path => path_criterion(matches.0, matches.1),
        Criterion::Method => "method".to_owned(),
        Criterion::Headers => format!("headers {}", count(|found| found.headers.len())),
        Criterion::QueryParams => format!("query {}", count(|found| found.query_params.len())),
        Criterion::Age => "older route".to_owned(),
        Criterion::Name => "name order".to_owned(),
        Criterion::RuleOrder => "rule order".to_owned(),
        Criterion::MatchOrder => "match order".to_owned(),
    })
}

/// The hostname that ranks an entry.
fn hostname(listener: &Listener, entry: &Entry) -> String {
    let written = listener.hosts.get(entry.host as usize).and_then(|host| host.written.as_ref());
    written.map_or_else(|| "none".to_owned(), ToString::to_string)
}

fn path_criterion(winner: Option<&Match>, loser: Option<&Match>) -> String {
    let (Some(winner), Some(loser)) = (winner, loser) else { return "path".to_owned() };
    if let (Some(a), Some(b)) = (winner.grpc, loser.grpc) {
        if a.service != b.service {
            return format!("service length {} > {}", a.service, b.service);
        }
        if a.method != b.method {
            return format!("method length {} > {}", a.method, b.method);
        }
        return "literal before regular expression".to_owned();
    }
    let length = |text: &str| text.chars().count();
    match (&winner.path, &loser.path) {
        (PathMatch::Prefix(a), PathMatch::Prefix(b)) => format!("prefix length {} > {}", length(a), length(b)),
        (PathMatch::Regex(a), PathMatch::Regex(b)) => format!("pattern length {} > {}", length(a), length(b)),
        (PathMatch::Regex(_), PathMatch::Exact(_) | PathMatch::Prefix(_)) => {
            "regular expression before prefix".to_owned()
        }
        (PathMatch::Exact(_), _) => "exact path".to_owned(),
        (PathMatch::Prefix(_), PathMatch::Exact(_) | PathMatch::Regex(_)) => "path".to_owned(),
    }
}

/// The condition that a request does not fulfil: what it is, what was wanted, what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Miss {
    /// `hostname`, `path`, `method`, `header x-canary`, `query debug`, `preflight`.
    pub(crate) criterion: String,
    /// What the match wants.
    pub(crate) wanted: String,
    /// What the request has; `None`: nothing of the kind.
    pub(crate) got: Option<String>,
}

impl Miss {
    /// In words.
    pub(crate) fn text(&self) -> String {
        let got = self.got.as_ref().map_or_else(|| "absent".to_owned(), |got| format!("`{got}`"));
        if self.wanted.is_empty() {
            return format!("{} {got}", self.criterion);
        }
        format!("{} is {got}, wanted {}", self.criterion, self.wanted)
    }
}

/// What `failed` means for this entry and request.
pub(crate) fn miss(
    config: &Config,
    listener: &Listener,
    entry: &Entry,
    failed: Failed,
    head: &RequestHead<'_>,
) -> Option<Miss> {
    let found = config.match_of(entry);
    let miss = |criterion: String, wanted: String, got: Option<String>| Some(Miss { criterion, wanted, got });
    match failed {
        Failed::Host => {
            let name = listener.hosts.get(entry.host as usize)?.matches.as_ref().map(ToString::to_string);
            miss("hostname".to_owned(), format!("`{}`", name?), head.host.map(str::to_owned))
        }
        Failed::Path => miss("path".to_owned(), path_wanted(&found?.path), Some(head.path.to_owned())),
        Failed::Method => {
            let wanted = found?.method.as_ref()?;
            miss("method".to_owned(), format!("`{wanted}`"), Some(head.method.to_owned()))
        }
        Failed::Header(position) => {
            let wanted = found?.headers.get(position)?;
            let mut lines = Vec::new();
            head.headers.lines(&wanted.name, &mut |line| lines.push(String::from_utf8_lossy(line).into_owned()));
            let got = (!lines.is_empty()).then(|| lines.join(","));
            miss(format!("header {}", wanted.name), value_wanted(wanted), got)
        }
        Failed::QueryParam(position) => {
            let wanted = found?.query_params.get(position)?;
            miss(format!("query {}", wanted.name), value_wanted(wanted), query_value(head.query, &wanted.name))
        }
        Failed::Preflight => miss("request".to_owned(), "a CORS preflight".to_owned(), Some(head.method.to_owned())),
    }
}

fn path_wanted(wanted: &PathMatch) -> String {
    match wanted {
        PathMatch::Exact(value) => format!("exactly `{value}`"),
        PathMatch::Prefix(value) => format!("prefix `{value}`"),
        PathMatch::Regex(value) => format!("regular expression `{value}`"),
    }
}

fn value_wanted(wanted: &ValueMatch) -> String {
    if wanted.regex { format!("regular expression `{}`", wanted.value) } else { format!("`{}`", wanted.value) }
}

/// The first value of a parameter, which counts.
fn query_value(query: Option<&str>, name: &str) -> Option<String> {
    let pairs = query?.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut values = pairs.filter(|(own, _)| form_decoded(own) == name.as_bytes()).map(|(_, value)| value);
    values.next().map(|value| String::from_utf8_lossy(&form_decoded(value)).into_owned())
}

/// Changes of a header modifier in one line, in the order in which they run.
pub(crate) fn modifier(modifier: &HeaderModifier) -> String {
    let removed = modifier.remove.iter().map(|name| format!("remove {name}"));
    let set = modifier.set.iter().map(|header| format!("set {}: {}", header.name, header.value));
    let added = modifier.add.iter().map(|header| format!("add {}: {}", header.name, header.value));
    removed.chain(set).chain(added).collect::<Vec<_>>().join(", ")
}

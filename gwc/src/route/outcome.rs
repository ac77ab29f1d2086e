//! How a request ends: words for outcomes, filters in order, backends with shares, and what changes on the way.

use gwc_core::ir::filter::{Cors, Filter, PathModifier, Redirect, Rewrite};
use gwc_core::ir::tls::Trust;
use gwc_core::ir::{Backend, BackendProtocol, Config, Rule, Target, WeightedBackend};
use gwc_core::predict::{
    Answer, AnsweredBy, ChainEnd, Closed, Forward, Hop, MirrorShare, Outcome, Prediction, Predictor, Request, Share,
    Upstream,
};

use crate::route::model::{
    BackendShare, Change, Ending, FilterStep, HeaderLine, MirrorCopy, RedirectHop, Redirects, SentUpstream,
};
use crate::route::words::modifier;

/// Words for an outcome.
pub(crate) fn ending(outcome: &Outcome) -> Ending {
    let plain = |kind, reason, text: String| Ending {
        kind,
        reason,
        text,
        status: None,
        grpc_status: None,
        location: None,
        headers: Vec::new(),
    };
    match outcome {
        Outcome::Forwarded(forward) => {
            let text = match forward.shares.len() {
                1 => "sent to a backend".to_owned(),
                several => format!("sent to one of {several} backends, by weight"),
            };
            plain("forwarded", None, text)
        }
        Outcome::Closed(closed) => {
            let (reason, text) = closed_words(*closed);
            plain("closed", Some(reason), text.to_owned())
        }
        Outcome::Answered(answer) => answered(answer),
    }
}

fn answered(answer: &Answer) -> Ending {
    let (reason, text) = answered_words(answer.by);
    Ending {
        kind: "answered",
        reason: Some(reason),
        text: text.to_owned(),
        status: Some(answer.status),
        grpc_status: answer.grpc_status,
        location: answer.location.clone(),
        headers: lines(&answer.headers),
    }
}

/// Why there is no answer.
pub(crate) fn closed_words(closed: Closed) -> (&'static str, &'static str) {
    match closed {
        Closed::NoListenerForSni => ("NoListenerForSni", "no listener takes the SNI; the connection is closed"),
        Closed::WrongProtocol => ("WrongProtocol", "the port speaks another protocol; the connection is closed"),
        Closed::NoRoute => ("NoRoute", "no route takes it; the connection is closed"),
        Closed::NoBackend => ("NoBackend", "no backend can be used; the connection is refused"),
    }
}

/// Why the gateway answered itself.
pub(crate) fn answered_words(by: AnsweredBy) -> (&'static str, &'static str) {
    match by {
        AnsweredBy::BadRequest => ("BadRequest", "host or path is malformed"),
        AnsweredBy::NoListener => ("NoListener", "no listener takes the host"),
        AnsweredBy::Misdirected => ("Misdirected", "the host belongs to another listener than the SNI"),
        AnsweredBy::NoRule => ("NoRule", "no rule matches"),
        AnsweredBy::Redirect => ("Redirect", "the rule redirects"),
        AnsweredBy::Preflight => ("Preflight", "the CORS filter answers the preflight"),
        AnsweredBy::Filter => ("Filter", "a filter cannot be carried out"),
        AnsweredBy::NoBackend => ("NoBackend", "the rule has no backend that can be used"),
    }
}

/// Why rules were never asked, in words; `None`: they were.
pub(crate) fn settled_early(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Forwarded(_) => None,
        Outcome::Closed(closed) => match closed {
            Closed::NoListenerForSni | Closed::WrongProtocol => Some(closed_words(*closed).1),
            Closed::NoRoute | Closed::NoBackend => None,
        },
        Outcome::Answered(answer) => match answer.by {
            AnsweredBy::BadRequest | AnsweredBy::NoListener | AnsweredBy::Misdirected => {
                Some(answered_words(answer.by).1)
            }
            AnsweredBy::NoRule
            | AnsweredBy::Redirect
            | AnsweredBy::Preflight
            | AnsweredBy::Filter
            | AnsweredBy::NoBackend => None,
        },
    }
}

/// Filters of a rule in the order in which they run.
pub(crate) fn filters(config: &Config, rule: &Rule) -> Vec<FilterStep> {
    rule.filters.iter().map(|filter| step(config, filter)).collect()
}

fn step(config: &Config, filter: &Filter) -> FilterStep {
    let step = |r#type, effect| FilterStep { r#type, effect };
    match filter {
        Filter::Cors(cors) => step("CORS", cors_words(cors)),
        Filter::ExternalAuth(auth) => step("ExternalAuth", format!("asks {} first", target(config, &auth.target))),
        Filter::RequestHeaders(changes) => step("RequestHeaderModifier", modifier(changes)),
        Filter::ResponseHeaders(changes) => step("ResponseHeaderModifier", modifier(changes)),
        Filter::Redirect(redirect) => step("RequestRedirect", redirect_words(redirect)),
        Filter::Rewrite(rewrite) => step("URLRewrite", rewrite_words(rewrite)),
        Filter::Mirror(mirror) => {
            let share = percent(u64::from(mirror.numerator), u64::from(mirror.denominator));
            let problem = invalid(&mirror.target).map(|reason| format!(", but {reason}: no copy is made"));
            let target = target(config, &mirror.target);
            step("RequestMirror", format!("copies {share} % to {target}{}", problem.unwrap_or_default()))
        }
        Filter::Fail(unresolved) => {
            step("ExtensionRef", format!("{} {} cannot be resolved", unresolved.filter, unresolved.reference))
        }
    }
}

fn cors_words(cors: &Cors) -> String {
    let origins: Vec<&str> = cors.allow_origins.iter().map(|origin| origin.as_str()).collect();
    if origins.is_empty() { "no origin is allowed".to_owned() } else { format!("allows {}", origins.join(", ")) }
}

fn redirect_words(redirect: &Redirect) -> String {
    let scheme = redirect.scheme.as_ref().map(|scheme| format!("scheme {scheme}"));
    let hostname = redirect.hostname.as_ref().map(|hostname| format!("host {hostname}"));
    let port = redirect.port.map(|port| format!("port {port}"));
    let path = redirect.path.as_ref().map(path_words);
    let parts: Vec<String> = [scheme, hostname, port, path].into_iter().flatten().collect();
    format!("{} with {}", redirect.status, if parts.is_empty() { "the same URL".to_owned() } else { parts.join(", ") })
}

fn rewrite_words(rewrite: &Rewrite) -> String {
    let hostname = rewrite.hostname.as_ref().map(|hostname| format!("host {hostname}"));
    let parts: Vec<String> = hostname.into_iter().chain(rewrite.path.as_ref().map(path_words)).collect();
    parts.join(", ")
}

fn path_words(path: &PathModifier) -> String {
    match path {
        PathModifier::ReplaceFullPath(value) => format!("path {value}"),
        PathModifier::ReplacePrefixMatch(value) => format!("prefix replaced by {value}"),
    }
}

/// Shares of a request that a rule took; of one that no backend can serve those of the rule.
pub(crate) fn backends(config: &Config, request: &Request, rule: &Rule, outcome: &Outcome) -> Vec<BackendShare> {
    let status = match outcome {
        Outcome::Forwarded(forward) => {
            return forward.shares.iter().map(|share| backend(config, request, share)).collect();
        }
        Outcome::Answered(answer) if answer.by == AnsweredBy::NoBackend => Some(answer.status),
        Outcome::Closed(Closed::NoBackend) => None,
        Outcome::Answered(_) | Outcome::Closed(_) => return Vec::new(),
    };
    let share = |weighted: &WeightedBackend| Share {
        weight: weighted.weight,
        total: rule.total_weight(),
        target: weighted.target.clone(),
        status,
        upstream: Upstream::default(),
        response: Vec::new(),
        cors: Vec::new(),
    };
    let shown =
        |weighted: &WeightedBackend| BackendShare { upstream: None, ..backend(config, request, &share(weighted)) };
    rule.backends.iter().map(shown).collect()
}

fn backend(config: &Config, request: &Request, share: &Share) -> BackendShare {
    let known = match &share.target {
        Target::Backend(position) => config.backends.get(*position as usize),
        Target::Invalid(_) => None,
    };
    let endpoints = known.and_then(|backend| backend.endpoints.as_ref());
    let endpoints = endpoints.map(|all| {
        let ready = all.iter().filter(|endpoint| endpoint.ready);
        ready.map(|endpoint| address(&endpoint.address, endpoint.port)).collect()
    });
    // What the gateway answers itself is not changed.
    let is_sent = share.status.is_none();
    let response = share.response.iter().filter(|_| is_sent).map(modifier);
    let cors = share.cors.iter().filter(|_| is_sent).map(|(name, value)| format!("set {name}: {value}"));
    BackendShare {
        backend: target(config, &share.target),
        weight: share.weight,
        percent: percent(u64::from(share.weight), share.total),
        protocol: known.map(|backend| protocol(backend.protocol)),
        tls: known.and_then(|backend| backend.tls.as_ref()).map(|tls| tls.policy.to_string()),
        endpoints,
        status: share.status,
        invalid: invalid(&share.target).or_else(|| known.and_then(untrusted)),
        upstream: known.filter(|_| is_sent && request.scheme.is_http()).map(|_| upstream(request, &share.upstream)),
        response: response.chain(cors).collect(),
    }
}

fn address(address: &str, port: u16) -> String {
    if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

fn protocol(protocol: BackendProtocol) -> &'static str {
    match protocol {
        BackendProtocol::Http1 => "HTTP/1.1",
        BackendProtocol::Http2 => "HTTP/2",
        BackendProtocol::Tcp => "TCP",
        BackendProtocol::Udp => "UDP",
    }
}

/// Name of a target.
pub(crate) fn target(config: &Config, target: &Target) -> String {
    config.key(target).map(ToString::to_string).unwrap_or_default()
}

fn invalid(target: &Target) -> Option<String> {
    match target {
        Target::Backend(_) => None,
        Target::Invalid(invalid) => Some(invalid.reason.to_string()),
    }
}

/// Redirects that a client follows from a request, and where that ends; `None`: it is not redirected.
pub(crate) fn redirects(predictor: &Predictor<'_>, request: &Request, prediction: &Prediction) -> Option<Redirects> {
    let is_redirect = matches!(&prediction.outcome, Outcome::Answered(answer) if answer.by == AnsweredBy::Redirect);
    if !is_redirect {
        return None;
    }
    let chain = predictor.follow(prediction.socket, request);
    let hop = |hop: &Hop| {
        let (status, location) = match &hop.prediction.outcome {
            Outcome::Answered(answer) => (answer.status, answer.location.clone().unwrap_or_default()),
            Outcome::Closed(_) | Outcome::Forwarded(_) => (0, String::new()),
        };
        RedirectHop { method: hop.asked.0.clone(), url: hop.asked.1.clone(), status, location }
    };
    let (end, text) = match chain.end {
        ChainEnd::Served => ("served", "the Gateway serves the URL that it leads to".to_owned()),
        ChainEnd::Left => ("left", "it leads to a port that the Gateway does not have".to_owned()),
        ChainEnd::Loop(at) => {
            let url = chain.hops.get(at).map(|hop| hop.asked.1.as_str()).unwrap_or_default();
            ("loop", format!("a loop: it leads back to {url}"))
        }
        ChainEnd::Endless => ("endless", "it goes on for longer than clients follow".to_owned()),
    };
    Some(Redirects { hops: chain.hops.iter().map(hop).collect(), end, text })
}

/// Why no connection to a backend is made: its policy trusts nobody (routing.md §5.5).
fn untrusted(backend: &Backend) -> Option<String> {
    let tls = backend.tls.as_ref().filter(|tls| tls.trust == Trust::Nobody)?;
    Some(format!("BackendTLSPolicy {} is invalid, so no connection is made: 5xx", tls.policy))
}

/// Copies of a forwarded request.
pub(crate) fn mirrors(config: &Config, request: &Request, forward: &Forward) -> Vec<MirrorCopy> {
    let copy = |mirror: &MirrorShare| MirrorCopy {
        backend: target(config, &mirror.target),
        percent: percent(u64::from(mirror.numerator), u64::from(mirror.denominator)),
        invalid: invalid(&mirror.target),
        upstream: upstream(request, &mirror.upstream),
    };
    forward.mirrors.iter().map(copy).collect()
}

/// Percent with at most two decimals.
pub(crate) fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    let hundredths = (u128::from(part) * 20_000 + u128::from(whole)) / (u128::from(whole) * 2);
    u32::try_from(hundredths).map_or(0.0, |hundredths| f64::from(hundredths) / 100.0)
}

fn lines(headers: &[(String, String)]) -> Vec<HeaderLine> {
    headers.iter().map(|(name, value)| HeaderLine { name: name.clone(), value: value.clone() }).collect()
}

/// The request after filters, with what changed.
fn upstream(request: &Request, upstream: &Upstream) -> SentUpstream {
    let authority = upstream.authority.as_ref().or(request.authority.as_ref());
    SentUpstream {
        method: upstream.method.clone(),
        authority: authority.cloned(),
        target: upstream.target.clone(),
        headers: lines(&upstream.headers),
        changes: changes(request, upstream, authority),
    }
}

fn changes(request: &Request, upstream: &Upstream, authority: Option<&String>) -> Vec<Change> {
    let mut all = Vec::new();
    let mut differ = |what: &str, from: Option<&String>, to: Option<&String>| {
        if from != to {
            all.push(Change { what: what.to_owned(), from: from.cloned(), to: to.cloned() });
        }
    };
    differ("method", Some(&request.method), Some(&upstream.method));
    differ("host", request.authority.as_ref(), authority);
    differ("path", Some(&request.target), Some(&upstream.target));
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in request.headers.iter().chain(&upstream.headers) {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    for name in names {
        let (from, to) = (joined(&request.headers, name), joined(&upstream.headers, name));
        if from != to {
            differ(&format!("header {name}"), from.as_ref(), to.as_ref());
        }
    }
    all
}

/// All lines of a header; `None`: there is none.
fn joined(headers: &[(String, String)], name: &str) -> Option<String> {
    let own = headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
    let values: Vec<&str> = own.collect();
    (!values.is_empty()).then(|| values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_have_two_decimals() {
        assert_eq!([percent(2, 3), percent(9, 10), percent(1, 1), percent(0, 5)], [66.67, 90.0, 100.0, 0.0]);
        assert!((percent(1, 0) - 0.0).abs() < f64::EPSILON);
    }

    #[test]
    fn changes_name_what_differs() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = Request {
            authority: Some("a.example".to_owned()),
            method: "GET".to_owned(),
            target: "/a?x".to_owned(),
            headers: vec![pair("X-A", "1"), pair("x-b", "2"), pair("x-c", "3")],
            ..Request::default()
        };
        let sent = Upstream {
            method: "GET".to_owned(),
            authority: Some("b.example".to_owned()),
            target: "/b?x".to_owned(),
            headers: vec![pair("x-a", "1"), pair("x-c", "3"), pair("x-c", "4"), pair("x-d", "5")],
        };
        let sent = upstream(&request, &sent);
        let text = |change: &Change| format!("{} {:?} {:?}", change.what, change.from, change.to);
        let all: Vec<String> = sent.changes.iter().map(text).collect();
        let wanted = [
            "host Some(\"a.example\") Some(\"b.example\")",
            "path Some(\"/a?x\") Some(\"/b?x\")",
            "header x-b Some(\"2\") None",
            "header x-c Some(\"3\") Some(\"3, 4\")",
            "header x-d None Some(\"5\")",
        ];
        assert_eq!(all, wanted);
    }
}

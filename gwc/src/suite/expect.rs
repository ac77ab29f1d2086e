//! What happened to a request against what was expected. Nothing is decided here: predictions are compared with words.

use gwc_core::ir::{Config, Rule};
use gwc_core::predict::{Forward, Outcome, Prediction, Request, Share as Part, Upstream as Sent};

use crate::route::outcome::percent;
use crate::suite::file::value::{Code, NameOrIndex, Pairs, Text};
use crate::suite::file::{Expect, Mirror, Upstream};
use crate::suite::name;
use crate::suite::share::Share;

/// An expectation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The key of the expectation, for example `["upstream", "path"]`.
    pub(crate) keys: Vec<&'static str>,
    /// What was expected.
    pub(crate) expected: String,
    /// What is the case.
    pub(crate) got: String,
}

impl Mismatch {
    /// One key that does not hold.
    pub(crate) fn new(keys: &[&'static str], expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self { keys: keys.to_vec(), expected: expected.into(), got: got.into() }
    }

    /// `upstream.path`.
    pub(crate) fn key(&self) -> String {
        self.keys.join(".")
    }
}

/// A prediction with the rule that took the request.
#[derive(Clone, Copy)]
pub(crate) struct Happened<'p> {
    /// The IR.
    pub(crate) config: &'p Config,
    /// The request.
    pub(crate) request: &'p Request,
    /// The prediction.
    pub(crate) prediction: &'p Prediction,
    /// Its rule and the position of the match; `None`: no rule took it.
    rule: Option<(&'p Rule, Option<u32>)>,
    /// Position of the rule.
    pub(crate) position: Option<u32>,
}

impl<'p> Happened<'p> {
    /// Of a prediction made from this IR.
    pub(crate) fn new(config: &'p Config, request: &'p Request, prediction: &'p Prediction) -> Self {
        let socket = config.sockets.get(prediction.socket);
        let listener = socket.zip(prediction.listener).and_then(|(socket, at)| socket.listeners.get(at));
        let entry = listener.zip(prediction.entry).and_then(|(listener, at)| listener.entries.get(at));
        let rule = entry.map(|entry| (config.rule(entry), entry.r#match));
        Self { config, request, prediction, rule, position: entry.map(|entry| entry.rule) }
    }

    /// The rule that took the request.
    pub(crate) fn rule(&self) -> Option<&'p Rule> {
        self.rule.map(|(rule, _)| rule)
    }

    /// Position of the match that took the request; `None`: no rule did, or one that accepts everything.
    pub(crate) fn match_position(&self) -> Option<u32> {
        self.rule.and_then(|(_, position)| position)
    }

    /// What goes to backends.
    pub(crate) fn forward(&self) -> Option<&'p Forward> {
        match &self.prediction.outcome {
            Outcome::Forwarded(forward) => Some(forward),
            Outcome::Closed(_) | Outcome::Answered(_) => None,
        }
    }

    /// Status of the answer that the gateway gives itself; `None`: a backend answers, or some of them.
    pub(crate) fn code(&self) -> Option<Code> {
        match &self.prediction.outcome {
            Outcome::Closed(_) => Some(Code::Closed),
            Outcome::Answered(answer) => Some(answer.grpc_status.map_or(Code::Http(answer.status), Code::Grpc)),
            Outcome::Forwarded(forward) => {
                let first = forward.shares.first()?.status?;
                forward.shares.iter().all(|share| share.status == Some(first)).then_some(Code::Http(first))
            }
        }
    }

    /// `store/window rule 1 (everybody)`, or how it ended without one.
    pub(crate) fn words(&self) -> String {
        match self.rule() {
            Some(rule) => format!("{} {}", rule.trace.kind.name(), rule_name(rule)),
            None => format!("no rule takes it ({})", self.ending()),
        }
    }

    /// `404`, `closed`, `sent to backends`.
    fn ending(&self) -> String {
        self.code().map_or_else(|| "sent to backends".to_owned(), |code| code.to_string())
    }
}

/// `store/window rule 1 (everybody)`.
pub(crate) fn rule_name(rule: &Rule) -> String {
    let name = rule.trace.rule_name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{} rule {}{name}", name::route(&rule.trace), rule.trace.rule)
}

/// Everything in `expect` that does not hold; `same` is what happens to the request of `same-as`.
pub(crate) fn mismatches(expect: &Expect, happened: Happened<'_>, same: &[Happened<'_>]) -> Vec<Mismatch> {
    let mut all = Vec::new();
    all.extend(placement(expect, happened));
    all.extend(rule(expect, happened));
    all.extend(answer(expect, happened));
    if let Some(code) = &expect.not_routed {
        all.extend(not_routed(*code, happened));
    }
    if let Some(backends) = &expect.backends {
        all.extend(shares(backends, happened));
    }
    if let Some(upstream) = &expect.upstream {
        all.extend(sent(upstream, happened));
    }
    if let Some(mirrors) = &expect.mirrors {
        all.extend(copies(mirrors, happened));
    }
    if expect.same_as.is_some() {
        all.extend(same_as(happened, same));
    }
    all
}

/// Gateway and listener.
fn placement(expect: &Expect, happened: Happened<'_>) -> Vec<Mismatch> {
    let Happened { config, prediction, .. } = happened;
    let Some(socket) = config.sockets.get(prediction.socket) else { return Vec::new() };
    let mut all = Vec::new();
    if let Some(Text(wanted)) = &expect.gateway
        && !name::is_gateway(wanted, config, socket)
    {
        all.push(Mismatch::new(&["gateway"], wanted, name::gateway(config, socket)));
    }
    let Some(Text(wanted)) = &expect.listener else { return all };
    match prediction.listener.and_then(|at| socket.listeners.get(at)) {
        None => all.push(Mismatch::new(&["listener"], wanted, format!("no listener takes it ({})", happened.ending()))),
        Some(listener) if !name::is_listener(wanted, config, socket, listener) => {
            all.push(Mismatch::new(&["listener"], wanted, listener.label()));
        }
        Some(_) => {}
    }
    all
}

/// Route, rule, match.
fn rule(expect: &Expect, happened: Happened<'_>) -> Vec<Mismatch> {
    let mut all = Vec::new();
    let is_route = |text: &str| happened.rule().is_some_and(|rule| name::is_route(text, &rule.trace));
    if let Some(Text(wanted)) = &expect.route
        && !is_route(wanted)
    {
        all.push(Mismatch::new(&["route"], wanted, happened.words()));
        // Rules of another route cannot be compared.
        return all;
    }
    if let Some(wanted) = &expect.rule {
        let (holds, text) = match wanted {
            NameOrIndex::Index(index) => {
                (happened.rule().is_some_and(|rule| rule.trace.rule == *index), index.to_string())
            }
            NameOrIndex::Name(text) => {
                (happened.rule().is_some_and(|rule| rule.trace.rule_name.as_deref() == Some(text)), text.clone())
            }
        };
        if !holds {
            all.push(Mismatch::new(&["rule"], text, happened.words()));
            return all;
        }
    }
    let position = happened.match_position();
    if let Some(wanted) = expect.r#match.filter(|wanted| position != Some(*wanted)) {
        let got = match position {
            Some(position) => format!("match {position} of {}", happened.words()),
            None => happened.words(),
        };
        all.push(Mismatch::new(&["match"], wanted.to_string(), got));
    }
    all
}

/// Status and location.
fn answer(expect: &Expect, happened: Happened<'_>) -> Vec<Mismatch> {
    let mut all = Vec::new();
    if let Some(wanted) = expect.status.filter(|wanted| happened.code() != Some(*wanted)) {
        let got = match happened.forward() {
            Some(_) if happened.code().is_none() => "sent to a backend, which decides the status".to_owned(),
            _ => happened.ending(),
        };
        all.push(Mismatch::new(&["status"], wanted.to_string(), got));
    }
    if let Some(Text(wanted)) = &expect.location {
        let got = match &happened.prediction.outcome {
            Outcome::Answered(answer) => answer.location.as_deref(),
            Outcome::Closed(_) | Outcome::Forwarded(_) => None,
        };
        if got != Some(wanted) {
            all.push(Mismatch::new(&["location"], wanted, got.unwrap_or("no redirect")));
        }
    }
    all
}

fn not_routed(wanted: Code, happened: Happened<'_>) -> Option<Mismatch> {
    if happened.rule().is_some() {
        return Some(Mismatch::new(&["not-routed"], wanted.to_string(), happened.words()));
    }
    (happened.code() != Some(wanted)).then(|| Mismatch::new(&["not-routed"], wanted.to_string(), happened.ending()))
}

/// `90%`, with at most two decimals.
fn percent_text(part: f64) -> String {
    format!("{part}%")
}

/// Names of backends with their shares.
fn share_list(happened: Happened<'_>) -> String {
    let Some(forward) = happened.forward() else { return format!("no backend ({})", happened.ending()) };
    let one = |part: &Part| {
        let name = happened.config.key(&part.target).map(ToString::to_string).unwrap_or_default();
        format!("{name} {}", percent_text(percent(u64::from(part.weight), part.total)))
    };
    forward.shares.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Every backend with a share is named, and each name has the share that it is to have.
fn shares(wanted: &Pairs<Share>, happened: Happened<'_>) -> Option<Mismatch> {
    let namespace = happened.rule().map_or("", |rule| rule.trace.namespace.as_str());
    let parts = happened.forward().map(|forward| forward.shares.as_slice()).unwrap_or_default();
    let is_it = |text: &str, part: &Part| {
        happened.config.key(&part.target).is_some_and(|key| name::is_backend(text, key, namespace))
    };
    let holds = wanted.iter().all(|(text, share)| {
        let own = parts.iter().filter(|part| is_it(text, part));
        let (weight, total) = own.fold((0_u64, 0_u64), |(sum, _), part| (sum + u64::from(part.weight), part.total));
        share.admits(exact_percent(weight, total))
    });
    let is_named = |part: &&Part| part.weight == 0 || wanted.iter().any(|(text, _)| is_it(text, part));
    let is_whole = parts.iter().all(|part| is_named(&part));
    // `backends: {}` is what a request has that goes nowhere.
    if holds && is_whole {
        return None;
    }
    let text = |(name, share): (&str, &Share)| format!("{name} {share}");
    let text = wanted.iter().map(text).collect::<Vec<_>>().join(", ");
    let text = if text.is_empty() { "no backend".to_owned() } else { text };
    Some(Mismatch::new(&["backends"], text, share_list(happened)))
}

/// Percent without rounding.
#[expect(clippy::cast_precision_loss, reason = "weights are at most 16 million, which an f64 holds")]
fn exact_percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// What every backend gets that is sent anything.
fn sent(wanted: &Upstream, happened: Happened<'_>) -> Vec<Mismatch> {
    let parts = happened.forward().map(|forward| forward.shares.as_slice()).unwrap_or_default();
    let parts: Vec<&Part> = parts.iter().filter(|part| part.status.is_none()).collect();
    if parts.is_empty() {
        return vec![Mismatch::new(
            &["upstream"],
            "a request to a backend",
            format!("nothing is sent ({})", happened.ending()),
        )];
    }
    let mut all: Vec<Mismatch> = Vec::new();
    for part in parts {
        for mismatch in upstream(wanted, &part.upstream, happened.request) {
            if !all.contains(&mismatch) {
                all.push(mismatch);
            }
        }
    }
    all.extend(timeout(wanted, happened));
    all
}

fn upstream(wanted: &Upstream, sent: &Sent, request: &Request) -> Vec<Mismatch> {
    let mut all = Vec::new();
    let host = sent.authority.as_ref().or(request.authority.as_ref());
    if let Some(Text(wanted)) = wanted.host.as_ref().filter(|wanted| host != Some(&wanted.0)) {
        all.push(Mismatch::new(&["upstream", "host"], wanted, host.map_or("none", String::as_str)));
    }
    if let Some(Text(path)) = &wanted.path {
        let whole = path.contains('?');
        let got = if whole { sent.target.as_str() } else { sent.target.split('?').next().unwrap_or_default() };
        if got != path {
            all.push(Mismatch::new(&["upstream", "path"], path, got));
        }
    }
    for (name, values) in wanted.headers.set.iter() {
        let value = values.all().iter().map(|value| value.0.as_str()).collect::<Vec<_>>().join(",");
        let got = header(sent, name);
        if got.as_deref() != Some(value.as_str()) {
            let got = got.map_or_else(|| format!("no {name}"), |got| format!("{name}: {got}"));
            all.push(Mismatch::new(&["upstream", "headers", "set"], format!("{name}: {value}"), got));
        }
    }
    for Text(name) in &wanted.headers.absent {
        if let Some(value) = header(sent, name) {
            all.push(Mismatch::new(
                &["upstream", "headers", "absent"],
                format!("no {name}"),
                format!("{name}: {value}"),
            ));
        }
    }
    all
}

/// All lines of a header joined by `,`.
fn header(sent: &Sent, name: &str) -> Option<String> {
    let own = sent.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
    let values: Vec<&str> = own.map(|(_, value)| value.as_str()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Longest time for one try: `backendRequest`, else `request`.
pub(crate) fn try_timeout(rule: &Rule) -> Option<u64> {
    rule.timeouts.backend_request.or(rule.timeouts.request)
}

fn timeout(wanted: &Upstream, happened: Happened<'_>) -> Option<Mismatch> {
    let text = wanted.timeout.as_ref()?.0.as_str();
    let got = happened.rule().and_then(try_timeout);
    (duration(text)? != got).then(|| Mismatch::new(&["upstream", "timeout"], text, timeout_text(got)))
}

/// `1500ms`, `10s`, `none`.
pub(crate) fn timeout_text(milliseconds: Option<u64>) -> String {
    match milliseconds {
        None => "none".to_owned(),
        Some(time) if time % 1000 == 0 => format!("{}s", time / 1000),
        Some(time) => format!("{time}ms"),
    }
}

/// Milliseconds of `1m30s`; inside, `None` for `none` and `0s`, which are no limit. Outside: it is no duration.
pub(crate) fn duration(text: &str) -> Option<Option<u64>> {
    if text == "none" {
        return Some(None);
    }
    let time = gwc_core::api::decode::time::milliseconds(text)?;
    Some((time > 0).then_some(time))
}

/// The mirrors are those that are named, in any order.
fn copies(wanted: &[Mirror], happened: Happened<'_>) -> Option<Mismatch> {
    let namespace = happened.rule().map_or("", |rule| rule.trace.namespace.as_str());
    let there = happened.forward().map(|forward| forward.mirrors.as_slice()).unwrap_or_default();
    let mut names: Vec<(&str, Option<Share>)> = Vec::new();
    for mirror in wanted {
        match mirror {
            Mirror::Backend(text) => names.push((text, None)),
            Mirror::Shared(pairs) => names.extend(pairs.iter().map(|(text, share)| (text, Some(*share)))),
        }
    }
    let mut left: Vec<_> = there.iter().collect();
    let mut missing = false;
    for (text, share) in &names {
        let found = left.iter().position(|copy| {
            let part = exact_percent(u64::from(copy.numerator), u64::from(copy.denominator));
            let is_it = happened.config.key(&copy.target).is_some_and(|key| name::is_backend(text, key, namespace));
            is_it && share.is_none_or(|share| share.admits(part))
        });
        match found {
            Some(at) => {
                left.remove(at);
            }
            None => missing = true,
        }
    }
    if !missing && left.is_empty() {
        return None;
    }
    let wanted = names.iter().map(|(text, share)| match share {
        Some(share) => format!("{text} {share}"),
        None => (*text).to_owned(),
    });
    let got = there.iter().map(|copy| {
        let name = happened.config.key(&copy.target).map(ToString::to_string).unwrap_or_default();
        format!("{name} {}", percent_text(percent(u64::from(copy.numerator), u64::from(copy.denominator))))
    });
    let list = |texts: Vec<String>| if texts.is_empty() { "none".to_owned() } else { texts.join(", ") };
    Some(Mismatch::new(&["mirrors"], list(wanted.collect()), list(got.collect())))
}

/// The same rule, shares and status at the same Gateway.
fn same_as(happened: Happened<'_>, others: &[Happened<'_>]) -> Option<Mismatch> {
    let of_gateway = |other: &&Happened<'_>| {
        let gateway = |at: usize| happened.config.sockets.get(at).map(|socket| socket.gateway);
        gateway(other.prediction.socket) == gateway(happened.prediction.socket)
    };
    let Some(other) = others.iter().find(of_gateway).or(others.first()) else {
        return Some(Mismatch::new(&["same-as"], "nothing listens for it", happened.words()));
    };
    let fate = |one: Happened<'_>| (one.position, one.code(), share_list(one));
    if fate(happened) == fate(*other) {
        return None;
    }
    let words = |one: Happened<'_>| match one.rule() {
        Some(_) => format!("{}: {}", one.words(), share_list(one)),
        None => one.words(),
    };
    Some(Mismatch::new(&["same-as"], words(*other), words(happened)))
}

//! Does what happened equal what `gwc route` predicts? Log line, status, forwarded head, changed answer.

use std::collections::BTreeMap;

use gwc_core::exchange::header;
use gwc_core::ir::{Config, Filter, Target};
use gwc_core::predict::{Answer, AnsweredBy, Forward, Outcome, Share};
use gwc_runtime::ProxyError;
use serde_json::{Value, json};

use crate::case::Step;
use crate::exchange::{Exchange, Runner};
use crate::support::backend::Seen;
use crate::support::client::Response;

/// Removed in both directions (routing.md §5.11); `TE: trailers` stays.
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "proxy-connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Written anew by each side.
const FRAMING: [&str; 2] = ["content-length", "transfer-encoding"];

/// What the log may call an answer that is predicted.
fn names(by: AnsweredBy) -> &'static [&'static str] {
    match by {
        AnsweredBy::BadRequest => &["BadRequest", "Connect"],
        AnsweredBy::NoListener => &["NoListener"],
        AnsweredBy::Misdirected => &["Misdirected"],
        AnsweredBy::NoRule => &["NoRule"],
        AnsweredBy::Redirect => &["Redirect"],
        AnsweredBy::Preflight => &["Preflight"],
        AnsweredBy::Filter => &["Filter"],
        AnsweredBy::NoBackend => &["InvalidBackend", "NoEndpoints"],
    }
}

type Line = (String, String);

/// Problems of all exchanges of a step.
pub(crate) fn step(runner: &Runner<'_>, step: &Step, exchanges: &[Exchange]) -> Vec<String> {
    let mut problems = Problems::default();
    for exchange in exchanges {
        let comparison = Comparison { runner, step, exchange, config: &runner.world.config };
        comparison.run(&mut problems);
    }
    if exchanges.len() > 1 {
        shares(&runner.world.config, exchanges, &mut problems);
    }
    let mut all: Vec<String> = problems.0.into_iter().map(|problem| format!("{}: {problem}", step.name)).collect();
    all.dedup();
    all
}

#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    fn equal<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, found: T, expected: T) {
        if found != expected {
            self.0.push(format!("{what}: {found:?}, predicted {expected:?}"));
        }
    }

    fn add(&mut self, problem: impl Into<String>) {
        self.0.push(problem.into());
    }
}

/// Every backend has exactly its share once a period is whole (runtime-design.md §3.7).
fn shares(config: &Config, exchanges: &[Exchange], problems: &mut Problems) {
    let Some(Outcome::Forwarded(forward)) = exchanges.first().map(|one| &one.prediction.outcome) else { return };
    let mut expected = BTreeMap::<String, u64>::new();
    for share in &forward.shares {
        let count = exchanges.len() as u64 * u64::from(share.weight) / share.total;
        *expected.entry(name(config, &share.target)).or_default() += count;
    }
    let mut found = BTreeMap::<String, u64>::new();
    for exchange in exchanges {
        let backend = exchange.log.as_ref().and_then(|log| log.get("backend")).and_then(Value::as_str);
        *found.entry(backend.unwrap_or_default().to_owned()).or_default() += 1;
    }
    problems.equal("shares", found, expected);
}

/// As the log names it.
fn name(config: &Config, target: &Target) -> String {
    match target {
        Target::Backend(at) => config.backends[*at as usize].key.to_string(),
        Target::Invalid(invalid) => invalid.reference.to_string(),
    }
}

struct Comparison<'c> {
    runner: &'c Runner<'c>,
    step: &'c Step,
    exchange: &'c Exchange,
    config: &'c Config,
}

impl Comparison<'_> {
    fn run(&self, problems: &mut Problems) {
        let Exchange { prediction, response, log, seen, .. } = self.exchange;
        if let Some(status) = self.step.refused {
            problems.equal("status", response.as_ref().map_or(0, |response| response.status), status);
            problems.equal("requests at backends", seen.len(), 0);
            return;
        }
        let (response, log) = match (response, log) {
            (Ok(response), Some(log)) => (response, log),
            (Ok(_), None) => return problems.add("no line in the log"),
            (Err(error), _) => {
                if !matches!(prediction.outcome, Outcome::Closed(_)) {
                    problems.add(format!("no answer ({error}), predicted {:?}", prediction.outcome));
                }
                return;
            }
        };
        problems.equal("status in the log", log.get("status"), Some(&json!(response.status)));
        problems.equal("aborted", log.get("aborted").is_some(), self.step.cut);
        problems.equal("cut", response.cut.is_some(), self.step.cut);
        let by = log.get("answered_by").and_then(Value::as_str).unwrap_or_default();
        // What is malformed is refused before it is matched; a prediction only knows the authority and the path.
        if !(self.step.fails.is_some() && matches!(by, "BadRequest" | "Expectation")) {
            self.place(log, problems);
        }
        if let Some((name, status)) = &self.step.fails {
            problems.equal("answered by", by, name);
            return self.status(response, *status, problems);
        }
        if self.is_unsupported() {
            problems.equal("answered by", by, ProxyError::Unsupported.name());
            return problems.equal("requests at backends", seen.len(), 0);
        }
        match &prediction.outcome {
            Outcome::Closed(why) => problems.add(format!("answered, predicted {why:?}")),
            Outcome::Answered(answer) => self.answered(answer, by, response, problems),
            Outcome::Forwarded(forward) => self.forwarded(forward, (log, by), response, problems),
        }
    }

    fn is_unsupported(&self) -> bool {
        let Some(entry) = self.exchange.prediction.entry(self.config) else { return false };
        gwc_runtime::unsupported(self.config).iter().any(|one| one.rule == entry.rule as usize)
    }

    /// Listener, route, rule, match.
    fn place(&self, log: &Value, problems: &mut Problems) {
        let prediction = &self.exchange.prediction;
        let listener = prediction.listener(self.config);
        let listener = listener.map(|one| json!(format!("{}/{}/{}", one.owner.namespace, one.owner.name, one.name)));
        problems.equal("listener", log.get("listener"), listener.as_ref());
        let trace = prediction.rule(self.config).map(|rule| &rule.trace);
        let route = trace.map(|one| json!(format!("{} {}/{}", one.kind.name(), one.namespace, one.name)));
        problems.equal("route", log.get("route"), route.as_ref());
        problems.equal("rule", log.get("rule"), trace.map(|one| json!(one.rule)).as_ref());
        let found = prediction.entry(self.config).and_then(|entry| entry.r#match);
        problems.equal("match", log.get("match"), found.map(|found| json!(found)).as_ref());
    }

    fn status(&self, response: &Response, status: u16, problems: &mut Problems) {
        problems.equal("status", response.status, status);
    }

    /// An answer of the gateway itself.
    fn answered(&self, answer: &Answer, by: &str, response: &Response, problems: &mut Problems) {
        if !names(answer.by).contains(&by) {
            problems.add(format!("answered by {by}, predicted {:?}", answer.by));
        }
        self.status(response, answer.status, problems);
        problems.equal("requests at backends", self.exchange.seen.len(), 0);
        problems.equal("Location", response.header("location"), answer.location.as_deref());
        let grpc = answer.grpc_status.map(|status| status.to_string());
        problems.equal("grpc-status", response.header("grpc-status"), grpc.as_deref());
        for (name, value) in &answer.headers {
            if !response.headers.iter().any(|(own, found)| own.eq_ignore_ascii_case(name) && found == value) {
                problems.add(format!("header {name}: {value} is predicted and not there"));
            }
        }
    }

    fn forwarded(&self, forward: &Forward, (log, by): (&Value, &str), response: &Response, problems: &mut Problems) {
        let backend = log.get("backend").and_then(Value::as_str).unwrap_or_default();
        let Some(share) = forward.shares.iter().find(|share| name(self.config, &share.target) == backend) else {
            let members: Vec<String> = forward.shares.iter().map(|share| name(self.config, &share.target)).collect();
            return problems.add(format!("backend {backend:?} is none of {members:?}"));
        };
        if let Some(status) = share.status {
            problems.equal("answered by a backend", by == "backend", false);
            problems.equal("requests at backends", self.exchange.seen.len(), 0);
            return self.status(response, status, problems);
        }
        problems.equal("answered by", by, "backend");
        let [seen] = self.exchange.seen.as_slice() else {
            return problems.add(format!("{} requests at backends", self.exchange.seen.len()));
        };
        problems.equal("backend", seen.backend.as_str(), backend);
        problems.equal("problem at the backend", seen.problem.as_deref(), None);
        self.head(share, seen, problems);
        self.body(seen, response, problems);
        if response.status != 101 && !seen.answer.is_empty() {
            let expected = self.expected_answer(share, seen);
            problems.equal("headers of the answer", sorted(response.headers.clone(), &answer_only()), expected);
        }
    }

    /// Method, target, authority and header lines of the forwarded request.
    fn head(&self, share: &Share, seen: &Seen, problems: &mut Problems) {
        let start: Vec<&str> = seen.head.start.split(' ').collect();
        problems.equal("method and target", &start[..2], &[&*share.upstream.method, &*share.upstream.target]);
        let request = &self.exchange.request;
        let authority = share.upstream.authority.as_deref().or(request.authority.as_deref()).unwrap_or_default();
        let sent = seen.head.first(":authority").or_else(|| seen.head.first("host"));
        problems.equal("authority", sent, Some(authority));
        let is_own = |name: &str| matches!(name, "host" | ":authority" | "x-request-id");
        let mut found = sorted(seen.head.lines.clone(), &FRAMING);
        found.retain(|(name, _)| !is_own(name) && name != "connection" && name != "upgrade");
        let mut expected = self.expected_lines(share);
        expected.retain(|(name, _)| !is_own(name));
        problems.equal("header lines at the backend", found, expected);
        let upgrade = seen.head.first("upgrade").map(str::to_ascii_lowercase);
        problems.equal("upgrade", upgrade.as_deref(), self.step.tunnel.as_ref().map(|_| "websocket"));
        let wants_id =
            self.runner.case.options.request_id || header::joined(&request.headers, "x-request-id").is_some();
        problems.equal("request id", seen.head.first("x-request-id").is_some(), wants_id);
    }

    fn expected_lines(&self, share: &Share) -> Vec<Line> {
        let is_trusted = self.runner.case.options.trust_loopback;
        let mut lines = without_hops(&share.upstream.headers);
        let mut set = |name: &str, value: String| {
            lines.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
            lines.push((name.to_owned(), value));
        };
        let has = |name: &str| is_trusted && header::joined(&share.upstream.headers, name).is_some();
        let before = header::joined(&share.upstream.headers, "x-forwarded-for").filter(|_| is_trusted);
        let before = before.map(|before| format!("{}, ", before.replace(',', ", ").replace(",  ", ", ")));
        set("x-forwarded-for", format!("{}127.0.0.1", before.unwrap_or_default()));
        if !has("x-forwarded-proto") {
            set("x-forwarded-proto", if self.step.is_tls() { "https" } else { "http" }.to_owned());
        }
        if !has("x-forwarded-port") {
            set("x-forwarded-port", self.step.port().to_string());
        }
        if !is_trusted {
            lines.retain(|(own, _)| !["forwarded", "x-forwarded-host"].contains(&&*own.to_ascii_lowercase()));
        }
        if share.upstream.authority.is_some() && !has("x-forwarded-host") {
            let original = self.exchange.request.authority.clone();
            lines.extend(original.map(|original| ("x-forwarded-host".to_owned(), original)));
        }
        // HTTP/2 may send cookies in parts.
        let cookies: Vec<Line> = lines.extract_if(.., |(name, _)| name.eq_ignore_ascii_case("cookie")).collect();
        if let (false, Some(_)) = (cookies.is_empty(), cookies.first()) {
            let separator = if self.step.is_http2() { "; " } else { "\n" };
            let joined = cookies.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join(separator);
            lines.extend(joined.split('\n').map(|value| ("cookie".to_owned(), value.to_owned())));
        }
        lines.retain(|(name, _)| !name.eq_ignore_ascii_case("expect"));
        sorted(lines, &FRAMING)
    }

    fn body(&self, seen: &Seen, response: &Response, problems: &mut Problems) {
        if seen.body.bytes != self.step.body() {
            problems.add(format!("the body at the backend has {} bytes", seen.body.bytes.len()));
        }
        let script = self.step.backends.get(&seen.backend).unwrap_or(&self.step.backend);
        let has_body = self.step.method() != "HEAD" && !matches!(response.status, 101 | 204 | 304);
        if seen.answer.is_empty() || self.step.cut {
            return;
        }
        let expected = if has_body { script.bytes(&seen.backend) } else { Vec::new() };
        if response.body.bytes != expected {
            problems.add(format!("the body of the answer has {} bytes", response.body.bytes.len()));
        }
        if self.step.is_grpc() {
            problems.equal("trailers", response.body.trailers.len(), script.trailers.len());
        }
    }

    /// Header lines of the answer: those of the backend, without hops, changed as predicted.
    fn expected_answer(&self, share: &Share, seen: &Seen) -> Vec<Line> {
        let mut lines = without_hops(&seen.answer);
        let rule = self.exchange.prediction.rule(self.config);
        let filters = rule
            .iter()
            .flat_map(|rule| rule.filters.iter().chain(rule.backends.iter().flat_map(|backend| &backend.filters)));
        let has_cors = filters.into_iter().any(|filter| matches!(filter, Filter::Cors(_)));
        if has_cors && header::joined(&self.exchange.request.headers, "origin").is_some() {
            lines.retain(|(name, _)| !name.to_ascii_lowercase().starts_with("access-control-"));
            lines.extend(share.cors.iter().cloned());
        }
        for modifier in &share.response {
            let _ = header::modify(modifier, &mut lines);
        }
        sorted(lines, &answer_only())
    }
}

fn answer_only() -> [&'static str; 5] {
    ["content-length", "transfer-encoding", "date", "connection", "x-gwc-route"]
}

/// Without what concerns one hop, including what `Connection` names.
fn without_hops(lines: &[Line]) -> Vec<Line> {
    let named = header::joined(lines, "connection").unwrap_or_default().to_ascii_lowercase();
    let named: Vec<&str> = named.split(',').map(str::trim).filter(|name| *name != "te").collect();
    let keeps_trailers = header::joined(lines, "te").is_some_and(|value| value.contains("trailers"));
    let is_kept = |(name, _): &&Line| {
        let name = name.to_ascii_lowercase();
        !HOP_BY_HOP.contains(&&*name) && !named.contains(&&*name)
    };
    let mut kept: Vec<Line> = lines.iter().filter(is_kept).cloned().collect();
    if keeps_trailers {
        kept.push(("te".to_owned(), "trailers".to_owned()));
    }
    kept
}

/// Names in lower case, sorted; lines of one name keep their order.
fn sorted(lines: Vec<Line>, without: &[&str]) -> Vec<Line> {
    let lower = lines.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
    let mut lines: Vec<Line> = lower.filter(|(name, _)| !without.contains(&&**name)).collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    lines
}

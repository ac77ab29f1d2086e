//! What became of one request, for counters, for `--explain-header` and for its line in the access log
//! (runtime-design.md §5.2).

use std::cell::Cell;
use std::fmt::Write as _;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

use gwc_core::ir::Config;
use http::header::{HeaderName, HeaderValue};
use http::request::Parts;
use http::{Response, StatusCode, Version};
use serde_json::{Map, Value, json};

use crate::body::{Body, Reply};
use crate::connection::InFlight;
use crate::error::ProxyError;
use crate::http::Connection;
use crate::request::Fields;
use crate::telemetry::counters::Answered;
use crate::telemetry::{AccessLog, LogFormat};
use crate::upstream::Sent;
use crate::worker::View;

const EXPLANATION: HeaderName = HeaderName::from_static("x-gwc-route");

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Backend,
    Redirect,
    Preflight,
    Error(ProxyError),
}

impl By {
    fn name(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Redirect => "Redirect",
            Self::Preflight => "Preflight",
            Self::Error(error) => error.name(),
        }
    }
}

/// What is known of a request so far.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) by: By,
    /// Positions: of the socket, of the listener in it, of the rule, of the match in the rule, of the backend in it.
    pub(crate) socket: Option<usize>,
    pub(crate) listener: Option<usize>,
    pub(crate) rule: Option<usize>,
    pub(crate) r#match: Option<u32>,
    pub(crate) backend: Option<usize>,
    /// Did the client name a host?
    pub(crate) has_host: bool,
    /// Only where the access log wants this request.
    logged: Option<Box<Logged>>,
}

/// The part of the log line that only the log needs.
#[derive(Debug)]
struct Logged {
    log: AccessLog,
    begun: Instant,
    time: SystemTime,
    host: String,
    method: String,
    target: String,
    protocol: &'static str,
    request_id: Option<String>,
    bytes_in: Rc<Cell<u64>>,
    endpoint: Option<String>,
    attempts: u32,
    first_byte: Option<Duration>,
    connecting: Option<Duration>,
}

impl Course {
    /// A request begins.
    pub(crate) fn new(cx: &Connection, parts: &Parts, fields: Fields) -> Self {
        let is_named = || parts.headers.get(http::header::HOST).is_some_and(|host| !host.is_empty());
        let has_host = parts.uri.authority().is_some() || (fields.has(Fields::HOST) && is_named());
        let log = cx.worker.options.access_log.as_ref().filter(|log| log.takes_next());
        let logged = log.map(|log| Box::new(Logged::new(log, parts)));
        Self {
            by: By::Backend,
            socket: None,
            listener: None,
            rule: None,
            r#match: None,
            backend: None,
            has_host,
            logged,
        }
    }

    /// Counts the bytes of the body for the log.
    pub(crate) fn count_in(&self) -> Option<Rc<Cell<u64>>> {
        self.logged.as_ref().map(|logged| Rc::clone(&logged.bytes_in))
    }

    /// A backend answered.
    pub(crate) fn forwarded(&mut self, sent: &Sent, time: Duration) {
        let Some(logged) = &mut self.logged else { return };
        logged.endpoint = Some(sent.pool.name());
        logged.attempts = sent.attempts;
        logged.first_byte = Some(time);
        logged.connecting = sent.connecting;
    }

    /// Counts the answer, explains it, and has it logged when its body has ended.
    pub(crate) fn finish(
        mut self,
        cx: &Connection,
        view: &View,
        response: Response<Body>,
        in_flight: InFlight,
    ) -> Response<Reply> {
        let at = self.socket.zip(self.listener);
        let label = at.and_then(|(socket, listener)| view.snapshot.sockets.get(socket)?.listeners.get(listener));
        let error = match self.by {
            By::Error(error) => Some(error),
            By::Backend | By::Redirect | By::Preflight => None,
        };
        let listener = label.map(|listener| listener.label.as_str());
        if let Some(listener) = listener {
            cx.count(listener);
        }
        let answered = Answered { listener, rule: self.rule, status: response.status(), error };
        cx.worker.counters.borrow_mut().answered(view, answered);
        let mut response = response;
        if cx.worker.options.explain_header {
            let key = self.rule.and_then(|rule| view.snapshot.key(rule));
            let text = key.and_then(|key| HeaderValue::try_from(key.explanation(self.r#match)).ok());
            if let Some(text) = text {
                response.headers_mut().insert(EXPLANATION, text);
            }
        }
        if cx.flow.is_draining()
            && response.version() != Version::HTTP_2
            && response.status() != StatusCode::SWITCHING_PROTOCOLS
        {
            response.headers_mut().insert(http::header::CONNECTION, HeaderValue::from_static("close"));
        }
        let trail = self.logged.take().map(|logged| Box::new(Trail::new(&self, *logged, cx, view, response.status())));
        response.map(|body| Reply::new(with_trail(body, trail), in_flight))
    }
}

fn with_trail(body: Body, trail: Option<Box<Trail>>) -> Body {
    let Some(mut trail) = trail else { return body };
    match body {
        Body::Response(mut response) => {
            response.trail = Some(trail);
            Body::Response(response)
        }
        Body::Full(bytes) => {
            trail.bytes_out = bytes.len() as u64;
            trail.is_whole = true;
            Body::Full(bytes)
        }
        body @ (Body::Empty | Body::Request(_)) => {
            trail.is_whole = true;
            body
        }
    }
}

impl Logged {
    fn new(log: &AccessLog, parts: &Parts) -> Self {
        let authority = parts.uri.authority().map(|authority| authority.as_str().to_owned());
        let text =
            |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::to_owned);
        let target = match (parts.uri.query(), log.queries) {
            (Some(query), true) => format!("{}?{query}", parts.uri.path()),
            (Some(_), false) => format!("{}?", parts.uri.path()),
            (None, _) => parts.uri.path().to_owned(),
        };
        Self {
            log: log.clone(),
            begun: Instant::now(),
            time: SystemTime::now(),
            host: authority.or_else(|| text("host")).unwrap_or_default(),
            method: parts.method.as_str().to_owned(),
            target,
            protocol: match parts.version {
                Version::HTTP_10 => "HTTP/1.0",
                Version::HTTP_2 => "HTTP/2",
                _ => "HTTP/1.1",
            },
            request_id: text("x-request-id"),
            bytes_in: Rc::default(),
            endpoint: None,
            attempts: 0,
            first_byte: None,
            connecting: None,
        }
    }
}

/// A line of the access log that is written when the answer has ended, whole or not.
#[derive(Debug)]
pub(crate) struct Trail {
    /// Bytes of the body that were handed over.
    pub(crate) bytes_out: u64,
    /// Did the body end as it should?
    pub(crate) is_whole: bool,
    logged: Logged,
    fields: Map<String, Value>,
}

impl Trail {
    fn new(course: &Course, logged: Logged, cx: &Connection, view: &View, status: StatusCode) -> Self {
        let config = &view.snapshot.config;
        let key = course.rule.and_then(|rule| view.snapshot.key(rule));
        let at = course.socket.zip(course.listener);
        let listener = at.and_then(|(socket, listener)| view.snapshot.sockets.get(socket)?.listeners.get(listener));
        let time = jiff::Timestamp::try_from(logged.time).map(|time| format!("{time:.3}")).unwrap_or_default();
        let mut fields = Map::new();
        let mut add = |name: &str, value: Value| {
            if !value.is_null() {
                fields.insert(name.to_owned(), value);
            }
        };
        add("time", json!(time));
        add("request_id", json!(logged.request_id));
        add("client", json!(cx.peer.to_string()));
        add("listener", json!(listener.map(|listener| &listener.label)));
        add("host", json!(logged.host));
        add("method", json!(logged.method));
        add("path", json!(logged.target));
        add("protocol", json!(logged.protocol));
        add("status", json!(status.as_u16()));
        add("answered_by", json!(course.by.name()));
        add("route", json!(key.as_ref().map(|key| format!("{} {}/{}", key.kind, key.namespace, key.name))));
        add("rule", json!(key.as_ref().map(|key| key.rule)));
        add("match", json!(course.r#match));
        add("backend", json!(course.backend.and_then(|position| backend(config, course.rule?, position))));
        add("endpoint", json!(logged.endpoint));
        add("attempts", json!((logged.attempts > 0).then_some(logged.attempts)));
        add("tls", json!(cx.tls_version));
        add("sni", json!(cx.sni));
        add("client_certificate", json!(cx.client_certificate));
        add("connect_ms", json!(logged.connecting.map(milliseconds)));
        add("first_byte_ms", json!(logged.first_byte.map(milliseconds)));
        Self { bytes_out: 0, is_whole: false, logged, fields }
    }
}

/// `namespace/name:port` of a backend of a rule.
fn backend(config: &Config, rule: usize, position: usize) -> Option<String> {
    config.key(&config.rules.get(rule)?.backends.get(position)?.target).map(ToString::to_string)
}

fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

impl Drop for Trail {
    fn drop(&mut self) {
        let mut fields = std::mem::take(&mut self.fields);
        fields.insert("bytes_in".to_owned(), json!(self.logged.bytes_in.get()));
        fields.insert("bytes_out".to_owned(), json!(self.bytes_out));
        fields.insert("duration_ms".to_owned(), json!(milliseconds(self.logged.begun.elapsed())));
        if !self.is_whole {
            fields.insert("aborted".to_owned(), Value::Bool(true));
        }
        let line = match self.logged.log.format {
            LogFormat::Json => Value::Object(fields).to_string(),
            LogFormat::Text => text(&fields),
        };
        self.logged.log.write(line + "\n");
    }
}

/// Time, client, request, status and who answered, then the rest as `name=value`.
fn text(fields: &Map<String, Value>) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let field = |name: &str| fields.get(name).map_or_else(|| "-".to_owned(), plain);
    let head = ["time", "client", "method", "host", "path", "protocol", "status", "answered_by"];
    let mut line = head.map(field).join(" ");
    for (name, value) in fields.iter().filter(|(name, _)| !head.contains(&name.as_str())) {
        let _ = write!(line, " {name}={}", plain(value).replace(' ', "_"));
    }
    line
}

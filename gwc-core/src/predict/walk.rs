//! From the socket to the outcome, in the order of routing.md §0.

use std::borrow::Cow;

use crate::exchange::normalise::{self, EncodedSlash};
use crate::ir::{Config, Listener, Protocol, Rule, Socket, Target};
use crate::matcher::{HostFallthrough, RequestHead, SocketProgram, reference};
use crate::predict::filters::{self, Exchange};
use crate::predict::{
    Answer, AnsweredBy, Closed, Forward, MirrorShare, Outcome, Prediction, Request, Scheme, Share, Upstream,
};
use crate::value::gcd;

/// Predicts many requests against one IR; listeners are compiled once.
#[derive(Debug)]
pub struct Predictor<'c> {
    config: &'c Config,
    /// By position in [`Config::sockets`]; empty: ask the reference.
    programs: Vec<SocketProgram>,
}

/// What happens to one request at the socket at this position. For many requests use a [`Predictor`].
#[must_use]
pub fn predict(config: &Config, socket: usize, request: &Request) -> Prediction {
    Predictor { config, programs: Vec::new() }.predict(socket, request)
}

/// How far a request came: the listener, where one takes it, and the outcome if that is settled.
struct Accepted {
    listener: Option<usize>,
    settled: Option<Outcome>,
}

impl<'c> Predictor<'c> {
    /// Compiles the listeners of all sockets.
    #[must_use]
    pub fn new(config: &'c Config) -> Self {
        // Nothing comes from outside, so a fixed seed harms nobody.
        let compile = |socket| SocketProgram::compile(config, socket, 0, HostFallthrough::On);
        Self { config, programs: config.sockets.iter().map(compile).collect() }
    }

    /// The IR.
    #[must_use]
    pub fn config(&self) -> &'c Config {
        self.config
    }

    /// What happens to a request at the socket at this position.
    #[must_use]
    pub fn predict(&self, at: usize, request: &Request) -> Prediction {
        let mut prediction = Prediction {
            socket: at,
            listener: None,
            entry: None,
            host: None,
            path: String::new(),
            outcome: Outcome::Closed(Closed::NoRoute),
        };
        let Some(socket) = self.config.sockets.get(at) else { return prediction };
        let host = match self.name(socket, request) {
            Ok(host) => host,
            Err(answer) => {
                prediction.outcome = answer;
                return prediction;
            }
        };
        prediction.host = host.as_deref().map(str::to_owned);
        let accepted = self.accept(at, socket, request, host.as_deref());
        prediction.listener = accepted.listener;
        match (accepted.listener.and_then(|position| socket.listeners.get(position)), accepted.settled) {
            (_, Some(outcome)) => prediction.outcome = outcome,
            (Some(listener), None) if listener.protocol.is_http() => self.http(&mut prediction, listener, request),
            (Some(listener), None) => self.connection(&mut prediction, listener),
            (None, None) => {}
        }
        prediction
    }

    /// The name by which routes are found: host of the authority, SNI of a TLS listener, nothing for TCP and UDP.
    fn name<'r>(&self, socket: &Socket, request: &'r Request) -> Result<Option<Cow<'r, str>>, Outcome> {
        if !request.scheme.is_http() || socket.listeners.iter().any(|listener| is_bytes(listener.protocol)) {
            return Ok(request.sni.as_deref().filter(|_| request.scheme.is_tls()).map(server_name));
        }
        let authority = request.authority.as_deref().unwrap_or_default();
        normalise::host(authority).map_err(|_| answer(request, 400, Some(13), AnsweredBy::BadRequest))
    }

    /// Stages 2 to 4: which listener takes the connection, and the request on it.
    fn accept(&self, at: usize, socket: &Socket, request: &Request, host: Option<&str>) -> Accepted {
        let closed = |why| Accepted { listener: None, settled: Some(Outcome::Closed(why)) };
        if let Some(bytes) = socket.listeners.iter().position(|listener| is_bytes(listener.protocol)) {
            return Accepted { listener: Some(bytes), settled: None };
        }
        let has_tls = socket.listeners.iter().any(|listener| listener.protocol.is_tls());
        if has_tls != request.scheme.is_tls() {
            return closed(Closed::WrongProtocol);
        }
        if !has_tls {
            return match self.listener(at, socket, None, host) {
                _ if !request.scheme.is_http() => closed(Closed::WrongProtocol),
                Some(listener) => Accepted { listener: Some(listener), settled: None },
                // Without Host only a listener for any name will do (§1.3).
                None if request.authority.as_deref().unwrap_or_default().is_empty() => {
                    Accepted { listener: None, settled: Some(answer(request, 400, Some(13), AnsweredBy::BadRequest)) }
                }
                None => Accepted { listener: None, settled: Some(not_found(request, AnsweredBy::NoListener)) },
            };
        }
        let sni = request.sni.as_deref().map(server_name);
        let Some(chosen) = self.listener(at, socket, None, sni.as_deref()) else {
            return closed(Closed::NoListenerForSni);
        };
        let protocol = socket.listeners.get(chosen).map(|listener| listener.protocol);
        if protocol != Some(Protocol::Https) {
            return Accepted { listener: Some(chosen), settled: None };
        }
        if !request.scheme.is_http() {
            return Accepted { listener: Some(chosen), settled: Some(Outcome::Closed(Closed::WrongProtocol)) };
        }
        // routing.md §1.4: the authority must belong to the listener that the SNI chose.
        let settled = match self.listener(at, socket, Some(Protocol::Https), host) {
            Some(own) if own == chosen => None,
            Some(_) => Some(answer(request, 421, None, AnsweredBy::Misdirected)),
            None => Some(not_found(request, AnsweredBy::NoListener)),
        };
        Accepted { listener: Some(chosen), settled }
    }

    fn listener(&self, at: usize, socket: &Socket, protocol: Option<Protocol>, name: Option<&str>) -> Option<usize> {
        match (self.programs.get(at), protocol) {
            (Some(program), None) => program.listener(name),
            (Some(program), Some(protocol)) => program.listener_of(protocol, name),
            (None, protocol) => reference::listener(socket, protocol, name),
        }
    }

    fn entry(&self, prediction: &Prediction, listener: &Listener, head: &RequestHead<'_>) -> Option<usize> {
        let program = self.programs.get(prediction.socket);
        match program.and_then(|program| program.program(prediction.listener?)) {
            Some(program) => program.find(head),
            None => reference::find(self.config, listener, head),
        }
    }

    /// Stages 5 to 8 of HTTP and gRPC.
    fn http(&self, prediction: &mut Prediction, listener: &Listener, request: &Request) {
        let (raw, query) = normalise::split_query(&request.target);
        if method(request) == "CONNECT" {
            prediction.outcome = answer(request, 405, None, AnsweredBy::BadRequest);
            return;
        }
        let path = normalise::path(raw, EncodedSlash::Keep).ok();
        // `*` asks about the server as a whole, which only OPTIONS does (RFC 9112 §3.2.4).
        let Some(path) = path.filter(|path| path != "*" || method(request) == "OPTIONS") else {
            prediction.outcome = answer(request, 400, Some(13), AnsweredBy::BadRequest);
            return;
        };
        let host = prediction.host.clone();
        let head = RequestHead { host: host.as_deref(), path: &path, query, method: method(request), headers: request };
        prediction.entry = self.entry(prediction, listener, &head);
        prediction.path = path.clone().into_owned();
        let found = prediction.entry.and_then(|entry| listener.entries.get(entry));
        let Some(entry) = found else {
            prediction.outcome = not_found(request, AnsweredBy::NoRule);
            return;
        };
        let port = self.config.sockets.get(prediction.socket).map_or(request.port, |socket| socket.port);
        let mut exchange = Exchange::new(self.config, request, (&path, query), port);
        exchange.prefix = self.config.match_of(entry).and_then(filters::prefix);
        prediction.outcome = self.served(self.config.rule(entry), exchange, request);
    }

    fn served(&self, rule: &Rule, mut exchange: Exchange<'_>, request: &Request) -> Outcome {
        if let Some(answer) = exchange.run(&rule.filters, request) {
            return Outcome::Answered(answer);
        }
        let total = rule.total_weight();
        let mut mirrors = std::mem::take(&mut exchange.mirrors);
        let (mut shares, mut answers) = (Vec::new(), Vec::new());
        for backend in rule.backends.iter().filter(|backend| backend.weight > 0) {
            let mut own = exchange.clone();
            let answered = own.run(&backend.filters, request);
            let failed = unusable(self.config, &backend.target);
            let status = answered.as_ref().map(|answer| answer.grpc_status.map_or(answer.status, |_| 500)).or(failed);
            let failed = failed.map(|status| self::answered(request, status, Some(14), AnsweredBy::NoBackend));
            let local = answered.or(failed);
            if local.is_none() {
                // A filter of a backend runs for the requests of that backend only (routing.md §4.0).
                mirrors.extend(own.mirrors.drain(..).map(|mirror| part_of(mirror, backend.weight, total)));
            }
            shares.push(Share {
                weight: backend.weight,
                total,
                target: backend.target.clone(),
                status,
                response: own.response_changes(),
                cors: own.cors.clone(),
                upstream: own.upstream(),
            });
            answers.push(local);
        }
        match answers.first() {
            None => answer(request, 500, Some(14), AnsweredBy::NoBackend),
            Some(Some(first)) if answers.iter().all(|answer| answer.as_ref() == Some(first)) => {
                Outcome::Answered(first.clone())
            }
            Some(_) => Outcome::Forwarded(Forward { shares, mirrors, external_auth: exchange.external_auth }),
        }
    }

    /// TLS, TCP and UDP: the first entry that takes the name has the connection.
    fn connection(&self, prediction: &mut Prediction, listener: &Listener) {
        let host = prediction.host.clone();
        let no_headers: Vec<(String, String)> = Vec::new();
        let head = RequestHead { host: host.as_deref(), path: "/", query: None, method: "", headers: &no_headers };
        prediction.entry = self.entry(prediction, listener, &head);
        let Some(entry) = prediction.entry.and_then(|entry| listener.entries.get(entry)) else { return };
        let rule = self.config.rule(entry);
        let total = rule.total_weight();
        let weighted = rule.backends.iter().filter(|backend| backend.weight > 0);
        let share = |backend: &crate::ir::WeightedBackend| Share {
            weight: backend.weight,
            total,
            target: backend.target.clone(),
            status: unusable(self.config, &backend.target),
            upstream: Upstream::default(),
            response: Vec::new(),
            cors: Vec::new(),
        };
        let shares: Vec<Share> = weighted.map(share).collect();
        prediction.outcome = if shares.iter().all(|share| share.status.is_some()) {
            Outcome::Closed(Closed::NoBackend)
        } else {
            Outcome::Forwarded(Forward { shares, mirrors: Vec::new(), external_auth: None })
        };
    }
}

/// Status of a backend that cannot be served (routing.md §5.2).
pub(super) fn unusable(config: &Config, target: &Target) -> Option<u16> {
    match target {
        Target::Invalid(_) => Some(500),
        Target::Backend(position) => {
            let endpoints = config.backends.get(*position as usize)?.endpoints.as_ref()?;
            (!endpoints.iter().any(|endpoint| endpoint.ready)).then_some(503)
        }
    }
}

/// A mirror that only a backend's part of the requests reaches.
fn part_of(mirror: MirrorShare, weight: u32, total: u64) -> MirrorShare {
    let (mut numerator, mut denominator) =
        (u64::from(mirror.numerator) * u64::from(weight), u64::from(mirror.denominator).saturating_mul(total.max(1)));
    let divisor = gcd(numerator, denominator).max(1);
    (numerator, denominator) = (numerator / divisor, denominator / divisor);
    // Coarser, where the exact fraction has no place.
    while denominator > u64::from(u32::MAX) {
        (numerator, denominator) = (numerator / 2, denominator / 2);
    }
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    MirrorShare { numerator: small(numerator), denominator: small(denominator), ..mirror }
}

fn is_bytes(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::Tcp | Protocol::Udp)
}

/// SNI as matches see it.
fn server_name(sni: &str) -> Cow<'_, str> {
    let bare = sni.strip_suffix('.').unwrap_or(sni);
    if bare.bytes().any(|byte| byte.is_ascii_uppercase()) { bare.to_ascii_lowercase().into() } else { bare.into() }
}

/// gRPC calls are POST, whatever was given.
pub(super) fn method(request: &Request) -> &str {
    match request.method.as_str() {
        "" if request.scheme.is_grpc() => "POST",
        "" => "GET",
        method => method,
    }
}

/// Does the client expect the status of gRPC (routing.md §3.7, Q24)?
fn wants_grpc(request: &Request) -> bool {
    let is_grpc = |value: &str| {
        let rest = value.to_ascii_lowercase().strip_prefix("application/grpc").map(str::to_owned);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', ';']))
    };
    let is_type = |(name, value): &(String, String)| name.eq_ignore_ascii_case("content-type") && is_grpc(value);
    matches!(request.scheme, Scheme::Grpc | Scheme::Grpcs) || request.headers.iter().any(is_type)
}

/// An answer of the gateway itself; a client of gRPC gets status 200 with a `grpc-status` where there is one.
pub(super) fn answer(request: &Request, status: u16, grpc: Option<u8>, by: AnsweredBy) -> Outcome {
    Outcome::Answered(answered(request, status, grpc, by))
}

/// As [`answer`].
pub(super) fn answered(request: &Request, status: u16, grpc: Option<u8>, by: AnsweredBy) -> Answer {
    let grpc_status = grpc.filter(|_| wants_grpc(request));
    let status = if grpc_status.is_some() { 200 } else { status };
    Answer { status, grpc_status, location: None, headers: Vec::new(), by }
}

fn not_found(request: &Request, by: AnsweredBy) -> Outcome {
    answer(request, 404, Some(12), by)
}

//! Sends the requests of a case and gathers what came of each: the answer, the line of the log, what backends saw.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::num::NonZeroUsize;

use gwc_core::exchange::normalise::EncodedSlash;
use gwc_core::predict::{Prediction, Request, predict};
use gwc_runtime::Options;
use serde_json::Value;

use crate::case::{Case, Settings, Step};
use crate::support::backend::Seen;
use crate::support::client::http2::Http2;
use crate::support::client::{self, Handshake, Response, Stream};
use crate::support::frames::{self, Frames};
use crate::support::wire::{self, Wire};
use crate::support::world::{self, Log, World};

/// One request and everything that is known of it.
pub(crate) struct Exchange {
    pub(crate) request: Request,
    pub(crate) prediction: Prediction,
    pub(crate) response: Result<Response, String>,
    pub(crate) handshake: Option<Handshake>,
    pub(crate) log: Option<Value>,
    pub(crate) seen: Vec<Seen>,
    /// What came back through a tunnel.
    pub(crate) tunnel: Option<String>,
}

/// What a client gets of one exchange.
struct Got {
    response: Response,
    handshake: Option<Handshake>,
    tunnel: Option<String>,
}

/// A connection that may take another request.
enum Connection {
    Http1(Wire<Box<dyn Stream>>, Option<Handshake>),
    Http2(Http2),
}

/// Sends requests one after the other.
pub(crate) struct Runner<'w> {
    pub(crate) world: &'w World,
    pub(crate) case: &'w Case,
    connection: Option<Connection>,
}

/// Options of the proxy for a case.
pub(crate) fn options(settings: &Settings) -> (Options, Log) {
    let (mut options, log) = world::options();
    if settings.trust_loopback {
        options.trusted_proxies = vec![(IpAddr::from([127, 0, 0, 0]), 8)];
    }
    if settings.reject_encoded_slash {
        options.encoded_slash = EncodedSlash::Reject;
    }
    options.workers = NonZeroUsize::new(settings.workers).or(options.workers);
    options.request_id = settings.request_id;
    options.explain_header = settings.explain;
    (options, log)
}

impl<'w> Runner<'w> {
    pub(crate) fn new(world: &'w World, case: &'w Case) -> Self {
        Self { world, case, connection: None }
    }

    pub(crate) fn run(&mut self, step: &Step) -> Result<Vec<Exchange>, String> {
        self.world.backends.answer_as_usual();
        self.world.backends.answer("*", step.backend.clone());
        for (backend, script) in &step.backends {
            self.world.backends.answer(backend, script.clone());
        }
        (0..step.repeat.max(1)).map(|_| self.once(step)).collect()
    }

    fn once(&mut self, step: &Step) -> Result<Exchange, String> {
        let socket = self.world.socket(&step.gateway, step.port());
        let request = step.request();
        let prediction = predict(&self.world.config, socket, &request);
        let got = self.send(step, socket);
        let is_logged = step.refused.is_none() && got.is_ok();
        let log = if is_logged { Some(self.world.log.next()?) } else { None };
        let seen = self.world.backends.seen();
        let (response, handshake, tunnel) = match got {
            Ok(got) => (Ok(got.response), got.handshake, got.tunnel),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(format!("neither answered nor closed: {error}"));
            }
            Err(error) => (Err(error.to_string()), None, None),
        };
        Ok(Exchange { request, prediction, response, handshake, log, seen, tunnel })
    }

    fn send(&mut self, step: &Step, socket: usize) -> std::io::Result<Got> {
        let kept = self.connection.take().filter(|_| step.keep);
        let mut connection = match kept {
            Some(connection) => connection,
            None => self.connect(step, socket)?,
        };
        let got = match &mut connection {
            Connection::Http1(wire, handshake) => http1(step, wire, handshake.clone()),
            Connection::Http2(http2) => {
                let handshake = http2.handshake.clone();
                http2.request(http2_request(step)).map(|response| Got { response, handshake, tunnel: None })
            }
        };
        self.connection = Some(connection);
        got
    }

    fn connect(&self, step: &Step, socket: usize) -> std::io::Result<Connection> {
        let address = self.world.addresses[socket];
        if step.is_http2() {
            let tls = step.is_tls().then(|| step.server_name());
            return Http2::connect(address, tls).map(Connection::Http2);
        }
        let stream = client::connect(address)?;
        if !step.is_tls() {
            return Ok(Connection::Http1(Wire::new(Box::new(stream)), None));
        }
        let alpn: Vec<&str> = step.alpn.iter().map(String::as_str).collect();
        let (stream, handshake) = client::tls(stream, step.server_name(), &alpn)?;
        Ok(Connection::Http1(Wire::new(stream), Some(handshake)))
    }
}

fn http1(step: &Step, wire: &mut Wire<Box<dyn Stream>>, handshake: Option<Handshake>) -> std::io::Result<Got> {
    let (head, body) = http1_bytes(step);
    let method = step.method();
    let expects = step.lines().iter().any(|(name, _)| name.eq_ignore_ascii_case("expect"));
    let response = if expects && !body.is_empty() {
        wire.send(&head)?;
        let first = client::next_head(wire)?;
        if first.status() == 100 {
            wire.send(&body)?;
            let mut response = client::response(wire, method)?;
            response.interim.insert(0, first);
            response
        } else {
            client::answer(wire, first, method)
        }
    } else {
        wire.send(&[head, body].concat())?;
        client::response(wire, method)?
    };
    let tunnel = match &step.tunnel {
        Some(text) if response.status == 101 => {
            wire.send(text.as_bytes())?;
            Some(wire::text(&wire.exactly(text.len())?))
        }
        Some(_) | None => None,
    };
    Ok(Got { response, handshake, tunnel })
}

fn http1_bytes(step: &Step) -> (Vec<u8>, Vec<u8>) {
    if let Some(raw) = &step.raw {
        return (wire::bytes(raw), Vec::new());
    }
    let version = if step.version.is_empty() { "1.1" } else { &step.version };
    let scheme = if step.is_tls() { "https" } else { "http" };
    let target = match &step.absolute {
        Some(authority) => format!("{scheme}://{authority}{}", step.target()),
        None => step.target().to_owned(),
    };
    let mut head = format!("{} {target} HTTP/{version}\r\n", step.method());
    if let Some(host) = &step.host {
        head.push_str(&format!("Host: {host}\r\n"));
    }
    for (name, value) in step.lines() {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let body = step.body();
    let body = if step.chunked || !step.trailers.is_empty() {
        head.push_str("Transfer-Encoding: chunked\r\n");
        wire::in_chunks(&body, &step.trailer_lines())
    } else {
        if !body.is_empty() || step.size.is_some() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        body
    };
    (wire::bytes(&format!("{head}\r\n")), body)
}

fn http2_request(step: &Step) -> http::Request<Frames> {
    let scheme = if step.is_tls() { "https" } else { "http" };
    let host = step.host.as_deref().expect("HTTP/2 needs a host here");
    let mut request = http::Request::new(Frames::new(&step.body(), &step.trailer_lines()));
    *request.method_mut() = http::Method::from_bytes(step.method().as_bytes()).expect("a method");
    *request.uri_mut() = format!("{scheme}://{host}{}", step.target()).parse().expect("a URI");
    *request.version_mut() = http::Version::HTTP_2;
    *request.headers_mut() = frames::map(&step.lines());
    request
}

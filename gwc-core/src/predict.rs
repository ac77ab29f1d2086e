//! What happens to one request: the stages of routing.md §0 on the IR, from the socket to the answer or the backend.
//!
//! Pure: the proxy does the same with the same parts (`matcher`, `exchange`), so a prediction and a proxied request
//! cannot differ. Backends are not asked; their share is part of the prediction.

use crate::exchange::normalise;
use crate::ir;
use crate::matcher::boundary::Probe;
use crate::matcher::{Headers, RequestHead};

mod considered;
mod filters;
mod follow;
mod walk;

pub use considered::{Consideration, considered};
pub use follow::{Chain, ChainEnd, Hop, url};
pub use walk::{Predictor, predict};

/// A request as a client would send it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// How it arrives.
    pub scheme: Scheme,
    /// Host and, where given, port, as received in `Host` or `:authority`; `None`: HTTP/1.0 without Host, or L4.
    pub authority: Option<String>,
    /// Port of the socket it arrives at, 1 to 65535.
    pub port: u16,
    /// SNI of the ClientHello; `None`: none sent. Meaningless in clear text.
    pub sni: Option<String>,
    /// Method.
    pub method: String,
    /// Request target without authority: path and query as received.
    pub target: String,
    /// Header lines in order, without `Host`.
    pub headers: Vec<(String, String)>,
}

/// How a request arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Scheme {
    /// HTTP in clear text.
    #[default]
    Http,
    /// HTTP over TLS.
    Https,
    /// gRPC in clear text.
    Grpc,
    /// gRPC over TLS.
    Grpcs,
    /// A TLS connection.
    Tls,
    /// A TCP connection.
    Tcp,
    /// A UDP flow.
    Udp,
}

/// What happens to a request at one socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prediction {
    /// Position in [`ir::Config::sockets`].
    pub socket: usize,
    /// Position in [`ir::Socket::listeners`] of the listener that takes it; `None`: none does.
    pub listener: Option<usize>,
    /// Position in [`ir::Listener::entries`] of the entry that takes it; `None`: none does.
    pub entry: Option<usize>,
    /// Host by which matching went; `None`: none, or an IP address.
    pub host: Option<String>,
    /// Path by which matching went, normalised; empty for L4.
    pub path: String,
    /// The result.
    pub outcome: Outcome,
}

impl Prediction {
    /// The listener that takes it.
    #[must_use]
    pub fn listener<'c>(&self, config: &'c ir::Config) -> Option<&'c ir::Listener> {
        config.sockets.get(self.socket)?.listeners.get(self.listener?)
    }

    /// The entry that takes it.
    #[must_use]
    pub fn entry<'c>(&self, config: &'c ir::Config) -> Option<&'c ir::Entry> {
        self.listener(config)?.entries.get(self.entry?)
    }

    /// The rule that takes it.
    #[must_use]
    pub fn rule<'c>(&self, config: &'c ir::Config) -> Option<&'c ir::Rule> {
        self.entry(config).map(|entry| config.rule(entry))
    }

    /// The request as it was matched; of a request that this is the prediction of.
    #[must_use]
    pub fn head<'r>(&'r self, request: &'r Request) -> RequestHead<'r> {
        RequestHead {
            host: self.host.as_deref(),
            path: if self.path.is_empty() { "/" } else { &self.path },
            query: normalise::split_query(&request.target).1,
            method: walk::method(request),
            headers: request,
        }
    }
}

impl Headers for Request {
    /// A condition on `host` looks at the authority as received (routing.md §3.3).
    fn lines(&self, name: &str, visit: &mut dyn FnMut(&[u8])) {
        match (name, &self.authority) {
            ("host", Some(authority)) => visit(authority.as_bytes()),
            (_, _) => self.headers.lines(name, visit),
        }
    }
}

impl Request {
    /// The request of a probe, as a client sends it.
    #[must_use]
    pub fn of(probe: &Probe, scheme: Scheme, port: u16) -> Self {
        let query = probe.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        Self {
            scheme,
            // An address has no name: one for documentation stands for the Gateway's own.
            authority: probe.host.clone().or_else(|| scheme.is_http().then(|| "192.0.2.1".to_owned())),
            port,
            sni: probe.host.clone().filter(|_| scheme.is_tls()),
            method: probe.method.clone(),
            target: format!("{}{query}", probe.path),
            headers: probe.headers.clone(),
        }
    }
}

/// The result of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// No answer at all: the connection is closed or refused, or the datagram dropped.
    Closed(Closed),
    /// Answered by the gateway itself.
    Answered(Answer),
    /// Sent to a backend, picked by weight.
    Forwarded(Forward),
}

/// Why there is no answer (routing.md §0, stages 1 to 3; §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closed {
    /// No listener for the SNI.
    NoListenerForSni,
    /// Not a ClientHello on a port of TLS listeners, or a ClientHello on one of HTTP.
    WrongProtocol,
    /// No route on the listener, or none for the SNI.
    NoRoute,
    /// All backends are unusable or without weight.
    NoBackend,
}

/// An answer of the gateway itself (routing.md §5.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status, 100 to 599; 200 for gRPC answers with a `grpc_status`.
    pub status: u16,
    /// `grpc-status` for gRPC requests.
    pub grpc_status: Option<u8>,
    /// `Location` of a redirect.
    pub location: Option<String>,
    /// Response headers that filters set, in order.
    pub headers: Vec<(String, String)>,
    /// Who answered.
    pub by: AnsweredBy,
}

/// Who answered, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnsweredBy {
    /// Malformed authority or path: 400; CONNECT: 405.
    BadRequest,
    /// No listener takes the host: 404, UNIMPLEMENTED.
    NoListener,
    /// The host belongs to another listener than the SNI: 421.
    Misdirected,
    /// No rule matches: 404, UNIMPLEMENTED.
    NoRule,
    /// RequestRedirect.
    Redirect,
    /// CORS preflight.
    Preflight,
    /// A filter cannot be resolved, or its ExternalAuth server is unusable: 500 or 503.
    Filter,
    /// No backends, none usable, or no weight: 500, or 503 without endpoints; UNAVAILABLE.
    NoBackend,
}

/// What is sent to backends, and what comes back changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Shares in the order of the rule, those without weight left out.
    pub shares: Vec<Share>,
    /// Copies.
    pub mirrors: Vec<MirrorShare>,
    /// ExternalAuth server that is asked first: position in [`ir::Config::backends`].
    pub external_auth: Option<u32>,
}

/// One backend's part of the requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Weight.
    pub weight: u32,
    /// Sum of the rule's weights.
    pub total: u64,
    /// Where to.
    pub target: ir::Target,
    /// Status of a share that is answered by the gateway: 500 invalid, 503 no endpoints, or by a filter of the
    /// backend; of TLS, TCP and UDP the same numbers for a connection that is refused. `None`: it is sent.
    pub status: Option<u16>,
    /// The request that this backend gets.
    pub upstream: Upstream,
    /// Changes of the response, in the order in which they run: backend filters before those of the rule.
    pub response: Vec<ir::filter::HeaderModifier>,
    /// CORS headers that the response gets.
    pub cors: Vec<(String, String)>,
}

/// A copy of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorShare {
    /// Where to.
    pub target: ir::Target,
    /// Share: numerator.
    pub numerator: u32,
    /// Share: denominator.
    pub denominator: u32,
    /// The copy.
    pub upstream: Upstream,
}

/// A request after filters; empty for TLS, TCP and UDP.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upstream {
    /// Method.
    pub method: String,
    /// Host as sent; `None` as received.
    pub authority: Option<String>,
    /// Path and query.
    pub target: String,
    /// Header lines.
    pub headers: Vec<(String, String)>,
}

impl Scheme {
    /// As in a URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Grpc => "grpc",
            Self::Grpcs => "grpcs",
            Self::Tls => "tls",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }

    /// Reads the scheme of a URL.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Http, Self::Https, Self::Grpc, Self::Grpcs, Self::Tls, Self::Tcp, Self::Udp];
        all.into_iter().find(|scheme| scheme.name() == text)
    }

    /// Port of a URL without one; `None`: it must be written.
    #[must_use]
    pub fn default_port(self) -> Option<u16> {
        match self {
            Self::Http | Self::Grpc => Some(80),
            Self::Https | Self::Grpcs | Self::Tls => Some(443),
            Self::Tcp | Self::Udp => None,
        }
    }

    /// Is the content HTTP?
    #[must_use]
    pub fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https | Self::Grpc | Self::Grpcs)
    }

    /// Does it begin with a ClientHello?
    #[must_use]
    pub fn is_tls(self) -> bool {
        matches!(self, Self::Https | Self::Grpcs | Self::Tls)
    }

    /// Does the client speak gRPC?
    #[must_use]
    pub fn is_grpc(self) -> bool {
        matches!(self, Self::Grpc | Self::Grpcs)
    }
}

/// Sockets that a request could arrive at: those of its port and transport, of one Gateway where it is named.
///
/// `gateway` is namespace and name.
#[must_use]
pub fn sockets(config: &ir::Config, request: &Request, gateway: Option<(&str, &str)>) -> Vec<usize> {
    let transport = if request.scheme == Scheme::Udp { ir::Transport::Udp } else { ir::Transport::Tcp };
    let named = |socket: &ir::Socket| {
        let own = config.gateway(socket);
        gateway.is_none_or(|(namespace, name)| own.namespace == namespace && own.name == name)
    };
    let fits = |socket: &ir::Socket| socket.transport == transport && socket.port == request.port && named(socket);
    (0..config.sockets.len()).filter(|position| config.sockets.get(*position).is_some_and(fits)).collect()
}

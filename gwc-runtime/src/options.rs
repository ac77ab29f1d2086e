//! What the proxy is told once, at start: threads, limits, logs, and whom to trust.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use gwc_core::exchange::normalise::EncodedSlash;
use gwc_core::matcher::HostFallthrough;

use crate::telemetry::AccessLog;

/// Settings of a [`crate::Runtime`].
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line and means nothing to the others")]
pub struct Options {
    /// Worker threads (`--workers`); `None`: one for each usable CPU.
    pub workers: Option<NonZeroUsize>,
    /// Limits and timeouts.
    pub limits: Limits,
    /// One line per request (`--access-log`); `None`: none.
    pub access_log: Option<AccessLog>,
    /// Peers whose `X-Forwarded-*` count, as address and prefix length (`--trusted-proxies`).
    pub trusted_proxies: Vec<(IpAddr, u8)>,
    /// What `%2F` and `%5C` in a path mean (`--encoded-slash`).
    pub encoded_slash: EncodedSlash,
    /// Do requests of a hostname without a matching rule try the wider ones (routing.md §2.4)?
    pub host_fallthrough: HostFallthrough,
    /// Give requests without `X-Request-Id` one (`--request-id`).
    pub request_id: bool,
    /// Redirects name the port that is bound, not that of the listener (`--redirect-bound-port`, Q12).
    pub redirect_bound_port: bool,
    /// Responses say in `X-Gwc-Route` which route, rule and match took the request (`--explain-header`).
    pub explain_header: bool,
    /// `shop.example.localhost` means `shop.example`, so that a browser finds it without a name server. Off where the
    /// configuration itself names a host below `localhost`.
    pub localhost_alias: bool,
    /// Bind addresses that another process shares (`SO_REUSEPORT`), to replace a running proxy without a gap. Without
    /// it a port in use is an error, and not half of the traffic.
    pub share_addresses: bool,
    /// Called for what an operator should know; must not block.
    pub events: Arc<dyn Fn(Event) + Send + Sync>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            workers: None,
            limits: Limits::default(),
            access_log: None,
            trusted_proxies: Vec::new(),
            encoded_slash: EncodedSlash::Keep,
            host_fallthrough: HostFallthrough::On,
            request_id: false,
            redirect_bound_port: false,
            explain_header: false,
            localhost_alias: false,
            share_addresses: false,
            events: Arc::new(|_| {}),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("workers", &self.workers).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Limits of runtime-design.md §6.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections per worker.
    pub connections: usize,
    /// From the first byte of a head to its end.
    pub head: Duration,
    /// Idle keep-alive connections of clients.
    pub idle: Duration,
    /// A body or an answer makes no progress.
    pub stall: Duration,
    /// Handshake of TLS, ClientHello included.
    pub handshake: Duration,
    /// Handshakes in progress per worker.
    pub handshakes: usize,
    /// Connection to a backend.
    pub connect: Duration,
    /// Idle pooled connections to backends.
    pub upstream_idle: Duration,
    /// Bytes of a head.
    pub head_bytes: usize,
    /// Header fields of a head.
    pub fields: usize,
    /// Idle UDP flows.
    pub udp_idle: Duration,
    /// UDP flows per worker.
    pub udp_flows: usize,
    /// After this, connections that drain are closed.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
            handshake: Duration::from_secs(10),
            handshakes: 256,
            connect: Duration::from_secs(5),
            upstream_idle: Duration::from_secs(60),
            head_bytes: 64 * 1024,
            fields: 100,
            udp_idle: Duration::from_secs(60),
            udp_flows: 16_384,
            drain: Duration::from_secs(30),
        }
    }
}

/// Something that an operator should know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A request came for a rule that this version cannot serve; said once per rule and snapshot.
    Unsupported {
        /// The rule, `HTTPRoute namespace/name rule 0`.
        rule: String,
        /// What it needs.
        needs: &'static str,
    },
    /// The task of a connection panicked; the connection is closed.
    Panic {
        /// Where and what.
        message: String,
    },
    /// No file descriptors are left; accepting pauses.
    NoDescriptors,
    /// Key material cannot be used; names of Secrets only.
    Material {
        /// `namespace/name`.
        id: String,
        /// What is wrong with it.
        problem: String,
    },
}

//! Answers that the proxy makes itself: the one table from cause to status (routing.md §5.8).

/// Why the proxy answers itself instead of a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum ProxyError {
    /// Authority, path or framing that cannot be read in one way only.
    #[error("bad request")]
    BadRequest,
    /// CONNECT.
    #[error("method not allowed")]
    Connect,
    /// An expectation other than `100-continue` (S19).
    #[error("expectation failed")]
    Expectation,
    /// No listener takes the host.
    #[error("no listener for this host")]
    NoListener,
    /// The host belongs to another listener than the SNI (routing.md §1.4).
    #[error("misdirected request")]
    Misdirected,
    /// No rule matches.
    #[error("no route matches")]
    NoRule,
    /// A filter cannot be resolved (§4.8).
    #[error("the route cannot be served")]
    Filter,
    /// The share of a backend that cannot be used, or a rule without backends (§5.2).
    #[error("no usable backend")]
    InvalidBackend,
    /// No ready endpoint.
    #[error("no endpoints available")]
    NoEndpoints,
    /// Connection refused, unreachable or too slow.
    #[error("backend unreachable")]
    Connection,
    /// The backend reset, broke the protocol, or its TLS failed.
    #[error("bad answer of the backend")]
    BadResponse,
    /// `timeouts.request` passed.
    #[error("request timed out")]
    RequestTimeout,
    /// `timeouts.backendRequest` passed.
    #[error("backend timed out")]
    BackendTimeout,
    /// The rule needs something that is not built yet.
    #[error("not supported by this gateway yet")]
    Unsupported,
}

impl ProxyError {
    /// Status for a client of HTTP, and `grpc-status` for one of gRPC; `None`: it gets the HTTP status too.
    #[must_use]
    pub fn status(self) -> (u16, Option<u8>) {
        match self {
            Self::BadRequest => (400, Some(13)),
            Self::Connect => (405, None),
            Self::Expectation => (417, None),
            Self::NoListener | Self::NoRule => (404, Some(12)),
            Self::Misdirected => (421, None),
            Self::Filter => (500, Some(2)),
            Self::InvalidBackend => (500, Some(14)),
            Self::NoEndpoints | Self::Connection => (503, Some(14)),
            Self::BadResponse => (502, Some(14)),
            Self::RequestTimeout => (504, Some(4)),
            Self::BackendTimeout => (504, Some(14)),
            Self::Unsupported => (501, Some(12)),
        }
    }

    /// Its name in logs and metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BadRequest => "BadRequest",
            Self::Connect => "Connect",
            Self::Expectation => "Expectation",
            Self::NoListener => "NoListener",
            Self::Misdirected => "Misdirected",
            Self::NoRule => "NoRule",
            Self::Filter => "Filter",
            Self::InvalidBackend => "InvalidBackend",
            Self::NoEndpoints => "NoEndpoints",
            Self::Connection => "Connection",
            Self::BadResponse => "BadResponse",
            Self::RequestTimeout => "RequestTimeout",
            Self::BackendTimeout => "BackendTimeout",
            Self::Unsupported => "Unsupported",
        }
    }

    /// Is the connection of such a request closed? It may be out of step (§3.4 of runtime-design.md).
    pub(crate) fn closes(self) -> bool {
        matches!(self, Self::BadRequest | Self::Expectation)
    }
}

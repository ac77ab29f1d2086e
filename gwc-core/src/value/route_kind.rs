//! The five kinds of routes.

use serde::{Deserialize, Serialize};

/// Kind of a route, in the order in which kinds are listed in status (status.md §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RouteKind {
    /// HTTPRoute.
    #[serde(rename = "HTTPRoute")]
    Http,
    /// GRPCRoute.
    #[serde(rename = "GRPCRoute")]
    Grpc,
    /// TLSRoute.
    #[serde(rename = "TLSRoute")]
    Tls,
    /// TCPRoute.
    #[serde(rename = "TCPRoute")]
    Tcp,
    /// UDPRoute.
    #[serde(rename = "UDPRoute")]
    Udp,
}

/// All kinds of routes.
pub const ROUTE_KINDS: [RouteKind; 5] =
    [RouteKind::Http, RouteKind::Grpc, RouteKind::Tls, RouteKind::Tcp, RouteKind::Udp];

impl RouteKind {
    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "HTTPRoute",
            Self::Grpc => "GRPCRoute",
            Self::Tls => "TLSRoute",
            Self::Tcp => "TCPRoute",
            Self::Udp => "UDPRoute",
        }
    }

    /// Reads the API's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        ROUTE_KINDS.into_iter().find(|kind| kind.name() == text)
    }

    /// True for the kinds whose traffic has hostnames (HTTP, gRPC, TLS).
    #[must_use]
    pub fn has_hostnames(self) -> bool {
        matches!(self, Self::Http | Self::Grpc | Self::Tls)
    }
}

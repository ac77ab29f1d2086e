//! Backends, their weights, and what the client sees of the unusable share (routing.md §5.1 to §5.5).

use serde::{Deserialize, Serialize};

use crate::ir::rule::SessionPersistence;
use crate::ir::{Filter, Str, tls};

/// `backendRefs[]` of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WeightedBackend {
    /// Share: weight / sum of the rule's weights, 0 to 1000000.
    pub weight: u32,
    /// Where requests go.
    pub target: Target,
    /// Filters that run only for this backend, after those of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Target {
    /// Position in [`crate::ir::Config::backends`].
    Backend(u32),
    /// Unusable: 500, UNAVAILABLE, a refused connection or a dropped datagram (§5.2).
    Invalid(Box<Invalid>),
}

/// A reference that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Invalid {
    /// Reason of `ResolvedRefs` (status.md §3).
    pub reason: Str,
    /// What it refers to.
    pub reference: BackendKey,
}

/// What a reference names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BackendKey {
    /// Group; empty for core.
    #[serde(default, skip_serializing_if = "str_is_empty")]
    pub group: Str,
    /// Kind.
    pub kind: Str,
    /// Namespace.
    pub namespace: Str,
    /// Name.
    pub name: Str,
    /// Port of the Service; `None` where the reference has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
}

impl std::fmt::Display for BackendKey {
    /// `namespace/name:port` for a Service, with the kind before it for anything else.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.kind != "Service" {
            write!(f, "{} ", self.kind)?;
        }
        write!(f, "{}/{}", self.namespace, self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

fn str_is_empty(text: &Str) -> bool {
    text.is_empty()
}

/// How the proxy speaks to a backend (§5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BackendProtocol {
    /// HTTP/1.1, upgrades included.
    #[serde(rename = "HTTP/1.1")]
    Http1,
    /// HTTP/2: prior knowledge in clear text, ALPN `h2` over TLS.
    #[serde(rename = "HTTP/2")]
    Http2,
    /// Bytes.
    #[serde(rename = "TCP")]
    Tcp,
    /// Datagrams.
    #[serde(rename = "UDP")]
    Udp,
}

/// A backend with everything needed to reach it. Two route kinds that speak differently to one Service port are two.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Backend {
    /// What references name.
    pub key: BackendKey,
    /// How it is spoken to.
    pub protocol: BackendProtocol,
    /// TLS towards it, by BackendTLSPolicy; `None`: clear text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<tls::BackendTls>,
    /// Ready and serving endpoints, sorted. `None`: the world holds no slices of it, so nothing is known;
    /// an empty list answers 503 (§5.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoints: Option<Vec<Endpoint>>,
    /// `sessionPersistence` of a policy on the Service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_persistence: Option<SessionPersistence>,
    /// `retryConstraint` of a policy on the Service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_budget: Option<RetryBudget>,
    /// Is its existence taken for granted?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

/// An endpoint of a Service port (§5.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Endpoint {
    /// IP address or host name.
    pub address: Str,
    /// Port of the endpoint, 1 to 65535.
    pub port: u16,
    /// False: alive but not ready; only existing sessions may go on (§5.9).
    pub ready: bool,
}

/// `retryConstraint` of an XBackendTrafficPolicy (§5.7).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetryBudget {
    /// Percent of active requests that may be retries.
    pub percent: u32,
    /// Interval, milliseconds.
    #[serde(rename = "intervalMs")]
    pub interval: u64,
    /// Retries that are always allowed, per [`Self::min_interval`].
    pub min_count: u32,
    /// Interval of `min_count`, milliseconds.
    #[serde(rename = "minIntervalMs")]
    pub min_interval: u64,
}

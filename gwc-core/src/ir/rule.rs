//! Rules and matches. gRPC is lowered to the same: service and method become a path (routing.md §3.7).

use serde::{Deserialize, Deserializer, Serialize};

use crate::ir::{Filter, Place, Str, Trace, WeightedBackend};

/// One rule of a route: what happens to the requests that it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Where it comes from.
    pub trace: Trace,
    /// Alternatives, as written; empty for TLSRoute, TCPRoute and UDPRoute.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "exact")]
    pub matches: Vec<Match>,
    /// Filters in the order in which they run: CORS, ExternalAuth, then as listed (routing.md §4.0, Q8).
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "exact")]
    pub filters: Vec<Filter>,
    /// Backends in order, those without weight too. None, or no weight at all: 500 unless a filter answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "exact")]
    pub backends: Vec<WeightedBackend>,
    /// `timeouts`.
    #[serde(default, skip_serializing_if = "Timeouts::is_none")]
    pub timeouts: Timeouts,
    /// `retry`, with the defaults of routing.md §5.7 filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Box<Retry>>,
    /// `sessionPersistence` of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_persistence: Option<Box<SessionPersistence>>,
    /// Does anything about it (attachment, a backend, the creation order) rest on a fact that the world does not hold?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

/// A list without room for more. Lists of one are most of an IR, and serde makes room for four.
fn exact<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let mut list = Vec::deserialize(deserializer)?;
    list.shrink_to_fit();
    Ok(list)
}

impl Rule {
    /// Sum of all weights.
    #[must_use]
    pub fn total_weight(&self) -> u64 {
        self.backends.iter().map(|backend| u64::from(backend.weight)).sum()
    }
}

/// Conditions of one match, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Match {
    /// Path.
    pub path: PathMatch,
    /// Method; `None`: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Str>,
    /// Headers: effective entries only, names in lower case (routing.md §3.3), sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<ValueMatch>,
    /// Query parameters: effective entries only (routing.md §3.4), sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query_params: Vec<ValueMatch>,
    /// Characters of service and method of a gRPC match, which rank it (routing.md §3.7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grpc: Option<GrpcRank>,
    /// Where it stands.
    pub place: Place,
}

/// What ranks a gRPC match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrpcRank {
    /// Characters of the service, 0 without one.
    pub service: u32,
    /// Characters of the method, 0 without one.
    pub method: u32,
}

/// Condition on the path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum PathMatch {
    /// The whole path, byte for byte.
    Exact(Str),
    /// Path elements from the start. The literal is as written: its characters count for precedence (Q4) and it is what
    /// prefix modifiers replace; for the match itself trailing slashes do not count.
    Prefix(Str),
    /// A regular expression for the whole path (Q3).
    Regex(Str),
}

impl PathMatch {
    /// What the API calls the type.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Exact(_) => "Exact",
            Self::Prefix(_) => "PathPrefix",
            Self::Regex(_) => "RegularExpression",
        }
    }

    /// The value as written.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::Exact(value) | Self::Prefix(value) | Self::Regex(value) => value,
        }
    }
}

/// Condition on a header or query parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValueMatch {
    /// Name; of a header in lower case.
    pub name: Str,
    /// Value, or regular expression for the whole value.
    pub value: Str,
    /// Is `value` a regular expression?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub regex: bool,
}

/// `timeouts`, milliseconds; `None`: no limit (a written `0s` too).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Timeouts {
    /// `request`, milliseconds.
    #[serde(default, rename = "requestMs", skip_serializing_if = "Option::is_none")]
    pub request: Option<u64>,
    /// `backendRequest`, milliseconds.
    #[serde(default, rename = "backendRequestMs", skip_serializing_if = "Option::is_none")]
    pub backend_request: Option<u64>,
}

impl Timeouts {
    /// No limit at all?
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.request.is_none() && self.backend_request.is_none()
    }
}

/// `retry` (routing.md §5.7).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retry {
    /// Status codes that are retried, sorted; empty: connection errors only (Q22).
    pub codes: Vec<u16>,
    /// Retries after the first try.
    pub attempts: u32,
    /// Least wait before a retry, milliseconds.
    #[serde(rename = "backoffMs")]
    pub backoff: u64,
}

/// `sessionPersistence` (routing.md §5.9).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionPersistence {
    /// Name of cookie or header; generated where none is written.
    pub name: Str,
    /// Token in a header instead of a cookie.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub header: bool,
    /// Cookie that outlives the browser session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub permanent: bool,
    /// `absoluteTimeout`, milliseconds.
    #[serde(default, rename = "absoluteTimeoutMs", skip_serializing_if = "Option::is_none")]
    pub absolute_timeout: Option<u64>,
}

//! Routes: one header for all five kinds (style.md §4, law 4); rules differ in their matches only.

use compact_str::CompactString;

use crate::api::filter::Filter;
use crate::api::reference::{BackendRef, ParentRef};
use crate::api::{Meta, Text};
use crate::source::{Span, Spanned};
use crate::value::Hostname;

pub use crate::value::{ROUTE_KINDS, RouteKind};

/// A route of any kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Identity.
    pub meta: Meta,
    /// Kind.
    pub kind: RouteKind,
    /// `spec.parentRefs[]`.
    pub parents: Vec<ParentRef>,
    /// `spec.hostnames[]`; always empty for TCPRoute and UDPRoute.
    pub hostnames: Vec<Spanned<Hostname>>,
    /// `spec.rules[]`.
    pub rules: Vec<Rule>,
    /// Place of `spec`.
    pub spec_span: Span,
}

/// `spec.rules[]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Name.
    pub name: Option<Text>,
    /// Matches.
    pub matches: Matches,
    /// Filters in order.
    pub filters: Vec<Filter>,
    /// Backends.
    pub backends: Vec<BackendRef>,
    /// `timeouts`.
    pub timeouts: Option<Timeouts>,
    /// `retry`.
    pub retry: Option<Retry>,
    /// `sessionPersistence`.
    pub session_persistence: Option<SessionPersistence>,
    /// The rule.
    pub span: Span,
}

/// Matches of a rule; the default match is written out by the API server.
#[derive(Debug, Clone, PartialEq)]
pub enum Matches {
    /// HTTPRoute.
    Http(Vec<HttpMatch>),
    /// GRPCRoute.
    Grpc(Vec<GrpcMatch>),
    /// TLSRoute, TCPRoute, UDPRoute have none.
    None,
}

/// `matches[]` of an HTTPRoute.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpMatch {
    /// Path; `PathPrefix` `/` unless written.
    pub path: PathMatch,
    /// Headers.
    pub headers: Vec<ValueMatch>,
    /// Query parameters.
    pub query_params: Vec<ValueMatch>,
    /// Method.
    pub method: Option<Text>,
    /// The match.
    pub span: Span,
}

/// `path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathMatch {
    /// Type.
    pub r#type: PathType,
    /// Value; `/` unless written.
    pub value: Text,
}

/// Type of a path match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathType {
    /// The whole path.
    Exact,
    /// Path elements from the start.
    PathPrefix,
    /// Implementation-specific regular expression.
    RegularExpression,
    /// A value of a newer API.
    Unknown(CompactString),
}

/// Type of a header, query or gRPC method match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchType {
    /// Equal.
    Exact,
    /// Regular expression.
    RegularExpression,
    /// A value of a newer API.
    Unknown(CompactString),
}

/// A header or query parameter match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueMatch {
    /// Type; Exact unless written.
    pub r#type: MatchType,
    /// Name.
    pub name: Text,
    /// Value.
    pub value: Text,
    /// The entry.
    pub span: Span,
}

/// `matches[]` of a GRPCRoute.
#[derive(Debug, Clone, PartialEq)]
pub struct GrpcMatch {
    /// `method`.
    pub method: Option<GrpcMethodMatch>,
    /// Headers.
    pub headers: Vec<ValueMatch>,
    /// The match.
    pub span: Span,
}

/// `method` of a gRPC match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrpcMethodMatch {
    /// Type; Exact unless written.
    pub r#type: MatchType,
    /// Service.
    pub service: Option<Text>,
    /// Method.
    pub method: Option<Text>,
    /// The mapping.
    pub span: Span,
}

/// `timeouts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// `request`, milliseconds; 0: none.
    pub request: Option<Spanned<u64>>,
    /// `backendRequest`, milliseconds; 0: none.
    pub backend_request: Option<Spanned<u64>>,
}

/// `sessionPersistence` of a rule or of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPersistence {
    /// `sessionName`; `None`: the implementation chooses.
    pub name: Option<CompactString>,
    /// `type` is Header; Cookie unless written.
    pub header: bool,
    /// `cookieConfig.lifetimeType` is Permanent; Session unless written.
    pub permanent: bool,
    /// `absoluteTimeout`, milliseconds.
    pub absolute_timeout: Option<u64>,
    /// The mapping.
    pub span: Span,
}

/// `retry`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// `codes[]`.
    pub codes: Vec<u16>,
    /// `attempts`.
    pub attempts: Option<i64>,
    /// `backoff`, milliseconds.
    pub backoff: Option<u64>,
    /// The mapping.
    pub span: Span,
}

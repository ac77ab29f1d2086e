//! Filters of HTTPRoute and GRPCRoute, one variant per kind, kept in list order.

use compact_str::CompactString;

use crate::api::Text;
use crate::api::reference::{BackendRef, ObjectReference};
use crate::source::{Span, Spanned};
use crate::value::Hostname;

/// One filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What it does.
    pub kind: FilterKind,
    /// Place of `type`.
    pub type_span: Span,
    /// The entry.
    pub span: Span,
}

/// What a filter does.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterKind {
    /// `requestHeaderModifier`.
    RequestHeaderModifier(HeaderModifier),
    /// `responseHeaderModifier`.
    ResponseHeaderModifier(HeaderModifier),
    /// `requestMirror`.
    RequestMirror(Mirror),
    /// `requestRedirect`.
    RequestRedirect(Redirect),
    /// `urlRewrite`.
    UrlRewrite(Rewrite),
    /// `cors`.
    Cors(Cors),
    /// `externalAuth`.
    ExternalAuth(ExternalAuth),
    /// `extensionRef`; namespace is the route's.
    ExtensionRef(ObjectReference),
    /// A value of a newer API.
    Unknown(CompactString),
}

impl FilterKind {
    /// The API's word.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::RequestHeaderModifier(_) => "RequestHeaderModifier",
            Self::ResponseHeaderModifier(_) => "ResponseHeaderModifier",
            Self::RequestMirror(_) => "RequestMirror",
            Self::RequestRedirect(_) => "RequestRedirect",
            Self::UrlRewrite(_) => "URLRewrite",
            Self::Cors(_) => "CORS",
            Self::ExternalAuth(_) => "ExternalAuth",
            Self::ExtensionRef(_) => "ExtensionRef",
            Self::Unknown(name) => name,
        }
    }

    /// `path` of a redirect or rewrite.
    #[must_use]
    pub fn path_modifier(&self) -> Option<&PathModifier> {
        match self {
            Self::RequestRedirect(redirect) => redirect.path.as_ref(),
            Self::UrlRewrite(rewrite) => rewrite.path.as_ref(),
            Self::RequestHeaderModifier(_)
            | Self::ResponseHeaderModifier(_)
            | Self::RequestMirror(_)
            | Self::Cors(_)
            | Self::ExternalAuth(_)
            | Self::ExtensionRef(_)
            | Self::Unknown(_) => None,
        }
    }
}

/// `set`, `add`, `remove`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeaderModifier {
    /// Name and value.
    pub set: Vec<(Text, Text)>,
    /// Name and value.
    pub add: Vec<(Text, Text)>,
    /// Names.
    pub remove: Vec<Text>,
}

/// `requestMirror`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mirror {
    /// Target.
    pub backend: BackendRef,
    /// Share of requests as numerator and denominator; everything unless written.
    pub share: Option<(u32, u32)>,
}

/// `requestRedirect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// Scheme.
    pub scheme: Option<Text>,
    /// Hostname.
    pub hostname: Option<Spanned<Hostname>>,
    /// Path.
    pub path: Option<PathModifier>,
    /// Port.
    pub port: Option<Spanned<u16>>,
    /// Status code; 302 unless written.
    pub status_code: u16,
    /// Place of `statusCode`, else of the filter.
    pub status_code_span: Span,
}

/// `urlRewrite`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Hostname.
    pub hostname: Option<Spanned<Hostname>>,
    /// Path.
    pub path: Option<PathModifier>,
}

/// `path` of a redirect or rewrite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathModifier {
    /// `replaceFullPath`.
    ReplaceFullPath(Text),
    /// `replacePrefixMatch`.
    ReplacePrefixMatch(Text),
    /// A value of a newer API.
    Unknown(Text),
}

/// `cors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    /// `allowOrigins`.
    pub allow_origins: Vec<Text>,
    /// `allowCredentials`.
    pub allow_credentials: Option<Spanned<bool>>,
    /// `allowMethods`.
    pub allow_methods: Vec<Text>,
    /// `allowHeaders`.
    pub allow_headers: Vec<Text>,
    /// `exposeHeaders`.
    pub expose_headers: Vec<Text>,
    /// `maxAge`, seconds.
    pub max_age: Option<i64>,
}

/// `externalAuth`.
#[derive(Debug, Clone, PartialEq)]
pub struct ExternalAuth {
    /// `protocol`.
    pub protocol: Text,
    /// Target.
    pub backend: BackendRef,
    /// `http.path`; empty unless written.
    pub path: CompactString,
    /// `allowedHeaders` of `http` or `grpc`, whichever the protocol is.
    pub allowed_headers: Vec<Text>,
    /// `http.allowedResponseHeaders`.
    pub allowed_response_headers: Vec<Text>,
    /// `forwardBody.maxSize`, bytes; 0: no body.
    pub max_body: u16,
}

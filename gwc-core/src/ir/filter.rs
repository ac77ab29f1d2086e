//! Filters, one variant per kind, in the order in which they run (routing.md §4).

use serde::{Deserialize, Serialize};

use crate::ir::{Str, Target};
use crate::value::Hostname;

/// One filter of a rule or of a backend.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Filter {
    /// CORS (§4.6).
    Cors(Cors),
    /// ExternalAuth (§4.7).
    ExternalAuth(ExternalAuth),
    /// RequestHeaderModifier (§4.1).
    RequestHeaders(HeaderModifier),
    /// ResponseHeaderModifier (§4.1): queued, applied last-queued-first.
    ResponseHeaders(HeaderModifier),
    /// RequestRedirect (§4.2): answers, nothing after it runs.
    Redirect(Redirect),
    /// URLRewrite (§4.4).
    Rewrite(Rewrite),
    /// RequestMirror (§4.5): copies the request as it stands here.
    Mirror(Mirror),
    /// A filter that cannot be resolved: 500, or gRPC UNKNOWN (§4.8).
    Fail(Unresolved),
}

impl Filter {
    /// `path` of a redirect or rewrite.
    #[must_use]
    pub fn path_modifier(&self) -> Option<&PathModifier> {
        match self {
            Self::Redirect(redirect) => redirect.path.as_ref(),
            Self::Rewrite(rewrite) => rewrite.path.as_ref(),
            Self::Cors(_)
            | Self::ExternalAuth(_)
            | Self::RequestHeaders(_)
            | Self::ResponseHeaders(_)
            | Self::Mirror(_)
            | Self::Fail(_) => None,
        }
    }

    /// Does it replace the prefix of the match?
    #[must_use]
    pub fn replaces_prefix(&self) -> bool {
        matches!(self.path_modifier(), Some(PathModifier::ReplacePrefixMatch(_)))
    }

    /// What it sends requests to.
    pub(crate) fn target_mut(&mut self) -> Option<&mut Target> {
        match self {
            Self::Mirror(mirror) => Some(&mut mirror.target),
            Self::ExternalAuth(auth) => Some(&mut auth.target),
            Self::Cors(_)
            | Self::RequestHeaders(_)
            | Self::ResponseHeaders(_)
            | Self::Redirect(_)
            | Self::Rewrite(_)
            | Self::Fail(_) => None,
        }
    }
}

/// Header changes; run in the order remove, set, add.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeaderModifier {
    /// Replace all values by one; names as written, first of equal names only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<Header>,
    /// Add one line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<Header>,
    /// Remove all values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<Str>,
}

/// Name and literal value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// Name as written.
    pub name: Str,
    /// Value.
    pub value: Str,
}

/// `requestRedirect`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Redirect {
    /// `http` or `https`; `None`: the scheme of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Str>,
    /// `None`: the host of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub hostname: Option<Hostname>,
    /// `None`: by the table of §4.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// `None`: the path of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathModifier>,
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
}

/// `urlRewrite`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rewrite {
    /// Host sent upstream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub hostname: Option<Hostname>,
    /// Path sent upstream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathModifier>,
}

/// `path` of a redirect or rewrite (§4.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum PathModifier {
    /// `replaceFullPath`.
    ReplaceFullPath(Str),
    /// `replacePrefixMatch`; the prefix is the one of the match that took the request.
    ReplacePrefixMatch(Str),
}

/// `requestMirror`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mirror {
    /// Where copies go. An invalid target drops the mirror; primary traffic goes on.
    pub target: Target,
    /// Share of the requests: numerator.
    pub numerator: u32,
    /// Share of the requests: denominator, at least 1.
    pub denominator: u32,
}

/// `cors`, with defaults.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cors {
    /// `allowOrigins`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_origins: Vec<Str>,
    /// `allowMethods`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_methods: Vec<Str>,
    /// `allowHeaders`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_headers: Vec<Str>,
    /// `exposeHeaders`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expose_headers: Vec<Str>,
    /// `allowCredentials`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_credentials: bool,
    /// `maxAge`, seconds.
    pub max_age: u32,
}

/// `externalAuth` (§4.7).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExternalAuth {
    /// Protocol and what it passes on.
    pub protocol: AuthProtocol,
    /// The server. Invalid: every request is denied.
    pub target: Target,
    /// `forwardBody.maxSize`, bytes; 0: no body.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub max_body: u16,
}

/// `externalAuth.protocol`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum AuthProtocol {
    /// HTTP.
    Http {
        /// `http.path`, a prefix.
        path: Str,
        /// `allowedHeaders`, lower case.
        allowed_headers: Vec<Str>,
        /// `allowedResponseHeaders`, lower case; empty: all.
        allowed_response_headers: Vec<Str>,
    },
    /// Envoy ext_authz v3.
    Grpc {
        /// `allowedHeaders`, lower case; empty: all.
        allowed_headers: Vec<Str>,
    },
}

/// Why a filter fails the request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unresolved {
    /// The filter's `type`.
    pub filter: Str,
    /// What it refers to: `group/Kind namespace/name`.
    pub reference: Str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &u16) -> bool {
    *number == 0
}

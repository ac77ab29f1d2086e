//! What the annotations of one Ingress ask for, as the converter reads them: typed values, each with the report item
//! of its annotation.
//!
//! Every annotation key gets exactly one item, whatever becomes of it. The source evaluator reads annotations by itself
//! (`ingress/nginx/annotation.rs`); the two must not share code, because each checks the other.

use compact_str::CompactString;

use crate::migrate::annotation::{Control, Scope};
use crate::migrate::item::ItemId;
use crate::value::ObjectKey;

/// A value and the item that reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Its item.
    pub item: ItemId,
}

/// When HTTP is redirected to HTTPS (§3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum TlsRedirect {
    /// Never.
    Never,
    /// Where the host has a certificate: the controller's default.
    #[default]
    WithCertificate,
    /// Always.
    Always,
}

/// `permanent-redirect` or `temporal-redirect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlRedirect {
    /// The URL, literally.
    pub url: CompactString,
    /// Status that the controller sends.
    pub code: u16,
}

/// Protocol to the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Protocol {
    /// HTTP.
    #[default]
    Http,
    /// HTTPS.
    Https,
    /// The scheme of the client.
    AutoHttp,
    /// gRPC.
    Grpc,
    /// gRPC over TLS.
    Grpcs,
    /// FastCGI.
    Fcgi,
}

/// `canary` and its companions (§3.5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Canary {
    /// Header, unless nginx drops it.
    pub header: Option<CompactString>,
    /// Its value.
    pub header_value: Option<CompactString>,
    /// Pattern of its value, where no value is given.
    pub header_pattern: Option<CompactString>,
    /// Cookie.
    pub cookie: Option<CompactString>,
    /// Weight of the canary.
    pub weight: u32,
    /// Of how many, at least 100.
    pub total: u32,
}

/// `enable-cors` with its companions, defaults filled in (§3.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cors {
    /// Origins; `*` alone stands for all.
    pub origins: Vec<CompactString>,
    /// Are credentials allowed on the source?
    pub has_credentials: bool,
    /// Methods.
    pub methods: Vec<CompactString>,
    /// Headers of requests.
    pub headers: Vec<CompactString>,
    /// Headers of answers.
    pub exposed: Vec<CompactString>,
    /// Seconds.
    pub max_age: u32,
}

/// TLS to the backend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BackendTls {
    /// `proxy-ssl-secret`.
    pub secret: Option<ObjectKey>,
    /// `proxy-ssl-verify: "on"`.
    pub verifies: bool,
    /// `proxy-ssl-name`.
    pub name: Option<CompactString>,
}

/// A Service that gets copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// Service.
    pub service: ObjectKey,
    /// Port.
    pub port: u16,
}

/// Stickiness by cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affinity {
    /// Name of the cookie.
    pub cookie: CompactString,
    /// Seconds that it lives; `None`: as long as the browser.
    pub max_age: Option<u32>,
}

/// Seconds, where they are written and valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timeouts {
    /// Connect.
    pub connect: Option<u32>,
    /// Between reads.
    pub read: Option<u32>,
    /// Between writes.
    pub send: Option<u32>,
}

/// An access control that standard Gateway API does not carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// Its sort.
    pub control: Control,
    /// The paths of the Ingress, or the whole host.
    pub scope: Scope,
    /// Its item (MIG511).
    pub item: ItemId,
}

/// External authentication that the experimental channel has a filter for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalAuth {
    /// Service that is asked.
    pub service: ObjectKey,
    /// Its port.
    pub port: u16,
    /// Path of the URL.
    pub path: CompactString,
    /// `auth-response-headers`.
    pub response_headers: Vec<CompactString>,
}

/// Headers and redirects that a snippet was read as (§3.10).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// Headers of answers to set.
    pub response_set: Vec<(CompactString, CompactString)>,
    /// Headers of answers to remove.
    pub response_remove: Vec<CompactString>,
    /// Headers of requests to set.
    pub request_set: Vec<(CompactString, CompactString)>,
    /// Redirect.
    pub redirect: Option<UrlRedirect>,
}

/// What an Ingress asks for. Invalid values are already replaced by the controller's defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// `rewrite-target`.
    pub rewrite_target: Option<Setting<CompactString>>,
    /// `use-regex: "true"`.
    pub use_regex: Option<ItemId>,
    /// `app-root`.
    pub app_root: Option<Setting<CompactString>>,
    /// `temporal-redirect`, else `permanent-redirect`.
    pub redirect: Option<Setting<UrlRedirect>>,
    /// `from-to-www-redirect: "true"`.
    pub from_to_www: Option<ItemId>,
    /// `ssl-redirect`, `force-ssl-redirect`; the item of the annotation, where one is written.
    pub tls_redirect: (TlsRedirect, Option<ItemId>),
    /// `preserve-trailing-slash`.
    pub keeps_slash: bool,
    /// `use-port-in-redirects`.
    pub has_port_in_redirects: bool,
    /// `server-alias`.
    pub aliases: Option<Setting<Vec<CompactString>>>,
    /// `upstream-vhost`, unless it holds variables.
    pub upstream_vhost: Option<Setting<CompactString>>,
    /// `x-forwarded-prefix`.
    pub forwarded_prefix: Option<Setting<CompactString>>,
    /// `backend-protocol`.
    pub protocol: Option<Setting<Protocol>>,
    /// `proxy-ssl-*`.
    pub backend_tls: Option<Setting<BackendTls>>,
    /// `canary: "true"`.
    pub canary: Option<Setting<Canary>>,
    /// `enable-cors: "true"`.
    pub cors: Option<Setting<Cors>>,
    /// `custom-headers`, read from its ConfigMap.
    pub response_headers: Option<Setting<Vec<(CompactString, CompactString)>>>,
    /// `mirror-target`, where it is a Service.
    pub mirror: Option<Setting<Mirror>>,
    /// `affinity: cookie`.
    pub affinity: Option<Setting<Affinity>>,
    /// `ssl-passthrough: "true"`, where the flag of the controller allows it.
    pub passthrough: Option<ItemId>,
    /// `proxy-*-timeout`.
    pub timeouts: Option<Setting<Timeouts>>,
    /// `auth-url`, where the experimental channel carries it.
    pub external_auth: Option<Setting<ExternalAuth>>,
    /// A snippet that was read.
    pub snippet: Option<Setting<Snippet>>,
    /// Access controls that are lost and not accepted: they close what they guarded.
    pub lost: Vec<Lost>,
    /// The annotation for which all locations answer 503 (MIG509).
    pub denied: Option<ItemId>,
    /// The annotation for which the controller ignores the whole Ingress.
    pub rejected: Option<ItemId>,
}

impl Settings {
    /// The protocol to the backend.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol.as_ref().map(|setting| setting.value).unwrap_or_default()
    }
}

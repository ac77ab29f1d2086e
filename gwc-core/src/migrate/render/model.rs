//! What the migration writes: only what it can mean, so that most illegal manifests cannot be said.

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::render::text::Tree;
use crate::value::ObjectKey;

/// Label of everything that a migration writes.
pub const GENERATED: &str = "migrate.gwc/generated";

/// One object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manifest {
    /// A Gateway.
    Gateway(Gateway),
    /// A ListenerSet.
    ListenerSet(ListenerSet),
    /// An HTTPRoute.
    HttpRoute(HttpRoute),
    /// A GRPCRoute.
    GrpcRoute(GrpcRoute),
    /// A TLSRoute.
    TlsRoute(TlsRoute),
    /// A BackendTLSPolicy.
    BackendTlsPolicy(BackendTlsPolicy),
    /// A ReferenceGrant.
    Grant(Grant),
    /// A TCPRoute or UDPRoute.
    StreamRoute(StreamRoute),
    /// A ConfigMap.
    ConfigMap(ConfigMap),
    /// A Certificate of cert-manager.
    Certificate(Certificate),
    /// A GatewayClass: its name and its controller.
    GatewayClass(Meta, String),
    /// A Namespace: its name.
    Namespace(Meta),
}

impl Manifest {
    /// Its metadata.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        match self {
            Self::Gateway(object) => &object.meta,
            Self::ListenerSet(object) => &object.meta,
            Self::HttpRoute(object) => &object.meta,
            Self::GrpcRoute(object) => &object.meta,
            Self::TlsRoute(object) => &object.meta,
            Self::BackendTlsPolicy(object) => &object.meta,
            Self::Grant(object) => &object.meta,
            Self::StreamRoute(object) => &object.meta,
            Self::ConfigMap(object) => &object.meta,
            Self::Certificate(object) => &object.meta,
            Self::GatewayClass(meta, _) | Self::Namespace(meta) => meta,
        }
    }

    /// Its metadata, to be changed.
    pub fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Self::Gateway(object) => &mut object.meta,
            Self::ListenerSet(object) => &mut object.meta,
            Self::HttpRoute(object) => &mut object.meta,
            Self::GrpcRoute(object) => &mut object.meta,
            Self::TlsRoute(object) => &mut object.meta,
            Self::BackendTlsPolicy(object) => &mut object.meta,
            Self::Grant(object) => &mut object.meta,
            Self::StreamRoute(object) => &mut object.meta,
            Self::ConfigMap(object) => &mut object.meta,
            Self::Certificate(object) => &mut object.meta,
            Self::GatewayClass(meta, _) | Self::Namespace(meta) => meta,
        }
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Gateway(_) => "Gateway",
            Self::ListenerSet(_) => "ListenerSet",
            Self::HttpRoute(_) => "HTTPRoute",
            Self::GrpcRoute(_) => "GRPCRoute",
            Self::TlsRoute(_) => "TLSRoute",
            Self::BackendTlsPolicy(_) => "BackendTLSPolicy",
            Self::Grant(_) => "ReferenceGrant",
            Self::StreamRoute(route) if route.is_udp => "UDPRoute",
            Self::StreamRoute(_) => "TCPRoute",
            Self::ConfigMap(_) => "ConfigMap",
            Self::Certificate(_) => "Certificate",
            Self::GatewayClass(..) => "GatewayClass",
            Self::Namespace(_) => "Namespace",
        }
    }
}

/// Where an object comes from (ingress-migrate.md §5.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// `Ingress/namespace/name` of each source.
    pub sources: BTreeSet<String>,
    /// Digest of what was converted.
    pub hash: String,
}

/// Metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Labels taken over.
    pub labels: BTreeMap<String, String>,
    /// Annotations taken over or given.
    pub annotations: BTreeMap<String, String>,
    /// Its sources; `None` under `--no-provenance`.
    pub provenance: Option<Provenance>,
    /// The Ingress that it was made for, where there is one alone; layouts of files go by it. It is not written.
    pub ingress: Option<ObjectKey>,
}

/// Namespaces that may attach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Namespaces {
    /// That of the object itself: the default of the API for routes.
    #[default]
    Same,
    /// Those named, and no others.
    Named(BTreeSet<String>),
    /// All: only where the user asks for it.
    All,
}

/// A Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// Metadata.
    pub meta: Meta,
    /// Name of the GatewayClass.
    pub class: String,
    /// Listeners in their order.
    pub listeners: Vec<Listener>,
    /// Namespaces whose ListenerSets may attach; `None` for none, the default of the API.
    pub listener_sets: Option<Namespaces>,
}

/// A ListenerSet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerSet {
    /// Metadata.
    pub meta: Meta,
    /// Namespace and name of its Gateway.
    pub gateway: (String, String),
    /// Listeners in their order.
    pub listeners: Vec<Listener>,
}

/// A listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Name of the section.
    pub name: String,
    /// Hostname; `None` for all.
    pub hostname: Option<String>,
    /// Port.
    pub port: u16,
    /// What is spoken.
    pub protocol: Protocol,
    /// Namespaces whose routes may attach.
    pub routes: Namespaces,
}

/// What a listener speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP in clear.
    Http,
    /// HTTP over TLS.
    Https {
        /// Namespace, where it is another one, and name of the Secret.
        certificate: (Option<String>, String),
        /// The mode is written out although it is the default: a reader of annotations asks for it (§4.9).
        is_mode_written: bool,
    },
    /// TLS passed through.
    Passthrough,
    /// Any bytes.
    Tcp,
    /// Datagrams.
    Udp,
}

/// An HTTPRoute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRoute {
    /// Metadata.
    pub meta: Meta,
    /// Sections that it attaches to.
    pub parents: Vec<Parent>,
    /// Hostnames.
    pub hostnames: Vec<String>,
    /// Rules.
    pub rules: Vec<Rule>,
}

/// A section of a Gateway or ListenerSet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// A ListenerSet, not a Gateway.
    pub is_listener_set: bool,
    /// Namespace of the object.
    pub namespace: String,
    /// Name of the object.
    pub name: String,
    /// Section.
    pub section: String,
}

/// A rule of an HTTPRoute.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Rule {
    /// Comments above the rule, one line each.
    pub comments: Vec<String>,
    /// Matches.
    pub matches: Vec<Match>,
    /// Filters.
    pub filters: Vec<Filter>,
    /// Backends; none closes the rule.
    pub backends: Vec<Backend>,
    /// Longest time for the whole exchange and for one call of a backend, as durations.
    pub timeouts: (Option<String>, Option<String>),
    /// Stickiness; in the experimental channel only.
    pub session: Option<Session>,
}

/// Requests of one client that stay with one endpoint, by a cookie.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Session {
    /// Name of the cookie.
    pub name: String,
    /// How long it lives, as a duration; `None`: as long as the browser.
    pub lifetime: Option<String>,
}

/// A match.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Match {
    /// Path: how it is compared, and with what.
    pub path: (PathKind, String),
    /// Headers.
    pub headers: Vec<HeaderMatch>,
    /// Method.
    pub method: Option<String>,
}

/// How a path is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathKind {
    /// The whole path.
    Exact,
    /// Whole elements from its beginning.
    Prefix,
    /// A regular expression.
    Regex,
}

/// A condition on a header.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HeaderMatch {
    /// A regular expression; else the whole value is compared.
    pub is_regex: bool,
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// What to do with the path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathChange {
    /// Replace all of it.
    Full(String),
    /// Replace the prefix that matched.
    Prefix(String),
}

/// Changes of headers; names with values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct HeaderChange {
    /// Set.
    pub set: Vec<(String, String)>,
    /// Add.
    pub add: Vec<(String, String)>,
    /// Remove.
    pub remove: Vec<String>,
}

/// A redirect; what is not given stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Redirect {
    /// Scheme.
    pub scheme: Option<String>,
    /// Hostname.
    pub hostname: Option<String>,
    /// Path.
    pub path: Option<PathChange>,
    /// Port.
    pub port: Option<u16>,
    /// Status; 302 is the default of the API.
    pub status: Option<u16>,
}

/// Answers for scripts of other origins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Cors {
    /// Origins.
    pub origins: Vec<String>,
    /// May credentials be sent?
    pub has_credentials: bool,
    /// Methods.
    pub methods: Vec<String>,
    /// Headers of requests.
    pub headers: Vec<String>,
    /// Headers of answers.
    pub exposed: Vec<String>,
    /// How long the answer holds, in seconds; 5 is the default of the API.
    pub max_age: Option<u32>,
}

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// Headers on the way to the backend.
    RequestHeaders(HeaderChange),
    /// Headers on the way back.
    ResponseHeaders(HeaderChange),
    /// A copy of each request.
    Mirror(Backend),
    /// A redirect.
    Redirect(Redirect),
    /// Another host or path for the backend.
    Rewrite {
        /// Hostname.
        hostname: Option<String>,
        /// Path.
        path: Option<PathChange>,
    },
    /// CORS.
    Cors(Cors),
    /// Another service is asked first; in the experimental channel only.
    ExternalAuth(ExternalAuth),
}

/// A service that is asked over HTTP whether a request may pass.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExternalAuth {
    /// The service.
    pub backend: Backend,
    /// Prefix of the path that it is asked with; empty for none.
    pub path: String,
    /// Headers of its answer that go on to the backend; none means all, so there is always one.
    pub response_headers: Vec<String>,
}

/// A port of a Service.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Backend {
    /// Namespace, where it is not that of the route.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
    /// Port.
    pub port: u16,
    /// Weight; 1 is the default of the API.
    pub weight: Option<u32>,
}

/// A ReferenceGrant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Metadata; its namespace is that of the things that may be used.
    pub meta: Meta,
    /// Written as v1, which bundles before 1.5 do not serve.
    pub is_v1: bool,
    /// Who may use them: kind of Gateway API and namespace.
    pub from: BTreeSet<(String, String)>,
    /// What may be used: kind of the core group and name.
    pub to: BTreeSet<(String, String)>,
}

/// A GRPCRoute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrpcRoute {
    /// Metadata.
    pub meta: Meta,
    /// Sections that it attaches to.
    pub parents: Vec<Parent>,
    /// Hostnames.
    pub hostnames: Vec<String>,
    /// Rules.
    pub rules: Vec<GrpcRule>,
}

/// A rule of a GRPCRoute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GrpcRule {
    /// Comments above the rule, one line each.
    pub comments: Vec<String>,
    /// Service and method; no service takes every call.
    pub call: Option<(String, Option<String>)>,
    /// Filters: changes of headers and copies, the only ones that the kind has.
    pub filters: Vec<Filter>,
    /// Backends; none closes the rule.
    pub backends: Vec<Backend>,
}

/// A TLSRoute for passthrough: one rule, and one backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsRoute {
    /// Metadata.
    pub meta: Meta,
    /// Sections that it attaches to.
    pub parents: Vec<Parent>,
    /// Hostnames.
    pub hostnames: Vec<String>,
    /// The backend.
    pub backend: Backend,
}

/// A TCPRoute or UDPRoute: one rule, and one backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRoute {
    /// Metadata.
    pub meta: Meta,
    /// A UDPRoute.
    pub is_udp: bool,
    /// Sections that it attaches to.
    pub parents: Vec<Parent>,
    /// The backend.
    pub backend: Backend,
}

/// A ConfigMap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigMap {
    /// Metadata.
    pub meta: Meta,
    /// Its data.
    pub data: BTreeMap<String, String>,
}

/// A Certificate of cert-manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Metadata.
    pub meta: Meta,
    /// The Secret that it is written to.
    pub secret: String,
    /// DNS names.
    pub names: Vec<String>,
    /// Kind, name and group of the issuer; no group is that of cert-manager.
    pub issuer: (String, String, Option<String>),
    /// Further fields of the spec, in their order.
    pub further: Vec<(String, Tree)>,
}

/// A BackendTLSPolicy. It always verifies: without a name and a CA there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendTlsPolicy {
    /// Metadata.
    pub meta: Meta,
    /// Name of the Service, and of its port unless all ports are meant.
    pub target: (String, Option<String>),
    /// Name that is sent and verified.
    pub hostname: String,
    /// ConfigMap with the CA; `None` trusts the CAs of the system.
    pub ca: Option<String>,
}

//! What is in force where a controller answers, besides the route of a request: access controls, limits, timeouts,
//! stickiness, mirrors, CORS, headers, and how the backend is spoken to (ingress-migrate.md §7.1, levels L2 and L3).
//!
//! Values are normalised, so that two policies are equal when they do the same. [`Policy::default`] does nothing.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::value::ObjectKey;

/// What is in force at a location. One value is shared by all answers of the location.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// Access controls.
    pub access: BTreeSet<Access>,
    /// Largest body of a request in bytes; `None`: unlimited.
    pub body_limit: Option<u64>,
    /// Timeouts towards the backend.
    pub timeouts: Timeouts,
    /// Which failures are tried again; `None`: none is.
    pub retries: Option<Retries>,
    /// Stickiness of sessions.
    pub affinity: Option<Affinity>,
    /// How endpoints are chosen, where it is not in turn: an algorithm, or the key of a hash.
    pub balance: Option<CompactString>,
    /// Where requests are copied to.
    pub mirror: Option<Mirror>,
    /// CORS, as it is rendered.
    pub cors: Option<Cors>,
    /// Header fields that requests are sent with; names as written.
    pub request_headers: BTreeMap<CompactString, CompactString>,
    /// Header fields that responses are sent with; names as written.
    pub response_headers: BTreeMap<CompactString, CompactString>,
    /// `Strict-Transport-Security` of answers over HTTPS.
    pub hsts: Option<CompactString>,
    /// How the backend is spoken to.
    pub protocol: Protocol,
    /// TLS to the backend, where something is said about it.
    pub backend_tls: Option<BackendTls>,
    /// Statuses of the backend that are answered by the default backend instead.
    pub intercepted: BTreeSet<u16>,
}

/// The protocol to the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Protocol {
    /// HTTP, the default.
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

impl Protocol {
    /// May the connection to the backend be encrypted?
    #[must_use]
    pub fn may_use_tls(self) -> bool {
        matches!(self, Self::Https | Self::AutoHttp | Self::Grpcs)
    }
}

/// An access control that is in force (ingress-migrate.md §0, MIG511).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access {
    /// What it does.
    pub control: Control,
    /// What it comes before.
    pub stage: Stage,
    /// Who sets it.
    pub setter: Setter,
    /// The annotation without prefix, or the key of the ConfigMap.
    pub key: CompactString,
    /// Its value, normalised.
    pub value: CompactString,
}

/// Kinds of access controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// Only these client addresses.
    AllowList,
    /// Not these client addresses.
    DenyList,
    /// A password, as `basic` or `digest`.
    Password,
    /// Another server decides.
    ExternalAuthentication,
    /// One control of several is enough (`satisfy: any`).
    AnyOf,
    /// A certificate of the client.
    ClientCertificate,
    /// Requests per time.
    RateLimit,
    /// Connections at a time.
    ConnectionLimit,
    /// A web application firewall.
    Firewall,
    /// A snippet that refuses requests.
    Snippet,
    /// Not these `User-Agent`s.
    BlockedAgents,
    /// Not these `Referer`s.
    BlockedReferers,
}

/// What a control comes before (ingress-migrate.md §3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Every answer of the host, redirects included.
    Host,
    /// The backend; redirects and preflights are answered without it.
    Backend,
}

/// Who sets a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setter {
    /// The Ingress at this position in [`World::ingresses`](super::World::ingresses).
    Ingress(usize),
    /// The ConfigMap of the controller.
    ConfigMap,
}

/// Timeouts towards the backend, in seconds; `None`: not limited by the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timeouts {
    /// To connect.
    pub connect: Option<u64>,
    /// Between two reads.
    pub read: Option<u64>,
    /// Between two writes.
    pub send: Option<u64>,
}

/// Which failures are tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retries {
    /// Conditions of `proxy-next-upstream`.
    pub on: BTreeSet<CompactString>,
    /// Attempts, the first included; `None`: as many as there are endpoints.
    pub tries: Option<u64>,
    /// Seconds for all of them.
    pub timeout: Option<u64>,
}

/// Stickiness by a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affinity {
    /// Name of the cookie.
    pub cookie: CompactString,
    /// Its lifetime in seconds; `None`: until the browser closes.
    pub max_age: Option<u64>,
}

/// Where requests are copied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// URL, maybe with variables.
    pub target: CompactString,
    /// Are bodies copied?
    pub with_body: bool,
    /// `Host` of the copy, where it is set.
    pub host: Option<CompactString>,
}

/// CORS headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    /// Allowed origins; `*` alone stands for all.
    pub origins: BTreeSet<CompactString>,
    /// `Access-Control-Allow-Methods`.
    pub methods: BTreeSet<CompactString>,
    /// `Access-Control-Allow-Headers`.
    pub headers: BTreeSet<CompactString>,
    /// `Access-Control-Expose-Headers`.
    pub exposed: BTreeSet<CompactString>,
    /// `Access-Control-Allow-Credentials`.
    pub credentials: bool,
    /// `Access-Control-Max-Age` in seconds.
    pub max_age: i64,
}

/// TLS to the backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendTls {
    /// The Secret with the CA and the client's key pair.
    pub secret: ObjectKey,
    /// Is the certificate of the backend verified?
    pub verifies: bool,
    /// The name that is verified and sent.
    pub name: Option<CompactString>,
    /// Is a server name sent?
    pub sends_name: bool,
}

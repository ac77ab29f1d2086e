//! The match IR: what the accepted part of a world serves, as plain, self-contained, versioned data.
//!
//! Canonical: sorted by specification precedence, the same bytes for the same world. No reference is unresolved, no
//! matcher invalid; an unusable backend is an outcome with its weight. Secrets appear by id only. How it is made stands
//! in `lower.rs`, how it is executed in `matcher.rs`. Rules, backends and gateways are referred to by their positions.

use serde::{Deserialize, Serialize};

use crate::value::Hostname;

pub mod backend;
pub mod filter;
pub mod precedence;
mod restrict;
pub mod rule;
pub mod secret;
pub mod text;
pub mod tls;
pub mod trace;
pub mod validate;

pub use backend::{Backend, BackendKey, BackendProtocol, Endpoint, Invalid, Target, WeightedBackend};
pub use filter::Filter;
pub use precedence::{Criterion, Precedence};
pub use rule::{Match, PathMatch, Rule, ValueMatch};
pub use text::Str;
pub use trace::{Place, RouteKind, Trace};
pub use validate::Problem;

/// Name and version of the format, the value of [`Config::version`].
pub const VERSION: &str = "gwc.ir/v1";

/// Everything that a world serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    /// Always `gwc.ir/v1`.
    pub version: Str,
    /// Names of the files that places refer to, sorted.
    pub sources: Vec<Str>,
    /// Gateways, sorted by namespace and name.
    pub gateways: Vec<Gateway>,
    /// Where connections and datagrams arrive, sorted by Gateway, transport, port.
    pub sockets: Vec<Socket>,
    /// Rules of all routes, sorted by kind, namespace, name, position: a slot is stable while routes stay.
    pub rules: Vec<Rule>,
    /// Backends that rules refer to, each once, sorted by key. Endpoints stand here only (runtime-design.md §4.7).
    pub backends: Vec<Backend>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            version: Str::from(VERSION),
            sources: Vec::new(),
            gateways: Vec::new(),
            sockets: Vec::new(),
            rules: Vec::new(),
            backends: Vec::new(),
        }
    }
}

/// A Gateway that serves something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gateway {
    /// Namespace.
    pub namespace: Str,
    /// Name.
    pub name: Str,
    /// `spec.gatewayClassName`.
    pub class: Str,
    /// `spec.addresses[].value` where given, in order; empty: the implementation chooses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Str>,
    /// `spec.tls.backend.clientCertificateRef`: presented on every BackendTLSPolicy connection (routing.md §5.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<tls::CertificateId>,
}

/// Transport of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Transport {
    /// TCP.
    #[serde(rename = "TCP")]
    Tcp,
    /// UDP.
    #[serde(rename = "UDP")]
    Udp,
}

impl Transport {
    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }
}

/// One port of one Gateway (routing.md §0, stage 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Socket {
    /// Position in [`Config::gateways`].
    pub gateway: u32,
    /// Transport.
    pub transport: Transport,
    /// Port as the manifest says, 1 to 65535.
    pub port: u16,
    /// Listeners that share the port, in merge order: those of the Gateway, then those of its ListenerSets.
    pub listeners: Vec<Listener>,
}

/// `listeners[].protocol`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    /// HTTP in clear text.
    Http,
    /// HTTP over TLS that ends here.
    Https,
    /// TLS, passed through or ended here.
    Tls,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Protocol {
    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Https => "HTTPS",
            Self::Tls => "TLS",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }

    /// Are requests of HTTP (and gRPC) read on it?
    #[must_use]
    pub fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }

    /// Does a ClientHello choose the listener (routing.md §0, stage 2)?
    #[must_use]
    pub fn is_tls(self) -> bool {
        matches!(self, Self::Https | Self::Tls)
    }
}

/// Who declares a listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Owner {
    /// `Gateway`, `ListenerSet` or `XListenerSet`.
    pub kind: Str,
    /// Namespace.
    pub namespace: Str,
    /// Name.
    pub name: Str,
}

/// One listener with everything that may be matched on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Listener {
    /// The Gateway, or the ListenerSet.
    pub owner: Owner,
    /// `name`.
    pub name: Str,
    /// `protocol`.
    pub protocol: Protocol,
    /// `hostname`; `None`: any name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub hostname: Option<Hostname>,
    /// TLS, for HTTPS and TLS listeners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<tls::ListenerTls>,
    /// The names that routes serve here, best first. TCP and UDP listeners with a route have one, for any name.
    pub hosts: Vec<Host>,
    /// What may be matched, in order of precedence: of all entries that accept a request the first takes it.
    ///
    /// Sorted by [`Entry::host`] first, so the entries of one host are a run.
    pub entries: Vec<Entry>,
    /// Where it is declared.
    pub place: Place,
}

impl Listener {
    /// `namespace/owner/listener`: its name in logs, metrics and tests.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}/{}/{}", self.owner.namespace, self.owner.name, self.name)
    }
}

/// A name of a listener's host table.
///
/// On one listener the route's own hostname determines the intersected one, so the own one alone is the key
/// (routing.md §2.2, §2.3). Order: exact names, wildcards with more characters first, any name last; then by text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Host {
    /// What a request must carry: listener and route intersected; `None`: any name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub matches: Option<Hostname>,
    /// The entry of the route's `spec.hostnames`, which decides precedence (Q2); `None`: the route has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub written: Option<Hostname>,
}

impl Host {
    /// Its place in the host table: exact names, wildcards with more characters first, any name; then by text.
    #[must_use]
    pub fn rank(&self) -> (u8, std::cmp::Reverse<usize>, Option<&Hostname>) {
        match &self.written {
            Some(Hostname::Exact(_)) => (0, std::cmp::Reverse(0), self.written.as_ref()),
            Some(Hostname::Wildcard(suffix)) => (1, std::cmp::Reverse(suffix.chars().count()), self.written.as_ref()),
            None => (2, std::cmp::Reverse(0), None),
        }
    }

    /// Does it take requests for `name` (normalised; `None`: the request names no host, or an IP address)?
    #[must_use]
    pub fn accepts(&self, name: Option<&str>) -> bool {
        match (&self.matches, name) {
            (None, _) => true,
            (Some(hostname), Some(name)) => hostname.covers(name),
            (Some(_), None) => false,
        }
    }
}

/// One thing that may take a request on a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// Position in [`Listener::hosts`].
    pub host: u32,
    /// Position in [`Config::rules`].
    pub rule: u32,
    /// Position in [`Rule::matches`]; `None` for rules of TLSRoute, TCPRoute and UDPRoute, which accept everything.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub r#match: Option<u32>,
    /// CORS preflight of a match with a method: the same match without the method, for preflights only, after all
    /// other entries of its host (routing.md §4.6, Q20).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preflight: bool,
}

impl Config {
    /// The rule of an entry.
    #[must_use]
    pub fn rule(&self, entry: &Entry) -> &Rule {
        &self.rules[entry.rule as usize]
    }

    /// The match of an entry; `None`: everything is accepted.
    #[must_use]
    pub fn match_of(&self, entry: &Entry) -> Option<&Match> {
        entry.r#match.map(|position| &self.rules[entry.rule as usize].matches[position as usize])
    }

    /// What a target names, be it usable or not.
    #[must_use]
    pub fn key<'c>(&'c self, target: &'c Target) -> Option<&'c BackendKey> {
        match target {
            Target::Backend(position) => self.backends.get(*position as usize).map(|backend| &backend.key),
            Target::Invalid(invalid) => Some(&invalid.reference),
        }
    }

    /// The Gateway of a socket.
    #[must_use]
    pub fn gateway(&self, socket: &Socket) -> &Gateway {
        &self.gateways[socket.gateway as usize]
    }
}

//! What controllers of Ingresses do with a request: the source side of a migration.
//!
//! [`select`] tells which Ingresses a controller reads, and in which order. [`nginx`] is the model of ingress-nginx,
//! [`generic`] the text of the Ingress API. Both answer a [`Request`] with a [`Reply`]. Nothing here knows Gateway API:
//! this is the oracle that a conversion is compared with (ingress-migrate.md §3.1, §7.1).

use std::collections::BTreeMap;

use std::sync::Arc;

use compact_str::CompactString;

use crate::api::core::{ConfigMap, Secret, Service};
use crate::api::ingress::{Ingress, Port};
use crate::value::ObjectKey;

pub mod generic;
pub mod nginx;
mod pattern;
pub mod policy;
pub mod select;
mod uri;

pub use policy::{Access, Policy};

use policy::Stage;

/// The objects that a controller reads.
#[derive(Debug, Clone, Copy)]
pub struct World<'w> {
    /// The Ingresses of the controller, in its order ([`select`]).
    pub ingresses: &'w [&'w Ingress],
    /// Services by key; one that is missing counts as being there, with the port that is asked for.
    pub services: &'w BTreeMap<ObjectKey, &'w Service>,
    /// Secrets by key; one that is missing counts as being there and fitting.
    pub secrets: &'w BTreeMap<ObjectKey, &'w Secret>,
    /// ConfigMaps that annotations name, by key; one that is missing counts as being there and empty.
    pub config_maps: &'w BTreeMap<ObjectKey, &'w ConfigMap>,
}

/// Is the connection encrypted?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// No.
    Http,
    /// Yes.
    Https,
}

impl Scheme {
    /// As in a URL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// A request as it arrives.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// Scheme.
    pub scheme: Scheme,
    /// Method.
    pub method: &'r str,
    /// `Host` or `:authority`, with its port.
    pub host: &'r str,
    /// Path and query.
    pub target: &'r str,
    /// Header fields.
    pub headers: &'r [(&'r str, &'r str)],
}

impl<'r> Request<'r> {
    /// The first field of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'r str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// The answer to a request, and who decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What happens.
    pub outcome: Outcome,
    /// Who decided; `None`: the controller itself.
    pub decided: Option<Decided>,
    /// What decided.
    pub step: Step,
    /// What is in force where it was decided; `None`: nothing is.
    pub policy: Option<Arc<Policy>>,
}

/// What decided an answer, in the order of a request's way (ingress-migrate.md §3.1, §3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The request cannot be read.
    BadRequest,
    /// The choice of the server: there is none for the host.
    NoServer,
    /// The host is the other side of `from-to-www-redirect`.
    WwwRedirect,
    /// The controller closed the host or the location.
    Denied,
    /// `app-root`.
    AppRoot,
    /// The choice of the location (J): there is none for the path.
    NoLocation,
    /// The choice of the location (J): the path lacks a slash.
    SlashRedirect,
    /// An `OPTIONS` with an allowed origin.
    Preflight,
    /// `permanent-redirect` or `temporal-redirect`.
    Redirect,
    /// The rewrite (K).
    Rewrite,
    /// The redirect to HTTPS.
    TlsRedirect,
    /// The choice of the backend.
    Backend,
}

impl Step {
    /// As messages call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "reading of the request",
            Self::NoServer => "choice of the server",
            Self::WwwRedirect => "`from-to-www-redirect`",
            Self::Denied => "closed by the controller",
            Self::AppRoot => "`app-root`",
            Self::NoLocation => "choice of the location (J)",
            Self::SlashRedirect => "redirect to the final slash (J)",
            Self::Preflight => "preflight",
            Self::Redirect => "redirect to a URL",
            Self::Rewrite => "rewrite (K)",
            Self::TlsRedirect => "redirect to HTTPS",
            Self::Backend => "choice of the backend",
        }
    }
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It goes to a backend.
    Forward(Forward),
    /// It is redirected.
    Redirect {
        /// Status.
        code: u16,
        /// `Location`.
        location: String,
    },
    /// It is answered.
    Fixed {
        /// Status.
        code: u16,
    },
    /// It depends on something that the model cannot read.
    Unknown {
        /// The text that cannot be read: a regular expression, or a value with variables.
        text: CompactString,
    },
}

/// What goes to a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Backends with their weights; more than one where chance decides.
    pub shares: Vec<(Backend, u32)>,
    /// Path and query as sent.
    pub target: String,
    /// `Host` as sent.
    pub host: String,
}

/// A Service and a port, as an Ingress names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Backend {
    /// Service.
    pub service: ObjectKey,
    /// Port; the number of the Service's port, where the Service is known.
    pub port: Port,
}

/// The Ingress and the path that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Position in [`World::ingresses`].
    pub ingress: usize,
    /// Position of the path; `None` for what an Ingress sets for all paths of a host.
    pub path: Option<PathId>,
    /// The path as the controller renders it.
    pub rendered: CompactString,
}

/// Position of a path in an Ingress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathId {
    /// Position in [`World::ingresses`].
    pub ingress: usize,
    /// Position in `spec.rules`.
    pub rule: usize,
    /// Position in `http.paths`.
    pub path: usize,
}

impl Reply {
    fn fixed(code: u16, step: Step) -> Self {
        Self { outcome: Outcome::Fixed { code }, decided: None, step, policy: None }
    }

    fn unknown(text: CompactString, step: Step) -> Self {
        Self { outcome: Outcome::Unknown { text }, decided: None, step, policy: None }
    }

    /// The access controls that this answer has passed: all of the location where a backend answers or may answer, else
    /// only those of the host.
    pub fn access(&self) -> impl Iterator<Item = &Access> {
        let is_forward = matches!(self.outcome, Outcome::Forward(_) | Outcome::Unknown { .. });
        let all = self.policy.iter().flat_map(|policy| &policy.access);
        all.filter(move |access| is_forward || access.stage == Stage::Host)
    }
}

/// What a client gets that opens a TLS connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsReply {
    /// The controller decrypts, with this certificate.
    Terminate(Certificate),
    /// The connection goes to a backend as it is.
    Passthrough(Backend),
    /// The handshake fails.
    Refuse,
}

/// The certificate that a client sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// That of a Secret.
    Secret(ObjectKey),
    /// The default certificate of the controller.
    Default,
}

//! What controllers of Ingresses do with a request: the source side of a migration.
//!
//! [`select`] tells which Ingresses a controller reads, and in which order. [`nginx`] is the model of ingress-nginx,
//! [`generic`] the text of the Ingress API. Both answer a [`Request`] with a [`Reply`]. Nothing here knows Gateway API:
//! this is the oracle that a conversion is compared with (ingress-migrate.md §3.1, §7.1).

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::core::Service;
use crate::api::ingress::{Ingress, Port};
use crate::value::ObjectKey;

pub mod generic;
pub mod nginx;
mod pattern;
pub mod select;
mod uri;

/// The objects that a controller reads.
#[derive(Debug, Clone, Copy)]
pub struct World<'w> {
    /// The Ingresses of the controller, in its order ([`select`]).
    pub ingresses: &'w [&'w Ingress],
    /// Services by key; one that is missing counts as being there, with the port that is asked for.
    pub services: &'w BTreeMap<ObjectKey, &'w Service>,
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
    fn fixed(code: u16) -> Self {
        Self { outcome: Outcome::Fixed { code }, decided: None }
    }
}

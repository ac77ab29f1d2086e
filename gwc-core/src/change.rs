//! What a change of manifests does to traffic and to statuses: semantic differences with witnesses (`gwc diff`).
//!
//! Complete over what the match IR decides: sockets, listeners, names, paths, conditions, filters, shares, limits, TLS,
//! and the answers that the gateway gives itself. When nothing is reported here, no request to the Gateways behaves
//! otherwise, given equal backends. Not compared: what backends do, and which endpoints a Service has (only whether it
//! has any). What cannot be decided within the budgets of `region.rs` is reported as unproven, never left out.
//!
//! `content.rs` says when two outcomes are equal, `traffic.rs` finds where they are not, `classify.rs` says how bad that
//! is, `structure.rs` and `status.rs` compare what is no request: sockets, listeners, conditions.

use crate::Compilation;
use crate::predict::{Prediction, Request};
use crate::source::Span;

mod classify;
mod content;
mod status;
mod structure;
mod traffic;

/// How bad a change is, the worst first (cli-and-rules.md §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Requests that were served are not, or go to another site; a condition that was True is not.
    Break,
    /// Not known whether anything changes; counts as a shift.
    Unproven,
    /// Requests are served otherwise.
    Shift,
    /// Requests are served that were not.
    Add,
    /// Text changed, behaviour did not.
    Noop,
}

impl Class {
    /// The word for people and machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Break => "break",
            Self::Unproven => "unproven",
            Self::Shift => "shift",
            Self::Add => "add",
            Self::Noop => "noop",
        }
    }
}

/// What of a rule's behaviour changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Served or not, or another status.
    Answer,
    /// Another set of backends.
    Backends,
    /// Other shares of the same backends.
    Weights,
    /// Redirect.
    Redirect,
    /// Rewrite of host or path.
    Rewrite,
    /// Request or response headers.
    Headers,
    /// Mirrors.
    Mirrors,
    /// CORS.
    Cors,
    /// External authorisation.
    ExternalAuth,
    /// Timeouts.
    Timeouts,
    /// Retries.
    Retry,
    /// Session persistence.
    Session,
    /// How backends are reached: protocol, TLS.
    BackendConnection,
}

impl Aspect {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Backends => "backends",
            Self::Weights => "weights",
            Self::Redirect => "redirect",
            Self::Rewrite => "rewrite",
            Self::Headers => "headers",
            Self::Mirrors => "mirrors",
            Self::Cors => "CORS",
            Self::ExternalAuth => "external auth",
            Self::Timeouts => "timeouts",
            Self::Retry => "retries",
            Self::Session => "session persistence",
            Self::BackendConnection => "connection to backends",
        }
    }
}

/// Requests that are answered differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// How bad it is.
    pub class: Class,
    /// What changed; sorted.
    pub aspects: Vec<Aspect>,
    /// A request that shows it, as a client would send it.
    pub request: Request,
    /// What happened to it.
    pub old: Prediction,
    /// What happens to it.
    pub new: Prediction,
    /// The Gateway, `namespace/name`.
    pub gateway: String,
    /// Does the answer now lead back to itself?
    pub is_new_loop: bool,
    /// Further pairs of entries of the same two rules that differ in the same way.
    pub n_more: usize,
    /// The backend whose share moves most: name, share before and after, in percent.
    pub largest_move: Option<(String, f64, f64)>,
}

/// A change of a socket or listener.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Structure {
    /// How bad it is.
    pub class: Class,
    /// The Gateway, port and listener.
    pub subject: String,
    /// What changed, in words.
    pub what: String,
}

/// A condition that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How bad it is.
    pub class: Class,
    /// `Kind namespace/name`.
    pub object: String,
    /// Parent or listener, where the condition is one of it.
    pub of: Option<String>,
    /// Type.
    pub r#type: &'static str,
    /// Status and reason before; `None`: not written.
    pub old: Option<(&'static str, &'static str)>,
    /// Status and reason now; `None`: not written.
    pub new: Option<(&'static str, &'static str)>,
    /// The object now, else as it was.
    pub span: Span,
    /// Is `span` one of the new world?
    pub is_new: bool,
}

/// Requests of which it is not known whether they are answered differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unproven {
    /// The Gateway, `namespace/name`.
    pub gateway: String,
    /// Port.
    pub port: u16,
    /// A name of the region.
    pub host: Option<String>,
    /// What is known of its paths.
    pub path: String,
    /// Why.
    pub why: &'static str,
}

/// An object whose text changed without any effect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noop {
    /// `Kind namespace/name`.
    pub object: String,
    /// `changed`, `added` or `removed`.
    pub how: &'static str,
}

/// Everything that differs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Requests, the worst first, then in the order of Gateways and ports.
    pub traffic: Vec<Traffic>,
    /// Sockets and listeners.
    pub structure: Vec<Structure>,
    /// Conditions.
    pub statuses: Vec<Status>,
    /// What could not be decided.
    pub unproven: Vec<Unproven>,
    /// Texts without effect.
    pub noops: Vec<Noop>,
}

impl Changes {
    /// Changes of a class.
    #[must_use]
    pub fn count(&self, class: Class) -> usize {
        let traffic = self.traffic.iter().filter(|one| one.class == class).count();
        let structure = self.structure.iter().filter(|one| one.class == class).count();
        let statuses = self.statuses.iter().filter(|one| one.class == class).count();
        let rest = match class {
            Class::Unproven => self.unproven.len(),
            Class::Noop => self.noops.len(),
            Class::Break | Class::Shift | Class::Add => 0,
        };
        traffic + structure + statuses + rest
    }

    /// The worst class; `None`: nothing changed at all.
    #[must_use]
    pub fn worst(&self) -> Option<Class> {
        let all = [Class::Break, Class::Unproven, Class::Shift, Class::Add, Class::Noop];
        all.into_iter().find(|class| self.count(*class) > 0)
    }
}

/// One side: a compiled world and its texts.
#[derive(Clone, Copy)]
pub struct World<'w> {
    /// Texts.
    pub sources: &'w crate::source::SourceMap,
    /// What they compile to.
    pub compilation: &'w Compilation,
}

/// Compares two worlds.
#[must_use]
pub fn diff(old: World<'_>, new: World<'_>) -> Changes {
    let mut changes = Changes {
        structure: structure::changes(&old.compilation.lowered, &new.compilation.lowered),
        statuses: status::changes(old.compilation, new.compilation),
        ..Changes::default()
    };
    traffic::changes(&old.compilation.lowered.config, &new.compilation.lowered.config, &mut changes);
    changes.noops = status::noops(old, new, &changes);
    changes
}

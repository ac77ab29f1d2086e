//! ingress-nginx: from Ingresses to servers and locations, and from a request to its answer.
//!
//! The letters A to K are the steps of ingress-migrate.md §3.1. [`Servers::compile`] does A to I once, evaluation
//! (`answer`) the rest for each request. Shares no code with any converter.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::ingress::World;
use crate::ingress::pattern::{Search, Unreadable};

pub mod annotation;
mod answer;
mod build;
pub mod config;
mod upstream;
mod view;

pub use annotation::{Annotations, Canary, Protocol, Redirect};
pub use config::Config;
pub use view::{Language, Naming};

use upstream::{Upstream, UpstreamKey};

/// What nginx serves.
#[derive(Debug)]
pub struct Servers {
    /// By name; `_` is the one for unknown hosts.
    servers: Vec<Server>,
    /// Positions of servers by the host of the Ingress.
    by_host: BTreeMap<CompactString, usize>,
    /// `server_name`s without patterns, aliases and the other side of `from-to-www-redirect` included.
    exact: BTreeMap<CompactString, Name>,
    /// Suffixes of aliases like `*.a.io`, with the dot in front.
    suffixes: Vec<(CompactString, usize)>,
    /// Names that are regular expressions, in file order.
    patterns: Vec<(Result<Search, Unreadable>, usize)>,
    /// Hosts with a certificate of their own; wildcards as written.
    certificates: BTreeMap<CompactString, Certificate>,
    upstreams: BTreeMap<UpstreamKey, Upstream>,
    annotations: Vec<Annotations>,
    config: Config,
}

/// What a name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    Server(usize),
    /// Another name of the same site (`from-to-www-redirect`).
    Redirect(CompactString),
}

/// What a TLS connection for a host gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// The Secret of this name in the namespace of the Ingress.
    Secret(crate::value::ObjectKey),
    /// The default certificate of the controller.
    Default,
}

/// How a location compares paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `=`
    Exact,
    /// By the longest prefix, letter by letter.
    Prefix,
    /// `~*`, with `^` in front; the first that matches.
    Regex,
}

/// A location as nginx is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rendered<'s> {
    /// Its path.
    pub path: &'s str,
    /// How it is compared.
    pub form: Form,
    /// The Service and port as written; `None`: the controller's own default backend.
    pub backend: Option<&'s super::Backend>,
    /// Target of an active rewrite.
    pub rewrite: Option<&'s str>,
    /// Redirect to a URL.
    pub redirect: Option<&'s Redirect>,
}

/// A server block.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    /// Host as in the Ingress; `_` for the catch-all.
    host: CompactString,
    /// In rendered order.
    locations: Vec<Location>,
    /// Are all locations regular expressions (step H)?
    is_regex: bool,
    /// `/` leads to this path.
    app_root: Option<(CompactString, usize)>,
    aliases: Vec<CompactString>,
    from_to_www: bool,
}

/// A location block.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    path: CompactString,
    is_exact: bool,
    /// Made by the controller for a host that has no path `/`.
    is_implicit: bool,
    /// `None`: the controller's own default backend.
    upstream: Option<UpstreamKey>,
    /// Position of the Ingress whose annotations apply.
    owner: Option<usize>,
    /// The path of an Ingress that it renders.
    id: Option<super::PathId>,
    /// `^<path>` on a host of regular expressions.
    pattern: Option<Result<Search, Unreadable>>,
    /// Pattern of `rewrite`, without an anchor.
    rewrite: Option<Result<Search, Unreadable>>,
}

impl Servers {
    /// Reads the Ingresses once.
    #[must_use]
    pub fn compile(world: &World<'_>, config: Config) -> Self {
        build::build(world, config)
    }

    /// The annotations of an Ingress as the controller reads them.
    #[must_use]
    pub fn annotations(&self, ingress: usize) -> Option<&Annotations> {
        self.annotations.get(ingress)
    }

    fn block(&self, host: &str) -> Option<&Server> {
        self.by_host.get(host).and_then(|at| self.servers.get(*at))
    }

    /// Hosts that have a server block, in file order; `_` is the catch-all.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        self.servers.iter().map(|server| server.host.as_str())
    }

    /// Is every location of this host a regular expression?
    #[must_use]
    pub fn is_regex_host(&self, host: &str) -> bool {
        self.block(host).is_some_and(|server| server.is_regex)
    }

    /// Locations of a host, in rendered order: what nginx is told about its paths.
    pub fn rendered<'s>(&'s self, host: &str) -> impl Iterator<Item = Rendered<'s>> + use<'s> {
        let block = self.block(host).into_iter();
        block.flat_map(move |server| server.locations.iter().map(|location| self.render(server, location)))
    }

    fn render<'s>(&'s self, server: &Server, location: &'s Location) -> Rendered<'s> {
        let own = build::rewriting(location, &self.annotations);
        let form = match (server.is_regex, location.is_exact) {
            (true, _) => Form::Regex,
            (false, true) => Form::Exact,
            (false, false) => Form::Prefix,
        };
        Rendered {
            path: &location.path,
            form,
            backend: location.upstream.as_ref(),
            rewrite: own.filter(|_| location.rewrite.is_some()).and_then(|own| own.rewrite_target.as_deref()),
            redirect: own.and_then(|own| own.redirect.as_ref()),
        }
    }

    /// Paths of a host that nginx would be told twice, so that it refuses the whole configuration and keeps the one
    /// before: `/foo` and `/foo/`, both of type Prefix, become one name. The model goes on with the first.
    pub fn repeated<'s>(&'s self, host: &str) -> impl Iterator<Item = &'s str> + use<'s> {
        let mut seen = BTreeSet::new();
        let plain = self.rendered(host).filter(|one| one.form != Form::Regex);
        plain.filter(move |one| !seen.insert((one.path, one.form))).map(|one| one.path)
    }

    /// Where `/` of a host leads (`app-root`).
    #[must_use]
    pub fn app_root(&self, host: &str) -> Option<&str> {
        self.block(host)?.app_root.as_ref().map(|(path, _)| path.as_str())
    }

    /// The certificate that redirects to HTTPS for a host depend on; that of a wildcard host covers names one label
    /// deeper.
    #[must_use]
    pub fn certificate(&self, host: &str) -> Option<&Certificate> {
        let wildcard = || {
            let (_, parent) = host.split_once('.')?;
            self.certificates.get(format!("*.{parent}").as_str())
        };
        self.certificates.get(host).or_else(wildcard)
    }
}

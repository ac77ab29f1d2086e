//! ingress-nginx: from Ingresses to servers and locations, and from a request to its answer.
//!
//! The letters A to K are the steps of ingress-migrate.md §3.1. [`Servers::compile`] does A to I once, evaluation
//! (`answer`) the rest for each request. Shares no code with any converter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compact_str::CompactString;

use crate::ingress::World;
use crate::ingress::pattern::{Search, Unreadable};
use crate::ingress::policy::{BackendTls, Policy};

pub mod annotation;
mod answer;
mod build;
pub mod config;
mod host;
mod index;
mod policy;
mod probe;
mod risk;
mod text;
mod tls;
mod upstream;
mod view;

pub use annotation::{Annotations, Canary, Redirect};
pub use config::Config;
pub use policy::HostWide;
pub use probe::{Compared, Probes, ServedName};
pub use risk::Risk;
pub use view::Naming;

pub use crate::ingress::Certificate;
pub use crate::ingress::policy::Protocol;

use answer::Origins;
use index::{Names, Paths};
use upstream::{Upstream, UpstreamKey};

/// What nginx serves.
#[derive(Debug)]
pub struct Servers {
    /// By name; `_` is the one for unknown hosts.
    servers: Vec<Server>,
    /// Positions of servers by the host of the Ingress.
    by_host: BTreeMap<CompactString, usize>,
    /// All `server_name`s, aliases and the other side of `from-to-www-redirect` included.
    names: Names,
    /// Names with a certificate, lower case; wildcards as written.
    certificates: BTreeMap<CompactString, Certificate>,
    upstreams: BTreeMap<UpstreamKey, Upstream>,
    annotations: Vec<Annotations>,
    /// Allowed origins of each Ingress, compiled.
    origins: Vec<Option<Origins>>,
    /// What is in force at names that lead to other names.
    everywhere: Arc<Policy>,
    config: Config,
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
    /// What Ingresses set for the host: snippet and client certificates by the first that has them, the rest by any.
    host_wide: HostWide,
    /// `proxy-ssl-*`: of the first Ingress that has them, for locations without their own.
    backend_tls: Option<BackendTls>,
    /// The upstream that gets connections as they are.
    passed_on: Option<UpstreamKey>,
    /// What is in force before locations.
    policy: Arc<Policy>,
    /// Look-up of locations that are no regular expressions.
    paths: Paths,
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
    policy: Arc<Policy>,
}

impl Servers {
    /// Reads the Ingresses once.
    #[must_use]
    pub fn compile(world: &World<'_>, config: Config) -> Self {
        build::build(world, config)
    }

    /// What the controller was started with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
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
}

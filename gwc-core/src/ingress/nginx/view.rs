//! What servers look at, for those who want to ask them about everything: names, paths, and conditions of canaries.
//!
//! Answers no request. A verifier makes its requests from what stands here (ingress-migrate.md §7.3).

use std::collections::BTreeSet;

use crate::ingress::Backend;
use crate::ingress::nginx::answer::Found;
use crate::ingress::nginx::build::CATCH_ALL;
use crate::ingress::nginx::{Canary, Form, Server, Servers};

/// How a name leads to a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Naming {
    /// It is the host, or an alias without patterns.
    Exact,
    /// The host is a wildcard.
    Wildcard,
    /// By an alias like `*.a.io`.
    Suffix,
    /// By an alias that is a regular expression.
    Pattern,
    /// It is the other name of `from-to-www-redirect`.
    Www,
}

/// Something that requests of a host are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language<'s> {
    /// Text.
    pub path: &'s str,
    /// How paths are compared with it.
    pub form: Form,
    /// Target of the rewrite for what the same text finds.
    pub rewrite: Option<&'s str>,
}

impl Servers {
    /// Every name that a server answers to, lower case; aliases as they are written, those with `~` too.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for server in self.servers.iter().filter(|server| server.host != CATCH_ALL) {
            let host = server.host.as_str().to_ascii_lowercase();
            names.extend(server.aliases.iter().map(|alias| match alias.starts_with('~') {
                true => alias.to_string(),
                false => alias.as_str().to_ascii_lowercase(),
            }));
            if server.from_to_www {
                names.insert(host.strip_prefix("www.").map_or_else(|| format!("www.{host}"), str::to_owned));
            }
            names.insert(host);
        }
        names
    }

    /// The host, as in the Ingress, that a name (lower case, without port) leads to; `None`: it is none's.
    #[must_use]
    pub fn host_of(&self, name: &str) -> Option<(&str, Naming)> {
        let server = match self.server(name).ok()?? {
            Found::Server(server) if server.host == CATCH_ALL => return None,
            Found::Server(server) => server,
            Found::Redirect(host) => return Some((host, Naming::Www)),
        };
        let host = server.host.as_str();
        let is_alias = |alias: &str| alias.eq_ignore_ascii_case(name);
        let is_suffix =
            |alias: &str| alias.strip_prefix('*').is_some_and(|suffix| name.ends_with(&suffix.to_ascii_lowercase()));
        let naming = if host.eq_ignore_ascii_case(name) || server.aliases.iter().any(|alias| is_alias(alias)) {
            Naming::Exact
        } else if server.aliases.iter().any(|alias| is_suffix(alias)) {
            Naming::Suffix
        } else if host.starts_with("*.") && is_one_label_below(host, name) {
            Naming::Wildcard
        } else {
            Naming::Pattern
        };
        Some((host, naming))
    }

    fn asked(&self, host: Option<&str>) -> Option<&Server> {
        self.block(host.unwrap_or(CATCH_ALL))
    }

    /// What paths of a host are compared with; `None`: of the server for all other names.
    pub fn languages<'s>(&'s self, host: Option<&str>) -> impl Iterator<Item = Language<'s>> + use<'s> {
        let rendered = self.rendered(self.asked(host).map_or(CATCH_ALL, |server| server.host.as_str()));
        rendered.map(|one| Language { path: one.path, form: one.form, rewrite: one.rewrite })
    }

    /// Ingresses whose annotations apply somewhere on a host.
    #[must_use]
    pub fn owners(&self, host: Option<&str>) -> BTreeSet<usize> {
        self.asked(host).into_iter().flat_map(|server| &server.locations).filter_map(|one| one.owner).collect()
    }

    /// Canaries that share requests of a host.
    pub fn canaries(&self, host: Option<&str>) -> impl Iterator<Item = &Canary> {
        let locations = self.asked(host).into_iter().flat_map(|server| &server.locations);
        let upstreams = locations.filter_map(|one| self.upstreams.get(one.upstream.as_ref()?)?.alternative.as_ref());
        upstreams.filter_map(|key| self.upstreams.get(key)?.canary.as_ref())
    }

    /// Backends that share requests with one, itself included.
    #[must_use]
    pub fn sharing(&self, backend: &Backend) -> BTreeSet<&Backend> {
        let mut all = BTreeSet::new();
        for upstream in self.upstreams.values() {
            let other = upstream.alternative.as_ref().and_then(|key| self.upstreams.get(key)?.backend.as_ref());
            let both = [upstream.backend.as_ref(), other];
            if both.contains(&Some(backend)) {
                all.extend(both.into_iter().flatten());
            }
        }
        all
    }
}

fn is_one_label_below(wildcard: &str, name: &str) -> bool {
    let parent = wildcard.strip_prefix("*.").unwrap_or_default();
    name.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(parent))
}

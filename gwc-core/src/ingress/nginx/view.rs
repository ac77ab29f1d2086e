//! How names lead to hosts, and which backends share requests: what a verifier needs to judge a difference
//! (ingress-migrate.md §7.5). Answers no request.

use std::collections::BTreeSet;

use crate::ingress::Backend;
use crate::ingress::nginx::Servers;
use crate::ingress::nginx::answer::Found;
use crate::ingress::nginx::build::CATCH_ALL;

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

impl Servers {
    /// The host, as in the Ingress, that a name (lower case, without port) leads to; `None`: it is none's.
    #[must_use]
    pub fn leads_to(&self, name: &str) -> Option<(&str, Naming)> {
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

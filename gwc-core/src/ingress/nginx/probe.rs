//! Everything that the answers of a host may depend on, as requests would have to differ: the request space of a
//! verification (ingress-migrate.md §7.3), told by the source itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingress::nginx::index::Name;
use crate::ingress::nginx::upstream::Upstream;
use crate::ingress::nginx::{Form, Server, Servers};

/// A name that leads to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServedName<'s> {
    /// One name, lower case.
    Exact(&'s str),
    /// One label in front of this name: hosts like `*.a.io`.
    OneLabel(&'s str),
    /// One or more labels in front of this name: aliases like `*.a.io`.
    Suffix(&'s str),
    /// A regular expression that is searched in the name, in any case.
    Pattern(&'s str),
    /// The other side of `from-to-www-redirect`.
    Redirect(&'s str),
}

/// What a value of a header or cookie is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compared<'s> {
    /// The words `always` and `never`.
    Words,
    /// This value.
    Value(&'s str),
    /// A regular expression that is searched in the value.
    Pattern(&'s str),
}

/// What the answers of a host may depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probes<'s> {
    /// Paths of locations, with how they are compared.
    pub paths: BTreeSet<(&'s str, Form)>,
    /// Patterns of active rewrites, with their targets: searched in the path, in any case.
    pub rewrites: BTreeSet<(&'s str, &'s str)>,
    /// Does `/` itself lead elsewhere?
    pub has_app_root: bool,
    /// Header fields by name as written, with what their values are compared with.
    pub headers: BTreeMap<&'s str, BTreeSet<Compared<'s>>>,
    /// Cookies whose words `always` and `never` count.
    pub cookies: BTreeSet<&'s str>,
    /// Allowed origins of preflights; `*` stands for all.
    pub origins: BTreeSet<&'s str>,
    /// Beginnings of location paths that are exempt from the redirect to HTTPS.
    pub exempt: BTreeSet<&'s str>,
}

impl Servers {
    /// All names that lead to servers.
    #[must_use]
    pub fn all_names(&self) -> BTreeSet<ServedName<'_>> {
        let exact = self.names.exact.iter().map(|(name, to)| match to {
            Name::Server(_) => ServedName::Exact(name.as_str()),
            Name::Redirect(_) => ServedName::Redirect(name.as_str()),
        });
        exact.chain(self.names.not_exact()).collect()
    }

    /// What the answers of a host of an Ingress, or of `_`, may depend on.
    #[must_use]
    pub fn probes(&self, host: &str) -> Probes<'_> {
        let Some(server) = self.block(host) else { return Probes::default() };
        let mut probes = Probes { has_app_root: server.app_root.is_some(), ..Probes::default() };
        for one in server.locations.iter().map(|location| self.render(server, location)) {
            probes.paths.insert((one.path, one.form));
            probes.rewrites.extend(one.rewrite.map(|target| (one.path, target)));
        }
        self.add_canaries(server, &mut probes);
        let owners: BTreeSet<usize> = server.locations.iter().filter_map(|location| location.owner).collect();
        for own in owners.into_iter().filter_map(|owner| self.annotations.get(owner)) {
            let origins = own.policy.cors.iter().flat_map(|cors| &cors.origins);
            probes.origins.extend(origins.map(compact_str::CompactString::as_str));
        }
        let exempt = self.config.no_tls_redirect.iter().map(compact_str::CompactString::as_str);
        probes.exempt = exempt.collect();
        probes
    }

    fn add_canaries<'s>(&'s self, server: &'s Server, probes: &mut Probes<'s>) {
        let upstreams = server.locations.iter().filter_map(|location| self.upstreams.get(location.upstream.as_ref()?));
        let alternative = |upstream: &'s Upstream| self.upstreams.get(upstream.alternative.as_ref()?);
        for canary in upstreams.filter_map(alternative).filter_map(|upstream| upstream.canary.as_ref()) {
            probes.cookies.extend(canary.cookie.as_deref());
            // nginx drops fields with `_` in the name.
            let Some(header) = canary.header.as_deref().filter(|name| !name.contains('_')) else { continue };
            let compared = match (canary.header_value.as_deref(), canary.header_pattern.as_deref()) {
                (Some(value), _) => Compared::Value(value),
                (None, Some(pattern)) => Compared::Pattern(pattern),
                (None, None) => Compared::Words,
            };
            probes.headers.entry(header).or_default().insert(compared);
        }
    }
}

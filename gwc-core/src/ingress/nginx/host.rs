//! What is set for whole hosts, and the policy of each location: that of its Ingress, with what its host and its
//! upstream add (ingress-migrate.md §3.2).

use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;

use crate::ingress::nginx::annotation::Annotations;
use crate::ingress::nginx::build::{CATCH_ALL, Read};
use crate::ingress::nginx::config::Config;
use crate::ingress::nginx::policy::{self, X_FORWARDED_PREFIX};
use crate::ingress::nginx::upstream::{Upstream, UpstreamKey};
use crate::ingress::nginx::{Location, Server, text};
use crate::ingress::policy::{BackendTls, Policy, Stage};

/// Takes over what Ingresses set for their hosts.
pub(super) fn add_facts(
    servers: &mut [Server],
    index: &BTreeMap<CompactString, usize>,
    read: &[Read<'_>],
    config: &Config,
) {
    for one in read.iter().filter(|one| !one.is_canary()) {
        for (_, host, rule) in one.rules() {
            let Some(server) = index.get(host).and_then(|at| servers.get_mut(*at)) else { continue };
            let own = &one.annotations.host_wide;
            server.host_wide.passthrough |= own.passthrough;
            if server.host_wide.snippet.is_none() {
                server.host_wide.snippet.clone_from(&own.snippet);
            }
            if rule.paths.is_none() && host != CATCH_ALL {
                continue;
            }
            server.host_wide.closes |= own.closes;
            if server.host_wide.clients.is_none() {
                server.host_wide.clients.clone_from(&own.clients);
            }
            if server.backend_tls.is_none() && !config.defaults.backend_tls_by_location {
                server.backend_tls.clone_from(&one.annotations.policy.backend_tls);
            }
        }
    }
    for server in servers.iter_mut().filter(|server| server.host_wide.passthrough && server.host != CATCH_ALL) {
        // What the controller serves by itself has no Service to pass on to.
        let root = server.locations.iter().find(|location| location.path == "/");
        server.passed_on = root.filter(|root| root.owner.is_some()).and_then(|root| root.upstream.clone());
    }
}

/// Gives servers and locations their policies.
pub(super) fn add_policies(
    servers: &mut [Server],
    annotations: &[Annotations],
    upstreams: &BTreeMap<UpstreamKey, Upstream>,
    config: &Config,
) {
    let everywhere = policy::of_every_host(config);
    for server in servers {
        let mut access = everywhere.clone();
        access.extend(server.host_wide.clients.clone());
        access.extend(server.host_wide.snippet.clone().filter(|snippet| text::refuses(&snippet.value)));
        let of_host = Policy { access, hsts: config.defaults.hsts.clone(), ..Policy::default() };
        let mut known: BTreeMap<Facts<'_>, Arc<Policy>> = BTreeMap::new();
        for location in &mut server.locations {
            let upstream = location.upstream.as_ref().and_then(|key| upstreams.get_key_value(key));
            let facts = Facts {
                owner: location.owner,
                upstream: upstream.map(|(key, _)| key),
                rewrites: location.rewrite.is_some(),
                is_exempt: config.access.no_auth.iter().any(|prefix| location.path.starts_with(prefix.as_str())),
            };
            let shared = known.entry(facts).or_insert_with(|| {
                let mut policy = of_location(location, annotations, config);
                add_host(&mut policy, &of_host, server.backend_tls.as_ref());
                policy.affinity = upstream.and_then(|(_, upstream)| upstream.affinity.clone());
                policy.balance = upstream.and_then(|(_, upstream)| upstream.balance.clone());
                Arc::new(policy)
            });
            location.policy = Arc::clone(shared);
        }
        server.policy = Arc::new(of_host);
    }
}

/// What the policy of a location of one server depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Facts<'u> {
    owner: Option<usize>,
    upstream: Option<&'u UpstreamKey>,
    rewrites: bool,
    is_exempt: bool,
}

fn of_location(location: &Location, annotations: &[Annotations], config: &Config) -> Policy {
    let Some(own) = location.owner.and_then(|owner| annotations.get(owner)) else {
        // No parser of annotations ever ran for it, so that their global twins do not apply.
        let mut policy = policy::global(config);
        policy.access.retain(|access| access.key == "block-cidrs" || access.stage == Stage::Host);
        return policy;
    };
    let mut policy = own.policy.clone();
    if config.access.no_auth.iter().any(|prefix| location.path.starts_with(prefix.as_str())) {
        policy.access.retain(|access| !policy::is_authentication(access));
    }
    if location.rewrite.is_none() {
        policy.request_headers.remove(&X_FORWARDED_PREFIX);
    }
    policy
}

fn add_host(policy: &mut Policy, of_host: &Policy, backend_tls: Option<&BackendTls>) {
    policy.access.extend(of_host.access.iter().cloned());
    if policy.backend_tls.is_none() {
        policy.backend_tls = backend_tls.cloned();
    }
    if !policy.protocol.may_use_tls() {
        policy.backend_tls = None;
    }
}

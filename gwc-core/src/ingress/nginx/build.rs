//! Steps A to I: Ingresses become servers with locations in rendered order.

use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;

use crate::api::core::Service;
use crate::api::ingress::{Ingress, Path, PathType, Rule};
use crate::ingress::nginx::annotation::Annotations;
use crate::ingress::nginx::config::Config;
use crate::ingress::nginx::index::{Names, Paths};
use crate::ingress::nginx::upstream::{self, Upstream, UpstreamKey};
use crate::ingress::nginx::{Certificate, HostWide, Location, Server, Servers, answer, host, policy, tls};
use crate::ingress::pattern::{Case, Search};
use crate::ingress::policy::Policy;
use crate::ingress::{Backend, PathId, World};
use crate::value::ObjectKey;

/// Name of the server for unknown hosts.
pub(super) const CATCH_ALL: &str = "_";
const ROOT: &str = "/";

type Upstreams = BTreeMap<UpstreamKey, Upstream>;

/// An Ingress that is not ignored, with its position in the world.
pub(super) struct Read<'w> {
    pub(super) at: usize,
    ingress: &'w Ingress,
    pub(super) annotations: &'w Annotations,
}

impl Read<'_> {
    pub(super) fn namespace(&self) -> &str {
        &self.ingress.meta.key.namespace
    }

    pub(super) fn is_canary(&self) -> bool {
        self.annotations.canary.is_some()
    }

    fn default_upstream(&self) -> Option<UpstreamKey> {
        self.ingress.default_backend.as_ref().and_then(|backend| upstream::key(self.namespace(), backend))
    }

    /// Rules with their hosts.
    pub(super) fn rules(&self) -> impl Iterator<Item = (usize, &str, &Rule)> {
        self.ingress.rules.iter().enumerate().map(|(at, rule)| (at, host_of(rule), rule))
    }
}

fn host_of(rule: &Rule) -> &str {
    rule.host.as_ref().map_or(CATCH_ALL, |host| host.value.as_str())
}

pub(super) fn build(world: &World<'_>, mut config: Config) -> Servers {
    config.default_backend = config.default_backend.take().or_else(|| first_port(world, &config));
    let all = world.ingresses.iter().enumerate();
    let annotations: Vec<Annotations> =
        all.map(|(at, ingress)| Annotations::read(world, at, ingress, &config)).collect();
    let read: Vec<Read<'_>> = world
        .ingresses
        .iter()
        .zip(&annotations)
        .enumerate()
        .map(|(at, (ingress, annotations))| Read { at, ingress, annotations })
        .filter(|one| one.annotations.rejected.is_none())
        .filter(|one| !(config.disable_catch_all && is_catch_all(one.ingress)))
        .collect();
    let mut upstreams = upstreams(&read, world.services, &config);
    if let Some(backend) = &config.default_backend {
        upstreams.entry(backend.clone()).or_insert_with(|| Upstream::new(None, Some(backend.clone())));
    }
    let (mut servers, index) = new_servers(&read, &config);
    for one in &read {
        add_locations(&mut servers, &index, one, &upstreams);
    }
    for one in read.iter().filter(|one| one.is_canary()) {
        merge_canary(&servers, &index, one, &mut upstreams);
    }
    host::add_facts(&mut servers, &index, &read, &config);
    let secrets = tls::Secrets::of(world);
    let certificates = certificates(&read, &index, &secrets);
    let mut servers: Vec<Server> = servers.into_iter().map(|server| finished(server, &annotations)).collect();
    // File order is that of the names.
    servers.sort_by(|a, b| a.host.cmp(&b.host));
    host::add_policies(&mut servers, &annotations, &upstreams, &config);
    let mut all = Servers {
        by_host: servers.iter().enumerate().map(|(at, server)| (server.host.clone(), at)).collect(),
        names: Names::of(&servers),
        certificates,
        upstreams,
        origins: annotations.iter().map(answer::origins).collect(),
        everywhere: Arc::new(Policy { access: policy::of_every_host(&config), ..Policy::default() }),
        servers,
        annotations,
        config,
    };
    tls::add_other_names(&mut all, &secrets);
    all
}

/// The first port of the Service that the flag names.
fn first_port(world: &World<'_>, config: &Config) -> Option<Backend> {
    let service = config.default_service.clone()?;
    let port = world.services.get(&service).and_then(|known| known.ports.first()).map_or(80, |port| port.port.value);
    Some(Backend { service, port: crate::api::ingress::Port::Number(port) })
}

fn is_catch_all(ingress: &Ingress) -> bool {
    ingress.default_backend.is_some() && ingress.rules.is_empty()
}

/// Step D: the first Ingress that mentions an upstream, canary or not, fixes what it is.
fn upstreams(read: &[Read<'_>], services: &BTreeMap<ObjectKey, &Service>, config: &Config) -> Upstreams {
    let mut upstreams = Upstreams::new();
    for one in read {
        let paths = one.ingress.rules.iter().flat_map(|rule| rule.paths.iter().flatten());
        let backends = one.ingress.default_backend.iter().chain(paths.filter_map(|path| path.backend.as_ref()));
        for key in backends.filter_map(|backend| upstream::key(one.namespace(), backend)) {
            let upstream = upstreams.entry(key).or_insert_with_key(|key| {
                let backend = upstream::resolve(key, services, config.external_names);
                let mut new = Upstream::new(one.annotations.canary.clone(), backend);
                new.is_service = one.annotations.service_upstream;
                new.balance = one.annotations.balance.clone().filter(|_| !new.is_service);
                new
            });
            if let Some(affinity) = one.annotations.affinity.as_ref().filter(|_| !upstream.is_service) {
                upstream.affinity = Some(affinity.clone());
            }
        }
    }
    upstreams
}

/// Step C: a server for each host of an Ingress that is no canary, each with its location `/`.
fn new_servers(read: &[Read<'_>], config: &Config) -> (Vec<Server>, BTreeMap<CompactString, usize>) {
    let mut servers = vec![Server::new(CATCH_ALL, config.default_backend.clone(), None)];
    let mut index = BTreeMap::from([(CompactString::const_new(CATCH_ALL), 0)]);
    let mut has_catch_all = false;
    for one in read.iter().filter(|one| !one.is_canary()) {
        let own = one.default_upstream();
        if own.is_some() && is_catch_all(one.ingress) && !has_catch_all {
            has_catch_all = true;
            if let Some(root) = servers.first_mut().and_then(|server| server.locations.first_mut()) {
                (root.upstream, root.owner, root.is_implicit) = (own.clone(), Some(one.at), false);
            }
        }
        for (_, host, _) in one.rules() {
            if !index.contains_key(host) {
                index.insert(host.into(), servers.len());
                let backend = own.clone().or_else(|| config.default_backend.clone());
                servers.push(Server::new(host, backend, Some(one.at)));
            }
        }
        for (_, host, _) in one.rules() {
            let server = index.get(host).and_then(|at| servers.get_mut(*at));
            if let Some(server) = server.filter(|server| server.aliases.is_empty() && server.host != CATCH_ALL) {
                server.aliases.clone_from(&one.annotations.aliases);
            }
        }
    }
    (servers, index)
}

impl Server {
    fn new(host: &str, backend: Option<UpstreamKey>, owner: Option<usize>) -> Self {
        let root = Location {
            path: CompactString::const_new(ROOT),
            is_exact: false,
            is_implicit: true,
            upstream: backend,
            owner,
            id: None,
            pattern: None,
            rewrite: None,
            policy: Arc::default(),
        };
        Self {
            host: host.into(),
            locations: vec![root],
            is_regex: false,
            app_root: None,
            aliases: Vec::new(),
            from_to_www: false,
            host_wide: HostWide::default(),
            backend_tls: None,
            passed_on: None,
            policy: Arc::default(),
            paths: Paths::default(),
        }
    }
}

/// Step E.
fn add_locations(
    servers: &mut [Server],
    index: &BTreeMap<CompactString, usize>,
    one: &Read<'_>,
    upstreams: &Upstreams,
) {
    for (rule_at, host, rule) in one.rules() {
        let server = servers.get_mut(index.get(host).copied().unwrap_or_default());
        let Some((server, paths)) = server.zip(rule.paths.as_ref()) else { continue };
        for (path_at, path) in paths.iter().enumerate() {
            let id = PathId { ingress: one.at, rule: rule_at, path: path_at };
            let key = path.backend.as_ref().and_then(|backend| upstream::key(one.namespace(), backend));
            // Resources are passed over; upstreams of canaries are nobody's location.
            let Some(key) = key.filter(|key| upstreams.get(key).is_some_and(|own| own.canary.is_none())) else {
                continue;
            };
            add_location(server, path, id, key);
            server.from_to_www |= one.annotations.from_to_www;
        }
    }
}

fn add_location(server: &mut Server, path: &Path, id: PathId, key: UpstreamKey) {
    let text = path.path.as_ref().map_or(ROOT, |path| path.value.as_str());
    let text = if text.is_empty() { ROOT } else { text };
    let is_exact = path.path_type.value == PathType::Exact;
    let mut same =
        server.locations.iter_mut().filter(|location| location.path == text && location.is_exact == is_exact);
    match same.next() {
        Some(location) if location.is_implicit => {
            location.is_implicit = false;
            (location.upstream, location.owner, location.id) = (Some(key), Some(id.ingress), Some(id));
        }
        Some(_) => {}
        None => server.locations.push(Location {
            path: text.into(),
            is_exact,
            is_implicit: false,
            upstream: Some(key),
            owner: Some(id.ingress),
            id: Some(id),
            pattern: None,
            rewrite: None,
            policy: Arc::default(),
        }),
    }
}

/// A canary shares the traffic of the upstream of each location with its host, path and type (§3.5).
fn merge_canary(servers: &[Server], index: &BTreeMap<CompactString, usize>, one: &Read<'_>, upstreams: &mut Upstreams) {
    if let Some(key) = one.default_upstream() {
        let locations = servers.first().map(|server| server.locations.as_slice()).unwrap_or_default();
        share(locations.iter(), &key, upstreams);
    }
    for (_, host, rule) in one.rules() {
        let Some(server) = index.get(host).and_then(|at| servers.get(*at)) else { continue };
        for path in rule.paths.iter().flatten() {
            let key = path.backend.as_ref().and_then(|backend| upstream::key(one.namespace(), backend));
            let Some(key) = key else { continue };
            // As written: an empty path is no `/` here.
            let text = path.path.as_ref().map_or("", |path| path.value.as_str());
            let is_exact = path.path_type.value == PathType::Exact;
            let same = |location: &&Location| location.path == text && location.is_exact == is_exact;
            share(server.locations.iter().filter(same), &key, upstreams);
        }
    }
}

fn share<'s>(locations: impl Iterator<Item = &'s Location>, canary: &UpstreamKey, upstreams: &mut Upstreams) {
    for primary in locations.filter_map(|location| location.upstream.as_ref()) {
        if primary == canary {
            return;
        }
        if let Some(upstream) = upstreams.get_mut(primary).filter(|upstream| upstream.canary.is_none()) {
            upstream.alternative.get_or_insert_with(|| canary.clone());
        }
    }
}

/// The first Ingress of a host that has a `tls` section decides (§2.6).
fn certificates(
    read: &[Read<'_>],
    index: &BTreeMap<CompactString, usize>,
    secrets: &tls::Secrets,
) -> BTreeMap<CompactString, Certificate> {
    let mut certificates = BTreeMap::new();
    for one in read.iter().filter(|one| !one.is_canary() && !one.ingress.tls.is_empty()) {
        for (_, host, _) in one.rules().filter(|(_, host, _)| *host != CATCH_ALL && index.contains_key(*host)) {
            let own = certificates.entry(host.to_ascii_lowercase().into());
            own.or_insert_with(|| tls::of_host(secrets, one.ingress, host));
        }
    }
    certificates
}

/// Steps F to I.
fn finished(mut server: Server, annotations: &[Annotations]) -> Server {
    let of = |location: &Location| rewriting(location, annotations);
    server.locations.sort_by(|a, b| b.path.cmp(&a.path));
    server.locations.sort_by_key(|location| std::cmp::Reverse(location.path.len()));
    let exact: Vec<CompactString> =
        server.locations.iter().filter(|location| location.is_exact).map(|location| location.path.clone()).collect();
    let mut locations = Vec::with_capacity(server.locations.len() * 2);
    for mut location in server.locations {
        let own = of(&location);
        let stays = location.path == ROOT || location.is_exact || own.is_some_and(|own| own.use_regex);
        if stays || needs_rewrite(&location, own) {
            locations.push(location);
            continue;
        }
        let copy = Location { is_exact: true, ..location.clone() };
        if !location.path.ends_with('/') {
            location.path.push('/');
        }
        locations.push(location);
        if !exact.contains(&copy.path) {
            locations.push(copy);
        }
    }
    server.is_regex = locations.iter().any(|location| {
        let own = of(location);
        own.is_some_and(|own| own.use_regex) || needs_rewrite(location, own)
    });
    for location in &mut locations {
        let own = of(location);
        if server.is_regex {
            location.pattern = Some(Search::new(&format!("^{}", location.path), Case::Ignored));
        }
        if needs_rewrite(location, own) {
            location.rewrite = Some(Search::new(&location.path, Case::Ignored));
        }
    }
    server.paths = Paths::of(&locations);
    server.app_root = locations.iter().find_map(|location| Some((of(location)?.app_root.clone()?, location.owner?)));
    server.locations = locations;
    server
}

pub(super) fn needs_rewrite(location: &Location, annotations: Option<&Annotations>) -> bool {
    let target = annotations.and_then(|own| own.rewrite_target.as_ref());
    target.is_some_and(|target| *target != location.path)
}

/// The annotations whose redirects and rewrites apply to a location; those of an Ingress without rules are ignored.
pub(super) fn rewriting<'a>(location: &Location, annotations: &'a [Annotations]) -> Option<&'a Annotations> {
    let is_catch_all = !location.is_implicit && location.id.is_none();
    location.owner.filter(|_| !is_catch_all).and_then(|owner| annotations.get(owner))
}

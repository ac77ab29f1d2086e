//! The Ingress API as its text says it, for controllers that gwc does not know.
//!
//! Exact and Prefix only: what ImplementationSpecific means is the controller's choice, so a request that such a path
//! might take is answered [`Outcome::Unknown`].

use std::collections::BTreeMap;

use compact_str::{CompactString, format_compact};

use crate::api::ingress::{Backend as ApiBackend, PathType, Rule, Target};
use crate::ingress::{Backend, Decided, Forward, Outcome, PathId, Reply, Request, Step, World, uri};
use crate::value::ObjectKey;

#[derive(Debug)]
struct ServedPath {
    path: CompactString,
    path_type: PathType,
    backend: Option<Backend>,
    id: PathId,
}

/// What a controller serves.
#[derive(Debug)]
pub struct Rules {
    /// Paths of all rules that name a host, by its name in lower case; `None`: every host.
    hosts: BTreeMap<Option<CompactString>, Vec<ServedPath>>,
    /// The default backend of the first Ingress that has one.
    default: Option<(Option<Backend>, usize)>,
}

impl Rules {
    /// Reads the Ingresses once.
    #[must_use]
    pub fn compile(world: &World<'_>) -> Self {
        let mut rules = Self { hosts: BTreeMap::new(), default: None };
        for (at, ingress) in world.ingresses.iter().enumerate() {
            let namespace = ingress.meta.key.namespace.as_str();
            if let Some(backend) = ingress.default_backend.as_ref().filter(|_| rules.default.is_none()) {
                rules.default = Some((resolved(namespace, backend, world), at));
            }
            for (rule_at, rule) in ingress.rules.iter().enumerate() {
                rules.add_rule(rule, (at, rule_at), namespace, world);
            }
        }
        rules
    }

    fn add_rule(&mut self, rule: &Rule, (ingress, rule_at): (usize, usize), namespace: &str, world: &World<'_>) {
        let name = rule.host.as_ref().map(|host| host.value.to_ascii_lowercase());
        for (path_at, path) in rule.paths.iter().flatten().enumerate() {
            let text = path.path.as_ref().map_or("/", |path| path.value.as_str());
            let served = ServedPath {
                path: if text.is_empty() { "/".into() } else { text.into() },
                path_type: path.path_type.value,
                backend: path.backend.as_ref().and_then(|backend| resolved(namespace, backend, world)),
                id: PathId { ingress, rule: rule_at, path: path_at },
            };
            self.add(name.clone(), served);
        }
    }

    /// The first Ingress with a host, path and type wins.
    fn add(&mut self, name: Option<CompactString>, served: ServedPath) {
        let paths = self.hosts.entry(name).or_default();
        if !paths.iter().any(|own| own.path == served.path && own.path_type == served.path_type) {
            paths.push(served);
        }
    }

    /// The answer to a request.
    #[must_use]
    pub fn evaluate(&self, request: &Request<'_>) -> Reply {
        let (Some(host), Some(target)) = (uri::host(request.host), uri::target(request.target)) else {
            return Reply::fixed(400, Step::BadRequest);
        };
        let path = String::from_utf8_lossy(&target.path);
        let paths = self.host(&host).unwrap_or_default();
        let known = paths.iter().filter(|one| takes(one, &path));
        // The longest path, and of equal ones the exact one.
        let best = known.max_by_key(|one| (one.path.trim_end_matches('/').len(), one.path_type == PathType::Exact));
        let unknown = paths.iter().find(|one| one.path_type == PathType::ImplementationSpecific && near(one, &path));
        let exact = best.is_some_and(|one| one.path_type == PathType::Exact);
        if let Some(one) = unknown.filter(|_| !exact) {
            return Reply::unknown(one.path.clone(), Step::NoLocation);
        }
        match (best, &self.default) {
            (Some(one), _) => {
                let decided = Decided { ingress: one.id.ingress, path: Some(one.id), rendered: one.path.clone() };
                reply(one.backend.as_ref(), decided, request)
            }
            (None, Some((backend, at))) => {
                let decided = Decided { ingress: *at, path: None, rendered: CompactString::const_new("/") };
                reply(backend.as_ref(), decided, request)
            }
            (None, None) => Reply::fixed(404, Step::NoLocation),
        }
    }

    /// Hosts of rules, lower case; `None`: every other.
    pub fn hosts(&self) -> impl Iterator<Item = Option<&str>> {
        self.hosts.keys().map(Option::as_deref)
    }

    /// The host of the rules that are read for a name; the inner `None`: those for every other.
    #[must_use]
    pub fn host_of(&self, name: &str) -> Option<Option<&str>> {
        self.entry(name).map(|(host, _)| host)
    }

    /// Paths of a host with their types.
    pub fn paths(&self, host: Option<&str>) -> impl Iterator<Item = (&str, PathType)> {
        let own = self.hosts.get(&host.map(CompactString::from)).into_iter().flatten();
        own.map(|one| (one.path.as_str(), one.path_type))
    }

    fn host(&self, host: &str) -> Option<&[ServedPath]> {
        self.entry(host).map(|(_, paths)| paths)
    }

    fn entry(&self, host: &str) -> Option<(Option<&str>, &[ServedPath])> {
        let named = |name: Option<CompactString>| {
            self.hosts.get_key_value(&name).map(|(name, paths)| (name.as_deref(), paths.as_slice()))
        };
        let wildcard = || host.split_once('.').and_then(|(_, parent)| named(Some(format_compact!("*.{parent}"))));
        named(Some(host.into())).or_else(wildcard).or_else(|| named(None))
    }
}

fn resolved(namespace: &str, backend: &ApiBackend, world: &World<'_>) -> Option<Backend> {
    let Target::Service { name, port } = &backend.target else { return None };
    let key = ObjectKey::new(namespace, name.value.clone());
    let Some(service) = world.services.get(&key) else {
        return Some(Backend { service: key, port: port.value.clone() });
    };
    let text = port.value.to_string();
    let meant = service
        .ports
        .iter()
        .find(|own| own.port.value.to_string() == text || own.name.as_ref().is_some_and(|name| name.value == text));
    meant.map(|own| Backend { service: key, port: crate::api::ingress::Port::Number(own.port.value) })
}

/// By elements, a final slash ignored.
fn takes(own: &ServedPath, path: &str) -> bool {
    match own.path_type {
        PathType::Exact => own.path == path,
        PathType::Prefix => {
            let rest = path.strip_prefix(own.path.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        PathType::ImplementationSpecific => false,
    }
}

/// Might a controller read the path so that it takes this one? Letters before the first sign of a pattern decide.
fn near(own: &ServedPath, path: &str) -> bool {
    let end = own.path.find(|c: char| !c.is_alphanumeric() && !"-_/~".contains(c)).unwrap_or(own.path.len());
    let literal = own.path.get(..end).unwrap_or_default().trim_end_matches('/');
    path.to_ascii_lowercase().starts_with(&literal.to_ascii_lowercase())
}

/// The text of the API knows no policies.
fn reply(backend: Option<&Backend>, decided: Decided, request: &Request<'_>) -> Reply {
    let outcome = backend.map_or(Outcome::Fixed { code: 503 }, |backend| {
        let (target, host) = (request.target.to_owned(), request.host.to_owned());
        Outcome::Forward(Forward { shares: vec![(backend.clone(), 1)], target, host })
    });
    Reply { outcome, decided: Some(decided), step: Step::Backend, policy: None }
}

//! The target: the Gateways of a class in the match IR of the emitted text, and what their entries look at.
//!
//! With several Gateways a name is asked where a listener is for it, any other name everywhere (ingress-migrate.md
//! §5.1): each Gateway has its own address, and the cut-over plan says which one a host belongs to.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use compact_str::{CompactString, ToCompactString};

use crate::ingress::Scheme;
use crate::ir::tls::ListenerTls;
use crate::ir::{Config, Entry, Listener, Match, Rule};
use crate::predict::{Prediction, Predictor};
use crate::prove::outcome::Outcome;
use crate::prove::request::Request;
use crate::value::{Hostname, ObjectKey};

/// Gateways that serve a class.
#[derive(Debug)]
pub struct Target<'t> {
    predictor: &'t Predictor<'t>,
    /// Positions of their sockets, in clear text and over TLS.
    clear: Vec<usize>,
    encrypted: Vec<usize>,
    /// Gateways with a listener for a hostname, as the position in [`Config::gateways`].
    holders: BTreeMap<CompactString, BTreeSet<u32>>,
    /// Gateways with a route for a hostname, for names that no listener is for.
    routed: BTreeMap<CompactString, BTreeSet<u32>>,
    /// By socket and listener.
    indexes: BTreeMap<(usize, usize), Index>,
}

/// Entries of a listener by hostname.
#[derive(Debug, Default)]
struct Index {
    /// Ranges in [`Listener::entries`]; the empty name stands for any.
    by_name: BTreeMap<CompactString, Vec<Range<usize>>>,
}

/// What the target does with a request, and what decides.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The outcome.
    pub outcome: Outcome,
    /// Port of the socket; 0: there is none.
    pub port: u16,
    prediction: Option<Prediction>,
}

/// The rule that takes a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleId {
    /// `Kind/namespace/name` of the route.
    pub route: String,
    /// Position in `spec.rules`.
    pub rule: u32,
    /// Position in `matches`.
    pub position: Option<u32>,
}

impl<'t> Target<'t> {
    /// Looks at the sockets of these Gateways.
    #[must_use]
    pub fn new(predictor: &'t Predictor<'t>, gateways: &[ObjectKey]) -> Self {
        let config = predictor.config();
        let mut target = Self {
            predictor,
            clear: Vec::new(),
            encrypted: Vec::new(),
            holders: BTreeMap::new(),
            routed: BTreeMap::new(),
            indexes: BTreeMap::new(),
        };
        for (at, socket) in config.sockets.iter().enumerate() {
            let gateway = config.gateway(socket);
            let is_own = |key: &ObjectKey| key.namespace == *gateway.namespace && key.name == *gateway.name;
            if !gateways.iter().any(is_own) {
                continue;
            }
            target.add(at, socket);
        }
        target
    }

    /// A socket of the class.
    fn add(&mut self, at: usize, socket: &crate::ir::Socket) {
        if socket.listeners.iter().any(|listener| listener.protocol.is_tls()) {
            self.encrypted.push(at);
        } else if socket.listeners.iter().any(|listener| listener.protocol.is_http()) {
            self.clear.push(at);
        }
        for (position, listener) in socket.listeners.iter().enumerate() {
            let hostname = listener.hostname.as_ref().map(ToCompactString::to_compact_string);
            hostname.into_iter().for_each(|hostname| self.hold(hostname, socket.gateway));
            let index = Index::of(listener);
            for name in index.by_name.keys().filter(|name| !name.is_empty()) {
                self.routed.entry(name.clone()).or_default().insert(socket.gateway);
            }
            self.indexes.insert((at, position), index);
        }
    }

    /// Names that are at one Gateway, although no listener says so: DNS will.
    #[must_use]
    pub fn with_homes(mut self, homes: &BTreeMap<CompactString, ObjectKey>) -> Self {
        let config = self.config();
        for (name, home) in homes {
            let is_it =
                |gateway: &crate::ir::Gateway| home.namespace == *gateway.namespace && home.name == *gateway.name;
            let at = config.gateways.iter().position(is_it).and_then(|at| u32::try_from(at).ok());
            if let Some(at) = at.filter(|_| !self.holders.contains_key(name)) {
                self.hold(name.clone(), at);
            }
        }
        self
    }

    fn hold(&mut self, hostname: CompactString, gateway: u32) {
        self.holders.entry(hostname).or_default().insert(gateway);
    }

    /// The IR.
    #[must_use]
    pub fn config(&self) -> &'t Config {
        self.predictor.config()
    }

    /// Every hostname of listeners and routes; `*.` marks wildcards.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let indexes = self.indexes.values().flat_map(|index| index.by_name.keys());
        let names = self.holders.keys().chain(indexes).filter(|name| !name.is_empty());
        names.map(ToString::to_string).collect()
    }

    /// Sockets where a name is asked.
    pub(super) fn sockets(&self, scheme: Scheme, name: &str) -> Vec<usize> {
        let all = if scheme == Scheme::Https { &self.encrypted } else { &self.clear };
        let named = |map: &'_ BTreeMap<CompactString, BTreeSet<u32>>| {
            covering(name).find_map(|hostname| map.get(&hostname).cloned())
        };
        let holders = named(&self.holders).or_else(|| named(&self.routed));
        let Some(holders) = holders.filter(|_| all.len() > 1) else { return all.clone() };
        let is_held = |at: &&usize| self.config().sockets.get(**at).is_some_and(|one| holders.contains(&one.gateway));
        all.iter().filter(is_held).copied().collect()
    }

    /// Asks a socket; `None`: there is none.
    pub(super) fn ask(&self, socket: Option<usize>, request: &Request) -> Answer {
        let found = socket.and_then(|at| Some((at, self.config().sockets.get(at)?.port)));
        let Some((at, port)) = found else {
            return Answer { outcome: Outcome::Closed, port: 0, prediction: None };
        };
        let mut prediction = self.predictor.predict(at, &request.at_port(port));
        let outcome = std::mem::replace(
            &mut prediction.outcome,
            crate::predict::Outcome::Closed(crate::predict::Closed::NoRoute),
        );
        let outcome = Outcome::of_target(outcome, &request.host, self.config());
        Answer { outcome, port, prediction: Some(prediction) }
    }

    /// Entries that a name can reach at a socket.
    pub(super) fn entries(&self, socket: usize, name: &str, scheme: Scheme) -> Vec<&'t Entry> {
        let probe = Request::get(scheme, name, "/");
        let Some(listener) = self.ask(Some(socket), &probe).prediction.and_then(|one| one.listener) else {
            return Vec::new();
        };
        let own = self.config().sockets.get(socket).and_then(|socket| socket.listeners.get(listener));
        let (Some(own), Some(index)) = (own, self.indexes.get(&(socket, listener))) else { return Vec::new() };
        let names = covering(name).chain([CompactString::default()]);
        let ranges = names.filter_map(|name| index.by_name.get(&name)).flatten();
        ranges.filter_map(|range| own.entries.get(range.clone())).flatten().collect()
    }

    /// Certificates that the listener of an answer may show; `None`: they are not known.
    pub(super) fn certificates(&self, answer: &Answer) -> Option<BTreeSet<&'t str>> {
        let listener = answer.prediction.as_ref()?.listener(self.config())?;
        let ListenerTls::Terminate(own) = listener.tls.as_ref()? else { return None };
        let names: BTreeSet<&str> = own.certificates.iter().map(|one| one.0.as_str()).collect();
        (!names.is_empty()).then_some(names)
    }

    /// The rule behind an answer.
    #[must_use]
    pub fn rule(&self, answer: &Answer) -> Option<&'t Rule> {
        Some(self.config().rule(self.entry(answer)?))
    }

    /// The match behind an answer.
    pub(super) fn found(&self, answer: &Answer) -> Option<&'t Match> {
        self.config().match_of(self.entry(answer)?)
    }

    /// The hostname by which the answer was found; `None`: any.
    pub(super) fn hostname(&self, answer: &Answer) -> Option<&'t Hostname> {
        let listener = answer.prediction.as_ref()?.listener(self.config())?;
        listener.hosts.get(self.entry(answer)?.host as usize)?.matches.as_ref()
    }

    fn entry(&self, answer: &Answer) -> Option<&'t Entry> {
        let prediction = answer.prediction.as_ref()?;
        prediction.listener(self.config())?.entries.get(prediction.entry?)
    }

    /// The rule behind an answer, for people.
    #[must_use]
    pub fn rule_id(&self, answer: &Answer) -> Option<RuleId> {
        let trace = &self.rule(answer)?.trace;
        let route = format!("{}/{}/{}", trace.kind.name(), trace.namespace, trace.name);
        Some(RuleId { route, rule: trace.rule, position: self.entry(answer)?.r#match })
    }
}

impl Index {
    fn of(listener: &Listener) -> Self {
        let mut index = Self::default();
        let mut start = 0;
        for run in listener.entries.chunk_by(|one, next| one.host == next.host) {
            let host = run.first().and_then(|entry| listener.hosts.get(entry.host as usize));
            let name = host.and_then(|host| host.matches.as_ref()).map(ToCompactString::to_compact_string);
            index.by_name.entry(name.unwrap_or_default()).or_default().push(start..start + run.len());
            start += run.len();
        }
        index
    }
}

/// A name and the wildcards that cover it, narrowest first. A wildcard is covered by itself and by wider ones.
pub(super) fn covering(name: &str) -> impl Iterator<Item = CompactString> {
    let dots = name.match_indices('.').map(|(at, _)| at).filter(|at| *at > 0);
    let wildcards = dots.filter_map(|at| name.get(at..)).map(|suffix| compact_str::format_compact!("*{suffix}"));
    std::iter::once(CompactString::from(name)).chain(wildcards)
}

//! Many requests: how they spread over rules, which match nothing, which rules none reaches (`gwc.route-batch/v1`).
//!
//! Records are read in `source.rs`, `har.rs` and `log.rs`, one request at a time: a log may be larger than memory.

use std::collections::BTreeMap;

use gwc_core::ir::Config;
use gwc_core::predict::{self, Outcome, Predictor, Request, Scheme};
use schemars::JsonSchema;
use serde::Serialize;

use crate::route::World;
use crate::route::model::At;
use crate::route::outcome::{answered_words, closed_words, percent};
use crate::route::scope::GatewayName;

pub(crate) mod har;
pub(crate) mod log;
pub(crate) mod source;

/// Name and version of the shape.
pub(crate) const SCHEMA: &str = "gwc.route-batch/v1";

/// What a record was, besides its requests.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// How many requests.
    pub(crate) requests: usize,
    /// Lines or entries that are no request, and the first of them.
    pub(crate) unreadable: Unreadable,
    /// Entries that never reach a gateway, such as `data:` URLs.
    pub(crate) skipped: usize,
}

/// What could not be read.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Unreadable {
    /// How many.
    pub(crate) count: usize,
    /// Line of the first, or number of the entry, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<usize>,
    /// What is wrong with the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
}

impl Unreadable {
    fn add(&mut self, number: usize, problem: &str) {
        self.count += 1;
        if self.first.is_none() {
            self.first = Some(number);
            self.problem = Some(problem.to_owned());
        }
    }
}

/// The whole document.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchReport {
    /// Always `gwc.route-batch/v1`.
    pub(crate) schema: &'static str,
    /// Name of the record.
    pub(crate) record: String,
    /// Requests in it.
    pub(crate) requests: usize,
    /// What could not be read.
    pub(crate) unreadable: Unreadable,
    /// Entries that never reach a gateway.
    pub(crate) skipped: usize,
    /// One per world.
    pub(crate) worlds: Vec<WorldShare>,
}

/// What one world does with the requests.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorldShare {
    /// Name of the world, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) world: Option<String>,
    /// Requests that a rule took at some Gateway.
    pub(crate) matched: usize,
    /// All others.
    pub(crate) unmatched: usize,
    /// Rules with requests, most first.
    pub(crate) rules: Vec<RuleShare>,
    /// The most frequent unmatched requests.
    pub(crate) unmatched_requests: Vec<UnmatchedRequest>,
    /// Further ones, by method, host and path.
    pub(crate) more_unmatched: usize,
    /// Rules in question that no request reached.
    pub(crate) rules_without_requests: Vec<RuleName>,
    /// Rules that at least one request reached.
    pub(crate) rules_hit: usize,
    /// Rules in question: those of the Gateways asked.
    pub(crate) rules_total: usize,
}

/// A rule and its part of the requests.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RuleShare {
    /// The rule.
    pub(crate) rule: RuleName,
    /// Requests that it took; one that several Gateways give to the same rule counts once.
    pub(crate) requests: usize,
    /// Percent of all requests.
    pub(crate) percent: f64,
}

/// A rule by name.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RuleName {
    /// Kind of the route.
    pub(crate) kind: &'static str,
    /// Namespace of the route.
    pub(crate) namespace: String,
    /// Name of the route.
    pub(crate) name: String,
    /// Position in `spec.rules`.
    pub(crate) rule: u32,
    /// Name of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule_name: Option<String>,
    /// Where it is written.
    pub(crate) location: Option<At>,
}

/// Requests that no rule took.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct UnmatchedRequest {
    /// Method.
    pub(crate) method: String,
    /// Scheme.
    pub(crate) scheme: &'static str,
    /// Host as sent.
    pub(crate) authority: String,
    /// Path without query.
    pub(crate) path: String,
    /// How many.
    pub(crate) requests: usize,
    /// Why, in one word; `NoGateway`: nothing listens on the port.
    pub(crate) reason: &'static str,
}

/// Method, scheme, authority, path.
type Key = (String, Scheme, String, String);

/// Requests counted so far in one world.
pub(crate) struct Tally<'w> {
    world: &'w World<'w>,
    gateway: Option<&'w GatewayName>,
    predictor: Predictor<'w>,
    /// By transport and port.
    sockets: BTreeMap<(bool, u16), Vec<usize>>,
    /// By rule.
    hits: Vec<usize>,
    matched: usize,
    /// How often, and why.
    unmatched: BTreeMap<Key, (usize, &'static str)>,
    /// Rules of the request at hand.
    taken: Vec<usize>,
}

impl<'w> Tally<'w> {
    /// Nothing counted yet.
    pub(crate) fn new(world: &'w World<'w>, gateway: Option<&'w GatewayName>) -> Self {
        let config = world.config();
        Self {
            world,
            gateway,
            predictor: Predictor::new(config),
            sockets: BTreeMap::new(),
            hits: vec![0; config.rules.len()],
            matched: 0,
            unmatched: BTreeMap::new(),
            taken: Vec::new(),
        }
    }

    /// Counts a request.
    pub(crate) fn add(&mut self, request: &Request) {
        let (config, gateway) = (self.world.config(), self.gateway);
        let key = (request.scheme == Scheme::Udp, request.port);
        let sockets = self.sockets.entry(key).or_insert_with(|| at(config, request, gateway));
        self.taken.clear();
        let mut reason = "NoGateway";
        for socket in sockets.iter() {
            let prediction = self.predictor.predict(*socket, request);
            match prediction.entry(config).map(|entry| entry.rule as usize) {
                Some(rule) if !self.taken.contains(&rule) => self.taken.push(rule),
                Some(_) => {}
                None => reason = unmatched(&prediction.outcome),
            }
        }
        if self.taken.is_empty() {
            let path = request.target.split('?').next().unwrap_or_default().to_owned();
            let authority = request.authority.clone().unwrap_or_default();
            let key = (request.method.clone(), request.scheme, authority, path);
            self.unmatched.entry(key).or_insert((0, reason)).0 += 1;
            return;
        }
        self.matched += 1;
        for rule in &self.taken {
            if let Some(hits) = self.hits.get_mut(*rule) {
                *hits += 1;
            }
        }
    }

    /// The account of `total` requests; `top` bounds the list of unmatched ones.
    pub(crate) fn finish(self, total: usize, top: usize) -> WorldShare {
        let Self { world, hits, .. } = self;
        let name = |position: usize| rule_name(world, position);
        let reached = |position: &usize| hits.get(*position).is_some_and(|hits| *hits > 0);
        let mut rules: Vec<usize> = (0..hits.len()).filter(reached).collect();
        rules.sort_by_key(|position| (std::cmp::Reverse(hits.get(*position)), *position));
        let served = served(world.config(), self.gateway);
        let idle: Vec<usize> = served.iter().copied().filter(|position| !reached(position)).collect();
        let n_unmatched = self.unmatched.values().map(|(count, _)| count).sum();
        let mut unmatched: Vec<(Key, (usize, &'static str))> = self.unmatched.into_iter().collect();
        // Stable, so equals stay in the order of their keys.
        unmatched.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let more = unmatched.len().saturating_sub(top);
        let request = |((method, scheme, authority, path), (requests, reason)): (Key, (usize, &'static str))| {
            UnmatchedRequest { method, scheme: scheme.name(), authority, path, requests, reason }
        };
        let share = |position: &usize| {
            let requests = hits.get(*position).copied().unwrap_or_default();
            let part = percent(u64::try_from(requests).unwrap_or(u64::MAX), u64::try_from(total).unwrap_or(u64::MAX));
            Some(RuleShare { rule: name(*position)?, requests, percent: part })
        };
        WorldShare {
            world: world.name.map(str::to_owned),
            matched: self.matched,
            unmatched: n_unmatched,
            rules_hit: rules.len(),
            rules: rules.iter().filter_map(share).collect(),
            unmatched_requests: unmatched.into_iter().take(top).map(request).collect(),
            more_unmatched: more,
            rules_total: served.len(),
            rules_without_requests: idle.into_iter().filter_map(name).collect(),
        }
    }
}

/// Sockets of a request, those of the wanted Gateway and listener alone.
fn at(config: &Config, request: &Request, gateway: Option<&GatewayName>) -> Vec<usize> {
    let named = gateway.map(|name| (name.namespace.as_str(), name.name.as_str()));
    let all = predict::sockets(config, request, named);
    let is_wanted = |at: &usize| {
        let socket = config.sockets.get(*at);
        socket.is_some_and(|socket| gateway.is_none_or(|name| name.has_listener(socket)))
    };
    all.into_iter().filter(is_wanted).collect()
}

/// Why no rule took a request, in one word.
fn unmatched(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Closed(closed) => closed_words(*closed).0,
        Outcome::Answered(answer) => answered_words(answer.by).0,
        Outcome::Forwarded(_) => "NoRule",
    }
}

/// Positions of the rules that the Gateways in question serve.
fn served(config: &Config, gateway: Option<&GatewayName>) -> Vec<usize> {
    let mut is_served = vec![false; config.rules.len()];
    let sockets = config.sockets.iter().filter(|socket| gateway.is_none_or(|name| name.is_of(config, socket)));
    let listeners = sockets.flat_map(|socket| &socket.listeners);
    let wanted = gateway.and_then(|name| name.listener.as_deref());
    let listeners = listeners.filter(|listener| wanted.is_none_or(|name| listener.name == name));
    for entry in listeners.flat_map(|listener| &listener.entries) {
        if let Some(slot) = is_served.get_mut(entry.rule as usize) {
            *slot = true;
        }
    }
    is_served.into_iter().enumerate().filter(|(_, is_served)| *is_served).map(|(position, _)| position).collect()
}

fn rule_name(world: &World<'_>, position: usize) -> Option<RuleName> {
    let trace = &world.config().rules.get(position)?.trace;
    Some(RuleName {
        kind: trace.kind.name(),
        namespace: trace.namespace.to_string(),
        name: trace.name.to_string(),
        rule: trace.rule,
        rule_name: trace.rule_name.as_ref().map(ToString::to_string),
        location: world.at(trace.place),
    })
}

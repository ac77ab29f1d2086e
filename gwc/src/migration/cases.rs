//! Requests with the answers of the old controller: witnesses of the verification, and one for each path of an Ingress.
//!
//! They become tests of `gwc test` (`--record`), and requests for two running addresses (`--old`, `--new`); see
//! ingress-migrate.md §7.5.

use std::collections::BTreeSet;

use gwc_core::api::ingress::{Ingress, PathType};
use gwc_core::ingress::Scheme;
use gwc_core::predict::{self, Predictor};
use gwc_core::prove::{Outcome, Request, Source, Verification};
use gwc_core::value::ObjectKey;
use gwc_core::value::pattern;

/// A request and its answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    /// What it stands for: an Ingress, or a finding.
    pub(crate) name: String,
    /// The request.
    pub(crate) request: Request,
    /// What the source does.
    pub(crate) old: Outcome,
    /// What the target does; `None`: no socket takes it.
    pub(crate) new: Option<Outcome>,
    /// Port of the target's socket.
    pub(crate) port: u16,
}

impl Case {
    /// Do both sides do the same?
    pub(crate) fn is_equal(&self) -> bool {
        self.new.as_ref().is_some_and(|new| self.old.differences(new).is_empty())
    }
}

/// Both sides of a class.
pub(crate) struct Sides<'s> {
    /// The controller.
    pub(crate) source: Source<'s>,
    /// The written text.
    pub(crate) predictor: &'s Predictor<'s>,
    /// Gateways of the class.
    pub(crate) gateways: &'s [ObjectKey],
}

/// Witnesses first, then a request for each path, over each scheme that is served.
pub(crate) fn of_class(sides: &Sides<'_>, ingresses: &[&Ingress], result: &Verification) -> Vec<Case> {
    let explained = result.explained.values().map(|witness| ("announced", witness));
    let unexplained = result.unexplained.iter().map(|difference| ("unannounced", &difference.witness));
    let mut seen = BTreeSet::new();
    let mut cases = Vec::new();
    for (what, witness) in explained.chain(unexplained) {
        if seen.insert(witness.request.line()) {
            cases.push(sides.case(format!("{what} difference: {}", witness.request.line()), witness.request.clone()));
        }
    }
    for (ingress, (host, target)) in ingresses.iter().flat_map(|one| places(one).into_iter().map(move |at| (one, at))) {
        for request in [Scheme::Http, Scheme::Https].map(|scheme| Request::get(scheme, &host, &target)) {
            let is_new = seen.insert(request.line());
            let case = is_new.then(|| sides.case(format!("{} {}", ingress.meta.key, request.line()), request));
            // Where neither side listens there is nothing to keep.
            cases.extend(case.filter(|case| case.new.is_some()));
        }
    }
    cases
}

/// Host and path of each path of an Ingress.
fn places(ingress: &Ingress) -> Vec<(String, String)> {
    let mut places = Vec::new();
    for rule in &ingress.rules {
        let host = match rule.host.as_ref().map(|host| host.value.to_lowercase()) {
            None => "any.test".to_owned(),
            Some(host) => match host.strip_prefix("*.") {
                Some(parent) => format!("any.{parent}"),
                None => host.to_string(),
            },
        };
        for path in rule.paths.iter().flatten() {
            let text = path.path.as_ref().map_or("/", |path| path.value.as_str());
            let text = if text.is_empty() { "/" } else { text };
            let target = match path.path_type.value {
                PathType::Exact => Some(text.to_owned()),
                PathType::Prefix => Some(format!("{}/x", text.trim_end_matches('/'))),
                PathType::ImplementationSpecific => sampled(text),
            };
            places.extend(target.filter(|target| target.starts_with('/')).map(|target| (host.clone(), target)));
        }
    }
    places
}

/// A path that an expression takes.
fn sampled(text: &str) -> Option<String> {
    let is_plain = !text.contains(['(', '[', '.', '*', '+', '?', '\\', '^', '$', '{', '|']);
    if is_plain { Some(text.to_owned()) } else { pattern::sample(text) }
}

impl Sides<'_> {
    fn case(&self, name: String, request: Request) -> Case {
        let old = self.source.ask(&request).outcome;
        let config = self.predictor.config();
        let is_own = |at: &usize| {
            let gateway = config.sockets.get(*at).map(|socket| config.gateway(socket));
            gateway.is_some_and(|own| {
                self.gateways.iter().any(|key| key.namespace == *own.namespace && key.name == *own.name)
            })
        };
        let is_fit = |at: &usize| {
            let listeners = config.sockets.get(*at).map_or(&[][..], |socket| &socket.listeners);
            let is_tls = listeners.iter().any(|one| one.protocol.is_tls());
            is_tls == (request.scheme == Scheme::Https)
        };
        let socket = (0..config.sockets.len()).find(|at| is_own(at) && is_fit(at));
        let port = socket.and_then(|at| config.sockets.get(at)).map_or(0, |socket| socket.port);
        let asked: predict::Request = request.at_port(port);
        let answer = socket.map(|at| self.predictor.predict(at, &asked).outcome);
        let new = answer.map(|outcome| Outcome::of_target(outcome, &request.host, config));
        Case { name, request, old, new, port }
    }
}

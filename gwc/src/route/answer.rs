//! From a prediction to the account of it.

use std::collections::BTreeSet;

use gwc_core::eval::{Fact, ParentVerdict};
use gwc_core::ir::rule::Timeouts;
use gwc_core::predict::{Outcome, Prediction, Request};
use gwc_core::status::message;

use crate::route::candidates::{Listed, Scene};
use crate::route::model::{Answer, Assumption, HeaderLine, ObjectKey, SentRequest, SocketName};
use crate::route::{World, listeners, outcome};

/// How many matches are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Those that came near.
    Near,
    /// All of the listener.
    All,
}

/// The account of one prediction; `None` for one that belongs to another world.
pub(crate) fn answer(world: &World<'_>, request: &Request, prediction: &Prediction, extent: Extent) -> Option<Answer> {
    let config = world.config();
    let socket = config.sockets.get(prediction.socket)?;
    let gateway = config.gateway(socket);
    let scene = Scene::new(world, request, prediction);
    let listed = scene.as_ref().map(|scene| match extent {
        Extent::Near => scene.near(),
        Extent::All => scene.all(),
    });
    let Listed { candidates, more } = listed.unwrap_or_default();
    let entry =
        scene.as_ref().and_then(|scene| Some((scene, scene.winner?, scene.listener.entries.get(scene.winner?)?)));
    let rule = entry.map(|(_, _, entry)| config.rule(entry));
    let forward = match &prediction.outcome {
        Outcome::Forwarded(forward) => Some(forward),
        Outcome::Closed(_) | Outcome::Answered(_) => None,
    };
    let backends = rule.map(|rule| outcome::backends(config, request, rule, &prediction.outcome)).unwrap_or_default();
    Some(Answer {
        world: world.name.map(str::to_owned),
        request: sent(request),
        gateway: ObjectKey { namespace: gateway.namespace.to_string(), name: gateway.name.to_string() },
        socket: SocketName { transport: socket.transport.name(), port: socket.port },
        listeners: listeners::steps(world, socket, request, prediction),
        host: prediction.host.clone(),
        path: prediction.path.clone(),
        hostnames: scene.as_ref().map(Scene::hostnames).unwrap_or_default(),
        rule: entry.map(|(scene, position, entry)| scene.candidate(position, entry)),
        candidates,
        more_candidates: more,
        filters: rule.map(|rule| outcome::filters(config, rule)).unwrap_or_default(),
        outcome: outcome::ending(&prediction.outcome),
        redirects: None,
        backends,
        mirrors: forward.map(|forward| outcome::mirrors(config, request, forward)).unwrap_or_default(),
        external_auth: forward
            .and_then(|forward| forward.external_auth)
            .map(|position| outcome::target(config, &gwc_core::ir::Target::Backend(position))),
        timeouts: rule.map_or_else(Timeouts::default, |rule| rule.timeouts),
        retry: rule.and_then(|rule| rule.retry.as_deref().cloned()),
        session_persistence: rule.and_then(|rule| rule.session_persistence.as_deref().cloned()),
        assumptions: assumptions(world, prediction, entry.map(|(_, _, entry)| entry.rule as usize)),
        why_not: Vec::new(),
    })
}

/// The request as printed.
pub(crate) fn sent(request: &Request) -> SentRequest {
    let line = |(name, value): &(String, String)| HeaderLine { name: name.clone(), value: value.clone() };
    SentRequest {
        scheme: request.scheme.name(),
        method: request.method.clone(),
        authority: request.authority.clone(),
        sni: request.sni.clone(),
        port: request.port,
        target: request.target.clone(),
        headers: request.headers.iter().map(line).collect(),
    }
}

/// What the answer rests on: the listener that took the request, the rule, and routes of which nobody can say whether
/// they attach to the listener.
fn assumptions(world: &World<'_>, prediction: &Prediction, rule: Option<usize>) -> Vec<Assumption> {
    let compilation = &world.run.compilation;
    let (graph, evaluation, lowered) = (&compilation.graph, &compilation.evaluation, &compilation.lowered);
    let listener = lowered.listeners.get(prediction.socket).zip(prediction.listener);
    let listener = listener.and_then(|(listeners, position)| listeners.get(position)).copied();
    let verdict = listener.and_then(|id| evaluation.listeners.get(id.index()));
    let supports = verdict.into_iter().flat_map(|one| [&one.accepted.support, &one.resolved_refs.support]);
    let origin = rule.and_then(|rule| lowered.origins.get(rule)).map(|origin| &origin.support);
    let facts: BTreeSet<&Fact> = supports.chain(origin).flat_map(|support| &support.assumptions).collect();
    let known = &world.run.spec.profile.world.assumptions;
    let told = |fact: &Fact| {
        let given = message::given_flag(fact, known).filter(|_| evaluation.used_assumptions.contains(fact));
        let is_given = given.is_some();
        Assumption {
            fact: message::describe(fact),
            flag: given.or_else(|| message::assume_flag(fact)),
            given: is_given,
        }
    };
    let mut all: Vec<Assumption> = facts.into_iter().map(told).collect();
    for route in verdict.into_iter().flat_map(|one| &one.undetermined_routes) {
        let missing = evaluation.routes.get(route.index()).into_iter().flat_map(|verdict| &verdict.parents);
        let missing = missing.flat_map(|parent| match parent {
            ParentVerdict::Entry(entry) => entry.accepted.support.missing.iter().collect(),
            ParentVerdict::NoEntry(_) => Vec::new(),
        });
        let meta = &graph.routes[*route].meta;
        let fact = format!("{} `{}` does not attach to the listener", meta.kind.value, meta.key);
        all.push(Assumption { fact, flag: missing.filter_map(message::assume_flag).next(), given: false });
    }
    all
}

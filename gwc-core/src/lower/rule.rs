//! Rules of routes to rules of the IR, each once however many listeners serve it.

use crate::api::route::{self, Matches, RouteKind};
use crate::eval::{ReferencePlace, RouteReference, Support};
use crate::ir::rule::{Match, Retry, Rule, Timeouts};
use crate::ir::secret::SecretStore;
use crate::ir::{Backend, BackendProtocol, Str, Trace, WeightedBackend};
use crate::lower::backend::{Backends, is_assumed};
use crate::lower::place::{Positions, place};
use crate::lower::route::{Served, is_new};
use crate::lower::table::Tables;
use crate::lower::{Cx, Origin, filter, grpc, http, session};

/// `attempts` of a `retry` that names none (routing.md §5.7).
const DEFAULT_ATTEMPTS: u32 = 1;

/// `backoff` of a `retry` that names none, milliseconds (routing.md §5.7).
const DEFAULT_BACKOFF: u64 = 25;

/// Rules that are made.
pub(super) struct Rules<'g, 'w> {
    backends: Backends<'g, 'w>,
    rules: Vec<Rule>,
    origins: Vec<Origin>,
}

/// All rules and what they refer to.
pub(super) struct Finished {
    pub(super) rules: Vec<Rule>,
    pub(super) origins: Vec<Origin>,
    pub(super) backends: Vec<Backend>,
}

/// One rule and the verdicts on its references.
pub(super) struct Source<'g> {
    pub(super) route: &'g Served<'g>,
    pub(super) references: &'g [RouteReference],
}

impl<'g> Source<'g> {
    fn new(route: &'g Served<'g>, rule: usize) -> Self {
        let all = &route.verdict.references;
        let start = all.partition_point(|one| one.rule < rule);
        let end = all.partition_point(|one| one.rule <= rule);
        Self { route, references: all.get(start..end).unwrap_or_default() }
    }

    /// How the proxy speaks to backends of the route, unless the port says more.
    pub(super) fn protocol(&self) -> BackendProtocol {
        match self.route.spec.kind {
            RouteKind::Http => BackendProtocol::Http1,
            RouteKind::Grpc => BackendProtocol::Http2,
            RouteKind::Tls | RouteKind::Tcp => BackendProtocol::Tcp,
            RouteKind::Udp => BackendProtocol::Udp,
        }
    }
}

impl<'g, 'w> Rules<'g, 'w> {
    /// No rules yet, with room for those of `n_routes` routes of one rule.
    pub(super) fn new(cx: Cx<'g>, secrets: &'w mut SecretStore, n_routes: usize) -> Self {
        let (rules, origins) = (Vec::with_capacity(n_routes), Vec::with_capacity(n_routes));
        Self { backends: Backends::new(cx, secrets), rules, origins }
    }

    /// Adds the rules of a route, and their entries to the listeners that serve them.
    pub(super) fn add(&mut self, route: &Served<'g>, tables: &mut Tables<'g>) {
        for (position, spec) in route.spec.rules.iter().enumerate() {
            let serves = |one: &&super::route::Use<'_>| !one.entry.dropped_rules.contains(&position);
            let Some(first) = route.uses.iter().find(serves) else { continue };
            let source = Source::new(route, position);
            let others = route.uses.iter().filter(serves).skip(1).map(|one| &one.entry.accepted.support);
            let supports = others.chain(source.references.iter().map(|one| &one.verdict.support));
            let plain = Support::spec();
            let support =
                supports.filter(|support| **support != plain).fold(first.entry.accepted.support.clone(), Support::and);
            let slot = u32::try_from(self.rules.len()).unwrap_or(u32::MAX);
            let rule = self.rule(&source, position, spec, is_assumed(&support));
            tables.add(route, position, slot, &rule);
            self.rules.push(rule);
            self.origins.push(Origin { route: route.id, rule: position, support });
        }
    }

    fn rule(&mut self, source: &Source<'_>, position: usize, spec: &route::Rule, assumed: bool) -> Rule {
        let filters = filter::filters(&mut self.backends, source, &spec.filters, &ReferencePlace::Filter);
        let backends = spec.backends.iter().enumerate().map(|(at, one)| WeightedBackend {
            weight: one.weight,
            target: self.backends.target(source, ReferencePlace::Backend(at), one, source.protocol()),
            filters: filter::filters(&mut self.backends, source, &one.filters, &|inner| {
                ReferencePlace::BackendFilter(at, inner)
            }),
        });
        let backends = backends.collect();
        let meta = &source.route.spec.meta;
        let kind = source.route.spec.kind;
        Rule {
            matches: matches(spec),
            filters,
            backends,
            timeouts: spec.timeouts.as_ref().map_or_else(Timeouts::default, timeouts),
            retry: spec.retry.as_ref().map(retry).map(Box::new),
            session_persistence: spec
                .session_persistence
                .as_ref()
                .map(|written| session::lower(written, &format!("{}/{}/{position}", kind.name(), meta.key)))
                .map(Box::new),
            assumed,
            trace: Trace {
                kind,
                namespace: Str::from(&meta.key.namespace),
                name: Str::from(&meta.key.name),
                rule: u32::try_from(position).unwrap_or(u32::MAX),
                rule_name: spec.name.as_ref().map(|name| Str::from(&name.value)),
                created: meta.created,
                new: is_new(meta),
                place: place(spec.span),
            },
        }
    }

    /// All rules, with backends and files in order.
    pub(super) fn finish(self, positions: &Positions) -> Finished {
        let Self { backends, mut rules, origins } = self;
        let (backends, moved) = backends.finish();
        for rule in &mut rules {
            positions.settle(&mut rule.trace.place);
            rule.matches.iter_mut().for_each(|one| positions.settle(&mut one.place));
            moved.settle(rule);
        }
        Finished { rules, origins, backends }
    }
}

fn matches(spec: &route::Rule) -> Vec<Match> {
    let any = || http::any(place(spec.span));
    match &spec.matches {
        Matches::Http(matches) if matches.is_empty() => vec![any()],
        Matches::Http(matches) => matches.iter().map(http::lower).collect(),
        Matches::Grpc(matches) if matches.is_empty() => {
            vec![Match { grpc: Some(grpc::rank("", "")), ..any() }]
        }
        Matches::Grpc(matches) => matches.iter().map(grpc::lower).collect(),
        Matches::None => Vec::new(),
    }
}

fn timeouts(written: &route::Timeouts) -> Timeouts {
    let limit = |one: Option<u64>| one.filter(|milliseconds| *milliseconds > 0);
    Timeouts {
        request: limit(written.request.as_ref().map(|one| one.value)),
        backend_request: limit(written.backend_request.as_ref().map(|one| one.value)),
    }
}

fn retry(written: &route::Retry) -> Retry {
    let mut codes = written.codes.clone();
    codes.sort_unstable();
    codes.dedup();
    Retry {
        codes,
        attempts: written.attempts.map_or(DEFAULT_ATTEMPTS, |attempts| u32::try_from(attempts).unwrap_or(0)),
        backoff: written.backoff.unwrap_or(DEFAULT_BACKOFF),
    }
}

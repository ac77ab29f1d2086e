//! When two outcomes are equal: what a rule does, without where it comes from.
//!
//! Names of routes and rules, their order, and positions of backends do not count. Shares of one backend add up, backends
//! without weight and the order of backends do not count, and weights count in lowest terms.

use rustc_hash::FxHashMap;

use crate::change::Aspect;
use crate::ir::backend::BackendKey;
use crate::ir::rule::{Retry, SessionPersistence, Timeouts};
use crate::ir::{Backend, Config, Entry, Filter, Invalid, Listener, PathMatch, Protocol, RouteKind, Rule, Str, Target};
use crate::value::gcd;

/// What comes of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Content {
    /// Nothing takes it; true: the connection is closed, false: 404.
    Nobody(bool),
    /// A rule does.
    Rule(Box<RuleContent>),
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct RuleContent {
    /// Over TLS or not decides the scheme of redirects and forwarding headers.
    pub(super) protocol: Protocol,
    /// gRPC answers differ from those of HTTP.
    pub(super) is_grpc: bool,
    /// Filters with targets numbered on both sides alike.
    pub(super) filters: Vec<Filter>,
    /// Shares in lowest terms, sorted.
    pub(super) shares: Vec<Share>,
    pub(super) timeouts: Timeouts,
    pub(super) retry: Option<Retry>,
    pub(super) session: Option<SessionPersistence>,
    /// Prefix that a modifier replaces.
    pub(super) prefix: Option<Str>,
}

/// A part of the requests.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Share {
    pub(super) target: Target,
    pub(super) filters: Vec<Filter>,
    pub(super) weight: u64,
}

/// A backend as far as its behaviour is configured.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct BackendContent {
    backend: Backend,
    /// Known to have no endpoint that is ready.
    is_empty: bool,
}

/// Numbers contents of both sides alike: equal numbers, equal behaviour.
#[derive(Debug, Default)]
pub(super) struct Contents {
    numbers: FxHashMap<Content, u32>,
    all: Vec<Content>,
    backends: FxHashMap<BackendContent, u32>,
    /// Backends by number.
    pub(super) keys: Vec<BackendKey>,
}

impl Contents {
    /// The number of what comes of an entry, `None`: of no entry.
    pub(super) fn number(&mut self, config: &Config, listener: Option<&Listener>, entry: Option<&Entry>) -> u32 {
        let content = match (listener, entry) {
            (Some(listener), Some(entry)) => Content::Rule(Box::new(self.rule(config, listener, entry))),
            (Some(listener), None) => Content::Nobody(!listener.protocol.is_http()),
            (None, _) => Content::Nobody(false),
        };
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let all = &mut self.all;
        *self.numbers.entry(content).or_insert_with_key(|content| {
            all.push(content.clone());
            next
        })
    }

    /// The content of a number.
    pub(super) fn get(&self, number: u32) -> Option<&Content> {
        self.all.get(number as usize)
    }

    fn rule(&mut self, config: &Config, listener: &Listener, entry: &Entry) -> RuleContent {
        let rule = config.rule(entry);
        let mut filters = self.filters(config, &rule.filters);
        // Nothing behind a redirect counts.
        let mut redirects = ends(&filters);
        let mut shares = if redirects { Vec::new() } else { self.shares(config, rule) };
        // What filters of backends answer to all requests alike, filters of the rule could answer.
        if let [only] = shares.as_slice()
            && ends(&only.filters)
        {
            filters.extend(only.filters.iter().cloned());
            redirects = true;
            shares.clear();
        }
        let prefix = config.match_of(entry).and_then(|found| match &found.path {
            PathMatch::Prefix(prefix) => Some(Str::from(prefix.trim_end_matches('/'))),
            PathMatch::Exact(_) | PathMatch::Regex(_) => None,
        });
        let is_sent = !shares.is_empty();
        if !is_sent {
            // Only what answers counts where nothing is sent.
            filters.retain(|filter| answers(filter) || (redirects && matches!(filter, Filter::ResponseHeaders(_))));
        }
        let modifies =
            filters.iter().chain(shares.iter().flat_map(|share| &share.filters)).any(Filter::replaces_prefix);
        RuleContent {
            protocol: listener.protocol,
            is_grpc: rule.trace.kind == RouteKind::Grpc,
            filters,
            shares,
            timeouts: if is_sent { rule.timeouts } else { Timeouts::default() },
            retry: rule.retry.as_deref().cloned().filter(|_| is_sent),
            session: rule.session_persistence.as_deref().cloned().filter(|_| is_sent),
            prefix: prefix.filter(|_| modifies),
        }
    }

    fn filters(&mut self, config: &Config, filters: &[Filter]) -> Vec<Filter> {
        let mut own = filters.to_vec();
        for filter in &mut own {
            match filter {
                Filter::Mirror(mirror) => mirror.target = self.target(config, &mirror.target),
                Filter::ExternalAuth(auth) => auth.target = self.target(config, &auth.target),
                Filter::Cors(_)
                | Filter::RequestHeaders(_)
                | Filter::ResponseHeaders(_)
                | Filter::Redirect(_)
                | Filter::Rewrite(_)
                | Filter::Fail(_) => {}
            }
        }
        own
    }

    /// The target with a number that means the same on both sides.
    fn target(&mut self, config: &Config, target: &Target) -> Target {
        let Target::Backend(position) = target else { return unusable() };
        let Some(backend) = config.backends.get(*position as usize) else { return target.clone() };
        let is_empty =
            backend.endpoints.as_ref().is_some_and(|endpoints| !endpoints.iter().any(|endpoint| endpoint.ready));
        let content =
            BackendContent { backend: Backend { endpoints: None, assumed: false, ..backend.clone() }, is_empty };
        let next = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let keys = &mut self.keys;
        let number = *self.backends.entry(content).or_insert_with_key(|content| {
            keys.push(content.backend.key.clone());
            next
        });
        Target::Backend(number)
    }

    fn shares(&mut self, config: &Config, rule: &Rule) -> Vec<Share> {
        let mut shares: Vec<Share> = Vec::new();
        for backend in rule.backends.iter().filter(|backend| backend.weight > 0) {
            let mut filters = self.filters(config, &backend.filters);
            let ends = ends(&filters);
            // Nothing is sent to a backend behind a filter that answers, so which one it is does not count.
            let target = if ends { unusable() } else { self.target(config, &backend.target) };
            if matches!(target, Target::Invalid(_)) {
                filters.retain(|filter| answers(filter) || (ends && matches!(filter, Filter::ResponseHeaders(_))));
            }
            let weight = u64::from(backend.weight);
            match shares.iter_mut().find(|share| share.target == target && share.filters == filters) {
                Some(share) => share.weight += weight,
                None => shares.push(Share { target, filters, weight }),
            }
        }
        // Nothing but unusable backends answers 500, as none at all does, unless a filter of theirs answers first.
        let is_500 = |share: &Share| matches!(share.target, Target::Invalid(_)) && !share.filters.iter().any(answers);
        if shares.iter().all(is_500) {
            return Vec::new();
        }
        let divisor = shares.iter().fold(0, |divisor, share| gcd(divisor, share.weight)).max(1);
        shares.iter_mut().for_each(|share| share.weight /= divisor);
        shares.sort_by_cached_key(|share| (format!("{:?}", share.target), format!("{:?}", share.filters)));
        shares
    }
}

/// Why a backend is unusable, and which, does not matter to the client.
fn unusable() -> Target {
    let reference = BackendKey {
        group: Str::default(),
        kind: Str::default(),
        namespace: Str::default(),
        name: Str::default(),
        port: None,
    };
    Target::Invalid(Box::new(Invalid { reason: Str::default(), reference }))
}

/// Can a filter answer a request by itself? Mirrors copy nothing that is not sent (routing.md §4.5).
fn answers(filter: &Filter) -> bool {
    match filter {
        Filter::Cors(_) | Filter::ExternalAuth(_) | Filter::Redirect(_) | Filter::Fail(_) => true,
        Filter::RequestHeaders(_) | Filter::ResponseHeaders(_) | Filter::Rewrite(_) | Filter::Mirror(_) => false,
    }
}

/// Does no request get past these filters?
fn ends(filters: &[Filter]) -> bool {
    filters.iter().any(|filter| matches!(filter, Filter::Redirect(_) | Filter::Fail(_)))
}

/// Tells filters of one kind.
type Pick = fn(&Filter) -> bool;

/// What differs between two rules.
pub(super) fn aspects(old: &RuleContent, new: &RuleContent) -> Vec<Aspect> {
    let kinds: [(Aspect, Pick); 6] = [
        (Aspect::Redirect, |filter| matches!(filter, Filter::Redirect(_) | Filter::Fail(_))),
        (Aspect::Rewrite, |filter| matches!(filter, Filter::Rewrite(_))),
        (Aspect::Headers, |filter| matches!(filter, Filter::RequestHeaders(_) | Filter::ResponseHeaders(_))),
        (Aspect::Mirrors, |filter| matches!(filter, Filter::Mirror(_))),
        (Aspect::Cors, |filter| matches!(filter, Filter::Cors(_))),
        (Aspect::ExternalAuth, |filter| matches!(filter, Filter::ExternalAuth(_))),
    ];
    let pick = |content: &RuleContent, kind: Pick| -> Vec<Filter> {
        let of_backends = content.shares.iter().flat_map(|share| &share.filters);
        content.filters.iter().chain(of_backends).filter(|filter| kind(filter)).cloned().collect()
    };
    let targets = |content: &RuleContent| content.shares.iter().map(|share| share.target.clone()).collect::<Vec<_>>();
    let weights = |content: &RuleContent| content.shares.iter().map(|share| share.weight).collect::<Vec<_>>();
    let mut found: Vec<Aspect> =
        kinds.into_iter().filter(|(_, kind)| pick(old, *kind) != pick(new, *kind)).map(|(aspect, _)| aspect).collect();
    let rest = [
        (Aspect::Backends, targets(old) != targets(new)),
        (Aspect::Weights, targets(old) == targets(new) && weights(old) != weights(new)),
        (Aspect::Rewrite, old.prefix != new.prefix && !found.contains(&Aspect::Rewrite)),
        (Aspect::Timeouts, old.timeouts != new.timeouts),
        (Aspect::Retry, old.retry != new.retry),
        (Aspect::Session, old.session != new.session),
        (Aspect::Answer, old.is_grpc != new.is_grpc || old.protocol != new.protocol),
    ];
    found.extend(rest.into_iter().filter(|(_, differs)| *differs).map(|(aspect, _)| aspect));
    // Filters of one kind may only have changed their order among others.
    if found.is_empty() {
        found.push(Aspect::Headers);
    }
    found.sort_unstable();
    found
}

//! What may be matched on each listener: its host table, and its entries in order of precedence.
//!
//! [`Key`] is [`crate::ir::Precedence`] in few bytes: a hundred thousand entries are sorted by it. That both are the
//! same order is checked by [`crate::ir::Config::validate`].

use std::cmp::Reverse;
use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::ir::precedence::PathRank;
use crate::ir::rule::{Match, Rule};
use crate::ir::{Entry, Filter, Host, trace};
use crate::lower::Cx;
use crate::lower::listener::Bound;
use crate::lower::route::Served;
use crate::value::Hostname;
use crate::value::hostname::intersect_optional;

/// Method of preflights: a match with it takes them already.
const PREFLIGHT_METHOD: &str = "OPTIONS";

/// The finished table of a listener.
pub(super) struct Table {
    hosts: Vec<Host>,
    entries: Vec<Entry>,
}

impl Table {
    /// Hosts and entries.
    pub(super) fn into_parts(self) -> (Vec<Host>, Vec<Entry>) {
        (self.hosts, self.entries)
    }
}

/// Rules of two routes whose order only age or name decides: the first one wins.
pub(super) type Pair = (u32, u32);

/// The tables of all listeners, in the order of [`Bound`].
pub(super) struct Tables<'g> {
    tables: Vec<Growing<'g>>,
    /// Of the route that was asked for last: hosts on each of its listeners.
    hosts: Vec<Vec<u32>>,
    of: Option<u32>,
}

/// A table that grows.
struct Growing<'g> {
    hostname: Option<&'g Hostname>,
    /// Positions in `hosts` by the route's own hostname; `None`: it does not intersect.
    seen: FxHashMap<Option<&'g Hostname>, Option<u32>>,
    hosts: Vec<GrowingHost>,
    drafts: Vec<Draft>,
}

struct GrowingHost {
    host: Host,
    /// Rank of the oldest route, and its first rule: of HTTPRoutes, of GRPCRoutes.
    oldest: [Option<(u32, u32)>; 2],
}

/// An entry and what it is sorted by; until the end, `host` is the order of appearance.
#[derive(Clone, Copy)]
struct Draft {
    key: Key,
    /// Of the conditions: equal conditions are found without a look at the rules, which are far away.
    hash: u32,
    preflight: bool,
    grpc: bool,
    has_match: bool,
}

/// The keys of precedence; smaller is asked first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    host: u32,
    /// Preflights after everything else, then the kind of the older route first.
    group: u8,
    path: u64,
    /// Method, headers, query parameters.
    conditions: u32,
    /// Age, then name.
    route: u32,
    rule: u32,
    r#match: u32,
}

impl<'g> Tables<'g> {
    /// Empty tables.
    pub(super) fn new(cx: Cx<'g>, bound: &Bound<'g>) -> Self {
        let tables = bound.iter().map(|binding| {
            // A guess: as many hosts and entries as routes.
            let routes = cx.evaluation.listeners.get(binding.id.index()).map_or(0, |one| one.attached_routes.len());
            Growing {
                hostname: binding.spec.hostname.as_ref().map(|name| &name.value),
                seen: FxHashMap::with_capacity_and_hasher(routes, FxBuildHasher),
                hosts: Vec::with_capacity(routes),
                drafts: Vec::with_capacity(routes),
            }
        });
        Self { tables: tables.collect(), hosts: Vec::new(), of: None }
    }

    /// Adds the entries of rule `position` of a route, which is `slot` of the IR, on every listener that serves it.
    pub(super) fn add(&mut self, route: &Served<'g>, position: usize, slot: u32, rule: &Rule) {
        if self.of != Some(route.rank) {
            self.find_hosts(route);
        }
        let preflights = rule.filters.iter().any(|filter| matches!(filter, Filter::Cors(_)));
        for (one, hosts) in route.uses.iter().zip(&self.hosts) {
            let Some(table) = self.tables.get_mut(one.listener as usize) else { continue };
            if !one.entry.dropped_rules.contains(&position) {
                table.add(hosts, rule, (route.rank, slot), preflights);
            }
        }
    }

    fn find_hosts(&mut self, route: &Served<'g>) {
        self.of = Some(route.rank);
        self.hosts.resize_with(route.uses.len(), Vec::new);
        for (one, hosts) in route.uses.iter().zip(&mut self.hosts) {
            hosts.clear();
            let Some(table) = self.tables.get_mut(one.listener as usize) else { continue };
            if route.spec.hostnames.is_empty() {
                hosts.extend(table.host(None));
            }
            for name in &route.spec.hostnames {
                hosts.extend(table.host(Some(&name.value)));
            }
            if hosts.len() > 1 {
                hosts.sort_unstable();
                hosts.dedup();
            }
        }
    }

    /// The finished tables, and the pairs of rules whose order rests on age or name.
    pub(super) fn finish(self, rules: &[Rule]) -> (Vec<Table>, Vec<Pair>) {
        let mut pairs = Vec::new();
        let tables = self.tables.into_iter().map(|table| table.finish(rules, &mut pairs)).collect();
        (tables, pairs)
    }
}

impl<'g> Growing<'g> {
    /// Position of the host of a route's own hostname; `None`: the listener does not serve it.
    fn host(&mut self, written: Option<&'g Hostname>) -> Option<u32> {
        if let Some(known) = self.seen.get(&written) {
            return *known;
        }
        let matches = intersect_optional(self.hostname, written);
        let position = matches.map(|matches| {
            let position = u32::try_from(self.hosts.len()).unwrap_or(u32::MAX);
            let host = Host { matches, written: written.cloned() };
            self.hosts.push(GrowingHost { host, oldest: [None; 2] });
            position
        });
        self.seen.insert(written, position);
        position
    }

    fn add(&mut self, hosts: &[u32], rule: &Rule, (rank, slot): (u32, u32), preflights: bool) {
        let grpc = rule.trace.kind == trace::RouteKind::Grpc;
        for host in hosts {
            if let Some(growing) = self.hosts.get_mut(*host as usize) {
                let oldest = &mut growing.oldest[usize::from(grpc)];
                // The rank comes first.
                *oldest = Some(oldest.map_or((rank, slot), |other| other.min((rank, slot))));
            }
            let key = Key {
                host: *host,
                group: 0,
                path: path(PathRank::Any),
                conditions: 0,
                route: rank,
                rule: slot,
                r#match: 0,
            };
            if rule.matches.is_empty() {
                self.drafts.push(Draft { key, hash: 0, preflight: false, grpc, has_match: false });
            }
            let drafts = (0u32..).zip(&rule.matches).map(|(at, one)| {
                let key = Key { path: path(PathRank::of(one)), conditions: conditions(one, grpc), r#match: at, ..key };
                (one, Draft { key, hash: hash(one), preflight: false, grpc, has_match: true })
            });
            for (one, draft) in drafts {
                self.drafts.push(draft);
                let implied = preflights && one.method.as_ref().is_some_and(|method| *method != PREFLIGHT_METHOD);
                self.drafts.extend(implied.then_some(Draft { preflight: true, ..draft }));
            }
        }
    }

    fn finish(self, rules: &[Rule], pairs: &mut Vec<Pair>) -> Table {
        let Self { hosts, mut drafts, .. } = self;
        let mut hosts: Vec<(u32, GrowingHost)> = (0u32..).zip(hosts).collect();
        hosts.sort_by(|(_, a), (_, b)| a.host.rank().cmp(&b.host.rank()));
        let mut moved = vec![(0, false); hosts.len()];
        for (new, (old, host)) in (0u32..).zip(&hosts) {
            let [http, grpc] = host.oldest;
            if let Some(slot) = moved.get_mut(*old as usize) {
                *slot = (new, grpc_first(http, grpc));
            }
            if let (Some(http), Some(grpc)) = (http, grpc) {
                pairs.push((http.min(grpc).1, http.max(grpc).1));
            }
        }
        for draft in &mut drafts {
            let (host, grpc_first) = moved.get(draft.key.host as usize).copied().unwrap_or_default();
            draft.key.host = host;
            draft.key.group = u8::from(draft.preflight) * 2 + u8::from(draft.grpc != grpc_first);
        }
        drafts.sort_unstable_by_key(|draft| draft.key);
        contests(&drafts, rules, pairs);
        let entries = drafts.iter().map(Draft::entry).collect();
        Table { hosts: hosts.into_iter().map(|(_, growing)| growing.host).collect(), entries }
    }
}

/// Is the oldest route of a host a GRPCRoute?
fn grpc_first(http: Option<(u32, u32)>, grpc: Option<(u32, u32)>) -> bool {
    match (http, grpc) {
        (Some((http, _)), Some((grpc, _))) => grpc < http,
        (None, Some(_)) => true,
        (Some(_) | None, None) => false,
    }
}

impl Draft {
    fn entry(&self) -> Entry {
        let Key { host, rule, r#match, .. } = self.key;
        Entry { host, rule, r#match: self.has_match.then_some(r#match), preflight: self.preflight }
    }
}

/// [`PathRank`] as a number: the kind in the upper bits, then what is longer first.
fn path(rank: PathRank) -> u64 {
    let longer = |length: usize, bits: u32| {
        let most = (1u64 << bits) - 1;
        most - u64::try_from(length).unwrap_or(most).min(most)
    };
    let count = |characters: u32| usize::try_from(characters).unwrap_or(usize::MAX);
    let (kind, rest) = match rank {
        PathRank::Exact => (0, 0),
        PathRank::Regex(Reverse(length)) => (1, longer(length, 32)),
        PathRank::Prefix(Reverse(length)) => (2, longer(length, 32)),
        PathRank::Grpc(Reverse(service), Reverse(method), regex) => {
            (3, longer(count(service), 30) << 31 | longer(count(method), 30) << 1 | u64::from(regex))
        }
        PathRank::Any => (4, 0),
    };
    kind << 61 | rest
}

/// A method first, then more headers, then more query parameters (the API allows 16 of each).
fn conditions(one: &Match, grpc: bool) -> u32 {
    let more = |count: usize| u32::from(u8::MAX - u8::try_from(count).unwrap_or(u8::MAX));
    let no_method = u32::from(!grpc && one.method.is_none());
    no_method << 16 | more(one.headers.len()) << 8 | more(one.query_params.len())
}

/// Neighbours with the same conditions and of different routes.
fn contests(drafts: &[Draft], rules: &[Rule], pairs: &mut Vec<Pair>) {
    let level = |draft: &Draft| (draft.key.host, draft.key.group, draft.key.path, draft.key.conditions);
    let (mut order, mut found) = (Vec::new(), Vec::new());
    for run in drafts.chunk_by(|a, b| level(a) == level(b)) {
        if run.first().map(|draft| draft.key.route) == run.last().map(|draft| draft.key.route) {
            continue;
        }
        order.clear();
        order.extend((0u32..).zip(run).map(|(at, draft)| (draft.hash, at, draft)));
        order.sort_unstable_by_key(|(hash, at, _)| (*hash, *at));
        for equal in order.chunk_by(|a, b| a.0 == b.0).filter(|equal| equal.len() > 1) {
            let mut last: FxHashMap<Option<Conditions<'_>>, &Draft> = FxHashMap::default();
            for (_, at, draft) in equal {
                let before = last.insert(draft.conditions(rules), draft);
                let before = before.filter(|before| before.key.route != draft.key.route);
                found.extend(before.map(|before| (*at, (before.key.rule, draft.key.rule))));
            }
        }
        found.sort_unstable();
        pairs.extend(found.drain(..).map(|(_, pair)| pair));
    }
}

/// A match without its place.
type Conditions<'r> =
    (&'r crate::ir::PathMatch, Option<&'r crate::ir::Str>, &'r [crate::ir::ValueMatch], &'r [crate::ir::ValueMatch]);

impl Draft {
    fn conditions<'r>(&self, rules: &'r [Rule]) -> Option<Conditions<'r>> {
        let rule = rules.get(self.key.rule as usize)?;
        rule.matches.get(self.key.r#match as usize).map(conditions_of)
    }
}

fn conditions_of(one: &Match) -> Conditions<'_> {
    (&one.path, one.method.as_ref(), &one.headers, &one.query_params)
}

/// Half of a hash is enough: equal ones are compared.
fn hash(one: &Match) -> u32 {
    u32::try_from(FxBuildHasher.hash_one(conditions_of(one)) >> 32).unwrap_or(0)
}

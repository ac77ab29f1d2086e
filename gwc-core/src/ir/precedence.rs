//! Which of two entries is asked first. Fields stand in the order of the specification; the derived order is the rule.
//!
//! HTTPRoute: routing.md §2.3 and §3.6, from `apis/v1/httproute_types.go` (`HTTPRouteSpec.Hostnames`, then
//! `HTTPRouteRule.Matches`). GRPCRoute: §3.7. Smaller sorts first and wins.

use std::cmp::Reverse;

use crate::ir::rule::{Match, PathMatch};
use crate::ir::trace::{RouteKind, Trace};
use crate::ir::{Config, Entry, Listener};

/// The keys of precedence of one entry, best first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Precedence<'c> {
    /// Keys 1 and 2: the host table is sorted by them, so the position stands for them.
    pub host: u32,
    /// An implied preflight comes after everything else of its host (Q20).
    pub preflight: bool,
    /// For a hostname that HTTPRoutes and GRPCRoutes share: the kind of the older route first (§2.3).
    pub kind: u8,
    /// Key 3 to 4 of HTTP; service and method characters of gRPC.
    pub path: PathRank,
    /// Key 5: without a method after with one. Always false for gRPC.
    pub no_method: bool,
    /// Key 6: more header matches first.
    pub headers: Reverse<usize>,
    /// Key 7: more query parameters first.
    pub query_params: Reverse<usize>,
    /// Key 8: routes without a creation time after those with one, younger after older.
    pub age: (bool, i64, bool),
    /// Key 9: namespace and name.
    pub key: (&'c str, &'c str),
    /// Key 10: earlier rule.
    pub rule: u32,
    /// Key 11: earlier match.
    pub r#match: u32,
}

/// Rank of a path match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathRank {
    /// `Exact`.
    Exact,
    /// `RegularExpression`, longer pattern first (Q3).
    Regex(Reverse<usize>),
    /// `PathPrefix`, more characters as written first (Q4).
    Prefix(Reverse<usize>),
    /// A gRPC match: characters of service, of method, and literal before regex.
    Grpc(Reverse<u32>, Reverse<u32>, bool),
    /// No match: TLSRoute, TCPRoute, UDPRoute.
    Any,
}

/// The key that decided between two entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Criterion {
    /// Hostname.
    Hostname,
    /// Implied preflight.
    Preflight,
    /// Kind of the older route on a shared hostname.
    Kind,
    /// Kind or length of the path match.
    Path,
    /// A method.
    Method,
    /// Number of header matches.
    Headers,
    /// Number of query parameter matches.
    QueryParams,
    /// Older route.
    Age,
    /// Order of `namespace/name`.
    Name,
    /// Order of rules in the route.
    RuleOrder,
    /// Order of matches in the rule.
    MatchOrder,
}

impl<'c> Precedence<'c> {
    /// The keys of an entry; `grpc_first` tells for its host whether the oldest route is a GRPCRoute.
    #[must_use]
    pub fn new(entry: &Entry, trace: &'c Trace, found: Option<&Match>, grpc_first: bool) -> Self {
        let grpc = trace.kind == RouteKind::Grpc;
        Self {
            host: entry.host,
            preflight: entry.preflight,
            kind: u8::from(grpc != grpc_first),
            path: found.map_or(PathRank::Any, PathRank::of),
            no_method: !grpc && found.is_some_and(|one| one.method.is_none()),
            headers: Reverse(found.map_or(0, |one| one.headers.len())),
            query_params: Reverse(found.map_or(0, |one| one.query_params.len())),
            age: (trace.created.is_none(), trace.created.unwrap_or_default(), trace.created.is_none() && trace.new),
            key: (&trace.namespace, &trace.name),
            rule: trace.rule,
            r#match: entry.r#match.unwrap_or_default(),
        }
    }

    /// The first key in which two entries differ; `None`: in none.
    #[must_use]
    pub fn criterion(&self, other: &Self) -> Option<Criterion> {
        let differs = [
            (Criterion::Hostname, self.host != other.host),
            (Criterion::Preflight, self.preflight != other.preflight),
            (Criterion::Kind, self.kind != other.kind),
            (Criterion::Path, self.path != other.path),
            (Criterion::Method, self.no_method != other.no_method),
            (Criterion::Headers, self.headers != other.headers),
            (Criterion::QueryParams, self.query_params != other.query_params),
            (Criterion::Age, self.age != other.age),
            (Criterion::Name, self.key != other.key),
            (Criterion::RuleOrder, self.rule != other.rule),
            (Criterion::MatchOrder, self.r#match != other.r#match),
        ];
        differs.into_iter().find(|(_, differs)| *differs).map(|(criterion, _)| criterion)
    }
}

impl PathRank {
    /// Rank of a match.
    #[must_use]
    pub fn of(found: &Match) -> Self {
        if let Some(rank) = found.grpc {
            let regex = matches!(found.path, PathMatch::Regex(_));
            return Self::Grpc(Reverse(rank.service), Reverse(rank.method), regex);
        }
        match &found.path {
            PathMatch::Exact(_) => Self::Exact,
            PathMatch::Regex(pattern) => Self::Regex(Reverse(pattern.chars().count())),
            PathMatch::Prefix(prefix) => Self::Prefix(Reverse(prefix.chars().count())),
        }
    }
}

impl Config {
    /// The criterion by which entry `winner` of a listener stands before entry `loser`.
    #[must_use]
    pub fn criterion(&self, listener: &Listener, winner: usize, loser: usize) -> Option<Criterion> {
        let (Some(first), Some(second)) = (listener.entries.get(winner), listener.entries.get(loser)) else {
            return None;
        };
        let grpc_first = listener.hosts.get(first.host as usize).is_some() && self.grpc_first(listener, first.host);
        let keys = |entry| Precedence::new(entry, &self.rule(entry).trace, self.match_of(entry), grpc_first);
        keys(first).criterion(&keys(second))
    }

    /// Is the best entry of a host one of a GRPCRoute? Kinds are never mixed within a host (§2.3).
    fn grpc_first(&self, listener: &Listener, host: u32) -> bool {
        let best = listener.entries.iter().find(|entry| entry.host == host);
        best.is_some_and(|entry| self.rule(entry).trace.kind == RouteKind::Grpc)
    }
}

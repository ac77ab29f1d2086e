//! Listeners of any size, built in code, and requests for them.

use gwc_core::ir::rule::Timeouts;
use gwc_core::ir::{
    Config, Entry, Host, Listener, Match, Owner, PathMatch, Place, Precedence, Protocol, RouteKind, Rule, Str, Trace,
    ValueMatch,
};
use gwc_core::value::Hostname;

/// Seeded numbers.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap_or(0) % n
    }
}

/// Conditions of a route beside host and path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Predicate {
    None,
    Get,
    Header(String),
}

/// A route: one match.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) host: String,
    pub(crate) path: PathMatch,
    pub(crate) predicate: Predicate,
}

/// Parts of a request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) host: String,
    pub(crate) path: String,
}

/// `n` routes on `n_hosts` hosts: of ten, six prefixes, two exact paths, one prefix with a method, one with a header;
/// every tenth host is a wildcard.
pub(crate) fn mixed(n: usize, n_hosts: usize) -> Vec<Route> {
    (0..n).map(|number| route(number, number % n_hosts, number / n_hosts)).collect()
}

fn route(number: usize, host: usize, within: usize) -> Route {
    let star = if host % 10 == 9 { "*." } else { "" };
    let host = format!("{star}shop-{host}.example.com");
    let path = match within % 3 {
        0 => format!("/service-{within}"),
        1 => format!("/api/v{}/service-{within}", within % 7),
        _ => format!("/team-{}/api/v2/service-{within}", within % 50),
    };
    let (path, predicate) = match number % 10 {
        0 | 1 => (PathMatch::Exact(path.into()), Predicate::None),
        2 => (PathMatch::Prefix(path.into()), Predicate::Get),
        3 => (PathMatch::Prefix(path.into()), Predicate::Header("canary".to_owned())),
        _ => (PathMatch::Prefix(path.into()), Predicate::None),
    };
    Route { host, path, predicate }
}

impl Route {
    /// A request that it takes.
    pub(crate) fn request(&self) -> Request {
        let host = self.host.strip_prefix("*.").map_or_else(|| self.host.clone(), |suffix| format!("eu-west.{suffix}"));
        let path = match &self.path {
            PathMatch::Prefix(prefix) => format!("{}/items/4711", prefix.trim_end_matches('/')),
            PathMatch::Exact(path) | PathMatch::Regex(path) => path.to_string(),
        };
        Request { host, path }
    }

    fn found(&self) -> Match {
        let header =
            |value: &String| ValueMatch { name: "x-stage".into(), value: Str::from(value.as_str()), regex: false };
        let (method, headers) = match &self.predicate {
            Predicate::None => (None, Vec::new()),
            Predicate::Get => (Some(Str::from("GET")), Vec::new()),
            Predicate::Header(value) => (None, vec![header(value)]),
        };
        Match {
            path: self.path.clone(),
            method,
            headers,
            query_params: Vec::new(),
            grpc: None,
            place: Place::default(),
        }
    }
}

/// Matches of one rule.
const MATCHES: usize = 64;

/// The routes as lowering would leave them: entries in order of precedence.
pub(crate) fn lower(routes: &[Route]) -> (Config, Listener) {
    let mut names: Vec<Hostname> = routes.iter().map(|route| Hostname::new(&route.host)).collect();
    names.sort_by_key(|name| (name.is_wildcard(), std::cmp::Reverse(name.apex().len()), name.clone()));
    names.dedup();
    let position = |route: &Route| {
        let name = Hostname::new(&route.host);
        let key = |name: &Hostname| (name.is_wildcard(), std::cmp::Reverse(name.apex().len()), name.clone());
        names.binary_search_by_key(&key(&name), key).unwrap_or(0)
    };
    let mut config = Config::default();
    let mut entries = Vec::with_capacity(routes.len());
    for (some, number) in routes.chunks(MATCHES).zip(0u32..) {
        for (route, found) in some.iter().zip(0u32..) {
            let host = u32::try_from(position(route)).unwrap_or(0);
            entries.push(Entry { host, rule: number, r#match: Some(found), preflight: false });
        }
        config.rules.push(rule(number, some.iter().map(Route::found).collect()));
    }
    entries.sort_by(|one, next| {
        let keys = |entry| Precedence::new(entry, &config.rule(entry).trace, config.match_of(entry), false);
        keys(one).cmp(&keys(next))
    });
    let hosts = names.into_iter().map(|name| Host { matches: Some(name.clone()), written: Some(name) }).collect();
    let owner = Owner { kind: "Gateway".into(), namespace: "default".into(), name: "gateway".into() };
    let listener = Listener {
        owner,
        name: "http".into(),
        protocol: Protocol::Http,
        hostname: None,
        tls: None,
        hosts,
        entries,
        place: Place::default(),
    };
    (config, listener)
}

fn rule(number: u32, matches: Vec<Match>) -> Rule {
    let trace = Trace {
        kind: RouteKind::Http,
        namespace: "default".into(),
        name: format!("route-{number}").into(),
        rule: 0,
        rule_name: None,
        created: None,
        new: false,
        place: Place::default(),
    };
    Rule {
        trace,
        matches,
        filters: Vec::new(),
        backends: Vec::new(),
        timeouts: Timeouts::default(),
        retry: None,
        session_persistence: None,
        assumed: false,
    }
}

//! Listeners and requests from small alphabets, so that everything collides with everything.

use std::cmp::Reverse;

use gwc_core::ir::rule::{GrpcRank, Timeouts};
use gwc_core::ir::{
    Config, Entry, Host, Listener, Match, Owner, PathMatch, Place, Precedence, Protocol, RouteKind, Rule, Str, Trace,
    ValueMatch,
};
use gwc_core::matcher::RequestHead;
use gwc_core::value::Hostname;
use gwc_core::value::hostname::intersect_optional;

/// Seeded numbers.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// A request that owns its parts.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) host: Option<String>,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) method: &'static str,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
}

impl Request {
    pub(crate) fn head(&self) -> RequestHead<'_> {
        RequestHead {
            host: self.host.as_deref(),
            path: &self.path,
            query: self.query.as_deref(),
            method: self.method,
            headers: &self.headers,
        }
    }
}

const HOSTNAMES: [&str; 11] =
    ["a.b.c", "b.b.c", "a.a.b.c", "*.b.c", "*.a.b.c", "*.c", "b.c", "*.a.a.b.c", "a.c", "x.d", "*.d"];
const NAMES: [&str; 14] =
    ["a.b.c", "b.b.c", "a.a.b.c", "b.c", "c", "x.a.b.c", "a.c", "x.d", "d", "z", ".b.c", "a.a.a.b.c", "q.a.a.b.c", ""];
const SEGMENTS: [&str; 6] = ["a", "b", "ab", "A", "svc", "m"];
const EXPRESSIONS: [&str; 20] = [
    "/a.*",
    "/b.*",
    "/[ab]",
    "/a|/ab",
    "/(a|b)/.*",
    ".*",
    "(?i)/A",
    "/[^/]+/a",
    r"\*",
    "",
    "(?x) /a # both",
    "/ab?",
    "/.+",
    "/./.",
    "/a/a",
    "/[^/]*/m",
    "/svc/[^/]*",
    "/a$",
    "^/b",
    r"/\w+",
];
const VALUES: [&str; 8] = ["1", "2", "1,2", "", "a b", "12", "é", ","];
const VALUE_EXPRESSIONS: [&str; 7] = ["1|2", "1,.*", ".*", "[0-9]+", "(?i)A B", ".+", "é"];
const HEADERS: [&str; 4] = ["x", "y", "origin", "access-control-request-method"];
const PARAMETERS: [&str; 4] = ["q", "r", "q r", "é"];
const METHODS: [&str; 4] = ["GET", "POST", "OPTIONS", "get"];

fn text(parts: &[&str]) -> String {
    parts.iter().flat_map(|part| ["/", part]).collect()
}

/// A path of few segments, seldom of very many or very long ones, seldom with empty ones.
fn path(dice: &mut Dice) -> String {
    let n = dice.below(4);
    let mut path: String = (0..n).map(|_| format!("/{}", dice.of(&SEGMENTS))).collect();
    match dice.below(60) {
        0 => path = format!("{}{path}", "/a".repeat(60 + dice.below(8))),
        1 => path = format!("/{}{path}", "l".repeat(55 + dice.below(16))),
        2 => path = format!("{path}{}", "/a".repeat(28 + dice.below(40))),
        3 => path = format!("{path}//{}", dice.of(&SEGMENTS)),
        _ => {}
    }
    if path.is_empty() || dice.one_in(6) {
        path.push('/');
    }
    path
}

fn value_match(dice: &mut Dice, names: &[&str]) -> ValueMatch {
    let regex = dice.one_in(3);
    let value = if regex { dice.of(&VALUE_EXPRESSIONS) } else { dice.of(&VALUES) };
    ValueMatch { name: Str::from(dice.of(names)), value: Str::from(value), regex }
}

fn value_matches(dice: &mut Dice, names: &[&str]) -> Vec<ValueMatch> {
    let n = if dice.one_in(3) { 1 + dice.below(3) } else { 0 };
    let mut all: Vec<ValueMatch> = (0..n).map(|_| value_match(dice, names)).collect();
    all.sort();
    all.dedup_by(|one, next| one.name == next.name);
    all
}

fn http_path(dice: &mut Dice) -> PathMatch {
    match dice.below(6) {
        0 | 1 => PathMatch::Exact(path(dice).into()),
        2 => PathMatch::Regex(dice.of(&EXPRESSIONS).into()),
        _ => PathMatch::Prefix(path(dice).into()),
    }
}

/// Service and method, each absent, literal or an expression, as lowering makes them.
fn grpc_path(dice: &mut Dice) -> (PathMatch, GrpcRank) {
    let service = dice.of(&["", "a", "svc", "ab"]);
    let method = dice.of(&["", "a", "m", "b"]);
    let rank = GrpcRank { service: service.len() as u32, method: method.len() as u32 };
    let path = match (service, method, dice.one_in(3)) {
        ("", "", _) => PathMatch::Prefix("/".into()),
        (_, "", false) => PathMatch::Prefix(text(&[service]).into()),
        (_, _, false) if !service.is_empty() => PathMatch::Exact(text(&[service, method]).into()),
        _ => {
            let part = |part: &str| if part.is_empty() { "[^/]+".to_owned() } else { format!("(?:{part}?)") };
            PathMatch::Regex(format!("/{}/{}", part(service), part(method)).into())
        }
    };
    (path, rank)
}

fn a_match(dice: &mut Dice, grpc: bool) -> Match {
    let (path, grpc_rank) = if grpc {
        let (path, rank) = grpc_path(dice);
        (path, Some(rank))
    } else {
        (http_path(dice), None)
    };
    Match {
        path,
        method: (!grpc && dice.one_in(4)).then(|| dice.of(&METHODS).into()),
        headers: value_matches(dice, &HEADERS),
        query_params: if grpc { Vec::new() } else { value_matches(dice, &PARAMETERS) },
        grpc: grpc_rank,
        place: Place::default(),
    }
}

pub(crate) fn rule(kind: RouteKind, name: &str, matches: Vec<Match>) -> Rule {
    let trace = Trace {
        kind,
        namespace: "default".into(),
        name: name.into(),
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

pub(crate) fn listener(
    protocol: Protocol,
    hostname: Option<Hostname>,
    hosts: Vec<Host>,
    entries: Vec<Entry>,
) -> Listener {
    let owner = Owner { kind: "Gateway".into(), namespace: "default".into(), name: "g".into() };
    let (name, place) = ("l".into(), Place::default());
    Listener { owner, name, protocol, hostname, tls: None, hosts, entries, place }
}

pub(crate) fn hostname(dice: &mut Dice) -> Option<Hostname> {
    (!dice.one_in(4)).then(|| Hostname::new(dice.of(&HOSTNAMES)))
}

pub(crate) fn name(dice: &mut Dice) -> Option<&'static str> {
    (!dice.one_in(12)).then(|| dice.of(&NAMES))
}

/// Rank of a hostname as routes write it (routing.md §2.3).
fn written_rank(host: &Host) -> (u8, Reverse<usize>, String) {
    match &host.written {
        Some(Hostname::Exact(name)) => (0, Reverse(name.len()), name.to_string()),
        Some(Hostname::Wildcard(suffix)) => (1, Reverse(suffix.len()), suffix.to_string()),
        None => (2, Reverse(0), String::new()),
    }
}

fn hosts(dice: &mut Dice, listener: Option<&Hostname>) -> Vec<Host> {
    let n = 1 + dice.below(5);
    let mut hosts: Vec<Host> = Vec::new();
    for _ in 0..n {
        let written = hostname(dice);
        let Some(matches) = intersect_optional(listener, written.as_ref()) else { continue };
        hosts.push(Host { matches, written });
    }
    hosts.sort_by_key(written_rank);
    hosts.dedup();
    hosts
}

/// A listener as lowering makes it; one in ten in an order that lowering never makes.
pub(crate) fn world(dice: &mut Dice) -> (Config, Listener) {
    let own = if dice.one_in(2) { hostname(dice) } else { None };
    let hosts = hosts(dice, own.as_ref());
    let mut config = Config::default();
    let mut entries = Vec::new();
    let n_rules = if dice.one_in(8) { 40 } else { 1 + dice.below(8) };
    let crowded = n_rules == 40 && dice.one_in(2);
    for number in 0..n_rules {
        let kind = if dice.one_in(5) { RouteKind::Grpc } else { RouteKind::Http };
        let matches: Vec<Match> = (0..=dice.below(3)).map(|_| a_match(dice, kind == RouteKind::Grpc)).collect();
        let cors = dice.one_in(2);
        let matches = if crowded { matches.into_iter().map(|one| crowd(dice, one)).collect() } else { matches };
        let mut rule = rule(kind, &format!("r{number}"), matches);
        rule.trace.created = Some(dice.below(3) as i64);
        for host in (0..hosts.len() as u32).filter(|_| dice.one_in(2)) {
            entries.extend(entries_of(&rule, number as u32, host, cors));
        }
        config.rules.push(rule);
    }
    order(dice, &config, &mut entries);
    (config, listener(Protocol::Http, own, hosts, entries))
}

/// Most matches on one path, with one header or parameter that tells them apart.
fn crowd(dice: &mut Dice, one: Match) -> Match {
    let (path, value) = (PathMatch::Prefix("/a".into()), |dice: &mut Dice| Str::from(dice.of(&VALUES)));
    match dice.below(8) {
        0 => one,
        1 => {
            Match { path, query_params: vec![ValueMatch { name: "q".into(), value: value(dice), regex: false }], ..one }
        }
        2 => Match { path, ..one },
        _ => Match { path, headers: vec![ValueMatch { name: "x".into(), value: value(dice), regex: false }], ..one },
    }
}

fn entries_of(rule: &Rule, number: u32, host: u32, cors: bool) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (found, position) in rule.matches.iter().zip(0..) {
        let entry = Entry { host, rule: number, r#match: Some(position), preflight: false };
        entries.push(entry);
        entries.extend((cors && found.method.is_some()).then_some(Entry { preflight: true, ..entry }));
    }
    entries
}

fn order(dice: &mut Dice, config: &Config, entries: &mut [Entry]) {
    let grpc_first = dice.one_in(2);
    entries.sort_by(|one, next| {
        let keys = |entry| Precedence::new(entry, &config.rule(entry).trace, config.match_of(entry), grpc_first);
        keys(one).cmp(&keys(next))
    });
    if dice.one_in(10) && !entries.is_empty() {
        for _ in 0..=dice.below(6) {
            let (one, other) = (dice.below(entries.len()), dice.below(entries.len()));
            entries.swap(one, other);
        }
    }
    if dice.one_in(20) {
        // L4 routes stand alone in truth; a path decides nothing for them.
        entries.iter_mut().filter(|entry| entry.rule == 0).for_each(|entry| entry.r#match = None);
    }
}

/// A path of the listener, a little changed; or any.
fn request_path(dice: &mut Dice, config: &Config) -> String {
    if dice.one_in(40) {
        return "*".to_owned();
    }
    let matches: Vec<&Match> = config.rules.iter().flat_map(|rule| &rule.matches).collect();
    if matches.is_empty() || dice.one_in(3) {
        return path(dice);
    }
    let mut path = match &matches[dice.below(matches.len())].path {
        PathMatch::Exact(value) | PathMatch::Prefix(value) => value.to_string(),
        PathMatch::Regex(_) => return path(dice),
    };
    match dice.below(8) {
        0 => path.push('/'),
        1 => path.push('a'),
        2 => path.push_str("/a"),
        3 => path.push_str("//b"),
        4 => path = path.trim_end_matches('/').to_owned(),
        5 => path.push_str(&"/a".repeat(1 + dice.below(70))),
        _ => {}
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

fn query(dice: &mut Dice) -> Option<String> {
    const NAMES: [&str; 7] = ["q", "r", "q+r", "q%20r", "%71", "%C3%A9", "%zz"];
    const VALUES: [&str; 9] = ["1", "2", "a+b", "a%20b", "", "%31", "1%2C2", "%C3%A9", "%"];
    if dice.one_in(3) {
        return None;
    }
    let pair = |dice: &mut Dice| match dice.below(8) {
        0 => dice.of(&NAMES).to_owned(),
        1 => String::new(),
        _ => format!("{}={}", dice.of(&NAMES), dice.of(&VALUES)),
    };
    Some((0..dice.below(4)).map(|_| pair(dice)).collect::<Vec<_>>().join("&"))
}

fn header_lines(dice: &mut Dice) -> Vec<(String, Vec<u8>)> {
    const NAMES: [&str; 6] = ["x", "X", "y", "Origin", "Access-Control-Request-Method", "z"];
    let value = |dice: &mut Dice| match dice.below(12) {
        0 => vec![0xff],
        1 => "é".as_bytes().to_vec(),
        _ => dice.of(&VALUES).as_bytes().to_vec(),
    };
    (0..dice.below(5)).map(|_| (dice.of(&NAMES).to_owned(), value(dice))).collect()
}

/// Any request, or one made for an entry and then perhaps spoilt.
pub(crate) fn request(dice: &mut Dice, config: &Config, listener: &Listener) -> Request {
    let mut request = Request {
        host: name(dice).map(str::to_owned),
        path: request_path(dice, config),
        query: query(dice),
        method: dice.of(&METHODS),
        headers: header_lines(dice),
    };
    if !listener.entries.is_empty() && !dice.one_in(4) {
        let entry = listener.entries[dice.below(listener.entries.len())];
        fit(dice, &mut request, config.match_of(&entry), &listener.hosts[entry.host as usize]);
        if entry.preflight && !dice.one_in(4) {
            request.method = "OPTIONS";
            request
                .headers
                .extend(["origin", "access-control-request-method"].map(|name| (name.to_owned(), Vec::new())));
        }
    }
    request
}

/// Makes a request for a match, each part not quite always.
fn fit(dice: &mut Dice, request: &mut Request, found: Option<&Match>, host: &Host) {
    if !dice.one_in(8) {
        request.host = match &host.matches {
            Some(Hostname::Exact(name)) => Some(name.to_string()),
            Some(Hostname::Wildcard(suffix)) => Some(format!("{}{suffix}", dice.of(&["a", "b", "q.a"]))),
            None => request.host.take(),
        };
    }
    let Some(found) = found else { return };
    match &found.path {
        PathMatch::Exact(value) if !dice.one_in(8) => request.path = value.to_string(),
        PathMatch::Prefix(value) if !dice.one_in(8) => {
            let more = dice.of(&["", "/", "/a", "/a/b", "//", "/svc/m"]);
            request.path = format!("{}{more}", value.trim_end_matches('/'));
        }
        PathMatch::Regex(_) if !dice.one_in(3) => {
            request.path = dice.of(&["/a", "/b", "/ab", "/a/a", "/a/b", "/svc/m", "/A", "/", "/ab/a", "*"]).to_owned();
        }
        PathMatch::Exact(_) | PathMatch::Prefix(_) | PathMatch::Regex(_) => {}
    }
    if request.path.is_empty() {
        request.path.push('/');
    }
    if let Some(method) = METHODS.into_iter().find(|own| found.method.as_deref() == Some(own)) {
        request.method = method;
    }
    for header in found.headers.iter().filter(|header| !header.regex) {
        if !dice.one_in(6) {
            request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(&header.name));
            request.headers.push((header.name.to_string(), header.value.as_bytes().to_vec()));
        }
    }
    for param in found.query_params.iter().filter(|param| !param.regex) {
        if !dice.one_in(6) {
            let pair = format!("{}={}", param.name.replace(' ', "+"), param.value.replace(' ', "+"));
            let rest = request.query.take().map_or(String::new(), |rest| format!("&{rest}"));
            request.query = Some(format!("{pair}{rest}"));
        }
    }
}

//! Proofs about regions against brute force: every request of small alphabets, answered by the reference.
//!
//! `GWC_REGION_SETS` sets the number of generated sets.

#[path = "suite/random.rs"]
mod random;

use std::cell::RefCell;
use std::collections::BTreeMap;

use gwc_core::ir::{
    Config, Entry, Gateway, Host, Listener, Match, Owner, PathMatch, Place, Protocol, RouteKind, Rule, Socket, Str,
    Trace, Transport, ValueMatch,
};
use gwc_core::matcher::boundary::Probe;
use gwc_core::matcher::reference::{self, Oracle};
use gwc_core::region::compare::Side;
use gwc_core::region::{Shadow, compare, shadows};
use gwc_core::value::Hostname;
use gwc_core::value::pattern::Pattern;

use random::Random;

#[expect(clippy::disallowed_methods, reason = "the number of sets comes from outside")]
fn n_sets(default: usize) -> usize {
    std::env::var("GWC_REGION_SETS").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

const NAMES: [Option<&str>; 6] =
    [None, Some("*.test"), Some("*.a.test"), Some("a.test"), Some("x.a.test"), Some("b.test")];
const PATHS: [&str; 7] = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/b", "/a/"];
const PATTERNS: [&str; 10] =
    ["/.*", "/a.*", "/[ab]", "/a/.+", "/(a|b)/b", ".*b", ".*", "(?i)/A(/.*)?", r"/a\b.*", "[^a]*"];
const VALUES: [&str; 2] = ["1", "2"];
const VALUE_PATTERNS: [&str; 6] = [".*", "[12]", "1+", r"\b1.*", "", "2|3"];

fn value(random: &mut Random, name: &str, expressions: bool) -> ValueMatch {
    let regex = expressions && random.below(3) == 0;
    let text = if regex { random.pick(&VALUE_PATTERNS) } else { random.pick(&VALUES) };
    ValueMatch { name: Str::from(name), value: Str::from(*text), regex }
}

fn a_match(random: &mut Random, expressions: bool) -> Match {
    let path = match random.below(if expressions { 6 } else { 4 }) {
        0 | 1 => PathMatch::Exact(Str::from(*random.pick(&PATHS))),
        2 | 3 => PathMatch::Prefix(Str::from(*random.pick(&PATHS))),
        _ => PathMatch::Regex(Str::from(*random.pick(&PATTERNS))),
    };
    let method = (random.below(4) == 0).then(|| Str::from(*random.pick(&["GET", "POST", "OPTIONS"])));
    let headers = ["x", "y"].iter().filter(|_| random.below(4) == 0).map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let headers = headers.iter().map(|name| value(random, name, expressions)).collect();
    let query_params = if random.below(4) == 0 { vec![value(random, "q", expressions)] } else { Vec::new() };
    Match { path, method, headers, query_params, grpc: None, place: Place::default() }
}

fn rule(name: usize, found: Match) -> Rule {
    Rule {
        trace: Trace {
            kind: RouteKind::Http,
            namespace: Str::from("n"),
            name: Str::from(name.to_string()),
            rule: 0,
            rule_name: None,
            created: None,
            new: false,
            place: Place::default(),
        },
        matches: vec![found],
        filters: Vec::new(),
        backends: Vec::new(),
        timeouts: gwc_core::ir::rule::Timeouts::default(),
        retry: None,
        session_persistence: None,
        assumed: false,
    }
}

/// What a set is made of: per listener a hostname and lines of (own hostname, match, label of the outcome).
#[derive(Debug, Clone)]
struct Set(Vec<(Option<&'static str>, Vec<Line>)>);

#[derive(Debug, Clone)]
struct Line {
    hostname: Option<&'static str>,
    found: Match,
    label: usize,
    preflight: bool,
}

fn a_line(random: &mut Random, expressions: bool) -> Line {
    Line {
        hostname: *random.pick(&NAMES),
        found: a_match(random, expressions),
        label: random.below(3),
        preflight: random.below(8) == 0,
    }
}

fn a_set(random: &mut Random, expressions: bool) -> Set {
    let listeners = 1 + random.below(2);
    let mut names: Vec<Option<&str>> = NAMES.to_vec();
    Set((0..listeners)
        .map(|_| {
            let name = names.remove(random.below(names.len()));
            let lines = 1 + random.below(6);
            (name, (0..lines).map(|_| a_line(random, expressions)).collect())
        })
        .collect())
}

fn mutated(set: &Set, random: &mut Random, expressions: bool) -> Set {
    let mut set = set.clone();
    for _ in 0..=random.below(2) {
        let listener = random.below(set.0.len());
        let lines = &mut set.0[listener].1;
        let at = random.below(lines.len());
        match random.below(5) {
            0 if lines.len() > 1 => drop(lines.remove(at)),
            1 => lines[at].label = random.below(3),
            2 => lines[at].found = a_match(random, expressions),
            3 => lines.insert(at, a_line(random, expressions)),
            _ => {
                let other = random.below(lines.len());
                lines.swap(at, other);
            }
        }
    }
    set
}

fn config(set: &Set) -> Config {
    let mut config = Config::default();
    config.gateways.push(Gateway {
        namespace: Str::from("n"),
        name: Str::from("g"),
        class: Str::from("c"),
        addresses: Vec::new(),
        client_certificate: None,
    });
    let mut listeners = Vec::new();
    for (position, (name, lines)) in set.0.iter().enumerate() {
        let hostname = name.map(Hostname::new);
        let mut by_host: BTreeMap<(u8, usize, Option<Hostname>), Vec<&Line>> = BTreeMap::new();
        for line in lines {
            let own = line.hostname.map(Hostname::new);
            if gwc_core::value::hostname::intersect_optional(hostname.as_ref(), own.as_ref()).is_none() {
                continue;
            }
            let rank = match &own {
                Some(Hostname::Exact(_)) => (0, 0),
                Some(Hostname::Wildcard(suffix)) => (1, 99 - suffix.len()),
                None => (2, 0),
            };
            by_host.entry((rank.0, rank.1, own)).or_default().push(line);
        }
        let (mut hosts, mut entries) = (Vec::new(), Vec::new());
        for ((_, _, written), found) in by_host {
            let matches = gwc_core::value::hostname::intersect_optional(hostname.as_ref(), written.as_ref());
            for line in found {
                let rule_at = u32::try_from(config.rules.len()).expect("few");
                config.rules.push(rule(line.label, line.found.clone()));
                let host = u32::try_from(hosts.len()).expect("few");
                entries.push(Entry { host, rule: rule_at, r#match: Some(0), preflight: line.preflight });
            }
            hosts.push(Host { matches: matches.flatten(), written });
        }
        listeners.push(Listener {
            owner: Owner { kind: Str::from("Gateway"), namespace: Str::from("n"), name: Str::from("g") },
            name: Str::from(format!("l{position}")),
            protocol: Protocol::Http,
            hostname,
            tls: None,
            hosts,
            entries,
            place: Place::default(),
        });
    }
    config.sockets.push(Socket { gateway: 0, transport: Transport::Tcp, port: 80, listeners });
    config
}

fn preflight(is_preflight: bool) -> impl Iterator<Item = (String, String)> {
    let lines = [("origin", "https://a.test"), ("access-control-request-method", "GET")];
    let lines = lines.map(|(name, value)| (name.to_owned(), value.to_owned()));
    lines.into_iter().filter(move |_| is_preflight)
}

thread_local! {
    static PATTERNS_READY: RefCell<BTreeMap<String, Option<Pattern>>> = RefCell::default();
}

/// As [`reference::matches_whole`], compiled once.
fn whole(pattern: &str, text: &[u8]) -> bool {
    PATTERNS_READY.with_borrow_mut(|ready| {
        let known = ready.entry(pattern.to_owned()).or_insert_with(|| Pattern::new(pattern).ok());
        known.as_ref().is_some_and(|pattern| pattern.is_match(text))
    })
}

type Headers = Vec<(String, String)>;

/// Every request of the small alphabets.
fn requests() -> Vec<Probe> {
    let hosts = ["a.test", "x.a.test", "y.x.a.test", "y.a.test", "b.test", "c.test", "other", ""];
    let paths = [
        "/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/a/b/c/d", "/a/c", "/ab", "/abc", "/b", "/b/b", "/c", "/A",
        "//b", "*",
    ];
    let lines = |name: &'static str| -> Vec<Vec<(String, String)>> {
        let line = |value: &str| (name.to_owned(), value.to_owned());
        vec![vec![], vec![line("1")], vec![line("2")], vec![line("1"), line("2")], vec![line("11")], vec![line("3")]]
    };
    let queries = [None, Some("q=1"), Some("q=2"), Some("q=1&q=2"), Some("q=11"), Some("p=1")];
    let headers: Vec<(Headers, Option<&str>)> = lines("x")
        .into_iter()
        .flat_map(|x| {
            lines("y").into_iter().zip(queries).map(move |(y, query)| (x.iter().cloned().chain(y).collect(), query))
        })
        .collect();
    let methods = [("GET", false), ("POST", false), ("PUT", false), ("OPTIONS", false), ("OPTIONS", true)];
    let heads = hosts.into_iter().flat_map(|host| paths.into_iter().map(move |path| (host, path)));
    let heads = heads.flat_map(|(host, path)| methods.into_iter().map(move |method| (host, path, method)));
    let heads = heads.filter(|(_, path, (method, _))| *path != "*" || *method == "OPTIONS");
    let mut all = Vec::new();
    for (host, path, (method, is_preflight)) in heads {
        all.extend(headers.iter().map(|(headers, query)| Probe {
            host: (!host.is_empty()).then(|| host.to_owned()),
            path: path.to_owned(),
            query: query.map(str::to_owned),
            method: method.to_owned(),
            headers: headers.iter().cloned().chain(preflight(is_preflight)).collect(),
        }));
    }
    all
}

/// Who takes a request at the only socket.
fn taken(config: &Config, probe: &Probe) -> (Option<usize>, Option<usize>) {
    let socket = &config.sockets[0];
    let listener = reference::listener(socket, None, probe.host.as_deref());
    let entry = listener.and_then(|at| {
        let listener = &socket.listeners[at];
        Oracle { whole: &whole, ..Oracle::new(config, listener) }.find(&probe.head())
    });
    (listener, entry)
}

fn label(config: &Config, (listener, entry): (Option<usize>, Option<usize>)) -> u32 {
    let found = listener.zip(entry).map(|(listener, entry)| &config.sockets[0].listeners[listener].entries[entry]);
    found.map_or(99, |entry| config.rule(entry).trace.name.as_str().parse().expect("a label"))
}

/// Do earlier entries accept all requests of an entry?
fn covers(config: &Config, listener: &Listener, (cover, entry): (&[usize], usize), requests: &[Probe]) -> bool {
    let oracle = Oracle { whole: &whole, ..Oracle::new(config, listener) };
    let accepts = |at: usize, probe: &Probe| oracle.failed(&listener.entries[at], &probe.head()).is_none();
    let mut own = requests.iter().step_by(5).filter(|probe| accepts(entry, probe));
    let is_earlier = !cover.is_empty() && cover.iter().all(|one| *one < entry);
    is_earlier && own.all(|probe| cover.iter().any(|one| accepts(*one, probe)))
}

fn word(shadow: &Shadow) -> &'static str {
    match shadow {
        Shadow::Reachable(_) => "reachable",
        Shadow::Shadowed(_) => "shadowed",
        Shadow::Contradictory => "contradictory",
        Shadow::Unproven => "unproven",
    }
}

#[test]
fn shadows_agree_with_brute_force() {
    let requests = requests();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..n_sets(120) {
        let mut random = Random(u64::try_from(seed).expect("small"));
        let expressions = seed % 2 == 1;
        let set = a_set(&mut random, expressions);
        let config = config(&set);
        let mut hit: BTreeMap<(usize, usize), &Probe> = BTreeMap::new();
        for request in requests.iter().skip(seed % 7).step_by(7) {
            if let (Some(listener), Some(entry)) = taken(&config, request) {
                hit.entry((listener, entry)).or_insert(request);
            }
        }
        for (at, listener) in config.sockets[0].listeners.iter().enumerate() {
            for (entry, shadow) in shadows(&config, listener).iter().enumerate() {
                let shown = hit.get(&(at, entry));
                let word = word(shadow);
                let is_wrong = match shadow {
                    Shadow::Reachable(probe) => reference::find(&config, listener, &probe.head()) != Some(entry),
                    Shadow::Shadowed(cover) => shown.is_some() || !covers(&config, listener, (cover, entry), &requests),
                    Shadow::Contradictory => shown.is_some(),
                    Shadow::Unproven => !expressions,
                };
                assert!(!is_wrong, "seed {seed}, entry {at}/{entry}: {shadow:?} but {shown:?}\n{set:?}");
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    println!("shadows: {counts:?}");
    assert!(counts.get("shadowed").is_some_and(|n| *n > 5), "{counts:?}");
}

#[test]
fn comparisons_agree_with_brute_force() {
    let requests = requests();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..n_sets(120) {
        let mut random = Random(u64::try_from(seed).expect("small") ^ 0xABCD);
        let expressions = seed % 2 == 1;
        let set = a_set(&mut random, expressions);
        let other = mutated(&set, &mut random, expressions);
        let (old, new) = (config(&set), config(&other));
        let outcomes = [&old, &new].map(|config| move |listener, entry| label(config, (listener, entry)));
        let side = |config, outcome| Side { config, socket: config.sockets.first(), outcome };
        let comparison = compare(side(&old, &outcomes[0]), side(&new, &outcomes[1]), &|_, _, _| true);
        for difference in &comparison.differences {
            let (one, two) = (taken(&old, &difference.probe), taken(&new, &difference.probe));
            assert_ne!(
                label(&old, one),
                label(&new, two),
                "seed {seed}: {difference:?} shows nothing\n{set:?}\n{other:?}"
            );
        }
        let sample = requests.iter().skip(seed % 7).step_by(7);
        let differs = sample.into_iter().find(|one| label(&old, taken(&old, one)) != label(&new, taken(&new, one)));
        let silent = comparison.differences.is_empty() && comparison.unproven.is_empty();
        assert!(!(silent && differs.is_some()), "seed {seed}: {differs:?} was not found\n{set:?}\n{other:?}");
        let word = match (silent, comparison.unproven.is_empty()) {
            (true, _) => "equal",
            (false, true) => "different",
            (false, false) => "unproven in part",
        };
        if !expressions {
            assert!(comparison.unproven.is_empty(), "seed {seed}: {:?}\n{set:?}\n{other:?}", comparison.unproven);
        }
        *counts.entry(word).or_default() += 1;
    }
    println!("comparisons: {counts:?}");
    assert!(counts.len() > 1, "{counts:?}");
}

/// The verdicts on entries for one name, in this order.
fn verdicts(matches: Vec<Match>) -> Vec<Shadow> {
    let line = |found| Line { hostname: None, found, label: 0, preflight: false };
    let config = config(&Set(vec![(None, matches.into_iter().map(line).collect())]));
    shadows(&config, &config.sockets[0].listeners[0])
}

fn path(path: PathMatch) -> Match {
    Match { path, method: None, headers: Vec::new(), query_params: Vec::new(), grpc: None, place: Place::default() }
}

fn exact(text: &str) -> Match {
    path(PathMatch::Exact(Str::from(text)))
}

fn prefix(text: &str) -> Match {
    path(PathMatch::Prefix(Str::from(text)))
}

fn regex(text: &str) -> Match {
    path(PathMatch::Regex(Str::from(text)))
}

fn with_header(found: Match, value: &str, regex: bool) -> Match {
    Match { headers: vec![ValueMatch { name: Str::from("x"), value: Str::from(value), regex }], ..found }
}

#[test]
fn a_prefix_is_a_path_too() {
    // Below the prefix all is taken, at the prefix itself not.
    let open = verdicts(vec![regex("/a/.*"), prefix("/a")]);
    assert!(matches!(&open[1], Shadow::Reachable(probe) if probe.path == "/a"), "{open:?}");
    let open = verdicts(vec![regex("/a/.*"), exact("/a"), prefix("/a")]);
    assert_eq!(open[2], Shadow::Shadowed(vec![0, 1]));
    // No value is found for the header, so nothing is known of the prefix itself.
    let open = verdicts(vec![regex("/a/.*"), with_header(prefix("/a"), r"\b1\b 2", true)]);
    assert!(!matches!(open[1], Shadow::Shadowed(_) | Shadow::Contradictory), "{open:?}");
}

#[test]
fn paths_that_no_request_has() {
    for text in ["/a/../b", "/%61", "/a/.", "a", "/a b"] {
        assert_eq!(verdicts(vec![prefix(text)]), [Shadow::Contradictory], "{text}");
        assert_eq!(verdicts(vec![exact(text)]), [Shadow::Contradictory], "{text}");
    }
    for text in ["/%61", r"/\.\.", "a.*", "[^/*]", "", "/%2f", "/a b"] {
        assert_eq!(verdicts(vec![regex(text)]), [Shadow::Contradictory], "{text}");
    }
    for text in ["/%2F", "//", "/é", "/...", r"\*"] {
        assert!(matches!(verdicts(vec![regex(text)])[0], Shadow::Reachable(_)), "{text}");
    }
}

#[test]
fn the_asterisk_is_below_no_prefix() {
    let open = verdicts(vec![prefix("/"), regex(".*")]);
    assert!(matches!(&open[1], Shadow::Reachable(probe) if probe.path == "*"), "{open:?}");
    assert_eq!(verdicts(vec![prefix("/"), exact("*"), regex(".*")])[2], Shadow::Shadowed(vec![0, 1]));
    assert_eq!(verdicts(vec![prefix("/"), regex("/.*")])[1], Shadow::Shadowed(vec![0]));
    // Its method is OPTIONS.
    let get = Match { method: Some(Str::from("GET")), ..regex(".*") };
    assert_eq!(verdicts(vec![prefix("/"), get])[1], Shadow::Shadowed(vec![0]));
}

#[test]
fn values_that_no_header_has() {
    for text in [" 1", "1\t", "1\n2"] {
        assert_eq!(verdicts(vec![with_header(prefix("/"), text, false)]), [Shadow::Contradictory], "{text:?}");
    }
    assert!(matches!(verdicts(vec![with_header(prefix("/"), "1\t2", false)])[0], Shadow::Reachable(_)));
}

#[test]
fn expressions_of_headers_are_compared() {
    let lines = |labels: [usize; 2]| {
        let [wide, narrow] = ["1.*", "1+"].map(|text| with_header(prefix("/"), text, true));
        let line = |(found, label)| Line { hostname: None, found, label, preflight: false };
        config(&Set(vec![(None, [(wide, labels[0]), (narrow, labels[1])].into_iter().map(line).collect())]))
    };
    let ask = |old: &Config, new: &Config| {
        let outcomes = [old, new].map(|config| move |listener, entry| label(config, (listener, entry)));
        let side = |config, outcome| Side { config, socket: config.sockets.first(), outcome };
        compare(side(old, &outcomes[0]), side(new, &outcomes[1]), &|_, _, _| true)
    };
    // The second line takes nothing, so its outcome does not count.
    let nothing = ask(&lines([0, 1]), &lines([0, 2]));
    assert!(nothing.differences.is_empty() && nothing.unproven.is_empty(), "{nothing:?}");
    let some = ask(&lines([0, 1]), &lines([2, 1]));
    assert_eq!((some.differences.len(), some.unproven.len()), (1, 0), "{some:?}");
}

#[test]
fn expressions_count_only_where_they_are_read() {
    // Too many expressions to be told apart, but below `/p` nothing is read after its own line.
    let lines = |last: usize| {
        let wild = (0..14).map(|n| (regex(&format!("/.*/r{n}/.*")), 0));
        let all = wild.chain([(prefix("/p"), 0), (prefix("/"), last)]);
        let line = |(found, label)| Line { hostname: None, found, label, preflight: false };
        config(&Set(vec![(None, all.map(line).collect())]))
    };
    let (old, new) = (lines(0), lines(1));
    let outcomes = [&old, &new].map(|config| move |listener, entry| label(config, (listener, entry)));
    let side = |config, outcome| Side { config, socket: config.sockets.first(), outcome };
    let found = compare(side(&old, &outcomes[0]), side(&new, &outcomes[1]), &|_, _, _| true);
    assert_eq!(found.differences.len(), 1, "{found:?}");
    let open: Vec<&str> = found.unproven.iter().map(|open| open.path.as_str()).collect();
    assert_eq!(open, ["/…"], "{found:?}");
}

#[test]
fn a_known_method_says_whether_it_is_a_preflight() {
    let lines = |label| {
        let query = ValueMatch { name: Str::from("q"), value: Str::from("2"), regex: false };
        let get = Match { method: Some(Str::from("GET")), query_params: vec![query], ..prefix("/") };
        let first = Line { hostname: None, found: get, label: 0, preflight: false };
        let next = Line { hostname: None, found: prefix("/"), label, preflight: true };
        config(&Set(vec![(None, vec![first, next])]))
    };
    let (old, new) = (lines(1), lines(2));
    let outcomes = [&old, &new].map(|config| move |listener, entry| label(config, (listener, entry)));
    let side = |config, outcome| Side { config, socket: config.sockets.first(), outcome };
    let found = compare(side(&old, &outcomes[0]), side(&new, &outcomes[1]), &|_, _, _| true);
    assert_eq!((found.differences.len(), found.unproven.len()), (1, 0), "{found:?}");
}

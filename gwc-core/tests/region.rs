//! Proofs about regions against brute force: every request of small alphabets, answered by the reference.
//!
//! `GWC_REGION_SETS` sets the number of generated sets.

use std::collections::BTreeMap;

use gwc_core::ir::{
    Config, Entry, Gateway, Host, Listener, Match, Owner, PathMatch, Place, Protocol, RouteKind, Rule, Socket, Str,
    Trace, Transport, ValueMatch,
};
use gwc_core::matcher::boundary::Probe;
use gwc_core::matcher::reference;
use gwc_core::region::compare::Side;
use gwc_core::region::{Shadow, compare, shadows};
use gwc_core::value::Hostname;

/// A small generator of numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).expect("small")).expect("small")
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

#[expect(clippy::disallowed_methods, reason = "the number of sets comes from outside")]
fn n_sets(default: usize) -> usize {
    std::env::var("GWC_REGION_SETS").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

const NAMES: [Option<&str>; 6] =
    [None, Some("*.test"), Some("*.a.test"), Some("a.test"), Some("x.a.test"), Some("b.test")];
const PATHS: [&str; 7] = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/b", "/a/"];
const PATTERNS: [&str; 6] = ["/.*", "/a.*", "/[ab]", "/a/.+", "/(a|b)/b", ".*b"];
const VALUES: [&str; 2] = ["1", "2"];
const VALUE_PATTERNS: [&str; 3] = [".*", "[12]", "1+"];

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
    let method = (random.below(4) == 0).then(|| Str::from(*random.pick(&["GET", "POST"])));
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
struct Set(Vec<(Option<&'static str>, Vec<Draft>)>);

/// Own hostname, match, label of the outcome.
type Draft = (Option<&'static str>, Match, usize);

fn a_set(random: &mut Random, expressions: bool) -> Set {
    let listeners = 1 + random.below(2);
    let mut names: Vec<Option<&str>> = NAMES.to_vec();
    Set((0..listeners)
        .map(|_| {
            let name = names.remove(random.below(names.len()));
            let lines = 1 + random.below(6);
            let line = |random: &mut Random| (*random.pick(&NAMES), a_match(random, expressions), random.below(3));
            (name, (0..lines).map(|_| line(random)).collect())
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
            1 => lines[at].2 = random.below(3),
            2 => lines[at].1 = a_match(random, expressions),
            3 => lines.insert(at, (*random.pick(&NAMES), a_match(random, expressions), random.below(3))),
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
        let mut by_host: BTreeMap<_, Vec<(&Match, usize)>> = BTreeMap::new();
        for (own, found, label) in lines {
            let own = own.map(Hostname::new);
            if gwc_core::value::hostname::intersect_optional(hostname.as_ref(), own.as_ref()).is_none() {
                continue;
            }
            let rank = match &own {
                Some(Hostname::Exact(_)) => (0, 0),
                Some(Hostname::Wildcard(suffix)) => (1, 99 - suffix.len()),
                None => (2, 0),
            };
            by_host.entry((rank.0, rank.1, own)).or_default().push((found, *label));
        }
        let (mut hosts, mut entries) = (Vec::new(), Vec::new());
        for ((_, _, written), found) in by_host {
            let matches = gwc_core::value::hostname::intersect_optional(hostname.as_ref(), written.as_ref());
            for (found, label) in found {
                let rule_at = u32::try_from(config.rules.len()).expect("few");
                config.rules.push(rule(label, found.clone()));
                let host = u32::try_from(hosts.len()).expect("few");
                entries.push(Entry { host, rule: rule_at, r#match: Some(0), preflight: false });
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

/// Every request of the small alphabets.
fn requests() -> Vec<Probe> {
    let hosts = ["a.test", "x.a.test", "y.x.a.test", "y.a.test", "b.test", "c.test", "other", ""];
    let paths =
        ["/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/a/b/c/d", "/a/c", "/ab", "/abc", "/b", "/b/b", "/c", "*"];
    let lines = |name: &'static str| -> Vec<Vec<(String, String)>> {
        let line = |value: &str| (name.to_owned(), value.to_owned());
        vec![vec![], vec![line("1")], vec![line("2")], vec![line("1"), line("2")], vec![line("11")], vec![line("3")]]
    };
    let queries = [None, Some("q=1"), Some("q=2"), Some("q=1&q=2"), Some("q=11"), Some("p=1")];
    let mut heads = Vec::new();
    for x in lines("x") {
        for (y, query) in lines("y").into_iter().zip(queries) {
            heads.push((x.iter().cloned().chain(y).collect::<Vec<_>>(), query.map(str::to_owned)));
        }
    }
    let places = hosts.iter().flat_map(|host| paths.iter().map(move |path| (*host, *path)));
    let places = places.flat_map(|place| ["GET", "POST", "PUT"].map(|method| (place, method)));
    let mut all = Vec::new();
    for ((host, path), method) in places {
        all.extend(heads.iter().map(|(headers, query)| Probe {
            host: (!host.is_empty()).then(|| host.to_owned()),
            path: path.to_owned(),
            query: query.clone(),
            method: method.to_owned(),
            headers: headers.clone(),
        }));
    }
    all
}

/// Who takes a request at the only socket.
fn taken(config: &Config, probe: &Probe) -> (Option<usize>, Option<usize>) {
    let socket = &config.sockets[0];
    let listener = reference::listener(socket, None, probe.host.as_deref());
    let entry = listener.and_then(|at| reference::find(config, &socket.listeners[at], &probe.head()));
    (listener, entry)
}

fn label(config: &Config, (listener, entry): (Option<usize>, Option<usize>)) -> u32 {
    let found = listener.zip(entry).map(|(listener, entry)| &config.sockets[0].listeners[listener].entries[entry]);
    found.map_or(99, |entry| config.rule(entry).trace.name.as_str().parse().expect("a label"))
}

#[test]
fn shadows_agree_with_brute_force() {
    let requests = requests();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..n_sets(60) {
        let mut random = Random(u64::try_from(seed).expect("small"));
        let expressions = seed % 2 == 1;
        let set = a_set(&mut random, expressions);
        let config = config(&set);
        let mut hit: BTreeMap<(usize, usize), &Probe> = BTreeMap::new();
        for request in requests.iter().skip(seed % 3).step_by(3) {
            if let (Some(listener), Some(entry)) = taken(&config, request) {
                hit.entry((listener, entry)).or_insert(request);
            }
        }
        for (at, listener) in config.sockets[0].listeners.iter().enumerate() {
            for (entry, shadow) in shadows(&config, listener).iter().enumerate() {
                let shown = hit.get(&(at, entry));
                let taken = |probe: &Probe| reference::find(&config, listener, &probe.head());
                let (word, is_wrong) = match shadow {
                    Shadow::Reachable(probe) => ("reachable", taken(probe) != Some(entry)),
                    Shadow::Shadowed(cover) => ("shadowed", shown.is_some() || cover.iter().any(|one| *one >= entry)),
                    Shadow::Contradictory => ("contradictory", shown.is_some()),
                    Shadow::Unproven => ("unproven", !expressions),
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
    for seed in 0..n_sets(60) {
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
        let sample = requests.iter().skip(seed % 3).step_by(3);
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

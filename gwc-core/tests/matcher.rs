//! The compiled matcher against the linear reference: random listeners and requests, and the smallest cases of what
//! was ever wrong. `GWC_MATCHER_PAIRS` sets the number of pairs of listener and request.

#![expect(clippy::disallowed_methods, reason = "a test reads how long it may run")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;

use gwc_core::ir::{Config, Entry, Listener, Protocol, Socket, Transport};
use gwc_core::matcher::reference::{self, Oracle};
use gwc_core::matcher::{HostFallthrough, Program, SocketProgram};
use gwc_core::value::pattern::Pattern;

#[path = "matcher/cases.rs"]
mod cases;
#[path = "matcher/generate.rs"]
mod generate;

use generate::{Dice, Request};

/// Expressions compiled once.
#[derive(Default)]
struct Compiled(RefCell<BTreeMap<String, Option<Pattern>>>);

impl Compiled {
    fn matches(&self, pattern: &str, text: &[u8]) -> bool {
        let mut all = self.0.borrow_mut();
        if !all.contains_key(pattern) {
            all.insert(pattern.to_owned(), Pattern::new(pattern).ok());
        }
        all.get(pattern).is_some_and(|one| one.as_ref().is_some_and(|one| one.is_match(text)))
    }
}

fn n_pairs() -> usize {
    env::var("GWC_MATCHER_PAIRS").ok().and_then(|n| n.parse().ok()).unwrap_or(200_000)
}

/// Takes entries away while the two still disagree.
fn smallest(config: &Config, listener: &Listener, disagree: &dyn Fn(&Listener) -> bool) -> Vec<Entry> {
    let mut least = listener.clone();
    let mut position = 0;
    while position < least.entries.len() {
        let mut fewer = least.clone();
        fewer.entries.remove(position);
        if disagree(&fewer) {
            least = fewer;
        } else {
            position += 1;
        }
    }
    assert!(config.rules.len() >= least.entries.iter().map(|entry| entry.rule as usize + 1).max().unwrap_or(0));
    least.entries
}

fn explain(config: &Config, listener: &Listener, entries: &[Entry]) -> String {
    let line = |entry: &Entry| {
        let found = config.match_of(entry);
        let parts = found.map(|one| (&one.path, &one.method, &one.headers, &one.query_params));
        let kind = config.rule(entry).trace.kind;
        format!("{kind:?} preflight {} {:?} {parts:?}", entry.preflight, listener.hosts[entry.host as usize])
    };
    entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn program_and_reference_agree() {
    const REQUESTS: usize = 50;
    let compiled = Compiled::default();
    let whole = |pattern: &str, text: &[u8]| compiled.matches(pattern, text);
    let mut dice = Dice(0x5eed_1234_abcd_0001);
    let (mut n_found, mut n_asked) = (0usize, 0usize);
    for number in 0..n_pairs() / REQUESTS {
        let (config, listener) = generate::world(&mut dice);
        let fallthrough = if number % 4 == 0 { HostFallthrough::Off } else { HostFallthrough::On };
        let program = Program::compile_with(&config, &listener, number as u64, fallthrough);
        for _ in 0..REQUESTS {
            let request: Request = generate::request(&mut dice, &config, &listener);
            let expect = |listener: &Listener| {
                Oracle { config: &config, listener, fallthrough, whole: &whole }.find(&request.head())
            };
            let (expected, found) = (expect(&listener), program.find(&request.head()));
            n_asked += 1;
            n_found += usize::from(found.is_some());
            if expected == found {
                continue;
            }
            let disagree = |fewer: &Listener| {
                let program = Program::compile_with(&config, fewer, number as u64, fallthrough);
                program.find(&request.head()) != expect(fewer)
            };
            let entries = smallest(&config, &listener, &disagree);
            panic!(
                "{expected:?} by the reference, {found:?} by the program, {fallthrough:?}\n{request:?}\n{}",
                explain(&config, &listener, &entries)
            );
        }
    }
    // Neither always nor never: the alphabets are small enough.
    assert!(n_found * 10 > n_asked * 3 && n_found * 10 < n_asked * 9, "{n_found} of {n_asked} requests were taken");
    println!("matcher: program and reference agree on {} pairs of listener and request", n_pairs());
}

#[test]
fn socket_and_reference_agree() {
    let mut dice = Dice(0x5eed_1234_abcd_0002);
    let mut n_found = 0usize;
    for number in 0..n_pairs() / 100 {
        let protocols: &[Protocol] =
            if number % 2 == 0 { &[Protocol::Http] } else { &[Protocol::Https, Protocol::Tls] };
        let listeners = (0..dice.below(8))
            .map(|_| generate::listener(dice.of(protocols), generate::hostname(&mut dice), Vec::new(), Vec::new()));
        let socket = Socket { gateway: 0, transport: Transport::Tcp, port: 80, listeners: listeners.collect() };
        let program = SocketProgram::compile(&Config::default(), &socket, number as u64, HostFallthrough::On);
        for _ in 0..10 {
            let name = generate::name(&mut dice);
            let expected = reference::listener(&socket, None, name);
            assert_eq!(program.listener(name), expected, "{name:?} at {socket:?}");
            n_found += usize::from(expected.is_some());
            let protocol = dice.of(protocols);
            let expected = reference::listener(&socket, Some(protocol), name);
            assert_eq!(program.listener_of(protocol, name), expected, "{protocol:?} {name:?} at {socket:?}");
        }
    }
    assert!(n_found > n_pairs() / 50, "{n_found} names found a listener");
}

//! Many reloads under load.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::support::client::http2::Http2;
use crate::support::frames::Frames;
use crate::support::world::World;
use crate::{A, B, BTreeMap, Kept, config, get, manifests, ok, to};

/// Reloads of the storm.
const RELOADS: usize = 300;

/// What the load has done.
#[derive(Default)]
struct Tally {
    is_over: AtomicBool,
    requests: AtomicU64,
}

impl Tally {
    /// Asks until the storm is over; every answer must be 200.
    fn run(&self, mut ask: impl FnMut(u64) -> std::io::Result<u16>) -> Result<(), String> {
        let mut number = 0;
        while !self.is_over.load(Ordering::Relaxed) {
            let status = ask(number).map_err(|error| format!("request {number}: {error}"))?;
            if status != 200 {
                return Err(format!("request {number}: {status}"));
            }
            number += 1;
            self.requests.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

fn kept_connection(tally: &Tally, address: SocketAddr) -> Result<(), String> {
    let mut kept = Kept::new(address);
    tally.run(|number| kept.try_get(&format!("/kept/{number}")).map(|(status, _)| status))
}

fn new_connections(tally: &Tally, address: SocketAddr) -> Result<(), String> {
    tally.run(|number| Kept::new(address).try_get(&format!("/new/{number}")).map(|(status, _)| status))
}

fn http2_streams(tally: &Tally, address: SocketAddr, path: &str) -> Result<(), String> {
    let mut http2 = Http2::connect(address, None).map_err(|error| error.to_string())?;
    tally.run(|_| {
        let request = http::Request::post(format!("http://x{path}")).body(Frames::new(&[7; 2000], &[]));
        http2.request(request.expect("a request")).map(|response| response.status)
    })
}

/// Configurations that differ in every way that keeps all requests answered: backends, filters, rules, listeners.
fn variants() -> Vec<gwc_core::ir::Config> {
    let calls = "  - matches: [{path: {value: /calls}}]\n    backendRefs: [{name: calls, port: 80}]\n";
    let filtered = "  - filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-v, value: v}]}}]\n    \
                    backendRefs: [{name: a, port: 80, weight: 3}, {name: b, port: 80}]\n";
    let many: String = (0..12)
        .map(|number| {
            format!("  - matches: [{{path: {{value: /kept/{number}}}}}]\n    backendRefs: [{{name: b, port: 80}}]\n")
        })
        .collect();
    [
        (&[80][..], format!("{calls}{}", to("a"))),
        (&[80, 8080], format!("{calls}{}", to("b"))),
        (&[80], format!("{filtered}{calls}")),
        (&[80, 8080, 9090], format!("{many}{calls}{}", to("a"))),
    ]
    .map(|(ports, rules)| config(ports, &rules))
    .to_vec()
}

#[test]
fn no_request_is_lost() {
    let (mut options, log) = crate::support::world::options();
    options.workers = NonZeroUsize::new(2);
    options.access_log = None;
    let mut world = World::start(&manifests(&[80], &to("a")), &BTreeMap::new(), (options, log));
    let variants = variants();
    world.reload(variants[0].clone());
    let (tally, address) = (Tally::default(), world.addresses[0]);
    let results = std::thread::scope(|scope| {
        let threads = [
            scope.spawn(|| kept_connection(&tally, address)),
            scope.spawn(|| kept_connection(&tally, address)),
            scope.spawn(|| new_connections(&tally, address)),
            scope.spawn(|| new_connections(&tally, address)),
            scope.spawn(|| http2_streams(&tally, address, "/h2")),
            scope.spawn(|| http2_streams(&tally, address, "/calls/x")),
        ];
        let mut generation = world.runtime.snapshot().expect("a snapshot").generation;
        for (number, variant) in variants.iter().cycle().take(RELOADS).enumerate() {
            let applied = world.reload(variant.clone());
            assert!(applied.generation > generation, "reload {number}");
            generation = applied.generation;
            assert!(applied.bound.iter().all(|bound| bound.result.is_ok()), "reload {number}: {applied:?}");
            // What a reload changes is served by every worker once it returns.
            let expected = if number % 4 == 1 { B } else { A };
            if number % 4 != 2 {
                assert_eq!(get(address, "/"), ok(expected), "reload {number}");
            }
        }
        tally.is_over.store(true, Ordering::Relaxed);
        threads.map(|thread| thread.join().expect("no panic"))
    });
    for result in results {
        assert_eq!(result, Ok(()));
    }
    let requests = tally.requests.load(Ordering::Relaxed);
    assert!(requests > RELOADS as u64, "{requests} requests are no load");
    println!("{RELOADS} reloads, {requests} requests, 0 failed");
}

#[test]
fn what_does_not_change_is_kept() {
    let mut world = crate::start(&[80], &to("a"));
    let mut kept = Kept::new(world.addresses[0]);
    assert_eq!(kept.get("/1"), ok(A));
    let upstream = world.backends.next().connection;
    for _ in 0..20 {
        world.reload(config(&[80], &to("a")));
        assert_eq!(kept.get("/2"), ok(A));
        assert_eq!(world.backends.next().connection, upstream, "pools outlive snapshots");
    }
    let rules = world.runtime.stats().rules;
    let total: u64 = rules.values().flat_map(|rule| rule.classes).sum();
    assert_eq!(total, 21, "counters survive reloads: {rules:?}");
}

#[test]
fn every_request_is_served_by_the_newest_snapshot() {
    let mut world = crate::start(&[80], &to("a"));
    let mut kept = Kept::new(world.addresses[0]);
    let mut http2 = Http2::connect(world.addresses[0], None).expect("a connection");
    for (service, backend) in [("a", A), ("b", B), ("a", A)] {
        world.reload(config(&[80], &to(service)));
        assert_eq!(kept.get("/"), ok(backend), "HTTP/1.1: the next request");
        let request = http::Request::get("http://x/").body(Frames::default()).expect("a request");
        let response = http2.request(request).expect("an answer");
        assert_eq!(response.header("x-backend"), Some(backend), "HTTP/2: the next stream");
    }
    world.reload(config(&[80], "  - matches: [{path: {value: /other}}]\n    backendRefs: [{name: a, port: 80}]\n"));
    assert_eq!(kept.get("/").0, 404);
}

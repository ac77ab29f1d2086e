//! Times the matcher against one hash probe, a radix tree per host and a linear list, in one process, as ratios.
//!
//! Rounds alternate between the contestants and the fastest round of each counts: other load on the machine only slows
//! a round down. Run it pinned to one core.

mod peers;
mod routes;

use std::hint::black_box;
use std::time::Instant;

use gwc_core::ir::{Config, Listener, PathMatch};
use gwc_core::matcher::{Program, RequestHead, reference};

use crate::report;
use peers::{Probe, Radix};
use routes::{Dice, Predicate, Request, Route};

/// Header lines of every request.
const HEADERS: [(&str, &str); 4] =
    [("accept", "*/*"), ("user-agent", "bench/1.0"), ("x-stage", "canary"), ("x-request-id", "3f2a")];

/// Requests of one round.
const REQUESTS: usize = 200_000;

type Lines = Vec<(&'static str, &'static str)>;

/// Prints all tables.
pub(crate) fn run() {
    sizes();
    hits_and_misses();
    builds();
    adversarial();
}

fn head<'r>(request: &'r Request, headers: &'r Lines) -> RequestHead<'r> {
    RequestHead { host: Some(&request.host), path: &request.path, query: None, method: "GET", headers }
}

/// Nanoseconds per call in the fastest of the rounds, for each contestant.
fn race<const N: usize>(n_calls: usize, n_rounds: usize, mut contestants: [&mut dyn FnMut() -> usize; N]) -> [f64; N] {
    let mut best = [f64::MAX; N];
    for _ in 0..n_rounds {
        for (contestant, best) in contestants.iter_mut().zip(&mut best) {
            let start = Instant::now();
            black_box(contestant());
            *best = best.min(start.elapsed().as_secs_f64() * 1e9 / n_calls as f64);
        }
    }
    best
}

/// Requests for routes drawn at random.
fn requests(routes: &[Route], n: usize) -> Vec<Request> {
    let mut dice = Dice(7);
    (0..n).map(|_| routes[dice.below(routes.len())].request()).collect()
}

/// Asks all, each alone: the processor may overlap neighbours.
fn all(heads: &[RequestHead<'_>], find: impl Fn(&RequestHead<'_>) -> Option<usize>) -> usize {
    heads.iter().filter(|head| find(head).is_some()).count()
}

/// Asks all, each only when the answer before is known.
fn chained(heads: &[RequestHead<'_>], find: impl Fn(&RequestHead<'_>) -> Option<usize>) -> usize {
    let (mut at, mut n) = (0usize, 0usize);
    while let Some(head) = heads.get(at) {
        // Zero, but neither compiler nor processor know it.
        let wait = black_box(find(head)).map_or(0, |found| found >> 40);
        at += 1 + wait;
        n += 1;
    }
    n
}

/// The routes, their program, and what is asked of both.
struct Setting {
    routes: Vec<Route>,
    config: Config,
    listener: Listener,
    program: Program,
    requests: Vec<Request>,
    lines: Lines,
}

impl Setting {
    fn new(n: usize, n_hosts: usize) -> Self {
        let routes = routes::mixed(n, n_hosts);
        let (config, listener) = routes::lower(&routes);
        let program = Program::compile(&config, &listener, 42);
        let requests = requests(&routes, REQUESTS);
        Self { routes, config, listener, program, requests, lines: HEADERS.to_vec() }
    }

    fn heads(&self) -> Vec<RequestHead<'_>> {
        self.requests.iter().map(|request| head(request, &self.lines)).collect()
    }
}

fn sizes() {
    report(
        "| routes | hosts | program ns | each waits ns | one probe ns | ratio | matchit per host | list | bytes per route |",
    );
    report("|---|---|---|---|---|---|---|---|---|");
    for (n, n_hosts) in [(100, 10), (10_000, 100), (100_000, 1_000), (1_000_000, 10_000), (100_000, 100_000)] {
        let setting = Setting::new(n, n_hosts);
        let heads = setting.heads();
        let (program, radix) = (&setting.program, Radix::new(&setting.routes));
        let known: Vec<Request> = setting.routes.iter().map(Route::request).collect();
        let probe = Probe::new(&known);
        assert_eq!(all(&heads, |head| program.find(head)), heads.len(), "a request for each route");
        assert_eq!(all(&heads, |head| probe.find(head.host.unwrap_or_default(), head.path)), heads.len());
        let [ours, waits, one, tree] = race(
            heads.len(),
            9,
            [
                &mut || all(&heads, |head| program.find(head)),
                &mut || chained(&heads, |head| program.find(head)),
                &mut || all(&heads, |head| probe.find(head.host.unwrap_or_default(), head.path)),
                &mut || all(&heads, |head| radix.find(head.host.unwrap_or_default(), head.path)),
            ],
        );
        let list = linear(&setting, &heads);
        let structure = program.memory().structure as f64 / n as f64;
        let (radix, list) = (tree / one, list.map_or("–".to_owned(), |list| format!("{:.0} ×", list / one)));
        report(&format!(
            "| {n} | {n_hosts} | {ours:.0} | {waits:.0} | {one:.1} | {:.1} × | {radix:.1} × | {list} | {structure:.0} |",
            ours / one
        ));
    }
}

/// Small sizes only.
fn linear(setting: &Setting, heads: &[RequestHead<'_>]) -> Option<f64> {
    let some = &heads[..200];
    let find = |head: &RequestHead<'_>| reference::find(&setting.config, &setting.listener, head);
    (setting.routes.len() <= 10_000).then(|| race(some.len(), 3, [&mut || all(some, find)])[0])
}

fn hits_and_misses() {
    report("");
    report("| 10,000 routes | ns |");
    report("|---|---|");
    let setting = Setting::new(10_000, 100);
    let miss = |change: fn(&mut Request)| {
        let mut requests = setting.requests.clone();
        requests.iter_mut().for_each(change);
        requests
    };
    let absent = miss(|request| request.path.insert_str(1, "absent-"));
    let last = miss(|request| request.path = request.path.replace("service", "absent"));
    let stranger = miss(|request| request.host.push_str(".net"));
    let asked = [&setting.requests, &absent, &last, &stranger]
        .map(|requests| requests.iter().map(|request| head(request, &setting.lines)).collect::<Vec<_>>());
    let program = &setting.program;
    let find = |head: &RequestHead<'_>| program.find(head);
    let times = race(
        REQUESTS,
        9,
        [&mut || all(&asked[0], find), &mut || all(&asked[1], find), &mut || all(&asked[2], find), &mut || {
            all(&asked[3], find)
        }],
    );
    for (name, time) in ["hit", "unknown first segment", "unknown last segment", "unknown host"].into_iter().zip(times)
    {
        report(&format!("| {name} | {time:.0} |"));
    }
}

fn builds() {
    report("");
    report("| compile | ms |");
    report("|---|---|");
    for (n, n_hosts) in [(100_000, 1), (100_000, 1_000), (100_000, 100_000), (1_000_000, 10_000)] {
        let routes = routes::mixed(n, n_hosts);
        let (config, listener) = routes::lower(&routes);
        let [time] = race(1, 5, [&mut || Program::compile(&config, &listener, 42).memory().structure]);
        report(&format!("| {n} routes on {n_hosts} hosts | {:.0} |", time / 1e6));
    }
}

/// Sets made to hurt; a request for the worst place in each.
fn adversarial() {
    report("");
    report("| adversarial | compile ms | worst request µs |");
    report("|---|---|---|");
    let on_one = |path: PathMatch, predicate: Predicate| Route { host: "a.example.com".to_owned(), path, predicate };
    let nested = (1..=10_000).map(|n| on_one(PathMatch::Prefix("/a".repeat(n).into()), Predicate::None));
    let nested_get =
        (1..=10_000).map(|n| on_one(PathMatch::Prefix("/a".repeat(n).into()), Predicate::Header(n.to_string())));
    let headers = (0..5_000).map(|n| on_one(PathMatch::Prefix("/a".into()), Predicate::Header(n.to_string())));
    let expressions = (0..1_000).map(|n| on_one(PathMatch::Regex(format!("/v{n}/[a-z]+/x.*").into()), Predicate::None));
    let guarded = (0..1_000)
        .map(|n| on_one(PathMatch::Regex(format!("/v[0-9]*{n}?/[a-z]+/x.*").into()), Predicate::Header(n.to_string())));
    row("10,000 nested prefixes", nested.collect(), &"/a".repeat(10_000));
    row("10,000 nested prefixes, other header values", nested_get.collect(), &"/a".repeat(10_000));
    row("5,000 header variants of one path", headers.collect(), "/a/b");
    row("1,000 expressions on one host", expressions.collect(), "/v999/abc/xyz");
    row("1,000 expressions that all match, other header values", guarded.collect(), "/v9/abc/xyz");
}

fn row(name: &str, routes: Vec<Route>, path: &str) {
    let (config, listener) = routes::lower(&routes);
    let [compile] = race(1, 3, [&mut || Program::compile(&config, &listener, 42).memory().structure]);
    let program = Program::compile(&config, &listener, 42);
    let (request, lines) = (Request { host: "a.example.com".to_owned(), path: path.to_owned() }, HEADERS.to_vec());
    let head = head(&request, &lines);
    let [time] = race(20, 20, [&mut || (0..20).filter_map(|_| program.find(&head)).count()]);
    report(&format!("| {name} | {:.1} | {:.1} |", compile / 1e6, time / 1e3));
}

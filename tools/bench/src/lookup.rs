//! Times the matcher against one hash probe, a radix tree per host and a linear list, in one process, as ratios.
//!
//! Contestants take turns of a few windows of a millisecond or two, and of all windows of each the lower quartile
//! counts: other load on the machine only slows windows down. Run it pinned to one core.

mod peers;
mod routes;

use std::hint::black_box;
use std::time::Instant;

use gwc_core::ir::{Config, Listener, PathMatch};
use gwc_core::matcher::{Program, RequestHead, reference};

use crate::report;
use peers::{Probe, Radix};
use routes::{Dice, Predicate, Request, Route};

/// Windows of each contestant: every request three times.
const WINDOWS: usize = 3 * REQUESTS / WINDOW;

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

/// Requests of one window.
const WINDOW: usize = 500;

/// Windows that a contestant has in a row.
const TURN: usize = 8;

/// Windows between two contestants that share a table.
const APART: usize = 200;

type Contestant<'c> = &'c dyn Fn(usize) -> usize;

/// Reads the requests of a window: a router asks for what it has just read.
type Read<'c> = &'c dyn Fn(usize);

/// Nanoseconds per call, for each contestant; each is given the number of a window and says how many calls it made.
fn race<const N: usize>(n_windows: usize, contestants: [Contestant<'_>; N]) -> [f64; N] {
    let nothing: Read<'_> = &|_| ();
    race_read(n_windows, contestants.map(|contestant| (nothing, contestant)))
}

/// As [`race`], of requests that are in the nearest cache.
fn race_read<const N: usize>(n_windows: usize, contestants: [(Read<'_>, Contestant<'_>); N]) -> [f64; N] {
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    for turn in 0..n_windows.div_ceil(TURN) {
        for ((read, contestant), times) in contestants.iter().zip(&mut times) {
            // The first windows of a turn fill the caches again.
            let windows = (0..TURN + TURN / 2).map(|number| turn * TURN + number);
            let measured = windows.map(|window| {
                read(window);
                timed(contestant, window)
            });
            times.extend(measured.skip(TURN / 2));
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 4]
    })
}

fn timed(contestant: &Contestant<'_>, window: usize) -> f64 {
    let start = Instant::now();
    let n_calls = black_box(contestant(window));
    start.elapsed().as_secs_f64() * 1e9 / n_calls as f64
}

/// Requests for routes drawn at random.
fn requests(routes: &[Route], n: usize) -> Vec<Request> {
    let mut dice = Dice(7);
    (0..n).map(|_| routes[dice.below(routes.len())].request()).collect()
}

/// The requests of a window; all windows once, then again.
fn window<'h, 'r>(heads: &'h [RequestHead<'r>], number: usize) -> &'h [RequestHead<'r>] {
    let size = WINDOW.min(heads.len());
    let at = (number % (heads.len() / size)) * size;
    &heads[at..at + size]
}

/// Reads all.
fn read(heads: &[RequestHead<'_>]) {
    let bytes = |text: &str| text.bytes().fold(0u8, u8::wrapping_add);
    for head in heads {
        black_box(bytes(head.host.unwrap_or_default()).wrapping_add(bytes(head.path)));
    }
}

/// Asks all, each alone: the processor may overlap neighbours.
fn all(heads: &[RequestHead<'_>], find: impl Fn(&RequestHead<'_>) -> Option<usize>) -> usize {
    for head in heads {
        black_box(find(head));
    }
    heads.len()
}

/// Asks all, each only when the answer before is known.
fn chained(heads: &[RequestHead<'_>], find: impl Fn(&RequestHead<'_>) -> Option<usize>) -> usize {
    let mut at = 0usize;
    while let Some(head) = heads.get(at) {
        // Zero, but neither compiler nor processor know it.
        let wait = black_box(find(head)).map_or(0, |found| found >> 40);
        at += 1 + wait;
    }
    heads.len()
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
        assert!(heads.iter().all(|head| program.find(head).is_some()), "a request for each route");
        let at_probe = |head: &RequestHead<'_>| probe.find(head.host.unwrap_or_default(), head.path);
        assert!(heads.iter().all(|head| at_probe(head).is_some()));
        let (here, there) = (|number| window(&heads, number), |number| window(&heads, number + APART));
        let at_radix = |head: &RequestHead<'_>| radix.find(head.host.unwrap_or_default(), head.path);
        let (near, far) = (|number| read(here(number)), |number| read(there(number)));
        let [ours, waits, one, tree] = race_read(
            WINDOWS,
            [
                (&near, &|number| all(here(number), |head| program.find(head))),
                (&far, &|number| chained(there(number), |head| program.find(head))),
                (&near, &|number| all(here(number), at_probe)),
                (&near, &|number| all(here(number), at_radix)),
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
    (setting.routes.len() <= 10_000).then(|| race(8, [&|_| all(some, find)])[0])
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
        WINDOWS,
        [
            &|number| all(window(&asked[0], number), find),
            &|number| all(window(&asked[1], number), find),
            &|number| all(window(&asked[2], number), find),
            &|number| all(window(&asked[3], number), find),
        ],
    );
    for (name, time) in ["hit", "unknown first segment", "unknown last segment", "unknown host"].into_iter().zip(times)
    {
        report(&format!("| {name} | {time:.0} |"));
    }
}

/// Nanoseconds.
fn compile_time(config: &Config, listener: &Listener) -> f64 {
    let compile = |_: usize| Program::compile(config, listener, 42).memory().structure.min(1);
    race(7, [&compile])[0]
}

fn builds() {
    report("");
    report("| compile | ms |");
    report("|---|---|");
    for (n, n_hosts) in [(100_000, 1), (100_000, 1_000), (100_000, 100_000), (1_000_000, 10_000)] {
        let routes = routes::mixed(n, n_hosts);
        let (config, listener) = routes::lower(&routes);
        let time = compile_time(&config, &listener);
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
    let legal: Vec<Route> = nested_get.clone().take(512).collect();
    row("10,000 nested prefixes", nested.collect(), &"/a".repeat(10_000));
    row("the same, all with other header values", nested_get.collect(), &"/a".repeat(10_000));
    row("the 512 of them that the API allows", legal, &"/a".repeat(512));
    row("5,000 header variants of one path", headers.collect(), "/a/b");
    row("1,000 expressions on one host", expressions.collect(), "/v999/abc/xyz");
    row("1,000 expressions that may match, other header values", guarded.collect(), "/v9/abc/xyz");
}

fn row(name: &str, routes: Vec<Route>, path: &str) {
    let (config, listener) = routes::lower(&routes);
    let compile = compile_time(&config, &listener);
    let program = Program::compile(&config, &listener, 42);
    let (request, lines) = (Request { host: "a.example.com".to_owned(), path: path.to_owned() }, HEADERS.to_vec());
    let head = head(&request, &lines);
    let find = |_: usize| {
        black_box(program.find(&head));
        1
    };
    let [time] = race(400, [&find]);
    report(&format!("| {name} | {:.1} | {:.1} |", compile / 1e6, time / 1e3));
}

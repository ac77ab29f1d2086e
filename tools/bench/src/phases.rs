//! Times the way from verdicts to programs: lowering, then compiling every listener, on one core in one process.
//!
//! Other load on the machine only slows a run down, so the fastest of several counts.

use std::time::Instant;

use gwc_core::change::{self, World};
use gwc_core::matcher::{HostFallthrough, SocketProgram};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::{ir, lower};

use crate::report;
use crate::worlds::{Hosts, world};

const ROUTES: usize = 100_000;

/// Routes of worlds that are compared.
const DIFF_ROUTES: usize = 10_000;

/// Runs of each phase.
const RUNS: usize = 15;

/// Prints the tables.
pub(crate) fn run() {
    report("| 100,000 HTTPRoutes, ms | lower | programs | both |");
    report("|---|---|---|---|");
    for (name, hosts) in
        [("one hostname", Hosts::Same), ("1,000 hostnames", Hosts::Some(1000)), ("a hostname each", Hosts::Own)]
    {
        row(name, hosts);
    }
    report("");
    report("| two worlds of 10,000 HTTPRoutes, 20 changes, ms | compile both | diff | found |");
    report("|---|---|---|---|");
    for (name, hosts) in
        [("one hostname", Hosts::Same), ("100 hostnames", Hosts::Some(100)), ("a hostname each", Hosts::Own)]
    {
        compared(name, hosts);
    }
}

/// What `gwc diff` does between reading and printing.
fn compared(name: &str, hosts: Hosts) {
    let worlds = [false, true].map(|is_changed| sources(DIFF_ROUTES, hosts, is_changed));
    let start = Instant::now();
    let compilations = worlds.each_ref().map(|sources| gwc_core::compile(sources, &profile()));
    let compiling = start.elapsed().as_secs_f64();
    let sides = worlds.iter().zip(&compilations).map(|(sources, compilation)| World { sources, compilation });
    let [old, new] = sides.collect::<Vec<_>>()[..] else { return };
    let (mut diffing, mut found) = (f64::MAX, 0);
    for _ in 0..3 {
        let start = Instant::now();
        let changes = change::diff(old, new);
        diffing = diffing.min(start.elapsed().as_secs_f64());
        found = changes.traffic.len();
    }
    report(&format!("| {name} | {:.0} | {:.0} | {found} |", compiling * 1e3, diffing * 1e3));
}

fn profile() -> Profile {
    Profile::new(WorldMode::Closed, 1_780_272_000)
}

fn sources(n: usize, hosts: Hosts, is_changed: bool) -> SourceMap {
    let mut sources = SourceMap::new();
    let text = world(n, hosts, is_changed).into_bytes();
    sources.add(Source::from_bytes("all.yaml", Origin::Memory, Role::Checked, true, text));
    sources
}

fn row(name: &str, hosts: Hosts) {
    let sources = sources(ROUTES, hosts, false);
    let compilation = gwc_core::compile(&sources, &profile());
    let (mut lowering, mut compiling) = (f64::MAX, f64::MAX);
    for _ in 0..RUNS {
        let start = Instant::now();
        let lowered = lower::lower(&sources, &compilation.graph, &compilation.evaluation);
        lowering = lowering.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        let programs = programs(&lowered.config);
        compiling = compiling.min(start.elapsed().as_secs_f64());
        assert!(lowered.config.rules.len() == ROUTES && programs == 1, "every route is served, on one socket");
    }
    let sum = lowering + compiling;
    report(&format!("| {name} | {:.0} | {:.0} | {:.0} |", lowering * 1e3, compiling * 1e3, sum * 1e3));
}

fn programs(config: &ir::Config) -> usize {
    let compile = |socket| SocketProgram::compile(config, socket, 42, HostFallthrough::On);
    config.sockets.iter().map(compile).collect::<Vec<_>>().len()
}

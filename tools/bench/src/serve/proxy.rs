//! The engine of `gwc serve` alone: serves a folder of manifests on 127.0.0.1 with the words of `gwc serve` that
//! `tools/bench-serve` uses. `swap` times how long a new configuration takes to be served.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gwc_core::ir::{Config, Endpoint};
use gwc_core::lower::Lowered;
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_runtime::{Applied, Load, Options, Runtime};

use crate::worlds::{self, Hosts};
use crate::{io_error, report};

/// Serves until it is ended from outside.
pub(crate) fn run(words: &[&str]) -> io::Result<()> {
    let dir = words.first().ok_or_else(|| io_error("no folder"))?;
    let mut lowered = compile(&sources(Path::new(dir))?);
    for map in words.windows(2).filter(|pair| pair[0] == "--map") {
        let (service, address) = map[1].split_once('=').ok_or_else(|| io_error("--map: NS/SERVICE:PORT=IP:PORT"))?;
        send_to(&mut lowered.config, Some(service), address.parse().map_err(io_error)?);
    }
    let runtime = start()?;
    let ports: Vec<u16> = lowered.config.sockets.iter().map(|socket| socket.port).collect();
    bound(&runtime.swap(load(lowered, &ports)))?;
    loop {
        std::thread::park();
    }
}

/// Routes of the configurations that are swapped.
const ROUTES: usize = 100_000;

/// Prints how long swaps of a configuration with one more route take, until they return and until the first answer.
pub(crate) fn swap() -> io::Result<()> {
    let runtime = start()?;
    let mut port = 0;
    report("| 100,000 routes on one host | `swap` returns after ms | first new answer after ms | CPU ms |");
    report("|---|---|---|---|");
    for turn in 0..6 {
        let mut sources = SourceMap::new();
        let text = worlds::world(ROUTES + turn, Hosts::Same, false).into_bytes();
        sources.add(Source::from_bytes("all.yaml", Origin::Memory, Role::Checked, true, text));
        let mut lowered = compile(&sources);
        // A port at which nobody listens: 503 tells the new route from 404.
        send_to(&mut lowered.config, None, loopback(1));
        let new = load(lowered, &[0]);
        let (began, cpu) = (Instant::now(), own_cpu());
        let applied = runtime.swap(new);
        let returned = began.elapsed();
        port = bound(&applied)?.unwrap_or(port);
        let path = format!("/team-{}/service-{}", (ROUTES + turn - 1) % 50, ROUTES + turn - 1);
        let answered = first_answer(port, &path, began)?;
        let [returned, answered, cpu] = [returned, answered, own_cpu() - cpu].map(|time| time.as_secs_f64() * 1e3);
        report(&format!("| swap {turn} | {returned:.1} | {answered:.1} | {cpu:.1} |"));
    }
    runtime.shutdown();
    Ok(())
}

/// CPU of all threads of this process so far: what a swap takes on a machine that is busy with other things.
fn own_cpu() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let texts = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok());
    Duration::from_nanos(texts.filter_map(|text| text.split(' ').next()?.parse::<u64>().ok()).sum())
}

/// Asks until the route is there.
fn first_answer(port: u16, path: &str, began: Instant) -> io::Result<Duration> {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: shop-0.example.com\r\nx-stage: canary\r\nConnection: close\r\n\r\n");
    while began.elapsed() < Duration::from_secs(60) {
        let mut stream = TcpStream::connect(loopback(port))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if !answer.starts_with("HTTP/1.1 404") {
            return Ok(began.elapsed());
        }
    }
    Err(io_error(format!("{path} is not served")))
}

fn start() -> io::Result<Runtime> {
    Runtime::start(Options { workers: NonZeroUsize::new(1), ..Options::default() }).map_err(io_error)
}

fn load(lowered: Lowered, ports: &[u16]) -> Load {
    let addresses = ports.iter().map(|port| vec![loopback(*port)]).collect();
    Load { config: Arc::new(lowered.config), secrets: Arc::new(lowered.secrets), addresses }
}

/// The port of the first address, if all are bound.
fn bound(applied: &Applied) -> io::Result<Option<u16>> {
    let mut port = None;
    for bound in &applied.bound {
        let address = bound.result.as_ref().map_err(|error| io_error(format!("{}: {error}", bound.asked)))?;
        port.get_or_insert(address.port());
    }
    Ok(port)
}

fn compile(sources: &SourceMap) -> Lowered {
    let mut profile = Profile::new(WorldMode::Closed, 1_780_272_000);
    let class = ("gwc".into(), "gwc.dev/gateway-controller".into());
    profile.world.assumptions.gateway_classes.extend([class]);
    gwc_core::compile(sources, &profile).lowered
}

fn sources(dir: &Path) -> io::Result<SourceMap> {
    let mut sources = SourceMap::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.display().to_string();
        sources.add(Source::from_bytes(&name, Origin::File, Role::Checked, true, std::fs::read(&path)?));
    }
    Ok(sources)
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// Gives a Service port, or all, one endpoint.
fn send_to(config: &mut Config, service: Option<&str>, address: SocketAddr) {
    for backend in &mut config.backends {
        if service.is_none_or(|service| backend.key.to_string() == service) {
            let address = Endpoint { address: address.ip().to_string().into(), port: address.port(), ready: true };
            backend.endpoints = Some(vec![address]);
        }
    }
}

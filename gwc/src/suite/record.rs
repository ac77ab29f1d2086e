//! `gwc test --record`: tests that pin what happens today. Requests lie at the edges of what matches take: a hit, near
//! misses in path, method, headers and query, and a request that the next match would take as well.
//!
//! The file is written in [`mod@write`]; what is expected comes from predictions in [`pin`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gwc_core::ir::{Config, Entry, Listener, PathMatch, Protocol, RouteKind, Socket};
use gwc_core::matcher::boundary::{self, Probe};
use gwc_core::matcher::reference;
use gwc_core::predict::{self, Predictor};

use crate::failure::Failure;
use crate::route::World;
use crate::suite::expect::Happened;
use crate::suite::file::value::{Pairs, Text, Values};
use crate::suite::file::{Defaults, RequestParts};
use crate::suite::name;
use crate::suite::request::{Asked, build};

mod pin;
mod write;

pub(crate) use pin::Line;

/// Beginning of every recorded file.
const MARK: &str = "# Recorded by gwc ";

/// What follows it in files of `gwc test --record`.
const HEAD: &str = "test --record: what happens today";

/// How far behind a match its neighbour is looked for.
const NEIGHBOURS: usize = 16;

/// The manifests that are recorded.
#[derive(Debug)]
pub(crate) enum Source {
    /// Files, folders, globs.
    Paths(Vec<PathBuf>),
    /// `[env.NAME]`.
    Env(String),
}

/// A request with what happens to it.
pub(crate) struct Pinned {
    /// Name of the test.
    pub(crate) name: String,
    /// Heading of the group.
    pub(crate) group: String,
    /// The request.
    pub(crate) parts: RequestParts,
    /// Lines below `expect`.
    pub(crate) expect: Vec<Line>,
    /// Why the test is left out.
    pub(crate) skip: Option<String>,
}

/// The text of a file of tests that were made elsewhere; `head` says in its first line by whom.
pub(crate) fn file(head: &str, source: &Source, file: &Path, pinned: &[Pinned]) -> String {
    write::file(head, &write::world(source, Some(file)), pinned, &[])
}

/// A recorded file is replaced, any other is not.
pub(crate) fn may_be_replaced(file: &Path) -> Result<(), Failure> {
    let is_other = file.exists() && !std::fs::read_to_string(file).is_ok_and(|text| text.starts_with(MARK));
    if is_other {
        let file = file.display();
        return Err(Failure::usage(format!("`{file}` is there and was not recorded; name another file, or remove it")));
    }
    Ok(())
}

/// The text of the file, and how many tests it has.
pub(crate) fn record(world: &World<'_>, source: &Source, file: Option<&Path>) -> (String, usize) {
    let config = world.config();
    let mut recorder = Recorder {
        config,
        routes: pin::Routes::new(config),
        predictor: Predictor::new(config),
        seen: BTreeSet::new(),
        names: BTreeMap::new(),
        pinned: Vec::new(),
        several: config.sockets.iter().map(|socket| socket.listeners.len()).sum::<usize>() > 1,
    };
    for socket in &config.sockets {
        for listener in &socket.listeners {
            for (at, entry) in listener.entries.iter().enumerate().filter(|(_, entry)| !entry.preflight) {
                recorder.entry(socket, listener, at, entry);
            }
        }
    }
    let statuses = pin::statuses(&world.run.compilation);
    let count = recorder.pinned.len() + statuses.len();
    (write::file(HEAD, &write::world(source, file), &recorder.pinned, &statuses), count)
}

/// Collects requests, each once.
struct Recorder<'c> {
    config: &'c Config,
    routes: pin::Routes,
    predictor: Predictor<'c>,
    /// Requests by everything that is asked.
    seen: BTreeSet<String>,
    /// How often a name was given.
    names: BTreeMap<String, usize>,
    pinned: Vec<Pinned>,
    /// Is there more than one listener?
    several: bool,
}

impl Recorder<'_> {
    /// The requests around one entry.
    fn entry(&mut self, socket: &Socket, listener: &Listener, at: usize, entry: &Entry) {
        let rule = self.config.rule(entry);
        let trace = &rule.trace;
        let group = format!("{} {} on {}", trace.kind.name(), name::route(trace), listener.label());
        let label = trace.rule_name.as_ref().map_or_else(|| format!("rule {}", trace.rule), ToString::to_string);
        let mut base = format!("{} {label}", name::route(trace));
        if let Some(position) = entry.r#match.filter(|_| rule.matches.len() > 1) {
            base.push_str(&format!(" match {position}"));
        }
        if self.several {
            base.push_str(&format!(" on {}", listener.name));
        }
        let Some(hit) = boundary::hit(self.config, listener, entry) else { return };
        let kind = trace.kind;
        let hit = if kind == RouteKind::Grpc { call(hit) } else { hit };
        let mut probes = vec![("hit".to_owned(), hit.clone())];
        if matches!(kind, RouteKind::Http | RouteKind::Grpc) {
            probes.extend(misses(self.config, entry, &hit, kind));
            probes.extend(self.neighbour(listener, at, entry, &hit));
        }
        for (what, probe) in probes {
            if let Some((parts, asked)) = self.asked(socket, listener, kind, probe) {
                self.add(&group, format!("{base}, {what}"), parts, &asked);
            }
        }
    }

    /// A request that this match and the next of its kind both take.
    fn neighbour(&self, listener: &Listener, at: usize, entry: &Entry, hit: &Probe) -> Option<(String, Probe)> {
        let behind = listener.entries.iter().skip(at + 1).take(NEIGHBOURS).filter(|other| !other.preflight);
        for other in behind {
            let Some(theirs) = boundary::hit(self.config, listener, other) else { continue };
            let mut both = hit.clone();
            if theirs.method != "GET"
                && both.method == "GET"
                && self.config.match_of(entry).is_some_and(|found| found.method.is_none())
            {
                both.method.clone_from(&theirs.method);
            }
            let is_known = |name: &str| hit.headers.iter().any(|(own, _)| own == name);
            both.headers.extend(theirs.headers.iter().filter(|(name, _)| !is_known(name)).cloned());
            both.query = match (&hit.query, &theirs.query) {
                (Some(own), Some(more)) => Some(format!("{own}&{more}")),
                (own, more) => own.clone().or_else(|| more.clone()),
            };
            let takes = |entry: &Entry| reference::failed(self.config, listener, entry, &both.head()).is_none();
            if takes(entry) && takes(other) {
                let trace = &self.config.rule(other).trace;
                let label =
                    trace.rule_name.as_ref().map_or_else(|| format!("rule {}", trace.rule), ToString::to_string);
                return Some((format!("before {} {label}", name::route(trace)), both));
            }
        }
        None
    }

    /// Pins one request, unless it is pinned already.
    fn add(&mut self, group: &str, name: String, parts: RequestParts, asked: &Asked) {
        if !self.seen.insert(format!("{asked:?}")) {
            return;
        }
        let gateway = asked.gateway.as_ref().map(|(namespace, name)| (namespace.as_str(), name.as_str()));
        let Some(at) = predict::sockets(self.config, &asked.request, gateway).first().copied() else { return };
        let prediction = self.predictor.predict(at, &asked.request);
        let happened = Happened::new(self.config, &asked.request, &prediction);
        let count = self.names.entry(name.clone()).or_default();
        *count += 1;
        let name = if *count > 1 { format!("{name} ({count})") } else { name };
        let expect = pin::expect(happened, &self.routes);
        self.pinned.push(Pinned { name, group: group.to_owned(), parts, expect, skip: None });
    }

    /// The request of a probe at a socket, as the file has it and as it is asked.
    fn asked(
        &self,
        socket: &Socket,
        listener: &Listener,
        kind: RouteKind,
        probe: Probe,
    ) -> Option<(RequestParts, Asked)> {
        let scheme = match (listener.protocol, kind) {
            (Protocol::Http, RouteKind::Grpc) => "grpc",
            (Protocol::Https, RouteKind::Grpc) => "grpcs",
            (Protocol::Http, _) => "http",
            (Protocol::Https, _) => "https",
            (Protocol::Tls, _) => "tls",
            (Protocol::Tcp, _) => "tcp",
            (Protocol::Udp, _) => "udp",
        };
        let text = |text: &str| Some(Text(text.to_owned()));
        let mut parts = RequestParts { scheme: text(scheme), port: Some(socket.port), ..RequestParts::default() };
        if listener.protocol.is_http() || listener.protocol == Protocol::Tls {
            parts.host = Some(Text(probe.host.unwrap_or_default()));
        }
        if listener.protocol.is_http() {
            let query = probe.query.map(|query| format!("?{query}")).unwrap_or_default();
            parts.path = Some(Text(format!("{}{query}", probe.path)));
            let usual = if kind == RouteKind::Grpc { "POST" } else { "GET" };
            let method = if kind == RouteKind::Grpc { "POST" } else { probe.method.as_str() };
            parts.method = text(method).filter(|_| method != usual);
            // The authority is the host of the request; a match on it cannot be chosen freely.
            let lines = probe.headers.into_iter().filter(|(name, _)| name != "host");
            parts.headers = Pairs(lines.map(|(name, value)| (name, Some(Values::One(Text(value))))).collect());
        }
        let asked = build(&parts, &Defaults::default()).ok()?;
        if predict::sockets(self.config, &asked.request, None).len() > 1 {
            parts.gateway = Some(Text(name::gateway(self.config, socket)));
        }
        let asked = build(&parts, &Defaults::default()).ok()?;
        Some((parts, asked))
    }
}

/// A gRPC call names a service and a method.
fn call(mut probe: Probe) -> Probe {
    let parts: Vec<&str> = probe.path.split('/').filter(|part| !part.is_empty()).collect();
    let path = match parts.as_slice() {
        [] => Some("/any.Service/Any".to_owned()),
        [service] => Some(format!("/{service}/Any")),
        _ => None,
    };
    probe.path = path.unwrap_or(probe.path);
    probe
}

/// Requests that miss one condition, with what is wrong with them.
fn misses(config: &Config, entry: &Entry, hit: &Probe, kind: RouteKind) -> Vec<(String, Probe)> {
    let Some(found) = config.match_of(entry) else { return Vec::new() };
    let mut all = Vec::new();
    let mut with = |what: String, change: &dyn Fn(&mut Probe)| {
        let mut probe = hit.clone();
        change(&mut probe);
        all.push((what, probe));
    };
    for (what, path) in paths(&found.path, &hit.path, kind) {
        with(what.to_owned(), &|probe| probe.path.clone_from(&path));
    }
    if let Some(method) = found.method.as_deref().filter(|_| kind == RouteKind::Http) {
        let other = if method == "GET" { "POST" } else { "GET" };
        with(format!("method {other}"), &|probe| other.clone_into(&mut probe.method));
    }
    for (at, header) in found.headers.iter().enumerate() {
        with(format!("without header {}", header.name), &|probe| drop(probe.headers.remove(at)));
        let other = |probe: &mut Probe| {
            probe.headers.iter_mut().skip(at).take(1).for_each(|(_, value)| "other".clone_into(value));
        };
        with(format!("other value of header {}", header.name), &other);
    }
    for (at, param) in found.query_params.iter().enumerate() {
        let without = |probe: &mut Probe| {
            let pairs = probe.query.take().unwrap_or_default();
            let pairs = pairs.split('&').enumerate().filter(|(own, _)| *own != at).map(|(_, pair)| pair);
            let rest = pairs.collect::<Vec<_>>().join("&");
            probe.query = (!rest.is_empty()).then_some(rest);
        };
        with(format!("without query {}", param.name), &without);
    }
    all
}

/// Paths next to the one that is taken.
fn paths(found: &PathMatch, hit: &str, kind: RouteKind) -> Vec<(&'static str, String)> {
    let bare = hit.trim_end_matches('/');
    if kind == RouteKind::Grpc {
        let service = bare.rsplit_once('/').map_or("/any.Service", |(service, _)| service);
        let method = bare.rsplit_once('/').map_or("Any", |(_, method)| method);
        let other = ("other service", format!("{service}x/{method}"));
        return vec![("other method", format!("{bare}x")), other];
    }
    match found {
        PathMatch::Prefix(_) if bare.is_empty() => vec![("deeper path", "/other".to_owned())],
        PathMatch::Prefix(_) => {
            vec![
                ("path one character longer", format!("{bare}x")),
                ("path one element deeper", format!("{bare}/other")),
            ]
        }
        PathMatch::Exact(_) | PathMatch::Regex(_) if hit.ends_with('/') => {
            let shorter = if bare.is_empty() { "/other".to_owned() } else { bare.to_owned() };
            vec![("other path", shorter), ("path one character longer", format!("{hit}x"))]
        }
        PathMatch::Exact(_) | PathMatch::Regex(_) => {
            vec![("path one character longer", format!("{hit}x")), ("path with a slash more", format!("{hit}/"))]
        }
    }
}

//! Requests to try: curl lines that reach what is served, one for each route first, then one for each rule.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use gwc_core::ir::tls::{CertificateId, ListenerTls};
use gwc_core::ir::{Config, Entry, Listener, Protocol, RouteKind};
use gwc_core::matcher::boundary::{self, Probe};

/// Lines that are printed.
const MOST: usize = 8;

/// Addresses for a browser that are printed.
const MOST_PAGES: usize = 3;

/// What lines depend on besides the IR.
pub(crate) struct Reach<'r> {
    /// By position in [`Config::sockets`]: its address, if it is bound.
    pub(crate) addresses: &'r [Result<SocketAddr, String>],
    /// Certificate of the local authority.
    pub(crate) authority: Option<&'r Path>,
    /// Is a certificate from the local authority?
    pub(crate) is_local: &'r dyn Fn(&CertificateId) -> bool,
}

/// A rule that can be tried at a listener.
struct Candidate<'c> {
    at: SocketAddr,
    listener: &'c Listener,
    entry: &'c Entry,
    kind: RouteKind,
    /// Rules of a route after its first come later.
    is_first: bool,
}

/// The lines.
pub(crate) fn examples(config: &Config, reach: &Reach<'_>) -> Vec<String> {
    let candidates = candidates(config, reach);
    let (first, rest): (Vec<&Candidate<'_>>, Vec<&Candidate<'_>>) = candidates.iter().partition(|one| one.is_first);
    let lines = first.into_iter().chain(rest).filter_map(|one| {
        let probe = boundary::hit(config, one.listener, one.entry)?;
        line(one, &probe, reach)
    });
    let mut seen = BTreeSet::new();
    lines.filter(|line| seen.insert(line.clone())).take(MOST).collect()
}

/// Addresses for a browser of this machine, which finds every name below `localhost` by itself.
pub(crate) fn pages(config: &Config, reach: &Reach<'_>) -> Vec<String> {
    let candidates = candidates(config, reach);
    let pages = candidates.iter().filter(|one| one.kind == RouteKind::Http).filter_map(|one| {
        let probe = boundary::hit(config, one.listener, one.entry)?;
        let is_plain = probe.method == "GET" && probe.headers.is_empty() && probe.query.is_none();
        let host = probe.host.as_deref().filter(|_| is_plain && reachable(one.at).ip() == Ipv4Addr::LOCALHOST)?;
        let name = if host.ends_with("localhost") { host.to_owned() } else { format!("{host}.localhost") };
        let scheme = if one.listener.protocol == Protocol::Https { "https" } else { "http" };
        Some((format!("{scheme}://{name}:{}", one.at.port()), probe.path))
    });
    let mut seen = BTreeSet::new();
    let pages = pages.filter(|(site, _)| seen.insert(site.clone()));
    pages.take(MOST_PAGES).map(|(site, path)| site + &path).collect()
}

fn candidates<'c>(config: &'c Config, reach: &Reach<'_>) -> Vec<Candidate<'c>> {
    let unserved: BTreeSet<usize> = gwc_runtime::unsupported(config).into_iter().map(|one| one.rule).collect();
    let mut all = Vec::new();
    for (socket, address) in config.sockets.iter().zip(reach.addresses) {
        let Ok(at) = address else { continue };
        for listener in socket.listeners.iter().filter(|listener| listener.protocol.is_http()) {
            all.extend(of_listener(config, listener, *at, &unserved));
        }
    }
    all
}

/// The first entry of each rule.
fn of_listener<'c>(
    config: &'c Config,
    listener: &'c Listener,
    at: SocketAddr,
    unserved: &BTreeSet<usize>,
) -> Vec<Candidate<'c>> {
    let (mut routes, mut rules) = (BTreeSet::new(), BTreeSet::new());
    let is_served = |entry: &&Entry| !entry.preflight && !unserved.contains(&(entry.rule as usize));
    let first = listener.entries.iter().filter(is_served).filter(|entry| rules.insert(entry.rule));
    let candidate = |entry: &'c Entry| {
        let trace = &config.rule(entry).trace;
        let is_first = routes.insert((trace.kind, &trace.namespace, &trace.name));
        Candidate { at, listener, entry, kind: trace.kind, is_first }
    };
    // A listener with very many rules needs no more than this to fill the list.
    first.take(64 * MOST).map(candidate).collect()
}

/// The address that a client of this machine uses.
pub(crate) fn reachable(at: SocketAddr) -> SocketAddr {
    let address = match at.ip() {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        address @ (IpAddr::V4(_) | IpAddr::V6(_)) => address,
    };
    SocketAddr::new(address, at.port())
}

fn line(candidate: &Candidate<'_>, probe: &Probe, reach: &Reach<'_>) -> Option<String> {
    // The authority cannot be chosen freely.
    if probe.headers.iter().any(|(name, _)| name == "host") {
        return None;
    }
    let at = reachable(candidate.at);
    let is_tls = candidate.listener.protocol == Protocol::Https;
    let is_grpc = candidate.kind == RouteKind::Grpc;
    let mut words: Vec<String> = vec!["curl".to_owned(), "-i".to_owned()];
    if is_grpc {
        words.push(if is_tls { "--http2" } else { "--http2-prior-knowledge" }.to_owned());
        words.extend(
            ["-H 'content-type: application/grpc'", "-H 'te: trailers'", "--data-binary ''"].map(str::to_owned),
        );
    } else if probe.method == "HEAD" {
        words.push("--head".to_owned());
    } else if probe.method != "GET" {
        words.push(format!("-X {}", quoted(&probe.method)));
    }
    words.extend(probe.headers.iter().map(|(name, value)| format!("-H {}", quoted(&format!("{name}: {value}")))));
    let authority = if is_tls {
        let host = probe.host.clone().unwrap_or_else(|| at.ip().to_string());
        words.push(trust(candidate.listener, reach));
        if probe.host.is_some() {
            words.push(format!("--resolve {}", quoted(&format!("{host}:{}:{}", at.port(), bracketed(at.ip())))));
            format!("{host}:{}", at.port())
        } else {
            at.to_string()
        }
    } else {
        words.extend(probe.host.as_ref().map(|host| format!("-H {}", quoted(&format!("Host: {host}")))));
        at.to_string()
    };
    let scheme = if is_tls { "https" } else { "http" };
    let path = if is_grpc { call(&probe.path) } else { probe.path.clone() };
    let query = probe.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let url = format!("{scheme}://{authority}{path}{query}");
    // curl would take brackets and braces for patterns of URLs, and dots out of paths.
    if path.contains(['[', ']', '{', '}']) || query.contains(['[', ']', '{', '}']) {
        words.push("--globoff".to_owned());
    }
    words.push(quoted(&url));
    Some(words.join(" "))
}

/// How curl comes to trust the certificate.
fn trust(listener: &Listener, reach: &Reach<'_>) -> String {
    let is_local = match &listener.tls {
        Some(ListenerTls::Terminate(tls)) => tls.certificates.first().is_some_and(|id| (reach.is_local)(id)),
        Some(ListenerTls::Passthrough) | None => false,
    };
    match reach.authority.filter(|_| is_local) {
        Some(file) => format!("--cacert {}", quoted(&file.display().to_string())),
        None => "--insecure".to_owned(),
    }
}

fn bracketed(address: IpAddr) -> String {
    if address.is_ipv6() { format!("[{address}]") } else { address.to_string() }
}

/// A gRPC call names a service and a method.
fn call(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => "/any.Service/Any".to_owned(),
        [service] => format!("/{service}/Any"),
        _ => path.to_owned(),
    }
}

/// A word of a shell.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("http://127.0.0.1:8080/a"), "http://127.0.0.1:8080/a");
        assert_eq!(quoted("Host: a"), "'Host: a'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("$(id)"), "'$(id)'");
    }

    #[test]
    fn any_address_is_reached_at_loopback() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()).to_string(), "127.0.0.1:80");
        assert_eq!(reachable("[::]:80".parse().unwrap()).to_string(), "[::1]:80");
        assert_eq!(reachable("127.0.0.2:80".parse().unwrap()).to_string(), "127.0.0.2:80");
    }
}

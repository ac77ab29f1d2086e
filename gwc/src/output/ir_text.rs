//! The match IR as indented text: what `gwc compile` prints by default, made to be committed and reviewed.
//!
//! No positions and no places in files: a change of the text is a change of what is served.

use std::fmt::Write;

use gwc_core::ir::filter::{AuthProtocol, Cors, HeaderModifier, PathModifier, Redirect, Rewrite};
use gwc_core::ir::rule::{Match, Rule, SessionPersistence, ValueMatch};
use gwc_core::ir::tls::{BackendTls, ListenerTls, SubjectAltName, Trust};
use gwc_core::ir::{Backend, Config, Entry, Filter, Listener, Target, Transport};

use crate::route::words;

/// Writes the whole IR.
pub(crate) fn write(config: &Config) -> String {
    let mut out = Out::default();
    out.line(0, &config.version);
    for (position, gateway) in (0u32..).zip(&config.gateways) {
        out.blank();
        out.line(0, &format!("Gateway {}/{} class {}", gateway.namespace, gateway.name, gateway.class));
        if !gateway.addresses.is_empty() {
            let addresses: Vec<&str> = gateway.addresses.iter().map(|address| address.as_str()).collect();
            out.line(1, &format!("addresses {}", addresses.join(", ")));
        }
        if let Some(certificate) = &gateway.client_certificate {
            out.line(1, &format!("client certificate {}", certificate.0));
        }
        for socket in config.sockets.iter().filter(|socket| socket.gateway == position) {
            let transport = if socket.transport == Transport::Udp { "UDP" } else { "TCP" };
            out.line(1, &format!("{transport} port {}", socket.port));
            socket.listeners.iter().for_each(|listener| self::listener(&mut out, config, listener));
        }
    }
    for rule in &config.rules {
        out.blank();
        self::rule(&mut out, config, rule);
    }
    if !config.backends.is_empty() {
        out.blank();
        config.backends.iter().for_each(|backend| self::backend(&mut out, backend));
    }
    out.0
}

/// Indented lines.
#[derive(Default)]
struct Out(String);

impl Out {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.0, "{:width$}{text}", "", width = depth * 2);
    }

    fn blank(&mut self) {
        self.0.push('\n');
    }
}

fn listener(out: &mut Out, config: &Config, listener: &Listener) {
    let hostname = listener.hostname.as_ref().map_or_else(|| "any name".to_owned(), ToString::to_string);
    let owner = &listener.owner;
    let set = if owner.kind == "Gateway" {
        String::new()
    } else {
        format!(" of {} {}/{}", owner.kind, owner.namespace, owner.name)
    };
    out.line(2, &format!("listener {}{set}: {} for {hostname}", listener.name, listener.protocol.name()));
    match &listener.tls {
        Some(ListenerTls::Passthrough) => out.line(3, "TLS passthrough"),
        Some(ListenerTls::Terminate(terminate)) => {
            let names: Vec<&str> = terminate.certificates.iter().map(|id| id.0.as_str()).collect();
            let names = if names.is_empty() { "assumed".to_owned() } else { names.join(", ") };
            out.line(3, &format!("TLS certificates {names}"));
            if let Some(validation) = &terminate.client_validation {
                let from: Vec<&str> = validation.authorities.iter().map(|id| id.0.as_str()).collect();
                let how = if validation.insecure_fallback { "asked for, not verified" } else { "required" };
                out.line(3, &format!("client certificates {how}, from {}", from.join(", ")));
            }
        }
        None => {}
    }
    for run in listener.entries.chunk_by(|one, next| one.host == next.host) {
        let host = run.first().and_then(|entry| listener.hosts.get(entry.host as usize));
        let Some(host) = host else { continue };
        let name = |name: &Option<gwc_core::value::Hostname>| {
            name.as_ref().map_or_else(|| "any".to_owned(), ToString::to_string)
        };
        let written =
            if host.matches == host.written { String::new() } else { format!(" (route says {})", name(&host.written)) };
        out.line(3, &format!("host {}{written}", name(&host.matches)));
        run.iter().for_each(|entry| out.line(4, &self::entry(config, entry)));
    }
}

fn entry(config: &Config, entry: &Entry) -> String {
    let conditions = config
        .match_of(entry)
        .map_or_else(|| "everything".to_owned(), |found| self::conditions(found, entry.preflight));
    let which = entry.r#match.map(|position| format!(" match {position}")).unwrap_or_default();
    format!("{conditions} -> {}{which}", words::rule(&config.rule(entry).trace))
}

/// The conditions of a match in one line.
pub(crate) fn conditions(found: &Match, preflight: bool) -> String {
    let mut text = format!("{} {}", found.path.kind(), found.path.value());
    match &found.method {
        _ if preflight => text.insert_str(0, "CORS preflight of "),
        Some(method) => text.insert_str(0, &format!("{method} ")),
        None => {}
    }
    let value = |one: &ValueMatch| format!("{}{}{}", one.name, if one.regex { "~" } else { "=" }, one.value);
    found.headers.iter().for_each(|one| text.push_str(&format!(" header {}", value(one))));
    found.query_params.iter().for_each(|one| text.push_str(&format!(" query {}", value(one))));
    text
}

fn rule(out: &mut Out, config: &Config, rule: &Rule) {
    out.line(0, &words::rule(&rule.trace));
    rule.filters.iter().for_each(|filter| out.line(1, &self::filter(config, filter)));
    let total = rule.total_weight();
    if rule.backends.is_empty() && !rule.filters.iter().any(|filter| matches!(filter, Filter::Redirect(_))) {
        out.line(1, "no backends: 500");
    } else if !rule.backends.is_empty() && total == 0 {
        out.line(1, "no weight: 500");
    }
    for backend in &rule.backends {
        let share = if rule.backends.len() > 1 { format!("{}/{total} ", backend.weight) } else { String::new() };
        out.line(1, &format!("to {share}{}", target(config, &backend.target)));
        backend.filters.iter().for_each(|filter| out.line(2, &self::filter(config, filter)));
    }
    limits(out, rule);
}

fn limits(out: &mut Out, rule: &Rule) {
    let all = timeouts(rule).into_iter().chain(retry(rule)).chain(rule.session_persistence.as_deref().map(session));
    all.for_each(|line| out.line(1, &line));
    if rule.assumed {
        out.line(1, "rests on assumptions");
    }
}

/// Timeouts of a rule, one in a line.
pub(crate) fn timeouts(rule: &Rule) -> Vec<String> {
    let timeouts = [("request", rule.timeouts.request), ("backend request", rule.timeouts.backend_request)];
    let written = timeouts.into_iter().filter_map(|(what, limit)| Some((what, limit?)));
    written.map(|(what, limit)| format!("timeout of {what} {limit} ms")).collect()
}

/// Retries of a rule in a line.
pub(crate) fn retry(rule: &Rule) -> Option<String> {
    let retry = rule.retry.as_ref()?;
    let codes: Vec<String> = retry.codes.iter().map(u16::to_string).collect();
    let on = if codes.is_empty() {
        "connection errors".to_owned()
    } else {
        format!("{} and connection errors", codes.join(", "))
    };
    Some(format!("retries {} on {on}, wait {} ms", retry.attempts, retry.backoff))
}

/// Session persistence in a line.
pub(crate) fn session(session: &SessionPersistence) -> String {
    let kind = if session.header { "header" } else { "cookie" };
    let permanent = if session.permanent { ", permanent" } else { "" };
    let limit = session.absolute_timeout.map(|limit| format!(", at most {limit} ms")).unwrap_or_default();
    format!("session by {kind} {}{permanent}{limit}", session.name)
}

fn target(config: &Config, target: &Target) -> String {
    match target {
        Target::Backend(position) => {
            config.backends.get(*position as usize).map(|backend| backend.key.to_string()).unwrap_or_default()
        }
        Target::Invalid(invalid) => format!("{} (unusable: {})", invalid.reference, invalid.reason),
    }
}

/// A filter in one line.
pub(crate) fn filter(config: &Config, filter: &Filter) -> String {
    match filter {
        Filter::Cors(cors) => self::cors(cors),
        Filter::ExternalAuth(auth) => {
            let protocol = match &auth.protocol {
                AuthProtocol::Http { path, .. } => format!("HTTP {path}"),
                AuthProtocol::Grpc { .. } => "gRPC".to_owned(),
            };
            let body = if auth.max_body == 0 { String::new() } else { format!(", body up to {} bytes", auth.max_body) };
            format!("external auth by {} ({protocol}{body})", target(config, &auth.target))
        }
        Filter::RequestHeaders(modifier) => format!("request headers: {}", headers(modifier)),
        Filter::ResponseHeaders(modifier) => format!("response headers: {}", headers(modifier)),
        Filter::Redirect(redirect) => self::redirect(redirect),
        Filter::Rewrite(rewrite) => self::rewrite(rewrite),
        Filter::Mirror(mirror) => {
            let share = if mirror.numerator == mirror.denominator {
                String::new()
            } else {
                format!("{}/{} ", mirror.numerator, mirror.denominator)
            };
            format!("mirror {share}to {}", target(config, &mirror.target))
        }
        Filter::Fail(unresolved) => format!("500: filter {} {} is unresolved", unresolved.filter, unresolved.reference),
    }
}

fn headers(modifier: &HeaderModifier) -> String {
    let remove = modifier.remove.iter().map(|name| format!("remove {name}"));
    let set = modifier.set.iter().map(|header| format!("set {}={}", header.name, header.value));
    let add = modifier.add.iter().map(|header| format!("add {}={}", header.name, header.value));
    remove.chain(set).chain(add).collect::<Vec<_>>().join(", ")
}

fn redirect(redirect: &Redirect) -> String {
    let mut text = format!("redirect {}", redirect.status);
    let parts = [
        redirect.scheme.as_ref().map(|scheme| format!(" scheme {scheme}")),
        redirect.hostname.as_ref().map(|hostname| format!(" host {hostname}")),
        redirect.port.map(|port| format!(" port {port}")),
        redirect.path.as_ref().map(path),
    ];
    parts.into_iter().flatten().for_each(|part| text.push_str(&part));
    text
}

fn rewrite(rewrite: &Rewrite) -> String {
    let host = rewrite.hostname.as_ref().map(|hostname| format!(" host {hostname}")).unwrap_or_default();
    format!("rewrite{host}{}", rewrite.path.as_ref().map(path).unwrap_or_default())
}

fn path(modifier: &PathModifier) -> String {
    match modifier {
        PathModifier::ReplaceFullPath(path) => format!(" path {path}"),
        PathModifier::ReplacePrefixMatch(prefix) => format!(" prefix {prefix}"),
    }
}

fn cors(cors: &Cors) -> String {
    let list = |what: &str, all: &[gwc_core::ir::Str]| {
        let all: Vec<&str> = all.iter().map(|one| one.as_str()).collect();
        if all.is_empty() { String::new() } else { format!(" {what} {}", all.join(", ")) }
    };
    format!(
        "CORS{}{}{}{}{} max age {} s",
        list("origins", &cors.allow_origins),
        list("methods", &cors.allow_methods),
        list("headers", &cors.allow_headers),
        list("expose", &cors.expose_headers),
        if cors.allow_credentials { " with credentials" } else { "" },
        cors.max_age
    )
}

fn backend(out: &mut Out, backend: &Backend) {
    let assumed = if backend.assumed { ", assumed" } else { "" };
    let protocol = match backend.protocol {
        gwc_core::ir::BackendProtocol::Http1 => "HTTP/1.1",
        gwc_core::ir::BackendProtocol::Http2 => "HTTP/2",
        gwc_core::ir::BackendProtocol::Tcp => "TCP",
        gwc_core::ir::BackendProtocol::Udp => "UDP",
    };
    out.line(0, &format!("backend {} by {protocol}{assumed}", backend.key));
    if let Some(tls) = &backend.tls {
        out.line(1, &backend_tls(tls));
    }
    match backend.endpoints.as_deref() {
        None => {}
        Some([]) => out.line(1, "no endpoints: 503"),
        Some(endpoints) => {
            for endpoint in endpoints {
                let ready = if endpoint.ready { "" } else { " (not ready)" };
                out.line(1, &format!("endpoint {} port {}{ready}", endpoint.address, endpoint.port));
            }
        }
    }
    if let Some(session) = &backend.session_persistence {
        out.line(1, &self::session(session));
    }
    if let Some(budget) = &backend.retry_budget {
        let text = format!(
            "retry budget {} % over {} ms, at least {} per {} ms",
            budget.percent, budget.interval, budget.min_count, budget.min_interval
        );
        out.line(1, &text);
    }
}

fn backend_tls(tls: &BackendTls) -> String {
    let trust = match &tls.trust {
        Trust::System => "the system's authorities".to_owned(),
        Trust::Authorities(ids) => ids.iter().map(|id| id.0.as_str()).collect::<Vec<_>>().join(", "),
        Trust::Nobody => "nobody: connections fail".to_owned(),
    };
    let names: Vec<&str> = tls
        .subject_alt_names
        .iter()
        .map(|name| match name {
            SubjectAltName::Hostname(name) | SubjectAltName::Uri(name) => name.as_str(),
        })
        .collect();
    let names = if names.is_empty() { String::new() } else { format!(", names {}", names.join(", ")) };
    format!("TLS {} by policy {}, trusting {trust}{names}", tls.hostname, tls.policy)
}

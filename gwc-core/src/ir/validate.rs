//! Is a configuration that was read from a file one that the matcher may execute?
//!
//! Positions in range, lists in their order, names and numbers that the format promises. What it does not look at:
//! whether expressions compile (the matcher says so) and whether certificates exist (the secret store says so).

use std::fmt;

use crate::ir::precedence::Precedence;
use crate::ir::rule::{Match, PathMatch, Rule};
use crate::ir::tls::ListenerTls;
use crate::ir::{Config, Entry, Filter, Listener, Place, RouteKind, Socket, Target, Transport, VERSION};

/// What is wrong, and where: a JSON pointer (RFC 6901) into the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Such as `/rules/3/backends/0/target`.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// Problems found so far; places are only written out for what is wrong.
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, pointer: impl fmt::Display, message: impl Into<String>) {
        self.0.push(Problem { pointer: pointer.to_string(), message: message.into() });
    }

    fn require(&mut self, holds: bool, pointer: fmt::Arguments<'_>, message: &str) {
        if !holds {
            self.add(pointer, message);
        }
    }

    /// A position must be less than the length of what it points into.
    fn position(&mut self, position: u32, length: usize, what: &str, pointer: fmt::Arguments<'_>) -> bool {
        let fits = (position as usize) < length;
        if !fits {
            self.add(pointer, format!("there is no {what} {position}"));
        }
        fits
    }
}

impl Config {
    /// Everything that is wrong with the configuration, in the order of its fields; empty for what lowering makes.
    #[must_use]
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Problems(Vec::new());
        if self.version != VERSION {
            problems.add("/version", format!("the version is `{}`, not `{VERSION}`", self.version));
        }
        if !self.sources.is_sorted() {
            problems.add("/sources", "names are not sorted");
        }
        if !self.gateways.is_sorted_by(|a, b| (&a.namespace, &a.name) < (&b.namespace, &b.name)) {
            problems.add("/gateways", "Gateways are not sorted by namespace and name, each once");
        }
        if !self.sockets.is_sorted_by(|a, b| (a.gateway, a.transport, a.port) < (b.gateway, b.transport, b.port)) {
            problems.add("/sockets", "sockets are not sorted by Gateway, transport and port, each once");
        }
        for (at, rule) in self.rules.iter().enumerate() {
            self.rule_problems(&mut problems, at, rule);
        }
        let is_sorted = self.rules.is_sorted_by(|a, b| place_of_rule(a) < place_of_rule(b));
        // Names that the server generates are not known yet, so they may be equal.
        let is_named = self.rules.iter().all(|rule| !rule.trace.name.is_empty());
        if is_named && !is_sorted {
            problems.add("/rules", "rules are not sorted by kind, namespace, name and position, each once");
        }
        for (at, backend) in self.backends.iter().enumerate() {
            let sorted = |all: &Vec<_>| all.is_sorted();
            if !backend.endpoints.as_ref().is_none_or(sorted) {
                problems.add(format_args!("/backends/{at}/endpoints"), "endpoints are not sorted");
            }
        }
        if !self
            .backends
            .is_sorted_by(|a, b| (&a.key, a.protocol, a.tls.is_some()) < (&b.key, b.protocol, b.tls.is_some()))
        {
            problems.add("/backends", "backends are not sorted by key and protocol, each once");
        }
        for (at, socket) in self.sockets.iter().enumerate() {
            self.socket_problems(&mut problems, at, socket);
        }
        problems.0
    }

    fn rule_problems(&self, problems: &mut Problems, at: usize, rule: &Rule) {
        self.place_problems(problems, rule.trace.place, format_args!("/rules/{at}/trace/place"));
        let matches = match rule.trace.kind {
            RouteKind::Http | RouteKind::Grpc => true,
            RouteKind::Tls | RouteKind::Tcp | RouteKind::Udp => false,
        };
        if matches == rule.matches.is_empty() {
            let message = if matches { "a rule without matches" } else { "this kind of route has no matches" };
            problems.add(format_args!("/rules/{at}/matches"), message);
        }
        for (position, one) in rule.matches.iter().enumerate() {
            let pointer = format_args!("/rules/{at}/matches/{position}");
            self.place_problems(problems, one.place, format_args!("{pointer}/place"));
            match_problems(problems, one, rule.trace.kind, pointer);
        }
        self.filter_problems(problems, &rule.filters, format_args!("/rules/{at}/filters"));
        for (position, backend) in rule.backends.iter().enumerate() {
            let pointer = format_args!("/rules/{at}/backends/{position}");
            self.target_problems(problems, &backend.target, format_args!("{pointer}/target"));
            self.filter_problems(problems, &backend.filters, format_args!("{pointer}/filters"));
        }
    }

    fn place_problems(&self, problems: &mut Problems, place: Place, pointer: fmt::Arguments<'_>) {
        problems.position(place.source, self.sources.len(), "source", pointer);
        if place.start > place.end {
            problems.add(pointer, "the place ends before it starts");
        }
    }

    fn target_problems(&self, problems: &mut Problems, target: &Target, pointer: fmt::Arguments<'_>) {
        match target {
            Target::Backend(position) => {
                problems.position(*position, self.backends.len(), "backend", pointer);
            }
            Target::Invalid(_) => {}
        }
    }

    fn filter_problems(&self, problems: &mut Problems, filters: &[Filter], pointer: fmt::Arguments<'_>) {
        for (at, filter) in filters.iter().enumerate() {
            match filter {
                Filter::Mirror(mirror) => {
                    self.target_problems(problems, &mirror.target, format_args!("{pointer}/{at}/mirror/target"));
                    let is_share = mirror.denominator > 0 && mirror.numerator <= mirror.denominator;
                    problems.require(
                        is_share,
                        format_args!("{pointer}/{at}/mirror"),
                        "the share is not between 0 and 1",
                    );
                }
                Filter::ExternalAuth(auth) => {
                    self.target_problems(problems, &auth.target, format_args!("{pointer}/{at}/externalAuth/target"));
                }
                Filter::Redirect(redirect) if !matches!(redirect.status, 301 | 302 | 303 | 307 | 308) => {
                    problems.add(
                        format_args!("{pointer}/{at}/redirect/status"),
                        format!("{} is no redirect", redirect.status),
                    );
                }
                Filter::Cors(_)
                | Filter::RequestHeaders(_)
                | Filter::ResponseHeaders(_)
                | Filter::Redirect(_)
                | Filter::Rewrite(_)
                | Filter::Fail(_) => {}
            }
        }
    }

    fn socket_problems(&self, problems: &mut Problems, at: usize, socket: &Socket) {
        problems.position(socket.gateway, self.gateways.len(), "Gateway", format_args!("/sockets/{at}/gateway"));
        if socket.port == 0 {
            problems.add(format_args!("/sockets/{at}/port"), "a port is 1 to 65535");
        }
        if socket.listeners.is_empty() {
            problems.add(format_args!("/sockets/{at}/listeners"), "a socket without listeners");
        }
        for (position, listener) in socket.listeners.iter().enumerate() {
            let pointer = format_args!("/sockets/{at}/listeners/{position}");
            let udp = listener.protocol == crate::ir::Protocol::Udp;
            if udp != (socket.transport == Transport::Udp) {
                problems.add(format_args!("{pointer}/protocol"), "the protocol does not fit the transport");
            }
            self.listener_problems(problems, listener, pointer);
        }
    }

    fn listener_problems(&self, problems: &mut Problems, listener: &Listener, pointer: fmt::Arguments<'_>) {
        self.place_problems(problems, listener.place, format_args!("{pointer}/place"));
        let passes = listener.protocol == crate::ir::Protocol::Tls;
        match &listener.tls {
            Some(ListenerTls::Passthrough) if !passes => {
                problems.add(format_args!("{pointer}/tls"), "only a TLS listener passes connections through");
            }
            tls @ (Some(_) | None) if tls.is_some() != listener.protocol.is_tls() => {
                problems.add(format_args!("{pointer}/tls"), "HTTPS and TLS listeners have `tls`, others do not");
            }
            Some(_) | None => {}
        }
        if !listener.hosts.is_sorted_by(|a, b| a.rank() < b.rank()) {
            problems.add(format_args!("{pointer}/hosts"), "hosts are not sorted, each once");
        }
        let mut in_range = true;
        for (at, entry) in listener.entries.iter().enumerate() {
            in_range &= self.entry_problems(problems, listener, entry, format_args!("{pointer}/entries/{at}"));
        }
        if in_range {
            self.order_problems(problems, listener, pointer);
        }
    }

    /// Are all positions of the entry in range?
    fn entry_problems(
        &self,
        problems: &mut Problems,
        listener: &Listener,
        entry: &Entry,
        pointer: fmt::Arguments<'_>,
    ) -> bool {
        let host = problems.position(entry.host, listener.hosts.len(), "host", format_args!("{pointer}/host"));
        let rule = problems.position(entry.rule, self.rules.len(), "rule", format_args!("{pointer}/rule"));
        let Some(rule) = self.rules.get(entry.rule as usize).filter(|_| host && rule) else { return false };
        let fits = match rule.trace.kind {
            RouteKind::Http | RouteKind::Grpc => listener.protocol.is_http(),
            RouteKind::Tls => listener.protocol == crate::ir::Protocol::Tls,
            // Until v1.4 TCPRoutes were served where TLS ends.
            RouteKind::Tcp => matches!(listener.protocol, crate::ir::Protocol::Tcp | crate::ir::Protocol::Tls),
            RouteKind::Udp => listener.protocol == crate::ir::Protocol::Udp,
        };
        if !fits {
            problems.add(format_args!("{pointer}/rule"), "the kind of route does not fit the protocol");
        }
        match entry.r#match {
            Some(position) => problems.position(position, rule.matches.len(), "match", format_args!("{pointer}/match")),
            None if rule.matches.is_empty() => true,
            None => {
                problems.add(format_args!("{pointer}/match"), "an entry of a rule with matches names one");
                false
            }
        }
    }

    fn keys<'c>(&'c self, entry: &Entry, grpc_first: bool) -> Precedence<'c> {
        Precedence::new(entry, &self.rule(entry).trace, self.match_of(entry), grpc_first)
    }

    /// Entries in order of precedence; all positions are in range.
    fn order_problems(&self, problems: &mut Problems, listener: &Listener, pointer: fmt::Arguments<'_>) {
        let mut start = 0;
        for run in listener.entries.chunk_by(|a, b| a.host == b.host) {
            let first = run.first().map(|entry| self.rule(entry).trace.kind);
            let grpc_first = first == Some(RouteKind::Grpc);
            let mut pairs = (start + 1..).zip(run.windows(2));
            let is_wrong =
                |pair: &[Entry]| matches!(pair, [a, b] if self.keys(a, grpc_first) > self.keys(b, grpc_first));
            if let Some((at, _)) = pairs.find(|(_, pair)| is_wrong(pair)) {
                problems.add(format_args!("{pointer}/entries/{at}"), "entries are not in order of precedence");
            }
            start += run.len();
        }
        if !listener.entries.is_sorted_by_key(|entry| entry.host) {
            problems.add(format_args!("{pointer}/entries"), "entries are not sorted by host");
        }
    }
}

/// What rules are sorted by.
fn place_of_rule(rule: &Rule) -> (RouteKind, &str, &str, u32) {
    (rule.trace.kind, &rule.trace.namespace, &rule.trace.name, rule.trace.rule)
}

fn match_problems(problems: &mut Problems, one: &Match, kind: RouteKind, pointer: fmt::Arguments<'_>) {
    if one.grpc.is_some() != (kind == RouteKind::Grpc) {
        problems.add(format_args!("{pointer}/grpc"), "matches of GRPCRoutes have `grpc`, others do not");
    }
    match &one.path {
        PathMatch::Exact(path) | PathMatch::Prefix(path) if !path.starts_with('/') => {
            problems.add(format_args!("{pointer}/path"), "a path starts with `/`");
        }
        PathMatch::Exact(_) | PathMatch::Prefix(_) | PathMatch::Regex(_) => {}
    }
    if !one.headers.is_sorted_by(|a, b| a.name < b.name) {
        problems.add(format_args!("{pointer}/headers"), "headers are not sorted by name, each once");
    }
    if one.headers.iter().any(|header| header.name.bytes().any(|byte| byte.is_ascii_uppercase())) {
        problems.add(format_args!("{pointer}/headers"), "names of headers are in lower case");
    }
    if !one.query_params.is_sorted_by(|a, b| a.name < b.name) {
        problems.add(format_args!("{pointer}/queryParams"), "query parameters are not sorted by name, each once");
    }
}

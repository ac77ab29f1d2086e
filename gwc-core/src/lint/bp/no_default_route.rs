//! GWC7016 `no-default-route`: a hostname has no rule for every path.
//!
//! # What it checks
//! Hostnames of HTTPRoutes on a listener for which no rule, of the hostname itself or of a wider one, takes every
//! request.
//!
//! # Why it matters
//! Paths that nobody thought of get a bare 404 from the gateway. Often a page of the application, or a redirect, is
//! wanted instead.
//!
//! # Example
//! ```yaml
//! hostnames:
//! - shop.example.com
//! rules:
//! - matches:
//!   - path: {value: /cart}
//! ```
//!
//! # Fix
//! Add a rule without matches that answers the rest.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches`; routing reference §0, §2.4

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::graph::RouteId;
use crate::ir::trace::RouteKind;
use crate::ir::{Config, Entry, Host, Listener, PathMatch};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::value::Hostname;

/// GWC7016.
pub(super) static LINT: Lint = Lint {
    code: rule::NO_DEFAULT_ROUTE,
    docs: Docs {
        summary: "a hostname has no rule for every path",
        what: "Hostnames of HTTPRoutes on a listener for which no rule, of the hostname itself or of \
               a wider one, takes every request.",
        why: "Paths that nobody thought of get a bare 404 from the gateway. Often a page of the \
              application, or a redirect, is wanted instead.",
        bad: r#"hostnames:
- shop.example.com
rules:
- matches:
  - path: {value: /cart}
"#,
        good: r#"hostnames:
- shop.example.com
rules:
- matches:
  - path: {value: /cart}
- {} # everything else, to the start page
"#,
        fix: "Add a rule without matches that answers the rest.",
        spec: "HTTPRoute `spec.rules[].matches`; routing reference §0, §2.4",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let config = &cx.lowered.config;
    let mut said: BTreeSet<(RouteId, Option<&Hostname>)> = BTreeSet::new();
    for listener in config.sockets.iter().flat_map(|socket| &socket.listeners) {
        if !listener.protocol.is_http() {
            continue;
        }
        let answered = answered(config, listener);
        for run in listener.entries.chunk_by(|one, next| one.host == next.host) {
            let Some((host, route)) = first_route(cx, listener, run) else { continue };
            if !is_covered(host, &answered) && said.insert((route, host.written.as_ref())) {
                out.0.extend(diagnostic(cx, route, host));
            }
        }
    }
}

/// Names that a rule answers whatever the request.
fn answered<'w>(config: &'w Config, listener: &'w Listener) -> BTreeSet<Option<&'w Hostname>> {
    let every = listener.entries.iter().filter(|entry| takes_everything(config, entry));
    every.filter_map(|entry| listener.hosts.get(entry.host as usize)).map(|host| host.matches.as_ref()).collect()
}

fn takes_everything(config: &Config, entry: &Entry) -> bool {
    let Some(found) = config.match_of(entry).filter(|_| !entry.preflight) else { return false };
    let any_path = match &found.path {
        PathMatch::Prefix(prefix) => prefix.trim_end_matches('/').is_empty(),
        PathMatch::Exact(_) | PathMatch::Regex(_) => false,
    };
    any_path && found.method.is_none() && found.headers.is_empty() && found.query_params.is_empty()
}

/// Is the name, or one that covers it, answered?
fn is_covered(host: &Host, answered: &BTreeSet<Option<&Hostname>>) -> bool {
    if answered.contains(&None) || answered.contains(&host.matches.as_ref()) {
        return true;
    }
    let Some(own) = &host.matches else { return false };
    let apex = own.apex();
    let dots = apex.match_indices('.').map(|(at, _)| at);
    // `*.a.b` covers `x.a.b` and `*.x.a.b`, and so on to the left.
    let mut wider = dots.filter_map(|at| apex.get(at..)).map(|suffix| Hostname::Wildcard(suffix.into()));
    wider.any(|wildcard| answered.contains(&Some(&wildcard)))
}

/// The host of a run of entries and the HTTPRoute that has the first of them.
fn first_route<'w>(cx: &Cx<'w>, listener: &'w Listener, run: &[Entry]) -> Option<(&'w Host, RouteId)> {
    let first = run.first()?;
    let rule = cx.lowered.config.rules.get(first.rule as usize)?;
    let origin = cx.lowered.origins.get(first.rule as usize)?;
    let host = listener.hosts.get(first.host as usize)?;
    (rule.trace.kind == RouteKind::Http).then_some((host, origin.route))
}

fn diagnostic(cx: &Cx<'_>, id: RouteId, host: &Host) -> Option<Diagnostic> {
    let route = &cx.graph.routes[id];
    let written = route.hostnames.iter().find(|name| Some(&name.value) == host.written.as_ref());
    let (name, span) = written.map_or_else(
        || ("any hostname".to_owned(), route.meta.name_span),
        |name| (format!("`{}`", name.value), name.span),
    );
    let finding = about(&route.meta, rule::NO_DEFAULT_ROUTE, span, format!("no rule answers every path of {name}"))
        .primary_label("paths without a rule")
        .effect("requests for other paths get 404 from the gateway")
        .help("add a rule without matches that answers the rest");
    is_checked(&route.meta).then_some(finding)
}

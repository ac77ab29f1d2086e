//! GWC5004 `redirect-loop`: a redirect leads back to itself.
//!
//! # What it checks
//! RequestRedirect filters whose target, asked for at the same Gateway, is redirected again and again: back to the
//! first URL, or on for longer than clients follow. Followed as a client does, from a request that the match takes.
//!
//! # Why it matters
//! Browsers give up with an error after about twenty redirects; what is behind the rule is never served. The usual
//! case is a redirect to `https` on a route that is attached to the HTTPS listener too.
//!
//! # Example
//! ```yaml
//! parentRefs:
//! - name: edge # both the HTTP and the HTTPS listener
//! rules:
//! - filters:
//!   - type: RequestRedirect
//!     requestRedirect:
//!       scheme: https
//! ```
//!
//! # Fix
//! Attach the redirecting route only to the listener that clients shall leave, or redirect to a host, port or path
//! that another rule serves.
//!
//! # Specification
//! HTTPRoute `spec.rules[].filters[].requestRedirect`; routing reference §4.2

use std::collections::BTreeSet;

use crate::api::filter::{Filter as ApiFilter, FilterKind};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::ir::{Filter, Listener, Protocol, Socket};
use crate::lint::finding::{about, is_checked, resting_on};
use crate::lint::{Cx, Docs, Lint};
use crate::lower::Origin;
use crate::matcher::boundary;
use crate::predict::{Chain, ChainEnd, Predictor, Request, Scheme};

/// GWC5004.
pub(super) static LINT: Lint = Lint {
    code: rule::REDIRECT_LOOP,
    docs: Docs {
        summary: "a redirect leads back to itself",
        what: "RequestRedirect filters whose target, asked for at the same Gateway, is redirected \
               again and again: back to the first URL, or on for longer than clients follow. \
               Followed as a client does, from a request that the match takes.",
        why: "Browsers give up with an error after about twenty redirects; what is behind the rule \
              is never served. The usual case is a redirect to `https` on a route that is attached \
              to the HTTPS listener too.",
        bad: r#"parentRefs:
- name: edge # both the HTTP and the HTTPS listener
rules:
- filters:
  - type: RequestRedirect
    requestRedirect:
      scheme: https
"#,
        good: r#"parentRefs:
- name: edge
  sectionName: http
rules:
- filters:
  - type: RequestRedirect
    requestRedirect:
      scheme: https
"#,
        fix: "Attach the redirecting route only to the listener that clients shall leave, or \
              redirect to a host, port or path that another rule serves.",
        spec: "HTTPRoute `spec.rules[].filters[].requestRedirect`; routing reference §4.2",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let config = &cx.lowered.config;
    let redirects = |rule: u32| {
        let rule = config.rules.get(rule as usize);
        rule.is_some_and(|rule| rule.filters.iter().any(|filter| matches!(filter, Filter::Redirect(_))))
    };
    // Only redirects need compiled listeners.
    let any = config.rules.iter().any(|rule| rule.filters.iter().any(|filter| matches!(filter, Filter::Redirect(_))));
    if !any {
        return;
    }
    let predictor = Predictor::new(config);
    let mut said: BTreeSet<u32> = BTreeSet::new();
    for (at, socket) in config.sockets.iter().enumerate() {
        for (position, entry) in candidates(socket, &redirects) {
            let rule =
                socket.listeners.get(position).and_then(|listener| listener.entries.get(entry)).map(|one| one.rule);
            let Some(rule) = rule.filter(|rule| !said.contains(rule)) else { continue };
            let finding = looping(cx, &predictor, at, (position, entry));
            said.extend(finding.as_ref().map(|_| rule));
            out.0.extend(finding);
        }
    }
}

/// Listener and entry of every redirect at a socket, by position.
fn candidates(socket: &Socket, redirects: &dyn Fn(u32) -> bool) -> Vec<(usize, usize)> {
    let http = socket.listeners.iter().enumerate().filter(|(_, listener)| listener.protocol.is_http());
    let entries = http.flat_map(|(position, listener)| {
        let entries =
            listener.entries.iter().enumerate().filter(|(_, entry)| !entry.preflight && redirects(entry.rule));
        entries.map(move |(entry, _)| (position, entry))
    });
    entries.collect()
}

/// Follows the redirect of an entry.
fn looping(cx: &Cx<'_>, predictor: &Predictor<'_>, at: usize, (position, entry): (usize, usize)) -> Option<Diagnostic> {
    let socket = cx.lowered.config.sockets.get(at)?;
    let listener = socket.listeners.get(position)?;
    let chain = predictor.follow(at, &request(cx, socket, listener, entry)?);
    let origin = cx.lowered.origins.get(listener.entries.get(entry)?.rule as usize)?;
    if begins_with(&chain, (position, entry)) { diagnostic(cx, origin, &chain) } else { None }
}

/// A request that fulfils the conditions of an entry.
fn request(cx: &Cx<'_>, socket: &Socket, listener: &Listener, entry: usize) -> Option<Request> {
    let probe = boundary::hit(&cx.lowered.config, listener, listener.entries.get(entry)?)?;
    let scheme = if listener.protocol == Protocol::Https { Scheme::Https } else { Scheme::Http };
    Some(Request::of(&probe, scheme, socket.port))
}

/// Does the entry take the first request? Another may stand before it.
fn begins_with(chain: &Chain, (listener, entry): (usize, usize)) -> bool {
    let first = chain.hops.first().map(|hop| &hop.prediction);
    first.is_some_and(|first| first.listener == Some(listener) && first.entry == Some(entry))
}

fn diagnostic(cx: &Cx<'_>, origin: &Origin, chain: &Chain) -> Option<Diagnostic> {
    let route = &cx.graph.routes[origin.route];
    let urls: Vec<&str> = chain.hops.iter().map(|hop| hop.asked.1.as_str()).collect();
    let (text, effect) = match chain.end {
        // A loop that a later redirect closes without this one is that one's.
        ChainEnd::Loop(0) => (format!("{} -> {}", urls.join(" -> "), urls.first()?), "clients go round in a circle"),
        ChainEnd::Endless => (format!("{} -> ...", urls.get(..3)?.join(" -> ")), "the redirects never end"),
        ChainEnd::Loop(_) | ChainEnd::Served | ChainEnd::Left => return None,
    };
    let span = route.rules.get(origin.rule).and_then(|rule| rule.filters.iter().find(|one| is_redirect(one)))?.span;
    let first = urls.first()?;
    let finding =
        about(&route.meta, rule::REDIRECT_LOOP, span, format!("the redirect of `{first}` leads back to itself"))
            .primary_label("redirected here")
            .effect(format!("{effect} and give up: what is asked for is never served"))
            .help("attach the route only to the listener that clients shall leave, or redirect to another place")
            .note(format!("cycle: {text}"));
    is_checked(&route.meta).then(|| resting_on(cx, finding, &origin.support))
}

fn is_redirect(filter: &ApiFilter) -> bool {
    matches!(filter.kind, FilterKind::RequestRedirect(_))
}

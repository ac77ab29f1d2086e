//! GWC7011 `http-without-redirect`: the same rules serve a hostname in clear text and over TLS.
//!
//! # What it checks
//! Rules of HTTPRoutes that an HTTP and an HTTPS listener of one Gateway both serve, for hostnames in common, and that
//! do not redirect. Where a single parentRef without `sectionName` is the cause, GWC2007 says so instead.
//!
//! # Why it matters
//! Clients that come in clear text stay there: cookies and credentials travel unprotected, although the same content
//! is there over TLS.
//!
//! # Example
//! ```yaml
//! parentRefs:
//! - name: edge
//!   sectionName: http
//! - name: edge
//!   sectionName: https
//! rules:
//! - backendRefs:
//!   - name: store
//!     port: 80
//! ```
//!
//! # Fix
//! Attach the route to the HTTPS listener only, and give the HTTP listener a route that redirects to `https`.
//!
//! # Specification
//! HTTPRoute `spec.parentRefs`, `spec.rules[].filters[].requestRedirect`; routing reference §4.2

use std::collections::{BTreeMap, BTreeSet};

use crate::api::reference::ParentRef;
use crate::api::route::Route;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{ParentEntry, ParentVerdict, RouteVerdict};
use crate::graph::{ListenerId, RouteId};
use crate::ir::trace::RouteKind;
use crate::ir::{Filter, Listener, Protocol, Socket};
use crate::lint::finding::{about, is_checked, listener_text};
use crate::lint::{Cx, Docs, Lint};
use crate::value::Hostname;
use crate::value::hostname::intersect_optional;

/// GWC7011.
pub(super) static LINT: Lint = Lint {
    code: rule::HTTP_WITHOUT_REDIRECT,
    docs: Docs {
        summary: "the same rules serve a hostname in clear text and over TLS",
        what: "Rules of HTTPRoutes that an HTTP and an HTTPS listener of one Gateway both serve, for \
               hostnames in common, and that do not redirect. Where a single parentRef without \
               `sectionName` is the cause, GWC2007 says so instead.",
        why: "Clients that come in clear text stay there: cookies and credentials travel \
              unprotected, although the same content is there over TLS.",
        bad: r#"parentRefs:
- name: edge
  sectionName: http
- name: edge
  sectionName: https
rules:
- backendRefs:
  - name: store
    port: 80
"#,
        good: r#"parentRefs:
- name: edge
  sectionName: https
rules:
- backendRefs:
  - name: store
    port: 80
---
# another HTTPRoute, on the listener http
rules:
- filters:
  - type: RequestRedirect
    requestRedirect:
      scheme: https
      statusCode: 301
"#,
        fix: "Attach the route to the HTTPS listener only, and give the HTTP listener a route that \
              redirects to `https`.",
        spec: "HTTPRoute `spec.parentRefs`, `spec.rules[].filters[].requestRedirect`; routing \
               reference §4.2",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut said: BTreeSet<RouteId> = BTreeSet::new();
    let sockets: Vec<(&Socket, &Vec<ListenerId>)> =
        cx.lowered.config.sockets.iter().zip(&cx.lowered.listeners).collect();
    for of_gateway in sockets.chunk_by(|one, next| one.0.gateway == next.0.gateway) {
        let plain = served(cx, of_gateway, Protocol::Http);
        if plain.is_empty() {
            continue;
        }
        for ((rule, written), tls) in served(cx, of_gateway, Protocol::Https) {
            let Some(clear) = plain.get(&(rule, written)) else { continue };
            let Some(origin) = cx.lowered.origins.get(rule as usize) else { continue };
            let common = intersect_optional(clear.name, tls.name).is_some();
            if common && !said.contains(&origin.route) {
                let finding = diagnostic(cx, origin.route, written, (clear.listener, tls.listener));
                said.extend(finding.as_ref().map(|_| origin.route));
                out.0.extend(finding);
            }
        }
    }
}

/// Where a rule is served.
#[derive(Clone, Copy)]
struct Place<'w> {
    listener: ListenerId,
    name: Option<&'w Hostname>,
}

/// Rules of HTTPRoutes that do not redirect, with their hostnames, on listeners of a protocol.
fn served<'w>(
    cx: &Cx<'w>,
    sockets: &[(&'w Socket, &'w Vec<ListenerId>)],
    protocol: Protocol,
) -> BTreeMap<(u32, Option<&'w Hostname>), Place<'w>> {
    let config = &cx.lowered.config;
    let listeners = sockets.iter().flat_map(|(socket, ids)| socket.listeners.iter().zip(ids.iter()));
    let mut served = BTreeMap::new();
    for (listener, id) in listeners.filter(|(listener, _)| listener.protocol == protocol) {
        for (rule, host) in rules(listener) {
            let kept = config.rules.get(rule as usize).filter(|rule| {
                rule.trace.kind == RouteKind::Http && !rule.filters.iter().any(|one| matches!(one, Filter::Redirect(_)))
            });
            if let (Some(_), Some(host)) = (kept, listener.hosts.get(host as usize)) {
                let place = Place { listener: *id, name: host.matches.as_ref() };
                served.entry((rule, host.written.as_ref())).or_insert(place);
            }
        }
    }
    served
}

/// Rules of a listener with their hosts.
fn rules(listener: &Listener) -> impl Iterator<Item = (u32, u32)> {
    listener.entries.iter().filter(|entry| !entry.preflight).map(|entry| (entry.rule, entry.host))
}

fn diagnostic(
    cx: &Cx<'_>,
    id: RouteId,
    name: Option<&Hostname>,
    (plain, tls): (ListenerId, ListenerId),
) -> Option<Diagnostic> {
    let (route, verdict) = (&cx.graph.routes[id], cx.evaluation.routes.get(id.index())?);
    let clear = parent_of(route, verdict, plain)?;
    // One parentRef for both is GWC2007.
    let both = |entry: &ParentEntry| binds(entry, plain) && binds(entry, tls);
    if !is_checked(&route.meta) || entries(verdict).any(both) {
        return None;
    }
    let name = name.map_or_else(|| "any hostname".to_owned(), |name| format!("`{name}`"));
    let message = format!("{name} is served in clear text and over TLS by the same rules");
    let mut finding = about(&route.meta, rule::HTTP_WITHOUT_REDIRECT, clear.target.name.span, message)
        .primary_label(format!("in clear text by {}", listener_text(cx, plain)))
        .effect("clients that come in clear text stay there")
        .help("attach the route to the HTTPS listener only, and let a route on the HTTP listener redirect");
    if let Some(secure) = parent_of(route, verdict, tls) {
        finding = finding.label(secure.target.name.span, format!("over TLS by {}", listener_text(cx, tls)));
    }
    Some(finding)
}

fn entries(verdict: &RouteVerdict) -> impl Iterator<Item = &ParentEntry> {
    crate::lint::finding::entries(verdict)
}

fn binds(entry: &ParentEntry, listener: ListenerId) -> bool {
    entry.bindings.iter().any(|binding| binding.listener() == listener)
}

/// The parentRef by which a route attaches to a listener.
fn parent_of<'w>(route: &'w Route, verdict: &RouteVerdict, listener: ListenerId) -> Option<&'w ParentRef> {
    let mut parents = route.parents.iter().zip(&verdict.parents);
    let found = parents.find(|(_, parent)| match parent {
        ParentVerdict::Entry(entry) => binds(entry, listener),
        ParentVerdict::NoEntry(_) => false,
    });
    found.map(|(parent, _)| parent)
}

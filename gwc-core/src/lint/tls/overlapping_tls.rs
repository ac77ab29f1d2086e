//! GWC4006 `overlapping-tls`: listeners on one port end TLS for overlapping names.
//!
//! # What it checks
//! Listeners of a Gateway and its ListenerSets on one port whose hostnames overlap without being equal, or whose
//! certificates cover a hostname of another listener.
//!
//! # Why it matters
//! A client that keeps a connection open may reuse it for another name of the same certificate (HTTP/2 and HTTP/3
//! connection reuse). The request then reaches the wrong listener: 404, or 421 where the controller detects it. Each
//! listener gets OverlappingTLSConfig=True.
//!
//! # Example
//! ```yaml
//! - name: wide
//!   hostname: "*.example.com"
//!   port: 443
//!   protocol: HTTPS
//! - name: shop
//!   hostname: shop.example.com
//!   port: 443
//!   protocol: HTTPS
//! ```
//!
//! # Fix
//! Serve overlapping names by one listener, or give each listener a certificate for its own names only and disjoint
//! hostnames. Where both must stay, use different ports or addresses.
//!
//! # Specification
//! GEP-3567; `ListenerConditionOverlappingTLSConfig`; status reference §4.5, L-34, L-35

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::Overlap;
use crate::graph::ListenerId;
use crate::lint::finding::{about, condition, is_checked, listener_names};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC4006.
pub(super) static LINT: Lint = Lint {
    code: rule::OVERLAPPING_TLS,
    docs: Docs {
        summary: "listeners on one port end TLS for overlapping names",
        what: "Listeners of a Gateway and its ListenerSets on one port whose hostnames overlap without \
              being equal, or whose certificates cover a hostname of another listener.",
        why: "A client that keeps a connection open may reuse it for another name of the same \
              certificate (HTTP/2 and HTTP/3 connection reuse). The request then reaches the wrong \
              listener: 404, or 421 where the controller detects it. Each listener gets \
              OverlappingTLSConfig=True.",
        bad: r#"- name: wide
  hostname: "*.example.com"
  port: 443
  protocol: HTTPS
- name: shop
  hostname: shop.example.com
  port: 443
  protocol: HTTPS
"#,
        good: r#"- name: wide
  hostname: "*.example.org"
  port: 443
  protocol: HTTPS
- name: shop
  hostname: shop.example.com
  port: 443
  protocol: HTTPS
"#,
        fix: "Serve overlapping names by one listener, or give each listener a certificate for its own \
              names only and disjoint hostnames. Where both must stay, use different ports or addresses.",
        spec: "GEP-3567; `ListenerConditionOverlappingTLSConfig`; status reference §4.5, L-34, L-35",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for id in cx.graph.listeners.ids() {
        if overlap(cx, id).is_none() || !seen.insert(id) {
            continue;
        }
        let group = group(cx, id);
        seen.extend(group.iter().copied());
        let primary = group.iter().rev().copied().find(|id| is_checked(cx.graph.listener_owner(*id)));
        out.0.extend(primary.and_then(|primary| diagnostic(cx, primary, &group)));
    }
}

fn overlap<'w>(cx: &Cx<'w>, id: ListenerId) -> Option<&'w Overlap> {
    cx.evaluation.listeners.get(id.index())?.overlapping_tls.as_ref()
}

/// All listeners that overlap directly or through others.
fn group(cx: &Cx<'_>, start: ListenerId) -> BTreeSet<ListenerId> {
    let mut members = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        let partners = overlap(cx, id).map_or(&[][..], |overlap| overlap.with.as_slice());
        open.extend(partners.iter().copied().filter(|partner| members.insert(*partner)));
    }
    members
}

fn diagnostic(cx: &Cx<'_>, primary: ListenerId, group: &BTreeSet<ListenerId>) -> Option<Diagnostic> {
    let overlap = overlap(cx, primary)?;
    let listener = cx.graph.listener(primary);
    let port = listener.port.as_ref().map_or(0, |port| port.value);
    let (what, reason) = if overlap.certificates {
        ("certificates", "OverlappingCertificates")
    } else {
        ("hostnames", "OverlappingHostnames")
    };
    let partners = listener_names(cx, overlap.with.iter().copied());
    let message = format!("{what} of listener `{}` overlap with {partners} on port {port}", listener.name.value);
    let mut finding = about(cx.graph.listener_owner(primary), rule::OVERLAPPING_TLS, place(cx, primary), message)
        .primary_label("ends TLS for some of the same names")
        .effect(format!("OverlappingTLSConfig=True/{reason}; a reused connection can answer 404 or 421"))
        .help("serve overlapping names by one listener, or make hostnames and certificates disjoint")
        .condition(condition("OverlappingTLSConfig", "True", reason));
    for other in group.iter().copied().filter(|id| *id != primary) {
        finding = finding.label(place(cx, other), "overlaps");
    }
    Some(finding)
}

/// The hostname, else the name of a listener without one.
fn place(cx: &Cx<'_>, id: ListenerId) -> Span {
    let listener = cx.graph.listener(id);
    listener.hostname.as_ref().map_or(listener.name.span, |hostname| hostname.span)
}

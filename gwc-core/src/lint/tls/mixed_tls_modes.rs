//! GWC4014 `mixed-tls-modes`: TLS listeners with mode Terminate and with mode Passthrough share a port.
//!
//! # What it checks
//! Listeners of protocol TLS on one port of a Gateway, some of mode `Terminate`, some of mode `Passthrough`, that the
//! controller in question accepts.
//!
//! # Why it matters
//! Only controllers with the extended feature `TLSRouteModeMixed` serve both. Others mark all of them
//! Conflicted=True/ProtocolConflict.
//!
//! # Example
//! ```yaml
//! - name: mail
//!   hostname: mail.example.com
//!   port: 443
//!   protocol: TLS
//!   tls:
//!     mode: Terminate
//! - name: db
//!   hostname: db.example.com
//!   port: 443
//!   protocol: TLS
//!   tls:
//!     mode: Passthrough
//! ```
//!
//! # Fix
//! Give one of the modes a port of its own, or make sure that every controller in use supports the feature.
//!
//! # Specification
//! Feature `TLSRouteModeMixed`; status reference §4.1, §4.2

use std::collections::BTreeMap;

use crate::api::gateway::TlsMode;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::graph::ListenerId;
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC4014.
pub(super) static LINT: Lint = Lint {
    code: rule::MIXED_TLS_MODES,
    docs: Docs {
        summary: "TLS listeners with mode Terminate and with mode Passthrough share a port",
        what: "Listeners of protocol TLS on one port of a Gateway, some of mode `Terminate`, some of mode \
              `Passthrough`, that the controller in question accepts.",
        why: "Only controllers with the extended feature `TLSRouteModeMixed` serve both. Others mark all \
              of them Conflicted=True/ProtocolConflict.",
        bad: r#"- name: mail
  hostname: mail.example.com
  port: 443
  protocol: TLS
  tls:
    mode: Terminate
- name: db
  hostname: db.example.com
  port: 443
  protocol: TLS
  tls:
    mode: Passthrough
"#,
        good: r#"- name: mail
  hostname: mail.example.com
  port: 443
  protocol: TLS
  tls:
    mode: Terminate
- name: db
  hostname: db.example.com
  port: 8443
  protocol: TLS
  tls:
    mode: Passthrough
"#,
        fix: "Give one of the modes a port of its own, or make sure that every controller in use \
              supports the feature.",
        spec: "Feature `TLSRouteModeMixed`; status reference §4.1, §4.2",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for verdict in &cx.evaluation.gateways {
        let mut ports: BTreeMap<u16, Vec<ListenerId>> = BTreeMap::new();
        for id in verdict.merged.iter().copied().filter(|id| is_served_tls(cx, *id)) {
            if let Some(port) = &cx.graph.listener(id).port {
                ports.entry(port.value).or_default().push(id);
            }
        }
        out.0.extend(ports.iter().filter_map(|(port, listeners)| diagnostic(cx, *port, listeners)));
    }
}

/// A listener of protocol TLS without conflict; conflicts are GWC3002's.
fn is_served_tls(cx: &Cx<'_>, id: ListenerId) -> bool {
    let verdict = cx.evaluation.listeners.get(id.index());
    cx.graph.listener(id).protocol.value == "TLS" && verdict.is_some_and(|verdict| verdict.conflicted.is_none())
}

fn mode(cx: &Cx<'_>, id: ListenerId) -> Option<(&'static str, Span)> {
    let tls = cx.graph.listener(id).tls.as_ref()?;
    match tls.mode {
        TlsMode::Terminate => Some(("Terminate", tls.mode_span)),
        TlsMode::Passthrough => Some(("Passthrough", tls.mode_span)),
        TlsMode::Unknown(_) => None,
    }
}

fn diagnostic(cx: &Cx<'_>, port: u16, listeners: &[ListenerId]) -> Option<Diagnostic> {
    let last = listeners.iter().rev().copied().find(|id| is_checked(cx.graph.listener_owner(*id)))?;
    let (own, span) = mode(cx, last)?;
    let others = listeners.iter().copied().filter_map(|id| Some((id, mode(cx, id)?)));
    let other: Vec<(ListenerId, (&str, Span))> = others.filter(|(_, (mode, _))| *mode != own).collect();
    let (partner, (theirs, _)) = other.first()?;
    let (name, partner) = (&cx.graph.listener(last).name.value, &cx.graph.listener(*partner).name.value);
    let message = format!("on port {port} `{name}` is {own}, `{partner}` is {theirs}");
    let mut finding = about(cx.graph.listener_owner(last), rule::MIXED_TLS_MODES, span, message)
        .primary_label("the other mode on the same port")
        .effect("without the feature `TLSRouteModeMixed` all of them are Conflicted=True/ProtocolConflict")
        .help(format!("move `{name}` to a port of its own, or use one mode on port {port}"));
    for (_, (mode, span)) in other {
        finding = finding.label(span, mode);
    }
    Some(finding)
}

//! GWC3002 `listener-protocol-conflict`: listeners of one owner share a port with protocols that exclude each other.
//!
//! # What it checks
//! Listeners of a Gateway, or entries of a ListenerSet, on one port whose protocols cannot share it: TCP with HTTP,
//! HTTPS or TLS, HTTP with HTTPS or TLS, and TLS modes that the controller does not mix.
//!
//! # Why it matters
//! No winner may be picked: each of them gets Conflicted=True/ProtocolConflict with Accepted=False and
//! Programmed=False, so none is served.
//!
//! # Example
//! ```yaml
//! listeners:
//! - name: http
//!   port: 80
//!   protocol: HTTP
//! - name: tcp
//!   port: 80
//!   protocol: TCP
//! ```
//!
//! # Fix
//! Move one of the listeners to a port of its own.
//!
//! # Specification
//! Gateway `spec.listeners`, `ListenerReasonProtocolConflict`; status reference §4.1, §4.2, L-4, L-30

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::ConflictReason;
use crate::lint::finding::{about, listener_names};
use crate::lint::{Cx, Docs, Lint};

use super::listener_group::{Group, groups, with_effects};

/// GWC3002.
pub(super) static LINT: Lint = Lint {
    code: rule::LISTENER_PROTOCOL_CONFLICT,
    docs: Docs {
        summary: "listeners of one owner share a port with protocols that exclude each other",
        what: "Listeners of a Gateway, or entries of a ListenerSet, on one port whose protocols cannot \
              share it: TCP with HTTP, HTTPS or TLS, HTTP with HTTPS or TLS, and TLS modes that the \
              controller does not mix.",
        why: "No winner may be picked: each of them gets Conflicted=True/ProtocolConflict with \
              Accepted=False and Programmed=False, so none is served.",
        bad: r#"listeners:
- name: http
  port: 80
  protocol: HTTP
- name: tcp
  port: 80
  protocol: TCP
"#,
        good: r#"listeners:
- name: http
  port: 80
  protocol: HTTP
- name: tcp
  port: 81
  protocol: TCP
"#,
        fix: "Move one of the listeners to a port of its own.",
        spec: "Gateway `spec.listeners`, `ListenerReasonProtocolConflict`; status reference §4.1, §4.2, \
              L-4, L-30",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for group in groups(cx, ConflictReason::ProtocolConflict) {
        out.push(diagnostic(cx, &group));
    }
}

fn diagnostic(cx: &Cx<'_>, group: &Group) -> Diagnostic {
    let listener = cx.graph.listener(group.primary);
    let others = group.members.iter().copied().filter(|id| *id != group.primary);
    let names = listener_names(cx, others.clone());
    let port = listener.port.as_ref().map_or(0, |port| port.value);
    let (name, protocol) = (&listener.name.value, &listener.protocol.value);
    let message = format!("listener `{name}` ({protocol}) cannot share port {port} with {names}");
    let mut finding = about(
        cx.graph.listener_owner(group.primary),
        rule::LISTENER_PROTOCOL_CONFLICT,
        listener.protocol.span,
        message,
    )
    .primary_label(format!("{protocol} on port {port}"))
    .effect("none of them is served: Conflicted=True/ProtocolConflict")
    .help(format!("move `{name}` to a port that {names} do not use"));
    for other in others.map(|id| cx.graph.listener(id)) {
        finding = finding.label(other.protocol.span, format!("{} in `{}`", other.protocol.value, other.name.value));
    }
    with_effects(cx, group.primary, "ProtocolConflict", finding)
}

//! GWC3001 `listener-hostname-conflict`: listeners of one owner share port and hostname.
//!
//! # What it checks
//! Listeners of a Gateway, or entries of a ListenerSet, on one port whose protocols could share it, but whose hostnames
//! are equal; a listener without hostname has the hostname of every other one without.
//!
//! # Why it matters
//! Nothing tells their traffic apart, and no winner may be picked: each of them gets Conflicted=True/HostnameConflict
//! with Accepted=False and Programmed=False, so none is served.
//!
//! # Example
//! ```yaml
//! listeners:
//! - name: https
//!   hostname: shop.example.com
//!   port: 443
//!   protocol: HTTPS
//! - name: passthrough
//!   hostname: shop.example.com
//!   port: 443
//!   protocol: TLS
//! ```
//!
//! # Fix
//! Give each listener a hostname or a port of its own, or remove all but one.
//!
//! # Specification
//! Gateway `spec.listeners`, `ListenerReasonHostnameConflict`; status reference §4.2, §4.3, L-4, L-31

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::ConflictReason;
use crate::lint::finding::{about, listener_names};
use crate::lint::{Cx, Docs, Lint};

use super::listener_group::{Group, groups, with_effects};

/// GWC3001.
pub(super) static LINT: Lint = Lint {
    code: rule::LISTENER_HOSTNAME_CONFLICT,
    docs: Docs {
        summary: "listeners of one owner share port and hostname",
        what: "Listeners of a Gateway, or entries of a ListenerSet, on one port whose protocols could \
              share it, but whose hostnames are equal; a listener without hostname has the hostname of \
              every other one without.",
        why: "Nothing tells their traffic apart, and no winner may be picked: each of them gets \
              Conflicted=True/HostnameConflict with Accepted=False and Programmed=False, so none is \
              served.",
        bad: r#"listeners:
- name: https
  hostname: shop.example.com
  port: 443
  protocol: HTTPS
- name: passthrough
  hostname: shop.example.com
  port: 443
  protocol: TLS
"#,
        good: r#"listeners:
- name: https
  hostname: shop.example.com
  port: 443
  protocol: HTTPS
- name: passthrough
  hostname: db.example.com
  port: 443
  protocol: TLS
"#,
        fix: "Give each listener a hostname or a port of its own, or remove all but one.",
        spec: "Gateway `spec.listeners`, `ListenerReasonHostnameConflict`; status reference §4.2, §4.3, \
              L-4, L-31",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for group in groups(cx, ConflictReason::HostnameConflict) {
        out.push(diagnostic(cx, &group));
    }
}

fn diagnostic(cx: &Cx<'_>, group: &Group) -> Diagnostic {
    let listener = cx.graph.listener(group.primary);
    let others = group.members.iter().copied().filter(|id| *id != group.primary);
    let names = listener_names(cx, others.clone());
    let hostname = listener.hostname.as_ref().map_or("any hostname".to_owned(), |name| format!("`{}`", name.value));
    let port = listener.port.as_ref().map_or(0, |port| port.value);
    let message = format!("listener `{}` and {names} share port {port} and {hostname}", listener.name.value);
    let span = listener.hostname.as_ref().map_or(listener.name.span, |hostname| hostname.span);
    let mut finding = about(cx.graph.listener_owner(group.primary), rule::LISTENER_HOSTNAME_CONFLICT, span, message)
        .primary_label("the same port and hostname")
        .effect("none of them is served: Conflicted=True/HostnameConflict")
        .help(format!("give `{}` another hostname or another port than {names}", listener.name.value));
    for other in others.map(|id| cx.graph.listener(id)) {
        finding = finding.label(other.name.span, format!("conflicts with `{}`", other.name.value));
    }
    with_effects(cx, group.primary, "HostnameConflict", finding)
}

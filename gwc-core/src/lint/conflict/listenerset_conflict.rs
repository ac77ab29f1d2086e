//! GWC3003 `listenerset-conflict`: an entry of a ListenerSet loses to a listener with precedence.
//!
//! # What it checks
//! Entries of a ListenerSet that conflict with a listener of the Gateway, or with an entry of an older ListenerSet.
//!
//! # Why it matters
//! The listener with precedence keeps the port: the entry gets Conflicted=True with Accepted=False and
//! Programmed=False, and routes attached to it receive nothing. The winner says nothing about it.
//!
//! # Example
//! ```yaml
//! kind: ListenerSet
//! spec:
//!   parentRef:
//!     name: edge # has a listener for shop.example.com on port 80
//!   listeners:
//!   - name: shop
//!     hostname: shop.example.com
//!     port: 80
//!     protocol: HTTP
//! ```
//!
//! # Fix
//! Choose another hostname or port for the entry, or attach the routes to the listener that wins.
//!
//! # Specification
//! ListenerSet `spec.listeners`, `ListenerEntryReasonHostnameConflict`, `ListenerEntryReasonProtocolConflict`; status
//! reference §1.5, §4.3, L-30, L-31, L-33

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Conflict, ConflictReason};
use crate::graph::ListenerId;
use crate::lint::finding::{about, is_checked, listener_text};
use crate::lint::{Cx, Docs, Lint};

use super::listener_group::with_effects;

/// GWC3003.
pub(super) static LINT: Lint = Lint {
    code: rule::LISTENERSET_CONFLICT,
    docs: Docs {
        summary: "an entry of a ListenerSet loses to a listener with precedence",
        what: "Entries of a ListenerSet that conflict with a listener of the Gateway, or with an entry of \
              an older ListenerSet.",
        why: "The listener with precedence keeps the port: the entry gets Conflicted=True with \
              Accepted=False and Programmed=False, and routes attached to it receive nothing. The winner \
              says nothing about it.",
        bad: r#"kind: ListenerSet
spec:
  parentRef:
    name: edge # has a listener for shop.example.com on port 80
  listeners:
  - name: shop
    hostname: shop.example.com
    port: 80
    protocol: HTTP
"#,
        good: r#"kind: ListenerSet
spec:
  parentRef:
    name: edge
  listeners:
  - name: team
    hostname: team.example.com
    port: 80
    protocol: HTTP
"#,
        fix: "Choose another hostname or port for the entry, or attach the routes to the listener that \
              wins.",
        spec: "ListenerSet `spec.listeners`, `ListenerEntryReasonHostnameConflict`, \
              `ListenerEntryReasonProtocolConflict`; status reference §1.5, §4.3, L-30, L-31, L-33",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let checked = cx.graph.listeners.ids().filter(|id| is_checked(cx.graph.listener_owner(*id)));
    for id in checked {
        let verdict = cx.evaluation.listeners.get(id.index()).and_then(|listener| listener.conflicted.as_ref());
        if let Some(conflict) = verdict.filter(|conflict| conflict.verdict.lost) {
            out.push(diagnostic(cx, id, &conflict.verdict));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, conflict: &Conflict) -> Diagnostic {
    let entry = cx.graph.listener(id);
    let winner = conflict.with.first().map(|winner| listener_text(cx, *winner)).unwrap_or_default();
    let (reason, span) = match conflict.reason {
        ConflictReason::ProtocolConflict => ("ProtocolConflict", entry.protocol.span),
        ConflictReason::HostnameConflict => {
            ("HostnameConflict", entry.hostname.as_ref().map_or(entry.name.span, |hostname| hostname.span))
        }
    };
    let message = format!("entry `{}` loses to {winner}", entry.name.value);
    let mut finding = about(cx.graph.listener_owner(id), rule::LISTENERSET_CONFLICT, span, message)
        .primary_label("taken by a listener with precedence")
        .effect(format!("the entry is not served: Conflicted=True/{reason}"))
        .help(format!("give `{}` another hostname or another port", entry.name.value))
        .note("precedence: the Gateway's own listeners, then the older ListenerSet, then `namespace/name`");
    for winner in conflict.with.iter().map(|winner| cx.graph.listener(*winner)) {
        finding = finding.label(winner.name.span, "this listener wins");
    }
    with_effects(cx, id, reason, finding)
}

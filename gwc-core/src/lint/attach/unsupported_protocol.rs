//! GWC2011 `unsupported-protocol`: the controller does not know the protocol of the listener.
//!
//! # What it checks
//! `listeners[].protocol` is none of the protocols that the profile supports. Protocols are compared letter by
//! letter.
//!
//! # Why it matters
//! Accepted=False/UnsupportedProtocol: the listener serves no route.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: Gateway
//! metadata:
//!   name: shared
//!   namespace: infra
//! spec:
//!   gatewayClassName: example
//!   listeners:
//!   - name: http
//!     port: 80
//!     protocol: Http
//! ```
//!
//! # Fix
//! Use HTTP, HTTPS, TLS, TCP or UDP, or a profile of a controller that supports the protocol.
//!
//! # Specification
//! `listeners[].protocol`, ListenerReasonUnsupportedProtocol; status reference L-2; conformance
//! GatewayListenerUnsupportedProtocol

use crate::diagnostic::{Applicability, Basis, Diagnostic, Diagnostics, rule};
use crate::eval::ListenerAccepted;
use crate::graph::ListenerId;
use crate::lint::attach::refusal::refused_kinds_note;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::{about, condition, gateway_note, is_checked, named, quoted};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC2011.
pub(super) static LINT: Lint = Lint {
    code: rule::UNSUPPORTED_PROTOCOL,
    docs: Docs {
        summary: "the controller does not know the protocol of the listener",
        what: "`listeners[].protocol` is none of the protocols that the profile supports. Protocols are \
              compared letter by letter.",
        why: "Accepted=False/UnsupportedProtocol: the listener serves no route.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: Http
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP
"#,
        fix: "Use HTTP, HTTPS, TLS, TCP or UDP, or a profile of a controller that supports the protocol.",
        spec: "`listeners[].protocol`, ListenerReasonUnsupportedProtocol; status reference L-2; conformance \
              GatewayListenerUnsupportedProtocol",
    },
    check: Some(check),
};

/// Protocols that the API itself names.
const PROTOCOLS: [&str; 5] = ["HTTP", "HTTPS", "TLS", "TCP", "UDP"];

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for id in cx.graph.listeners.ids().filter(|id| is_checked(cx.graph.listener_owner(*id))) {
        let accepted = cx.evaluation.listeners.get(id.index()).map(|verdict| verdict.accepted.verdict);
        if accepted == Some(ListenerAccepted::UnsupportedProtocol) {
            out.push(diagnostic(cx, id));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId) -> Diagnostic {
    let listener = cx.graph.listener(id);
    let protocol = &listener.protocol;
    let message = format!("protocol `{}` of listener `{}` is not supported", protocol.value, listener.name.value);
    let mut finding = about(cx.graph.listener_owner(id), rule::UNSUPPORTED_PROTOCOL, protocol.span, message)
        .effect(format!(
            "Accepted=False/UnsupportedProtocol: the listener of {} serves no route",
            named(cx.graph.listener_owner(id))
        ))
        .condition(condition("Accepted", "False", "UnsupportedProtocol"));
    finding.notes.extend(gateway_note(cx, id));
    finding.notes.extend(refused_kinds_note(cx, id));
    // A word that is neither one of the API's nor of a vendor's domain is wrong with every controller.
    if !PROTOCOLS.contains(&protocol.value.as_str()) && !protocol.value.contains('/') {
        finding.basis = Basis::Spec;
    }
    let supported = &cx.profile.knobs.protocols;
    match nearest(&protocol.value, supported.iter().map(compact_str::CompactString::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, protocol.span, near)],
        ),
        None => finding.help(format!("use one of {}", quoted(supported))),
    }
}

//! GWC2009 `gateway-without-valid-listener`: the whole Gateway is refused.
//!
//! # What it checks
//! A Gateway that is not accepted although none of its listeners has a finding that says why: no listener can be
//! used, or an address is of a type that the controller does not know.
//!
//! # Why it matters
//! Accepted=False/ListenersNotValid or UnsupportedAddress: nothing of the Gateway is served, and its ListenerSets are
//! not accepted either.
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
//!   addresses:
//!   - type: NamedAddress
//!     value: public
//!   listeners:
//!   - name: http
//!     port: 80
//!     protocol: HTTP
//! ```
//!
//! # Fix
//! Cure what the finding says about each listener or address.
//!
//! # Specification
//! `Gateway.spec.listeners`, `Gateway.spec.addresses`, GatewayReasonListenersNotValid,
//! GatewayReasonUnsupportedAddress; status reference GW-4, GW-5; conformance GatewayWithAttachedRoutes

use crate::api::gateway::Gateway;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{GatewayAccepted, ListenerAccepted};
use crate::graph::ListenerId;
use crate::lint::finding::{about, condition, is_checked, named, quoted, resting_on};
use crate::lint::{Cx, Docs, Lint};

/// GWC2009.
pub(super) static LINT: Lint = Lint {
    code: rule::GATEWAY_WITHOUT_VALID_LISTENER,
    docs: Docs {
        summary: "the whole Gateway is refused",
        what: "A Gateway that is not accepted although none of its listeners has a finding that says why: no \
              listener can be used, or an address is of a type that the controller does not know.",
        why: "Accepted=False/ListenersNotValid or UnsupportedAddress: nothing of the Gateway is served, and \
              its ListenerSets are not accepted either.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  addresses:
  - type: NamedAddress
    value: public
  listeners:
  - name: http
    port: 80
    protocol: HTTP
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  addresses:
  - type: IPAddress
    value: 192.0.2.1
  listeners:
  - name: http
    port: 80
    protocol: HTTP
"#,
        fix: "Cure what the finding says about each listener or address.",
        spec: "`Gateway.spec.listeners`, `Gateway.spec.addresses`, GatewayReasonListenersNotValid, \
              GatewayReasonUnsupportedAddress; status reference GW-4, GW-5; conformance \
              GatewayWithAttachedRoutes",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, gateway) in cx.graph.gateways.iter().filter(|(_, gateway)| is_checked(&gateway.meta)) {
        let Some(verdict) = cx.evaluation.gateways.get(id.index()) else { continue };
        let finding = match &verdict.accepted.verdict {
            GatewayAccepted::ListenersNotValid(listeners) => {
                let untold = listeners.iter().copied().filter(|listener| !has_own_rule(cx, *listener));
                listeners_not_valid(cx, gateway, &untold.collect::<Vec<_>>())
            }
            GatewayAccepted::UnsupportedAddress(positions) => unsupported_address(cx, gateway, positions),
            GatewayAccepted::Accepted
            | GatewayAccepted::SomeListenersNotValid(_)
            | GatewayAccepted::ClassNotAccepted
            | GatewayAccepted::InvalidParameters(_) => None,
        };
        out.0.extend(finding.map(|finding| resting_on(cx, finding, &verdict.accepted.support)));
    }
}

/// Is there a rule that reports why the listener is refused?
fn has_own_rule(cx: &Cx<'_>, id: ListenerId) -> bool {
    cx.evaluation.listeners.get(id.index()).is_some_and(|verdict| match verdict.accepted.verdict {
        ListenerAccepted::UnsupportedProtocol
        | ListenerAccepted::Conflicted(_)
        | ListenerAccepted::NoValidCaCertificate
        | ListenerAccepted::RefNotPermitted
        | ListenerAccepted::TooManyListeners
        | ListenerAccepted::SetNotAdmitted => true,
        ListenerAccepted::Accepted | ListenerAccepted::UnsupportedValue | ListenerAccepted::PortUnavailable => false,
    })
}

fn listeners_not_valid(cx: &Cx<'_>, gateway: &Gateway, untold: &[ListenerId]) -> Option<Diagnostic> {
    if untold.is_empty() {
        return None;
    }
    let message = format!("no listener of {} can be used", named(&gateway.meta));
    let mut finding = about(&gateway.meta, rule::GATEWAY_WITHOUT_VALID_LISTENER, gateway.meta.name_span, message)
        .effect("Accepted=False/ListenersNotValid: nothing of the Gateway is served")
        .condition(condition("Accepted", "False", "ListenersNotValid"))
        .help("use ports and TLS modes that the controller supports");
    for id in untold.iter().take(6) {
        let listener = cx.graph.listener(*id);
        let unavailable = cx
            .evaluation
            .listeners
            .get(id.index())
            .is_some_and(|verdict| verdict.accepted.verdict == ListenerAccepted::PortUnavailable);
        let (span, text) = match (&listener.port, &listener.tls) {
            (Some(port), _) if unavailable => (port.span, format!("port {} cannot be bound", port.value)),
            (_, Some(tls)) => (tls.mode_span, "this TLS mode is not supported".to_owned()),
            (_, None) => (listener.name.span, "refused".to_owned()),
        };
        finding = finding.label(span, text);
    }
    Some(finding)
}

fn unsupported_address(cx: &Cx<'_>, gateway: &Gateway, positions: &[usize]) -> Option<Diagnostic> {
    let mut unsupported = positions.iter().filter_map(|position| gateway.addresses.get(*position));
    let first = unsupported.next()?;
    let message = format!("address type `{}` is not supported", first.r#type.value);
    let mut finding = about(&gateway.meta, rule::GATEWAY_WITHOUT_VALID_LISTENER, first.r#type.span, message)
        .effect("Accepted=False/UnsupportedAddress: nothing of the Gateway is served")
        .condition(condition("Accepted", "False", "UnsupportedAddress"))
        .help(format!("use one of {}", quoted(&cx.profile.knobs.address_types)));
    for address in unsupported {
        finding = finding.label(address.r#type.span, "not supported either");
    }
    Some(finding)
}

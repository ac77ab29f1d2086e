//! GWC2013 `listenerset-parent-not-accepted`: the Gateway of the ListenerSet is not accepted.
//!
//! # What it checks
//! A ListenerSet whose parent Gateway has Accepted=False.
//!
//! # Why it matters
//! Accepted=False/ParentNotAccepted: nothing of the set is served until the Gateway is cured.
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
//!   listeners: [...]
//! ---
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: ListenerSet
//! metadata:
//!   name: shop-listeners
//!   namespace: store
//! spec:
//!   parentRef:
//!     name: shared
//!     namespace: infra
//!   listeners:
//!   - name: shop
//!     hostname: shop.example.com
//!     port: 80
//!     protocol: HTTP
//! ```
//!
//! # Fix
//! Cure the Gateway; its own finding says how.
//!
//! # Specification
//! ListenerSetReasonParentNotAccepted; status reference LS-2

use crate::api::gateway::{Gateway, ListenerSet};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{GatewayAccepted, ListenerSetOutcome};
use crate::graph::GatewayId;
use crate::lint::finding::{about, condition, is_checked, named, resting_on};
use crate::lint::{Cx, Docs, Lint};

/// GWC2013.
pub(super) static LINT: Lint = Lint {
    code: rule::LISTENERSET_PARENT_NOT_ACCEPTED,
    docs: Docs {
        summary: "the Gateway of the ListenerSet is not accepted",
        what: "A ListenerSet whose parent Gateway has Accepted=False.",
        why: "Accepted=False/ParentNotAccepted: nothing of the set is served until the Gateway is cured.",
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
  listeners: [...]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata:
  name: shop-listeners
  namespace: store
spec:
  parentRef:
    name: shared
    namespace: infra
  listeners:
  - name: shop
    hostname: shop.example.com
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
  allowedListeners:
    namespaces:
      from: All
  listeners: [...]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata:
  name: shop-listeners
  namespace: store
spec:
  parentRef:
    name: shared
    namespace: infra
  listeners:
  - name: shop
    hostname: shop.example.com
    port: 80
    protocol: HTTP
"#,
        fix: "Cure the Gateway; its own finding says how.",
        spec: "ListenerSetReasonParentNotAccepted; status reference LS-2",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, set) in cx.graph.listener_sets.iter().filter(|(_, set)| is_checked(&set.meta)) {
        let Some(verdict) = cx.evaluation.listener_sets.get(id.index()) else { continue };
        if let (ListenerSetOutcome::ParentNotAccepted, Some(gateway)) = (&verdict.outcome.verdict, verdict.gateway) {
            let finding = diagnostic(set, &cx.graph.gateways[gateway], reason(cx, gateway));
            out.push(resting_on(cx, finding, &verdict.outcome.support));
        }
    }
}

/// Why the Gateway is not accepted.
fn reason(cx: &Cx<'_>, gateway: GatewayId) -> &'static str {
    match cx.evaluation.gateways.get(gateway.index()).map(|verdict| &verdict.accepted.verdict) {
        Some(GatewayAccepted::ClassNotAccepted) => "Invalid",
        Some(GatewayAccepted::InvalidParameters(_)) => "InvalidParameters",
        Some(GatewayAccepted::UnsupportedAddress(_)) => "UnsupportedAddress",
        Some(GatewayAccepted::ListenersNotValid(_) | GatewayAccepted::SomeListenersNotValid(_)) => "ListenersNotValid",
        Some(GatewayAccepted::Accepted) | None => "Accepted",
    }
}

fn diagnostic(set: &ListenerSet, gateway: &Gateway, reason: &str) -> Diagnostic {
    let message = format!("the parent {} is not accepted", named(&gateway.meta));
    about(&set.meta, rule::LISTENERSET_PARENT_NOT_ACCEPTED, set.parent.target.name.span, message)
        .label(gateway.meta.name_span, format!("Accepted=False/{reason}"))
        .effect("Accepted=False/ParentNotAccepted: nothing of the set is served")
        .condition(condition("Accepted", "False", "ParentNotAccepted"))
        .condition(condition("Programmed", "False", "ParentNotProgrammed"))
        .help("cure the Gateway first")
}

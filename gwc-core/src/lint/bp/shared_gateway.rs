//! GWC7001 `shared-gateway`: several Gateways of one class could be one.
//!
//! # What it checks
//! Gateways of one GatewayClass in one world whose listeners do not conflict and which ask for nothing of their own: no
//! addresses, parameters or TLS settings of the whole Gateway.
//!
//! # Why it matters
//! Each Gateway usually means a data plane with a load balancer, an address and certificates of its own. One shared
//! Gateway with `allowedRoutes` keeps the teams apart as well, and is paid and watched once.
//!
//! # Example
//! ```yaml
//! kind: Gateway
//! metadata:
//!   name: stock # next to edge, same class
//! spec:
//!   gatewayClassName: infra
//! ```
//!
//! # Fix
//! Put the listeners into one Gateway and limit each by `allowedRoutes`; or keep them apart if they must fail or change
//! apart, and ignore the finding.
//!
//! # Specification
//! Gateway API concepts: roles and personas; status reference §4

use std::collections::BTreeMap;

use crate::api::gateway::{Gateway, Listener};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};

/// GWC7001.
pub(super) static LINT: Lint = Lint {
    code: rule::SHARED_GATEWAY,
    docs: Docs {
        summary: "several Gateways of one class could be one",
        what: "Gateways of one GatewayClass in one world whose listeners do not conflict and which ask \
              for nothing of their own: no addresses, parameters or TLS settings of the whole Gateway.",
        why: "Each Gateway usually means a data plane with a load balancer, an address and certificates \
              of its own. One shared Gateway with `allowedRoutes` keeps the teams apart as well, and is \
              paid and watched once.",
        bad: r#"kind: Gateway
metadata:
  name: stock # next to edge, same class
spec:
  gatewayClassName: infra
"#,
        good: r#"kind: Gateway
metadata:
  name: edge
spec:
  gatewayClassName: infra
  listeners:
  - name: shop
    hostname: shop.example.com
  - name: stock
    hostname: stock.example.com
"#,
        fix: "Put the listeners into one Gateway and limit each by `allowedRoutes`; or keep them apart \
              if they must fail or change apart, and ignore the finding.",
        spec: "Gateway API concepts: roles and personas; status reference §4",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut classes: BTreeMap<&str, Vec<&Gateway>> = BTreeMap::new();
    for (_, gateway) in cx.graph.gateways.iter().filter(|(_, gateway)| is_plain(gateway)) {
        let together = classes.entry(&gateway.class_name.value).or_default();
        if together.iter().all(|other| can_merge(other, gateway)) {
            together.push(gateway);
        }
    }
    out.0.extend(classes.values().filter_map(|gateways| diagnostic(gateways)));
}

/// Nothing that concerns the Gateway as a whole.
fn is_plain(gateway: &Gateway) -> bool {
    gateway.addresses.is_empty()
        && gateway.parameters_ref.is_none()
        && gateway.client_certificate_ref.is_none()
        && gateway.frontend_tls.is_none()
}

/// May all listeners of both stand in one Gateway (status.md §4.2)?
fn can_merge(a: &Gateway, b: &Gateway) -> bool {
    a.listeners.iter().all(|one| b.listeners.iter().all(|other| can_coexist(one, other)))
}

fn can_coexist(a: &Listener, b: &Listener) -> bool {
    let port = |listener: &Listener| listener.port.as_ref().map(|port| port.value);
    let hostname = |listener: &Listener| listener.hostname.as_ref().map(|hostname| hostname.value.clone());
    let (transport_a, hosts_a) = sort(a);
    let (transport_b, hosts_b) = sort(b);
    if port(a) != port(b) || transport_a != transport_b {
        return true;
    }
    hosts_a.is_some() && hosts_a == hosts_b && hostname(a) != hostname(b)
}

/// Transport, and the way in which hostnames tell listeners apart; `None`: not at all.
fn sort(listener: &Listener) -> (&'static str, Option<&'static str>) {
    match listener.protocol.value.as_str() {
        "HTTP" => ("TCP", Some("Host")),
        "HTTPS" | "TLS" => ("TCP", Some("SNI")),
        "UDP" => ("UDP", None),
        _ => ("TCP", None),
    }
}

fn diagnostic(gateways: &[&Gateway]) -> Option<Diagnostic> {
    let last = gateways.iter().rev().find(|gateway| is_checked(&gateway.meta))?;
    let others = gateways.iter().filter(|gateway| gateway.meta.key != last.meta.key);
    let first = others.clone().next()?;
    let class = &last.class_name.value;
    let message = format!("{} Gateways of class `{class}` could be one", gateways.len());
    let mut finding = about(&last.meta, rule::SHARED_GATEWAY, last.meta.name_span, message)
        .primary_label("its listeners do not conflict with the others")
        .effect("each Gateway usually costs a data plane, an address and certificates of its own")
        .help(format!("move its listeners to {} and limit them by `allowedRoutes`", named(&first.meta)));
    for other in others {
        finding = finding.label(other.meta.name_span, "the same class");
    }
    Some(finding)
}

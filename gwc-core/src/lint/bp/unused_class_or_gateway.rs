//! GWC7015 `unused-class-or-gateway`: a GatewayClass or Gateway that nothing uses.
//!
//! # What it checks
//! GatewayClasses that no Gateway names, and Gateways that no route and no ListenerSet names. In a world whose extent
//! is not known, only where the world holds Gateways, or routes.
//!
//! # Why it matters
//! What is not used costs all the same, an address and a data plane in the case of a Gateway, and hides which one
//! counts.
//!
//! # Example
//! ```yaml
//! kind: GatewayClass
//! metadata:
//!   name: lab # no Gateway names it
//! ```
//!
//! # Fix
//! Remove it, or use it.
//!
//! # Specification
//! Gateway `spec.gatewayClassName`, HTTPRoute `spec.parentRefs`

use crate::api::gateway::Gateway;
use crate::api::reference::ParentRef;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};
use crate::profile::WorldMode;

/// GWC7015.
pub(super) static LINT: Lint = Lint {
    code: rule::UNUSED_CLASS_OR_GATEWAY,
    docs: Docs {
        summary: "a GatewayClass or Gateway that nothing uses",
        what: "GatewayClasses that no Gateway names, and Gateways that no route and no ListenerSet names. \
              In a world whose extent is not known, only where the world holds Gateways, or routes.",
        why: "What is not used costs all the same, an address and a data plane in the case of a Gateway, \
              and hides which one counts.",
        bad: r#"kind: GatewayClass
metadata:
  name: lab # no Gateway names it
"#,
        good: r#"kind: Gateway
spec:
  gatewayClassName: lab
"#,
        fix: "Remove it, or use it.",
        spec: "Gateway `spec.gatewayClassName`, HTTPRoute `spec.parentRefs`",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let (classes_known, gateways_known) = match cx.profile.world.mode {
        WorldMode::Closed => (true, true),
        WorldMode::Open => (false, false),
        WorldMode::Auto => (!cx.graph.gateways.is_empty(), !cx.graph.routes.is_empty()),
    };
    let classes = cx.graph.gateway_classes.iter().map(|(_, class)| &class.meta);
    for class in classes.filter(|class| classes_known && is_checked(class)) {
        let names = |gateway: &Gateway| gateway.class_name.value == class.key.name;
        if !cx.graph.gateways.iter().any(|(_, gateway)| names(gateway)) {
            let message = format!("no Gateway uses {}", named(class));
            out.push(diagnostic(about(class, rule::UNUSED_CLASS_OR_GATEWAY, class.name_span, message)));
        }
    }
    let gateways = cx.graph.gateways.iter().map(|(_, gateway)| gateway);
    for gateway in gateways.filter(|gateway| gateways_known && is_checked(&gateway.meta)) {
        if !is_used(cx, gateway) {
            let message = format!("no route and no ListenerSet uses {}", named(&gateway.meta));
            let meta = &gateway.meta;
            out.push(diagnostic(about(meta, rule::UNUSED_CLASS_OR_GATEWAY, meta.name_span, message)));
        }
    }
}

fn is_used(cx: &Cx<'_>, gateway: &Gateway) -> bool {
    let names = |parent: &ParentRef, namespace: &str| {
        parent.target.kind == "Gateway" && parent.target.target(namespace) == gateway.meta.key
    };
    let mut routes = cx.graph.routes.iter().map(|(_, route)| route);
    let mut sets = cx.graph.listener_sets.iter().map(|(_, set)| set);
    routes.any(|route| route.parents.iter().any(|parent| names(parent, &route.meta.key.namespace)))
        || sets.any(|set| names(&set.parent, &set.meta.key.namespace))
}

fn diagnostic(finding: Diagnostic) -> Diagnostic {
    finding
        .primary_label("named by nothing here")
        .effect("no traffic depends on it")
        .help("remove it, or add what uses it to the world")
}

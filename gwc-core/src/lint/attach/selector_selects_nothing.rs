//! GWC2017 `selector-selects-nothing`: a namespace selector selects no namespace.
//!
//! # What it checks
//! The selector of `allowedRoutes` or `allowedListeners` fits none of the Namespaces of the world.
//!
//! # Why it matters
//! Nothing from another namespace can attach; the Gateway shows no condition for it.
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
//!     protocol: HTTP
//!     allowedRoutes:
//!       namespaces:
//!         from: Selector
//!         selector:
//!           matchLabels:
//!             team: stroe
//! ---
//! apiVersion: v1
//! kind: Namespace
//! metadata:
//!   name: store
//!   labels:
//!     team: store
//! ```
//!
//! # Fix
//! Correct the selector or the labels of the Namespaces.
//!
//! # Specification
//! `namespaces.selector`; status reference §2.5

use crate::api::Meta;
use crate::api::gateway::{AllowedNamespaces, From, LabelSelector};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::selector::is_valid;
use crate::lint::attach::selector::{selects, text};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::profile::WorldMode;
use crate::value::name::nearest;

/// GWC2017.
pub(super) static LINT: Lint = Lint {
    code: rule::SELECTOR_SELECTS_NOTHING,
    docs: Docs {
        summary: "a namespace selector selects no namespace",
        what: "The selector of `allowedRoutes` or `allowedListeners` fits none of the Namespaces of the world.",
        why: "Nothing from another namespace can attach; the Gateway shows no condition for it.",
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
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: Selector
        selector:
          matchLabels:
            team: stroe
---
apiVersion: v1
kind: Namespace
metadata:
  name: store
  labels:
    team: store
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
    allowedRoutes:
      namespaces:
        from: Selector
        selector:
          matchLabels:
            team: store
---
apiVersion: v1
kind: Namespace
metadata:
  name: store
  labels:
    team: store
"#,
        fix: "Correct the selector or the labels of the Namespaces.",
        spec: "`namespaces.selector`; status reference §2.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    // Without any Namespace in the world nothing is known about labels.
    let known = match cx.profile.world.mode_of("Namespace") {
        WorldMode::Closed | WorldMode::Auto => !cx.graph.namespaces.is_empty(),
        WorldMode::Open => false,
    };
    for (meta, allowed) in selecting(cx).filter(|_| known) {
        let Some(selector) = &allowed.selector else { continue };
        let mut namespaces = cx.graph.namespaces.iter().map(|(_, namespace)| &namespace.meta.key.name);
        // A selector that cannot be read has a finding that says so (GWC0022).
        if is_valid(selector) && !namespaces.any(|name| selects(cx, selector, name)) {
            out.push(diagnostic(cx, meta, selector));
        }
    }
}

/// `namespaces` with `from: Selector` of checked Gateways and ListenerSets.
fn selecting<'w>(cx: &Cx<'w>) -> impl Iterator<Item = (&'w Meta, &'w AllowedNamespaces)> {
    let graph = cx.graph;
    let listeners = graph.listeners.ids().map(|id| (graph.listener_owner(id), &graph.listener(id).namespaces));
    let gateways = graph.gateways.iter();
    let sets = gateways.filter_map(|(_, gateway)| Some((&gateway.meta, gateway.allowed_listeners.as_ref()?)));
    listeners.chain(sets).filter(|(meta, allowed)| is_checked(meta) && allowed.from == From::Selector)
}

fn diagnostic(cx: &Cx<'_>, meta: &Meta, selector: &LabelSelector) -> Diagnostic {
    let message = format!("the selector {} fits no Namespace", text(selector));
    let finding = about(meta, rule::SELECTOR_SELECTS_NOTHING, selector.span, message)
        .effect("nothing from another namespace can attach");
    let all = || cx.graph.namespaces.iter().flat_map(|(_, namespace)| &namespace.meta.labels);
    let near = selector.match_labels.iter().find_map(|(key, value, _)| {
        let values = all().filter(|(name, _)| name == key).map(|(_, value)| value.as_str());
        if let Some(near) = nearest(value, values) {
            return Some(format!("{key}: {near}"));
        }
        let keys = all().filter(|(_, other)| other == value).map(|(name, _)| name.as_str());
        nearest(key, keys).map(|near| format!("{near}: {value}"))
    });
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("correct the selector, or give a Namespace these labels"),
    }
}

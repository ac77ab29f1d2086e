//! GWC8005 `tenant-controlled-selector`: a namespace selector relies on labels that others may set.
//!
//! # What it checks
//! Selectors of `allowedRoutes.namespaces` and `allowedListeners.namespaces` that use any label but
//! `kubernetes.io/metadata.name`.
//!
//! # Why it matters
//! Whoever may label a namespace decides who attaches. In many clusters that is the tenant, or a pipeline of the
//! tenant; only `kubernetes.io/metadata.name` is set by the API server and cannot be changed.
//!
//! # Example
//! ```yaml
//! selector:
//!   matchLabels:
//!     team: shop
//! ```
//!
//! # Fix
//! Select by `kubernetes.io/metadata.name`, or make sure by admission policy that tenants cannot set the label.
//!
//! # Specification
//! Gateway `spec.listeners[].allowedRoutes.namespaces.selector`, `spec.allowedListeners`; status reference §2.5

use crate::api::Meta;
use crate::api::gateway::{AllowedNamespaces, From, LabelSelector};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

use super::shared_listener::NAME_LABEL;

/// GWC8005.
pub(super) static LINT: Lint = Lint {
    code: rule::TENANT_CONTROLLED_SELECTOR,
    docs: Docs {
        summary: "a namespace selector relies on labels that others may set",
        what: "Selectors of `allowedRoutes.namespaces` and `allowedListeners.namespaces` that use any \
              label but `kubernetes.io/metadata.name`.",
        why: "Whoever may label a namespace decides who attaches. In many clusters that is the tenant, \
              or a pipeline of the tenant; only `kubernetes.io/metadata.name` is set by the API server \
              and cannot be changed.",
        bad: r#"selector:
  matchLabels:
    team: shop
"#,
        good: r#"selector:
  matchLabels:
    kubernetes.io/metadata.name: shop
"#,
        fix: "Select by `kubernetes.io/metadata.name`, or make sure by admission policy that tenants \
              cannot set the label.",
        spec: "Gateway `spec.listeners[].allowedRoutes.namespaces.selector`, `spec.allowedListeners`; \
              status reference §2.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let graph = cx.graph;
    let listeners = graph.listeners.ids().map(|id| (graph.listener_owner(id), &graph.listener(id).namespaces));
    let gateways = graph.gateways.iter().filter_map(|(_, one)| Some((&one.meta, one.allowed_listeners.as_ref()?)));
    for (meta, allowed) in listeners.chain(gateways).filter(|(meta, _)| is_checked(meta)) {
        out.0.extend(settable_label(allowed).map(|(key, span)| diagnostic(meta, key, span)));
    }
}

/// The first label that somebody may set, unless the selector also demands the name.
fn settable_label(allowed: &AllowedNamespaces) -> Option<(&str, Span)> {
    let selector: &LabelSelector = allowed.selector.as_ref().filter(|_| allowed.from == From::Selector)?;
    let by_label = selector.match_labels.iter().map(|(key, _, span)| (key.as_str(), *span));
    let by_expression = selector.expressions.iter().map(|one| (one.key.as_str(), one.span));
    let demands_name = selector.match_labels.iter().any(|(key, _, _)| key == NAME_LABEL)
        || selector.expressions.iter().any(|one| one.key == NAME_LABEL && one.operator == "In");
    by_label.chain(by_expression).find(|(key, _)| !demands_name && *key != NAME_LABEL)
}

fn diagnostic(meta: &Meta, key: &str, span: Span) -> Diagnostic {
    let message = format!("who may label a namespace with `{key}` decides who attaches");
    about(meta, rule::TENANT_CONTROLLED_SELECTOR, span, message)
        .primary_label("not set by the API server")
        .effect("a tenant who can label a namespace gets access to the listener")
        .help("select by `kubernetes.io/metadata.name`, or protect the label by an admission policy")
}

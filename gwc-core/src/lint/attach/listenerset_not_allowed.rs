//! GWC2012 `listenerset-not-allowed`: the Gateway does not admit the ListenerSet.
//!
//! # What it checks
//! `allowedListeners` of the parent Gateway excludes the namespace of a ListenerSet. Without `allowedListeners` a
//! Gateway admits none.
//!
//! # Why it matters
//! Accepted=False/NotAllowed: no listener of the set exists, and routes that refer to it are not accepted.
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
//! Let the Gateway admit the namespace; the edit shown adds a selector for just this one where
//! `allowedListeners` is missing.
//!
//! # Specification
//! `Gateway.spec.allowedListeners`, ListenerSetReasonNotAllowed; status reference LS-3; conformance
//! ListenerSetNotAllowed

use crate::api::gateway::{From, Gateway, ListenerSet};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::eval::ListenerSetOutcome;
use crate::lint::attach::selector;
use crate::lint::finding::edit::{insert_entry, tree};
use crate::lint::finding::{about, condition, is_checked, named, resting_on};
use crate::lint::{Cx, Docs, Lint};

/// GWC2012.
pub(super) static LINT: Lint = Lint {
    code: rule::LISTENERSET_NOT_ALLOWED,
    docs: Docs {
        summary: "the Gateway does not admit the ListenerSet",
        what: "`allowedListeners` of the parent Gateway excludes the namespace of a ListenerSet. Without \
              `allowedListeners` a Gateway admits none.",
        why: "Accepted=False/NotAllowed: no listener of the set exists, and routes that refer to it are not \
              accepted.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
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
        fix: "Let the Gateway admit the namespace; the edit shown adds a selector for just this one \
              where `allowedListeners` is missing.",
        spec: "`Gateway.spec.allowedListeners`, ListenerSetReasonNotAllowed; status reference LS-3; conformance \
              ListenerSetNotAllowed",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, set) in cx.graph.listener_sets.iter().filter(|(_, set)| is_checked(&set.meta)) {
        let Some(verdict) = cx.evaluation.listener_sets.get(id.index()) else { continue };
        if let (ListenerSetOutcome::NotAllowed, Some(gateway)) = (&verdict.outcome.verdict, verdict.gateway) {
            let finding = diagnostic(cx, set, &cx.graph.gateways[gateway]);
            out.push(resting_on(cx, finding, &verdict.outcome.support));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, set: &ListenerSet, gateway: &Gateway) -> Diagnostic {
    let namespace = &set.meta.key.namespace;
    let message = format!("{} admits no ListenerSet of namespace `{namespace}`", named(&gateway.meta));
    let finding = about(&set.meta, rule::LISTENERSET_NOT_ALLOWED, set.parent.target.name.span, message)
        .effect("Accepted=False/NotAllowed: no listener of the set exists, and its routes are not accepted")
        .condition(condition("Accepted", "False", "NotAllowed"))
        .condition(condition("Programmed", "False", "NotAllowed"));
    let Some(allowed) = &gateway.allowed_listeners else {
        let finding = finding
            .label(gateway.meta.name_span, "without `allowedListeners` no ListenerSet is admitted")
            .help(format!("add `allowedListeners` to the Gateway that selects namespace `{namespace}`"));
        return match fix(cx, gateway, namespace) {
            Some(edit) => finding.fix(Applicability::Unsafe, format!("admit namespace `{namespace}`"), vec![edit]),
            None => finding,
        };
    };
    let finding = finding.label(allowed.span, "these namespaces are admitted");
    match (&allowed.selector, allowed.from) {
        (Some(selector), From::Selector) => finding
            .help(format!("Namespace `{namespace}` does not fulfil {}", selector::unmet(cx, selector, namespace))),
        (Some(_) | None, From::All | From::Same | From::Selector | From::None) => {
            finding.help(format!("write `from: All`, or a selector that fits namespace `{namespace}`"))
        }
    }
}

/// Adds a selector for the one namespace to a Gateway that is checked itself.
fn fix(cx: &Cx<'_>, gateway: &Gateway, namespace: &str) -> Option<Edit> {
    if !is_checked(&gateway.meta) {
        return None;
    }
    let spec = tree(cx, &gateway.meta)?.field("spec")?;
    let label = format!("        kubernetes.io/metadata.name: {namespace}");
    let lines = ["", "  namespaces:", "    from: Selector", "    selector:", "      matchLabels:", &label];
    insert_entry(cx, gateway.meta.source(), spec, "allowedListeners", &lines)
}

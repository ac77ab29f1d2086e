//! GWC2016 `parent-namespace-omitted`: a parentRef leaves out the namespace of its parent.
//!
//! # What it checks
//! A parentRef without `namespace` leads to nothing in the namespace of its holder, but a Gateway or ListenerSet of
//! that name exists in another namespace.
//!
//! # Why it matters
//! Without `namespace` the holder's own is meant: no status is ever written for the parentRef, and nothing is served
//! through it.
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
//!         from: All
//! ---
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! spec:
//!   parentRefs:
//!   - name: shared
//! ```
//!
//! # Fix
//! Write the namespace of the parent; the edit shown does it where only one has the name.
//!
//! # Specification
//! `spec.parentRefs[].namespace`; status reference §2.1, §2.2

use crate::api::Meta;
use crate::api::reference::ParentRef;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::eval::{ListenerSetOutcome, NoEntry, ParentVerdict};
use crate::lint::finding::edit::{insert_entry, mapping_at, tree};
use crate::lint::finding::reference::{namesakes, parents};
use crate::lint::finding::{about, is_checked, named, quoted};
use crate::lint::{Cx, Docs, Lint};

/// GWC2016.
pub(super) static LINT: Lint = Lint {
    code: rule::PARENT_NAMESPACE_OMITTED,
    docs: Docs {
        summary: "a parentRef leaves out the namespace of its parent",
        what: "A parentRef without `namespace` leads to nothing in the namespace of its holder, but a Gateway \
              or ListenerSet of that name exists in another namespace.",
        why: "Without `namespace` the holder's own is meant: no status is ever written for the parentRef, and \
              nothing is served through it.",
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
        from: All
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
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
        from: All
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
"#,
        fix: "Write the namespace of the parent; the edit shown does it where only one has the name.",
        spec: "`spec.parentRefs[].namespace`; status reference §2.1, §2.2",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let routes = parents(cx)
        .filter(|parent| matches!(parent.verdict, ParentVerdict::NoEntry(NoEntry::ParentAbsent { .. })))
        .map(|parent| (&parent.route.meta, parent.reference));
    let sets = cx.graph.listener_sets.iter().filter(|(id, set)| {
        let outcome = cx.evaluation.listener_sets.get(id.index()).map(|verdict| &verdict.outcome.verdict);
        is_checked(&set.meta) && outcome == Some(&ListenerSetOutcome::ParentAbsent)
    });
    for (meta, reference) in routes.chain(sets.map(|(_, set)| (&set.meta, &set.parent))) {
        let elsewhere = namesakes(cx, reference, &meta.key.namespace);
        if reference.target.namespace.is_none() && !elsewhere.is_empty() {
            out.push(diagnostic(cx, meta, reference, &elsewhere));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, meta: &Meta, reference: &ParentRef, elsewhere: &[&Meta]) -> Diagnostic {
    let target = &reference.target;
    let own = &meta.key.namespace;
    let message =
        format!("namespace `{own}` has no {} `{}`, but another namespace has", target.kind, target.name.value);
    let mut finding = about(meta, rule::PARENT_NAMESPACE_OMITTED, target.name.span, message)
        .effect("no status is ever written for this parentRef, and nothing is served through it");
    for other in elsewhere.iter().take(4) {
        finding = finding.label(other.name_span, format!("{} is here", named(other)));
    }
    let namespaces = elsewhere.iter().map(|other| other.key.namespace.as_str());
    let [only] = elsewhere else {
        return finding.help(format!("write `namespace` in the parentRef: one of {}", quoted(namespaces)));
    };
    let namespace = &only.key.namespace;
    let finding = finding.help(format!("write `namespace: {namespace}` in the parentRef"));
    match fix(cx, meta, reference, namespace) {
        Some(edit) => finding.fix(Applicability::Unsafe, format!("write `namespace: {namespace}`"), vec![edit]),
        None => finding,
    }
}

fn fix(cx: &Cx<'_>, meta: &Meta, reference: &ParentRef, namespace: &str) -> Option<Edit> {
    let mapping = mapping_at(tree(cx, meta)?, reference.target.span)?;
    insert_entry(cx, meta.source(), mapping, "namespace", &[namespace])
}

//! GWC1018 `grant-misplaced`: a ReferenceGrant can permit nothing where it is.
//!
//! # What it checks
//! A ReferenceGrant whose every `from` names its own namespace, or whose `from` and `to` are swapped.
//!
//! # Why it matters
//! A grant counts only in the namespace of what is referred to; references inside one namespace need none. This grant
//! permits nothing.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: ReferenceGrant
//! metadata:
//!   name: store-to-orders
//!   namespace: store
//! spec:
//!   from:
//!   - group: gateway.networking.k8s.io
//!     kind: HTTPRoute
//!     namespace: store
//!   to:
//!   - group: ""
//!     kind: Service
//!     name: orders
//! ```
//!
//! # Fix
//! Move the grant into the namespace of the target; `from` is who refers, `to` is what is referred to.
//!
//! # Specification
//! ReferenceGrant; status reference §3.5

use crate::api::policy::ReferenceGrant;
use crate::api::route::RouteKind;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::BackendVerdict;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::reference::references;
use crate::lint::finding::{about, is_checked, named, with_article};
use crate::lint::{Cx, Docs, Lint};

/// GWC1018.
pub(super) static LINT: Lint = Lint {
    code: rule::GRANT_MISPLACED,
    docs: Docs {
        summary: "a ReferenceGrant can permit nothing where it is",
        what: "A ReferenceGrant whose every `from` names its own namespace, or whose `from` and `to` are \
              swapped.",
        why: "A grant counts only in the namespace of what is referred to; references inside one namespace \
              need none. This grant permits nothing.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata:
  name: store-to-orders
  namespace: store
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: store
  to:
  - group: ""
    kind: Service
    name: orders
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata:
  name: store-to-orders
  namespace: backend
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: store
  to:
  - group: ""
    kind: Service
    name: orders
"#,
        fix: "Move the grant into the namespace of the target; `from` is who refers, `to` is what is referred \
              to.",
        spec: "ReferenceGrant; status reference §3.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, grant) in cx.graph.grants.iter().filter(|(_, grant)| is_checked(&grant.meta)) {
        if let Some(swapped) = swapped(grant) {
            out.push(swapped);
        } else if grant.from.iter().all(|from| from.namespace.value == grant.meta.key.namespace) {
            out.push(own_namespace(cx, grant));
        }
    }
}

/// Routes and Gateways refer, they are never the target of a grant.
fn swapped(grant: &ReferenceGrant) -> Option<Diagnostic> {
    let refers = |kind: &str| RouteKind::parse(kind).is_some() || kind == "Gateway" || kind == "ListenerSet";
    let is_target = |kind: &str| matches!(kind, "Service" | "Secret" | "ConfigMap" | "ServiceImport");
    let to = grant.to.iter().find(|to| refers(&to.kind.value))?;
    let from = grant.from.iter().find(|from| is_target(&from.kind.value))?;
    let message = format!("`from` and `to` of {} look swapped", named(&grant.meta));
    Some(
        about(&grant.meta, rule::GRANT_MISPLACED, from.kind.span, message)
            .label(to.kind.span, format!("nothing refers to {} by a grant", with_article(&to.kind.value)))
            .effect("the grant permits nothing")
            .help("`from` is the kind and namespace that refers, `to` is the kind that is referred to"),
    )
}

fn own_namespace(cx: &Cx<'_>, grant: &ReferenceGrant) -> Diagnostic {
    let own = grant.meta.key.namespace.as_str();
    let span = grant.meta.namespace_span.unwrap_or(grant.meta.name_span);
    let message = format!("{} is in the namespace that refers, not in that of the target", named(&grant.meta));
    let mut finding = about(&grant.meta, rule::GRANT_MISPLACED, span, message)
        .effect("the grant permits nothing: references inside one namespace need none")
        .help("move it into the namespace of what is referred to");
    for from in grant.from.iter().take(3) {
        finding = finding.label(from.namespace.span, format!("permits references from `{own}`, where it lies itself"));
    }
    // Where exactly one other namespace is refused to this one, that is where the grant belongs.
    let refused =
        references(cx).filter(|one| matches!(one.verdict.verdict.verdict, BackendVerdict::RefNotPermitted(_)));
    let from_here = refused.filter(|one| one.route.meta.key.namespace == own);
    let mut wanted: Vec<_> = from_here
        .filter(|one| grant.to.iter().any(|to| to.kind.value == one.target.kind))
        .map(|one| one.key().namespace)
        .collect();
    wanted.sort();
    wanted.dedup();
    match (wanted.as_slice(), grant.meta.namespace_span) {
        ([only], Some(span)) => finding.help(format!("write `namespace: {only}`")).fix(
            Applicability::Unsafe,
            format!("move the grant to namespace `{only}`"),
            vec![replace_scalar(cx, span, only)],
        ),
        _ => finding,
    }
}

//! GWC1009 `ref-not-permitted`: a reference into another namespace is not granted.
//!
//! # What it checks
//! References of routes to backends, and of Gateways and ListenerSets to Secrets and ConfigMaps, in another
//! namespace, for which no ReferenceGrant of that namespace fits. Whether the target exists is not looked at.
//!
//! # Why it matters
//! ResolvedRefs=False/RefNotPermitted; a backend gets no traffic and its share is answered with 500, a certificate is
//! not used.
//!
//! # Example
//! ```yaml
//! rules:
//! - backendRefs:
//!   - name: orders
//!     namespace: backend
//!     port: 8080
//! ```
//!
//! # Fix
//! Add a ReferenceGrant in the namespace of the target; the edit shown writes the smallest one that fits.
//! Where a grant comes near, the finding says which of its fields does not fit.
//!
//! # Specification
//! ReferenceGrant, RouteReasonRefNotPermitted, ListenerReasonRefNotPermitted; status reference §3.5, R-20, L-10,
//! GW-20; conformance HTTPRouteInvalidCrossNamespaceBackendRef

use std::collections::BTreeMap;

use crate::api::Meta;
use crate::api::policy::ReferenceGrant;
use crate::api::reference::ObjectReference;
use crate::diagnostic::{Applicability, ConditionEffect, Diagnostic, Diagnostics, Fix, rule};
use crate::eval::{
    BackendVerdict, CaVerdict, CertificateVerdict, GrantMismatch, NotPermitted, ReferenceRole, RouteResolvedRefs,
    Support,
};
use crate::lint::finding::certificate;
use crate::lint::finding::edit::append_document;
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, condition, named, not_resolved, resting_on};
use crate::lint::{Cx, Docs, Lint};
use crate::profile::Bundle;
use crate::source::Span;
use crate::value::{GroupKind, ObjectKey};

/// GWC1009.
pub(super) static LINT: Lint = Lint {
    code: rule::REF_NOT_PERMITTED,
    docs: Docs {
        summary: "a reference into another namespace is not granted",
        what: "References of routes to backends, and of Gateways and ListenerSets to Secrets and ConfigMaps, in \
              another namespace, for which no ReferenceGrant of that namespace fits. Whether the target exists \
              is not looked at.",
        why: "ResolvedRefs=False/RefNotPermitted; a backend gets no traffic and its share is answered with \
              500, a certificate is not used.",
        bad: r#"rules:
- backendRefs:
  - name: orders
    namespace: backend
    port: 8080
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
---
# the route as before
rules:
- backendRefs:
  - name: orders
    namespace: backend
    port: 8080
"#,
        fix: "Add a ReferenceGrant in the namespace of the target; the edit shown writes the smallest \
              one that fits. Where a grant comes near, the finding says which of its fields does not fit.",
        spec: "ReferenceGrant, RouteReasonRefNotPermitted, ListenerReasonRefNotPermitted; status reference \
              §3.5, R-20, L-10, GW-20; conformance HTTPRouteInvalidCrossNamespaceBackendRef",
    },
    check: Some(check),
};

/// A reference that no grant permits.
struct Refused<'w> {
    holder: &'w Meta,
    target: &'w ObjectReference,
    why: &'w NotPermitted,
    support: &'w Support,
    effect: String,
    conditions: Vec<ConditionEffect>,
}

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    // One missing grant is one mistake, however many references need it.
    let mut missing: BTreeMap<(GroupKind, &str, GroupKind, ObjectKey), Vec<Refused<'_>>> = BTreeMap::new();
    for one in backends(cx).chain(certificates(cx)).chain(cas(cx)) {
        let key = one.target.target(&one.holder.key.namespace);
        let from = one.holder.key.namespace.as_str();
        missing.entry((one.holder.group_kind(), from, one.target.group_kind(), key)).or_default().push(one);
    }
    for group in missing.values() {
        if let Some((first, others)) = group.split_first() {
            out.push(diagnostic(cx, first, others));
        }
    }
}

/// Mirrors and external authorisation have rules of their own.
fn backends<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Refused<'w>> {
    let of_backends = references(cx).filter(|reference| reference.verdict.role == ReferenceRole::Backend);
    of_backends.filter_map(move |reference: Reference<'w>| {
        let BackendVerdict::RefNotPermitted(why) = &reference.verdict.verdict.verdict else { return None };
        Some(Refused {
            holder: &reference.route.meta,
            target: reference.target,
            why,
            support: &reference.verdict.verdict.support,
            effect: format!("ResolvedRefs=False/RefNotPermitted; {}", reference.loss()),
            conditions: not_resolved(cx, reference.id, RouteResolvedRefs::RefNotPermitted),
        })
    })
}

fn certificates<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Refused<'w>> {
    certificate::certificates(cx).filter_map(|one| {
        let CertificateVerdict::RefNotPermitted(why) = &one.verdict.verdict else { return None };
        Some(Refused {
            holder: one.holder,
            target: one.target,
            why,
            support: &one.verdict.support,
            effect: "ResolvedRefs=False/RefNotPermitted; the certificate is not used".to_owned(),
            conditions: vec![condition("ResolvedRefs", "False", "RefNotPermitted")],
        })
    })
}

fn cas<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Refused<'w>> {
    certificate::frontend_cas(cx).filter_map(|one| {
        let CaVerdict::RefNotPermitted(why) = &one.verdict.verdict else { return None };
        Some(Refused {
            holder: one.holder,
            target: one.target,
            why,
            support: &one.verdict.support,
            effect: "ResolvedRefs=False/RefNotPermitted; clients cannot be validated with it".to_owned(),
            conditions: vec![condition("ResolvedRefs", "False", "RefNotPermitted")],
        })
    })
}

fn diagnostic(cx: &Cx<'_>, first: &Refused<'_>, others: &[Refused<'_>]) -> Diagnostic {
    let key = first.target.target(&first.holder.key.namespace);
    let kind = &first.holder.kind.value;
    let message =
        format!("no ReferenceGrant lets {kind}s of `{}` use {} `{key}`", first.holder.key.namespace, first.target.kind);
    let mut finding = about(first.holder, rule::REF_NOT_PERMITTED, first.target.span, message)
        .effect(first.effect.clone())
        .help(format!(
            "add a ReferenceGrant in namespace `{}` from {kind} in `{}` to {} `{}`",
            key.namespace, first.holder.key.namespace, first.target.kind, key.name
        ));
    finding.conditions.clone_from(&first.conditions);
    for other in others {
        finding = finding.label(other.target.span, format!("{} needs it here", named(other.holder)));
    }
    for (grant, mismatch) in &first.why.near_misses {
        let grant = &cx.graph.grants[*grant];
        let (span, text) = near_miss(grant, *mismatch, first, &key);
        finding = finding.label(span, format!("{} does not apply: {text}", named(&grant.meta)));
    }
    finding.fixes.extend(fix(cx, first, &key));
    resting_on(cx, finding, first.support)
}

/// Where a grant does not fit, and why.
fn near_miss(
    grant: &ReferenceGrant,
    mismatch: GrantMismatch,
    refused: &Refused<'_>,
    key: &ObjectKey,
) -> (Span, String) {
    let single_from = if let [only] = grant.from.as_slice() { Some(only) } else { None };
    let single_to = if let [only] = grant.to.as_slice() { Some(only) } else { None };
    let holder = refused.holder;
    let (span, field, wanted) = match mismatch {
        GrantMismatch::FromNamespace => {
            (single_from.map(|from| from.namespace.span), "from[].namespace", holder.key.namespace.as_str())
        }
        GrantMismatch::FromKind => (single_from.map(|from| from.kind.span), "from[].kind", holder.kind.value.as_str()),
        GrantMismatch::FromGroup => (single_from.map(|from| from.group.span), "from[].group", holder.group.as_str()),
        GrantMismatch::ToKind => (single_to.map(|to| to.kind.span), "to[].kind", refused.target.kind.as_str()),
        GrantMismatch::ToGroup => (single_to.map(|to| to.group.span), "to[].group", refused.target.group.as_str()),
        GrantMismatch::ToName => {
            (single_to.and_then(|to| to.name.as_ref()).map(|name| name.span), "to[].name", key.name.as_str())
        }
    };
    (span.unwrap_or(grant.meta.name_span), format!("`{field}` would have to be `{wanted}`"))
}

/// The smallest grant that fits, as a document at the end of the file that needs it.
fn fix(cx: &Cx<'_>, refused: &Refused<'_>, key: &ObjectKey) -> Option<Fix> {
    let Meta { group, kind, key: holder, .. } = refused.holder;
    let version = if cx.target.bundle >= Bundle::V1_5 { "v1" } else { "v1beta1" };
    let ObjectReference { group: to_group, kind: to_kind, .. } = refused.target;
    let to_group = if to_group.is_empty() { "\"\"" } else { to_group.as_str() };
    let ObjectKey { namespace, name } = key;
    let from = &holder.namespace;
    let grant_name: String = format!("{from}-{}-to-{name}", kind.value.to_lowercase()).chars().take(253).collect();
    let grant_name = grant_name.trim_end_matches(['-', '.']);
    let lines = [
        format!("apiVersion: gateway.networking.k8s.io/{version}"),
        "kind: ReferenceGrant".to_owned(),
        "metadata:".to_owned(),
        format!("  name: {grant_name}"),
        format!("  namespace: {namespace}"),
        "spec:".to_owned(),
        "  from:".to_owned(),
        format!("  - group: {group}"),
        format!("    kind: {}", kind.value),
        format!("    namespace: {from}"),
        "  to:".to_owned(),
        format!("  - group: {to_group}"),
        format!("    kind: {to_kind}"),
        format!("    name: {name}"),
    ];
    let edit = append_document(cx, refused.holder.source(), &(lines.join("\n") + "\n"))?;
    let title = format!("add a ReferenceGrant in namespace `{namespace}`");
    Some(Fix { applicability: Applicability::Unsafe, title, edits: vec![edit] })
}

//! GWC1019 `grant-near-miss`: a ReferenceGrant is misspelt.
//!
//! # What it checks
//! A group, kind or namespace of a ReferenceGrant that nothing can match but that is close to what was meant: `core`
//! or `v1` for the empty group, a group with its version, a kind in the plural or in lower case, a namespace that
//! differs by a letter from one whose references are refused.
//!
//! # Why it matters
//! Grants are compared letter by letter: the grant permits nothing, and the references it is for stay
//! RefNotPermitted.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: ReferenceGrant
//! metadata:
//!   name: store-to-orders
//!   namespace: backend
//! spec:
//!   from:
//!   - group: gateway.networking.k8s.io
//!     kind: HTTPRoute
//!     namespace: store
//!   to:
//!   - group: ""
//!     kind: Services
//!     name: orders
//! ```
//!
//! # Fix
//! Write group and kind as in the manifests of the objects; the core group is the empty string.
//!
//! # Specification
//! ReferenceGrant; status reference §3.5; conformance HTTPRouteInvalidReferenceGrant

use std::collections::BTreeMap;

use crate::api::Text;
use crate::api::policy::ReferenceGrant;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, GrantMismatch};
use crate::graph::GrantId;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::reference::references;
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::value::GATEWAY_GROUP;
use crate::value::name::{distance, nearest};

/// GWC1019.
pub(super) static LINT: Lint = Lint {
    code: rule::GRANT_NEAR_MISS,
    docs: Docs {
        summary: "a ReferenceGrant is misspelt",
        what: "A group, kind or namespace of a ReferenceGrant that nothing can match but that is close to what \
              was meant: `core` or `v1` for the empty group, a group with its version, a kind in the plural or \
              in lower case, a namespace that differs by a letter from one whose references are refused.",
        why: "Grants are compared letter by letter: the grant permits nothing, and the references it is for \
              stay RefNotPermitted.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
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
    kind: Services
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
        fix: "Write group and kind as in the manifests of the objects; the core group is the empty string.",
        spec: "ReferenceGrant; status reference §3.5; conformance HTTPRouteInvalidReferenceGrant",
    },
    check: Some(check),
};

/// Kinds that can stand in `from`, with their group.
const FROM: [(&str, &str); 7] = [
    ("HTTPRoute", GATEWAY_GROUP),
    ("GRPCRoute", GATEWAY_GROUP),
    ("TLSRoute", GATEWAY_GROUP),
    ("TCPRoute", GATEWAY_GROUP),
    ("UDPRoute", GATEWAY_GROUP),
    ("Gateway", GATEWAY_GROUP),
    ("ListenerSet", GATEWAY_GROUP),
];

/// Kinds that mostly stand in `to`, with their group.
const TO: [(&str, &str); 4] =
    [("Service", ""), ("Secret", ""), ("ConfigMap", ""), ("ServiceImport", "multicluster.x-k8s.io")];

/// A word of a grant and what was meant.
struct Slip<'w> {
    field: &'static str,
    written: &'w Text,
    meant: String,
}

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let refused = refused_readers(cx);
    for (id, grant) in cx.graph.grants.iter().filter(|(_, grant)| is_checked(&grant.meta)) {
        let from =
            grant.from.iter().flat_map(|from| entry(["from[].kind", "from[].group"], &from.kind, &from.group, &FROM));
        let to = grant.to.iter().flat_map(|to| entry(["to[].kind", "to[].group"], &to.kind, &to.group, &TO));
        for slip in from.chain(to).chain(namespaces(&refused, id, grant)) {
            out.push(diagnostic(cx, grant, &slip));
        }
    }
}

/// Slips in kind and group of one entry.
fn entry<'w>(
    fields: [&'static str; 2],
    kind: &'w Text,
    group: &'w Text,
    known: &[(&'static str, &'static str)],
) -> Vec<Slip<'w>> {
    let [kind_field, group_field] = fields;
    let text = kind.value.as_str();
    let singular = text.strip_suffix('s').unwrap_or(text);
    let by_case = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(singular) || name.eq_ignore_ascii_case(text));
    let near = || nearest(text, known.iter().map(|(name, _)| *name));
    // A kind of an extension may look like ours only by accident; there the group tells.
    let ours =
        group.value.is_empty() || group.value.contains(GATEWAY_GROUP) || matches!(group.value.as_str(), "core" | "v1");
    let meant = by_case.map(|(name, _)| *name).or_else(|| if ours { near() } else { None });
    let Some((meant, wanted)) = known.iter().find(|(name, _)| Some(*name) == meant) else { return Vec::new() };
    let mut slips = Vec::new();
    if *meant != text {
        slips.push(Slip { field: kind_field, written: kind, meant: (*meant).to_owned() });
    }
    if group.value != *wanted && ours {
        slips.push(Slip { field: group_field, written: group, meant: (*wanted).to_owned() });
    }
    slips
}

/// Namespaces of the refused references that each grant would permit if it named them.
type Readers<'w> = BTreeMap<GrantId, Vec<&'w str>>;

fn refused_readers<'w>(cx: &Cx<'w>) -> Readers<'w> {
    let mut readers = Readers::new();
    for reference in references(cx) {
        let BackendVerdict::RefNotPermitted(why) = &reference.verdict.verdict.verdict else { continue };
        let namespaces = why.near_misses.iter().filter(|(_, what)| *what == GrantMismatch::FromNamespace);
        for (id, _) in namespaces {
            readers.entry(*id).or_default().push(reference.route.meta.key.namespace.as_str());
        }
    }
    readers
}

/// Namespaces in `from` that differ by a letter or two from one whose references the grant would permit.
fn namespaces<'w>(refused: &Readers<'_>, id: GrantId, grant: &'w ReferenceGrant) -> Vec<Slip<'w>> {
    let mut slips: Vec<Slip<'w>> = Vec::new();
    for own in refused.get(&id).map_or(&[][..], Vec::as_slice).iter().copied() {
        let near = grant.from.iter().map(|from| &from.namespace).find(|text| distance(&text.value, own, 2) <= 2);
        if let Some(written) = near.filter(|written| slips.iter().all(|slip| slip.written.span != written.span)) {
            slips.push(Slip { field: "from[].namespace", written, meant: own.to_owned() });
        }
    }
    slips
}

fn diagnostic(cx: &Cx<'_>, grant: &ReferenceGrant, slip: &Slip<'_>) -> Diagnostic {
    let Slip { field, written, meant } = slip;
    let shown = if meant.is_empty() { "\"\"" } else { meant.as_str() };
    let message = format!("`{field}` is `{}`, which matches nothing; `{shown}` was meant", written.value);
    let quoted = cx.sources.slice(written.span).starts_with(['"', '\'']);
    let text = if quoted { meant.as_str() } else { shown };
    about(&grant.meta, rule::GRANT_NEAR_MISS, written.span, message)
        .effect("grants are compared letter by letter: this one permits nothing by that entry")
        .help(format!("write `{shown}`"))
        .fix(Applicability::Unsafe, format!("write `{shown}`"), vec![replace_scalar(cx, written.span, text)])
}

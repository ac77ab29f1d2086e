//! GWC2014 `parent-kind-unknown`: a parentRef names a kind that is no parent.
//!
//! # What it checks
//! Group and kind of a parentRef are not Gateway, ListenerSet or (for a mesh) Service.
//!
//! # Why it matters
//! Controllers ignore the parentRef: no status is ever written for it.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! spec:
//!   parentRefs:
//!   - kind: Gatway
//!     name: shared
//!     namespace: infra
//! ```
//!
//! # Fix
//! Correct group and kind; both can be left out for a Gateway.
//!
//! # Specification
//! `spec.parentRefs[].group`, `.kind`; status reference §2.1, R-33, LS-1

use crate::api::Meta;
use crate::api::reference::ParentRef;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::{ListenerSetOutcome, NoEntry, ParentVerdict};
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::reference::parents;
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::value::GATEWAY_GROUP;
use crate::value::name::nearest;

/// GWC2014.
pub(super) static LINT: Lint = Lint {
    code: rule::PARENT_KIND_UNKNOWN,
    docs: Docs {
        summary: "a parentRef names a kind that is no parent",
        what: "Group and kind of a parentRef are not Gateway, ListenerSet or (for a mesh) Service.",
        why: "Controllers ignore the parentRef: no status is ever written for it.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - kind: Gatway
    name: shared
    namespace: infra
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
"#,
        fix: "Correct group and kind; both can be left out for a Gateway.",
        spec: "`spec.parentRefs[].group`, `.kind`; status reference §2.1, R-33, LS-1",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for parent in parents(cx) {
        if let ParentVerdict::NoEntry(NoEntry::UnknownKind) = parent.verdict {
            let known = ["Gateway", "ListenerSet", "Service"];
            out.push(diagnostic(cx, &parent.route.meta, parent.reference, &known));
        }
    }
    for (id, set) in cx.graph.listener_sets.iter().filter(|(_, set)| is_checked(&set.meta)) {
        let outcome = cx.evaluation.listener_sets.get(id.index()).map(|verdict| &verdict.outcome.verdict);
        if outcome == Some(&ListenerSetOutcome::ParentKindUnknown) {
            out.push(diagnostic(cx, &set.meta, &set.parent, &["Gateway"]));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, meta: &Meta, reference: &ParentRef, known: &[&str]) -> Diagnostic {
    let target = &reference.target;
    let message = format!("`{}` is no kind of parent", target.group_kind());
    let finding = about(meta, rule::PARENT_KIND_UNKNOWN, target.kind_span, message)
        .effect("controllers ignore the parentRef: no status is ever written for it");
    if known.contains(&target.kind.as_str()) {
        let group = if target.kind == "Service" { "\"\"" } else { GATEWAY_GROUP };
        return finding.help(format!("{} is of group `{group}`", target.kind));
    }
    let Some(near) = nearest(&target.kind, known.iter().copied()) else {
        return finding.help(format!("parents are {}", known.join(", ")));
    };
    let finding = finding.help(format!("did you mean `{near}`?"));
    let written = cx.sources.slice(target.kind_span).trim_matches(['"', '\'']) == target.kind;
    if !written {
        return finding;
    }
    let edit = replace_scalar(cx, target.kind_span, near);
    finding.fix(Applicability::Unsafe, format!("write `{near}`"), vec![edit])
}

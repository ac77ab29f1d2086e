//! GWC1002 `parent-not-found`: a parentRef leads to an object that is not there.
//!
//! # What it checks
//! A parentRef of a route or ListenerSet names a Gateway, ListenerSet or Service that the world does not hold.
//!
//! # Why it matters
//! No controller ever writes a status for such a parentRef: there is no condition that says what is wrong, and
//! nothing is served.
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
//!   - name: shraed
//!     namespace: infra
//! ```
//!
//! # Fix
//! Correct name or namespace, or give the file of the Gateway as context (`-C`).
//!
//! # Specification
//! `spec.parentRefs`; status reference §2.2, R-33

use crate::api::Meta;
use crate::api::reference::ParentRef;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::{Fact, ListenerSetOutcome, NoEntry, ParentVerdict};
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::missing::{self, Place};
use crate::lint::finding::reference::{namesakes, parents};
use crate::lint::finding::{about, is_checked, named, open_facts};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1002.
pub(super) static LINT: Lint = Lint {
    code: rule::PARENT_NOT_FOUND,
    docs: Docs {
        summary: "a parentRef leads to an object that is not there",
        what: "A parentRef of a route or ListenerSet names a Gateway, ListenerSet or Service that the world \
              does not hold.",
        why: "No controller ever writes a status for such a parentRef: there is no condition that says what is \
              wrong, and nothing is served.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shraed
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
        fix: "Correct name or namespace, or give the file of the Gateway as context (`-C`).",
        spec: "`spec.parentRefs`; status reference §2.2, R-33",
    },
    check: Some(check),
};

/// What a missing parent does.
const CONSEQUENCE: &str = "no status is ever written for this parentRef, and nothing is served through it";

/// A parentRef whose parent is not there.
struct Orphan<'w> {
    meta: &'w Meta,
    reference: &'w ParentRef,
    /// Does the world prove that the parent does not exist?
    proven: bool,
}

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let orphans: Vec<Orphan<'_>> = routes(cx).chain(listener_sets(cx)).filter(|one| !explained(cx, one)).collect();
    let (proven, assumed): (Vec<_>, Vec<_>) = orphans.into_iter().partition(|orphan| orphan.proven);
    missing::report_proven(proven.iter().map(|orphan| diagnostic(cx, orphan)), out);
    let facts: Vec<Fact> = assumed
        .iter()
        .map(|one| {
            Fact::Object(one.reference.target.group_kind(), one.reference.target.target(&one.meta.key.namespace))
        })
        .collect();
    let places = assumed.iter().zip(&facts).map(|(orphan, fact)| Place {
        meta: orphan.meta,
        span: orphan.reference.target.name.span,
        fact,
    });
    missing::report(cx, rule::PARENT_NOT_FOUND, CONSEQUENCE, places, out);
}

fn routes<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Orphan<'w>> {
    parents(cx).filter_map(|parent| {
        let ParentVerdict::NoEntry(reason) = parent.verdict else { return None };
        let proven = match reason {
            NoEntry::ParentAbsent { proven } => *proven,
            NoEntry::MeshService { absent: true } => true,
            NoEntry::MeshService { absent: false }
            | NoEntry::ParentRefused
            | NoEntry::UnknownKind
            | NoEntry::NotManaged(_)
            | NoEntry::ListenerSetWithoutGateway(_) => return None,
        };
        Some(Orphan { meta: &parent.route.meta, reference: parent.reference, proven })
    })
}

fn listener_sets<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Orphan<'w>> {
    let Cx { graph, evaluation, .. } = *cx;
    graph.listener_sets.iter().filter(|(_, set)| is_checked(&set.meta)).filter_map(move |(id, set)| {
        let outcome = &evaluation.listener_sets.get(id.index())?.outcome;
        let absent = outcome.verdict == ListenerSetOutcome::ParentAbsent;
        let proven = open_facts(cx, &outcome.support).next().is_none();
        absent.then_some(Orphan { meta: &set.meta, reference: &set.parent, proven })
    })
}

/// A forgotten namespace has a rule of its own.
fn explained(cx: &Cx<'_>, orphan: &Orphan<'_>) -> bool {
    let omitted = orphan.reference.target.namespace.is_none();
    omitted && !namesakes(cx, orphan.reference, &orphan.meta.key.namespace).is_empty()
}

fn diagnostic(cx: &Cx<'_>, orphan: &Orphan<'_>) -> Diagnostic {
    let target = &orphan.reference.target;
    let key = target.target(&orphan.meta.key.namespace);
    let message = format!("{} `{key}` does not exist", target.kind);
    let mut finding = about(orphan.meta, rule::PARENT_NOT_FOUND, target.name.span, message).effect(CONSEQUENCE);
    let elsewhere = namesakes(cx, orphan.reference, &orphan.meta.key.namespace);
    for meta in &elsewhere {
        finding = finding.label(meta.name_span, format!("{} is here", named(meta)));
    }
    if let ([only], Some(namespace)) = (elsewhere.as_slice(), &target.namespace) {
        let own = only.key.namespace.as_str();
        return finding.help(format!("did you mean namespace `{own}`?")).fix(
            Applicability::Unsafe,
            format!("write `namespace: {own}`"),
            vec![replace_scalar(cx, namespace.span, own)],
        );
    }
    let gateways = cx.graph.gateways.iter().map(|(_, gateway)| &gateway.meta);
    let sets = cx.graph.listener_sets.iter().map(|(_, set)| &set.meta);
    let siblings = gateways.chain(sets).filter(|meta| meta.kind.value == target.kind);
    let names = siblings.filter(|meta| meta.key.namespace == key.namespace).map(|meta| meta.key.name.as_str());
    match nearest(&key.name, names) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, target.name.span, near)],
        ),
        None => finding.help("correct name and namespace, or give the parent as context (`-C PATH`)"),
    }
}

//! GWC7009 `defaults-not-explicit`: fields that the API server fills in are left out.
//!
//! # What it checks
//! References of routes and listeners without `group`, `kind` or, for backends, `weight`.
//!
//! # Why it matters
//! The stored object has the fields, the manifest has not. Tools that compare the two (GitOps with server-side apply)
//! report a difference that never goes away.
//!
//! # Example
//! ```yaml
//! parentRefs:
//! - name: edge
//! ```
//!
//! # Fix
//! Write the defaults out; the edit does.
//!
//! # Specification
//! Defaults of `ParentReference`, `BackendRef`, `SecretObjectReference` in the CRDs

use crate::api::Meta;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::lint::finding::edit::{insert_entry, mapping_at, tree};
use crate::lint::finding::{about, is_checked, quoted};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;
use crate::yaml::Node;

/// GWC7009.
pub(super) static LINT: Lint = Lint {
    code: rule::DEFAULTS_NOT_EXPLICIT,
    docs: Docs {
        summary: "fields that the API server fills in are left out",
        what: "References of routes and listeners without `group`, `kind` or, for backends, `weight`.",
        why: "The stored object has the fields, the manifest has not. Tools that compare the two (GitOps \
              with server-side apply) report a difference that never goes away.",
        bad: r#"parentRefs:
- name: edge
"#,
        good: r#"parentRefs:
- group: gateway.networking.k8s.io
  kind: Gateway
  name: edge
"#,
        fix: "Write the defaults out; the edit does.",
        spec: "Defaults of `ParentReference`, `BackendRef`, `SecretObjectReference` in the CRDs",
    },
    check: Some(check),
};

/// Fields with the values that the API server fills in.
type Defaults = &'static [(&'static str, &'static str)];

/// A reference: its place, its mapping and what it leaves out.
type Open<'w> = (Span, &'w Node, Vec<(&'static str, &'static str)>);

const PARENT: Defaults = &[("group", "gateway.networking.k8s.io"), ("kind", "Gateway")];
const BACKEND: Defaults = &[("group", "\"\""), ("kind", "Service"), ("weight", "1")];
const CERTIFICATE: Defaults = &[("group", "\"\""), ("kind", "Secret")];

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let graph = cx.graph;
    for (_, route) in graph.routes.iter().filter(|(_, route)| is_checked(&route.meta)) {
        let parents = route.parents.iter().map(|parent| (parent.target.span, PARENT));
        let backends = route.rules.iter().flat_map(|rule| &rule.backends);
        let backends = backends.map(|backend| (backend.target.span, BACKEND));
        out.0.extend(diagnostic(cx, &route.meta, parents.chain(backends)));
    }
    let gateways = graph.gateways.iter().map(|(_, one)| (&one.meta, &one.listeners));
    let sets = graph.listener_sets.iter().map(|(_, one)| (&one.meta, &one.listeners));
    for (meta, listeners) in gateways.chain(sets).filter(|(meta, _)| is_checked(meta)) {
        let certificates = listeners.iter().flat_map(|one| &one.tls).flat_map(|tls| &tls.certificate_refs);
        out.0.extend(diagnostic(cx, meta, certificates.map(|reference| (reference.span, CERTIFICATE))));
    }
}

/// One finding for an object, however many references leave fields out.
fn diagnostic(cx: &Cx<'_>, meta: &Meta, references: impl Iterator<Item = (Span, Defaults)>) -> Option<Diagnostic> {
    let root = tree(cx, meta)?;
    let open = references.filter_map(|(span, defaults)| {
        let mapping = mapping_at(root, span)?;
        let missing: Vec<(&'static str, &'static str)> =
            defaults.iter().copied().filter(|(key, _)| mapping.get(key).is_none()).collect();
        (!missing.is_empty()).then_some((span, mapping, missing))
    });
    let open: Vec<Open<'_>> = open.collect();
    let ((first, _, missing), rest) = open.split_first()?;
    let keys = quoted(missing.iter().map(|(key, _)| key));
    let message = match open.len() {
        1 => format!("a reference leaves out {keys}, which the API server fills in"),
        n => format!("{n} references leave out fields that the API server fills in"),
    };
    let mut finding = about(meta, rule::DEFAULTS_NOT_EXPLICIT, *first, message)
        .primary_label(format!("leaves out {keys}"))
        .effect("tools that compare manifest and cluster report a difference that never goes away")
        .help("write the defaults out");
    for (span, _, missing) in rest.iter().take(8) {
        finding = finding.label(*span, format!("leaves out {}", quoted(missing.iter().map(|(key, _)| key))));
    }
    let edits: Option<Vec<Edit>> =
        open.iter().map(|(_, mapping, missing)| insertion(cx, meta, mapping, missing)).collect();
    Some(match edits {
        Some(edits) => finding.fix(Applicability::Safe, "write the defaults out", edits),
        None => finding,
    })
}

/// All missing fields of one mapping as one edit.
fn insertion(cx: &Cx<'_>, meta: &Meta, mapping: &Node, missing: &[(&str, &str)]) -> Option<Edit> {
    let is_flow = cx.sources.slice(mapping.span(meta.source())).starts_with('{');
    let edits = missing.iter().map(|(key, value)| insert_entry(cx, meta.source(), mapping, key, &[value]));
    let edits: Vec<Edit> = edits.collect::<Option<_>>()?;
    let span = edits.first().filter(|_| !is_flow)?.span;
    Some(Edit { span, text: edits.into_iter().map(|edit| edit.text).collect() })
}

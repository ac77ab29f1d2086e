//! GWC5016 `lone-weight`: the only backend has a weight.
//!
//! # What it checks
//! `weight` above 0 on the only backend of a rule.
//!
//! # Why it matters
//! A share of a single backend is all of it, whatever the number: the weight looks like a split that is not there,
//! often one that was forgotten when the other backend went.
//!
//! # Example
//! ```yaml
//! backendRefs:
//! - name: store
//!   port: 80
//!   weight: 90
//! ```
//!
//! # Fix
//! Remove the weight; the edit does. Or add the backend that was meant to get the rest.
//!
//! # Specification
//! HTTPRoute `spec.rules[].backendRefs[].weight`; routing reference §5.1

use crate::api::reference::BackendRef;
use crate::api::route::Route;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::lint::finding::about;
use crate::lint::finding::edit::{mapping_at, remove_entry, tree};
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC5016.
pub(super) static LINT: Lint = Lint {
    code: rule::LONE_WEIGHT,
    docs: Docs {
        summary: "the only backend has a weight",
        what: "`weight` above 0 on the only backend of a rule.",
        why: "A share of a single backend is all of it, whatever the number: the weight looks like a \
              split that is not there, often one that was forgotten when the other backend went.",
        bad: r#"backendRefs:
- name: store
  port: 80
  weight: 90
"#,
        good: r#"backendRefs:
- name: store
  port: 80
"#,
        fix: "Remove the weight; the edit does. Or add the backend that was meant to get the rest.",
        spec: "HTTPRoute `spec.rules[].backendRefs[].weight`; routing reference §5.1",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        let single = route.rules.iter().filter_map(|rule| match rule.backends.as_slice() {
            [only] => Some(only),
            _ => None,
        });
        let weighted = single.filter(|backend| backend.weight > 0);
        out.0.extend(weighted.filter_map(|backend| Some(diagnostic(cx, route, backend, backend.weight_span?))));
    }
}

fn diagnostic(cx: &Cx<'_>, route: &Route, backend: &BackendRef, weight: Span) -> Diagnostic {
    let message = format!("weight {} on the only backend `{}`", backend.weight, backend.target.name.value);
    let finding = about(&route.meta, rule::LONE_WEIGHT, weight, message)
        .primary_label("a share of one is all of it")
        .effect("none: this backend gets every request")
        .help("remove `weight`, or add the backend that shall get the rest");
    match edit(cx, route, backend) {
        Some(edit) => finding.fix(Applicability::Safe, "remove `weight`", vec![edit]),
        None => finding,
    }
}

fn edit(cx: &Cx<'_>, route: &Route, backend: &BackendRef) -> Option<Edit> {
    let mapping = mapping_at(tree(cx, &route.meta)?, backend.target.span)?;
    remove_entry(cx, route.meta.source(), mapping, "weight")
}

//! GWC7002 `parentref-section-name`: a parentRef does not say which listener it means.
//!
//! # What it checks
//! ParentRefs to a Gateway or ListenerSet without `sectionName`, and without a `port` that only one listener has. With
//! the option `allow-single` (the default) parents with one listener are left alone.
//!
//! # Why it matters
//! The route attaches to every listener that admits it, those added later included: to the clear-text one besides the
//! TLS one, to a hostname of another team.
//!
//! # Example
//! ```yaml
//! parentRefs:
//! - name: edge
//! ```
//!
//! # Fix
//! Name the listener; for several, write one parentRef for each. The edit is safe where exactly one listener admits the
//! route.
//!
//! # Specification
//! HTTPRoute `spec.parentRefs[].sectionName`; status reference §2.1, §2.3

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::eval::{Candidate, ParentEntry, ParentVerdict, Tri};
use crate::graph::ListenerId;
use crate::lint::finding::edit::{insert_entry, mapping_at, tree};
use crate::lint::finding::reference::{Parent, parents};
use crate::lint::finding::{about, listener_names};
use crate::lint::{Cx, Docs, Lint};

/// GWC7002.
pub(super) static LINT: Lint = Lint {
    code: rule::PARENTREF_SECTION_NAME,
    docs: Docs {
        summary: "a parentRef does not say which listener it means",
        what: "ParentRefs to a Gateway or ListenerSet without `sectionName`, and without a `port` that \
              only one listener has. With the option `allow-single` (the default) parents with one \
              listener are left alone.",
        why: "The route attaches to every listener that admits it, those added later included: to the \
              clear-text one besides the TLS one, to a hostname of another team.",
        bad: r#"parentRefs:
- name: edge
"#,
        good: r#"parentRefs:
- name: edge
  sectionName: http
"#,
        fix: "Name the listener; for several, write one parentRef for each. The edit is safe where \
              exactly one listener admits the route.",
        spec: "HTTPRoute `spec.parentRefs[].sectionName`; status reference §2.1, §2.3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for parent in parents(cx).filter(|parent| parent.reference.section_name.is_none()) {
        let ParentVerdict::Entry(entry) = parent.verdict else { continue };
        let single = entry.candidates.len() == 1 && cx.profile.rule_options.allow_single_listener;
        let named = entry.candidates.iter().filter(|one| one.port).count();
        let by_port = parent.reference.port.is_some() && named == 1;
        if named > 0 && !single && !by_port {
            out.push(with_fix(cx, &parent, entry, diagnostic(cx, &parent, entry)));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, parent: &Parent<'_>, entry: &ParentEntry) -> Diagnostic {
    let attached: Vec<ListenerId> = attached(entry).map(|one| one.listener).collect();
    let target = format!("{} `{}`", parent.reference.target.kind, parent.key());
    let message = format!("the parentRef names no listener of {target}");
    let effect = match attached.as_slice() {
        [] => "every listener that admits the route is meant, now none does".to_owned(),
        [_] | [_, _, ..] => {
            format!("attached to {}, and to every listener added later", listener_names(cx, attached.clone()))
        }
    };
    let span = parent.reference.target.name.span;
    about(&parent.route.meta, rule::PARENTREF_SECTION_NAME, span, message)
        .primary_label("without `sectionName`")
        .effect(effect)
        .help("add `sectionName` with the listener that is meant")
}

fn attached(entry: &ParentEntry) -> impl Iterator<Item = &Candidate> {
    entry.candidates.iter().filter(|candidate| candidate.attached())
}

fn with_fix(cx: &Cx<'_>, parent: &Parent<'_>, entry: &ParentEntry, finding: Diagnostic) -> Diagnostic {
    let known = entry.candidates.iter().all(|one| one.namespace.verdict != Tri::Undetermined);
    let mut candidates = attached(entry);
    let (Some(only), None, true) = (candidates.next(), candidates.next(), known) else { return finding };
    let name = &cx.graph.listener(only.listener).name.value;
    match insertion(cx, parent, name) {
        Some(edit) => finding.fix(Applicability::Safe, format!("add `sectionName: {name}`"), vec![edit]),
        None => finding,
    }
}

fn insertion(cx: &Cx<'_>, parent: &Parent<'_>, name: &str) -> Option<Edit> {
    let meta = &parent.route.meta;
    let mapping = mapping_at(tree(cx, meta)?, parent.reference.target.span)?;
    insert_entry(cx, meta.source(), mapping, "sectionName", &[name])
}

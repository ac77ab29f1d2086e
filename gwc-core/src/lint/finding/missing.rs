//! Objects that the world does not hold and whose absence nothing proves: one finding for each missing object, with
//! every reference to it as a place (spec README ruling 16).

use std::collections::BTreeMap;

use crate::api::Meta;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Label};
use crate::eval::{Fact, Support};
use crate::lint::Cx;
use crate::lint::finding::{about, fact, open_facts, unproven};
use crate::source::Span;
use crate::value::ObjectKey;

/// A reference to an object that is taken to exist.
#[derive(Debug, Clone, Copy)]
pub struct Place<'w> {
    /// Who refers to it.
    pub meta: &'w Meta,
    /// Where.
    pub span: Span,
    /// What is taken for granted.
    pub fact: &'w Fact,
}

/// The fact of an assumed verdict that says that an object exists; `None` where `--assume` gave it.
#[must_use]
pub fn assumed_object<'s>(cx: &Cx<'s>, support: &'s Support) -> Option<&'s Fact> {
    open_facts(cx, support).find(|fact| fact::subject(fact).is_some())
}

/// One finding for each missing object; `consequence` is what happens should it not exist.
pub fn report<'w>(
    cx: &Cx<'_>,
    code: Code,
    consequence: &str,
    places: impl IntoIterator<Item = Place<'w>>,
    out: &mut Diagnostics,
) {
    let mut objects: BTreeMap<(String, ObjectKey), Vec<Place<'w>>> = BTreeMap::new();
    for place in places {
        if let Some(subject) = fact::subject(place.fact) {
            objects.entry(subject).or_default().push(place);
        }
    }
    for ((kind, key), places) in objects {
        let Some((first, others)) = places.split_first() else { continue };
        let message = format!("{kind} `{key}` is not among the inputs");
        let mut finding = unproven(cx, about(first.meta, code, first.span, message), first.fact)
            .effect(format!("taken to exist; if it does not: {consequence}"))
            .help(help(first.fact));
        for place in others {
            finding = finding.label(place.span, "also needed here");
            let text = fact::text(place.fact);
            if !finding.assumptions.contains(&text) {
                finding.assumptions.push(text);
            }
        }
        out.push(finding);
    }
}

/// Reports findings about objects that are proven to be missing: those about one object become one, with the other
/// references as places of the first.
pub fn report_proven(findings: impl IntoIterator<Item = Diagnostic>, out: &mut Diagnostics) {
    let mut merged: Vec<Diagnostic> = Vec::new();
    for finding in findings {
        // The message names the missing object and nothing of the reference.
        match merged.iter_mut().find(|first| first.message == finding.message) {
            Some(first) => merge(first, finding),
            None => merged.push(finding),
        }
    }
    out.0.extend(merged);
}

/// Adds another reference to a finding about the same missing object.
fn merge(first: &mut Diagnostic, other: Diagnostic) {
    first.labels.push(Label { span: other.primary, text: "also needed here".to_owned() });
    for condition in other.conditions {
        if !first.conditions.contains(&condition) {
            first.conditions.push(condition);
        }
    }
    for fix in other.fixes {
        if let Some(same) = first.fixes.iter_mut().find(|own| own.title == fix.title) {
            same.edits.extend(fix.edits);
        }
    }
}

/// How to make the object known.
fn help(missing: &Fact) -> String {
    match fact::option(missing) {
        Some(option) => format!("correct the name, give the object as context (`-C PATH`), or vouch for it: {option}"),
        None => "correct the name, or give the object as context (`-C PATH`)".to_owned(),
    }
}

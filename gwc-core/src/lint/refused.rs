//! References to objects that an API server would refuse: they get no finding of their own, but a note on the finding
//! that says why the object is refused (cli-and-rules.md §12, "Refused objects").

use std::collections::BTreeMap;

use crate::api::Meta;
use crate::diagnostic::{Diagnostics, Severity};
use crate::eval::{
    BackendVerdict, CaVerdict, CertificateVerdict, ListenerSetOutcome, Managed, NoEntry, ParentVerdict, TargetVerdict,
};
use crate::lint::Cx;
use crate::lint::finding::certificate::{backend_cas, certificates, frontend_cas};
use crate::lint::finding::policy::targets;
use crate::lint::finding::reference::{parents, references};
use crate::lint::finding::{is_checked, named};
use crate::source::Span;
use crate::value::{GATEWAY_GROUP, GroupKind, ObjectKey};

/// What refers to each refused object, with what that does; by place of the object.
#[must_use]
pub fn notes(cx: &Cx<'_>) -> BTreeMap<Span, Vec<String>> {
    let mut notes: BTreeMap<Span, Vec<String>> = BTreeMap::new();
    let all = of_routes(cx).chain(of_gateways(cx)).chain(of_policies(cx));
    for (holder, target, what) in all {
        if let Some(span) = cx.graph.refused.get(&target) {
            let note = format!("{} refers to this object: {what}", named(holder));
            let notes = notes.entry(*span).or_default();
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    notes
}

/// Adds the notes to the first error inside each refused object.
pub(super) fn annotate(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (object, notes) in notes(cx) {
        let inside = |span: Span| span.source == object.source && object.start <= span.start && span.end <= object.end;
        let errors = out.0.iter_mut().filter(|finding| finding.severity == Severity::Error && inside(finding.primary));
        if let Some(first) = errors.min_by_key(|finding| (finding.primary, finding.code)) {
            first.notes.extend(notes);
        }
    }
}

/// Who refers, what to, and what happens.
type Reference<'w> = (&'w Meta, (GroupKind, ObjectKey), &'static str);

fn of_routes<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Reference<'w>> {
    let parents = parents(cx).filter(|parent| matches!(parent.verdict, ParentVerdict::NoEntry(NoEntry::ParentRefused)));
    let parents = parents.map(|parent| {
        let target = (parent.reference.target.group_kind(), parent.key());
        (&parent.route.meta, target, "no status is written for that parentRef")
    });
    let backends = references(cx).filter(|one| one.verdict.verdict.verdict == BackendVerdict::Refused);
    let backends = backends
        .map(|one| (&one.route.meta, (one.target.group_kind(), one.key()), "ResolvedRefs=False/BackendNotFound"));
    parents.chain(backends)
}

fn of_gateways<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Reference<'w>> {
    let Cx { graph, evaluation, .. } = *cx;
    let gateways = graph.gateways.iter().filter(|(_, gateway)| is_checked(&gateway.meta));
    let classes = gateways.filter_map(|(id, gateway)| {
        let refused = evaluation.gateways.get(id.index())?.managed == Managed::ClassRefused;
        let class = ObjectKey::new("", gateway.class_name.value.clone());
        let target = (GroupKind::new(GATEWAY_GROUP, "GatewayClass"), class);
        refused.then_some((&gateway.meta, target, "no controller claims it"))
    });
    let sets = graph.listener_sets.iter().filter(|(_, set)| is_checked(&set.meta)).filter_map(|(id, set)| {
        let outcome = &evaluation.listener_sets.get(id.index())?.outcome.verdict;
        let target = &set.parent.target;
        let target = (target.group_kind(), target.target(&set.meta.key.namespace));
        (*outcome == ListenerSetOutcome::ParentRefused).then_some((&set.meta, target, "no status is written for it"))
    });
    let secrets = certificates(cx).filter(|one| one.verdict.verdict == CertificateVerdict::Refused).map(|one| {
        let target = (one.target.group_kind(), one.target.target(&one.holder.key.namespace));
        (one.holder, target, "ResolvedRefs=False, the certificate is not used")
    });
    classes.chain(sets).chain(secrets)
}

fn of_policies<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Reference<'w>> {
    let cas = frontend_cas(cx).chain(backend_cas(cx)).filter(|one| one.verdict.verdict == CaVerdict::Refused);
    let cas = cas.map(|one| {
        let target = (one.target.group_kind(), one.target.target(&one.holder.key.namespace));
        (one.holder, target, "ResolvedRefs=False/InvalidCACertificateRef")
    });
    let targets = targets(cx).filter(|one| one.verdict.verdict == TargetVerdict::Refused);
    let targets = targets
        .map(|one| (one.policy, (one.reference.target.group_kind(), one.key()), "Accepted=False/TargetNotFound"));
    cas.chain(targets)
}

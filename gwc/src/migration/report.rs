//! From the items of a conversion to findings: severity, place, acceptance, order.
//!
//! An item without a finding stays an item; findings go through the writers of `gwc check` (ingress-migrate.md §5.4).

use std::collections::{BTreeMap, BTreeSet};

use gwc_core::diagnostic::{Basis, Diagnostic, ObjectRef, Severity, rule};
use gwc_core::migrate::item::{Fact, Item};
use gwc_core::migrate::{Report as Items, code};
use gwc_core::source::{Origin, Role, Source, SourceMap, Span};

use crate::compile::{Compilation, ObjectSummary};
use crate::findings::identity::Objects;
use crate::findings::{Finding, Report, Run};
use crate::migration::accept::Accepted;
use crate::suppress::Suppressed;
use crate::texts::{self, Texts};

/// Items and what became findings of them.
pub(crate) struct Projection {
    /// Findings; those about the input that a check would report too come first.
    pub(crate) report: Report,
    /// Position in the report's items of each finding; `None` for what is no item.
    pub(crate) items: Vec<Option<usize>>,
}

/// Projects items to findings of the input's run.
pub(crate) fn project(mut run: Run, items: &Items, accepted: &[Accepted]) -> Projection {
    let own = std::mem::take(&mut run.compilation.diagnostics.0);
    let told = own.into_iter().filter(is_told).map(|one| (weighed(one), None));
    let mut found: Vec<(Diagnostic, Option<usize>)> = told.collect();
    let mut nowhere = Nowhere::default();
    let summaries = Summaries::new(&run.compilation.objects);
    for (at, item) in items.items().iter().enumerate().filter(|(_, item)| item.severity != Severity::Off) {
        let Some(code) = item.code else { continue };
        let summary = summaries.of(item);
        let span = item.source.span.or_else(|| name_of(summary?, &run.compilation));
        let span = span.unwrap_or_else(|| nowhere.span(fact_name(&item.fact), &mut run.sources));
        let mut one = Diagnostic::new(code, item.severity, Basis::Spec, span, item.message.clone());
        one.help.clone_from(&item.help);
        one.object = summary.map(|summary| summary.object.clone());
        one.notes.extend(notes(item));
        found.push((one, Some(at)));
    }
    let unused = unused(items, accepted, &mut run.sources);
    found.extend(unused.into_iter().map(|one| (one, None)));
    let findings = finished(found, &run, items, accepted);
    let (findings, items): (Vec<Finding>, Vec<Option<usize>>) = findings.into_iter().unzip();
    Projection { report: Report { runs: vec![run], findings }, items }
}

/// Pointers, fingerprints, acceptance; access controls first, then by severity and place.
fn finished(
    found: Vec<(Diagnostic, Option<usize>)>,
    run: &Run,
    items: &Items,
    accepted: &[Accepted],
) -> Vec<(Finding, Option<usize>)> {
    let texts = Texts::new(&run.sources, &run.compilation.documents);
    let places = Objects::new(&run.compilation.objects);
    let finding = |(diagnostic, at): (Diagnostic, Option<usize>)| {
        let identity = places.identity(&texts, &diagnostic);
        let item = at.and_then(|at| items.items().get(at));
        let entry = item.and_then(|item| acceptance(item, accepted));
        let suppressed = entry.map(|entry| Suppressed { how: "accept", reason: entry.reason.clone() });
        let pointer = item.map(|item| item.source.pointer.clone()).unwrap_or(identity.pointer);
        let fingerprint = identity.fingerprint;
        let worlds = vec![run.spec.name.clone()];
        (Finding { diagnostic, run: 0, pointer, fingerprint, worlds, suppressed }, at)
    };
    let mut findings: Vec<(Finding, Option<usize>)> = found.into_iter().map(finding).collect();
    findings.sort_by_cached_key(|(finding, at)| {
        let one = &finding.diagnostic;
        let is_access = one.code == code::ACCESS_CONTROL_LOST && finding.suppressed.is_none();
        let name = run.sources.source(one.primary.source).name.clone();
        (!is_access, std::cmp::Reverse(one.severity), name, one.primary.start, one.code.number, *at)
    });
    findings
}

/// The entry that accepts an item.
pub(crate) fn acceptance<'a>(item: &Item, accepted: &'a [Accepted]) -> Option<&'a Accepted> {
    let code = item.code?;
    accepted.iter().find(|entry| entry.code == code && entry.ingress == item.source.object)
}

/// What a finding says beside its message.
fn notes(item: &Item) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(witness) = &item.witness {
        notes.push(format!("{}: before {}, now {}", witness.request, witness.old, witness.new));
    }
    if !item.affects.is_empty() {
        let (shown, rest) = item.affects.split_at(item.affects.len().min(3));
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        notes.push(format!("acts on {}{more} too", shown.join(", ")));
    }
    if !item.alternatives.is_empty() {
        let one = |other: &gwc_core::migrate::item::Alternative| {
            format!("{} {} `{}` ({})", other.target, other.kind, other.field, other.fidelity)
        };
        let list: Vec<String> = item.alternatives.iter().map(one).collect();
        notes.push(format!("could be carried by {}", list.join(", ")));
    }
    notes
}

/// What a fact is called.
pub(crate) fn fact_name(fact: &Fact) -> &str {
    match fact {
        Fact::Annotation(text) | Fact::Field(text) | Fact::Setting(text) => text,
        Fact::Default(text) => text,
    }
}

/// Is it a fact of the source, or a result of the verification?
pub(crate) fn is_about_source(item: &Item) -> bool {
    let results = [code::VERIFIED_EQUAL, code::VERIFIED_DIFFERENT, code::NOT_VERIFIED];
    !item.code.is_some_and(|code| results.contains(&code))
}

/// What the reader and the API server say of the input; the rest is for `gwc check`.
fn is_told(one: &Diagnostic) -> bool {
    let is_read =
        rule::of(one.code).is_some_and(|rule| matches!(rule.group, rule::Group::Schema | rule::Group::Version));
    let kinds = ["Ingress", "IngressClass", "Service"];
    let is_ours = one.object.as_ref().is_none_or(|object| kinds.contains(&object.kind.as_str()));
    is_read && is_ours && one.severity >= Severity::Warning
}

/// Old versions of Ingress are read although no server serves them any more (§1.1): a warning.
fn weighed(mut one: Diagnostic) -> Diagnostic {
    if one.code == rule::VERSION_NOT_SERVED {
        one.severity = Severity::Warning;
    }
    one
}

/// The name of an object, for what stands nowhere in particular.
fn name_of(summary: &ObjectSummary, compilation: &Compilation) -> Option<Span> {
    let document = compilation.documents.get(summary.document)?;
    let object = texts::node_of_span(document.root.as_ref()?, summary.span)?;
    let name = object.at(&["metadata", "name"]);
    Some(name.map_or(summary.span, |name| name.span(summary.span.source)))
}

/// Objects by kind, namespace and name.
struct Summaries<'r>(BTreeMap<(&'r str, &'r str, &'r str), &'r ObjectSummary>);

impl<'r> Summaries<'r> {
    fn new(objects: &'r [ObjectSummary]) -> Self {
        let key = |one: &'r ObjectRef| (one.kind.as_str(), one.namespace.as_str(), one.name.as_str());
        Self(objects.iter().rev().map(|summary| (key(&summary.object), summary)).collect())
    }

    fn of(&self, item: &Item) -> Option<&'r ObjectSummary> {
        let key = &item.source.object;
        self.0.get(&(item.source.kind, key.namespace.as_str(), key.name.as_str())).copied()
    }
}

/// A text for what stands nowhere: flags, defaults of the controller.
#[derive(Default)]
struct Nowhere {
    known: BTreeMap<String, Span>,
}

impl Nowhere {
    fn span(&mut self, fact: &str, sources: &mut SourceMap) -> Span {
        if let Some(span) = self.known.get(fact) {
            return *span;
        }
        let span = memory(&format!("<{fact}>"), "", sources);
        self.known.insert(fact.to_owned(), span);
        span
    }
}

fn memory(name: &str, text: &str, sources: &mut SourceMap) -> Span {
    let source = Source::from_bytes(name, Origin::Memory, Role::Context, true, text.as_bytes().to_vec());
    let id = sources.add(source);
    Span::new(id, 0, u32::try_from(text.len()).unwrap_or(u32::MAX))
}

/// Entries of `--accept` that accept nothing.
fn unused(items: &Items, accepted: &[Accepted], sources: &mut SourceMap) -> Vec<Diagnostic> {
    let used: BTreeSet<&str> =
        items.items().iter().filter_map(|item| acceptance(item, accepted)).map(|entry| entry.text.as_str()).collect();
    let unused = accepted.iter().filter(|entry| !used.contains(entry.text.as_str()));
    let one = |entry: &Accepted| {
        let span = memory("<accepted>", &format!("--accept {}", entry.text), sources);
        let message = format!("there is no {} of `{}` to accept", entry.code.number, entry.ingress);
        Diagnostic::new(rule::UNUSED_SUPPRESSION, Severity::Warning, Basis::Spec, span, message)
            .help("remove the entry, or mend its name")
    };
    unused.map(one).collect()
}

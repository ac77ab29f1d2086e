//! The one place that calls the compiler: everything that the rest of the program knows of `gwc_core`'s façade.

use gwc_core::diagnostic::{Diagnostics, ObjectRef};
use gwc_core::profile::{Profile, Target, TargetSource};
use gwc_core::source::{Role, SourceMap, Span};
use gwc_core::status::ObjectStatus;
use gwc_core::yaml::{Document, parse};

/// What a compilation gives.
#[derive(Debug)]
pub(crate) struct Compilation {
    /// Findings, sorted; suppressions not applied.
    pub(crate) diagnostics: Diagnostics,
    /// Statuses of checked objects, in order.
    pub(crate) statuses: Vec<ObjectStatus>,
    /// All documents, in source order.
    pub(crate) documents: Vec<Document>,
    /// All objects, in source order.
    pub(crate) objects: Vec<ObjectSummary>,
    /// The CRDs that were taken.
    pub(crate) target: Target,
    /// How they were found.
    pub(crate) target_source: TargetSource,
    /// Facts the verdicts rest on, in `--assume` form.
    pub(crate) assumptions_used: Vec<String>,
}

/// One object of the input.
#[derive(Debug, Clone)]
pub(crate) struct ObjectSummary {
    /// Identity.
    pub(crate) object: ObjectRef,
    /// Its place.
    pub(crate) span: Span,
    /// Checked or context.
    pub(crate) role: Role,
}

/// One test that decides whether a route attaches to a listener.
#[derive(Debug, Clone)]
pub(crate) struct AttachmentCell {
    /// `in scope`, `sectionName`, `port`, `kind`, `namespace` or `hostname`.
    pub(crate) test: &'static str,
    /// Did it pass? `None`: not reached.
    pub(crate) passed: Option<bool>,
    /// What was compared, in a few words.
    pub(crate) detail: String,
    /// The field that decided it.
    pub(crate) location: Option<Span>,
}

/// One row of the attachment table: a parent reference against one listener.
#[derive(Debug, Clone)]
pub(crate) struct AttachmentRow {
    /// The reference, for example `parentRefs[0] Gateway infra/shared`.
    pub(crate) parent: String,
    /// The listener; empty where the parent has none or is not there.
    pub(crate) listener: String,
    /// One cell per test, in the order in which they are made.
    pub(crate) cells: Vec<AttachmentCell>,
    /// The verdict, for example `attached` or a reason.
    pub(crate) verdict: String,
}

/// Documentation of a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Docs {
    /// One line.
    pub(crate) summary: &'static str,
    /// What it finds.
    pub(crate) what: &'static str,
    /// Why it matters.
    pub(crate) why: &'static str,
    /// A manifest that it reports.
    pub(crate) bad: &'static str,
    /// The same, cured.
    pub(crate) good: &'static str,
    /// How to cure it.
    pub(crate) fix: &'static str,
    /// Where the specification says so.
    pub(crate) spec: &'static str,
}

/// Compiles the texts.
pub(crate) fn compile(sources: &SourceMap, profile: &Profile) -> Compilation {
    let mut documents = Vec::new();
    let mut objects = Vec::new();
    for (id, source) in sources.iter() {
        for document in parse::parse(id, source) {
            objects.extend(summary(&document, source.role, profile));
            documents.push(document);
        }
    }
    Compilation {
        diagnostics: Diagnostics::default(),
        statuses: Vec::new(),
        documents,
        objects,
        target: profile.target.unwrap_or_default(),
        target_source: if profile.target.is_some() { TargetSource::Given } else { TargetSource::Default },
        assumptions_used: Vec::new(),
    }
}

/// Documentation of a rule, where it is written.
pub(crate) fn docs(code: gwc_core::diagnostic::Code) -> Option<Docs> {
    let _ = code;
    None
}

/// The attachment table of a route; empty for anything else.
pub(crate) fn attachment(compilation: &Compilation, object: &ObjectRef) -> Vec<AttachmentRow> {
    let _ = (compilation, object);
    Vec::new()
}

fn summary(document: &Document, role: Role, profile: &Profile) -> Option<ObjectSummary> {
    let root = document.root.as_ref()?;
    let text = |keys: &[&str]| root.at(keys).and_then(|node| node.as_str()).map(str::to_owned);
    let object = ObjectRef {
        api_version: text(&["apiVersion"])?,
        kind: text(&["kind"])?,
        namespace: text(&["metadata", "namespace"]).unwrap_or_else(|| profile.default_namespace.to_string()),
        name: text(&["metadata", "name"]).unwrap_or_default(),
    };
    Some(ObjectSummary { object, span: root.span(document.source), role })
}

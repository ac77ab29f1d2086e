//! From texts to documents and objects: parsing in parallel, flattening of lists, findings about what was read.
//!
//! Knows `apiVersion`, `kind` and `items`, nothing else of Kubernetes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::diagnostic::rule::{
    self, DOCUMENT_SKIPPED, FixClass, TEMPLATE_NOT_RENDERED, YAML_AMBIGUOUS_SCALAR, YAML_DUPLICATE_KEY, YAML_SYNTAX,
};
use crate::diagnostic::{Applicability, Basis, Code, Diagnostic, Edit, Severity};
use crate::source::{Source, SourceId, SourceMap, Span};
use crate::yaml::{Document, Entry, Key, Node, Problem, ProblemKind, Value, parse};

/// An object of a document, or of a list in a document.
#[derive(Debug)]
pub(crate) struct Raw<'d> {
    /// The object; owned where a typed list lends its items their kind.
    pub(crate) node: Cow<'d, Node>,
    /// Source.
    pub(crate) source: SourceId,
    /// Index of the document among all documents.
    pub(crate) document: usize,
}

impl Raw<'_> {
    /// The text under a key of the object itself.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.node.get(key).and_then(Node::as_str).unwrap_or_default()
    }

    /// Place of the object.
    pub(crate) fn span(&self) -> Span {
        self.node.span(self.source)
    }
}

/// All documents of all sources, in source order.
pub(crate) fn documents(sources: &SourceMap) -> Vec<Document> {
    let all: Vec<(SourceId, &Source)> = sources.iter().collect();
    let parsed: Vec<Vec<Document>> = all.into_par_iter().map(|(id, source)| parse::parse(id, source)).collect();
    parsed.into_iter().flatten().collect()
}

/// All objects, in source order; items of lists in the place of their list.
pub(crate) fn objects(documents: &[Document]) -> Vec<Raw<'_>> {
    let mut out = Vec::with_capacity(documents.len());
    for (index, document) in documents.iter().enumerate() {
        if let Some(root) = &document.root {
            flatten(Raw { node: Cow::Borrowed(root), source: document.source, document: index }, &mut out);
        }
    }
    out
}

fn flatten<'d>(raw: Raw<'d>, out: &mut Vec<Raw<'d>>) {
    if raw.text("apiVersion").is_empty() || raw.text("kind").is_empty() {
        return;
    }
    let is_list =
        raw.text("kind").ends_with("List") && raw.node.get("metadata").is_none_or(|meta| meta.get("name").is_none());
    let Some(Value::Sequence(_)) = raw.node.get("items").map(|items| &items.value).filter(|_| is_list) else {
        out.push(raw);
        return;
    };
    let (source, document) = (raw.source, raw.document);
    match raw.node {
        Cow::Borrowed(list) => {
            for item in list.get("items").map_or(&[][..], Node::items) {
                flatten(Raw { node: typed(item, list), source, document }, out);
            }
        }
        Cow::Owned(list) => {
            for item in list.get("items").map_or(&[][..], Node::items) {
                flatten(Raw { node: Cow::Owned(typed(item, &list).into_owned()), source, document }, out);
            }
        }
    }
}

/// Items of `GatewayList` and the like may leave out their own apiVersion and kind.
fn typed<'d>(item: &'d Node, list: &Node) -> Cow<'d, Node> {
    let kind = list.get("kind").and_then(Node::as_str).and_then(|kind| kind.strip_suffix("List")).unwrap_or_default();
    let missing = item.get("kind").is_none() && !kind.is_empty() && matches!(item.value, Value::Mapping(_));
    let Some(version) = list.get("apiVersion").filter(|_| missing) else { return Cow::Borrowed(item) };
    let entry = |key: &str, value: Value| Entry {
        key: Key { text: key.into(), start: item.start, end: item.end },
        value: Node::new(value, item.start, item.end),
    };
    let own = [entry("apiVersion", version.value.clone()), entry("kind", Value::String(kind.into()))];
    let rest = item.entries().iter().filter(|entry| entry.key.text != "apiVersion").cloned();
    Cow::Owned(Node::new(Value::Mapping(own.into_iter().chain(rest).collect()), item.start, item.end))
}

/// Findings about the documents themselves: GWC0001 to GWC0005.
///
/// `refused` holds the places of admission's errors: a scalar that the server refuses needs no second finding.
pub(crate) fn findings(documents: &[Document], sources: &SourceMap, refused: &BTreeSet<Span>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for document in documents {
        let source = sources.source(document.source);
        // A discovered file that is no manifest is nobody's business (spec README ruling 16).
        if !source.named && !looks_like_manifest(document, source) {
            continue;
        }
        let told =
            |problem: &&Problem| problem.kind != ProblemKind::AmbiguousScalar || !refused.contains(&problem.span);
        out.extend(document.problems.iter().filter(told).map(finding));
        out.extend(skipped(document));
    }
    out
}

fn looks_like_manifest(document: &Document, source: &Source) -> bool {
    if let Some(root) = &document.root {
        return root.get("apiVersion").is_some() && root.get("kind").is_some();
    }
    let text = source.text.get(document.start as usize..document.end as usize).unwrap_or_default();
    let has_key = |key: &str| {
        text.lines().any(|line| {
            let line = line.trim_start_matches([' ', '-', '{', '"', '\'']);
            line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
        })
    };
    has_key("apiVersion") && has_key("kind")
}

fn finding(problem: &Problem) -> Diagnostic {
    let code = match problem.kind {
        ProblemKind::Syntax => YAML_SYNTAX,
        ProblemKind::DuplicateKey => YAML_DUPLICATE_KEY,
        ProblemKind::AmbiguousScalar => YAML_AMBIGUOUS_SCALAR,
        ProblemKind::Template => TEMPLATE_NOT_RENDERED,
    };
    let mut diagnostic = by_rule(code, problem.span, problem.message.clone());
    if let Some((span, text)) = &problem.related {
        diagnostic = diagnostic.label(*span, text.clone());
    }
    diagnostic.help.clone_from(&problem.help);
    if let Some(text) = &problem.replacement {
        let edit = Edit { span: problem.span, text: text.clone() };
        diagnostic = diagnostic.fix(applicability(code), format!("write `{text}`"), vec![edit]);
    }
    diagnostic
}

fn applicability(code: Code) -> Applicability {
    match rule::of(code).map(|row| row.fix) {
        Some(FixClass::Safe) => Applicability::Safe,
        Some(FixClass::Unsafe) => Applicability::Unsafe,
        Some(FixClass::None | FixClass::Suggestion) | None => Applicability::Suggestion,
    }
}

/// GWC0004.
fn skipped(document: &Document) -> Option<Diagnostic> {
    let root = document.root.as_ref().filter(|root| !root.is_null())?;
    let present = |key: &str| root.get(key).and_then(Node::as_str).is_some_and(|text| !text.is_empty());
    let message = match (present("apiVersion"), present("kind")) {
        (true, true) => return None,
        (false, false) => "document has neither `apiVersion` nor `kind` and is skipped",
        (true, false) => "document has no `kind` and is skipped",
        (false, true) => "document has no `apiVersion` and is skipped",
    };
    let end = root.start.saturating_add(1).min(root.end);
    Some(by_rule(DOCUMENT_SKIPPED, Span::new(document.source, root.start, end), message.to_owned()))
}

/// A finding with severity and basis of its rule.
fn by_rule(code: Code, span: Span, message: String) -> Diagnostic {
    let (severity, basis) = rule::of(code).map_or((Severity::Warning, Basis::Spec), |row| (row.severity, row.basis));
    Diagnostic::new(code, severity, basis, span, message)
}

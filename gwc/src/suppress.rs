//! Suppressions (cli-and-rules.md §8): which finding is silenced by what, and what is wrong with the suppressions.
//!
//! Comments are read in [`comment`], `gwc.toml` entries and annotations here. Raises GWC0090–0093.

use std::collections::BTreeMap;

use globset::{GlobMatcher, GlobSet};
use gwc_core::diagnostic::{Basis, Code, Diagnostic, ObjectRef, Severity, rule};
use gwc_core::source::{Role, SourceId, SourceMap, Span};
use gwc_core::yaml::{Document, Node};

use crate::findings::Run;
use crate::selection::{Selection, Selector};
use crate::texts;

pub(crate) mod comment;

/// The annotation that silences findings of its object.
const ANNOTATION: &str = "lint.gwc/ignore";

/// How a finding was silenced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suppressed {
    /// `comment`, `file-comment`, `annotation` or `config`.
    pub(crate) how: &'static str,
    /// Why.
    pub(crate) reason: Option<String>,
}

/// What a suppression covers.
#[derive(Debug, Clone)]
pub(crate) enum Scope {
    /// Bytes of a source.
    Range(SourceId, u32, u32),
    /// A whole source.
    Source(SourceId),
    /// An object: its place and its name.
    Object(Span, ObjectRef),
    /// Sources whose name matches.
    Files(Box<GlobSet>),
    /// Objects whose kind, namespace and name match.
    Matching(Box<[Option<GlobMatcher>; 3]>),
}

/// One suppression.
#[derive(Debug, Clone)]
pub(crate) struct Suppression {
    /// `comment`, `file-comment`, `annotation` or `config`.
    pub(crate) how: &'static str,
    /// Rules it silences.
    pub(crate) selectors: Vec<Selector>,
    /// Why.
    pub(crate) reason: Option<String>,
    /// What it covers.
    pub(crate) scope: Scope,
    /// Where it is written; `None` where nothing is reported about it.
    pub(crate) span: Option<Span>,
    /// Did it silence anything?
    pub(crate) is_used: bool,
}

/// All suppressions of a run.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    list: Vec<Suppression>,
    /// Positions of those that are bound to a source.
    by_source: BTreeMap<SourceId, Vec<usize>>,
    /// Positions of those that are not.
    anywhere: Vec<usize>,
    /// GWC0091 and GWC0093, found while reading.
    problems: Vec<Diagnostic>,
}

impl Suppressions {
    /// Reads all suppressions of a run.
    pub(crate) fn collect(run: &mut Run, selection: &Selection) -> Self {
        let mut all = Self::default();
        let documents = std::mem::take(&mut run.compilation.documents);
        for document in &documents {
            let source = run.sources.source(document.source);
            if source.role == Role::Checked && !document.comments.is_empty() {
                comment::collect(document, &source.text, &mut all);
            }
        }
        for summary in run.compilation.objects.iter().filter(|object| object.role == Role::Checked) {
            let at = documents.partition_point(|document| {
                (document.source, document.start) <= (summary.span.source, summary.span.start)
            });
            if let Some(document) = at.checked_sub(1).and_then(|at| documents.get(at)) {
                all.annotation(document, summary.span, &summary.object);
            }
        }
        run.compilation.documents = documents;
        all.configured(run);
        all.problems.retain(|problem| selection.state(problem.code).severity != Severity::Off);
        for (position, suppression) in all.list.iter().enumerate() {
            let source = match &suppression.scope {
                Scope::Range(source, ..) | Scope::Source(source) => Some(*source),
                Scope::Object(span, _) => Some(span.source),
                Scope::Files(_) | Scope::Matching(_) => None,
            };
            match source {
                Some(source) => all.by_source.entry(source).or_default().push(position),
                None => all.anywhere.push(position),
            }
        }
        all
    }

    /// Adds a suppression whose rules are given as words; unknown ones are reported at `span`.
    pub(crate) fn add(&mut self, words: &[(&str, Span)], mut suppression: Suppression) {
        let whole = suppression.span;
        if words.iter().all(|(word, _)| word.trim().is_empty()) {
            let message = "a suppression without a rule suppresses nothing; name the rules in brackets";
            self.problem(rule::UNKNOWN_RULE_IN_SUPPRESSION, whole, message.to_owned());
            return;
        }
        for (word, span) in words.iter().filter(|(word, _)| !word.trim().is_empty()) {
            match Selector::parse(word) {
                Ok(Selector::All) => {
                    let message = "`ALL` is no rule that can be suppressed; name the rules".to_owned();
                    self.problem(rule::UNKNOWN_RULE_IN_SUPPRESSION, Some(*span), message);
                }
                Ok(selector) => suppression.selectors.push(selector),
                Err(failure) => {
                    self.problem(rule::UNKNOWN_RULE_IN_SUPPRESSION, Some(*span), failure.message);
                }
            }
        }
        if suppression.reason.is_none() {
            let message = "this suppression gives no reason; write one behind the rules".to_owned();
            self.problem(rule::SUPPRESSION_WITHOUT_REASON, whole, message);
        }
        if !suppression.selectors.is_empty() {
            self.list.push(suppression);
        }
    }

    /// What silences a finding, if anything does.
    pub(crate) fn find(&mut self, diagnostic: &Diagnostic, sources: &SourceMap) -> Option<Suppressed> {
        let local = self.by_source.get(&diagnostic.primary.source).map(Vec::as_slice).unwrap_or_default();
        let mut found = None;
        // Every suppression that fits counts as used, also when another one was first.
        for position in local.iter().chain(&self.anywhere) {
            let Some(suppression) = self.list.get_mut(*position) else { continue };
            if suppression.covers(diagnostic, sources) {
                suppression.is_used = true;
                found.get_or_insert_with(|| Suppressed { how: suppression.how, reason: suppression.reason.clone() });
            }
        }
        found
    }

    /// Findings about the suppressions themselves.
    pub(crate) fn problems(&mut self, run: &Run, selection: &Selection) -> Vec<Diagnostic> {
        let mut problems = std::mem::take(&mut self.problems);
        let runs = |selector: &Selector| {
            let matching = rule::RULES.iter().filter(|rule| selector.matches(rule.code));
            matching.into_iter().any(|rule| selection.state(rule.code).severity != Severity::Off)
        };
        for unused in self.list.iter().filter(|suppression| !suppression.is_used) {
            let Some(span) = unused.span.filter(|_| unused.selectors.iter().any(runs)) else { continue };
            if run.sources.source(span.source).role == Role::Checked {
                let message = "this suppression matches no finding; remove it";
                problems.push(finding(rule::UNUSED_SUPPRESSION, span, message.to_owned()));
            }
        }
        problems
    }

    fn problem(&mut self, code: Code, span: Option<Span>, message: String) {
        self.problems.extend(span.map(|span| finding(code, span, message)));
    }

    /// `lint.gwc/ignore: "GWC7002=reason; GWC8001=reason"`.
    fn annotation(&mut self, document: &Document, place: Span, object: &ObjectRef) {
        let Some(root) = document.root.as_ref() else { return };
        let node = texts::node_of_span(root, place).unwrap_or(root);
        let Some(value) = node.at(&["metadata", "annotations", ANNOTATION]) else { return };
        let span = value.span(document.source);
        for part in value.as_str().unwrap_or_default().split(';').filter(|part| !part.trim().is_empty()) {
            let (word, reason) = part.split_once('=').map_or((part, ""), |(word, reason)| (word, reason));
            self.add(
                &[(word, span)],
                Suppression {
                    how: "annotation",
                    selectors: Vec::new(),
                    reason: Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
                    scope: Scope::Object(place, object.clone()),
                    span: Some(span),
                    is_used: false,
                },
            );
        }
    }

    /// `[lint.per-file-ignores]` and `[[lint.ignore]]`, compiled beforehand.
    fn configured(&mut self, run: &mut Run) {
        let settings = run.spec.ignores.clone();
        self.list.extend(settings.active.iter().cloned());
        for (text, name) in &settings.expired {
            let span = settings.place(name, &mut run.sources);
            self.problem(rule::EXPIRED_SUPPRESSION, Some(span), text.clone());
        }
    }
}

impl Suppression {
    fn covers(&self, diagnostic: &Diagnostic, sources: &SourceMap) -> bool {
        self.selectors.iter().any(|selector| selector.matches(diagnostic.code)) && self.scope.holds(diagnostic, sources)
    }
}

impl Scope {
    fn holds(&self, diagnostic: &Diagnostic, sources: &SourceMap) -> bool {
        let place = diagnostic.primary;
        match self {
            Self::Range(source, start, end) => {
                *source == place.source && *start <= place.start && place.start < (*end).max(start + 1)
            }
            Self::Source(source) => *source == place.source,
            Self::Object(span, object) => {
                let is_inside = span.source == place.source && span.start <= place.start && place.start <= span.end;
                is_inside || diagnostic.object.as_ref() == Some(object)
            }
            Self::Files(globs) => globs.is_match(&sources.source(place.source).name),
            Self::Matching(wanted) => diagnostic.object.as_ref().is_some_and(|object| {
                let parts = [&object.kind, &object.namespace, &object.name];
                wanted.iter().zip(parts).all(|(glob, part)| glob.as_ref().is_none_or(|glob| glob.is_match(part)))
            }),
        }
    }
}

/// The bytes of the outermost node that begins on a line (`start..end`), with its subtree: on the first line of an
/// object that is the whole object, elsewhere an entry or an item.
pub(crate) fn node_on_line(root: &Node, start: u32, end: u32) -> Option<(u32, u32)> {
    let on_line = |at: u32| start <= at && at < end;
    if on_line(root.start) {
        return Some((root.start, root.end));
    }
    let mut node = root;
    loop {
        let entries =
            node.entries().iter().map(|entry| (entry.key.start, entry.value.end.max(entry.key.end), &entry.value));
        let items = node.items().iter().map(|item| (item.start, item.end, item));
        let mut children = entries.chain(items);
        let mut next = None;
        for (from, to, child) in &mut children {
            if on_line(from) {
                return Some((from, to));
            }
            if from < start && start < to {
                next = Some(child);
            }
        }
        node = next?;
    }
}

fn finding(code: Code, span: Span, message: String) -> Diagnostic {
    let (severity, basis) = rule::of(code).map_or((Severity::Warning, Basis::Spec), |rule| (rule.severity, rule.basis));
    Diagnostic::new(code, severity, basis, span, message)
}

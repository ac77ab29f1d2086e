//! From diagnostics of worlds to the findings of a run: severity, suppression, pointer, fingerprint, order.
//!
//! Every output and the exit code read the same [`Report`]; none of them decides anything.

use std::collections::BTreeMap;

use gwc_core::diagnostic::{Diagnostic, Severity, rule};
use gwc_core::source::{Role, SourceMap};

use crate::compile::Compilation;
use crate::options::WorldSpec;
use crate::selection::Selection;
use crate::suppress::{Suppressed, Suppressions};
use crate::texts::{self, Texts};

pub(crate) mod identity;
mod rendered;

/// One world after compilation.
#[derive(Debug)]
pub(crate) struct Run {
    /// What was asked.
    pub(crate) spec: WorldSpec,
    /// Its texts.
    pub(crate) sources: SourceMap,
    /// What the compiler says.
    pub(crate) compilation: Compilation,
}

/// A finding as reported.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// What the compiler said, with the severity in effect.
    pub(crate) diagnostic: Diagnostic,
    /// Which run's sources its places are in.
    pub(crate) run: usize,
    /// RFC 6901 pointer into the object.
    pub(crate) pointer: String,
    /// Stable identity.
    pub(crate) fingerprint: String,
    /// Names of the worlds that it is in.
    pub(crate) worlds: Vec<String>,
    /// How it was suppressed.
    pub(crate) suppressed: Option<Suppressed>,
}

/// What is left of suppressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SuppressionMode {
    /// They hold.
    Apply,
    /// They are ignored (`--no-suppressions`).
    Ignore,
}

/// Everything that outputs print.
#[derive(Debug)]
pub(crate) struct Report {
    /// The worlds.
    pub(crate) runs: Vec<Run>,
    /// Findings of all worlds, in order, suppressed ones included.
    pub(crate) findings: Vec<Finding>,
}

/// Counts of a report, suppressed findings apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Errors.
    pub(crate) errors: usize,
    /// Warnings.
    pub(crate) warnings: usize,
    /// Remarks.
    pub(crate) infos: usize,
    /// Findings with an edit.
    pub(crate) fixable: usize,
    /// Suppressed findings.
    pub(crate) suppressed: usize,
    /// Checked objects.
    pub(crate) objects: usize,
    /// Checked files.
    pub(crate) files: usize,
}

impl Report {
    /// Builds the findings of all runs.
    pub(crate) fn new(mut runs: Vec<Run>, selection: &Selection, mode: SuppressionMode) -> Self {
        let mut findings = Vec::new();
        for (index, run) in runs.iter_mut().enumerate() {
            let diagnostics = std::mem::take(&mut run.compilation.diagnostics.0);
            of_run((index, run), diagnostics, (selection, mode), &mut findings);
        }
        let mut findings = if runs.len() > 1 { merge(findings) } else { findings };
        let name = |finding: &Finding| {
            runs.get(finding.run).map_or("", |run| &run.sources.source(finding.diagnostic.primary.source).name)
        };
        findings.sort_by(|a, b| {
            let key = |finding: &Finding| (finding.diagnostic.primary.start, finding.diagnostic.code.number);
            (name(a).cmp(name(b)))
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| a.diagnostic.object.cmp(&b.diagnostic.object))
                .then_with(|| a.diagnostic.message.cmp(&b.diagnostic.message))
        });
        Self { runs, findings }
    }

    /// Findings that are not suppressed.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    /// Texts of every run, for outputs.
    pub(crate) fn texts(&self) -> Vec<Texts<'_>> {
        self.runs.iter().map(|run| Texts::new(&run.sources, &run.compilation.documents)).collect()
    }

    /// Counts for the summary.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts { suppressed: self.findings.len() - self.active().count(), ..Counts::default() };
        for finding in self.active() {
            match finding.diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Info => counts.infos += 1,
                Severity::Off => {}
            }
            counts.fixable += usize::from(finding.diagnostic.fixes.iter().any(|fix| !fix.edits.is_empty()));
        }
        let objects = self.runs.iter().flat_map(|run| &run.compilation.objects);
        counts.objects = objects.filter(|object| object.role == Role::Checked).count();
        let is_checked = |source: &gwc_core::source::Source| {
            source.role == Role::Checked && source.origin != gwc_core::source::Origin::Memory
        };
        let files = self.runs.iter().flat_map(|run| run.sources.iter());
        counts.files = files.filter(|(_, source)| is_checked(source)).count();
        counts
    }
}

/// True for a finding that says that a condition cannot be determined.
pub(crate) fn is_undetermined(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == rule::ATTACHMENT_UNDETERMINED
        || diagnostic.conditions.iter().any(|condition| condition.status == "Unknown")
}

fn of_run(
    (index, run): (usize, &mut Run),
    diagnostics: Vec<Diagnostic>,
    (selection, mode): (&Selection, SuppressionMode),
    findings: &mut Vec<Finding>,
) {
    let mut suppressions = match mode {
        SuppressionMode::Apply => Suppressions::collect(run, selection),
        SuppressionMode::Ignore => Suppressions::default(),
    };
    let places = identity::Objects::new(&run.compilation.objects);
    let mut kept = Vec::with_capacity(diagnostics.len());
    for mut diagnostic in diagnostics {
        // A finding of the reader is about the object that holds its place.
        if diagnostic.object.is_none() {
            diagnostic.object = places.at(diagnostic.primary).map(|holder| holder.object.clone());
        }
        diagnostic.severity = selection.severity_of(&diagnostic);
        if diagnostic.severity != Severity::Off {
            let suppressed = suppressions.find(&diagnostic, &run.sources);
            kept.push((diagnostic, suppressed));
        }
    }
    let mut own = suppressions.problems(run, selection);
    own.extend(run.spec.unused_assumptions(&run.compilation.assumptions_used, &mut run.sources));
    for mut diagnostic in own {
        diagnostic.severity = selection.severity_of(&diagnostic);
        if diagnostic.severity != Severity::Off {
            kept.push((diagnostic, None));
        }
    }
    let texts = Texts::new(&run.sources, &run.compilation.documents);
    let places = identity::Objects::new(&run.compilation.objects);
    for (mut diagnostic, suppressed) in kept {
        let identity = places.identity(&texts, &diagnostic);
        let primary = diagnostic.primary;
        if let Some(document) = texts.document_at(primary.source, primary.start) {
            let holder = places.at(primary).map(|holder| holder.span);
            let object = document.root.as_ref().zip(holder).and_then(|(root, span)| texts::node_of_span(root, span));
            let text = &run.sources.source(primary.source).text;
            diagnostic.notes.extend(rendered::note(document, text, object));
        }
        findings.push(Finding {
            diagnostic,
            run: index,
            pointer: identity.pointer,
            fingerprint: identity.fingerprint,
            worlds: vec![run.spec.name.clone()],
            suppressed,
        });
    }
}

/// Findings of several worlds with one fingerprint become one, tagged with the worlds.
fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    let mut known: BTreeMap<(String, usize), usize> = BTreeMap::new();
    let mut repeats: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for finding in findings {
        // Two equal findings of one world stay two.
        let repeat = repeats.entry((finding.run, finding.fingerprint.clone())).or_default();
        let key = (finding.fingerprint.clone(), *repeat);
        *repeat += 1;
        match known.get(&key).and_then(|at| merged.get_mut(*at)) {
            Some(first) => {
                first.worlds.extend(finding.worlds);
                first.diagnostic.severity = first.diagnostic.severity.max(finding.diagnostic.severity);
                // Suppressed only where every world suppresses it.
                first.suppressed = first.suppressed.take().filter(|_| finding.suppressed.is_some());
            }
            None => {
                known.insert(key, merged.len());
                merged.push(finding);
            }
        }
    }
    merged
}

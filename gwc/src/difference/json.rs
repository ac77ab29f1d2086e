//! The report as data.

use gwc_core::change::Class;
use serde::Serialize;

use crate::difference::{Item, Report};

/// What `gwc diff -o json` prints.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Diff {
    /// `gwc.diff/v1`.
    schema_version: &'static str,
    /// One line.
    verdict: String,
    /// Worst class: `break`, `unproven`, `shift`, `add`, `noop`, or `none`.
    worst: &'static str,
    /// Changes by class.
    counts: Counts,
    /// Changes, the worst first.
    changes: Vec<Change>,
    /// Objects whose text changed without effect.
    noops: Vec<NoEffect>,
    /// Findings of `gwc diff` itself (GWC7007).
    findings: Vec<CutoverFinding>,
    /// Findings of severity error that only the new side has.
    new_errors: Vec<String>,
    /// Findings of severity error that only the old side has.
    fixed_errors: Vec<String>,
}

/// Numbers of changes.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Counts {
    r#break: usize,
    unproven: usize,
    shift: usize,
    add: usize,
    noop: usize,
}

/// One change.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Change {
    /// `break`, `unproven`, `shift` or `add`.
    class: &'static str,
    /// What it is about.
    title: String,
    /// What was.
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<String>,
    /// What is.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<String>,
    /// A request that shows it, as a command line of `gwc route`.
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<String>,
    /// Remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

/// An object whose text changed without effect.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct NoEffect {
    /// `Kind namespace/name`.
    object: String,
    /// `changed`, `added` or `removed`.
    how: &'static str,
}

/// A share that moves far at once.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct CutoverFinding {
    /// `GWC7007`.
    code: &'static str,
    /// The backend.
    backend: String,
    /// Percent before.
    old_percent: f64,
    /// Percent now.
    new_percent: f64,
    /// A request of it.
    request: String,
    /// `file:line:column` of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

/// Writes JSON.
pub(crate) fn write(report: &Report<'_>) -> String {
    let changes = &report.changes;
    let diff = Diff {
        schema_version: "gwc.diff/v1",
        verdict: report.verdict(),
        worst: changes.worst().map_or("none", Class::name),
        counts: Counts {
            r#break: changes.count(Class::Break),
            unproven: changes.count(Class::Unproven),
            shift: changes.count(Class::Shift),
            add: changes.count(Class::Add),
            noop: changes.count(Class::Noop),
        },
        changes: report.items().into_iter().map(change).collect(),
        noops: changes.noops.iter().map(|one| NoEffect { object: one.object.clone(), how: one.how }).collect(),
        findings: report.cutovers.iter().cloned().map(cutover).collect(),
        new_errors: report.findings.new.clone(),
        fixed_errors: report.findings.fixed.clone(),
    };
    let mut text = serde_json::to_string_pretty(&diff).unwrap_or_default();
    text.push('\n');
    text
}

fn change(item: Item) -> Change {
    let Item { class, title, witness, old, new, notes } = item;
    Change { class: class.name(), title, old, new, witness, notes }
}

fn cutover(one: crate::difference::Cutover) -> CutoverFinding {
    CutoverFinding {
        code: "GWC7007",
        backend: one.backend,
        old_percent: one.old,
        new_percent: one.new,
        request: one.request,
        location: one.place,
    }
}

//! `json` (`json-v1`) and `jsonl`: the stable shape of cli-and-rules.md §6.2 and its JSON Schema.

use gwc_core::diagnostic::{Diagnostic, Label, ObjectRef};
use gwc_core::profile::WorldMode;
use gwc_core::source::{LineColumn, Span};
use schemars::JsonSchema;
use serde::Serialize;

use crate::findings::{Finding, Report, Run};
use crate::mask;
use crate::output::text::{applicability_name, docs_address};
use crate::selection::{basis_name, severity_name};
use crate::texts::Texts;

/// Name and version of the shape.
pub(crate) const SCHEMA: &str = "gwc.check/v1";

/// The whole document.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Check {
    schema: &'static str,
    tool: Tool,
    worlds: Vec<World>,
    summary: Summary,
    diagnostics: Vec<JsonDiagnostic>,
}

/// Who wrote it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct World {
    name: String,
    target: WorldTarget,
    mode: &'static str,
    profiles: Vec<String>,
    assumptions_used: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WorldTarget {
    gateway_api: &'static str,
    channel: &'static str,
    kubernetes: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Summary {
    errors: usize,
    warnings: usize,
    infos: usize,
    fixable: usize,
    suppressed: usize,
    objects: usize,
    files: usize,
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JsonDiagnostic {
    code: &'static str,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_id: Option<&'static str>,
    severity: &'static str,
    basis: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    notes: Vec<String>,
    object: Option<JsonObject>,
    pointer: String,
    locations: Vec<Location>,
    conditions: Vec<JsonCondition>,
    fixes: Vec<JsonFix>,
    assumptions: Vec<String>,
    worlds: Vec<String>,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<JsonSuppressed>,
    docs: String,
}

/// Identity of an object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JsonObject {
    api_version: String,
    kind: String,
    namespace: String,
    name: String,
}

/// A place in a file.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Location {
    file: String,
    start: Position,
    end: Position,
    role: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
}

/// A position: line and column 1-based, byte 0-based.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Position {
    line: u32,
    column: u32,
    byte: u32,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonCondition {
    r#type: &'static str,
    status: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonFix {
    applicability: &'static str,
    title: String,
    edits: Vec<JsonEdit>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonEdit {
    file: String,
    start: Position,
    end: Position,
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonSuppressed {
    how: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Tool {
    /// This program.
    pub(crate) const SELF: Self = Self { name: "gwc", version: env!("CARGO_PKG_VERSION") };
}

/// One document with everything.
pub(crate) fn write(report: &Report, shown: &[&Finding]) -> String {
    let texts = report.texts();
    let counts = report.counts();
    let document = Check {
        schema: SCHEMA,
        tool: Tool::SELF,
        worlds: report.runs.iter().map(world).collect(),
        summary: Summary {
            errors: counts.errors,
            warnings: counts.warnings,
            infos: counts.infos,
            fixable: counts.fixable,
            suppressed: counts.suppressed,
            objects: counts.objects,
            files: counts.files,
        },
        diagnostics: diagnostics(&texts, shown),
    };
    let mut out = serde_json::to_string_pretty(&document).unwrap_or_default();
    out.push('\n');
    out
}

/// One diagnostic per line.
pub(crate) fn write_lines(report: &Report, shown: &[&Finding]) -> String {
    let texts = report.texts();
    let mut out = String::new();
    for diagnostic in diagnostics(&texts, shown) {
        out.push_str(&serde_json::to_string(&diagnostic).unwrap_or_default());
        out.push('\n');
    }
    out
}

/// The name of a world mode.
pub(crate) fn mode_name(mode: WorldMode) -> &'static str {
    match mode {
        WorldMode::Auto => "auto",
        WorldMode::Open => "open",
        WorldMode::Closed => "closed",
    }
}

impl Location {
    /// The place of a span.
    pub(crate) fn new(texts: &Texts<'_>, span: Span, role: &'static str, label: &str) -> Self {
        let place = texts.place(span);
        Self {
            file: texts.name(span.source).to_owned(),
            start: Position::new(place.start, span.start),
            end: Position::new(place.end, span.end),
            role,
            label: mask::words(label).into_owned(),
        }
    }
}

impl Position {
    fn new(at: LineColumn, byte: u32) -> Self {
        Self { line: at.line, column: at.column, byte }
    }
}

impl JsonObject {
    /// The identity of an object.
    pub(crate) fn new(object: &ObjectRef) -> Self {
        Self {
            api_version: object.api_version.clone(),
            kind: object.kind.clone(),
            namespace: object.namespace.clone(),
            name: object.name.clone(),
        }
    }
}

fn world(run: &Run) -> World {
    let target = run.compilation.target;
    let mut assumptions_used = run.compilation.assumptions_used.clone();
    assumptions_used.sort();
    World {
        name: run.spec.name.clone(),
        target: WorldTarget { gateway_api: target.bundle.version(), channel: target.channel.name(), kubernetes: None },
        mode: mode_name(run.spec.profile.world.mode),
        profiles: Vec::new(),
        assumptions_used,
    }
}

/// Findings as they stand in the documents.
pub(crate) fn diagnostics(texts: &[Texts<'_>], shown: &[&Finding]) -> Vec<JsonDiagnostic> {
    let pairs = shown.iter().filter_map(|finding| Some((finding, texts.get(finding.run)?)));
    pairs.map(|(finding, texts)| diagnostic(finding, texts)).collect()
}

fn diagnostic(finding: &Finding, texts: &Texts<'_>) -> JsonDiagnostic {
    let from = &finding.diagnostic;
    let words = |text: &String| mask::words(text).into_owned();
    JsonDiagnostic {
        code: from.code.number,
        name: from.code.name,
        sub_id: from.sub_id,
        severity: severity_name(from.severity),
        basis: basis_name(from.basis),
        message: words(&from.message),
        effect: from.effect.as_ref().map(words),
        help: from.help.as_ref().map(words),
        notes: from.notes.iter().map(words).collect(),
        object: from.object.as_ref().map(JsonObject::new),
        pointer: finding.pointer.clone(),
        locations: locations(from, texts),
        conditions: from.conditions.iter().map(condition).collect(),
        fixes: fixes(from, texts),
        assumptions: from.assumptions.clone(),
        worlds: finding.worlds.clone(),
        fingerprint: finding.fingerprint.clone(),
        suppressed: finding
            .suppressed
            .as_ref()
            .map(|suppressed| JsonSuppressed { how: suppressed.how, reason: suppressed.reason.as_ref().map(words) }),
        docs: docs_address(from),
    }
}

fn locations(diagnostic: &Diagnostic, texts: &Texts<'_>) -> Vec<Location> {
    let primary = Location::new(texts, diagnostic.primary, "primary", &diagnostic.primary_label);
    let related = |label: &Label| Location::new(texts, label.span, "related", &label.text);
    std::iter::once(primary).chain(diagnostic.labels.iter().map(related)).collect()
}

fn condition(condition: &gwc_core::diagnostic::ConditionEffect) -> JsonCondition {
    JsonCondition {
        r#type: condition.r#type,
        status: condition.status,
        reason: condition.reason,
        parent: condition.parent.clone(),
    }
}

fn fixes(diagnostic: &Diagnostic, texts: &Texts<'_>) -> Vec<JsonFix> {
    let edit = |edit: &gwc_core::diagnostic::Edit| {
        let place = texts.place(edit.span);
        JsonEdit {
            file: texts.name(edit.span.source).to_owned(),
            start: Position::new(place.start, edit.span.start),
            end: Position::new(place.end, edit.span.end),
            text: mask::words(&edit.text).into_owned(),
        }
    };
    let fix = |fix: &gwc_core::diagnostic::Fix| JsonFix {
        applicability: applicability_name(fix.applicability),
        title: mask::words(&fix.title).into_owned(),
        edits: fix.edits.iter().map(edit).collect(),
    };
    diagnostic.fixes.iter().map(fix).collect()
}

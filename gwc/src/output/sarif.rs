//! SARIF 2.1.0: one run, `ruleId` = code, fingerprints, related locations, fixes, suppressions.

use std::collections::BTreeSet;

use gwc_core::diagnostic::rule::{self, Rule};
use gwc_core::diagnostic::{Diagnostic, Edit, Fix, Severity};
use gwc_core::source::Span;
use serde_json::{Value, json};

use crate::compile;
use crate::findings::{Finding, Report};
use crate::mask;
use crate::output::text::docs_address;
use crate::selection::{basis_name, group_name};
use crate::texts::Texts;

/// Where the schema of the format lives.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The whole log.
pub(crate) fn write(report: &Report, shown: &[&Finding]) -> String {
    let texts = report.texts();
    let codes: BTreeSet<&str> = shown.iter().map(|finding| finding.diagnostic.code.number).collect();
    let rules: Vec<&Rule> = codes.iter().filter_map(|code| rule::find(code)).collect();
    let results: Vec<Value> = shown
        .iter()
        .filter_map(|finding| {
            let index = rules.iter().position(|rule| rule.code == finding.diagnostic.code);
            Some(result(finding, texts.get(finding.run)?, index))
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "gwc",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "PROJECTROOT": { "description": { "text": "the root of the project" } } },
            "results": results,
        }],
    });
    let mut out = serde_json::to_string_pretty(&log).unwrap_or_default();
    out.push('\n');
    out
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
        Severity::Off => "none",
    }
}

fn descriptor(rule: &Rule) -> Value {
    let mut descriptor = json!({
        "id": rule.code.number,
        "name": rule.code.name,
        "defaultConfiguration": { "level": level(rule.severity), "enabled": rule.severity != Severity::Off },
        "properties": { "tags": [group_name(rule.group)], "basis": basis_name(rule.basis) },
    });
    if let Some(docs) = compile::docs(rule.code) {
        descriptor["shortDescription"] = json!({ "text": docs.summary });
        descriptor["fullDescription"] = json!({ "text": docs.why });
        descriptor["help"] = json!({ "text": docs.fix });
    } else {
        descriptor["shortDescription"] = json!({ "text": rule.code.name.replace('-', " ") });
    }
    descriptor
}

fn result(finding: &Finding, texts: &Texts<'_>, index: Option<usize>) -> Value {
    let diagnostic = &finding.diagnostic;
    let mut result = json!({
        "ruleId": diagnostic.code.number,
        "level": level(diagnostic.severity),
        "message": { "text": message(diagnostic) },
        "locations": [location(finding, texts)],
        "partialFingerprints": { "gwc/v1": finding.fingerprint },
        "properties": {
            "basis": basis_name(diagnostic.basis),
            "pointer": finding.pointer,
            "worlds": finding.worlds,
            "docs": docs_address(diagnostic),
        },
    });
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    if !diagnostic.labels.is_empty() {
        let related = diagnostic.labels.iter().enumerate().map(|(id, label)| {
            json!({
                "id": id,
                "physicalLocation": physical(texts, label.span),
                "message": { "text": mask::words(&label.text) },
            })
        });
        result["relatedLocations"] = Value::Array(related.collect());
    }
    let fixes: Vec<Value> = diagnostic.fixes.iter().filter_map(|fix| edits(fix, texts)).collect();
    if !fixes.is_empty() {
        result["fixes"] = Value::Array(fixes);
    }
    if let Some(suppressed) = &finding.suppressed {
        let kind = if suppressed.how == "config" { "external" } else { "inSource" };
        let reason = suppressed.reason.as_deref().unwrap_or_default();
        result["suppressions"] = json!([{ "kind": kind, "status": "accepted", "justification": reason }]);
    }
    result
}

fn message(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    let more = [("effect", &diagnostic.effect), ("help", &diagnostic.help)];
    for (name, more) in more.into_iter().filter_map(|(name, more)| Some((name, more.as_ref()?))) {
        text.push_str(&format!("\n{name}: {more}"));
    }
    diagnostic.notes.iter().for_each(|note| text.push_str(&format!("\nnote: {note}")));
    mask::words(&text).into_owned()
}

fn location(finding: &Finding, texts: &Texts<'_>) -> Value {
    let mut location = json!({ "physicalLocation": physical(texts, finding.diagnostic.primary) });
    if let Some(object) = &finding.diagnostic.object {
        let name = format!("{}/{}/{}", object.kind, object.namespace, object.name);
        let logical = json!([{ "name": object.name, "fullyQualifiedName": name, "kind": "object" }]);
        location["logicalLocations"] = logical;
    }
    location
}

fn physical(texts: &Texts<'_>, span: Span) -> Value {
    json!({ "artifactLocation": artifact(texts.name(span.source)), "region": region(texts, span) })
}

/// Relative names hang under the project's root; what is no file name is escaped too.
fn artifact(name: &str) -> Value {
    let uri = percent_encoded(name);
    if name.starts_with('/') {
        json!({ "uri": format!("file://{uri}") })
    } else {
        json!({ "uri": uri, "uriBaseId": "PROJECTROOT" })
    }
}

fn percent_encoded(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    name.bytes().fold(String::new(), |mut out, byte| {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

fn region(texts: &Texts<'_>, span: Span) -> Value {
    let place = texts.place(span);
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
        "byteOffset": span.start,
        "byteLength": span.end.saturating_sub(span.start),
    })
}

/// A fix with its edits per file; one without edits is no fix for SARIF.
fn edits(fix: &Fix, texts: &Texts<'_>) -> Option<Value> {
    let files: BTreeSet<_> = fix.edits.iter().map(|edit| edit.span.source).collect();
    let replacement = |edit: &Edit| json!({ "deletedRegion": region(texts, edit.span), "insertedContent": { "text": mask::words(&edit.text) } });
    let changes: Vec<Value> = files
        .into_iter()
        .map(|file| {
            let own = fix.edits.iter().filter(|edit| edit.span.source == file);
            json!({
                "artifactLocation": artifact(texts.name(file)),
                "replacements": own.map(replacement).collect::<Vec<_>>(),
            })
        })
        .collect();
    let title = mask::words(&fix.title);
    (!changes.is_empty()).then(|| json!({ "description": { "text": title }, "artifactChanges": changes }))
}

//! `--statistics`: counts per rule, kind and namespace; suppressed findings of basis `spec` stay visible.

use std::collections::BTreeMap;
use std::fmt::Write;

use gwc_core::diagnostic::Basis;

use crate::findings::{Finding, Report};

/// The tables.
pub(crate) fn write(report: &Report) -> String {
    let mut out = String::new();
    let rule = |finding: &Finding| format!("{} {}", finding.diagnostic.code.number, finding.diagnostic.code.name);
    table("rule", report.active().map(rule), &mut out);
    let object = |finding: &Finding| finding.diagnostic.object.clone();
    let kind = |finding: &Finding| object(finding).map_or_else(|| "(file)".to_owned(), |object| object.kind);
    table("kind", report.active().map(kind), &mut out);
    let namespace = |finding: &Finding| {
        let namespace = object(finding).map(|object| object.namespace).unwrap_or_default();
        if namespace.is_empty() { "(none)".to_owned() } else { namespace }
    };
    table("namespace", report.active().map(namespace), &mut out);
    let suppressed = report.findings.iter().filter(|finding| finding.suppressed.is_some());
    let certain = suppressed.filter(|finding| finding.diagnostic.basis == Basis::Spec);
    table("suppressed, certain", certain.map(rule), &mut out);
    let _ = writeln!(out, "{:>7}  with a fix", report.counts().fixable);
    out
}

fn table(title: &str, keys: impl Iterator<Item = String>, out: &mut String) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    let mut rows: Vec<(String, usize)> = counts.into_iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let _ = writeln!(out, "{:>7}  {title}", "count");
    for (key, count) in rows {
        let _ = writeln!(out, "{count:>7}  {key}");
    }
    out.push('\n');
}

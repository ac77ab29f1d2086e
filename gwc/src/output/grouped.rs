//! Findings per object, then those of files without an object.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::findings::{Finding, Report};
use crate::output::style::{Ink, Style, ink};
use crate::selection::severity_name;
use crate::texts::printable;

/// All findings that `shown` picks.
pub(crate) fn write(report: &Report, shown: &[&Finding], style: Style) -> String {
    let texts = report.texts();
    let mut groups: BTreeMap<(bool, String), Vec<&Finding>> = BTreeMap::new();
    for finding in shown {
        let Some(texts) = texts.get(finding.run) else { continue };
        let file = texts.name(finding.diagnostic.primary.source);
        let key = match &finding.diagnostic.object {
            Some(object) => (false, object_name(object)),
            None => (true, file.to_owned()),
        };
        groups.entry(key).or_default().push(finding);
    }
    let mut out = String::new();
    for ((_, title), findings) in groups {
        let _ = writeln!(out, "{}", style.paint(Ink::Strong, &printable(&title)));
        for finding in findings {
            let Some(texts) = texts.get(finding.run) else { continue };
            let diagnostic = &finding.diagnostic;
            let head = format!("{}[{}]", severity_name(diagnostic.severity), diagnostic.code.number);
            let head = style.paint(ink(diagnostic.severity), &head);
            let place = style.paint(Ink::Dim, &texts.short(diagnostic.primary));
            let _ = writeln!(out, "  {head} {}  {place}", printable(&diagnostic.message).replace('\n', " "));
        }
        out.push('\n');
    }
    out
}

/// `HTTPRoute shop/store`.
pub(crate) fn object_name(object: &gwc_core::diagnostic::ObjectRef) -> String {
    if object.namespace.is_empty() {
        format!("{} {}", object.kind, object.name)
    } else {
        format!("{} {}/{}", object.kind, object.namespace, object.name)
    }
}

//! `file:line:column: severity[CODE] message`, one line per finding, for editors and problem matchers.

use std::fmt::Write;

use crate::findings::{Finding, Report};
use crate::output::style::{Style, ink};
use crate::selection::severity_name;
use crate::texts::printable;

/// All findings that `shown` picks.
pub(crate) fn write(report: &Report, shown: &[&Finding], style: Style) -> String {
    let texts = report.texts();
    let mut out = String::new();
    for finding in shown {
        let Some(texts) = texts.get(finding.run) else { continue };
        let diagnostic = &finding.diagnostic;
        let head = format!("{}[{}]", severity_name(diagnostic.severity), diagnostic.code.number);
        let head = style.paint(ink(diagnostic.severity), &head);
        let message = printable(&diagnostic.message).replace('\n', " ");
        let suppressed = if finding.suppressed.is_some() { " (suppressed)" } else { "" };
        let _ = writeln!(out, "{}: {head} {message}{suppressed}", texts.short(diagnostic.primary));
    }
    out
}

//! GitHub workflow commands: one annotation per finding, highest severity first.

use std::fmt::Write;

use gwc_core::diagnostic::Severity;

use crate::findings::{Finding, Report};
use crate::mask;

/// All findings that `shown` picks.
pub(crate) fn write(report: &Report, shown: &[&Finding]) -> String {
    let texts = report.texts();
    let mut order: Vec<&&Finding> = shown.iter().collect();
    order.sort_by_key(|finding| std::cmp::Reverse(finding.diagnostic.severity));
    let mut out = String::new();
    for finding in order {
        let Some(texts) = texts.get(finding.run) else { continue };
        let diagnostic = &finding.diagnostic;
        let place = texts.place(diagnostic.primary);
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Off => "notice",
        };
        let mut message = diagnostic.message.clone();
        for more in [&diagnostic.effect, &diagnostic.help].into_iter().flatten() {
            message.push('\n');
            message.push_str(more);
        }
        let _ = write!(out, "::{command} file={}", property(texts.name(diagnostic.primary.source)));
        let _ = write!(out, ",line={},endLine={}", place.start.line, place.end.line);
        // Columns are only understood within one line.
        if place.start.line == place.end.line {
            let _ = write!(out, ",col={},endColumn={}", place.start.column, place.end.column);
        }
        let title = format!("{} {}", diagnostic.code.number, diagnostic.code.name);
        let _ = writeln!(out, ",title={}::{}", property(&title), data(&mask::words(&message)));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

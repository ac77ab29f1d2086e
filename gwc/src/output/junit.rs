//! JUnit XML: a suite per world, a case per checked object, so that clean objects are visible too.

use std::collections::BTreeMap;
use std::fmt::Write;

use gwc_core::diagnostic::{ObjectRef, Severity};
use gwc_core::source::Role;

use crate::findings::{Finding, Report};
use crate::mask;
use crate::selection::severity_name;
use crate::texts::Texts;

/// A case: file and object; the object is empty for findings about a file.
type Case<'r> = (&'r str, Option<&'r ObjectRef>);

/// All findings that `shown` picks.
pub(crate) fn write(report: &Report, shown: &[&Finding]) -> String {
    let texts = report.texts();
    let mut body = String::new();
    let (mut tests, mut failures) = (0, 0);
    for run in &report.runs {
        let name = &run.spec.name;
        let mut cases: BTreeMap<Case<'_>, Vec<&Finding>> = BTreeMap::new();
        for summary in run.compilation.objects.iter().filter(|object| object.role == Role::Checked) {
            let file = &run.sources.source(summary.span.source).name;
            cases.entry((file, Some(&summary.object))).or_default();
        }
        for finding in shown.iter().filter(|finding| finding.worlds.contains(name)) {
            let Some(texts) = texts.get(finding.run) else { continue };
            let file = texts.name(finding.diagnostic.primary.source);
            cases.entry((file, finding.diagnostic.object.as_ref())).or_default().push(finding);
        }
        let is_failed = |findings: &[&Finding]| findings.iter().any(|finding| is_failure(finding));
        let failed = cases.values().filter(|findings| is_failed(findings)).count();
        (tests, failures) = (tests + cases.len(), failures + failed);
        let _ = writeln!(
            body,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\">",
            escaped(name),
            cases.len()
        );
        cases.iter().for_each(|(key, findings)| case(*key, findings, &texts, &mut body));
        body.push_str("  </testsuite>\n");
    }
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    format!("{head}<testsuites name=\"gwc\" tests=\"{tests}\" failures=\"{failures}\">\n{body}</testsuites>\n")
}

fn is_failure(finding: &Finding) -> bool {
    finding.suppressed.is_none() && finding.diagnostic.severity >= Severity::Warning
}

fn case((file, object): Case<'_>, findings: &[&Finding], texts: &[Texts<'_>], out: &mut String) {
    let name = match object {
        Some(object) if object.namespace.is_empty() => format!("{}/{}", object.kind, object.name),
        Some(object) => format!("{}/{}/{}", object.kind, object.namespace, object.name),
        None => "file".to_owned(),
    };
    let _ = write!(out, "    <testcase classname=\"{}\" name=\"{}\"", escaped(file), escaped(&name));
    if findings.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    for finding in findings {
        let Some(texts) = texts.get(finding.run) else { continue };
        let diagnostic = &finding.diagnostic;
        let message = mask::words(&diagnostic.message);
        let place = texts.short(diagnostic.primary);
        let more: Vec<&str> =
            [&diagnostic.effect, &diagnostic.help].into_iter().flatten().map(String::as_str).collect();
        let more = if more.is_empty() { String::new() } else { format!("\n{}", mask::words(&more.join("\n"))) };
        let severity = severity_name(diagnostic.severity);
        let detail = escaped(&format!("{place}: {severity}[{}] {message}{more}", diagnostic.code.number));
        if is_failure(finding) {
            let _ = writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">{detail}</failure>",
                diagnostic.code.number,
                escaped(&message)
            );
        } else {
            let _ = writeln!(out, "      <system-out>{detail}</system-out>");
        }
    }
    out.push_str("    </testcase>\n");
}

/// Text for an XML attribute or element; characters that XML cannot hold become U+FFFD.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            c if (c as u32) < 0x20 || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

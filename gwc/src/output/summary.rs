//! The closing lines of a check: counts, target and how it was found, assumptions.

use std::collections::BTreeSet;
use std::fmt::Write;

use gwc_core::profile::TargetSource;

use crate::findings::Report;
use crate::output::counted;

/// `Found 3 errors, 2 warnings (1 with a fix) in 41 objects, 17 files` and the target.
pub(crate) fn write(report: &Report) -> String {
    let counts = report.counts();
    let sorts = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "remark")];
    let found: Vec<String> =
        sorts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(count, word)).collect();
    let mut place = format!("{}, {}", counted(counts.objects, "object"), counted(counts.files, "file"));
    if report.runs.len() > 1 {
        let _ = write!(place, ", {} worlds", report.runs.len());
    }
    let mut out = match found.as_slice() {
        [] => format!("No findings in {place}"),
        found => format!("Found {}", found.join(", ")),
    };
    if counts.fixable > 0 {
        let _ = write!(out, " ({} with a fix)", counts.fixable);
    }
    if !found.is_empty() {
        let _ = write!(out, " in {place}");
    }
    if counts.suppressed > 0 {
        let _ = write!(out, "; {} suppressed", counts.suppressed);
    }
    out.push('\n');
    let unproven: usize = report.runs.iter().map(|run| run.compilation.unproven_matches).sum();
    if unproven > 0 {
        let matches = if unproven == 1 { "1 match".to_owned() } else { format!("{unproven} matches") };
        let _ = writeln!(out, "{matches} with regular expressions could not be proven reachable or not");
    }
    targets(report, &mut out);
    assumptions(report, &mut out);
    out
}

/// How a target was found, in words.
pub(crate) fn target_source_name(source: TargetSource) -> &'static str {
    match source {
        TargetSource::Given => "given",
        TargetSource::Detected => "detected from the CRDs in the input",
        TargetSource::Default => "default; name another with --gateway-api",
    }
}

fn targets(report: &Report, out: &mut String) {
    let mut said = BTreeSet::new();
    for run in &report.runs {
        let target = run.compilation.target;
        let text = format!(
            "Gateway API {}/{} ({})",
            target.bundle.version(),
            target.channel.name(),
            target_source_name(run.compilation.target_source)
        );
        let world = if report.runs.len() > 1 { format!(" of world {}", run.spec.name) } else { String::new() };
        if said.insert((world.clone(), text.clone())) {
            let _ = writeln!(out, "Target{world}: {text}");
        }
    }
}

fn assumptions(report: &Report, out: &mut String) {
    let used: BTreeSet<&String> = report.runs.iter().flat_map(|run| &run.compilation.assumptions_used).collect();
    if used.is_empty() {
        return;
    }
    let list: Vec<&str> = used.into_iter().map(String::as_str).collect();
    // A long list helps nobody here; the JSON output has all of them.
    let (shown, rest) = list.split_at(list.len().min(6));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    let _ = writeln!(out, "Assumed: {}{more}", shown.join(", "));
}

//! The report for terminals.

use std::fmt::Write;

use gwc_core::change::Class;

use crate::difference::Report;
use crate::output::style::{Ink, Style};
use crate::texts::printable;

/// Writes the report.
pub(crate) fn write(report: &Report<'_>, style: Style) -> String {
    let mut out = format!("{}\n", style.paint(Ink::Strong, &report.verdict()));
    for item in report.items() {
        let ink = match item.class {
            Class::Break => Ink::Red,
            Class::Unproven | Class::Shift => Ink::Yellow,
            Class::Add => Ink::Green,
            Class::Noop => Ink::Dim,
        };
        let _ = writeln!(out, "\n{}  {}", style.paint(ink, item.class.name()), printable(&item.title));
        let lines = [("was", &item.old), ("now", &item.new), ("try", &item.witness)];
        for (word, line) in lines.into_iter().filter_map(|(word, line)| Some((word, line.as_ref()?))) {
            let _ = writeln!(out, "    {word}  {}", printable(line));
        }
        for note in &item.notes {
            let _ = writeln!(out, "    {}", printable(note));
        }
    }
    if !report.changes.noops.is_empty() {
        out.push_str("\nnoop   text without effect:\n");
        for noop in &report.changes.noops {
            let _ = writeln!(out, "    {} {}", printable(&noop.object), noop.how);
        }
    }
    for cutover in &report.cutovers {
        let place = cutover.place.as_deref().unwrap_or_default();
        let _ = writeln!(
            out,
            "\nwarning[GWC7007 hard-cutover]: share of `{}` goes from {:.0} % to {:.0} % at once\n    {}\n    {}",
            cutover.backend,
            cutover.old,
            cutover.new,
            printable(place),
            printable(&cutover.request)
        );
    }
    findings(&mut out, report);
    out
}

fn findings(out: &mut String, report: &Report<'_>) {
    let lists = [("new errors", &report.findings.new), ("errors gone", &report.findings.fixed)];
    for (what, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        let _ = writeln!(out, "\n{what}: {}", list.len());
        for one in list {
            let _ = writeln!(out, "    {}", printable(one));
        }
    }
}

//! The report for a pull request.

use std::fmt::Write;

use gwc_core::change::Class;

use crate::difference::{Item, Report};

/// Writes Markdown: verdict, counts, one folded section for each class.
pub(crate) fn write(report: &Report<'_>) -> String {
    let mut out = format!("### gwc diff: {}\n\n", escaped(&report.verdict()));
    let classes = [Class::Break, Class::Unproven, Class::Shift, Class::Add, Class::Noop];
    out.push_str("| class | changes |\n|---|---:|\n");
    for class in classes {
        let _ = writeln!(out, "| {} | {} |", class.name(), report.changes.count(class));
    }
    let items = report.items();
    for class in classes {
        let own: Vec<&Item> = items.iter().filter(|item| item.class == class).collect();
        if !own.is_empty() {
            // What breaks is seen at once.
            let open = if class == Class::Break { " open" } else { "" };
            let _ = writeln!(out, "\n<details{open}><summary>{} ({})</summary>\n", class.name(), own.len());
            own.into_iter().for_each(|item| self::item(&mut out, item));
            out.push_str("\n</details>\n");
        }
    }
    if !report.changes.noops.is_empty() {
        out.push_str("\n<details><summary>text without effect</summary>\n\n");
        for noop in &report.changes.noops {
            let _ = writeln!(out, "- {} {}", escaped(&noop.object), noop.how);
        }
        out.push_str("\n</details>\n");
    }
    for cutover in &report.cutovers {
        let _ = writeln!(
            out,
            "\n> **GWC7007 hard-cutover**: share of `{}` goes from {:.0} % to {:.0} % at once",
            cutover.backend, cutover.old, cutover.new
        );
    }
    let lists = [("New errors", &report.findings.new), ("Errors gone", &report.findings.fixed)];
    for (what, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        let _ = writeln!(out, "\n{what}: {}\n", list.len());
        for one in list {
            let _ = writeln!(out, "- {}", escaped(one));
        }
    }
    out
}

fn item(out: &mut String, item: &Item) {
    let _ = writeln!(out, "- **{}**", escaped(&item.title));
    let lines = [("was", &item.old), ("now", &item.new)];
    for (word, line) in lines.into_iter().filter_map(|(word, line)| Some((word, line.as_ref()?))) {
        let _ = writeln!(out, "  - {word}: {}", escaped(line));
    }
    if let Some(witness) = &item.witness {
        let _ = writeln!(out, "  - try: `{}`", witness.replace('`', "'"));
    }
    for note in &item.notes {
        let _ = writeln!(out, "  - {}", escaped(note));
    }
}

/// Text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '*' | '_' | '`' | '|' | '[' | ']' | '\\' | '#' => {
                out.push('\\');
                out.push(letter);
            }
            _ if letter.is_control() => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

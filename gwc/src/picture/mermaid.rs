//! The picture for Mermaid, which forges draw in Markdown.

use std::fmt::Write;

use crate::picture::{Picture, Verdict, dot, word};

/// Writes a flowchart.
pub(crate) fn write(picture: &Picture, told: bool) -> String {
    let mut out = String::from("flowchart LR\n");
    for (at, item) in picture.items.iter().enumerate() {
        let mut label = format!("{}<br>{}", item.group_kind.kind, escaped(&item.key.to_string()));
        if told {
            item.conditions.iter().for_each(|condition| label.push_str(&format!("<br>{}", escaped(condition))));
        }
        let _ = writeln!(out, "  n{at}[\"{label}\"]:::{}", item.verdict.name());
    }
    for line in &picture.lines {
        let arrow = match line.verdict {
            Verdict::Bad => "-. ✗",
            Verdict::Open => "-. ?",
            Verdict::Good | Verdict::Neutral => "--",
        };
        let end = if arrow == "--" { "-->" } else { ".->" };
        let _ = writeln!(out, "  n{} {arrow} {} {end} n{}", line.from, word(line.kind), line.to);
    }
    for verdict in [Verdict::Good, Verdict::Open, Verdict::Bad, Verdict::Neutral] {
        let _ =
            writeln!(out, "  classDef {} fill:{},stroke:#7f8c8d,color:#17202a", verdict.name(), dot::color(verdict));
    }
    out
}

/// Text inside quotes of a label.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

//! The picture for Graphviz.

use std::fmt::Write;

use crate::picture::{Item, Picture, Verdict, word};

/// Writes a digraph, one cluster for each namespace.
pub(crate) fn write(picture: &Picture, told: bool) -> String {
    let mut out = String::from("digraph gateway_api {\n  rankdir=LR;\n  node [shape=box, style=filled];\n");
    let mut namespaces: Vec<&str> = picture.items.iter().map(|item| item.key.namespace.as_str()).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    for (number, namespace) in namespaces.into_iter().enumerate() {
        let own = picture.items.iter().enumerate().filter(|(_, item)| item.key.namespace == namespace);
        if namespace.is_empty() {
            own.for_each(|(at, item)| node(&mut out, "  ", (at, item), told));
            continue;
        }
        let _ = writeln!(out, "  subgraph cluster_{number} {{\n    label={};", quoted(namespace));
        own.for_each(|(at, item)| node(&mut out, "    ", (at, item), told));
        out.push_str("  }\n");
    }
    for line in &picture.lines {
        let color = match line.verdict {
            Verdict::Bad => ", color=\"#c0392b\", fontcolor=\"#c0392b\"",
            Verdict::Open => ", style=dashed",
            Verdict::Good | Verdict::Neutral => "",
        };
        let _ = writeln!(out, "  n{} -> n{} [label={}{color}];", line.from, line.to, quoted(word(line.kind)));
    }
    out.push_str("}\n");
    out
}

fn node(out: &mut String, indent: &str, (at, item): (usize, &Item), told: bool) {
    let mut label = format!("{}\n{}", item.group_kind.kind, item.key.name);
    if told {
        item.conditions.iter().for_each(|condition| label.push_str(&format!("\n{condition}")));
    }
    let (label, color) = (quoted(&label), color(item.verdict));
    let _ = writeln!(out, "{indent}n{at} [label={label}, fillcolor=\"{color}\"];");
}

/// Fill colour of a verdict; the mermaid writer uses the same.
pub(crate) fn color(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "#d5f5e3",
        Verdict::Open => "#fcf3cf",
        Verdict::Bad => "#fadbd8",
        Verdict::Neutral => "#eaeded",
    }
}

/// A string of the DOT language; line breaks are kept.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

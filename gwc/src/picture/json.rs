//! The picture as data.

use gwc_core::graph::reference::Presence;
use serde::Serialize;

use crate::picture::{Item, Line, Picture, word};
use crate::texts::Texts;

/// What `gwc graph -o json` prints.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Graph {
    /// `gwc.graph/v1`.
    schema_version: &'static str,
    /// Objects; references name them by position.
    nodes: Vec<GraphNode>,
    /// References.
    edges: Vec<GraphEdge>,
}

/// An object.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct GraphNode {
    /// API group; empty for core.
    group: String,
    /// Kind.
    kind: String,
    /// Namespace; empty for cluster-scoped kinds.
    namespace: String,
    /// Name.
    name: String,
    /// `present`, `missing`, or `refused` by the API server.
    presence: &'static str,
    /// `good`, `open` (depends on facts that are not in the input), `bad`, or `neutral`.
    verdict: &'static str,
    /// Conditions that are not as they should be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conditions: Vec<String>,
    /// `file:line:column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

/// A reference.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct GraphEdge {
    /// Position of the object that refers.
    from: usize,
    /// Position of its target.
    to: usize,
    /// What for.
    relation: &'static str,
    /// As for nodes.
    verdict: &'static str,
    /// `file:line:column`.
    location: String,
}

/// Writes JSON.
pub(crate) fn write(picture: &Picture, texts: &Texts<'_>) -> String {
    let graph = Graph {
        schema_version: "gwc.graph/v1",
        nodes: picture.items.iter().map(|item| node(item, texts)).collect(),
        edges: picture.lines.iter().map(|line| edge(line, texts)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&graph).unwrap_or_default();
    text.push('\n');
    text
}

fn node(item: &Item, texts: &Texts<'_>) -> GraphNode {
    GraphNode {
        group: item.group_kind.group.to_string(),
        kind: item.group_kind.kind.to_string(),
        namespace: item.key.namespace.to_string(),
        name: item.key.name.to_string(),
        presence: match item.presence {
            Presence::Present => "present",
            Presence::Refused => "refused",
            Presence::Missing => "missing",
        },
        verdict: item.verdict.name(),
        conditions: item.conditions.clone(),
        location: item.span.map(|span| texts.short(span)),
    }
}

fn edge(line: &Line, texts: &Texts<'_>) -> GraphEdge {
    GraphEdge {
        from: line.from,
        to: line.to,
        relation: word(line.kind),
        verdict: line.verdict.name(),
        location: texts.short(line.span),
    }
}

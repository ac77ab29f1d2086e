//! MIG108: objects that stand in the input twice with different content. Which of them the cluster has is not known.

use gwc_core::graph::Graph;
use gwc_core::migrate::annotation::Verdict;
use gwc_core::migrate::item::{Fact, Item, Origin};
use gwc_core::migrate::{Report, code};
use gwc_core::source::Span;
use gwc_core::yaml::{Document, Node, Value};

use crate::texts;

/// Kinds that decide what is converted.
const KINDS: [&str; 5] = ["ConfigMap", "Ingress", "IngressClass", "Secret", "Service"];

/// Adds an item for each object that stands there again, otherwise.
pub(crate) fn add(graph: &Graph, documents: &[Document], report: &mut Report) {
    let node = |document: usize, span: Span| texts::node_of_span(documents.get(document)?.root.as_ref()?, span);
    for pair in &graph.duplicates {
        let kind = KINDS.iter().find(|kind| pair.kept.kind.value == **kind);
        let Some(kind) = kind else { continue };
        let kept = node(pair.kept.document, pair.kept.span);
        let dropped = node(pair.dropped.document, pair.dropped.span);
        if kept.zip(dropped).is_some_and(|(kept, dropped)| is_same(kept, dropped)) {
            continue;
        }
        let key = &pair.dropped.key;
        let source = Origin {
            kind,
            object: key.clone(),
            span: Some(pair.dropped.name_span),
            pointer: "/metadata/name".to_owned(),
        };
        let message = format!("{kind} `{key}` is there twice, with different content; the first one counts");
        let fact = Fact::Field("metadata.name".to_owned());
        let item = Item::new(source, fact, key.name.as_str(), Verdict::None);
        report.add(item.finding(code::OBJECT_GIVEN_TWICE, message).help("give the one that the cluster has"));
    }
}

/// The same content, wherever it stands.
fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Mapping(entries), Value::Mapping(others)) => {
            let is_there = |key: &str, value: &Node| other.get(key).is_some_and(|other| is_same(value, other));
            entries.len() == others.len() && entries.iter().all(|entry| is_there(&entry.key.text, &entry.value))
        }
        (Value::Sequence(items), Value::Sequence(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(item, other)| is_same(item, other))
        }
        (one, other) => one == other,
    }
}

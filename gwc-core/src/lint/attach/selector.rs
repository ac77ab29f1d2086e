//! Label selectors in words: what a selector wants, and what a namespace lacks (status.md §2.5).

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::gateway::{LabelSelector, SelectorExpression};
use crate::graph::Resolution;
use crate::lint::Cx;
use crate::lint::finding::quoted;

/// The label that the API server gives every Namespace.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// Labels of a namespace, as far as the world and its assumptions tell.
pub(super) fn labels(cx: &Cx<'_>, namespace: &str) -> BTreeMap<CompactString, CompactString> {
    let mut labels: BTreeMap<CompactString, CompactString> = BTreeMap::new();
    if let Resolution::Found(id) = cx.graph.namespace(namespace) {
        labels.extend(cx.graph.namespaces[id].meta.labels.iter().cloned());
    }
    if let Some(assumed) = cx.profile.world.assumptions.namespaces.get(namespace) {
        labels.extend(assumed.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    labels.insert(CompactString::const_new(NAME_LABEL), CompactString::from(namespace));
    labels
}

/// What labels lack to be selected; empty: they are selected.
pub(super) fn unmet(selector: &LabelSelector, labels: &BTreeMap<CompactString, CompactString>) -> Vec<String> {
    let equal = selector.match_labels.iter().filter(|(key, value, _)| labels.get(key) != Some(value));
    let equal = equal.map(|(key, value, _)| format!("{key}={value}"));
    let expressions = selector.expressions.iter().filter(|expression| !fulfilled(expression, labels));
    equal.chain(expressions.map(requirement)).collect()
}

/// What a selector wants, in a few words.
pub(super) fn text(selector: &LabelSelector) -> String {
    let equal = selector.match_labels.iter().map(|(key, value, _)| format!("{key}={value}"));
    let wanted: Vec<String> = equal.chain(selector.expressions.iter().map(requirement)).collect();
    if wanted.is_empty() { "any labels".to_owned() } else { quoted(&wanted) }
}

/// A requirement as `kubectl -l` writes it.
fn requirement(expression: &SelectorExpression) -> String {
    let SelectorExpression { key, operator, values, .. } = expression;
    match operator.as_str() {
        "Exists" => key.to_string(),
        "DoesNotExist" => format!("!{key}"),
        "In" => format!("{key} in ({})", values.join(",")),
        "NotIn" => format!("{key} notin ({})", values.join(",")),
        _ => format!("{key} {operator} ({})", values.join(",")),
    }
}

fn fulfilled(expression: &SelectorExpression, labels: &BTreeMap<CompactString, CompactString>) -> bool {
    let value = labels.get(&expression.key);
    match expression.operator.as_str() {
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "In" => value.is_some_and(|value| expression.values.contains(value)),
        "NotIn" => value.is_none_or(|value| !expression.values.contains(value)),
        _ => false,
    }
}

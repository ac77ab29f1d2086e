//! Label selectors in words: what a selector wants, and what a namespace lacks (status.md §2.5).

use crate::api::gateway::LabelSelector;
use crate::eval::selector;
use crate::lint::Cx;
use crate::lint::finding::quoted;

/// What a namespace lacks to be selected, in words.
pub(super) fn unmet(cx: &Cx<'_>, selector: &LabelSelector, namespace: &str) -> String {
    let unmet = selector::unmet(cx.graph, cx.profile, selector, namespace);
    quoted(unmet.iter().map(|one| requirement(&one.key, &one.operator, &one.values)))
}

/// Does a selector fit a namespace, for all that the world tells of its labels?
pub(super) fn selects(cx: &Cx<'_>, selector: &LabelSelector, namespace: &str) -> bool {
    selector::is_valid(selector) && selector::unmet(cx.graph, cx.profile, selector, namespace).is_empty()
}

/// What a selector wants, in a few words.
pub(super) fn text(selector: &LabelSelector) -> String {
    let equal = selector.match_labels.iter().map(|(key, value, _)| format!("{key}={value}"));
    let others = selector.expressions.iter().map(|one| requirement(&one.key, &one.operator, &one.values));
    let wanted: Vec<String> = equal.chain(others).collect();
    if wanted.is_empty() { "any labels".to_owned() } else { quoted(&wanted) }
}

/// A requirement as `kubectl -l` writes it.
fn requirement<T: AsRef<str>>(key: &str, operator: &str, values: &[T]) -> String {
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    match (operator, values.as_slice()) {
        ("Exists", _) => key.to_owned(),
        ("DoesNotExist", _) => format!("!{key}"),
        ("In", [only]) => format!("{key}={only}"),
        ("In", _) => format!("{key} in ({})", values.join(",")),
        ("NotIn", _) => format!("{key} notin ({})", values.join(",")),
        _ => format!("{key} {operator} ({})", values.join(",")),
    }
}

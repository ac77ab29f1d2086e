//! Listeners that several namespaces may use, and the routes bound to them.
//!
//! Shared by rules of best practice and of security; wording lives with the rules.

use crate::api::gateway::{AllowedNamespaces, From, LabelSelector, Listener};
use crate::eval::Binding;
use crate::graph::RouteId;
use crate::lint::Cx;
use crate::lint::finding::{entries, route_verdict};

/// The label that the API server sets on every namespace; nobody else may change it.
pub(in crate::lint) const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// May routes of more than one namespace attach?
pub(in crate::lint) fn is_shared(listener: &Listener) -> bool {
    let AllowedNamespaces { from, selector, .. } = &listener.namespaces;
    match from {
        From::All => true,
        From::Selector => !selector.as_ref().is_some_and(selects_one_namespace),
        From::Same | From::None => false,
    }
}

/// Does the selector name exactly one namespace?
fn selects_one_namespace(selector: &LabelSelector) -> bool {
    let by_label = selector.match_labels.iter().any(|(key, _, _)| key == NAME_LABEL);
    let by_expression =
        selector.expressions.iter().any(|one| one.key == NAME_LABEL && one.operator == "In" && one.values.len() == 1);
    by_label || by_expression
}

/// Bindings of a route to listeners that other namespaces may use as well.
pub(in crate::lint) fn shared_bindings<'w>(cx: &Cx<'w>, route: RouteId) -> impl Iterator<Item = &'w Binding> {
    let graph = cx.graph;
    let bindings = route_verdict(cx, route).into_iter().flat_map(entries).flat_map(|entry| &entry.bindings);
    bindings.filter(move |binding| is_shared(graph.listener(binding.listener())))
}

//! GWC7012 `allowed-routes-implicit`: a listener does not say who may attach, and routes of other namespaces name it.
//!
//! # What it checks
//! Listeners without `allowedRoutes.namespaces.from` that a parentRef of a route in another namespace selects.
//!
//! # Why it matters
//! What is left out means `Same`: these routes are refused with NotAllowedByListeners, or attach to fewer listeners
//! than their author expects. Nothing in the manifest of the Gateway tells whether that is meant.
//!
//! # Example
//! ```yaml
//! listeners:
//! - name: http
//!   port: 80
//!   protocol: HTTP
//! ```
//!
//! # Fix
//! Write out `from: Same` if the routes shall stay out; the edit does, and changes nothing. Use `Selector` or `All` if
//! they shall attach.
//!
//! # Specification
//! Gateway `spec.listeners[].allowedRoutes.namespaces.from`; status reference §2.5

use std::collections::BTreeMap;

use crate::api::gateway::Listener;
use crate::api::reference::ParentRef;
use crate::api::route::Route;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::eval::ParentVerdict;
use crate::graph::ListenerId;
use crate::lint::finding::edit::{insert_entry, mapping_at, tree};
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};

/// GWC7012.
pub(super) static LINT: Lint = Lint {
    code: rule::ALLOWED_ROUTES_IMPLICIT,
    docs: Docs {
        summary: "a listener does not say who may attach, and routes of other namespaces name it",
        what: "Listeners without `allowedRoutes.namespaces.from` that a parentRef of a route in another \
              namespace selects.",
        why: "What is left out means `Same`: these routes are refused with NotAllowedByListeners, or \
              attach to fewer listeners than their author expects. Nothing in the manifest of the \
              Gateway tells whether that is meant.",
        bad: r#"listeners:
- name: http
  port: 80
  protocol: HTTP
"#,
        good: r#"listeners:
- name: http
  port: 80
  protocol: HTTP
  allowedRoutes:
    namespaces:
      from: Same
"#,
        fix: "Write out `from: Same` if the routes shall stay out; the edit does, and changes nothing. \
              Use `Selector` or `All` if they shall attach.",
        spec: "Gateway `spec.listeners[].allowedRoutes.namespaces.from`; status reference §2.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut outside: BTreeMap<ListenerId, Vec<(&Route, &ParentRef)>> = BTreeMap::new();
    for (id, route, parent) in named_from_outside(cx) {
        outside.entry(id).or_default().push((route, parent));
    }
    for (id, routes) in outside.iter().filter(|(id, _)| !cx.graph.listener(**id).namespaces.written) {
        let listener = cx.graph.listener(*id);
        let finding = diagnostic(cx, *id, listener, routes);
        out.0.extend(finding.map(|finding| match edit(cx, *id, listener) {
            Some(edit) => finding.fix(Applicability::Safe, "write out `from: Same`", vec![edit]),
            None => finding,
        }));
    }
}

/// Listeners that a parentRef of a route in another namespace selects, with route and parentRef.
fn named_from_outside<'w>(cx: &Cx<'w>) -> impl Iterator<Item = (ListenerId, &'w Route, &'w ParentRef)> {
    let Cx { graph, evaluation, .. } = *cx;
    let routes = graph.routes.iter().zip(&evaluation.routes);
    let parents = routes.flat_map(|((_, route), verdict)| {
        route.parents.iter().zip(&verdict.parents).map(move |(parent, verdict)| (route, parent, verdict))
    });
    parents.flat_map(move |(route, parent, verdict)| {
        let candidates = match verdict {
            ParentVerdict::Entry(entry) => entry.candidates.as_slice(),
            ParentVerdict::NoEntry(_) => &[],
        };
        let selected = candidates.iter().filter(|one| one.section && one.port && one.kind).map(|one| one.listener);
        let foreign = selected.filter(move |id| {
            let owner = graph.listener_owner(*id);
            owner.key.namespace != route.meta.key.namespace && is_checked(owner)
        });
        foreign.map(move |id| (id, route, parent))
    })
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, listener: &Listener, routes: &[(&Route, &ParentRef)]) -> Option<Diagnostic> {
    let (first, _) = routes.first()?;
    let owner = cx.graph.listener_owner(id);
    let more = if routes.len() > 1 { format!(" and {} more", routes.len() - 1) } else { String::new() };
    let message = format!("listener `{}` refuses {}{more} only by default", listener.name.value, named(&first.meta));
    let mut finding = about(owner, rule::ALLOWED_ROUTES_IMPLICIT, listener.name.span, message)
        .primary_label("without `allowedRoutes.namespaces.from`, which means `Same`")
        .effect(format!("routes outside namespace `{}` do not attach", owner.key.namespace))
        .help("write `from: Same` if that is meant, else `Selector` or `All`");
    for (route, parent) in routes.iter().take(8) {
        finding = finding.label(parent.target.name.span, format!("from namespace `{}`", route.meta.key.namespace));
    }
    Some(finding)
}

fn edit(cx: &Cx<'_>, id: ListenerId, listener: &Listener) -> Option<Edit> {
    let owner = cx.graph.listener_owner(id);
    let root = tree(cx, owner)?;
    let written = listener.allowed_routes_span.and_then(|span| mapping_at(root, span));
    if let Some(mapping) = written {
        let absent = mapping.get("namespaces").is_none();
        return insert_entry(cx, owner.source(), mapping, "namespaces", &["", "  from: Same"]).filter(|_| absent);
    }
    let mapping = mapping_at(root, listener.span)?;
    insert_entry(cx, owner.source(), mapping, "allowedRoutes", &["", "  namespaces:", "    from: Same"])
}

//! GWC3010 `redundant-hostname`: a hostname of a route is covered by a wildcard of the same route.
//!
//! # What it checks
//! Routes that list a hostname besides a wildcard which already covers it.
//!
//! # Why it matters
//! The hostname adds no request: whatever reaches it also reaches the wildcard, on the same listeners. It only hides
//! which names the route means, and it drifts when the wildcard changes.
//!
//! # Example
//! ```yaml
//! hostnames:
//! - "*.example.com"
//! - shop.example.com
//! ```
//!
//! # Fix
//! Remove the covered hostname, or the wildcard if only the single name was meant. The edit is safe where no other
//! route on the listeners claims a hostname between the two; else precedence changes and the edit counts as unsafe.
//!
//! # Specification
//! HTTPRoute `spec.hostnames`; status reference §2.6, §5.1

use crate::api::route::Route;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::eval::Binding;
use crate::graph::{ListenerId, RouteId};
use crate::lint::finding::edit::{remove_item, tree};
use crate::lint::finding::reference::routes;
use crate::lint::finding::{about, entries, route_verdict};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Spanned;
use crate::value::Hostname;

/// GWC3010.
pub(super) static LINT: Lint = Lint {
    code: rule::REDUNDANT_HOSTNAME,
    docs: Docs {
        summary: "a hostname of a route is covered by a wildcard of the same route",
        what: "Routes that list a hostname besides a wildcard which already covers it.",
        why: "The hostname adds no request: whatever reaches it also reaches the wildcard, on the same \
              listeners. It only hides which names the route means, and it drifts when the wildcard \
              changes.",
        bad: r#"hostnames:
- "*.example.com"
- shop.example.com
"#,
        good: r#"hostnames:
- "*.example.com"
"#,
        fix: "Remove the covered hostname, or the wildcard if only the single name was meant. The edit \
              is safe where no other route on the listeners claims a hostname between the two; else \
              precedence changes and the edit counts as unsafe.",
        spec: "HTTPRoute `spec.hostnames`; status reference §2.6, §5.1",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, route, _) in routes(cx) {
        for (position, narrow) in route.hostnames.iter().enumerate() {
            let mut others = route.hostnames.iter().enumerate().filter(|(other, _)| *other != position);
            let covers = |other: usize, wide: &Hostname| {
                wide.contains(&narrow.value) && (*wide != narrow.value || other < position)
            };
            if let Some((_, wide)) = others.find(|(other, wide)| covers(*other, &wide.value)) {
                let finding = diagnostic(route, narrow, wide);
                out.push(with_fix(cx, id, (position, &wide.value), finding));
            }
        }
    }
}

fn diagnostic(route: &Route, narrow: &Spanned<Hostname>, wide: &Spanned<Hostname>) -> Diagnostic {
    let message = format!("hostname `{}` is already covered by `{}`", narrow.value, wide.value);
    about(&route.meta, rule::REDUNDANT_HOSTNAME, narrow.span, message)
        .primary_label("adds no request")
        .label(wide.span, "covers it")
        .help(format!("remove `{}`, or `{}` if only that one name is meant", narrow.value, wide.value))
}

fn with_fix(cx: &Cx<'_>, id: RouteId, (position, wide): (usize, &Hostname), finding: Diagnostic) -> Diagnostic {
    let route = &cx.graph.routes[id];
    let (Some(edit), Some(narrow)) = (removal(cx, route, position), route.hostnames.get(position)) else {
        return finding;
    };
    let title = format!("remove `{}`", narrow.value);
    if changes_precedence(cx, id, &narrow.value, wide) {
        let finding =
            finding.note("another route on the same listener claims a hostname in between: precedence changes");
        return finding.fix(Applicability::Unsafe, title, vec![edit]);
    }
    finding.fix(Applicability::Safe, title, vec![edit])
}

fn removal(cx: &Cx<'_>, route: &Route, position: usize) -> Option<Edit> {
    let hostnames = tree(cx, &route.meta)?.at(&["spec", "hostnames"])?;
    remove_item(cx, route.meta.source(), hostnames, position)
}

/// Does another route on one of the route's listeners serve a name that covers `narrow` and is covered by `wide`?
/// Only then does the order of matches depend on the narrow hostname (status.md §5.1).
fn changes_precedence(cx: &Cx<'_>, id: RouteId, narrow: &Hostname, wide: &Hostname) -> bool {
    let listeners: Vec<ListenerId> = bindings(cx, id).map(Binding::listener).collect();
    let others = cx.graph.routes.ids().filter(|other| *other != id);
    let mut shared = others.flat_map(|other| bindings(cx, other)).filter(|other| listeners.contains(&other.listener()));
    shared.any(|other| other.hostnames().iter().flatten().any(|name| name.contains(narrow) && wide.contains(name)))
}

fn bindings<'w>(cx: &Cx<'w>, id: RouteId) -> impl Iterator<Item = &'w Binding> {
    route_verdict(cx, id).into_iter().flat_map(entries).flat_map(|entry| &entry.bindings)
}

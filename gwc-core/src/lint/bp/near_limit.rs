//! GWC7013 `near-limit`: a list is close to the length that the API allows.
//!
//! # What it checks
//! Lists that have at least three quarters of what the CRD allows: rules of a route, matches of a rule and of a route,
//! backends of a rule, parents, hostnames, listeners.
//!
//! # Why it matters
//! One of the next additions will be refused by the API server, at the least convenient time.
//!
//! # Example
//! ```yaml
//! kind: HTTPRoute
//! spec:
//!   rules: [] # 12 rules of at most 16
//! ```
//!
//! # Fix
//! Split the object: several routes may share parents and hostnames, a Gateway may be extended by ListenerSets.
//!
//! # Specification
//! `maxItems` of the CRDs; CEL rule on the number of matches of a route

use crate::api::Meta;
use crate::api::route::{Matches, Route, RouteKind, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::profile::Bundle;
use crate::source::Span;

/// GWC7013.
pub(super) static LINT: Lint = Lint {
    code: rule::NEAR_LIMIT,
    docs: Docs {
        summary: "a list is close to the length that the API allows",
        what: "Lists that have at least three quarters of what the CRD allows: rules of a route, matches \
              of a rule and of a route, backends of a rule, parents, hostnames, listeners.",
        why: "One of the next additions will be refused by the API server, at the least convenient time.",
        bad: r#"kind: HTTPRoute
spec:
  rules: [] # 12 rules of at most 16
"#,
        good: r#"kind: HTTPRoute
spec:
  rules: [] # 6 rules, the others in a second route with the same parents
"#,
        fix: "Split the object: several routes may share parents and hostnames, a Gateway may be \
              extended by ListenerSets.",
        spec: "`maxItems` of the CRDs; CEL rule on the number of matches of a route",
    },
    check: Some(check),
};

/// A list of an object: what it holds, how many of how many, and where it begins.
struct List {
    what: &'static str,
    length: usize,
    limit: usize,
    first: Option<Span>,
}

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route) in cx.graph.routes.iter().filter(|(_, route)| is_checked(&route.meta)) {
        let lists = of_route(cx, route).into_iter().chain(route.rules.iter().flat_map(of_rule));
        out.0.extend(lists.filter_map(|list| diagnostic(&route.meta, &list)));
    }
    let gateways = cx.graph.gateways.iter().map(|(_, one)| (&one.meta, &one.listeners));
    let sets = cx.graph.listener_sets.iter().map(|(_, one)| (&one.meta, &one.listeners));
    for (meta, listeners) in gateways.chain(sets).filter(|(meta, _)| is_checked(meta)) {
        let first = listeners.first().map(|listener| listener.span);
        let list = List { what: "listeners", length: listeners.len(), limit: 64, first };
        out.0.extend(diagnostic(meta, &list));
    }
}

fn of_route(cx: &Cx<'_>, route: &Route) -> Vec<List> {
    let parents = route.parents.first().map(|parent| parent.target.span);
    let hostnames = route.hostnames.first().map(|hostname| hostname.span);
    let many_names = route.kind == RouteKind::Tls && cx.target.bundle >= Bundle::V1_6;
    let mut lists = vec![
        List { what: "parentRefs", length: route.parents.len(), limit: 32, first: parents },
        List {
            what: "hostnames",
            length: route.hostnames.len(),
            limit: if many_names { 1024 } else { 16 },
            first: hostnames,
        },
    ];
    // Other kinds have exactly one rule.
    if matches!(route.kind, RouteKind::Http | RouteKind::Grpc) {
        let first = route.rules.first().map(|rule| rule.span);
        lists.push(List { what: "rules", length: route.rules.len(), limit: 16, first });
        let matches = route.rules.iter().map(n_matches).sum();
        // A single full rule is told of by itself.
        let first = first.filter(|_| route.rules.len() > 1);
        lists.push(List { what: "matches in all rules", length: matches, limit: 128, first });
    }
    lists
}

fn of_rule(rule: &Rule) -> [List; 2] {
    let backends = rule.backends.first().map(|backend| backend.target.span);
    [
        List { what: "matches in one rule", length: n_matches(rule), limit: 64, first: Some(rule.span) },
        List { what: "backendRefs", length: rule.backends.len(), limit: 16, first: backends },
    ]
}

fn n_matches(rule: &Rule) -> usize {
    match &rule.matches {
        Matches::Http(matches) => matches.len(),
        Matches::Grpc(matches) => matches.len(),
        Matches::None => 0,
    }
}

fn diagnostic(meta: &Meta, list: &List) -> Option<Diagnostic> {
    let List { what, length, limit, first } = list;
    let first = first.filter(|_| length * 4 >= limit * 3)?;
    let help = match *what {
        "listeners" => "put listeners into a ListenerSet or a second Gateway",
        "parentRefs" | "hostnames" => "write a second route for some of them",
        _ => "move some of them to a second route with the same parents and hostnames",
    };
    Some(
        about(meta, rule::NEAR_LIMIT, first, format!("{length} {what}, the API allows {limit}"))
            .primary_label("the list begins here")
            .effect("more than that is refused by the API server")
            .help(help),
    )
}

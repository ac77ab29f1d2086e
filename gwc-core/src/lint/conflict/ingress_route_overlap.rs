//! GWC3017 `ingress-route-overlap`: an Ingress and an HTTPRoute serve the same host and path.
//!
//! # What it checks
//! Rules of Ingresses whose host and path an HTTPRoute serves too: hostnames intersect, and one path lies below the
//! other or is the same.
//!
//! # Why it matters
//! Both answer, each on the address of its own controller. Which one clients reach depends on DNS, and changes to one
//! of them do not reach the clients of the other.
//!
//! # Example
//! ```yaml
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! spec:
//!   rules:
//!   - host: shop.example.com # HTTPRoute shop/store serves it too
//!     http:
//!       paths:
//!       - path: /cart
//!         pathType: Prefix
//! ```
//!
//! # Fix
//! Remove the host or path from the Ingress once DNS points to the Gateway.
//!
//! # Specification
//! `networking.k8s.io` Ingress `spec.rules[]`; HTTPRoute `spec.hostnames`, `spec.rules[].matches[].path`

use std::collections::BTreeMap;

use crate::api::Text;
use crate::api::ingress::{Ingress, PathType, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::ir::trace::RouteKind;
use crate::ir::{Entry, Listener, PathMatch};
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;
use crate::value::Hostname;

use super::reach::{covering, match_id, places};
use super::subject::Subject;

/// Matches of HTTPRoutes by hostname.
type Served<'w> = BTreeMap<Option<&'w Hostname>, Vec<Entry>>;

/// GWC3017.
pub(super) static LINT: Lint = Lint {
    code: rule::INGRESS_ROUTE_OVERLAP,
    docs: Docs {
        summary: "an Ingress and an HTTPRoute serve the same host and path",
        what: "Rules of Ingresses whose host and path an HTTPRoute serves too: hostnames intersect, and one path \
               lies below the other or is the same.",
        why: "Both answer, each on the address of its own controller. Which one clients reach depends on DNS, and \
              changes to one of them do not reach the clients of the other.",
        bad: r#"apiVersion: networking.k8s.io/v1
kind: Ingress
spec:
  rules:
  - host: shop.example.com # HTTPRoute shop/store serves it too
    http:
      paths:
      - path: /cart
        pathType: Prefix
"#,
        good: r#"apiVersion: networking.k8s.io/v1
kind: Ingress
spec:
  rules:
  - host: old.example.com
    http:
      paths:
      - path: /cart
        pathType: Prefix
"#,
        fix: "Remove the host or path from the Ingress once DNS points to the Gateway.",
        spec: "`networking.k8s.io` Ingress `spec.rules[]`; HTTPRoute `spec.hostnames`, `spec.rules[].matches[].path`",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let ingresses = cx.graph.ingresses.iter().map(|(_, ingress)| ingress);
    let mut ingresses = ingresses.filter(|ingress| ingress.is_current() && is_checked(&ingress.meta)).peekable();
    if ingresses.peek().is_none() {
        return;
    }
    let mut served = Served::new();
    for (_, listener) in places(&cx.lowered.config) {
        add(cx, listener, &mut served);
    }
    for ingress in ingresses {
        let mut paths = ingress.rules.iter().flat_map(served_paths);
        let found = paths.find_map(|path| overlap(cx, &served, &path).map(|other| (path, other)));
        out.0.extend(found.map(|(path, other)| diagnostic(ingress, &path, &other)));
    }
}

fn add<'w>(cx: &Cx<'w>, listener: &'w Listener, served: &mut Served<'w>) {
    for entry in listener.entries.iter().filter(|entry| !entry.preflight) {
        let rule = cx.lowered.config.rules.get(entry.rule as usize);
        let http = rule.is_some_and(|rule| rule.trace.kind == RouteKind::Http);
        if let Some(host) = listener.hosts.get(entry.host as usize).filter(|_| http) {
            served.entry(host.matches.as_ref()).or_default().push(*entry);
        }
    }
}

/// What an Ingress serves.
struct ServedPath<'w> {
    host: Option<&'w Text>,
    /// `None`: every path.
    path: Option<&'w Text>,
    /// A path of type ImplementationSpecific is read as a prefix.
    is_exact: bool,
    span: Span,
}

/// The paths of a rule; of a rule without paths one for everything.
fn served_paths(rule: &Rule) -> Vec<ServedPath<'_>> {
    let host = rule.host.as_ref();
    let written = rule.paths.iter().flatten();
    let mut paths: Vec<ServedPath<'_>> = written
        .map(|one| ServedPath {
            host,
            path: one.path.as_ref(),
            is_exact: one.path_type.value == PathType::Exact,
            span: one.span,
        })
        .collect();
    if paths.is_empty() {
        paths.push(ServedPath { host, path: None, is_exact: false, span: rule.span });
    }
    paths
}

/// A match of an HTTPRoute for the host and path of an Ingress. A route for any hostname counts only for an Ingress
/// for any host: it is the fallback, not a second owner.
fn overlap<'w>(cx: &Cx<'w>, served: &Served<'w>, path: &ServedPath<'_>) -> Option<Subject<'w>> {
    let hosts: Vec<Option<Hostname>> = match &path.host {
        Some(host) => covering(&Hostname::new(&host.value)).map(Some).collect(),
        None => vec![None],
    };
    let entries = hosts.iter().filter_map(|host| served.get(&host.as_ref())).flatten();
    let same = entries.filter(|entry| cx.lowered.config.match_of(entry).is_some_and(|one| meets(&one.path, path)));
    same.filter_map(|entry| Subject::new(cx, match_id(entry))).next()
}

/// Does the match lie below the path of the Ingress, or the other way round?
fn meets(path: &PathMatch, ingress: &ServedPath<'_>) -> bool {
    let theirs = ingress.path.as_ref().map_or("/", |path| path.value.as_str());
    let below = |a: &str, b: &str| {
        let rest = a.strip_prefix(b.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match path {
        PathMatch::Exact(own) if ingress.is_exact => own.as_str() == theirs,
        PathMatch::Exact(own) => below(own, theirs),
        PathMatch::Prefix(own) if ingress.is_exact => below(theirs, own),
        PathMatch::Prefix(own) => below(own, theirs) || below(theirs, own),
        PathMatch::Regex(_) => false,
    }
}

fn diagnostic(ingress: &Ingress, path: &ServedPath<'_>, other: &Subject<'_>) -> Diagnostic {
    let host = path.host.as_ref().map_or_else(|| "any host".to_owned(), |host| format!("`{}`", host.value));
    let theirs = path.path.as_ref().map_or("/", |path| path.value.as_str());
    let message = format!("{} serves `{theirs}` of {host} too", named(&other.route.meta));
    about(&ingress.meta, rule::INGRESS_ROUTE_OVERLAP, path.span, message)
        .primary_label("the Ingress serves it")
        .label(other.span(), format!("{} of the HTTPRoute", other.text()))
        .effect("both answer on their own addresses; DNS decides which one clients reach")
        .help("remove it from the Ingress once DNS points to the Gateway")
}

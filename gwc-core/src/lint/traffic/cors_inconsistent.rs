//! GWC5023 `cors-inconsistent`: a CORS filter allows more than is wise, or what never happens.
//!
//! # What it checks
//! CORS filters that let every origin send credentials, or that allow methods which no match of the rule accepts. A
//! wildcard beside other entries is refused by the API server.
//!
//! # Why it matters
//! With `*` and credentials every web site may act in the name of a signed-in user: the Gateway echoes the origin. A
//! method that the rule never matches is promised to the browser, then answered with 404.
//!
//! # Example
//! ```yaml
//! cors:
//!   allowOrigins:
//!   - "*"
//!   allowCredentials: true
//! ```
//!
//! # Fix
//! List the origins that need credentials; list the methods that the rule matches.
//!
//! # Specification
//! GEP-1767; HTTPRoute `spec.rules[].filters[].cors`; CEL rules on wildcard lists

use crate::api::Text;
use crate::api::filter::{Cors, FilterKind};
use crate::api::route::{Matches, Route, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

use super::header_modifier::filters;

/// GWC5023.
pub(super) static LINT: Lint = Lint {
    code: rule::CORS_INCONSISTENT,
    docs: Docs {
        summary: "a CORS filter allows more than is wise, or what never happens",
        what: "CORS filters that let every origin send credentials, or that allow methods which no match \
              of the rule accepts. A wildcard beside other entries is refused by the API server.",
        why: "With `*` and credentials every web site may act in the name of a signed-in user: the \
              Gateway echoes the origin. A method that the rule never matches is promised to the \
              browser, then answered with 404.",
        bad: r#"cors:
  allowOrigins:
  - "*"
  allowCredentials: true
"#,
        good: r#"cors:
  allowOrigins:
  - https://shop.example.com
  allowCredentials: true
"#,
        fix: "List the origins that need credentials; list the methods that the rule matches.",
        spec: "GEP-1767; HTTPRoute `spec.rules[].filters[].cors`; CEL rules on wildcard lists",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for rule in &route.rules {
            for cors in filters(rule).filter_map(|filter| cors(&filter.kind)) {
                let credentials = cors.allow_credentials.as_ref().filter(|credentials| credentials.value);
                let any = cors.allow_origins.iter().find(|origin| origin.value == "*");
                out.0.extend(any.zip(credentials).map(|(origin, allow)| open(route, origin, allow.span)));
                out.0.extend(unreachable_method(rule, cors).map(|method| unreachable(route, method)));
            }
        }
    }
}

fn cors(filter: &FilterKind) -> Option<&Cors> {
    if let FilterKind::Cors(cors) = filter { Some(cors) } else { None }
}

/// An allowed method that no match of the rule accepts; GET, HEAD and POST are allowed without being listed.
fn unreachable_method<'r>(rule: &Rule, cors: &'r Cors) -> Option<&'r Text> {
    let Matches::Http(matches) = &rule.matches else { return None };
    let accepted: Option<Vec<&str>> =
        matches.iter().map(|one| one.method.as_ref().map(|method| method.value.as_str())).collect();
    let accepted = accepted?;
    let harmless = |method: &str| matches!(method, "*" | "OPTIONS" | "GET" | "HEAD" | "POST");
    cors.allow_methods.iter().find(|method| !harmless(&method.value) && !accepted.contains(&method.value.as_str()))
}

fn open(route: &Route, origin: &Text, credentials: Span) -> Diagnostic {
    let message = "every origin may send requests with credentials";
    let mut finding = about(&route.meta, rule::CORS_INCONSISTENT, origin.span, message)
        .primary_label("every web site")
        .label(credentials, "in the name of whoever is signed in")
        .effect("the Gateway echoes the origin: any site can read answers meant for the user")
        .help("list the origins that need credentials, or remove `allowCredentials`");
    // The API allows it, and says how to answer.
    finding.severity = Severity::Warning;
    finding
}

fn unreachable(route: &Route, method: &Text) -> Diagnostic {
    let message = format!("method `{}` is allowed, but no match of the rule accepts it", method.value);
    let mut finding = about(&route.meta, rule::CORS_INCONSISTENT, method.span, message)
        .primary_label("never matched")
        .effect("the preflight succeeds, the request is answered with 404")
        .help(format!("add a match with `method: {0}`, or remove `{0}`", method.value));
    finding.severity = Severity::Warning;
    finding
}

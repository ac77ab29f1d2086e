//! GWC5021 `retry-unsafe-method`: requests that change things may be sent again.
//!
//! # What it checks
//! Rules with `retry` that take requests of any method, or of POST, PATCH or CONNECT.
//!
//! # Why it matters
//! A backend that failed after it did its work does it once more: an order is placed twice. The API retries every
//! method that the rule takes.
//!
//! # Example
//! ```yaml
//! rules:
//! - retry:
//!     codes: [503]
//!   backendRefs:
//!   - name: store
//!     port: 80
//! ```
//!
//! # Fix
//! Restrict the rule to methods that may be repeated (GET, HEAD, OPTIONS, PUT, DELETE), and give the rest a rule
//! without `retry`.
//!
//! # Specification
//! HTTPRoute `spec.rules[].retry`; GEP-1731; RFC 9110 §9.2.2

use crate::api::route::{Matches, Retry, Route, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC5021.
pub(super) static LINT: Lint = Lint {
    code: rule::RETRY_UNSAFE_METHOD,
    docs: Docs {
        summary: "requests that change things may be sent again",
        what: "Rules with `retry` that take requests of any method, or of POST, PATCH or CONNECT.",
        why: "A backend that failed after it did its work does it once more: an order is placed \
              twice. The API retries every method that the rule takes.",
        bad: r#"rules:
- retry:
    codes: [503]
  backendRefs:
  - name: store
    port: 80
"#,
        good: r#"rules:
- matches:
  - method: GET
  retry:
    codes: [503]
  backendRefs:
  - name: store
    port: 80
"#,
        fix: "Restrict the rule to methods that may be repeated (GET, HEAD, OPTIONS, PUT, DELETE), \
              and give the rest a rule without `retry`.",
        spec: "HTTPRoute `spec.rules[].retry`; GEP-1731; RFC 9110 §9.2.2",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for rule in &route.rules {
            let Some(retry) = &rule.retry else { continue };
            out.0.extend(unsafe_method(rule).map(|(span, what)| diagnostic(route, retry, span, &what)));
        }
    }
}

/// The first match that takes requests which must not be repeated.
fn unsafe_method(rule: &Rule) -> Option<(Span, String)> {
    let Matches::Http(matches) = &rule.matches else { return None };
    matches.iter().find_map(|one| match &one.method {
        None => Some((one.span, "any method".to_owned())),
        Some(method) if matches!(method.value.as_str(), "POST" | "PATCH" | "CONNECT") => {
            Some((method.span, method.value.to_string()))
        }
        Some(_) => None,
    })
}

fn diagnostic(route: &Route, retry: &Retry, span: Span, what: &str) -> Diagnostic {
    about(&route.meta, rule::RETRY_UNSAFE_METHOD, retry.span, format!("requests of {what} are retried"))
        .primary_label("sent again after a failure")
        .label(span, "taken here")
        .effect("what a request did before the backend failed may be done twice")
        .help("match methods that may be repeated, and give the rest a rule without `retry`")
}

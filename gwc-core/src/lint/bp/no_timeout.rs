//! GWC7014 `no-timeout`: a rule does not limit the time of a request.
//!
//! # What it checks
//! Rules of HTTPRoutes with backends and without `timeouts.request`, or with `0s`, which means no limit.
//!
//! # Why it matters
//! How long a client waits for a backend that hangs is left to the implementation: 15 seconds, a minute, or for ever.
//!
//! # Example
//! ```yaml
//! rules:
//! - backendRefs:
//!   - name: store
//!     port: 80
//! ```
//!
//! # Fix
//! Set `timeouts.request` to what clients of the rule can wait for. Long-lived streams need a rule of their own.
//!
//! # Specification
//! HTTPRoute `spec.rules[].timeouts.request`; GEP-1742

use crate::api::route::{Route, RouteKind, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

/// GWC7014.
pub(super) static LINT: Lint = Lint {
    code: rule::NO_TIMEOUT,
    docs: Docs {
        summary: "a rule does not limit the time of a request",
        what: "Rules of HTTPRoutes with backends and without `timeouts.request`, or with `0s`, which \
              means no limit.",
        why: "How long a client waits for a backend that hangs is left to the implementation: 15 \
              seconds, a minute, or for ever.",
        bad: r#"rules:
- backendRefs:
  - name: store
    port: 80
"#,
        good: r#"rules:
- backendRefs:
  - name: store
    port: 80
  timeouts:
    request: 10s
"#,
        fix: "Set `timeouts.request` to what clients of the rule can wait for. Long-lived streams need a \
              rule of their own.",
        spec: "HTTPRoute `spec.rules[].timeouts.request`; GEP-1742",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx).filter(|(_, route, _)| route.kind == RouteKind::Http) {
        let unlimited = route.rules.iter().enumerate().filter(|(_, rule)| is_unlimited(rule));
        out.0.extend(unlimited.map(|(position, rule)| diagnostic(route, position, rule)));
    }
}

fn is_unlimited(rule: &Rule) -> bool {
    let request = rule.timeouts.as_ref().and_then(|timeouts| timeouts.request.as_ref());
    !rule.backends.is_empty() && request.is_none_or(|request| request.value == 0)
}

fn diagnostic(route: &Route, position: usize, rule: &Rule) -> Diagnostic {
    let request = rule.timeouts.as_ref().and_then(|timeouts| timeouts.request.as_ref());
    let span = request.map_or(rule.span, |request| request.span);
    about(&route.meta, rule::NO_TIMEOUT, span, format!("rule {} does not limit the time of a request", position + 1))
        .primary_label("no `timeouts.request`")
        .effect("how long clients wait for a backend that hangs depends on the implementation")
        .help("set `timeouts.request`, for example to `10s`")
}

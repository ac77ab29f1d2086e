//! GWC7010 `unnamed-rule`: a rule of a route with several has no name.
//!
//! # What it checks
//! Rules without `name` in routes with more than `n` rules (option `n`, 1 unless set).
//!
//! # Why it matters
//! Policies, logs and tests can only refer to such a rule by its position, which changes whenever a rule is added
//! before it.
//!
//! # Example
//! ```yaml
//! rules:
//! - backendRefs:
//!   - name: cart
//!     port: 80
//! - backendRefs:
//!   - name: store
//!     port: 80
//! ```
//!
//! # Fix
//! Give each rule a name that says what it is for.
//!
//! # Specification
//! HTTPRoute and GRPCRoute `spec.rules[].name`; GEP-995

use crate::api::route::{Route, RouteKind, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

/// GWC7010.
pub(super) static LINT: Lint = Lint {
    code: rule::UNNAMED_RULE,
    docs: Docs {
        summary: "a rule of a route with several has no name",
        what: "Rules without `name` in routes with more than `n` rules (option `n`, 1 unless set).",
        why: "Policies, logs and tests can only refer to such a rule by its position, which changes \
              whenever a rule is added before it.",
        bad: r#"rules:
- backendRefs:
  - name: cart
    port: 80
- backendRefs:
  - name: store
    port: 80
"#,
        good: r#"rules:
- name: cart
  backendRefs:
  - name: cart
    port: 80
- name: store
  backendRefs:
  - name: store
    port: 80
"#,
        fix: "Give each rule a name that says what it is for.",
        spec: "HTTPRoute and GRPCRoute `spec.rules[].name`; GEP-995",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let many = cx.profile.rule_options.unnamed_rules_over;
    for (_, route, _) in routes(cx) {
        let has_names = matches!(route.kind, RouteKind::Http | RouteKind::Grpc);
        if has_names && route.rules.len() > many {
            let unnamed = route.rules.iter().enumerate().filter(|(_, rule)| rule.name.is_none());
            out.0.extend(unnamed.map(|(position, rule)| diagnostic(route, position, rule)));
        }
    }
}

fn diagnostic(route: &Route, position: usize, rule: &Rule) -> Diagnostic {
    let message = format!("rule {} of {} has no name", position + 1, route.rules.len());
    about(&route.meta, rule::UNNAMED_RULE, rule.span, message)
        .primary_label("without `name`")
        .effect("policies, logs and tests know it by its position only")
        .help("add `name`")
}

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
            out.0.extend(diagnostic(route));
        }
    }
}

/// One finding for a route, at its first rule without a name.
fn diagnostic(route: &Route) -> Option<Diagnostic> {
    let unnamed: Vec<&Rule> = route.rules.iter().filter(|rule| rule.name.is_none()).collect();
    let first = unnamed.first()?;
    let have = if unnamed.len() == 1 { "has" } else { "have" };
    let message = format!("{} of {} rules {have} no name", unnamed.len(), route.rules.len());
    let mut finding = about(&route.meta, rule::UNNAMED_RULE, first.span, message)
        .primary_label("without `name`")
        .effect("policies, logs and tests know such a rule by its position only")
        .help("add `name`");
    for rule in unnamed.iter().skip(1).take(7) {
        finding = finding.label(rule.span, "without `name`");
    }
    Some(finding)
}

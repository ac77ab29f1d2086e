//! GWC5001 `rule-without-backend`: a rule has nothing that could answer.
//!
//! # What it checks
//! Rules of HTTPRoutes and GRPCRoutes without `backendRefs` and without a filter that answers by itself: a redirect, or
//! an extension of the controller.
//!
//! # Why it matters
//! Every request that the rule matches is answered with 500. The route stays Accepted=True and ResolvedRefs=True.
//!
//! # Example
//! ```yaml
//! rules:
//! - matches:
//!   - path:
//!       value: /cart
//! ```
//!
//! # Fix
//! Add `backendRefs`, or a `RequestRedirect` filter.
//!
//! # Specification
//! HTTPRoute `spec.rules[].backendRefs`; status reference B-17

use crate::api::filter::FilterKind;
use crate::api::route::{Matches, Route, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

/// GWC5001.
pub(super) static LINT: Lint = Lint {
    code: rule::RULE_WITHOUT_BACKEND,
    docs: Docs {
        summary: "a rule has nothing that could answer",
        what: "Rules of HTTPRoutes and GRPCRoutes without `backendRefs` and without a filter that answers \
              by itself: a redirect, or an extension of the controller.",
        why: "Every request that the rule matches is answered with 500. The route stays Accepted=True \
              and ResolvedRefs=True.",
        bad: r#"rules:
- matches:
  - path:
      value: /cart
"#,
        good: r#"rules:
- matches:
  - path:
      value: /cart
  backendRefs:
  - name: store
    port: 80
"#,
        fix: "Add `backendRefs`, or a `RequestRedirect` filter.",
        spec: "HTTPRoute `spec.rules[].backendRefs`; status reference B-17",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for (position, rule) in route.rules.iter().enumerate().filter(|(_, rule)| has_no_answer(rule)) {
            out.push(diagnostic(route, position, rule));
        }
    }
}

fn has_no_answer(rule: &Rule) -> bool {
    // Rules of the other kinds have backends by schema.
    let requests = !matches!(rule.matches, Matches::None);
    requests && rule.backends.is_empty() && !rule.filters.iter().any(|filter| answers(&filter.kind))
}

/// May the filter answer instead of a backend? Extensions and unknown filters get the benefit of the doubt.
fn answers(filter: &FilterKind) -> bool {
    match filter {
        FilterKind::RequestRedirect(_) | FilterKind::ExtensionRef(_) | FilterKind::Unknown(_) => true,
        FilterKind::RequestHeaderModifier(_)
        | FilterKind::ResponseHeaderModifier(_)
        | FilterKind::RequestMirror(_)
        | FilterKind::UrlRewrite(_)
        | FilterKind::Cors(_)
        | FilterKind::ExternalAuth(_) => false,
    }
}

fn diagnostic(route: &Route, position: usize, rule: &Rule) -> Diagnostic {
    about(&route.meta, rule::RULE_WITHOUT_BACKEND, rule.span, format!("rule {} has no backend", position + 1))
        .primary_label("nothing answers here")
        .effect("requests that match the rule are answered with 500")
        .help("add `backendRefs`, or a `RequestRedirect` filter")
}

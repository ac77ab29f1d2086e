//! GWC5005 `incompatible-filters`: filters of one rule exclude each other.
//!
//! # What it checks
//! A redirect together with a rewrite, a redirect together with backends, or a filter that may stand once and stands
//! twice. Most of it is refused by the API server; what older CRDs let pass is found here.
//!
//! # Why it matters
//! A controller drops the rule: PartiallyInvalid=True/IncompatibleFilters, or Accepted=False/IncompatibleFilters when
//! no rule is left.
//!
//! # Example
//! ```yaml
//! filters:
//! - type: RequestRedirect
//!   requestRedirect:
//!     scheme: https
//! - type: URLRewrite
//!   urlRewrite:
//!     hostname: store.example.com
//! ```
//!
//! # Fix
//! Keep one of the filters. A redirect has `hostname` and `path` of its own and needs no rewrite.
//!
//! # Specification
//! HTTPRoute `spec.rules[].filters`, `RouteReasonIncompatibleFilters`; status reference §1.6.4, R-6, R-9

use crate::api::route::{Route, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{RouteAccepted, RouteVerdict, RuleProblem, RuleVerdict};
use crate::lint::finding::reference::routes;
use crate::lint::finding::{about, condition, entries, not_accepted};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

use super::header_modifier::filters;

/// GWC5005.
pub(super) static LINT: Lint = Lint {
    code: rule::INCOMPATIBLE_FILTERS,
    docs: Docs {
        summary: "filters of one rule exclude each other",
        what: "A redirect together with a rewrite, a redirect together with backends, or a filter that \
              may stand once and stands twice. Most of it is refused by the API server; what older CRDs \
              let pass is found here.",
        why: "A controller drops the rule: PartiallyInvalid=True/IncompatibleFilters, or \
              Accepted=False/IncompatibleFilters when no rule is left.",
        bad: r#"filters:
- type: RequestRedirect
  requestRedirect:
    scheme: https
- type: URLRewrite
  urlRewrite:
    hostname: store.example.com
"#,
        good: r#"filters:
- type: RequestRedirect
  requestRedirect:
    scheme: https
    hostname: store.example.com
"#,
        fix: "Keep one of the filters. A redirect has `hostname` and `path` of its own and needs no \
              rewrite.",
        spec: "HTTPRoute `spec.rules[].filters`, `RouteReasonIncompatibleFilters`; status reference \
              §1.6.4, R-6, R-9",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, verdict) in routes(cx) {
        for (rule, one) in route.rules.iter().zip(&verdict.rules) {
            if let RuleVerdict::Invalid(RuleProblem::IncompatibleFilters(first, second)) = one {
                let finding = diagnostic(route, rule, (first, second));
                out.push(with_conditions(cx, verdict, finding));
            }
        }
    }
}

fn diagnostic(route: &Route, rule: &Rule, (first, second): (&str, &str)) -> Diagnostic {
    let places = |name: &str| -> Vec<Span> {
        filters(rule).filter(|filter| filter.kind.name() == name).map(|filter| filter.type_span).collect()
    };
    let one = places(first).first().copied().unwrap_or(rule.span);
    let other = if first == second {
        places(second).get(1).copied()
    } else {
        places(second).first().copied().or_else(|| rule.backends.first().map(|backend| backend.target.span))
    };
    let message = if first == second {
        format!("filter `{first}` may stand in a rule only once")
    } else {
        format!("`{first}` and `{second}` exclude each other in one rule")
    };
    about(&route.meta, rule::INCOMPATIBLE_FILTERS, other.unwrap_or(one), message)
        .primary_label("not together with the other")
        .label(one, "the other")
        .help(format!("remove `{second}`, or move it to a rule of its own"))
}

fn with_conditions(cx: &Cx<'_>, verdict: &RouteVerdict, mut finding: Diagnostic) -> Diagnostic {
    finding = finding.effect("the rule is dropped: PartiallyInvalid=True/IncompatibleFilters");
    for entry in entries(verdict) {
        if entry.accepted.verdict == RouteAccepted::IncompatibleFilters {
            finding.effect = Some("the route is not accepted: Accepted=False/IncompatibleFilters".to_owned());
            finding.conditions.push(not_accepted(cx, entry, "IncompatibleFilters"));
        } else if !entry.dropped_rules.is_empty() {
            finding.conditions.push(condition("PartiallyInvalid", "True", "IncompatibleFilters"));
        }
    }
    finding
}

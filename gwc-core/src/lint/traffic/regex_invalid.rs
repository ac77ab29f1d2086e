//! GWC5012 `regex-invalid`: a regular expression of a match does not compile.
//!
//! # What it checks
//! Matches of type `RegularExpression` on path, header, query parameter or gRPC method whose pattern cannot be
//! compiled, or would become too large.
//!
//! # Why it matters
//! The rule is dropped: PartiallyInvalid=True/UnsupportedValue, or Accepted=False/UnsupportedValue when no rule is
//! left. Some data planes refuse the whole configuration instead.
//!
//! # Example
//! ```yaml
//! path:
//!   type: RegularExpression
//!   value: "/cart/([0-9]+"
//! ```
//!
//! # Fix
//! Close brackets and groups, escape what is meant literally; RE2 syntax works in most implementations.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches[]`, `RouteReasonUnsupportedValue`; status reference §1.6.4, R-5, R-9

use crate::api::route::{GrpcMatch, HttpMatch, Matches, Route, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{RouteAccepted, RouteVerdict, RuleProblem, RuleVerdict};
use crate::lint::finding::reference::routes;
use crate::lint::finding::{about, condition, entries, not_accepted};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC5012.
pub(super) static LINT: Lint = Lint {
    code: rule::REGEX_INVALID,
    docs: Docs {
        summary: "a regular expression of a match does not compile",
        what: "Matches of type `RegularExpression` on path, header, query parameter or gRPC method whose \
              pattern cannot be compiled, or would become too large.",
        why: "The rule is dropped: PartiallyInvalid=True/UnsupportedValue, or \
              Accepted=False/UnsupportedValue when no rule is left. Some data planes refuse the whole \
              configuration instead.",
        bad: r#"path:
  type: RegularExpression
  value: "/cart/([0-9]+"
"#,
        good: r#"path:
  type: RegularExpression
  value: "/cart/([0-9]+)"
"#,
        fix: "Close brackets and groups, escape what is meant literally; RE2 syntax works in most \
              implementations.",
        spec: "HTTPRoute `spec.rules[].matches[]`, `RouteReasonUnsupportedValue`; status reference \
              §1.6.4, R-5, R-9",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, verdict) in routes(cx) {
        for (rule, one) in route.rules.iter().zip(&verdict.rules) {
            if let RuleVerdict::Invalid(RuleProblem::InvalidRegex { pattern, too_large, position }) = one {
                let span = place(rule, pattern, *position).unwrap_or(rule.span);
                let finding = diagnostic(route, span, *too_large);
                out.push(with_conditions(cx, verdict, finding));
            }
        }
    }
}

/// Where the match at `position` has the pattern.
fn place(rule: &Rule, pattern: &str, position: usize) -> Option<Span> {
    match &rule.matches {
        Matches::Http(matches) => http_place(matches.get(position)?, pattern),
        Matches::Grpc(matches) => grpc_place(matches.get(position)?, pattern),
        Matches::None => None,
    }
}

fn http_place(one: &HttpMatch, pattern: &str) -> Option<Span> {
    let values = one.headers.iter().chain(&one.query_params).map(|value| &value.value);
    std::iter::once(&one.path.value).chain(values).find(|text| text.value == pattern).map(|text| text.span)
}

fn grpc_place(one: &GrpcMatch, pattern: &str) -> Option<Span> {
    let method = one.method.iter().flat_map(|method| method.service.iter().chain(&method.method));
    let values = one.headers.iter().map(|header| &header.value);
    method.chain(values).find(|text| text.value == pattern).map(|text| text.span)
}

fn diagnostic(route: &Route, span: Span, too_large: bool) -> Diagnostic {
    let (message, help) = if too_large {
        ("the regular expression is too large to compile", "use smaller repetitions, or several matches")
    } else {
        ("the regular expression does not compile", "close brackets and groups, and escape what is meant literally")
    };
    about(&route.meta, rule::REGEX_INVALID, span, message)
        .primary_label("not a regular expression")
        .effect("the rule is dropped: PartiallyInvalid=True/UnsupportedValue")
        .help(help)
}

fn with_conditions(cx: &Cx<'_>, verdict: &RouteVerdict, mut finding: Diagnostic) -> Diagnostic {
    for entry in entries(verdict) {
        if entry.accepted.verdict == RouteAccepted::UnsupportedValue {
            finding.effect = Some("no rule is left: Accepted=False/UnsupportedValue".to_owned());
            finding.conditions.push(not_accepted(cx, entry, "UnsupportedValue"));
        } else if !entry.dropped_rules.is_empty() {
            finding.conditions.push(condition("PartiallyInvalid", "True", "UnsupportedValue"));
        }
    }
    finding
}

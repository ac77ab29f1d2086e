//! GRPCRoute: number of matches, methods.

use super::logic::{Outcome, and, has, implies, is, items, or, rule, text};
use super::{CelRule, RuleCx};
use crate::admission::patterns::names;
use crate::yaml::Node;

/// GRPCRoute, `spec.rules`: at most 128 matches in all rules.
pub(super) const TOO_MANY_MATCHES: CelRule = rule(
    "grpcroute.too-many-matches",
    too_many_matches,
    "the rules have more than 128 matches together",
    "split the route",
);

/// GRPCRoute, `spec.rules[].matches[].method`: a service, a method or both.
pub(super) const METHOD_MATCH_EMPTY: CelRule = rule(
    "grpcroute.method-match-empty",
    method_match_empty,
    "the method match has neither `service` nor `method`",
    "set at least one of them, or remove the method match",
);

/// GRPCRoute, `spec.rules[].matches[].method`: an exact service is a name with dots.
pub(super) const SERVICE_TEXT: CelRule = rule(
    "grpcroute.service-text",
    |cx| exact_text(cx.value, "service", names::grpc_service),
    "`service` is not the name of a gRPC service",
    "use letters, digits and `_` in parts joined by `.`, for example `shop.v1.Cart`",
);

/// GRPCRoute, `spec.rules[].matches[].method`: an exact method is an identifier.
pub(super) const METHOD_TEXT: CelRule = rule(
    "grpcroute.method-text",
    |cx| exact_text(cx.value, "method", names::identifier),
    "`method` is not the name of a gRPC method",
    "use letters, digits and `_`, not starting with a digit",
);

/// The text of the rule looks at 16 rules, as many as the schema allows; an absent list of matches counts none.
fn too_many_matches(cx: RuleCx<'_>) -> Outcome {
    let n_matches = |rule: &Node| rule.field("matches").map_or(Ok(0), |matches| items(matches).map(<[Node]>::len));
    let total = items(cx.value)?.iter().take(16).try_fold(0, |sum, rule| Ok(sum + n_matches(rule)?));
    total.map(|total| total <= 128)
}

fn method_match_empty(cx: RuleCx<'_>) -> Outcome {
    Ok(!has(cx.value, "type") || has(cx.value, "service") || has(cx.value, "method"))
}

fn exact_text(matcher: &Node, key: &str, test: fn(&str) -> bool) -> Outcome {
    let exact = or(Ok(!has(matcher, "type")), || is(matcher, "type", "Exact"));
    implies(and(exact, || Ok(has(matcher, key))), || text(matcher, key).map(test))
}

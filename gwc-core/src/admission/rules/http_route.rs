//! HTTPRoute: rules as a whole, and timeouts.
//!
//! Filters by themselves are in `filters` and `filter_members`, paths of matches in `path_match`.

use super::duration;
use super::logic::{Outcome, all, and, exactly_one, has, has_items, implies, is, items, member, not, rule, text};
use super::{CelRule, RuleCx, RuleError};
use crate::yaml::Node;

/// HTTPRoute, `spec.rules`: at most 128 matches in all rules.
pub(super) const TOO_MANY_MATCHES: CelRule = rule(
    "httproute.too-many-matches",
    too_many_matches,
    "the rules have more than 128 matches together",
    "split the route",
);

/// HTTPRoute, `spec.rules[]`: no backendRefs beside a redirect.
pub(super) const REDIRECT_WITH_BACKENDS: CelRule = rule(
    "httproute.redirect-with-backends",
    redirect_with_backends,
    "a rule has both backendRefs and a `RequestRedirect` filter",
    "remove `backendRefs`: a redirected request is never forwarded",
);

/// HTTPRoute, `spec.rules[]`: `requestRedirect` with replacePrefixMatch needs exactly one match, by prefix.
pub(super) const REDIRECT_PREFIX_WITHOUT_PREFIX_MATCH: CelRule = rule(
    "httproute.redirect-prefix-without-prefix-match",
    |cx| prefix_match_for(cx.value, rule_filter(cx.value, "requestRedirect")),
    "a filter replaces the matched prefix, but the rule does not have exactly one `PathPrefix` match",
    "give the rule one match, of path type `PathPrefix`, or replace the full path",
);

/// HTTPRoute, `spec.rules[]`: as in the rule, for `requestRedirect` in filters of backendRefs.
pub(super) const BACKEND_REDIRECT_PREFIX_WITHOUT_PREFIX_MATCH: CelRule = rule(
    "httproute.backend-redirect-prefix-without-prefix-match",
    |cx| prefix_match_for(cx.value, backend_filter(cx.value, "requestRedirect")),
    "a backend's filter replaces the matched prefix, but the rule does not have exactly one `PathPrefix` match",
    "give the rule one match, of path type `PathPrefix`, or replace the full path",
);

/// HTTPRoute, `spec.rules[]`: `urlRewrite` with replacePrefixMatch needs exactly one match, by prefix.
pub(super) const REWRITE_PREFIX_WITHOUT_PREFIX_MATCH: CelRule = rule(
    "httproute.rewrite-prefix-without-prefix-match",
    |cx| prefix_match_for(cx.value, rule_filter(cx.value, "urlRewrite")),
    "a filter replaces the matched prefix, but the rule does not have exactly one `PathPrefix` match",
    "give the rule one match, of path type `PathPrefix`, or replace the full path",
);

/// HTTPRoute, `spec.rules[]`: as in the rule, for `urlRewrite` in filters of backendRefs.
pub(super) const BACKEND_REWRITE_PREFIX_WITHOUT_PREFIX_MATCH: CelRule = rule(
    "httproute.backend-rewrite-prefix-without-prefix-match",
    |cx| prefix_match_for(cx.value, backend_filter(cx.value, "urlRewrite")),
    "a backend's filter replaces the matched prefix, but the rule does not have exactly one `PathPrefix` match",
    "give the rule one match, of path type `PathPrefix`, or replace the full path",
);

/// HTTPRoute, `spec.rules[].timeouts`: one try does not outlast the whole request.
pub(super) const BACKEND_REQUEST_ABOVE_REQUEST: CelRule = rule(
    "httproute.backend-request-above-request",
    backend_request_above_request,
    "the `backendRequest` timeout is longer than the `request` timeout",
    "lower `backendRequest`, or raise `request` (`0s` switches it off)",
);

/// The text of the rule looks at 16 rules, as many as the schema allows; an absent list of matches is an error.
fn too_many_matches(cx: RuleCx<'_>) -> Outcome {
    let n_matches = |rule| items(member(rule, "matches")?).map(<[Node]>::len);
    let total = items(cx.value)?.iter().take(16).try_fold(0, |sum, rule| Ok(sum + n_matches(rule)?));
    total.map(|total| total <= 128)
}

fn redirect_with_backends(cx: RuleCx<'_>) -> Outcome {
    implies(has_items(cx.value, "backendRefs"), || match cx.value.field("filters") {
        None => Ok(true),
        Some(filters) => all(filters, |filter| Ok(!has(filter, "requestRedirect"))),
    })
}

/// Where `replaces_prefix`, the rule has one match and that is by path prefix.
fn prefix_match_for(route_rule: &Node, replaces_prefix: Outcome) -> Outcome {
    implies(replaces_prefix, || match items(member(route_rule, "matches")?)? {
        [only] => only.field("path").map_or(Ok(false), |path| is(path, "type", "PathPrefix")),
        _ => Ok(false),
    })
}

/// Exactly one filter of the rule replaces the matched prefix by way of `key`.
fn rule_filter(route_rule: &Node, key: &str) -> Outcome {
    let Some(filters) = route_rule.field("filters") else { return Ok(false) };
    exactly_one(filters, |filter| replaces_prefix(filter, key))
}

/// Exactly one backendRef of the rule has exactly one filter that replaces the matched prefix by way of `key`.
fn backend_filter(route_rule: &Node, key: &str) -> Outcome {
    let Some(backends) = route_rule.field("backendRefs") else { return Ok(false) };
    exactly_one(backends, |backend| rule_filter(backend, key))
}

fn replaces_prefix(filter: &Node, key: &str) -> Outcome {
    let Some(path) = filter.at(&[key, "path"]) else { return Ok(false) };
    and(is(path, "type", "ReplacePrefixMatch"), || Ok(has(path, "replacePrefixMatch")))
}

fn backend_request_above_request(cx: RuleCx<'_>) -> Outcome {
    if !has(cx.value, "request") || !has(cx.value, "backendRequest") {
        return Ok(true);
    }
    let nanoseconds = |key| duration::parse(text(cx.value, key)?).ok_or(RuleError);
    let request = nanoseconds("request");
    let limited = request.map(|request| request != 0);
    not(and(limited, || Ok(nanoseconds("backendRequest")? > request?)))
}

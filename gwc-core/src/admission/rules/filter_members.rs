//! What stands inside the filters of HTTPRoute and GRPCRoute: mirrored share, path modifiers, CORS lists, external
//! authorisation.
//!
//! Which filters may stand in a list, and which member goes with which type, is in `filters`.

use super::logic::{Outcome, has, implies, is, items, member, rule};
use super::{CelRule, RuleCx, RuleError};

/// Routes, `filters[].requestMirror`: percent or fraction, not both.
pub(super) const MIRROR_PERCENT_AND_FRACTION: CelRule = rule(
    "filter.mirror-percent-and-fraction",
    mirror_percent_and_fraction,
    "a request mirror has both `percent` and `fraction`",
    "keep one of them",
);

/// Routes, `filters[].requestMirror.fraction`: at most one.
pub(super) const MIRROR_FRACTION_ABOVE_ONE: CelRule = rule(
    "filter.mirror-fraction-above-one",
    mirror_fraction_above_one,
    "`numerator` is larger than `denominator`",
    "a share is at most one: lower `numerator` or raise `denominator`",
);

/// HTTPRoute, `filters[].cors`, lists of origins, methods and headers: a `*` stands alone.
pub(super) const CORS_WILDCARD_AMONG_OTHERS: CelRule = rule(
    "httproute.cors-wildcard-among-others",
    cors_wildcard_among_others,
    "`*` stands beside other entries",
    "keep `*` alone, or list the entries without it",
);

/// HTTPRoute, `path` of `requestRedirect` and `urlRewrite`: type ReplaceFullPath needs `replaceFullPath`.
pub(super) const PATH_MODIFIER_FULL_PATH_MISSING: CelRule = rule(
    "pathmodifier.full-path-missing",
    |cx| implies(is(cx.value, "type", "ReplaceFullPath"), || Ok(has(cx.value, "replaceFullPath"))),
    "the path modifier has `type: ReplaceFullPath`, but no `replaceFullPath`",
    "add `replaceFullPath`, or change `type`",
);

/// HTTPRoute, `path` of `requestRedirect` and `urlRewrite`: `replaceFullPath` goes with type ReplaceFullPath only.
pub(super) const PATH_MODIFIER_FULL_PATH_WITH_OTHER_TYPE: CelRule = rule(
    "pathmodifier.full-path-with-other-type",
    |cx| implies(Ok(has(cx.value, "replaceFullPath")), || is(cx.value, "type", "ReplaceFullPath")),
    "the path modifier has `replaceFullPath`, but `type` is not `ReplaceFullPath`",
    "set `type: ReplaceFullPath`, or remove `replaceFullPath`",
);

/// HTTPRoute, `path` of `requestRedirect` and `urlRewrite`: type ReplacePrefixMatch needs `replacePrefixMatch`.
pub(super) const PATH_MODIFIER_PREFIX_MISSING: CelRule = rule(
    "pathmodifier.prefix-missing",
    |cx| implies(is(cx.value, "type", "ReplacePrefixMatch"), || Ok(has(cx.value, "replacePrefixMatch"))),
    "the path modifier has `type: ReplacePrefixMatch`, but no `replacePrefixMatch`",
    "add `replacePrefixMatch`, or change `type`",
);

/// HTTPRoute, `path` of `requestRedirect` and `urlRewrite`: `replacePrefixMatch` goes with type ReplacePrefixMatch only.
pub(super) const PATH_MODIFIER_PREFIX_WITH_OTHER_TYPE: CelRule = rule(
    "pathmodifier.prefix-with-other-type",
    |cx| implies(Ok(has(cx.value, "replacePrefixMatch")), || is(cx.value, "type", "ReplacePrefixMatch")),
    "the path modifier has `replacePrefixMatch`, but `type` is not `ReplacePrefixMatch`",
    "set `type: ReplacePrefixMatch`, or remove `replacePrefixMatch`",
);

/// HTTPRoute, `filters[].externalAuth`: protocol HTTP needs `http`.
pub(super) const EXTERNAL_AUTH_HTTP_MISSING: CelRule = rule(
    "externalauth.http-missing",
    |cx| implies(is(cx.value, "protocol", "HTTP"), || Ok(has(cx.value, "http"))),
    "external authorisation has `protocol: HTTP`, but no `http`",
    "add `http`, or change `protocol`",
);

/// HTTPRoute, `filters[].externalAuth`: `http` goes with protocol HTTP only.
pub(super) const EXTERNAL_AUTH_HTTP_WITH_OTHER_PROTOCOL: CelRule = rule(
    "externalauth.http-with-other-protocol",
    |cx| implies(Ok(has(cx.value, "http")), || is(cx.value, "protocol", "HTTP")),
    "external authorisation has `http`, but `protocol` is not `HTTP`",
    "set `protocol: HTTP`, or remove `http`",
);

/// HTTPRoute, `filters[].externalAuth`: protocol GRPC needs `grpc`.
pub(super) const EXTERNAL_AUTH_GRPC_MISSING: CelRule = rule(
    "externalauth.grpc-missing",
    |cx| implies(is(cx.value, "protocol", "GRPC"), || Ok(has(cx.value, "grpc"))),
    "external authorisation has `protocol: GRPC`, but no `grpc`",
    "add `grpc`, or change `protocol`",
);

/// HTTPRoute, `filters[].externalAuth`: `grpc` goes with protocol GRPC only.
pub(super) const EXTERNAL_AUTH_GRPC_WITH_OTHER_PROTOCOL: CelRule = rule(
    "externalauth.grpc-with-other-protocol",
    |cx| implies(Ok(has(cx.value, "grpc")), || is(cx.value, "protocol", "GRPC")),
    "external authorisation has `grpc`, but `protocol` is not `GRPC`",
    "set `protocol: GRPC`, or remove `grpc`",
);

fn mirror_percent_and_fraction(cx: RuleCx<'_>) -> Outcome {
    Ok(!(has(cx.value, "percent") && has(cx.value, "fraction")))
}

fn mirror_fraction_above_one(cx: RuleCx<'_>) -> Outcome {
    let number = |key| member(cx.value, key)?.as_int().ok_or(RuleError);
    Ok(number("numerator")? <= number("denominator")?)
}

fn cors_wildcard_among_others(cx: RuleCx<'_>) -> Outcome {
    let entries = items(cx.value)?;
    let has_wildcard = entries.iter().any(|entry| entry.as_str() == Some("*"));
    Ok(!(has_wildcard && entries.len() > 1))
}

//! Filters of HTTPRoute and GRPCRoute, `filters[]`: exactly the member that belongs to `type`; and one of each type.
//!
//! What stands inside the members is in `filter_members`; what a filter demands of the rule around it in `http_route`.

use super::logic::{Outcome, and, count, exists, has, is, not, or, rule};
use super::{CelRule, RuleCx};
use crate::yaml::Node;

/// Routes, `filters[]` of rules and of backendRefs: type RequestHeaderModifier needs `requestHeaderModifier`.
pub(super) const REQUEST_HEADER_MODIFIER_MISSING: CelRule = rule(
    "filter.request-header-modifier-missing",
    |cx| required_by_type(cx.value, "requestHeaderModifier", "RequestHeaderModifier"),
    "a filter of type `RequestHeaderModifier` has no `requestHeaderModifier`",
    "add `requestHeaderModifier`, or change `type`",
);

/// Routes, `filters[]` of rules and of backendRefs: `requestHeaderModifier` goes with type RequestHeaderModifier only.
pub(super) const REQUEST_HEADER_MODIFIER_WITH_OTHER_TYPE: CelRule = rule(
    "filter.request-header-modifier-with-other-type",
    |cx| only_with_type(cx.value, "requestHeaderModifier", "RequestHeaderModifier"),
    "a filter has `requestHeaderModifier`, but its type is not `RequestHeaderModifier`",
    "set `type: RequestHeaderModifier`, or remove `requestHeaderModifier`",
);

/// Routes, `filters[]` of rules and of backendRefs: type ResponseHeaderModifier needs `responseHeaderModifier`.
pub(super) const RESPONSE_HEADER_MODIFIER_MISSING: CelRule = rule(
    "filter.response-header-modifier-missing",
    |cx| required_by_type(cx.value, "responseHeaderModifier", "ResponseHeaderModifier"),
    "a filter of type `ResponseHeaderModifier` has no `responseHeaderModifier`",
    "add `responseHeaderModifier`, or change `type`",
);

/// Routes, `filters[]` of rules and of backendRefs: `responseHeaderModifier` goes with type ResponseHeaderModifier only.
pub(super) const RESPONSE_HEADER_MODIFIER_WITH_OTHER_TYPE: CelRule = rule(
    "filter.response-header-modifier-with-other-type",
    |cx| only_with_type(cx.value, "responseHeaderModifier", "ResponseHeaderModifier"),
    "a filter has `responseHeaderModifier`, but its type is not `ResponseHeaderModifier`",
    "set `type: ResponseHeaderModifier`, or remove `responseHeaderModifier`",
);

/// Routes, `filters[]` of rules and of backendRefs: type RequestMirror needs `requestMirror`.
pub(super) const REQUEST_MIRROR_MISSING: CelRule = rule(
    "filter.request-mirror-missing",
    |cx| required_by_type(cx.value, "requestMirror", "RequestMirror"),
    "a filter of type `RequestMirror` has no `requestMirror`",
    "add `requestMirror`, or change `type`",
);

/// Routes, `filters[]` of rules and of backendRefs: `requestMirror` goes with type RequestMirror only.
pub(super) const REQUEST_MIRROR_WITH_OTHER_TYPE: CelRule = rule(
    "filter.request-mirror-with-other-type",
    |cx| only_with_type(cx.value, "requestMirror", "RequestMirror"),
    "a filter has `requestMirror`, but its type is not `RequestMirror`",
    "set `type: RequestMirror`, or remove `requestMirror`",
);

/// Routes, `filters[]` of rules and of backendRefs: type ExtensionRef needs `extensionRef`.
pub(super) const EXTENSION_REF_MISSING: CelRule = rule(
    "filter.extension-ref-missing",
    |cx| required_by_type(cx.value, "extensionRef", "ExtensionRef"),
    "a filter of type `ExtensionRef` has no `extensionRef`",
    "add `extensionRef`, or change `type`",
);

/// Routes, `filters[]` of rules and of backendRefs: `extensionRef` goes with type ExtensionRef only.
pub(super) const EXTENSION_REF_WITH_OTHER_TYPE: CelRule = rule(
    "filter.extension-ref-with-other-type",
    |cx| only_with_type(cx.value, "extensionRef", "ExtensionRef"),
    "a filter has `extensionRef`, but its type is not `ExtensionRef`",
    "set `type: ExtensionRef`, or remove `extensionRef`",
);

/// HTTPRoute, `filters[]` of rules and of backendRefs: type RequestRedirect needs `requestRedirect`.
pub(super) const REQUEST_REDIRECT_MISSING: CelRule = rule(
    "httproute.request-redirect-missing",
    |cx| required_by_type(cx.value, "requestRedirect", "RequestRedirect"),
    "a filter of type `RequestRedirect` has no `requestRedirect`",
    "add `requestRedirect`, or change `type`",
);

/// HTTPRoute, `filters[]` of rules and of backendRefs: `requestRedirect` goes with type RequestRedirect only.
pub(super) const REQUEST_REDIRECT_WITH_OTHER_TYPE: CelRule = rule(
    "httproute.request-redirect-with-other-type",
    |cx| only_with_type(cx.value, "requestRedirect", "RequestRedirect"),
    "a filter has `requestRedirect`, but its type is not `RequestRedirect`",
    "set `type: RequestRedirect`, or remove `requestRedirect`",
);

/// HTTPRoute, `filters[]` of rules and of backendRefs: type URLRewrite needs `urlRewrite`.
pub(super) const URL_REWRITE_MISSING: CelRule = rule(
    "httproute.url-rewrite-missing",
    |cx| required_by_type(cx.value, "urlRewrite", "URLRewrite"),
    "a filter of type `URLRewrite` has no `urlRewrite`",
    "add `urlRewrite`, or change `type`",
);

/// HTTPRoute, `filters[]` of rules and of backendRefs: `urlRewrite` goes with type URLRewrite only.
pub(super) const URL_REWRITE_WITH_OTHER_TYPE: CelRule = rule(
    "httproute.url-rewrite-with-other-type",
    |cx| only_with_type(cx.value, "urlRewrite", "URLRewrite"),
    "a filter has `urlRewrite`, but its type is not `URLRewrite`",
    "set `type: URLRewrite`, or remove `urlRewrite`",
);

/// HTTPRoute, `filters[]` of rules and of backendRefs: type CORS needs `cors`.
pub(super) const CORS_MISSING: CelRule = rule(
    "httproute.cors-missing",
    |cx| required_by_type(cx.value, "cors", "CORS"),
    "a filter of type `CORS` has no `cors`",
    "add `cors`, or change `type`",
);

/// HTTPRoute, `filters[]` of rules and of backendRefs: `cors` goes with type CORS only.
pub(super) const CORS_WITH_OTHER_TYPE: CelRule = rule(
    "httproute.cors-with-other-type",
    |cx| only_with_type(cx.value, "cors", "CORS"),
    "a filter has `cors`, but its type is not `CORS`",
    "set `type: CORS`, or remove `cors`",
);

/// HTTPRoute, `filters[]` of rules and of backendRefs: type ExternalAuth needs `externalAuth`.
pub(super) const EXTERNAL_AUTH_MISSING: CelRule = rule(
    "httproute.external-auth-missing",
    |cx| required_by_type(cx.value, "externalAuth", "ExternalAuth"),
    "a filter of type `ExternalAuth` has no `externalAuth`",
    "add `externalAuth`, or change `type`",
);

/// HTTPRoute, `filters[]` of rules and of backendRefs: `externalAuth` goes with type ExternalAuth only.
pub(super) const EXTERNAL_AUTH_WITH_OTHER_TYPE: CelRule = rule(
    "httproute.external-auth-with-other-type",
    |cx| only_with_type(cx.value, "externalAuth", "ExternalAuth"),
    "a filter has `externalAuth`, but its type is not `ExternalAuth`",
    "set `type: ExternalAuth`, or remove `externalAuth`",
);

/// Routes, `filters` of rules and of backendRefs: RequestHeaderModifier once at most.
pub(super) const REQUEST_HEADER_MODIFIER_REPEATED: CelRule = rule(
    "filter.request-header-modifier-repeated",
    |cx| at_most_one(cx.value, "RequestHeaderModifier"),
    "more than one filter of type `RequestHeaderModifier`",
    "merge them into one filter",
);

/// Routes, `filters` of rules and of backendRefs: ResponseHeaderModifier once at most.
pub(super) const RESPONSE_HEADER_MODIFIER_REPEATED: CelRule = rule(
    "filter.response-header-modifier-repeated",
    |cx| at_most_one(cx.value, "ResponseHeaderModifier"),
    "more than one filter of type `ResponseHeaderModifier`",
    "merge them into one filter",
);

/// HTTPRoute, `filters` of rules and of backendRefs: RequestRedirect once at most.
pub(super) const REQUEST_REDIRECT_REPEATED: CelRule = rule(
    "httproute.request-redirect-repeated",
    |cx| at_most_one(cx.value, "RequestRedirect"),
    "more than one filter of type `RequestRedirect`",
    "merge them into one filter",
);

/// HTTPRoute, `filters` of rules and of backendRefs: URLRewrite once at most.
pub(super) const URL_REWRITE_REPEATED: CelRule = rule(
    "httproute.url-rewrite-repeated",
    |cx| at_most_one(cx.value, "URLRewrite"),
    "more than one filter of type `URLRewrite`",
    "merge them into one filter",
);

/// HTTPRoute, `filters` of rules and of backendRefs: CORS once at most.
pub(super) const CORS_REPEATED: CelRule = rule(
    "httproute.cors-repeated",
    |cx| at_most_one(cx.value, "CORS"),
    "more than one filter of type `CORS`",
    "merge them into one filter",
);

/// HTTPRoute, `filters` of rules and of backendRefs: not both RequestRedirect and URLRewrite.
pub(super) const REDIRECT_AND_REWRITE: CelRule = rule(
    "httproute.redirect-and-rewrite",
    redirect_and_rewrite,
    "a `RequestRedirect` and a `URLRewrite` filter stand side by side",
    "keep one: a redirected request is never forwarded, so there is nothing to rewrite",
);

fn redirect_and_rewrite(cx: RuleCx<'_>) -> Outcome {
    let has_type = |wanted| exists(cx.value, |filter| is(filter, "type", wanted));
    not(and(has_type("RequestRedirect"), || has_type("URLRewrite")))
}

/// `kind` of the union stands for `key`: then the member is there.
fn required_by_type(filter: &Node, key: &str, kind: &str) -> Outcome {
    or(Ok(has(filter, key)), || not(is(filter, "type", kind)))
}

/// The member is there only where `kind` of the union stands for it.
fn only_with_type(filter: &Node, key: &str, kind: &str) -> Outcome {
    or(Ok(!has(filter, key)), || is(filter, "type", kind))
}

fn at_most_one(filters: &Node, kind: &str) -> Outcome {
    count(filters, |filter| is(filter, "type", kind)).map(|n| n <= 1)
}

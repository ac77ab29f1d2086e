//! Policies: trust in back ends (BackendTLSPolicy, TLS of XBackend), sessions, retry budgets.

use super::duration;
use super::logic::{Outcome, and, blank, has, has_items, is, not, or, own_text, rule};
use super::{CelRule, RuleCx, RuleError};
use crate::yaml::Node;

/// BackendTLSPolicy, `spec.validation`; XBackend, `spec.tls.validation`: some source of CA certificates.
pub(super) const NO_CA_SOURCE: CelRule = rule(
    "backendtls.no-ca-source",
    |cx| or(has_items(cx.value, "caCertificateRefs"), || Ok(!blank(cx.value, "wellKnownCACertificates"))),
    "neither `caCertificateRefs` nor `wellKnownCACertificates` says which certificates to trust",
    "set one of them, for example `wellKnownCACertificates: System`",
);

/// BackendTLSPolicy, `spec.validation`; XBackend, `spec.tls.validation`: one source of CA certificates.
pub(super) const TWO_CA_SOURCES: CelRule = rule(
    "backendtls.two-ca-sources",
    |cx| not(and(has_items(cx.value, "caCertificateRefs"), || Ok(!blank(cx.value, "wellKnownCACertificates")))),
    "both `caCertificateRefs` and `wellKnownCACertificates` are set",
    "keep one of them",
);

/// BackendTLSPolicy v1.0, `spec.tls`: some source of CA certificates.
pub(super) const NO_CA_CERT_REFS: CelRule = rule(
    "backendtls.no-ca-cert-refs",
    |cx| or(has_items(cx.value, "caCertRefs"), || Ok(!blank(cx.value, "wellKnownCACerts"))),
    "neither `caCertRefs` nor `wellKnownCACerts` says which certificates to trust",
    "set one of them, for example `wellKnownCACerts: System`",
);

/// BackendTLSPolicy v1.0, `spec.tls`: one source of CA certificates.
pub(super) const TWO_CA_CERT_SOURCES: CelRule = rule(
    "backendtls.two-ca-cert-sources",
    |cx| not(and(has_items(cx.value, "caCertRefs"), || Ok(!blank(cx.value, "wellKnownCACerts")))),
    "both `caCertRefs` and `wellKnownCACerts` are set",
    "keep one of them",
);

/// BackendTLSPolicy and XBackend, `validation.subjectAltNames[]`: type Hostname needs `hostname`.
pub(super) const SUBJECT_ALT_NAME_HOSTNAME_MISSING: CelRule = rule(
    "subjectaltname.hostname-missing",
    |cx| or(Ok(!blank(cx.value, "hostname")), || not(is(cx.value, "type", "Hostname"))),
    "a subject alternative name of type `Hostname` has no `hostname`",
    "add `hostname`, or change `type`",
);

/// BackendTLSPolicy and XBackend, `validation.subjectAltNames[]`: `hostname` goes with type Hostname only.
pub(super) const SUBJECT_ALT_NAME_HOSTNAME_WITH_OTHER_TYPE: CelRule = rule(
    "subjectaltname.hostname-with-other-type",
    |cx| or(Ok(blank(cx.value, "hostname")), || is(cx.value, "type", "Hostname")),
    "a subject alternative name has `hostname`, but its type is not `Hostname`",
    "set `type: Hostname`, or remove `hostname`",
);

/// BackendTLSPolicy and XBackend, `validation.subjectAltNames[]`: type URI needs `uri`.
pub(super) const SUBJECT_ALT_NAME_URI_MISSING: CelRule = rule(
    "subjectaltname.uri-missing",
    |cx| or(Ok(!blank(cx.value, "uri")), || not(is(cx.value, "type", "URI"))),
    "a subject alternative name of type `URI` has no `uri`",
    "add `uri`, or change `type`",
);

/// BackendTLSPolicy and XBackend, `validation.subjectAltNames[]`: `uri` goes with type URI only.
pub(super) const SUBJECT_ALT_NAME_URI_WITH_OTHER_TYPE: CelRule = rule(
    "subjectaltname.uri-with-other-type",
    |cx| or(Ok(blank(cx.value, "uri")), || is(cx.value, "type", "URI")),
    "a subject alternative name has `uri`, but its type is not `URI`",
    "set `type: URI`, or remove `uri`",
);

/// `sessionPersistence` of routes and traffic policies: a permanent cookie needs an absolute timeout.
pub(super) const PERMANENT_COOKIE_WITHOUT_TIMEOUT: CelRule = rule(
    "session.permanent-cookie-without-timeout",
    permanent_cookie_without_timeout,
    "the cookie is `Permanent`, but there is no `absoluteTimeout`",
    "set `absoluteTimeout`, or `lifetimeType: Session`",
);

/// `sessionPersistence` of routes and traffic policies: cookieConfig goes with type Cookie only.
pub(super) const COOKIE_CONFIG_WITHOUT_COOKIE: CelRule = rule(
    "session.cookie-config-without-cookie",
    cookie_config_without_cookie,
    "`cookieConfig` stands beside a type other than `Cookie`",
    "set `type: Cookie`, or remove `cookieConfig`",
);

/// XBackendTrafficPolicy, `spec.retryConstraint.budget.interval`: from a second to an hour.
pub(super) const BUDGET_INTERVAL_RANGE: CelRule = rule(
    "trafficpolicy.budget-interval-range",
    budget_interval_range,
    "the interval of the retry budget is not between one second and one hour",
    "choose an interval from `1s` to `1h`",
);

/// XBackendTrafficPolicy, `spec.retryConstraint.minRetryRate.interval`: above zero, up to an hour.
pub(super) const RETRY_INTERVAL_RANGE: CelRule = rule(
    "trafficpolicy.retry-interval-range",
    retry_interval_range,
    "the interval of the minimum retry rate is zero or more than one hour",
    "choose an interval above `0s`, up to `1h`",
);

fn permanent_cookie_without_timeout(cx: RuleCx<'_>) -> Outcome {
    match cx.value.field("cookieConfig").filter(|cookie| has(cookie, "lifetimeType")) {
        None => Ok(true),
        Some(cookie) => or(not(is(cookie, "lifetimeType", "Permanent")), || Ok(has(cx.value, "absoluteTimeout"))),
    }
}

fn cookie_config_without_cookie(cx: RuleCx<'_>) -> Outcome {
    or(Ok(!has(cx.value, "cookieConfig")), || is(cx.value, "type", "Cookie"))
}

fn budget_interval_range(cx: RuleCx<'_>) -> Outcome {
    nanoseconds(cx.value).map(|interval| (duration::SECOND..=duration::HOUR).contains(&interval))
}

fn retry_interval_range(cx: RuleCx<'_>) -> Outcome {
    nanoseconds(cx.value).map(|interval| interval != 0 && interval <= duration::HOUR)
}

fn nanoseconds(node: &Node) -> Result<i64, RuleError> {
    duration::parse(own_text(node)?).ok_or(RuleError)
}

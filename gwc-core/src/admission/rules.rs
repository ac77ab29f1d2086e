//! The CEL rules of the CRDs as named functions on the located tree, by stable sub-id (GWC0017).
//!
//! One file for each kind or theme; each rule is a constant with its function and words beside it.
//! `tools/cel-proof` proves each equal to the text of the CRDs; which texts they stand for is in
//! `tools/admission-tables/src/rule_ids.tsv`.
//! Rules see values of the right type with all required members: the server checks both first, and no rule otherwise.

use crate::yaml::Node;

mod backend;
mod controller;
mod duration;
mod filter_members;
mod filters;
mod gateway;
mod grpc_route;
mod http_route;
mod listener;
mod logic;
mod parents;
mod path_match;
mod policy;
mod route;
mod tls_route;

/// What a rule looks at: `self` and, in transition rules, `oldSelf`.
#[derive(Debug, Clone, Copy)]
pub struct RuleCx<'n> {
    /// The value that the rule is attached to, after defaulting.
    pub value: &'n Node,
    /// The value at the same place before an update.
    pub old: Option<&'n Node>,
}

/// The rule could not be evaluated; the server reports an error of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleError;

/// One CEL rule.
#[derive(Debug, Clone, Copy)]
pub struct CelRule {
    /// Stable sub-id, for example `httproute.redirect-with-backends`.
    pub id: &'static str,
    /// True when the object passes.
    pub check: fn(RuleCx<'_>) -> Result<bool, RuleError>,
    /// Uses `oldSelf`: only evaluated where an old value exists.
    pub transition: bool,
    /// What is wrong when it is false, in our words.
    pub words: &'static str,
    /// How to cure it, in our words.
    pub help: &'static str,
}

/// All rules by sub-id.
pub static RULES: &[CelRule] = &[
    backend::CLIENT_CERTIFICATE_BY_MODE,
    backend::CLUSTER_LOCAL_HOSTNAME,
    backend::EXTERNAL_HOSTNAME_BY_TYPE,
    backend::PORT_NAME,
    route::SERVICE_PORT_MISSING,
    policy::NO_CA_CERT_REFS,
    policy::NO_CA_SOURCE,
    policy::TWO_CA_CERT_SOURCES,
    policy::TWO_CA_SOURCES,
    controller::NAME_CHANGED,
    filter_members::EXTERNAL_AUTH_GRPC_MISSING,
    filter_members::EXTERNAL_AUTH_GRPC_WITH_OTHER_PROTOCOL,
    filter_members::EXTERNAL_AUTH_HTTP_MISSING,
    filter_members::EXTERNAL_AUTH_HTTP_WITH_OTHER_PROTOCOL,
    filters::EXTENSION_REF_MISSING,
    filters::EXTENSION_REF_WITH_OTHER_TYPE,
    filter_members::MIRROR_FRACTION_ABOVE_ONE,
    filter_members::MIRROR_PERCENT_AND_FRACTION,
    filters::REQUEST_HEADER_MODIFIER_MISSING,
    filters::REQUEST_HEADER_MODIFIER_REPEATED,
    filters::REQUEST_HEADER_MODIFIER_WITH_OTHER_TYPE,
    filters::REQUEST_MIRROR_MISSING,
    filters::REQUEST_MIRROR_WITH_OTHER_TYPE,
    filters::RESPONSE_HEADER_MODIFIER_MISSING,
    filters::RESPONSE_HEADER_MODIFIER_REPEATED,
    filters::RESPONSE_HEADER_MODIFIER_WITH_OTHER_TYPE,
    gateway::FRONTEND_TLS_PORT_REPEATED,
    gateway::HOSTNAME_REPEATED,
    gateway::HOSTNAME_TEXT,
    gateway::IP_ADDRESS_REPEATED,
    gateway::METADATA_KEY_PREFIX_LENGTH,
    gateway::METADATA_KEY_TEXT,
    gateway::REQUIRED_HOSTNAME_REPEATED,
    gateway::REQUIRED_HOSTNAME_TEXT,
    gateway::REQUIRED_IP_ADDRESS_REPEATED,
    grpc_route::METHOD_MATCH_EMPTY,
    grpc_route::METHOD_TEXT,
    grpc_route::SERVICE_TEXT,
    grpc_route::TOO_MANY_MATCHES,
    http_route::BACKEND_REDIRECT_PREFIX_WITHOUT_PREFIX_MATCH,
    http_route::BACKEND_REQUEST_ABOVE_REQUEST,
    http_route::BACKEND_REWRITE_PREFIX_WITHOUT_PREFIX_MATCH,
    filters::CORS_MISSING,
    filters::CORS_REPEATED,
    filter_members::CORS_WILDCARD_AMONG_OTHERS,
    filters::CORS_WITH_OTHER_TYPE,
    filters::EXTERNAL_AUTH_MISSING,
    filters::EXTERNAL_AUTH_WITH_OTHER_TYPE,
    filters::REDIRECT_AND_REWRITE,
    http_route::REDIRECT_PREFIX_WITHOUT_PREFIX_MATCH,
    http_route::REDIRECT_WITH_BACKENDS,
    filters::REQUEST_REDIRECT_MISSING,
    filters::REQUEST_REDIRECT_REPEATED,
    filters::REQUEST_REDIRECT_WITH_OTHER_TYPE,
    http_route::REWRITE_PREFIX_WITHOUT_PREFIX_MATCH,
    http_route::TOO_MANY_MATCHES,
    filters::URL_REWRITE_MISSING,
    filters::URL_REWRITE_REPEATED,
    filters::URL_REWRITE_WITH_OTHER_TYPE,
    listener::CERTIFICATE_REFS_MISSING,
    listener::CERTIFICATE_REFS_OR_OPTIONS_MISSING,
    listener::HOSTNAME_ON_TCP_OR_UDP,
    listener::HTTPS_NOT_TERMINATED,
    listener::NAME_REPEATED,
    listener::REPEATED,
    listener::REPEATED_ON_SET_PORT,
    listener::TLS_MISSING,
    listener::TLS_MODE_MISSING,
    listener::TLS_ON_PLAIN_PROTOCOL,
    parents::SECTION_NAME_MISSING,
    parents::SECTION_NAME_OR_PORT_MISSING,
    parents::SECTION_NAME_OR_PORT_REPEATED,
    parents::SECTION_NAME_REPEATED,
    path_match::DOT_DOT_SEGMENT,
    path_match::DOT_SEGMENT,
    path_match::DOUBLE_SLASH,
    path_match::ENCODED_SLASH_LOWER,
    path_match::ENCODED_SLASH_UPPER,
    path_match::ENDS_IN_DOT,
    path_match::ENDS_IN_DOT_DOT,
    path_match::FRAGMENT,
    path_match::NOT_ABSOLUTE,
    path_match::TEXT,
    path_match::TYPE_UNKNOWN,
    filter_members::PATH_MODIFIER_FULL_PATH_MISSING,
    filter_members::PATH_MODIFIER_FULL_PATH_WITH_OTHER_TYPE,
    filter_members::PATH_MODIFIER_PREFIX_MISSING,
    filter_members::PATH_MODIFIER_PREFIX_WITH_OTHER_TYPE,
    route::RULE_NAME_REPEATED,
    policy::COOKIE_CONFIG_WITHOUT_COOKIE,
    policy::PERMANENT_COOKIE_WITHOUT_TIMEOUT,
    policy::SUBJECT_ALT_NAME_HOSTNAME_MISSING,
    policy::SUBJECT_ALT_NAME_HOSTNAME_WITH_OTHER_TYPE,
    policy::SUBJECT_ALT_NAME_URI_MISSING,
    policy::SUBJECT_ALT_NAME_URI_WITH_OTHER_TYPE,
    parents::TARGET_SECTION_NAME_MISSING,
    parents::TARGET_SECTION_NAME_REPEATED,
    tls_route::HOSTNAME_IS_IP,
    tls_route::HOSTNAME_TEXT,
    tls_route::WILDCARD_TEXT,
    policy::BUDGET_INTERVAL_RANGE,
    policy::RETRY_INTERVAL_RANGE,
];

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn rules_are_sorted_by_distinct_ids() {
        assert!(RULES.is_sorted_by(|one, next| one.id < next.id));
    }

    #[test]
    fn words_are_short_and_in_house_style() {
        for rule in RULES {
            for text in [rule.words, rule.help] {
                assert!((4..=120).contains(&text.len()), "{}: {text}", rule.id);
                assert!(!text.ends_with('.') && !text.starts_with(|c: char| c.is_uppercase()), "{}: {text}", rule.id);
            }
        }
    }
}

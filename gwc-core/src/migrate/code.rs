//! The findings of the migration by number: name, default severity, and what the difference does to requests.
//!
//! Rows come into the registry of rules ([`crate::diagnostic::rule::RULES`]) with the command that raises them;
//! until then nobody is shown a rule that never speaks.

use crate::diagnostic::{Code, Severity};

/// What a difference does to requests (ingress-migrate.md §0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// More is accepted or permitted than before: of weight for security.
    Widens,
    /// More is refused than before.
    Narrows,
    /// The same is reachable, with other bytes.
    Alters,
}

/// One finding of the migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Number and name.
    pub code: Code,
    /// Default severity.
    pub severity: Severity,
    /// The usual direction; `None` where nothing differs or the case decides.
    pub direction: Option<Direction>,
    /// What it says, in one line.
    pub summary: &'static str,
}

const fn row(code: Code, severity: Severity, direction: Option<Direction>, summary: &'static str) -> Finding {
    Finding { code, severity, direction, summary }
}

/// MIG101.
pub const NO_CLASS: Code = Code { number: "MIG101", name: "no-class" };
/// MIG102.
pub const CLASS_DISAGREES: Code = Code { number: "MIG102", name: "class-disagrees" };
/// MIG103.
pub const UNKNOWN_CONTROLLER: Code = Code { number: "MIG103", name: "unknown-controller" };
/// MIG104.
pub const SERVICE_NOT_GIVEN: Code = Code { number: "MIG104", name: "service-not-given" };
/// MIG105.
pub const ORDER_UNKNOWN: Code = Code { number: "MIG105", name: "order-unknown" };
/// MIG106.
pub const SECRET_NOT_GIVEN: Code = Code { number: "MIG106", name: "secret-not-given" };
/// MIG107.
pub const CONTROLLER_CONFIG_NOT_GIVEN: Code = Code { number: "MIG107", name: "controller-config-not-given" };
/// MIG108.
pub const OBJECT_GIVEN_TWICE: Code = Code { number: "MIG108", name: "object-given-twice" };
/// MIG109.
pub const GATEWAY_CLASS_UNKNOWN: Code = Code { number: "MIG109", name: "gateway-class-unknown" };
/// MIG201.
pub const WILDCARD_HOST: Code = Code { number: "MIG201", name: "wildcard-host" };
/// MIG202.
pub const HOST_FALL_THROUGH: Code = Code { number: "MIG202", name: "host-fall-through" };
/// MIG203.
pub const DEFAULT_BACKEND_SCOPE: Code = Code { number: "MIG203", name: "default-backend-scope" };
/// MIG204.
pub const PATH_CLAIMED_TWICE: Code = Code { number: "MIG204", name: "path-claimed-twice" };
/// MIG205.
pub const RESOURCE_BACKEND: Code = Code { number: "MIG205", name: "resource-backend" };
/// MIG206.
pub const EXTERNAL_NAME_SERVICE: Code = Code { number: "MIG206", name: "external-name-service" };
/// MIG207.
pub const PORT_RESOLVED: Code = Code { number: "MIG207", name: "port-resolved" };
/// MIG208.
pub const HOST_OF_SEVERAL_NAMESPACES: Code = Code { number: "MIG208", name: "host-of-several-namespaces" };
/// MIG209.
pub const NOT_REPRESENTABLE: Code = Code { number: "MIG209", name: "not-representable" };
/// MIG301.
pub const STRING_PREFIX: Code = Code { number: "MIG301", name: "string-prefix" };
/// MIG302.
pub const TRAILING_SLASH_REDIRECT: Code = Code { number: "MIG302", name: "trailing-slash-redirect" };
/// MIG303.
pub const REGEX_PATH: Code = Code { number: "MIG303", name: "regex-path" };
/// MIG304.
pub const REGEX_ORDER: Code = Code { number: "MIG304", name: "regex-order" };
/// MIG305.
pub const REGEX_CONSTRUCT: Code = Code { number: "MIG305", name: "regex-construct" };
/// MIG306.
pub const CASE_INSENSITIVE: Code = Code { number: "MIG306", name: "case-insensitive" };
/// MIG307.
pub const PATH_ENCODING: Code = Code { number: "MIG307", name: "path-encoding" };
/// MIG401.
pub const DEFAULT_CERTIFICATE: Code = Code { number: "MIG401", name: "default-certificate" };
/// MIG402.
pub const SECRET_ACROSS_NAMESPACES: Code = Code { number: "MIG402", name: "secret-across-namespaces" };
/// MIG403.
pub const PASSTHROUGH_AND_TERMINATION: Code = Code { number: "MIG403", name: "passthrough-and-termination" };
/// MIG404.
pub const CLIENT_CERTIFICATE_SCOPE: Code = Code { number: "MIG404", name: "client-certificate-scope" };
/// MIG405.
pub const CERTIFICATE_MISFIT: Code = Code { number: "MIG405", name: "certificate-misfit" };
/// MIG406.
pub const REDIRECT_WITHOUT_LISTENER: Code = Code { number: "MIG406", name: "redirect-without-listener" };
/// MIG501.
pub const ANNOTATION_CONVERTED: Code = Code { number: "MIG501", name: "annotation-converted" };
/// MIG502.
pub const ANNOTATION_APPROXIMATED: Code = Code { number: "MIG502", name: "annotation-approximated" };
/// MIG503.
pub const ANNOTATION_NEEDS_POLICY: Code = Code { number: "MIG503", name: "annotation-needs-policy" };
/// MIG504.
pub const ANNOTATION_LOST: Code = Code { number: "MIG504", name: "annotation-lost" };
/// MIG505.
pub const ANNOTATION_INERT: Code = Code { number: "MIG505", name: "annotation-inert" };
/// MIG506.
pub const ANNOTATION_UNKNOWN: Code = Code { number: "MIG506", name: "annotation-unknown" };
/// MIG507.
pub const ANNOTATION_INVALID: Code = Code { number: "MIG507", name: "annotation-invalid" };
/// MIG508.
pub const SNIPPET: Code = Code { number: "MIG508", name: "snippet" };
/// MIG509.
pub const LOCATION_DENIED: Code = Code { number: "MIG509", name: "location-denied" };
/// MIG510.
pub const ANNOTATION_SPILLS: Code = Code { number: "MIG510", name: "annotation-spills" };
/// MIG511.
pub const ACCESS_CONTROL_LOST: Code = Code { number: "MIG511", name: "access-control-lost" };
/// MIG601.
pub const ROUTE_SPLIT: Code = Code { number: "MIG601", name: "route-split" };
/// MIG602.
pub const LISTENERS_DIVIDED: Code = Code { number: "MIG602", name: "listeners-divided" };
/// MIG604.
pub const ROUTE_KINDS_SHARE_HOST: Code = Code { number: "MIG604", name: "route-kinds-share-host" };
/// MIG605.
pub const NAME_SHORTENED: Code = Code { number: "MIG605", name: "name-shortened" };
/// MIG701.
pub const VERIFIED_EQUAL: Code = Code { number: "MIG701", name: "verified-equal" };
/// MIG702.
pub const VERIFIED_DIFFERENT: Code = Code { number: "MIG702", name: "verified-different" };
/// MIG703.
pub const NOT_VERIFIED: Code = Code { number: "MIG703", name: "not-verified" };
/// MIG801.
pub const FEATURE_NOT_CLAIMED: Code = Code { number: "MIG801", name: "feature-not-claimed" };
/// MIG802.
pub const CHANNEL_OR_BUNDLE: Code = Code { number: "MIG802", name: "channel-or-bundle" };

/// All findings by number.
pub static FINDINGS: &[Finding] = &[
    row(NO_CLASS, Severity::Warning, None, "the Ingress has no class, and no default IngressClass is known"),
    row(
        CLASS_DISAGREES,
        Severity::Warning,
        None,
        "the class field and the annotation `kubernetes.io/ingress.class` name two classes",
    ),
    row(
        UNKNOWN_CONTROLLER,
        Severity::Error,
        None,
        "the controller is not known, so only the core mapping of Ingress applies",
    ),
    row(SERVICE_NOT_GIVEN, Severity::Warning, None, "a Service that the Ingress names is not in the input"),
    row(
        ORDER_UNKNOWN,
        Severity::Warning,
        None,
        "the result depends on the order of creation, and the input has no `creationTimestamp`",
    ),
    row(
        SECRET_NOT_GIVEN,
        Severity::Info,
        None,
        "the TLS Secret is not in the input, so nothing was decided from the names in its certificate",
    ),
    row(
        CONTROLLER_CONFIG_NOT_GIVEN,
        Severity::Info,
        None,
        "neither ConfigMap nor flags of the controller are given, so its defaults are assumed",
    ),
    row(OBJECT_GIVEN_TWICE, Severity::Error, None, "the same object stands in the input twice, with different content"),
    row(GATEWAY_CLASS_UNKNOWN, Severity::Warning, None, "the name of the GatewayClass is not known"),
    row(
        WILDCARD_HOST,
        Severity::Warning,
        Some(Direction::Widens),
        "a wildcard host of an Ingress takes one label, that of a Gateway takes deeper names too",
    ),
    row(
        HOST_FALL_THROUGH,
        Severity::Warning,
        Some(Direction::Alters),
        "requests that no path of a host takes go elsewhere than before",
    ),
    row(
        DEFAULT_BACKEND_SCOPE,
        Severity::Warning,
        Some(Direction::Alters),
        "`defaultBackend` takes other requests than before",
    ),
    row(
        PATH_CLAIMED_TWICE,
        Severity::Error,
        Some(Direction::Narrows),
        "two Ingresses claim the same host, path and type; the later one is dropped",
    ),
    row(RESOURCE_BACKEND, Severity::Error, Some(Direction::Narrows), "a backend is a resource, not a Service"),
    row(
        EXTERNAL_NAME_SERVICE,
        Severity::Error,
        Some(Direction::Narrows),
        "a backend is a Service of type ExternalName",
    ),
    row(
        PORT_RESOLVED,
        Severity::Warning,
        None,
        "the port was found through `targetPort` or its name, and is written as the port of the Service",
    ),
    row(HOST_OF_SEVERAL_NAMESPACES, Severity::Info, None, "one host is served from several namespaces"),
    row(
        NOT_REPRESENTABLE,
        Severity::Error,
        Some(Direction::Narrows),
        "Gateway API has no way to write this host or path",
    ),
    row(
        STRING_PREFIX,
        Severity::Warning,
        Some(Direction::Narrows),
        "a prefix of characters became a prefix of path elements",
    ),
    row(
        TRAILING_SLASH_REDIRECT,
        Severity::Info,
        Some(Direction::Alters),
        "the redirect of the controller that adds a final slash",
    ),
    row(
        REGEX_PATH,
        Severity::Warning,
        Some(Direction::Alters),
        "a path is a regular expression, which each implementation reads in its own way",
    ),
    row(
        REGEX_ORDER,
        Severity::Error,
        Some(Direction::Alters),
        "regular expressions overlap, and Gateway API does not say which one comes first",
    ),
    row(
        REGEX_CONSTRUCT,
        Severity::Error,
        Some(Direction::Narrows),
        "a regular expression uses a construct that RE2 does not have",
    ),
    row(CASE_INSENSITIVE, Severity::Warning, Some(Direction::Narrows), "the controller ignored the case of the path"),
    row(
        PATH_ENCODING,
        Severity::Warning,
        Some(Direction::Alters),
        "a path had to be percent-encoded, or is normalised in another way",
    ),
    row(
        DEFAULT_CERTIFICATE,
        Severity::Error,
        Some(Direction::Narrows),
        "the host was served with the default certificate of the controller",
    ),
    row(SECRET_ACROSS_NAMESPACES, Severity::Info, None, "a Secret of another namespace is used, with a ReferenceGrant"),
    row(
        PASSTHROUGH_AND_TERMINATION,
        Severity::Error,
        Some(Direction::Alters),
        "one host and port is both passed through and terminated",
    ),
    row(
        CLIENT_CERTIFICATE_SCOPE,
        Severity::Error,
        Some(Direction::Widens),
        "client certificates were asked for per host, Gateway API asks for them per port",
    ),
    row(CERTIFICATE_MISFIT, Severity::Warning, Some(Direction::Alters), "the certificate does not cover the host"),
    row(
        REDIRECT_WITHOUT_LISTENER,
        Severity::Error,
        Some(Direction::Narrows),
        "HTTP is redirected to HTTPS, and no HTTPS listener can be written",
    ),
    row(ANNOTATION_CONVERTED, Severity::Info, None, "an annotation was translated"),
    row(
        ANNOTATION_APPROXIMATED,
        Severity::Warning,
        Some(Direction::Alters),
        "an annotation was translated with a known difference",
    ),
    row(
        ANNOTATION_NEEDS_POLICY,
        Severity::Warning,
        Some(Direction::Alters),
        "only a policy of an implementation can carry an annotation",
    ),
    row(ANNOTATION_LOST, Severity::Warning, Some(Direction::Alters), "nothing carries an annotation"),
    row(ANNOTATION_INERT, Severity::Info, None, "an annotation has no effect on the controller either"),
    row(
        ANNOTATION_UNKNOWN,
        Severity::Warning,
        None,
        "an annotation has the prefix of the controller and is not one of its keys",
    ),
    row(
        ANNOTATION_INVALID,
        Severity::Warning,
        None,
        "the value of an annotation is invalid, so the controller used its default",
    ),
    row(SNIPPET, Severity::Error, Some(Direction::Alters), "an annotation holds raw configuration of the controller"),
    row(LOCATION_DENIED, Severity::Error, None, "the controller refused to serve the location and answered 503"),
    row(ANNOTATION_SPILLS, Severity::Warning, None, "an annotation acts on other Ingresses too"),
    row(ACCESS_CONTROL_LOST, Severity::Error, Some(Direction::Widens), "nothing carries an access control any more"),
    row(
        ROUTE_SPLIT,
        Severity::Info,
        None,
        "a route has more rules or matches than one object may hold, and was divided",
    ),
    row(LISTENERS_DIVIDED, Severity::Warning, None, "there are more listeners than one Gateway may hold"),
    row(
        ROUTE_KINDS_SHARE_HOST,
        Severity::Error,
        Some(Direction::Narrows),
        "HTTPRoute and GRPCRoute would share a host on one listener",
    ),
    row(NAME_SHORTENED, Severity::Info, None, "a name was too long and was shortened"),
    row(VERIFIED_EQUAL, Severity::Info, None, "the written manifests route as the Ingresses did"),
    row(VERIFIED_DIFFERENT, Severity::Error, Some(Direction::Alters), "a request is answered differently than before"),
    row(NOT_VERIFIED, Severity::Warning, None, "a dimension of the requests could not be verified"),
    row(
        FEATURE_NOT_CLAIMED,
        Severity::Warning,
        Some(Direction::Narrows),
        "the target does not claim a feature that the output needs",
    ),
    row(
        CHANNEL_OR_BUNDLE,
        Severity::Warning,
        Some(Direction::Alters),
        "the chosen channel or bundle does not have what would carry this, so it counts as lost",
    ),
];

/// The row of a code.
#[must_use]
pub fn of(code: Code) -> Option<&'static Finding> {
    FINDINGS.binary_search_by_key(&code.number, |finding| finding.code.number).ok().map(|at| &FINDINGS[at])
}

/// The row with this number or name.
#[must_use]
pub fn find(text: &str) -> Option<&'static Finding> {
    FINDINGS.iter().find(|row| row.code.number.eq_ignore_ascii_case(text) || row.code.name == text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diagnostic::rule::RULES;

    #[test]
    fn rows_are_in_order_and_unlike_the_rules_of_check() {
        assert!(FINDINGS.is_sorted_by(|one, next| one.code.number < next.code.number));
        assert!(FINDINGS.iter().all(|row| of(row.code) == Some(row)));
        let names: BTreeSet<&str> = FINDINGS.iter().map(|row| row.code.name).collect();
        assert_eq!(names.len(), FINDINGS.len(), "a name stands for one finding");
        assert!(RULES.iter().all(|rule| !names.contains(rule.code.name)), "names are one space (ruling 2)");
        // Appended to the registry, the rows keep it sorted.
        assert!(RULES.iter().all(|rule| rule.code.number < FINDINGS[0].code.number));
    }

    #[test]
    fn what_widens_is_never_a_mere_remark() {
        let widening = FINDINGS.iter().filter(|row| row.direction == Some(Direction::Widens));
        assert!(widening.clone().count() >= 3);
        assert!(widening.into_iter().all(|row| row.severity >= Severity::Warning), "ingress-migrate.md §0");
        assert_eq!(of(ACCESS_CONTROL_LOST).map(|row| row.severity), Some(Severity::Error));
    }

    #[test]
    fn sentences_follow_the_house() {
        for Finding { code, summary, .. } in FINDINGS {
            assert!(!summary.ends_with('.') && summary.len() <= 120, "{}", code.number);
            let first = summary.split(' ').next().unwrap_or_default();
            let is_name = first.chars().any(char::is_uppercase) && first.len() > 3;
            assert!(is_name || !first.starts_with(char::is_uppercase), "{}: lower case start", code.number);
            assert!(code.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", code.name);
        }
    }

    #[test]
    fn numbers_and_names_find_a_row() {
        assert_eq!(find("mig511"), of(ACCESS_CONTROL_LOST));
        assert_eq!(find("snippet"), of(SNIPPET));
        assert_eq!(find("MIG603"), None);
    }
}

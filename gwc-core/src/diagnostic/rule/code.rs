//! Number and name of every rule, by number; their defaults are the rows of [`super::RULES`].

use crate::diagnostic::Code;

/// GWC0001.
pub const YAML_SYNTAX: Code = Code { number: "GWC0001", name: "yaml-syntax" };
/// GWC0002.
pub const YAML_DUPLICATE_KEY: Code = Code { number: "GWC0002", name: "yaml-duplicate-key" };
/// GWC0003.
pub const YAML_AMBIGUOUS_SCALAR: Code = Code { number: "GWC0003", name: "yaml-ambiguous-scalar" };
/// GWC0004.
pub const DOCUMENT_SKIPPED: Code = Code { number: "GWC0004", name: "document-skipped" };
/// GWC0005.
pub const TEMPLATE_NOT_RENDERED: Code = Code { number: "GWC0005", name: "template-not-rendered" };
/// GWC0006.
pub const DUPLICATE_OBJECT: Code = Code { number: "GWC0006", name: "duplicate-object" };
/// GWC0007.
pub const UNKNOWN_GATEWAY_KIND: Code = Code { number: "GWC0007", name: "unknown-gateway-kind" };
/// GWC0010.
pub const UNKNOWN_FIELD: Code = Code { number: "GWC0010", name: "unknown-field" };
/// GWC0011.
pub const MISSING_REQUIRED_FIELD: Code = Code { number: "GWC0011", name: "missing-required-field" };
/// GWC0012.
pub const WRONG_TYPE: Code = Code { number: "GWC0012", name: "wrong-type" };
/// GWC0013.
pub const INVALID_ENUM_VALUE: Code = Code { number: "GWC0013", name: "invalid-enum-value" };
/// GWC0014.
pub const PATTERN_MISMATCH: Code = Code { number: "GWC0014", name: "pattern-mismatch" };
/// GWC0015.
pub const LIMIT_EXCEEDED: Code = Code { number: "GWC0015", name: "limit-exceeded" };
/// GWC0016.
pub const DUPLICATE_LIST_KEY: Code = Code { number: "GWC0016", name: "duplicate-list-key" };
/// GWC0017.
pub const CEL_RULE: Code = Code { number: "GWC0017", name: "cel-rule" };
/// GWC0018.
pub const CEL_NOT_EVALUATED: Code = Code { number: "GWC0018", name: "cel-not-evaluated" };
/// GWC0019.
pub const INVALID_NAME_OR_LABEL: Code = Code { number: "GWC0019", name: "invalid-name-or-label" };
/// GWC0020.
pub const NAMESPACE_OMITTED: Code = Code { number: "GWC0020", name: "namespace-omitted" };
/// GWC0021.
pub const SERVER_FIELD_IN_MANIFEST: Code = Code { number: "GWC0021", name: "server-field-in-manifest" };
/// GWC0022.
pub const SELECTOR_INVALID: Code = Code { number: "GWC0022", name: "selector-invalid" };
/// GWC0090.
pub const UNUSED_SUPPRESSION: Code = Code { number: "GWC0090", name: "unused-suppression" };
/// GWC0091.
pub const UNKNOWN_RULE_IN_SUPPRESSION: Code = Code { number: "GWC0091", name: "unknown-rule-in-suppression" };
/// GWC0092.
pub const SUPPRESSION_WITHOUT_REASON: Code = Code { number: "GWC0092", name: "suppression-without-reason" };
/// GWC0093.
pub const EXPIRED_SUPPRESSION: Code = Code { number: "GWC0093", name: "expired-suppression" };
/// GWC0094.
pub const STALE_BASELINE_ENTRY: Code = Code { number: "GWC0094", name: "stale-baseline-entry" };
/// GWC0095.
pub const UNUSED_ASSUMPTION: Code = Code { number: "GWC0095", name: "unused-assumption" };
/// GWC1001.
pub const GATEWAYCLASS_NOT_FOUND: Code = Code { number: "GWC1001", name: "gatewayclass-not-found" };
/// GWC1002.
pub const PARENT_NOT_FOUND: Code = Code { number: "GWC1002", name: "parent-not-found" };
/// GWC1003.
pub const PARENT_SECTION_NOT_FOUND: Code = Code { number: "GWC1003", name: "parent-section-not-found" };
/// GWC1004.
pub const PARENT_PORT_NOT_FOUND: Code = Code { number: "GWC1004", name: "parent-port-not-found" };
/// GWC1005.
pub const BACKEND_NOT_FOUND: Code = Code { number: "GWC1005", name: "backend-not-found" };
/// GWC1006.
pub const BACKEND_PORT_NOT_FOUND: Code = Code { number: "GWC1006", name: "backend-port-not-found" };
/// GWC1007.
pub const BACKEND_PORT_MISSING: Code = Code { number: "GWC1007", name: "backend-port-missing" };
/// GWC1008.
pub const BACKEND_KIND_INVALID: Code = Code { number: "GWC1008", name: "backend-kind-invalid" };
/// GWC1009.
pub const REF_NOT_PERMITTED: Code = Code { number: "GWC1009", name: "ref-not-permitted" };
/// GWC1010.
pub const CERTIFICATE_NOT_FOUND: Code = Code { number: "GWC1010", name: "certificate-not-found" };
/// GWC1011.
pub const CERTIFICATE_REF_KIND: Code = Code { number: "GWC1011", name: "certificate-ref-kind" };
/// GWC1012.
pub const CA_REF_NOT_FOUND: Code = Code { number: "GWC1012", name: "ca-ref-not-found" };
/// GWC1013.
pub const POLICY_TARGET_NOT_FOUND: Code = Code { number: "GWC1013", name: "policy-target-not-found" };
/// GWC1014.
pub const POLICY_SECTION_NOT_FOUND: Code = Code { number: "GWC1014", name: "policy-section-not-found" };
/// GWC1015.
pub const EXTENSION_REF_NOT_FOUND: Code = Code { number: "GWC1015", name: "extension-ref-not-found" };
/// GWC1016.
pub const MIRROR_BACKEND_INVALID: Code = Code { number: "GWC1016", name: "mirror-backend-invalid" };
/// GWC1017.
pub const PARAMETERS_REF_NOT_FOUND: Code = Code { number: "GWC1017", name: "parameters-ref-not-found" };
/// GWC1018.
pub const GRANT_MISPLACED: Code = Code { number: "GWC1018", name: "grant-misplaced" };
/// GWC1019.
pub const GRANT_NEAR_MISS: Code = Code { number: "GWC1019", name: "grant-near-miss" };
/// GWC1020.
pub const GRANT_UNUSED: Code = Code { number: "GWC1020", name: "grant-unused" };
/// GWC1021.
pub const BACKEND_WITHOUT_ENDPOINTS: Code = Code { number: "GWC1021", name: "backend-without-endpoints" };
/// GWC1022.
pub const NAME_TRANSFORM_DRIFT: Code = Code { number: "GWC1022", name: "name-transform-drift" };
/// GWC1023.
pub const EXTERNAL_AUTH_BACKEND_INVALID: Code = Code { number: "GWC1023", name: "external-auth-backend-invalid" };
/// GWC2001.
pub const NAMESPACE_NOT_ALLOWED: Code = Code { number: "GWC2001", name: "namespace-not-allowed" };
/// GWC2002.
pub const KIND_NOT_ALLOWED: Code = Code { number: "GWC2002", name: "kind-not-allowed" };
/// GWC2003.
pub const HOSTNAME_NO_INTERSECTION: Code = Code { number: "GWC2003", name: "hostname-no-intersection" };
/// GWC2004.
pub const HOSTNAME_PARTLY_IGNORED: Code = Code { number: "GWC2004", name: "hostname-partly-ignored" };
/// GWC2005.
pub const ROUTE_ATTACHES_NOWHERE: Code = Code { number: "GWC2005", name: "route-attaches-nowhere" };
/// GWC2006.
pub const PARTIAL_ATTACHMENT: Code = Code { number: "GWC2006", name: "partial-attachment" };
/// GWC2007.
pub const ATTACHES_TO_PLAIN_AND_TLS: Code = Code { number: "GWC2007", name: "attaches-to-plain-and-tls" };
/// GWC2008.
pub const LISTENER_WITHOUT_ROUTES: Code = Code { number: "GWC2008", name: "listener-without-routes" };
/// GWC2009.
pub const GATEWAY_WITHOUT_VALID_LISTENER: Code = Code { number: "GWC2009", name: "gateway-without-valid-listener" };
/// GWC2010.
pub const INVALID_ROUTE_KINDS: Code = Code { number: "GWC2010", name: "invalid-route-kinds" };
/// GWC2011.
pub const UNSUPPORTED_PROTOCOL: Code = Code { number: "GWC2011", name: "unsupported-protocol" };
/// GWC2012.
pub const LISTENERSET_NOT_ALLOWED: Code = Code { number: "GWC2012", name: "listenerset-not-allowed" };
/// GWC2013.
pub const LISTENERSET_PARENT_NOT_ACCEPTED: Code = Code { number: "GWC2013", name: "listenerset-parent-not-accepted" };
/// GWC2014.
pub const PARENT_KIND_UNKNOWN: Code = Code { number: "GWC2014", name: "parent-kind-unknown" };
/// GWC2015.
pub const REDUNDANT_PARENTREF: Code = Code { number: "GWC2015", name: "redundant-parentref" };
/// GWC2016.
pub const PARENT_NAMESPACE_OMITTED: Code = Code { number: "GWC2016", name: "parent-namespace-omitted" };
/// GWC2017.
pub const SELECTOR_SELECTS_NOTHING: Code = Code { number: "GWC2017", name: "selector-selects-nothing" };
/// GWC2018.
pub const ATTACHMENT_UNDETERMINED: Code = Code { number: "GWC2018", name: "attachment-undetermined" };
/// GWC2019.
pub const MIXED_PARENT_KINDS: Code = Code { number: "GWC2019", name: "mixed-parent-kinds" };
/// GWC2020.
pub const TOO_MANY_LISTENERS: Code = Code { number: "GWC2020", name: "too-many-listeners" };
/// GWC3001.
pub const LISTENER_HOSTNAME_CONFLICT: Code = Code { number: "GWC3001", name: "listener-hostname-conflict" };
/// GWC3002.
pub const LISTENER_PROTOCOL_CONFLICT: Code = Code { number: "GWC3002", name: "listener-protocol-conflict" };
/// GWC3003.
pub const LISTENERSET_CONFLICT: Code = Code { number: "GWC3003", name: "listenerset-conflict" };
/// GWC3004.
pub const CROSS_KIND_HOSTNAME_CONFLICT: Code = Code { number: "GWC3004", name: "cross-kind-hostname-conflict" };
/// GWC3005.
pub const DUPLICATE_MATCH_ACROSS_ROUTES: Code = Code { number: "GWC3005", name: "duplicate-match-across-routes" };
/// GWC3006.
pub const DUPLICATE_MATCH_IN_ROUTE: Code = Code { number: "GWC3006", name: "duplicate-match-in-route" };
/// GWC3007.
pub const SHADOWED_MATCH: Code = Code { number: "GWC3007", name: "shadowed-match" };
/// GWC3008.
pub const UNREACHABLE_RULE: Code = Code { number: "GWC3008", name: "unreachable-rule" };
/// GWC3009.
pub const REDUNDANT_MATCH: Code = Code { number: "GWC3009", name: "redundant-match" };
/// GWC3010.
pub const REDUNDANT_HOSTNAME: Code = Code { number: "GWC3010", name: "redundant-hostname" };
/// GWC3011.
pub const ORDER_DECIDES: Code = Code { number: "GWC3011", name: "order-decides" };
/// GWC3012.
pub const REGEX_OVERLAP: Code = Code { number: "GWC3012", name: "regex-overlap" };
/// GWC3013.
pub const CATCH_ALL_COLLISION: Code = Code { number: "GWC3013", name: "catch-all-collision" };
/// GWC3014.
pub const POLICY_CONFLICT: Code = Code { number: "GWC3014", name: "policy-conflict" };
/// GWC3015.
pub const L4_ROUTE_CONTENTION: Code = Code { number: "GWC3015", name: "l4-route-contention" };
/// GWC3016.
pub const CONTRADICTORY_MATCH: Code = Code { number: "GWC3016", name: "contradictory-match" };
/// GWC3017.
pub const INGRESS_ROUTE_OVERLAP: Code = Code { number: "GWC3017", name: "ingress-route-overlap" };
/// GWC4001.
pub const TLS_LISTENER_WITHOUT_CERTIFICATE: Code = Code { number: "GWC4001", name: "tls-listener-without-certificate" };
/// GWC4002.
pub const CERTIFICATE_MALFORMED: Code = Code { number: "GWC4002", name: "certificate-malformed" };
/// GWC4003.
pub const CERTIFICATE_KEY_MISMATCH: Code = Code { number: "GWC4003", name: "certificate-key-mismatch" };
/// GWC4004.
pub const CERTIFICATE_EXPIRED: Code = Code { number: "GWC4004", name: "certificate-expired" };
/// GWC4005.
pub const CERTIFICATE_HOSTNAME_MISMATCH: Code = Code { number: "GWC4005", name: "certificate-hostname-mismatch" };
/// GWC4006.
pub const OVERLAPPING_TLS: Code = Code { number: "GWC4006", name: "overlapping-tls" };
/// GWC4007.
pub const PASSTHROUGH_ON_HTTPS: Code = Code { number: "GWC4007", name: "passthrough-on-https" };
/// GWC4008.
pub const PASSTHROUGH_IGNORES_CERTIFICATE: Code = Code { number: "GWC4008", name: "passthrough-ignores-certificate" };
/// GWC4009.
pub const APEX_NOT_COVERED: Code = Code { number: "GWC4009", name: "apex-not-covered" };
/// GWC4010.
pub const PLAINTEXT_TO_TLS_PORT: Code = Code { number: "GWC4010", name: "plaintext-to-tls-port" };
/// GWC4011.
pub const BACKEND_TLS_TARGET_UNUSED: Code = Code { number: "GWC4011", name: "backend-tls-target-unused" };
/// GWC4012.
pub const BACKEND_TLS_INVALID_DROPPED: Code = Code { number: "GWC4012", name: "backend-tls-invalid-dropped" };
/// GWC4013.
pub const CERT_MANAGER_HOSTNAME_MISSING: Code = Code { number: "GWC4013", name: "cert-manager-hostname-missing" };
/// GWC4014.
pub const MIXED_TLS_MODES: Code = Code { number: "GWC4014", name: "mixed-tls-modes" };
/// GWC4015.
pub const FRONTEND_VALIDATION_INSECURE: Code = Code { number: "GWC4015", name: "frontend-validation-insecure" };
/// GWC5001.
pub const RULE_WITHOUT_BACKEND: Code = Code { number: "GWC5001", name: "rule-without-backend" };
/// GWC5002.
pub const ALL_WEIGHTS_ZERO: Code = Code { number: "GWC5002", name: "all-weights-zero" };
/// GWC5003.
pub const INVALID_BACKEND_SHARE: Code = Code { number: "GWC5003", name: "invalid-backend-share" };
/// GWC5004.
pub const REDIRECT_LOOP: Code = Code { number: "GWC5004", name: "redirect-loop" };
/// GWC5005.
pub const INCOMPATIBLE_FILTERS: Code = Code { number: "GWC5005", name: "incompatible-filters" };
/// GWC5006.
pub const REWRITE_SLASH: Code = Code { number: "GWC5006", name: "rewrite-slash" };
/// GWC5007.
pub const TIMEOUT_INCONSISTENT: Code = Code { number: "GWC5007", name: "timeout-inconsistent" };
/// GWC5008.
pub const HEADER_MODIFIER_CONFLICT: Code = Code { number: "GWC5008", name: "header-modifier-conflict" };
/// GWC5009.
pub const HOP_BY_HOP_HEADER: Code = Code { number: "GWC5009", name: "hop-by-hop-header" };
/// GWC5010.
pub const HOST_HEADER_MATCH: Code = Code { number: "GWC5010", name: "host-header-match" };
/// GWC5011.
pub const HEADER_NAME_DUPLICATE_CASE: Code = Code { number: "GWC5011", name: "header-name-duplicate-case" };
/// GWC5012.
pub const REGEX_INVALID: Code = Code { number: "GWC5012", name: "regex-invalid" };
/// GWC5013.
pub const REGEX_UNANCHORED: Code = Code { number: "GWC5013", name: "regex-unanchored" };
/// GWC5014.
pub const PATH_NOT_NORMALISED: Code = Code { number: "GWC5014", name: "path-not-normalised" };
/// GWC5015.
pub const EXACT_TRAILING_SLASH: Code = Code { number: "GWC5015", name: "exact-trailing-slash" };
/// GWC5016.
pub const LONE_WEIGHT: Code = Code { number: "GWC5016", name: "lone-weight" };
/// GWC5017.
pub const MIRROR_TO_SELF: Code = Code { number: "GWC5017", name: "mirror-to-self" };
/// GWC5018.
pub const PROTOCOL_MISMATCH: Code = Code { number: "GWC5018", name: "protocol-mismatch" };
/// GWC5019.
pub const GRPC_AS_HTTP: Code = Code { number: "GWC5019", name: "grpc-as-http" };
/// GWC5020.
pub const MATCH_EXPLOSION: Code = Code { number: "GWC5020", name: "match-explosion" };
/// GWC5021.
pub const RETRY_UNSAFE_METHOD: Code = Code { number: "GWC5021", name: "retry-unsafe-method" };
/// GWC5022.
pub const STICKINESS_WITH_SPLIT: Code = Code { number: "GWC5022", name: "stickiness-with-split" };
/// GWC5023.
pub const CORS_INCONSISTENT: Code = Code { number: "GWC5023", name: "cors-inconsistent" };
/// GWC6001.
pub const FEATURE_UNSUPPORTED: Code = Code { number: "GWC6001", name: "feature-unsupported" };
/// GWC6002.
pub const FEATURE_SUPPORT_UNKNOWN: Code = Code { number: "GWC6002", name: "feature-support-unknown" };
/// GWC6003.
pub const EXTENDED_FEATURE: Code = Code { number: "GWC6003", name: "extended-feature" };
/// GWC6004.
pub const IMPLEMENTATION_SPECIFIC: Code = Code { number: "GWC6004", name: "implementation-specific" };
/// GWC6005.
pub const CLASS_LACKS_FEATURE: Code = Code { number: "GWC6005", name: "class-lacks-feature" };
/// GWC6006.
pub const REGEX_DIALECT: Code = Code { number: "GWC6006", name: "regex-dialect" };
/// GWC6007.
pub const DIVERGENT_PARENTS: Code = Code { number: "GWC6007", name: "divergent-parents" };
/// GWC6008.
pub const KNOWN_DEVIATION: Code = Code { number: "GWC6008", name: "known-deviation" };
/// GWC6009.
pub const LISTENER_ISOLATION_ASSUMED: Code = Code { number: "GWC6009", name: "listener-isolation-assumed" };
/// GWC6010.
pub const MULTIPLE_CERTIFICATE_REFS: Code = Code { number: "GWC6010", name: "multiple-certificate-refs" };
/// GWC6011.
pub const POLICY_MANY_TARGETS: Code = Code { number: "GWC6011", name: "policy-many-targets" };
/// GWC6012.
pub const REGEX_PATH_TYPE: Code = Code { number: "GWC6012", name: "regex-path-type" };
/// GWC6013.
pub const SIZE_HAZARD: Code = Code { number: "GWC6013", name: "size-hazard" };
/// GWC7001.
pub const SHARED_GATEWAY: Code = Code { number: "GWC7001", name: "shared-gateway" };
/// GWC7002.
pub const PARENTREF_SECTION_NAME: Code = Code { number: "GWC7002", name: "parentref-section-name" };
/// GWC7003.
pub const GRANT_REVIEW: Code = Code { number: "GWC7003", name: "grant-review" };
/// GWC7004.
pub const BACKEND_TLS_MISSING: Code = Code { number: "GWC7004", name: "backend-tls-missing" };
/// GWC7005.
pub const EXPLICIT_HOSTNAMES: Code = Code { number: "GWC7005", name: "explicit-hostnames" };
/// GWC7006.
pub const STATUS_NOT_ASSERTED: Code = Code { number: "GWC7006", name: "status-not-asserted" };
/// GWC7007.
pub const HARD_CUTOVER: Code = Code { number: "GWC7007", name: "hard-cutover" };
/// GWC7008.
pub const EXPERIMENTAL_NOT_NEEDED: Code = Code { number: "GWC7008", name: "experimental-not-needed" };
/// GWC7009.
pub const DEFAULTS_NOT_EXPLICIT: Code = Code { number: "GWC7009", name: "defaults-not-explicit" };
/// GWC7010.
pub const UNNAMED_RULE: Code = Code { number: "GWC7010", name: "unnamed-rule" };
/// GWC7011.
pub const HTTP_WITHOUT_REDIRECT: Code = Code { number: "GWC7011", name: "http-without-redirect" };
/// GWC7012.
pub const ALLOWED_ROUTES_IMPLICIT: Code = Code { number: "GWC7012", name: "allowed-routes-implicit" };
/// GWC7013.
pub const NEAR_LIMIT: Code = Code { number: "GWC7013", name: "near-limit" };
/// GWC7014.
pub const NO_TIMEOUT: Code = Code { number: "GWC7014", name: "no-timeout" };
/// GWC7015.
pub const UNUSED_CLASS_OR_GATEWAY: Code = Code { number: "GWC7015", name: "unused-class-or-gateway" };
/// GWC7016.
pub const NO_DEFAULT_ROUTE: Code = Code { number: "GWC7016", name: "no-default-route" };
/// GWC8001.
pub const OPEN_LISTENER: Code = Code { number: "GWC8001", name: "open-listener" };
/// GWC8002.
pub const HOSTNAME_TAKEOVER: Code = Code { number: "GWC8002", name: "hostname-takeover" };
/// GWC8003.
pub const HOSTNAME_POLICY: Code = Code { number: "GWC8003", name: "hostname-policy" };
/// GWC8004.
pub const BROAD_SECRET_GRANT: Code = Code { number: "GWC8004", name: "broad-secret-grant" };
/// GWC8005.
pub const TENANT_CONTROLLED_SELECTOR: Code = Code { number: "GWC8005", name: "tenant-controlled-selector" };
/// GWC8006.
pub const PRIVATE_KEY_IN_MANIFEST: Code = Code { number: "GWC8006", name: "private-key-in-manifest" };
/// GWC8007.
pub const EXTERNAL_NAME_BACKEND: Code = Code { number: "GWC8007", name: "external-name-backend" };
/// GWC8008.
pub const METADATA_SERVICE_BACKEND: Code = Code { number: "GWC8008", name: "metadata-service-backend" };
/// GWC8009.
pub const SENSITIVE_PATH_EXPOSED: Code = Code { number: "GWC8009", name: "sensitive-path-exposed" };
/// GWC8010.
pub const TRUSTED_HEADER_PASSTHROUGH: Code = Code { number: "GWC8010", name: "trusted-header-passthrough" };
/// GWC8011.
pub const CONFUSABLE_HOSTNAME: Code = Code { number: "GWC8011", name: "confusable-hostname" };
/// GWC8012.
pub const KINDS_NOT_PINNED: Code = Code { number: "GWC8012", name: "kinds-not-pinned" };
/// GWC8013.
pub const HOSTLESS_ROUTE_ON_SHARED_LISTENER: Code =
    Code { number: "GWC8013", name: "hostless-route-on-shared-listener" };
/// GWC9001.
pub const VERSION_NOT_SERVED: Code = Code { number: "GWC9001", name: "version-not-served" };
/// GWC9002.
pub const VERSION_DEPRECATED: Code = Code { number: "GWC9002", name: "version-deprecated" };
/// GWC9003.
pub const KIND_NOT_IN_CHANNEL: Code = Code { number: "GWC9003", name: "kind-not-in-channel" };
/// GWC9004.
pub const FIELD_NOT_IN_CHANNEL: Code = Code { number: "GWC9004", name: "field-not-in-channel" };
/// GWC9005.
pub const FIELD_REMOVED: Code = Code { number: "GWC9005", name: "field-removed" };
/// GWC9006.
pub const FIELD_TOO_NEW: Code = Code { number: "GWC9006", name: "field-too-new" };
/// GWC9007.
pub const MIXED_CRD_BUNDLE: Code = Code { number: "GWC9007", name: "mixed-crd-bundle" };
/// GWC9008.
pub const CONTROLLER_CRD_RANGE: Code = Code { number: "GWC9008", name: "controller-crd-range" };
/// GWC9009.
pub const NEXT_UPGRADE_HAZARD: Code = Code { number: "GWC9009", name: "next-upgrade-hazard" };
/// GWC9010.
pub const LEGACY_GROUP: Code = Code { number: "GWC9010", name: "legacy-group" };
/// GWC9011.
pub const LEGACY_CONDITION: Code = Code { number: "GWC9011", name: "legacy-condition" };
/// GWC9012.
pub const INGRESS_REMAINING: Code = Code { number: "GWC9012", name: "ingress-remaining" };

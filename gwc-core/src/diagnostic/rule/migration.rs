//! Number and name of every finding of `gwc ingress-migrate`, by number (ingress-migrate.md §0).
//!
//! Their defaults are rows of [`super::RULES`]; what they mean is told by `crate::migrate::code`.

use crate::diagnostic::Code;

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

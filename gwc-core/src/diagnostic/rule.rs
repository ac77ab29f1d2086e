//! Identity and defaults of every rule, one row each, by number (cli-and-rules.md §12).
//!
//! A rule is registered here once; what it checks, its documentation and its wording live with the rule. The findings of
//! a migration have rows like rules, because users name, filter and look up both in the same way.
//! Numbers are never reused.

use crate::diagnostic::{Basis, Code, Severity};

mod code;
pub mod migration;

pub use code::*;
pub use migration::*;

/// Groups of rules; selectable by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Input, syntax, schema: GWC00.
    Schema,
    /// References: GWC1.
    Refs,
    /// Attachment: GWC2.
    Attach,
    /// Conflicts and shadowing: GWC3.
    Conflict,
    /// TLS: GWC4.
    Tls,
    /// Traffic: GWC5.
    Traffic,
    /// Portability: GWC6.
    Port,
    /// Best practice: GWC7.
    Bp,
    /// Security: GWC8.
    Security,
    /// Versions and deprecation: GWC9.
    Version,
    /// What a migration from Ingress changes: MIG.
    Migrate,
}

/// What sort of cure a rule can offer (cli-and-rules.md §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixClass {
    /// Only a person can cure it.
    None,
    /// A cure that needs a human value is shown.
    Suggestion,
    /// An edit that changes behaviour.
    Unsafe,
    /// An edit that provably changes nothing else.
    Safe,
}

/// One row of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Number and name.
    pub code: Code,
    /// Group.
    pub group: Group,
    /// Severity under the preset `recommended`.
    pub severity: Severity,
    /// The finding drops to a warning with basis `assumed` where the extent of the world is unknown (§5.3).
    pub drops_when_assumed: bool,
    /// Certainty of its findings where the world is known.
    pub basis: Basis,
    /// The best cure it offers.
    pub fix: FixClass,
}

/// User documentation of a rule; generates `docs/rules.md` and `gwc explain CODE` (cli-and-rules.md §16).
#[derive(Debug, Clone, Copy)]
pub struct Docs {
    /// One line.
    pub summary: &'static str,
    /// What it checks.
    pub what: &'static str,
    /// Why it matters: the condition or HTTP outcome.
    pub why: &'static str,
    /// A manifest (or part) that it finds; empty where a finding is about two worlds.
    pub bad: &'static str,
    /// The same, cured; empty like `bad`.
    pub good: &'static str,
    /// How to cure it.
    pub fix: &'static str,
    /// API path or upstream source, and the rule ids of the status reference.
    pub spec: &'static str,
}

#[expect(clippy::too_many_arguments, reason = "one row of the table, column by column")]
const fn row(code: Code, group: Group, severity: Severity, drops: bool, basis: Basis, fix: FixClass) -> Rule {
    Rule { code, group, severity, drops_when_assumed: drops, basis, fix }
}

/// All rules by number.
pub const RULES: &[Rule] = &[
    row(YAML_SYNTAX, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Safe),
    row(YAML_DUPLICATE_KEY, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(YAML_AMBIGUOUS_SCALAR, Group::Schema, Severity::Warning, false, Basis::Spec, FixClass::Safe),
    row(DOCUMENT_SKIPPED, Group::Schema, Severity::Info, false, Basis::Spec, FixClass::None),
    row(TEMPLATE_NOT_RENDERED, Group::Schema, Severity::Warning, false, Basis::Heuristic, FixClass::Suggestion),
    row(DUPLICATE_OBJECT, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(UNKNOWN_GATEWAY_KIND, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(UNKNOWN_FIELD, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(MISSING_REQUIRED_FIELD, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(WRONG_TYPE, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Safe),
    row(INVALID_ENUM_VALUE, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Safe),
    row(PATTERN_MISMATCH, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(LIMIT_EXCEEDED, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(DUPLICATE_LIST_KEY, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(CEL_RULE, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(CEL_NOT_EVALUATED, Group::Schema, Severity::Info, false, Basis::Spec, FixClass::None),
    row(INVALID_NAME_OR_LABEL, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(NAMESPACE_OMITTED, Group::Schema, Severity::Warning, false, Basis::Spec, FixClass::Safe),
    row(SERVER_FIELD_IN_MANIFEST, Group::Schema, Severity::Info, false, Basis::Heuristic, FixClass::Safe),
    row(SELECTOR_INVALID, Group::Schema, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(UNUSED_SUPPRESSION, Group::Schema, Severity::Warning, false, Basis::Spec, FixClass::Safe),
    row(UNKNOWN_RULE_IN_SUPPRESSION, Group::Schema, Severity::Warning, false, Basis::Spec, FixClass::Unsafe),
    row(SUPPRESSION_WITHOUT_REASON, Group::Schema, Severity::Off, false, Basis::Heuristic, FixClass::Suggestion),
    row(EXPIRED_SUPPRESSION, Group::Schema, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(STALE_BASELINE_ENTRY, Group::Schema, Severity::Info, false, Basis::Spec, FixClass::Safe),
    row(UNUSED_ASSUMPTION, Group::Schema, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(GATEWAYCLASS_NOT_FOUND, Group::Refs, Severity::Error, true, Basis::Spec, FixClass::Suggestion),
    row(PARENT_NOT_FOUND, Group::Refs, Severity::Error, true, Basis::Spec, FixClass::Unsafe),
    row(PARENT_SECTION_NOT_FOUND, Group::Refs, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(PARENT_PORT_NOT_FOUND, Group::Refs, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(BACKEND_NOT_FOUND, Group::Refs, Severity::Error, true, Basis::Spec, FixClass::Unsafe),
    row(BACKEND_PORT_NOT_FOUND, Group::Refs, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(BACKEND_PORT_MISSING, Group::Refs, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(BACKEND_KIND_INVALID, Group::Refs, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(REF_NOT_PERMITTED, Group::Refs, Severity::Error, true, Basis::Spec, FixClass::Unsafe),
    row(CERTIFICATE_NOT_FOUND, Group::Refs, Severity::Error, true, Basis::Spec, FixClass::Suggestion),
    row(CERTIFICATE_REF_KIND, Group::Refs, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(CA_REF_NOT_FOUND, Group::Refs, Severity::Error, true, Basis::Spec, FixClass::Suggestion),
    row(POLICY_TARGET_NOT_FOUND, Group::Refs, Severity::Error, true, Basis::Spec, FixClass::Unsafe),
    row(POLICY_SECTION_NOT_FOUND, Group::Refs, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(EXTENSION_REF_NOT_FOUND, Group::Refs, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(MIRROR_BACKEND_INVALID, Group::Refs, Severity::Warning, false, Basis::Spec, FixClass::Unsafe),
    row(PARAMETERS_REF_NOT_FOUND, Group::Refs, Severity::Error, true, Basis::Spec, FixClass::Suggestion),
    row(GRANT_MISPLACED, Group::Refs, Severity::Warning, false, Basis::Derived, FixClass::Unsafe),
    row(GRANT_NEAR_MISS, Group::Refs, Severity::Warning, false, Basis::Derived, FixClass::Unsafe),
    row(GRANT_UNUSED, Group::Refs, Severity::Info, false, Basis::Derived, FixClass::Suggestion),
    row(BACKEND_WITHOUT_ENDPOINTS, Group::Refs, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(NAME_TRANSFORM_DRIFT, Group::Refs, Severity::Warning, false, Basis::Derived, FixClass::Unsafe),
    row(EXTERNAL_AUTH_BACKEND_INVALID, Group::Refs, Severity::Error, true, Basis::Spec, FixClass::Suggestion),
    row(NAMESPACE_NOT_ALLOWED, Group::Attach, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(KIND_NOT_ALLOWED, Group::Attach, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(HOSTNAME_NO_INTERSECTION, Group::Attach, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(HOSTNAME_PARTLY_IGNORED, Group::Attach, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(ROUTE_ATTACHES_NOWHERE, Group::Attach, Severity::Error, false, Basis::Spec, FixClass::None),
    row(PARTIAL_ATTACHMENT, Group::Attach, Severity::Info, false, Basis::Spec, FixClass::Suggestion),
    row(ATTACHES_TO_PLAIN_AND_TLS, Group::Attach, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(LISTENER_WITHOUT_ROUTES, Group::Attach, Severity::Info, false, Basis::Derived, FixClass::None),
    row(GATEWAY_WITHOUT_VALID_LISTENER, Group::Attach, Severity::Error, false, Basis::Spec, FixClass::None),
    row(INVALID_ROUTE_KINDS, Group::Attach, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(UNSUPPORTED_PROTOCOL, Group::Attach, Severity::Error, false, Basis::Profile, FixClass::Suggestion),
    row(LISTENERSET_NOT_ALLOWED, Group::Attach, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(LISTENERSET_PARENT_NOT_ACCEPTED, Group::Attach, Severity::Error, false, Basis::Spec, FixClass::None),
    row(PARENT_KIND_UNKNOWN, Group::Attach, Severity::Warning, false, Basis::Spec, FixClass::Unsafe),
    row(REDUNDANT_PARENTREF, Group::Attach, Severity::Warning, false, Basis::Derived, FixClass::Safe),
    row(PARENT_NAMESPACE_OMITTED, Group::Attach, Severity::Warning, false, Basis::Derived, FixClass::Unsafe),
    row(SELECTOR_SELECTS_NOTHING, Group::Attach, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(ATTACHMENT_UNDETERMINED, Group::Attach, Severity::Info, false, Basis::Spec, FixClass::None),
    row(MIXED_PARENT_KINDS, Group::Attach, Severity::Info, false, Basis::Heuristic, FixClass::None),
    row(TOO_MANY_LISTENERS, Group::Attach, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(LISTENER_HOSTNAME_CONFLICT, Group::Conflict, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(LISTENER_PROTOCOL_CONFLICT, Group::Conflict, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(LISTENERSET_CONFLICT, Group::Conflict, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(CROSS_KIND_HOSTNAME_CONFLICT, Group::Conflict, Severity::Warning, false, Basis::Profile, FixClass::Suggestion),
    row(DUPLICATE_MATCH_ACROSS_ROUTES, Group::Conflict, Severity::Error, false, Basis::Derived, FixClass::Suggestion),
    row(DUPLICATE_MATCH_IN_ROUTE, Group::Conflict, Severity::Warning, false, Basis::Derived, FixClass::Unsafe),
    row(SHADOWED_MATCH, Group::Conflict, Severity::Warning, false, Basis::Derived, FixClass::Unsafe),
    row(UNREACHABLE_RULE, Group::Conflict, Severity::Warning, false, Basis::Derived, FixClass::Unsafe),
    row(REDUNDANT_MATCH, Group::Conflict, Severity::Info, false, Basis::Derived, FixClass::Safe),
    row(REDUNDANT_HOSTNAME, Group::Conflict, Severity::Info, false, Basis::Derived, FixClass::Safe),
    row(ORDER_DECIDES, Group::Conflict, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(REGEX_OVERLAP, Group::Conflict, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(CATCH_ALL_COLLISION, Group::Conflict, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(POLICY_CONFLICT, Group::Conflict, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(L4_ROUTE_CONTENTION, Group::Conflict, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(CONTRADICTORY_MATCH, Group::Conflict, Severity::Error, false, Basis::Derived, FixClass::Unsafe),
    row(INGRESS_ROUTE_OVERLAP, Group::Conflict, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(TLS_LISTENER_WITHOUT_CERTIFICATE, Group::Tls, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(CERTIFICATE_MALFORMED, Group::Tls, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(CERTIFICATE_KEY_MISMATCH, Group::Tls, Severity::Error, false, Basis::Derived, FixClass::Suggestion),
    row(CERTIFICATE_EXPIRED, Group::Tls, Severity::Error, false, Basis::Derived, FixClass::Suggestion),
    row(CERTIFICATE_HOSTNAME_MISMATCH, Group::Tls, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(OVERLAPPING_TLS, Group::Tls, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(PASSTHROUGH_ON_HTTPS, Group::Tls, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(PASSTHROUGH_IGNORES_CERTIFICATE, Group::Tls, Severity::Warning, false, Basis::Spec, FixClass::Safe),
    row(APEX_NOT_COVERED, Group::Tls, Severity::Info, false, Basis::Derived, FixClass::Suggestion),
    row(PLAINTEXT_TO_TLS_PORT, Group::Tls, Severity::Warning, false, Basis::Heuristic, FixClass::Suggestion),
    row(BACKEND_TLS_TARGET_UNUSED, Group::Tls, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(BACKEND_TLS_INVALID_DROPPED, Group::Tls, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(CERT_MANAGER_HOSTNAME_MISSING, Group::Tls, Severity::Warning, false, Basis::Heuristic, FixClass::Suggestion),
    row(MIXED_TLS_MODES, Group::Tls, Severity::Warning, false, Basis::Profile, FixClass::Suggestion),
    row(FRONTEND_VALIDATION_INSECURE, Group::Tls, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(RULE_WITHOUT_BACKEND, Group::Traffic, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(ALL_WEIGHTS_ZERO, Group::Traffic, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(INVALID_BACKEND_SHARE, Group::Traffic, Severity::Warning, false, Basis::Spec, FixClass::None),
    row(REDIRECT_LOOP, Group::Traffic, Severity::Error, false, Basis::Derived, FixClass::Unsafe),
    row(INCOMPATIBLE_FILTERS, Group::Traffic, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(REWRITE_SLASH, Group::Traffic, Severity::Warning, false, Basis::Profile, FixClass::Unsafe),
    row(TIMEOUT_INCONSISTENT, Group::Traffic, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(HEADER_MODIFIER_CONFLICT, Group::Traffic, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(HOP_BY_HOP_HEADER, Group::Traffic, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(HOST_HEADER_MATCH, Group::Traffic, Severity::Warning, false, Basis::Heuristic, FixClass::Unsafe),
    row(HEADER_NAME_DUPLICATE_CASE, Group::Traffic, Severity::Warning, false, Basis::Spec, FixClass::Unsafe),
    row(REGEX_INVALID, Group::Traffic, Severity::Error, false, Basis::Derived, FixClass::None),
    row(REGEX_UNANCHORED, Group::Traffic, Severity::Warning, false, Basis::Profile, FixClass::Unsafe),
    row(PATH_NOT_NORMALISED, Group::Traffic, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(EXACT_TRAILING_SLASH, Group::Traffic, Severity::Info, false, Basis::Heuristic, FixClass::Suggestion),
    row(LONE_WEIGHT, Group::Traffic, Severity::Info, false, Basis::Derived, FixClass::Safe),
    row(MIRROR_TO_SELF, Group::Traffic, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(PROTOCOL_MISMATCH, Group::Traffic, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(GRPC_AS_HTTP, Group::Traffic, Severity::Info, false, Basis::Heuristic, FixClass::Suggestion),
    row(MATCH_EXPLOSION, Group::Traffic, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(RETRY_UNSAFE_METHOD, Group::Traffic, Severity::Off, false, Basis::Heuristic, FixClass::Suggestion),
    row(STICKINESS_WITH_SPLIT, Group::Traffic, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(CORS_INCONSISTENT, Group::Traffic, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(FEATURE_UNSUPPORTED, Group::Port, Severity::Error, false, Basis::Profile, FixClass::Suggestion),
    row(FEATURE_SUPPORT_UNKNOWN, Group::Port, Severity::Info, false, Basis::Profile, FixClass::None),
    row(EXTENDED_FEATURE, Group::Port, Severity::Off, false, Basis::Spec, FixClass::None),
    row(IMPLEMENTATION_SPECIFIC, Group::Port, Severity::Off, false, Basis::Spec, FixClass::None),
    row(CLASS_LACKS_FEATURE, Group::Port, Severity::Error, false, Basis::Spec, FixClass::None),
    row(REGEX_DIALECT, Group::Port, Severity::Warning, false, Basis::Profile, FixClass::Suggestion),
    row(DIVERGENT_PARENTS, Group::Port, Severity::Warning, false, Basis::Profile, FixClass::None),
    row(KNOWN_DEVIATION, Group::Port, Severity::Warning, false, Basis::Profile, FixClass::Suggestion),
    row(LISTENER_ISOLATION_ASSUMED, Group::Port, Severity::Warning, false, Basis::Profile, FixClass::Suggestion),
    row(MULTIPLE_CERTIFICATE_REFS, Group::Port, Severity::Info, false, Basis::Spec, FixClass::None),
    row(POLICY_MANY_TARGETS, Group::Port, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(REGEX_PATH_TYPE, Group::Port, Severity::Info, false, Basis::Spec, FixClass::None),
    row(SIZE_HAZARD, Group::Port, Severity::Warning, false, Basis::Profile, FixClass::Suggestion),
    row(SHARED_GATEWAY, Group::Bp, Severity::Info, false, Basis::Heuristic, FixClass::Suggestion),
    row(PARENTREF_SECTION_NAME, Group::Bp, Severity::Warning, false, Basis::Heuristic, FixClass::Safe),
    row(GRANT_REVIEW, Group::Bp, Severity::Warning, false, Basis::Heuristic, FixClass::Unsafe),
    row(BACKEND_TLS_MISSING, Group::Bp, Severity::Off, false, Basis::Heuristic, FixClass::Suggestion),
    row(EXPLICIT_HOSTNAMES, Group::Bp, Severity::Warning, false, Basis::Heuristic, FixClass::Suggestion),
    row(STATUS_NOT_ASSERTED, Group::Bp, Severity::Off, false, Basis::Heuristic, FixClass::Suggestion),
    row(HARD_CUTOVER, Group::Bp, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(EXPERIMENTAL_NOT_NEEDED, Group::Bp, Severity::Warning, false, Basis::Spec, FixClass::Unsafe),
    row(DEFAULTS_NOT_EXPLICIT, Group::Bp, Severity::Off, false, Basis::Spec, FixClass::Safe),
    row(UNNAMED_RULE, Group::Bp, Severity::Off, false, Basis::Heuristic, FixClass::Suggestion),
    row(HTTP_WITHOUT_REDIRECT, Group::Bp, Severity::Warning, false, Basis::Derived, FixClass::Suggestion),
    row(ALLOWED_ROUTES_IMPLICIT, Group::Bp, Severity::Warning, false, Basis::Heuristic, FixClass::Safe),
    row(NEAR_LIMIT, Group::Bp, Severity::Info, false, Basis::Spec, FixClass::Suggestion),
    row(NO_TIMEOUT, Group::Bp, Severity::Off, false, Basis::Heuristic, FixClass::Suggestion),
    row(UNUSED_CLASS_OR_GATEWAY, Group::Bp, Severity::Info, false, Basis::Derived, FixClass::None),
    row(NO_DEFAULT_ROUTE, Group::Bp, Severity::Off, false, Basis::Derived, FixClass::Suggestion),
    row(OPEN_LISTENER, Group::Security, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(HOSTNAME_TAKEOVER, Group::Security, Severity::Error, false, Basis::Derived, FixClass::Suggestion),
    row(HOSTNAME_POLICY, Group::Security, Severity::Error, false, Basis::Spec, FixClass::None),
    row(BROAD_SECRET_GRANT, Group::Security, Severity::Warning, false, Basis::Spec, FixClass::Unsafe),
    row(TENANT_CONTROLLED_SELECTOR, Group::Security, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(PRIVATE_KEY_IN_MANIFEST, Group::Security, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(EXTERNAL_NAME_BACKEND, Group::Security, Severity::Warning, false, Basis::Spec, FixClass::Suggestion),
    row(METADATA_SERVICE_BACKEND, Group::Security, Severity::Error, false, Basis::Heuristic, FixClass::None),
    row(SENSITIVE_PATH_EXPOSED, Group::Security, Severity::Off, false, Basis::Heuristic, FixClass::Suggestion),
    row(TRUSTED_HEADER_PASSTHROUGH, Group::Security, Severity::Off, false, Basis::Heuristic, FixClass::Suggestion),
    row(CONFUSABLE_HOSTNAME, Group::Security, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(KINDS_NOT_PINNED, Group::Security, Severity::Off, false, Basis::Heuristic, FixClass::Unsafe),
    row(
        HOSTLESS_ROUTE_ON_SHARED_LISTENER,
        Group::Security,
        Severity::Warning,
        false,
        Basis::Spec,
        FixClass::Suggestion,
    ),
    row(VERSION_NOT_SERVED, Group::Version, Severity::Error, false, Basis::Spec, FixClass::Safe),
    row(VERSION_DEPRECATED, Group::Version, Severity::Warning, false, Basis::Spec, FixClass::Safe),
    row(KIND_NOT_IN_CHANNEL, Group::Version, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(FIELD_NOT_IN_CHANNEL, Group::Version, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(FIELD_REMOVED, Group::Version, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(FIELD_TOO_NEW, Group::Version, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(MIXED_CRD_BUNDLE, Group::Version, Severity::Error, false, Basis::Spec, FixClass::Suggestion),
    row(CONTROLLER_CRD_RANGE, Group::Version, Severity::Warning, false, Basis::Profile, FixClass::Suggestion),
    row(NEXT_UPGRADE_HAZARD, Group::Version, Severity::Warning, false, Basis::Spec, FixClass::Unsafe),
    row(LEGACY_GROUP, Group::Version, Severity::Error, false, Basis::Spec, FixClass::Unsafe),
    row(LEGACY_CONDITION, Group::Version, Severity::Info, false, Basis::Spec, FixClass::Safe),
    row(INGRESS_REMAINING, Group::Version, Severity::Info, false, Basis::Heuristic, FixClass::None),
    row(NO_CLASS, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(CLASS_DISAGREES, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(UNKNOWN_CONTROLLER, Group::Migrate, Severity::Error, false, Basis::Heuristic, FixClass::None),
    row(SERVICE_NOT_GIVEN, Group::Migrate, Severity::Warning, false, Basis::Assumed, FixClass::None),
    row(ORDER_UNKNOWN, Group::Migrate, Severity::Warning, false, Basis::Assumed, FixClass::None),
    row(SECRET_NOT_GIVEN, Group::Migrate, Severity::Info, false, Basis::Assumed, FixClass::None),
    row(CONTROLLER_CONFIG_NOT_GIVEN, Group::Migrate, Severity::Info, false, Basis::Assumed, FixClass::None),
    row(OBJECT_GIVEN_TWICE, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(GATEWAY_CLASS_UNKNOWN, Group::Migrate, Severity::Warning, false, Basis::Assumed, FixClass::None),
    row(WILDCARD_HOST, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(HOST_FALL_THROUGH, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(DEFAULT_BACKEND_SCOPE, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(PATH_CLAIMED_TWICE, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(RESOURCE_BACKEND, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(EXTERNAL_NAME_SERVICE, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(PORT_RESOLVED, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(HOST_OF_SEVERAL_NAMESPACES, Group::Migrate, Severity::Info, false, Basis::Derived, FixClass::None),
    row(NOT_REPRESENTABLE, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(STRING_PREFIX, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(TRAILING_SLASH_REDIRECT, Group::Migrate, Severity::Info, false, Basis::Derived, FixClass::None),
    row(REGEX_PATH, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(REGEX_ORDER, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(REGEX_CONSTRUCT, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(CASE_INSENSITIVE, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(PATH_ENCODING, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(DEFAULT_CERTIFICATE, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(SECRET_ACROSS_NAMESPACES, Group::Migrate, Severity::Info, false, Basis::Derived, FixClass::None),
    row(PASSTHROUGH_AND_TERMINATION, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(CLIENT_CERTIFICATE_SCOPE, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(CERTIFICATE_MISFIT, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(REDIRECT_WITHOUT_LISTENER, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(ANNOTATION_CONVERTED, Group::Migrate, Severity::Info, false, Basis::Derived, FixClass::None),
    row(ANNOTATION_APPROXIMATED, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(ANNOTATION_NEEDS_POLICY, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(ANNOTATION_LOST, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(ANNOTATION_INERT, Group::Migrate, Severity::Info, false, Basis::Derived, FixClass::None),
    row(ANNOTATION_UNKNOWN, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(ANNOTATION_INVALID, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(SNIPPET, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(LOCATION_DENIED, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(ANNOTATION_SPILLS, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(ACCESS_CONTROL_LOST, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(ROUTE_SPLIT, Group::Migrate, Severity::Info, false, Basis::Derived, FixClass::None),
    row(LISTENERS_DIVIDED, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(ROUTE_KINDS_SHARE_HOST, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(NAME_SHORTENED, Group::Migrate, Severity::Info, false, Basis::Derived, FixClass::None),
    row(VERIFIED_EQUAL, Group::Migrate, Severity::Info, false, Basis::Derived, FixClass::None),
    row(VERIFIED_DIFFERENT, Group::Migrate, Severity::Error, false, Basis::Derived, FixClass::None),
    row(NOT_VERIFIED, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(FEATURE_NOT_CLAIMED, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
    row(CHANNEL_OR_BUNDLE, Group::Migrate, Severity::Warning, false, Basis::Derived, FixClass::None),
];

/// The rule with this number or name.
#[must_use]
pub fn find(text: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.number.eq_ignore_ascii_case(text) || rule.code.name == text)
}

/// The row of a code.
#[must_use]
pub fn of(code: Code) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&code.number, |rule| rule.code.number).ok().map(|at| &RULES[at])
}

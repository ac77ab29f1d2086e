//! Conditions and reasons in our words, with the kinds that carry them and the rules that report them.
//!
//! Data only. Spec: the `*ConditionType` and `*ConditionReason` constants of Gateway API v1.6.1.

/// A condition type.
#[derive(Debug)]
pub(crate) struct Condition {
    /// The type.
    pub(crate) name: &'static str,
    /// Where it appears.
    pub(crate) kinds: &'static str,
    /// What it says.
    pub(crate) meaning: &'static str,
}

/// A reason.
#[derive(Debug)]
pub(crate) struct Reason {
    /// The reason.
    pub(crate) name: &'static str,
    /// Conditions that use it, separated by `, `.
    pub(crate) conditions: &'static str,
    /// Where it appears.
    pub(crate) kinds: &'static str,
    /// What it says.
    pub(crate) meaning: &'static str,
    /// Rules that report it.
    pub(crate) rules: &'static [&'static str],
}

const fn condition(name: &'static str, kinds: &'static str, meaning: &'static str) -> Condition {
    Condition { name, kinds, meaning }
}

/// `(name, conditions, kinds)`, meaning, rules.
const fn reason(
    (name, conditions, kinds): (&'static str, &'static str, &'static str),
    meaning: &'static str,
    rules: &'static [&'static str],
) -> Reason {
    Reason { name, conditions, kinds, meaning, rules }
}

/// Every condition type that gwc predicts.
pub(crate) const CONDITIONS: &[Condition] = &[
    condition(
        "Accepted",
        "every kind with a status",
        "True: the controller takes the object (or, of a route, this parent takes it). False: it is ignored, and the reason says why.",
    ),
    condition(
        "Programmed",
        "Gateway, its listeners, ListenerSet",
        "True: the configuration is expected to reach the data plane. gwc predicts it from the manifests; it cannot see a data plane.",
    ),
    condition(
        "ResolvedRefs",
        "routes, listeners, Gateway, policies",
        "True: every reference leads to an object of the right kind that may be used. False: at least one does not; traffic that needs it fails.",
    ),
    condition(
        "PartiallyInvalid",
        "routes",
        "True: some rules are invalid and dropped while the others are in effect. It is absent when the whole route is fine.",
    ),
    condition(
        "Conflicted",
        "listeners",
        "Negative: True means that another listener of the same port cannot be told apart from this one, or speaks an incompatible protocol.",
    ),
    condition(
        "OverlappingTLSConfig",
        "listeners",
        "Negative: True means that HTTPS listeners of one port overlap in hostnames or certificates, so that reused connections may reach the wrong one.",
    ),
    condition(
        "InsecureFrontendValidationMode",
        "Gateway",
        "Negative: True means that client certificates may be missing or invalid and the connection is still accepted.",
    ),
    condition(
        "SupportedVersion",
        "GatewayClass",
        "True: the controller knows the release of the CRDs that are installed.",
    ),
];

/// Every reason that gwc predicts.
pub(crate) const REASONS: &[Reason] = &[
    reason(("Accepted", "Accepted", "every kind with a status"), "The object is taken as it is.", &[]),
    reason(
        ("Programmed", "Programmed", "Gateway, listeners, ListenerSet"),
        "The configuration is expected to reach the data plane.",
        &[],
    ),
    reason(("ResolvedRefs", "ResolvedRefs", "routes, listeners, Gateway, policies"), "Every reference resolves.", &[]),
    reason(
        ("NoConflicts", "Conflicted", "listeners"),
        "No other listener of the port stands in the way. gwc leaves the condition out instead.",
        &[],
    ),
    reason(
        ("Pending", "Accepted, Programmed", "every kind with a status"),
        "Not decided yet. gwc writes it only with status Unknown, where facts are missing.",
        &["GWC2018"],
    ),
    reason(("SupportedVersion", "SupportedVersion", "GatewayClass"), "The release of the CRDs is known.", &[]),
    reason(
        ("UnsupportedVersion", "SupportedVersion, Accepted", "GatewayClass"),
        "The controller does not know the release of the CRDs.",
        &["GWC9008"],
    ),
    reason(
        ("InvalidParameters", "Accepted", "GatewayClass, Gateway"),
        "`parametersRef` leads to nothing, or to something that the controller cannot use.",
        &["GWC1017"],
    ),
    reason(
        ("ListenersNotValid", "Accepted, Programmed", "Gateway, ListenerSet"),
        "At least one listener is invalid; status False when none is valid. `Programmed` of a ListenerSet says so too.",
        &["GWC2009"],
    ),
    reason(("ListenersNotReady", "Programmed", "Gateway, ListenerSet"), "Listeners are not programmed.", &[]),
    reason(
        ("Invalid", "Programmed, Accepted", "Gateway, listeners, policies"),
        "The object cannot be turned into configuration.",
        &[],
    ),
    reason(
        ("UnsupportedAddress", "Accepted", "Gateway"),
        "A type of address was asked for that the controller does not have.",
        &[],
    ),
    reason(("AddressNotAssigned", "Programmed", "Gateway"), "No address could be assigned.", &[]),
    reason(("AddressNotUsable", "Programmed", "Gateway"), "An address that was asked for cannot be used.", &[]),
    reason(("NoResources", "Programmed", "Gateway"), "The infrastructure has no room. gwc never predicts it.", &[]),
    reason(("PortUnavailable", "Accepted, Programmed", "listeners"), "The port cannot be bound.", &[]),
    reason(
        ("UnsupportedProtocol", "Accepted, ResolvedRefs", "listeners, routes"),
        "The listener's protocol is not supported; on a route, the appProtocol of a Service port does not fit the route.",
        &["GWC2011", "GWC5018"],
    ),
    reason(
        ("TooManyListeners", "Accepted", "listeners"),
        "The Gateway and its ListenerSets have more listeners than the implementation takes.",
        &["GWC2020"],
    ),
    reason(
        ("HostnameConflict", "Conflicted, Accepted, Programmed", "listeners, routes"),
        "Two listeners of one port have the same protocol and hostname. On a route: an older route of the other HTTP kind has the hostname, with implementations that refuse to share it.",
        &["GWC3001", "GWC3003"],
    ),
    reason(
        ("ProtocolConflict", "Conflicted, Accepted, Programmed", "listeners"),
        "Two listeners of one port have protocols that cannot share it.",
        &["GWC3002", "GWC3003"],
    ),
    reason(
        ("ListenerConflict", "Conflicted, Accepted", "listeners of a ListenerSet"),
        "A listener that comes first already has this port and name or hostname. gwc never predicts it: HostnameConflict and ProtocolConflict say more.",
        &["GWC3003"],
    ),
    reason(
        ("OverlappingHostnames", "OverlappingTLSConfig", "listeners"),
        "HTTPS listeners of one port have hostnames that overlap.",
        &["GWC4006"],
    ),
    reason(
        ("OverlappingCertificates", "OverlappingTLSConfig", "listeners"),
        "Certificates of HTTPS listeners of one port have names that overlap.",
        &["GWC4006"],
    ),
    reason(
        ("InvalidCertificateRef", "ResolvedRefs", "listeners"),
        "A certificate reference leads to nothing, to the wrong kind, or to a Secret without a usable certificate and key.",
        &["GWC1010", "GWC1011", "GWC4002"],
    ),
    reason(
        ("InvalidRouteKinds", "ResolvedRefs", "listeners"),
        "`allowedRoutes.kinds` names kinds that the listener cannot serve.",
        &["GWC2010"],
    ),
    reason(
        ("RefNotPermitted", "ResolvedRefs, Accepted", "routes, listeners, Gateway"),
        "A reference into another namespace has no ReferenceGrant there. It is reported in place of the target's absence, so that nobody can probe for objects.",
        &["GWC1009"],
    ),
    reason(
        ("ConfigurationChanged", "InsecureFrontendValidationMode", "Gateway"),
        "The validation mode was set to accept clients without a valid certificate.",
        &["GWC4015"],
    ),
    reason(
        ("NotAllowedByListeners", "Accepted", "routes"),
        "Every listener in scope refuses the route's namespace or kind. Omitted `allowedRoutes` means: same namespace only.",
        &["GWC2001", "GWC2002"],
    ),
    reason(
        ("NoMatchingListenerHostname", "Accepted", "routes"),
        "No hostname of the route is served by a listener in scope.",
        &["GWC2003"],
    ),
    reason(
        ("NoMatchingParent", "Accepted", "routes"),
        "`sectionName` or `port` of the reference picks no listener.",
        &["GWC1003", "GWC1004"],
    ),
    reason(
        ("UnsupportedValue", "Accepted, PartiallyInvalid, ResolvedRefs", "routes, listeners"),
        "A value that the API allows is not supported here. With ResolvedRefs: a backend is a Service of type ExternalName.",
        &["GWC5012"],
    ),
    reason(
        ("IncompatibleFilters", "Accepted, PartiallyInvalid", "routes"),
        "Filters of one rule exclude each other.",
        &["GWC5005"],
    ),
    reason(
        ("BackendNotFound", "ResolvedRefs", "routes"),
        "A backend, or its port, is not there. Its share of the requests is answered with 500.",
        &["GWC1005", "GWC1006", "GWC1007"],
    ),
    reason(
        ("InvalidKind", "ResolvedRefs", "routes, policies"),
        "A reference names a kind that cannot be used there.",
        &["GWC1008", "GWC1012"],
    ),
    reason(
        ("NotAllowed", "Accepted, Programmed", "ListenerSet"),
        "The Gateway's `allowedListeners` does not admit the ListenerSet; omitted means None.",
        &["GWC2012"],
    ),
    reason(("ParentNotAccepted", "Accepted", "ListenerSet"), "The Gateway itself is not accepted.", &["GWC2013"]),
    reason(
        ("ParentNotProgrammed", "Programmed", "ListenerSet"),
        "The Gateway itself is not accepted, so nothing of the ListenerSet reaches the data plane.",
        &["GWC2013"],
    ),
    reason(
        ("ListenersNotResolved", "ResolvedRefs", "Gateway"),
        "At least one listener of the Gateway has ResolvedRefs=False.",
        &["GWC1009", "GWC1010", "GWC2010"],
    ),
    reason(
        ("InvalidClientCertificateRef", "ResolvedRefs", "Gateway"),
        "`tls.backend.clientCertificateRef` leads to nothing, to the wrong kind, or to a Secret without a usable certificate and key.",
        &["GWC1010", "GWC1011", "GWC4002"],
    ),
    reason(
        ("InvalidCACertificateKind", "ResolvedRefs", "listeners"),
        "A CA reference for client certificates names a kind that cannot hold one; ConfigMap always can.",
        &["GWC1012"],
    ),
    reason(("TargetNotFound", "Accepted", "policies"), "`targetRefs` leads to nothing.", &["GWC1013", "GWC1014"]),
    reason(("Conflicted", "Accepted", "policies"), "An older policy has the same target and section.", &["GWC3014"]),
    reason(
        ("InvalidCACertificateRef", "ResolvedRefs", "BackendTLSPolicy, listeners"),
        "A CA reference leads to nothing, or to an object without a usable `ca.crt`.",
        &["GWC1012"],
    ),
    reason(
        ("NoValidCACertificate", "Accepted", "BackendTLSPolicy, listeners"),
        "None of the CA references can be used.",
        &["GWC1012", "GWC4012"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use gwc_core::diagnostic::rule;

    #[test]
    fn every_rule_and_condition_that_is_named_exists() {
        for reason in REASONS {
            for code in reason.rules {
                assert!(rule::find(code).is_some(), "{code}");
            }
            for name in reason.conditions.split(", ") {
                assert!(CONDITIONS.iter().any(|condition| condition.name == name), "{name} of {}", reason.name);
            }
        }
    }
}

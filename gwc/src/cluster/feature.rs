//! What the proxy serves, in the words of the conformance suite: `status.supportedFeatures`, and what verdicts rest on.
//!
//! A feature that is not served is not claimed, and what needs it is not accepted.

use gwc_core::profile::{Knobs, features};

/// Features that the proxy does not serve; see also `gwc_runtime::unsupported`.
const NOT_SERVED: &[&str] = &[
    // No Deployments, Services or ServiceAccounts are made (runtime-design.md §7.6).
    "GatewayInfrastructurePropagation",
    "HTTPRouteRequestMirror",
    "HTTPRouteRequestMultipleMirrors",
    "HTTPRouteRequestPercentageMirror",
    "HTTPRouteRetry",
    "HTTPRouteRetryBackendTimeout",
    "HTTPRouteRetryConnectionError",
];

/// How Gateways get addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressMode {
    /// Each its own, of a pool.
    Pool,
    /// All the same.
    Shared,
}

/// The profile of the proxy.
pub(crate) fn knobs(mode: AddressMode) -> Knobs {
    let of_pool = |name: &str| mode == AddressMode::Pool || name != "GatewayStaticAddresses";
    let claimed = features::ALL.iter().copied().filter(|name| !NOT_SERVED.contains(name) && of_pool(name));
    let features: std::collections::BTreeSet<_> = claimed.map(Into::into).collect();
    let routes = [("TLS", "TLSRoute"), ("TCP", "TCPRoute"), ("UDP", "UDPRoute")];
    let protocols = routes.into_iter().filter(|(_, route)| features.contains(*route)).map(|(protocol, _)| protocol);
    Knobs {
        protocols: ["HTTP", "HTTPS"].into_iter().chain(protocols).map(Into::into).collect(),
        address_types: vec!["IPAddress".into()],
        features,
        ..Knobs::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_served_is_a_feature_that_there_is() {
        for name in NOT_SERVED {
            assert!(features::ALL.contains(name), "{name}");
        }
        let knobs = knobs(AddressMode::Pool);
        assert_eq!(knobs.features.len(), features::ALL.len() - NOT_SERVED.len());
        assert!(knobs.features.contains("GatewayStaticAddresses"));
        assert!(!super::knobs(AddressMode::Shared).features.contains("GatewayStaticAddresses"));
    }
}

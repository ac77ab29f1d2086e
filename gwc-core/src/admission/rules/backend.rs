//! XBackend: external hostname, port name, client certificate.
//!
//! Its trust in certificates is shared with BackendTLSPolicy and lives in `policy`.

use super::logic::{Outcome, has, is, own_text, rule};
use super::{CelRule, RuleCx};

/// XBackend, `spec`: externalHostname exactly with type ExternalHostname.
pub(super) const EXTERNAL_HOSTNAME_BY_TYPE: CelRule = rule(
    "backend.external-hostname-by-type",
    external_hostname_by_type,
    "`externalHostname` and type `ExternalHostname` do not go together",
    "set both or neither",
);

/// XBackend, `spec.externalHostname.hostname`: not a name of the cluster.
pub(super) const CLUSTER_LOCAL_HOSTNAME: CelRule = rule(
    "backend.cluster-local-hostname",
    cluster_local_hostname,
    "the hostname ends in `.cluster.local`",
    "refer to a Service instead: this kind is for hosts outside of the cluster",
);

/// XBackend, `spec.port.name`: empty, see [`port_name`].
pub(super) const PORT_NAME: CelRule = rule(
    "backend.port-name",
    port_name,
    "no API server accepts a port name here, by a mistake in the CRD",
    "remove `name`",
);

/// XBackend, `spec.tls`: clientCertificateRef exactly with mode ClientAndServer.
pub(super) const CLIENT_CERTIFICATE_BY_MODE: CelRule = rule(
    "backend.client-certificate-by-mode",
    client_certificate_by_mode,
    "`clientCertificateRef` and mode `ClientAndServer` do not go together",
    "set both or neither",
);

fn external_hostname_by_type(cx: RuleCx<'_>) -> Outcome {
    is(cx.value, "type", "ExternalHostname").map(|external| external == has(cx.value, "externalHostname"))
}

fn cluster_local_hostname(cx: RuleCx<'_>) -> Outcome {
    own_text(cx.value).map(|hostname| !hostname.ends_with(".cluster.local"))
}

/// The rule wants to allow DNS labels, but compares an optional value (the errors found) with `null`.
/// An empty optional is not `null`, so API servers refuse each name that is not empty.
fn port_name(cx: RuleCx<'_>) -> Outcome {
    own_text(cx.value).map(str::is_empty)
}

fn client_certificate_by_mode(cx: RuleCx<'_>) -> Outcome {
    is(cx.value, "mode", "ClientAndServer").map(|mutual| mutual == has(cx.value, "clientCertificateRef"))
}

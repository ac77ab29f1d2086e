//! TLS of listeners, and the material behind the ids.

use crate::api::gateway::{self, TlsMode};
use crate::api::reference::ObjectReference;
use crate::eval::{CaVerdict, CertificateVerdict};
use crate::ir::Str;
use crate::ir::secret::{KeyPair, SecretStore};
use crate::ir::tls::{AuthorityId, CertificateId, ClientValidation, ListenerTls, Terminate};
use crate::lower::Cx;
use crate::lower::listener::Binding;

/// Does TLS go through the listener as it is?
pub(super) fn passes_through(listener: &gateway::Listener) -> bool {
    listener.tls.as_ref().is_some_and(|tls| tls.mode == TlsMode::Passthrough)
}

/// `tls` of a listener for TLS.
pub(super) fn of_listener(cx: Cx<'_>, binding: &Binding<'_>, secrets: &mut SecretStore) -> ListenerTls {
    if passes_through(binding.spec) {
        return ListenerTls::Passthrough;
    }
    let verdicts = cx.evaluation.listeners.get(binding.id.index()).map_or(&[][..], |one| one.certificates.as_slice());
    let certificates = verdicts.iter().filter_map(|one| certificate(cx, &one.verdict, secrets)).collect();
    ListenerTls::Terminate(Terminate { certificates, client_validation: client_validation(cx, binding, secrets) })
}

/// The id of a key pair that is there; its material is kept.
pub(super) fn certificate(
    cx: Cx<'_>,
    verdict: &CertificateVerdict,
    secrets: &mut SecretStore,
) -> Option<CertificateId> {
    let CertificateVerdict::Valid(id) = verdict else { return None };
    let secret = &cx.graph.secrets[*id];
    let bytes = |key| secret.value(key).and_then(|value| value.bytes.clone()).unwrap_or_default();
    let id = CertificateId(Str::from(secret.meta.key.to_string()));
    secrets.add_certificate(id.clone(), || KeyPair { certificate: bytes("tls.crt"), key: bytes("tls.key") });
    Some(id)
}

/// The id of authorities that are there, or taken to be there, for a holder in `namespace`.
pub(super) fn authority(
    cx: Cx<'_>,
    reference: &ObjectReference,
    namespace: &str,
    verdict: &CaVerdict,
    secrets: &mut SecretStore,
) -> Option<AuthorityId> {
    if !verdict.is_usable() {
        return None;
    }
    let id = AuthorityId(Str::from(format!("{}/{}", reference.kind, reference.target(namespace))));
    if let CaVerdict::Valid(map) = verdict {
        let value = cx.graph.config_maps[*map].value("ca.crt").and_then(|value| value.bytes.clone());
        secrets.add_authority(id.clone(), || value.unwrap_or_default());
    }
    Some(id)
}

/// The frontend validation that applies to the listener (routing.md §1.6); the verdict says whether one does.
fn client_validation(cx: Cx<'_>, binding: &Binding<'_>, secrets: &mut SecretStore) -> Option<ClientValidation> {
    let verdicts = &cx.evaluation.listeners.get(binding.id.index())?.frontend_cas;
    if verdicts.is_empty() {
        return None;
    }
    let gateway = &cx.graph.gateways[binding.gateway];
    let validation = gateway.frontend_tls.as_ref()?.validation(binding.spec.port.as_ref()?.value)?;
    let pairs = validation.ca_refs.iter().zip(verdicts);
    let namespace = &gateway.meta.key.namespace;
    let authorities = pairs.filter_map(|(reference, one)| authority(cx, reference, namespace, &one.verdict, secrets));
    Some(ClientValidation {
        authorities: authorities.collect(),
        insecure_fallback: validation.mode.value == "AllowInsecureFallback",
    })
}

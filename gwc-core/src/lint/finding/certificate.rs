//! Certificate and CA references of checked objects, each with its verdict.

use crate::api::Meta;
use crate::api::gateway::FrontendTls;
use crate::api::reference::ObjectReference;
use crate::eval::{CaVerdict, CertificateVerdict, Judged, ListenerProgrammed};
use crate::graph::ListenerId;
use crate::lint::Cx;
use crate::lint::finding::is_checked;

/// A certificate reference.
#[derive(Debug, Clone, Copy)]
pub struct Certificate<'w> {
    /// The Gateway or ListenerSet.
    pub holder: &'w Meta,
    /// The listener; `None` for the client certificate of a Gateway.
    pub listener: Option<ListenerId>,
    /// What it refers to.
    pub target: &'w ObjectReference,
    /// The verdict.
    pub verdict: &'w Judged<CertificateVerdict>,
}

impl Certificate<'_> {
    /// The reason that a certificate which cannot be used gives `ResolvedRefs`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        if self.listener.is_some() { "InvalidCertificateRef" } else { "InvalidClientCertificateRef" }
    }

    /// What happens beyond the condition, as the end of a sentence.
    #[must_use]
    pub fn loss(&self, cx: &Cx<'_>) -> &'static str {
        let Some(listener) = self.listener else { return "; backends that ask for a certificate refuse" };
        let programmed = cx.evaluation.listeners.get(listener.index()).map(|verdict| verdict.programmed.verdict);
        if programmed == Some(ListenerProgrammed::NoUsableCertificate) {
            "; the listener has no usable certificate and is not programmed"
        } else {
            "; the certificate is not served"
        }
    }
}

/// Certificate references of listeners and client certificates of Gateways.
pub fn certificates<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Certificate<'w>> {
    let Cx { graph, evaluation, .. } = *cx;
    let of_listeners = graph.listeners.ids().flat_map(|id| {
        let verdicts = evaluation.listeners.get(id.index()).map_or(&[][..], |listener| &listener.certificates);
        let references = graph.listener(id).tls.as_ref().map_or(&[][..], |tls| &tls.certificate_refs);
        let holder = graph.listener_owner(id);
        references.iter().zip(verdicts).map(move |(target, verdict)| Certificate {
            holder,
            listener: Some(id),
            target,
            verdict,
        })
    });
    let of_gateways = graph.gateways.iter().filter_map(|(id, gateway)| {
        let target = gateway.client_certificate_ref.as_ref()?;
        let verdict = evaluation.gateways.get(id.index())?.client_certificate.as_ref()?;
        Some(Certificate { holder: &gateway.meta, listener: None, target, verdict })
    });
    of_listeners.chain(of_gateways).filter(|certificate| is_checked(certificate.holder))
}

/// Whose certificates a CA reference verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaSide {
    /// Clients of a Gateway (`spec.tls.frontend`).
    Frontend,
    /// Backends (BackendTLSPolicy).
    Backend,
}

/// A CA reference.
#[derive(Debug, Clone, Copy)]
pub struct CaReference<'w> {
    /// The Gateway or BackendTLSPolicy.
    pub holder: &'w Meta,
    /// Whose certificates it verifies.
    pub side: CaSide,
    /// What it refers to.
    pub target: &'w ObjectReference,
    /// The verdict.
    pub verdict: &'w Judged<CaVerdict>,
}

impl CaReference<'_> {
    /// The reason for a kind that holds no CA certificates.
    #[must_use]
    pub fn kind_reason(&self) -> &'static str {
        match self.side {
            CaSide::Frontend => "InvalidCACertificateKind",
            CaSide::Backend => "InvalidKind",
        }
    }

    /// What happens, with the reason of `ResolvedRefs`.
    #[must_use]
    pub fn effect(&self, reason: &str) -> String {
        let rest = match self.side {
            CaSide::Frontend => "where no CA is left, HTTPS listeners get Accepted=False/NoValidCACertificate",
            CaSide::Backend => "where no CA is left, Accepted=False/NoValidCACertificate and connections fail",
        };
        format!("ResolvedRefs=False/{reason}; {rest}")
    }
}

/// CA references of the frontend validation of checked Gateways: default first, then by port.
pub fn frontend_cas<'w>(cx: &Cx<'w>) -> impl Iterator<Item = CaReference<'w>> {
    let Cx { graph, evaluation, .. } = *cx;
    graph.gateways.iter().filter(|(_, gateway)| is_checked(&gateway.meta)).flat_map(|(id, gateway)| {
        let verdicts = evaluation.gateways.get(id.index()).map_or(&[][..], |verdict| &verdict.frontend_cas);
        let validations = gateway.frontend_tls.iter().flat_map(FrontendTls::validations);
        validations.flat_map(|validation| &validation.ca_refs).zip(verdicts).map(|(target, verdict)| CaReference {
            holder: &gateway.meta,
            side: CaSide::Frontend,
            target,
            verdict,
        })
    })
}

/// CA references of checked BackendTLSPolicies.
pub fn backend_cas<'w>(cx: &Cx<'w>) -> impl Iterator<Item = CaReference<'w>> {
    let Cx { graph, evaluation, .. } = *cx;
    graph.backend_tls_policies.iter().filter(|(_, policy)| is_checked(&policy.meta)).flat_map(|(id, policy)| {
        let verdicts = evaluation.backend_tls_policies.get(id.index()).map_or(&[][..], |verdict| &verdict.cas);
        policy.ca_refs.iter().zip(verdicts).map(|(target, verdict)| CaReference {
            holder: &policy.meta,
            side: CaSide::Backend,
            target,
            verdict,
        })
    })
}

//! Certificates of clients on HTTPS listeners (routing.md §1.6).
//!
//! `AllowValidOnly` demands one that leads to an authority. `AllowInsecureFallback` asks for one and lets everybody in;
//! what the check would have said is for the log only. Either way the client must hold the key.

use std::sync::Arc;

use gwc_core::ir::secret::SecretStore;
use gwc_core::ir::tls::ClientValidation;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use super::authority::{self, Authorities};
use super::digest::{Digest, Hasher};
use super::{Problem, provider};

/// What identifies a setting, for keys of tickets.
pub(super) fn digest(secrets: &SecretStore, validation: Option<&ClientValidation>) -> Digest {
    let mut hasher = Hasher::new();
    match validation {
        None => {
            hasher.add(b"no client certificates");
        }
        Some(validation) => {
            hasher.add(if validation.insecure_fallback { b"fallback" } else { b"valid" });
            authority::add(secrets, &validation.authorities, &mut hasher);
        }
    }
    hasher.finish()
}

/// The validation of a listener.
#[derive(Debug)]
pub(crate) struct Validation {
    /// `None`: there is no authority that can be used.
    strict: Option<Arc<Strict>>,
    is_insecure: bool,
}

impl Validation {
    pub(super) fn build(secrets: &SecretStore, written: &ClientValidation, problems: &mut Vec<Problem>) -> Self {
        let authorities = Authorities::of(secrets, &written.authorities, problems);
        let strict = Strict::new(authorities).map(Arc::new);
        Self { strict, is_insecure: written.insecure_fallback }
    }

    pub(super) fn is_insecure(&self) -> bool {
        self.is_insecure
    }

    /// What handshakes ask; `None`: no client could be let in.
    pub(super) fn verifier(&self) -> Option<Arc<dyn ClientCertVerifier>> {
        match (&self.strict, self.is_insecure) {
            (_, true) => Some(Arc::new(Fallback)),
            (Some(strict), false) => Some(Arc::<Strict>::clone(strict)),
            (None, false) => None,
        }
    }

    /// Would `AllowValidOnly` have let a client with these certificates in?
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn check(&self, certificates: &[CertificateDer<'_>]) -> Result<(), Error> {
        let (own, issuers) = certificates.split_first().ok_or(Error::NoCertificatesPresented)?;
        let strict = self.strict.as_ref().ok_or_else(|| Error::General("no authority can be used".to_owned()))?;
        strict.verify_client_cert(own, issuers, UnixTime::now()).map(|_| ())
    }
}

/// A certificate is demanded and must lead to an authority.
#[derive(Debug)]
struct Strict {
    authorities: Authorities,
    chains: Arc<dyn ClientCertVerifier>,
}

impl Strict {
    fn new(authorities: Authorities) -> Option<Self> {
        if authorities.is_empty() {
            return None;
        }
        let roots = Arc::new(authorities.roots.clone());
        let chains = WebPkiClientVerifier::builder_with_provider(roots, provider()).build().ok()?;
        Some(Self { authorities, chains })
    }
}

impl ClientCertVerifier for Strict {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.chains.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        match self.chains.verify_client_cert(end_entity, intermediates, now) {
            Ok(verified) => Ok(verified),
            Err(error) => self.authorities.judge(error, end_entity, now).map(|()| ClientCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chains.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chains.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chains.supported_verify_schemes()
    }
}

/// A certificate is asked for; any will do, and none.
#[derive(Debug)]
struct Fallback;

impl ClientCertVerifier for Fallback {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        // No hints: a client should show what it has, not what would be valid.
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = provider().signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, &algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = provider().signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, &algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}

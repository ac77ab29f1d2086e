//! TLS towards backends by BackendTLSPolicy, with the client certificate of the Gateway (routing.md §5.5).

use std::io;
use std::sync::Arc;

use gwc_core::certificate::{self, AlternativeName};
use gwc_core::ir::secret::SecretStore;
use gwc_core::ir::tls::{BackendTls, CertificateId, SubjectAltName, Trust};
use gwc_core::ir::{Backend, BackendProtocol, Config};
use gwc_core::value::Hostname;
use rustc_hash::FxHashMap;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::authority::{self, Authorities};
use super::digest::{Digest, Hasher};
use super::{Problem, VERSIONS, provider};
use crate::tls::certificate as key_pair;

/// How one backend is reached by TLS, for one Gateway.
#[derive(Debug)]
pub(crate) struct BackendClient {
    /// Of everything that matters: connections of different digests are never shared.
    pub(crate) digest: Digest,
    config: Arc<ClientConfig>,
    /// SNI.
    name: ServerName<'static>,
    /// What it goes without.
    problems: Vec<Problem>,
}

impl BackendClient {
    /// Makes TLS of a connection.
    ///
    /// # Errors
    /// The handshake fails, or the backend is not whom the policy wants.
    pub(crate) async fn connect<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<TlsStream<S>> {
        TlsConnector::from(Arc::clone(&self.config)).connect(self.name.clone(), stream).await
    }
}

/// Clients for every backend with TLS, for each certificate that Gateways show; a backend whose policy cannot be met has
/// none.
pub(super) fn build(
    config: &Config,
    secrets: &SecretStore,
    certificates: &[Option<&CertificateId>],
    mut known: FxHashMap<Digest, Arc<BackendClient>>,
    problems: &mut Vec<Problem>,
) -> Vec<FxHashMap<u32, Arc<BackendClient>>> {
    let system = if trusts_system(config) { authority::of_system() } else { Vec::new() };
    let mut clients = Vec::new();
    for certificate in certificates {
        let mut own = FxHashMap::default();
        for (backend, at) in config.backends.iter().zip(0u32..) {
            let Some(tls) = &backend.tls else { continue };
            let recipe = Recipe { backend, tls, certificate: *certificate, secrets, system: &system };
            let digest = recipe.digest();
            let Some(client) = known.get(&digest).cloned().or_else(|| recipe.client(digest, problems)) else {
                continue;
            };
            problems.extend_from_slice(&client.problems);
            known.insert(digest, Arc::clone(&client));
            own.insert(at, client);
        }
        clients.push(own);
    }
    clients
}

fn trusts_system(config: &Config) -> bool {
    config.backends.iter().any(|backend| backend.tls.as_ref().is_some_and(|tls| tls.trust == Trust::System))
}

/// What a client is made of.
struct Recipe<'r> {
    backend: &'r Backend,
    tls: &'r BackendTls,
    certificate: Option<&'r CertificateId>,
    secrets: &'r SecretStore,
    /// The system's authorities, where anybody asks.
    system: &'r [u8],
}

impl Recipe<'_> {
    fn digest(&self) -> Digest {
        let mut hasher = Hasher::new();
        hasher.add(self.alpn().unwrap_or_default()).add(self.tls.hostname.as_bytes());
        for name in &self.tls.subject_alt_names {
            match name {
                SubjectAltName::Hostname(name) => hasher.add(b"DNS").add(name.as_bytes()),
                SubjectAltName::Uri(name) => hasher.add(b"URI").add(name.as_bytes()),
            };
        }
        match &self.tls.trust {
            Trust::System => {
                hasher.add(b"system").add(self.system);
            }
            Trust::Authorities(ids) => authority::add(self.secrets, ids, &mut hasher),
            Trust::Nobody => {
                hasher.add(b"nobody");
            }
        }
        match self.certificate {
            Some(id) => key_pair::add(self.secrets, id, &mut hasher),
            None => {
                hasher.add(b"no certificate");
            }
        }
        hasher.finish()
    }

    /// What is offered (routing.md §5.4).
    fn alpn(&self) -> Option<&'static [u8]> {
        match self.backend.protocol {
            BackendProtocol::Http1 => Some(b"http/1.1"),
            BackendProtocol::Http2 => Some(b"h2"),
            BackendProtocol::Tcp | BackendProtocol::Udp => None,
        }
    }

    /// `None`: the policy cannot be met, which is among the problems unless the policy itself says so.
    fn client(&self, digest: Digest, problems: &mut Vec<Problem>) -> Option<Arc<BackendClient>> {
        let n_problems = problems.len();
        let authorities = match &self.tls.trust {
            Trust::Nobody => return None,
            Trust::Authorities(ids) => Authorities::of(self.secrets, ids, problems),
            Trust::System => {
                let mut authorities = Authorities::none();
                authorities.add(self.system);
                authorities
            }
        };
        let policy = |text: &str| Problem { id: self.tls.policy.to_string(), text: text.to_owned() };
        let Ok(name) = ServerName::try_from(self.tls.hostname.to_string()) else {
            problems.push(policy("its `hostname` is no DNS name"));
            return None;
        };
        if authorities.is_empty() && self.tls.trust == Trust::System {
            problems.push(policy("the system has no authorities"));
        }
        let names = self.tls.subject_alt_names.clone();
        let verifier = Verifier { authorities, names };
        let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(&VERSIONS).ok()?;
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match self.certificate(problems) {
            Some(resolver) => builder.with_client_cert_resolver(Arc::new(resolver)),
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = self.alpn().into_iter().map(<[u8]>::to_vec).collect();
        let problems = problems.get(n_problems..).unwrap_or_default().to_vec();
        Some(Arc::new(BackendClient { digest, config: Arc::new(config), name, problems }))
    }

    /// The certificate of the Gateway; one that cannot be used is not shown.
    fn certificate(&self, problems: &mut Vec<Problem>) -> Option<rustls::sign::SingleCertAndKey> {
        let id = self.certificate?;
        match key_pair::load(self.secrets.certificate(id)?) {
            Ok(certified) => Some(rustls::sign::SingleCertAndKey::from(certified)),
            Err(text) => {
                problems.push(Problem { id: id.0.to_string(), text });
                None
            }
        }
    }
}

/// A chain to the policy's authorities, and a name that the policy wants.
#[derive(Debug)]
struct Verifier {
    authorities: Authorities,
    /// Where not empty, the hostname of the policy does not count.
    names: Vec<SubjectAltName>,
}

impl Verifier {
    fn chain(
        &self,
        certificate: &CertificateDer<'_>,
        issuers: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let parsed = ParsedCertificate::try_from(certificate)?;
        let algorithms = provider().signature_verification_algorithms.all;
        verify_server_cert_signed_by_trust_anchor(&parsed, &self.authorities.roots, issuers, now, algorithms)
            .or_else(|error| self.authorities.judge(error, certificate, now))
    }

    fn name(&self, certificate: &CertificateDer<'_>, hostname: &ServerName<'_>) -> Result<(), Error> {
        let own = certificate::of_der(certificate).ok_or(CertificateError::BadEncoding)?;
        let is_hostname = self.names.is_empty() && own.covers(&Hostname::new(&hostname.to_str()));
        let is_wanted = self.names.iter().any(|wanted| match wanted {
            SubjectAltName::Uri(wanted) => own.names.iter().any(|name| is_uri(name, wanted)),
            SubjectAltName::Hostname(wanted) => {
                let wanted = Hostname::new(wanted);
                let is_covered = |name| wanted.is_wildcard() && is_within(name, &wanted);
                own.covers(&wanted) || own.names.iter().any(is_covered)
            }
        });
        if is_hostname || is_wanted { Ok(()) } else { Err(CertificateError::NotValidForName.into()) }
    }
}

fn is_uri(name: &AlternativeName, wanted: &str) -> bool {
    match name {
        AlternativeName::Uri(uri) => uri.as_str() == wanted,
        AlternativeName::Dns(_) | AlternativeName::Ip(_) => false,
    }
}

/// Does the wildcard cover the name, be it a wildcard too?
fn is_within(name: &AlternativeName, wildcard: &Hostname) -> bool {
    match name {
        AlternativeName::Dns(name) => wildcard.contains(&Hostname::new(name)),
        AlternativeName::Uri(_) | AlternativeName::Ip(_) => false,
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.chain(end_entity, intermediates, now)?;
        self.name(end_entity, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &provider().signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &provider().signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests;

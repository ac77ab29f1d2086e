//! TLS of listeners and backends, built off the data path: what a snapshot holds for each listener that ends TLS and
//! for each backend with a policy (runtime-design.md §3.9). Equal content is taken over from the snapshot before.
//!
//! The handshake of a client stands in `tls/accept.rs`. No private key is ever part of a message.

use std::fmt;
use std::sync::{Arc, OnceLock};

use gwc_core::ir::secret::SecretStore;
use gwc_core::ir::tls::{CertificateId, ListenerTls, Terminate};
use gwc_core::ir::{Config, Listener, Protocol};
use rustc_hash::FxHashMap;
use rustls::crypto::CryptoProvider;
use rustls::server::{NoServerSessionStorage, ProducesTickets};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, SupportedProtocolVersion};

pub(crate) mod accept;
mod authority;
pub(crate) mod backend;
mod certificate;
mod client;
mod digest;
pub(crate) mod serve;

use backend::BackendClient;
use certificate::Chooser;
use client::Validation;
pub(crate) use digest::Digest;
use digest::Hasher;

/// Versions that are spoken on both sides.
const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

/// Cryptography of everything here: the one place that chooses it.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(PROVIDER.get_or_init(|| Arc::new(rustls::crypto::ring::default_provider())))
}

/// Material that cannot be used; the rest is served.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// `namespace/name` of a Secret, or `Kind/namespace/name` of authorities.
    pub(crate) id: String,
    /// What is wrong with it.
    pub(crate) text: String,
}

/// TLS of one snapshot.
#[derive(Default)]
pub(crate) struct TlsTable {
    /// By position of socket and listener.
    servers: Vec<Vec<Option<Arc<Server>>>>,
    /// By position of backend, for each certificate that Gateways show to backends.
    backends: Vec<FxHashMap<u32, Arc<BackendClient>>>,
    /// By position of Gateway: which of these it is.
    identities: Vec<usize>,
    /// Keys of tickets by client validation, so that a session that began without a client certificate is not resumed
    /// where one is demanded.
    tickets: Vec<(Digest, Arc<dyn ProducesTickets>)>,
    /// Material that is not used, sorted.
    pub(crate) problems: Vec<Problem>,
}

impl fmt::Debug for TlsTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsTable").finish_non_exhaustive()
    }
}

/// A listener that ends TLS.
#[derive(Debug)]
pub(crate) struct Server {
    digest: Digest,
    pub(crate) config: Arc<ServerConfig>,
    /// Of how clients are checked.
    pub(crate) clients: Digest,
    /// Are clients asked for certificates?
    pub(crate) asks_clients: bool,
    /// What client certificates are checked against for the log only (`AllowInsecureFallback`).
    pub(crate) validation: Option<Arc<Validation>>,
    /// What it goes without.
    problems: Vec<Problem>,
}

impl TlsTable {
    /// Builds what a configuration needs.
    pub(crate) fn build(config: &Config, secrets: &SecretStore, previous: Option<&Self>) -> Self {
        let before = previous.into_iter().flat_map(|previous| previous.servers.iter().flatten().flatten());
        let known = before.map(|server| (server.digest, Arc::clone(server))).collect();
        let mut builder = Builder { secrets, previous, known, tickets: Vec::new(), problems: Vec::new() };
        let sockets = config.sockets.iter();
        let servers = sockets.map(|socket| socket.listeners.iter().map(|one| builder.listener(one)).collect());
        let servers = servers.collect();
        let before = previous.into_iter().flat_map(|previous| previous.backends.iter().flat_map(FxHashMap::values));
        let known = before.map(|client| (client.digest, Arc::clone(client))).collect();
        let (identities, certificates) = identities(config);
        let backends = backend::build(config, secrets, &certificates, known, &mut builder.problems);
        let Builder { tickets, mut problems, .. } = builder;
        problems.sort();
        problems.dedup();
        Self { servers, backends, identities, tickets, problems }
    }

    /// The listener at this position; `None`: it has no certificate, so its connections are closed.
    pub(crate) fn server(&self, socket: usize, listener: usize) -> Option<&Arc<Server>> {
        self.servers.get(socket)?.get(listener)?.as_ref()
    }

    /// How many ways there are to reach a backend with TLS: one for each certificate that Gateways show.
    pub(crate) fn n_identities(&self) -> usize {
        self.backends.len()
    }

    /// Which of them a Gateway uses.
    pub(crate) fn identity(&self, gateway: u32) -> usize {
        self.identities.get(gateway as usize).copied().unwrap_or_default()
    }

    /// TLS towards a backend; `None`: the backend has no policy, or its policy cannot be met.
    pub(crate) fn backend(&self, identity: usize, backend: usize) -> Option<&Arc<BackendClient>> {
        self.backends.get(identity)?.get(&u32::try_from(backend).ok()?)
    }
}

/// The different certificates that Gateways show to backends, and which of them each Gateway has.
fn identities(config: &Config) -> (Vec<usize>, Vec<Option<&CertificateId>>) {
    let mut certificates: Vec<Option<&CertificateId>> = Vec::new();
    let mut identities = Vec::new();
    for gateway in &config.gateways {
        let own = gateway.client_certificate.as_ref();
        let known = certificates.iter().position(|one| *one == own);
        identities.push(known.unwrap_or(certificates.len()));
        if known.is_none() {
            certificates.push(own);
        }
    }
    (identities, certificates)
}

impl Server {
    /// Does it demand more of clients than the handshake of a connection did?
    pub(crate) fn demands_more(&self, clients: Option<Digest>) -> bool {
        self.asks_clients && self.validation.is_none() && clients != Some(self.clients)
    }
}

/// What listeners are built with.
struct Builder<'b> {
    secrets: &'b SecretStore,
    previous: Option<&'b TlsTable>,
    /// What was built before, or already now for another listener.
    known: FxHashMap<Digest, Arc<Server>>,
    tickets: Vec<(Digest, Arc<dyn ProducesTickets>)>,
    problems: Vec<Problem>,
}

impl Builder<'_> {
    fn listener(&mut self, listener: &Listener) -> Option<Arc<Server>> {
        match &listener.tls {
            Some(ListenerTls::Terminate(terminate)) => self.server(listener.protocol, terminate),
            Some(ListenerTls::Passthrough) | None => None,
        }
    }

    fn server(&mut self, protocol: Protocol, terminate: &Terminate) -> Option<Arc<Server>> {
        let of_clients = client::digest(self.secrets, terminate.client_validation.as_ref());
        let digest = self.digest(protocol, terminate, of_clients);
        // Also where the rest is known: the key must stay for the next snapshot.
        let tickets = self.tickets(of_clients)?;
        if let Some(known) = self.known.get(&digest) {
            self.problems.extend_from_slice(&known.problems);
            return Some(Arc::clone(known));
        }
        let n_problems = self.problems.len();
        let chooser = self.chooser(&terminate.certificates);
        let validation = terminate.client_validation.as_ref();
        let validation = validation.map(|written| Validation::build(self.secrets, written, &mut self.problems));
        let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(&VERSIONS).ok()?;
        let builder = match &validation {
            None => builder.with_no_client_auth(),
            Some(validation) => builder.with_client_cert_verifier(validation.verifier()?),
        };
        let mut config = builder.with_cert_resolver(Arc::new(chooser?));
        if protocol == Protocol::Https {
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.ticketer = tickets;
        config.send_tls13_tickets = 1;
        let asks_clients = validation.is_some();
        let validation = validation.filter(Validation::is_insecure).map(Arc::new);
        let problems = self.problems.get(n_problems..).unwrap_or_default().to_vec();
        let (config, clients) = (Arc::new(config), of_clients);
        let server = Arc::new(Server { digest, config, clients, asks_clients, validation, problems });
        self.known.insert(digest, Arc::clone(&server));
        Some(server)
    }

    fn digest(&self, protocol: Protocol, terminate: &Terminate, of_clients: Digest) -> Digest {
        let mut hasher = Hasher::new();
        hasher.add(protocol.name().as_bytes()).add(of_clients.as_bytes());
        for id in &terminate.certificates {
            certificate::add(self.secrets, id, &mut hasher);
        }
        hasher.finish()
    }

    /// Certificates that can be used; `None`: not one.
    fn chooser(&mut self, ids: &[CertificateId]) -> Option<Chooser> {
        let mut chooser = Chooser::default();
        for id in ids {
            // An id without material is only assumed to exist.
            let Some(pair) = self.secrets.certificate(id) else { continue };
            match certificate::load(pair) {
                Ok(certified) => chooser.add(certified),
                Err(text) => self.problems.push(Problem { id: id.0.to_string(), text }),
            }
        }
        (!chooser.is_empty()).then_some(chooser)
    }

    fn tickets(&mut self, of_clients: Digest) -> Option<Arc<dyn ProducesTickets>> {
        let before = self.previous.into_iter().flat_map(|previous| &previous.tickets);
        let mut all = self.tickets.iter().chain(before);
        if let Some((_, known)) = all.find(|(digest, _)| *digest == of_clients) {
            let known = Arc::clone(known);
            if !self.tickets.iter().any(|(digest, _)| *digest == of_clients) {
                self.tickets.push((of_clients, Arc::clone(&known)));
            }
            return Some(known);
        }
        let new = rustls::crypto::ring::Ticketer::new().ok()?;
        self.tickets.push((of_clients, Arc::clone(&new)));
        Some(new)
    }
}

#[cfg(test)]
pub(crate) mod tests;

//! A gateway on loopback: manifests are compiled as `gwc` does, every Service gets a recording backend, every socket a
//! free port.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use gwc_core::compile;
use gwc_core::ir::secret::SecretStore;
use gwc_core::ir::tls::CertificateId;
use gwc_core::ir::{Backend, BackendProtocol, Config, Endpoint, Str};
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_runtime::{AccessLog, Applied, Load, LogFormat, Options, Runtime};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::backend::{Backends, refusing};

/// 2026-06-01T00:00:00Z.
const NOW: i64 = 1_780_272_000;

/// Endpoints of a Service that is not simply there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Endpoints {
    /// One that refuses connections.
    Refused,
    /// One that refuses connections, then a good one.
    Half,
    /// Nothing is known of it.
    Unknown,
}

/// A running gateway with its backends.
pub(crate) struct World {
    pub(crate) runtime: Runtime,
    pub(crate) config: Arc<Config>,
    pub(crate) secrets: Arc<SecretStore>,
    pub(crate) backends: Backends,
    /// By position in [`Config::sockets`].
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) log: Log,
    /// Addresses of backends by their label and protocol; they stay over reloads.
    known: BTreeMap<(String, bool), SocketAddr>,
    _refusing: Vec<socket2::Socket>,
}

/// Lines of the access log.
pub(crate) struct Log(Receiver<String>);

struct Lines(Sender<String>, Vec<u8>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.extend(bytes);
        while let Some(end) = self.1.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.1.drain(..=end).collect();
            // The test may be over.
            let _ = self.0.send(String::from_utf8_lossy(&line).trim_end().to_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The next line.
    pub(crate) fn next(&self) -> Result<serde_json::Value, String> {
        let line = self.0.recv_timeout(Duration::from_secs(10)).map_err(|_| "no line in the access log".to_owned())?;
        serde_json::from_str(&line).map_err(|error| format!("{error} in {line}"))
    }

    /// Lines that nobody waited for.
    pub(crate) fn rest(&self) -> Vec<String> {
        self.0.try_iter().collect()
    }
}

/// Options of a test: one worker, a JSON log with queries.
pub(crate) fn options() -> (Options, Log) {
    let (sender, lines) = channel();
    let mut log = AccessLog::new(LogFormat::Json, Lines(sender, Vec::new())).expect("a thread");
    log.queries = true;
    let options = Options { workers: NonZeroUsize::new(1), access_log: Some(log), ..Options::default() };
    (options, Log(lines))
}

/// Compiles manifests that must all be accepted by the API server.
pub(crate) fn compiled(manifests: &str) -> (Config, SecretStore) {
    let mut sources = SourceMap::new();
    let bytes = manifests.as_bytes().to_vec();
    sources.add(Source::from_bytes("manifests.yaml", Origin::File, Role::Checked, true, bytes));
    let target = Some(Target { bundle: Bundle::V1_6, channel: Channel::Experimental });
    let compilation = compile(&sources, &Profile { target, ..Profile::new(WorldMode::Closed, NOW) });
    let refused = &compilation.graph.refused;
    assert!(refused.is_empty(), "the API server refuses {refused:?}: {:#?}", compilation.diagnostics);
    (compilation.lowered.config, compilation.lowered.secrets)
}

impl World {
    pub(crate) fn start(
        manifests: &str,
        special: &BTreeMap<String, Endpoints>,
        (options, log): (Options, Log),
    ) -> Self {
        let (config, secrets) = compiled(manifests);
        let mut world = Self {
            runtime: Runtime::start(options).expect("threads"),
            config: Arc::default(),
            secrets: Arc::new(secrets),
            backends: Backends::start(),
            addresses: Vec::new(),
            log,
            known: BTreeMap::new(),
            _refusing: Vec::new(),
        };
        let applied = world.load(config, special);
        let bound = applied.bound.iter().map(|one| *one.result.as_ref().expect("a free port"));
        world.addresses = bound.collect();
        world
    }

    /// Serves another configuration. Any port will do; a Gateway keeps the one that it has.
    pub(crate) fn load(&mut self, config: Config, special: &BTreeMap<String, Endpoints>) -> Applied {
        let any = vec!["127.0.0.1:0".parse().expect("an address")];
        let addresses = vec![any; config.sockets.len()];
        self.load_at(config, special, addresses)
    }

    /// Serves another configuration at these addresses.
    pub(crate) fn load_at(
        &mut self,
        mut config: Config,
        special: &BTreeMap<String, Endpoints>,
        addresses: Vec<Vec<SocketAddr>>,
    ) -> Applied {
        for backend in &mut config.backends {
            self.fill_in(backend, special);
        }
        self.config = Arc::new(config);
        self.runtime.swap(Load { config: Arc::clone(&self.config), secrets: Arc::clone(&self.secrets), addresses })
    }

    fn fill_in(&mut self, backend: &mut Backend, special: &BTreeMap<String, Endpoints>) {
        // Addresses of a cluster mean nothing here, but whether there are any does.
        if backend.endpoints.as_ref().is_some_and(|all| !all.iter().any(|endpoint| endpoint.ready)) {
            return;
        }
        let label = backend.key.to_string();
        let special = special.get(label.split(':').next().unwrap_or_default());
        let mut endpoints = Vec::new();
        if matches!(special, Some(Endpoints::Refused | Endpoints::Half)) {
            let (socket, address) = refusing();
            self._refusing.push(socket);
            endpoints.push(endpoint(address));
        }
        match special {
            Some(Endpoints::Unknown) => return,
            Some(Endpoints::Refused) => {}
            Some(Endpoints::Half) | None => {
                let is_http2 = backend.protocol == BackendProtocol::Http2;
                let backends = &self.backends;
                let listen = || if is_http2 { backends.http2(&label) } else { backends.http1(&label) };
                endpoints.push(endpoint(*self.known.entry((label.clone(), is_http2)).or_insert_with(listen)));
            }
        }
        backend.endpoints = Some(endpoints);
    }

    /// The Secret of a certificate.
    pub(crate) fn certificate(&self, der: &[u8]) -> String {
        let is_own = |id: &&CertificateId| {
            let pair = self.secrets.certificate(id);
            let first = pair.and_then(|pair| CertificateDer::from_pem_slice(&pair.certificate).ok());
            first.is_some_and(|first| first.as_ref() == der)
        };
        self.secrets.certificates().find(is_own).map_or_else(|| "of nobody".to_owned(), |id| id.0.to_string())
    }

    /// The position of a socket by its Gateway (`namespace/name`; empty: the only one) and port.
    pub(crate) fn socket(&self, gateway: &str, port: u16) -> usize {
        let fits = |socket: &&gwc_core::ir::Socket| {
            let own = self.config.gateway(socket);
            socket.port == port && (gateway.is_empty() || format!("{}/{}", own.namespace, own.name) == gateway)
        };
        let found = self.config.sockets.iter().position(|socket| fits(&socket));
        found.unwrap_or_else(|| panic!("no socket {gateway}:{port}"))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.runtime.shutdown();
    }
}

fn endpoint(address: SocketAddr) -> Endpoint {
    Endpoint { address: Str::from(address.ip().to_string()), port: address.port(), ready: true }
}

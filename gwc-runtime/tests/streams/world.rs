//! A proxy that serves manifests, and the manifests that all tests have in common.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gwc_core::ir::{Endpoint, Str};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_runtime::{Event, Limits, Load, Options, Runtime};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, SanType, SerialNumber};
use rustls::crypto::CryptoProvider;

/// PEM of a key pair.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

/// An authority; all have one subject and serial number, as those of the official suite (routing.md §1.6).
pub(crate) struct Authority {
    issuer: Issuer<'static, rcgen::KeyPair>,
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.serial_number = Some(SerialNumber::from(2024u64));
        params.distinguished_name.push(DnType::OrganizationName, "Authority");
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    pub(crate) fn issue(&self, names: &[&str]) -> Pair {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.subject_alt_names = names.iter().map(|name| SanType::DnsName((*name).try_into().unwrap())).collect();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        Pair { certificate, key: key.serialize_pem() }
    }
}

/// Cryptography of clients and backends.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Everything that manifests need beside routes: a class, a Gateway `infra/edge` with these listeners (items of a YAML
/// list) and this TLS, Services `infra/<name>` with port 80, and 53 for UDP.
pub(crate) fn manifests(listeners: &str, tls: &str, services: &[&str], more: &[String]) -> String {
    let class = "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: gwc}\n\
                 spec: {controllerName: gwc.dev/gateway-controller}\n";
    let gateway = format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: edge, namespace: infra}}\n\
         spec:\n  gatewayClassName: gwc\n  listeners: [{listeners}]\n{tls}"
    );
    let service = |name: &&str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: infra}}\n\
             spec: {{ports: [{{name: tcp, port: 80}}, {{name: udp, port: 53, protocol: UDP}}]}}\n"
        )
    };
    let all = [class.to_owned(), gateway].into_iter().chain(services.iter().map(service)).chain(more.iter().cloned());
    all.collect::<Vec<_>>().join("---\n")
}

pub(crate) fn secret(name: &str, pair: &Pair) -> String {
    let (certificate, key) = (STANDARD.encode(&pair.certificate), STANDARD.encode(&pair.key));
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: infra}}\ntype: kubernetes.io/tls\n\
         data: {{tls.crt: {certificate}, tls.key: {key}}}\n"
    )
}

pub(crate) fn authorities(name: &str, pem: &str) -> String {
    let indented = pem.trim_end().replace('\n', "\n    ");
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: infra}}\ndata:\n  ca.crt: |\n    {indented}\n"
    )
}

/// A route of any kind; `spec` is what stands beside `parentRefs`, in flow style.
pub(crate) fn route(kind: &str, name: &str, section: &str, spec: &str) -> String {
    format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: infra}}\n\
         spec: {{parentRefs: [{{name: edge, sectionName: {section}}}], {spec}}}\n"
    )
}

/// A running proxy; it ends with the value.
pub(crate) struct World {
    runtime: Runtime,
    /// Manifest port and whether it is UDP: where it is bound.
    bound: Vec<((u16, bool), SocketAddr)>,
    events: Arc<Mutex<Vec<Event>>>,
}

impl World {
    /// Serves manifests; endpoints of Services by name.
    pub(crate) fn start(manifests: &str, endpoints: &[(&str, SocketAddr)]) -> Self {
        Self::with(Limits::default(), manifests, endpoints)
    }

    pub(crate) fn with(limits: Limits, manifests: &str, endpoints: &[(&str, SocketAddr)]) -> Self {
        let events: Arc<Mutex<Vec<Event>>> = Arc::default();
        let own = Arc::clone(&events);
        let options = Options {
            workers: NonZeroUsize::new(2),
            limits,
            events: Arc::new(move |event| own.lock().unwrap().push(event)),
            ..Options::default()
        };
        let mut world = Self { runtime: Runtime::start(options).unwrap(), bound: Vec::new(), events };
        world.reload(manifests, endpoints);
        world
    }

    /// Serves other manifests from now on.
    pub(crate) fn reload(&mut self, manifests: &str, endpoints: &[(&str, SocketAddr)]) {
        let mut sources = SourceMap::new();
        let text = manifests.as_bytes().to_vec();
        sources.add(Source::from_bytes("manifests.yaml", Origin::Memory, Role::Checked, true, text));
        let compilation = gwc_core::compile(&sources, &Profile::new(WorldMode::Closed, 1_780_272_000));
        let mut config = compilation.lowered.config;
        assert!(!config.sockets.is_empty(), "the manifests serve nothing:\n{manifests}");
        for backend in &mut config.backends {
            let own = endpoints.iter().filter(|(name, _)| *name == backend.key.name.as_str());
            let endpoint = |(_, at): &(&str, SocketAddr)| Endpoint {
                address: Str::from(at.ip().to_string()),
                port: at.port(),
                ready: true,
            };
            backend.endpoints = Some(own.map(endpoint).collect());
        }
        assert_eq!(gwc_runtime::unsupported(&config), []);
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let keys = config.sockets.iter().map(|one| (one.port, one.transport == gwc_core::ir::Transport::Udp));
        let keys: Vec<_> = keys.collect();
        let addresses = vec![vec![any]; keys.len()];
        let secrets = Arc::new(compilation.lowered.secrets);
        let applied = self.runtime.swap(Load { config: Arc::new(config), secrets, addresses });
        self.bound = keys.into_iter().zip(applied.bound.into_iter().map(|bound| bound.result.unwrap())).collect();
    }

    /// Where a TCP port of the manifests is bound.
    pub(crate) fn at(&self, port: u16) -> SocketAddr {
        self.find(port, false)
    }

    /// Where a UDP port of the manifests is bound.
    pub(crate) fn udp_at(&self, port: u16) -> SocketAddr {
        self.find(port, true)
    }

    fn find(&self, port: u16, is_udp: bool) -> SocketAddr {
        self.bound.iter().find(|(own, _)| *own == (port, is_udp)).unwrap().1
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap().clone()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.runtime.shutdown();
    }
}

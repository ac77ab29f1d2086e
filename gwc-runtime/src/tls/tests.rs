//! Tests of listeners with TLS, by handshakes of a real client over a pipe; and what other tests of TLS are made with.

use std::io;
use std::sync::Mutex;

use gwc_core::ir::secret::KeyPair;
use gwc_core::ir::tls::AuthorityId;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, SanType, SerialNumber};
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, HandshakeKind, SignatureScheme};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tokio_rustls::client;

use super::accept::{Accepted, Choice, Refused, Stream, accept};
use super::*;

const LIMIT: std::time::Duration = std::time::Duration::from_secs(10);

/// Kinds of keys.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    P256,
    P384,
    Ed25519,
}

fn new_key(key: Key) -> rcgen::KeyPair {
    let algorithm = match key {
        Key::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
        Key::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
        Key::Ed25519 => &rcgen::PKCS_ED25519,
    };
    rcgen::KeyPair::generate_for(algorithm).unwrap()
}

/// A key pair that nobody but itself vouches for.
pub(crate) fn pair(key: Key, names: &[&str]) -> KeyPair {
    let key = new_key(key);
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    KeyPair { certificate: certificate.pem().into_bytes(), key: key.serialize_pem().into_bytes() }
}

/// An authority. All have the same subject and serial number, as those of the official suite (routing.md §1.6).
pub(crate) struct Authority {
    issuer: Issuer<'static, rcgen::KeyPair>,
    pub(crate) pair: KeyPair,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = new_key(Key::P256);
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.serial_number = Some(SerialNumber::from(2024u64));
        params.distinguished_name.push(DnType::OrganizationName, "Authority");
        let certificate = params.self_signed(&key).unwrap();
        let pair = KeyPair { certificate: certificate.pem().into_bytes(), key: key.serialize_pem().into_bytes() };
        Self { issuer: Issuer::new(params, key), pair }
    }

    pub(crate) fn pem(&self) -> Vec<u8> {
        self.pair.certificate.clone()
    }

    /// A key pair for DNS names, or URIs where they have a scheme.
    pub(crate) fn issue(&self, names: &[&str]) -> KeyPair {
        let key = new_key(Key::P256);
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        let name = |name: &&str| match name.contains("://") {
            true => SanType::URI((*name).try_into().unwrap()),
            false => SanType::DnsName((*name).try_into().unwrap()),
        };
        params.subject_alt_names = names.iter().map(name).collect();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        KeyPair { certificate: certificate.pem().into_bytes(), key: key.serialize_pem().into_bytes() }
    }
}

/// A client that takes any certificate and remembers none.
#[derive(Debug)]
struct Anything;

impl ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &provider().signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &provider().signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}

/// A client; with a certificate where one is given.
pub(crate) fn client(
    certificate: Option<&KeyPair>,
    alpn: &[&str],
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConfig {
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(versions).unwrap();
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(Anything));
    let mut config = match certificate {
        None => builder.with_no_client_auth(),
        Some(pair) => {
            let chain = CertificateDer::pem_slice_iter(&pair.certificate).map(Result::unwrap).collect();
            builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(&pair.key).unwrap()).unwrap()
        }
    };
    config.alpn_protocols = alpn.iter().map(|one| one.as_bytes().to_vec()).collect();
    config
}

/// An IR with one socket that has these listeners; each is `(protocol, hostname, tls)`.
fn config(listeners: &[(&str, Option<&str>, Value)]) -> Config {
    let listener = |(protocol, hostname, tls): &(&str, Option<&str>, Value)| {
        json!({
            "owner": {"kind": "Gateway", "namespace": "infra", "name": "gateway"},
            "name": "listener",
            "protocol": protocol,
            "hostname": hostname,
            "tls": tls,
            "hosts": [],
            "entries": [],
            "place": {"source": 0, "start": 0, "end": 1},
        })
    };
    let listeners: Vec<Value> = listeners.iter().map(listener).collect();
    let gateway = json!({"namespace": "infra", "name": "gateway", "class": "gwc"});
    let socket = json!({"gateway": 0, "transport": "TCP", "port": 443, "listeners": listeners});
    serde_json::from_value(json!({
        "version": "gwc.ir/v1",
        "sources": ["gateway.yaml"],
        "gateways": [gateway],
        "sockets": [socket],
        "rules": [],
        "backends": [],
    }))
    .unwrap()
}

fn terminate(certificates: &[&str]) -> Value {
    json!({"terminate": {"certificates": certificates}})
}

fn validated(certificates: &[&str], authorities: &[&str], insecure: bool) -> Value {
    let validation = json!({"authorities": authorities, "insecureFallback": insecure});
    json!({"terminate": {"certificates": certificates, "clientValidation": validation}})
}

fn store(pairs: &[(&str, &KeyPair)], authorities: &[(&str, Vec<u8>)]) -> SecretStore {
    let mut store = SecretStore::default();
    pairs.iter().for_each(|(id, pair)| store.add_certificate(CertificateId((*id).into()), || (*pair).clone()));
    authorities.iter().for_each(|(id, pem)| store.add_authority(AuthorityId((*id).into()), || pem.clone()));
    store
}

/// Both ends of a handshake.
struct Met {
    client: io::Result<client::TlsStream<DuplexStream>>,
    server: Result<Accepted<DuplexStream>, Refused>,
}

impl Met {
    fn certificate(&self) -> CertificateDer<'static> {
        let client = self.client.as_ref().unwrap();
        client.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
    }

    fn alpn(&self) -> Option<String> {
        let alpn = self.client.as_ref().unwrap().get_ref().1.alpn_protocol();
        alpn.map(|alpn| String::from_utf8(alpn.to_vec()).unwrap())
    }

    /// Certificates of the client.
    fn shown(&self) -> &[CertificateDer<'static>] {
        let Ok(Accepted { stream: Stream::Terminated(stream), .. }) = &self.server else { panic!("refused") };
        stream.get_ref().1.peer_certificates().unwrap_or_default()
    }

    /// Bytes go both ways; `false`: the server let nobody in, which a client of TLS 1.3 learns when it reads.
    async fn talk(self) -> bool {
        let (Ok(mut client), Ok(Accepted { stream: Stream::Terminated(mut server), .. })) = (self.client, self.server)
        else {
            return false;
        };
        let mut buffer = [0; 4];
        client.write_all(b"ping").await.unwrap();
        client.flush().await.unwrap();
        server.read_exact(&mut buffer).await.unwrap();
        assert_eq!(&buffer, b"ping");
        server.write_all(b"pong").await.unwrap();
        server.flush().await.unwrap();
        client.read_exact(&mut buffer).await.unwrap();
        &buffer == b"pong"
    }
}

async fn meet(table: &TlsTable, listener: usize, client: &Arc<ClientConfig>, name: &str) -> Met {
    let (near, far) = tokio::io::duplex(4096);
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let server = table.server(0, listener).cloned();
    let handshakes = Semaphore::new(1);
    let accepting = accept(far, (LIMIT, &handshakes), |_| Choice::Terminate(listener, server));
    let (client, server) = tokio::join!(TlsConnector::from(Arc::clone(client)).connect(name, near), accepting);
    Met { client, server }
}

fn der(pair: &KeyPair) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(&pair.certificate).unwrap()
}

#[tokio::test]
async fn https_offers_http_2_and_tls_offers_nothing() {
    let own = pair(Key::P256, &["a.example"]);
    let secrets = store(&[("infra/own", &own)], &[]);
    let config = config(&[("HTTPS", None, terminate(&["infra/own"])), ("TLS", None, terminate(&["infra/own"]))]);
    let table = TlsTable::build(&config, &secrets, None);
    assert_eq!(table.problems, []);
    for versions in [&[&TLS12][..], &[&TLS13]] {
        let new = |alpn: &[&str]| Arc::new(client(None, alpn, versions));
        for (listener, offered, agreed) in [
            (0, &["http/1.1", "h2"][..], Some("h2")),
            (0, &["http/1.1"], Some("http/1.1")),
            (0, &[], None),
            (1, &["h2", "http/1.1"], None),
            (1, &[], None),
        ] {
            let met = meet(&table, listener, &new(offered), "a.example").await;
            assert_eq!(met.alpn().as_deref(), agreed, "listener {listener}, {offered:?}, {versions:?}");
            assert_eq!(met.certificate(), der(&own));
            assert_eq!(met.server.as_ref().unwrap().sni.as_deref(), Some("a.example"));
            assert!(met.talk().await);
        }
    }
}

#[tokio::test]
async fn the_certificate_follows_the_server_name() {
    let (one, other) = (pair(Key::P256, &["a.example"]), pair(Key::P384, &["*.b.example"]));
    let secrets = store(&[("infra/one", &one), ("infra/other", &other)], &[]);
    let config = config(&[("HTTPS", None, terminate(&["infra/one", "infra/other"]))]);
    let table = TlsTable::build(&config, &secrets, None);
    let client = Arc::new(client(None, &[], &VERSIONS));
    assert_eq!(meet(&table, 0, &client, "A.example").await.certificate(), der(&one));
    assert_eq!(meet(&table, 0, &client, "x.b.example").await.certificate(), der(&other));
    assert_eq!(meet(&table, 0, &client, "127.0.0.1").await.certificate(), der(&one));
}

#[tokio::test]
async fn unusable_material_is_left_out_and_named() {
    let good = pair(Key::P256, &["a.example"]);
    let bad = KeyPair { certificate: good.certificate.clone(), key: b"secret".to_vec() };
    let secrets = store(&[("infra/good", &good), ("infra/bad", &bad)], &[("ConfigMap/infra/ca", b"nothing".to_vec())]);
    let config = config(&[
        ("HTTPS", Some("a.example"), terminate(&["infra/bad", "infra/good"])),
        ("HTTPS", Some("b.example"), terminate(&["infra/bad"])),
        ("HTTPS", Some("c.example"), terminate(&["infra/assumed"])),
        ("HTTPS", Some("d.example"), validated(&["infra/good"], &["ConfigMap/infra/ca"], false)),
        ("HTTPS", Some("e.example"), validated(&["infra/good"], &["ConfigMap/infra/ca"], true)),
    ]);
    let table = TlsTable::build(&config, &secrets, None);
    let problem = |id: &str, text: &str| Problem { id: id.to_owned(), text: text.to_owned() };
    let expected = [
        problem("ConfigMap/infra/ca", "it holds no certificate that can be used"),
        problem("infra/bad", "it holds no private key in PEM"),
    ];
    assert_eq!(table.problems, expected);
    let served: Vec<bool> = (0..5).map(|listener| table.server(0, listener).is_some()).collect();
    assert_eq!(served, [true, false, false, false, true]);
    let again = TlsTable::build(&config, &secrets, Some(&table));
    assert_eq!(again.problems, expected, "what is taken over still has its problems");
    assert!(Arc::ptr_eq(table.server(0, 0).unwrap(), again.server(0, 0).unwrap()));

    let met = meet(&table, 1, &Arc::new(client(None, &[], &VERSIONS)), "b.example").await;
    assert!(matches!(met.server, Err(Refused::NoCertificate)));
    assert_eq!(met.client.unwrap_err().kind(), io::ErrorKind::UnexpectedEof, "closed without an alert");
}

#[tokio::test]
async fn only_valid_client_certificates_get_in() {
    let (right, wrong) = (Authority::new(), Authority::new());
    let own = pair(Key::P256, &["a.example"]);
    let secrets = store(&[("infra/own", &own)], &[("ConfigMap/infra/ca", right.pem())]);
    let config = config(&[("HTTPS", None, validated(&["infra/own"], &["ConfigMap/infra/ca"], false))]);
    let table = TlsTable::build(&config, &secrets, None);
    for versions in [&[&TLS12][..], &[&TLS13]] {
        let expected = [
            (Some(right.issue(&[])), true),
            (Some(wrong.issue(&[])), false),
            (Some(pair(Key::P256, &["client"])), false),
            // Trusted as it is.
            (Some(right.pair.clone()), true),
            (Some(wrong.pair.clone()), false),
            (None, false),
        ];
        for (at, (certificate, gets_in)) in expected.into_iter().enumerate() {
            let client = Arc::new(client(certificate.as_ref(), &[], versions));
            let met = meet(&table, 0, &client, "a.example").await;
            let refused = met.server.as_ref().err().map(Refused::name);
            assert_eq!(refused, (!gets_in).then_some("client certificate"), "{at}, {versions:?}");
            assert_eq!(met.talk().await, gets_in, "{at}, {versions:?}");
        }
    }
}

#[tokio::test]
async fn several_authorities_of_one_name_are_all_tried() {
    let authorities: Vec<Authority> = (0..3).map(|_| Authority::new()).collect();
    let pem: Vec<u8> = authorities.iter().flat_map(Authority::pem).collect();
    let own = pair(Key::P256, &["a.example"]);
    let secrets = store(&[("infra/own", &own)], &[("ConfigMap/infra/ca", pem)]);
    let config = config(&[("HTTPS", None, validated(&["infra/own"], &["ConfigMap/infra/ca"], false))]);
    let table = TlsTable::build(&config, &secrets, None);
    assert_eq!(table.problems, []);
    for authority in &authorities {
        let client = Arc::new(client(Some(&authority.issue(&[])), &[], &VERSIONS));
        assert!(meet(&table, 0, &client, "a.example").await.talk().await);
    }
}

#[tokio::test]
async fn the_fallback_asks_and_lets_everybody_in() {
    let (right, wrong) = (Authority::new(), Authority::new());
    let own = pair(Key::P256, &["a.example"]);
    let secrets = store(&[("infra/own", &own)], &[("ConfigMap/infra/ca", right.pem())]);
    let config = config(&[("HTTPS", None, validated(&["infra/own"], &["ConfigMap/infra/ca"], true))]);
    let table = TlsTable::build(&config, &secrets, None);
    let validation = table.server(0, 0).unwrap().validation.clone().unwrap();
    for versions in [&[&TLS12][..], &[&TLS13]] {
        for (certificate, is_valid) in [(Some(right.issue(&[])), true), (Some(wrong.issue(&[])), false), (None, false)]
        {
            let client = Arc::new(client(certificate.as_ref(), &[], versions));
            let met = meet(&table, 0, &client, "a.example").await;
            let shown = met.shown();
            assert_eq!(shown.len(), usize::from(certificate.is_some()), "what the client has is asked for");
            assert_eq!(validation.check(shown).is_ok(), is_valid);
            assert!(met.talk().await);
        }
    }
}

/// Signs with another key than that of its certificate.
#[derive(Debug)]
struct Thief(Arc<rustls::sign::CertifiedKey>);

impl rustls::client::ResolvesClientCert for Thief {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<rustls::sign::CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_certificate_without_its_key_is_no_certificate() {
    let right = Authority::new();
    let own = pair(Key::P256, &["a.example"]);
    let secrets = store(&[("infra/own", &own)], &[("ConfigMap/infra/ca", right.pem())]);
    let stolen = der(&right.issue(&[]));
    let key = PrivateKeyDer::from_pem_slice(&pair(Key::P256, &[]).key).unwrap();
    let key = provider().key_provider.load_private_key(key).unwrap();
    let thief = Arc::new(Thief(Arc::new(rustls::sign::CertifiedKey::new(vec![stolen], key))));
    for insecure in [true, false] {
        let config = config(&[("HTTPS", None, validated(&["infra/own"], &["ConfigMap/infra/ca"], insecure))]);
        let table = TlsTable::build(&config, &secrets, None);
        for versions in [&[&TLS12][..], &[&TLS13]] {
            let mut config = client(None, &[], versions);
            config.client_auth_cert_resolver = Arc::<Thief>::clone(&thief);
            let met = meet(&table, 0, &Arc::new(config), "a.example").await;
            assert!(matches!(met.server, Err(Refused::Handshake(_))), "fallback: {insecure}, {versions:?}");
        }
    }
}

/// How a second connection of the same client begins.
async fn second(tables: [&TlsTable; 2], listeners: [usize; 2], certificate: Option<&KeyPair>) -> Option<HandshakeKind> {
    let mut config = client(certificate, &[], &VERSIONS);
    config.resumption = Resumption::in_memory_sessions(8);
    let config = Arc::new(config);
    assert!(meet(tables[0], listeners[0], &config, "a.example").await.talk().await);
    let met = meet(tables[1], listeners[1], &config, "a.example").await;
    let kind = met.client.as_ref().ok().and_then(|client| client.get_ref().1.handshake_kind());
    met.talk().await.then_some(kind).flatten()
}

#[tokio::test]
async fn sessions_are_resumed_only_where_clients_are_checked_the_same_way() {
    let (right, other) = (Authority::new(), Authority::new());
    let own = pair(Key::P256, &["a.example"]);
    let authorities = [("ConfigMap/infra/ca", right.pem()), ("ConfigMap/infra/other", other.pem())];
    let secrets = store(&[("infra/own", &own)], &authorities);
    let listeners = [
        ("HTTPS", None, terminate(&["infra/own"])),
        ("TLS", None, terminate(&["infra/own"])),
        ("HTTPS", None, validated(&["infra/own"], &["ConfigMap/infra/ca"], false)),
        ("HTTPS", None, validated(&["infra/own"], &["ConfigMap/infra/ca"], true)),
        ("HTTPS", None, validated(&["infra/own"], &["ConfigMap/infra/other"], false)),
    ];
    let config = config(&listeners);
    let table = TlsTable::build(&config, &secrets, None);
    let next = TlsTable::build(&config, &secrets, Some(&table));
    let certificate = right.issue(&[]);
    let resumed = Some(HandshakeKind::Resumed);
    let both = [&table, &table];
    assert_eq!(second(both, [0, 0], None).await, resumed);
    assert_eq!(second([&table, &next], [0, 0], None).await, resumed, "keys outlive a reload");
    assert_eq!(second(both, [0, 1], None).await, resumed);
    assert_eq!(second(both, [2, 2], Some(&certificate)).await, resumed);
    assert_eq!(second(both, [0, 2], None).await, None, "without a certificate nobody gets in");
    assert_eq!(second(both, [3, 2], None).await, None, "nor by the listener that only asks");
    assert_eq!(second(both, [2, 4], Some(&certificate)).await, None, "nor by another authority");
}

#[tokio::test]
async fn equal_content_is_taken_over_and_changed_content_is_not() {
    let (one, other) = (pair(Key::P256, &["a.example"]), pair(Key::P256, &["a.example"]));
    let config = config(&[("HTTPS", None, terminate(&["infra/one"])), ("HTTPS", None, terminate(&["infra/two"]))]);
    let first = store(&[("infra/one", &one), ("infra/two", &one)], &[]);
    let first = TlsTable::build(&config, &first, None);
    let second = store(&[("infra/one", &one), ("infra/two", &other)], &[]);
    let second = TlsTable::build(&config, &second, Some(&first));
    assert!(Arc::ptr_eq(first.server(0, 0).unwrap(), second.server(0, 0).unwrap()));
    assert!(!Arc::ptr_eq(first.server(0, 1).unwrap(), second.server(0, 1).unwrap()));
    let client = Arc::new(client(None, &[], &VERSIONS));
    assert_eq!(meet(&second, 1, &client, "a.example").await.certificate(), der(&other));
}

/// Everything that a connection gets to see of the server until it is closed.
async fn closing(bytes: &[u8], choose: impl FnOnce(Option<&str>) -> Choice) -> (Vec<u8>, &'static str) {
    let (mut near, far) = tokio::io::duplex(4096);
    let client = async {
        near.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        near.read_to_end(&mut answer).await.unwrap();
        answer
    };
    let handshakes = Semaphore::new(1);
    let (answer, accepted) = tokio::join!(client, accept(far, (LIMIT, &handshakes), choose));
    (answer, accepted.err().unwrap().name())
}

#[tokio::test(start_paused = true)]
async fn refusals_send_no_byte() {
    let asked = Mutex::new(None);
    let nobody = |sni: Option<&str>| {
        *asked.lock().unwrap() = Some(sni.map(str::to_owned));
        Choice::Nobody
    };
    let hello = crate::sni::tests::hello("Other.example");
    assert_eq!(closing(&hello, nobody).await, (Vec::new(), "no listener"));
    assert_eq!(*asked.lock().unwrap(), Some(Some("other.example".to_owned())));
    assert_eq!(closing(&hello, |_| Choice::Terminate(0, None)).await, (Vec::new(), "no certificate"));
    assert_eq!(closing(b"GET / HTTP/1.1\r\n\r\n", |_| Choice::Nobody).await, (Vec::new(), "not TLS"));
    assert_eq!(closing(&hello[..100], |_| Choice::Nobody).await, (Vec::new(), "timeout"));
}

#[tokio::test]
async fn what_passes_through_is_what_came() {
    let (mut near, far) = tokio::io::duplex(64);
    let hello = crate::sni::tests::hello("a.example");
    let sent = [&hello[..], b"and more"].concat();
    let client = async {
        near.write_all(&sent).await.unwrap();
        near.shutdown().await.unwrap();
    };
    let server = async {
        let accepted = accept(far, (LIMIT, &Semaphore::new(1)), |_| Choice::Passthrough(3)).await.ok().unwrap();
        assert_eq!((accepted.listener, accepted.sni.as_deref()), (3, Some("a.example")));
        let Stream::Passthrough(mut stream) = accepted.stream else { panic!("terminated") };
        let mut received = Vec::new();
        stream.read_to_end(&mut received).await.unwrap();
        received
    };
    let ((), received) = tokio::join!(client, server);
    assert_eq!(received, sent);
}

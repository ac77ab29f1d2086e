//! Tests of policies, by handshakes with a real server over a pipe.

use std::io;
use std::sync::Arc;

use gwc_core::ir::secret::KeyPair;
use gwc_core::ir::tls::AuthorityId;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use super::super::TlsTable;
use super::super::tests::{Authority, Key, pair};
use super::*;

/// A backend with this certificate; asks for one where clients have an authority.
fn server(pair: &KeyPair, clients: Option<&Authority>) -> Arc<ServerConfig> {
    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(&VERSIONS).unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(&authority.pem()).unwrap()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let chain = CertificateDer::pem_slice_iter(&pair.certificate).map(Result::unwrap).collect();
    let mut config = builder.with_single_cert(chain, PrivateKeyDer::from_pem_slice(&pair.key).unwrap()).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(config)
}

/// An IR with one backend; `gateways` are their client certificates.
fn config(protocol: &str, tls: &Value, gateways: &[Option<&str>]) -> Config {
    let gateway = |certificate: &Option<&str>| json!({"namespace": "infra", "name": "gateway", "class": "gwc", "clientCertificate": certificate});
    let gateways: Vec<Value> = gateways.iter().map(gateway).collect();
    let backend = json!({
        "key": {"kind": "Service", "namespace": "shop", "name": "store", "port": 443},
        "protocol": protocol,
        "tls": tls,
    });
    serde_json::from_value(json!({
        "version": "gwc.ir/v1",
        "sources": [],
        "gateways": gateways,
        "sockets": [],
        "rules": [],
        "backends": [backend],
    }))
    .unwrap()
}

fn policy(hostname: &str, names: &[Value], trust: &Value) -> Value {
    json!({"policy": "shop/policy", "hostname": hostname, "subjectAltNames": names, "trust": trust})
}

fn store(pairs: &[(&str, &KeyPair)], authorities: &[(&str, Vec<u8>)]) -> SecretStore {
    let mut store = SecretStore::default();
    pairs.iter().for_each(|(id, pair)| store.add_certificate(CertificateId((*id).into()), || (*pair).clone()));
    authorities.iter().for_each(|(id, pem)| store.add_authority(AuthorityId((*id).into()), || pem.clone()));
    store
}

/// What a backend sees of a connection.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    sni: Option<String>,
    alpn: Option<String>,
    certificate: Option<CertificateDer<'static>>,
}

async fn meet(client: &BackendClient, server: &Arc<ServerConfig>) -> io::Result<Seen> {
    let (near, far) = tokio::io::duplex(4096);
    let accepting = async {
        let mut stream = TlsAcceptor::from(Arc::clone(server)).accept(far).await?;
        stream.write_all(b"!").await?;
        stream.flush().await?;
        let connection = stream.get_ref().1;
        io::Result::Ok(Seen {
            sni: connection.server_name().map(str::to_owned),
            alpn: connection.alpn_protocol().map(|alpn| String::from_utf8(alpn.to_vec()).unwrap()),
            certificate: connection.peer_certificates().map(|all| all[0].clone().into_owned()),
        })
    };
    let connecting = async {
        let mut stream = client.connect(near).await?;
        // The handshake of TLS 1.3 ends for the client before the server has judged it.
        stream.read_u8().await
    };
    let (connected, accepted) = tokio::join!(connecting, accepting);
    connected?;
    accepted
}

/// TLS towards the one backend, for the first Gateway.
fn built(config: &Config, secrets: &SecretStore) -> Arc<BackendClient> {
    let table = TlsTable::build(config, secrets, None);
    assert_eq!(table.problems, []);
    Arc::clone(table.backend(0, 0).unwrap())
}

fn authorities(ids: &[&str]) -> Value {
    json!({"authorities": ids})
}

/// Does a backend with these names get the connection, where the policy has this hostname and these names?
async fn trusts(of_backend: &[&str], hostname: &str, names: &[Value]) -> bool {
    let authority = Authority::new();
    let secrets = store(&[], &[("ConfigMap/shop/ca", authority.pem())]);
    let policy = policy(hostname, names, &authorities(&["ConfigMap/shop/ca"]));
    let client = built(&config("HTTP/1.1", &policy, &[None]), &secrets);
    let seen = meet(&client, &server(&authority.issue(of_backend), None)).await;
    if let Ok(seen) = &seen {
        assert_eq!(seen.sni.as_deref(), Some(hostname));
    }
    seen.is_ok()
}

#[tokio::test]
async fn the_hostname_is_verified_unless_there_are_names() {
    let dns = |name: &str| json!({"hostname": name});
    let uri = |name: &str| json!({"uri": name});
    let identity = "spiffe://a.example/identity";
    for (of_backend, hostname, names, expected) in [
        (&["a.example"][..], "a.example", vec![], true),
        (&["A.example"], "a.example", vec![], true),
        (&["*.example"], "a.example", vec![], true),
        (&["*.example"], "b.a.example", vec![], false),
        (&["b.example"], "a.example", vec![], false),
        (&[], "a.example", vec![], false),
        (&[identity], "a.example", vec![], false),
        (&["b.example"], "a.example", vec![dns("b.example")], true),
        (&["a.example"], "a.example", vec![dns("b.example")], false),
        (&["*.example"], "a.example", vec![dns("b.example")], true),
        (&["b.example"], "a.example", vec![dns("*.example")], true),
        (&["c.b.example"], "a.example", vec![dns("*.example")], true),
        (&["*.example"], "a.example", vec![dns("*.example")], true),
        (&["example"], "a.example", vec![dns("*.example")], false),
        (&["b.other"], "a.example", vec![dns("*.example")], false),
        (&[identity], "a.example", vec![uri(identity)], true),
        (&["spiffe://a.example/Identity"], "a.example", vec![uri(identity)], false),
        (&["a.example"], "a.example", vec![uri(identity)], false),
        (&["b.example"], "a.example", vec![uri(identity), dns("b.example")], true),
        (&["c.example", identity], "a.example", vec![uri(identity), dns("b.example")], true),
        (&["c.example"], "a.example", vec![uri(identity), dns("b.example")], false),
    ] {
        assert_eq!(trusts(of_backend, hostname, &names).await, expected, "{of_backend:?} {hostname} {names:?}");
    }
}

#[tokio::test]
async fn only_the_authorities_of_the_policy_count() {
    let (right, other, wrong) = (Authority::new(), Authority::new(), Authority::new());
    let both = [right.pem(), other.pem()].concat();
    let own = pair(Key::P256, &["a.example"]);
    let secrets = store(
        &[],
        &[
            ("ConfigMap/shop/one", right.pem()),
            ("ConfigMap/shop/both", both),
            ("ConfigMap/shop/own", own.certificate.clone()),
        ],
    );
    for (ids, pair, expected) in [
        (&["ConfigMap/shop/one"][..], right.issue(&["a.example"]), true),
        (&["ConfigMap/shop/one"], wrong.issue(&["a.example"]), false),
        // All have one name, so that the signature must decide.
        (&["ConfigMap/shop/both"], right.issue(&["a.example"]), true),
        (&["ConfigMap/shop/both"], other.issue(&["a.example"]), true),
        (&["ConfigMap/shop/both"], wrong.issue(&["a.example"]), false),
        // A certificate that is its own authority.
        (&["ConfigMap/shop/own"], own.clone(), true),
        (&["ConfigMap/shop/own"], pair(Key::P256, &["a.example"]), false),
        (&["ConfigMap/shop/assumed"], right.issue(&["a.example"]), false),
    ] {
        let policy = policy("a.example", &[], &authorities(ids));
        let client = built(&config("HTTP/1.1", &policy, &[None]), &secrets);
        assert_eq!(meet(&client, &server(&pair, None)).await.is_ok(), expected, "{ids:?}");
    }
}

#[test]
fn policies_that_cannot_be_met_have_no_client() {
    let nobody = policy("", &[], &json!("nobody"));
    let table = TlsTable::build(&config("HTTP/1.1", &nobody, &[None]), &SecretStore::default(), None);
    assert!(table.backend(0, 0).is_none());
    assert_eq!(table.problems, [], "that is said where the policy is judged");
    let no_name = policy("not a name", &[], &authorities(&[]));
    let table = TlsTable::build(&config("HTTP/1.1", &no_name, &[None]), &SecretStore::default(), None);
    assert!(table.backend(0, 0).is_none());
    let expected = Problem { id: "shop/policy".to_owned(), text: "its `hostname` is no DNS name".to_owned() };
    assert_eq!(table.problems, [expected]);
}

#[tokio::test]
async fn the_protocol_of_the_backend_decides_what_is_offered() {
    let authority = Authority::new();
    let secrets = store(&[], &[("ConfigMap/shop/ca", authority.pem())]);
    let policy = policy("a.example", &[], &authorities(&["ConfigMap/shop/ca"]));
    let server = server(&authority.issue(&["a.example"]), None);
    for (protocol, alpn) in [("HTTP/1.1", Some("http/1.1")), ("HTTP/2", Some("h2")), ("TCP", None)] {
        let client = built(&config(protocol, &policy, &[None]), &secrets);
        assert_eq!(meet(&client, &server).await.unwrap().alpn.as_deref(), alpn, "{protocol}");
    }
}

#[tokio::test]
async fn each_gateway_shows_its_own_certificate() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let (one, other) = (clients.issue(&["one"]), clients.issue(&["other"]));
    let bad = KeyPair { certificate: one.certificate.clone(), key: Vec::new() };
    let secrets = store(
        &[("infra/one", &one), ("infra/other", &other), ("infra/bad", &bad)],
        &[("ConfigMap/shop/ca", authority.pem())],
    );
    let policy = policy("a.example", &[], &authorities(&["ConfigMap/shop/ca"]));
    let gateways = [Some("infra/one"), None, Some("infra/other"), Some("infra/one"), Some("infra/bad")];
    let config = config("HTTP/1.1", &policy, &gateways);
    let table = TlsTable::build(&config, &secrets, None);
    let expected = Problem { id: "infra/bad".to_owned(), text: "it holds no private key in PEM".to_owned() };
    assert_eq!(table.problems, [expected]);
    assert_eq!((table.n_identities(), table.identity(3)), (4, table.identity(0)));
    let of = |gateway| Arc::clone(table.backend(table.identity(gateway), 0).unwrap());
    let server = server(&authority.issue(&["a.example"]), Some(&clients));
    for (gateway, shown) in [(0, &one), (2, &other)] {
        let seen = meet(&of(gateway), &server).await.unwrap();
        assert_eq!(seen.certificate, Some(CertificateDer::from_pem_slice(&shown.certificate).unwrap()));
    }
    for gateway in [1, 4] {
        assert!(meet(&of(gateway), &server).await.is_err(), "the backend demands a certificate");
    }
    let digests = [of(0).digest, of(1).digest, of(2).digest, of(4).digest];
    assert!((1..4).all(|at| !digests[..at].contains(&digests[at])), "no shared connections: {digests:?}");
}

#[tokio::test]
async fn equal_content_is_taken_over_and_renewed_authorities_count_at_once() {
    let (old, new) = (Authority::new(), Authority::new());
    let policy = policy("a.example", &[], &authorities(&["ConfigMap/shop/ca"]));
    let config = config("HTTP/1.1", &policy, &[None]);
    let first = TlsTable::build(&config, &store(&[], &[("ConfigMap/shop/ca", old.pem())]), None);
    let again = TlsTable::build(&config, &store(&[], &[("ConfigMap/shop/ca", old.pem())]), Some(&first));
    assert!(Arc::ptr_eq(first.backend(0, 0).unwrap(), again.backend(0, 0).unwrap()));
    let renewed = TlsTable::build(&config, &store(&[], &[("ConfigMap/shop/ca", new.pem())]), Some(&again));
    let backend = server(&new.issue(&["a.example"]), None);
    assert!(meet(first.backend(0, 0).unwrap(), &backend).await.is_err());
    assert!(meet(renewed.backend(0, 0).unwrap(), &backend).await.is_ok());
    let emptied = TlsTable::build(&config, &store(&[], &[("ConfigMap/shop/ca", Vec::new())]), Some(&renewed));
    assert_eq!(emptied.problems.len(), 1, "{:?}", emptied.problems);
    assert!(meet(emptied.backend(0, 0).unwrap(), &backend).await.is_err());
}

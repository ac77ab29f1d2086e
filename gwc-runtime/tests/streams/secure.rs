//! HTTPS listeners, TLSRoute and BackendTLSPolicy (routing.md §1.3 to §1.6, §5.5, §6).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use gwc_runtime::Event;
use http_body::Body as _;
use hyper::Request;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::backends::{http, https, secure_speaker, speaker};
use crate::world::{Authority, Pair, World, authorities, manifests, provider, route, secret};

type Client = StreamOwned<ClientConnection, TcpStream>;

/// A client that trusts one authority, and shows a certificate if it has one.
fn trusting(authority: &str, certificate: Option<&Pair>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap();
    let builder = builder.with_root_certificates(roots);
    let Some(pair) = certificate else { return builder.with_no_client_auth() };
    let chain = vec![CertificateDer::from_pem_slice(pair.certificate.as_bytes()).unwrap()];
    builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).unwrap()).unwrap()
}

/// A connection with this server name; the handshake happens when it is used.
fn connect(address: SocketAddr, name: &str, config: &ClientConfig) -> Client {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config.clone()), name).unwrap(), stream)
}

/// Status and body of one request on a connection that stays open.
fn get(stream: &mut (impl Read + Write), host: &str, path: &str) -> std::io::Result<(u16, String)> {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())?;
    stream.flush()?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let mut length = 0;
    while !line.trim_end().is_empty() {
        line.clear();
        reader.read_line(&mut line)?;
        let field = line.to_ascii_lowercase();
        length = field.strip_prefix("content-length:").map_or(length, |value| value.trim().parse().unwrap());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((status, String::from_utf8(body).unwrap()))
}

/// What one request on a connection of its own gets; `None`: no answer.
fn fetch(address: SocketAddr, name: &str, config: &ClientConfig) -> Option<(u16, String)> {
    get(&mut connect(address, name, config), name, "/").ok()
}

/// All that a server sends to a client that sends a ClientHello with this name.
fn raw_answer(address: SocketAddr, name: &str) -> Vec<u8> {
    let authority = Authority::new();
    let mut client = connect(address, name, &trusting(&authority.pem, None));
    client.conn.write_tls(&mut client.sock).unwrap();
    let mut answer = Vec::new();
    // A reset says no more than an end does.
    let _ = client.sock.read_to_end(&mut answer);
    answer
}

fn backend(name: &str) -> String {
    format!("rules: [{{backendRefs: [{{name: {name}, port: 80}}]}}]")
}

fn listener(name: &str, protocol: &str, port: u16, hostname: &str, tls: &str) -> String {
    format!("{{name: {name}, port: {port}, protocol: {protocol}, hostname: '{hostname}', tls: {{{tls}}}}}")
}

/// Two HTTPS listeners on one port, each with its certificate and route.
fn two_sites(authority: &Authority) -> String {
    let listeners = [
        listener("one", "HTTPS", 443, "one.example", "certificateRefs: [{name: one}]"),
        listener("wild", "HTTPS", 443, "*.example", "certificateRefs: [{name: wild}]"),
    ];
    let more = [
        secret("one", &authority.issue(&["one.example"])),
        secret("wild", &authority.issue(&["*.b.example", "*.example.com", "x.example"])),
        route("HTTPRoute", "one", "one", &backend("one")),
        route("HTTPRoute", "wild", "wild", &backend("wild")),
    ];
    manifests(&listeners.join(", "), "", &["one", "wild"], &more)
}

#[test]
fn the_server_name_chooses_listener_and_certificate() {
    let authority = Authority::new();
    let world = World::start(&two_sites(&authority), &[("one", http("one")), ("wild", http("wild"))]);
    let client = trusting(&authority.pem, None);
    let at = world.at(443);
    assert_eq!(fetch(at, "one.example", &client), Some((200, "one /".to_owned())));
    assert_eq!(fetch(at, "a.b.example", &client), Some((200, "wild /".to_owned())));
    assert_eq!(raw_answer(at, "other.org"), b"", "closed without an alert");
    assert_eq!(raw_answer(at, "example"), b"", "a wildcard does not take its own suffix");
    assert_eq!(raw_answer(at, "127.0.0.1"), b"", "no name, and no listener without a hostname");
    // routing.md §1.4, on one connection.
    let mut stream = connect(at, "one.example", &client);
    assert_eq!(get(&mut stream, "one.example", "/a").unwrap(), (200, "one /a".to_owned()));
    assert_eq!(get(&mut stream, "a.b.example", "/").unwrap().0, 421);
    assert_eq!(get(&mut stream, "other.org", "/").unwrap().0, 404);
    assert_eq!(get(&mut stream, "one.example", "/b").unwrap(), (200, "one /b".to_owned()));
    // Clear text is no ClientHello.
    let mut clear = TcpStream::connect(at).unwrap();
    assert!(get(&mut clear, "one.example", "/").is_err());
    let failed = world.runtime().stats().handshakes_failed;
    assert_eq!(failed.get("no listener"), Some(&3), "{failed:?}");
    assert_eq!(failed.get("not TLS"), Some(&1), "{failed:?}");
}

/// Status and body of requests over HTTP/2, on one connection.
fn over_http2(address: SocketAddr, name: &str, config: &ClientConfig, hosts: &[&str]) -> Vec<(u16, String)> {
    let mut config = config.clone();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let executor = hyper_util::rt::TokioExecutor::new();
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(executor, TokioIo::new(stream)).await.unwrap();
        tokio::task::spawn_local(connection);
        let mut answers = Vec::new();
        for host in hosts {
            let request = Request::get(format!("https://{host}/path")).body(String::new()).unwrap();
            let response = sender.send_request(request).await.unwrap();
            let status = response.status().as_u16();
            let mut body = Box::pin(response.into_body());
            let mut text = Vec::new();
            while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
                text.extend_from_slice(&frame.unwrap().into_data().unwrap_or_default());
            }
            answers.push((status, String::from_utf8(text).unwrap()));
        }
        answers
    })
}

#[test]
fn http_2_is_negotiated_and_misdirected_requests_are_told() {
    let authority = Authority::new();
    let world = World::start(&two_sites(&authority), &[("one", http("one")), ("wild", http("wild"))]);
    let client = trusting(&authority.pem, None);
    let hosts = ["one.example", "a.b.example", "other.org", "one.example"];
    let answers = over_http2(world.at(443), "one.example", &client, &hosts);
    let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [200, 421, 404, 200]);
    assert_eq!(answers[0].1, "one /path");
}

#[test]
fn new_handshakes_get_the_new_certificate_and_old_connections_go_on() {
    let (old, new) = (Authority::new(), Authority::new());
    let of = |authority: &Authority| {
        let own = listener("one", "HTTPS", 443, "one.example", "certificateRefs: [{name: one}]");
        let more =
            [secret("one", &authority.issue(&["one.example"])), route("HTTPRoute", "one", "one", &backend("one"))];
        manifests(&own, "", &["one"], &more)
    };
    let endpoints = [("one", http("one"))];
    let mut world = World::start(&of(&old), &endpoints);
    let mut running = connect(world.at(443), "one.example", &trusting(&old.pem, None));
    assert_eq!(get(&mut running, "one.example", "/").unwrap().0, 200);
    world.reload(&of(&new), &endpoints);
    assert_eq!(get(&mut running, "one.example", "/").unwrap().0, 200);
    assert_eq!(fetch(world.at(443), "one.example", &trusting(&new.pem, None)), Some((200, "one /".to_owned())));
    assert_eq!(fetch(world.at(443), "one.example", &trusting(&old.pem, None)), None);
}

/// Listeners that ask for client certificates: by default of one authority, on 8443 of another.
fn validated(authority: &Authority, default: &str, per_port: &str, mode: &str) -> String {
    let listeners = [
        listener("one", "HTTPS", 443, "one.example", "certificateRefs: [{name: one}]"),
        listener("two", "HTTPS", 8443, "one.example", "certificateRefs: [{name: one}]"),
    ];
    let validation = |name: &str| {
        format!("{{validation: {{mode: {mode}, caCertificateRefs: [{{group: '', kind: ConfigMap, name: {name}}}]}}}}")
    };
    let tls = format!(
        "  tls: {{frontend: {{default: {}, perPort: [{{port: 8443, tls: {}}}]}}}}\n",
        validation("default"),
        validation("per-port")
    );
    let more = [
        secret("one", &authority.issue(&["one.example"])),
        authorities("default", default),
        authorities("per-port", per_port),
        route("HTTPRoute", "one", "one", &backend("one")),
        route("HTTPRoute", "two", "two", &backend("one")),
    ];
    manifests(&listeners.join(", "), &tls, &["one"], &more)
}

#[test]
fn clients_are_checked_by_the_authority_of_their_port() {
    let (authority, one, other) = (Authority::new(), Authority::new(), Authority::new());
    let (of_one, of_other) = (one.issue(&[]), other.issue(&[]));
    for (mode, is_strict) in [("AllowValidOnly", true), ("AllowInsecureFallback", false)] {
        let world = World::start(&validated(&authority, &one.pem, &other.pem, mode), &[("one", http("one"))]);
        for (port, certificate, is_right) in [
            (443, Some(&of_one), true),
            (443, Some(&of_other), false),
            (443, None, false),
            (8443, Some(&of_other), true),
            (8443, Some(&of_one), false),
            (8443, None, false),
        ] {
            let client = trusting(&authority.pem, certificate);
            let status = fetch(world.at(port), "one.example", &client).map(|(status, _)| status);
            let expected = (is_right || !is_strict).then_some(200);
            assert_eq!(status, expected, "{mode}, {port}, {}", certificate.is_some());
        }
    }
}

#[test]
fn connections_from_before_a_stricter_rule_are_asked_to_come_again() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let endpoints = [("one", http("one"))];
    let own = listener("one", "HTTPS", 443, "one.example", "certificateRefs: [{name: one}]");
    let open = [secret("one", &authority.issue(&["one.example"])), route("HTTPRoute", "one", "one", &backend("one"))];
    let mut world = World::start(&manifests(&own, "", &["one"], &open), &endpoints);
    let mut old = connect(world.at(443), "one.example", &trusting(&authority.pem, None));
    assert_eq!(get(&mut old, "one.example", "/").unwrap().0, 200);
    world.reload(&validated(&authority, &clients.pem, &clients.pem, "AllowValidOnly"), &endpoints);
    assert_eq!(get(&mut old, "one.example", "/").unwrap().0, 200);
    assert!(get(&mut old, "one.example", "/").is_err(), "closed after the answer");
    assert_eq!(fetch(world.at(443), "one.example", &trusting(&authority.pem, None)), None);
}

/// The first line that a server sends, and what it answers to a line.
fn talk(stream: impl Read + Write) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    reader.get_mut().write_all(b"hello\n").ok()?;
    let (mut greeting, mut answer) = (String::new(), String::new());
    reader.read_line(&mut greeting).ok()?;
    reader.read_line(&mut answer).ok()?;
    Some((greeting.trim_end().to_owned(), answer.trim_end().to_owned()))
}

#[test]
fn tls_routes_pass_through_or_end_by_server_name() {
    let authority = Authority::new();
    let listeners = [
        listener("pass", "TLS", 8883, "*.example", "mode: Passthrough"),
        listener("end", "TLS", 8883, "end.example", "mode: Terminate, certificateRefs: [{name: end}]"),
    ];
    let more = [
        secret("end", &authority.issue(&["end.example"])),
        route("TLSRoute", "pass", "pass", &format!("hostnames: [a.b.example, c.example], {}", backend("secure"))),
        route("TLSRoute", "gone", "pass", &format!("hostnames: [gone.example], {}", backend("nowhere"))),
        route("TLSRoute", "closed", "pass", &format!("hostnames: [closed.example], {}", backend("closed"))),
        route("TLSRoute", "end", "end", &format!("hostnames: [end.example], {}", backend("plain"))),
    ];
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let of_backend = authority.issue(&["a.b.example", "c.example"]);
    let world = World::start(
        &manifests(&listeners.join(", "), "", &["secure", "plain", "closed"], &more),
        &[("secure", secure_speaker(&of_backend)), ("plain", speaker("plain")), ("closed", closed)],
    );
    let client = trusting(&authority.pem, None);
    let said = |name: &str| talk(connect(world.at(8883), name, &client));
    let answer = |greeting: &str| Some((greeting.to_owned(), "hello".to_owned()));
    assert_eq!(said("a.b.example"), answer("a.b.example"));
    assert_eq!(said("c.example"), answer("c.example"));
    assert_eq!(said("end.example"), answer("plain"));
    for name in ["other.example", "gone.example", "closed.example", "other.org", "127.0.0.1"] {
        assert_eq!(raw_answer(world.at(8883), name), b"", "{name}: closed without an alert");
    }
}

#[test]
fn a_slow_client_hello_is_closed() {
    let own = listener("pass", "TLS", 443, "*.example", "mode: Passthrough");
    let limits = gwc_runtime::Limits { handshake: Duration::from_millis(300), ..gwc_runtime::Limits::default() };
    let more = [route("TLSRoute", "pass", "pass", &format!("hostnames: [a.example], {}", backend("one")))];
    let world = World::with(limits, &manifests(&own, "", &["one"], &more), &[("one", speaker("one"))]);
    let mut stream = TcpStream::connect(world.at(443)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(&[22, 3, 1, 2, 0, 1]).unwrap();
    assert_eq!(stream.read(&mut [0; 16]).unwrap(), 0);
    assert_eq!(world.runtime().stats().handshakes_failed.get("timeout"), Some(&1));
}

/// Routes of both kinds to a backend with a policy; the Gateway shows a certificate.
fn with_policy(hostname: &str, authority: &str, certificate: &Pair) -> String {
    let listeners = [
        "{name: http, port: 80, protocol: HTTP}".to_owned(),
        listener("end", "TLS", 443, "end.example", "mode: Terminate, certificateRefs: [{name: client}]"),
    ];
    let policy = format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: {{name: policy, namespace: infra}}\n\
         spec:\n  targetRefs: [{{group: '', kind: Service, name: secure}}]\n  validation:\n    hostname: {hostname}\n\
         \x20   caCertificateRefs: [{{group: '', kind: ConfigMap, name: ca}}]\n"
    );
    let more = [
        secret("client", certificate),
        authorities("ca", authority),
        policy,
        route("HTTPRoute", "http", "http", &backend("secure")),
        route("TLSRoute", "end", "end", &format!("hostnames: [end.example], {}", backend("secure"))),
    ];
    let tls = "  tls: {backend: {clientCertificateRef: {name: client}}}\n";
    manifests(&listeners.join(", "), tls, &["secure"], &more)
}

#[test]
fn backends_with_a_policy_are_spoken_to_by_tls_or_not_at_all() {
    let (authority, other) = (Authority::new(), Authority::new());
    let own = authority.issue(&["end.example"]);
    let of_backend = authority.issue(&["inside.example"]);
    let endpoints = [("secure", https(&of_backend, Some(&authority.pem)))];
    let mut world = World::start(&with_policy("inside.example", &authority.pem, &own), &endpoints);
    let ask = |world: &World| get(&mut TcpStream::connect(world.at(80)).unwrap(), "any.example", "/").unwrap();
    // The name of the policy is the SNI, whatever the Host.
    assert_eq!(ask(&world), (200, "inside.example+client /".to_owned()));
    // A TLSRoute that ends TLS encrypts again.
    let client = trusting(&authority.pem, None);
    let through = get(&mut connect(world.at(443), "end.example", &client), "any.example", "/x").unwrap();
    assert_eq!(through, (200, "inside.example+client /x".to_owned()));
    // Pooled connections of the old policy do not serve the new one.
    world.reload(&with_policy("other.example", &authority.pem, &own), &endpoints);
    assert_eq!(ask(&world).0, 502);
    world.reload(&with_policy("inside.example", &other.pem, &own), &endpoints);
    assert_eq!(ask(&world).0, 502);
    assert!(get(&mut connect(world.at(443), "end.example", &client), "any.example", "/").is_err());
    // An authority that cannot be read: the policy is invalid and nothing is sent, even where clear text would do.
    world.reload(&with_policy("inside.example", "nothing", &own), &[("secure", http("clear"))]);
    assert_eq!(ask(&world).0, 502);
    assert!(get(&mut connect(world.at(443), "end.example", &client), "any.example", "/").is_err());
    world.reload(&with_policy("inside.example", &authority.pem, &own), &endpoints);
    assert_eq!(ask(&world).0, 200);
    assert_eq!(world.events(), Vec::<Event>::new());
}

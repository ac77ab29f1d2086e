//! Backends, each in threads of its own until the test process ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::world::{Pair, provider};

/// Serves every connection in a thread.
fn serve(each: impl Fn(TcpStream) + Send + Sync + Clone + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let each = each.clone();
            thread::spawn(move || each(stream));
        }
    });
    address
}

/// Greets with its name, sends back what comes, and says `bye` when the client has ended its side.
pub(crate) fn speaker(name: &'static str) -> SocketAddr {
    serve(move |mut stream| {
        let _ = stream.write_all(format!("{name}\n").as_bytes());
        let mut buffer = [0; 4096];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(n_bytes) => drop(stream.write_all(&buffer[..n_bytes])),
                Err(_) => return,
            }
        }
        let _ = stream.write_all(b"bye");
        let _ = stream.shutdown(Shutdown::Write);
        // Until the client has read it all.
        let _ = stream.read(&mut buffer);
    })
}

/// Answers every connection by a reset, after its first byte has come.
pub(crate) fn breaker() -> SocketAddr {
    serve(|mut stream| {
        let _ = stream.write_all(b"half of it");
        let _ = stream.read(&mut [0; 1]);
        let _ = socket2::SockRef::from(&stream).set_linger(Some(std::time::Duration::ZERO));
    })
}

/// HTTP/1.1 in clear text; the body says `name path`.
pub(crate) fn http(name: &'static str) -> SocketAddr {
    serve(move |stream| drop(answer(stream, name)))
}

/// HTTP/1.1 over TLS; the body says `sni path`, and `+client` if the client showed a certificate.
pub(crate) fn https(pair: &Pair, clients: Option<&str>) -> SocketAddr {
    let config = Arc::new(server_config(pair, clients));
    serve(move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
        // The name is known after the handshake.
        while stream.conn.is_handshaking() {
            if stream.conn.complete_io(&mut stream.sock).is_err() {
                return;
            }
        }
        let shown = if stream.conn.peer_certificates().is_some() { "+client" } else { "" };
        let name = format!("{}{shown}", stream.conn.server_name().unwrap_or("none"));
        let _ = answer(stream, &name);
    })
}

/// Over TLS: greets with the server name, then sends back what comes.
pub(crate) fn secure_speaker(pair: &Pair) -> SocketAddr {
    let config = Arc::new(server_config(pair, None));
    serve(move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
        while stream.conn.is_handshaking() {
            if stream.conn.complete_io(&mut stream.sock).is_err() {
                return;
            }
        }
        let name = stream.conn.server_name().unwrap_or("none").to_owned();
        let _ = stream.write_all(format!("{name}\n").as_bytes());
        let mut buffer = [0; 4096];
        while let Ok(n_bytes @ 1..) = stream.read(&mut buffer) {
            let _ = stream.write_all(&buffer[..n_bytes]);
        }
    })
}

fn answer(stream: impl Read + Write, name: &str) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some(path) = line.split(' ').nth(1).map(str::to_owned) else { return Ok(()) };
        while !line.trim_end().is_empty() {
            line.clear();
            reader.read_line(&mut line)?;
        }
        let body = format!("{name} {path}");
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        reader.get_mut().write_all(format!("{head}{body}").as_bytes())?;
        reader.get_mut().flush()?;
    }
}

fn server_config(pair: &Pair, clients: Option<&str>) -> ServerConfig {
    let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let chain = vec![CertificateDer::from_pem_slice(pair.certificate.as_bytes()).unwrap()];
    builder.with_single_cert(chain, PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).unwrap()).unwrap()
}

/// Answers each datagram by `name port-of-its-sender datagram`.
pub(crate) fn datagrams(name: &'static str) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || {
        let mut buffer = vec![0; 65_535];
        while let Ok((n_bytes, from)) = socket.recv_from(&mut buffer) {
            let mut answer = format!("{name} {} ", from.port()).into_bytes();
            answer.extend_from_slice(&buffer[..n_bytes]);
            let _ = socket.send_to(&answer[..answer.len().min(65_507)], from);
        }
    });
    address
}

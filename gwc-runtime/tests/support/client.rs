//! Clients: HTTP/1 on a plain or TLS stream as bytes, HTTP/2 by hyper.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::wire::{Body, Head, Wire};

#[path = "client/http2.rs"]
pub(crate) mod http2;
#[path = "client/trust.rs"]
mod trust;

/// Longest wait for anything: only a failing test waits so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A stream of either kind.
pub(crate) trait Stream: Read + Write + Send {}
impl<S: Read + Write + Send> Stream for S {}

/// An answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Response {
    /// Heads of interim answers.
    pub(crate) interim: Vec<Head>,
    pub(crate) version: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Body,
    /// Why the body is not whole.
    pub(crate) cut: Option<String>,
}

/// What a handshake settled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Handshake {
    /// The certificate of the server, DER.
    pub(crate) certificate: Vec<u8>,
    pub(crate) alpn: Option<String>,
}

pub(crate) fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A handshake with this SNI; `None`: none is sent.
pub(crate) fn tls(stream: TcpStream, sni: Option<&str>, alpn: &[&str]) -> io::Result<(Box<dyn Stream>, Handshake)> {
    let config = config(sni, alpn);
    let mut connection = ClientConnection::new(Arc::new(config), server_name(sni)).map_err(io::Error::other)?;
    let mut stream = stream;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    let handshake = handshake(&connection);
    Ok((Box::new(StreamOwned::new(connection, stream)), handshake))
}

fn config(sni: Option<&str>, alpn: &[&str]) -> ClientConfig {
    let mut config = trust::anyone();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    config.enable_sni = sni.is_some();
    config
}

fn server_name(sni: Option<&str>) -> ServerName<'static> {
    ServerName::try_from(sni.unwrap_or("nobody.invalid").to_owned()).expect("a name")
}

fn handshake(connection: &ClientConnection) -> Handshake {
    let certificate = connection.peer_certificates().and_then(|all| all.first()).map(|one| one.to_vec());
    let alpn = connection.alpn_protocol().map(super::wire::text);
    Handshake { certificate: certificate.unwrap_or_default(), alpn }
}

/// Reads one answer to a request with this method.
pub(crate) fn response<S: Read + Write>(wire: &mut Wire<S>, method: &str) -> io::Result<Response> {
    let mut interim = Vec::new();
    loop {
        let head = next_head(wire)?;
        if head.status() >= 200 || head.status() == 101 {
            return Ok(Response { interim, ..answer(wire, head, method) });
        }
        interim.push(head);
    }
}

/// Reads the next head.
pub(crate) fn next_head<S: Read + Write>(wire: &mut Wire<S>) -> io::Result<Head> {
    wire.head()?.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "closed without an answer"))
}

/// Reads the body of an answer.
pub(crate) fn answer<S: Read + Write>(wire: &mut Wire<S>, head: Head, method: &str) -> Response {
    let (body, cut) = match wire.response_body(&head, method) {
        Ok(body) => (body, None),
        Err(error) => (Body::default(), Some(error.to_string())),
    };
    let version = head.start.split(' ').next().unwrap_or_default().to_owned();
    Response { interim: Vec::new(), version, status: head.status(), headers: head.lines, body, cut }
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

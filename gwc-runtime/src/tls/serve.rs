//! Connections of a socket whose listeners want TLS, from the ClientHello to whoever serves what is inside.

use std::rc::Rc;

use ::http::Version;
use gwc_core::ir::Protocol;
use rustls::ServerConnection;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::Server;
use super::accept::{Accepted, Choice, Stream, accept};
use crate::connection::Prefixed;
use crate::http::{self, Connection};
use crate::snapshot::{self, Snapshot};
use crate::tcp;

/// Serves a connection.
pub(crate) async fn serve(mut cx: Connection, stream: TcpStream) {
    let worker = Rc::clone(&cx.worker);
    // What the ClientHello finds is what the connection keeps, whatever is reloaded meanwhile.
    let (view, socket) = cx.listening.place(&worker);
    let limit = worker.options.limits.handshake;
    let choose = |sni: Option<&str>| choice(&view.snapshot, socket, sni);
    let accepting = accept(stream, (limit, &worker.handshakes), choose);
    let accepted = cx.flow.until_kicked(accepting).await;
    let Accepted { listener, sni, stream } = match accepted {
        None => return,
        Some(Err(refused)) => return worker.counters.borrow_mut().handshake_failed(refused.name()),
        Some(Ok(accepted)) => accepted,
    };
    cx.sni = sni;
    let stream = match stream {
        Stream::Passthrough(stream) => return tcp::relay(&cx, view, (socket, listener), stream).await,
        Stream::Terminated(stream) => *stream,
    };
    let server = view.snapshot.tls.server(socket, listener);
    let protocol = view.snapshot.listener(socket, listener).map(|(own, _, _)| own.protocol);
    if protocol != Some(Protocol::Https) {
        return tcp::relay(&cx, view, (socket, listener), stream).await;
    }
    let connection = stream.get_ref().1;
    cx.tls_version = Some(version(connection));
    cx.client_certificate = server.and_then(|server| verdict(server, connection));
    cx.clients = server.map(|server| server.clients);
    let http = if connection.alpn_protocol() == Some(b"h2") { Version::HTTP_2 } else { Version::HTTP_11 };
    drop(view);
    http::serve_known(Rc::new(cx), stream, http).await;
}

/// The listener that takes a server name.
fn choice(snapshot: &Snapshot, socket: usize, sni: Option<&str>) -> Choice {
    let sni = sni.map(|name| snapshot.meant(name));
    let found = snapshot.sockets.get(socket).and_then(|state| state.program.listener(sni));
    let Some((at, (own, _, _))) = found.and_then(|at| Some((at, snapshot.listener(socket, at)?))) else {
        return Choice::Nobody;
    };
    if snapshot::passes_through(own) {
        return Choice::Passthrough(at);
    }
    Choice::Terminate(at, snapshot.tls.server(socket, at).cloned())
}

fn version(connection: &ServerConnection) -> &'static str {
    match connection.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_2) => "1.2",
        Some(_) | None => "1.3",
    }
}

/// What became of the certificate of the client (routing.md §1.6); `None`: none is asked for.
fn verdict(server: &Server, connection: &ServerConnection) -> Option<&'static str> {
    let shown = connection.peer_certificates().unwrap_or_default();
    match &server.validation {
        None => server.asks_clients.then_some("valid"),
        Some(_) if shown.is_empty() => Some("none"),
        Some(validation) => Some(if validation.check(shown).is_ok() { "valid" } else { "invalid" }),
    }
}

impl tcp::Socket for Prefixed<TcpStream> {
    fn reset(&self) {
        self.get_ref().reset();
    }
}

impl tcp::Socket for TlsStream<Prefixed<TcpStream>> {
    fn reset(&self) {
        self.get_ref().0.reset();
    }
}

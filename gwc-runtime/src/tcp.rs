//! Connections of which only the bytes matter: TCPRoute and TLSRoute (routing.md §6).
//!
//! The backend is dialled at once: some servers speak first. Whoever cannot be served is reset, and so is whoever loses
//! the other side before its end, so that nobody takes for whole what is not.

use std::rc::Rc;
use std::time::Instant;

use gwc_core::ir::{Protocol, Target};
use gwc_core::matcher::RequestHead;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::error::ProxyError;
use crate::http::Connection;
use crate::tunnel::tunnel;
use crate::upstream::{BackendState, Dialed};
use crate::worker::{View, Worker};

/// What kind of stream a client has, as far as ending it goes.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Unpin {
    /// Closing it resets it from now on.
    fn reset(&self);
}

impl Socket for TcpStream {
    fn reset(&self) {
        // One that is gone already needs no reset.
        let _ = self.set_zero_linger();
    }
}

/// Serves a connection of a TCP listener.
pub(crate) async fn serve(cx: Connection, stream: TcpStream) {
    let (view, socket) = cx.listening.place(&cx.worker);
    let Some(listener) = view.snapshot.listener_of(socket, Protocol::Tcp) else { return stream.reset() };
    relay(&cx, view, (socket, listener), stream).await;
}

/// Serves a connection that a listener for bytes took; `at` is the position of socket and listener.
pub(crate) async fn relay(cx: &Connection, view: Rc<View>, at: (usize, usize), mut client: impl Socket) {
    let guard = cx.flow.begin();
    if let Some((_, state, _)) = view.snapshot.listener(at.0, at.1) {
        cx.count(&state.label);
    }
    let dialing = async {
        let name = cx.sni.as_deref().map(|name| view.snapshot.meant(name));
        let backend = backend(&cx.worker, &view, at, name)?;
        let begun = Instant::now();
        let dialed = cx.worker.upstreams.dial(backend).await;
        cx.worker.count_backend(backend, dialed.as_ref().ok().map(|_| begun.elapsed()));
        dialed
    };
    let dialed = cx.flow.until_kicked(dialing).await;
    // A long connection must not keep a snapshot.
    drop(view);
    let ended = match dialed {
        Some(Ok(mut backend)) => {
            let tunnel = async {
                match &mut backend {
                    Dialed::Clear(stream) => tunnel(&mut client, stream).await,
                    Dialed::Tls(stream) => tunnel(&mut client, stream).await,
                }
            };
            let ended = cx.flow.until_kicked(tunnel).await;
            let is_whole = matches!(ended, Some(Ok(_)));
            if !is_whole {
                backend.socket().reset();
            }
            is_whole
        }
        Some(Err(_)) | None => false,
    };
    if !ended {
        client.reset();
    }
    drop(guard);
}

/// The backend that gets the next connection or flow (routing.md §5.1).
pub(crate) fn backend<'v>(
    worker: &Worker,
    view: &'v View,
    (socket, listener): (usize, usize),
    name: Option<&str>,
) -> Result<&'v BackendState, ProxyError> {
    let no_headers: Vec<(&str, &str)> = Vec::new();
    let head = RequestHead { host: name, path: "/", query: None, method: "", headers: &no_headers };
    let (own, _, program) = view.snapshot.listener(socket, listener).ok_or(ProxyError::NoListener)?;
    let entry = program.find(&head).and_then(|at| own.entries.get(at)).ok_or(ProxyError::NoRule)?;
    let (rule, state) = view.snapshot.rule(entry).ok_or(ProxyError::NoRule)?;
    view.snapshot.check_served(entry.rule as usize, &worker.options)?;
    let position = state.pick.turn().ok_or(ProxyError::InvalidBackend)?;
    match rule.backends.get(position).map(|backend| &backend.target) {
        Some(Target::Backend(at)) => {
            let found = view.backend(worker, socket, *at as usize);
            found.map(|(_, state)| state).ok_or(ProxyError::InvalidBackend)
        }
        Some(Target::Invalid(_)) | None => Err(ProxyError::InvalidBackend),
    }
}

//! Accept loops: one for each worker and bound address. What arrives is given to the protocol of its socket.

use std::cell::{Cell, OnceCell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use ::http::HeaderValue;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Notify;

use crate::connection::Flow;
use crate::http::{self, Connection};
use crate::options::Event;
use crate::snapshot::Class;
use crate::worker::{Message, View, Worker};
use crate::{tcp, tls, udp};

/// How long accepting pauses when no descriptors are left.
const PAUSE: Duration = Duration::from_millis(100);

/// A socket of a new address.
#[derive(Debug)]
pub(crate) enum Opened {
    Tcp(std::net::TcpListener),
    Udp(std::net::UdpSocket),
}

/// An address that is bound, as one worker sees it.
#[derive(Debug)]
pub(crate) struct Listening {
    /// Its number; stays while it is bound.
    pub(crate) id: u64,
    /// Position of its socket in the snapshot.
    socket: Cell<usize>,
    /// The last snapshot that had it, once it is removed: connections that are left end on it.
    retired: RefCell<Option<Rc<View>>>,
    closed: Notify,
}

impl Listening {
    pub(crate) fn new(id: u64, socket: usize) -> Self {
        Self { id, socket: Cell::new(socket), retired: RefCell::new(None), closed: Notify::new() }
    }

    /// The snapshot that counts here, and the position of the socket in it.
    pub(crate) fn place(&self, worker: &Worker) -> (Rc<View>, usize) {
        let retired = self.retired.borrow().as_ref().map(Rc::clone);
        (retired.unwrap_or_else(|| worker.view()), self.socket.get())
    }

    /// A snapshot was taken over.
    pub(crate) fn set_socket(&self, socket: usize) {
        self.socket.set(socket);
    }

    /// The next snapshot has it no more.
    pub(crate) fn retire(&self, last: Rc<View>) {
        self.retired.replace(Some(last));
        self.close();
    }

    /// Waits until it is closed.
    pub(crate) async fn closed(&self) {
        self.closed.notified().await;
    }

    /// Stops accepting. Connections in the queue are still taken: they were made while the listener was there.
    pub(crate) fn close(&self) {
        self.closed.notify_one();
    }
}

/// Serves an address until it is closed.
///
/// # Errors
/// The event loop does not take the socket.
pub(crate) fn serve_address(worker: &Rc<Worker>, listening: &Rc<Listening>, opened: Opened) -> std::io::Result<()> {
    let (worker, listening) = (Rc::clone(worker), Rc::clone(listening));
    match opened {
        Opened::Tcp(listener) => {
            let listener = TcpListener::from_std(listener)?;
            worker.n_accepting.set(worker.n_accepting.get() + 1);
            tokio::task::spawn_local(accept(worker, listening, listener));
        }
        Opened::Udp(socket) => {
            tokio::task::spawn_local(udp::serve(worker, listening, UdpSocket::from_std(socket)?));
        }
    }
    Ok(())
}

/// Accepts until the listener is closed, then what is waiting.
async fn accept(worker: Rc<Worker>, listening: Rc<Listening>, listener: TcpListener) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = listening.closed() => break,
        };
        match accepted {
            Ok((stream, peer)) => place(&worker, &listening, stream, peer),
            Err(error) if is_about_descriptors(&error) => {
                (worker.options.events)(Event::NoDescriptors);
                tokio::time::sleep(PAUSE).await;
            }
            // The client went away before it was accepted.
            Err(_) => {}
        }
    }
    while let Some(Ok((stream, peer))) = waiting(&listener).await {
        start(&worker, &listening, stream, peer);
    }
    worker.drain_connections(Some(listening.id));
    worker.n_accepting.set(worker.n_accepting.get().saturating_sub(1));
    worker.tell_if_drained();
}

/// A connection that can be accepted without waiting.
async fn waiting(listener: &TcpListener) -> Option<std::io::Result<(TcpStream, SocketAddr)>> {
    tokio::select! {
        biased;
        accepted = listener.accept() => Some(accepted),
        () = tokio::task::yield_now() => None,
    }
}

fn is_about_descriptors(error: &std::io::Error) -> bool {
    // EMFILE and ENFILE have no kind of their own.
    matches!(error.raw_os_error(), Some(23 | 24))
}

/// Serves a fresh connection here, or hands it to a worker that has less to do; it never moves again.
fn place(worker: &Rc<Worker>, listening: &Rc<Listening>, stream: TcpStream, peer: SocketAddr) {
    let Some(relief) = worker.relief() else { return start(worker, listening, stream, peer) };
    if let Ok(stream) = stream.into_std() {
        let _ = relief.messages.send(Message::Take(stream, listening.id, peer));
    }
}

/// Serves a connection.
pub(crate) fn start(worker: &Rc<Worker>, listening: &Rc<Listening>, stream: TcpStream, peer: SocketAddr) {
    let limit = worker.options.limits.connections;
    if worker.n_connections() >= limit || stream.set_nodelay(true).is_err() {
        return;
    }
    let Ok(local) = stream.local_addr() else { return };
    let flow = Rc::new(Flow::new(worker.clock.clone()));
    let guard = worker.register(listening.id, &flow);
    let (worker, listening) = (Rc::clone(worker), Rc::clone(listening));
    let task = tokio::task::spawn_local(async move {
        let _guard = guard;
        serve(worker, listening, flow, stream, (peer, local)).await;
    });
    drop(task);
}

async fn serve(
    worker: Rc<Worker>,
    listening: Rc<Listening>,
    flow: Rc<Flow>,
    stream: TcpStream,
    (peer, local): (SocketAddr, SocketAddr),
) {
    let (view, socket) = listening.place(&worker);
    let Some(class) = view.snapshot.sockets.get(socket).map(|socket| socket.class) else { return };
    drop(view);
    let forwarded_for = HeaderValue::try_from(peer.ip().to_string()).unwrap_or(HeaderValue::from_static("unknown"));
    let is_trusted = worker.trusts(peer.ip());
    let cx = Connection {
        worker,
        listening,
        flow,
        peer,
        local,
        forwarded_for,
        is_trusted,
        tls_version: None,
        sni: None,
        client_certificate: None,
        clients: None,
        counted: OnceCell::new(),
    };
    match class {
        Class::Http => http::serve_clear(Rc::new(cx), stream).await,
        Class::Tls => tls::serve::serve(cx, stream).await,
        Class::Tcp => tcp::serve(cx, stream).await,
        // Datagrams make no connections.
        Class::Udp => drop(stream),
    }
}

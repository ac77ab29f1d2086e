//! Echo backends: they answer with what they saw, for `gwc serve --echo` and for tests.
//!
//! One thread, one address of 127.0.0.1 per port of a Service. HTTP/1.1, HTTP/2 in clear text, gRPC, WebSocket, TCP
//! and UDP; the controls that a request may carry are listed at [`EchoService`].

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use gwc_core::ir::BackendProtocol;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;

mod body;
mod control;
mod grpc;
mod raw;
mod record;
mod request;
mod seen;
mod tap;
mod websocket;

pub use record::Recorded;

use record::Recorder;

/// Addresses; further services share one.
const ADDRESSES: usize = 4096;

/// A port of a Service that an echo backend stands for.
///
/// Requests of HTTP steer the answer by their query, or by a field `x-echo-control` in the same form:
/// `delay=1s` before the answer, `status=503`, `size=N` (a body of N bytes), `chunks=N&interval=10ms` (a body in N
/// parts), `trailers=1`, `close=1` (the connection is closed without an answer). A field `x-echo-set-header:
/// name:value`, any number of times, adds fields to the answer. gRPC gets its messages back; a field
/// `x-echo-grpc-status` chooses the status.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EchoService {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub service: String,
    /// Port of the Service.
    pub port: u16,
    /// What is spoken; HTTP/1.1 and HTTP/2 are told apart by their first bytes.
    pub protocol: BackendProtocol,
}

/// What is spoken at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Speech {
    Http,
    Tcp,
    Udp,
}

impl Speech {
    fn of(protocol: BackendProtocol) -> Self {
        match protocol {
            BackendProtocol::Http1 | BackendProtocol::Http2 => Self::Http,
            BackendProtocol::Tcp => Self::Tcp,
            BackendProtocol::Udp => Self::Udp,
        }
    }
}

/// A socket for the thread to serve.
enum Opened {
    Stream(std::net::TcpListener),
    Datagram(std::net::UdpSocket),
}

struct Command {
    opened: Opened,
    service: EchoService,
}

/// Running echo backends. They end when this is dropped.
#[derive(Debug)]
pub struct Echo {
    recorder: Recorder,
    places: Mutex<Places>,
    running: Mutex<Running>,
    most: usize,
}

/// Addresses that were given out.
#[derive(Debug, Default)]
struct Places {
    own: HashMap<(String, String, u16, Speech), SocketAddr>,
    shared: HashMap<Speech, SocketAddr>,
}

#[derive(Debug)]
struct Running {
    /// `None`: it was told to end.
    commands: Option<UnboundedSender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl Echo {
    /// Starts the thread.
    ///
    /// # Errors
    /// The thread or its runtime cannot be made.
    pub fn start() -> io::Result<Self> {
        Self::with_addresses(ADDRESSES)
    }

    fn with_addresses(most: usize) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (commands, waiting) = unbounded_channel();
        let recorder = Recorder::default();
        let of_thread = recorder.clone();
        let thread = std::thread::Builder::new()
            .name("echo".to_owned())
            .spawn(move || LocalSet::new().block_on(&runtime, serve(waiting, of_thread)))?;
        let running = Mutex::new(Running { commands: Some(commands), thread: Some(thread) });
        Ok(Self { recorder, places: Mutex::default(), running, most })
    }

    /// The address of a service, which answers from now on: always the same one for the same service.
    ///
    /// # Errors
    /// No socket can be opened.
    pub fn add(&self, service: EchoService) -> io::Result<SocketAddr> {
        let speech = Speech::of(service.protocol);
        let key = (service.namespace.clone(), service.service.clone(), service.port, speech);
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = places.own.get(&key) {
            return Ok(*known);
        }
        if places.own.len() < self.most {
            let address = self.open(speech, service)?;
            places.own.insert(key, address);
            return Ok(address);
        }
        if let Some(shared) = places.shared.get(&speech) {
            return Ok(*shared);
        }
        let all = || "*".to_owned();
        let anyone = EchoService { namespace: all(), service: all(), port: 0, protocol: service.protocol };
        let address = self.open(speech, anyone)?;
        places.shared.insert(speech, address);
        Ok(address)
    }

    /// Records what backends see from now on, on connections that are made from now on; one receiver at a time.
    pub fn recording(&self) -> Receiver<Recorded> {
        self.recorder.begin()
    }

    /// Ends the thread; open connections are closed.
    pub fn shutdown(&self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.commands = None;
        if let Some(thread) = running.thread.take() {
            // A panic there was reported by its hook.
            let _ = thread.join();
        }
    }

    fn open(&self, speech: Speech, service: EchoService) -> io::Result<SocketAddr> {
        let any = (Ipv4Addr::LOCALHOST, 0);
        let (opened, address) = match speech {
            Speech::Http | Speech::Tcp => {
                let listener = std::net::TcpListener::bind(any)?;
                listener.set_nonblocking(true)?;
                let address = listener.local_addr()?;
                (Opened::Stream(listener), address)
            }
            Speech::Udp => {
                let socket = std::net::UdpSocket::bind(any)?;
                socket.set_nonblocking(true)?;
                let address = socket.local_addr()?;
                (Opened::Datagram(socket), address)
            }
        };
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = running.commands.as_ref().is_some_and(|to| to.send(Command { opened, service }).is_ok());
        if sent { Ok(address) } else { Err(io::Error::other("the echo backends have ended")) }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.shutdown();
    }
}

/// Serves sockets until the commands end.
async fn serve(mut commands: UnboundedReceiver<Command>, recorder: Recorder) {
    let connections = std::rc::Rc::default();
    while let Some(Command { opened, service }) = commands.recv().await {
        let site = raw::Site { service, recorder: recorder.clone(), connections: std::rc::Rc::clone(&connections) };
        match opened {
            Opened::Stream(listener) => {
                if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                    tokio::task::spawn_local(raw::accept(listener, site));
                }
            }
            Opened::Datagram(socket) => {
                if let Ok(socket) = tokio::net::UdpSocket::from_std(socket) {
                    tokio::task::spawn_local(raw::datagrams(socket, site));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

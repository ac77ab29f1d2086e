//! A backend that records what it is sent, and answers as it was told: HTTP/1 on plain threads, byte by byte; HTTP/2 in
//! `backend/http2.rs`. What it saw is there before its answer is, so nobody has to wait for it.

use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Deserialize;

use super::wire::{self, Body, Head, Wire};

#[path = "backend/http2.rs"]
mod http2;

/// How to answer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the keys of a file")]
pub(crate) struct Script {
    /// Status; 0: 200.
    pub(crate) status: u16,
    /// Header lines besides those of every answer.
    pub(crate) headers: Vec<String>,
    /// Body; otherwise the backend's name.
    pub(crate) body: Option<String>,
    /// Body of so many bytes.
    pub(crate) size: Option<usize>,
    /// In chunks.
    pub(crate) chunked: bool,
    /// Trailers, which need chunks.
    pub(crate) trailers: Vec<String>,
    /// Heads of interim answers before it, such as `103 Early Hints`, with header lines after `|`.
    pub(crate) interim: Vec<String>,
    /// No answer at all; the connection stays open.
    pub(crate) hang: bool,
    /// The connection ends without an answer.
    pub(crate) close: bool,
    /// These bytes instead of an answer; then the connection ends.
    pub(crate) raw: Option<String>,
    /// These bytes instead of an answer; the connection stays open.
    pub(crate) raw_open: Option<String>,
    /// 101, then every byte comes back.
    pub(crate) echo: bool,
    /// The first request of a connection is answered; with the second the connection ends without an answer.
    pub(crate) once: bool,
    /// HTTP/2: the stream is reset after the head.
    pub(crate) reset: bool,
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) backend: String,
    /// Number of the connection, over all backends.
    pub(crate) connection: u64,
    pub(crate) head: Head,
    pub(crate) body: Body,
    /// What it answered with.
    pub(crate) answer: Vec<(String, String)>,
    /// It could not be read.
    pub(crate) problem: Option<String>,
}

#[derive(Debug)]
pub(super) struct Shared {
    script: Mutex<BTreeMap<String, Script>>,
    connections: AtomicU64,
    seen: Mutex<Sender<Seen>>,
}

/// All backends of a test.
#[derive(Debug)]
pub(crate) struct Backends {
    shared: Arc<Shared>,
    seen: Receiver<Seen>,
    http2: http2::Server,
}

/// Splits `Name: value`.
pub(crate) fn line(text: &str) -> (String, String) {
    let (name, value) = text.split_once(':').unwrap_or_else(|| panic!("{text:?} is no header line"));
    (name.to_owned(), value.trim().to_owned())
}

impl Script {
    pub(crate) fn bytes(&self, backend: &str) -> Vec<u8> {
        match (&self.body, self.size) {
            (Some(body), _) => wire::bytes(body),
            (None, Some(size)) => (0..size).map(|at| b'a' + u8::try_from(at % 26).expect("small")).collect(),
            (None, None) => format!("{backend}\n").into_bytes(),
        }
    }

    fn lines(&self, backend: &str) -> Vec<(String, String)> {
        let mut lines: Vec<_> = self.headers.iter().map(|text| line(text)).collect();
        lines.push(("X-Backend".to_owned(), backend.to_owned()));
        lines
    }

    pub(crate) fn code(&self) -> u16 {
        if self.status == 0 { 200 } else { self.status }
    }
}

impl Shared {
    fn script(&self, backend: &str) -> Script {
        let scripts = self.script.lock().expect("no panic");
        scripts.get(backend).or_else(|| scripts.get("*")).cloned().unwrap_or_default()
    }

    fn saw(&self, seen: Seen) {
        // The test may be over.
        let _ = self.seen.lock().expect("no panic").send(seen);
    }

    fn connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }
}

impl Backends {
    pub(crate) fn start() -> Self {
        let (sender, seen) = channel();
        let shared =
            Arc::new(Shared { script: Mutex::default(), connections: AtomicU64::new(0), seen: Mutex::new(sender) });
        Self { http2: http2::Server::start(Arc::clone(&shared)), shared, seen }
    }

    /// Answers from now on; `backend` is `*` for all without their own.
    pub(crate) fn answer(&self, backend: &str, script: Script) {
        self.shared.script.lock().expect("no panic").insert(backend.to_owned(), script);
    }

    /// Forgets all answers.
    pub(crate) fn answer_as_usual(&self) {
        self.shared.script.lock().expect("no panic").clear();
    }

    /// What was seen so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.try_iter().collect()
    }

    /// Waits for the next request.
    pub(crate) fn next(&self) -> Seen {
        self.seen.recv_timeout(Duration::from_secs(10)).expect("a request at the backend")
    }

    /// A backend that speaks HTTP/2.
    pub(crate) fn http2(&self, backend: &str) -> SocketAddr {
        self.http2.listen(backend)
    }

    /// A backend that speaks HTTP/1.
    pub(crate) fn http1(&self, backend: &str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (shared, backend) = (Arc::clone(&self.shared), backend.to_owned());
        std::thread::spawn(move || {
            listener.incoming().flatten().for_each(|stream| accepted(&shared, &backend, stream))
        });
        address
    }
}

/// An address that refuses connections as long as the socket lives: it is bound and nobody listens.
pub(crate) fn refusing() -> (socket2::Socket, SocketAddr) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    socket.bind(&any.into()).expect("a port");
    let address = socket.local_addr().expect("an address").as_socket().expect("an IP address");
    (socket, address)
}

fn accepted(shared: &Arc<Shared>, backend: &str, stream: TcpStream) {
    let (shared, backend) = (Arc::clone(shared), backend.to_owned());
    // What breaks is recorded; the connection ends either way.
    std::thread::spawn(move || connection(&shared, &backend, shared.connection(), stream));
}

fn connection(shared: &Shared, backend: &str, number: u64, stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut wire = Wire::new(stream);
    for position in 0.. {
        let head = match wire.head() {
            Ok(Some(head)) => head,
            Ok(None) => return Ok(()),
            Err(error) => {
                shared.saw(Seen::broken(backend, number, Head::default(), &error));
                return Err(error);
            }
        };
        let script = shared.script(backend);
        if script.once && position > 0 {
            return Ok(());
        }
        interim(&script, &head, &mut wire)?;
        let body = match wire.request_body(&head) {
            Ok(body) => body,
            Err(error) => {
                shared.saw(Seen::broken(backend, number, head, &error));
                return Err(error);
            }
        };
        let mut seen = Seen {
            backend: backend.to_owned(),
            connection: number,
            answer: script.lines(backend),
            problem: None,
            head,
            body,
        };
        if !is_plain(&script) {
            seen.answer.clear();
        }
        let method = seen.head.start.split(' ').next().unwrap_or_default().to_owned();
        shared.saw(seen);
        if !answer(&script, backend, &method, &mut wire)? {
            return Ok(());
        }
    }
    Ok(())
}

fn is_plain(script: &Script) -> bool {
    !(script.hang || script.close || script.raw.is_some() || script.raw_open.is_some() || script.echo)
}

/// What is sent before the body is read: 100 if it is asked for, and what the script says.
fn interim(script: &Script, head: &Head, wire: &mut Wire<TcpStream>) -> io::Result<()> {
    if head.first("expect").is_some() {
        wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    for one in &script.interim {
        let mut parts = one.split('|');
        let mut text = format!("HTTP/1.1 {}\r\n", parts.next().unwrap_or_default().trim());
        parts.for_each(|line| text.push_str(&format!("{}\r\n", line.trim())));
        wire.send(format!("{text}\r\n").as_bytes())?;
    }
    Ok(())
}

/// Answers; false: the connection is over.
fn answer(script: &Script, backend: &str, method: &str, wire: &mut Wire<TcpStream>) -> io::Result<bool> {
    if script.close {
        return Ok(false);
    }
    if script.hang {
        // Until the other side gives up.
        wire.rest()?;
        return Ok(false);
    }
    if let Some(raw) = &script.raw {
        wire.send(&wire::bytes(raw))?;
        wire.stream.shutdown(Shutdown::Write)?;
        wire.rest()?;
        return Ok(false);
    }
    if let Some(raw) = &script.raw_open {
        wire.send(&wire::bytes(raw))?;
        return Ok(true);
    }
    let mut head = format!("HTTP/1.1 {} Whatever\r\n", if script.echo { 101 } else { script.code() });
    for (name, value) in script.lines(backend) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if script.echo {
        head.push_str("Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: of no matter here\r\n\r\n");
        wire.send(&wire::bytes(&head))?;
        echo(wire)?;
        return Ok(false);
    }
    let body = script.bytes(backend);
    let trailers: Vec<_> = script.trailers.iter().map(|text| line(text)).collect();
    let has_body = method != "HEAD" && !matches!(script.code(), 204 | 304);
    let mut out = Vec::new();
    if script.chunked || !trailers.is_empty() {
        head.push_str("Transfer-Encoding: chunked\r\n\r\n");
        out.extend(wire::bytes(&head));
        out.extend(if has_body { wire::in_chunks(&body, &trailers) } else { Vec::new() });
    } else {
        if script.code() != 204 {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        out.extend(wire::bytes(&format!("{head}\r\n")));
        out.extend(if has_body { body } else { Vec::new() });
    }
    wire.send(&out)?;
    let says_close = script.headers.iter().any(|line| line.eq_ignore_ascii_case("connection: close"));
    Ok(!says_close)
}

fn echo(wire: &mut Wire<TcpStream>) -> io::Result<()> {
    while let Ok(byte) = wire.exactly(1) {
        wire.send(&byte)?;
    }
    Ok(())
}

impl Seen {
    fn broken(backend: &str, connection: u64, head: Head, error: &io::Error) -> Self {
        Self {
            backend: backend.to_owned(),
            connection,
            head,
            body: Body::default(),
            answer: Vec::new(),
            problem: Some(error.to_string()),
        }
    }
}

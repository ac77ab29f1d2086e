//! A connection from its first byte to the end of the handshake: which listener takes it, and what goes on.
//!
//! Whoever finds no listener is closed without an alert (routing.md §6): some clients take an alert for an answer.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::Server;
use crate::connection::Prefixed;
use crate::sni::{self, Hello, Reader};

/// Most bytes of one read: most hellos fit.
const READ: usize = 2048;

/// Who takes a connection, by its server name.
pub(crate) enum Choice {
    /// TLS goes through this listener as it is.
    Passthrough(usize),
    /// TLS ends at this listener; without a usable certificate its connections are closed.
    Terminate(usize, Option<Arc<Server>>),
    /// No listener.
    Nobody,
}

/// A connection that a listener took.
pub(crate) struct Accepted<S> {
    /// Position of the listener in its socket.
    pub(crate) listener: usize,
    /// The server name, in lower case.
    pub(crate) sni: Option<String>,
    pub(crate) stream: Stream<S>,
}

/// What is left to read.
pub(crate) enum Stream<S> {
    /// All that came, the ClientHello included.
    Passthrough(Prefixed<S>),
    /// The bytes within TLS.
    Terminated(Box<TlsStream<Prefixed<S>>>),
}

/// Why a connection came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("no ClientHello within {} bytes", sni::LIMIT)]
    NotTls,
    #[error("handshake timed out")]
    TooSlow,
    #[error("no listener for this server name")]
    NoListener,
    #[error("the listener has no usable certificate")]
    NoCertificate,
    #[error("handshake failed: {0}")]
    Handshake(#[source] io::Error),
    #[error("connection closed: {0}")]
    Closed(#[source] io::Error),
}

impl Refused {
    /// Its name in metrics.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::NotTls => "not TLS",
            Self::TooSlow => "timeout",
            Self::NoListener => "no listener",
            Self::NoCertificate => "no certificate",
            Self::Handshake(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(rustls::Error::NoCertificatesPresented | rustls::Error::InvalidCertificate(_)) => {
                    "client certificate"
                }
                Some(rustls::Error::AlertReceived(_)) => "refused by the client",
                Some(_) => "handshake",
                None => "closed",
            },
            Self::Closed(_) => "closed",
        }
    }
}

/// Reads the ClientHello, asks who takes it, and ends TLS where the listener does.
///
/// # Errors
/// Nobody takes it, or it fails or takes longer than `limit`, the wait for one of `handshakes` included.
pub(crate) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    (limit, handshakes): (Duration, &Semaphore),
    choose: impl FnOnce(Option<&str>) -> Choice,
) -> Result<Accepted<S>, Refused> {
    let accepting = async {
        let (sni, stream) = hello(stream).await?;
        match choose(sni.as_deref()) {
            Choice::Nobody => Err(Refused::NoListener),
            Choice::Terminate(_, None) => Err(Refused::NoCertificate),
            Choice::Passthrough(listener) => Ok(Accepted { listener, sni, stream: Stream::Passthrough(stream) }),
            Choice::Terminate(listener, Some(server)) => {
                // Taken only now: whoever sends no ClientHello keeps nobody from the handshake.
                let _permit = handshakes.acquire().await;
                let acceptor = TlsAcceptor::from(Arc::clone(&server.config));
                let stream = acceptor.accept(stream).await.map_err(Refused::Handshake)?;
                Ok(Accepted { listener, sni, stream: Stream::Terminated(Box::new(stream)) })
            }
        }
    };
    tokio::time::timeout(limit, accepting).await.unwrap_or(Err(Refused::TooSlow))
}

async fn hello<S: AsyncRead + Unpin>(mut stream: S) -> Result<(Option<String>, Prefixed<S>), Refused> {
    let mut reader = Reader::default();
    loop {
        reader.raw.reserve(READ);
        let n_bytes = stream.read_buf(&mut reader.raw).await.map_err(Refused::Closed)?;
        if n_bytes == 0 {
            return Err(Refused::Closed(io::ErrorKind::UnexpectedEof.into()));
        }
        match reader.look() {
            Hello::Incomplete => {}
            Hello::Name(sni) => return Ok((sni, Prefixed::new(reader.raw, stream))),
            Hello::Refused => return Err(Refused::NotTls),
        }
    }
}

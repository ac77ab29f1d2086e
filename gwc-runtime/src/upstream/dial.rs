//! Connections that no pool keeps: for TCP, for TLS that passes through or is encrypted again (runtime-design.md §3.10).
//! Also TLS on top of connections of pools.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::{BackendState, MOST_ENDPOINTS, Pool, Upstreams};
use crate::error::ProxyError;
use crate::tls::Digest;
use crate::tls::backend::BackendClient;

/// TLS of a backend.
#[derive(Debug, Clone)]
pub(crate) enum Security {
    /// None: clear text.
    None,
    /// By its policy.
    Client(std::sync::Arc<BackendClient>),
    /// Its policy cannot be met: nothing is sent (routing.md §5.5).
    Unmeetable,
}

/// What tells connections of different TLS apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Tls {
    None,
    Client(Digest),
    Unmeetable,
}

impl Security {
    pub(super) fn key(&self) -> Tls {
        match self {
            Self::None => Tls::None,
            Self::Client(client) => Tls::Client(client.digest),
            Self::Unmeetable => Tls::Unmeetable,
        }
    }
}

/// A connection to a backend.
#[derive(Debug)]
pub(crate) enum Dialed {
    Clear(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Dialed {
    /// The socket.
    pub(crate) fn socket(&self) -> &TcpStream {
        match self {
            Self::Clear(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
        }
    }
}

impl Upstreams {
    /// The endpoint in turn, for datagrams.
    pub(crate) fn endpoint(&self, backend: &BackendState) -> Option<Rc<Pool>> {
        (!backend.pools.is_empty()).then(|| backend.endpoint(self.clock.now()))
    }

    /// Connects to an endpoint of a backend; an endpoint that cannot be reached makes way for the next.
    ///
    /// # Errors
    /// No endpoint, no connection, or not the backend that the policy wants.
    pub(crate) async fn dial(&self, backend: &BackendState) -> Result<Dialed, ProxyError> {
        backend.check()?;
        for _ in 0..backend.pools.len().min(MOST_ENDPOINTS) {
            let pool = backend.endpoint(self.clock.now());
            let Ok(stream) = pool.connect(self.limits.connect).await else {
                pool.mark();
                continue;
            };
            pool.marked.set(None);
            return match pool.client() {
                None => Ok(Dialed::Clear(stream)),
                Some(client) => {
                    let secured = secured(client, stream, self.limits.connect).await;
                    secured.map(|stream| Dialed::Tls(Box::new(stream))).map_err(|_| ProxyError::BadResponse)
                }
            };
        }
        Err(ProxyError::Connection)
    }
}

impl BackendState {
    /// Can it take anything at all?
    ///
    /// # Errors
    /// It has no endpoint, or nothing may be sent to it.
    pub(crate) fn check(&self) -> Result<(), ProxyError> {
        match self.pools.first() {
            None => Err(ProxyError::NoEndpoints),
            Some(pool) if matches!(pool.security, Security::Unmeetable) => Err(ProxyError::BadResponse),
            Some(_) => Ok(()),
        }
    }

    /// Does it speak TLS?
    pub(crate) fn is_secure(&self) -> bool {
        self.pools.first().is_some_and(|pool| !matches!(pool.security, Security::None))
    }
}

impl Pool {
    /// Its address; `None`: it has a name.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Name and port.
    pub(crate) fn host(&self) -> (String, u16) {
        (self.key.address.as_str().to_owned(), self.key.port)
    }

    pub(super) fn client(&self) -> Option<&BackendClient> {
        match &self.security {
            Security::Client(client) => Some(client),
            Security::None | Security::Unmeetable => None,
        }
    }
}

/// Makes TLS of a connection, in time.
pub(super) async fn secured(
    client: &BackendClient,
    stream: TcpStream,
    limit: Duration,
) -> io::Result<TlsStream<TcpStream>> {
    tokio::time::timeout(limit, client.connect(stream)).await.map_err(|_| io::ErrorKind::TimedOut)?
}

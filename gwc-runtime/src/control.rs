//! The handle of a running proxy: start, take over a configuration, drain, end. Snapshots are built on one thread of
//! low priority, never on a worker.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use gwc_core::ir::Config;
use gwc_core::ir::secret::SecretStore;

use crate::options::Options;
use crate::snapshot::Snapshot;
use crate::telemetry::Stats;

/// A configuration to serve.
#[derive(Debug, Clone)]
pub struct Load {
    /// The IR.
    pub config: Arc<Config>,
    /// Material behind its ids.
    pub secrets: Arc<SecretStore>,
    /// Where each socket is bound, by position in [`Config::sockets`]; empty, or missing at the end: nowhere. Port 0
    /// takes any free port. An address that two sockets ask for belongs to the first.
    pub addresses: Vec<Vec<SocketAddr>>,
}

/// What came of a [`Load`], once every worker serves it.
#[derive(Debug, Clone)]
pub struct Applied {
    /// Number of the snapshot, from 1.
    pub generation: u64,
    /// Every address that was asked for, in order of sockets.
    pub bound: Vec<Bound>,
}

/// One address of a socket.
#[derive(Debug, Clone)]
pub struct Bound {
    /// Position in [`Config::sockets`].
    pub socket: usize,
    /// What was asked for.
    pub asked: SocketAddr,
    /// The address with its real port, or why it is not bound.
    pub result: Result<SocketAddr, Arc<io::Error>>,
}

/// The proxy does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A worker thread cannot be made.
    #[error("cannot start a worker: {0}")]
    Worker(#[source] io::Error),
}

/// A running proxy. Clones are handles of the same one; it ends with [`Runtime::shutdown`].
#[derive(Debug, Clone)]
pub struct Runtime {}

impl Runtime {
    /// Starts workers that serve nothing yet.
    ///
    /// # Errors
    /// A thread cannot be made.
    pub fn start(options: Options) -> Result<Self, StartError>;

    /// Builds a snapshot and lets every worker take it over; returns when all serve it. Sockets that stay are not
    /// touched, removed ones drain, new ones are bound; one that cannot be bound does not hold up the rest.
    pub fn swap(&self, load: Load) -> Applied;

    /// What is served; `None` before the first [`Runtime::swap`].
    pub fn snapshot(&self) -> Option<Arc<Snapshot>>;

    /// Counters of all workers, added up.
    pub fn stats(&self) -> Stats;

    /// Stops accepting and lets connections end: HTTP/1 after the request in progress, HTTP/2 by GOAWAY. Returns when
    /// all have ended or [`crate::Limits::drain`] has passed; then they are closed.
    pub fn drain(&self);

    /// Ends all threads; open connections are closed.
    pub fn shutdown(&self);
}

//! Connections to backends: which endpoint, a pooled connection or a new one, and what a failure means.
//!
//! Pools belong to one worker and are keyed by endpoint and protocol, so they outlive snapshots (runtime-design.md
//! §3.7).

use std::cell::{Cell, OnceCell, RefCell};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use gwc_core::ir::{self, BackendProtocol, Str};
use http::{Method, Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::TokioIo;
use rustc_hash::FxHashMap;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::body::{Body, Upload};
use crate::connection::{Clock, ticks};
use crate::error::ProxyError;
use crate::http::LocalExecutor;
use crate::options::Limits;

mod dial;

use dial::Tls;
pub(crate) use dial::{Dialed, Security};

/// Idle connections that one worker keeps, to whatever endpoints. A bound per endpoint below what clients keep busy
/// would have connections opened and closed all the time, which more than doubles the cost of a request.
const IDLE_PER_WORKER: usize = 1024;
/// Endpoints that are tried for one request.
const MOST_ENDPOINTS: usize = 3;
/// Bytes of the head of an answer over HTTP/2.
const LARGEST_HEAD: u32 = 64 * 1024;
/// First time for which a failed endpoint is avoided; it doubles up to 30 s.
const FIRST_MARK: Duration = Duration::from_secs(1);
const LONGEST_MARK: Duration = Duration::from_secs(30);

/// What tells connections apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct PoolKey {
    address: Str,
    port: u16,
    protocol: BackendProtocol,
    /// What its TLS is made of; nobody shares a connection with clear text, least of all what must not be sent.
    tls: Tls,
}

/// All pools of a worker.
#[derive(Debug)]
pub(crate) struct Upstreams {
    pools: RefCell<FxHashMap<PoolKey, Rc<Pool>>>,
    idle: Rc<Cell<usize>>,
    clock: Clock,
    limits: Limits,
}

/// Connections to one endpoint.
#[derive(Debug)]
pub(crate) struct Pool {
    key: PoolKey,
    /// `None`: a name, looked up for each connection.
    address: Option<SocketAddr>,
    security: Security,
    http1: RefCell<Vec<Idle>>,
    /// One connection serves many; the lock keeps others from opening their own while it is made.
    http2: tokio::sync::Mutex<Option<http2::SendRequest<Body>>>,
    /// Tick until which it is avoided, and for how long it will be next time.
    marked: Cell<Option<(u32, Duration)>>,
    /// Tick at which the sweep found that no view has it.
    unused_since: Cell<Option<u32>>,
    idle: Rc<Cell<usize>>,
    clock: Clock,
}

/// A connection that waits for a request.
#[derive(Debug)]
struct Idle {
    sender: http1::SendRequest<Body>,
    since: u32,
}

/// A connection in use; it goes back when its answer ended cleanly (S25).
#[derive(Debug)]
pub(crate) struct Lease {
    pool: Weak<Pool>,
    sender: http1::SendRequest<Body>,
    /// How far the body of the request got; `None`: it has none.
    upload: Option<Rc<Cell<Upload>>>,
}

/// A backend as one worker sees it, for one snapshot.
#[derive(Debug)]
pub(crate) struct BackendState {
    pools: Box<[Rc<Pool>]>,
    next: Cell<usize>,
    /// `namespace/service/port`, in metrics.
    pub(crate) label: Str,
    /// Where its counters are; see `telemetry.rs`.
    pub(crate) counters: OnceCell<usize>,
}

/// The head of an answer, on its way back.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) response: Response<Incoming>,
    /// `None`: HTTP/2, whose connection is shared.
    pub(crate) lease: Option<Lease>,
    pub(crate) pool: Rc<Pool>,
    pub(crate) attempts: u32,
    /// How long it took to connect, TLS included; `None`: the connection was there.
    pub(crate) connecting: Option<Duration>,
}

/// What one attempt gave.
struct Attempt {
    response: Response<Incoming>,
    lease: Option<Lease>,
    connecting: Option<Duration>,
}

impl Upstreams {
    pub(crate) fn new(clock: Clock, limits: Limits) -> Self {
        Self { pools: RefCell::default(), idle: Rc::default(), clock, limits }
    }

    /// The state of a backend; `random` says at which endpoint it begins.
    pub(crate) fn backend(&self, backend: &ir::Backend, security: &Security, random: usize) -> BackendState {
        let ready = backend.endpoints.iter().flatten().filter(|endpoint| endpoint.ready);
        let pools: Box<[_]> = ready.map(|endpoint| self.pool(endpoint, backend.protocol, security)).collect();
        let next = Cell::new(random % pools.len().max(1));
        let key = &backend.key;
        let port = key.port.unwrap_or_default();
        let label = Str::from(format!("{}/{}/{port}", key.namespace, key.name));
        BackendState { pools, next, label, counters: OnceCell::new() }
    }

    fn pool(&self, endpoint: &ir::Endpoint, protocol: BackendProtocol, security: &Security) -> Rc<Pool> {
        let key = PoolKey { address: endpoint.address.clone(), port: endpoint.port, protocol, tls: security.key() };
        let mut pools = self.pools.borrow_mut();
        let new = || {
            let address = endpoint.address.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, endpoint.port));
            Rc::new(Pool {
                key: key.clone(),
                address,
                security: security.clone(),
                http1: RefCell::default(),
                http2: tokio::sync::Mutex::new(None),
                marked: Cell::new(None),
                unused_since: Cell::new(None),
                idle: Rc::clone(&self.idle),
                clock: self.clock.clone(),
            })
        };
        Rc::clone(pools.entry(key.clone()).or_insert_with(new))
    }

    /// Idle connections of all pools.
    pub(crate) fn n_idle(&self) -> usize {
        self.idle.get()
    }

    /// Closes what idles for too long; forgets endpoints that no snapshot names any more.
    pub(crate) fn sweep(&self) {
        let limit = ticks(self.limits.upstream_idle);
        let now = self.clock.now();
        self.pools.borrow_mut().retain(|_, pool| {
            let mut idle = pool.http1.borrow_mut();
            let before = idle.len();
            idle.retain(|one| !one.sender.is_closed() && now.wrapping_sub(one.since) < limit);
            self.idle.set(self.idle.get().saturating_sub(before - idle.len()));
            // Only this table refers to it. A new view asks for its pools with their first request, so they may wait.
            if Rc::strong_count(pool) > 1 {
                pool.unused_since.set(None);
                return true;
            }
            let since = pool.unused_since.get().unwrap_or(now);
            pool.unused_since.set(Some(since));
            let is_kept = now.wrapping_sub(since) < limit;
            if !is_kept {
                self.idle.set(self.idle.get().saturating_sub(idle.len()));
                idle.clear();
            }
            is_kept
        });
    }

    /// Sends a request to an endpoint of a backend and waits for the head of the answer.
    ///
    /// # Errors
    /// No endpoint, no connection, or no answer.
    pub(crate) async fn send(&self, backend: &BackendState, request: Request<Body>) -> Result<Sent, ProxyError> {
        if backend.pools.is_empty() {
            return Err(ProxyError::NoEndpoints);
        }
        let upload = request.body().upload();
        let mut request = request;
        let most = backend.pools.len().min(MOST_ENDPOINTS);
        for attempts in (1u32..).take(most) {
            let pool = backend.endpoint(self.clock.now());
            match self.attempt(&pool, request).await {
                Ok(Attempt { response, lease, connecting }) => {
                    pool.marked.set(None);
                    return Ok(Sent { response, lease, pool, attempts, connecting });
                }
                Err(Failed::Unconnected(unsent)) => {
                    pool.mark();
                    request = *unsent;
                }
                // The client broke off or its framing is wrong (S10): no fault of the endpoint.
                Err(Failed::Broken) if upload.is_some_and(|upload| upload.get() == Upload::Broken) => {
                    return Err(ProxyError::BadRequest);
                }
                Err(Failed::Broken) => {
                    pool.mark();
                    return Err(ProxyError::BadResponse);
                }
            }
        }
        Err(ProxyError::Connection)
    }

    async fn attempt(&self, pool: &Rc<Pool>, request: Request<Body>) -> Result<Attempt, Failed> {
        match pool.key.protocol {
            BackendProtocol::Http2 => self.attempt_http2(pool, request).await,
            BackendProtocol::Http1 | BackendProtocol::Tcp | BackendProtocol::Udp => {
                self.attempt_http1(pool, request).await
            }
        }
    }

    async fn attempt_http1(&self, pool: &Rc<Pool>, request: Request<Body>) -> Result<Attempt, Failed> {
        let mut request = request;
        let upload = request.body().upload();
        if let Some(mut sender) = pool.checkout().await {
            // A connection that a backend closed just now fails before the first byte of an answer: such a request is
            // sent once more, on a fresh connection, if that can do no harm (§3.7 "stale reuse").
            let copy = copy(&request);
            match sender.try_send_request(request).await {
                Ok(response) => return Ok(Attempt { response, lease: lease(pool, sender, upload), connecting: None }),
                Err(mut failed) => match failed.take_message().or(copy) {
                    Some(unsent) => request = unsent,
                    None => return Err(Failed::Broken),
                },
            }
        }
        // Boxed, because its state is large and nearly every request goes on a pooled connection: what is not in use
        // must not be moved about with each request.
        Box::pin(self.attempt_fresh(pool, request)).await
    }

    /// Sends a request on a connection of its own, which the pool gets afterwards.
    async fn attempt_fresh(&self, pool: &Rc<Pool>, request: Request<Body>) -> Result<Attempt, Failed> {
        let begun = Instant::now();
        let upload = request.body().upload();
        let Ok(stream) = pool.connect(self.limits.connect).await else {
            return Err(Failed::Unconnected(Box::new(request)));
        };
        let sender = match pool.client() {
            None => self.begin_http1(stream).await,
            Some(client) => match dial::secured(client, stream, self.limits.connect).await {
                Ok(stream) => self.begin_http1(stream).await,
                // The backend is there and is not whom the policy wants.
                Err(_) => return Err(Failed::Broken),
            },
        };
        let Some(mut sender) = sender else { return Err(Failed::Unconnected(Box::new(request))) };
        let connecting = Some(begun.elapsed());
        match sender.try_send_request(request).await {
            Ok(response) => Ok(Attempt { response, lease: lease(pool, sender, upload), connecting }),
            Err(_) => Err(Failed::Broken),
        }
    }

    async fn begin_http1<S>(&self, stream: S) -> Option<http1::SendRequest<Body>>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut builder = http1::Builder::new();
        builder.writev(false).preserve_header_case(true).max_headers(self.limits.fields);
        let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.ok()?;
        tokio::task::spawn_local(async move {
            let _ = connection.with_upgrades().await;
        });
        Some(sender)
    }

    async fn attempt_http2(&self, pool: &Rc<Pool>, request: Request<Body>) -> Result<Attempt, Failed> {
        let mut request = request;
        // A connection that just got GOAWAY gives the request back; then a new one is made.
        for _ in 0..2 {
            let mut sender = match pool.http2_sender(self.limits.connect).await {
                Ok(sender) => sender,
                Err(NoSender::Unreachable) => return Err(Failed::Unconnected(Box::new(request))),
                Err(NoSender::Insecure) => return Err(Failed::Broken),
            };
            match sender.try_send_request(request).await {
                // Whoever made the connection, all wait for it together.
                Ok(response) => return Ok(Attempt { response, lease: None, connecting: None }),
                Err(mut failed) => match failed.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(Failed::Broken),
                },
            }
            pool.http2.lock().await.take();
        }
        Err(Failed::Unconnected(Box::new(request)))
    }
}

fn lease(pool: &Rc<Pool>, sender: http1::SendRequest<Body>, upload: Option<Rc<Cell<Upload>>>) -> Option<Lease> {
    Some(Lease { pool: Rc::downgrade(pool), sender, upload })
}

/// Why an attempt gave no answer.
enum Failed {
    /// Nothing was sent: another endpoint may do.
    Unconnected(Box<Request<Body>>),
    /// Something was sent and no answer came.
    Broken,
}

/// A second copy of a request that may be sent twice.
fn copy(request: &Request<Body>) -> Option<Request<Body>> {
    let is_idempotent = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE | Method::PUT | Method::DELETE
    );
    if !is_idempotent || !matches!(request.body(), Body::Empty) {
        return None;
    }
    let mut copy = Request::new(Body::Empty);
    request.method().clone_into(copy.method_mut());
    request.uri().clone_into(copy.uri_mut());
    request.headers().clone_into(copy.headers_mut());
    *copy.version_mut() = request.version();
    Some(copy)
}

impl BackendState {
    /// The next endpoint in turn that is not marked; the next one if all are. There is one.
    fn endpoint(&self, now: u32) -> Rc<Pool> {
        let n_pools = self.pools.len().max(1);
        let first = self.next.get();
        let turns = (0..n_pools).map(|turn| (first + turn) % n_pools);
        let chosen = turns.clone().find(|at| !self.pools[*at].is_marked(now)).unwrap_or(first);
        self.next.set((chosen + 1) % n_pools);
        Rc::clone(&self.pools[chosen])
    }
}

impl Pool {
    /// `address:port`, for the access log.
    pub(crate) fn name(&self) -> String {
        match self.address {
            Some(address) => address.to_string(),
            None => format!("{}:{}", self.key.address, self.key.port),
        }
    }

    fn is_marked(&self, now: u32) -> bool {
        self.marked.get().is_some_and(|(until, _)| until.wrapping_sub(now).cast_signed() > 0)
    }

    fn mark(&self) {
        let duration = self.marked.get().map_or(FIRST_MARK, |(_, last)| (last * 2).min(LONGEST_MARK));
        self.marked.set(Some((self.clock.now().wrapping_add(ticks(duration)), duration)));
    }

    /// The connection that was used last.
    async fn checkout(&self) -> Option<http1::SendRequest<Body>> {
        loop {
            let Idle { mut sender, .. } = self.http1.borrow_mut().pop()?;
            self.idle.set(self.idle.get().saturating_sub(1));
            // Its last answer has ended, so it is ready in a moment unless it was closed.
            if sender.is_closed() || (!sender.is_ready() && sender.ready().await.is_err()) {
                continue;
            }
            return Some(sender);
        }
    }

    async fn connect(&self, limit: Duration) -> io::Result<TcpStream> {
        let connecting = async {
            match self.address {
                Some(address) => TcpStream::connect(address).await,
                None => TcpStream::connect((self.key.address.as_str(), self.key.port)).await,
            }
        };
        let stream = tokio::time::timeout(limit, connecting).await.map_err(|_| io::ErrorKind::TimedOut)??;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    async fn http2_sender(&self, limit: Duration) -> Result<http2::SendRequest<Body>, NoSender> {
        let own = self.http2.try_lock().ok();
        if let Some(sender) = own.as_deref().and_then(Option::as_ref).filter(|sender| !sender.is_closed()) {
            return Ok(sender.clone());
        }
        drop(own);
        // Boxed for the reason given in `attempt_http1`.
        Box::pin(self.new_http2_sender(limit)).await
    }

    /// The connection that is there once those who came before have made it, or a new one.
    async fn new_http2_sender(&self, limit: Duration) -> Result<http2::SendRequest<Body>, NoSender> {
        let marked = self.marked.get();
        let mut own = self.http2.lock().await;
        if let Some(sender) = own.as_ref().filter(|sender| !sender.is_closed()) {
            return Ok(sender.clone());
        }
        // It failed for the one that was waited for; each trying in turn would add up their waits.
        if self.marked.get() != marked && self.is_marked(self.clock.now()) {
            return Err(NoSender::Unreachable);
        }
        let stream = self.connect(limit).await.map_err(|_| NoSender::Unreachable)?;
        let sender = match self.client() {
            None => begin_http2(stream).await,
            Some(client) => {
                let stream = dial::secured(client, stream, limit).await.map_err(|_| NoSender::Insecure)?;
                begin_http2(stream).await
            }
        };
        let sender = sender.ok_or(NoSender::Unreachable)?;
        *own = Some(sender.clone());
        Ok(sender)
    }
}

/// Why there is no connection of HTTP/2.
#[derive(Debug, Clone, Copy)]
enum NoSender {
    Unreachable,
    /// The backend is there and is not whom the policy wants.
    Insecure,
}

async fn begin_http2<S>(stream: S) -> Option<http2::SendRequest<Body>>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let mut builder = http2::Builder::new(LocalExecutor);
    builder
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .max_header_list_size(LARGEST_HEAD);
    let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.ok()?;
    tokio::task::spawn_local(async move {
        let _ = connection.await;
    });
    Some(sender)
}

impl Lease {
    /// Puts the connection back, for the next request.
    pub(crate) fn give_back(self) {
        let Some(pool) = self.pool.upgrade() else { return };
        // The next request would wait for the rest of this one.
        let is_sent = self.upload.is_none_or(|upload| upload.get() == Upload::Whole);
        if !is_sent || self.sender.is_closed() || pool.idle.get() >= IDLE_PER_WORKER {
            return;
        }
        pool.http1.borrow_mut().push(Idle { sender: self.sender, since: pool.clock.now() });
        pool.idle.set(pool.idle.get() + 1);
    }
}

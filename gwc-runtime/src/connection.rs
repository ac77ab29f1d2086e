//! What is known of one client connection while it lives: progress, requests in flight, and the wish to end it.
//!
//! No connection owns a timer. The worker sweeps over all of them twice a second and ends those that are too slow or
//! too idle (runtime-design.md §6); what a request pays is a store of the current tick.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::options::Limits;

/// Time between two sweeps.
pub(crate) const TICK: Duration = Duration::from_millis(500);

/// Ticks since the worker started; written by its sweep only.
#[derive(Debug, Default, Clone)]
pub(crate) struct Clock(Arc<AtomicU32>);

impl Clock {
    pub(crate) fn now(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn advance(&self) {
        self.0.store(self.now().wrapping_add(1), Ordering::Relaxed);
    }
}

/// Whole ticks in a duration, at least one.
pub(crate) fn ticks(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis().div_ceil(TICK.as_millis())).unwrap_or(u32::MAX).max(1)
}

/// What reading and writing tell; atomics because hyper wants streams that could move between threads.
#[derive(Debug, Default)]
struct Progress {
    /// Tick of the last byte that was read.
    read: AtomicU32,
    /// Bytes came since the last request was taken.
    has_begun: AtomicU32,
    /// 1 + tick since which writing makes no progress; 0: it does.
    blocked: AtomicU32,
}

/// How a connection is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kick {
    /// After what is in progress.
    Gracefully,
    /// Now.
    Now,
}

/// State of a connection, shared by its task, its requests and the sweep.
#[derive(Debug)]
pub(crate) struct Flow {
    clock: Clock,
    progress: Arc<Progress>,
    /// Requests without a whole answer.
    in_flight: Cell<u32>,
    /// Tick at which the last answer was whole, or the connection began.
    idle_since: Cell<u32>,
    /// Tick since which the rest of an announced body is awaited.
    awaits_body: Cell<Option<u32>>,
    /// HTTP/2: bytes between requests are no head of one.
    is_multiplexed: Cell<bool>,
    /// Tick since which it ought to end.
    draining: Cell<Option<u32>>,
    kick: Cell<Option<Kick>>,
    waker: RefCell<Option<Waker>>,
}

impl Flow {
    pub(crate) fn new(clock: Clock) -> Self {
        let now = clock.now();
        let progress = Progress::default();
        progress.read.store(now, Ordering::Relaxed);
        Self {
            clock,
            progress: Arc::new(progress),
            in_flight: Cell::new(0),
            idle_since: Cell::new(now),
            awaits_body: Cell::new(None),
            is_multiplexed: Cell::new(false),
            draining: Cell::new(None),
            kick: Cell::new(None),
            waker: RefCell::new(None),
        }
    }

    /// Requests come in parallel from now on.
    pub(crate) fn multiplex(&self) {
        self.is_multiplexed.set(true);
    }

    /// A request begins; it ends with the guard.
    pub(crate) fn begin(self: &Rc<Self>) -> InFlight {
        self.in_flight.set(self.in_flight.get() + 1);
        self.progress.has_begun.store(0, Ordering::Relaxed);
        InFlight(Rc::clone(self))
    }

    /// Is the rest of a body awaited?
    pub(crate) fn awaits_body(&self, awaits: bool) {
        if awaits != self.awaits_body.get().is_some() {
            self.awaits_body.set(awaits.then(|| self.clock.now()));
        }
    }

    /// Should it end after the current request?
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.get().is_some()
    }

    /// It ought to end: HTTP/2 at once by GOAWAY, HTTP/1 with its next answer or after a second without a request.
    pub(crate) fn drain(&self) {
        if self.draining.get().is_none() {
            self.draining.set(Some(self.clock.now()));
            if self.is_multiplexed.get() {
                self.kick(Kick::Gracefully);
            }
        }
    }

    pub(crate) fn kick(&self, kick: Kick) {
        if self.kick.get() != Some(Kick::Now) {
            self.kick.set(Some(kick));
        }
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// What the task must do, each time before it goes on; it is woken for the next wish.
    pub(crate) fn take_kick(&self, cx: &Context<'_>) -> Option<Kick> {
        let kick = self.kick.take();
        let mut waker = self.waker.borrow_mut();
        if !waker.as_ref().is_some_and(|own| own.will_wake(cx.waker())) {
            *waker = Some(cx.waker().clone());
        }
        kick
    }

    /// Runs a future until the connection is asked to end at once; `None`: it was.
    pub(crate) async fn until_kicked<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|cx| match self.take_kick(cx) {
            Some(_) => Poll::Ready(None),
            None => future.as_mut().poll(cx).map(Some),
        })
        .await
    }

    /// Ends it if it is too slow or idle for too long.
    pub(crate) fn sweep(&self, limits: &Limits) {
        let now = self.clock.now();
        let passed = |since: u32, limit: Duration| now.wrapping_sub(since) >= ticks(limit);
        // Tunnels and streams without an end may take as long as they like, but not for ever once they ought to end.
        if self.draining.get().is_some_and(|since| passed(since, limits.drain)) {
            return self.kick(Kick::Now);
        }
        let blocked = self.progress.blocked.load(Ordering::Relaxed);
        if blocked != 0 && passed(blocked - 1, limits.stall) {
            return self.kick(Kick::Now);
        }
        if self.in_flight.get() > 0 {
            let is_slow = self
                .awaits_body
                .get()
                .is_some_and(|since| passed(since.max(self.progress.read.load(Ordering::Relaxed)), limits.stall));
            if is_slow {
                self.kick(Kick::Now);
            }
            return;
        }
        let begun = self.progress.has_begun.load(Ordering::Relaxed);
        if begun != 0 && !self.is_multiplexed.get() {
            if passed(begun - 1, limits.head) {
                self.kick(Kick::Now);
            }
            return;
        }
        let is_done = self.draining.get().is_some_and(|since| passed(since, Duration::from_secs(1)));
        if is_done || passed(self.idle_since.get(), limits.idle) {
            self.kick(Kick::Gracefully);
        }
    }
}

/// A request in flight.
#[derive(Debug)]
pub(crate) struct InFlight(Rc<Flow>);

impl InFlight {
    /// The connection.
    pub(crate) fn flow(&self) -> &Rc<Flow> {
        &self.0
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get().saturating_sub(1));
        self.0.idle_since.set(self.0.clock.now());
        self.0.awaits_body.set(None);
    }
}

/// A stream that tells how it gets on.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    stream: S,
    clock: Clock,
    progress: Arc<Progress>,
}

impl<S> Watched<S> {
    pub(crate) fn new(stream: S, flow: &Flow) -> Self {
        Self { stream, clock: flow.clock.clone(), progress: Arc::clone(&flow.progress) }
    }

    fn wrote<T>(&self, polled: Poll<T>) -> Poll<T> {
        let blocked = &self.progress.blocked;
        match (&polled, blocked.load(Ordering::Relaxed)) {
            (Poll::Pending, 0) => blocked.store(self.clock.now().saturating_add(1), Ordering::Relaxed),
            (Poll::Ready(_), since) if since != 0 => blocked.store(0, Ordering::Relaxed),
            (Poll::Pending | Poll::Ready(_), _) => {}
        }
        polled
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            let now = this.clock.now();
            this.progress.read.store(now, Ordering::Relaxed);
            if this.progress.has_begun.load(Ordering::Relaxed) == 0 {
                this.progress.has_begun.store(now.saturating_add(1), Ordering::Relaxed);
            }
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.wrote(polled)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// A stream of which some bytes were read before.
#[derive(Debug)]
pub(crate) struct Prefixed<S> {
    prefix: bytes::Bytes,
    stream: S,
}

impl<S> Prefixed<S> {
    pub(crate) fn new(prefix: impl Into<bytes::Bytes>, stream: S) -> Self {
        Self { prefix: prefix.into(), stream }
    }

    pub(crate) fn get_ref(&self) -> &S {
        &self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Prefixed<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.prefix.is_empty() {
            return Pin::new(&mut this.stream).poll_read(cx, buf);
        }
        let n_bytes = this.prefix.len().min(buf.remaining());
        buf.put_slice(&this.prefix.split_to(n_bytes));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Prefixed<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

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
use tokio::task::JoinHandle;

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
    /// Bytes that were read and written, modulo 2^32.
    n_read: AtomicU32,
    n_written: AtomicU32,
}

/// Bytes per second below which somebody is slow.
const LEAST_RATE: u32 = 64;

/// How fast bytes come while they are awaited.
#[derive(Debug, Default)]
struct Pace {
    /// Tick and bytes at which the current window began; `None`: nothing is awaited.
    window: Cell<Option<(u32, u32)>>,
}

impl Pace {
    /// Was a whole window of `length` ticks too slow? Called by each sweep.
    fn is_slow(&self, is_awaited: bool, now: u32, n_bytes: u32, length: u32) -> bool {
        let Some((since, before)) = self.window.get().filter(|_| is_awaited) else {
            self.window.set(is_awaited.then_some((now, n_bytes)));
            return false;
        };
        let n_ticks = now.wrapping_sub(since);
        if n_ticks < length {
            return false;
        }
        self.window.set(Some((now, n_bytes)));
        // Two ticks are a second.
        n_bytes.wrapping_sub(before) < (n_ticks / 2).saturating_mul(LEAST_RATE)
    }
}

/// The rest of a body is awaited.
#[derive(Debug, Clone, Copy)]
struct Awaiting {
    since: u32,
    until_answer: bool,
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
    /// The rest of an announced body is awaited.
    awaits_body: Cell<Option<Awaiting>>,
    /// Bodies that are being read; one may outlive the answer to its request.
    n_bodies: Cell<u32>,
    /// HTTP/1: the answer to the current request has begun.
    is_answered: Cell<bool>,
    /// How fast the body comes, and how fast the client takes what it asked for.
    upload: Pace,
    download: Pace,
    /// The head of a request took too long.
    is_late: Cell<bool>,
    /// What an HTTP/1 connection became by an upgrade.
    tunnel: RefCell<Option<JoinHandle<()>>>,
    /// Answers that have more to send than the client lets them, and since which tick one has.
    n_waiting: Cell<u32>,
    waiting_since: Cell<u32>,
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
            n_bodies: Cell::new(0),
            is_answered: Cell::new(false),
            upload: Pace::default(),
            download: Pace::default(),
            is_late: Cell::new(false),
            tunnel: RefCell::new(None),
            n_waiting: Cell::new(0),
            waiting_since: Cell::new(now),
            is_multiplexed: Cell::new(false),
            draining: Cell::new(None),
            kick: Cell::new(None),
            waker: RefCell::new(None),
        }
    }

    /// Requests come in parallel from now on.
    pub(crate) fn multiplex(&self) {
        self.is_multiplexed.set(true);
        if self.is_draining() {
            self.kick(Kick::Gracefully);
        }
    }

    /// A request begins; it ends with the guard.
    pub(crate) fn begin(self: &Rc<Self>) -> InFlight {
        self.in_flight.set(self.in_flight.get() + 1);
        self.progress.has_begun.store(0, Ordering::Relaxed);
        self.is_answered.set(false);
        InFlight(Rc::clone(self))
    }

    /// A body begins to be read (1), or is read no more (-1).
    pub(crate) fn reads_body(&self, change: i32) {
        self.n_bodies.set(self.n_bodies.get().saturating_add_signed(change));
    }

    /// Does an answer wait for the client to let it send?
    pub(crate) fn waits_for_window(&self, waits: bool) {
        match (waits, self.n_waiting.get()) {
            (true, 0) => {
                self.waiting_since.set(self.clock.now());
                self.n_waiting.set(1);
            }
            (true, others) => self.n_waiting.set(others + 1),
            (false, own) => self.n_waiting.set(own.saturating_sub(1)),
        }
    }

    /// Is the rest of a body awaited? With `until_answer` it is no longer once the answer has begun.
    pub(crate) fn awaits_body(&self, awaits: bool, until_answer: bool) {
        if awaits != self.awaits_body.get().is_some() {
            self.awaits_body.set(awaits.then(|| Awaiting { since: self.clock.now(), until_answer }));
        }
    }

    /// The answer to the current request begins.
    pub(crate) fn answered(&self) {
        self.is_answered.set(true);
    }

    /// Did a head take too long, so that 408 is due? Not in the middle of an answer.
    pub(crate) fn is_late(&self) -> bool {
        self.is_late.get() && self.progress.blocked.load(Ordering::Relaxed) == 0
    }

    /// The connection goes on as this.
    pub(crate) fn becomes(&self, tunnel: JoinHandle<()>) {
        self.tunnel.replace(Some(tunnel));
    }

    /// What the connection became.
    pub(crate) fn take_tunnel(&self) -> Option<JoinHandle<()>> {
        self.tunnel.take()
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
        let window = ticks(limits.stall.saturating_mul(2));
        let awaiting = self.awaits_body.get().filter(|one| !(one.until_answer && self.is_answered.get()));
        let (n_read, n_written) = (&self.progress.n_read, &self.progress.n_written);
        let is_slow = self.upload.is_slow(awaiting.is_some(), now, n_read.load(Ordering::Relaxed), window)
            | self.download.is_slow(blocked != 0, now, n_written.load(Ordering::Relaxed), window);
        if is_slow {
            return self.kick(Kick::Now);
        }
        let last = self.progress.read.load(Ordering::Relaxed);
        // A client of HTTP/2 that takes nothing and says nothing; in HTTP/1 this is `blocked`.
        let waits = self.is_multiplexed.get() && self.n_waiting.get() > 0;
        if waits && passed(self.waiting_since.get().max(last), limits.stall) {
            return self.kick(Kick::Now);
        }
        if self.in_flight.get() > 0 || self.n_bodies.get() > 0 {
            if awaiting.is_some_and(|one| passed(one.since.max(last), limits.stall)) {
                self.kick(Kick::Now);
            }
            return;
        }
        let begun = self.progress.has_begun.load(Ordering::Relaxed);
        if begun != 0 && !self.is_multiplexed.get() {
            if passed(begun - 1, limits.head) {
                self.is_late.set(true);
                self.kick(Kick::Now);
            }
            return;
        }
        let is_done = self.draining.get().is_some_and(|since| passed(since, Duration::from_secs(1)));
        // A peer that is gone answers no GOAWAY.
        if passed(self.idle_since.get(), limits.idle.saturating_add(limits.stall)) {
            self.kick(Kick::Now);
        } else if is_done || passed(self.idle_since.get(), limits.idle) {
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
        if self.0.in_flight.get() == 0 {
            // What came meanwhile was the body, no head that is slow.
            self.0.progress.has_begun.store(0, Ordering::Relaxed);
        }
        self.0.idle_since.set(self.0.clock.now());
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
        let n_bytes = buf.filled().len().saturating_sub(before);
        if n_bytes > 0 {
            add(&this.progress.n_read, n_bytes);
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
        if let Poll::Ready(Ok(n_bytes)) = &polled {
            add(&this.progress.n_written, *n_bytes);
        }
        this.wrote(polled)
    }

    // HTTP/2 has heads in one buffer and bodies in others: without this each is a write, and a TLS record, of its own.
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        if let Poll::Ready(Ok(n_bytes)) = &polled {
            add(&this.progress.n_written, *n_bytes);
        }
        this.wrote(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    // TLS takes what does not go yet, and tells only here and at the end.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_flush(cx);
        this.wrote(polled)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_shutdown(cx);
        this.wrote(polled)
    }
}

/// Counts bytes; the connection's task is the only writer.
fn add(count: &AtomicU32, n_bytes: usize) {
    let n_bytes = u32::try_from(n_bytes).unwrap_or(u32::MAX);
    count.store(count.load(Ordering::Relaxed).wrapping_add(n_bytes), Ordering::Relaxed);
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

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    struct Conn {
        flow: Rc<Flow>,
        watched: Watched<DuplexStream>,
        client: DuplexStream,
    }

    /// A connection over a pipe of 64 bytes.
    fn connection() -> Conn {
        let flow = Rc::new(Flow::new(Clock::default()));
        let (client, near) = duplex(64);
        Conn { watched: Watched::new(near, &flow), flow, client }
    }

    impl Conn {
        /// What the sweeps of so many seconds ask for.
        fn after(&self, seconds: u32) -> Option<Kick> {
            for _ in 0..2 * seconds {
                self.flow.clock.advance();
                self.flow.sweep(&Limits::default());
            }
            self.flow.kick.take()
        }

        async fn receive(&mut self, bytes: &[u8]) {
            self.client.write_all(bytes).await.unwrap();
            let mut read = vec![0; bytes.len()];
            self.watched.read_exact(&mut read).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_body_that_took_long_is_no_slow_head_afterwards() {
        let mut own = connection();
        own.receive(b"GET").await;
        let request = own.flow.begin();
        for _ in 0..20 {
            own.receive(&[0; 64]).await;
            assert_eq!(own.after(1), None);
        }
        drop(request);
        assert_eq!(own.after(74), None, "it idles");
        assert_eq!(own.after(1), Some(Kick::Gracefully));
        assert!(!own.flow.is_late());
        own.receive(b"GET").await;
        assert_eq!(own.after(10), Some(Kick::Now), "a head that does not go on");
        assert!(own.flow.is_late());
    }

    #[tokio::test]
    async fn a_body_may_outlive_the_answer() {
        let mut own = connection();
        let request = own.flow.begin();
        own.flow.reads_body(1);
        drop(request);
        for _ in 0..20 {
            own.receive(&[0; 64]).await;
            assert_eq!(own.after(1), None);
        }
        own.flow.awaits_body(true, false);
        assert_eq!(own.after(30), Some(Kick::Now));
        assert!(!own.flow.is_late());
    }

    #[tokio::test]
    async fn only_a_body_that_is_announced_can_be_slow() {
        let own = connection();
        let _request = own.flow.begin();
        assert_eq!(own.after(600), None, "a stream of HTTP/2 may rest");
        own.flow.awaits_body(true, true);
        assert_eq!(own.after(29), None);
        own.flow.answered();
        assert_eq!(own.after(600), None, "chunks may rest once the answer has begun");
        let _next = own.flow.begin();
        own.flow.awaits_body(false, true);
        own.flow.awaits_body(true, false);
        own.flow.answered();
        assert_eq!(own.after(30), Some(Kick::Now), "a length must be kept");
    }

    #[tokio::test]
    async fn drips_of_a_body_are_too_slow() {
        let mut own = connection();
        let _request = own.flow.begin();
        own.flow.awaits_body(true, false);
        for _ in 0..59 {
            own.receive(b"x").await;
            assert_eq!(own.after(1), None);
        }
        own.receive(b"x").await;
        assert_eq!(own.after(2), Some(Kick::Now));
    }

    #[tokio::test]
    async fn who_takes_nothing_is_cut_off() {
        let mut own = connection();
        let _request = own.flow.begin();
        let (flow, mut watched) = (Rc::clone(&own.flow), own.watched);
        own.watched = Watched::new(duplex(1).0, &flow);
        let writing = async { watched.write_all(&[0; 65]).await };
        assert!(tokio::time::timeout(Duration::from_millis(1), writing).await.is_err());
        assert_eq!(own.after(29), None);
        assert_eq!(own.after(1), Some(Kick::Now));
    }

    #[tokio::test]
    async fn a_peer_that_ignores_goaway_is_closed() {
        let own = connection();
        own.flow.multiplex();
        assert_eq!(own.after(75), Some(Kick::Gracefully));
        assert_eq!(own.after(30), Some(Kick::Now));
    }
}

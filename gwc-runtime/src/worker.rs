//! One worker: a thread with its own event loop, connections, pools and counters. Nothing here is shared or locked.

use std::cell::{Cell, OnceCell, RefCell};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use gwc_core::ir::Backend;
use rustc_hash::FxHashMap;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::connection::{Clock, Flow, Kick, TICK};
use crate::listen::{self, Listening, Opened};
use crate::options::{Event, Options};
use crate::snapshot::Snapshot;
use crate::telemetry::{Counters, Stats};
use crate::upstream::{BackendState, Security, Upstreams};

/// What a worker is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// Serve this from now on.
    Adopt(Adopt),
    /// Serve a connection that another worker accepted for the address of this number.
    Take(std::net::TcpStream, u64, SocketAddr),
    /// Say that the loop turns.
    Ping(Sender<()>),
    /// Send a copy of the counters.
    Count(Sender<Stats>),
    /// Stop accepting and end connections after what is in progress; answer when none is left.
    Drain(Sender<()>),
    /// End.
    Stop,
}

/// A worker as others see it.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) messages: UnboundedSender<Message>,
    /// Open connections.
    pub(crate) n_connections: AtomicUsize,
}

/// A snapshot with what changes about sockets.
#[derive(Debug)]
pub(crate) struct Adopt {
    pub(crate) snapshot: Arc<Snapshot>,
    /// Every address that stays or is new: its number and the position of its socket.
    pub(crate) sockets: Vec<(u64, usize)>,
    /// Sockets of new addresses.
    pub(crate) opened: Vec<(u64, Opened)>,
    /// Told when the snapshot is served.
    pub(crate) done: Sender<()>,
}

/// State of a worker.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) options: Arc<Options>,
    pub(crate) clock: Clock,
    pub(crate) upstreams: Upstreams,
    pub(crate) counters: RefCell<Counters>,
    /// Handshakes of TLS that may be in progress.
    pub(crate) handshakes: Semaphore,
    view: RefCell<Rc<View>>,
    listening: RefCell<Vec<Rc<Listening>>>,
    connections: RefCell<FxHashMap<u64, (u64, Rc<Flow>)>>,
    /// Numbers given so far: connections, request ids.
    numbers: Cell<u64>,
    /// Snapshots end on the build thread, which has time for it.
    graveyard: Sender<Arc<Snapshot>>,
    drained: RefCell<Vec<Sender<()>>>,
    /// Accept loops: what waits in their queues was promised a connection.
    pub(crate) n_accepting: Cell<usize>,
    seed: u64,
    /// All workers, and which of them this is.
    peers: Arc<[Peer]>,
    index: usize,
}

/// A snapshot with what one worker keeps for it. A request holds it, so that it ends on what it began with.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) snapshot: Arc<Snapshot>,
    /// By position of backend, for each certificate that Gateways show to backends.
    backends: Box<[OnceCell<BackendState>]>,
    /// By rule: 1 + where its counters are; 0: not yet.
    pub(crate) counted: Box<[Cell<u32>]>,
    graveyard: Sender<Arc<Snapshot>>,
}

impl View {
    fn new(snapshot: Arc<Snapshot>, graveyard: Sender<Arc<Snapshot>>) -> Self {
        let n_states = snapshot.config.backends.len() * snapshot.tls.n_identities().max(1);
        let backends = std::iter::repeat_with(OnceCell::new).take(n_states).collect();
        let counted = std::iter::repeat_with(|| Cell::new(0)).take(snapshot.rules.len()).collect();
        Self { snapshot, backends, counted, graveyard }
    }

    /// A backend of the snapshot as the Gateway of a socket reaches it, with its pools.
    pub(crate) fn backend(&self, worker: &Worker, socket: usize, position: usize) -> Option<(&Backend, &BackendState)> {
        let Snapshot { config, tls, .. } = &*self.snapshot;
        let backend = config.backends.get(position)?;
        // Without TLS there is nothing to show a certificate with.
        let identity = match &backend.tls {
            None => 0,
            Some(_) => tls.identity(config.sockets.get(socket)?.gateway),
        };
        let state = self.backends.get(identity * config.backends.len() + position)?;
        let new = || {
            let security = match (&backend.tls, tls.backend(identity, position)) {
                (None, _) => Security::None,
                (Some(_), Some(client)) => Security::Client(Arc::clone(client)),
                (Some(_), None) => Security::Unmeetable,
            };
            worker.upstreams.backend(backend, &security, worker.random())
        };
        Some((backend, state.get_or_init(new)))
    }
}

impl Drop for View {
    fn drop(&mut self) {
        let _ = self.graveyard.send(Arc::clone(&self.snapshot));
    }
}

impl Worker {
    /// What is served now.
    pub(crate) fn view(&self) -> Rc<View> {
        Rc::clone(&self.view.borrow())
    }

    pub(crate) fn n_connections(&self) -> usize {
        self.connections.borrow().len()
    }

    /// Who should serve the next connection, if not this worker: the kernel spreads connections by hash, so that a few
    /// long ones can all land here (runtime-design.md §2.1).
    pub(crate) fn relief(&self) -> Option<&Peer> {
        if self.peers.len() < 2 {
            return None;
        }
        let live = |peer: &Peer| peer.n_connections.load(Ordering::Relaxed);
        let mean = self.peers.iter().map(live).sum::<usize>() / self.peers.len();
        let emptiest = self.peers.iter().min_by_key(|peer| live(peer))?;
        (self.n_connections() > mean + mean / 4 + 8).then_some(emptiest)
    }

    fn tell_n_connections(&self) {
        if let Some(own) = self.peers.get(self.index) {
            own.n_connections.store(self.n_connections(), Ordering::Relaxed);
        }
    }

    /// The address of a number, while it is bound.
    fn listening(&self, id: u64) -> Option<Rc<Listening>> {
        self.listening.borrow().iter().find(|one| one.id == id).map(Rc::clone)
    }

    /// Do the `X-Forwarded-*` of a peer count (`--trusted-proxies`)?
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        self.options.trusted_proxies.iter().any(|(network, length)| covers(*network, *length, peer))
    }

    /// An id for a request that has none: unique in this process and hard to guess.
    pub(crate) fn request_id(&self) -> String {
        format!("{:016x}{:016x}", self.seed, mixed(self.seed ^ self.number()))
    }

    fn number(&self) -> u64 {
        let number = self.numbers.get() + 1;
        self.numbers.set(number);
        number
    }

    fn random(&self) -> usize {
        usize::try_from(mixed(self.seed.wrapping_add(self.number())) >> 33).unwrap_or(0)
    }

    /// Keeps a connection in the list that is swept, until the guard is gone.
    pub(crate) fn register(self: &Rc<Self>, listening: u64, flow: &Rc<Flow>) -> Registered {
        let number = self.number();
        self.connections.borrow_mut().insert(number, (listening, Rc::clone(flow)));
        self.tell_n_connections();
        Registered { worker: Rc::clone(self), number }
    }

    /// Lets connections end: all, or those of one address.
    pub(crate) fn drain_connections(&self, listening: Option<u64>) {
        let connections = self.connections.borrow();
        let concerned = connections.values().filter(|(own, _)| listening.is_none_or(|listening| listening == *own));
        concerned.for_each(|(_, flow)| flow.drain());
    }

    fn adopt(self: &Rc<Self>, adopt: Adopt) {
        let Adopt { snapshot, sockets, opened, done } = adopt;
        let view = Rc::new(View::new(snapshot, self.graveyard.clone()));
        let old = self.view.replace(view);
        let find = |id: u64| sockets.iter().find(|(own, _)| *own == id).map(|(_, socket)| *socket);
        self.listening.borrow_mut().retain(|listening| {
            match find(listening.id) {
                Some(socket) => listening.set_socket(socket),
                None => listening.retire(Rc::clone(&old)),
            }
            find(listening.id).is_some()
        });
        for (id, opened) in opened {
            let Some(socket) = find(id) else { continue };
            let listening = Rc::new(Listening::new(id, socket));
            if listen::serve_address(self, &listening, opened).is_ok() {
                self.listening.borrow_mut().push(listening);
            }
        }
        drop(old);
        let _ = done.send(());
    }

    fn sweep(&self) {
        self.clock.advance();
        // Whoever is kicked is only woken: nobody leaves the list meanwhile.
        self.connections.borrow().values().for_each(|(_, flow)| flow.sweep(&self.options.limits));
        self.upstreams.sweep();
    }

    pub(crate) fn tell_if_drained(&self) {
        if self.n_accepting.get() == 0 && self.connections.borrow().is_empty() {
            for waiting in self.drained.borrow_mut().drain(..) {
                let _ = waiting.send(());
            }
        }
    }

    fn stats(&self) -> Stats {
        let view = self.view();
        let mut stats = self.counters.borrow().stats();
        stats.generation = view.snapshot.generation;
        stats.connections = vec![self.n_connections() as u64];
        stats.pooled = self.upstreams.n_idle() as u64;
        stats
    }
}

/// Keeps a connection in the worker's list.
#[derive(Debug)]
pub(crate) struct Registered {
    worker: Rc<Worker>,
    number: u64,
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.worker.connections.borrow_mut().remove(&self.number);
        self.worker.tell_n_connections();
        self.worker.tell_if_drained();
        if std::thread::panicking() {
            let message = "a connection was closed because of an internal error".to_owned();
            (self.worker.options.events)(Event::Panic { message });
        }
    }
}

/// What a worker begins with.
pub(crate) struct Begin {
    pub(crate) options: Arc<Options>,
    pub(crate) graveyard: Sender<Arc<Snapshot>>,
    pub(crate) messages: UnboundedReceiver<Message>,
    pub(crate) seed: u64,
    pub(crate) peers: Arc<[Peer]>,
    pub(crate) index: usize,
}

/// Runs a worker until it is told to stop; what the thread does.
///
/// # Errors
/// There is no event loop.
pub(crate) fn run(begin: Begin) -> io::Result<()> {
    let options = tokio::runtime::LocalOptions::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build_local(options)?;
    runtime.block_on(serve(begin));
    Ok(())
}

async fn serve(begin: Begin) {
    let Begin { options, graveyard, mut messages, seed, peers, index } = begin;
    let clock = Clock::default();
    let handshakes = Semaphore::new(options.limits.handshakes.clamp(1, Semaphore::MAX_PERMITS));
    let upstreams = Upstreams::new(clock.clone(), options.limits.clone());
    let view = Rc::new(View::new(Arc::default(), graveyard.clone()));
    let worker = Rc::new(Worker {
        options,
        clock,
        upstreams,
        counters: RefCell::default(),
        handshakes,
        view: RefCell::new(view),
        listening: RefCell::default(),
        connections: RefCell::default(),
        numbers: Cell::new(0),
        graveyard,
        drained: RefCell::default(),
        n_accepting: Cell::new(0),
        seed,
        peers,
        index,
    });
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let message = tokio::select! {
            biased;
            message = messages.recv() => message,
            _ = ticks.tick() => {
                worker.sweep();
                continue;
            }
        };
        match message {
            Some(Message::Adopt(adopt)) => worker.adopt(adopt),
            Some(Message::Take(stream, id, peer)) => {
                // An address that is gone by now drains, and so does the connection.
                let Some(listening) = worker.listening(id) else { continue };
                if let Ok(stream) = tokio::net::TcpStream::from_std(stream) {
                    listen::start(&worker, &listening, stream, peer);
                }
            }
            Some(Message::Ping(to)) => drop(to.send(())),
            Some(Message::Count(to)) => drop(to.send(worker.stats())),
            Some(Message::Drain(done)) => {
                worker.drained.borrow_mut().push(done);
                for listening in worker.listening.take() {
                    listening.close();
                }
                worker.drain_connections(None);
                worker.tell_if_drained();
            }
            Some(Message::Stop) | None => break,
        }
    }
    worker.connections.borrow().values().for_each(|(_, flow)| flow.kick(Kick::Now));
}

/// Is an address inside a network?
fn covers(network: IpAddr, length: u8, address: IpAddr) -> bool {
    fn same(network: u128, address: u128, bits: u32, length: u8) -> bool {
        let shift = bits.saturating_sub(u32::from(length));
        network.checked_shr(shift).unwrap_or(0) == address.checked_shr(shift).unwrap_or(0)
    }
    match (network, address.to_canonical()) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            same(u128::from(network.to_bits()), u128::from(address.to_bits()), 32, length)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => same(network.to_bits(), address.to_bits(), 128, length),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

/// Spreads the bits of a number (the finisher of splitmix64).
pub(crate) fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// How long the build thread waits for a worker.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

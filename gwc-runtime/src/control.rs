//! The handle of a running proxy: start, take over a configuration, drain, end. Snapshots are built on one thread of
//! low priority, never on a worker.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gwc_core::ir::secret::SecretStore;
use gwc_core::ir::{Config, Socket, Transport};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::listen::Opened;
use crate::options::{Event, Options};
use crate::snapshot::Snapshot;
use crate::telemetry::Stats;
use crate::worker::{self, Adopt, Begin, Message, Peer};

/// A configuration to serve.
#[derive(Debug, Clone)]
pub struct Load {
    /// The IR.
    pub config: Arc<Config>,
    /// Material behind its ids.
    pub secrets: Arc<SecretStore>,
    /// Where each socket is bound, by position in [`Config::sockets`]; empty, or missing at the end: nowhere. Port 0
    /// takes any free port, and keeps it over reloads. An address that two sockets ask for belongs to the first.
    pub addresses: Vec<Vec<SocketAddr>>,
}

/// What came of a [`Load`], once every worker serves it.
#[derive(Debug, Clone)]
pub struct Applied {
    /// Number of the snapshot, from 1.
    pub generation: u64,
    /// Every address that was asked for, in order of sockets.
    pub bound: Vec<Bound>,
    /// From the call to the moment at which all workers served it.
    pub duration: Duration,
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
    /// A thread cannot be made.
    #[error("cannot start a thread: {0}")]
    Thread(#[source] io::Error),
}

/// A running proxy. Clones are handles of the same one; it ends with [`Runtime::shutdown`].
#[derive(Debug, Clone)]
pub struct Runtime(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: Arc<Options>,
    workers: Vec<UnboundedSender<Message>>,
    jobs: Mutex<Sender<Job>>,
    current: Mutex<Option<Arc<Snapshot>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    is_draining: AtomicBool,
}

/// What the build thread does.
enum Job {
    Swap(Load, Sender<(Applied, Arc<Snapshot>)>),
    Stop,
}

impl Runtime {
    /// Starts workers that serve nothing yet.
    ///
    /// # Errors
    /// A thread cannot be made.
    pub fn start(options: Options) -> Result<Self, StartError> {
        raise_descriptors();
        let options = Arc::new(options);
        let usable = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let n_workers = options.workers.map_or_else(usable, NonZeroUsize::get);
        let seed = RandomState::new().hash_one("gwc");
        let (graveyard, buried) = channel();
        let (messages, receivers): (Vec<_>, Vec<_>) = (0..n_workers).map(|_| unbounded_channel()).unzip();
        let peer = |messages: &UnboundedSender<Message>| Peer { messages: messages.clone(), n_connections: 0.into() };
        let peers: Arc<[Peer]> = messages.iter().map(peer).collect();
        let mut threads = Vec::new();
        for (index, messages) in receivers.into_iter().enumerate() {
            let begin = Begin {
                options: Arc::clone(&options),
                graveyard: graveyard.clone(),
                messages,
                seed: seed.wrapping_add(index as u64),
                peers: Arc::clone(&peers),
                index,
            };
            let thread = std::thread::Builder::new().name(format!("worker-{index}"));
            let thread = thread.spawn(move || {
                let _ = worker::run(begin);
            });
            threads.push(thread.map_err(StartError::Thread)?);
        }
        drop(graveyard);
        let (jobs, waiting) = channel();
        let builder = Builder {
            options: Arc::clone(&options),
            workers: messages.clone(),
            bound: BTreeMap::new(),
            generation: 0,
            numbers: 0,
            seed,
            buried,
            current: None,
        };
        let thread = std::thread::Builder::new().name("build".to_owned()).spawn(move || builder.run(&waiting));
        threads.push(thread.map_err(StartError::Thread)?);
        Ok(Self(Arc::new(Shared {
            options,
            workers: messages,
            jobs: Mutex::new(jobs),
            current: Mutex::new(None),
            threads: Mutex::new(threads),
            is_draining: AtomicBool::new(false),
        })))
    }

    /// Builds a snapshot and lets every worker take it over; returns when all serve it. Sockets that stay are not
    /// touched, removed ones drain, new ones are bound; one that cannot be bound does not hold up the rest.
    #[must_use]
    pub fn swap(&self, load: Load) -> Applied {
        let started = Instant::now();
        let failed = Applied { generation: 0, bound: Vec::new(), duration: Duration::ZERO };
        let (done, applied) = channel();
        let sent = locked(&self.0.jobs).send(Job::Swap(load, done));
        // After a shutdown there is nobody to do it.
        let Some((applied, snapshot)) = sent.ok().and_then(|()| applied.recv().ok()) else { return failed };
        *locked(&self.0.current) = Some(snapshot);
        Applied { duration: started.elapsed(), ..applied }
    }

    /// What is served; `None` before the first [`Runtime::swap`].
    #[must_use]
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        locked(&self.0.current).clone()
    }

    /// Counters of all workers, added up. A worker that does not answer within five seconds is left out.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let (to, from) = channel();
        self.0.workers.iter().for_each(|worker| drop(worker.send(Message::Count(to.clone()))));
        drop(to);
        let mut stats = Stats::default();
        while let Ok(one) = from.recv_timeout(Duration::from_secs(5)) {
            stats.add(one);
        }
        stats.log_dropped = self.0.options.access_log.as_ref().map_or(0, crate::AccessLog::dropped);
        stats
    }

    /// Do all workers answer within this time?
    #[must_use]
    pub fn is_alive(&self, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        let (to, from) = channel();
        let mut sent = self.0.workers.iter().map(|worker| worker.send(Message::Ping(to.clone())));
        sent.all(|sent| sent.is_ok() && from.recv_timeout(until.saturating_duration_since(Instant::now())).is_ok())
    }

    /// Number of worker threads.
    #[must_use]
    pub fn n_workers(&self) -> usize {
        self.0.workers.len()
    }

    /// Was [`Runtime::drain`] called?
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.0.is_draining.load(Ordering::Relaxed)
    }

    /// Stops accepting and lets connections end: HTTP/1 after the request in progress, HTTP/2 by GOAWAY. Returns when
    /// all have ended or `limit` has passed; those that are left end with [`Runtime::shutdown`].
    pub fn drain(&self, limit: Duration) {
        self.0.is_draining.store(true, Ordering::Relaxed);
        let until = Instant::now() + limit;
        let (done, drained) = channel();
        self.0.workers.iter().for_each(|worker| drop(worker.send(Message::Drain(done.clone()))));
        drop(done);
        for _ in &self.0.workers {
            if drained.recv_timeout(until.saturating_duration_since(Instant::now())).is_err() {
                break;
            }
        }
    }

    /// Ends all threads; open connections are closed.
    pub fn shutdown(&self) {
        self.0.workers.iter().for_each(|worker| drop(worker.send(Message::Stop)));
        let _ = locked(&self.0.jobs).send(Job::Stop);
        for thread in locked(&self.0.threads).drain(..) {
            let _ = thread.join();
        }
    }
}

/// Every connection takes a descriptor or two: the soft limit goes up to the hard one (runtime-design.md §6).
fn raise_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // Who may not raise it goes on with what there is.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

/// From now on the calling thread works only while no worker wants to: for what makes the next [`Load`].
pub fn yield_to_workers() {
    // A worker that wakes must preempt it; without the right to be nice it is merely not as good.
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 19);
}

/// A panic elsewhere must not take the handle along.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What tells bound addresses apart: with port 0 also for whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    asked: SocketAddr,
    transport: Transport,
    /// Gateway and port, where any port will do.
    owner: Option<(String, u16)>,
}

/// An address that is bound.
#[derive(Debug, Clone, Copy)]
struct Open {
    id: u64,
    address: SocketAddr,
}

/// State of the build thread.
struct Builder {
    options: Arc<Options>,
    workers: Vec<UnboundedSender<Message>>,
    bound: BTreeMap<Key, Open>,
    generation: u64,
    numbers: u64,
    seed: u64,
    buried: Receiver<Arc<Snapshot>>,
    current: Option<Arc<Snapshot>>,
}

impl Builder {
    fn run(mut self, jobs: &Receiver<Job>) {
        yield_to_workers();
        let mut old: Vec<Arc<Snapshot>> = Vec::new();
        loop {
            match jobs.recv_timeout(Duration::from_secs(1)) {
                Ok(Job::Swap(load, done)) => drop(done.send(self.swap(&load))),
                Ok(Job::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
            // The last reference goes here, so that no worker spends its time on freeing.
            old.extend(self.buried.try_iter());
            old.retain(|snapshot| Arc::strong_count(snapshot) > 1);
        }
    }

    fn swap(&mut self, load: &Load) -> (Applied, Arc<Snapshot>) {
        self.generation += 1;
        let previous = self.current.as_deref();
        let snapshot = Arc::new(Snapshot::build(self.generation, load, previous, self.seed, &self.options));
        let before = previous.map_or(&[][..], |previous| &previous.tls.problems);
        for new in snapshot.tls.problems.iter().filter(|problem| !before.contains(problem)) {
            (self.options.events)(Event::Material { id: new.id.clone(), problem: new.text.clone() });
        }
        self.current = Some(Arc::clone(&snapshot));
        let plan = self.plan(load);
        let (done, acknowledged) = channel();
        let mut opened = plan.opened;
        for worker in &self.workers {
            let own = opened.iter_mut().filter_map(|(id, listeners)| Some((*id, listeners.pop()?))).collect();
            let adopt = Adopt {
                snapshot: Arc::clone(&snapshot),
                sockets: plan.sockets.clone(),
                opened: own,
                done: done.clone(),
            };
            let _ = worker.send(Message::Adopt(adopt));
        }
        drop(done);
        while acknowledged.recv_timeout(worker::PATIENCE).is_ok() {}
        let applied = Applied { generation: self.generation, bound: plan.bound, duration: Duration::ZERO };
        (applied, snapshot)
    }

    /// Which addresses stay, which are new, which are no more.
    fn plan(&mut self, load: &Load) -> Plan {
        let mut plan = Plan::default();
        let asked = load.config.sockets.iter().zip(&load.addresses).enumerate();
        let asked = asked.flat_map(|(position, (socket, all))| all.iter().map(move |one| (position, socket, *one)));
        for (socket, own, asked) in asked {
            let key = key(&load.config, own, asked);
            let result = self.open(&key, &mut plan).map_err(Arc::new);
            if let Ok(open) = &result {
                plan.sockets.push((open.id, socket));
                plan.kept.insert(key, *open);
            }
            plan.bound.push(Bound { socket, asked, result: result.map(|open| open.address) });
        }
        self.bound = std::mem::take(&mut plan.kept);
        plan
    }

    /// The address of a key, bound before or now.
    fn open(&mut self, key: &Key, plan: &mut Plan) -> io::Result<Open> {
        if plan.kept.contains_key(key) {
            return Err(io::Error::new(io::ErrorKind::AddrInUse, "another Gateway has this address and port"));
        }
        if let Some(open) = self.bound.remove(key) {
            return Ok(open);
        }
        if !self.options.share_addresses && key.asked.port() != 0 {
            // A socket that does not share tells whether somebody else has the port.
            drop(bind(key.asked, key.transport, Sharing::No)?);
        }
        let mut sockets = Vec::new();
        let mut address = key.asked;
        for _ in &self.workers {
            let socket = bind(address, key.transport, Sharing::Yes)?;
            address = socket.local_addr()?.as_socket().unwrap_or(address);
            sockets.push(match key.transport {
                Transport::Tcp => Opened::Tcp(socket.into()),
                Transport::Udp => Opened::Udp(socket.into()),
            });
        }
        self.numbers += 1;
        plan.opened.push((self.numbers, sockets));
        Ok(Open { id: self.numbers, address })
    }
}

/// What becomes of addresses.
#[derive(Default)]
struct Plan {
    bound: Vec<Bound>,
    /// Those that are bound.
    kept: BTreeMap<Key, Open>,
    sockets: Vec<(u64, usize)>,
    opened: Vec<(u64, Vec<Opened>)>,
}

fn key(config: &Config, socket: &Socket, asked: SocketAddr) -> Key {
    let owner = (asked.port() == 0).then(|| {
        let gateway = config.gateway(socket);
        (format!("{}/{}", gateway.namespace, gateway.name), socket.port)
    });
    Key { asked, transport: socket.transport, owner }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Yes,
    No,
}

/// A socket; one of a group that the kernel spreads connections or flows over if it shares.
fn bind(address: SocketAddr, transport: Transport, sharing: Sharing) -> io::Result<socket2::Socket> {
    let domain = socket2::Domain::for_address(address);
    let (kind, protocol) = match transport {
        Transport::Tcp => (socket2::Type::STREAM, socket2::Protocol::TCP),
        Transport::Udp => (socket2::Type::DGRAM, socket2::Protocol::UDP),
    };
    let socket = socket2::Socket::new(domain, kind, Some(protocol))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // For TCP this is about connections that linger; for UDP it would let strangers share the port.
    socket.set_reuse_address(transport == Transport::Tcp)?;
    socket.set_reuse_port(sharing == Sharing::Yes)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    if sharing == Sharing::Yes && transport == Transport::Tcp {
        socket.listen(4096)?;
    }
    Ok(socket)
}

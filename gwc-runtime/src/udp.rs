//! Datagrams: UDPRoute (routing.md §6).
//!
//! A flow is a client address and a socket that is connected to the backend which was picked for its first datagram.
//! Answers leave from the socket at which the client's datagrams arrive. What does not fit into a buffer of the kernel
//! is lost, as datagrams may be.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use gwc_core::ir::Protocol;
use rustc_hash::FxHashMap;
use socket2::SockRef;
use tokio::net::UdpSocket;
use tokio::task::AbortHandle;

use crate::connection::{TICK, ticks};
use crate::listen::Listening;
use crate::tcp;
use crate::worker::Worker;

/// Datagrams of one socket that are handled before others get their turn.
const BATCH: usize = 64;
/// Longest datagram.
const LONGEST: usize = 65_535;
/// Datagrams that wait while the name of a backend is looked up.
const MOST_WAITING: usize = 16;

thread_local! {
    /// Memory for one datagram; empty while it is in use, and before the first.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Serves an address until it is closed; flows end with it.
pub(crate) async fn serve(worker: Rc<Worker>, listening: Rc<Listening>, socket: UdpSocket) {
    let limits = &worker.options.limits;
    let mut flows = Flows::new(limits.udp_flows, ticks(limits.udp_idle));
    let socket = Rc::new(socket);
    let mut sweeps = tokio::time::interval(TICK);
    sweeps.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            ready = socket.readable() => if ready.is_err() { return },
            _ = sweeps.tick() => {
                flows.expire(worker.clock.now());
                continue;
            }
            () = listening.closed() => return,
        }
        let received = batch(&socket, |bytes, client| {
            let Some(client) = client else { return };
            let flow = flows.of(client, worker.clock.now(), || begin(&worker, &listening, &socket, client));
            flow.link.send(bytes);
        });
        if received == BATCH {
            tokio::task::yield_now().await;
        }
    }
}

/// Receives what has come, up to a batch; how much it was.
fn batch(socket: &UdpSocket, mut take: impl FnMut(&[u8], Option<SocketAddr>)) -> usize {
    let mut scratch = SCRATCH.take();
    scratch.resize(LONGEST, 0);
    let mut received = 0;
    while received < BATCH {
        match socket.try_recv_from(&mut scratch) {
            Ok((n_bytes, from)) => take(scratch.get(..n_bytes).unwrap_or_default(), Some(from)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            // Somebody's port is closed, which a later datagram may find open.
            Err(_) => {}
        }
        received += 1;
    }
    SCRATCH.set(scratch);
    received
}

/// A new flow: the backend is picked once (routing.md §6).
fn begin(worker: &Rc<Worker>, listening: &Listening, socket: &Rc<UdpSocket>, client: SocketAddr) -> Flow {
    let link = Rc::new(Link { state: RefCell::new(State::Nowhere), last: Cell::new(worker.clock.now()) });
    let (view, at) = listening.place(worker);
    let listener = view.snapshot.listener_of(at, Protocol::Udp);
    let backend = listener.and_then(|listener| tcp::backend(worker, &view, (at, listener), None).ok());
    let Some((backend, endpoint)) = backend.and_then(|own| Some((own, worker.upstreams.endpoint(own)?))) else {
        return Flow { link, task: None };
    };
    worker.count_backend(backend, Some(Duration::ZERO));
    link.state.replace(State::Waiting(Vec::new()));
    if let Some(address) = endpoint.address() {
        link.connect(address);
    }
    let (own, socket, worker) = (Rc::clone(&link), Rc::clone(socket), Rc::clone(worker));
    let task = tokio::task::spawn_local(async move {
        if endpoint.address().is_none() {
            own.resolve(&endpoint.host()).await;
        }
        own.answer(&worker, &socket, client).await;
    });
    Flow { link, task: Some(task.abort_handle()) }
}

/// A flow in the table; its task ends with it.
#[derive(Debug)]
struct Flow {
    link: Rc<Link>,
    task: Option<AbortHandle>,
}

impl Drop for Flow {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// The side of a flow that leads to the backend.
#[derive(Debug)]
struct Link {
    state: RefCell<State>,
    /// Tick of the last datagram of either side.
    last: Cell<u32>,
}

#[derive(Debug)]
enum State {
    /// The share of a backend that cannot be used: its datagrams are dropped.
    Nowhere,
    /// The name of the backend is being looked up.
    Waiting(Vec<Vec<u8>>),
    Connected(Rc<UdpSocket>),
}

impl Link {
    fn send(&self, bytes: &[u8]) {
        match &mut *self.state.borrow_mut() {
            State::Connected(socket) => drop(SockRef::from(&**socket).send(bytes)),
            State::Waiting(waiting) if waiting.len() < MOST_WAITING => waiting.push(bytes.to_vec()),
            State::Waiting(_) | State::Nowhere => {}
        }
    }

    fn connect(&self, address: SocketAddr) {
        let connected = connected(address).map_or(State::Nowhere, |socket| State::Connected(Rc::new(socket)));
        if let State::Waiting(waiting) = self.state.replace(connected) {
            waiting.iter().for_each(|bytes| self.send(bytes));
        }
    }

    async fn resolve(&self, host: &(String, u16)) {
        let found = tokio::net::lookup_host((host.0.as_str(), host.1)).await;
        match found.ok().and_then(|mut found| found.next()) {
            Some(address) => self.connect(address),
            None => drop(self.state.replace(State::Nowhere)),
        }
    }

    /// Brings what the backend sends to the client.
    async fn answer(&self, worker: &Worker, listener: &UdpSocket, client: SocketAddr) {
        let socket = match &*self.state.borrow() {
            State::Connected(socket) => Rc::clone(socket),
            State::Waiting(_) | State::Nowhere => return,
        };
        let client = client.into();
        while socket.readable().await.is_ok() {
            let received = batch(&socket, |bytes, _| {
                self.last.set(worker.clock.now());
                let _ = SockRef::from(listener).send_to(bytes, &client);
            });
            if received == BATCH {
                tokio::task::yield_now().await;
            }
        }
    }
}

fn connected(address: SocketAddr) -> io::Result<UdpSocket> {
    let any = match address {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = std::net::UdpSocket::bind(any)?;
    socket.set_nonblocking(true)?;
    socket.connect(address)?;
    UdpSocket::from_std(socket)
}

/// Flows by client, with the order in which they may end.
#[derive(Debug)]
struct Flows {
    by_client: FxHashMap<SocketAddr, Flow>,
    /// Every client once, with a tick at which it was seen: the first were seen longest ago, or later than it says.
    order: VecDeque<(u32, SocketAddr)>,
    most: usize,
    /// Ticks after which an idle flow ends.
    idle: u32,
}

impl Flows {
    fn new(most: usize, idle: u32) -> Self {
        Self { by_client: FxHashMap::default(), order: VecDeque::new(), most: most.max(1), idle }
    }

    /// The flow of a client; a new one may push out the one that is idle for longest.
    fn of(&mut self, client: SocketAddr, now: u32, begin: impl FnOnce() -> Flow) -> &Flow {
        if !self.by_client.contains_key(&client) {
            if self.by_client.len() >= self.most {
                self.evict();
            }
            self.order.push_back((now, client));
        }
        let flow = self.by_client.entry(client).or_insert_with(begin);
        flow.link.last.set(now);
        flow
    }

    fn evict(&mut self) {
        while let Some((seen, client)) = self.order.pop_front() {
            match self.by_client.get(&client).map(|flow| flow.link.last.get()) {
                Some(last) if last != seen => self.order.push_back((last, client)),
                Some(_) | None => return drop(self.by_client.remove(&client)),
            }
        }
    }

    fn expire(&mut self, now: u32) {
        while let Some((seen, client)) = self.order.front().copied() {
            if now.wrapping_sub(seen) < self.idle {
                return;
            }
            self.order.pop_front();
            match self.by_client.get(&client).map(|flow| flow.link.last.get()) {
                Some(last) if last != seen => self.order.push_back((last, client)),
                Some(_) | None => drop(self.by_client.remove(&client)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(port: u16) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }

    fn see(flows: &mut Flows, port: u16, now: u32) {
        let link = Rc::new(Link { state: RefCell::new(State::Nowhere), last: Cell::new(now) });
        flows.of(client(port), now, || Flow { link, task: None });
    }

    fn ports(flows: &Flows) -> Vec<u16> {
        assert_eq!(flows.order.len(), flows.by_client.len(), "every flow has one place in the order");
        let mut ports: Vec<u16> = flows.order.iter().map(|(_, client)| client.port()).collect();
        assert!(flows.order.iter().all(|(_, client)| flows.by_client.contains_key(client)));
        ports.sort_unstable();
        ports
    }

    #[test]
    fn the_flow_that_is_idle_for_longest_makes_way() {
        let mut flows = Flows::new(3, 100);
        for (port, now) in [(1, 0), (2, 1), (3, 2)] {
            see(&mut flows, port, now);
        }
        see(&mut flows, 1, 3);
        see(&mut flows, 4, 4);
        assert_eq!(ports(&flows), [1, 3, 4]);
        // All were seen since they got their place; then the first of the round goes.
        for port in [1, 3, 4] {
            see(&mut flows, port, 5);
        }
        see(&mut flows, 5, 6);
        assert_eq!(ports(&flows).len(), 3);
        assert!(ports(&flows).contains(&5));
    }

    #[test]
    fn idle_flows_end_and_used_ones_stay() {
        let mut flows = Flows::new(10, 100);
        see(&mut flows, 1, 0);
        see(&mut flows, 2, 0);
        see(&mut flows, 2, 50);
        flows.expire(99);
        assert_eq!(ports(&flows), [1, 2]);
        flows.expire(100);
        assert_eq!(ports(&flows), [2]);
        flows.expire(149);
        assert_eq!(ports(&flows), [2]);
        flows.expire(150);
        assert_eq!(ports(&flows), Vec::<u16>::new());
    }

    #[test]
    fn the_clock_may_wrap_around() {
        let mut flows = Flows::new(10, 100);
        see(&mut flows, 1, u32::MAX - 10);
        flows.expire(80);
        assert_eq!(ports(&flows), [1]);
        flows.expire(89);
        assert_eq!(ports(&flows), Vec::<u16>::new());
    }
}

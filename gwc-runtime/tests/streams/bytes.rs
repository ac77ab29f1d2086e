//! TCPRoute and UDPRoute (routing.md §6).

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use gwc_runtime::Limits;

use crate::backends::{breaker, datagrams, speaker};
use crate::world::{World, manifests, route};

const TCP: &str = "{name: tcp, port: 9000, protocol: TCP}";
const UDP: &str = "{name: udp, port: 5300, protocol: UDP}";

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// The first line that comes without asking.
fn greeting(stream: TcpStream) -> String {
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

fn tcp_route(name: &str, rules: &str) -> String {
    route("TCPRoute", name, "tcp", rules)
}

fn udp_route(name: &str) -> String {
    route("UDPRoute", "udp", "udp", &format!("rules: [{{backendRefs: [{{name: {name}, port: 53}}]}}]"))
}

fn backend(name: &str) -> String {
    format!("rules: [{{backendRefs: [{{name: {name}, port: 80}}]}}]")
}

#[test]
fn servers_may_speak_first_and_each_side_ends_for_itself() {
    let world =
        World::start(&manifests(TCP, "", &["one"], &[tcp_route("all", &backend("one"))]), &[("one", speaker("one"))]);
    let mut stream = connect(world.at(9000));
    let mut line = [0; 4];
    stream.read_exact(&mut line).unwrap();
    assert_eq!(&line, b"one\n");
    let sent: Vec<u8> = (0..1_000_000).map(|at: usize| u8::try_from(at * 7 % 251).unwrap()).collect();
    let mut writer = stream.try_clone().unwrap();
    let expected = sent.clone();
    let writing = std::thread::spawn(move || {
        writer.write_all(&sent).unwrap();
        writer.shutdown(Shutdown::Write).unwrap();
    });
    let mut received = Vec::new();
    stream.read_to_end(&mut received).unwrap();
    writing.join().unwrap();
    assert!(received.ends_with(b"bye"), "what comes after the client's end arrives");
    assert!(received[..received.len() - 3] == expected);
}

#[test]
fn connections_are_shared_by_weight() {
    let rules = "rules: [{backendRefs: [{name: one, port: 80, weight: 70}, {name: two, port: 80, weight: 30}, \
                 {name: three, port: 80, weight: 0}]}]";
    let world = World::start(
        &manifests(TCP, "", &["one", "two", "three"], &[tcp_route("all", rules)]),
        &[("one", speaker("one")), ("two", speaker("two")), ("three", speaker("three"))],
    );
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    (0..100).for_each(|_| *counts.entry(greeting(connect(world.at(9000)))).or_default() += 1);
    assert_eq!(counts, BTreeMap::from([("one".to_owned(), 70), ("two".to_owned(), 30)]));
}

/// The connection is taken and reset.
fn is_reset(mut stream: TcpStream) -> bool {
    let mut received = Vec::new();
    let error = stream.read_to_end(&mut received).unwrap_err();
    assert_eq!(received, b"");
    error.kind() == ErrorKind::ConnectionReset
}

#[test]
fn who_cannot_be_served_is_reset() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let listeners = "{name: none, port: 1, protocol: TCP}, {name: missing, port: 2, protocol: TCP}, \
                     {name: empty, port: 3, protocol: TCP}, {name: closed, port: 4, protocol: TCP}";
    let routes = [
        route("TCPRoute", "missing", "missing", &backend("nowhere")),
        route("TCPRoute", "empty", "empty", &backend("empty")),
        route("TCPRoute", "closed", "closed", &backend("closed")),
    ];
    let world = World::start(&manifests(listeners, "", &["empty", "closed"], &routes), &[("closed", closed)]);
    for port in 1..=4 {
        assert!(is_reset(connect(world.at(port))), "port {port}");
    }
}

#[test]
fn what_breaks_is_not_taken_for_whole() {
    let world =
        World::start(&manifests(TCP, "", &["one"], &[tcp_route("all", &backend("one"))]), &[("one", breaker())]);
    let mut stream = connect(world.at(9000));
    let mut half = [0; 10];
    stream.read_exact(&mut half).unwrap();
    stream.write_all(b"x").unwrap();
    assert_eq!(stream.read(&mut half).unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[test]
fn endpoints_that_are_closed_make_way_for_others() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let world = World::start(
        &manifests(TCP, "", &["one"], &[tcp_route("all", &backend("one"))]),
        &[("one", closed), ("one", speaker("one"))],
    );
    for _ in 0..4 {
        assert_eq!(greeting(connect(world.at(9000))), "one");
    }
}

#[test]
fn connections_keep_their_backend_over_a_reload_and_end_with_their_listener() {
    let limits = Limits { drain: Duration::from_secs(1), ..Limits::default() };
    let endpoints = [("one", speaker("one")), ("two", speaker("two"))];
    let to = |name: &str| manifests(TCP, "", &["one", "two"], &[tcp_route("all", &backend(name))]);
    let mut world = World::with(limits, &to("one"), &endpoints);
    let mut old = BufReader::new(connect(world.at(9000)));
    let mut line = String::new();
    old.read_line(&mut line).unwrap();
    assert_eq!(line, "one\n");
    let address = world.at(9000);
    world.reload(&to("two"), &endpoints);
    assert_eq!(world.at(9000), address, "the socket stays");
    assert_eq!(greeting(connect(address)), "two");
    old.get_mut().write_all(b"still there\n").unwrap();
    line.clear();
    old.read_line(&mut line).unwrap();
    assert_eq!(line, "still there\n");
    // Another listener takes the place of the old one, which drains and is closed.
    let other = "{name: tcp, port: 9001, protocol: TCP}";
    world.reload(&manifests(other, "", &["one"], &[tcp_route("all", &backend("one"))]), &endpoints);
    line.clear();
    assert_eq!(old.read_line(&mut line).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(TcpStream::connect(address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

fn ask(socket: &UdpSocket, question: &[u8]) -> Vec<u8> {
    socket.send(question).unwrap();
    let mut answer = vec![0; 65_535];
    let n_bytes = socket.recv(&mut answer).unwrap();
    answer.truncate(n_bytes);
    answer
}

/// A client that takes datagrams of this address only.
fn client(address: SocketAddr) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket
}

fn words(answer: &[u8]) -> (String, String) {
    let text = String::from_utf8(answer.to_vec()).unwrap();
    let mut words = text.split(' ').map(str::to_owned);
    (words.next().unwrap(), words.next().unwrap())
}

#[test]
fn datagrams_of_a_client_share_a_flow() {
    let world = World::start(&manifests(UDP, "", &["dns"], &[udp_route("dns")]), &[("dns", datagrams("dns"))]);
    let (one, other) = (client(world.udp_at(5300)), client(world.udp_at(5300)));
    let first = ask(&one, b"a");
    assert!(first.ends_with(b" a"));
    assert_eq!(words(&ask(&one, b"b")), words(&first), "one flow, one socket towards the backend");
    assert_ne!(words(&ask(&other, b"c")), words(&first));
    assert!(ask(&one, b"").ends_with(b" "), "empty datagrams are datagrams");
    let long = vec![b'x'; 60_000];
    assert!(ask(&one, &long).ends_with(&long));
}

#[test]
fn flows_are_shared_by_weight_and_keep_their_backend() {
    let rules = "rules: [{backendRefs: [{name: one, port: 53, weight: 7}, {name: two, port: 53, weight: 3}, \
                 {name: three, port: 53, weight: 0}]}]";
    let world = World::start(
        &manifests(UDP, "", &["one", "two", "three"], &[route("UDPRoute", "all", "udp", rules)]),
        &[("one", datagrams("one")), ("two", datagrams("two")), ("three", datagrams("three"))],
    );
    let clients: Vec<UdpSocket> = (0..20).map(|_| client(world.udp_at(5300))).collect();
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for socket in &clients {
        let first = words(&ask(socket, b"?"));
        assert_eq!(words(&ask(socket, b"?")), first);
        *counts.entry(first.0).or_default() += 1;
    }
    assert_eq!(counts, BTreeMap::from([("one".to_owned(), 14), ("two".to_owned(), 6)]));
}

#[test]
fn idle_flows_end() {
    let limits = Limits { udp_idle: Duration::from_millis(500), ..Limits::default() };
    let world = World::with(limits, &manifests(UDP, "", &["dns"], &[udp_route("dns")]), &[("dns", datagrams("dns"))]);
    let socket = client(world.udp_at(5300));
    let first = words(&ask(&socket, b"?"));
    // Every question keeps the flow alive, so each comes later than the one before.
    let until = Instant::now() + Duration::from_secs(30);
    let mut pause = Duration::from_millis(200);
    while words(&ask(&socket, b"?")) == first {
        assert!(Instant::now() < until, "the flow does not end");
        std::thread::sleep(pause);
        pause *= 2;
    }
}

#[test]
fn tcp_and_udp_may_have_one_port() {
    let listeners = "{name: tcp, port: 53, protocol: TCP}, {name: udp, port: 53, protocol: UDP}";
    let routes = [tcp_route("tcp", &backend("one")), udp_route("dns")];
    let mut world = World::start(
        &manifests(listeners, "", &["one", "dns"], &routes),
        &[("one", speaker("one")), ("dns", datagrams("dns"))],
    );
    assert_eq!(greeting(connect(world.at(53))), "one");
    assert_eq!(words(&ask(&client(world.udp_at(53)), b"?")).0, "dns");
    // The UDP listener goes, its port with it.
    let address = world.udp_at(53);
    let one = [tcp_route("tcp", &backend("one"))];
    world.reload(&manifests("{name: tcp, port: 53, protocol: TCP}", "", &["one"], &one), &[("one", speaker("one"))]);
    let until = Instant::now() + Duration::from_secs(30);
    while UdpSocket::bind(address).is_err() {
        assert!(Instant::now() < until, "the socket does not end");
        std::thread::yield_now();
    }
}

//! Limits of runtime-design.md §6: who is slow in a head, in a body, or in reading is ended; who only waits is not.
//!
//! Limits are a second here. What must outlive them is compared with what does not: the end of a slow connection is the
//! event after which an idle one must still be there.

use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

use support::backend::Script;
use support::client::{self, Response};
use support::wire::{Wire, text};
use support::world::{World, options};

#[expect(dead_code, reason = "each test uses its part")]
#[path = "support/all.rs"]
mod support;

const MANIFESTS: &str = include_str!("../../fixtures/traffic/common.yaml");

fn world(change: impl FnOnce(&mut gwc_runtime::Limits)) -> World {
    let rest = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: gwc
  listeners:
  - {name: http, port: 80, protocol: HTTP}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
  - backendRefs: [{name: a, port: 80}]
";
    let (mut options, log) = options();
    change(&mut options.limits);
    World::start(&[MANIFESTS, rest].join("---\n"), &BTreeMap::new(), (options, log))
}

const SECOND: Duration = Duration::from_secs(1);

type Kept = Wire<std::net::TcpStream>;

/// Sends bytes on a new connection.
fn send(world: &World, bytes: &str) -> Kept {
    let mut wire = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
    wire.send(bytes.as_bytes()).expect("sent");
    wire
}

/// Waits for the end; an answer before it must be this.
#[track_caller]
fn ends(mut wire: Kept, statuses: &[u16]) {
    match client::response(&mut wire, "POST") {
        Ok(Response { status, .. }) => {
            assert!(statuses.contains(&status), "{status}");
            // A reset is an end too.
            assert!(
                wire.rest()
                    .map_or_else(|error| error.kind() == std::io::ErrorKind::ConnectionReset, |rest| rest.is_empty())
            );
        }
        Err(error) => assert!(!matches!(error.kind(), std::io::ErrorKind::WouldBlock), "never ended: {error}"),
    }
}

/// Lets some rounds of the limits pass: each ends with the end of a connection that is too slow.
fn rounds(world: &World) {
    for _ in 0..3 {
        ends(send(world, "GET / HT"), &[408]);
    }
}

#[test]
fn slow_in_the_head() {
    let world = world(|limits| limits.head = SECOND);
    for start in ["G", "GET / HTTP/1.1\r\nHost: x\r\n", "PRI * HTTP/2.0\r\n"] {
        ends(send(&world, start), &[400, 408]);
    }
    // On a connection that has served requests too.
    let mut wire = send(&world, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(client::response(&mut wire, "GET").expect("an answer").status, 200);
    wire.send(b"GET / HTTP/1.1\r\n").expect("sent");
    ends(wire, &[408]);
    assert_eq!(world.backends.seen().len(), 1);
}

#[test]
fn slow_in_the_body() {
    let world = world(|limits| limits.stall = SECOND);
    ends(send(&world, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello"), &[400, 408]);
    ends(send(&world, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"), &[400, 408]);
    let whole = world.backends.seen().into_iter().filter(|seen| seen.problem.is_none()).count();
    assert_eq!(whole, 0, "half a request is none");
}

#[test]
fn slow_in_reading() {
    let world = world(|limits| limits.stall = SECOND);
    world.backends.answer("*", Script { size: Some(50_000_000), ..Script::default() });
    let wire = send(&world, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    // The log line comes when the answer ends; nobody reads until then.
    let line = world.log.next().expect("a line");
    assert_eq!((line.get("status"), line.get("aborted")), (Some(&200.into()), Some(&true.into())), "{line}");
    let mut stream = wire.stream;
    let (mut n_bytes, mut block) = (0, [0; 65536]);
    while let Ok(n_read @ 1..) = stream.read(&mut block) {
        n_bytes += n_read;
    }
    assert!(n_bytes < 50_000_000, "the answer was cut off");
}

#[test]
fn idle_between_requests() {
    let world = world(|limits| limits.idle = SECOND);
    let mut wire = send(&world, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(client::response(&mut wire, "GET").expect("an answer").status, 200);
    assert_eq!(wire.rest().expect("a clean end"), b"");
    // One that never sends anything.
    assert_eq!(send(&world, "").rest().expect("a clean end"), b"");
}

#[test]
fn a_backend_may_take_its_time() {
    let world = world(|limits| (limits.head, limits.idle, limits.stall) = (SECOND, SECOND, SECOND));
    world.backends.answer("*", Script { hang: true, ..Script::default() });
    let mut waiting = send(&world, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    let _ = world.backends.next();
    rounds(&world);
    waiting.stream.set_nonblocking(true).expect("a socket");
    let end = waiting.stream.read(&mut [0]).map_err(|error| error.kind());
    assert_eq!(end, Err(std::io::ErrorKind::WouldBlock), "no limit ends a request that waits for its backend");
}

#[test]
fn an_answer_may_pause() {
    let world = world(|limits| (limits.head, limits.idle, limits.stall) = (SECOND, SECOND, SECOND));
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nevent\r\n".to_owned();
    world.backends.answer("*", Script { raw_open: Some(head), ..Script::default() });
    let mut events = send(&world, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(events.head().expect("a head").expect("a head").status(), 200);
    assert_eq!(text(&events.exactly(10).expect("a chunk")), "5\r\nevent\r\n");
    rounds(&world);
    events.stream.set_nonblocking(true).expect("a socket");
    let end = events.stream.read(&mut [0]).map_err(|error| error.kind());
    assert_eq!(end, Err(std::io::ErrorKind::WouldBlock), "events stay open (routing.md §5.10)");
}

#[test]
fn a_tunnel_may_pause() {
    let world = world(|limits| (limits.head, limits.idle, limits.stall) = (SECOND, SECOND, SECOND));
    world.backends.answer("*", Script { echo: true, ..Script::default() });
    let mut tunnel = send(
        &world,
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n",
    );
    assert_eq!(client::response(&mut tunnel, "GET").expect("an answer").status, 101);
    rounds(&world);
    tunnel.send(b"still here").expect("sent");
    assert_eq!(text(&tunnel.exactly(10).expect("an echo")), "still here");
}

#[test]
fn too_many_connections() {
    let world = world(|limits| limits.connections = 3);
    let mut kept: Vec<Kept> = (0..3).map(|_| send(&world, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).collect();
    for wire in &mut kept {
        assert_eq!(client::response(wire, "GET").expect("an answer").status, 200);
    }
    // The next one waits, or is refused; once another has left, there is room.
    let mut fourth = send(&world, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    drop(kept.pop());
    let answered = client::response(&mut fourth, "GET").map(|response| response.status);
    assert!(answered.as_ref().map_or(true, |status| *status == 200), "{answered:?}");
    for wire in &mut kept {
        wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
        assert_eq!(client::response(wire, "GET").expect("an answer").status, 200, "those that are there go on");
    }
    drop(fourth);
    let until = std::time::Instant::now() + client::PATIENCE;
    loop {
        let mut next = send(&world, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        match client::response(&mut next, "GET") {
            Ok(response) => break assert_eq!(response.status, 200),
            Err(error) => assert!(std::time::Instant::now() < until, "no room: {error}"),
        }
    }
}

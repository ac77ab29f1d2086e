//! How connections end: while the gateway drains, when the protocol of their port changes, and when a head takes too
//! long (runtime-design.md §2.4, §2.5, §6).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gwc_core::ir::Protocol;
use gwc_runtime::Load;
use support::backend::Script;
use support::client;
use support::wire::{Wire, text};
use support::world::World;

#[expect(dead_code, reason = "each test uses its part")]
#[path = "support/all.rs"]
mod support;

const MANIFESTS: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: gwc}
spec: {controllerName: gwc.dev/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: gwc
  listeners:
  - {name: http, port: 80, protocol: HTTP}
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec:
  ports: [{name: web, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
  - backendRefs: [{name: a, port: 80}]
";

fn world() -> World {
    let (mut options, log) = support::world::options();
    options.limits.head = Duration::from_secs(1);
    World::start(MANIFESTS, &BTreeMap::new(), (options, log))
}

fn open(world: &World) -> Wire<std::net::TcpStream> {
    Wire::new(client::connect(world.addresses[0]).expect("a connection"))
}

#[test]
fn a_websocket_is_a_connection_until_it_ends() {
    let world = world();
    world.backends.answer("*", Script { echo: true, ..Script::default() });
    let mut wire = open(&world);
    let head = "GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    wire.send(head.as_bytes()).expect("sent");
    assert_eq!(client::response(&mut wire, "GET").expect("an answer").status, 101);
    let mut echoes = |word: &str| {
        wire.send(word.as_bytes()).expect("sent");
        assert_eq!(text(&wire.exactly(word.len()).expect("an echo")), word);
    };
    echoes("one");
    world.runtime.drain(Duration::ZERO);
    let stats = world.runtime.stats();
    assert_eq!(stats.connections, [1]);
    assert_eq!(stats.listeners.values().map(|own| own.connections).sum::<u64>(), 1);
    echoes("two");
    drop(wire);
    let begun = Instant::now();
    world.runtime.drain(Duration::from_secs(20));
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(world.runtime.stats().connections, [0]);
}

#[test]
fn clear_text_does_not_reach_a_port_that_wants_tls_by_now() {
    let world = world();
    let request = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut wire = open(&world);
    wire.send(request.as_bytes()).expect("sent");
    assert_eq!(client::response(&mut wire, "GET").expect("an answer").status, 200);
    let mut config = (*world.config).clone();
    for listener in config.sockets.iter_mut().flat_map(|socket| &mut socket.listeners) {
        listener.protocol = Protocol::Https;
    }
    let addresses = vec![vec!["127.0.0.1:0".parse().expect("an address")]];
    let load = Load { config: Arc::new(config), secrets: Arc::clone(&world.secrets), addresses };
    assert_eq!(world.runtime.swap(load).bound[0].result.as_ref().ok(), Some(&world.addresses[0]));
    wire.send(request.as_bytes()).expect("sent");
    let response = client::response(&mut wire, "GET").expect("an answer");
    assert_eq!((response.status, response.header("connection")), (421, Some("close")));
    assert_eq!(wire.rest().expect("the end"), b"");
}

#[test]
fn a_head_that_takes_too_long_is_answered() {
    let world = world();
    for bytes in ["GET /x HTTP/1.1\r\nHo", "PRI * HT"] {
        let mut wire = open(&world);
        wire.send(bytes.as_bytes()).expect("sent");
        assert_eq!(client::response(&mut wire, "GET").expect("an answer").status, 408, "{bytes}");
        assert_eq!(wire.rest().expect("the end"), b"");
    }
    let mut kept = open(&world);
    kept.send(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
    assert_eq!(client::response(&mut kept, "GET").expect("an answer").status, 200);
    kept.send(b"GET").expect("sent");
    assert_eq!(client::response(&mut kept, "GET").expect("an answer").status, 408);
}

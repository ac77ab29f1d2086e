//! Listeners that come, go, or cannot be bound.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::support::client::{self, http2::Http2};
use crate::support::frames::Frames;
use crate::support::wire::Wire;
use crate::{A, BTreeMap, Kept, config, get, ok, start, to};

/// Waits until nobody listens there any more.
fn wait_until_refused(address: SocketAddr) {
    let until = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_ok() {
        assert!(Instant::now() < until, "{address} still accepts");
        std::thread::yield_now();
    }
}

#[test]
fn a_listener_that_comes_is_served_at_once() {
    let mut world = start(&[80], &to("a"));
    let mut kept = Kept::new(world.addresses[0]);
    assert_eq!(kept.get("/"), ok(A));
    let applied = world.reload(config(&[80, 8080], &to("a")));
    let addresses: Vec<SocketAddr> = applied.bound.iter().map(|one| *one.result.as_ref().expect("bound")).collect();
    assert_eq!(addresses[0], world.addresses[0], "the socket that stays keeps its port");
    assert_eq!(get(addresses[1], "/"), ok(A));
    assert_eq!(kept.get("/"), ok(A), "and its connections");
}

#[test]
fn a_listener_that_goes_drains() {
    let mut world = start(&[80, 8080], &to("a"));
    let (stays, goes) = (world.addresses[0], world.addresses[1]);
    let mut idle = Kept::new(goes);
    assert_eq!(idle.get("/"), ok(A));
    let mut other = Kept::new(stays);
    assert_eq!(other.get("/"), ok(A));
    let _ = world.backends.seen();
    // A request that is under way: the backend has its head, and waits for the body.
    let mut busy = Wire::new(client::connect(goes).expect("a connection"));
    busy.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n").expect("sent");
    assert_eq!(client::next_head(&mut busy).expect("an answer").status(), 100);
    world.reload(config(&[80], &to("a")));
    wait_until_refused(goes);
    busy.send(b"hello").expect("sent");
    let response = client::response(&mut busy, "POST").expect("the request under way is answered");
    assert_eq!((response.status, response.header("connection")), (200, Some("close")));
    assert_eq!(busy.rest().expect("the end"), b"", "and its connection ends");
    assert_eq!(idle.0.rest().expect("the end"), b"", "an idle connection ends");
    assert_eq!(other.get("/"), ok(A), "connections of other listeners stay");
    // The port can be served again.
    let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    let applied = world.load_at(config(&[80, 8080], &to("a")), &BTreeMap::new(), vec![vec![any], vec![goes]]);
    assert!(applied.bound.iter().all(|one| one.result.is_ok()), "{applied:?}");
    assert_eq!(get(goes, "/"), ok(A));
}

#[test]
fn http2_connections_of_a_listener_that_goes_get_goaway() {
    let mut world = start(&[80, 8080], &to("a"));
    let mut http2 = Http2::connect(world.addresses[1], None).expect("a connection");
    let mut ask = || http2.request(http::Request::get("http://x/").body(Frames::default()).expect("a request"));
    assert_eq!(ask().expect("an answer").status, 200);
    world.reload(config(&[80], &to("a")));
    let until = Instant::now() + Duration::from_secs(10);
    // A stream that was taken is answered; then GOAWAY keeps the client from opening more.
    while ask().map(|response| assert_eq!(response.status, 200)).is_ok() {
        assert!(Instant::now() < until, "the connection never ends");
    }
}

#[test]
fn a_port_that_is_taken_holds_nobody_up() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    let mut world = start(&[80], &to("a"));
    let places = || vec![vec![any], vec![address], vec![any]];
    let applied = world.load_at(config(&[80, 8080, 9090], &to("a")), &BTreeMap::new(), places());
    let results: Vec<_> = applied.bound.iter().map(|one| one.result.as_ref()).collect();
    assert!(matches!(results.as_slice(), [Ok(_), Err(_), Ok(_)]), "{results:?}");
    assert_eq!(applied.bound[1].asked, address);
    assert_eq!(get(*applied.bound[0].result.as_ref().expect("bound"), "/"), ok(A));
    assert_eq!(get(*applied.bound[2].result.as_ref().expect("bound"), "/"), ok(A));
    drop(taken);
    let applied = world.load_at(config(&[80, 8080, 9090], &to("a")), &BTreeMap::new(), places());
    assert_eq!(applied.bound[1].result.as_ref().ok(), Some(&address), "{applied:?}");
    assert_eq!(get(address, "/"), ok(A));
}

#[test]
fn several_addresses_serve_one_socket() {
    let mut world = start(&[80], &to("a"));
    let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    let other: SocketAddr = "127.0.0.2:0".parse().expect("an address");
    let applied = world.load_at(config(&[80], &to("a")), &BTreeMap::new(), vec![vec![any, other]]);
    for bound in applied.bound.iter().filter(|bound| bound.result.is_ok()) {
        assert_eq!(get(*bound.result.as_ref().expect("bound"), "/"), ok(A));
    }
    assert_eq!(applied.bound.len(), 2);
}

#[test]
fn a_request_under_way_keeps_its_snapshot() {
    let mut world = start(&[80], &to("a"));
    let mut busy = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
    busy.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n").expect("sent");
    assert_eq!(client::next_head(&mut busy).expect("an answer").status(), 100);
    world.reload(config(&[80], "  - matches: [{path: {value: /other}}]\n    backendRefs: [{name: b, port: 80}]\n"));
    busy.send(b"hello").expect("sent");
    let response = client::response(&mut busy, "POST").expect("an answer");
    assert_eq!((response.status, response.header("x-backend")), (200, Some(A)));
    busy.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
    assert_eq!(client::response(&mut busy, "GET").expect("an answer").status, 404, "the next request has the new one");
}

#[test]
fn a_port_may_change_its_protocol() {
    let mut world = start(&[443], &to("a"));
    let address = world.addresses[0];
    let mut old = Kept::new(address);
    assert_eq!(old.get("/"), ok(A));
    let secrets =
        include_str!("../../../fixtures/traffic/tls/common.yaml").split_once("kind: Secret").expect("a Secret").1;
    let listeners = "  - {name: p443, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: any}]}}\n";
    let route = crate::manifests(&[], &to("a")).replace("  listeners:\n", &format!("  listeners:\n{listeners}"));
    let (config, secrets) = crate::compiled(&format!("{route}---\napiVersion: v1\nkind: Secret{secrets}"));
    world.secrets = secrets.into();
    let applied = world.reload(config);
    assert_eq!(applied.bound[0].result.as_ref().ok(), Some(&address), "the socket stays");
    let (stream, _) = client::tls(client::connect(address).expect("a connection"), Some("x.test"), &[]).expect("TLS");
    let mut wire = Wire::new(stream);
    wire.send(b"GET / HTTP/1.1\r\nHost: x.test\r\n\r\n").expect("sent");
    assert_eq!(client::response(&mut wire, "GET").expect("an answer").status, 200);
    // The old connection ends: what was said on it in clear text must not be answered for a listener of TLS.
    if let Ok((status, _)) = old.try_get("/") {
        assert_ne!(status, 500);
        assert!(old.0.rest().map_or(true, |rest| rest.is_empty()), "it says close and ends");
    }
}

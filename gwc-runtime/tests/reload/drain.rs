//! The end: draining waits for what is under way, and not for ever; a shutdown waits for nothing.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::backend::Script;
use crate::support::client;
use crate::support::wire::Wire;
use crate::{A, Kept, ok, start, to};

const LONG: Duration = Duration::from_secs(20);

#[test]
fn what_is_under_way_ends_well() {
    let world = start(&[80], &to("a"));
    let mut busy = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
    busy.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n").expect("sent");
    assert_eq!(client::next_head(&mut busy).expect("an answer").status(), 100);
    let runtime = world.runtime.clone();
    let draining = std::thread::spawn(move || runtime.drain(LONG));
    let until = Instant::now() + LONG;
    while TcpStream::connect(world.addresses[0]).is_ok() {
        assert!(Instant::now() < until, "still accepts");
        std::thread::yield_now();
    }
    assert!(world.runtime.is_draining() && !draining.is_finished(), "a request is under way");
    busy.send(b"hello").expect("sent");
    let response = client::response(&mut busy, "POST").expect("an answer");
    assert_eq!((response.status, response.header("connection")), (200, Some("close")));
    draining.join().expect("no panic");
    assert!(Instant::now() < until, "draining ends with the last connection");
}

#[test]
fn idle_connections_do_not_hold_it_up() {
    let world = start(&[80], &to("a"));
    let mut kept: Vec<Kept> = (0..5).map(|_| Kept::new(world.addresses[0])).collect();
    kept.iter_mut().for_each(|kept| assert_eq!(kept.get("/"), ok(A)));
    let begun = Instant::now();
    world.runtime.drain(LONG);
    assert!(begun.elapsed() < LONG, "idle connections end");
    for mut kept in kept {
        assert_eq!(kept.0.rest().expect("the end"), b"");
    }
}

#[test]
fn it_does_not_wait_for_ever() {
    let world = start(&[80], &to("a"));
    world.backends.answer("*", Script { hang: true, ..Script::default() });
    let mut stuck = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
    stuck.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
    let _ = world.backends.next();
    let limit = Duration::from_millis(200);
    let begun = Instant::now();
    world.runtime.drain(limit);
    assert!(begun.elapsed() >= limit, "a request is under way");
    assert!(begun.elapsed() < LONG);
    world.runtime.shutdown();
    // Closed or reset, but over.
    assert!(stuck.rest().map_or(true, |rest| rest.is_empty()));
}

#[test]
fn a_shutdown_ends_everything_and_may_be_repeated() {
    let world = start(&[80], &to("a"));
    let mut kept = Kept::new(world.addresses[0]);
    assert_eq!(kept.get("/"), ok(A));
    world.runtime.shutdown();
    assert!(kept.0.rest().map_or(true, |rest| rest.is_empty()));
    assert!(TcpStream::connect(world.addresses[0]).is_err());
    world.runtime.shutdown();
    let applied = world.runtime.swap(gwc_runtime::Load {
        config: world.config.clone(),
        secrets: world.secrets.clone(),
        addresses: Vec::new(),
    });
    assert_eq!(applied.generation, 0, "nobody is left to serve it");
}

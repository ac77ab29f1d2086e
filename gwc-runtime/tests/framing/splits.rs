//! Requests that arrive in two pieces, cut at every byte: where a request is cut never changes how it is read.

use crate::support::client;
use crate::support::wire::{Wire, text};
use crate::world;

/// Requests and the bodies that the backend must see.
const REQUESTS: [(&str, &str); 4] = [
    ("GET /x?y=z HTTP/1.1\r\nHost: x\r\nX-A: b\r\n\r\n", ""),
    ("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello\r\n\r\nhi", "hello\r\n\r\nhi"),
    (
        "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;e=f\r\nhello\r\n2\r\n\r\n\r\n0\r\nX-Sum: 1\r\n\r\n",
        "hello\r\n",
    ),
    ("\r\nPUT http://x/x HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n", ""),
];

#[test]
fn every_cut_is_read_alike() {
    let world = world();
    for (request, body) in REQUESTS {
        let mut wire = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
        let mut first = None;
        for cut in 0..=request.len() {
            let (one, two) = request.split_at(cut);
            wire.send(one.as_bytes()).expect("sent");
            std::thread::yield_now();
            wire.send(two.as_bytes()).expect("sent");
            let response = client::response(&mut wire, "POST").expect("an answer");
            assert_eq!(response.status, 200, "cut at {cut} of {request:?}");
            let seen = world.backends.next();
            assert_eq!((text(&seen.body.bytes).as_str(), &seen.problem), (body, &None), "cut at {cut} of {request:?}");
            assert_eq!(first.get_or_insert_with(|| seen.head.clone()), &seen.head, "cut at {cut} of {request:?}");
        }
        assert!(world.backends.seen().is_empty(), "one request for each: {request:?}");
    }
}

#[test]
fn byte_by_byte() {
    let world = world();
    for (request, body) in REQUESTS {
        let mut wire = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
        for byte in request.bytes() {
            wire.send(&[byte]).expect("sent");
            std::thread::yield_now();
        }
        assert_eq!(client::response(&mut wire, "POST").expect("an answer").status, 200, "{request:?}");
        assert_eq!(text(&world.backends.next().body.bytes), body, "{request:?}");
    }
}

#[test]
fn refusals_do_not_depend_on_cuts() {
    let world = world();
    let request = "POST /x HTTP/1.1\r\nHost: x\r\nX-A : b\r\nContent-Length: 5\r\n\r\nhello";
    for cut in 0..request.len() {
        let mut wire = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
        let (one, two) = request.split_at(cut);
        wire.send(one.as_bytes()).expect("sent");
        std::thread::yield_now();
        // It may be refused already.
        let _ = wire.send(two.as_bytes());
        if let Ok(response) = client::response(&mut wire, "POST") {
            assert_eq!(response.status, 400, "cut at {cut}");
        }
    }
    assert!(world.backends.seen().is_empty());
}

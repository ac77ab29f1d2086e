//! S1, S4, S20 to S23, S25 for answers: a scripted backend sends what could be read in two ways.

use crate::support::backend::Script;
use crate::support::client::Response;
use crate::support::world::World;
use crate::{ask, get, world};

fn raw(text: &str) -> Script {
    Script { raw: Some(text.to_owned()), ..Script::default() }
}

/// Bytes after which the connection stays open.
fn raw_open(text: &str) -> Script {
    Script { raw_open: Some(text.to_owned()), ..Script::default() }
}

/// The answer to a request whose backend sends these bytes, and then the one to the next request.
fn answered(world: &World, script: Script) -> (Response, Response) {
    world.backends.answer("*", script);
    // hyper may close before the head of an answer that breaks at once has left.
    let closed = |error: std::io::Error| Response { cut: Some(error.to_string()), ..Response::default() };
    let first = get(world, "/first").unwrap_or_else(closed);
    world.backends.answer_as_usual();
    let second = get(world, "/second").expect("an answer");
    (first, second)
}

/// A broken answer must be 502 or cut off, and the next request must get its own.
#[track_caller]
fn refused(world: &World, bytes: &str) {
    for script in [raw(bytes), raw_open(bytes)] {
        let (first, second) = answered(world, script);
        assert!(first.status == 502 || first.cut.is_some(), "{bytes:?}: {first:?}");
        assert_eq!((second.status, second.body.bytes.as_slice()), (200, b"shop/a:80\n".as_slice()), "{bytes:?}");
    }
}

#[test]
fn s1_both_framings_in_an_answer() {
    let world = world();
    for lines in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: chunked\r\nContent-Length: 16",
    ] {
        let (first, second) =
            answered(&world, raw(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n5\r\nhello\r\n0\r\n\r\n")));
        // hyper drops the length before anyone can see it; then the answer is written anew, in one form only.
        let is_anew = first.status == 200 && first.body.bytes == b"hello" && first.header("content-length").is_none();
        assert!(first.status == 502 || is_anew, "{lines}: {first:?}");
        assert_eq!(second.body.bytes, b"shop/a:80\n");
    }
}

#[test]
fn s3_lengths_of_answers() {
    let world = world();
    for value in ["5, 6", "-5", "+5", "0x5", "5 5", "99999999999999999999", "five"] {
        refused(&world, &format!("HTTP/1.1 200 OK\r\nContent-Length: {value}\r\n\r\nhello"));
    }
    refused(&world, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!");
}

#[test]
fn s4_s7_s8_heads_of_answers() {
    let world = world();
    for head in [
        "HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A : b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: b\rc\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: b\0c\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n",
        "ICY 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 999\u{e4} OK\r\nContent-Length: 0\r\n\r\n",
    ] {
        refused(&world, head);
    }
}

#[test]
fn s10_chunks_of_answers() {
    let world = world();
    for chunks in ["zz\r\n", "5\r\nhelloX", "-5\r\nhello\r\n", "5\r\nhello\r\nzz\r\n", "10000000000000000\r\n"] {
        refused(&world, &format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"));
    }
}

#[test]
fn s9_large_heads_of_answers() {
    let world = world();
    let many: String = (0..150).map(|number| format!("X-{number}: y\r\n")).collect();
    refused(&world, &format!("HTTP/1.1 200 OK\r\n{many}Content-Length: 0\r\n\r\n"));
    let large = "y".repeat(500 * 1024);
    refused(&world, &format!("HTTP/1.1 200 OK\r\nX-A: {large}\r\nContent-Length: 0\r\n\r\n"));
}

#[test]
fn s20_interim_answers() {
    let world = world();
    for interim in
        [vec!["100 Continue"], vec!["103 Early Hints | Link: </a>"], vec!["102 Processing", "103 Early Hints"]]
    {
        let interim: Vec<String> = interim.into_iter().map(str::to_owned).collect();
        world.backends.answer("*", Script { interim, ..Script::default() });
        let response = get(&world, "/x").expect("an answer");
        assert_eq!((response.status, response.body.bytes.as_slice()), (200, b"shop/a:80\n".as_slice()));
        let statuses: Vec<u16> = response.interim.iter().map(|head| head.status()).collect();
        assert!(statuses.iter().all(|status| matches!(status, 100 | 103)), "{statuses:?}");
        assert!(response.interim.iter().all(|head| head.first("content-length").is_none()));
    }
    // An interim answer alone is none.
    refused(&world, "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 banana\r\n\r\n");
}

#[test]
fn s21_answers_without_body() {
    let world = world();
    // The fields say that there is a body; there is none, and the next answer on the connection is the next request's.
    for (method, head) in [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"),
        ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
    ] {
        world.backends.answer("*", raw_open(head));
        let response = ask(&world, &format!("{method} /x HTTP/1.1\r\nHost: x\r\n\r\n"), method).expect("an answer");
        assert!(response.body.bytes.is_empty() && response.cut.is_none(), "{head:?}: {response:?}");
        world.backends.answer_as_usual();
        assert_eq!(get(&world, "/y").expect("an answer").body.bytes, b"shop/a:80\n", "{head:?}");
    }
    // A body that must not be there never reaches anybody.
    for (method, head) in [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        ("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello"),
    ] {
        world.backends.answer("*", raw_open(head));
        let response = ask(&world, &format!("{method} /x HTTP/1.1\r\nHost: x\r\n\r\n"), method).expect("an answer");
        assert!(response.body.bytes.is_empty(), "{head:?}: {response:?}");
        world.backends.answer_as_usual();
        for _ in 0..3 {
            assert_eq!(get(&world, "/y").expect("an answer").body.bytes, b"shop/a:80\n", "{head:?}");
        }
    }
}

#[test]
fn s22_early_ends() {
    let world = world();
    for bytes in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ] {
        let (first, second) = answered(&world, raw(bytes));
        assert!(first.cut.is_some() || first.status == 502, "{bytes:?}: {first:?}");
        assert_eq!(second.body.bytes, b"shop/a:80\n");
    }
    // Up to the end of the connection only without both.
    let (first, _) = answered(&world, raw("HTTP/1.1 200 OK\r\n\r\nhello"));
    assert_eq!((first.cut, first.body.bytes.as_slice()), (None, b"hello".as_slice()));
}

#[test]
fn s23_surplus_bytes() {
    let world = world();
    let stolen = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nSTOLEN";
    for surplus in [stolen, "X", "\r\n", "HTTP/1.1 100 Continue\r\n\r\n"] {
        for _ in 0..5 {
            let (first, second) =
                answered(&world, raw_open(&format!("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst{surplus}")));
            assert_eq!(first.body.bytes, b"first");
            assert_eq!((second.status, second.body.bytes.as_slice()), (200, b"shop/a:80\n".as_slice()), "{surplus:?}");
            let third = get(&world, "/third").expect("an answer");
            assert_eq!(third.body.bytes, b"shop/a:80\n", "{surplus:?}");
        }
    }
}

#[test]
fn s25_reuse() {
    let world = world();
    let connection_of = |script: Script| {
        world.backends.answer("*", script);
        let _ = get(&world, "/x");
        world.backends.answer_as_usual();
        world.backends.next().connection
    };
    let first = connection_of(Script::default());
    assert_eq!(connection_of(Script::default()), first, "a clean end goes back to the pool");
    assert_eq!(connection_of(Script { chunked: true, ..Script::default() }), first, "chunks too");
    assert_eq!(connection_of(Script { status: 204, ..Script::default() }), first, "and answers without body");
    let closing = Script { headers: vec!["Connection: close".to_owned()], ..Script::default() };
    assert_eq!(connection_of(closing), first);
    let second = connection_of(Script::default());
    assert_ne!(second, first, "the backend said close");
    assert_eq!(connection_of(raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")), second);
    let third = connection_of(Script::default());
    assert_ne!(third, second, "the answer was cut off");
    assert_eq!(connection_of(raw_open("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")), third);
    assert_ne!(connection_of(Script::default()), third, "HTTP/1.0 did not ask to keep it");
}

#[test]
fn s25_reuse_after_a_body() {
    let world = world();
    let connection_of = |framing: &str| {
        let request = format!("POST /x HTTP/1.1\r\nHost: x\r\n{framing}");
        assert_eq!(ask(&world, &request, "POST").expect("an answer").status, 200);
        world.backends.next().connection
    };
    let first = connection_of("Content-Length: 5\r\n\r\nhello");
    assert_eq!(connection_of("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), first);
    assert_eq!(connection_of("Content-Length: 5\r\n\r\nhello"), first);
}

#[test]
fn s2_codings_of_answers() {
    let world = world();
    for coding in ["gzip", "gzip, chunked", "identity"] {
        refused(&world, &format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: {coding}\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
    }
    refused(&world, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello");
}

#[test]
fn s25_clients_that_leave() {
    let world = world();
    // The client leaves in the middle of an answer that never ends: that connection must not be used again.
    world.backends.answer("*", raw_open("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"));
    let mut wire = crate::Wire::new(crate::client::connect(world.addresses[0]).expect("a connection"));
    wire.send(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
    assert_eq!(wire.head().expect("an answer").expect("a head").status(), 200);
    let left = world.backends.next().connection;
    drop(wire);
    world.backends.answer_as_usual();
    assert_eq!(get(&world, "/y").expect("an answer").body.bytes, b"shop/a:80\n");
    assert_ne!(world.backends.next().connection, left);
}

#[test]
fn s25_connections_that_were_closed_unseen() {
    let world = world();
    world.backends.answer("*", Script { once: true, ..Script::default() });
    let mut wire = crate::Wire::new(crate::client::connect(world.addresses[0]).expect("a connection"));
    for number in 0..20 {
        // Sent once more on a fresh connection, since that can do no harm (runtime-design.md §3.7).
        wire.send(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
        let response = crate::client::response(&mut wire, "GET").expect("an answer");
        assert_eq!(response.status, 200, "request {number}");
    }
    // What may have been done already is not done twice.
    wire.send(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi").expect("sent");
    assert_eq!(crate::client::response(&mut wire, "POST").expect("an answer").status, 502);
}

//! S17 to S19, S27, S28: what of a request goes on, and what does not.

use crate::judge::May::Refuse;
use crate::judge::{judge, served};
use crate::support::backend::Script;
use crate::support::client;
use crate::support::wire::{Wire, text};
use crate::{ask, world};

fn lines(lines: &str) -> String {
    format!("GET /x HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n")
}

#[test]
fn s17_one_hop_only() {
    let world = world();
    let seen = served(
        &world,
        &lines(
            "Connection: X-One, keep-alive\r\nConnection: x-two\r\nX-One: 1\r\nX-Two: 2\r\nX-Three: 3\r\n\
             Keep-Alive: 5\r\nProxy-Connection: close\r\nProxy-Authorization: x\r\nTrailer: y\r\nTE: gzip",
        ),
    );
    let names: Vec<String> = seen.head.lines.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    let expected = ["host", "x-three", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-port"];
    assert_eq!(names, expected, "{:?}", seen.head);
    let names = [
        "Host",
        "content-length",
        "Transfer-Encoding",
        "AUTHORIZATION",
        "cookie",
        "X-Forwarded-For",
        "x-forwarded-proto",
        "close, Host",
    ];
    for name in names {
        judge(&[(name, &lines(&format!("Connection: {name}")), Refuse(400))]);
    }
}

#[test]
fn s18_upgrades() {
    let world = world();
    for other in ["h2c", "TLS/1.0", "websocket2", "h2c, websocket"] {
        let seen = served(&world, &lines(&format!("Connection: Upgrade\r\nUpgrade: {other}")));
        assert_eq!(seen.head.first("upgrade"), None, "{other}");
    }
    // Bytes behind the head of an upgrade belong to the tunnel.
    world.backends.answer("*", Script { echo: true, ..Script::default() });
    let mut wire = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
    let head = lines("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13");
    wire.send(format!("{head}GET /y HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).expect("sent");
    assert_eq!(client::response(&mut wire, "GET").expect("an answer").status, 101);
    assert_eq!(text(&wire.exactly(28).expect("an echo")), "GET /y HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(world.backends.seen().len(), 1, "bytes in a tunnel are no request");
    // 101 that nobody asked for.
    let response = ask(&world, &lines("X-A: b"), "GET").expect("an answer");
    assert_eq!(response.status, 502);
}

#[test]
fn s19_expectations() {
    let world = world();
    let ask_first = |expectation: &str| {
        let mut wire = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
        let head = format!("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: {expectation}\r\n\r\n");
        wire.send(head.as_bytes()).expect("sent");
        let head = client::next_head(&mut wire).expect("an answer");
        (wire, head)
    };
    let (mut wire, head) = ask_first("100-continue");
    assert_eq!(head.status(), 100);
    wire.send(b"hello").expect("sent");
    assert_eq!(client::response(&mut wire, "POST").expect("an answer").status, 200);
    assert_eq!(text(&world.backends.next().body.bytes), "hello");
    for other in ["tea", "100-continue, tea", "200-ok"] {
        assert_eq!(ask_first(other).1.status(), 417, "{other}");
    }
    assert!(world.backends.seen().is_empty());
    // Whoever sends the body at once gets one final answer.
    served(&world, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");
}

#[test]
fn s27_to_http2() {
    let world = world();
    let request = "POST /h2 HTTP/1.1\r\nHost: x\r\nConnection: X-One, TE\r\nX-One: 1\r\nTE: trailers, gzip\r\nKeep-Alive: 5\r\n\
                   Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    assert_eq!(ask(&world, request, "POST").expect("an answer").status, 200);
    let seen = world.backends.next();
    let names: Vec<&str> = seen.head.lines.iter().map(|(name, _)| name.as_str()).collect();
    let allowed = [":authority", "te", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-port"];
    assert!(names.iter().all(|name| allowed.contains(name)), "{names:?}");
    assert_eq!(seen.head.first("te"), Some("trailers"));
    assert_eq!((text(&seen.body.bytes).as_str(), seen.problem), ("hello", None));
}

#[test]
fn s28_forwarding_fields_route_nothing() {
    let world = world();
    let seen = served(
        &world,
        &lines(
            "X-Forwarded-Host: h2\r\nX-Forwarded-Prefix: /h2\r\nX-Original-URL: /h2\r\nX-Rewrite-URL: /h2\r\nForwarded: host=h2",
        ),
    );
    assert_eq!(seen.backend, "shop/a:80");
    assert_eq!(seen.head.first("x-forwarded-host"), None, "what a stranger says is not passed on as ours");
    assert_eq!(seen.head.first("forwarded"), None);
    let all: Vec<&str> = seen.head.all("x-forwarded-for").collect();
    assert_eq!(all, ["127.0.0.1"]);
}

#[test]
fn bodies_in_chunks_go_on_whatever_the_method() {
    let world = world();
    for method in ["GET", "DELETE", "OPTIONS", "POST"] {
        let request =
            format!("{method} /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        assert_eq!(text(&served(&world, &request).body.bytes), "hello", "{method}");
    }
}

#[test]
fn filters_have_the_last_word_on_forwarding_fields() {
    let world = world();
    let request = "GET /filtered HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: stranger.test\r\n\r\n";
    let seen = served(&world, request);
    let forwarded = |name: &str| seen.head.all(&format!("x-forwarded-{name}")).collect::<Vec<_>>().join("|");
    assert_eq!(["for", "proto", "host", "port"].map(forwarded), ["127.0.0.1", "https", "own.test", ""]);
}

#[test]
fn s12_trailers_to_http2() {
    let world = world();
    let request = "POST /h2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\
                   X-Sum: 1\r\nAuthorization: a\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(ask(&world, request, "POST").expect("an answer").status, 200);
    let body = world.backends.next().body;
    assert_eq!(
        (text(&body.bytes).as_str(), body.trailers.as_slice()),
        ("hello", &[("x-sum".to_owned(), "1".to_owned())][..])
    );
}

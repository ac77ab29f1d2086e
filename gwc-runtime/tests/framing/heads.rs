//! S4 to S9, S13 to S16, S24: how a head is read.

use crate::judge::May::{Either, Refuse, Serve};
use crate::judge::{Verdict, judge, served};
use crate::support::backend::Script;
use crate::support::client;
use crate::support::wire::Wire;
use crate::{ask, world};

/// A request with these lines behind Host.
fn lines(lines: &str) -> String {
    format!("GET /x HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n")
}

/// A request with this first line.
fn start(start: &str) -> String {
    format!("{start}\r\nHost: x\r\n\r\n")
}

#[test]
fn s4_folded_lines() {
    judge(&[
        ("space", &lines("X-A: b\r\n c"), Refuse(400)),
        ("tab", &lines("X-A: b\r\n\tc"), Refuse(400)),
        ("first line", "GET /x HTTP/1.1\r\n X-A: b\r\nHost: x\r\n\r\n", Refuse(400)),
        ("folded to a request line", &lines("X-A: b\r\n GET /y HTTP/1.1"), Refuse(400)),
    ]);
}

#[test]
fn s5_line_ends() {
    judge(&[
        ("bare LF after the request line", "GET /x HTTP/1.1\nHost: x\r\n\r\n", Either(400)),
        ("bare LF after a field", "GET /x HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n", Either(400)),
        ("bare LF at the end", "GET /x HTTP/1.1\r\nHost: x\r\n\n", Either(400)),
        ("only LF", "GET /x HTTP/1.1\nHost: x\n\n", Either(400)),
        ("bare CR in a value", &lines("X-A: b\rc"), Refuse(400)),
        ("bare CR before a name", "GET /x HTTP/1.1\r\nHost: x\r\n\rX-A: b\r\n\r\n", Refuse(400)),
        ("NUL in a value", &lines("X-A: b\0c"), Refuse(400)),
        ("NUL in a name", &lines("X\0A: b"), Refuse(400)),
        ("NUL in the target", &start("GET /x\0 HTTP/1.1"), Refuse(400)),
        ("a request behind a bare CR", &lines("X-A: b\r\rGET /y HTTP/1.1"), Refuse(400)),
    ]);
}

#[test]
fn s6_before_the_request_line() {
    judge(&[
        ("one empty line", &format!("\r\n{}", lines("X-A: b")), Serve),
        ("three empty lines", &format!("\r\n\r\n\r\n{}", lines("X-A: b")), Either(400)),
        ("bare LF", &format!("\n{}", lines("X-A: b")), Either(400)),
        ("space", &format!(" {}", lines("X-A: b")), Refuse(400)),
        ("a NUL", &format!("\0{}", lines("X-A: b")), Refuse(400)),
    ]);
}

#[test]
fn s7_white_space() {
    judge(&[
        ("before the colon", &lines("X-A : b"), Refuse(400)),
        ("tab before the colon", &lines("X-A\t: b"), Refuse(400)),
        ("before Host's colon", "GET /x HTTP/1.1\r\nHost : x\r\n\r\n", Refuse(400)),
        ("two spaces in the request line", &start("GET  /x HTTP/1.1"), Refuse(400)),
        ("two spaces before the version", &start("GET /x  HTTP/1.1"), Refuse(400)),
        ("tab in the request line", &start("GET\t/x HTTP/1.1"), Refuse(400)),
        ("space behind the version", &start("GET /x HTTP/1.1 "), Refuse(400)),
        ("space in the target", &start("GET /x y HTTP/1.1"), Refuse(400)),
        ("around a value", &lines("X-A: \t b \t "), Serve),
    ]);
}

#[test]
fn s8_names_and_values() {
    let world = world();
    judge(&[
        ("empty name", &lines(": b"), Refuse(400)),
        ("no colon", &lines("X-A"), Refuse(400)),
        ("space in a name", &lines("X A: b"), Refuse(400)),
        ("parenthesis in a name", &lines("X(A): b"), Refuse(400)),
        ("byte above 127 in a name", &lines("X-\u{e4}: b"), Refuse(400)),
        ("control character in a value", &lines("X-A: b\x01c"), Refuse(400)),
        ("DEL in a value", &lines("X-A: b\x7fc"), Refuse(400)),
        ("slash in a method", &start("GE/T /x HTTP/1.1"), Refuse(400)),
        ("no method", &start(" /x HTTP/1.1"), Refuse(400)),
    ]);
    let seen = served(&world, &lines("X-A: \u{e4}\u{ff}\r\nX-Empty:\r\nX-Tab: a\tb"));
    assert_eq!(seen.head.first("x-a"), Some("\u{e4}\u{ff}"), "bytes above 127 pass unchanged");
    assert_eq!(seen.head.first("x-empty"), Some(""));
    assert_eq!(seen.head.first("x-tab"), Some("a\tb"));
}

#[test]
fn s9_sizes() {
    let many = |count: usize| {
        let all: Vec<String> = (0..count).map(|number| format!("X-{number}: y")).collect();
        lines(&all.join("\r\n"))
    };
    let block = |size: usize| lines(&format!("X-A: {}", "y".repeat(size)));
    let target = |size: usize| start(&format!("GET /{} HTTP/1.1", "x".repeat(size)));
    judge(&[
        ("target of 8 KiB", &target(8 * 1024), Serve),
        ("target of 17 KiB", &target(17 * 1024), Either(414)),
        ("target of 70 KiB", &target(70 * 1024), Refuse(431)),
        ("99 fields", &many(98), Serve),
        ("101 fields", &many(100), Refuse(431)),
        ("fields of 32 KiB", &block(32 * 1024), Serve),
        ("fields of 70 KiB", &block(70 * 1024), Refuse(431)),
    ]);
    // Nothing is forwarded while a head that never ends grows.
    let endless = format!("GET /x HTTP/1.1\r\nHost: x\r\n{}", "X-A: y\r\n".repeat(20_000));
    let verdict = Verdict::of(&world(), &endless);
    assert!(verdict.whole.is_empty() && verdict.broken.is_empty(), "{}", verdict.describe());
}

#[test]
fn s13_host() {
    let world = world();
    judge(&[
        ("none", "GET /x HTTP/1.1\r\nX-A: b\r\n\r\n", Refuse(400)),
        ("two", "GET /x HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", Refuse(400)),
        ("two equal ones", "GET /x HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", Refuse(400)),
        ("a list", "GET /x HTTP/1.1\r\nHost: x, y\r\n\r\n", Refuse(400)),
        ("a path", "GET /x HTTP/1.1\r\nHost: x/y\r\n\r\n", Refuse(400)),
        ("user information", "GET /x HTTP/1.1\r\nHost: u@x\r\n\r\n", Refuse(400)),
        ("a bad port", "GET /x HTTP/1.1\r\nHost: x:1x\r\n\r\n", Refuse(400)),
        ("absolute form without Host", "GET http://x/x HTTP/1.1\r\nX-A: b\r\n\r\n", Refuse(400)),
        ("absolute form with two", "GET http://x/x HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", Refuse(400)),
        ("absolute form with user information", "GET http://u@x/x HTTP/1.1\r\nHost: x\r\n\r\n", Refuse(400)),
    ]);
    let seen = served(&world, "GET http://one.example/x HTTP/1.1\r\nHost: two.example\r\n\r\n");
    let hosts: Vec<&str> = seen.head.all("host").collect();
    assert_eq!((seen.head.start.as_str(), hosts), ("GET /x HTTP/1.1", vec!["one.example"]));
}

#[test]
fn s14_targets() {
    judge(&[
        ("no slash", &start("GET x HTTP/1.1"), Refuse(400)),
        ("asterisk", &start("GET * HTTP/1.1"), Refuse(400)),
        ("only a query", &start("GET ?x HTTP/1.1"), Refuse(400)),
        ("authority form", &start("GET x:80 HTTP/1.1"), Refuse(400)),
        ("another scheme", &start("GET ftp://x/x HTTP/1.1"), Refuse(400)),
        ("scheme without host", &start("GET http:///x HTTP/1.1"), Refuse(400)),
        ("control character", &start("GET /x\x01 HTTP/1.1"), Refuse(400)),
        ("DEL", &start("GET /x\x7f HTTP/1.1"), Refuse(400)),
        ("fragment", &start("GET /x#y HTTP/1.1"), Either(400)),
        ("byte above 127", &start("GET /\u{e4} HTTP/1.1"), Either(400)),
        ("empty", &start("GET  HTTP/1.1"), Refuse(400)),
        ("back slash", &start("GET \\x HTTP/1.1"), Refuse(400)),
    ]);
    let connect = ask(&world(), "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n", "CONNECT").expect("an answer");
    assert_eq!(connect.status, 405);
}

#[test]
fn s15_versions() {
    judge(&[
        ("HTTP/1.2", &start("GET /x HTTP/1.2"), Refuse(505)),
        ("HTTP/2.0", &start("GET /x HTTP/2.0"), Refuse(505)),
        ("HTTP/3", &start("GET /x HTTP/3"), Refuse(505)),
        ("HTTP/0.9", "GET /x\r\n", Refuse(400)),
        ("HTTP/1.10", &start("GET /x HTTP/1.10"), Refuse(505)),
        ("lower case", &start("GET /x http/1.1"), Refuse(400)),
        ("another protocol", &start("GET /x ICY/1.1"), Refuse(400)),
        ("no minor", &start("GET /x HTTP/1"), Refuse(505)),
    ]);
}

#[test]
fn s16_http10() {
    let world = world();
    // Without asking, the connection ends with the first answer.
    let verdict = Verdict::of(&world, "GET /x HTTP/1.0\r\nHost: x\r\n\r\n");
    assert_eq!((verdict.responses.len(), verdict.whole.len()), (1, 1), "{}", verdict.describe());
    assert_eq!(verdict.whole[0].head.start, "GET /x HTTP/1.1", "the backend is asked in HTTP/1.1");
    judge(&[("asked for", "GET /x HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", Serve)]);
    // No chunks and no interim answers towards it.
    world
        .backends
        .answer("*", Script { chunked: true, interim: vec!["103 Early Hints".to_owned()], ..Script::default() });
    let response =
        ask(&world, "GET /x HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", "GET").expect("an answer");
    assert_eq!((response.body.framing, response.interim.len()), ("close", 0));
}

#[test]
fn s24_pipelines() {
    let world = world();
    let mut wire = Wire::new(client::connect(world.addresses[0]).expect("a connection"));
    let all: String =
        (0..50).map(|number| format!("POST /{number} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")).collect();
    wire.send(all.as_bytes()).expect("sent");
    for number in 0..50 {
        let response = client::response(&mut wire, "POST").expect("an answer");
        assert_eq!(response.status, 200);
        let seen = world.backends.next();
        assert_eq!(seen.head.start, format!("POST /{number} HTTP/1.1"), "answered in order, one at a time");
    }
    // What follows `Connection: close` is ignored.
    let verdict = Verdict::of(&world, &lines("Connection: close"));
    assert_eq!((verdict.responses.len(), verdict.whole.len()), (1, 1), "{}", verdict.describe());
}

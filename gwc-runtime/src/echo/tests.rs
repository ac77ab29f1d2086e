//! Echo backends through real sockets.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::*;

mod http2;
mod websocket;

/// Nothing takes longer unless it is broken.
const LIMIT: Duration = Duration::from_secs(20);

fn service(name: &str, protocol: BackendProtocol) -> EchoService {
    EchoService { namespace: "shop".to_owned(), service: name.to_owned(), port: 8080, protocol }
}

fn http1() -> (Echo, SocketAddr) {
    let echo = Echo::start().unwrap();
    let address = echo.add(service("store", BackendProtocol::Http1)).unwrap();
    (echo, address)
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream
}

/// Sends bytes and reads until the server closes.
fn talk(address: SocketAddr, request: &str) -> String {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

fn get(address: SocketAddr, target: &str, fields: &str) -> String {
    talk(address, &format!("GET {target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n{fields}\r\n"))
}

fn account(answer: &str) -> serde_json::Value {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

#[test]
fn the_account_tells_what_came() {
    let (_echo, address) = http1();
    let request = "POST /a/%7Eb?q=1&q=2 HTTP/1.1\r\nHost: a.test:80\r\nX-B: 1\r\nX-A: 2\r\nx-b: 3\r\n\
                   Connection: close\r\nContent-Length: 4\r\n\r\nbody";
    let mut stream = connect(address);
    let client = stream.local_addr().unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("content-type: application/json\r\n"), "{answer}");
    let expected = serde_json::json!({
        "namespace": "shop", "service": "store", "port": 8080,
        "method": "POST", "path": "/a/%7Eb?q=1&q=2", "host": "a.test:80", "proto": "HTTP/1.1",
        "headers": {
            "host": ["a.test:80"], "x-b": ["1", "3"], "x-a": ["2"], "connection": ["close"], "content-length": ["4"],
        },
        "bodyLength": 4, "body": "body", "client": client.to_string(),
    });
    assert_eq!(account(&answer), expected);
    let names: Vec<&str> = ["\"host\"", "\"x-b\"", "\"x-a\"", "\"connection\""].to_vec();
    let headers = answer.split_once("\"headers\"").unwrap().1;
    assert!(names.iter().map(|name| headers.find(name).unwrap()).is_sorted(), "{answer}");
}

#[test]
fn a_body_that_is_long_or_no_text_is_only_counted() {
    let (_echo, address) = http1();
    for (body, text) in [("a".repeat(4096), true), ("a".repeat(4097), false)] {
        let request = format!(
            "PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
            body.len()
        );
        let account = account(&talk(address, &request));
        assert_eq!(account["bodyLength"], body.len());
        assert_eq!(account.get("body").is_some(), text);
    }
    let request = "PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\n";
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(&[0xff]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(account(&answer).get("body"), None);
}

#[test]
fn controls_steer_the_answer() {
    let (_echo, address) = http1();
    let status = get(address, "/?status=503", "x-echo-set-header: X-One: 1\r\nX-Echo-Set-Header: x-one:2\r\n");
    assert!(status.starts_with("HTTP/1.1 503 "), "{status}");
    assert!(status.contains("x-one: 1\r\n") && status.contains("x-one: 2\r\n"), "{status}");
    let none = get(address, "/?status=204", "");
    assert!(none.starts_with("HTTP/1.1 204 ") && none.ends_with("\r\n\r\n"), "{none}");
    let sized = get(address, "/?size=100000", "");
    assert!(sized.contains("content-length: 100000\r\n"));
    assert_eq!(sized.split_once("\r\n\r\n").unwrap().1, "x".repeat(100_000));
    let chunks = get(address, "/?chunks=3&interval=10ms", "");
    assert!(chunks.ends_with(&format!("\r\n\r\n{}0\r\n\r\n", "6\r\nchunk\n\r\n".repeat(3))), "{chunks}");
    let trailers = get(address, "/", "TE: trailers\r\nx-echo-control: trailers=1&size=2\r\n");
    assert!(trailers.ends_with("\r\n\r\n2\r\nxx\r\n0\r\nx-echo-trailer: end\r\n\r\n"), "{trailers}");
    assert_eq!(get(address, "/?close=1", ""), "");
    let begin = Instant::now();
    get(address, "/?delay=100ms", "");
    assert!(begin.elapsed() >= Duration::from_millis(100));
}

#[test]
fn head_has_the_length_and_no_body() {
    let (_echo, address) = http1();
    let answer = talk(address, "HEAD /?size=7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(answer.contains("content-length: 7\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
}

#[test]
fn heads_are_recorded_as_they_came() {
    let (echo, address) = http1();
    let seen = echo.recording();
    talk(
        address,
        "POST /one HTTP/1.1\r\nhOST: a\r\nX-Z: 1\r\nx-A:  2\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n\
         GET http://b/two HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n",
    );
    let (first, second) = (seen.recv_timeout(LIMIT).unwrap(), seen.recv_timeout(LIMIT).unwrap());
    let lines = ["POST /one HTTP/1.1", "hOST: a", "X-Z: 1", "x-A:  2", "Transfer-Encoding: chunked"];
    assert_eq!(first.head, lines);
    assert_eq!((first.body.as_slice(), first.body_length, first.complete), (b"abc".as_slice(), 3, true));
    assert_eq!(first.trailers, [("t".to_owned(), "1".to_owned())]);
    assert_eq!(second.head, ["GET http://b/two HTTP/1.1", "Host: b", "Connection: close"]);
    assert_eq!((second.proto.as_str(), second.connection), ("HTTP/1.1", first.connection));
    get(address, "/three", "");
    assert_eq!(seen.recv_timeout(LIMIT).unwrap().connection, first.connection + 1);
    echo.shutdown();
    assert_eq!(seen.recv_timeout(Duration::ZERO).unwrap_err(), RecvTimeoutError::Timeout);
}

#[test]
fn a_body_that_breaks_off_is_recorded_as_incomplete() {
    let (echo, address) = http1();
    let seen = echo.recording();
    let mut stream = connect(address);
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").unwrap();
    drop(stream);
    let recorded = seen.recv_timeout(LIMIT).unwrap();
    assert_eq!((recorded.body.as_slice(), recorded.complete), (b"abc".as_slice(), false));
}

#[test]
fn tcp_comes_back_until_the_client_ends_its_side() {
    let echo = Echo::start().unwrap();
    let seen = echo.recording();
    let address = echo.add(service("db", BackendProtocol::Tcp)).unwrap();
    let mut stream = connect(address);
    stream.write_all(b"hello").unwrap();
    let mut five = [0; 5];
    stream.read_exact(&mut five).unwrap();
    assert_eq!(&five, b"hello");
    stream.write_all(b" again").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, " again");
    let recorded = seen.recv_timeout(LIMIT).unwrap();
    assert_eq!((recorded.body.as_slice(), recorded.complete), (b"hello again".as_slice(), true));
}

#[test]
fn datagrams_come_back_whole() {
    let echo = Echo::start().unwrap();
    let address = echo.add(service("dns", BackendProtocol::Udp)).unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(LIMIT)).unwrap();
    for sent in [b"one".as_slice(), b"", &[7; 20_000]] {
        socket.send_to(sent, address).unwrap();
        let mut room = vec![0; 65_536];
        let (n, from) = socket.recv_from(&mut room).unwrap();
        assert_eq!((&room[..n], from), (sent, address));
    }
}

#[test]
fn a_service_keeps_its_address_and_late_ones_share() {
    let echo = Echo::with_addresses(2).unwrap();
    let first = echo.add(service("a", BackendProtocol::Http1)).unwrap();
    assert_eq!(echo.add(service("a", BackendProtocol::Http2)).unwrap(), first);
    let tcp = echo.add(service("a", BackendProtocol::Tcp)).unwrap();
    assert_ne!(tcp, first);
    let shared = echo.add(service("b", BackendProtocol::Http1)).unwrap();
    assert_eq!(echo.add(service("c", BackendProtocol::Http1)).unwrap(), shared);
    assert_eq!(echo.add(service("a", BackendProtocol::Http1)).unwrap(), first);
    assert_ne!(echo.add(service("c", BackendProtocol::Udp)).unwrap(), shared);
    let account = account(&get(shared, "/", ""));
    assert_eq!((&account["namespace"], &account["service"]), (&"*".into(), &"*".into()));
}

#[test]
fn after_the_end_nothing_answers() {
    let (echo, address) = http1();
    let mut open = connect(address);
    echo.shutdown();
    echo.shutdown();
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(open.read(&mut [0; 8]).unwrap_or_default(), 0);
    assert!(echo.add(service("late", BackendProtocol::Http1)).is_err());
}

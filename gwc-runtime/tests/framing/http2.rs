//! S26: HTTP/2 requests whose fields could become something else in HTTP/1. Frames are written by hand, since no client
//! library sends such things.

use std::io::Read;
use std::net::TcpStream;

use crate::support::client;
use crate::support::wire::{bytes, text};
use crate::support::world::World;
use crate::world;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

type Fields<'f> = Vec<(&'f str, &'f str)>;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    let mut out = length[1..].to_vec();
    out.extend([kind, flags]);
    out.extend(stream.to_be_bytes());
    out.extend(payload);
    out
}

/// A literal without indexing and without Huffman codes.
fn literal(name: &str, value: &str) -> Vec<u8> {
    let mut out = vec![0];
    for part in [bytes(name), bytes(value)] {
        out.push(u8::try_from(part.len()).ok().filter(|length| *length < 127).expect("short"));
        out.extend(part);
    }
    out
}

fn head(fields: &[(&str, &str)], flags: u8) -> Vec<u8> {
    let block: Vec<u8> = fields.iter().flat_map(|(name, value)| literal(name, value)).collect();
    frame(HEADERS, END_HEADERS | flags, 1, &block)
}

/// How the stream ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// With an answer.
    Answered,
    /// By RST_STREAM.
    Reset,
    /// By GOAWAY or the end of the connection.
    Closed,
}

/// Sends frames and waits for the end of stream 1.
fn send(world: &World, frames: &[Vec<u8>]) -> End {
    let mut stream = open(world, frames);
    loop {
        match next(&mut stream) {
            Some((HEADERS | DATA, flags, 1)) if flags & END_STREAM != 0 => return End::Answered,
            Some((RST_STREAM, _, 1)) => return End::Reset,
            Some((GOAWAY, _, _)) | None => return End::Closed,
            Some(_) => {}
        }
    }
}

/// A connection on which these frames were sent.
fn open(world: &World, frames: &[Vec<u8>]) -> TcpStream {
    let mut stream = client::connect(world.addresses[0]).expect("a connection");
    let mut all = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    all.extend(frame(SETTINGS, 0, 0, &[]));
    all.extend(frames.iter().flatten());
    std::io::Write::write_all(&mut stream, &all).expect("sent");
    stream
}

/// Kind, flags and stream of the next frame.
fn next(stream: &mut TcpStream) -> Option<(u8, u8, u32)> {
    let (head, _) = read(stream)?;
    let number = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
    Some((head[3], head[4], number & 0x7fff_ffff))
}

fn next_with_payload(stream: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    read(stream).map(|(head, payload)| (head[3], payload))
}

fn read(stream: &mut TcpStream) -> Option<([u8; 9], Vec<u8>)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).ok()?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; usize::try_from(length).ok()?];
    stream.read_exact(&mut payload).ok()?;
    Some((head, payload))
}

const METHOD: (&str, &str) = (":method", "GET");
const SCHEME: (&str, &str) = (":scheme", "http");
const AUTHORITY: (&str, &str) = (":authority", "x");
const PATH: (&str, &str) = (":path", "/x");

fn with<'f>(more: &[(&'f str, &'f str)]) -> Fields<'f> {
    [METHOD, SCHEME, AUTHORITY, PATH].into_iter().chain(more.iter().copied()).collect()
}

fn path<'f>(path: &'f str) -> Fields<'f> {
    vec![METHOD, SCHEME, AUTHORITY, (":path", path)]
}

#[test]
fn s26_a_good_request_is_served() {
    let world = world();
    assert_eq!(send(&world, &[head(&with(&[("x-a", "b"), ("te", "trailers")]), END_STREAM)]), End::Answered);
    let seen = world.backends.next();
    assert_eq!((seen.head.start.as_str(), seen.head.first("x-a")), ("GET /x HTTP/1.1", Some("b")));
    let no_authority = vec![METHOD, SCHEME, PATH, ("host", "x")];
    assert_eq!(send(&world, &[head(&no_authority, END_STREAM)]), End::Answered);
    assert_eq!(world.backends.next().head.first("host"), Some("x"), "routing.md §2.1: `host` will do");
}

#[test]
fn s26_fields_that_http1_would_read_differently() {
    let world = world();
    let rows: Vec<(&str, Fields<'_>)> = vec![
        ("connection", with(&[("connection", "close")])),
        ("transfer-encoding", with(&[("transfer-encoding", "chunked")])),
        ("keep-alive", with(&[("keep-alive", "5")])),
        ("proxy-connection", with(&[("proxy-connection", "close")])),
        ("upgrade", with(&[("upgrade", "websocket")])),
        ("te", with(&[("te", "gzip")])),
        ("upper case", with(&[("X-A", "b")])),
        ("LF in a value", with(&[("x-a", "b\nc: d")])),
        ("CR in a value", with(&[("x-a", "b\rc: d")])),
        ("NUL in a value", with(&[("x-a", "b\0c")])),
        ("line end in a name", with(&[("x-a: b\r\nc", "d")])),
        ("colon in a name", with(&[("x:a", "b")])),
        ("space in a name", with(&[("x a", "b")])),
        ("empty name", with(&[("", "b")])),
        ("another host", with(&[("host", "y")])),
        ("two hosts", with(&[("host", "x"), ("host", "x")])),
        ("unknown pseudo field", with(&[(":x", "y")])),
        ("status", with(&[(":status", "200")])),
        ("pseudo field behind a field", vec![METHOD, SCHEME, ("x-a", "b"), AUTHORITY, PATH]),
        ("two paths", with(&[(":path", "/y")])),
        ("two methods", with(&[(":method", "POST")])),
        ("two authorities", with(&[(":authority", "y")])),
        ("no method", vec![SCHEME, AUTHORITY, PATH]),
        ("no path", vec![METHOD, SCHEME, AUTHORITY]),
        ("no scheme", vec![METHOD, AUTHORITY, PATH]),
        ("path without slash", path("x")),
        ("empty path", path("")),
        ("a request line in the path", path("/y HTTP/1.1\r\nX-A: b\r\n\r\n")),
        ("space in the path", path("/x y")),
        ("asterisk", path("*")),
        ("absolute path", path("http://y/x")),
        ("space in the method", vec![(":method", "GET /y"), SCHEME, AUTHORITY, PATH]),
        ("line end in the method", vec![(":method", "GET\r\n"), SCHEME, AUTHORITY, PATH]),
        ("line end in the authority", vec![METHOD, SCHEME, (":authority", "x\r\nX-A: b"), PATH]),
        ("user information", vec![METHOD, SCHEME, (":authority", "u@x"), PATH]),
        ("path in the authority", vec![METHOD, SCHEME, (":authority", "x/y"), PATH]),
        ("neither authority nor host", vec![METHOD, SCHEME, PATH]),
    ];
    let mut problems = Vec::new();
    for (name, fields) in rows {
        let end = send(&world, &[head(&fields, END_STREAM)]);
        let seen = world.backends.seen();
        if !seen.is_empty() {
            problems.push(format!("{name}: {end:?}, the backend saw {:?}", seen[0].head));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn s26_lengths() {
    let world = world();
    let post = |length: &'static str| {
        let fields: Fields<'_> = vec![(":method", "POST"), SCHEME, AUTHORITY, PATH, ("content-length", length)];
        head(&fields, 0)
    };
    let data = |text: &str| frame(DATA, END_STREAM, 1, text.as_bytes());
    assert_eq!(send(&world, &[post("5"), data("hello")]), End::Answered);
    assert_eq!(text(&world.backends.next().body.bytes), "hello");
    for (length, body) in
        [("4", "hello"), ("6", "hello"), ("0", "hello"), ("-5", "hello"), ("5, 5", "hello"), ("x", "hello")]
    {
        let _ = send(&world, &[post(length), data(body)]);
        // A backend that already has the head must see the connection break, never a whole request.
        let whole: Vec<_> = world.backends.seen().into_iter().filter(|seen| seen.problem.is_none()).collect();
        let is_cut =
            whole.iter().all(|seen| seen.body.bytes.len() == 5 && seen.head.all("content-length").count() == 0);
        assert!(is_cut, "{length} for {body:?}: {whole:?}");
    }
    let end = send(&world, &[head(&with(&[("content-length", "5")]), END_STREAM)]);
    assert!(world.backends.seen().iter().all(|seen| seen.problem.is_some()), "{end:?}: five bytes are missing");
}

#[test]
fn s3_a_length_that_comes_twice() {
    let world = world();
    let fields: Fields<'_> =
        [(":method", "POST"), SCHEME, AUTHORITY, PATH, ("content-length", "5"), ("content-length", "5")].into();
    send(&world, &[head(&fields, 0), frame(DATA, END_STREAM, 1, b"hello")]);
    assert!(world.backends.seen().is_empty());
}

#[test]
fn s21_an_answer_of_the_gateway_to_head_has_no_body() {
    let world = world();
    let fields: Fields<'_> = vec![(":method", "HEAD"), SCHEME, AUTHORITY, PATH, ("expect", "tea")];
    let mut stream = open(&world, &[head(&fields, END_STREAM)]);
    let flags = std::iter::from_fn(|| next(&mut stream)).find_map(|(kind, flags, number)| {
        assert_ne!(kind, DATA);
        (kind == HEADERS && number == 1).then_some(flags)
    });
    assert_eq!(flags.map(|flags| flags & END_STREAM), Some(END_STREAM));
}

#[test]
fn a_window_that_stays_shut_ends_the_connection() {
    let world = world();
    let shut = frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]);
    let mut stream = open(&world, &[shut, head(&with(&[]), END_STREAM)]);
    let kinds: Vec<u8> = std::iter::from_fn(|| next(&mut stream)).map(|(kind, ..)| kind).collect();
    assert!(kinds.contains(&HEADERS) && !kinds.contains(&DATA), "{kinds:?}");
    // It was ended, and not only given up by the test.
    let mut rest = [0];
    assert!(!matches!(stream.read(&mut rest).map_err(|error| error.kind()), Err(std::io::ErrorKind::WouldBlock)));
}

#[test]
fn s26_cookies_and_trailers() {
    let world = world();
    assert_eq!(
        send(&world, &[head(&with(&[("cookie", "a=1"), ("x-a", "b"), ("cookie", "c=2")]), END_STREAM)]),
        End::Answered
    );
    let seen = world.backends.next();
    assert_eq!(seen.head.all("cookie").collect::<Vec<_>>(), ["a=1; c=2"]);
    // Trailers of a request never become head lines.
    let post: Fields<'_> = vec![(":method", "POST"), SCHEME, AUTHORITY, PATH];
    let trailers: Vec<u8> =
        [("content-length", "99"), ("x-sum", "1")].iter().flat_map(|(name, value)| literal(name, value)).collect();
    let _ = send(
        &world,
        &[head(&post, 0), frame(DATA, 0, 1, b"hello"), frame(HEADERS, END_HEADERS | END_STREAM, 1, &trailers)],
    );
    let seen = world.backends.next();
    assert_eq!((text(&seen.body.bytes).as_str(), &seen.problem), ("hello", &None));
    assert!(seen.body.trailers.iter().all(|(name, _)| name.eq_ignore_ascii_case("x-sum")), "{:?}", seen.body.trailers);
}

/// Fields that are larger than a head may be, in as many frames as it takes.
fn large_head(n_fields: usize) -> Vec<Vec<u8>> {
    let value = "y".repeat(100);
    let more = std::iter::repeat_n(("x-a", value.as_str()), n_fields);
    let block: Vec<u8> = with(&[]).into_iter().chain(more).flat_map(|(name, value)| literal(name, value)).collect();
    let pieces: Vec<&[u8]> = block.chunks(16_000).collect();
    let piece = |(position, piece): (usize, &&[u8])| {
        let kind = if position == 0 { HEADERS } else { CONTINUATION };
        let end = if position + 1 == pieces.len() { END_HEADERS } else { 0 };
        frame(kind, end | if position == 0 { END_STREAM } else { 0 }, 1, piece)
    };
    pieces.iter().enumerate().map(piece).collect()
}

#[test]
fn s9_large_heads() {
    let world = world();
    assert_eq!(send(&world, &large_head(90)), End::Answered);
    assert_eq!(world.backends.next().head.all("x-a").count(), 90);
    // 431, or the stream or connection ends; nothing is forwarded.
    for n_fields in [800, 5_000] {
        let _ = send(&world, &large_head(n_fields));
        assert!(world.backends.seen().is_empty(), "{n_fields} fields");
    }
}

/// Sends all of it, then a ping, and waits for its answer or the end of the connection.
fn flood(world: &World, frames: &[Vec<u8>]) {
    let mut stream = client::connect(world.addresses[0]).expect("a connection");
    let mut all = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    all.extend(frame(SETTINGS, 0, 0, &[]));
    all.extend(frames.iter().flatten());
    all.extend(frame(PING, 0, 0, &[9; 8]));
    // The other side may have had enough before the end. It also answers while this is sent, so both go on at once.
    let mut writing = stream.try_clone().expect("a socket");
    let writer = std::thread::spawn(move || drop(std::io::Write::write_all(&mut writing, &all)));
    while let Some((kind, payload)) = next_with_payload(&mut stream) {
        if kind == GOAWAY || (kind == PING && payload == [9; 8]) {
            break;
        }
    }
    drop(stream.shutdown(std::net::Shutdown::Both));
    writer.join().expect("no panic");
    assert_eq!(crate::get(world, "/x").expect("an answer").status, 200, "others are served");
}

#[test]
fn floods_end_the_connection_only() {
    let world = world();
    let block: Vec<u8> = with(&[]).iter().flat_map(|(name, value)| literal(name, value)).collect();
    let resets = (0..500_u32).flat_map(|number| {
        let stream = 2 * number + 1;
        let head = frame(HEADERS, END_HEADERS | END_STREAM, stream, &block);
        [head, frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())]
    });
    flood(&world, &resets.collect::<Vec<_>>());
    let endless = std::iter::once(frame(HEADERS, END_STREAM, 1, &block));
    let endless = endless.chain(std::iter::repeat_n(frame(CONTINUATION, 0, 1, &literal("x-a", "b")), 50_000));
    flood(&world, &endless.collect::<Vec<_>>());
    flood(&world, &vec![frame(PING, 0, 0, &[7; 8]); 20_000]);
    flood(&world, &vec![frame(SETTINGS, 0, 0, &[]); 20_000]);
    let empty = std::iter::once(head(&[(":method", "POST"), SCHEME, AUTHORITY, PATH], 0));
    flood(&world, &empty.chain(std::iter::repeat_n(frame(DATA, 0, 1, &[]), 20_000)).collect::<Vec<_>>());
    flood(&world, &[frame(0x77, 0, 0, &[1, 2, 3])]);
}

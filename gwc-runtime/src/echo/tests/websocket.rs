//! The handshake and frames of WebSocket.

use super::*;

const HANDSHAKE: &str = "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n\
                         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: one, two\r\n\
                         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A connection after the handshake.
fn open(address: SocketAddr) -> (TcpStream, String) {
    let mut stream = connect(address);
    stream.write_all(HANDSHAKE.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend_from_slice(&byte);
    }
    (stream, String::from_utf8(head).unwrap())
}

/// A frame of a client: masked.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [1, 2, 3, 4];
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..=65_535 => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&u64::try_from(length).unwrap().to_be_bytes());
        }
    }
    frame.extend_from_slice(&mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// Sends frames and expects bytes.
fn expect(stream: &mut TcpStream, sent: &[u8], expected: &[u8]) {
    stream.write_all(sent).unwrap();
    let mut got = vec![0; expected.len()];
    stream.read_exact(&mut got).unwrap();
    assert!(got == expected, "{:?}", got.get(..16));
}

#[test]
fn the_handshake_proves_that_the_key_was_read() {
    let (_echo, address) = http1();
    let (_, head) = open(address);
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    // The example of RFC 6455 §1.3.
    assert!(head.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{head}");
    assert!(head.contains("sec-websocket-protocol: one\r\n"), "{head}");
}

#[test]
fn a_handshake_of_another_version_is_refused() {
    let (_echo, address) = http1();
    let answer =
        talk(address, &HANDSHAKE.replace("Version: 13", "Version: 8\r\nX-A: 1").replace("keep-alive", "close"));
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("sec-websocket-version: 13\r\n"), "{answer}");
}

#[test]
fn frames_come_back() {
    let (_echo, address) = http1();
    let (mut stream, _) = open(address);
    expect(&mut stream, &frame(0x81, b"text"), b"\x81\x04text");
    expect(&mut stream, &frame(0x02, b"a"), b"\x02\x01a");
    expect(&mut stream, &frame(0x80, b"b"), b"\x80\x01b");
    expect(&mut stream, &frame(0x8a, b"unasked"), b"");
    expect(&mut stream, &frame(0x89, b"ping"), b"\x8a\x04ping");
    let middle = [7; 300];
    expect(&mut stream, &frame(0x82, &middle), &[b"\x82\x7e\x01\x2c".as_slice(), &middle].concat());
    let long = vec![9; 1024 * 1024];
    expect(&mut stream, &frame(0x82, &long), &[b"\x82\x7f\0\0\0\0\0\x10\0\0".as_slice(), &long].concat());
    expect(&mut stream, &frame(0x88, b"\x03\xe8bye"), b"\x88\x05\x03\xe8bye");
    assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0);
}

#[test]
fn frames_that_break_the_rules_end_the_connection() {
    let (_echo, address) = http1();
    let mut long = frame(0x82, &[]);
    long.splice(1..2, [b"\xff".as_slice(), &(1024_u64 * 1024 + 1).to_be_bytes()].concat());
    let unmasked = b"\x81\x01a".to_vec();
    let cases = [
        (unmasked, b"\x88\x02\x03\xea"),
        (frame(0xc1, b"a"), b"\x88\x02\x03\xea"),
        (frame(0x83, b"a"), b"\x88\x02\x03\xea"),
        (frame(0x09, b"a"), b"\x88\x02\x03\xea"),
        (frame(0x89, &[0; 126]), b"\x88\x02\x03\xea"),
        (long, b"\x88\x02\x03\xf1"),
    ];
    for (sent, expected) in cases {
        let (mut stream, _) = open(address);
        expect(&mut stream, &sent, expected);
    }
}

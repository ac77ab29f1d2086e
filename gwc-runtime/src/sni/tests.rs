//! Tests of the reader: hellos of a real client, cut and damaged in every way that a loop can think of.

use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use super::*;
use crate::tls;

/// The first flight of a client; without SNI for an address.
pub(crate) fn hello(name: &str) -> Vec<u8> {
    let builder = ClientConfig::builder_with_provider(tls::provider()).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut bytes = Vec::new();
    client.write_tls(&mut bytes).unwrap();
    bytes
}

/// What the reader says of bytes that come in pieces of `n_bytes`.
fn read(bytes: &[u8], n_bytes: usize) -> Hello {
    let mut reader = Reader::default();
    for piece in bytes.chunks(n_bytes) {
        reader.raw.extend_from_slice(piece);
        match reader.look() {
            Hello::Incomplete => {}
            decided @ (Hello::Name(_) | Hello::Refused) => return decided,
        }
    }
    Hello::Incomplete
}

/// The handshake message in records of `n_bytes` each.
fn in_records(hello: &[u8], n_bytes: usize) -> Vec<u8> {
    let message = &hello[RECORD_HEADER..];
    let record = |content: &[u8]| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[HANDSHAKE, 3, 1][..], &length, content].concat()
    };
    message.chunks(n_bytes).flat_map(record).collect()
}

/// A ClientHello with these extensions, in one record.
fn made(extensions: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let prefixed = |bytes: &[u8]| [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let each = extensions.iter().flat_map(|(kind, content)| [&kind.to_be_bytes()[..], &prefixed(content)].concat());
    let each: Vec<u8> = each.collect();
    let body = [&[3, 3][..], &[7; 32], &[0], &prefixed(&[0x13, 1]), &[1, 0], &prefixed(&each)].concat();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let message = [&[CLIENT_HELLO][..], &length[1..], &body].concat();
    [&[HANDSHAKE, 3, 1][..], &prefixed(&message)].concat()
}

/// Content of the extension with these names.
fn names(names: &[(u8, &[u8])]) -> Vec<u8> {
    let prefixed = |bytes: &[u8]| [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let each: Vec<u8> = names.iter().flat_map(|(kind, name)| [&[*kind][..], &prefixed(name)].concat()).collect();
    prefixed(&each)
}

fn name(name: &str) -> Hello {
    Hello::Name(Some(name.to_owned()))
}

#[test]
fn hellos_are_read_however_they_are_cut() {
    let bytes = hello("Shop.Example");
    for n_bytes in 1..=bytes.len() {
        assert_eq!(read(&bytes, n_bytes), name("shop.example"), "in pieces of {n_bytes}");
    }
    for n_bytes in [1, 2, 3, 7, 64, 100] {
        let records = in_records(&bytes, n_bytes);
        for piece in [1, 5, 1400, LIMIT] {
            assert_eq!(read(&records, piece), name("shop.example"), "records of {n_bytes}, pieces of {piece}");
        }
    }
    assert_eq!(read(&hello("127.0.0.1"), 100), Hello::Name(None));
}

#[test]
fn every_prefix_is_incomplete_and_bytes_behind_do_not_matter() {
    let bytes = hello("shop.example");
    for n_bytes in 0..bytes.len() {
        assert_eq!(read(&bytes[..n_bytes], n_bytes.max(1)), Hello::Incomplete, "{n_bytes} bytes");
    }
    let more = [&bytes[..], b"anything"].concat();
    assert_eq!(read(&more, more.len()), name("shop.example"));
}

#[test]
fn names_are_normalised_and_addresses_are_none() {
    let of = |written: &[u8]| read(&made(&[(SERVER_NAME, names(&[(HOST_NAME, written)]))]), LIMIT);
    assert_eq!(of(b"A.Example."), name("a.example"));
    assert_eq!(of(b"_under.example"), name("_under.example"));
    assert_eq!(of(b"192.0.2.1"), Hello::Name(None));
    assert_eq!(of(b"2001:db8::1"), Hello::Name(None));
    assert_eq!(read(&made(&[]), LIMIT), Hello::Name(None));
    assert_eq!(read(&made(&[(10, vec![0, 2, 0, 29])]), LIMIT), Hello::Name(None));
    assert_eq!(read(&made(&[(SERVER_NAME, names(&[(9, b"x"), (HOST_NAME, b"b.example")]))]), LIMIT), name("b.example"));
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let one = names(&[(HOST_NAME, b"a.example")]);
    let cases = [
        ("two extensions", made(&[(SERVER_NAME, one.clone()), (SERVER_NAME, one.clone())])),
        ("two names", made(&[(SERVER_NAME, names(&[(HOST_NAME, b"a.example"), (HOST_NAME, b"b.example")]))])),
        ("an empty name", made(&[(SERVER_NAME, names(&[(HOST_NAME, b"")]))])),
        ("no text", made(&[(SERVER_NAME, names(&[(HOST_NAME, b"a\xff.example")]))])),
        ("a space", made(&[(SERVER_NAME, names(&[(HOST_NAME, b"a b.example")]))])),
        ("a list that is too short", made(&[(SERVER_NAME, one[..one.len() - 1].to_vec())])),
        ("bytes behind the list", made(&[(SERVER_NAME, [&one[..], &[0]].concat())])),
        ("HTTP", b"GET / HTTP/1.1\r\n".to_vec()),
        ("SSL 2", vec![0x80, 0x2e, 1, 0, 2]),
        ("an alert", vec![21, 3, 1, 0, 2, 1, 0]),
        ("an empty record", vec![HANDSHAKE, 3, 1, 0, 0]),
        ("a record that is too long", vec![HANDSHAKE, 3, 1, 0x40, 1]),
        ("another message", vec![HANDSHAKE, 3, 1, 0, 4, 2, 0, 0, 0]),
        ("a message that is too long", vec![HANDSHAKE, 3, 1, 0, 4, 1, 0, 0x40, 0]),
    ];
    for (what, bytes) in cases {
        for n_bytes in [1, LIMIT] {
            assert_eq!(read(&bytes, n_bytes), Hello::Refused, "{what}, in pieces of {n_bytes}");
        }
    }
    assert_eq!(read(b"G", 1), Hello::Refused);
}

#[test]
fn nothing_is_read_beyond_the_limit() {
    let long = made(&[(21, vec![0; 16_000]), (SERVER_NAME, names(&[(HOST_NAME, b"a.example")]))]);
    assert!(long.len() < LIMIT);
    assert_eq!(read(&long, 1000), name("a.example"));
    // One byte per record makes six of each: the limit counts what is read, not what it holds.
    let long = in_records(&long, 1);
    assert_eq!(read(&long, LIMIT), Hello::Refused);
}

#[test]
fn no_damage_makes_it_panic_or_wait_for_ever() {
    let bytes = hello("shop.example");
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let (mut n_names, mut n_refused) = (0, 0);
    for _ in 0..20_000 {
        let mut damaged = bytes.clone();
        for _ in 0..=random(3) {
            let at = random(damaged.len());
            match random(3) {
                0 => damaged[at] = u8::try_from(random(256)).unwrap(),
                1 => drop(damaged.drain(at..(at + random(9)).min(damaged.len()))),
                _ => damaged.insert(at, u8::try_from(random(256)).unwrap()),
            }
        }
        // However it is cut, the answer is the same.
        let whole = read(&damaged, damaged.len());
        assert_eq!(whole, read(&damaged, 1 + random(damaged.len())));
        match whole {
            Hello::Name(_) => n_names += 1,
            Hello::Refused => n_refused += 1,
            // Filled up to the limit it is decided.
            Hello::Incomplete => {
                damaged.resize(LIMIT, 0);
                assert_ne!(read(&damaged, LIMIT), Hello::Incomplete);
            }
        }
    }
    assert!(n_names > 1000 && n_refused > 1000, "{n_names} names, {n_refused} refused");
}

//! S1 to S3, S10 to S12: where a request ends.

use crate::judge::May::{Either, Refuse, Serve};
use crate::judge::{Verdict, judge, served};
use crate::support::wire::text;
use crate::world;

/// A chunked request with these chunk lines.
fn chunks(lines: &str) -> String {
    format!("POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{lines}")
}

/// A request with this Transfer-Encoding and a good chunked body.
fn coding(value: &str) -> String {
    format!("POST /x HTTP/1.1\r\nHost: x\r\n{value}\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
}

/// A request with these length lines and five bytes.
fn length(lines: &str) -> String {
    format!("POST /x HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\nhello")
}

#[test]
fn s1_both_framings() {
    let both = |first: &str, second: &str, body: &str| {
        format!("POST /x HTTP/1.1\r\nHost: x\r\n{first}\r\n{second}\r\n\r\n{body}")
    };
    let (te, cl) = ("Transfer-Encoding: chunked", "Content-Length: 6");
    judge(&[
        ("length first", &both(cl, te, "1\r\nZ\r\n0\r\n\r\n"), Either(400)),
        ("coding first", &both(te, cl, "1\r\nZ\r\n0\r\n\r\n"), Either(400)),
        ("length that agrees", &both(te, "Content-Length: 11", "1\r\nZ\r\n0\r\n\r\n"), Either(400)),
        ("a request in the body", &both(cl, te, "0\r\n\r\n"), Either(400)),
    ]);
}

#[test]
fn s2_transfer_encodings() {
    judge(&[
        ("as it should be", &coding("Transfer-Encoding: chunked"), Serve),
        ("other case", &coding("transfer-ENCODING: CHUNKED"), Serve),
        ("unknown coding", &coding("Transfer-Encoding: gzip"), Refuse(501)),
        ("chunked not last", &coding("Transfer-Encoding: chunked, gzip"), Refuse(501)),
        ("chunked after another", &coding("Transfer-Encoding: gzip, chunked"), Refuse(501)),
        ("twice", &coding("Transfer-Encoding: chunked, chunked"), Refuse(400)),
        ("two lines", &coding("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), Refuse(400)),
        ("identity beside it", &coding("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"), Refuse(501)),
        ("empty", &coding("Transfer-Encoding:"), Refuse(400)),
        ("empty element", &coding("Transfer-Encoding: , chunked"), Refuse(400)),
        ("parameter", &coding("Transfer-Encoding: chunked;q=1"), Refuse(501)),
        ("in quotes", &coding("Transfer-Encoding: \"chunked\""), Refuse(501)),
        ("prefix", &coding("Transfer-Encoding: xchunked"), Refuse(501)),
        ("vertical tab", &coding("Transfer-Encoding: \x0bchunked"), Refuse(400)),
        ("bare CR", &coding("Transfer-Encoding: \rchunked"), Refuse(400)),
        ("space before the colon", &coding("Transfer-Encoding : chunked"), Refuse(400)),
        ("folded", &coding("Transfer-Encoding:\r\n chunked"), Refuse(400)),
        (
            "in HTTP/1.0",
            "POST /x HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            Refuse(400),
        ),
    ]);
}

#[test]
fn s3_content_lengths() {
    judge(&[
        ("as it should be", &length("Content-Length: 5"), Serve),
        ("leading zeros", &length("Content-Length: 005"), Either(400)),
        ("plus", &length("Content-Length: +5"), Refuse(400)),
        ("minus", &length("Content-Length: -5"), Refuse(400)),
        ("hexadecimal", &length("Content-Length: 0x5"), Refuse(400)),
        ("underscore", &length("Content-Length: 0_5"), Refuse(400)),
        ("space within", &length("Content-Length: 5 5"), Refuse(400)),
        ("list of equal ones", &length("Content-Length: 5, 5"), Either(400)),
        ("list of different ones", &length("Content-Length: 5, 6"), Refuse(400)),
        ("equal lines", &length("Content-Length: 5\r\nContent-Length: 5"), Either(400)),
        ("different lines", &length("Content-Length: 5\r\nContent-Length: 6"), Refuse(400)),
        ("too large", &length("Content-Length: 18446744073709551616"), Refuse(400)),
        ("empty", &length("Content-Length:"), Refuse(400)),
        ("letter", &length("Content-Length: 5a"), Refuse(400)),
        ("fraction", &length("Content-Length: 5.0"), Refuse(400)),
    ]);
}

#[test]
fn s10_chunk_sizes() {
    judge(&[
        ("as it should be", &chunks("5\r\nhello\r\n0\r\n\r\n"), Serve),
        ("upper and lower case", &chunks("A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n"), Serve),
        ("leading zeros", &chunks("0005\r\nhello\r\n00\r\n\r\n"), Either(400)),
        ("prefix", &chunks("0x5\r\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("sign", &chunks("+5\r\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("minus", &chunks("-5\r\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("space before", &chunks(" 5\r\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("space after", &chunks("5 \r\nhello\r\n0\r\n\r\n"), Either(400)),
        ("no digit", &chunks("\r\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("no hexadecimal digit", &chunks("g\r\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("too large", &chunks("10000000000000005\r\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("largest", &chunks("ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("no line end behind the data", &chunks("5\r\nhello0\r\n\r\n"), Refuse(400)),
        ("more data than said", &chunks("5\r\nhello!\r\n0\r\n\r\n"), Refuse(400)),
        ("bare LF behind the size", &chunks("5\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("bare CR behind the size", &chunks("5\rhello\r\n0\r\n\r\n"), Refuse(400)),
        ("bare LF behind the data", &chunks("5\r\nhello\n0\r\n\r\n"), Refuse(400)),
        ("bare LF at the end", &chunks("5\r\nhello\r\n0\r\n\n"), Either(400)),
    ]);
}

#[test]
fn s11_chunk_extensions() {
    let world = world();
    let seen = served(&world, &chunks("5;name=value;other=\"x;y\"\r\nhello\r\n0;last\r\n\r\n"));
    assert_eq!(text(&seen.body.bytes), "hello", "no extension is forwarded");
    let long = "x".repeat(300);
    let many = format!("1;{}\r\nz\r\n", "x".repeat(250)).repeat(80);
    judge(&[
        ("long", &chunks(&format!("5;{long}\r\nhello\r\n0\r\n\r\n")), Either(400)),
        ("many", &chunks(&format!("{many}0\r\n\r\n")), Refuse(400)),
        ("bare LF within", &chunks("5;a\nb\r\nhello\r\n0\r\n\r\n"), Refuse(400)),
        ("bare CR within", &chunks("5;a\rb\r\nhello\r\n0\r\n\r\n"), Either(400)),
    ]);
}

#[test]
fn s12_trailers() {
    let world = world();
    let seen = served(
        &world,
        &chunks("5\r\nhello\r\n0\r\nContent-Length: 1\r\nTransfer-Encoding: gzip\r\nHost: evil\r\nX-Sum: 1\r\n\r\n"),
    );
    assert_eq!(text(&seen.body.bytes), "hello");
    for (name, _) in &seen.body.trailers {
        assert!(name.eq_ignore_ascii_case("x-sum"), "trailer {name} was forwarded");
    }
    let large = format!("X-A: {}\r\n", "y".repeat(20 * 1024));
    let many: String = (0..200).map(|number| format!("X-{number}: y\r\n")).collect();
    judge(&[
        ("large", &chunks(&format!("5\r\nhello\r\n0\r\n{large}\r\n")), Either(431)),
        ("many", &chunks(&format!("5\r\nhello\r\n0\r\n{many}\r\n")), Either(431)),
        ("no name", &chunks("5\r\nhello\r\n0\r\n: x\r\n\r\n"), Either(400)),
        ("bare LF", &chunks("5\r\nhello\r\n0\r\nX: y\n\r\n"), Either(400)),
    ]);
}

#[test]
fn a_broken_body_is_no_fault_of_the_backend() {
    let world = world();
    let verdict = Verdict::of(&world, &chunks("5\r\nhello\r\ng\r\n"));
    assert_eq!(verdict.responses.len(), 1, "{}", verdict.describe());
    let answers = world.runtime.stats().answers;
    assert_eq!((answers.get("BadRequest"), answers.get("BadResponse")), (Some(&1), None));
}

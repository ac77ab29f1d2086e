//! A socket whose first bytes were already read, and which notes the heads of HTTP/1 requests as they came.
//!
//! hyper gives names in lower case and without their order; a test of what the proxy forwards needs the bytes. The
//! scanner follows the framing only as far as it must to find the next head.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Bytes of a line that are kept; a longer one ends the scan.
const LONGEST_LINE: usize = 256 * 1024;

/// Heads that came and were not taken yet.
pub(super) type Heads = Arc<Mutex<Scanner>>;

/// The heads, for this one step.
pub(super) fn lock(heads: &Heads) -> std::sync::MutexGuard<'_, Scanner> {
    heads.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The socket.
pub(super) struct Tap {
    stream: TcpStream,
    /// Read before, and still to be given out.
    first: Bytes,
    heads: Option<Heads>,
}

impl Tap {
    /// Gives out `first` before what the socket holds.
    pub(super) fn new(stream: TcpStream, first: Vec<u8>, heads: Option<Heads>) -> Self {
        if let Some(heads) = &heads {
            lock(heads).push(&first);
        }
        Self { stream, first: Bytes::from(first), heads }
    }
}

impl AsyncRead for Tap {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.first.is_empty() {
            let n = self.first.len().min(out.remaining());
            let (given, _) = self.first.split_at(n);
            out.put_slice(given);
            self.first.advance(n);
            return Poll::Ready(Ok(()));
        }
        let before = out.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, out);
        if let (Poll::Ready(Ok(())), Some(heads)) = (&polled, &self.heads) {
            lock(heads).push(out.filled().get(before..).unwrap_or_default());
        }
        polled
    }
}

impl AsyncWrite for Tap {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Finds heads in the bytes of a connection.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    state: State,
    /// The line that is not complete.
    line: Vec<u8>,
    /// Complete lines of the head that is not.
    head: Vec<String>,
    done: VecDeque<Vec<String>>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Head,
    /// So many bytes of a body.
    Body(u64),
    ChunkSize,
    /// So many bytes of a chunk, its line end included.
    Chunk(u64),
    Trailers,
    /// Nothing more can be told apart.
    Lost,
}

impl Scanner {
    /// The oldest head that was not taken: request line, then fields, as they came.
    pub(super) fn take(&mut self) -> Option<Vec<String>> {
        self.done.pop_front()
    }

    /// What comes from now on is not HTTP.
    pub(super) fn end(&mut self) {
        self.state = State::Lost;
    }

    fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && self.state != State::Lost {
            bytes = match self.state {
                State::Body(left) => self.skip(bytes, left, State::Body, State::Head),
                State::Chunk(left) => self.skip(bytes, left, State::Chunk, State::ChunkSize),
                State::Head | State::ChunkSize | State::Trailers => self.scan_line(bytes),
                State::Lost => return,
            };
        }
    }

    fn skip<'b>(&mut self, bytes: &'b [u8], left: u64, more: fn(u64) -> State, then: State) -> &'b [u8] {
        let here = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if here < left {
            self.state = more(left - here);
            return &[];
        }
        self.state = then;
        usize::try_from(left).ok().and_then(|left| bytes.get(left..)).unwrap_or_default()
    }

    fn scan_line<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            self.line.extend_from_slice(bytes);
            if self.line.len() > LONGEST_LINE {
                self.state = State::Lost;
            }
            return &[];
        };
        let (line, rest) = bytes.split_at(end + 1);
        self.line.extend_from_slice(line);
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = line.strip_suffix('\n').unwrap_or_default();
        self.line(line.strip_suffix('\r').unwrap_or(line));
        rest
    }

    fn line(&mut self, line: &str) {
        match self.state {
            // Empty lines before a request line do not count (RFC 9112 §2.2).
            State::Head if line.is_empty() && self.head.is_empty() => {}
            State::Head if line.is_empty() => {
                self.state = body(&self.head);
                self.done.push_back(std::mem::take(&mut self.head));
            }
            State::Head => self.head.push(line.to_owned()),
            State::ChunkSize => {
                let size = line.split(';').next().unwrap_or_default().trim();
                self.state = match u64::from_str_radix(size, 16) {
                    Ok(0) => State::Trailers,
                    Ok(size) => State::Chunk(size.saturating_add(2)),
                    Err(_) => State::Lost,
                };
            }
            State::Trailers if line.is_empty() => self.state = State::Head,
            State::Trailers | State::Body(_) | State::Chunk(_) | State::Lost => {}
        }
    }
}

/// What follows a head.
fn body(head: &[String]) -> State {
    let field = |wanted: &str| {
        let fields = head.iter().skip(1).filter_map(|line| line.split_once(':'));
        fields.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim()).next()
    };
    match (field("transfer-encoding"), field("content-length").map(str::parse)) {
        (Some(_), _) => State::ChunkSize,
        (None, None | Some(Ok(0))) => State::Head,
        (None, Some(Ok(length))) => State::Body(length),
        (None, Some(Err(_))) => State::Lost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: &str = "POST /a HTTP/1.1\r\nHost: x\r\nX-Case: 1\r\ncontent-length: 5\r\n\r\nGET /\
                         PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;e=1\r\nGET \r\n0\r\nT: 1\r\n\r\n\
                         GET /c HTTP/1.1\nHost: y\n\n";

    #[test]
    fn heads_are_found_whatever_the_pieces() {
        for size in [1, 2, 7, 1000] {
            let mut scanner = Scanner::default();
            THREE.as_bytes().chunks(size).for_each(|piece| scanner.push(piece));
            let first = ["POST /a HTTP/1.1", "Host: x", "X-Case: 1", "content-length: 5"].map(str::to_owned).to_vec();
            let second = ["PUT /b HTTP/1.1", "Transfer-Encoding: chunked"].map(str::to_owned).to_vec();
            let third = ["GET /c HTTP/1.1", "Host: y"].map(str::to_owned).to_vec();
            let heads: Vec<_> = std::iter::from_fn(|| scanner.take()).collect();
            assert_eq!(heads, [first, second, third], "pieces of {size}");
        }
    }

    #[test]
    fn what_cannot_be_framed_ends_the_scan() {
        let mut scanner = Scanner::default();
        scanner.push(b"GET / HTTP/1.1\r\ncontent-length: x\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
        assert!(scanner.take().is_some());
        assert_eq!(scanner.take(), None);
        scanner = Scanner::default();
        scanner.push(&vec![b'a'; LONGEST_LINE + 1]);
        assert_eq!(scanner.state, State::Lost);
    }
}

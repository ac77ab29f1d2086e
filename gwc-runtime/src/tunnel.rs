//! Bytes both ways between two streams: TCP, TLS that passes through or ends here, WebSocket (runtime-design.md §3.10).
//!
//! Each way ends for itself. One block is in flight per way, and what waits for the writer is all that is kept: reads go
//! through memory that all tunnels of a worker share, so an idle tunnel holds none.

use std::cell::Cell;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that are read at once: at first, and where reads fill the block.
const LEAST: usize = 16 * 1024;
const MOST: usize = 256 * 1024;

thread_local! {
    /// Memory for reads; empty while one is in progress, and before the first.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Copies until both ways have ended; how many bytes went from the first to the second, and back.
///
/// # Errors
/// Either stream fails; then neither is ended, so that nobody takes for whole what is not.
pub(crate) async fn tunnel(
    one: impl AsyncRead + AsyncWrite,
    other: impl AsyncRead + AsyncWrite,
) -> io::Result<(u64, u64)> {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut there, mut back) = (Way::default(), Way::default());
    std::future::poll_fn(|cx| {
        let is_there = there.poll(cx, one.as_mut(), other.as_mut())?;
        let is_back = back.poll(cx, other.as_mut(), one.as_mut())?;
        ready!(is_there);
        ready!(is_back);
        Poll::Ready(Ok((there.n_bytes, back.n_bytes)))
    })
    .await
}

/// One way of a tunnel.
#[derive(Debug, Default)]
struct Way {
    /// Read and not yet written, from `at`.
    waiting: Vec<u8>,
    at: usize,
    /// Doublings of [`LEAST`].
    doublings: u32,
    n_bytes: u64,
    /// Written bytes may still be held back by the stream (TLS does).
    must_flush: bool,
    stage: Stage,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    Copying,
    /// The reader is at its end; the writer must hear of it.
    Ending,
    Ended,
}

impl Way {
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        mut from: Pin<&mut impl AsyncRead>,
        mut to: Pin<&mut impl AsyncWrite>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.write_waiting(cx, to.as_mut()))?;
            if self.stage == Stage::Copying && self.copy(cx, from.as_mut(), to.as_mut())?.is_pending() {
                return self.flush(cx, to);
            }
            if self.stage == Stage::Ending && self.waiting.is_empty() {
                ready!(to.as_mut().poll_shutdown(cx))?;
                self.stage = Stage::Ended;
            }
            if self.stage == Stage::Ended {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Reads one block and writes what goes at once; pending: there is nothing to read.
    fn copy(
        &mut self,
        cx: &mut Context<'_>,
        from: Pin<&mut impl AsyncRead>,
        to: Pin<&mut impl AsyncWrite>,
    ) -> io::Result<Poll<()>> {
        let mut scratch = SCRATCH.take();
        scratch.resize(MOST, 0);
        let copied = self.copy_through(cx, from, to, &mut scratch);
        SCRATCH.set(scratch);
        copied
    }

    fn copy_through(
        &mut self,
        cx: &mut Context<'_>,
        from: Pin<&mut impl AsyncRead>,
        to: Pin<&mut impl AsyncWrite>,
        scratch: &mut [u8],
    ) -> io::Result<Poll<()>> {
        let size = (LEAST << self.doublings).min(MOST);
        let mut block = ReadBuf::new(scratch.get_mut(..size).unwrap_or_default());
        match from.poll_read(cx, &mut block) {
            Poll::Pending => return Ok(Poll::Pending),
            Poll::Ready(read) => read?,
        }
        let bytes = block.filled();
        self.adapt(bytes.len(), size);
        if bytes.is_empty() {
            self.stage = Stage::Ending;
            return Ok(Poll::Ready(()));
        }
        let written = match to.poll_write(cx, bytes) {
            Poll::Pending => 0,
            Poll::Ready(written) => self.wrote(written?)?,
        };
        self.waiting.extend_from_slice(bytes.get(written..).unwrap_or_default());
        Ok(Poll::Ready(()))
    }

    fn write_waiting(&mut self, cx: &mut Context<'_>, mut to: Pin<&mut impl AsyncWrite>) -> Poll<io::Result<()>> {
        while let Some(rest) = self.waiting.get(self.at..).filter(|rest| !rest.is_empty()) {
            let written = ready!(to.as_mut().poll_write(cx, rest))?;
            self.at += self.wrote(written)?;
        }
        (self.waiting, self.at) = (Vec::new(), 0);
        Poll::Ready(Ok(()))
    }

    fn wrote(&mut self, n_bytes: usize) -> io::Result<usize> {
        if n_bytes == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        self.n_bytes += n_bytes as u64;
        self.must_flush = true;
        Ok(n_bytes)
    }

    /// Before it waits for more: what was written must leave. Always pending.
    fn flush(&mut self, cx: &mut Context<'_>, to: Pin<&mut impl AsyncWrite>) -> Poll<io::Result<()>> {
        if self.must_flush {
            ready!(to.poll_flush(cx))?;
            self.must_flush = false;
        }
        Poll::Pending
    }

    /// A full block asks for a larger one, a poor one for a smaller.
    fn adapt(&mut self, n_bytes: usize, size: usize) {
        if n_bytes == size && size < MOST {
            self.doublings += 1;
        } else if n_bytes < size / 4 {
            self.doublings = self.doublings.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    /// A tunnel between two pipes that hold so many bytes: its result, and the outer ends.
    fn between(n_bytes: usize) -> (impl Future<Output = io::Result<(u64, u64)>>, DuplexStream, DuplexStream) {
        let (client, near) = duplex(n_bytes);
        let (far, server) = duplex(n_bytes);
        (tunnel(near, far), client, server)
    }

    /// Bytes that tell where they belong.
    fn pattern(n_bytes: usize, step: usize) -> Vec<u8> {
        (0..n_bytes).map(|at| u8::try_from((at * step + at / 251) % 256).unwrap()).collect()
    }

    /// Sends this and receives until the other side ends.
    async fn talk(stream: DuplexStream, sent: &[u8]) -> Vec<u8> {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let write = async {
            writer.write_all(sent).await.unwrap();
            writer.shutdown().await.unwrap();
        };
        let mut received = Vec::new();
        let ((), read) = tokio::join!(write, reader.read_to_end(&mut received));
        read.unwrap();
        received
    }

    #[tokio::test]
    async fn bytes_arrive_whole_both_ways_at_once() {
        for (n_bytes, size) in [(3_000_000, 1 << 20), (300_000, 1000), (1, 1), (0, 1)] {
            let (tunnel, client, server) = between(size);
            let (there, back) = (pattern(n_bytes, 7), pattern(n_bytes / 2, 3));
            let (counts, at_client, at_server) = tokio::join!(tunnel, talk(client, &there), talk(server, &back));
            assert_eq!(counts.unwrap(), (there.len() as u64, back.len() as u64));
            assert!(at_server == there && at_client == back, "{n_bytes} bytes through {size}");
        }
    }

    #[tokio::test]
    async fn each_way_ends_for_itself() {
        let (tunnel, mut client, mut server) = between(64);
        let talk = async {
            client.write_all(b"question").await.unwrap();
            client.shutdown().await.unwrap();
            let mut question = String::new();
            server.read_to_string(&mut question).await.unwrap();
            // The end of one way has arrived and the other still works.
            server.write_all(b"answer").await.unwrap();
            server.shutdown().await.unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            (question, answer)
        };
        let (counts, talked) = tokio::join!(tunnel, talk);
        assert_eq!(counts.unwrap(), (8, 6));
        assert_eq!(talked, ("question".to_owned(), "answer".to_owned()));
    }

    #[tokio::test]
    async fn a_server_may_speak_first() {
        let (tunnel, mut client, mut server) = between(64);
        let talk = async {
            server.write_all(b"hello").await.unwrap();
            let mut greeting = [0; 5];
            client.read_exact(&mut greeting).await.unwrap();
            drop((client, server));
            greeting
        };
        let (_, greeting) = tokio::join!(tunnel, talk);
        assert_eq!(&greeting, b"hello");
    }

    /// A stream that breaks when it is read.
    struct Broken;

    impl AsyncRead for Broken {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
        }
    }

    impl AsyncWrite for Broken {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            panic!("a broken stream was ended as if it were whole")
        }
    }

    #[tokio::test]
    async fn a_broken_stream_ends_both_ways_at_once() {
        let (_client, near) = duplex(64);
        assert_eq!(tunnel(near, Broken).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
        let (_client, near) = duplex(64);
        assert_eq!(tunnel(Broken, near).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    }

    #[test]
    fn blocks_grow_while_they_are_filled() {
        let mut way = Way::default();
        let size = |way: &Way| LEAST << way.doublings;
        for expected in [32, 64, 128, 256, 256] {
            way.adapt(size(&way), size(&way));
            assert_eq!(size(&way), expected * 1024);
        }
        way.adapt(128 * 1024, 256 * 1024);
        assert_eq!(size(&way), MOST);
        for expected in [128, 64, 32, 16, 16] {
            way.adapt(100, size(&way));
            assert_eq!(size(&way), expected * 1024);
        }
    }
}

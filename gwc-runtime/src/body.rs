//! Bodies in both directions. What passes through is hyper's own body, with what must happen at its end beside it.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

use crate::connection::{Flow, InFlight};
use crate::telemetry::Trail;
use crate::upstream::Lease;

/// Bytes of a body that nobody wants which are still taken.
const MOST_DISCARDED: usize = 64 * 1024;

/// A body on its way to a client or a backend.
#[derive(Debug)]
pub(crate) enum Body {
    Empty,
    /// One chunk, until it is taken.
    Full(Bytes),
    /// Of a request.
    Request(RequestBody),
    /// Of the answer of a backend.
    Response(Box<ResponseBody>),
}

/// Why a body ends early; the connection is cut, so that the other side never takes it for whole (S22).
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the other side ended early: {0}")]
    Hyper(#[from] hyper::Error),
    #[error("the request timed out after its answer had begun")]
    Deadline,
}

/// How far the body of a request got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Upload {
    /// More is to come.
    #[default]
    Open,
    /// Its last byte was handed over.
    Whole,
    /// The client broke it off or its framing is wrong: then the backend is not to blame.
    Broken,
}

/// When a client that does not go on with its body is slow (runtime-design.md §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Announced {
    /// Its length is known.
    Length,
    /// HTTP/1.1 in chunks: slow until the answer begins.
    Chunks,
    /// A stream of HTTP/2 that may rest for as long as it likes.
    Nothing,
}

/// Body of a request; while more of it is awaited, the client counts as slow.
#[derive(Debug)]
pub(crate) struct RequestBody {
    pub(crate) incoming: Incoming,
    pub(crate) flow: Rc<Flow>,
    /// Bytes so far, where somebody asks.
    pub(crate) n_bytes: Option<Rc<Cell<u64>>>,
    pub(crate) announced: Announced,
    pub(crate) upload: Rc<Cell<Upload>>,
}

/// Body of an answer, with what happens at its end.
#[derive(Debug)]
pub(crate) struct ResponseBody {
    pub(crate) incoming: Incoming,
    /// Gives the connection back to its pool, if the body ends cleanly.
    pub(crate) lease: Option<Lease>,
    /// Until when it must be whole.
    pub(crate) deadline: Option<Pin<Box<Sleep>>>,
    /// Logs the request.
    pub(crate) trail: Option<Box<Trail>>,
}

/// What hyper gets: the body, and the proof that its request is in flight until it is gone.
#[derive(Debug)]
pub(crate) struct Reply {
    body: Body,
    in_flight: InFlight,
    /// HTTP/2: hyper does not ask for more, because the client does not let it send.
    waits: bool,
}

impl Reply {
    pub(crate) fn new(body: Body, in_flight: InFlight) -> Self {
        let mut reply = Self { body, in_flight, waits: false };
        reply.wait(!reply.body.is_end_stream());
        reply
    }

    fn wait(&mut self, waits: bool) {
        if waits != self.waits {
            self.waits = waits;
            self.in_flight.flow().waits_for_window(waits);
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.wait(false);
    }
}

/// Takes what a client still sends, for a moment: a connection that is closed with bytes unread is reset, and the reset
/// can overtake the answer (S19).
pub(crate) fn discard(incoming: Incoming) {
    tokio::task::spawn_local(async move {
        let _ = tokio::time::timeout(Duration::from_secs(1), read_some(incoming)).await;
    });
}

async fn read_some(mut incoming: Incoming) {
    let mut n_bytes = 0;
    while n_bytes < MOST_DISCARDED {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut incoming).poll_frame(cx)).await;
        let Some(Ok(frame)) = frame else { return };
        n_bytes += frame.data_ref().map_or(0, Bytes::len);
    }
}

impl HttpBody for Reply {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        this.wait(matches!(polled, Poll::Ready(Some(Ok(_)))));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            full @ Self::Full(_) => match std::mem::replace(full, Self::Empty) {
                Self::Full(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Self::Empty | Self::Request(_) | Self::Response(_) => Poll::Ready(None),
            },
            Self::Request(body) => body.poll_frame(cx),
            Self::Response(body) => body.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Full(_) => false,
            Self::Request(body) => body.incoming.is_end_stream(),
            Self::Response(body) => body.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Request(body) => body.incoming.size_hint(),
            Self::Response(body) => body.incoming.size_hint(),
        }
    }
}

/// S12: trailers carry nothing on which framing, routing or trust rests.
fn without_framing(mut frame: Frame<Bytes>) -> Frame<Bytes> {
    let Some(trailers) = frame.trailers_mut() else { return frame };
    for name in [
        header::CONNECTION,
        header::TRANSFER_ENCODING,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::CONTENT_ENCODING,
        header::HOST,
        header::TE,
        header::TRAILER,
        header::UPGRADE,
        header::AUTHORIZATION,
        header::PROXY_AUTHORIZATION,
        header::COOKIE,
        header::SET_COOKIE,
    ] {
        trailers.remove(name);
    }
    frame
}

impl RequestBody {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let polled = Pin::new(&mut self.incoming).poll_frame(cx);
        self.awaits(polled.is_pending());
        let frame = ready!(polled);
        if let (Some(n_bytes), Some(Ok(frame))) = (&self.n_bytes, &frame) {
            n_bytes.set(n_bytes.get() + frame.data_ref().map_or(0, |data| data.len() as u64));
        }
        match &frame {
            Some(Err(_)) => self.upload.set(Upload::Broken),
            Some(Ok(frame)) if !frame.is_trailers() && !self.incoming.is_end_stream() => {}
            Some(Ok(_)) | None => self.upload.set(Upload::Whole),
        }
        Poll::Ready(frame.map(|frame| frame.map(without_framing).map_err(BodyError::from)))
    }

    fn awaits(&self, awaits: bool) {
        match self.announced {
            Announced::Length => self.flow.awaits_body(awaits, false),
            Announced::Chunks => self.flow.awaits_body(awaits, true),
            Announced::Nothing => {}
        }
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        // Nobody reads it any more.
        self.awaits(false);
        self.flow.reads_body(-1);
    }
}

impl Body {
    /// Tells later how far the body of a request got.
    pub(crate) fn upload(&self) -> Option<Rc<Cell<Upload>>> {
        match self {
            Self::Request(body) => Some(Rc::clone(&body.upload)),
            Self::Empty | Self::Full(_) | Self::Response(_) => None,
        }
    }
}

impl ResponseBody {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let polled = Pin::new(&mut self.incoming).poll_frame(cx);
        if let (Poll::Pending, Some(deadline)) = (&polled, &mut self.deadline) {
            ready!(deadline.as_mut().poll(cx));
            return Poll::Ready(Some(Err(BodyError::Deadline)));
        }
        let frame = ready!(polled);
        match &frame {
            None => self.end(),
            Some(Ok(frame)) => {
                if let (Some(trail), Some(data)) = (&mut self.trail, frame.data_ref()) {
                    trail.bytes_out += data.len() as u64;
                }
                // hyper does not ask again after the last byte of a known length, nor after trailers.
                if self.incoming.is_end_stream() || frame.is_trailers() {
                    self.end();
                }
            }
            Some(Err(_)) => self.lease = None,
        }
        Poll::Ready(frame.map(|frame| frame.map(without_framing).map_err(BodyError::from)))
    }

    fn end(&mut self) {
        if let Some(lease) = self.lease.take() {
            lease.give_back();
        }
        if let Some(trail) = &mut self.trail {
            trail.is_whole = true;
        }
    }
}

//! Bodies of echo answers: a text, bytes by number, chunks at intervals, or what the request brings.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Sleep, sleep};

use crate::echo::record::Note;

/// A body.
pub(super) enum EchoBody {
    /// Bytes that are made here.
    Made(Made),
    /// The data of the request, then trailers.
    Back {
        /// The request.
        body: Incoming,
        /// What ends the answer.
        trailers: Option<HeaderMap>,
        /// Record of the request.
        note: Note,
        /// Has the request ended?
        is_over: bool,
    },
}

/// Bytes that are made here.
pub(super) struct Made {
    /// What is sent again and again.
    piece: Bytes,
    /// Bytes to send.
    left: u64,
    /// Between two pieces.
    pause: Option<Duration>,
    waiting: Option<Pin<Box<Sleep>>>,
    /// Is the length kept from the client?
    is_open: bool,
    trailers: Option<HeaderMap>,
}

impl Made {
    /// A body that is sent at once.
    pub(super) fn once(piece: impl Into<Bytes>) -> Self {
        let piece = piece.into();
        let left = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        Self { piece, left, pause: None, waiting: None, is_open: false, trailers: None }
    }

    /// `n` bytes.
    pub(super) fn sized(n: u64) -> Self {
        let piece = vec![b'x'; usize::try_from(n).unwrap_or(usize::MAX).min(64 * 1024)];
        Self { left: n, ..Self::once(piece) }
    }

    /// A piece `n` times, with a pause in between.
    pub(super) fn chunks(piece: Bytes, n: u64, pause: Option<Duration>) -> Self {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        Self { left: n.saturating_mul(length), pause, is_open: true, ..Self::once(piece) }
    }

    /// Ends with trailers.
    pub(super) fn with_trailers(self, trailers: HeaderMap) -> Self {
        Self { trailers: Some(trailers), is_open: true, ..self }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Frame<Bytes>>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(cx));
            self.waiting = None;
        }
        if self.left == 0 || self.piece.is_empty() {
            return Poll::Ready(self.trailers.take().map(Frame::trailers));
        }
        let n = usize::try_from(self.left).unwrap_or(usize::MAX).min(self.piece.len());
        self.left -= u64::try_from(n).unwrap_or(self.left);
        if self.left > 0 {
            self.waiting = self.pause.map(|pause| Box::pin(sleep(pause)));
        }
        Poll::Ready(Some(Frame::data(self.piece.slice(..n))))
    }
}

impl Body for EchoBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let (body, trailers, note, is_over) = match &mut *self {
            Self::Made(made) => return made.poll(cx).map(|frame| frame.map(Ok)),
            Self::Back { body, trailers, note, is_over } => (body, trailers, note, is_over),
        };
        while !*is_over {
            let Some(frame) = ready!(Pin::new(&mut *body).poll_frame(cx)) else {
                *is_over = true;
                note.send();
                break;
            };
            let frame = frame?;
            note.frame(&frame);
            // Trailers of the request are not those of the answer.
            if frame.is_data() {
                return Poll::Ready(Some(Ok(frame)));
            }
        }
        Poll::Ready(trailers.take().map(|trailers| Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Made(made) => (made.left == 0 || made.piece.is_empty()) && made.trailers.is_none(),
            Self::Back { trailers, is_over, .. } => *is_over && trailers.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Made(made) if !made.is_open => SizeHint::with_exact(made.left),
            Self::Made(_) | Self::Back { .. } => SizeHint::default(),
        }
    }
}

//! Bodies of hyper for tests: frames that are known beforehand on the way out, everything collected on the way in.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

/// A body of known frames.
#[derive(Debug, Default)]
pub(crate) struct Frames(VecDeque<Frame<Bytes>>);

impl Frames {
    /// Data in one frame, then trailers.
    pub(crate) fn new(body: &[u8], trailers: &[(String, String)]) -> Self {
        let data = (!body.is_empty()).then(|| Frame::data(Bytes::copy_from_slice(body)));
        let end = (!trailers.is_empty()).then(|| Frame::trailers(map(trailers)));
        Self(data.into_iter().chain(end).collect())
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.0.iter().any(Frame::is_trailers) {
            return SizeHint::default();
        }
        SizeHint::with_exact(self.0.iter().filter_map(Frame::data_ref).map(|data| data.len() as u64).sum())
    }
}

/// Header lines as hyper wants them.
pub(crate) fn map(lines: &[(String, String)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        let name = http::HeaderName::try_from(name.as_str()).expect("a name");
        map.append(name, http::HeaderValue::from_bytes(&super::wire::bytes(value)).expect("a value"));
    }
    map
}

/// Header lines as tests compare them.
pub(crate) fn lines(map: &HeaderMap) -> Vec<(String, String)> {
    map.iter().map(|(name, value)| (name.as_str().to_owned(), super::wire::text(value.as_bytes()))).collect()
}

/// All of a body.
pub(crate) async fn collect(mut body: Incoming) -> hyper::Result<super::wire::Body> {
    let mut all = super::wire::Body { framing: "stream", ..Default::default() };
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        match frame?.into_data() {
            Ok(data) => all.bytes.extend(data),
            Err(other) => all.trailers.extend(other.into_trailers().iter().flat_map(lines)),
        }
    }
    Ok(all)
}

//! What echo backends saw, for tests: sent to whoever asked for a recording, once a request, connection or datagram is
//! complete.

use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::HeaderMap;
use http_body::Frame;

/// Bytes of a body that are kept.
const KEPT: usize = 64 * 1024;

/// One request, connection of TCP, or datagram, as a backend got it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Namespace of the Service.
    pub namespace: String,
    /// Service.
    pub service: String,
    /// Port of the Service.
    pub port: u16,
    /// `HTTP/1.0`, `HTTP/1.1`, `HTTP/2.0`, `TCP` or `UDP`.
    pub proto: String,
    /// Who sent it.
    pub client: SocketAddr,
    /// Number of the connection, over all services; 0 for datagrams.
    pub connection: u64,
    /// Lines of the head as they came, in order and case, the request line first. Of HTTP/2 `:method: GET` and the
    /// other pseudo fields, then the fields. Empty for TCP and UDP.
    pub head: Vec<String>,
    /// The body, up to 64 KiB.
    pub body: Vec<u8>,
    /// Bytes of the whole body.
    pub body_length: u64,
    /// Trailers.
    pub trailers: Vec<(String, String)>,
    /// Did the body end as it should?
    pub complete: bool,
}

/// Where recordings go.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder {
    to: Arc<Mutex<Option<Sender<Recorded>>>>,
}

impl Recorder {
    /// Records from now on, for one receiver at a time.
    pub(super) fn begin(&self) -> Receiver<Recorded> {
        let (sender, receiver) = channel();
        *self.to.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }

    /// Does anyone want recordings?
    pub(super) fn is_on(&self) -> bool {
        self.to.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// A record to fill in, where anyone wants it.
    pub(super) fn note(&self, begin: impl FnOnce() -> Recorded) -> Note {
        Note(self.is_on().then(|| (self.clone(), begin())))
    }

    fn send(&self, recorded: Recorded) {
        let mut to = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        if to.as_ref().is_some_and(|to| to.send(recorded).is_err()) {
            *to = None;
        }
    }
}

/// A record in progress; dropped before it is sent, it goes out as incomplete.
pub(super) struct Note(Option<(Recorder, Recorded)>);

impl Note {
    /// Adds bytes of the body.
    pub(super) fn data(&mut self, bytes: &[u8]) {
        let Some((_, recorded)) = &mut self.0 else { return };
        recorded.body_length += u64::try_from(bytes.len()).unwrap_or_default();
        let room = KEPT.saturating_sub(recorded.body.len()).min(bytes.len());
        recorded.body.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }

    /// Adds a frame of the body.
    pub(super) fn frame(&mut self, frame: &Frame<Bytes>) {
        if let Some(data) = frame.data_ref() {
            self.data(data);
        } else if let (Some((_, recorded)), Some(trailers)) = (&mut self.0, frame.trailers_ref()) {
            recorded.trailers.extend(pairs(trailers));
        }
    }

    /// The body is complete.
    pub(super) fn send(&mut self) {
        if let Some((recorder, recorded)) = self.0.take() {
            recorder.send(Recorded { complete: true, ..recorded });
        }
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        if let Some((recorder, recorded)) = self.0.take() {
            recorder.send(recorded);
        }
    }
}

/// Fields as text.
pub(super) fn pairs(fields: &HeaderMap) -> impl Iterator<Item = (String, String)> + '_ {
    fields
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
}

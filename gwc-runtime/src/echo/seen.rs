//! The account of a request that an echo backend gives.

use http::HeaderMap;
use http::request::Parts;
use serde_json::{Map, Value, json};

use crate::echo::raw::Peer;
use crate::echo::record::pairs;

/// Bytes of a body that an account repeats.
const REPEATED: usize = 4096;

/// A body that came, as far as it is kept.
#[derive(Debug, Default)]
pub(super) struct Received {
    start: Vec<u8>,
    length: u64,
    pub(super) trailers: HeaderMap,
}

impl Received {
    /// Adds bytes.
    pub(super) fn data(&mut self, bytes: &[u8]) {
        self.length += u64::try_from(bytes.len()).unwrap_or_default();
        // One more than is repeated, so that it shows whether that is all.
        let room = (REPEATED + 1).saturating_sub(self.start.len()).min(bytes.len());
        self.start.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }

    fn text(&self) -> Option<&str> {
        let is_text = !self.start.is_empty() && self.start.len() <= REPEATED;
        is_text.then(|| std::str::from_utf8(&self.start).ok()).flatten()
    }
}

/// `Host` or `:authority`.
pub(super) fn host(head: &Parts) -> String {
    let field = || head.headers.get(http::header::HOST).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let authority = || head.uri.authority().map(|authority| authority.as_str().into());
    // Of HTTP/1 the field is what the proxy wrote; of HTTP/2 it need not be there.
    field().or_else(authority).unwrap_or_default().into_owned()
}

/// Path and query.
pub(super) fn path(head: &Parts) -> &str {
    head.uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str)
}

/// `HTTP/1.1`.
pub(super) fn proto(head: &Parts) -> String {
    format!("{:?}", head.version)
}

/// Values by name, in the order in which they came.
pub(super) fn fields(fields: &HeaderMap) -> Map<String, Value> {
    let mut all = Map::new();
    for (name, value) in pairs(fields) {
        if let Value::Array(values) = all.entry(name).or_insert_with(|| json!([])) {
            values.push(Value::String(value));
        }
    }
    all
}

/// The whole account.
pub(super) fn account(peer: &Peer, head: &Parts, received: &Received) -> String {
    let service = &peer.site.service;
    let mut account = json!({
        "namespace": service.namespace,
        "service": service.service,
        "port": service.port,
        "method": head.method.as_str(),
        "path": path(head),
        "host": host(head),
        "proto": proto(head),
        "headers": fields(&head.headers),
        "bodyLength": received.length,
    });
    if let Value::Object(account) = &mut account {
        if let Some(text) = received.text() {
            account.insert("body".to_owned(), text.into());
        }
        if !received.trailers.is_empty() {
            account.insert("trailers".to_owned(), fields(&received.trailers).into());
        }
        account.insert("client".to_owned(), peer.address.to_string().into());
    }
    format!("{account:#}\n")
}

/// Lines of the head of an HTTP/2 request, pseudo fields first.
pub(super) fn lines(head: &Parts) -> Vec<String> {
    let scheme = head.uri.scheme_str().map(|scheme| format!(":scheme: {scheme}"));
    let authority = head.uri.authority().map(|authority| format!(":authority: {authority}"));
    let pseudo = [Some(format!(":method: {}", head.method)), scheme, authority, Some(format!(":path: {}", path(head)))];
    let fields = pairs(&head.headers).map(|(name, value)| format!("{name}: {value}"));
    pseudo.into_iter().flatten().chain(fields).collect()
}

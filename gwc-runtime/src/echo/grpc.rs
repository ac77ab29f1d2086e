//! gRPC: the messages of a call come back as they are, whatever the method.

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Response, Version};
use hyper::body::Incoming;
use serde_json::Value;

use crate::echo::body::{EchoBody, Made};
use crate::echo::raw::Peer;
use crate::echo::record::Note;
use crate::echo::seen;

/// Longer accounts of fields are left out.
const LONGEST: usize = 8 * 1024;

/// Is it a call of gRPC?
pub(super) fn is(head: &Parts) -> bool {
    let kind = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let rest = kind.strip_prefix("application/grpc");
    head.version == Version::HTTP_2 && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', ';']))
}

/// The messages, with what was seen in fields `x-echo-*`.
pub(super) fn answer(peer: &Peer, head: &Parts, body: Incoming, note: Note, status: Option<u32>) -> Response<EchoBody> {
    let name = HeaderName::from_static("grpc-status");
    let mut response = match status.filter(|status| *status != 0) {
        Some(status) => {
            let mut response = Response::new(EchoBody::Made(Made::once("")));
            response.headers_mut().insert(name, HeaderValue::from(status));
            response
        }
        None => {
            let trailers = Some(HeaderMap::from_iter([(name, HeaderValue::from_static("0"))]));
            Response::new(EchoBody::Back { body, trailers, note, is_over: false })
        }
    };
    let kind = head.headers.get(CONTENT_TYPE).cloned();
    response.headers_mut().extend(kind.map(|kind| (CONTENT_TYPE, kind)));
    tell(peer, head, response.headers_mut());
    response
}

fn tell(peer: &Peer, head: &Parts, to: &mut HeaderMap) {
    let service = &peer.site.service;
    let fields = ascii(&Value::Object(seen::fields(&head.headers)).to_string());
    let told = [
        ("x-echo-namespace", service.namespace.clone()),
        ("x-echo-service", service.service.clone()),
        ("x-echo-port", service.port.to_string()),
        ("x-echo-path", seen::path(head).to_owned()),
        ("x-echo-host", seen::host(head)),
        ("x-echo-proto", seen::proto(head)),
        ("x-echo-client", peer.address.to_string()),
        ("x-echo-headers", fields),
    ];
    for (name, value) in told.into_iter().filter(|(_, value)| value.len() <= LONGEST) {
        if let Ok(value) = HeaderValue::try_from(value) {
            to.insert(HeaderName::from_static(name), value);
        }
    }
}

/// JSON with everything else than ASCII escaped, as a field needs it.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            text.push(character);
        } else {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units).iter();
            units.for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::ascii;

    #[test]
    fn fields_of_other_scripts_are_escaped() {
        assert_eq!(ascii("{\"a\":\"é😀\"}"), "{\"a\":\"\\u00e9\\ud83d\\ude00\"}");
    }
}

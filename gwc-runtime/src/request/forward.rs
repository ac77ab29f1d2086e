//! The request as the backend gets it, and its answer as the client gets it (routing.md §5.4, §5.11, §4.4).

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Instant;

use gwc_core::ir::BackendProtocol;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Response, StatusCode, Uri, Version};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;

use crate::body::{Announced, Body, RequestBody, ResponseBody};
use crate::connection::InFlight;
use crate::error::ProxyError;
use crate::filter::Outgoing;
use crate::http::Connection;
use crate::request::deadline::Deadlines;
use crate::request::{Fields, head, tunnel};
use crate::telemetry::Course;
use crate::upstream::{BackendState, Sent};
use crate::worker::View;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");

/// The body that is passed on.
pub(super) fn body(incoming: Incoming, version: Version, in_flight: &InFlight, course: &mut Course) -> Body {
    if incoming.is_end_stream() {
        return Body::Empty;
    }
    let (flow, n_bytes) = (Rc::clone(in_flight.flow()), course.count_in());
    let announced = match incoming.size_hint().exact() {
        Some(_) => Announced::Length,
        None if version == Version::HTTP_2 => Announced::Nothing,
        None => Announced::Chunks,
    };
    flow.reads_body(1);
    Body::Request(RequestBody { incoming, flow, n_bytes, announced, upload: Rc::default() })
}

/// How a request goes on.
#[derive(Clone, Copy)]
pub(super) struct Hop {
    pub(super) protocol: BackendProtocol,
    /// A WebSocket is asked for.
    pub(super) upgrades: bool,
    /// The backend speaks TLS.
    pub(super) is_secure: bool,
}

/// The request that the backend gets.
pub(super) fn request(
    hop: Hop,
    parts: &mut Parts,
    outgoing: &mut Outgoing<'_>,
    body: Body,
) -> Result<Request<Body>, ProxyError> {
    let mut headers = std::mem::take(&mut outgoing.headers);
    // Filters may have added some.
    let fields = Fields::of(&headers);
    if fields.has(Fields::EXPECT) {
        headers.remove(header::EXPECT);
    }
    forwarded_host(outgoing, &mut headers);
    let mut is_kept = false;
    let authority = match (&outgoing.authority, outgoing.received) {
        (Some(changed), _) => Some(changed.clone()),
        (None, Some(received)) => match headers.get(header::HOST) {
            Some(host) if host.as_bytes() == received.as_bytes() => {
                is_kept = true;
                Some(host.clone())
            }
            Some(_) | None => HeaderValue::from_str(received).ok(),
        },
        (None, None) => None,
    };
    let mut request = Request::new(body);
    *request.method_mut() = parts.method.clone();
    if hop.protocol == BackendProtocol::Http2 {
        headers.remove(header::HOST);
        *request.version_mut() = Version::HTTP_2;
        let scheme = if hop.is_secure { Scheme::HTTPS } else { Scheme::HTTP };
        *request.uri_mut() = absolute(scheme, authority.as_ref(), target(parts, outgoing)?)?;
    } else {
        if parts.version == Version::HTTP_2 && fields.has(Fields::COOKIE) {
            join_cookies(&mut headers);
        }
        // Replaced in place, so that it stays the first line where it was.
        match authority {
            Some(_) if is_kept => {}
            Some(authority) => drop(headers.insert(header::HOST, authority)),
            None => drop(headers.insert(header::HOST, HeaderValue::from_static(""))),
        }
        *request.uri_mut() = Uri::from(target(parts, outgoing)?);
        *request.extensions_mut() = std::mem::take(&mut parts.extensions);
        // hyper sends no body with GET or HEAD whose length is not known, unless told so.
        if request.body().size_hint().exact().is_none() {
            headers.insert(header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        }
        if hop.upgrades {
            headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
            headers.insert(header::UPGRADE, WEBSOCKET);
        }
    }
    *request.headers_mut() = headers;
    Ok(request)
}

/// Path and query in origin form; what did not change is not written again.
fn target(parts: &Parts, outgoing: &Outgoing<'_>) -> Result<PathAndQuery, ProxyError> {
    if let (Cow::Borrowed(path), Some(whole)) = (&outgoing.path, parts.uri.path_and_query())
        && *path == whole.path()
    {
        return Ok(whole.clone());
    }
    let text = match outgoing.query {
        Some(query) => format!("{}?{query}", outgoing.path),
        None => outgoing.path.clone().into_owned(),
    };
    PathAndQuery::try_from(text).map_err(|_| ProxyError::BadRequest)
}

fn absolute(scheme: Scheme, authority: Option<&HeaderValue>, target: PathAndQuery) -> Result<Uri, ProxyError> {
    let authority = authority.and_then(|value| Authority::try_from(value.as_bytes()).ok());
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(scheme);
    parts.authority = Some(authority.unwrap_or_else(|| Authority::from_static("localhost")));
    parts.path_and_query = Some(target);
    Uri::from_parts(parts).map_err(|_| ProxyError::BadRequest)
}

/// `X-Forwarded-*`: what a client says counts only if it is trusted (ruling 20, S28). Filters come later and have the
/// last word.
pub(super) fn forwarded(cx: &Connection, view: &View, socket: usize, headers: &mut HeaderMap, fields: Fields) {
    let is_trusted = cx.is_trusted;
    if !is_trusted && fields.has(Fields::FORWARDED) {
        headers.remove(header::FORWARDED);
        headers.remove(FORWARDED_HOST);
    }
    // Several lines are one list (RFC 9110 §5.2).
    let lines = headers.get_all(FORWARDED_FOR).iter().filter(|_| is_trusted);
    let before: Vec<&str> = lines.filter_map(|value| value.to_str().ok()).collect();
    let address = match before.as_slice() {
        [] => Some(cx.forwarded_for.clone()),
        before => HeaderValue::try_from(format!("{}, {}", before.join(", "), cx.peer.ip())).ok(),
    };
    set(headers, FORWARDED_FOR, address);
    if !(is_trusted && headers.contains_key(FORWARDED_PROTO)) {
        headers.insert(FORWARDED_PROTO, HeaderValue::from_static(cx.scheme()));
    }
    if !(is_trusted && headers.contains_key(FORWARDED_PORT)) {
        let port = view.snapshot.sockets.get(socket).map(|socket| socket.port.clone());
        set(headers, FORWARDED_PORT, port);
    }
    if cx.worker.options.request_id && !headers.contains_key(REQUEST_ID) {
        set(headers, REQUEST_ID, HeaderValue::try_from(cx.worker.request_id()).ok());
    }
}

/// The host that was asked for, where a filter changed it.
fn forwarded_host(outgoing: &Outgoing<'_>, headers: &mut HeaderMap) {
    if outgoing.authority.is_some() && !headers.contains_key(FORWARDED_HOST) {
        let original = outgoing.received.and_then(|received| HeaderValue::from_str(received).ok());
        set(headers, FORWARDED_HOST, original);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: Option<HeaderValue>) {
    if let Some(value) = value {
        headers.insert(name, value);
    }
}

/// S26: HTTP/2 may send `Cookie` in parts, HTTP/1 has one line.
fn join_cookies(headers: &mut HeaderMap) {
    let mut cookies = headers.get_all(header::COOKIE).iter();
    let (Some(first), Some(_)) = (cookies.next(), cookies.next()) else { return };
    let mut all = first.as_bytes().to_vec();
    for cookie in headers.get_all(header::COOKIE).iter().skip(1) {
        all.extend_from_slice(b"; ");
        all.extend_from_slice(cookie.as_bytes());
    }
    if let Ok(all) = HeaderValue::from_bytes(&all) {
        headers.insert(header::COOKIE, all);
    }
}

/// Sends the request, as long as there is time.
pub(super) async fn send(
    cx: &Connection,
    state: &BackendState,
    request: Request<Body>,
    deadlines: &Deadlines,
    course: &mut Course,
) -> Result<Sent, ProxyError> {
    let begun = Instant::now();
    // Pinned here, so that it is not moved on the way down.
    let sending = std::pin::pin!(cx.worker.upstreams.send(state, request));
    let sent = deadlines.within(sending).await;
    let time = begun.elapsed();
    cx.worker.count_backend(state, sent.as_ref().ok().map(|_| time));
    if let Ok(sent) = &sent {
        course.forwarded(sent, time);
    }
    sent
}

/// The answer that the client gets.
pub(super) fn response(
    sent: Sent,
    upgrade: Option<OnUpgrade>,
    outgoing: &Outgoing<'_>,
    deadlines: &Deadlines,
    in_flight: &InFlight,
) -> Result<Response<Body>, ProxyError> {
    let Sent { mut response, lease, .. } = sent;
    in_flight.flow().answered();
    let fields = Fields::of(response.headers());
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        // S18: only what was asked for.
        let client = upgrade.ok_or(ProxyError::BadResponse)?;
        let backend = hyper::upgrade::on(&mut response);
        tunnel::join(client, backend, in_flight.flow());
        let (mut parts, _) = response.into_parts();
        head::strip(&mut parts.headers, fields);
        outgoing.change_response(&mut parts.headers);
        parts.headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        parts.headers.insert(header::UPGRADE, WEBSOCKET);
        return Ok(Response::from_parts(parts, Body::Empty));
    }
    let (mut parts, incoming) = response.into_parts();
    // Nothing is repaired.
    if !head::is_framed(&parts.headers, fields) {
        return Err(ProxyError::BadResponse);
    }
    head::strip(&mut parts.headers, fields);
    outgoing.change_response(&mut parts.headers);
    parts.version = Version::HTTP_11;
    if incoming.is_end_stream() {
        if let Some(lease) = lease {
            lease.give_back();
        }
        return Ok(Response::from_parts(parts, Body::Empty));
    }
    let deadline = deadlines.rest();
    let body = ResponseBody { incoming, lease, deadline, trail: None };
    Ok(Response::from_parts(parts, Body::Response(Box::new(body))))
}

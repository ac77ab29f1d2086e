//! Connections of HTTP/1.1 and HTTP/2, told apart by the preface, and the answers to their requests.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, TRAILER};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::echo::body::{EchoBody, Made};
use crate::echo::control::Control;
use crate::echo::raw::Peer;
use crate::echo::record::{Note, Recorded};
use crate::echo::seen::{self, Received};
use crate::echo::tap::{Heads, Tap, lock};
use crate::echo::{grpc, websocket};

/// What HTTP/2 connections begin with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Serves a connection.
pub(super) async fn connection(mut stream: TcpStream, peer: Peer) {
    let Ok(first) = first_bytes(&mut stream).await else { return };
    let is_http2 = first == PREFACE;
    let heads = (peer.site.recorder.is_on() && !is_http2).then(Heads::default);
    let io = TokioIo::new(Tap::new(stream, first, heads.clone()));
    let peer = Rc::new(peer);
    let service = service_fn(move |request| answer(Rc::clone(&peer), heads.clone(), request));
    // A connection that breaks is nobody's concern but the client's.
    let _ = if is_http2 {
        let mut builder = hyper::server::conn::http2::Builder::new(Local);
        builder.timer(TokioTimer::new()).serve_connection(io, service).await
    } else {
        let mut builder = hyper::server::conn::http1::Builder::new();
        let builder = builder.timer(TokioTimer::new()).half_close(true);
        builder.serve_connection(io, service).with_upgrades().await
    };
}

/// The preface, or as many bytes as show that it is none.
async fn first_bytes(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut first = Vec::with_capacity(PREFACE.len());
    while first.len() < PREFACE.len() && PREFACE.starts_with(&first) {
        let room = u64::try_from(PREFACE.len() - first.len()).unwrap_or_default();
        if (&mut *stream).take(room).read_buf(&mut first).await? == 0 {
            break;
        }
    }
    Ok(first)
}

/// Runs the tasks of HTTP/2 on this thread.
#[derive(Clone, Copy)]
struct Local;

impl<F: Future + 'static> hyper::rt::Executor<F> for Local {
    fn execute(&self, task: F) {
        tokio::task::spawn_local(async move {
            task.await;
        });
    }
}

/// Answers one request.
async fn answer(
    peer: Rc<Peer>,
    heads: Option<Heads>,
    mut request: Request<Incoming>,
) -> Result<Response<EchoBody>, io::Error> {
    let upgrade = websocket::asked(&request).then(|| hyper::upgrade::on(&mut request));
    let (head, body) = request.into_parts();
    let mut note = peer.site.recorder.note(|| recorded(&peer, heads.as_ref(), &head));
    let control = Control::of(head.uri.query(), &head.headers);
    if let Some(delay) = control.delay {
        tokio::time::sleep(delay).await;
    }
    if control.close {
        note.send();
        return Err(io::Error::other("closed as asked"));
    }
    let mut response = if let Some(upgrade) = upgrade {
        note.send();
        if let Some(heads) = &heads {
            lock(heads).end();
        }
        websocket::answer(&head, upgrade)
    } else if grpc::is(&head) {
        grpc::answer(&peer, &head, body, note, control.grpc_status)
    } else {
        let received = receive(body, &mut note).await.map_err(io::Error::other)?;
        note.send();
        made(&peer, &head, &received, &control)
    };
    for (name, value) in control.fields {
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

fn recorded(peer: &Peer, heads: Option<&Heads>, head: &Parts) -> Recorded {
    let lines = match heads {
        Some(heads) => lock(heads).take().unwrap_or_default(),
        None if head.version == Version::HTTP_2 => seen::lines(head),
        // Recording began after the connection.
        None => Vec::new(),
    };
    Recorded { head: lines, ..peer.site.recorded(&seen::proto(head), peer.address, peer.number) }
}

/// Reads a body to its end.
async fn receive(mut body: Incoming, note: &mut Note) -> Result<Received, hyper::Error> {
    let mut received = Received::default();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame?;
        note.frame(&frame);
        match frame.into_data() {
            Ok(data) => received.data(&data),
            Err(frame) => received.trailers.extend(frame.into_trailers().unwrap_or_default()),
        }
    }
    Ok(received)
}

/// The answer that the controls ask for, by default the account of the request.
fn made(peer: &Peer, head: &Parts, received: &Received, control: &Control) -> Response<EchoBody> {
    let status = control.status.unwrap_or(StatusCode::OK);
    let is_empty = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let account = || seen::account(peer, head, received);
    let (kind, body) = match (control.size, control.chunks) {
        _ if is_empty => (None, Made::once(Bytes::new())),
        (None, None) => (Some("application/json"), Made::once(account())),
        (Some(size), None) => (Some("application/octet-stream"), Made::sized(size)),
        (size, Some(chunks)) => (Some("text/plain"), Made::chunks(chunk(size), chunks, control.interval)),
    };
    let body = if control.trailers && !is_empty {
        body.with_trailers(HeaderMap::from_iter([(
            http::HeaderName::from_static("x-echo-trailer"),
            HeaderValue::from_static("end"),
        )]))
    } else {
        body
    };
    let mut response = Response::new(EchoBody::Made(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Some(kind) = kind {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if control.trailers {
        headers.insert(TRAILER, HeaderValue::from_static("x-echo-trailer"));
    }
    response
}

/// One of several parts: a line, or as many bytes as asked for, at most 64 KiB.
fn chunk(size: Option<u64>) -> Bytes {
    let size = size.map(|size| usize::try_from(size).unwrap_or(usize::MAX).min(64 * 1024));
    size.map_or(Bytes::from_static(b"chunk\n"), |size| vec![b'x'; size].into())
}

//! From a client connection to its requests, with hyper at connection level: HTTP/1.0, 1.1 and 2.
//!
//! In clear text the 24-byte preface tells HTTP/2 (prior knowledge); behind TLS the ALPN does.

use std::cell::OnceCell;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use bytes::BytesMut;
use http::{HeaderValue, Request, Version};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::connection::{Flow, Kick, Prefixed, Watched};
use crate::listen::Listening;
use crate::request;
use crate::tls::Digest;
use crate::worker::Worker;

/// How HTTP/2 begins (RFC 9113 §3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What requests of one connection share.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) worker: Rc<Worker>,
    pub(crate) listening: Rc<Listening>,
    pub(crate) flow: Rc<Flow>,
    pub(crate) peer: SocketAddr,
    /// Where it arrived.
    pub(crate) local: SocketAddr,
    /// The address of the peer as a value.
    pub(crate) forwarded_for: HeaderValue,
    /// Do `X-Forwarded-*` of this peer count?
    pub(crate) is_trusted: bool,
    /// It came over TLS of this version.
    pub(crate) tls_version: Option<&'static str>,
    /// Name of the ClientHello, lower case.
    pub(crate) sni: Option<String>,
    /// What became of the certificate of the client, for the log.
    pub(crate) client_certificate: Option<&'static str>,
    /// How clients were checked in the handshake.
    pub(crate) clients: Option<Digest>,
    /// The listener that it is counted for: the one of its first request.
    pub(crate) counted: OnceCell<String>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(label) = self.counted.get() {
            self.worker.counters.borrow_mut().connection(label, -1);
        }
    }
}

impl Connection {
    /// Counts it for a listener, once.
    pub(crate) fn count(&self, label: &str) {
        if self.counted.get().is_none() && self.counted.set(label.to_owned()).is_ok() {
            self.worker.counters.borrow_mut().connection(label, 1);
        }
    }

    /// `http` or `https`.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls_version.is_some() { "https" } else { "http" }
    }
}

/// Runs tasks of hyper on this thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocalExecutor;

impl<F: Future<Output: 'static> + 'static> hyper::rt::Executor<F> for LocalExecutor {
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}

/// Serves a connection in clear text, of either version.
pub(crate) async fn serve_clear<S>(cx: Rc<Connection>, stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut stream = Watched::new(stream, &cx.flow);
    match cx.flow.until_kicked(sniff(&mut stream)).await {
        Some(Ok((version, prefix))) => serve(cx, Prefixed::new(prefix, stream), version).await,
        None if cx.flow.is_late() => too_late(stream).await,
        Some(Err(_)) | None => {}
    }
}

/// Serves a connection of a known version, such as one behind ALPN.
pub(crate) async fn serve_known<S>(cx: Rc<Connection>, stream: S, version: Version)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let stream = Watched::new(stream, &cx.flow);
    serve(cx, stream, version).await;
}

/// Reads until it is clear whether this is the preface; gives back what was read.
async fn sniff(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<(Version, BytesMut)> {
    let mut bytes = BytesMut::with_capacity(4096);
    loop {
        if stream.read_buf(&mut bytes).await? == 0 || !PREFACE.starts_with(&bytes[..bytes.len().min(PREFACE.len())]) {
            return Ok((Version::HTTP_11, bytes));
        }
        if bytes.len() >= PREFACE.len() {
            return Ok((Version::HTTP_2, bytes));
        }
    }
}

async fn serve<S>(cx: Rc<Connection>, stream: S, version: Version)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // It counts as open until it ends, as whatever.
    let _open = Rc::clone(&cx);
    match version {
        Version::HTTP_2 => serve_http2(cx, stream).await,
        _ => serve_http1(cx, stream).await,
    }
}

async fn serve_http2<S>(cx: Rc<Connection>, stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let flow = Rc::clone(&cx.flow);
    flow.multiplex();
    let mut builder = http2::Builder::new(LocalExecutor);
    builder
        .max_concurrent_streams(256)
        .initial_stream_window_size(256 * 1024)
        .initial_connection_window_size(4 << 20)
        .max_header_list_size(u32::try_from(cx.worker.options.limits.head_bytes).unwrap_or(u32::MAX))
        .max_send_buf_size(64 * 1024);
    // On its way into a task hyper moves the future of a stream eight times, so it is boxed.
    let service = service_fn(move |request: Request<Incoming>| {
        let cx = Rc::clone(&cx);
        Box::pin(async move { Ok::<_, Infallible>(request::serve(cx, request).await) })
    });
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    std::future::poll_fn(|cx| {
        match flow.take_kick(cx) {
            Some(Kick::Now) => return Poll::Ready(()),
            Some(Kick::Gracefully) => connection.as_mut().graceful_shutdown(),
            None => {}
        }
        connection.as_mut().poll(cx).map(drop)
    })
    .await;
}

async fn serve_http1<S>(cx: Rc<Connection>, stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let flow = Rc::clone(&cx.flow);
    let limits = cx.worker.options.limits.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let cx = Rc::clone(&cx);
        async move { Ok::<_, Infallible>(request::serve(cx, request).await) }
    });
    let mut builder = http1::Builder::new();
    builder
        .writev(false)
        .preserve_header_case(true)
        .max_headers(limits.fields)
        .max_buf_size(limits.head_bytes.max(8192));
    let mut connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
    let ended = std::future::poll_fn(|cx| {
        let mut connection = Pin::new(&mut connection);
        match flow.take_kick(cx) {
            Some(Kick::Now) => return Poll::Ready(None),
            Some(Kick::Gracefully) => connection.as_mut().graceful_shutdown(),
            None => {}
        }
        connection.poll(cx).map(Some)
    })
    .await;
    if ended.is_none()
        && flow.is_late()
        && let Some(parts) = connection.into_parts()
    {
        return too_late(parts.io.into_inner()).await;
    }
    // After an upgrade the connection is as long as its tunnel, and ends with it.
    if let Some(tunnel) = flow.take_tunnel() {
        let abort = tunnel.abort_handle();
        if ended.is_none() || flow.until_kicked(tunnel).await.is_none() {
            abort.abort();
        }
    }
}

/// Answers a head that did not come in time (runtime-design.md §6).
async fn too_late(mut stream: impl AsyncWrite + Unpin) {
    let answer = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let answering = async {
        stream.write_all(answer).await?;
        stream.shutdown().await
    };
    // Whoever does not take it goes without.
    let _ = tokio::time::timeout(Duration::from_secs(1), answering).await;
}

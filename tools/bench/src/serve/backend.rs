//! Answers every request of HTTP/1.1 and HTTP/2 on clear text with 1 KiB, paths below `/big` with 1 MiB, and gRPC with
//! one message. It must be much cheaper than any proxy, because it shares its core with the load generator.

use std::io;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SMALL: usize = 1024;
const BIG: usize = 1024 * 1024;
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// The answers, made once.
#[derive(Clone)]
struct Answers {
    /// Whole responses of HTTP/1.1.
    h1: [Bytes; 2],
    /// Bodies alone.
    bodies: [Bytes; 2],
    /// A gRPC message of 1 KiB with its prefix.
    grpc: Bytes,
}

impl Answers {
    fn new() -> Self {
        let bodies = [SMALL, BIG].map(|size| Bytes::from(vec![b'x'; size]));
        let h1 = bodies.each_ref().map(|body| {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\r\n", body.len());
            Bytes::from([head.as_bytes(), body].concat())
        });
        // Not compressed, 1024 bytes: one field of bytes.
        let prefix = [&[0, 0, 0, 4, 0, 0x0a, 0xfd, 0x07][..], &[b'x'; SMALL - 3]].concat();
        Self { h1, bodies, grpc: Bytes::from(prefix) }
    }
}

/// Serves until it is ended from outside.
pub(crate) fn run(address: &str) -> io::Result<()> {
    super::on_one_thread(async {
        let listener = TcpListener::bind(address).await?;
        let answers = Answers::new();
        loop {
            let (stream, _) = listener.accept().await?;
            let answers = answers.clone();
            tokio::task::spawn_local(async move {
                // A proxy that closes its connection is no failure of the backend.
                let _ = connection(stream, answers).await;
            });
        }
    })
}

async fn connection(stream: TcpStream, answers: Answers) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut start = [0; 3];
    stream.peek(&mut start).await?;
    if &start == b"PRI" { http2(stream, answers).await.map_err(io::Error::other) } else { http1(stream, answers).await }
}

async fn http1(mut stream: TcpStream, answers: Answers) -> io::Result<()> {
    let mut input = Vec::with_capacity(16 * 1024);
    // Bytes of a request's body that have not come yet.
    let mut to_skip = 0;
    while stream.read_buf(&mut input).await? > 0 {
        let mut done = 0;
        loop {
            let skipped = to_skip.min(input.len() - done);
            (done, to_skip) = (done + skipped, to_skip - skipped);
            let rest = &input[done..];
            let Some(end) = rest.windows(END_OF_HEAD.len()).position(|four| four == END_OF_HEAD) else { break };
            let head = &rest[..end];
            let is_big = head.windows(6).take(16).any(|six| six == b" /big/");
            to_skip = content_length(head);
            done += end + END_OF_HEAD.len();
            stream.write_all(&answers.h1[usize::from(is_big)]).await?;
        }
        input.drain(..done);
    }
    Ok(())
}

fn content_length(head: &[u8]) -> usize {
    if head.starts_with(b"GET ") {
        return 0;
    }
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}

async fn http2(stream: TcpStream, answers: Answers) -> Result<(), h2::Error> {
    let mut builder = h2::server::Builder::new();
    builder.initial_window_size(1024 * 1024).initial_connection_window_size(16 * 1024 * 1024);
    let mut connection = builder.max_concurrent_streams(1024).handshake::<_, Bytes>(stream).await?;
    while let Some(accepted) = connection.accept().await {
        let (request, respond) = accepted?;
        if request.body().is_end_stream() {
            answer(&request, respond, &answers)?;
        } else {
            tokio::task::spawn_local(after_body(request, respond, answers.clone()));
        }
    }
    Ok(())
}

async fn after_body(mut request: Request<h2::RecvStream>, respond: h2::server::SendResponse<Bytes>, answers: Answers) {
    while let Some(Ok(chunk)) = request.body_mut().data().await {
        // A stream that was reset takes no more window.
        let _ = request.body_mut().flow_control().release_capacity(chunk.len());
    }
    // The client may have gone meanwhile.
    let _ = answer(&request, respond, &answers);
}

fn answer(
    request: &Request<h2::RecvStream>,
    mut respond: h2::server::SendResponse<Bytes>,
    answers: &Answers,
) -> Result<(), h2::Error> {
    let kind = request.headers().get(http::header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc")) {
        let mut sent = respond.send_response(head("application/grpc", None), false)?;
        sent.send_data(answers.grpc.clone(), false)?;
        let trailers = HeaderMap::from_iter([(http::HeaderName::from_static("grpc-status"), HeaderValue::from(0))]);
        return sent.send_trailers(trailers);
    }
    let body = &answers.bodies[usize::from(request.uri().path().starts_with("/big/"))];
    let mut sent = respond.send_response(head("text/plain", Some(body.len())), false)?;
    sent.send_data(body.clone(), true)
}

fn head(kind: &'static str, length: Option<usize>) -> Response<()> {
    let mut response = Response::new(());
    response.headers_mut().insert(http::header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(length) = length {
        response.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

//! HTTP/2 with prior knowledge, and gRPC on it.

use std::convert::Infallible;

use ::http::{HeaderMap, Request, Response, Version};
use bytes::Bytes;
use http_body::{Body, Frame};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::*;

/// Frames that are there from the start.
struct Frames(std::collections::VecDeque<Frame<Bytes>>);

impl Frames {
    fn of(data: &[&'static str]) -> Self {
        Self(data.iter().map(|data| Frame::data(Bytes::from_static(data.as_bytes()))).collect())
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        std::task::Poll::Ready(self.0.pop_front().map(Ok))
    }
}

/// Data and trailers of a body.
async fn whole(mut body: Incoming) -> Result<(Vec<u8>, HeaderMap), hyper::Error> {
    let (mut data, mut trailers) = (Vec::new(), HeaderMap::new());
    while let Some(frame) = std::future::poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await {
        match frame?.into_data() {
            Ok(more) => data.extend_from_slice(&more),
            Err(frame) => trailers.extend(frame.into_trailers().unwrap_or_default()),
        }
    }
    Ok((data, trailers))
}

type Answer = (Response<()>, Vec<u8>, HeaderMap);

fn ask(address: SocketAddr, request: Request<Frames>) -> Result<Answer, hyper::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let (head, body) = sender.send_request(request).await?.into_parts();
        let (data, trailers) = whole(body).await?;
        drop(sender);
        connection.abort();
        Ok((Response::from_parts(head, ()), data, trailers))
    })
}

#[test]
fn the_account_tells_what_came() {
    let (echo, address) = http1();
    let seen = echo.recording();
    let request = Request::put("http://a.test/b?c").header("x-a", "1").body(Frames::of(&["ab", "c"])).unwrap();
    let (head, body, _) = ask(address, request).unwrap();
    assert_eq!((head.status().as_u16(), head.version()), (200, Version::HTTP_2));
    let account: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let told = ["proto", "host", "path", "body"].map(|name| account[name].as_str().unwrap());
    assert_eq!(told, ["HTTP/2.0", "a.test", "/b?c", "abc"]);
    let recorded = seen.recv_timeout(LIMIT).unwrap();
    assert_eq!(recorded.head, [":method: PUT", ":scheme: http", ":authority: a.test", ":path: /b?c", "x-a: 1"]);
    assert_eq!((recorded.body.as_slice(), recorded.complete), (b"abc".as_slice(), true));
}

#[test]
fn controls_steer_the_answer() {
    let (_echo, address) = http1();
    let request = |target: &str| Request::get(format!("http://a{target}")).body(Frames::of(&[])).unwrap();
    let (head, body, trailers) = ask(address, request("/?status=418&chunks=2&trailers=1")).unwrap();
    assert_eq!((head.status().as_u16(), body.as_slice()), (418, b"chunk\nchunk\n".as_slice()));
    assert_eq!(trailers["x-echo-trailer"], "end");
    assert!(ask(address, request("/?close=1")).is_err());
}

fn call(status: Option<&str>) -> Request<Frames> {
    let request = Request::post("http://a.test/shop.Cart/Add").header("content-type", "application/grpc+proto");
    let request = status.into_iter().fold(request, |request, status| request.header("x-echo-grpc-status", status));
    request.header("x-a", "1").header("te", "trailers").body(Frames::of(&["\0\0\0\0\x02ab", "\0\0\0\0\x01c"])).unwrap()
}

#[test]
fn messages_of_a_call_come_back() {
    let (echo, address) = http1();
    let seen = echo.recording();
    let (head, body, trailers) = ask(address, call(None)).unwrap();
    assert_eq!(head.status().as_u16(), 200);
    assert_eq!(body, b"\0\0\0\0\x02ab\0\0\0\0\x01c");
    assert_eq!(trailers["grpc-status"], "0");
    let told = ["content-type", "x-echo-service", "x-echo-path", "x-echo-host"].map(|name| &head.headers()[name]);
    assert_eq!(told, ["application/grpc+proto", "store", "/shop.Cart/Add", "a.test"]);
    let fields: serde_json::Value = serde_json::from_slice(head.headers()["x-echo-headers"].as_bytes()).unwrap();
    assert_eq!(fields["x-a"], serde_json::json!(["1"]));
    let recorded = seen.recv_timeout(LIMIT).unwrap();
    assert_eq!((recorded.body_length, recorded.complete), (13, true));
}

#[test]
fn a_call_may_fail_as_asked() {
    let (_echo, address) = http1();
    let (head, body, _) = ask(address, call(Some("5"))).unwrap();
    assert_eq!((&head.headers()["grpc-status"], body.len()), (&"5".parse().unwrap(), 0));
}

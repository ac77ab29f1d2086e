//! WebSocket: the handshake of RFC 6455, and frames that go back as they came.

use std::io;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::echo::body::{EchoBody, Made};

/// What the key is hashed with (RFC 6455 §4.2.2).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Bytes of a frame.
const LONGEST: u64 = 1024 * 1024;

/// The client has so long to close after us.
const LINGER: Duration = Duration::from_secs(5);

const CONTINUATION: u8 = 0;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// Statuses of a close frame (RFC 6455 §7.4.1).
const PROTOCOL_ERROR: u16 = 1002;
const TOO_LARGE: u16 = 1009;

/// Does the request ask for WebSocket?
pub(super) fn asked<B>(request: &Request<B>) -> bool {
    let headers = request.headers();
    let is_1_1 = request.version() == Version::HTTP_11 && request.method() == Method::GET;
    is_1_1 && has(headers, &UPGRADE, "websocket") && has(headers, &CONNECTION, "upgrade")
}

fn has(headers: &HeaderMap, name: &HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(wanted))
}

/// The answer to the handshake; frames follow on their own task.
pub(super) fn answer(head: &Parts, upgrade: OnUpgrade) -> Response<EchoBody> {
    let mut response = Response::new(EchoBody::Made(Made::once("")));
    let accept = head.headers.get(SEC_WEBSOCKET_KEY).and_then(|key| accept(key.as_bytes()));
    let version = head.headers.get(SEC_WEBSOCKET_VERSION);
    let (Some(accept), Some(true)) = (accept, version.map(|version| version == "13")) else {
        *response.status_mut() = StatusCode::BAD_REQUEST;
        response.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        return response;
    };
    tokio::task::spawn_local(async move {
        if let Ok(upgraded) = upgrade.await {
            // A client that breaks off is told nothing.
            let _ = frames(TokioIo::new(upgraded)).await;
        }
    });
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    let offered = head.headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    let first = offered.and_then(|value| value.split(',').next()).and_then(|value| value.trim().parse().ok());
    headers.extend(first.map(|first: HeaderValue| (SEC_WEBSOCKET_PROTOCOL, first)));
    response
}

/// What proves that the key was read.
fn accept(key: &[u8]) -> Option<HeaderValue> {
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::try_from(STANDARD.encode(digest)).ok()
}

/// A frame, unmasked.
struct WsFrame {
    /// FIN, reserved bits and opcode.
    first: u8,
    payload: Vec<u8>,
}

/// Sends frames back until one closes the connection.
async fn frames(mut io: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    loop {
        let frame = match read(&mut io).await? {
            Ok(frame) => frame,
            Err(status) => return close(&mut io, &status.to_be_bytes()).await,
        };
        match frame.first & 0x0f {
            CONTINUATION..=BINARY => write(&mut io, frame.first, &frame.payload).await?,
            PING => write(&mut io, 0x80 | PONG, &frame.payload).await?,
            PONG => {}
            CLOSE => return close(&mut io, &frame.payload).await,
            _ => return close(&mut io, &PROTOCOL_ERROR.to_be_bytes()).await,
        }
    }
}

/// The next frame, or the status with which the connection must be closed.
async fn read(io: &mut (impl AsyncRead + Unpin)) -> io::Result<Result<WsFrame, u16>> {
    let [first, second] = {
        let mut start = [0; 2];
        io.read_exact(&mut start).await?;
        start
    };
    let length = match second & 0x7f {
        126 => u64::from(io.read_u16().await?),
        127 => io.read_u64().await?,
        short => u64::from(short),
    };
    // Control frames are short and whole; no extension gives reserved bits a meaning; clients mask.
    let is_control = first & 0x08 != 0;
    if first & 0x70 != 0 || second & 0x80 == 0 || (is_control && (length > 125 || first & 0x80 == 0)) {
        return Ok(Err(PROTOCOL_ERROR));
    }
    if length > LONGEST {
        return Ok(Err(TOO_LARGE));
    }
    let mut mask = [0; 4];
    io.read_exact(&mut mask).await?;
    let mut payload = vec![0; usize::try_from(length).unwrap_or_default()];
    io.read_exact(&mut payload).await?;
    payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    Ok(Ok(WsFrame { first, payload }))
}

async fn write(io: &mut (impl AsyncWrite + Unpin), first: u8, payload: &[u8]) -> io::Result<()> {
    let mut frame = vec![first];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ 0..=125), _) => frame.push(length),
        (_, Ok(length)) => {
            frame.push(126);
            frame.extend_from_slice(&length.to_be_bytes());
        }
        (_, Err(_)) => {
            frame.push(127);
            frame.extend_from_slice(&u64::try_from(payload.len()).unwrap_or(u64::MAX).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    io.write_all(&frame).await?;
    io.flush().await
}

async fn close(io: &mut (impl AsyncRead + AsyncWrite + Unpin), payload: &[u8]) -> io::Result<()> {
    write(io, 0x80 | CLOSE, payload).await?;
    io.shutdown().await?;
    // A socket that is closed with bytes unread is reset, and the frame might not arrive.
    let mut sink = tokio::io::sink();
    let rest = tokio::io::copy(io, &mut sink);
    tokio::time::timeout(LINGER, rest).await.map_or(Ok(()), |copied| copied.map(drop))
}

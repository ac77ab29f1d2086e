//! HTTP/2: one connection, as many requests as wanted, one after the other.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use http::Request;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsConnector;

use super::{Handshake, PATIENCE, Response};
use crate::support::frames::{self, Frames};

/// A connection.
pub(crate) struct Http2 {
    runtime: Runtime,
    sender: SendRequest<Frames>,
    pub(crate) handshake: Option<Handshake>,
}

trait Both: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Both for S {}

impl Http2 {
    /// In clear text with prior knowledge, or over TLS with ALPN `h2`; `sni` of `None` is TLS without SNI.
    pub(crate) fn connect(address: SocketAddr, tls: Option<Option<&str>>) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (sender, handshake) = runtime.block_on(async {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (stream, handshake): (Box<dyn Both>, _) = match tls {
                None => (Box::new(stream), None),
                Some(sni) => {
                    let connector = TlsConnector::from(Arc::new(super::config(sni, &["h2"])));
                    let stream = connector.connect(super::server_name(sni), stream).await?;
                    let handshake = super::handshake(stream.get_ref().1);
                    (Box::new(stream), Some(handshake))
                }
            };
            let (sender, connection) =
                http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.map_err(io::Error::other)?;
            tokio::spawn(connection);
            Ok::<_, io::Error>((sender, handshake))
        })?;
        Ok(Self { runtime, sender, handshake })
    }

    pub(crate) fn request(&mut self, request: Request<Frames>) -> io::Result<Response> {
        let sender = &mut self.sender;
        let exchange = async {
            sender.ready().await?;
            let (parts, body) = sender.send_request(request).await?.into_parts();
            let (body, cut) = match frames::collect(body).await {
                Ok(body) => (body, None),
                Err(error) => (Default::default(), Some(error.to_string())),
            };
            Ok::<_, hyper::Error>(Response {
                interim: Vec::new(),
                version: "HTTP/2".to_owned(),
                status: parts.status.as_u16(),
                headers: frames::lines(&parts.headers),
                body,
                cut,
            })
        };
        self.runtime.block_on(async {
            let exchange = tokio::time::timeout(PATIENCE, exchange).await;
            exchange.map_err(|_| io::ErrorKind::TimedOut)?.map_err(io::Error::other)
        })
    }
}

//! The same for HTTP/2 with prior knowledge, by hyper on one thread.

use std::net::SocketAddr;
use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Seen, Shared, line};
use crate::support::frames::{self, Frames};
use crate::support::wire::{Body, Head};

/// The thread; it ends with this handle.
#[derive(Debug)]
pub(super) struct Server(UnboundedSender<(std::net::TcpListener, String)>);

impl Server {
    pub(super) fn start(shared: Arc<Shared>) -> Self {
        let (sender, listeners) = unbounded_channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(run(shared, listeners));
        });
        Self(sender)
    }

    pub(super) fn listen(&self, backend: &str) -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        self.0.send((listener, backend.to_owned())).expect("the thread runs");
        address
    }
}

async fn run(shared: Arc<Shared>, mut listeners: UnboundedReceiver<(std::net::TcpListener, String)>) {
    while let Some((listener, backend)) = listeners.recv().await {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (shared, backend) = (Arc::clone(&shared), backend.clone());
                let number = shared.connection();
                let service = service_fn(move |request| serve(Arc::clone(&shared), backend.clone(), number, request));
                let builder = http2::Builder::new(TokioExecutor::new());
                tokio::spawn(builder.serve_connection(TokioIo::new(stream), service));
            }
        });
    }
}

async fn serve(
    shared: Arc<Shared>,
    backend: String,
    connection: u64,
    request: Request<Incoming>,
) -> Result<Response<Frames>, std::io::Error> {
    let script = shared.script(&backend);
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    let mut lines = frames::lines(&parts.headers);
    if let Some(authority) = parts.uri.authority() {
        lines.insert(0, (":authority".to_owned(), authority.to_string()));
    }
    let head = Head { start: format!("{} {target} HTTP/2", parts.method), lines };
    let collected = frames::collect(body).await;
    let problem = collected.as_ref().err().map(ToString::to_string);
    let is_plain = super::is_plain(&script) && !script.reset;
    let answer = if is_plain { script.lines(&backend) } else { Vec::new() };
    let body: Body = collected.unwrap_or_default();
    shared.saw(Seen { backend: backend.clone(), connection, head, body, answer, problem });
    if script.hang {
        std::future::pending::<()>().await;
    }
    if script.close || script.reset {
        return Err(std::io::Error::other("as told"));
    }
    let trailers: Vec<_> = script.trailers.iter().map(|text| line(text)).collect();
    let body = if parts.method == "HEAD" { Vec::new() } else { script.bytes(&backend) };
    let mut response = Response::new(Frames::new(&body, &trailers));
    *response.status_mut() = http::StatusCode::from_u16(script.code()).expect("a status");
    *response.headers_mut() = frames::map(&script.lines(&backend));
    Ok(response)
}

//! The admin endpoint: metrics, health, what is served, and what would happen to a request (runtime-design.md §5.3).
//!
//! HTTP/1.1 on a thread of its own, GET only, no change of state. Answers are made beside the event loop, so a health
//! check does not wait for a long list of routes.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gwc_core::ir::Config;
use http::header::{ALLOW, CONTENT_TYPE, HOST, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::sync::{Semaphore, oneshot};

use crate::control::Runtime;
use crate::snapshot::Snapshot;
use crate::telemetry::Stats;

mod exposition;
mod facts;
mod metrics;
mod query;
mod redact;
mod routes;
mod trace;

pub use facts::{AdminFacts, ConditionFact, ConditionKind};
pub use trace::TraceQuery;

/// A worker whose loop does not turn for this long is not healthy.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connections at a time.
const CONNECTIONS: usize = 64;

/// Accepting goes on after this if it failed.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers that are made at a time.
const THREADS: usize = 4;

/// Renders the answer of `/trace` from the IR that is served: JSON, or why the question cannot be answered.
pub type Trace = Arc<dyn Fn(&Config, &TraceQuery) -> Result<String, String> + Send + Sync>;

/// Facts that the edge keeps up to date while the endpoint reads them.
pub type Facts = Arc<Mutex<AdminFacts>>;

/// A running endpoint. It ends when this is dropped.
#[derive(Debug)]
pub struct Admin {
    address: SocketAddr,
    stop: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

/// What answers are made from.
struct State {
    runtime: Runtime,
    facts: Facts,
    trace: Option<Trace>,
    /// Is it out of reach for other machines?
    is_local: bool,
}

impl Admin {
    /// Listens and answers; without `trace` it renders a short account of its own.
    ///
    /// # Errors
    /// The address cannot be bound, or the thread cannot be made.
    pub fn start(address: SocketAddr, runtime: Runtime, facts: Facts, trace: Option<Trace>) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = Arc::new(State { runtime, facts, trace, is_local: address.ip().is_loopback() });
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().max_blocking_threads(THREADS).build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("admin".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    biased;
                    _ = stopped => {}
                    () = accept(listener, state) => {}
                }
            });
            // An answer that is being made may wait for a worker; nobody waits for the answer any more.
            runtime.shutdown_background();
        })?;
        Ok(Self { address, stop: Mutex::new(Some((stop, thread))) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops listening; open connections are closed.
    pub fn shutdown(&self) {
        let stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((stop, thread)) = stop {
            drop(stop);
            // A panic there was reported by its hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Admin {
    fn drop(&mut self) {
        self.shutdown();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(move |request| serve(Arc::clone(&state), request));
            let mut builder = hyper::server::conn::http1::Builder::new();
            // A connection that breaks concerns its client only; one that idles gives its place to others.
            let _ = builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE * 2);
            let _ = builder.serve_connection(TokioIo::new(stream), service).await;
            drop(place);
        });
    }
}

async fn serve(state: Arc<State>, request: Request<hyper::body::Incoming>) -> Result<Response<String>, Infallible> {
    let (head, _) = request.into_parts();
    let answer = tokio::task::spawn_blocking(move || state.answer(&head)).await;
    Ok(answer.unwrap_or_else(|_| text(StatusCode::INTERNAL_SERVER_ERROR, "internal error")))
}

fn answer(status: StatusCode, kind: &'static str, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn text(status: StatusCode, text: &str) -> Response<String> {
    answer(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

fn document(body: String) -> Response<String> {
    answer(StatusCode::OK, "application/json", body)
}

const PATHS: &str = "/metrics   counters, in the text format of Prometheus
/healthz   200 if every worker answers
/readyz    200 if a configuration is served
/config    the compiled configuration, without secrets
/routes    rules in match order, with counters
/trace     ?url=URL&method=GET&header=name:value: what would happen to a request
/snapshot  what is served, since when, and what became of the last reload";

impl State {
    fn answer(&self, head: &Parts) -> Response<String> {
        if head.method != Method::GET && head.method != Method::HEAD {
            let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "GET only");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        if self.is_local && !names_local(head) {
            // A page of another site could have its name lead here and read the answer.
            return text(StatusCode::FORBIDDEN, "the host must be `localhost` or an address");
        }
        match head.uri.path() {
            "/" => text(StatusCode::OK, PATHS),
            "/metrics" => self.metrics(),
            "/healthz" if self.runtime.is_alive(PATIENCE) => text(StatusCode::OK, "ok"),
            "/healthz" => text(StatusCode::SERVICE_UNAVAILABLE, "a worker does not answer"),
            "/readyz" if self.runtime.is_draining() || self.facts().is_stopping => {
                text(StatusCode::SERVICE_UNAVAILABLE, "draining")
            }
            "/readyz" => self.with_snapshot(|_| text(StatusCode::OK, "ok")),
            "/config" => self.with_snapshot(|snapshot| {
                let shown = serde_json::to_string_pretty(&redact::redacted(&snapshot.config));
                shown.map_or_else(|error| internal(&error.to_string()), |shown| document(shown + "\n"))
            }),
            "/routes" => self.with_snapshot(|snapshot| {
                let json = |stats: Stats| document(routes::json(snapshot, &stats));
                self.stats().map_or_else(|silent| *silent, json)
            }),
            "/trace" => self.with_snapshot(|snapshot| {
                let account = self.trace(snapshot, head.uri.query().unwrap_or_default());
                account.map_or_else(|why| text(StatusCode::BAD_REQUEST, &why), document)
            }),
            "/snapshot" => self.with_snapshot(|snapshot| document(self.snapshot(snapshot))),
            _ => text(StatusCode::NOT_FOUND, PATHS),
        }
    }

    fn facts(&self) -> AdminFacts {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counters of all workers: without those of one they would go back.
    fn stats(&self) -> Result<Stats, Box<Response<String>>> {
        let stats = self.runtime.stats();
        if stats.connections.len() < self.runtime.n_workers() {
            return Err(Box::new(text(StatusCode::SERVICE_UNAVAILABLE, "a worker does not answer")));
        }
        Ok(stats)
    }

    fn with_snapshot(&self, then: impl FnOnce(&Snapshot) -> Response<String>) -> Response<String> {
        match self.runtime.snapshot() {
            Some(snapshot) => then(&snapshot),
            None => text(StatusCode::SERVICE_UNAVAILABLE, "nothing is served yet"),
        }
    }

    fn metrics(&self) -> Response<String> {
        let stats = match self.stats() {
            Ok(stats) => stats,
            Err(silent) => return *silent,
        };
        let snapshot = self.runtime.snapshot();
        let config = snapshot.as_ref().map(|snapshot| Arc::clone(&snapshot.config)).unwrap_or_default();
        answer(
            StatusCode::OK,
            "text/plain; version=0.0.4; charset=utf-8",
            metrics::text(&stats, &self.facts(), &config),
        )
    }

    fn trace(&self, snapshot: &Snapshot, query: &str) -> Result<String, String> {
        let query = TraceQuery::parse(query)?;
        match &self.trace {
            Some(render) => render(&snapshot.config, &query),
            None => {
                let bound: Vec<_> = self.facts().bound.iter().map(|(at, socket)| (at.port(), *socket)).collect();
                trace::json(&snapshot.config, &query, &bound)
            }
        }
    }

    fn snapshot(&self, snapshot: &Snapshot) -> String {
        let facts = self.facts();
        let config = &snapshot.config;
        let age = facts.last_served.and_then(|since| since.elapsed().ok());
        let bound = facts.bound.iter().filter_map(|(address, socket)| {
            let socket = config.sockets.get(*socket)?;
            let gateway = config.gateway(socket);
            let gateway = format!("{}/{}", gateway.namespace, gateway.name);
            Some(json!({"address": address.to_string(), "gateway": gateway, "port": socket.port}))
        });
        let shown = json!({
            "generation": snapshot.generation,
            "ageSeconds": age.map(|age| age.as_secs()),
            "draining": self.runtime.is_draining() || facts.is_stopping,
            "workers": self.runtime.n_workers(),
            "gateways": config.gateways.len(),
            "listeners": config.sockets.iter().map(|socket| socket.listeners.len()).sum::<usize>(),
            "rules": config.rules.len(),
            "backends": config.backends.len(),
            "bound": bound.collect::<Vec<_>>(),
            "lastReload": {
                "seconds": facts.last_duration.as_secs_f64(),
                "served": facts.reloads,
                "refused": facts.reloads_refused,
                "error": facts.last_error,
            },
        });
        format!("{shown:#}\n")
    }
}

fn internal(error: &str) -> Response<String> {
    text(StatusCode::INTERNAL_SERVER_ERROR, error)
}

/// Does the request name this machine, or an address?
fn names_local(head: &Parts) -> bool {
    let field = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = head.uri.authority().map(http::uri::Authority::as_str).or(field).unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => authority,
    };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.is_empty() || host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests;

//! The life of one request, top to bottom: authority, listener, match, filters, backend, answer.
//!
//! The stages are those of routing.md §0 and of `gwc_core::predict`, with the same parts (`matcher`, `exchange`): what
//! `gwc route` predicts is what happens here. `tests/traffic.rs` compares the two for every case.

use std::rc::Rc;

use gwc_core::exchange::normalise;
use gwc_core::ir::{BackendProtocol, Match, PathMatch, Protocol, Rule, Target};
use gwc_core::matcher::RequestHead;
use http::request::Parts;
use http::{Method, Request, Response, Version};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;

use crate::body::{self, Body, Reply};
use crate::connection::InFlight;
use crate::error::ProxyError;
use crate::filter::{self, Outgoing};
use crate::http::Connection;
use crate::options::Options;
use crate::snapshot::{Class, RuleState};
use crate::telemetry::{By, Course};
use crate::upstream::BackendState;
use crate::worker::View;

mod deadline;
mod forward;
mod head;
mod local;
mod tunnel;

use deadline::Deadlines;
use forward::Hop;
pub(crate) use head::Fields;
use head::Lines;

/// Answers one request. Never fails: what goes wrong is an answer of the table in `error.rs`.
pub(crate) async fn serve(cx: Rc<Connection>, request: Request<Incoming>) -> Response<Reply> {
    let in_flight = cx.flow.begin();
    let (view, socket) = cx.listening.place(&cx.worker);
    let mut request = request;
    let fields = Fields::of(request.headers());
    let upgrade = head::is_websocket(&request, fields).then(|| hyper::upgrade::on(&mut request));
    let (parts, incoming) = request.into_parts();
    let is_grpc = head::is_grpc(&parts.headers, fields);
    let is_head = parts.method == Method::HEAD;
    let discards = parts.version != Version::HTTP_2 && !fields.has(Fields::EXPECT);
    let mut incoming = Some(incoming);
    let mut course = Course::new(&cx, &parts, fields);
    let arrived = Arrived { socket, fields, parts, incoming: &mut incoming, upgrade };
    let response = match exchange(&cx, &view, arrived, &mut course, &in_flight).await {
        Ok(response) => response,
        Err(error) => {
            course.by = By::Error(error);
            local::answer(error, is_grpc, is_head)
        }
    };
    if let Some(unread) = incoming.filter(|unread| discards && !unread.is_end_stream()) {
        body::discard(unread);
    }
    course.finish(&cx, &view, response, in_flight)
}

/// A request as it arrived.
struct Arrived<'a> {
    /// Position of the socket in the snapshot.
    socket: usize,
    fields: Fields,
    parts: Parts,
    /// Taken when it goes to a backend.
    incoming: &'a mut Option<Incoming>,
    /// It asks for a WebSocket.
    upgrade: Option<OnUpgrade>,
}

/// What takes a request.
struct Routed<'v> {
    rule: &'v Rule,
    state: &'v RuleState,
    /// The match that took it.
    found: Option<&'v Match>,
}

/// The backend that gets a request.
struct Picked<'v> {
    /// Position in the rule.
    position: usize,
    protocol: BackendProtocol,
    /// Where it goes, or why it cannot.
    state: Result<&'v BackendState, ProxyError>,
}

async fn exchange(
    cx: &Rc<Connection>,
    view: &View,
    arrived: Arrived<'_>,
    course: &mut Course,
    in_flight: &InFlight,
) -> Result<Response<Body>, ProxyError> {
    let Arrived { socket, fields, mut parts, incoming, upgrade } = arrived;
    // Stages 1 to 4: which listener.
    let received = head::received(&parts)?;
    let host = normalise::host(received.text()).map_err(|_| ProxyError::BadRequest)?;
    let host = host.as_deref().map(|name| view.snapshot.meant(name));
    let listener = listener(cx, view, socket, host, course)?;
    head::check(&parts, fields)?;

    // Stage 5: which rule.
    let uri = parts.uri.clone();
    let path = head::path(&parts.method, &uri, cx.worker.options.encoded_slash)?;
    let routed = route(
        (view, &cx.worker.options),
        (socket, listener),
        course,
        &RequestHead {
            host,
            path: &path,
            query: uri.query(),
            method: parts.method.as_str(),
            headers: &Lines { headers: &parts.headers, authority: received.text() },
        },
    )?;

    // Stage 6: filters of the rule.
    let deadlines = Deadlines::start(routed.rule.timeouts);
    head::strip(&mut parts.headers, fields);
    forward::forwarded(cx, view, socket, &mut parts.headers, fields);
    let mut outgoing = Outgoing {
        headers: std::mem::take(&mut parts.headers),
        method: parts.method.clone(),
        received: Some(received.text()).filter(|text| !text.is_empty()),
        authority: None,
        path,
        query: uri.query(),
        prefix: routed.found.and_then(prefix),
        scheme: cx.scheme(),
        port: redirect_port(cx, view, socket),
        response: Vec::new(),
        cors: None,
    };
    if let Some(answered) = routed.state.steps.as_deref().and_then(|steps| filter::run(steps, &mut outgoing)) {
        return local::filtered(answered, course);
    }

    // Stages 7 and 8: the backend, its filters, an endpoint of it.
    let picked = pick(cx, (view, socket), &routed, course)?;
    let steps = routed.state.backend_steps.as_ref().and_then(|all| all.get(picked.position));
    if let Some(answered) = steps.and_then(|steps| filter::run(steps, &mut outgoing)) {
        return local::filtered(answered, course);
    }
    let state = picked.state?;
    state.check()?;
    let body = incoming.take().map_or(Body::Empty, |own| forward::body(own, parts.version, in_flight, course));
    let hop = Hop { protocol: picked.protocol, upgrades: upgrade.is_some(), is_secure: state.is_secure() };
    let request = forward::request(hop, &mut parts, &mut outgoing, body)?;
    let sent = forward::send(cx, state, request, &deadlines, course).await?;

    // Stage 9: the answer, changed in reverse.
    forward::response(sent, upgrade, &outgoing, &deadlines, in_flight)
}

/// Stages 3 and 4: the listener by Host or SNI, and whether the Host belongs to it (routing.md §1.3, §1.4).
fn listener(
    cx: &Connection,
    view: &View,
    socket: usize,
    host: Option<&str>,
    course: &mut Course,
) -> Result<usize, ProxyError> {
    course.socket = Some(socket);
    let state = view.snapshot.sockets.get(socket).ok_or(ProxyError::NoListener)?;
    // The protocol of the port has changed since: clear text must not reach what wants TLS (runtime-design.md §2.4).
    if state.class != if cx.tls_version.is_some() { Class::Tls } else { Class::Http } {
        cx.flow.drain();
        return Err(ProxyError::Misdirected);
    }
    if state.class != Class::Tls {
        let found = state.program.listener(host);
        course.listener = found;
        // Without Host only a listener for any name will do.
        return found.ok_or(if course.has_host { ProxyError::NoListener } else { ProxyError::BadRequest });
    }
    let chosen = state
        .program
        .listener(cx.sni.as_deref().map(|name| view.snapshot.meant(name)))
        .ok_or(ProxyError::NoListener)?;
    course.listener = Some(chosen);
    // Clients that were never asked what the listener demands by now should come again (runtime-design.md §2.4).
    if view.snapshot.tls.server(socket, chosen).is_some_and(|server| server.demands_more(cx.clients)) {
        cx.flow.drain();
    }
    match state.program.listener_of(Protocol::Https, host) {
        Some(own) if own == chosen => Ok(chosen),
        Some(_) => Err(ProxyError::Misdirected),
        None => Err(ProxyError::NoListener),
    }
}

/// Stage 5: the entry of the listener that takes the request, if its rule can be served.
fn route<'v>(
    (view, options): (&'v View, &Options),
    (socket, listener): (usize, usize),
    course: &mut Course,
    request: &RequestHead<'_>,
) -> Result<Routed<'v>, ProxyError> {
    let (own, _, program) = view.snapshot.listener(socket, listener).ok_or(ProxyError::NoListener)?;
    let entry = program.find(request).and_then(|position| own.entries.get(position)).ok_or(ProxyError::NoRule)?;
    let (rule, state) = view.snapshot.rule(entry).ok_or(ProxyError::NoRule)?;
    (course.rule, course.r#match) = (Some(entry.rule as usize), entry.r#match);
    view.snapshot.check_served(entry.rule as usize, options)?;
    let found = entry.r#match.and_then(|position| rule.matches.get(position as usize));
    Ok(Routed { rule, state, found })
}

/// Stage 7: the backend by weight (§5.1).
fn pick<'v>(
    cx: &Connection,
    (view, socket): (&'v View, usize),
    routed: &Routed<'_>,
    course: &mut Course,
) -> Result<Picked<'v>, ProxyError> {
    let position = routed.state.pick.turn().ok_or(ProxyError::InvalidBackend)?;
    let backend = routed.rule.backends.get(position).ok_or(ProxyError::InvalidBackend)?;
    let (protocol, state) = match &backend.target {
        Target::Invalid(_) => (BackendProtocol::Http1, Err(ProxyError::InvalidBackend)),
        Target::Backend(at) => match view.backend(&cx.worker, socket, *at as usize) {
            Some((backend, state)) => (backend.protocol, Ok(state)),
            None => (BackendProtocol::Http1, Err(ProxyError::InvalidBackend)),
        },
    };
    course.backend = Some(position);
    Ok(Picked { position, protocol, state })
}

fn prefix(found: &Match) -> Option<&str> {
    match &found.path {
        PathMatch::Prefix(prefix) => Some(prefix),
        PathMatch::Exact(_) | PathMatch::Regex(_) => None,
    }
}

/// The port that redirects name: that of the manifest, unless the bound one is asked for (Q12).
fn redirect_port(cx: &Connection, view: &View, socket: usize) -> u16 {
    if cx.worker.options.redirect_bound_port {
        return cx.local.port();
    }
    view.snapshot.config.sockets.get(socket).map_or(0, |socket| socket.port)
}

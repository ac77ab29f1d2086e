//! Requests that nobody wrote: for every entry of every listener one that fits and near misses, as the comparison of
//! matchers uses them. They are compared with predictions like all others; no snapshot holds them.

use gwc_core::ir::tls::ListenerTls;
use gwc_core::ir::{Listener, Protocol, Socket};
use gwc_core::matcher::boundary::{Probe, around};
use gwc_core::predict::{Request, Scheme};

use crate::case::Step;
use crate::compare;
use crate::exchange::Runner;

/// Most probes of a case.
const MOST: usize = 60;

/// Problems of all probes, alternately over HTTP/1.1 and HTTP/2.
pub(crate) fn run(runner: &mut Runner<'_>) -> Vec<String> {
    // Failures of endpoints and options that change answers are stated case by case; a probe cannot know them.
    if !runner.case.endpoints.is_empty() || runner.case.options.reject_encoded_slash {
        return Vec::new();
    }
    let config = runner.world.config.clone();
    let mut steps = Vec::new();
    for socket in &config.sockets {
        let gateway = config.gateway(socket);
        let gateway = format!("{}/{}", gateway.namespace, gateway.name);
        let listeners = socket.listeners.iter().filter(|listener| is_open(listener));
        let probes = listeners.flat_map(|one| one.entries.iter().flat_map(|entry| around(&config, one, entry)));
        let steps_of =
            probes.filter(can_be_sent).enumerate().map(|(number, probe)| step(socket, &gateway, number, &probe));
        steps.extend(steps_of);
    }
    // Spread over all of them where there are too many.
    let stride = steps.len().div_ceil(MOST).max(1);
    let mut problems = Vec::new();
    for step in steps.iter().step_by(stride) {
        match runner.run(step) {
            Ok(exchanges) => problems.extend(compare::step(runner, step, &exchanges)),
            Err(problem) => problems.push(format!("{}: {problem}", step.name)),
        }
    }
    problems
}

/// Does it speak HTTP with clients that have no certificate?
fn is_open(listener: &Listener) -> bool {
    let wants_certificate =
        matches!(&listener.tls, Some(ListenerTls::Terminate(tls)) if tls.client_validation.is_some());
    listener.protocol.is_http() && !wants_certificate
}

/// Can both clients write it? `Connection` and `Host` lines would change more than a match.
fn can_be_sent(probe: &Probe) -> bool {
    let is_text = |text: &str| text.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'#');
    let is_line = |(name, value): &(String, String)| {
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_name && !name.eq_ignore_ascii_case("host") && value.bytes().all(|byte| (0x20..0x7f).contains(&byte))
    };
    let is_method = probe.method.bytes().all(|byte| byte.is_ascii_alphabetic()) && probe.method != "CONNECT";
    let is_target = is_text(&probe.path) && probe.path.starts_with('/') && probe.query.as_deref().is_none_or(is_text);
    is_method && is_target && probe.host.as_deref().is_none_or(is_text) && probe.headers.iter().all(is_line)
}

fn step(socket: &Socket, gateway: &str, number: usize, probe: &Probe) -> Step {
    let is_tls = socket.listeners.iter().any(|listener| listener.protocol == Protocol::Https);
    let scheme = if is_tls { Scheme::Https } else { Scheme::Http };
    let request = Request::of(probe, scheme, socket.port);
    let is_http2 = number % 2 == 1;
    Step {
        name: format!("probe {} {:?} {} {:?}", request.method, request.authority, request.target, request.headers),
        gateway: gateway.to_owned(),
        port: socket.port,
        scheme: scheme.name().to_owned(),
        version: if is_http2 { "2" } else { "1.1" }.to_owned(),
        no_sni: is_tls && request.sni.is_none(),
        sni: request.sni,
        host: request.authority,
        method: request.method,
        target: request.target,
        headers: request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect(),
        ..Step::default()
    }
}

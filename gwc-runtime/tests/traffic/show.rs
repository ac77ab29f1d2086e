//! Exchanges as text for snapshots, without what changes from run to run.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::case::Step;
use crate::exchange::Exchange;
use crate::support::backend::Seen;
use crate::support::client::Response;
use crate::support::wire::{self, Body, Head};
use crate::support::world::World;

/// Longest body that is shown.
const LONGEST: usize = 300;

/// Fields of the log that are the same in every run, in this order.
const LOGGED: [&str; 9] = ["listener", "host", "method", "path", "status", "answered_by", "route", "rule", "match"];

/// All exchanges of a step.
pub(crate) fn step(world: &World, step: &Step, exchanges: &[Exchange]) -> String {
    let mut out = format!("\n## {}\n", step.name);
    match exchanges {
        [one] => out.push_str(&exchange(world, one)),
        many => {
            let mut counts = BTreeMap::<String, usize>::new();
            for one in many {
                let backend = one.seen.first().map_or("nobody", |seen| seen.backend.as_str());
                let status = one.response.as_ref().map_or(0, |response| response.status);
                *counts.entry(format!("{status} from {backend}")).or_default() += 1;
            }
            for (what, count) in counts {
                out.push_str(&format!("{count} × {what}\n"));
            }
        }
    }
    out
}

fn exchange(world: &World, one: &Exchange) -> String {
    let mut out = String::new();
    if let Some(handshake) = &one.handshake {
        let alpn = handshake.alpn.as_deref().unwrap_or("none");
        let certificate = world.certificate(&handshake.certificate);
        out.push_str(&format!("TLS with the certificate {certificate}, ALPN {alpn}\n"));
    }
    match &one.response {
        Ok(response) => out.push_str(&answer(response)),
        Err(_) => out.push_str("< closed without an answer\n"),
    }
    if let Some(tunnel) = &one.tunnel {
        out.push_str(&format!("< through the tunnel: {tunnel:?}\n"));
    }
    if let Some(log) = &one.log {
        out.push_str(&format!("log: {}\n", logged(log)));
    }
    one.seen.iter().for_each(|seen| out.push_str(&request(seen)));
    out
}

fn answer(response: &Response) -> String {
    let mut out = String::new();
    for interim in &response.interim {
        out.push_str(&format!("< {}\n{}", interim.start, lines('<', &interim.lines)));
    }
    out.push_str(&format!("< {} {}\n", response.version, response.status));
    out.push_str(&lines('<', &response.headers));
    out.push_str(&body('<', &response.body));
    if response.cut.is_some() {
        out.push_str("< the body ends early\n");
    }
    out
}

fn request(seen: &Seen) -> String {
    let Head { start, lines: all } = &seen.head;
    let mut out = format!("{} saw\n| {start}\n{}", seen.backend, lines('|', all));
    out.push_str(&body('|', &seen.body));
    if let Some(problem) = &seen.problem {
        out.push_str(&format!("| cannot be read: {problem}\n"));
    }
    out
}

fn lines(mark: char, lines: &[(String, String)]) -> String {
    let kept = lines.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("date"));
    let value = |name: &str, value: &str| match name.eq_ignore_ascii_case("x-request-id") {
        true => "(an id)".to_owned(),
        false => value.to_owned(),
    };
    kept.map(|(name, own)| format!("{mark} {name}: {}\n", value(name, own))).collect()
}

fn body(mark: char, body: &Body) -> String {
    let mut out = String::new();
    let text = wire::text(&body.bytes);
    match body.bytes.len() {
        0 => {}
        1..=LONGEST => out.push_str(&format!("{mark} {text:?} by {}\n", body.framing)),
        long => out.push_str(&format!("{mark} {long} bytes by {}\n", body.framing)),
    }
    for (name, value) in &body.trailers {
        out.push_str(&format!("{mark} trailer {name}: {value}\n"));
    }
    out
}

fn logged(log: &Value) -> String {
    let shown = |name: &&str| match log.get(*name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(format!("{name}={text}")),
        Some(other) => Some(format!("{name}={other}")),
    };
    LOGGED.iter().filter_map(shown).collect::<Vec<_>>().join(" ")
}

//! `--record`: what the old controller answers, as tests that keep guarding the manifests (ingress-migrate.md §7.5).
//!
//! A request that the target answers otherwise is written too, but left out by `skip` with the reason.

use std::path::{Path, PathBuf};

use gwc_core::predict::AnsweredBy;
use gwc_core::prove::Outcome;
use gwc_core::prove::outcome::Receiver;

use crate::failure::Failure;
use crate::migration::cases::Case;
use crate::migration::decide::Out;
use crate::output::emit;
use crate::route::outcome::percent;
use crate::suite::file::RequestParts;
use crate::suite::file::value::{Pairs, Text, Values};
use crate::suite::record::{self, Line, Pinned, Source};

/// What follows the mark in the first line of the file.
const HEAD: &str = "ingress-migrate --record: what the old controller answers";

/// Writes the file.
pub(crate) fn write(cases: &[Case], out: &Out, file: &Path) -> Result<(), Failure> {
    record::may_be_replaced(file)?;
    let source = match out {
        Out::Stdout => Source::Paths(vec![PathBuf::from("-")]),
        Out::File(path) | Out::Folder { path, .. } => Source::Paths(vec![path.clone()]),
    };
    let pinned: Vec<Pinned> = cases.iter().filter_map(pinned).collect();
    emit(&record::file(HEAD, &source, file, &pinned), Some(file))
}

fn pinned(case: &Case) -> Option<Pinned> {
    let expect = expect(case)?;
    let skip = (!case.is_equal()).then(|| {
        let new = case.new.as_ref().map_or_else(|| "no listener".to_owned(), ToString::to_string);
        format!("the manifests answer otherwise: {new}")
    });
    let group = "as before".to_owned();
    Some(Pinned { name: case.name.clone(), group, parts: parts(case), expect, skip })
}

fn parts(case: &Case) -> RequestParts {
    let request = &case.request;
    let text = |text: &str| Some(Text(text.to_owned()));
    let headers = request.headers.iter().map(|(name, value)| (name.clone(), Some(Values::One(Text(value.clone())))));
    RequestParts {
        scheme: text(request.scheme.as_str()),
        host: text(&request.host),
        port: (case.port != 0).then_some(case.port),
        path: text(&request.target),
        method: if request.method == "GET" { None } else { text(&request.method) },
        headers: Pairs(headers.collect()),
        ..RequestParts::default()
    }
}

/// What a test is to expect; `None` where the model of the controller does not know.
fn expect(case: &Case) -> Option<Vec<Line>> {
    match &case.old {
        Outcome::Unknown(_) => None,
        Outcome::Closed => Some(vec![Line::Plain("not-routed", "closed".to_owned())]),
        Outcome::Redirect { code, location } => {
            Some(vec![Line::Plain("status", code.to_string()), Line::Text("location", location.clone())])
        }
        Outcome::Answer { status, .. } => {
            // The rule that answers is a route's; where none takes the request, tests say so.
            let by = case.new.as_ref().and_then(by);
            let key = if by == Some(AnsweredBy::NoBackend) { "status" } else { "not-routed" };
            Some(vec![Line::Plain(key, status.to_string())])
        }
        Outcome::Forward(forward) => {
            let total: u64 = forward.shares.values().sum();
            let name = |receiver: &Receiver| match receiver {
                Receiver::Service(namespace, name, port) => Some(format!("{namespace}/{name}:{port}")),
                Receiver::Other(_) | Receiver::Status(_) => None,
            };
            let shares = forward
                .shares
                .iter()
                .map(|(receiver, weight)| Some((name(receiver)?, format!("{}%", percent(*weight, total)))));
            let mut lines = vec![Line::Shares("backends", shares.collect::<Option<Vec<_>>>()?)];
            let mut upstream = Vec::new();
            if forward.host != case.request.host {
                upstream.push(Line::Text("host", forward.host.clone()));
            }
            if forward.target != case.request.target {
                upstream.push(Line::Text("path", forward.target.clone()));
            }
            lines.extend((!upstream.is_empty()).then_some(Line::Below("upstream", upstream)));
            Some(lines)
        }
    }
}

fn by(outcome: &Outcome) -> Option<AnsweredBy> {
    match outcome {
        Outcome::Answer { by, .. } => *by,
        Outcome::Forward(_) | Outcome::Redirect { .. } | Outcome::Closed | Outcome::Unknown(_) => None,
    }
}

//! Sends a payload with a second request behind it, and judges what came of both.

use std::io::{Cursor, Read};

use crate::support::backend::Seen;
use crate::support::client::{self, Response};
use crate::support::wire::{self, Wire};
use crate::support::world::World;
use crate::world;

/// Follows every payload on its connection.
const SECOND: &str = "GET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// What may come of a payload.
#[derive(Debug, Clone, Copy)]
pub(crate) enum May {
    /// Refused with this status or closed; nothing after it on the connection is read.
    Refuse(u16),
    /// As before, or served as exactly one request.
    Either(u16),
    /// Served as exactly one request, and so is the second.
    Serve,
}

/// What came of it.
pub(crate) struct Verdict {
    pub(crate) responses: Vec<Response>,
    /// Whole requests at the backend.
    pub(crate) whole: Vec<Seen>,
    /// Requests that never became whole there.
    pub(crate) broken: Vec<Seen>,
}

impl Verdict {
    pub(crate) fn of(world: &World, payload: &str) -> Self {
        let mut stream = client::connect(world.addresses[0]).expect("a connection");
        let all = wire::bytes(&format!("{payload}{SECOND}"));
        // Whoever refuses may close before everything is sent.
        let _ = std::io::Write::write_all(&mut stream, &all);
        let mut got = Vec::new();
        let mut block = [0; 4096];
        // A reset after the answer is a close as well.
        while let Ok(n_read @ 1..) = stream.read(&mut block) {
            got.extend_from_slice(&block[..n_read]);
        }
        let mut wire = Wire::new(Cursor::new(got));
        let mut responses = Vec::new();
        while let Ok(response) = client::response(&mut wire, "GET") {
            responses.push(response);
        }
        let (whole, broken) = world.backends.seen().into_iter().partition(|seen| seen.problem.is_none());
        Self { responses, whole, broken }
    }

    fn is_second(seen: &Seen) -> bool {
        seen.head.start == "GET /second HTTP/1.1" && seen.body.bytes.is_empty()
    }

    fn is_refused(&self, status: u16) -> bool {
        let answered = match self.responses.as_slice() {
            [] => true,
            // 408: it waited for the rest of a head.
            [one] => one.status == status || matches!(one.status, 400 | 408),
            _ => false,
        };
        answered && self.whole.is_empty()
    }

    fn is_served(&self) -> bool {
        let statuses: Vec<u16> = self.responses.iter().map(|response| response.status).collect();
        let is_one = match self.whole.as_slice() {
            [one, second] => !Self::is_second(one) && Self::is_second(second),
            _ => false,
        };
        is_one && self.broken.is_empty() && statuses == [200, 200]
    }

    /// Served as one request that ends the connection.
    fn is_served_alone(&self) -> bool {
        self.whole.len() == 1 && self.broken.is_empty() && !Self::is_second(&self.whole[0]) && self.responses.len() == 1
    }

    pub(crate) fn describe(&self) -> String {
        let statuses: Vec<u16> = self.responses.iter().map(|response| response.status).collect();
        let requests: Vec<_> = self.whole.iter().map(|seen| (&seen.head, wire::text(&seen.body.bytes))).collect();
        let broken: Vec<_> = self.broken.iter().map(|seen| (&seen.head.start, &seen.problem)).collect();
        format!("statuses {statuses:?}, whole requests {requests:#?}, broken {broken:?}")
    }
}

/// Judges payloads, each on a gateway of its own; panics with all that went wrong.
pub(crate) fn judge(rows: &[(&str, &str, May)]) {
    let mut problems = Vec::new();
    for (name, payload, may) in rows {
        let verdict = Verdict::of(&world(), payload);
        let is_fine = match may {
            May::Refuse(status) => verdict.is_refused(*status),
            May::Serve => verdict.is_served(),
            May::Either(status) => verdict.is_refused(*status) || verdict.is_served() || verdict.is_served_alone(),
        };
        if !is_fine {
            problems.push(format!("{name}: {}, may {may:?}", verdict.describe()));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Judges one payload that must be served, and gives the request that the backend saw.
pub(crate) fn served(world: &World, payload: &str) -> Seen {
    let verdict = Verdict::of(world, payload);
    assert!(verdict.is_served(), "{payload:?}: {}", verdict.describe());
    verdict.whole.into_iter().next().expect("it was served")
}

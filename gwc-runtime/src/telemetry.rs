//! What is counted and what is logged about requests.
//!
//! Every worker has its own counters and is their only writer; a scrape asks each worker for a copy and adds them up,
//! so that a request touches no shared memory. Counters belong to the stable key of a rule or backend: they survive
//! reloads and never go back.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};

use gwc_core::ir::Trace;

mod counters;
mod course;

pub(crate) use counters::Counters;
pub(crate) use course::{By, Course, Trail};

/// Format of the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// One JSON object per line.
    #[default]
    Json,
}

/// Lines that may wait for the writer; more are dropped and counted.
const RING: usize = 1024;

/// Where the access log goes. Clones write to the same place.
#[derive(Clone)]
pub struct AccessLog {
    /// Format of a line.
    pub format: LogFormat,
    /// One in so many requests is logged, at least 1.
    pub sample: u64,
    /// Are queries logged as they came? They may hold secrets, so a `?` is all that is logged unless asked.
    pub queries: bool,
    lines: SyncSender<String>,
    dropped: Arc<AtomicU64>,
    seen: Arc<AtomicU64>,
}

impl fmt::Debug for AccessLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessLog").field("format", &self.format).field("sample", &self.sample).finish_non_exhaustive()
    }
}

impl AccessLog {
    /// A log whose lines a thread of its own writes and flushes, each with its line end.
    ///
    /// # Errors
    /// The thread cannot be made.
    pub fn new(format: LogFormat, mut out: impl io::Write + Send + 'static) -> io::Result<Self> {
        let (lines, waiting) = sync_channel::<String>(RING);
        std::thread::Builder::new().name("access-log".to_owned()).spawn(move || {
            for line in waiting {
                // A log that cannot be written must not stop traffic.
                let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
            }
        })?;
        Ok(Self { format, sample: 1, queries: false, lines, dropped: Arc::default(), seen: Arc::default() })
    }

    /// Is the next request one of the sample?
    pub(crate) fn takes_next(&self) -> bool {
        self.sample <= 1 || self.seen.fetch_add(1, Ordering::Relaxed).is_multiple_of(self.sample)
    }

    /// Hands a line to the writer; never waits.
    pub(crate) fn write(&self, line: String) {
        match self.lines.try_send(line) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Lines that were dropped because the writer was too slow.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

/// Counters of all workers, added up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stats {
    /// Number of the snapshot that is served.
    pub generation: u64,
    /// By rule.
    pub rules: BTreeMap<RuleKey, RuleStats>,
    /// By backend, `namespace/service/port`.
    pub backends: BTreeMap<String, BackendStats>,
    /// By listener, `namespace/owner/listener`.
    pub listeners: BTreeMap<String, ListenerStats>,
    /// Answers of the proxy itself, by [`crate::ProxyError::name`].
    pub answers: BTreeMap<&'static str, u64>,
    /// Open connections of clients, by worker.
    pub connections: Vec<u64>,
    /// Idle connections to backends, over all workers.
    pub pooled: u64,
    /// Handshakes of TLS that failed, by reason.
    pub handshakes_failed: BTreeMap<&'static str, u64>,
    /// Lines of the access log that were dropped.
    pub log_dropped: u64,
}

/// The stable key of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleKey {
    /// Kind of the route, such as `HTTPRoute`.
    pub kind: &'static str,
    /// Namespace of the route.
    pub namespace: String,
    /// Name of the route.
    pub name: String,
    /// Position in `spec.rules`.
    pub rule: u32,
}

/// Counters of a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleStats {
    /// Answers by class: 1xx, 2xx, 3xx, 4xx, 5xx.
    pub classes: [u64; 5],
}

/// Upper bounds of the buckets of [`BackendStats::times`], milliseconds; one more bucket holds the rest.
pub const BUCKETS_MS: [u64; 23] = [
    1, 2, 3, 5, 7, 10, 15, 25, 50, 75, 100, 150, 250, 500, 750, 1_000, 1_500, 2_000, 2_500, 5_000, 10_000, 30_000,
    60_000,
];

/// Counters of a backend.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BackendStats {
    /// Requests that were sent.
    pub requests: u64,
    /// Attempts that got no head of an answer.
    pub failures: u64,
    /// Times from sending to the head of the answer, by [`BUCKETS_MS`]; not cumulative.
    pub times: [u64; 24],
    /// Sum of these times, microseconds.
    pub time_sum_us: u64,
}

/// Counters of a listener.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListenerStats {
    /// Requests that were answered.
    pub requests: u64,
    /// Of these with 5xx.
    pub failed: u64,
    /// Connections that are open.
    pub connections: u64,
}

impl From<&Trace> for RuleKey {
    fn from(trace: &Trace) -> Self {
        Self {
            kind: trace.kind.name(),
            namespace: trace.namespace.as_str().to_owned(),
            name: trace.name.as_str().to_owned(),
            rule: trace.rule,
        }
    }
}

impl fmt::Display for RuleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{} rule {}", self.kind, self.namespace, self.name, self.rule)
    }
}

impl RuleKey {
    /// What `X-Gwc-Route` says: the rule, and the position of the match that took the request.
    #[must_use]
    pub fn explanation(&self, found: Option<u32>) -> String {
        let found = found.map(|found| format!(" match {found}")).unwrap_or_default();
        format!("{self}{found}")
    }
}

impl Stats {
    /// Adds the counters of another worker.
    pub(crate) fn add(&mut self, other: Self) {
        self.generation = self.generation.max(other.generation);
        for (key, own) in other.rules {
            let sum = self.rules.entry(key).or_default();
            sum.classes.iter_mut().zip(own.classes).for_each(|(sum, own)| *sum += own);
        }
        for (key, own) in other.backends {
            let sum = self.backends.entry(key).or_default();
            sum.requests += own.requests;
            sum.failures += own.failures;
            sum.times.iter_mut().zip(own.times).for_each(|(sum, own)| *sum += own);
            sum.time_sum_us += own.time_sum_us;
        }
        for (key, own) in other.listeners {
            let sum = self.listeners.entry(key).or_default();
            sum.requests += own.requests;
            sum.failed += own.failed;
            sum.connections += own.connections;
        }
        for (key, own) in other.answers {
            *self.answers.entry(key).or_default() += own;
        }
        for (key, own) in other.handshakes_failed {
            *self.handshakes_failed.entry(key).or_default() += own;
        }
        self.connections.extend(other.connections);
        self.pooled += other.pooled;
        self.log_dropped += other.log_dropped;
    }
}

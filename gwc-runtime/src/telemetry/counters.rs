//! The counters of one worker, its only writer. Slots belong to stable keys; a snapshot remembers where they are.

use std::collections::BTreeMap;
use std::time::Duration;

use http::StatusCode;
use rustc_hash::FxHashMap;

use crate::error::ProxyError;
use crate::telemetry::{BUCKETS_MS, BackendStats, ListenerStats, RuleKey, RuleStats, Stats};
use crate::upstream::BackendState;
use crate::worker::{View, Worker};

/// Counters of a worker.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    rules: Slots<RuleKey, RuleStats>,
    backends: Slots<String, BackendStats>,
    listeners: FxHashMap<String, ListenerStats>,
    answers: BTreeMap<&'static str, u64>,
    handshakes_failed: BTreeMap<&'static str, u64>,
}

#[derive(Debug)]
struct Slots<K, V> {
    positions: FxHashMap<K, usize>,
    values: Vec<(K, V)>,
}

impl<K, V> Default for Slots<K, V> {
    fn default() -> Self {
        Self { positions: FxHashMap::default(), values: Vec::new() }
    }
}

impl<K: Clone + Eq + std::hash::Hash, V: Default> Slots<K, V> {
    fn position(&mut self, key: K) -> usize {
        let next = self.values.len();
        let position = *self.positions.entry(key.clone()).or_insert(next);
        if position == next {
            self.values.push((key, V::default()));
        }
        position
    }
}

impl Counters {
    /// An answer of a listener, and of a rule where one took the request.
    pub(crate) fn answered(&mut self, view: &View, at: Answered<'_>) {
        if let Some(label) = at.listener {
            if !self.listeners.contains_key(label) {
                self.listeners.insert(label.to_owned(), ListenerStats::default());
            }
            if let Some(own) = self.listeners.get_mut(label) {
                own.requests += 1;
                own.failed += u64::from(at.status.is_server_error());
            }
        }
        if let Some(error) = at.error {
            *self.answers.entry(error.name()).or_default() += 1;
        }
        let Some(slot) = at.rule.and_then(|rule| Some((rule, view.counted.get(rule)?))) else { return };
        let (rule, slot) = slot;
        if slot.get() == 0 {
            let Some(key) = view.snapshot.key(rule) else { return };
            slot.set(u32::try_from(self.rules.position(key) + 1).unwrap_or(0));
        }
        let own = (slot.get() as usize).checked_sub(1).and_then(|position| self.rules.values.get_mut(position));
        let class = usize::from(at.status.as_u16() / 100).saturating_sub(1);
        if let Some(count) = own.and_then(|(_, own)| own.classes.get_mut(class)) {
            *count += 1;
        }
    }

    /// A request that was sent; without a time it got no answer.
    fn sent(&mut self, state: &BackendState, time: Option<Duration>) {
        let position = *state.counters.get_or_init(|| self.backends.position(state.label.as_str().to_owned()));
        let Some((_, own)) = self.backends.values.get_mut(position) else { return };
        own.requests += 1;
        let Some(time) = time else {
            own.failures += 1;
            return;
        };
        own.time_sum_us += u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        // A time on the bound belongs to the bucket.
        let milliseconds = u64::try_from(time.as_micros().div_ceil(1000)).unwrap_or(u64::MAX);
        let bucket = BUCKETS_MS.partition_point(|bound| *bound < milliseconds);
        if let Some(count) = own.times.get_mut(bucket) {
            *count += 1;
        }
    }

    /// A handshake of TLS failed.
    pub(crate) fn handshake_failed(&mut self, reason: &'static str) {
        *self.handshakes_failed.entry(reason).or_default() += 1;
    }

    /// A connection to a listener begins (1) or ends (-1).
    pub(crate) fn connection(&mut self, label: &str, change: i64) {
        let own = self.listeners.entry(label.to_owned()).or_default();
        own.connections = own.connections.saturating_add_signed(change);
    }

    /// A copy.
    pub(crate) fn stats(&self) -> Stats {
        Stats {
            rules: self.rules.values.iter().cloned().collect(),
            backends: self.backends.values.iter().cloned().collect(),
            listeners: self.listeners.iter().map(|(key, own)| (key.clone(), *own)).collect::<BTreeMap<_, _>>(),
            answers: self.answers.clone(),
            handshakes_failed: self.handshakes_failed.clone(),
            ..Stats::default()
        }
    }
}

/// What is counted of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered<'a> {
    pub(crate) listener: Option<&'a str>,
    pub(crate) rule: Option<usize>,
    pub(crate) status: StatusCode,
    pub(crate) error: Option<ProxyError>,
}

impl Worker {
    /// Counts a request to a backend.
    pub(crate) fn count_backend(&self, state: &BackendState, time: Option<Duration>) {
        self.counters.borrow_mut().sent(state, time);
    }
}

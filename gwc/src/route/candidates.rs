//! The matches of a listener against one request: which accept it, which came near, and what decides between them.

use gwc_core::ir::{Entry, Listener, RouteKind};
use gwc_core::matcher::RequestHead;
use gwc_core::matcher::reference::{Failed, Oracle};
use gwc_core::predict::{Prediction, Request};

use crate::route::model::{At, Candidate, FailedCondition, HostStep};
use crate::route::words;
use crate::route::{World, outcome};

/// How many near matches are listed without --all.
const NEAR: usize = 5;

/// A request at the listener that took it.
pub(crate) struct Scene<'s> {
    /// The world.
    pub(crate) world: &'s World<'s>,
    /// The listener.
    pub(crate) listener: &'s Listener,
    /// The request as matches see it.
    pub(crate) head: RequestHead<'s>,
    /// The entry that took it.
    pub(crate) winner: Option<usize>,
}

/// Matches to list, and how many more came near.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// In order of precedence.
    pub(crate) candidates: Vec<Candidate>,
    /// Near ones left out.
    pub(crate) more: usize,
}

impl<'s> Scene<'s> {
    /// The scene of a prediction; `None`: rules were never asked.
    pub(crate) fn new(world: &'s World<'s>, request: &'s Request, prediction: &'s Prediction) -> Option<Self> {
        if outcome::settled_early(&prediction.outcome).is_some() {
            return None;
        }
        let listener = prediction.listener(world.config())?;
        Some(Self { world, listener, head: prediction.head(request), winner: prediction.entry })
    }

    /// Why an entry does not accept the request; `None`: it does.
    pub(crate) fn failed(&self, entry: &Entry) -> Option<Failed> {
        Oracle::new(self.world.config(), self.listener).failed(entry, &self.head)
    }

    /// An entry as a candidate.
    pub(crate) fn candidate(&self, position: usize, entry: &Entry) -> Candidate {
        let config = self.world.config();
        let rule = config.rule(entry);
        let failed = self.failed(entry);
        let miss = failed.and_then(|failed| words::miss(config, self.listener, entry, failed, &self.head));
        let failed = miss.map(|miss| FailedCondition {
            text: miss.text(),
            criterion: miss.criterion,
            wanted: miss.wanted,
            got: miss.got,
        });
        let host = self.listener.hosts.get(entry.host as usize);
        Candidate {
            position,
            kind: rule.trace.kind.name(),
            namespace: rule.trace.namespace.to_string(),
            name: rule.trace.name.to_string(),
            rule: rule.trace.rule,
            rule_name: rule.trace.rule_name.as_ref().map(ToString::to_string),
            r#match: entry.r#match,
            preflight: entry.preflight,
            hostname: host.and_then(|host| host.written.as_ref()).map(ToString::to_string),
            conditions: words::conditions(config.match_of(entry)),
            accepts: failed.is_none(),
            failed,
            criterion: None,
            location: self.place(entry),
        }
    }

    /// Where the match of an entry is written, or its rule.
    pub(crate) fn place(&self, entry: &Entry) -> Option<At> {
        let config = self.world.config();
        let place = config.match_of(entry).map_or(config.rule(entry).trace.place, |found| found.place);
        self.world.at(place)
    }

    /// Every entry of the listener, each with the criterion by which the one before it is asked first.
    pub(crate) fn all(&self) -> Listed {
        let entries = self.listener.entries.iter().enumerate();
        let candidates = entries.map(|(position, entry)| {
            let mut candidate = self.candidate(position, entry);
            candidate.criterion = position.checked_sub(1).and_then(|before| self.criterion(before, position));
            candidate
        });
        Listed { candidates: candidates.collect(), more: 0 }
    }

    /// The entries that came near: those asked before the winner that fit but for one condition behind the path, those
    /// asked after it that fit; without a winner, those that got furthest.
    pub(crate) fn near(&self) -> Listed {
        let mut near: Vec<(usize, &Entry)> = Vec::new();
        let depth = |failed: Option<Failed>| match failed {
            None | Some(Failed::Method | Failed::Header(_) | Failed::QueryParam(_)) => 2,
            Some(Failed::Path) => 1,
            Some(Failed::Host | Failed::Preflight) => 0,
        };
        let mut furthest = if self.winner.is_some() { 2 } else { 1 };
        for (position, entry) in self.listener.entries.iter().enumerate() {
            let failed = self.failed(entry);
            let is_behind = self.winner.is_some_and(|winner| position > winner);
            if Some(position) == self.winner || (is_behind && failed.is_some()) {
                continue;
            }
            let depth = depth(failed);
            if depth > furthest {
                near.clear();
                furthest = depth;
            }
            if depth == furthest {
                near.push((position, entry));
            }
        }
        let more = near.len().saturating_sub(NEAR);
        near.truncate(NEAR);
        let candidates = near.into_iter().map(|(position, entry)| {
            let mut candidate = self.candidate(position, entry);
            candidate.criterion =
                self.winner.and_then(|winner| self.criterion(position.min(winner), position.max(winner)));
            candidate
        });
        Listed { candidates: candidates.collect(), more }
    }

    /// Why one entry is asked before another.
    pub(crate) fn criterion(&self, first: usize, second: usize) -> Option<String> {
        words::criterion(self.world.config(), self.listener, first, second)
    }

    /// Hostnames that cover the host, best first, up to the one of the winner.
    pub(crate) fn hostnames(&self) -> Vec<HostStep> {
        let winner =
            self.winner.and_then(|position| self.listener.entries.get(position)).map(|entry| entry.host as usize);
        let is_l4 = |kind: RouteKind| matches!(kind, RouteKind::Tcp | RouteKind::Udp);
        let first = self.listener.entries.first();
        if first.is_some_and(|entry| is_l4(self.world.config().rule(entry).trace.kind)) {
            return Vec::new();
        }
        let hosts = self.listener.hosts.iter().enumerate();
        let asked = hosts.take_while(|(position, _)| winner.is_none_or(|winner| *position <= winner));
        let asked = asked.filter(|(_, host)| host.accepts(self.head.host));
        let step = |(position, host): (usize, &gwc_core::ir::Host)| HostStep {
            written: host.written.as_ref().map(ToString::to_string),
            matches: host.matches.as_ref().map(ToString::to_string),
            chosen: Some(position) == winner,
        };
        asked.map(step).collect()
    }
}

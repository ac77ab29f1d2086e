//! What each match can get, over all listeners and hostnames where it is served: computed once, read by several rules.
//!
//! [`crate::region::shadows`] answers for one entry of one listener. Here the answers are put together: a match is lost
//! only if it is lost everywhere, and a hostname that a narrower listener of the port takes is a loss too
//! (routing.md §1.2). Which rule speaks about a loss is decided in `cause.rs` and `clash.rs`.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, rule};
use crate::ir::{Config, Entry, Host, Listener, PathMatch, Protocol, Socket, Str, ValueMatch};
use crate::lower::Lowered;
use crate::profile::Profile;
use crate::region::{Shadow, shadows};
use crate::value::Hostname;

/// Rules that read it.
const READERS: [Code; 9] = [
    rule::DUPLICATE_MATCH_ACROSS_ROUTES,
    rule::DUPLICATE_MATCH_IN_ROUTE,
    rule::SHADOWED_MATCH,
    rule::UNREACHABLE_RULE,
    rule::REDUNDANT_MATCH,
    rule::ORDER_DECIDES,
    rule::CATCH_ALL_COLLISION,
    rule::CONTRADICTORY_MATCH,
    rule::HOSTNAME_TAKEOVER,
];

/// A match: position in [`Config::rules`], position in the rule; 0 for rules that accept everything.
pub(crate) type MatchId = (u32, u32);

/// The match of an entry.
pub(super) fn match_id(entry: &Entry) -> MatchId {
    (entry.rule, entry.r#match.unwrap_or_default())
}

/// An entry: socket, listener of the socket, entry of the listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub(super) socket: usize,
    pub(super) listener: usize,
    pub(super) entry: usize,
}

impl At {
    /// The listener.
    pub(super) fn listener(self, config: &Config) -> Option<&Listener> {
        config.sockets.get(self.socket)?.listeners.get(self.listener)
    }

    /// The entry.
    pub(super) fn entry(self, config: &Config) -> Option<&Entry> {
        self.listener(config)?.entries.get(self.entry)
    }

    /// The name it is served under.
    pub(super) fn host(self, config: &Config) -> Option<&Host> {
        self.listener(config)?.hosts.get(self.entry(config)?.host as usize)
    }
}

/// Why an entry gets nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Loss {
    /// These entries of its listener take all of it.
    Entries(At, Vec<usize>),
    /// All its names go to this other listener of the socket.
    Listener(At, usize),
}

/// What a match gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Requests, somewhere.
    Reachable,
    /// Not known.
    Unproven,
    /// Nothing: no request fulfils it.
    Contradictory,
    /// Nothing: everywhere something else takes all of it.
    Lost(Vec<Loss>),
}

/// Two rules that claim the same conditions on the same hostname of a listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clash {
    pub(super) winner: MatchId,
    pub(super) loser: MatchId,
    /// Entries of the loser that the winner stands before.
    pub(super) places: Vec<At>,
}

/// What all matches get.
#[derive(Debug, Default)]
pub struct Reach {
    fates: BTreeMap<MatchId, Fate>,
    /// By loser, then winner.
    pub(super) clashes: Vec<Clash>,
    /// Matches whose CORS preflights are served.
    pub(super) preflights: BTreeSet<MatchId>,
}

impl Reach {
    /// What the matches of a world get; nothing is computed where no rule asks.
    #[must_use]
    pub fn new(lowered: &Lowered, profile: &Profile) -> Self {
        let mut reach = Self::default();
        if READERS.iter().all(|code| profile.skipped_rules.contains(code.number)) {
            return reach;
        }
        let config = &lowered.config;
        let mut clashes: BTreeMap<(MatchId, MatchId), Vec<At>> = BTreeMap::new();
        let names: Vec<BTreeMap<&Hostname, usize>> = config.sockets.iter().map(by_name).collect();
        for (place, listener) in places(config) {
            let hosts = listener.hosts.iter();
            let elsewhere: Vec<Option<usize>> = match names.get(place.socket) {
                Some(names) => hosts.map(|host| taken_by(host, place.listener, names)).collect(),
                None => Vec::new(),
            };
            reach.add(config, listener, place, &elsewhere);
            for (winner, loser, place) in duplicates(config, listener, place, &elsewhere) {
                clashes.entry((loser, winner)).or_default().push(place);
            }
        }
        let all = clashes.into_iter();
        reach.clashes = all.map(|((loser, winner), places)| Clash { winner, loser, places }).collect();
        reach
    }

    /// Matches of which neither is proven: that they get requests, that they get none.
    #[must_use]
    pub fn unproven(&self) -> usize {
        self.fates.values().filter(|fate| **fate == Fate::Unproven).count()
    }

    /// What a match gets; `None`: it is not served.
    pub(super) fn fate(&self, id: MatchId) -> Option<&Fate> {
        self.fates.get(&id)
    }

    /// What the matches of a rule get, by position.
    pub(super) fn of_rule(&self, rule: u32) -> impl Iterator<Item = (MatchId, &Fate)> {
        self.fates.range((rule, 0)..=(rule, u32::MAX)).map(|(id, fate)| (*id, fate))
    }

    /// Clashes that a match loses.
    pub(super) fn clashes_of(&self, loser: MatchId) -> &[Clash] {
        let start = self.clashes.partition_point(|clash| clash.loser < loser);
        let end = self.clashes.partition_point(|clash| clash.loser <= loser);
        self.clashes.get(start..end).unwrap_or_default()
    }

    /// Matches that get nothing because something else takes all of it.
    pub(super) fn lost(&self) -> impl Iterator<Item = (MatchId, &[Loss])> {
        self.fates.iter().filter_map(|(id, fate)| match fate {
            Fate::Lost(losses) => Some((*id, losses.as_slice())),
            Fate::Reachable | Fate::Unproven | Fate::Contradictory => None,
        })
    }

    /// Matches that no request fulfils.
    pub(super) fn contradictory(&self) -> impl Iterator<Item = MatchId> {
        self.fates.iter().filter(|(_, fate)| **fate == Fate::Contradictory).map(|(id, _)| *id)
    }

    fn add(&mut self, config: &Config, listener: &Listener, place: At, elsewhere: &[Option<usize>]) {
        for (position, (entry, shadow)) in listener.entries.iter().zip(shadows(config, listener)).enumerate() {
            let place = At { entry: position, ..place };
            let taken = elsewhere.get(entry.host as usize).copied().flatten();
            let fate = match (taken, shadow) {
                (_, Shadow::Contradictory) => Fate::Contradictory,
                (Some(other), Shadow::Reachable(_) | Shadow::Shadowed(_) | Shadow::Unproven) => {
                    Fate::Lost(vec![Loss::Listener(place, other)])
                }
                (None, Shadow::Reachable(_)) => Fate::Reachable,
                (None, Shadow::Unproven) => Fate::Unproven,
                (None, Shadow::Shadowed(cover)) => Fate::Lost(vec![Loss::Entries(place, cover)]),
            };
            let id = match_id(entry);
            if entry.preflight {
                self.preflights.extend((fate == Fate::Reachable).then_some(id));
                continue;
            }
            let known = self.fates.remove(&id);
            self.fates.insert(id, known.map_or_else(|| fate.clone(), |known| known.with(fate.clone())));
        }
    }
}

impl Fate {
    /// Here and there together: one request anywhere is enough.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Reachable, _) | (_, Self::Reachable) => Self::Reachable,
            (Self::Unproven, _) | (_, Self::Unproven) => Self::Unproven,
            (Self::Contradictory, other) | (other, Self::Contradictory) => other,
            (Self::Lost(mut losses), Self::Lost(more)) => {
                losses.extend(more);
                Self::Lost(losses)
            }
        }
    }
}

/// Listeners on which something tells requests or connections apart, with their places.
pub(super) fn places(config: &Config) -> impl Iterator<Item = (At, &Listener)> {
    let sockets = config.sockets.iter().enumerate();
    let all = sockets.flat_map(|(socket, one)| {
        let listeners = one.listeners.iter().enumerate();
        listeners.map(move |(position, listener)| (At { socket, listener: position, entry: 0 }, listener))
    });
    all.filter(|(_, listener)| !matches!(listener.protocol, Protocol::Tcp | Protocol::Udp))
}

/// Listeners of a socket by hostname, where there is a choice.
fn by_name(socket: &Socket) -> BTreeMap<&Hostname, usize> {
    if socket.listeners.len() < 2 {
        return BTreeMap::new();
    }
    let names = socket.listeners.iter().enumerate().rev();
    names.filter_map(|(position, listener)| Some((listener.hostname.as_ref()?, position))).collect()
}

/// The listener to which all names of a host go, if that is another one than `own`.
fn taken_by(host: &Host, own: usize, names: &BTreeMap<&Hostname, usize>) -> Option<usize> {
    if names.is_empty() {
        return None;
    }
    let narrow = host.matches.as_ref()?;
    let best = covering(narrow).find_map(|name| names.get(&name).copied());
    best.filter(|best| *best != own)
}

/// A hostname and the wildcards that cover it, narrowest first.
pub(super) fn covering(name: &Hostname) -> impl Iterator<Item = Hostname> + '_ {
    let apex = name.apex();
    let dots = apex.match_indices('.').map(|(at, _)| at);
    // `*.a.b` covers `x.a.b` and `*.x.a.b`, and so on to the left.
    let wider = dots.filter_map(move |at| apex.get(at..)).map(|suffix| Hostname::Wildcard(suffix.into()));
    std::iter::once(name.clone()).chain(wider)
}

/// Path, method, headers, parameters of a match.
type Conditions<'c> = (&'c PathMatch, Option<&'c Str>, &'c [ValueMatch], &'c [ValueMatch]);

/// Hostname and conditions of an entry.
#[derive(PartialEq, Eq, Hash)]
struct Claim<'c> {
    host: u32,
    conditions: Option<Conditions<'c>>,
}

/// Entries whose conditions an earlier entry of another rule has on the same hostname: winner, loser, the loser's place.
fn duplicates(
    config: &Config,
    listener: &Listener,
    place: At,
    elsewhere: &[Option<usize>],
) -> Vec<(MatchId, MatchId, At)> {
    let mut first: FxHashMap<Claim<'_>, MatchId> = FxHashMap::default();
    let mut found = Vec::new();
    for (position, entry) in listener.entries.iter().enumerate() {
        let taken = elsewhere.get(entry.host as usize).copied().flatten().is_some();
        if entry.preflight || taken {
            continue;
        }
        let conditions = config.match_of(entry);
        let conditions =
            conditions.map(|one| (&one.path, one.method.as_ref(), one.headers.as_slice(), one.query_params.as_slice()));
        let id = match_id(entry);
        let winner = *first.entry(Claim { host: entry.host, conditions }).or_insert(id);
        if winner.0 != id.0 {
            found.push((winner, id, At { entry: position, ..place }));
        }
    }
    found
}

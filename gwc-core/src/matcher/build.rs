//! From a listener of the IR to its [`Program`]: levels, keys, lists, and the proofs that allow shortcuts.
//!
//! Nothing is assumed about the order of entries: where it is not the order of precedence, more places are asked.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::ir::{Config, Entry, Listener, Match, PathMatch, RouteKind};
use crate::matcher::host::{self, HostTable};
use crate::matcher::path::bit;
use crate::matcher::patterns::Patterns;
use crate::matcher::predicate::{Conditions, Interner};
use crate::matcher::program::{Candidate, LAST, Level, LevelKind, Program, SWITCH};
use crate::matcher::switch::{self, Split, Switch};
use crate::matcher::table::{Family, Pending, Pendings, Table, Target};
use crate::matcher::{HostFallthrough, hash};
use crate::value::Hostname;

impl Program {
    /// Compiles a listener of `config`. The seed belongs to the hashes: drawn per process where requests are hostile.
    ///
    /// Entries that refer to nothing (never lowered) accept nothing.
    #[must_use]
    pub fn compile(config: &Config, listener: &Listener, seed: u64) -> Self {
        Self::compile_with(config, listener, seed, HostFallthrough::On)
    }

    /// As [`Program::compile`], for data planes that differ in what a narrow hostname hides.
    #[must_use]
    pub fn compile_with(config: &Config, listener: &Listener, seed: u64, fallthrough: HostFallthrough) -> Self {
        let mut builder = Builder::new(config, listener, seed);
        builder.levels();
        let (paths, pendings) = builder.paths();
        let (hosts, chains_ordered) = builder.hosts(fallthrough);
        let mut program = Self {
            hosts,
            levels: builder.levels.into_boxed_slice(),
            paths,
            candidates: builder.lists.candidates.into_boxed_slice(),
            switches: builder.lists.switches.into_boxed_slice(),
            predicates: builder.interner.finish(),
            patterns: builder.patterns.into_boxed_slice(),
            seed,
            chains_ordered,
        };
        let doubtful = builder.doubtful;
        program.prove_nested(&pendings, &builder.places, &doubtful);
        program
    }

    /// Levels whose prefixes do not come longest first: an earlier entry must not stand behind a shorter prefix.
    fn prove_nested(&mut self, pendings: &[Pending], places: &[Place], doubtful: &[bool]) {
        if !doubtful.contains(&true) {
            return;
        }
        for (pending, place) in pendings.iter().zip(places) {
            let number = pending.owner as usize;
            let Some(level) = self.levels.get(number) else { continue };
            if !pending.is_part() || !doubtful[number] || level.any_order {
                continue;
            }
            let earlier = self.first_above(level, pending) < place.position;
            self.levels[number].any_order |= earlier;
        }
    }

    /// The first entry among the prefixes of a prefix.
    fn first_above(&self, level: &Level, pending: &Pending) -> u32 {
        let mut first = self.first_of(level.root);
        let salt = hash::salt(pending.owner);
        let text = self.paths.text_of(pending);
        let mut stream = hash::Stream::new(self.seed, text);
        let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        for (depth, end) in ends.enumerate() {
            if level.prefix_depths & bit(depth) != 0 {
                let key = &text[..end];
                first = first.min(self.first_of(self.probe(level, stream.up_to(end, salt), Family::Part, key)));
            }
        }
        first
    }

    fn first_of(&self, target: Target) -> u32 {
        match target {
            Target::NONE => u32::MAX,
            list if list.is_list() => {
                self.candidates.get(list.number() as usize).map_or(u32::MAX, |candidate| candidate.position)
            }
            one => one.number(),
        }
    }
}

/// Where a key leads to.
#[derive(Clone, Copy)]
struct Place {
    predicate: u32,
    position: u32,
}

/// Lists of candidates, and what needs none.
#[derive(Default)]
struct Lists {
    candidates: Vec<Candidate>,
    switches: Vec<Switch>,
}

impl Lists {
    /// The target of entries with equal host and path, in order. What stands behind an entry without conditions is
    /// never reached.
    fn target(&mut self, mut places: impl Iterator<Item = Place>, interner: &Interner<'_>) -> Target {
        let Some(first) = places.next() else { return Target::NONE };
        if first.predicate == 0 {
            return Target::one(first.position);
        }
        let mut list = vec![first];
        for place in places {
            list.push(place);
            if place.predicate == 0 {
                break;
            }
        }
        Target::list(if list.len() < switch::SHORTEST { self.plain(&list) } else { self.long(&list, interner) })
    }

    fn plain(&mut self, list: &[Place]) -> u32 {
        let start = narrow(self.candidates.len());
        let candidates = list.iter().map(|place| Candidate { predicate: place.predicate, position: place.position });
        self.candidates.extend(candidates);
        if let Some(last) = self.candidates.last_mut() {
            last.predicate |= LAST;
        }
        start
    }

    fn long(&mut self, list: &[Place], interner: &Interner<'_>) -> u32 {
        let asked: Vec<_> = list.iter().map(|place| interner.asked(place.predicate)).collect();
        let (Some(split), Some(first)) = (Split::new(&asked), list.first()) else { return self.plain(list) };
        let switch = split.finish(|some| self.plain(&some.iter().map(|one| list[*one]).collect::<Vec<_>>()));
        let start = narrow(self.candidates.len());
        self.candidates.push(Candidate { predicate: SWITCH, position: first.position });
        self.candidates.push(Candidate { predicate: LAST, position: narrow(self.switches.len()) });
        self.switches.push(switch);
        start
    }
}

struct Builder<'c> {
    config: &'c Config,
    listener: &'c Listener,
    seed: u64,
    levels: Vec<Level>,
    /// The host of each level.
    hosts: Vec<u32>,
    /// By level: prefixes do not come longest first.
    doubtful: Vec<bool>,
    pendings: Pendings,
    /// By pending.
    places: Vec<Place>,
    lists: Lists,
    interner: Interner<'c>,
    patterns: Vec<Patterns>,
}

/// What the entries of one level showed so far.
struct Run<'c> {
    kind: LevelKind,
    roots: Vec<Place>,
    expressions: FxHashMap<&'c str, usize>,
    /// By number of the expression.
    lists: Vec<(&'c str, Vec<Place>)>,
    prefix_depths: u64,
    exact_depths: u64,
    /// Rank of the path kinds (exact, expression, prefix) of the entry before, and its length if a prefix.
    last: (u8, usize),
    kinds_ordered: bool,
    shrinking: bool,
}

impl<'c> Builder<'c> {
    fn new(config: &'c Config, listener: &'c Listener, seed: u64) -> Self {
        let n = listener.entries.len();
        Self {
            config,
            listener,
            seed,
            levels: Vec::new(),
            hosts: Vec::new(),
            doubtful: Vec::new(),
            pendings: Pendings::with_capacity(n),
            places: Vec::with_capacity(n),
            lists: Lists::default(),
            interner: Interner::default(),
            patterns: Vec::new(),
        }
    }

    /// Cuts the entries into levels: runs of one host and of entries that order among each other by path.
    fn levels(&mut self) {
        let (config, entries) = (self.config, &self.listener.entries);
        let mut start = 0;
        for run in entries.chunk_by(|one, next| belong_together(config, one, next)) {
            let range = start..start + run.len();
            start = range.end;
            self.level(run, range);
        }
    }

    fn level(&mut self, entries: &[Entry], range: Range<usize>) {
        let Some(first) = entries.first() else { return };
        let number = narrow(self.levels.len());
        let salt = hash::salt(number);
        let mut run = Run::new(level_kind(first));
        for (entry, position) in entries.iter().zip(range.clone()) {
            let place = Place { predicate: 0, position: narrow(position) };
            let Some((place, key, family)) = self.note(&mut run, entry, place) else { continue };
            self.pendings.push(hash::of(self.seed, salt, key.as_bytes()), key, family, number);
            self.places.push(place);
        }
        let patterns = self.expressions(&run);
        self.levels.push(Level {
            prefix_depths: run.prefix_depths,
            exact_depths: run.exact_depths,
            start: narrow(range.start),
            end: narrow(range.end),
            next: host::NONE,
            root: self.lists.target(run.roots.iter().copied(), &self.interner),
            patterns,
            kind: run.kind,
            any_order: !run.kinds_ordered,
        });
        self.hosts.push(first.host);
        self.doubtful.push(!run.shrinking);
    }

    /// Notes an entry in its level; what is returned goes into the table.
    fn note(&mut self, run: &mut Run<'c>, entry: &Entry, place: Place) -> Option<(Place, &'c str, Family)> {
        if run.kind == LevelKind::Everything {
            run.roots.push(place);
            return None;
        }
        let found = match_of(self.config, entry)?;
        let place = Place { predicate: self.interner.number(conditions(found, entry)), ..place };
        let (key, family) = run.add(&found.path, place)?;
        Some((place, key, family))
    }

    fn expressions(&mut self, run: &Run<'c>) -> u32 {
        if run.lists.is_empty() {
            return u32::MAX;
        }
        let lists = run.lists.iter();
        let lists: Vec<_> =
            lists.map(|(text, places)| (*text, self.lists.target(places.iter().copied(), &self.interner))).collect();
        self.patterns.push(Patterns::build(&lists));
        narrow(self.patterns.len() - 1)
    }

    /// The table of paths, and what it was built of.
    fn paths(&mut self) -> (Table, Vec<Pending>) {
        let (places, lists, interner) = (&self.places, &mut self.lists, &self.interner);
        Table::build(std::mem::take(&mut self.pendings), |group| {
            lists.target(group.iter().map(|one| places[*one as usize]), interner)
        })
    }

    /// Links the levels of each hostname, and those of wider ones behind them; second: is every link one to later
    /// entries?
    fn hosts(&mut self, fallthrough: HostFallthrough) -> (HostTable, bool) {
        let hosts = &self.listener.hosts;
        let known = self.hosts.iter().map(|host| hosts.get(*host as usize));
        let (numbers, names): (Vec<u32>, Vec<_>) =
            known.zip(0u32..).filter_map(|(host, level)| Some((level, host?.matches.as_ref()))).unzip();
        let mut lasts: Vec<u32> = Vec::new();
        let levels = &mut self.levels;
        let table = HostTable::build(&names, self.seed, |group| {
            let mut group = group.iter().map(|position| numbers[*position as usize]);
            let Some(first) = group.next() else { return host::NONE };
            let last = group.fold(first, |before, level| {
                levels[before as usize].next = level;
                level
            });
            lasts.push(last);
            first
        });
        if fallthrough == HostFallthrough::On {
            for last in lasts {
                let name = hosts.get(self.hosts[last as usize] as usize).and_then(|host| host.matches.as_ref());
                self.levels[last as usize].next = match name {
                    Some(Hostname::Exact(name) | Hostname::Wildcard(name)) => table.wider(name),
                    None => host::NONE,
                };
            }
        }
        let follows = |level: &Level| self.levels.get(level.next as usize).is_none_or(|next| level.end <= next.start);
        let ordered = self.levels.iter().all(follows);
        (table, ordered)
    }
}

impl<'c> Run<'c> {
    fn new(kind: LevelKind) -> Self {
        Self {
            kind,
            roots: Vec::new(),
            expressions: FxHashMap::default(),
            lists: Vec::new(),
            prefix_depths: 0,
            exact_depths: 0,
            last: (0, usize::MAX),
            kinds_ordered: true,
            shrinking: true,
        }
    }

    /// Notes an entry; returns its key, if it goes into the table.
    fn add(&mut self, path: &'c PathMatch, place: Place) -> Option<(&'c str, Family)> {
        let (rank, key) = match path {
            PathMatch::Exact(value) => (0, value.as_str()),
            PathMatch::Regex(value) => (1, value.as_str()),
            PathMatch::Prefix(value) => (2, value.trim_end_matches('/')),
        };
        let before = std::mem::replace(&mut self.last, (rank, key.len()));
        self.kinds_ordered &= before.0 <= rank;
        self.shrinking &= rank < 2 || before.0 < 2 || before.1 >= key.len();
        match path {
            PathMatch::Exact(_) => {
                self.exact_depths |= bit(depth(key));
                Some((key, Family::Exact))
            }
            PathMatch::Prefix(_) if key.is_empty() => {
                self.roots.push(place);
                None
            }
            PathMatch::Prefix(_) => {
                self.prefix_depths |= bit(depth(key));
                Some((key, Family::Part))
            }
            PathMatch::Regex(_) => {
                let number = *self.expressions.entry(key).or_insert_with(|| {
                    self.lists.push((key, Vec::new()));
                    self.lists.len() - 1
                });
                self.lists[number].1.push(place);
                None
            }
        }
    }
}

/// An HTTPRoute and a GRPCRoute order their entries apart (routing.md §2.3).
fn belong_together(config: &Config, one: &Entry, next: &Entry) -> bool {
    let kind = |entry: &Entry| config.rules.get(entry.rule as usize).map(|rule| rule.trace.kind);
    let grpc = |entry: &Entry| kind(entry) == Some(RouteKind::Grpc);
    one.host == next.host && level_kind(one) == level_kind(next) && grpc(one) == grpc(next)
}

fn level_kind(entry: &Entry) -> LevelKind {
    match (entry.r#match, entry.preflight) {
        (None, _) => LevelKind::Everything,
        (Some(_), false) => LevelKind::Paths,
        (Some(_), true) => LevelKind::Preflights,
    }
}

/// As [`Config::match_of`], without trust in the positions.
fn match_of<'c>(config: &'c Config, entry: &Entry) -> Option<&'c Match> {
    config.rules.get(entry.rule as usize)?.matches.get(entry.r#match? as usize)
}

fn conditions<'c>(found: &'c Match, entry: &Entry) -> Conditions<'c> {
    let method = found.method.as_deref().filter(|_| !entry.preflight);
    Conditions { method, headers: &found.headers, query_params: &found.query_params }
}

fn depth(key: &str) -> usize {
    key.bytes().filter(|byte| *byte == b'/').count()
}

/// Positions fit into 32 bits in the IR.
fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

//! One listener's entries as hash probes: what they look like in memory and how a request walks through them.
//!
//! How they are built stands in `build.rs`. The rule behind every shortcut: of all entries that accept a request the
//! first wins (runtime-design.md §4.2).

use std::mem::{size_of, size_of_val};

use crate::matcher::host::HostTable;
use crate::matcher::path::{Beginning, Path, bit};
use crate::matcher::patterns::Patterns;
use crate::matcher::predicate::Predicates;
use crate::matcher::reference::is_preflight;
use crate::matcher::switch::Switch;
use crate::matcher::table::{Family, Table, Target};
use crate::matcher::{RequestHead, hash};

/// The compiled entries of one listener: pure data, to be shared by threads.
#[derive(Debug)]
pub struct Program {
    /// Name to its first level.
    pub(super) hosts: HostTable,
    pub(super) levels: Box<[Level]>,
    /// Exact paths and prefixes of all levels.
    pub(super) paths: Table,
    pub(super) candidates: Box<[Candidate]>,
    pub(super) predicates: Predicates,
    pub(super) patterns: Box<[Patterns]>,
    pub(super) switches: Box<[Switch]>,
    pub(super) seed: u64,
    /// Do later levels of every chain hold later entries only?
    pub(super) chains_ordered: bool,
}

/// A run of entries of one host that are tried together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    /// Bit d: a prefix with d slashes exists; the last bit: with 63 or more.
    pub(super) prefix_depths: u64,
    /// The same for exact paths.
    pub(super) exact_depths: u64,
    /// First entry.
    pub(super) start: u32,
    /// Entry after the last.
    pub(super) end: u32,
    /// The level that serves the same names next; [`super::host::NONE`]: none.
    pub(super) next: u32,
    /// What the prefix `/` leads to, or entries without any match.
    pub(super) root: Target,
    /// Position in [`Program::patterns`]; `u32::MAX`: no expressions.
    pub(super) patterns: u32,
    pub(super) kind: LevelKind,
    /// Can a later place hold an earlier entry? Then all places are asked.
    pub(super) any_order: bool,
}

/// What a level takes beside the conditions of its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LevelKind {
    /// Paths.
    Paths,
    /// Paths of CORS preflights.
    Preflights,
    /// Everything: entries without a match, of L4 routes.
    Everything,
}

/// One of the entries with equal host and path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Number of the predicate; upper bit: the last of its list.
    pub(super) predicate: u32,
    /// Position of the entry.
    pub(super) position: u32,
}

/// Marks the last candidate of a list.
pub(super) const LAST: u32 = 1 << 31;

/// Stands for the predicate where a switch stands for the list: the candidate holds the list's first position, the one
/// behind it the position in [`Program::switches`].
pub(super) const SWITCH: u32 = LAST - 1;

/// Bytes that a program takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Copies of hostnames and paths.
    pub text: usize,
    /// Compiled regular expressions of paths, without the caches of threads (at most 8 MiB each).
    pub patterns: usize,
    /// Everything else.
    pub structure: usize,
}

/// A search within a level: nothing at or after `limit` is of interest.
struct Search<'s, 'r> {
    program: &'s Program,
    level: &'s Level,
    request: &'s RequestHead<'r>,
    /// The best entry so far; the limit at first.
    best: u32,
    found: bool,
}

impl Program {
    /// The first entry in order of precedence that accepts the request: its position in `Listener::entries`.
    #[must_use]
    #[inline]
    pub fn find(&self, request: &RequestHead<'_>) -> Option<usize> {
        let path = Path::new(request.path, self.seed);
        let (mut number, mut best) = (self.hosts.get(request.host), u32::MAX);
        while let Some(level) = self.levels.get(number as usize) {
            let mut search = Search { program: self, level, request, best, found: false };
            search.run(hash::salt(number), &path);
            best = search.best;
            if search.found && self.chains_ordered {
                break;
            }
            number = level.next;
        }
        (best != u32::MAX).then_some(best as usize)
    }

    /// What the program takes, texts and expressions apart.
    #[must_use]
    pub fn memory(&self) -> Memory {
        let patterns = self.patterns.iter().map(Patterns::memory).sum();
        let tables = self.hosts.memory() + self.paths.memory() + self.predicates.memory();
        let lists = size_of_val(&*self.levels) + size_of_val(&*self.candidates);
        let switches = self.switches.iter().map(Switch::memory).sum::<usize>();
        Memory {
            text: self.hosts.text() + self.paths.text(),
            patterns,
            structure: size_of::<Self>() + tables + lists + switches + self.patterns.len() * size_of::<Patterns>(),
        }
    }

    /// Does what a key leads to belong to a level?
    #[inline]
    fn belongs(&self, target: Target, level: &Level) -> bool {
        let number = target.number();
        let position = if target.is_list() {
            self.candidates.get(number as usize).map_or(u32::MAX, |candidate| candidate.position)
        } else {
            number
        };
        level.start <= position && position < level.end
    }

    /// What a path leads to in a level.
    #[inline]
    pub(super) fn probe(&self, level: &Level, hash: u64, family: Family, path: &[u8]) -> Target {
        if !self.paths.may_hold(hash) {
            return Target::NONE;
        }
        self.paths.get(hash, family, path, |target| self.belongs(target, level))
    }
}

impl Search<'_, '_> {
    /// Asks the places of the level in order of precedence.
    #[inline]
    fn run(&mut self, salt: u64, path: &Path<'_>) {
        let level = self.level;
        match level.kind {
            LevelKind::Paths => {}
            LevelKind::Preflights if is_preflight(self.request) => {}
            LevelKind::Preflights => return,
            LevelKind::Everything => return self.take(level.root),
        }
        let here = bit(path.depth);
        // An exact path and a prefix that is the whole path have one hash.
        let asked = (level.exact_depths | level.prefix_depths) & here != 0;
        let whole = if asked { path.hash(path.bytes().len(), salt) } else { 0 };
        if level.exact_depths & here != 0 {
            self.take(self.program.probe(level, whole, Family::Exact, path.bytes()));
        }
        if !self.done() && level.patterns != u32::MAX {
            self.patterns(path);
        }
        if !self.done() && level.prefix_depths != 0 {
            self.prefixes(salt, whole, path);
        }
        // No prefix takes `*`.
        if !self.done() && path.bytes().first() == Some(&b'/') {
            self.take(level.root);
        }
    }

    #[inline]
    fn done(&self) -> bool {
        self.found && !self.level.any_order
    }

    #[inline]
    fn prefixes(&mut self, salt: u64, whole: u64, path: &Path<'_>) {
        let level = self.level;
        let deepest = 63 - level.prefix_depths.leading_zeros() as usize;
        if deepest == 63 || !path.knows(deepest) {
            return self.long_prefixes(salt, path);
        }
        if level.prefix_depths & bit(path.depth) != 0 && !path.ends_in_slash() {
            self.take(self.program.probe(level, whole, Family::Part, path.bytes()));
        }
        for beginning in path.shrinking() {
            if self.done() {
                return;
            }
            if level.prefix_depths & bit(beginning.depth) != 0 {
                let hash = path.hash(beginning.bytes.len(), salt);
                self.take(self.program.probe(level, hash, Family::Part, beginning.bytes));
            }
        }
    }

    /// For paths of any length: hashed in one pass, then asked from the longest on.
    #[cold]
    fn long_prefixes(&mut self, salt: u64, path: &Path<'_>) {
        let wanted = |beginning: &Beginning<'_>| self.level.prefix_depths & bit(beginning.depth) != 0;
        let beginnings: Vec<_> = path.growing(salt).filter(|(_, beginning)| wanted(beginning)).collect();
        for (hash, beginning) in beginnings.into_iter().rev() {
            self.take(self.program.probe(self.level, hash, Family::Part, beginning.bytes));
            if self.done() {
                return;
            }
        }
    }

    #[inline(never)]
    fn patterns(&mut self, path: &Path<'_>) {
        let Some(patterns) = self.program.patterns.get(self.level.patterns as usize) else { return };
        patterns.visit(path.bytes(), |target| self.take(target));
    }

    /// Takes the first entry behind a target that accepts the request, if it is better than what was found.
    #[inline]
    fn take(&mut self, target: Target) {
        if target == Target::NONE {
            return;
        }
        if target.is_list() {
            return self.take_from_list(target.number());
        }
        if target.number() < self.best {
            (self.best, self.found) = (target.number(), true);
        }
    }

    #[cold]
    fn take_from_switch(&mut self, start: u32) {
        let number = self.program.candidates.get(start as usize + 1).map_or(u32::MAX, |second| second.position);
        let Some(switch) = self.program.switches.get(number as usize) else { return };
        switch.visit(self.request, |list| self.take_from_list(list));
    }

    fn take_from_list(&mut self, start: u32) {
        for candidate in self.program.candidates.get(start as usize..).unwrap_or_default() {
            if candidate.position >= self.best {
                return;
            }
            if candidate.predicate == SWITCH {
                return self.take_from_switch(start);
            }
            if self.program.predicates.holds(candidate.predicate & !LAST, self.request) {
                (self.best, self.found) = (candidate.position, true);
                return;
            }
            if candidate.predicate & LAST != 0 {
                return;
            }
        }
    }
}

//! Where two versions of one socket answer differently: complete, each difference with a request that shows it.
//!
//! Completeness: every request to the socket is in one of the atoms of names and paths that are looked at, with some
//! truth of conditions. An atom is passed over only where both sides read the same lines. Which listener a name chooses
//! is part of the comparison; a ClientHello and an authority that disagree (421) are not: they depend on the hostnames
//! of listeners alone, whose changes the caller reports itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Config, Listener, PathMatch, Socket};
use crate::matcher::boundary::Probe;
use crate::matcher::reference::{self, Oracle};
use crate::region::HostAtom;
use crate::region::cache::Cache;
use crate::region::condition::{Conditions, Realised};
use crate::region::decide::{Line, List, Truth, differences};
use crate::region::host;
use crate::region::path::{PathAtom, PathIndex, bare, fresh, is_normal, vectors};

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Side<'c> {
    /// The IR.
    pub config: &'c Config,
    /// The socket; `None`: it is not there.
    pub socket: Option<&'c Socket>,
    /// Number of what comes of a request: listener and entry by position, `None` for none. Equal numbers on both sides
    /// mean equal behaviour.
    pub outcome: &'c dyn Fn(Option<usize>, Option<usize>) -> u32,
}

/// Listener and entry that take a request, by position.
pub type Taken = (Option<usize>, Option<usize>);

/// Requests that are answered differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// A request that shows it.
    pub probe: Probe,
    /// Who takes it on the old side.
    pub old: Taken,
    /// Who takes it on the new side.
    pub new: Taken,
    /// Regions in which the same entries differ.
    pub n_regions: usize,
}

/// Requests of which it is not known whether they are answered differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    /// A name of the region.
    pub host: Option<String>,
    /// What is known of its paths.
    pub path: String,
    /// Why it is open.
    pub why: &'static str,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// One for each pair of entries that differ on some request, in the order in which they were found.
    pub differences: Vec<Difference>,
    /// What stays unproven, without repetition.
    pub unproven: BTreeSet<Open>,
}

/// Does a request show the difference between what takes it on both sides? Outcomes that differ in general can be the
/// same for one request.
pub type Shows<'s> = &'s dyn Fn(&Probe, Taken, Taken) -> bool;

/// Compares two versions of a socket.
#[must_use]
pub fn compare(old: Side<'_>, new: Side<'_>, shows: Shows<'_>) -> Comparison {
    let sockets = old.socket.into_iter().chain(new.socket);
    let hostnames = sockets.flat_map(|socket| &socket.listeners);
    let hostnames =
        hostnames.flat_map(|one| one.hosts.iter().map(|host| host.matches.as_ref()).chain([one.hostname.as_ref()]));
    let atoms = host::atoms(hostnames);
    let (old, new) = (Runs::new(old), Runs::new(new));
    let mut work = Work {
        sides: (&old, &new),
        shows,
        cache: Cache::default(),
        n_too_many: 0,
        comparison: Comparison::default(),
        pairs: BTreeMap::new(),
    };
    let mut seen: BTreeSet<(Chain, Chain)> = BTreeSet::new();
    for atom in &atoms {
        let name = atom.name(&atoms);
        let chains = (old.chain(atom, name.as_deref()), new.chain(atom, name.as_deref()));
        // Atoms with the same chains have the same differences.
        if seen.insert(chains.clone()) {
            work.host(name.as_deref(), &chains);
        }
    }
    work.comparison
}

/// The listener of a name and the hosts of it that cover the name, best first.
type Chain = (Option<usize>, Vec<usize>);

/// One side, prepared for many names.
struct Runs<'c> {
    side: Side<'c>,
    /// By listener: hosts by what they match.
    hosts: Vec<BTreeMap<Option<&'c crate::value::Hostname>, Vec<usize>>>,
    /// By listener and host: its entries.
    entries: Vec<Vec<std::ops::Range<usize>>>,
}

impl<'c> Runs<'c> {
    fn new(side: Side<'c>) -> Self {
        let listeners = side.socket.map_or(&[][..], |socket| socket.listeners.as_slice());
        let mut runs = Self { side, hosts: Vec::new(), entries: Vec::new() };
        for listener in listeners {
            let mut by_name: BTreeMap<_, Vec<usize>> = BTreeMap::new();
            for (position, host) in listener.hosts.iter().enumerate() {
                by_name.entry(host.matches.as_ref()).or_default().push(position);
            }
            let mut ranges = vec![0..0; listener.hosts.len()];
            let mut start = 0;
            for run in listener.entries.chunk_by(|one, next| one.host == next.host) {
                let host = run.first().map_or(0, |entry| entry.host as usize);
                ranges.get_mut(host).into_iter().for_each(|range| *range = start..start + run.len());
                start += run.len();
            }
            runs.hosts.push(by_name);
            runs.entries.push(ranges);
        }
        runs
    }

    fn listener(&self, chain: &Chain) -> Option<&'c Listener> {
        self.side.socket?.listeners.get(chain.0?)
    }

    fn chain(&self, atom: &HostAtom, name: Option<&str>) -> Chain {
        let listener = self.side.socket.and_then(|socket| reference::listener(socket, None, name));
        let by_name = listener.and_then(|listener| self.hosts.get(listener));
        let Some(by_name) = by_name else { return (listener, Vec::new()) };
        let mut hosts: Vec<usize> = by_name.get(&None).into_iter().flatten().copied().collect();
        for hostname in covering(atom) {
            hosts.extend(by_name.get(&Some(&hostname)).into_iter().flatten());
        }
        hosts.sort_unstable();
        (listener, hosts)
    }

    /// Positions of the entries that a chain reads, in order.
    fn positions(&self, chain: &Chain) -> Vec<usize> {
        let ranges = chain.0.and_then(|listener| self.entries.get(listener));
        let ranges = chain.1.iter().filter_map(|host| ranges?.get(*host).cloned());
        ranges.flatten().collect()
    }
}

/// Hostnames that cover an atom, itself first.
fn covering(atom: &HostAtom) -> Vec<crate::value::Hostname> {
    use crate::value::Hostname;
    let (mut found, text) = match atom {
        HostAtom::Exact(name) => (vec![Hostname::Exact(name.as_str().into())], name.as_str()),
        HostAtom::Below(suffix) => (vec![Hostname::Wildcard(suffix.as_str().into())], suffix.as_str()),
        HostAtom::Other | HostAtom::Nameless => (Vec::new(), ""),
    };
    // The first dot of a suffix is its own.
    let dots = text.match_indices('.').map(|(at, _)| at).filter(|at| *at > 0);
    found.extend(dots.filter_map(|at| text.get(at..)).map(|suffix| Hostname::Wildcard(suffix.into())));
    found
}

/// The running comparison.
struct Work<'w, 'c> {
    sides: (&'w Runs<'c>, &'w Runs<'c>),
    shows: Shows<'w>,
    cache: Cache,
    /// Atoms whose expressions were too many.
    n_too_many: usize,
    comparison: Comparison,
    /// Differences by the entries that differ.
    pairs: BTreeMap<(Taken, Taken), usize>,
}

/// A line before conditions are numbered: content, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Content {
    /// Number of path and conditions.
    matches: u32,
    outcome: u32,
}

/// One side at one name.
struct Lines<'c> {
    chain: Chain,
    /// Positions of entries.
    positions: Vec<usize>,
    paths: Vec<Option<&'c PathMatch>>,
    contents: Vec<Content>,
    lines: Vec<Line>,
    otherwise: u32,
}

/// Numbers things by equality.
#[derive(Default)]
struct Numbers<T>(BTreeMap<T, u32>);

impl<T: Ord> Numbers<T> {
    fn of(&mut self, thing: T) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(thing).or_insert(next)
    }
}

impl<'c> Work<'_, 'c> {
    /// Compares at one name.
    fn host(&mut self, name: Option<&str>, (old_chain, new_chain): &(Chain, Chain)) {
        let mut conditions = Conditions::default();
        let mut numbers = Numbers::default();
        let old = lines(self.sides.0, old_chain, &mut conditions, &mut numbers);
        let new = lines(self.sides.1, new_chain, &mut conditions, &mut numbers);
        if old.otherwise == new.otherwise && old.contents == new.contents {
            return;
        }
        conditions.close();
        let indexes = (PathIndex::new(old.paths.iter().copied()), PathIndex::new(new.paths.iter().copied()));
        let regexes = indexes.0.regexes.iter().chain(&indexes.1.regexes).map(|(_, pattern)| *pattern);
        let regexes: Vec<&str> = regexes.collect::<BTreeSet<_>>().into_iter().collect();
        let indexes = (&indexes.0, &indexes.1);
        let place = At { name, old: &old, new: &new, indexes, regexes: &regexes, conditions: &conditions };
        for atom in changed_atoms(&place) {
            self.path(&place, &atom);
        }
    }

    /// Compares at one atom of paths.
    fn path(&mut self, at: &At<'_, 'c>, atom: &PathAtom) {
        let (old, new) = (at.indexes.0.literal(atom), at.indexes.1.literal(atom));
        let regexes = at.regexes;
        let accepts = |path: &str| -> Vec<bool> {
            regexes.iter().map(|one| self.cache.matches_whole(one, path.as_bytes())).collect()
        };
        let prefix = match atom {
            PathAtom::Literal(path) => {
                let taken = accepts(path);
                self.vector(at, (&old, &new), &taken, std::slice::from_ref(path));
                return;
            }
            PathAtom::Below(prefix) => prefix,
        };
        let plain = fresh(prefix, &[at.indexes.0, at.indexes.1]);
        if regexes.is_empty() {
            self.vector(at, (&old, &new), &[], &[plain]);
            return;
        }
        // With all expressions in, equal lists are equal however the expressions divide the atom.
        let all = vec![true; regexes.len()];
        let whole =
            (with_regexes(&old, at.indexes.0, (regexes, &all)), with_regexes(&new, at.indexes.1, (regexes, &all)));
        if alive(at.old, &whole.0, &old) == alive(at.new, &whole.1, &new) {
            return;
        }
        if self.n_too_many >= MOST_TOO_MANY {
            self.open(at, &format!("{prefix}/…"), TOO_MANY);
            return;
        }
        let found = vectors(&self.cache, prefix, regexes);
        let of_plain = accepts(&plain);
        if !found.complete {
            self.n_too_many += 1;
            self.open(at, &format!("{prefix}/…"), TOO_MANY);
        }
        for (taken, mut examples) in found.found {
            if taken == of_plain {
                examples.insert(0, plain.clone());
            }
            self.vector(at, (&old, &new), &taken, &examples);
        }
    }

    /// Compares where the expressions accept as `taken` says; `examples` are paths of that kind.
    fn vector(&mut self, at: &At<'_, 'c>, (old, new): (&[usize], &[usize]), taken: &[bool], examples: &[String]) {
        let taken = (at.regexes, taken);
        let positions = (with_regexes(old, at.indexes.0, taken), with_regexes(new, at.indexes.1, taken));
        let pick = |lines: &Lines<'_>, positions: &[usize]| -> Vec<Line> {
            positions.iter().filter_map(|position| lines.lines.get(*position).cloned()).collect()
        };
        let (first, second) = (pick(at.old, &positions.0), pick(at.new, &positions.1));
        let lists =
            (List { lines: &first, otherwise: at.old.otherwise }, List { lines: &second, otherwise: at.new.otherwise });
        let mut unshown = false;
        let complete = differences(at.conditions, lists, &mut |truth, one, two| {
            let pair = ((at.old.chain.0, one.map(|line| line.entry)), (at.new.chain.0, two.map(|line| line.entry)));
            if let Some(known) = self.pairs.get(&pair) {
                self.comparison.differences.get_mut(*known).into_iter().for_each(|known| known.n_regions += 1);
                return;
            }
            match self.shown(at, truth, examples) {
                Shown::By(probe, pair) => self.add(probe, pair),
                Shown::Never => {}
                Shown::Not => unshown = true,
            }
        });
        let path = examples.first().map_or("…", String::as_str);
        if unshown {
            self.open(at, path, "no request was found that shows the difference");
        }
        if !complete {
            self.open(at, path, "its conditions are too many to be compared");
        }
    }

    fn add(&mut self, probe: Probe, pair: (Taken, Taken)) {
        if let Some(known) = self.pairs.get(&pair) {
            self.comparison.differences.get_mut(*known).into_iter().for_each(|known| known.n_regions += 1);
            return;
        }
        self.pairs.insert(pair, self.comparison.differences.len());
        self.comparison.differences.push(Difference { probe, old: pair.0, new: pair.1, n_regions: 1 });
    }

    /// A request for these truth values that the reference answers differently on both sides.
    fn shown(&self, at: &At<'_, 'c>, truth: &Truth, examples: &[String]) -> Shown {
        let trues: Vec<u32> = (0..).zip(truth).filter(|(_, value)| **value == Some(true)).map(|(id, _)| id).collect();
        let truth = |id: u32| truth.get(id as usize).copied().flatten();
        for path in examples.iter().filter(|path| is_normal(path)) {
            let mut probe = Probe {
                host: at.name.map(str::to_owned),
                path: path.clone(),
                query: None,
                method: String::new(),
                headers: Vec::new(),
            };
            match at.conditions.realise(&trues, &truth, &mut probe) {
                Realised::Yes => {}
                Realised::Never => return Shown::Never,
                Realised::Unknown => return Shown::Not,
            }
            let (runs_old, runs_new) = self.sides;
            let old = self.taken(runs_old, &at.old.chain, &probe);
            let new = self.taken(runs_new, &at.new.chain, &probe);
            let (one, two) = ((runs_old.side.outcome)(old.0, old.1), (runs_new.side.outcome)(new.0, new.1));
            if one != two && (self.shows)(&probe, old, new) {
                return Shown::By(probe, (old, new));
            }
        }
        Shown::Not
    }

    /// Who takes a request, as the reference says.
    fn taken(&self, runs: &Runs<'_>, chain: &Chain, probe: &Probe) -> Taken {
        let whole = |pattern: &str, text: &[u8]| self.cache.matches_whole(pattern, text);
        let found = runs.listener(chain).and_then(|listener| {
            let oracle = Oracle { whole: &whole, ..Oracle::new(runs.side.config, listener) };
            oracle.find(&probe.head())
        });
        (chain.0, found)
    }

    fn open(&mut self, at: &At<'_, 'c>, path: &str, why: &'static str) {
        self.comparison.unproven.insert(Open { host: at.name.map(str::to_owned), path: path.to_owned(), why });
    }
}

/// Both sides at one name.
struct At<'a, 'c> {
    name: Option<&'a str>,
    old: &'a Lines<'c>,
    new: &'a Lines<'c>,
    indexes: (&'a PathIndex<'c>, &'a PathIndex<'c>),
    /// Expressions of both sides, sorted.
    regexes: &'a [&'c str],
    conditions: &'a Conditions,
}

/// Is there a request for some truth values that shows a difference?
enum Shown {
    /// This one, with who takes it.
    By(Probe, (Taken, Taken)),
    /// No request has these truth values.
    Never,
    /// None was found.
    Not,
}

fn lines<'c>(
    runs: &Runs<'c>,
    chain: &Chain,
    conditions: &mut Conditions,
    numbers: &mut Numbers<(Option<&'c PathMatch>, Vec<u32>)>,
) -> Lines<'c> {
    let positions = runs.positions(chain);
    let config = runs.side.config;
    let entries = runs.listener(chain).map_or(&[][..], |listener| listener.entries.as_slice());
    let mut lines = Lines {
        chain: chain.clone(),
        paths: Vec::with_capacity(positions.len()),
        contents: Vec::with_capacity(positions.len()),
        lines: Vec::with_capacity(positions.len()),
        otherwise: (runs.side.outcome)(chain.0, None),
        positions,
    };
    for position in &lines.positions {
        let Some(entry) = entries.get(*position) else { continue };
        let found = config.match_of(entry);
        let conjunction = conditions.add(entry, found);
        let outcome = (runs.side.outcome)(chain.0, Some(*position));
        let path = found.map(|found| &found.path);
        lines.paths.push(path);
        lines.contents.push(Content { matches: numbers.of((path, conjunction.clone())), outcome });
        lines.lines.push(Line { conjunction, outcome, entry: *position });
    }
    lines
}

/// Entries of an atom with those whose expressions accept.
fn with_regexes(literal: &[usize], index: &PathIndex<'_>, (patterns, taken): (&[&str], &[bool])) -> Vec<usize> {
    let accepts = |pattern: &str| {
        let at = patterns.iter().position(|one| *one == pattern);
        at.and_then(|at| taken.get(at)).copied().unwrap_or(false)
    };
    let mut all = literal.to_vec();
    all.extend(index.regexes.iter().filter(|(_, pattern)| accepts(pattern)).map(|(position, _)| *position));
    all.sort_unstable();
    all
}

/// Why an atom is open.
const TOO_MANY: &str = "its regular expressions are too many or too large to be compared";

/// Atoms that may exhaust the budget of states; the rest is left open at once.
const MOST_TOO_MANY: usize = 16;

/// Content of the lines of an atom that can be read, and what comes after them: nothing is read after a `literal` line
/// without conditions.
fn alive(lines: &Lines<'_>, positions: &[usize], literal: &[usize]) -> (Vec<Content>, Option<u32>) {
    let is_last = |position: &usize| {
        let line = lines.lines.get(*position);
        line.is_some_and(|line| line.conjunction.is_empty()) && literal.binary_search(position).is_ok()
    };
    let end = positions.iter().position(is_last);
    let read = positions.iter().take(end.map_or(positions.len(), |end| end + 1));
    let contents = read.filter_map(|position| lines.contents.get(*position).copied()).collect();
    (contents, if end.is_none() { Some(lines.otherwise) } else { None })
}

/// Atoms in which something that differs between the sides can take a request.
fn changed_atoms(at: &At<'_, '_>) -> BTreeSet<PathAtom> {
    let mut atoms = BTreeSet::new();
    let everything = at.old.otherwise != at.new.otherwise;
    let (old, new) = unchanged(&at.old.contents, &at.new.contents);
    let changed =
        (0..at.old.paths.len()).filter(|position| !old.contains(position)).map(|position| at.old.paths.get(position));
    let added =
        (0..at.new.paths.len()).filter(|position| !new.contains(position)).map(|position| at.new.paths.get(position));
    let mut expressions = false;
    for path in changed.chain(added).flatten() {
        match path {
            Some(PathMatch::Exact(path)) => drop(atoms.insert(PathAtom::Literal(path.as_str().to_owned()))),
            Some(PathMatch::Prefix(prefix)) => below(at, bare(prefix), &mut atoms),
            Some(PathMatch::Regex(_)) => expressions = true,
            None => below(at, "", &mut atoms),
        }
    }
    // An expression can take any path that is mentioned, and any other.
    if everything || expressions {
        below(at, "", &mut atoms);
    }
    atoms
}

/// A prefix, everything that is mentioned below it, and the rest.
fn below(at: &At<'_, '_>, prefix: &str, atoms: &mut BTreeSet<PathAtom>) {
    if !atoms.insert(PathAtom::Below(prefix.to_owned())) {
        return;
    }
    atoms.insert(PathAtom::Literal(if prefix.is_empty() { "*".to_owned() } else { prefix.to_owned() }));
    for index in [at.indexes.0, at.indexes.1] {
        let (exact, prefixes) = index.mentioned(prefix);
        atoms.extend(exact.into_iter().map(|path| PathAtom::Literal(path.to_owned())));
        for longer in prefixes {
            atoms.insert(PathAtom::Literal(longer.to_owned()));
            atoms.insert(PathAtom::Below(longer.to_owned()));
        }
    }
}

/// Positions on both sides of lines that are the same in the same order: a longest common subsequence of lines that
/// stand once on each side, found by a longest increasing one. Others count as changed, which costs time only.
fn unchanged(old: &[Content], new: &[Content]) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let once = |all: &[Content]| {
        let mut places: BTreeMap<Content, Vec<usize>> = BTreeMap::new();
        all.iter().enumerate().for_each(|(at, content)| places.entry(*content).or_default().push(at));
        places
    };
    let (first, second) = (once(old), once(new));
    // Equal lines pair off in their order.
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (content, places) in &first {
        let others = second.get(content).map_or(&[][..], Vec::as_slice);
        pairs.extend(places.iter().copied().zip(others.iter().copied()));
    }
    pairs.sort_unstable();
    let kept = increasing(&pairs);
    (kept.iter().map(|(old, _)| *old).collect(), kept.iter().map(|(_, new)| *new).collect())
}

/// A longest part of the pairs in which the second numbers increase; the first ones do.
fn increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Ends of the best parts by length, as positions in `pairs`, and the pair before each pair.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), vec![None; pairs.len()]);
    for (at, (_, second)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs.get(*end).is_some_and(|(_, other)| other < second));
        let previous = length.checked_sub(1).and_then(|length| ends.get(length)).copied();
        before.get_mut(at).into_iter().for_each(|slot| *slot = previous);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut kept = Vec::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        kept.extend(pairs.get(at));
        next = before.get(at).copied().flatten();
    }
    kept.reverse();
    kept
}

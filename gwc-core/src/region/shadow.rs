//! Entries of a listener that can never take a request, because earlier ones take everything that they accept.
//!
//! An entry is looked at in the atom of its own hostname: narrower names have all its competitors and more. A program
//! is asked first with a request that fulfils nothing but the entry's own conditions; only when another entry takes that
//! one is there anything to prove.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Config, Listener, PathMatch};
use crate::matcher::Program;
use crate::matcher::boundary::Probe;
use crate::matcher::reference;
use crate::region::HostAtom;
use crate::region::cache::Cache;
use crate::region::condition::{Conditions, Conjunction, Id, Realised};
use crate::region::host;
use crate::region::path::{PathAtom, PathIndex, bare, fresh, is_normal, vectors};
use crate::value::pattern::{literal, sample};

/// What an entry can get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shadow {
    /// This request.
    Reachable(Probe),
    /// Nothing: these earlier entries, by position, take all of it.
    Shadowed(Vec<usize>),
    /// Nothing: no request fulfils its conditions.
    Contradictory,
    /// Not known.
    Unproven,
}

/// The verdict on every entry of a listener, by position.
#[must_use]
pub fn shadows(config: &Config, listener: &Listener) -> Vec<Shadow> {
    let mut conditions = Conditions::default();
    let entries = listener.entries.iter();
    let conjunctions: Vec<Conjunction> = entries.map(|entry| conditions.add(entry, config.match_of(entry))).collect();
    conditions.close();
    let paths = || listener.entries.iter().map(|entry| config.match_of(entry).map(|found| &found.path));
    let question = Question {
        config,
        listener,
        program: Program::compile(config, listener, 0),
        conjunctions: &conjunctions,
        conditions: &conditions,
        paths: paths().collect(),
        index: PathIndex::new(paths()),
        atoms: host::atoms(listener.hosts.iter().map(|host| host.matches.as_ref())),
        cache: Cache::default(),
    };
    (0..listener.entries.len()).map(|position| question.entry(position)).collect()
}

/// Expressions that one proof looks at together.
const MOST_PATTERNS: usize = 64;

struct Question<'c> {
    config: &'c Config,
    listener: &'c Listener,
    program: Program,
    conjunctions: &'c [Conjunction],
    conditions: &'c Conditions,
    paths: Vec<Option<&'c PathMatch>>,
    index: PathIndex<'c>,
    atoms: BTreeSet<HostAtom>,
    cache: Cache,
}

impl Question<'_> {
    fn entry(&self, position: usize) -> Shadow {
        let own = self.conjunctions.get(position).map_or(&[][..], Vec::as_slice);
        let host = self.listener.entries.get(position).and_then(|entry| self.listener.hosts.get(entry.host as usize));
        let Some(host) = host else { return Shadow::Unproven };
        let atom = HostAtom::of(host.matches.as_ref());
        let name = atom.name(&self.atoms);
        let path = self.paths.get(position).copied().flatten();
        // Most entries take the first request that is made for them.
        let first = self.probe(name.as_deref(), own, &self.example(path));
        if let Some(probe) = first.filter(|probe| self.takes(position, probe)) {
            return Shadow::Reachable(probe);
        }
        if self.conditions.is_contradictory(own) {
            return Shadow::Contradictory;
        }
        let rivals = self.rivals(position, &atom, own);
        let ask = |path: &str| self.probe(name.as_deref(), own, path).filter(|probe| self.takes(position, probe));
        match path {
            None => match rivals.first() {
                Some(first) => Shadow::Shadowed(vec![*first]),
                None => Shadow::Unproven,
            },
            Some(PathMatch::Exact(path)) => self.literal(path, &rivals, &ask),
            Some(PathMatch::Prefix(prefix)) => self.prefix(bare(prefix), &rivals, &ask),
            Some(PathMatch::Regex(pattern)) => self.regex(pattern, own, &rivals, &ask),
        }
    }

    /// Earlier entries that take every name and fulfil every condition that the entry needs, whatever the path.
    fn rivals(&self, position: usize, atom: &HostAtom, own: &[Id]) -> Vec<usize> {
        let closed = self.conditions.closure(own);
        let path = self.paths.get(position).copied().flatten();
        let earlier: Vec<usize> = match path {
            // All that can meet the path: those of its own elements, and expressions; below a prefix also longer ones.
            Some(PathMatch::Exact(path)) => self.near(&PathAtom::Literal(path.as_str().to_owned())),
            Some(PathMatch::Prefix(prefix)) => {
                let mut near = self.near(&PathAtom::Literal(bare(prefix).to_owned()));
                if !self.index.regexes.is_empty() {
                    near = (0..position).collect();
                }
                near
            }
            Some(PathMatch::Regex(_)) | None => (0..position).collect(),
        };
        let covers = |rival: &usize| {
            let conjunction = self.conjunctions.get(*rival).map_or(&[][..], Vec::as_slice);
            let entry = self.listener.entries.get(*rival);
            let host = entry.and_then(|entry| self.listener.hosts.get(entry.host as usize));
            *rival < position
                && conjunction.iter().all(|id| closed.binary_search(id).is_ok())
                && host.is_some_and(|host| atom.is_covered_by(host.matches.as_ref()))
        };
        earlier.into_iter().filter(covers).collect()
    }

    fn near(&self, atom: &PathAtom) -> Vec<usize> {
        let mut near = self.index.literal(atom);
        near.extend(self.index.regexes.iter().map(|(position, _)| *position));
        near.sort_unstable();
        near
    }

    fn accepts(&self, rival: usize, path: &str) -> bool {
        let condition = self.paths.get(rival).copied().flatten();
        let whole = |pattern: &str, text: &[u8]| self.cache.matches_whole(pattern, text);
        condition.is_none_or(|condition| reference::path_accepts(condition, path, &whole))
    }

    fn literal(&self, path: &str, rivals: &[usize], ask: &dyn Fn(&str) -> Option<Probe>) -> Shadow {
        if !is_normal(path) {
            return Shadow::Contradictory;
        }
        match rivals.iter().find(|rival| self.accepts(**rival, path)) {
            Some(rival) => Shadow::Shadowed(vec![*rival]),
            None => ask(path).map_or(Shadow::Unproven, Shadow::Reachable),
        }
    }

    fn prefix(&self, prefix: &str, rivals: &[usize], ask: &dyn Fn(&str) -> Option<Probe>) -> Shadow {
        // A rival with the prefix itself or a shorter one takes all.
        let wide = rivals.iter().find(|rival| match self.paths.get(**rival).copied().flatten() {
            None => true,
            Some(PathMatch::Prefix(other)) => {
                let rest = prefix.strip_prefix(bare(other));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            Some(PathMatch::Exact(_) | PathMatch::Regex(_)) => false,
        });
        if let Some(rival) = wide {
            return Shadow::Shadowed(vec![*rival]);
        }
        self.undivided(prefix, rivals, ask)
    }

    /// Paths below a prefix that only expressions can cover together.
    fn undivided(&self, prefix: &str, rivals: &[usize], ask: &dyn Fn(&str) -> Option<Probe>) -> Shadow {
        let plain = [prefix.to_owned(), fresh(prefix, &[&self.index])];
        if let Some(probe) = plain.iter().find_map(|path| ask(path)) {
            return Shadow::Reachable(probe);
        }
        if !prefix.is_empty() && !is_normal(prefix) {
            return Shadow::Contradictory;
        }
        let patterns = self.patterns(rivals);
        let texts: Vec<&str> = patterns.keys().map(String::as_str).collect();
        let found = vectors(&self.cache, prefix, &texts);
        let below = self.settle(&found.found, found.complete, &patterns, ask);
        // The prefix itself is a path too.
        if prefix.is_empty() { below } else { self.and_path(below, prefix, rivals) }
    }

    /// The verdict on some paths and this one, for which no request was found.
    fn and_path(&self, others: Shadow, path: &str, rivals: &[usize]) -> Shadow {
        let cover = match others {
            Shadow::Shadowed(cover) => cover,
            Shadow::Contradictory => Vec::new(),
            Shadow::Reachable(_) | Shadow::Unproven => return others,
        };
        // One of the cover is better than one more.
        let rival = cover.iter().chain(rivals).copied().find(|rival| self.accepts(*rival, path));
        rival.map_or(Shadow::Unproven, |rival| {
            let all: BTreeSet<usize> = cover.iter().copied().chain([rival]).collect();
            Shadow::Shadowed(all.into_iter().collect())
        })
    }

    /// Paths that an expression accepts; `*`, where it may come too, is the one that is not below `/`.
    fn regex(&self, pattern: &str, own: &[Id], rivals: &[usize], ask: &dyn Fn(&str) -> Option<Probe>) -> Shadow {
        let verdict = self.regex_below(pattern, rivals, ask);
        let asterisk = self.conditions.takes_asterisk(own) && self.cache.matches_whole(pattern, b"*");
        if !asterisk || matches!(verdict, Shadow::Reachable(_)) {
            return verdict;
        }
        ask("*").map_or_else(|| self.and_path(verdict, "*", rivals), Shadow::Reachable)
    }

    fn regex_below(&self, pattern: &str, rivals: &[usize], ask: &dyn Fn(&str) -> Option<Probe>) -> Shadow {
        let wide = rivals.iter().find(|rival| match self.paths.get(**rival).copied().flatten() {
            None => true,
            Some(PathMatch::Prefix(other)) => bare(other).is_empty(),
            Some(PathMatch::Regex(other)) => *other == pattern,
            Some(PathMatch::Exact(_)) => false,
        });
        if let Some(rival) = wide {
            return Shadow::Shadowed(vec![*rival]);
        }
        let mut patterns = self.patterns(rivals);
        for rival in rivals {
            // Literals that the expression can match are rivals too.
            let text = match self.paths.get(*rival).copied().flatten() {
                Some(PathMatch::Exact(path)) if self.cache.matches_whole(pattern, path.as_bytes()) => literal(path),
                Some(PathMatch::Prefix(prefix)) => format!("{}(?:/(?s:.*))?", literal(bare(prefix))),
                Some(PathMatch::Exact(_) | PathMatch::Regex(_)) | None => continue,
            };
            patterns.entry(text).or_insert(*rival);
        }
        if patterns.len() > MOST_PATTERNS {
            return Shadow::Unproven;
        }
        let mut texts: Vec<&str> = patterns.keys().map(String::as_str).collect();
        texts.insert(0, pattern);
        let found = vectors(&self.cache, "", &texts);
        let own: BTreeMap<Vec<bool>, Vec<String>> = found
            .found
            .into_iter()
            .filter_map(|(taken, examples)| Some((taken.split_first().filter(|(own, _)| **own)?.1.to_vec(), examples)))
            .collect();
        if own.is_empty() && found.complete {
            return Shadow::Contradictory;
        }
        self.settle(&own, found.complete, &patterns, ask)
    }

    /// Expressions of rivals, each with the first that has it.
    fn patterns(&self, rivals: &[usize]) -> BTreeMap<String, usize> {
        let mut patterns = BTreeMap::new();
        for rival in rivals {
            if let Some(PathMatch::Regex(pattern)) = self.paths.get(*rival).copied().flatten() {
                patterns.entry(pattern.as_str().to_owned()).or_insert(*rival);
            }
        }
        patterns
    }

    /// Shadowed when in every way some expression takes the path; reachable when one of the others shows it.
    fn settle(
        &self,
        found: &BTreeMap<Vec<bool>, Vec<String>>,
        complete: bool,
        patterns: &BTreeMap<String, usize>,
        ask: &dyn Fn(&str) -> Option<Probe>,
    ) -> Shadow {
        let free = found.iter().filter(|(taken, _)| !taken.iter().any(|taken| *taken));
        let shown = free.clone().flat_map(|(_, examples)| examples).find_map(|path| ask(path));
        if let Some(probe) = shown {
            return Shadow::Reachable(probe);
        }
        if !complete || free.count() > 0 {
            return Shadow::Unproven;
        }
        // The first expression of each way is enough.
        let first = found.keys().filter_map(|taken| {
            patterns.values().zip(taken).filter(|(_, taken)| **taken).map(|(rival, _)| *rival).min()
        });
        Shadow::Shadowed(first.collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// A path that the condition accepts.
    fn example(&self, condition: Option<&PathMatch>) -> String {
        match condition {
            None => "/".to_owned(),
            Some(PathMatch::Exact(path)) => path.as_str().to_owned(),
            Some(PathMatch::Prefix(prefix)) => fresh(bare(prefix), &[&self.index]),
            Some(PathMatch::Regex(pattern)) => sample(pattern).unwrap_or_default(),
        }
    }

    /// A request that fulfils these conditions, and others only where they follow.
    fn probe(&self, name: Option<&str>, own: &[Id], path: &str) -> Option<Probe> {
        let mut probe = Probe {
            host: name.map(str::to_owned),
            path: path.to_owned(),
            query: None,
            method: String::new(),
            headers: Vec::new(),
        };
        let closed = self.conditions.closure(own);
        let truth = |id: Id| Some(closed.binary_search(&id).is_ok());
        (is_normal(path) && self.conditions.realise(&closed, &truth, &mut probe) == Realised::Yes).then_some(probe)
    }

    fn takes(&self, position: usize, probe: &Probe) -> bool {
        let found = self.program.find(&probe.head());
        // Programs are proven elsewhere; a verdict that people act upon asks the reference too.
        found == Some(position) && {
            let entry = self.listener.entries.get(position);
            entry.is_some_and(|entry| reference::failed(self.config, self.listener, entry, &probe.head()).is_none())
        }
    }
}

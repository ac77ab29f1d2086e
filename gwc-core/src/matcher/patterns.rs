//! The regular expressions of one host: many patterns, one pass over the path.
//!
//! Bounds: one automaton holds as many patterns as fit into [`BUILT_LIMIT`](crate::value::pattern) (4 MiB), so that no
//! combination of patterns fails; what does not fit is split in halves. A path is read once per automaton.

use std::mem::size_of;

use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input, MatchKind, PatternID, PatternSet};

use crate::matcher::table::Target;
use crate::value::pattern;

/// Patterns in order of precedence, each with what it leads to.
#[derive(Debug)]
pub(super) struct Patterns {
    automata: Box<[Automaton]>,
    targets: Box<[Target]>,
    /// Is the first pattern that matches the answer, whatever its predicates?
    first_wins: bool,
}

#[derive(Debug)]
struct Automaton {
    regex: Regex,
    /// Position of its first pattern.
    start: usize,
}

impl Patterns {
    /// Patterns that do not compile match nothing; verdicts keep them out (GWC5012).
    pub(super) fn build(patterns: &[(&str, Target)]) -> Self {
        let usable = patterns.iter().filter_map(|(text, target)| Some((pattern::anchored(text).ok()?, *target)));
        let (texts, targets): (Vec<String>, Vec<Target>) = usable.unzip();
        let first_wins = targets.iter().all(|target| !target.is_list());
        let kind = if first_wins { MatchKind::LeftmostFirst } else { MatchKind::All };
        let mut automata = Vec::new();
        split(&texts, 0, kind, &mut automata);
        Self { automata: automata.into_boxed_slice(), targets: targets.into_boxed_slice(), first_wins }
    }

    /// Hands out what the matching patterns lead to, as far as it can be the answer.
    pub(super) fn visit(&self, path: &[u8], mut visit: impl FnMut(Target)) {
        let input = Input::new(path).anchored(Anchored::Yes);
        for automaton in &self.automata {
            let target = |found: PatternID| self.targets.get(automaton.start + found.as_usize()).copied();
            if !self.first_wins {
                let mut found = PatternSet::new(automaton.regex.pattern_len());
                automaton.regex.which_overlapping_matches(&input, &mut found);
                found.iter().filter_map(target).for_each(&mut visit);
            } else if let Some(first) = automaton.regex.search_half(&input).and_then(|found| target(found.pattern())) {
                return visit(first);
            }
        }
    }

    /// Bytes, without the caches of the threads.
    pub(super) fn memory(&self) -> usize {
        let automata = self.automata.iter().map(|one| one.regex.memory_usage() + size_of::<Automaton>()).sum::<usize>();
        automata + self.targets.len() * size_of::<Target>()
    }
}

fn split(texts: &[String], start: usize, kind: MatchKind, automata: &mut Vec<Automaton>) {
    if texts.is_empty() {
        return;
    }
    if let Ok(regex) = pattern::engine(texts, kind) {
        automata.push(Automaton { regex, start });
        return;
    }
    if texts.len() == 1 {
        return;
    }
    let (first, second) = texts.split_at(texts.len() / 2);
    split(first, start, kind, automata);
    split(second, start + first.len(), kind, automata);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visited(patterns: &Patterns, path: &str) -> Vec<u32> {
        let mut seen = Vec::new();
        patterns.visit(path.as_bytes(), |target| seen.push(target.number()));
        seen
    }

    #[test]
    fn the_first_of_several_patterns_answers() {
        let patterns = Patterns::build(&[("/a|/ab", Target::one(0)), ("/a.*", Target::one(1)), (".*", Target::one(2))]);
        assert_eq!(visited(&patterns, "/ab"), [0]);
        assert_eq!(visited(&patterns, "/abc"), [1]);
        assert_eq!(visited(&patterns, "/"), [2]);
    }

    #[test]
    fn all_are_handed_out_when_predicates_decide() {
        let patterns = Patterns::build(&[("/a.*", Target::list(0)), ("/ab", Target::one(1)), ("/c", Target::one(2))]);
        assert_eq!(visited(&patterns, "/ab"), [0, 1]);
        assert_eq!(visited(&patterns, "/b"), [0; 0]);
    }

    #[test]
    fn what_does_not_fit_together_is_split() {
        let texts: Vec<String> = (0..16).map(|n| format!(r"/{n}/\w{{30}}")).collect();
        let patterns: Vec<_> = texts.iter().zip(0..).map(|(text, n)| (text.as_str(), Target::one(n))).collect();
        let patterns = Patterns::build(&patterns);
        assert!(patterns.automata.len() > 1, "or the example is too small");
        for n in 0..16 {
            assert_eq!(visited(&patterns, &format!("/{n}/{}", "x".repeat(30))), [n]);
        }
    }
}

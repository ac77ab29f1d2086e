//! A text that a pattern matches, for requests that show what a rule takes.

use std::collections::{BTreeSet, VecDeque};

use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

use super::{Pattern, nfa};

/// A shortest text that the whole pattern matches, of plain characters where it can be; `None`: none was found, because
/// the pattern matches nothing, or only texts with conditions on word boundaries and the like.
#[must_use]
pub fn sample(pattern: &str) -> Option<String> {
    let found = shortest(&nfa(pattern)?)?;
    let found = String::from_utf8(found).ok()?;
    Pattern::new(pattern).ok()?.is_match(found.as_bytes()).then_some(found)
}

/// Ways through the automaton that were begun.
struct Walk {
    seen: BTreeSet<StateID>,
    /// State, step before, byte.
    steps: Vec<(StateID, usize, Option<u8>)>,
    /// Positions in `steps`.
    queue: VecDeque<usize>,
}

impl Walk {
    fn go(&mut self, before: usize, next: StateID, byte: Option<u8>) {
        if !self.seen.insert(next) {
            return;
        }
        self.steps.push((next, before, byte));
        let at = self.steps.len() - 1;
        // What costs no byte comes first.
        if byte.is_none() { self.queue.push_front(at) } else { self.queue.push_back(at) }
    }

    /// The bytes on the way to a step.
    fn text(&self, mut at: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Some((_, before, byte)) = self.steps.get(at).filter(|_| at > 0) {
            bytes.extend(byte);
            at = *before;
        }
        bytes.reverse();
        bytes
    }
}

/// A way through the automaton: breadth first, conditions taken for fulfilled.
fn shortest(nfa: &NFA) -> Option<Vec<u8>> {
    let start = nfa.start_anchored();
    let mut walk = Walk { seen: BTreeSet::from([start]), steps: vec![(start, 0, None)], queue: VecDeque::from([0]) };
    while let Some(at) = walk.queue.pop_front() {
        let (state, ..) = *walk.steps.get(at)?;
        match nfa.state(state) {
            State::ByteRange { trans } => walk.go(at, trans.next, Some(plain(trans.start, trans.end))),
            State::Sparse(sparse) => {
                let mut ranges: Vec<_> = sparse.transitions.iter().collect();
                ranges.sort_by_key(|one| !plain(one.start, one.end).is_ascii_alphanumeric());
                ranges.into_iter().for_each(|one| walk.go(at, one.next, Some(plain(one.start, one.end))));
            }
            State::Dense(dense) => {
                let alphabet = (b'a'..=b'z').chain(b'!'..=b'~').chain(0..=u8::MAX);
                alphabet.for_each(|byte| {
                    dense.matches_byte(byte).into_iter().for_each(|next| walk.go(at, next, Some(byte)));
                });
            }
            State::Look { next, .. } | State::Capture { next, .. } => walk.go(at, *next, None),
            State::Union { alternates } => alternates.iter().rev().for_each(|next| walk.go(at, *next, None)),
            State::BinaryUnion { alt1, alt2 } => [*alt2, *alt1].into_iter().for_each(|next| walk.go(at, next, None)),
            State::Fail => {}
            State::Match { .. } => return Some(walk.text(at)),
        }
    }
    None
}

/// A byte of the range that reads well.
fn plain(start: u8, end: u8) -> u8 {
    let wanted = [b'a'..=b'z', b'0'..=b'9', b'A'..=b'Z', b'-'..=b'.', b'!'..=b'~'];
    let first = wanted.into_iter().find_map(|range| {
        let (low, high) = (start.max(*range.start()), end.min(*range.end()));
        (low <= high).then_some(low)
    });
    first.unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_match_their_pattern() {
        for (pattern, expected) in [
            ("/v[0-9]+/cart", Some("/v0/cart")),
            ("^/a$", Some("/a")),
            ("/(one|two)/.*", Some("/one/")),
            ("", Some("")),
            ("(?i)ABC", None),
            ("[^/]+", Some("a")),
            ("a{3}", Some("aaa")),
        ] {
            let found = sample(pattern);
            assert!(
                found.as_ref().is_some_and(|text| Pattern::new(pattern).unwrap().is_match(text.as_bytes())),
                "{pattern}"
            );
            assert!(expected.is_none() || found.as_deref() == expected, "{pattern}: {found:?}");
        }
        assert_eq!(sample("a^b"), None);
        assert_eq!(sample("["), None);
    }
}

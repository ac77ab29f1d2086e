//! Questions about the texts that expressions match: is there one that fulfils these and not those?
//!
//! Answered on the product of their automata, breadth first, so that the text found is a shortest one. Every byte class
//! of every automaton is tried: nothing is sampled.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;

use crate::region::MOST_STATES;
use crate::value::pattern;

/// The answer to a question about texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// This text does.
    Text(String),
    /// No text does.
    None,
    /// Not decided within the budget, or not decidable here (word boundaries, lines).
    Unproven,
}

/// An expression for whole texts. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Automaton(NFA);

/// States that an automaton may be in, after everything that costs no byte.
type Set = Vec<StateID>;

impl Automaton {
    /// `None`: it is no expression, or holds conditions that are not looked at here.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let nfa = pattern::nfa(text)?;
        let is_known = |state: &State| match state {
            State::Look { look, .. } => matches!(look, Look::Start | Look::End),
            State::ByteRange { .. }
            | State::Sparse(_)
            | State::Dense(_)
            | State::Union { .. }
            | State::BinaryUnion { .. }
            | State::Capture { .. }
            | State::Fail
            | State::Match { .. } => true,
        };
        nfa.states().iter().all(is_known).then_some(Self(nfa))
    }

    fn start(&self) -> Set {
        self.closure(vec![self.0.start_anchored()], Some(Look::Start))
    }

    /// Follows what costs no byte; `passed` is the condition that holds here. Conditions for the end are kept.
    fn closure(&self, mut open: Vec<StateID>, passed: Option<Look>) -> Set {
        let mut seen: Set = Vec::new();
        while let Some(id) = open.pop() {
            let Err(place) = seen.binary_search(&id) else { continue };
            seen.insert(place, id);
            match self.0.state(id) {
                State::Look { look, next } if Some(*look) == passed => open.push(*next),
                State::Capture { next, .. } => open.push(*next),
                State::Union { alternates } => open.extend(alternates.iter().copied()),
                State::BinaryUnion { alt1, alt2 } => open.extend([*alt1, *alt2]),
                State::Look { .. }
                | State::ByteRange { .. }
                | State::Sparse(_)
                | State::Dense(_)
                | State::Fail
                | State::Match { .. } => {}
            }
        }
        seen.retain(|id| self.counts(*id));
        seen
    }

    /// States that only lead on are not kept: two sets are equal when they go on equally.
    fn counts(&self, id: StateID) -> bool {
        match self.0.state(id) {
            State::Look { look, .. } => *look == Look::End,
            State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) | State::Match { .. } => true,
            State::Capture { .. } | State::Union { .. } | State::BinaryUnion { .. } | State::Fail => false,
        }
    }

    fn step(&self, set: &Set, byte: u8) -> Set {
        let next = set.iter().filter_map(|id| match self.0.state(*id) {
            State::ByteRange { trans } => trans.matches_byte(byte).then_some(trans.next),
            State::Sparse(sparse) => sparse.matches_byte(byte),
            State::Dense(dense) => dense.matches_byte(byte),
            State::Look { .. }
            | State::Capture { .. }
            | State::Union { .. }
            | State::BinaryUnion { .. }
            | State::Fail
            | State::Match { .. } => None,
        });
        self.closure(next.collect(), None)
    }

    /// Does the text end well here?
    fn accepts(&self, set: &Set) -> bool {
        let is_match = |id: &StateID| matches!(self.0.state(*id), State::Match { .. });
        if set.iter().any(is_match) {
            return true;
        }
        let at_end = set.iter().filter(|id| matches!(self.0.state(**id), State::Look { look: Look::End, .. }));
        let at_end: Vec<StateID> = at_end.copied().collect();
        !at_end.is_empty() && self.closure(at_end, Some(Look::End)).iter().any(is_match)
    }
}

/// A text that every automaton of `must` takes and none of `must_not`.
pub(crate) fn search(must: &[&Automaton], must_not: &[&Automaton]) -> Found {
    let mut text = None;
    let complete = explore(must, must_not, &mut |taken, bytes| {
        if taken.iter().any(|taken| *taken) {
            return ControlFlow::Continue(());
        }
        text = String::from_utf8(bytes()).ok();
        if text.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match (text, complete) {
        (Some(text), _) => Found::Text(text),
        (None, true) => Found::None,
        (None, false) => Found::Unproven,
    }
}

/// Told about a text: which of the watched automata take it, and its bytes on demand.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(&[bool], &dyn Fn() -> Vec<u8>) -> ControlFlow<()>;

/// Visits a text for every way in which the texts of `must` can stand to `watch`, shortest first; false: the budget
/// ended before all were seen.
pub(crate) fn explore(must: &[&Automaton], watch: &[&Automaton], visit: Visit<'_>) -> bool {
    let all: Vec<&Automaton> = must.iter().chain(watch).copied().collect();
    let alphabet = alphabet(&all);
    let start: Vec<Set> = all.iter().map(|one| one.start()).collect();
    let mut known: BTreeMap<Vec<Set>, ()> = BTreeMap::from([(start.clone(), ())]);
    // State, step before, byte.
    let mut steps: Vec<(Vec<Set>, usize, u8)> = vec![(start, 0, 0)];
    let mut at = 0;
    while let Some((state, ..)) = steps.get(at) {
        let state = state.clone();
        let (ours, watched) = (all.iter().zip(&state).take(must.len()), all.iter().zip(&state).skip(must.len()));
        if ours.into_iter().all(|(one, set)| one.accepts(set)) {
            let taken: Vec<bool> = watched.map(|(one, set)| one.accepts(set)).collect();
            if visit(&taken, &|| bytes(&steps, at)).is_break() {
                return true;
            }
        }
        for byte in &alphabet {
            let next: Vec<Set> = all.iter().zip(&state).map(|(one, set)| one.step(set, *byte)).collect();
            let is_dead = next.iter().take(must.len()).any(Vec::is_empty);
            if is_dead || known.insert(next.clone(), ()).is_some() {
                continue;
            }
            steps.push((next, at, *byte));
        }
        at += 1;
        if steps.len() > MOST_STATES {
            return false;
        }
    }
    true
}

/// One byte for each way in which the automata tell bytes apart, those that read well first.
fn alphabet(all: &[&Automaton]) -> Vec<u8> {
    let mut classes: BTreeMap<Vec<u8>, u8> = BTreeMap::new();
    let nice = (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z').chain(*b"-_/").chain(b'!'..=b'~').chain(0..=u8::MAX);
    let mut order = Vec::new();
    for byte in nice {
        let class: Vec<u8> = all.iter().map(|one| one.0.byte_classes().get(byte)).collect();
        classes.entry(class).or_insert_with(|| {
            order.push(byte);
            byte
        });
    }
    order
}

fn bytes(steps: &[(Vec<Set>, usize, u8)], mut at: usize) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some((_, before, byte)) = steps.get(at).filter(|_| at > 0) {
        text.push(*byte);
        at = *before;
    }
    text.reverse();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(must: &[&str], must_not: &[&str]) -> Found {
        let build =
            |all: &[&str]| all.iter().map(|one| Automaton::new(one).expect("an expression")).collect::<Vec<_>>();
        let (must, must_not) = (build(must), build(must_not));
        search(&must.iter().collect::<Vec<_>>(), &must_not.iter().collect::<Vec<_>>())
    }

    #[test]
    fn inclusion_and_witnesses() {
        assert_eq!(ask(&["a+"], &[".*"]), Found::None);
        assert_eq!(ask(&["a+"], &["a"]), Found::Text("aa".to_owned()));
        assert_eq!(ask(&["/v[0-9]+"], &["/v[0-4].*", "/v[5-9].*"]), Found::None);
        assert_eq!(ask(&["/v[0-9]+"], &["/v[0-4].*", "/v[6-9].*"]), Found::Text("/v5".to_owned()));
        assert_eq!(ask(&["a", "b"], &[]), Found::None);
        assert_eq!(ask(&["^a$"], &[]), Found::Text("a".to_owned()));
        assert_eq!(ask(&["(?i)a"], &["a"]), Found::Text("A".to_owned()));
    }

    #[test]
    fn what_is_too_much_is_unproven() {
        assert_eq!(ask(&["(a|b)*a(a|b){14}"], &["(a|b)*"]), Found::Unproven);
        assert!(Automaton::new(r"\bword").is_none());
    }
}

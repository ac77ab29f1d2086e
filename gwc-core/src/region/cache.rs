//! Expressions that are compiled once for many questions.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::region::language::Automaton;
use crate::value::pattern::Pattern;

/// Compiled expressions by their text.
#[derive(Debug, Default)]
pub(super) struct Cache {
    patterns: RefCell<BTreeMap<String, Option<Pattern>>>,
    automata: RefCell<BTreeMap<String, Option<Automaton>>>,
}

impl Cache {
    /// As [`crate::matcher::reference::matches_whole`].
    pub(super) fn matches_whole(&self, pattern: &str, text: &[u8]) -> bool {
        let known = self.patterns.borrow().get(pattern).map(|known| is_match(known.as_ref(), text));
        known.unwrap_or_else(|| {
            let compiled = Pattern::new(pattern).ok();
            let result = is_match(compiled.as_ref(), text);
            self.patterns.borrow_mut().insert(pattern.to_owned(), compiled);
            result
        })
    }

    /// As [`Automaton::new`].
    pub(super) fn automaton(&self, pattern: &str) -> Option<Automaton> {
        if let Some(known) = self.automata.borrow().get(pattern) {
            return known.clone();
        }
        let compiled = Automaton::new(pattern);
        self.automata.borrow_mut().insert(pattern.to_owned(), compiled.clone());
        compiled
    }
}

fn is_match(pattern: Option<&Pattern>, text: &[u8]) -> bool {
    pattern.is_some_and(|pattern| pattern.is_match(text))
}

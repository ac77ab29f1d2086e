//! Conditions beside host and path, each distinct set stored once: method, headers, query parameters.
//!
//! The cheapest is asked first inside one predicate; the order between predicates is never touched.

use std::mem::size_of;

use rustc_hash::FxHashMap;

use crate::ir::{Str, ValueMatch};
use crate::matcher::RequestHead;
use crate::value::pattern::Pattern;

/// All predicates of a program; number 0 always holds.
#[derive(Debug, Default)]
pub(super) struct Predicates {
    all: Vec<Predicate>,
    patterns: Vec<Option<Pattern>>,
}

#[derive(Debug)]
struct Predicate {
    method: Option<Str>,
    /// Equal texts first: they are cheaper than expressions.
    conditions: Box<[Condition]>,
}

#[derive(Debug)]
struct Condition {
    selector: Selector,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Equals(Str),
    /// Position in [`Predicates::patterns`].
    Matches(usize),
}

/// What a condition asks the value of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Selector {
    /// A header.
    Header(Str),
    /// A query parameter.
    QueryParam(Str),
}

/// What makes two predicates equal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Conditions<'c> {
    pub(super) method: Option<&'c str>,
    pub(super) headers: &'c [ValueMatch],
    pub(super) query_params: &'c [ValueMatch],
}

/// Gives equal predicates and equal patterns one number.
#[derive(Default)]
pub(super) struct Interner<'c> {
    predicates: Predicates,
    numbers: FxHashMap<Conditions<'c>, u32>,
    patterns: FxHashMap<&'c str, usize>,
}

impl<'c> Interner<'c> {
    /// The number of a predicate; 0: it always holds.
    pub(super) fn number(&mut self, conditions: Conditions<'c>) -> u32 {
        if conditions.method.is_none() && conditions.headers.is_empty() && conditions.query_params.is_empty() {
            return 0;
        }
        if let Some(number) = self.numbers.get(&conditions) {
            return *number;
        }
        let headers = conditions.headers.iter().map(|value| (value, Selector::Header(value.name.clone())));
        let params = conditions.query_params.iter().map(|value| (value, Selector::QueryParam(value.name.clone())));
        let mut all: Vec<Condition> = headers.chain(params).map(|(value, name)| self.condition(value, name)).collect();
        all.sort_by_key(|condition| matches!(condition.test, Test::Matches(_)));
        let method = conditions.method.map(Str::from);
        let predicate = Predicate { method, conditions: all.into_boxed_slice() };
        self.predicates.all.push(predicate);
        let number = u32::try_from(self.predicates.all.len()).unwrap_or(u32::MAX);
        self.numbers.insert(conditions, number);
        number
    }

    fn condition(&mut self, value: &'c ValueMatch, selector: Selector) -> Condition {
        let exact = || Test::Equals(value.value.clone());
        let test = if value.regex { Test::Matches(self.pattern(&value.value)) } else { exact() };
        Condition { selector, test }
    }

    fn pattern(&mut self, text: &'c str) -> usize {
        let all = &mut self.predicates.patterns;
        *self.patterns.entry(text).or_insert_with(|| {
            all.push(Pattern::new(text).ok());
            all.len() - 1
        })
    }

    /// The values that a predicate asks for.
    pub(super) fn asked(&self, number: u32) -> Vec<(&Selector, &[u8])> {
        let predicate = number.checked_sub(1).and_then(|position| self.predicates.all.get(position as usize));
        predicate.into_iter().flat_map(|one| &one.conditions).filter_map(Condition::asked).collect()
    }

    pub(super) fn finish(mut self) -> Predicates {
        self.predicates.all.shrink_to_fit();
        self.predicates.patterns.shrink_to_fit();
        self.predicates
    }
}

impl Predicates {
    /// Does a predicate hold for a request?
    pub(super) fn holds(&self, number: u32, request: &RequestHead<'_>) -> bool {
        let Some(position) = number.checked_sub(1) else { return true };
        self.all.get(position as usize).is_some_and(|predicate| {
            predicate.method.as_ref().is_none_or(|method| *method == request.method)
                && predicate.conditions.iter().all(|condition| self.condition_holds(condition, request))
        })
    }

    fn condition_holds(&self, condition: &Condition, request: &RequestHead<'_>) -> bool {
        let pattern = |position: &usize| self.patterns.get(*position).and_then(Option::as_ref);
        match (&condition.selector, &condition.test) {
            (Selector::Header(name), Test::Equals(value)) => header_equals(name, value.as_bytes(), request),
            (Selector::Header(name), Test::Matches(position)) => {
                pattern(position).is_some_and(|pattern| header_matches(name, pattern, request))
            }
            (Selector::QueryParam(name), Test::Equals(value)) => {
                first_param(name, request).is_some_and(|first| first.eq(value.bytes()))
            }
            (Selector::QueryParam(name), Test::Matches(position)) => {
                let first = || first_param(name, request).map(Iterator::collect::<Vec<u8>>);
                pattern(position).is_some_and(|pattern| first().is_some_and(|value| pattern.is_match(&value)))
            }
        }
    }

    /// Bytes beside texts; compiled patterns count, their caches do not.
    pub(super) fn memory(&self) -> usize {
        let conditions = |one: &Predicate| one.conditions.len() * size_of::<Condition>();
        let predicates = self.all.iter().map(|one| size_of::<Predicate>() + conditions(one)).sum::<usize>();
        predicates
            + self.patterns.iter().flatten().map(|pattern| pattern.memory() + size_of::<Pattern>()).sum::<usize>()
    }
}

impl Condition {
    /// What it asks for, unless an expression decides.
    fn asked(&self) -> Option<(&Selector, &[u8])> {
        match &self.test {
            Test::Equals(value) => Some((&self.selector, value.as_bytes())),
            Test::Matches(_) => None,
        }
    }
}

/// Any single line, or all lines joined by a comma (routing.md §3.3).
fn header_equals(name: &str, value: &[u8], request: &RequestHead<'_>) -> bool {
    let (mut single, mut n_lines) = (false, 0usize);
    // What the lines so far, joined, leave over of the value; `None`: they differ from it.
    let mut left = Some(value);
    request.headers.lines(name, &mut |line| {
        single |= line == value;
        let rest = if n_lines == 0 { left } else { left.and_then(|left| left.strip_prefix(b",")) };
        left = rest.and_then(|rest| rest.strip_prefix(line));
        n_lines += 1;
    });
    single || (n_lines > 1 && left == Some(&[]))
}

fn header_matches(name: &str, pattern: &Pattern, request: &RequestHead<'_>) -> bool {
    let (mut single, mut n_lines) = (false, 0usize);
    request.headers.lines(name, &mut |line| {
        single = single || pattern.is_match(line);
        n_lines += 1;
    });
    single || (n_lines > 1 && pattern.is_match(&joined(name, request)))
}

/// All lines of a header, joined by a comma.
pub(super) fn joined(name: &str, request: &RequestHead<'_>) -> Vec<u8> {
    let (mut joined, mut first) = (Vec::new(), true);
    request.headers.lines(name, &mut |line| {
        if !std::mem::take(&mut first) {
            joined.push(b',');
        }
        joined.extend_from_slice(line);
    });
    joined
}

/// The first parameter of the name, form-decoded (routing.md §3.4).
pub(super) fn first_param<'r>(name: &str, request: &RequestHead<'r>) -> Option<FormDecoded<'r>> {
    let pairs = request.query.unwrap_or_default().split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut own = pairs.into_iter().filter(|(own, _)| FormDecoded::of(own).eq(name.bytes()));
    own.next().map(|(_, value)| FormDecoded::of(value))
}

/// Bytes of a form-encoded text: `+` is a space, `%HH` a byte; anything else stands for itself.
pub(super) struct FormDecoded<'t>(&'t [u8]);

impl<'t> FormDecoded<'t> {
    fn of(text: &'t str) -> Self {
        Self(text.as_bytes())
    }
}

impl Iterator for FormDecoded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if let (b'%', Some((digits, after))) = (first, rest.split_first_chunk::<2>())
            && let [Some(high), Some(low)] = digits.map(|digit| char::from(digit).to_digit(16))
        {
            self.0 = after;
            return u8::try_from(high * 16 + low).ok();
        }
        self.0 = rest;
        Some(if *first == b'+' { b' ' } else { *first })
    }
}

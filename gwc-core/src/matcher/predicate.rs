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
    headers: Box<[Condition]>,
    query_params: Box<[Condition]>,
}

#[derive(Debug)]
struct Condition {
    name: Str,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Equals(Str),
    /// Position in [`Predicates::patterns`].
    Matches(usize),
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
        let predicate = Predicate {
            method: conditions.method.map(Str::from),
            headers: self.conditions(conditions.headers),
            query_params: self.conditions(conditions.query_params),
        };
        self.predicates.all.push(predicate);
        let number = u32::try_from(self.predicates.all.len()).unwrap_or(u32::MAX);
        self.numbers.insert(conditions, number);
        number
    }

    fn conditions(&mut self, values: &'c [ValueMatch]) -> Box<[Condition]> {
        let mut conditions: Vec<Condition> = values.iter().map(|value| self.condition(value)).collect();
        // Equal texts are cheaper than expressions.
        conditions.sort_by_key(|condition| matches!(condition.test, Test::Matches(_)));
        conditions.into_boxed_slice()
    }

    fn condition(&mut self, value: &'c ValueMatch) -> Condition {
        let test =
            if value.regex { Test::Matches(self.pattern(&value.value)) } else { Test::Equals(value.value.clone()) };
        Condition { name: value.name.clone(), test }
    }

    fn pattern(&mut self, text: &'c str) -> usize {
        let all = &mut self.predicates.patterns;
        *self.patterns.entry(text).or_insert_with(|| {
            all.push(Pattern::new(text).ok());
            all.len() - 1
        })
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
                && predicate.headers.iter().all(|header| self.header(header, request))
                && predicate.query_params.iter().all(|param| self.query_param(param, request))
        })
    }

    /// Any single line, or all lines joined by a comma (routing.md §3.3).
    fn header(&self, condition: &Condition, request: &RequestHead<'_>) -> bool {
        match &condition.test {
            Test::Equals(value) => equals(&condition.name, value.as_bytes(), request),
            Test::Matches(position) => {
                let Some(Some(pattern)) = self.patterns.get(*position) else { return false };
                matches(&condition.name, pattern, request)
            }
        }
    }

    /// The first parameter of the name, form-decoded (routing.md §3.4).
    fn query_param(&self, condition: &Condition, request: &RequestHead<'_>) -> bool {
        let pairs = request.query.unwrap_or_default().split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let name = condition.name.as_bytes();
        let Some((_, value)) = pairs.into_iter().find(|(own, _)| FormDecoded::of(own).eq(name.iter().copied())) else {
            return false;
        };
        match &condition.test {
            Test::Equals(expected) => FormDecoded::of(value).eq(expected.bytes()),
            Test::Matches(position) => {
                let Some(Some(pattern)) = self.patterns.get(*position) else { return false };
                if value.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
                    pattern.is_match(&FormDecoded::of(value).collect::<Vec<u8>>())
                } else {
                    pattern.is_match(value.as_bytes())
                }
            }
        }
    }

    /// Bytes beside texts; compiled patterns count, their caches do not.
    pub(super) fn memory(&self) -> usize {
        let conditions = |one: &Predicate| (one.headers.len() + one.query_params.len()) * size_of::<Condition>();
        let predicates = self.all.iter().map(|one| size_of::<Predicate>() + conditions(one)).sum::<usize>();
        predicates
            + self.patterns.iter().flatten().map(|pattern| pattern.memory() + size_of::<Pattern>()).sum::<usize>()
    }
}

fn equals(name: &str, value: &[u8], request: &RequestHead<'_>) -> bool {
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

fn matches(name: &str, pattern: &Pattern, request: &RequestHead<'_>) -> bool {
    let (mut single, mut n_lines) = (false, 0usize);
    request.headers.lines(name, &mut |line| {
        single = single || pattern.is_match(line);
        n_lines += 1;
    });
    if single || n_lines < 2 {
        return single;
    }
    let mut joined: Vec<u8> = Vec::new();
    request.headers.lines(name, &mut |line| {
        if n_lines == 0 {
            joined.push(b',');
        }
        n_lines = 0;
        joined.extend_from_slice(line);
    });
    pattern.is_match(&joined)
}

/// Bytes of a form-encoded text: `+` is a space, `%HH` a byte; anything else stands for itself.
struct FormDecoded<'t>(&'t [u8]);

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

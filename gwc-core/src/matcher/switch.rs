//! Long lists of candidates that differ in the value of one header or parameter: one look-up instead of a walk.

use std::collections::BTreeMap;
use std::mem::size_of;

use rustc_hash::FxHashMap;

use crate::matcher::RequestHead;
use crate::matcher::predicate::{Selector, first_param, joined};

/// Shorter lists are walked.
pub(super) const SHORTEST: usize = 12;

/// A list, split by the value that its candidates ask for.
#[derive(Debug)]
pub(super) struct Switch {
    selector: Selector,
    /// Value to the start of the list of those that ask for it.
    values: FxHashMap<Box<[u8]>, u32>,
    /// Start of the list of those that ask for no value.
    others: Option<u32>,
}

/// Candidates by value, and those without one; positions in the list.
pub(super) struct Split<'p> {
    selector: &'p Selector,
    values: BTreeMap<&'p [u8], Vec<usize>>,
    others: Vec<usize>,
}

impl<'p> Split<'p> {
    /// Finds what most candidates ask the value of; `None` when it would not shorten the list much.
    pub(super) fn new(asked: &[Vec<(&'p Selector, &'p [u8])>]) -> Option<Self> {
        let mut counts: BTreeMap<&Selector, usize> = BTreeMap::new();
        for (selector, _) in asked.iter().flatten() {
            *counts.entry(selector).or_default() += 1;
        }
        let (selector, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        let mut split = Self { selector, values: BTreeMap::new(), others: Vec::new() };
        for (position, one) in asked.iter().enumerate() {
            match one.iter().find(|(own, _)| *own == selector) {
                Some((_, value)) => split.values.entry(value).or_default().push(position),
                None => split.others.push(position),
            }
        }
        (count * 2 >= asked.len() && split.values.len() > 3).then_some(split)
    }

    /// Makes it a switch; `list` stores candidates and tells where their list starts.
    pub(super) fn finish(self, mut list: impl FnMut(&[usize]) -> u32) -> Switch {
        let values = self.values.into_iter().map(|(value, some)| (Box::from(value), list(&some))).collect();
        let others = (!self.others.is_empty()).then(|| list(&self.others));
        Switch { selector: self.selector.clone(), values, others }
    }
}

impl Switch {
    /// Hands out the lists that may hold the answer.
    pub(super) fn visit(&self, request: &RequestHead<'_>, mut visit: impl FnMut(u32)) {
        let mut value = |value: &[u8]| {
            if let Some(start) = self.values.get(value) {
                visit(*start);
            }
        };
        match &self.selector {
            Selector::Header(name) => {
                let mut n_lines = 0usize;
                request.headers.lines(name, &mut |line| {
                    n_lines += 1;
                    value(line);
                });
                if n_lines > 1 {
                    value(&joined(name, request));
                }
            }
            Selector::QueryParam(name) => {
                if let Some(first) = first_param(name, request) {
                    value(&first.collect::<Vec<u8>>());
                }
            }
        }
        if let Some(others) = self.others {
            visit(others);
        }
    }

    /// Bytes beside the values.
    pub(super) fn memory(&self) -> usize {
        size_of::<Self>() + self.values.capacity() * size_of::<(Box<[u8]>, u32)>()
    }
}

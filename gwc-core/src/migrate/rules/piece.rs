//! A piece of a host: a match on the path, what is done with the path, and the treatment of the requests that it takes.

use std::rc::Rc;

use crate::diagnostic::Code;
use crate::migrate::item::ItemId;
use crate::migrate::render::model::{Filter, Match, PathChange, PathKind, Rule};
use crate::migrate::rules::treatment::{Answer, Treatment};
use crate::migrate::site::Location;

/// A match on the path, and the change of the path that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: PathKind,
    /// As the API wants it: percent-encoded, without a final slash.
    pub(super) value: String,
    pub(super) change: Option<PathChange>,
    /// Findings about the match, for comments.
    pub(super) codes: Vec<Code>,
}

impl Piece {
    pub(super) fn new(kind: PathKind, value: impl Into<String>) -> Self {
        Self { kind, value: value.into(), change: None, codes: Vec::new() }
    }

    pub(super) fn with(mut self, change: Option<PathChange>) -> Self {
        self.change = change;
        self
    }

    /// The match with further conditions.
    pub(super) fn matching(&self) -> Match {
        Match { path: (self.kind, self.value.clone()), headers: Vec::new(), method: None }
    }
}

/// Who a piece is from, and what becomes of it.
#[derive(Debug, Clone)]
pub(super) struct Draft<'p> {
    pub(super) location: &'p Location,
    pub(super) piece: Piece,
    pub(super) treatment: Rc<Treatment>,
    /// The order among the rules of the host counts.
    pub(super) rank: Option<usize>,
    /// It is a match of calls.
    pub(super) is_grpc: bool,
}

impl<'p> Draft<'p> {
    pub(super) fn new(location: &'p Location, piece: Piece, treatment: &Rc<Treatment>) -> Self {
        Self { location, piece, treatment: Rc::clone(treatment), rank: None, is_grpc: false }
    }

    /// Do two pieces do the same with a request?
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.piece.change == other.piece.change
            && self.location.owner == other.location.owner
            && self.treatment == other.treatment
    }

    /// The item for which the rule is closed.
    pub(super) fn closed(&self) -> Option<ItemId> {
        match &self.treatment.answer {
            Answer::Closed(item) => Some(*item),
            Answer::Nothing | Answer::Redirect(_) | Answer::Forward(_) => None,
        }
    }

    /// The rules, in the order in which they must stand.
    pub(super) fn rules(&self) -> Vec<Rule> {
        let base = Rule { matches: vec![self.piece.matching()], ..Rule::default() };
        match &self.treatment.answer {
            Answer::Nothing => Vec::new(),
            Answer::Closed(_) => vec![base],
            Answer::Redirect(filters) => vec![Rule { filters: filters.clone(), ..base }],
            Answer::Forward(forward) => {
                let filters = forward.filters(self.piece.change.as_ref());
                let rule = |variant: &crate::migrate::rules::canary::Variant| {
                    let mut matching = self.piece.matching();
                    matching.headers.clone_from(&variant.headers);
                    Rule {
                        matches: vec![matching],
                        filters: filters.clone(),
                        backends: variant.backends.clone(),
                        timeouts: (None, forward.timeout.clone()),
                        session: forward.session.clone(),
                        ..Rule::default()
                    }
                };
                forward.variants.iter().map(rule).collect()
            }
        }
    }

    /// A rule that redirects the requests of the piece.
    pub(super) fn redirecting(&self, filter: &Filter) -> Rule {
        Rule { matches: vec![self.piece.matching()], filters: vec![filter.clone()], ..Rule::default() }
    }
}

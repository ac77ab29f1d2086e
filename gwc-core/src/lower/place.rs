//! Places of the IR: only the files that something served stands in are named.

use crate::ir::{Place, Str};
use crate::source::{SourceId, SourceMap, Span};

/// A place whose file is still the one of the [`SourceMap`]: the files of the IR are only known at the end.
pub(super) fn place(span: Span) -> Place {
    let source = u32::try_from(span.source.index()).unwrap_or(u32::MAX);
    Place { source, start: span.start, end: span.end }
}

/// Files that something served stands in.
pub(super) struct Files(Vec<bool>);

impl Files {
    /// None yet.
    pub(super) fn new(sources: &SourceMap) -> Self {
        Self(vec![false; sources.len()])
    }

    /// Something served stands in it.
    pub(super) fn mark(&mut self, id: SourceId) {
        if let Some(flag) = self.0.get_mut(id.index()) {
            *flag = true;
        }
    }

    /// Names of the files in order, and the way to them.
    pub(super) fn finish(self, sources: &SourceMap) -> (Vec<Str>, Positions) {
        let mut order: Vec<_> = sources.iter().filter(|(id, _)| self.0.get(id.index()) == Some(&true)).collect();
        order.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
        let mut positions = vec![0; sources.len()];
        for (position, (id, _)) in (0u32..).zip(&order) {
            if let Some(slot) = positions.get_mut(id.index()) {
                *slot = position;
            }
        }
        (order.into_iter().map(|(_, source)| Str::from(source.name.as_str())).collect(), Positions(positions))
    }
}

/// Positions of the files in the IR.
pub(super) struct Positions(Vec<u32>);

impl Positions {
    /// Sets the file of a place that [`place`] made.
    pub(super) fn settle(&self, place: &mut Place) {
        place.source = self.0.get(place.source as usize).copied().unwrap_or_default();
    }
}

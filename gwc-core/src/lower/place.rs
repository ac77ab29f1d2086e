//! Places of the IR: only the files that something served stands in are named.

use crate::ir::{Place, Str};
use crate::lower::Cx;
use crate::lower::listener::Bound;
use crate::lower::route::Routes;
use crate::source::{SourceId, SourceMap, Span};

/// Numbers of the files.
pub(super) struct Places {
    /// Position in `names` by source.
    positions: Vec<u32>,
    names: Vec<Str>,
}

impl Places {
    /// Files of the listeners that are bound and of the routes on them, by name.
    pub(super) fn new(cx: Cx<'_>, sources: &SourceMap, bound: &Bound<'_>, routes: &Routes<'_>) -> Self {
        let mut used = vec![false; sources.len()];
        let mut take = |id: SourceId| {
            if let Some(flag) = used.get_mut(id.index()) {
                *flag = true;
            }
        };
        bound.iter().for_each(|binding| take(cx.graph.listener_owner(binding.id).source()));
        routes.iter().for_each(|route| take(route.spec.meta.source()));
        let mut order: Vec<_> = sources.iter().filter(|(id, _)| used.get(id.index()) == Some(&true)).collect();
        order.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
        let mut positions = vec![0; sources.len()];
        for (position, (id, _)) in (0u32..).zip(&order) {
            if let Some(slot) = positions.get_mut(id.index()) {
                *slot = position;
            }
        }
        Self { positions, names: order.into_iter().map(|(_, source)| Str::from(source.name.as_str())).collect() }
    }

    /// A place of the IR.
    pub(super) fn place(&self, span: Span) -> Place {
        let source = self.positions.get(span.source.index()).copied().unwrap_or_default();
        Place { source, start: span.start, end: span.end }
    }

    /// Names of the files.
    pub(super) fn into_names(self) -> Vec<Str> {
        self.names
    }
}

//! `gwc route`: from a command line to requests, from predictions to an account of what decided.
//!
//! Decides nothing about routing: `gwc_core::predict` says what happens, `gwc_core::matcher::reference` which condition
//! failed, `gwc_core::ir::precedence` which entry is asked first. The command is in `commands/route.rs`, the formats
//! are in `output/route_*.rs`.

use std::collections::BTreeMap;

use gwc_core::ir::{self, Config};
use gwc_core::source::{SourceId, Span};

use crate::findings::Run;
use crate::route::model::At;
use crate::texts::Texts;

pub(crate) mod answer;
pub(crate) mod batch;
pub(crate) mod candidates;
pub(crate) mod curl;
pub(crate) mod listeners;
pub(crate) mod model;
pub(crate) mod outcome;
pub(crate) mod request;
pub(crate) mod scope;
pub(crate) mod url;
pub(crate) mod why_not;
pub(crate) mod words;

/// A compiled world with the way from its IR back to the texts.
pub(crate) struct World<'w> {
    /// The world.
    pub(crate) run: &'w Run,
    /// Its name, where there are several.
    pub(crate) name: Option<&'w str>,
    /// Its texts.
    pub(crate) texts: Texts<'w>,
    /// By position in [`Config::sources`].
    sources: Vec<Option<SourceId>>,
}

impl<'w> World<'w> {
    /// Of a compiled world.
    pub(crate) fn new(run: &'w Run, name: Option<&'w str>) -> Self {
        let texts = Texts::new(&run.sources, &run.compilation.documents);
        let ids: BTreeMap<&str, SourceId> = run.sources.iter().map(|(id, source)| (source.name.as_str(), id)).collect();
        let named = &run.compilation.lowered.config.sources;
        let sources = named.iter().map(|name| ids.get(name.as_str()).copied()).collect();
        Self { run, name, texts, sources }
    }

    /// What it serves.
    pub(crate) fn config(&self) -> &'w Config {
        &self.run.compilation.lowered.config
    }

    /// The span of a place of the IR.
    pub(crate) fn span(&self, place: ir::Place) -> Option<Span> {
        let source = self.sources.get(place.source as usize).copied().flatten()?;
        Some(Span::new(source, place.start, place.end))
    }

    /// File, line and column of a place of the IR.
    pub(crate) fn at(&self, place: ir::Place) -> Option<At> {
        self.span(place).map(|span| self.at_span(span))
    }

    /// File, line and column of a span.
    pub(crate) fn at_span(&self, span: Span) -> At {
        let start = self.texts.place(span).start;
        At { file: self.texts.name(span.source).to_owned(), line: start.line, column: start.column }
    }
}

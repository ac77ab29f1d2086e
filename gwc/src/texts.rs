//! What outputs may show of the texts of one run: names, lines and columns, excerpts without secrets.
//!
//! Lines are indexed and secrets masked once per text, and only for texts that something points into.

use std::cell::OnceCell;
use std::ops::Range;

use gwc_core::source::{LineColumn, LineIndex, SourceId, SourceMap, Span};
use gwc_core::yaml::{Document, Node};

use crate::mask;

/// The texts of a run, for display.
pub(crate) struct Texts<'r> {
    sources: &'r SourceMap,
    documents: &'r [Document],
    /// Positions of each source's documents.
    of_source: Vec<Range<usize>>,
    lines: Vec<OnceCell<LineIndex>>,
    shown: Vec<OnceCell<String>>,
}

/// Start and end of a span for people and tools.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// First character.
    pub(crate) start: LineColumn,
    /// One past the last character.
    pub(crate) end: LineColumn,
}

impl<'r> Texts<'r> {
    /// Of these sources and their documents.
    pub(crate) fn new(sources: &'r SourceMap, documents: &'r [Document]) -> Self {
        let mut of_source = vec![0..0; sources.len()];
        for (position, document) in documents.iter().enumerate() {
            let Some(range) = of_source.get_mut(document.source.index()) else { continue };
            let first = if range.start == range.end { position } else { range.start };
            *range = first..position + 1;
        }
        let lines = (0..sources.len()).map(|_| OnceCell::new()).collect();
        let shown = (0..sources.len()).map(|_| OnceCell::new()).collect();
        Self { sources, documents, of_source, lines, shown }
    }

    /// Display name of a source.
    pub(crate) fn name(&self, id: SourceId) -> &'r str {
        &self.sources.source(id).name
    }

    /// The text as read; never for output.
    pub(crate) fn raw(&self, id: SourceId) -> &'r str {
        &self.sources.source(id).text
    }

    /// Line index of a source.
    pub(crate) fn lines(&self, id: SourceId) -> &LineIndex {
        self.lines[id.index()].get_or_init(|| LineIndex::new(self.raw(id)))
    }

    /// Lines and columns of a span.
    pub(crate) fn place(&self, span: Span) -> Place {
        let (lines, text) = (self.lines(span.source), self.raw(span.source));
        let start = lines.line_column(text, span.start);
        let end = if span.end == span.start { start } else { lines.line_column(text, span.end) };
        Place { start, end }
    }

    /// `file:line:column` of the start of a span.
    pub(crate) fn short(&self, span: Span) -> String {
        let start = self.lines(span.source).line_column(self.raw(span.source), span.start);
        format!("{}:{}:{}", printable(self.name(span.source)), start.line, start.column)
    }

    /// The text with secrets and control characters masked; same length, same lines.
    pub(crate) fn shown(&self, id: SourceId) -> &str {
        self.shown[id.index()].get_or_init(|| {
            let text = self.raw(id);
            let mut ranges = mask::secret_ranges(text, self.documents_of(id).iter());
            ranges.extend(control_ranges(text));
            mask::masked(text, &ranges)
        })
    }

    /// Documents of a source.
    pub(crate) fn documents_of(&self, id: SourceId) -> &'r [Document] {
        let range = self.of_source.get(id.index()).cloned().unwrap_or_default();
        self.documents.get(range).unwrap_or_default()
    }

    /// The document that holds an offset; the last one for the end of the text.
    pub(crate) fn document_at(&self, id: SourceId, offset: u32) -> Option<&'r Document> {
        let documents = self.documents_of(id);
        let position = documents.partition_point(|document| document.start <= offset);
        documents.get(position.checked_sub(1)?).filter(|document| offset <= document.end)
    }
}

/// Text for a terminal: control characters are shown as `?`, key material is masked.
pub(crate) fn printable(text: &str) -> String {
    let masked = mask::words(text);
    if masked.chars().any(|c| c.is_control() && c != '\n') {
        masked.chars().map(|c| if c.is_control() && c != '\n' { '?' } else { c }).collect()
    } else {
        masked.into_owned()
    }
}

/// The node of exactly this span below `root`.
pub(crate) fn node_of_span(root: &Node, span: Span) -> Option<&Node> {
    let mut node = root;
    loop {
        if node.start == span.start && node.end == span.end {
            return Some(node);
        }
        let holds = |child: &&Node| child.start <= span.start && span.end <= child.end;
        let next = node.entries().iter().map(|entry| &entry.value).find(holds);
        node = next.or_else(|| node.items().iter().find(holds))?;
    }
}

/// Control characters that a terminal could act on.
fn control_ranges(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let is_plain = |at: usize, c: char| match c {
        '\n' | '\t' => true,
        '\r' => bytes.get(at + 1) == Some(&b'\n'),
        _ => !c.is_control(),
    };
    if !bytes.iter().any(|byte| byte.is_ascii_control() && !matches!(byte, b'\n' | b'\t')) && !text.contains('\u{9b}') {
        return Vec::new();
    }
    text.char_indices().filter(|(at, c)| !is_plain(*at, *c)).map(|(at, c)| at..at + c.len_utf8()).collect()
}

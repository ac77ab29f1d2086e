//! Texts and places in them: [`SourceMap`], [`SourceId`], [`Span`].
//!
//! A [`Span`] is the only location currency of the crate; paths stay outside (style.md §6).
//! Nothing here reads a file: the edges hand texts in.

/// Index of one text in a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

impl SourceId {
    /// Position in [`SourceMap::iter`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes in one source; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte, 0-based.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end` in `source`.
    #[must_use]
    pub fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end }
    }
}

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it is written; for a value that a default supplied, the place of the enclosing mapping.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Pairs a value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// Where a text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file on disk.
    File,
    /// Standard input.
    Stdin,
    /// An object listed from a Kubernetes API.
    Cluster,
    /// Made by the program (assumptions, tests).
    Memory,
}

/// Whether objects of a text are reported on (cli-and-rules.md §3, `-C`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Findings and statuses are reported.
    Checked,
    /// Read only to resolve references.
    Context,
}

/// One text.
#[derive(Debug, Clone)]
pub struct Source {
    /// Display name: a path relative to the project root with `/`, or `<stdin>`.
    pub name: String,
    /// Where the text came from.
    pub origin: Origin,
    /// Whether its objects are reported on.
    pub role: Role,
    /// True when the user named this file (or piped it) instead of a folder that holds it.
    pub named: bool,
    /// The text; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// Offset of the first byte that was not UTF-8.
    pub utf8_error: Option<u32>,
}

/// All texts of one run, in a stable order.
#[derive(Debug, Default, Clone)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text of at most 4 GiB and returns its id.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(source);
        id
    }

    /// The source with this id.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.index()]
    }

    /// All sources with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0u32..).map(SourceId).zip(&self.sources)
    }

    /// Number of sources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// True without any source.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The text that a span covers.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let text = &self.source(span.source).text;
        text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

impl Source {
    /// A source from bytes; invalid UTF-8 is replaced and its place remembered.
    #[must_use]
    pub fn from_bytes(name: impl Into<String>, origin: Origin, role: Role, named: bool, bytes: Vec<u8>) -> Self {
        let (text, utf8_error) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                (text, Some(u32::try_from(at).unwrap_or(u32::MAX)))
            }
        };
        Self { name: name.into(), origin, role, named, text, utf8_error }
    }
}

/// Byte offsets of line starts, for turning offsets into lines and columns.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

/// A place for people: both 1-based; the column counts Unicode scalar values (cli-and-rules.md §6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, 1-based.
    pub line: u32,
    /// Column in Unicode scalar values, 1-based.
    pub column: u32,
}

impl LineIndex {
    /// Indexes a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = ends.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
        Self { starts: std::iter::once(0).chain(starts).collect() }
    }

    /// Line and column of a byte offset.
    #[must_use]
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.starts.partition_point(|start| *start <= offset).max(1) - 1;
        let start = self.starts[line] as usize;
        let end = (offset as usize).min(text.len());
        let column = text.get(start..end).map_or(end.saturating_sub(start), |prefix| prefix.chars().count());
        LineColumn {
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }

    /// Byte range of a 0-based line, without its line break.
    #[must_use]
    pub fn line_range(&self, text: &str, line: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(line).map_or(text.len(), |start| *start as usize);
        let end = self.starts.get(line + 1).map_or(text.len(), |next| *next as usize);
        let trimmed = text.get(start..end).map_or(0, |line| line.trim_end_matches(['\n', '\r']).len());
        start..start + trimmed
    }

    /// Number of lines.
    #[must_use]
    pub fn n_lines(&self) -> usize {
        self.starts.len()
    }
}

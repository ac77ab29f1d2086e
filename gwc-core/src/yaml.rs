//! The located tree: what a YAML or JSON document says, each node with its place.
//!
//! [`Document`] is one document of a source after kubectl's reading rules (dependencies.md §3): anchors and merge
//! keys are expanded, plain scalars are resolved as YAML 1.1, keys are strings.
//! Knows nothing of Kubernetes. Parsing is in [`parse`], which never fails: it gives documents and problems.

use compact_str::CompactString;

use crate::source::{SourceId, Span};

pub mod de;
pub mod parse;
pub mod path;
mod scalar;
mod split;

/// A value and its place (bytes of the document's source).
///
/// Nodes that a default or a merge inserted carry the place of the mapping (or alias) that brought them in.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// What a node says, in JSON's terms, as kubectl would send it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number; floats without a fraction arrive here too, as kubectl sends them.
    Int(i64),
    /// A number with a fraction, or beyond 64 bits.
    Float(f64),
    /// Text.
    String(CompactString),
    /// A list; boxed slices keep a value at 24 bytes, and there are a hundred values to a manifest.
    Sequence(Box<[Node]>),
    /// A mapping in source order, without repeated keys.
    Mapping(Box<[Entry]>),
}

/// One `key: value` of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A mapping key and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Text of the key as kubectl sends it.
    pub text: CompactString,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Node {
    /// A node at `start..end`.
    #[must_use]
    pub fn new(value: Value, start: u32, end: u32) -> Self {
        Self { value, start, end }
    }

    /// Its place in `source`.
    #[must_use]
    pub fn span(&self, source: SourceId) -> Span {
        Span::new(source, self.start, self.end)
    }

    /// The value under `key` of a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry under `key` of a mapping.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key.text == key)
    }

    /// As [`Node::get`], but a `null` counts as absent.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Self> {
        self.get(key).filter(|node| !node.is_null())
    }

    /// Follows keys downwards.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.field(key))
    }

    /// Entries of a mapping; empty for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        if let Value::Mapping(entries) = &self.value { entries } else { &[] }
    }

    /// Items of a sequence; empty for anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        if let Value::Sequence(items) = &self.value { items } else { &[] }
    }

    /// Takes the entry under `key` out of a mapping, and puts `entry` at its end.
    pub fn replace(&mut self, key: &str, entry: Option<Entry>) {
        if let Value::Mapping(entries) = &mut self.value {
            let rest = std::mem::take(entries).into_iter().filter(|entry| entry.key.text != key);
            *entries = rest.chain(entry).collect();
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// The value of a whole number.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        if let Value::Int(value) = &self.value { Some(*value) } else { None }
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = &self.value { Some(*value) } else { None }
    }

    /// True for `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// JSON's word for the type, as the API server says it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Int(_) => "integer",
            Value::Float(_) => "number",
            Value::String(_) => "string",
            Value::Sequence(_) => "array",
            Value::Mapping(_) => "object",
        }
    }
}

impl Key {
    /// Its place in `source`.
    #[must_use]
    pub fn span(&self, source: SourceId) -> Span {
        Span::new(source, self.start, self.end)
    }
}

/// A comment, for suppressions (cli-and-rules.md §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// Offset of the `#`.
    pub start: u32,
    /// End of the line.
    pub end: u32,
}

/// Something in a text that kubectl reads differently from what the author may think, or refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What sort of problem.
    pub kind: ProblemKind,
    /// Main place.
    pub span: Span,
    /// What is wrong, in the words of a message.
    pub message: String,
    /// A second place: the opener, the first of two keys.
    pub related: Option<(Span, String)>,
    /// How to cure it.
    pub help: Option<String>,
    /// Replacement text for `span`, where one is certain.
    pub replacement: Option<String>,
}

/// Sorts of [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// Does not parse as kubectl reads it (GWC0001); the document has no root.
    Syntax,
    /// The same key twice (GWC0002).
    DuplicateKey,
    /// A plain scalar or key whose meaning surprises (GWC0003); only a problem where the server accepts the value.
    AmbiguousScalar,
    /// Unrendered template markers (GWC0005).
    Template,
}

/// One document of a source.
#[derive(Debug, Clone)]
pub struct Document {
    /// The source.
    pub source: SourceId,
    /// Position among all documents of the source, empty ones included, 0-based.
    pub index: u32,
    /// First byte of the document's text in the source.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// The value; `None` when the document is empty or does not parse.
    pub root: Option<Node>,
    /// Comments in source order.
    pub comments: Vec<Comment>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

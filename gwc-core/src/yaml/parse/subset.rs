//! The fast reader: the part of YAML that manifests are written in, straight to the tree.
//!
//! Reads block mappings and sequences, one-line plain and quoted scalars without escapes, one-line flow collections,
//! literal block scalars and comments. Anything else, anything doubtful and everything that deserves a message makes it
//! give up (`None`), and the event reader starts over: it never guesses (dependencies.md §2.4). A test holds both to the
//! same trees, places included.

use compact_str::CompactString;

use super::events::Read;
use super::problem::offset;
use crate::yaml::scalar::{self, Scalar};
use crate::yaml::{Comment, Entry, Key, Node, Value};

mod block;
mod flow;

#[cfg(test)]
mod tests;

/// Deepest nesting read here.
const MAX_DEPTH: usize = 64;

/// Longest key read here.
const MAX_KEY: usize = 1000;

/// More keys than this in one mapping are left to the reader with an index.
const MAX_ENTRIES: usize = 64;

/// Reads `text[start..end]` as one document, or gives up.
pub(super) fn read(text: &str, start: usize, end: usize) -> Option<Read> {
    let bytes = text.as_bytes().get(..end)?;
    // A carriage return breaks lines even in comments, a byte order mark is refused anywhere.
    let content = text.get(start..end)?;
    if content.contains('\r') || content.contains('\u{FEFF}') {
        return None;
    }
    let (entries, items) = (Vec::with_capacity(32), Vec::with_capacity(8));
    let mut reader = Reader { text, bytes, at: start, comments: Vec::new(), depth: 0, entries, items };
    let root = match reader.next_line()? {
        Some(indent) => {
            let node = reader.block(indent)?;
            if reader.next_line()?.is_some() {
                return None;
            }
            Some(node)
        }
        None => None,
    };
    Some(Read { root, comments: reader.comments, problems: Vec::new() })
}

struct Reader<'t> {
    text: &'t str,
    /// The source up to the document's end.
    bytes: &'t [u8],
    /// Next byte to read.
    at: usize,
    comments: Vec<Comment>,
    depth: usize,
    /// Entries of the mappings that are open, outermost first: a closed one takes its own in one exact allocation.
    entries: Vec<Entry>,
    /// The same for sequences.
    items: Vec<Node>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_second(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    /// True at the end of a line or of the document.
    fn at_line_end(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n'))
    }

    /// True when the byte `at` ends a token: a space, a line end, or the end of all.
    fn is_break(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b' ' | b'\n'))
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// End of the line that holds `at`.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.iter().position(|byte| *byte == b'\n').map_or(self.bytes.len(), |length| at + length)
    }

    /// From the start of a line to the next line with content; its indent, `Some(None)` at the end.
    fn next_line(&mut self) -> Option<Option<usize>> {
        loop {
            let start = self.at;
            self.skip_spaces();
            match self.peek() {
                None => return Some(None),
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.comment(),
                Some(b'\t' | b'\r' | b'%') => return None,
                // `---` and `...` mean more than text at the start of a line.
                Some(b'-' | b'.') if self.at == start && self.is_marker() => return None,
                Some(_) => return Some(Some(self.at - start)),
            }
        }
    }

    fn is_marker(&self) -> bool {
        matches!(self.bytes.get(self.at..self.at + 3), Some(b"---" | b"..."))
    }

    fn comment(&mut self) {
        let end = self.line_end(self.at);
        self.comments.push(Comment { start: offset(self.at), end: offset(end) });
        self.at = end + usize::from(end < self.bytes.len());
    }

    /// The rest of a line after a value: spaces and a comment.
    fn end_line(&mut self) -> Option<()> {
        let from = self.at;
        self.skip_spaces();
        match self.peek() {
            None => {}
            Some(b'\n') => self.at += 1,
            Some(b'#') if self.at > from => self.comment(),
            Some(_) => return None,
        }
        Some(())
    }

    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }

    fn slice(&self, start: usize, end: usize) -> Option<&str> {
        self.text.get(start..end)
    }

    /// A plain scalar that is as it looks; the others deserve a message.
    fn plain(&self, start: usize, end: usize) -> Option<Node> {
        let text = self.slice(start, end)?;
        let value = match scalar::resolve(text) {
            Scalar::Text => Value::String(CompactString::new(text)),
            meaning if scalar::surprise(text, meaning).is_some() => return None,
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Int(value) => Value::Int(value),
            Scalar::Unsigned(_) | Scalar::Float(_) | Scalar::NotFinite(_) | Scalar::Merge => return None,
        };
        Some(Node::new(value, offset(start), offset(end)))
    }

    /// A quoted scalar on one line without escapes; stands behind it afterwards.
    fn quoted(&mut self) -> Option<Node> {
        let (start, quote) = (self.at, self.peek()?);
        let rest = self.bytes.get(start + 1..)?;
        let length = rest.iter().position(|byte| *byte == quote || matches!(byte, b'\n' | b'\\' | b'\t'))?;
        let end = start + 1 + length;
        let closes = self.bytes.get(end) == Some(&quote) && self.bytes.get(end + 1) != Some(&quote);
        if !closes {
            return None;
        }
        self.at = end + 1;
        let text = CompactString::new(self.slice(start + 1, end)?);
        Some(Node::new(Value::String(text), offset(start), offset(end + 1)))
    }

    /// A node as a key.
    fn as_key(node: Node) -> Option<Key> {
        let Value::String(text) = node.value else { return None };
        (text.len() <= MAX_KEY).then_some(Key { text, start: node.start, end: node.end })
    }

    /// Adds an entry to the mapping whose entries begin at `first`; repeated keys deserve a message.
    fn insert(&mut self, first: usize, key: Key, value: Node) -> Option<()> {
        let entries = self.entries.get(first..)?;
        let repeated = entries.iter().any(|entry| entry.key.text == key.text);
        if repeated || entries.len() >= MAX_ENTRIES {
            return None;
        }
        self.entries.push(Entry { key, value });
        Some(())
    }
}

//! Collections by indentation, and literal block scalars.

use compact_str::CompactString;

use super::Reader;
use crate::yaml::parse::problem::offset;
use crate::yaml::{Key, Node, Value};

/// Bytes that a plain scalar cannot start with, or that mean something else there.
const INDICATORS: &[u8] = b"?:,[]{}#&*!|>'\"%@`\t\r";

impl Reader<'_> {
    /// The collection whose first line has this indent; stands at its first byte.
    pub(super) fn block(&mut self, indent: usize) -> Option<Node> {
        self.deeper()?;
        let is_sequence = self.peek() == Some(b'-') && self.is_break(self.at + 1);
        let node = if is_sequence { self.sequence(indent) } else { self.mapping(indent, None) };
        self.depth -= 1;
        node
    }

    /// A block sequence whose dashes stand at `indent`.
    fn sequence(&mut self, indent: usize) -> Option<Node> {
        let start = offset(self.at);
        let mut items = Vec::new();
        loop {
            items.push(self.item(indent)?);
            let line = self.at;
            match self.next_line()? {
                Some(next) if next == indent && self.peek() == Some(b'-') && self.is_break(self.at + 1) => {}
                // More indent than the items is an error, or the rest of a scalar.
                Some(next) if next > indent => return None,
                Some(_) | None => {
                    self.rewind(line);
                    break;
                }
            }
        }
        let end = items.last()?.end;
        Some(Node::new(Value::Sequence(items.into()), start, end))
    }

    /// Back to the start of the line just looked at; its comments are read again later.
    fn rewind(&mut self, line: usize) {
        self.at = line;
        let line = offset(line);
        while self.comments.last().is_some_and(|comment| comment.start >= line) {
            self.comments.pop();
        }
    }

    fn item(&mut self, indent: usize) -> Option<Node> {
        let dash = self.at;
        self.at += 1;
        self.skip_spaces();
        // An item on the next lines, or none at all, is left to the other reader.
        if self.at_line_end() || self.peek() == Some(b'#') {
            return None;
        }
        let column = indent + (self.at - dash);
        if self.peek() == Some(b'-') && self.is_break(self.at + 1) {
            return self.block(column);
        }
        if let Some(key) = self.key()? {
            self.deeper()?;
            let node = self.mapping(column, Some(key));
            self.depth -= 1;
            return node;
        }
        self.value(indent)
    }

    /// A block mapping whose keys stand at `indent`; `first`: its first key, already read.
    fn mapping(&mut self, indent: usize, first: Option<Key>) -> Option<Node> {
        let mut entries = Vec::new();
        let mut key = match first {
            Some(key) => key,
            None => self.key()??,
        };
        let start = key.start;
        loop {
            let value = self.entry_value(indent)?;
            Self::insert(&mut entries, key, value)?;
            let line = self.at;
            match self.next_line()? {
                Some(next) if next == indent => key = self.key()??,
                Some(next) if next > indent => return None,
                Some(_) | None => {
                    self.rewind(line);
                    break;
                }
            }
        }
        let end = entries.last()?.value.end;
        Some(Node::new(Value::Mapping(entries.into()), start, end))
    }

    /// A key with its colon, standing behind the colon; `Some(None)` where the line holds no key.
    fn key(&mut self) -> Option<Option<Key>> {
        let start = self.at;
        if matches!(self.peek(), Some(b'"' | b'\'')) {
            let node = self.quoted()?;
            if self.peek() == Some(b':') && self.is_break(self.at + 1) {
                self.at += 1;
                return Self::as_key(node).map(Some);
            }
            self.at = start;
            return Some(None);
        }
        // `- ` where a key should be is an error.
        if self.peek() == Some(b'-') && self.is_break(self.at + 1) {
            return None;
        }
        if self.peek().is_none_or(|byte| INDICATORS.contains(&byte)) {
            return if matches!(self.peek(), Some(b'[' | b'{' | b'|')) { Some(None) } else { None };
        }
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                None | Some(b'\n') => return Some(None),
                Some(b':') if self.is_break(at + 1) => break,
                Some(b'#') if self.bytes.get(at - 1) == Some(&b' ') => return Some(None),
                Some(b'\t' | b'\r') => return None,
                Some(_) => at += 1,
            }
        }
        let end = start + self.slice(start, at)?.trim_end_matches(' ').len();
        let node = self.plain(start, end)?;
        self.at = at + 1;
        Self::as_key(node).map(Some)
    }

    /// What follows `key:` of a mapping at `indent`.
    fn entry_value(&mut self, indent: usize) -> Option<Node> {
        let colon_end = self.at;
        self.skip_spaces();
        if !self.at_line_end() && self.peek() != Some(b'#') {
            // `key: - item` and `key: inner: value` are errors.
            if self.peek() == Some(b'-') && self.is_break(self.at + 1) {
                return None;
            }
            return self.value(indent);
        }
        if self.peek() == Some(b'#') && self.at == colon_end {
            return None;
        }
        self.end_line()?;
        let line = self.at;
        match self.next_line()? {
            Some(next) if next > indent => self.block(next),
            Some(next) if next == indent && self.peek() == Some(b'-') && self.is_break(self.at + 1) => {
                self.deeper()?;
                let node = self.sequence(indent);
                self.depth -= 1;
                node
            }
            Some(_) | None => {
                self.rewind(line);
                Some(Node::new(Value::Null, offset(colon_end), offset(colon_end)))
            }
        }
    }

    /// A value on the line of its key or dash, with its line end; the owner stands at `indent`.
    fn value(&mut self, indent: usize) -> Option<Node> {
        let node = match self.peek()? {
            b'|' => return self.literal(indent),
            b'"' | b'\'' => self.quoted()?,
            b'[' | b'{' => self.flow()?,
            b'-' if self.is_break(self.at + 1) => return None,
            byte if INDICATORS.contains(&byte) => return None,
            _ => self.plain_to_line_end()?,
        };
        self.end_line()?;
        // A deeper line would continue the scalar.
        let line = self.at;
        let continues = self.next_line()?.is_some_and(|next| next > indent);
        self.rewind(line);
        if continues { None } else { Some(node) }
    }

    fn plain_to_line_end(&mut self) -> Option<Node> {
        let start = self.at;
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                None | Some(b'\n') => break,
                Some(b':') if self.is_break(at + 1) => return None,
                Some(b'#') if self.bytes.get(at - 1) == Some(&b' ') => break,
                Some(b'\t' | b'\r') => return None,
                Some(_) => at += 1,
            }
        }
        let end = start + self.slice(start, at)?.trim_end_matches(' ').len();
        self.at = end;
        self.plain(start, end)
    }

    /// `|`, `|-` or `|+` and its lines.
    fn literal(&mut self, parent: usize) -> Option<Node> {
        let start = self.at;
        self.at += 1;
        let chomp = self.peek().filter(|byte| matches!(byte, b'-' | b'+'));
        self.at += usize::from(chomp.is_some());
        self.end_line()?;
        let mut body = Literal { text: String::new(), indent: None, blank: 0, end: None };
        while self.literal_line(parent, &mut body)? {}
        let end = body.end?;
        match chomp {
            Some(b'-') => drop(body.text.pop()),
            Some(_) => body.text.extend(std::iter::repeat_n('\n', body.blank)),
            None => {}
        }
        // A last line that ends in spaces ends elsewhere for the other reader.
        if self.slice(start, end)?.ends_with(' ') {
            return None;
        }
        Some(Node::new(Value::String(CompactString::from(body.text)), offset(start), offset(end)))
    }

    /// One line of a literal; false, standing at its start, for the line behind it.
    fn literal_line(&mut self, parent: usize, body: &mut Literal) -> Option<bool> {
        let line = self.at;
        self.skip_spaces();
        let depth = self.at - line;
        if self.at_line_end() {
            if depth > 0 && body.indent.is_none_or(|indent| depth > indent) {
                return None;
            }
            if self.peek().is_none() {
                self.at = line;
                return Some(false);
            }
            self.at += 1;
            body.blank += 1;
            return Some(true);
        }
        if depth <= parent && body.indent.is_none_or(|indent| depth < indent) {
            self.at = line;
            return Some(false);
        }
        let indent = *body.indent.get_or_insert(depth);
        let end = self.line_end(self.at);
        // Less indent than the first line is an error, tabs there are doubtful, and without its line feed the last line
        // chomps differently.
        if depth < indent || self.peek() == Some(b'\t') || end >= self.bytes.len() {
            return None;
        }
        body.text.extend(std::iter::repeat_n('\n', std::mem::take(&mut body.blank)));
        body.text.push_str(self.slice(line + indent, end)?);
        body.text.push('\n');
        body.end = Some(end);
        self.at = end + 1;
        Some(true)
    }
}

/// A literal block scalar in the making.
struct Literal {
    text: String,
    /// Indent of its first line.
    indent: Option<usize>,
    /// Empty lines not yet in the text.
    blank: usize,
    /// End of the last line with content.
    end: Option<usize>,
}

//! Collections in brackets, on one line.

use super::Reader;
use crate::yaml::parse::problem::offset;
use crate::yaml::{Node, Value};

/// Bytes that end or confuse a plain scalar in brackets.
const INDICATORS: &[u8] = b"-?:,[]{}#&*!|>'\"%@`\t\r\n";

impl Reader<'_> {
    /// A flow collection; stands behind its closing bracket afterwards.
    pub(super) fn flow(&mut self) -> Option<Node> {
        self.deeper()?;
        let node = if self.peek() == Some(b'[') { self.flow_sequence() } else { self.flow_mapping() };
        self.depth -= 1;
        node
    }

    fn flow_sequence(&mut self) -> Option<Node> {
        let start = offset(self.at);
        self.at += 1;
        let mut items = Vec::new();
        self.skip_spaces();
        while self.peek()? != b']' {
            items.push(self.flow_value()?);
            self.separator(b']')?;
        }
        self.at += 1;
        Some(Node::new(Value::Sequence(items.into()), start, offset(self.at)))
    }

    fn flow_mapping(&mut self) -> Option<Node> {
        let start = offset(self.at);
        self.at += 1;
        let mut entries = Vec::new();
        self.skip_spaces();
        while self.peek()? != b'}' {
            let quoted = matches!(self.peek(), Some(b'"' | b'\''));
            let key = if quoted { self.quoted()? } else { self.flow_plain()? };
            // `{a}` and `{a:1}` read differently; `{"a":1}` is left alone too.
            if self.peek() != Some(b':') || self.peek_second() != Some(b' ') {
                return None;
            }
            self.at += 1;
            self.skip_spaces();
            let value = self.flow_value()?;
            Self::insert(&mut entries, Self::as_key(key)?, value)?;
            self.separator(b'}')?;
        }
        self.at += 1;
        Some(Node::new(Value::Mapping(entries.into()), start, offset(self.at)))
    }

    /// A comma before the next item, or the closing bracket; a comma before the bracket is left to the other reader.
    fn separator(&mut self, close: u8) -> Option<()> {
        self.skip_spaces();
        match self.peek()? {
            b',' => {
                self.at += 1;
                self.skip_spaces();
                (self.peek()? != close).then_some(())
            }
            byte => (byte == close).then_some(()),
        }
    }

    fn flow_value(&mut self) -> Option<Node> {
        match self.peek()? {
            b'[' | b'{' => self.flow(),
            b'"' | b'\'' => {
                let node = self.quoted()?;
                // `["a": 1]` is a pair.
                (self.peek() != Some(b':')).then_some(node)
            }
            _ => {
                let node = self.flow_plain()?;
                (self.peek() != Some(b':')).then_some(node)
            }
        }
    }

    /// A plain scalar up to `,`, a bracket or `: `.
    fn flow_plain(&mut self) -> Option<Node> {
        let start = self.at;
        if self.peek().is_none_or(|byte| INDICATORS.contains(&byte)) {
            return None;
        }
        let mut at = start;
        loop {
            match *self.bytes.get(at)? {
                b',' | b']' | b'}' => break,
                b':' if self.is_break(at + 1) => break,
                b':' if matches!(self.bytes.get(at + 1), Some(b',' | b'[' | b']' | b'{' | b'}')) => return None,
                b'\n' | b'\t' | b'\r' | b'[' | b'{' | b'#' | b'"' | b'\'' => return None,
                _ => at += 1,
            }
        }
        let end = start + self.slice(start, at)?.trim_end_matches(' ').len();
        self.at = at;
        self.plain(start, end)
    }
}

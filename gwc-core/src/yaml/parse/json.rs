//! A stream of JSON values, which kubectl tries first where a text starts with `{` (dependencies.md §3.1).
//!
//! Strict RFC 8259; what it refuses at the first value is left to the YAML reader.

use compact_str::CompactString;

use super::anchor::Anchors;
use super::build::{Builder, Kind, Style};
use super::events::Read;
use super::problem::offset;
use crate::source::SourceId;
use crate::yaml::{Key, Node, Problem, Value, scalar};

/// One value of the stream: what it says and where its text ends.
#[derive(Debug)]
pub(super) struct JsonValue {
    pub(super) read: Read,
    pub(super) end: usize,
}

/// A stop: where and why.
#[derive(Debug)]
pub(super) struct JsonError {
    at: usize,
    message: &'static str,
}

/// Reads the value at `text[start..end]`; trailing space belongs to it.
pub(super) fn read(source: SourceId, text: &str, start: usize, end: usize) -> Result<JsonValue, JsonError> {
    let text = text.get(..end).unwrap_or_default();
    let mut reader = Reader { text, at: start, builder: Builder::new(source, text, start, Anchors::new("")) };
    reader.skip_space();
    reader.value()?;
    reader.skip_space();
    // Where reading was given up, the rest of the text cannot be told apart into values.
    let end = if reader.builder.stopped() { text.len() } else { reader.at };
    let (root, problems) = reader.builder.finish();
    Ok(JsonValue { read: Read { root, comments: Vec::new(), problems }, end })
}

/// The document a broken value makes.
pub(super) fn refused(source: SourceId, text: &str, error: &JsonError) -> Read {
    let start = error.at.min(text.len());
    let place = super::problem::span(source, start, start + super::text::char_len(text, start));
    Read { root: None, comments: Vec::new(), problems: vec![Problem::syntax(place, error.message)] }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    builder: Builder<'t>,
}

/// What the reader expects next.
#[derive(Debug, Clone, Copy)]
enum State {
    Value,
    FirstItem,
    FirstKey,
    Key,
    /// After a value: a comma or a closing bracket.
    After,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn error<T>(&self, message: &'static str) -> Result<T, JsonError> {
        Err(JsonError { at: self.at, message })
    }

    /// One value with everything in it; a loop instead of recursion, since the depth comes from the input.
    fn value(&mut self) -> Result<(), JsonError> {
        let mut state = State::Value;
        loop {
            self.skip_space();
            state = match state {
                State::Value => self.any()?,
                State::FirstItem if self.peek() == Some(b']') => self.close(),
                State::FirstItem => self.any()?,
                State::FirstKey if self.peek() == Some(b'}') => self.close(),
                State::FirstKey | State::Key => self.key()?,
                State::After => self.after()?,
            };
            if self.builder.stopped() || (matches!(state, State::After) && self.builder.parent().is_none()) {
                return Ok(());
            }
        }
    }

    fn close(&mut self) -> State {
        self.at += 1;
        self.builder.close(Some(self.at));
        State::After
    }

    fn after(&mut self) -> Result<State, JsonError> {
        match (self.builder.parent(), self.peek()) {
            (Some(Kind::Sequence), Some(b']')) | (Some(Kind::Mapping), Some(b'}')) => Ok(self.close()),
            (Some(Kind::Sequence), Some(b',')) => {
                self.at += 1;
                Ok(State::Value)
            }
            (Some(Kind::Mapping), Some(b',')) => {
                self.at += 1;
                Ok(State::Key)
            }
            (Some(Kind::Sequence), _) => self.error("JSON expects `,` or `]` here"),
            (Some(Kind::Mapping) | None, _) => self.error("JSON expects `,` or `}` here"),
        }
    }

    fn key(&mut self) -> Result<State, JsonError> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return self.error("JSON expects a key in double quotes here");
        }
        let text = self.string()?;
        self.builder.key(Key { text, start: offset(start), end: offset(self.at) });
        self.skip_space();
        if self.peek() != Some(b':') {
            return self.error("JSON expects `:` after a key");
        }
        self.at += 1;
        Ok(State::Value)
    }

    fn any(&mut self) -> Result<State, JsonError> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => {
                self.at += 1;
                self.builder.open(Kind::Mapping, Style::Flow, start, 0);
                return Ok(State::FirstKey);
            }
            Some(b'[') => {
                self.at += 1;
                self.builder.open(Kind::Sequence, Style::Flow, start, 0);
                return Ok(State::FirstItem);
            }
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => self.literal()?,
            None => return self.error("the JSON text ends too early"),
        };
        self.builder.value(Node::new(value, offset(start), offset(self.at)), 0);
        Ok(State::After)
    }

    fn literal(&mut self) -> Result<Value, JsonError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.error("JSON expects a value here")
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let first = self.peek();
        let whole = self.digits();
        if whole == 0 || (first == Some(b'0') && whole > 1) {
            return self.error("a JSON number starts with one digit that is not 0, or is 0");
        }
        let mut is_whole = true;
        if self.peek() == Some(b'.') {
            is_whole = false;
            self.at += 1;
            if self.digits() == 0 {
                return self.error("a JSON number needs a digit after its point");
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_whole = false;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return self.error("a JSON number needs a digit after its `e`");
            }
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if let (true, Ok(value)) = (is_whole, text.parse()) {
            return Ok(Value::Int(value));
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(scalar::whole(value).map_or(Value::Float(value), Value::Int)),
            Ok(_) | Err(_) => self.error("this number is too large"),
        }
    }

    fn string(&mut self) -> Result<CompactString, JsonError> {
        self.at += 1;
        let start = self.at;
        let mut copied: Option<String> = None;
        let mut from = start;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(found) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)) else {
                self.at = start - 1;
                return self.error("this JSON text is never closed");
            };
            let stop = self.at + found;
            self.at = stop;
            let piece = self.text.get(from..stop).unwrap_or_default();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(copied.map_or_else(|| piece.into(), |text| CompactString::from(text + piece)));
                }
                Some(b'\\') => {
                    let out = copied.get_or_insert_default();
                    out.push_str(piece);
                    let character = self.escape()?;
                    copied.get_or_insert_default().push(character);
                    from = self.at;
                }
                Some(_) | None => return self.error("JSON text cannot hold a raw control character"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        let character = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            Some(_) | None => return self.error("JSON does not know this escape"),
        };
        self.at += 2;
        Ok(character)
    }

    /// `\uXXXX`, or two of them for a character beyond 16 bits; a lone half becomes U+FFFD, as in Go.
    fn unicode(&mut self) -> Result<char, JsonError> {
        let Some(high) = self.hex(self.at) else { return self.error("`\\u` needs four hexadecimal digits") };
        self.at += 6;
        if let Some(character) = char::from_u32(high) {
            return Ok(character);
        }
        let low = self.hex(self.at).filter(|low| (0xDC00..0xE000).contains(low) && high < 0xDC00);
        let Some(low) = low else { return Ok(char::REPLACEMENT_CHARACTER) };
        self.at += 6;
        Ok(char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
    }
}

//! One scalar of the text as a value or a key: tags, the resolution table, and what is worth a warning
//! (dependencies.md §3.2, §3.3, §3.5).

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use compact_str::{CompactString, format_compact};

use super::build::Builder;
use super::problem::{excerpt, offset, quoted};
use crate::yaml::scalar::{self, Scalar, Surprise};
use crate::yaml::{Key, Node, Problem, ProblemKind, Value};

/// Tags that change what a scalar means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    Str,
    Int,
    Float,
    Bool,
    Null,
    Binary,
    Timestamp,
    Merge,
    /// `!`, `!local` and unknown ones: the text stays text.
    Other,
}

/// A scalar as written.
#[derive(Debug)]
pub(super) struct ScalarText<'t> {
    /// Its text after escapes and folding.
    pub(super) text: Cow<'t, str>,
    /// Without quotes.
    pub(super) plain: bool,
    pub(super) tag: Option<TagKind>,
    /// Number of its anchor; 0 for none.
    pub(super) anchor: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl ScalarText<'_> {
    /// Hands the scalar to the builder as what the place asks for: a key or a value.
    pub(super) fn feed(mut self, builder: &mut Builder<'_>) {
        let meaning = match self.meaning() {
            Ok(meaning) => meaning,
            Err(problem) if builder.at_key() => return builder.bad_key(self.problem(builder, &problem)),
            Err(problem) => {
                builder.problem(self.problem(builder, &problem));
                Scalar::Text
            }
        };
        if builder.at_key() { self.feed_key(builder, meaning) } else { self.feed_value(builder, meaning) }
    }

    fn problem(&self, builder: &Builder<'_>, message: &str) -> Problem {
        Problem::syntax(builder.span(self.start, self.end), message)
    }

    fn meaning(&mut self) -> Result<Scalar, String> {
        let Some(tag) = self.tag else {
            return Ok(if self.plain { scalar::resolve(&self.text) } else { Scalar::Text });
        };
        let found = scalar::resolve(&self.text);
        let fits = match (tag, found) {
            (TagKind::Str | TagKind::Other, _) => return Ok(Scalar::Text),
            (TagKind::Merge, Scalar::Merge) => return Ok(Scalar::Merge),
            (TagKind::Merge, _) => return Ok(Scalar::Text),
            (TagKind::Binary, _) => return self.decode_binary(),
            (TagKind::Int, Scalar::Int(_) | Scalar::Unsigned(_)) => true,
            (TagKind::Float, Scalar::Int(_) | Scalar::Unsigned(_) | Scalar::Float(_) | Scalar::NotFinite(_)) => true,
            (TagKind::Bool, Scalar::Bool(_)) | (TagKind::Null, Scalar::Null) => true,
            (TagKind::Timestamp, Scalar::Text) => looks_like_date(&self.text),
            (TagKind::Int | TagKind::Float | TagKind::Bool | TagKind::Null | TagKind::Timestamp, _) => false,
        };
        if fits { Ok(found) } else { Err(format!("`{}` does not fit its tag", excerpt(&self.text))) }
    }

    fn decode_binary(&mut self) -> Result<Scalar, String> {
        let packed: String = self.text.chars().filter(|character| !matches!(character, '\r' | '\n' | ' ')).collect();
        match STANDARD.decode(packed) {
            Ok(bytes) => {
                self.text = Cow::Owned(String::from_utf8_lossy(&bytes).into_owned());
                Ok(Scalar::Text)
            }
            Err(_) => Err("a `!!binary` value must be base64".to_owned()),
        }
    }

    fn feed_value(self, builder: &mut Builder<'_>, meaning: Scalar) {
        let value = match meaning {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Int(value) => Value::Int(value),
            #[expect(clippy::cast_precision_loss, reason = "the tree has no whole numbers beyond 63 bits")]
            Scalar::Unsigned(value) => Value::Float(value as f64),
            Scalar::Float(value) => scalar::whole(value).map_or(Value::Float(value), Value::Int),
            Scalar::NotFinite(_) => {
                let message = format!("kubectl reads `{}` as a number that JSON cannot express", excerpt(&self.text));
                let problem = self.problem(builder, &message).help("quote it if text is meant");
                builder.problem(problem.replacement(quoted(&self.text)));
                Value::Null
            }
            Scalar::Merge | Scalar::Text => Value::String(CompactString::from(self.text.as_ref())),
        };
        if self.plain && self.tag.is_none() {
            self.warn_value(builder, meaning, &value);
        }
        builder.value(Node::new(value, offset(self.start), offset(self.end)), self.anchor);
    }

    fn warn_value(&self, builder: &mut Builder<'_>, meaning: Scalar, value: &Value) {
        let Some(surprise) = scalar::surprise(&self.text, meaning) else { return };
        let sent = match value {
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => value.to_string(),
            Value::Null | Value::String(_) | Value::Sequence(_) | Value::Mapping(_) => return,
        };
        let what = match surprise {
            Surprise::BooleanWord => "the boolean",
            Surprise::Octal => "an octal number,",
            Surprise::LeadingZero | Surprise::Underscore | Surprise::Exponent | Surprise::Radix => "the number",
        };
        let written = excerpt(&self.text);
        let message = format!("unquoted `{written}` is sent as {what} `{sent}`");
        let problem = Problem::new(ProblemKind::AmbiguousScalar, builder.span(self.start, self.end), message)
            .help(format!("write `{sent}`, or `{}` if text is meant", quoted(&written)))
            .replacement(sent);
        builder.problem(problem);
    }

    fn feed_key(self, builder: &mut Builder<'_>, meaning: Scalar) {
        let text = match meaning {
            Scalar::Merge => return builder.merge_key(self.start, self.end),
            Scalar::Null => {
                let message = if self.text.is_empty() {
                    "there is no key before this `:`"
                } else {
                    "a mapping key cannot be null"
                };
                let problem = self.problem(builder, message).help("keys are text; quote the key");
                return builder.bad_key(problem);
            }
            Scalar::Unsigned(_) => {
                let message = format!("kubectl cannot use the number `{}` as a key", excerpt(&self.text));
                let problem = self.problem(builder, &message).help("quote the key");
                return builder.bad_key(problem.replacement(quoted(&self.text)));
            }
            Scalar::Bool(value) => CompactString::const_new(if value { "true" } else { "false" }),
            Scalar::Int(value) => format_compact!("{value}"),
            Scalar::Float(value) | Scalar::NotFinite(value) => scalar::float_key(value),
            Scalar::Text => CompactString::from(self.text.as_ref()),
        };
        if text != self.text.as_ref() && self.plain && self.tag.is_none() {
            let written = excerpt(&self.text);
            let message = format!("the unquoted key `{written}` is sent as `{text}`");
            let problem = Problem::new(ProblemKind::AmbiguousScalar, builder.span(self.start, self.end), message)
                .help(format!(
                    "quote it: `{}` for what is sent, `{}` for what is written",
                    quoted(&text),
                    quoted(&written)
                ))
                .replacement(quoted(&text));
            builder.problem(problem);
        }
        if self.anchor != 0 {
            let node = Node::new(Value::String(text.clone()), offset(self.start), offset(self.end));
            let _ = builder.anchors.define(self.anchor, &node);
        }
        builder.key(Key { text, start: offset(self.start), end: offset(self.end) });
    }
}

/// `2001-12-14` and longer; Go reads nothing else as a timestamp.
fn looks_like_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8 && bytes.get(4) == Some(&b'-') && bytes.iter().take(4).all(u8::is_ascii_digit)
}

//! What the event parser refuses, in our words: the offending token and the opener it belongs to.

use granit_parser::ErrorKind;

use super::build::Builder;
use super::events::LastScalar;
use super::problem::{excerpt, quoted};
use super::text as raw;
use crate::source::Span;
use crate::yaml::Problem;

/// Where reading stopped.
#[derive(Debug)]
pub(super) struct Context<'c> {
    /// The source up to the document's end.
    pub(super) text: &'c str,
    /// Offset the parser names.
    pub(super) at: usize,
    pub(super) last: Option<LastScalar>,
    pub(super) builder: &'c Builder<'c>,
}

/// The problem behind a refusal.
#[expect(clippy::wildcard_enum_match_arm, reason = "a foreign, non-exhaustive enum with a sensible general answer")]
pub(super) fn problem(kind: &ErrorKind, context: &Context<'_>) -> Problem {
    match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => context.unclosed_quote(),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => context.escape(),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => context.tab(),
        ErrorKind::MissingAnchorOrAliasName | ErrorKind::UnexpectedCharacter { .. } => context.needs_quotes(),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => context.second_colon(),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => context.mismatch(*open, *close),
        ErrorKind::RecursionLimitExceeded => context.plain("nested deeper than 255 levels"),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => context.missing_colon(),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => context.inside_brackets(),
        other => context.general(other),
    }
}

/// An escape that kubectl does not know.
pub(super) fn escape(text: &str, place: Span) -> Problem {
    let written = text.get(place.start as usize..place.end as usize).unwrap_or_default();
    let help = match written {
        "\\/" => "write `/`: only JSON escapes it",
        "\\u" | "\\U" | "\\x" => "write the character itself",
        _ => "write `\\\\` for a backslash, or use single quotes",
    };
    Problem::syntax(place, format!("kubectl does not know the escape `{written}` in this double-quoted text"))
        .help(help)
}

/// A tab where libyaml takes none.
pub(super) fn tab(place: Span) -> Problem {
    Problem::syntax(place, "YAML does not take tabs here").help("indent with spaces")
}

impl Context<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The token at `at`; the last character before it at the end of a line or of the text.
    fn token(&self, at: usize) -> (usize, usize) {
        let mut start = at.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']).unwrap_or(rest.len());
        if length > 0 {
            return (start, start + length);
        }
        if rest.starts_with([',', '[', ']', '{', '}']) {
            return (start, start + 1);
        }
        let before = self.text.get(..start).unwrap_or_default().trim_end();
        let last = before.chars().next_back().map_or(0, char::len_utf8);
        (before.len() - last, before.len())
    }

    fn plain(&self, message: &str) -> Problem {
        let (start, end) = self.token(self.at);
        Problem::syntax(self.builder.span(start, end), message)
    }

    /// Adds the innermost open bracket.
    fn with_bracket(&self, problem: Problem) -> Problem {
        match self.builder.open_bracket() {
            Some((at, bracket)) => {
                problem.related(self.builder.span(at, at + 1), format!("this `{bracket}` is still open"))
            }
            None => problem,
        }
    }

    fn unclosed_quote(&self) -> Problem {
        let line_end = super::super::split::line_end(self.text, self.at);
        let end = self.at + self.text.get(self.at..line_end).map_or(0, |line| line.trim_end().len());
        let quote = if self.byte(self.at) == Some(b'\'') { '\'' } else { '"' };
        let opener = self.builder.span(self.at, self.at + raw::char_len(self.text, self.at));
        Problem::syntax(self.builder.span(self.at, end), "this quote is never closed")
            .related(opener, "opened here")
            .help(format!("add a closing `{quote}`"))
    }

    fn escape(&self) -> Problem {
        let found = raw::bad_escape(self.text, self.at, self.text.len());
        let (start, end) = found.unwrap_or_else(|| self.token(self.at));
        escape(self.text, self.builder.span(start, end)).related(
            self.builder.span(self.at, self.at + raw::char_len(self.text, self.at)),
            "in the text that starts here",
        )
    }

    fn tab(&self) -> Problem {
        let from = if self.at > 0 && self.byte(self.at - 1) == Some(b'\t') { self.at - 1 } else { self.at };
        let found = self.text.get(from..).and_then(|rest| rest.find('\t'));
        let start = from + found.unwrap_or(0);
        let run = self.text.get(start..).unwrap_or_default().bytes().take_while(|byte| *byte == b'\t').count();
        let place = self.builder.span(start, start + run);
        tab(place)
    }

    /// A character that cannot start plain text: `*`, `&`, `@`, a backquote, `%`.
    fn needs_quotes(&self) -> Problem {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        let stops: &[char] =
            if self.builder.open_bracket().is_some() { &['\n', '\r', ',', ']', '}'] } else { &['\n', '\r'] };
        let line = rest.get(..rest.find(stops).unwrap_or(rest.len())).unwrap_or_default();
        let line = line.get(..line.find(" #").unwrap_or(line.len())).unwrap_or_default().trim_end();
        let Some(first) = line.chars().next() else { return self.plain("unexpected character") };
        let role = match first {
            '*' => "`*` starts an alias, and no name follows it".to_owned(),
            '&' => "`&` starts an anchor, and no name follows it".to_owned(),
            '`' => "unquoted text cannot start with a backquote".to_owned(),
            other => format!("unquoted text cannot start with `{other}`"),
        };
        let problem = Problem::syntax(self.builder.span(start, start + line.len()), role);
        // A colon may belong to the text or make it a key.
        if line.contains(": ") || line.ends_with(':') {
            return problem.help("quote the text");
        }
        problem.help(format!("quote the text: `{}`", quoted(&excerpt(line)))).replacement(quoted(line))
    }

    fn missing_colon(&self) -> Problem {
        if matches!(self.byte(self.at), Some(b'|' | b'>')) {
            return self.plain("a block text cannot start here").help("put its `|` or `>` on the line of the key");
        }
        self.plain("a key without `:` after it").help("write `key: value`, with a space after the colon")
    }

    fn second_colon(&self) -> Problem {
        if self.builder.open_bracket().is_some() {
            return self.inside_brackets();
        }
        let place = self.builder.span(self.at, self.at + raw::char_len(self.text, self.at));
        let problem = Problem::syntax(place, "a `:` cannot start another value here");
        let Some(last) = self.last.filter(|last| last.plain && last.end <= self.at) else {
            return problem.help("put nested keys on lines of their own, or quote the text");
        };
        let written = self.text.get(last.start..last.end).unwrap_or_default();
        let Some((first_line, _)) = written.split_once('\n') else {
            let problem = problem.related(self.builder.span(last.start, last.end), "this is already a value");
            return problem.help("quote the whole value, or put nested keys on lines of their own");
        };
        let first_line = first_line.trim_end();
        let place = self.builder.span(last.start, last.start + first_line.len());
        let problem = problem.related(place, "this text runs on into the line with the `:`");
        if first_line.contains(':') {
            problem.help(format!("is a space missing after the colon in `{}`?", excerpt(first_line)))
        } else if self.starts_line(last.start) {
            problem.help(format!("is a colon missing after `{}`?", excerpt(first_line)))
        } else {
            problem.help("indent both lines alike")
        }
    }

    /// True where only blanks precede `at` on its line.
    fn starts_line(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default().trim_end_matches(' ');
        before.is_empty() || before.ends_with('\n')
    }

    fn mismatch(&self, open: char, close: char) -> Problem {
        // The parser names the opener; the closer is the first of its kind that is not matched.
        let closer = self.closer(close).unwrap_or(self.at);
        let place = self.builder.span(closer, closer + raw::char_len(self.text, closer));
        Problem::syntax(place, format!("`{close}` does not close `{open}`"))
            .related(self.builder.span(self.at, self.at + 1), "opened here")
    }

    fn closer(&self, close: char) -> Option<usize> {
        let from = self.last.map_or(self.at, |last| last.end.max(self.at));
        self.text.get(from..)?.find(close).map(|at| from + at)
    }

    fn inside_brackets(&self) -> Problem {
        let problem = self.plain("brackets are not closed, or a `,` is missing here");
        let problem = self.with_bracket(problem);
        problem.help("separate entries by `,` and close every bracket")
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a foreign, non-exhaustive enum with a sensible general answer")]
    fn general(&self, kind: &ErrorKind) -> Problem {
        let (message, help) = match kind {
            ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
                ("this line is indented like no other entry of its mapping", "align it with its siblings")
            }
            ErrorKind::ExpectedBlockSequenceEntry => (
                "a list is open here, and this line does not start with `-`",
                "add `- `, or indent the line like its siblings",
            ),
            ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => {
                ("a list cannot start here", "put each `- ` on a line of its own below the key, or quote the text")
            }
            ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
                ("unquoted text cannot start with `-` here", "quote it")
            }
            ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
                ("text follows a closing quote", "quote the whole value, or escape the quotes inside it")
            }
            ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => (
                "a block text starts with `|` or `>`, then `-` or `+`, a digit from 1 to 9, or nothing",
                "put the text on the next lines",
            ),
            ErrorKind::InvalidBlockScalarIndent => {
                ("an empty line of this block text is indented deeper than its first line of text", "remove the blanks")
            }
            ErrorKind::CommentInterceptedScalar => {
                ("a comment splits a text that continues on the next line", "quote the text, or move the comment")
            }
            ErrorKind::CommentNotSeparated => {
                ("a comment needs a blank before its `#`", "add a blank, or quote the text")
            }
            ErrorKind::MisplacedFlowCollectionEnd => ("this bracket closes nothing", "remove it"),
            ErrorKind::MappingKeyNotAllowed => ("a mapping key cannot start here", "put it on a line of its own"),
            ErrorKind::BomInsideDocument => ("a byte order mark inside the document", "remove it"),
            ErrorKind::UndeclaredTagHandle => ("a tag with an undeclared handle", "remove the tag"),
            ErrorKind::ExpectedDocumentStart => {
                ("unexpected text after the document", "separate documents with a line `---`")
            }
            ErrorKind::ExpectedNodeContent => ("a value is missing here", "write the value, or quote the text"),
            _ => ("this is not YAML as kubectl reads it", "check indentation, quotes and brackets"),
        };
        self.with_bracket(self.plain(message)).help(help)
    }
}

//! One YAML document from the event parser to the [`Builder`]; the only place besides `error` that names its types.

use std::borrow::Cow;

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span as EventSpan, StructureStyle, Tag, options};

use super::anchor::Anchors;
use super::build::{Builder, Kind, Style};
use super::problem::{excerpt, offset, quoted};
use super::scalar_node::{ScalarText, TagKind};
use super::{error, text as raw};
use crate::source::SourceId;
use crate::yaml::{Comment, Node, Problem, ProblemKind, Value};

/// What reading a document gave.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) root: Option<Node>,
    pub(super) comments: Vec<Comment>,
    pub(super) problems: Vec<Problem>,
}

/// The last scalar, for messages about what follows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct LastScalar {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) plain: bool,
}

/// Reads `text[start..end]` as one document.
pub(super) fn read(source: SourceId, text: &str, start: usize, end: usize) -> Read {
    let content = text.get(start..end).unwrap_or_default();
    let mut reader = Reader {
        text: text.get(..end).unwrap_or_default(),
        base: start,
        builder: Builder::new(source, start, Anchors::new(content)),
        comments: Vec::new(),
        last: None,
        previous: 0,
        document: Progress::Before,
        failed: false,
    };
    if reader.text.as_bytes().get(raw::skip_space(reader.text, start)) == Some(&b'%') {
        reader.directive();
    } else {
        reader.run(content);
    }
    let (root, problems) = reader.builder.finish();
    Read { root, comments: reader.comments, problems }
}

fn parser_options(size: usize) -> Options {
    options! {
        emit_comments: true,
        // Only bounded by the text: no comment needs fewer than two bytes.
        max_buffered_comment_events: size,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        strict_indentation: false,
        block_scalar_eof_without_line_feed: true,
    }
}

/// How far the one document of the text has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Before,
    Inside,
    After,
}

struct Reader<'t> {
    /// The source up to the document's end.
    text: &'t str,
    base: usize,
    builder: Builder,
    comments: Vec<Comment>,
    last: Option<LastScalar>,
    /// End of the last event that was seen.
    previous: usize,
    document: Progress,
    failed: bool,
}

impl<'t> Reader<'t> {
    fn run(&mut self, content: &'t str) {
        for next in Parser::new_from_str_with_options(content, parser_options(content.len())) {
            match next {
                Ok((event, place)) => self.event(event, place),
                Err(scan) => self.fail(&scan),
            }
            if self.failed || self.builder.stopped() {
                break;
            }
        }
        if !self.comments.is_sorted_by_key(|comment| comment.start) {
            self.comments.sort_unstable_by_key(|comment| comment.start);
        }
    }

    fn directive(&mut self) {
        let at = raw::skip_space(self.text, self.base);
        let end = super::super::split::line_end(self.text, at);
        let end = at + self.text.get(at..end).map_or(0, |line| line.trim_end().len());
        let problem = Problem::syntax(self.builder.span(at, end), "kubectl does not read YAML directives");
        self.builder.problem(problem.help("remove the `%` line"));
    }

    fn fail(&mut self, scan: &ScanError) {
        self.failed = true;
        // What follows an earlier problem is mostly its echo.
        if self.builder.refused() {
            return;
        }
        if self.document == Progress::After {
            return self.trailing(self.previous);
        }
        let at = self.base + scan.marker().byte_offset().unwrap_or(0);
        let problem = error::problem(
            scan.kind(),
            &error::Context { text: self.text, at, last: self.last, builder: &self.builder },
        );
        self.builder.problem(problem);
    }

    /// Text after the end of the document.
    fn trailing(&mut self, from: usize) {
        self.failed = true;
        let at = raw::skip_space(self.text, from);
        let end = super::super::split::line_end(self.text, at);
        let end = at + self.text.get(at..end).map_or(0, |line| line.trim_end().len());
        let dots = self.text.get(..from).is_some_and(|before| before.ends_with("..."));
        let message = if dots {
            "kubectl silently ignores what follows `...`"
        } else {
            "kubectl silently ignores what follows the end of the document"
        };
        let problem = Problem::syntax(self.builder.span(at, end.max(at)), message);
        self.builder.problem(problem.help("separate documents with a line `---`"));
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a foreign, non-exhaustive enum")]
    fn event(&mut self, event: Event<'t>, place: EventSpan) {
        let range = place.byte_range().unwrap_or(0..0);
        let (start, end) = (self.base + range.start, self.base + range.end);
        match event {
            Event::StreamStart | Event::StreamEnd => {}
            Event::DocumentStart(..) => self.document_start(start),
            Event::DocumentEnd => {
                self.document = Progress::After;
                self.previous = end;
            }
            Event::Comment(..) => self.comments.push(Comment { start: offset(start), end: offset(end) }),
            Event::Anchor(_, name) => {
                self.check_name(&name, start, end);
            }
            Event::Alias(id) => self.alias(id, start, end),
            Event::UnresolvedAlias(name) => self.unresolved(&name, start, end),
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(value, style, &Extent { start, end, anchor, tag: tag.as_deref().map(tag_kind) });
            }
            Event::SequenceStart(StructureStyle::Block, anchor, _) => {
                let start = self.node_start(b'-').unwrap_or(start);
                self.builder.open(Kind::Sequence, Style::Block, start, anchor);
            }
            Event::SequenceStart(StructureStyle::Flow, anchor, _) => {
                self.builder.open(Kind::Sequence, Style::Flow, start, anchor);
            }
            Event::MappingStart(style, anchor, _) => {
                let style = match style {
                    StructureStyle::Block => Style::Block,
                    StructureStyle::Flow if end > start => Style::Flow,
                    StructureStyle::Flow => Style::FlowPair,
                };
                self.builder.open(Kind::Mapping, style, start, anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => self.builder.close((end > start).then_some(end)),
            // The foreign enum may grow; nothing that is data today is missing above.
            _ => {}
        }
    }

    fn document_start(&mut self, start: usize) {
        if self.document == Progress::After {
            return self.trailing(self.previous);
        }
        self.document = Progress::Inside;
        // A leading `...` ends an empty document: kubectl reads nothing after it.
        let skipped = self.text.get(self.base..start).unwrap_or_default();
        let dots = if skipped.starts_with("...") { Some(0) } else { skipped.find("\n...").map(|at| at + 1) };
        if let Some(at) = dots {
            self.trailing(self.base + at + 3);
        }
    }

    /// Where the text of the next node starts, if the byte there is `first`.
    fn node_start(&self, first: u8) -> Option<usize> {
        if self.builder.at_key() {
            return None;
        }
        let at = raw::skip_properties(self.text, self.after_indicator());
        (self.text.as_bytes().get(at) == Some(&first)).then_some(at)
    }

    /// Just past the `:` or `-` that introduces the next node.
    fn after_indicator(&self) -> usize {
        let cursor = self.builder.cursor();
        match self.builder.parent() {
            Some(Kind::Mapping) if self.builder.at_key() => cursor,
            Some(Kind::Mapping) => raw::after_colon(self.text, cursor),
            Some(Kind::Sequence) => raw::after_dash(self.text, cursor),
            None => cursor,
        }
    }

    fn scalar(&mut self, value: Cow<'t, str>, style: ScalarStyle, extent: &Extent) {
        let (mut start, mut end) = (extent.start, extent.end);
        let plain = matches!(style, ScalarStyle::Plain);
        match style {
            ScalarStyle::Plain if start == end => {
                start = self.after_indicator();
                end = start;
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted => {}
            ScalarStyle::DoubleQuoted => self.check_escapes(start, end),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let header = self.node_start(b'|').or_else(|| self.node_start(b'>'));
                start = header.unwrap_or(start);
                end = raw::block_end(self.text, start, end);
            }
        }
        // An empty node is null, whatever the parser fills in.
        let value = if plain && start == end { Cow::Borrowed("") } else { value };
        if plain && is_template(&value, self.text.get(start..end).unwrap_or_default()) {
            let place = self.builder.span(start, end);
            self.builder.problem(Problem::new(ProblemKind::Template, place, "template markers run into a plain text"));
        }
        self.last = Some(LastScalar { start, end, plain });
        let scalar = ScalarText { text: value, plain, tag: extent.tag, anchor: extent.anchor, start, end };
        scalar.feed(&mut self.builder);
    }

    fn check_escapes(&mut self, start: usize, end: usize) {
        let Some((from, to)) = raw::bad_escape(self.text, start, end) else { return };
        let problem = error::escape(self.text, self.builder.span(from, to));
        self.builder.problem(problem.related(self.builder.span(start, start + 1), "in the text that starts here"));
    }

    fn alias(&mut self, id: usize, start: usize, end: usize) {
        let name = self.text.get(start + 1..end).unwrap_or_default();
        if self.check_name(name, start, end) {
            self.builder.alias(id, start, end);
        }
    }

    /// libyaml takes fewer characters in anchor names than YAML 1.2.
    fn check_name(&mut self, name: &str, start: usize, end: usize) -> bool {
        let fine = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !fine {
            let message =
                format!("kubectl takes only letters, digits, `-` and `_` in the anchor name `{}`", excerpt(name));
            let problem = Problem::syntax(self.builder.span(start, end), message);
            self.builder.problem(problem.help("rename the anchor, or quote the text if it is none"));
        }
        fine
    }

    fn unresolved(&mut self, name: &str, start: usize, end: usize) {
        let written = self.text.get(start..end).unwrap_or_default();
        let message =
            format!("unquoted `*{}` is an alias to YAML, and no anchor of that name precedes it", excerpt(name));
        let problem = Problem::syntax(self.builder.span(start, end), message)
            .help(format!("quote it: `{}`", quoted(&excerpt(written))))
            .replacement(quoted(written));
        if self.builder.at_key() {
            return self.builder.bad_key(problem);
        }
        self.builder.problem(problem);
        self.builder.value(Node::new(Value::Null, offset(start), offset(end)), 0);
    }
}

/// Place and properties of a scalar event.
struct Extent {
    start: usize,
    end: usize,
    anchor: usize,
    tag: Option<TagKind>,
}

/// A plain text that swallowed a line with nothing but a template marker, such as `{{- end }}`.
fn is_template(value: &str, written: &str) -> bool {
    let starts_marker = |line: &str| ["{{", "{%"].iter().any(|open| line.trim_start().starts_with(open));
    written.contains('\n') && value.contains('{') && written.lines().skip(1).any(starts_marker)
}

fn tag_kind(tag: &Tag) -> TagKind {
    match tag.suffix_in_namespace("tag:yaml.org,2002:").as_deref() {
        Some("str") => TagKind::Str,
        Some("int") => TagKind::Int,
        Some("float") => TagKind::Float,
        Some("bool") => TagKind::Bool,
        Some("null") => TagKind::Null,
        Some("binary") => TagKind::Binary,
        Some("timestamp") => TagKind::Timestamp,
        Some("merge") => TagKind::Merge,
        Some(_) | None => TagKind::Other,
    }
}

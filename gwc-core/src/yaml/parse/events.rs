//! One YAML document from the event parser to the [`Builder`]; the only place besides `error` that names its types.

use std::borrow::Cow;

use granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span as EventSpan, StructureStyle, Tag, options,
};

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

/// Comments without a blank before their `#` that one document may hold; libyaml takes them, the parser does not.
const MAX_GLUED: usize = 8;

/// Reads `text[start..end]` as one document.
pub(super) fn read(source: SourceId, text: &str, start: usize, end: usize) -> Read {
    let text = text.get(..end).unwrap_or_default();
    let content = text.get(start..).unwrap_or_default();
    let mut glued = Vec::new();
    let (mut read, mut again) = attempt(source, text, start, content);
    let mut masked = String::new();
    while let Some(hash) = again.filter(|_| glued.len() < MAX_GLUED) {
        if masked.is_empty() {
            masked.push_str(content);
        }
        let line_end = super::super::split::line_end(text, hash);
        let length = text.get(hash..line_end).map_or(0, |line| line.trim_end_matches('\r').len());
        masked.replace_range(hash - start..hash - start + length, &" ".repeat(length));
        glued.push(Comment { start: offset(hash), end: offset(hash + length) });
        (read, again) = attempt(source, text, start, &masked);
    }
    read.comments.extend(glued);
    if !read.comments.is_sorted_by_key(|comment| comment.start) {
        read.comments.sort_unstable_by_key(|comment| comment.start);
    }
    read
}

/// Reads a document from `content`, which is the end of `text` from `start` on but for masked comments; gives also
/// the place of a comment that must be masked to read on.
fn attempt(source: SourceId, text: &str, start: usize, content: &str) -> (Read, Option<usize>) {
    let mut reader = Reader {
        text,
        base: start,
        builder: Builder::new(source, text, start, Anchors::new(content)),
        comments: Vec::new(),
        last: None,
        previous: 0,
        document: Progress::Before,
        failed: false,
        has_tabs: content.contains('\t'),
        glued: None,
    };
    if reader.text.as_bytes().get(raw::skip_space(reader.text, start)) == Some(&b'%') {
        reader.directive();
    } else {
        reader.run(content);
    }
    let (root, problems) = reader.builder.finish();
    (Read { root, comments: reader.comments, problems }, reader.glued)
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
    builder: Builder<'t>,
    comments: Vec<Comment>,
    last: Option<LastScalar>,
    /// End of the last event that was seen.
    previous: usize,
    document: Progress,
    failed: bool,
    /// Whether the document holds any tab, so that most never look for one.
    has_tabs: bool,
    /// Where a comment without a blank before it stopped the parser.
    glued: Option<usize>,
}

impl Reader<'_> {
    fn run(&mut self, content: &str) {
        for next in Parser::new_from_str_with_options(content, parser_options(content.len())) {
            match next {
                Ok((event, place)) => self.event(event, place),
                Err(scan) => self.fail(&scan),
            }
            if self.failed || self.builder.stopped() {
                break;
            }
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
        if matches!(scan.kind(), ErrorKind::CommentNotSeparated) && self.text.as_bytes().get(at) == Some(&b'#') {
            self.glued = Some(at);
        }
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
        let (message, help) = if dots {
            ("kubectl silently ignores what follows `...`", "separate documents with a line `---`")
        } else {
            (
                "kubectl silently ignores what follows the end of the document",
                "indent it like the first line, or separate documents with a line `---`",
            )
        };
        let problem = Problem::syntax(self.builder.span(at, end.max(at)), message);
        self.builder.problem(problem.help(help));
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a foreign, non-exhaustive enum")]
    fn event(&mut self, event: Event<'_>, place: EventSpan) {
        let range = place.byte_range().unwrap_or(0..0);
        let (start, end) = (self.base + range.start, self.base + range.end);
        if self.has_tabs && event.is_node() {
            self.check_tab_after_dash(start);
        }
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

    fn scalar(&mut self, value: Cow<'_, str>, style: ScalarStyle, extent: &Extent) {
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
                self.check_block_tab(&value, start);
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

    /// libyaml takes no tab between the `-` of a block sequence and its item.
    fn check_tab_after_dash(&mut self, start: usize) {
        if !self.builder.in_block_sequence() {
            return;
        }
        let dash = self.after_indicator();
        let gap = self.text.get(dash..start).and_then(|gap| gap.lines().next()).unwrap_or_default();
        if let Some(at) = gap.find('\t').filter(|_| gap.trim().is_empty()) {
            let place = self.builder.span(dash + at, dash + at + 1);
            self.builder.problem(error::tab(place));
        }
    }

    /// libyaml takes no tab where it looks for the indentation of a block scalar.
    fn check_block_tab(&mut self, value: &str, header: usize) {
        let header_end = raw::word_end(self.text, header);
        let explicit =
            self.text.get(header..header_end).is_some_and(|text| text.contains(|c: char| c.is_ascii_digit()));
        if self.has_tabs && !explicit && value.trim_start_matches('\n').starts_with('\t') {
            let at = self.text.get(header..).and_then(|rest| rest.find('\n')).map_or(header, |line| header + line);
            let tab = self.text.get(at..).and_then(|rest| rest.find('\t')).map_or(at, |tab| at + tab);
            let problem = error::tab(self.builder.span(tab, tab + 1));
            self.builder.problem(problem.help("give the indentation in the header, as in `|2`, or use spaces"));
        }
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
        // A colon at the end makes a key of it, whatever YAML 1.2 says about names.
        let (name, end) = name.strip_suffix(':').map_or((name, end), |name| (name, end - 1));
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

//! From nodes in source order to a tree: [`Builder`].
//!
//! Knows kubectl's rules for mappings (dependencies.md §3.3) and its bounds; where the nodes come from (YAML events
//! or JSON) and what scalars mean is decided by the callers.

use compact_str::CompactString;

use super::anchor::Anchors;
use super::mapping::{Mapping, Pending};
use super::problem::{offset, span};
use crate::source::{SourceId, Span};
use crate::yaml::{Entry, Key, Node, Problem, ProblemKind, Value};

/// Deepest nesting read; kubectl's own bound is 10,000, nothing sensible comes near either.
pub(super) const MAX_DEPTH: usize = 255;

/// Problems kept per document; a text with more is beyond help.
const MAX_PROBLEMS: usize = 1000;

/// The form of a collection in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// By indentation.
    Block,
    /// In brackets.
    Flow,
    /// `a: b` as an item of a flow sequence: a mapping without brackets.
    FlowPair,
}

/// Which collection opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A list.
    Sequence,
    /// A mapping.
    Mapping,
}

#[derive(Debug)]
enum Content {
    Sequence(Vec<Node>),
    Mapping(Mapping),
}

/// An open collection.
#[derive(Debug)]
struct Frame {
    content: Content,
    style: Style,
    start: u32,
    /// End of what was read last in it: the key, or the previous item.
    cursor: usize,
    anchor: usize,
}

/// Builds one document's tree.
#[derive(Debug)]
pub(super) struct Builder<'t> {
    source: SourceId,
    /// The source up to the document's end.
    text: &'t str,
    frames: Vec<Frame>,
    root: Option<Node>,
    problems: Vec<Problem>,
    pub(super) anchors: Anchors,
    refused: bool,
    stopped: bool,
    start: usize,
}

impl<'t> Builder<'t> {
    /// A builder for the document whose content starts at `start` and ends with `text`.
    pub(super) fn new(source: SourceId, text: &'t str, start: usize, anchors: Anchors) -> Self {
        Self {
            source,
            text,
            frames: Vec::new(),
            root: None,
            problems: Vec::new(),
            anchors,
            refused: false,
            stopped: false,
            start,
        }
    }

    /// The tree and the problems; no tree where the syntax is refused.
    pub(super) fn finish(self) -> (Option<Node>, Vec<Problem>) {
        (if self.refused { None } else { self.root }, self.problems)
    }

    /// True once reading on is pointless.
    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }

    /// True once there is a syntax problem.
    pub(super) fn refused(&self) -> bool {
        self.refused
    }

    /// Notes a problem.
    pub(super) fn problem(&mut self, problem: Problem) {
        self.refused |= problem.kind == ProblemKind::Syntax;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Notes a problem and ends the reading.
    pub(super) fn stop(&mut self, problem: Problem) {
        self.stopped = true;
        self.problem(problem);
    }

    /// A span in the source; what reaches past the text or into a character is widened or cut.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let (mut start, mut end) = (start.min(self.text.len()), end.min(self.text.len()));
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        span(self.source, start, end)
    }

    /// True when the next node is a key.
    pub(super) fn at_key(&self) -> bool {
        match self.frames.last().map(|frame| &frame.content) {
            Some(Content::Mapping(mapping)) => mapping.pending.is_none(),
            Some(Content::Sequence(_)) | None => false,
        }
    }

    /// What stands around the next node.
    pub(super) fn parent(&self) -> Option<Kind> {
        self.frames.last().map(|frame| match frame.content {
            Content::Sequence(_) => Kind::Sequence,
            Content::Mapping(_) => Kind::Mapping,
        })
    }

    /// True when the next node is an item of a list written with dashes.
    pub(super) fn in_block_sequence(&self) -> bool {
        let frame = self.frames.last();
        frame.is_some_and(|frame| frame.style == Style::Block && matches!(frame.content, Content::Sequence(_)))
    }

    /// End of the text that precedes the next node: its key, the previous item, or the start of all.
    pub(super) fn cursor(&self) -> usize {
        self.frames.last().map_or(self.start, |frame| frame.cursor)
    }

    /// First byte of the innermost open bracket, with `[` or `{`.
    pub(super) fn open_bracket(&self) -> Option<(usize, char)> {
        let frame = self.frames.iter().rev().find(|frame| frame.style == Style::Flow)?;
        let bracket = if matches!(frame.content, Content::Sequence(_)) { '[' } else { '{' };
        Some((frame.start as usize, bracket))
    }

    /// A collection opens; a collection where a key should be is refused.
    pub(super) fn open(&mut self, kind: Kind, style: Style, start: usize, anchor: usize) {
        if self.at_key() {
            let what = if kind == Kind::Sequence { "list" } else { "mapping" };
            let problem = Problem::syntax(self.span(start, start + 1), format!("a {what} cannot be a mapping key"));
            self.problem(problem.help("keys are plain text; quote the text if the brackets belong to it"));
        }
        if self.frames.len() >= MAX_DEPTH {
            return self.stop(too_deep(self.span(start, start + 1)));
        }
        self.anchors.count(1);
        let content = match kind {
            Kind::Sequence => Content::Sequence(Vec::new()),
            Kind::Mapping => Content::Mapping(Mapping::default()),
        };
        self.frames.push(Frame { content, style, start: offset(start), cursor: start, anchor });
    }

    /// The innermost collection closes; `end` is past its closing bracket, where there is one.
    pub(super) fn close(&mut self, end: Option<usize>) {
        let Some(frame) = self.frames.pop() else { return };
        let last = offset(frame.cursor);
        let end = end.map_or(last, offset);
        let value = match frame.content {
            Content::Sequence(items) => Value::Sequence(items.into()),
            Content::Mapping(mapping) => Value::Mapping(mapping.entries.into()),
        };
        self.value(Node::new(value, frame.start, end.max(frame.start)), frame.anchor);
    }

    /// A complete node: a value, an item or the root.
    pub(super) fn value(&mut self, node: Node, anchor: usize) {
        if anchor != 0 && !self.anchors.define(anchor, &node) {
            let problem = Problem::syntax(self.span(node.start as usize, node.end as usize), EXCESSIVE);
            self.stop(problem);
        }
        if matches!(node.value, Value::Sequence(_) | Value::Mapping(_)) {
            // Counted when it opened.
        } else {
            self.anchors.count(1);
        }
        self.place(node);
    }

    /// An alias: a copy of the anchored node with the alias's place.
    pub(super) fn alias(&mut self, anchor: usize, start: usize, end: usize) {
        let place = self.span(start, end);
        // kubectl counts the alias as well as what it brings in.
        self.anchors.count(1);
        let Some(target) = self.anchors.get(anchor) else {
            let message = "an anchored node cannot contain an alias of itself";
            return self.stop(Problem::syntax(place, message).help("write the value out"));
        };
        if self.frames.len() + target.height > MAX_DEPTH {
            return self.stop(too_deep(place));
        }
        let Some(mut node) = self.anchors.expand(anchor) else {
            let problem = Problem::syntax(place, EXCESSIVE).help("write the values out instead of repeating aliases");
            return self.stop(problem);
        };
        node.start = place.start;
        node.end = place.end;
        if self.at_key() {
            return self.alias_key(&node);
        }
        self.place(node);
    }

    fn alias_key(&mut self, node: &Node) {
        let (start, end) = (node.start as usize, node.end as usize);
        let text: CompactString = match &node.value {
            Value::String(text) => text.clone(),
            Value::Bool(value) => if *value { "true" } else { "false" }.into(),
            Value::Int(value) => compact_str::format_compact!("{value}"),
            Value::Float(value) => super::super::scalar::float_key(*value),
            Value::Null | Value::Sequence(_) | Value::Mapping(_) => {
                let message = format!("an alias of type {} cannot be a mapping key", node.type_name());
                return self.bad_key(Problem::syntax(self.span(start, end), message));
            }
        };
        self.key(Key { text, start: node.start, end: node.end });
    }

    /// A key of the innermost mapping.
    pub(super) fn key(&mut self, key: Key) {
        self.anchors.count(1);
        self.set_pending(key.start as usize, key.end as usize, Pending::Key(key));
    }

    /// A merge key.
    pub(super) fn merge_key(&mut self, start: usize, end: usize) {
        self.anchors.count(1);
        self.set_pending(start, end, Pending::Merge);
    }

    /// A key that cannot be one.
    pub(super) fn bad_key(&mut self, problem: Problem) {
        let (start, end) = (problem.span.start as usize, problem.span.end as usize);
        self.problem(problem);
        self.set_pending(start, end, Pending::Bad);
    }

    fn set_pending(&mut self, start: usize, end: usize, pending: Pending) {
        let Some(frame) = self.frames.last_mut() else { return };
        let Content::Mapping(mapping) = &mut frame.content else { return };
        if mapping.entries.is_empty() && frame.style != Style::Flow {
            frame.start = offset(start);
        }
        mapping.pending = Some(pending);
        frame.cursor = end;
    }

    fn place(&mut self, node: Node) {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return;
        };
        let end = node.end as usize;
        match &mut frame.content {
            Content::Sequence(items) => {
                frame.cursor = end;
                items.push(node);
            }
            Content::Mapping(mapping) => {
                frame.cursor = frame.cursor.max(end);
                match mapping.pending.take() {
                    Some(Pending::Key(key)) => self.insert(key, node),
                    Some(Pending::Merge) => self.merge(node),
                    // A collection closed where a key should be: `open` has said so.
                    None => mapping.pending = Some(Pending::Bad),
                    Some(Pending::Bad) => {}
                }
            }
        }
    }

    fn mapping(&mut self) -> Option<&mut Mapping> {
        match &mut self.frames.last_mut()?.content {
            Content::Mapping(mapping) => Some(mapping),
            Content::Sequence(_) => None,
        }
    }

    /// Adds an entry; the last of several equal keys wins, as in kubectl.
    fn insert(&mut self, key: Key, value: Node) {
        let Some(mapping) = self.mapping() else { return };
        let Some(position) = mapping.position(&key.text) else {
            return mapping.push(Entry { key, value });
        };
        let from_merge = mapping.merged.remove(&key.text);
        let place = (key.start as usize, key.end as usize);
        let name = key.text.clone();
        let Some(old) = mapping.entries.get_mut(position) else { return };
        let first = (old.key.start as usize, old.key.end as usize);
        *old = Entry { key, value };
        if !from_merge {
            let message = format!(
                "the key `{}` is given twice; kubectl silently keeps the last value",
                super::problem::excerpt(&name)
            );
            let problem = Problem::new(ProblemKind::DuplicateKey, self.span(place.0, place.1), message)
                .related(self.span(first.0, first.1), "first given here")
                .help("remove one of the two");
            self.problem(problem);
        }
    }

    /// Merges a mapping, or a list of mappings of which the first wins.
    fn merge(&mut self, node: Node) {
        let (start, end) = (node.start, node.end);
        let parts = match node.value {
            Value::Mapping(entries) => vec![entries],
            Value::Sequence(items) if items.iter().all(|item| matches!(item.value, Value::Mapping(_))) => {
                let take = |item: Node| if let Value::Mapping(entries) = item.value { entries } else { Box::default() };
                items.into_iter().rev().map(take).collect()
            }
            Value::Sequence(_) | Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {
                let place = self.span(start as usize, end as usize);
                let problem = Problem::syntax(place, "`<<` merges mappings, and this is none");
                return self.problem(problem.help("give an alias of a mapping, or quote the key: `\"<<\"`"));
            }
        };
        for entry in parts.into_iter().flatten() {
            self.merge_entry(entry, (start, end));
        }
    }

    fn merge_entry(&mut self, mut entry: Entry, place: (u32, u32)) {
        // Places outside the merged node belong to an anchor elsewhere.
        if entry.key.start < place.0 || entry.value.end > place.1 {
            (entry.key.start, entry.key.end) = place;
            (entry.value.start, entry.value.end) = place;
        }
        let Some(mapping) = self.mapping() else { return };
        let name = entry.key.text.clone();
        let Some(position) = mapping.position(&name) else {
            mapping.merged.insert(name);
            return mapping.push(entry);
        };
        let from_merge = !mapping.merged.insert(name.clone());
        let Some(old) = mapping.entries.get_mut(position) else { return };
        let first = (old.key.start as usize, old.key.end as usize);
        *old = entry;
        if !from_merge {
            let place = self.span(place.0 as usize, place.1 as usize);
            let message = format!("this merge overrides the key `{}` written above it", super::problem::excerpt(&name));
            let problem = Problem::new(ProblemKind::AmbiguousScalar, place, message)
                .related(self.span(first.0, first.1), "overridden key")
                .help("kubectl merges in textual order, unlike other YAML readers; put `<<` first");
            self.problem(problem);
        }
    }
}

const EXCESSIVE: &str = "aliases multiply this document beyond what kubectl reads";

fn too_deep(span: Span) -> Problem {
    Problem::syntax(span, format!("nested deeper than {MAX_DEPTH} levels")).help("no Kubernetes object nests that deep")
}

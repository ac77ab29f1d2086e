//! Text edits that cure findings: they change the original bytes and keep comments and layout (cli-and-rules.md §7).
//!
//! A function that cannot be certain of the layout gives `None`; the rule then shows its cure as a suggestion.

use crate::api::Meta;
use crate::diagnostic::Edit;
use crate::lint::Cx;
use crate::source::{SourceId, Span};
use crate::yaml::{Node, Value};

/// The tree of an object, also when it is an item of a List.
#[must_use]
pub fn tree<'w>(cx: &Cx<'w>, meta: &Meta) -> Option<&'w Node> {
    let root = cx.documents.get(meta.document)?.root.as_ref()?;
    let is_object = |node: &&Node| node.start == meta.span.start && node.end == meta.span.end;
    Some(root).filter(is_object).or_else(|| root.field("items")?.items().iter().find(is_object))
}

/// The innermost mapping of `root` that begins and ends where `span` does.
#[must_use]
pub fn mapping_at(root: &Node, span: Span) -> Option<&Node> {
    let mut node = root;
    loop {
        if node.start == span.start && node.end == span.end && matches!(node.value, Value::Mapping(_)) {
            return Some(node);
        }
        let holds = |child: &&Node| child.start <= span.start && span.end <= child.end;
        node = match &node.value {
            Value::Mapping(entries) => entries.iter().map(|entry| &entry.value).find(holds)?,
            Value::Sequence(items) => items.iter().find(holds)?,
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => return None,
        };
    }
}

/// Replaces a scalar and keeps the quotes it is written in.
#[must_use]
pub fn replace_scalar(cx: &Cx<'_>, span: Span, text: &str) -> Edit {
    let text = match cx.sources.slice(span).chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{text}{quote}"),
        Some(_) | None => text.to_owned(),
    };
    Edit { span, text }
}

/// Adds `key: value` as the first entry of a mapping; `lines` are the value in block style, the first one behind the
/// colon, the others indented relative to the key, or a single plain scalar.
#[must_use]
pub fn insert_entry(cx: &Cx<'_>, source: SourceId, mapping: &Node, key: &str, lines: &[&str]) -> Option<Edit> {
    let text = &cx.sources.source(source).text;
    let first = mapping.entries().first()?;
    if text.as_bytes().get(mapping.start as usize) == Some(&b'{') {
        let [value] = lines else { return None };
        let at = mapping.start + 1;
        return Some(Edit { span: Span::new(source, at, at), text: format!("\"{key}\": \"{value}\", ") });
    }
    let at = first.key.start;
    let line_start = line_start(text, at as usize);
    let prefix = text.get(line_start..at as usize)?;
    // Only indentation and sequence dashes may stand before the key; both keep their width as spaces.
    if !prefix.chars().all(|char| char == ' ' || char == '-') {
        return None;
    }
    let indent = " ".repeat(prefix.len());
    let mut out = match lines.first() {
        Some(first) if !first.is_empty() => format!("{key}: {first}\n"),
        Some(_) | None => format!("{key}:\n"),
    };
    for line in lines.iter().skip(1) {
        out.push_str(&format!("{indent}{line}\n"));
    }
    out.push_str(&indent);
    Some(Edit { span: Span::new(source, at, at), text: out })
}

/// Removes an entry of a mapping with the lines that it fills.
#[must_use]
pub fn remove_entry(cx: &Cx<'_>, source: SourceId, mapping: &Node, key: &str) -> Option<Edit> {
    let entry = mapping.entry(key)?;
    if mapping.entries().len() < 2 {
        return None;
    }
    let text = &cx.sources.source(source).text;
    if text.as_bytes().get(mapping.start as usize) == Some(&b'{') {
        return None;
    }
    let end = if entry.value.is_null() { entry.value.end.max(entry.key.end) } else { entry.value.end };
    let start = entry.key.start as usize;
    let line = line_start(text, start);
    if text.get(line..start)?.trim().is_empty() {
        return remove_lines(text, source, line, end as usize);
    }
    // The entry shares its line with the dash of its item: the next key moves up.
    let next = mapping.entries().iter().find(|other| other.key.start > entry.key.start)?;
    Some(Edit { span: Span::new(source, entry.key.start, next.key.start), text: String::new() })
}

/// Removes an item of a sequence of at least two with the lines that it fills.
#[must_use]
pub fn remove_item(cx: &Cx<'_>, source: SourceId, sequence: &Node, position: usize) -> Option<Edit> {
    let item = sequence.items().get(position)?;
    if sequence.items().len() < 2 {
        return None;
    }
    let text = &cx.sources.source(source).text;
    if text.as_bytes().get(sequence.start as usize) == Some(&b'[') {
        let (start, end) = match sequence.items().get(position + 1) {
            Some(next) => (item.start, next.start),
            None => (sequence.items().get(position.checked_sub(1)?)?.end, item.end),
        };
        return Some(Edit { span: Span::new(source, start, end), text: String::new() });
    }
    let line = line_start(text, item.start as usize);
    let prefix = text.get(line..item.start as usize)?;
    if prefix.trim() != "-" {
        return None;
    }
    remove_lines(text, source, line, item.end as usize)
}

/// Adds a document at the end of a YAML source; `None` for a JSON file.
#[must_use]
pub fn append_document(cx: &Cx<'_>, source: SourceId, document: &str) -> Option<Edit> {
    let file = cx.sources.source(source);
    let is_json = std::path::Path::new(&file.name).extension().is_some_and(|ext| ext.eq_ignore_ascii_case("json"));
    if is_json || file.text.trim_start().starts_with('{') {
        return None;
    }
    let at = u32::try_from(file.text.len()).ok()?;
    let line_break = if file.text.ends_with('\n') { "" } else { "\n" };
    Some(Edit { span: Span::new(source, at, at), text: format!("{line_break}---\n{document}") })
}

/// Removes whole lines from `start` (a line start) to the line that ends a node at `end`; `None` where something else
/// than a comment follows the node on its last line.
fn remove_lines(text: &str, source: SourceId, start: usize, end: usize) -> Option<Edit> {
    let end = start + text.get(start..end)?.trim_end().len();
    let rest = text.get(end..)?;
    let line_end = rest.find('\n').map_or(text.len(), |at| end + at + 1);
    let tail = text.get(end..line_end)?.trim();
    if !tail.is_empty() && !tail.starts_with('#') {
        return None;
    }
    let (start, line_end) = (u32::try_from(start).ok()?, u32::try_from(line_end).ok()?);
    Some(Edit { span: Span::new(source, start, line_end), text: String::new() })
}

/// First byte of the line that holds `at`.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |line_break| line_break + 1)
}

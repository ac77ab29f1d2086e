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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Evaluation;
    use crate::graph::Graph;
    use crate::lint::Reach;
    use crate::lower::Lowered;
    use crate::profile::{Profile, Target, WorldMode};
    use crate::source::{Origin, Role, Source, SourceMap};
    use crate::yaml::parse::parse;

    /// The text after an edit that `edit` makes from the root of its only document.
    #[track_caller]
    fn check(text: &str, edit: impl Fn(&Cx<'_>, SourceId, &Node) -> Option<Edit>, expected: Option<&str>) {
        let mut sources = SourceMap::new();
        let source = Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.as_bytes().to_vec());
        let id = sources.add(source);
        let documents = parse(id, sources.source(id));
        let (graph, evaluation) = (Graph::default(), Evaluation::default());
        let profile = Profile::new(WorldMode::Auto, 0);
        let cx = Cx {
            sources: &sources,
            documents: &documents,
            graph: &graph,
            evaluation: &evaluation,
            lowered: &Lowered::default(),
            reach: &Reach::default(),
            profile: &profile,
            target: Target::default(),
        };
        let root = documents.first().and_then(|document| document.root.as_ref()).expect("a document");
        let edited = edit(&cx, id, root).map(|edit| {
            let mut out = text.to_owned();
            out.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            out
        });
        assert_eq!(edited.as_deref(), expected);
    }

    #[test]
    fn entries_are_inserted_before_the_first() {
        let insert =
            |cx: &Cx<'_>, id, root: &Node| insert_entry(cx, id, root.field("metadata")?, "namespace", &["shop"]);
        check(
            "metadata:\n  name: a # the name\n",
            insert,
            Some("metadata:\n  namespace: shop\n  name: a # the name\n"),
        );
        check("metadata: {name: a}\n", insert, Some("metadata: {\"namespace\": \"shop\", name: a}\n"));
        check(
            "{\"metadata\": {\"name\": \"a\"}}",
            insert,
            Some("{\"metadata\": {\"namespace\": \"shop\", \"name\": \"a\"}}"),
        );
    }

    #[test]
    fn entries_are_inserted_behind_the_dash_of_an_item() {
        let insert = |cx: &Cx<'_>, id, root: &Node| {
            insert_entry(cx, id, root.field("parentRefs")?.items().first()?, "namespace", &["infra"])
        };
        check(
            "parentRefs:\n- name: edge\n  sectionName: http\n",
            insert,
            Some("parentRefs:\n- namespace: infra\n  name: edge\n  sectionName: http\n"),
        );
    }

    #[test]
    fn blocks_keep_their_indentation() {
        let lines = ["", "  namespaces:", "    from: All"];
        let insert =
            |cx: &Cx<'_>, id, root: &Node| insert_entry(cx, id, root.field("spec")?, "allowedListeners", &lines);
        check(
            "spec:\n    listeners: []\n",
            insert,
            Some("spec:\n    allowedListeners:\n      namespaces:\n        from: All\n    listeners: []\n"),
        );
        check("spec: {listeners: []}\n", insert, None);
    }

    #[test]
    fn entries_are_removed_with_their_lines() {
        let remove = |cx: &Cx<'_>, id, root: &Node| remove_entry(cx, id, root, "status");
        check("kind: A\nstatus:\n  x: 1 # why\n  y: 2\n# end\n", remove, Some("kind: A\n# end\n"));
        check("kind: A\nstatus: {}\nspec: 1\n", remove, Some("kind: A\nspec: 1\n"));
        check("kind: A\nstatus:\nspec: 1\n", remove, Some("kind: A\nspec: 1\n"));
        check("status: 1\n", remove, None);
        check("{kind: A, status: 1}\n", remove, None);
    }

    #[test]
    fn items_are_removed_with_their_lines() {
        let remove = |at: usize| move |cx: &Cx<'_>, id, root: &Node| remove_item(cx, id, root.field("a")?, at);
        check("a:\n- x: 1\n  y: 2\n- x: 3 # keep\n", remove(0), Some("a:\n- x: 3 # keep\n"));
        check("a:\n  - 1\n  - 2\nb: 3\n", remove(1), Some("a:\n  - 1\nb: 3\n"));
        check("a: [1, 2, 3]\n", remove(0), Some("a: [2, 3]\n"));
        check("a: [1, 2, 3]\n", remove(2), Some("a: [1, 2]\n"));
        check("a:\n- 1\n", remove(0), None);
    }

    #[test]
    fn scalars_keep_their_quotes() {
        let replace = |cx: &Cx<'_>, id, root: &Node| Some(replace_scalar(cx, root.field("a")?.span(id), "new"));
        check("a: old # x\n", replace, Some("a: new # x\n"));
        check("a: \"old\"\n", replace, Some("a: \"new\"\n"));
        check("a: 'old'\n", replace, Some("a: 'new'\n"));
    }

    #[test]
    fn documents_are_appended_to_yaml_only() {
        let append = |cx: &Cx<'_>, id, _: &Node| append_document(cx, id, "kind: B\n");
        check("kind: A", append, Some("kind: A\n---\nkind: B\n"));
        check("{\"kind\": \"A\"}", append, None);
    }
}

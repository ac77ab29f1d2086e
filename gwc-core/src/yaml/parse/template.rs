//! Unrendered templates: finds `{{ … }}` and `{% … %}` where YAML would have to read them as structure.

/// The first marker outside quotes, comments and block scalars of `text[start..end]`: its range in `text`.
pub(super) fn marker(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let content = text.get(start..end)?;
    if !content.contains("{{") && !content.contains("{%") {
        return None;
    }
    let mut block: Option<usize> = None;
    let mut at = start;
    for line in content.split_inclusive('\n') {
        let trimmed = line.trim_start_matches(' ');
        let indent = line.len() - trimmed.len();
        let is_blank = trimmed.trim().is_empty();
        if block.is_some_and(|parent| !is_blank && indent <= parent) {
            block = None;
        }
        if block.is_none() && !is_blank {
            if let Some(found) = marker_in_line(line) {
                let from = at + found;
                return Some((from, marker_end(text, from, end)));
            }
            if opens_block(trimmed) {
                block = Some(indent);
            }
        }
        at += line.len();
    }
    None
}

fn marker_end(text: &str, from: usize, end: usize) -> usize {
    let close = if text.get(from..).is_some_and(|rest| rest.starts_with("{{")) { "}}" } else { "%}" };
    let line_end = super::super::split::line_end(text, from).min(end);
    let line = text.get(from..line_end).unwrap_or_default();
    from + line.find(close).map_or_else(|| line.trim_end().len(), |at| at + 2)
}

/// Offset of a marker in a line, outside quotes and comments.
fn marker_in_line(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in bytes.iter().copied().enumerate() {
        let starts_token = matches!(before, b' ' | b'\t' | b'[' | b'{' | b',' | b':');
        match (quote, byte) {
            (Some(open), _) if open == byte && before != b'\\' => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if starts_token => quote = Some(byte),
            (None, b'#') if matches!(before, b' ' | b'\t') => return None,
            (None, b'{') if matches!(bytes.get(at + 1), Some(b'{' | b'%')) => return Some(at),
            (None, _) => {}
        }
        before = byte;
    }
    None
}

/// True for a line that ends with a block scalar's header.
fn opens_block(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    let header = line.trim_end_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    let Some(before) = header.strip_suffix(['|', '>']) else { return false };
    before.is_empty() || before.ends_with([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        marker(text, 0, text.len()).map(|(start, end)| &text[start..end])
    }

    #[test]
    fn markers() {
        let table = [
            ("a: {{ .x }}\n", Some("{{ .x }}")),
            ("{{- if .x }}\na: 1\n{{- end }}\n", Some("{{- if .x }}")),
            ("{% if x %}\na: 1\n", Some("{% if x %}")),
            ("a: \"{{ .x }}\"\n", None),
            ("a: '{{ .x }}'\n", None),
            ("# {{ .x }}\na: 1 # {{ y }}\n", None),
            ("a: |\n  {{ .x }}\n\n  {{ y }}\nb: 1\n", None),
            ("a: >-\n  x\nb: {{ .x\n", Some("{{ .x")),
            ("a: it's {{ .x }}\n", Some("{{ .x }}")),
            ("a: {b: {c: d}}\n", None),
            ("- |2-\n  {{ x }}\n- {{ y }}\n", Some("{{ y }}")),
        ];
        for (text, expected) in table {
            assert_eq!(found(text), expected, "{text:?}");
        }
    }
}

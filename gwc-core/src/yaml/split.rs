//! A stream cut into documents the way kubectl does: at lines that start with `---`, before any YAML is read
//! (dependencies.md §3.1). Knows nothing of what is between the lines.

/// One document's text; offsets into the whole source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    /// First byte, the separator line and comments before it included.
    pub(super) start: usize,
    /// The separator line without its line break; empty where there is none.
    pub(super) separator: (usize, usize),
    /// First byte of the content.
    pub(super) content: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// Iterates over the documents of `text`, from `start` on (past a byte order mark).
pub(super) fn chunks(text: &str, start: usize) -> Chunks<'_> {
    Chunks { text, next: Some(start), first: true }
}

/// See [`chunks`].
#[derive(Debug)]
pub(super) struct Chunks<'t> {
    text: &'t str,
    /// Start of the next chunk: its separator, or the start of the text.
    next: Option<usize>,
    first: bool,
}

impl Iterator for Chunks<'_> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        let start = self.next?;
        let mut separator_start = start;
        if std::mem::take(&mut self.first) && !is_separator(self.text, start) {
            let end = next_separator(self.text, start);
            // Comments and blank lines in front of the first `---` belong to the document it opens.
            if end < self.text.len() && is_blank(self.text.get(start..end).unwrap_or_default()) {
                separator_start = end;
            } else {
                return Some(self.finish(start, (start, start), start));
            }
        }
        let line_end = line_end(self.text, separator_start);
        let content = (line_end + 1).min(self.text.len());
        Some(self.finish(start, (separator_start, line_end), content))
    }
}

impl Chunks<'_> {
    fn finish(&mut self, start: usize, separator: (usize, usize), content: usize) -> Chunk {
        // A separator directly at the content's start opens an empty document.
        let end = if content > separator.0 && is_separator(self.text, content) {
            content
        } else {
            next_separator(self.text, content)
        };
        self.next = (end < self.text.len()).then_some(end);
        Chunk { start, separator, content, end }
    }
}

fn is_separator(text: &str, at: usize) -> bool {
    text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(b"---"))
}

/// Start of the first separator line after the line that `from` is in; the text's end without one.
fn next_separator(text: &str, from: usize) -> usize {
    text.get(from..).and_then(|rest| rest.find("\n---")).map_or(text.len(), |at| from + at + 1)
}

/// Offset of the line break that ends the line of `from`, or the text's end.
pub(super) fn line_end(text: &str, from: usize) -> usize {
    text.get(from..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| from + at)
}

/// True when the text holds nothing but blanks and comments.
pub(super) fn is_blank(text: &str) -> bool {
    text.lines().all(|line| {
        let line = line.trim_start();
        line.is_empty() || line.starts_with('#')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<&str> {
        chunks(text, 0).map(|chunk| &text[chunk.content..chunk.end]).collect()
    }

    #[test]
    fn documents() {
        assert_eq!(contents(""), [""]);
        assert_eq!(contents("a"), ["a"]);
        assert_eq!(contents("---\na\n---\nb\n"), ["a\n", "b\n"]);
        assert_eq!(contents("a\n---\n---\nb"), ["a\n", "", "b"]);
        assert_eq!(contents("a\n---"), ["a\n", ""]);
        assert_eq!(contents("---\n---\n"), ["", ""]);
        assert_eq!(contents("# c\n\n---\na"), ["a"]);
        assert_eq!(contents("a\n --- b\nc: '\n---\n'"), ["a\n --- b\nc: '\n", "'"]);
        assert_eq!(contents("--- # c\r\na\r\n---\r\nb"), ["a\r\n", "b"]);
    }

    #[test]
    fn chunks_cover_the_text() {
        for text in ["", "---", "---\n---", "a\n---x\nb\n--- c", "# x\n---\n\n---\n", "\n\n---\n----\n"] {
            let mut at = 0;
            for chunk in chunks(text, 0) {
                assert_eq!(chunk.start, at, "{text:?}");
                assert!(chunk.start <= chunk.separator.0 && chunk.separator.1 <= chunk.content, "{text:?}");
                assert!(chunk.content <= chunk.end, "{text:?}");
                at = chunk.end;
            }
            assert_eq!(at, text.len(), "{text:?}");
        }
    }
}

//! miette's view of a text: a line index and binary search instead of a scan per label (dependencies.md §6).

use gwc_core::source::LineIndex;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// Longest line that is shown.
pub(crate) const MAX_LINE: usize = 400;

/// A text with its line index; what it holds is fit to be shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Excerpt<'t> {
    /// File name.
    pub(crate) name: &'t str,
    /// The text, secrets masked.
    pub(crate) text: &'t str,
    /// Its lines.
    pub(crate) lines: &'t LineIndex,
}

impl Excerpt<'_> {
    /// 0-based line and column of an offset.
    fn position(&self, offset: usize) -> (usize, usize) {
        let at = self.lines.line_column(self.text, u32::try_from(offset).unwrap_or(u32::MAX));
        (at.line as usize - 1, at.column as usize - 1)
    }

    /// Bytes of a line, or nothing for one that is too long to be shown.
    fn line(&self, line: usize) -> Option<std::ops::Range<usize>> {
        let range = self.lines.line_range(self.text, line);
        (line < self.lines.n_lines() && range.len() <= MAX_LINE).then_some(range)
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let inside = self.text.get(start..end).ok_or(MietteError::OutOfBounds)?;
        let (first, column) = self.position(start);
        if before == 0 && after == 0 {
            let contents =
                MietteSpanContents::new_named(self.name.to_owned(), inside.as_bytes(), *span, first, column, 1);
            return Ok(Box::new(contents));
        }
        let (last, _) = self.position(end);
        let top = (first.saturating_sub(before)..first).find(|line| self.line(*line).is_some()).unwrap_or(first);
        let is_shown = |line: &usize| self.line(*line).is_some_and(|range| range.start < self.text.len());
        let bottom = (last + 1..=last + after).take_while(is_shown).last().unwrap_or(last);
        let range = self.lines.line_range(self.text, top).start..self.lines.line_range(self.text, bottom).end;
        let data = self.text.get(range.clone()).ok_or(MietteError::OutOfBounds)?;
        let shown = (range.start, range.len()).into();
        let contents =
            MietteSpanContents::new_named(self.name.to_owned(), data.as_bytes(), shown, top, 0, bottom - top + 1);
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_around_a_span() {
        let text = "a: 1\nbb: 22\nc: 3\n";
        let lines = LineIndex::new(text);
        let excerpt = Excerpt { name: "x", text, lines: &lines };
        let contents = excerpt.read_span(&(9, 2).into(), 1, 1).unwrap();
        assert_eq!(contents.data(), b"a: 1\nbb: 22\nc: 3");
        assert_eq!((contents.line(), contents.column(), contents.line_count()), (0, 0, 3));
        let exact = excerpt.read_span(&(9, 2).into(), 0, 0).unwrap();
        assert_eq!((exact.data(), exact.line(), exact.column()), (b"22".as_slice(), 1, 4));
        assert!(excerpt.read_span(&(90, 2).into(), 0, 0).is_err());
    }

    #[test]
    fn neighbours_that_are_too_long_are_left_out() {
        let text = format!("{}\nb: 1\n{}\n", "x".repeat(MAX_LINE + 1), "y".repeat(MAX_LINE + 1));
        let lines = LineIndex::new(&text);
        let excerpt = Excerpt { name: "x", text: &text, lines: &lines };
        let at = MAX_LINE + 2;
        assert_eq!(excerpt.read_span(&(at, 1).into(), 1, 1).unwrap().data(), b"b: 1");
    }
}

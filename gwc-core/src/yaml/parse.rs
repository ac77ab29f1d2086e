//! Text to documents; never fails: trees and problems.
//!
//! The order of a source: cut at `---` (`yaml/split.rs`), each piece read by the fast reader (`subset`), where that gives
//! up as JSON or as YAML events, both feeding the same builder; then unrendered templates silence the whole source. What scalars mean is `yaml/scalar.rs`.

use crate::source::{Source, SourceId};
use crate::yaml::split::{self, Chunk};
use crate::yaml::{Comment, Document, Problem, ProblemKind};

mod anchor;
mod build;
mod error;
mod events;
mod json;
mod mapping;
mod problem;
mod scalar_node;
mod subset;
mod template;
mod text;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;

use self::events::Read;
use self::problem::{offset, span};

/// Documents read per source; a bound for hostile input, far beyond any manifest.
const MAX_DOCUMENTS: usize = 1_000_000;

/// The byte order mark, which kubectl skips.
const BOM: char = '\u{FEFF}';

/// All documents of a source, as kubectl splits and reads them (dependencies.md §3).
///
/// A document starts at its `---` line (comments before the first one included) and ends where the next starts.
/// A text without any `---` is one document, even an empty one.
#[must_use]
pub fn parse(id: SourceId, source: &Source) -> Vec<Document> {
    let text = source.text.as_str();
    let start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let is_json = text.get(start..).is_some_and(|rest| rest.trim_start().starts_with('{'));
    let mut reader = Reader { id, source, documents: Vec::new() };
    for chunk in split::chunks(text, start) {
        if reader.documents.len() >= MAX_DOCUMENTS {
            reader.too_many(&chunk);
            break;
        }
        reader.chunk(&chunk, is_json);
    }
    let mut documents = reader.documents;
    silence_templates(text, &mut documents);
    documents
}

struct Reader<'s> {
    id: SourceId,
    source: &'s Source,
    documents: Vec<Document>,
}

impl Reader<'_> {
    fn chunk(&mut self, chunk: &Chunk, is_json: bool) {
        if is_json && self.json_stream(chunk) {
            return;
        }
        let text = &self.source.text;
        let mut comments = leading_comments(text, chunk);
        let refusal = self.separator_problem(chunk).or_else(|| self.character_problem(chunk));
        let read = match refusal {
            Some(problem) => Read { root: None, comments: Vec::new(), problems: vec![problem] },
            None => subset::read(text, chunk.content, chunk.end)
                .unwrap_or_else(|| events::read(self.id, text, chunk.content, chunk.end)),
        };
        comments.extend(read.comments);
        self.push(chunk.start, chunk.end, Read { comments, ..read });
    }

    fn push(&mut self, start: usize, end: usize, read: Read) {
        self.documents.push(Document {
            source: self.id,
            index: offset(self.documents.len()),
            start: offset(start),
            end: offset(end),
            root: read.root,
            comments: read.comments,
            problems: read.problems,
        });
    }

    /// Reads a chunk as JSON values in a row; false where its first value is not JSON.
    fn json_stream(&mut self, chunk: &Chunk) -> bool {
        let text = self.source.text.as_str();
        let content = text.get(chunk.content..chunk.end).unwrap_or_default();
        if !content.trim_start().starts_with('{') || self.separator_problem(chunk).is_some() {
            return false;
        }
        if self.encoding_problem(chunk.content, chunk.end).is_some() {
            return false;
        }
        let mut start = chunk.start;
        let mut at = chunk.content;
        let mut comments = leading_comments(text, chunk);
        while at < chunk.end && self.documents.len() < MAX_DOCUMENTS {
            match json::read(self.id, text, at, chunk.end) {
                Ok(value) => {
                    at = value.end;
                    self.push(start, at, Read { comments: std::mem::take(&mut comments), ..value.read });
                }
                Err(_) if at == chunk.content => return false,
                Err(error) => {
                    at = chunk.end;
                    self.push(start, at, json::refused(self.id, text, &error));
                }
            }
            start = at;
        }
        true
    }

    /// Anything but a comment after `---`.
    fn separator_problem(&self, chunk: &Chunk) -> Option<Problem> {
        let line = self.source.text.get(chunk.separator.0..chunk.separator.1)?;
        let rest = line.get(3..)?.trim();
        if rest.is_empty() || rest.starts_with('#') {
            return None;
        }
        let place = span(self.id, chunk.separator.0, chunk.separator.0 + line.trim_end().len());
        let message = "kubectl takes only a comment after `---` on the same line";
        Some(Problem::syntax(place, message).help("start the document on the next line"))
    }

    fn encoding_problem(&self, start: usize, end: usize) -> Option<Problem> {
        let first = self.source.utf8_error? as usize;
        let at = if (start..end.max(start + 1)).contains(&first) {
            first
        } else if first < start {
            // Bytes replaced later in the text; the mark of the replacement is all that is left of them.
            start + self.source.text.get(start..end)?.find(char::REPLACEMENT_CHARACTER)?
        } else {
            return None;
        };
        let place = span(self.id, at, at + text::char_len(&self.source.text, at));
        Some(Problem::syntax(place, "this is not UTF-8").help("save the file as UTF-8"))
    }

    fn character_problem(&self, chunk: &Chunk) -> Option<Problem> {
        if let Some(problem) = self.encoding_problem(chunk.start, chunk.end) {
            return Some(problem);
        }
        let (at, length, name) = text::bad_character(self.source.text.get(chunk.start..chunk.end)?)?;
        let place = span(self.id, chunk.start + at, chunk.start + at + length);
        let message = format!("the text holds {name}, which no manifest needs raw");
        Some(Problem::syntax(place, message).help("remove it, or write it as an escape in double quotes"))
    }

    fn too_many(&mut self, chunk: &Chunk) {
        let place = span(self.id, chunk.start, chunk.start + 1);
        let message = format!("more than {MAX_DOCUMENTS} documents; the rest is not read");
        let problems = vec![Problem::syntax(place, message).help("split the file")];
        let end = self.source.text.len();
        self.push(chunk.start, end, Read { root: None, comments: Vec::new(), problems });
    }
}

/// Comments in front of a document's content: before its separator, and on the separator's line.
fn leading_comments(text: &str, chunk: &Chunk) -> Vec<Comment> {
    let mut comments = Vec::new();
    let mut at = chunk.start;
    for line in text.get(chunk.start..chunk.content).unwrap_or_default().split_inclusive('\n') {
        let end = at + line.trim_end_matches(['\n', '\r']).len();
        let hash = if at == chunk.separator.0 { line.find(" #").map(|at| at + 1) } else { line.find('#') };
        let hash = hash.or_else(|| line.starts_with("---#").then_some(3));
        if let Some(hash) = hash {
            comments.push(Comment { start: offset(at + hash), end: offset(end) });
        }
        at += line.len();
    }
    comments
}

/// A source with template markers that break a document is not analysed at all.
fn silence_templates(text: &str, documents: &mut [Document]) {
    let refused = |document: &Document| {
        document.problems.iter().any(|found| matches!(found.kind, ProblemKind::Syntax | ProblemKind::Template))
    };
    let marked = documents.iter().enumerate().filter(|(_, document)| refused(document)).find_map(|(at, document)| {
        template::marker(text, document.start as usize, document.end as usize).map(|marker| (at, marker))
    });
    let Some((at, (start, end))) = marked else { return };
    for document in documents.iter_mut() {
        document.root = None;
        document.problems.clear();
    }
    if let Some(document) = documents.get_mut(at) {
        let place = span(document.source, start, end);
        let message = "this looks like an unrendered template; the file is not analysed";
        let problem = Problem::new(ProblemKind::Template, place, message);
        document.problems.push(problem.help("render it first, for example with `helm template`"));
    }
}

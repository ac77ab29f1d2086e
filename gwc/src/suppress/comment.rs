//! `# gwc: ignore[…] reason` and `# gwc: ignore-file[…] reason`.

use gwc_core::source::Span;
use gwc_core::yaml::{Comment, Document};

use crate::suppress::{Scope, Suppression, Suppressions, node_on_line};

/// Reads the suppressions in a document's comments.
pub(crate) fn collect(document: &Document, text: &str, all: &mut Suppressions) {
    for comment in &document.comments {
        if let Some(found) = read(*comment, text) {
            let scope = if found.is_file { Scope::Source(document.source) } else { scope(document, *comment, text) };
            let span = |start, end| Span::new(document.source, start, end);
            let words: Vec<(&str, Span)> =
                found.words.iter().map(|(word, start, end)| (*word, span(*start, *end))).collect();
            let how = if found.is_file { "file-comment" } else { "comment" };
            let place = span(comment.start, comment.end);
            let suppression = Suppression {
                how,
                selectors: Vec::new(),
                reason: found.reason,
                scope,
                span: Some(place),
                is_used: false,
            };
            all.add(&words, suppression);
        }
    }
}

struct Read<'t> {
    is_file: bool,
    words: Vec<(&'t str, u32, u32)>,
    reason: Option<String>,
}

/// A comment that speaks to us; one without brackets names no rule.
fn read(comment: Comment, text: &str) -> Option<Read<'_>> {
    let body = text.get(comment.start as usize..comment.end as usize)?;
    let rest = body.trim_start_matches('#').trim_start().strip_prefix("gwc:")?.trim_start();
    let rest = rest.strip_prefix("ignore")?;
    let (is_file, rest) = rest.strip_prefix("-file").map_or((false, rest), |rest| (true, rest));
    let Some((inside, tail)) = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return Some(Read { is_file, words: Vec::new(), reason: Some(rest.trim().to_owned()) });
    };
    let base = comment.start as usize + (inside.as_ptr() as usize - body.as_ptr() as usize);
    let mut words = Vec::new();
    let mut at = base;
    for part in inside.split(',') {
        let start = at + (part.len() - part.trim_start().len());
        let word = part.trim();
        words.push((word, offset(start), offset(start + word.len())));
        at += part.len() + 1;
    }
    let reason = Some(tail.trim().to_owned()).filter(|reason| !reason.is_empty());
    Some(Read { is_file, words, reason })
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The node on the comment's line, or on the next line that says something when the comment stands alone.
fn scope(document: &Document, comment: Comment, text: &str) -> Scope {
    let start = line_start(text, comment.start as usize);
    let is_alone = text.get(start..comment.start as usize).is_some_and(|before| before.trim().is_empty());
    let start = if is_alone { next_line(text, start) } else { start };
    let end = line_end(text, start);
    let (start, end) = (offset(start), offset(end));
    let node = document.root.as_ref().and_then(|root| node_on_line(root, start, end));
    let (from, to) = node.unwrap_or((start, end));
    Scope::Range(document.source, from.min(start), to.max(end))
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |newline| at + newline + 1)
}

/// Start of the next line that is neither empty nor a comment.
fn next_line(text: &str, start: usize) -> usize {
    let mut at = line_end(text, start);
    while at < text.len() {
        let end = line_end(text, at);
        let line = text.get(at..end).unwrap_or_default().trim();
        if !line.is_empty() && !line.starts_with('#') {
            break;
        }
        at = end;
    }
    at
}

//! Keeps key material and Secret data out of every output (style.md §7.8).
//!
//! Masked bytes become `*`, one for one, so that places stay right.

use std::borrow::Cow;
use std::ops::Range;

use gwc_core::yaml::{Document, Node, Value};

/// Start of a PEM block.
const BEGIN: &str = "-----BEGIN ";
/// End of a PEM block.
const END: &str = "-----END ";
/// `-----BEGIN` in base64.
const BEGIN_BASE64: &str = "LS0tLS1CRUdJTi";
/// Where kubectl keeps a copy of the whole object.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Byte ranges of a text that must not be shown.
pub(crate) fn secret_ranges<'d>(text: &str, documents: impl Iterator<Item = &'d Document>) -> Vec<Range<usize>> {
    let mut ranges = pem_ranges(text);
    for document in documents {
        match &document.root {
            Some(root) => of_object(root, &mut ranges),
            None => of_broken(text, document.start as usize..document.end as usize, &mut ranges),
        }
    }
    ranges
}

/// The text with these ranges masked.
pub(crate) fn masked(text: &str, ranges: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        for byte in bytes.get_mut(range.clone()).unwrap_or_default() {
            if !byte.is_ascii_whitespace() {
                *byte = b'*';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// A message or replacement text without key material.
pub(crate) fn words(text: &str) -> Cow<'_, str> {
    let ranges = pem_ranges(text);
    if ranges.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(masked(text, &ranges)) }
}

/// An object without its secret values, for output.
pub(crate) fn object(node: &Node) -> Cow<'_, Node> {
    if node.at(&["kind"]).and_then(Node::as_str) != Some("Secret") {
        return Cow::Borrowed(node);
    }
    let mut copy = node.clone();
    if let Value::Mapping(entries) = &mut copy.value {
        for entry in entries.iter_mut().filter(|entry| entry.key.text == "data" || entry.key.text == "stringData") {
            hide(&mut entry.value);
        }
        for entry in entries.iter_mut().filter(|entry| entry.key.text == "metadata") {
            hide_last_applied(&mut entry.value);
        }
    }
    Cow::Owned(copy)
}

fn hide(node: &mut Node) {
    match &mut node.value {
        Value::Mapping(entries) => entries.iter_mut().for_each(|entry| hide(&mut entry.value)),
        Value::Sequence(items) => items.iter_mut().for_each(hide),
        Value::String(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
            node.value = Value::String("***".into());
        }
        Value::Null => {}
    }
}

fn hide_last_applied(metadata: &mut Node) {
    let Value::Mapping(entries) = &mut metadata.value else { return };
    for annotations in entries.iter_mut().filter(|entry| entry.key.text == "annotations") {
        let Value::Mapping(annotations) = &mut annotations.value.value else { continue };
        annotations.iter_mut().filter(|entry| entry.key.text == LAST_APPLIED).for_each(|entry| hide(&mut entry.value));
    }
}

/// PEM blocks, as they are and in base64.
fn pem_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut from = 0;
    while let Some(at) = find(text, BEGIN, from) {
        let body = find(text, "-----", at + BEGIN.len()).map_or(text.len(), |dashes| dashes + 5);
        let end = find(text, END, body).unwrap_or(text.len());
        ranges.push(body..end);
        from = end;
    }
    from = 0;
    while let Some(at) = find(text, BEGIN_BASE64, from) {
        let rest = text.get(at..).unwrap_or_default();
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        let len = rest.bytes().position(|byte| !is_inside(byte)).unwrap_or(rest.len());
        ranges.push(at..at + len);
        from = at + len.max(1);
    }
    ranges
}

fn find(text: &str, what: &str, from: usize) -> Option<usize> {
    text.get(from..)?.find(what).map(|at| from + at)
}

fn range(node: &Node) -> Range<usize> {
    node.start as usize..node.end as usize
}

/// Secret data of an object or of the items of a list.
fn of_object(root: &Node, ranges: &mut Vec<Range<usize>>) {
    let kind = root.at(&["kind"]).and_then(Node::as_str).unwrap_or_default();
    if kind.ends_with("List") {
        root.at(&["items"]).map(Node::items).unwrap_or_default().iter().for_each(|item| of_object(item, ranges));
    }
    if kind.eq_ignore_ascii_case("Secret") {
        let values = ["data", "stringData"].into_iter().filter_map(|key| root.get(key));
        values.for_each(|values| of_values(values, ranges));
        let last_applied = root.at(&["metadata", "annotations", LAST_APPLIED]);
        ranges.extend(last_applied.map(range));
    }
}

/// All scalars below a node.
fn of_values(node: &Node, ranges: &mut Vec<Range<usize>>) {
    match &node.value {
        Value::Mapping(entries) => entries.iter().for_each(|entry| of_values(&entry.value, ranges)),
        Value::Sequence(items) => items.iter().for_each(|item| of_values(item, ranges)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => ranges.push(range(node)),
    }
}

/// A document that did not parse and may be a Secret: everything after its keys is hidden.
fn of_broken(text: &str, place: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    let body = text.get(place.clone()).unwrap_or_default();
    let is_kind = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '-', '{', ',']).trim_start_matches(['"', '\'']);
        line.strip_prefix("kind").is_some_and(|rest| rest.contains("Secret") && rest.contains(':'))
    };
    if !body.lines().any(is_kind) && !body.contains("\"Secret\"") {
        return;
    }
    let mut at = place.start;
    let mut is_inside = false;
    for line in body.split_inclusive('\n') {
        let is_top = line.starts_with(|first: char| first.is_ascii_alphabetic());
        let is_data = line.trim_start().starts_with("data") || line.trim_start().starts_with("stringData");
        is_inside = is_data || (is_inside && !is_top) || line.contains('{');
        if is_inside {
            let value = line.find(':').map_or(0, |colon| colon + 1);
            ranges.push(at + value..at + line.len());
        }
        at += line.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_is_masked_in_place() {
        let text = "a\n-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----\nb LS0tLS1CRUdJTiBabc= c";
        let masked = words(text);
        assert_eq!(masked.len(), text.len());
        assert!(!masked.contains("MIIsecret") && !masked.contains("LS0tLS1C"));
        assert!(masked.contains("-----BEGIN PRIVATE KEY-----\n*********\n-----END") && masked.ends_with(" c"));
    }

    #[test]
    fn a_block_without_end_is_masked_to_the_end() {
        assert!(!words("-----BEGIN PRIVATE KEY-----\nMIIsecret").contains("secret"));
        assert!(matches!(words("nothing here"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_secret_that_does_not_parse_is_masked() {
        let text = "kind: Secret\ndata:\n  tls.key: c2VjcmV0\n  broken: [\nmetadata: {}\n";
        let mut ranges = Vec::new();
        of_broken(text, 0..text.len(), &mut ranges);
        let masked = masked(text, &ranges);
        assert!(!masked.contains("c2VjcmV0") && masked.contains("tls.key:") && masked.starts_with("kind: Secret"));
    }
}

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
        let place = document.start as usize..document.end as usize;
        match &document.root {
            Some(root) => of_object(text, root, place, &mut ranges),
            None => of_broken(text, place, &mut ranges),
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
fn of_object(text: &str, root: &Node, place: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    let kind = root.at(&["kind"]).and_then(Node::as_str).unwrap_or_default();
    if kind.ends_with("List") {
        let items = root.at(&["items"]).map(Node::items).unwrap_or_default();
        items.iter().for_each(|item| of_object(text, item, range(item), ranges));
    }
    if kind.eq_ignore_ascii_case("Secret") {
        of_secret(text, root, place, ranges);
    }
}

/// Everything of a Secret but its keys and what is not data. Values of repeated keys, which are in the text and not in
/// the tree, are hidden too.
fn of_secret(text: &str, root: &Node, place: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    let mut open = Vec::new();
    for entry in root.entries() {
        open.push(entry.key.start as usize..entry.key.end as usize);
        let is_data = entry.key.text == "data" || entry.key.text == "stringData";
        open_parts(&entry.value, is_data, &mut open);
    }
    open.sort_by_key(|range| range.start);
    let mut at = place.start;
    for part in open.into_iter().chain(std::iter::once(place.end..place.end)) {
        if at < part.start {
            let gap = text.get(at..part.start).unwrap_or_default();
            let is_secret = |c: char| !c.is_whitespace() && !":-{}[],".contains(c);
            let hidden = gap.char_indices().filter(|(_, c)| is_secret(*c));
            ranges.extend(hidden.map(|(offset, c)| at + offset..at + offset + c.len_utf8()));
        }
        at = at.max(part.end);
    }
}

/// Keys, and scalars outside of data, which may be shown.
fn open_parts(node: &Node, is_data: bool, open: &mut Vec<Range<usize>>) {
    match &node.value {
        Value::Mapping(entries) => {
            for entry in entries {
                open.push(entry.key.start as usize..entry.key.end as usize);
                open_parts(&entry.value, is_data || entry.key.text == LAST_APPLIED, open);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| open_parts(item, is_data, open)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) if !is_data => {
            open.push(range(node));
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {}
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
    fn a_secret_shows_its_keys_and_nothing_of_its_data() {
        use gwc_core::source::{Origin, Role, Source, SourceMap};
        let text = "kind: Secret\nmetadata:\n  name: tls\ndata:\n  a: Zmlyc3Q=\n  a: c2Vjb25k # b2xk\nstringData: {p: 'x: y'}\n";
        let mut sources = SourceMap::new();
        let source = Source::from_bytes("s", Origin::Memory, Role::Checked, true, text.into());
        let id = sources.add(source);
        let documents = gwc_core::yaml::parse::parse(id, sources.source(id));
        let shown = masked(text, &secret_ranges(text, documents.iter()));
        for secret in ["Zmlyc3Q", "c2Vjb25k", "b2xk", "x: y"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.starts_with("kind: Secret\nmetadata:\n  name: tls\ndata:\n"), "{shown}");
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

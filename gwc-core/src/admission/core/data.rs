//! core Secret and ConfigMap.

use crate::admission::core::At;
use crate::admission::{Cause, FieldError};
use crate::value::base64::decode_base64;

/// Largest sum of bytes of all values.
const SIZE_LIMIT: usize = 1024 * 1024;

/// What the values of a mapping are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    Text,
    Base64,
}

pub(super) fn secret(root: &At<'_>) -> Vec<FieldError> {
    let mut errors = type_errors(root, "data", Values::Base64);
    errors.extend(type_errors(root, "stringData", Values::Text));
    if !errors.is_empty() {
        return errors;
    }
    errors.extend(key_errors(root, "data"));
    errors.extend(key_errors(root, "stringData"));
    let has = |key: &str| {
        ["data", "stringData"].iter().any(|map| root.node.at(&[map]).is_some_and(|map| map.get(key).is_some()))
    };
    if root.text("type").is_some_and(|(_, r#type)| r#type == "kubernetes.io/tls") {
        if !has("tls.crt") {
            errors.push(missing_key(root, "tls.crt", "a Secret of type `kubernetes.io/tls` needs the key `tls.crt`"));
        }
        if !has("tls.key") {
            errors.push(missing_key(root, "tls.key", "a Secret of type `kubernetes.io/tls` needs the key `tls.key`"));
        }
    }
    errors.extend(size_error(root, &["data", "stringData"]));
    errors
}

pub(super) fn config_map(root: &At<'_>) -> Vec<FieldError> {
    let mut errors = type_errors(root, "data", Values::Text);
    errors.extend(type_errors(root, "binaryData", Values::Base64));
    if !errors.is_empty() {
        return errors;
    }
    errors.extend(key_errors(root, "data"));
    errors.extend(key_errors(root, "binaryData"));
    let twice = root.entries("binaryData").iter().filter(|entry| root.node.at(&["data", &entry.key.text]).is_some());
    errors.extend(twice.map(|entry| root.key_error("binaryData", entry, Cause::Invalid, "is a key of `data` too")));
    errors.extend(size_error(root, &["data", "binaryData"]));
    errors
}

fn missing_key(root: &At<'_>, key: &str, words: &'static str) -> FieldError {
    let place = root.field("data").unwrap_or_else(|| root.clone());
    FieldError { path: root.path.field("data").map_key(key), ..place.missing(key, words) }
}

fn type_errors(root: &At<'_>, key: &str, values: Values) -> Vec<FieldError> {
    let Some(map) = root.field(key) else { return Vec::new() };
    if map.node.type_name() != "object" {
        return vec![map.error(Cause::TypeInvalid, "must be a mapping")];
    }
    let wrong = map.node.entries().iter().filter_map(|entry| {
        let words = match (entry.value.as_str(), values) {
            (Some(text), Values::Base64) if decode_base64(text).is_none() => "must be base64",
            (Some(_), Values::Text | Values::Base64) => return None,
            (None, Values::Text | Values::Base64) if entry.value.is_null() => return None,
            (None, Values::Text | Values::Base64) => "must be a text; write it in quotes",
        };
        let value = At { node: &entry.value, path: map.path.map_key(&entry.key.text) };
        Some(value.error(Cause::TypeInvalid, words))
    });
    wrong.collect()
}

fn key_errors(root: &At<'_>, map: &str) -> Vec<FieldError> {
    let wrong = root.entries(map).iter().filter_map(|entry| {
        let key = entry.key.text.as_str();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let words = if key.is_empty() || !key.bytes().all(allowed) {
            "a key must be letters, digits, `-`, `_` and `.`"
        } else if key.len() > 253 {
            "a key must have at most 253 characters"
        } else if key == "." || key.starts_with("..") {
            "a key must not be `.` or start with `..`"
        } else {
            return None;
        };
        Some(root.key_error(map, entry, Cause::Invalid, words))
    });
    wrong.collect()
}

fn size_error(root: &At<'_>, maps: &[&str]) -> Option<FieldError> {
    // Base64 is a third longer than what it holds; exact sizes only count near the limit.
    let length =
        |map: &&str| root.entries(map).iter().filter_map(|entry| entry.value.as_str()).map(str::len).sum::<usize>();
    let encoded: usize = maps.iter().map(length).sum();
    let exact = || -> usize {
        let bytes = |map: &&str| {
            let is_text = *map == "stringData" || (*map == "data" && maps.contains(&"binaryData"));
            let values = root.entries(map).iter().filter_map(|entry| entry.value.as_str());
            values
                .map(|text| if is_text { text.len() } else { decode_base64(text).map_or(0, |bytes| bytes.len()) })
                .sum::<usize>()
        };
        maps.iter().map(bytes).sum()
    };
    (encoded > SIZE_LIMIT && exact() > SIZE_LIMIT)
        .then(|| root.error(Cause::TooLong, "all values together may have 1 MiB"))
}

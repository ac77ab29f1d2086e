//! Located nodes as JSON values, and JSON values as YAML text for people.

use std::fmt::Write;

use gwc_core::yaml::{Node, Value};
use serde_json::{Map, Number};

use crate::mask;

/// The node as JSON; key material in strings is masked.
pub(crate) fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => Number::from_f64(*value).map_or(serde_json::Value::Null, serde_json::Value::Number),
        Value::String(text) => mask::words(text).into_owned().into(),
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(entries) => {
            let pairs = entries.iter().map(|entry| (entry.key.text.to_string(), json(&entry.value)));
            serde_json::Value::Object(pairs.collect::<Map<_, _>>())
        }
    }
}

/// One YAML document without a marker.
pub(crate) fn yaml(value: &serde_json::Value) -> String {
    let mut out = String::new();
    block(value, 0, &mut out);
    out
}

/// A value that begins on a line of its own.
fn block(value: &serde_json::Value, indent: usize, out: &mut String) {
    if let Some(map) = value.as_object().filter(|map| !map.is_empty()) {
        for (position, (key, value)) in map.iter().enumerate() {
            let pad = if position > 0 { indent } else { 0 };
            let _ = write!(out, "{:pad$}{}:", "", scalar(key));
            after_key(value, indent, out);
        }
    } else if let Some(items) = value.as_array().filter(|items| !items.is_empty()) {
        for (position, item) in items.iter().enumerate() {
            let pad = if position > 0 { indent } else { 0 };
            let _ = write!(out, "{:pad$}- ", "");
            block(item, indent + 2, out);
        }
    } else {
        let _ = writeln!(out, "{}", inline(value));
    }
}

fn after_key(value: &serde_json::Value, indent: usize, out: &mut String) {
    // Items of a list stand under its key, as kubectl writes them.
    let below = if value.as_array().is_some_and(|items| !items.is_empty()) {
        indent
    } else if value.as_object().is_some_and(|map| !map.is_empty()) {
        indent + 2
    } else {
        let _ = writeln!(out, " {}", inline(value));
        return;
    };
    let _ = write!(out, "\n{:below$}", "");
    block(value, below, out);
}

fn inline(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), scalar)
}

/// Plain where every reader of YAML 1.1 and 1.2 sees a string, else in double quotes.
fn scalar(text: &str) -> String {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "-._/() ,`'=*+".contains(c);
    let first = text.chars().next();
    let starts_well = first.is_some_and(|c| c.is_ascii_alphabetic() || c == '/');
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_word = words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if starts_well && !is_word && text.chars().all(is_inner) && !text.ends_with(' ') {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn writes_yaml_as_kubectl_does() {
        let value = json!({"a": {"b": [{"c": 1, "d": "x: y"}, []], "e": {}}, "f": "yes", "g": "plain text"});
        let expected = "a:\n  b:\n  - c: 1\n    d: \"x: y\"\n  - []\n  e: {}\nf: \"yes\"\ng: plain text\n";
        assert_eq!(yaml(&value), expected);
    }

    #[test]
    fn odd_strings_are_quoted() {
        for text in ["1.10", "", "*.example.com", "- x", "a\nb", "#x", "a: b", "null", "é"] {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
        assert_eq!(scalar("gateway.networking.k8s.io/v1"), "gateway.networking.k8s.io/v1");
    }
}

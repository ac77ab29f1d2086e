//! Lists of type `map` and `set`: no key and no item twice.

use std::collections::BTreeSet;

use crate::admission::correlate::same;
use crate::admission::place::{Here, error_at};
use crate::admission::schema::{ListKind, SchemaNode, node_at};
use crate::admission::{Cause, Check, FieldError};
use crate::yaml::{Node, Value};

/// From this size on repeated keys are searched for in a sorted set.
const SMALL: usize = 64;

/// Adds the duplicates in `node` and below to `errors`.
pub(crate) fn check_lists(node: &Node, schema: &'static SchemaNode, here: &Here<'_>, errors: &mut Vec<FieldError>) {
    match &node.value {
        Value::Mapping(entries) => {
            for entry in entries {
                let key = entry.key.text.as_str();
                if let Some(child) = schema.property(key) {
                    check_lists(&entry.value, child, &Here::Field(here, key), errors);
                } else if let Some(child) = node_at(schema.additional) {
                    check_lists(&entry.value, child, &Here::MapKey(here, key), errors);
                }
            }
        }
        Value::Sequence(items) => {
            match schema.list {
                ListKind::Atomic => {}
                ListKind::Set => repeated(items, &|item| vec![Some(item)], (here, "value"), errors),
                ListKind::Map => check_map(items, schema, here, errors),
            }
            let Some(child) = schema.item() else { return };
            for (index, item) in items.iter().enumerate() {
                check_lists(item, child, &Here::Item(here, index), errors);
            }
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {}
    }
}

fn check_map(items: &[Node], schema: &SchemaNode, here: &Here<'_>, errors: &mut Vec<FieldError>) {
    let is_item = |node: &Node| node.is_null() || matches!(node.value, Value::Mapping(_));
    if let Some((index, item)) = items.iter().enumerate().find(|(_, item)| !is_item(item)) {
        let detail = "must be an object".to_owned();
        errors.push(error_at(&Here::Item(here, index), item, Cause::Invalid, Check::Type("object"), detail));
        return;
    }
    let keys = schema.keys();
    if let [key] = keys {
        repeated_by_one(items, key, here, errors);
    } else {
        repeated(items, &|item| keys.iter().map(|key| item.get(key)).collect(), (here, "combination of keys"), errors);
    }
}

/// The common case of one key, without an allocation.
fn repeated_by_one(items: &[Node], key: &'static str, here: &Here<'_>, errors: &mut Vec<FieldError>) {
    if items.len() > SMALL {
        repeated(items, &|item| vec![item.get(key)], (here, key), errors);
        return;
    }
    for (index, item) in items.iter().enumerate() {
        let value = item.get(key);
        let before = items.iter().take(index).filter(|other| equal(other.get(key), value)).count();
        if before == 1 {
            errors.push(duplicate(item, value, (&Here::Item(here, index), key)));
        }
    }
}

fn equal(a: Option<&Node>, b: Option<&Node>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Reports the second of each group of equal items, as the server does.
fn repeated<'n>(
    items: &'n [Node],
    key: &dyn Fn(&'n Node) -> Vec<Option<&'n Node>>,
    (here, what): (&Here<'_>, &'static str),
    errors: &mut Vec<FieldError>,
) {
    let mut once = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let parts = key(item);
        let text: String = parts.iter().map(|part| format!("{}\0", part.map_or_else(String::new, canonical))).collect();
        if !once.insert(text.clone()) && twice.insert(text) {
            let shown = if parts.len() == 1 { parts.first().copied().flatten() } else { None };
            errors.push(duplicate(item, shown, (&Here::Item(here, index), what)));
        }
    }
}

fn duplicate(item: &Node, value: Option<&Node>, (here, what): (&Here<'_>, &'static str)) -> FieldError {
    let detail = match value.map(|value| &value.value) {
        Some(Value::String(text)) => format!("has the {what} `{text}` of an item before"),
        Some(Value::Int(number)) => format!("has the {what} `{number}` of an item before"),
        Some(Value::Null | Value::Bool(_) | Value::Float(_) | Value::Sequence(_) | Value::Mapping(_)) | None => {
            format!("has the {what} of an item before")
        }
    };
    error_at(here, item, Cause::Duplicate, Check::DuplicateItem, detail)
}

/// One text for equal values, whatever the order of keys.
fn canonical(node: &Node) -> String {
    match &node.value {
        Value::Null => "~".to_owned(),
        Value::Bool(flag) => format!("b{flag}"),
        Value::Int(number) => format!("i{number}"),
        Value::Float(number) => format!("f{number}"),
        Value::String(text) => format!("s{text:?}"),
        Value::Sequence(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Mapping(entries) => {
            let mut parts: Vec<String> =
                entries.iter().map(|entry| format!("{:?}:{}", entry.key.text, canonical(&entry.value))).collect();
            parts.sort_unstable();
            format!("{{{}}}", parts.join(","))
        }
    }
}

//! Values: JSON to the located tree, the server's defaults, types, and the located tree to CEL.

use std::collections::HashMap;
use std::sync::Arc;

use cel::Value as CelValue;
use cel::objects::{Key as CelKey, Map as CelMap};
use gwc_core::yaml::{Entry, Key, Node, Value};
use serde_json::Value as Json;

use crate::crds::Step;

/// A node without a place.
pub(crate) fn node(value: Value) -> Node {
    Node::new(value, 0, 0)
}

/// An entry without a place.
pub(crate) fn entry(key: &str, value: Node) -> Entry {
    Entry { key: Key { text: key.into(), start: 0, end: 0 }, value }
}

/// JSON as a located tree.
pub(crate) fn from_json(json: &Json) -> Node {
    node(match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::String(text.as_str().into()),
        Json::Array(items) => Value::Sequence(items.iter().map(from_json).collect()),
        Json::Object(members) => {
            Value::Mapping(members.iter().map(|(key, value)| entry(key, from_json(value))).collect())
        }
    })
}

/// Drops nulls where the schema has no place for them, and adds defaults, as the server does before rules run.
pub(crate) fn complete(node: &mut Node, schema: &Json) {
    match &mut node.value {
        Value::Mapping(entries) => {
            let mut all = std::mem::take(entries).into_vec();
            all.retain(|entry| !entry.value.is_null());
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let absent = all.iter().all(|entry| entry.key.text != name.as_str());
                if let Some(default) = property.get("default").filter(|_| absent) {
                    all.push(entry(name, from_json(default)));
                }
            }
            for entry in &mut all {
                complete(&mut entry.value, member_schema(schema, &entry.key.text));
            }
            *entries = all.into();
        }
        Value::Sequence(items) => items.iter_mut().for_each(|item| complete(item, &schema["items"])),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {}
    }
}

fn member_schema<'s>(schema: &'s Json, key: &str) -> &'s Json {
    schema["properties"].get(key).unwrap_or(&schema["additionalProperties"])
}

/// Right types all the way down, and all required members: else the server evaluates no rule.
pub(crate) fn conforms(node: &Node, schema: &Json) -> bool {
    let Some(wanted) = schema["type"].as_str() else { return true };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let below = match &node.value {
        Value::Mapping(entries) => {
            entries.iter().all(|entry| conforms(&entry.value, member_schema(schema, &entry.key.text)))
        }
        Value::Sequence(items) => items.iter().all(|item| conforms(item, &schema["items"])),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => true,
    };
    node.type_name() == wanted && below && required.into_iter().all(|key| node.field(key).is_some())
}

/// The values at the end of `path`.
pub(crate) fn places<'n>(root: &'n Node, path: &[Step]) -> Vec<&'n Node> {
    path.iter().fold(vec![root], |nodes, step| nodes.into_iter().flat_map(|node| below(node, step)).collect())
}

fn below<'n>(node: &'n Node, step: &Step) -> Vec<&'n Node> {
    match step {
        Step::Field(name) => node.field(name).into_iter().collect(),
        Step::Items => node.items().iter().collect(),
        Step::Values => node.entries().iter().map(|entry| &entry.value).collect(),
    }
}

/// The value as a rule sees it; members of typed objects under their escaped names.
pub(crate) fn to_cel(node: &Node, schema: &Json) -> CelValue {
    match &node.value {
        Value::Null => CelValue::Null,
        Value::Bool(truth) => CelValue::Bool(*truth),
        Value::Int(number) => CelValue::Int(*number),
        Value::Float(number) => CelValue::Float(*number),
        Value::String(text) => CelValue::String(Arc::new(text.to_string())),
        Value::Sequence(items) => {
            CelValue::List(Arc::new(items.iter().map(|item| to_cel(item, &schema["items"])).collect()))
        }
        Value::Mapping(entries) => {
            let members: HashMap<_, _> = entries.iter().map(|entry| member_to_cel(entry, schema)).collect();
            CelValue::Map(CelMap { map: Arc::new(members) })
        }
    }
}

fn member_to_cel(entry: &Entry, schema: &Json) -> (CelKey, CelValue) {
    let key = entry.key.text.as_str();
    let name = if schema["properties"].get(key).is_some() { escaped(key) } else { key.to_owned() };
    (CelKey::String(Arc::new(name)), to_cel(&entry.value, member_schema(schema, key)))
}

/// Words of CEL cannot be names of members.
fn escaped(name: &str) -> String {
    const RESERVED: &[&str] = &[
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ];
    if RESERVED.contains(&name) { format!("__{name}__") } else { name.to_owned() }
}

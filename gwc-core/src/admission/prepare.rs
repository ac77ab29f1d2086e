//! What the API server makes of an object before it looks for errors: unknown fields dropped, nulls dropped,
//! defaults set. The root's `apiVersion`, `kind` and `metadata` are not its business.

use compact_str::CompactString;

use crate::admission::UnknownField;
use crate::admission::place::Here;
use crate::admission::schema::{Literal, SchemaNode, node_at};
use crate::yaml::{Entry, Key, Node, Value};

/// Prunes and defaults `node`; fields without a place in `schema` are added to `unknown`.
pub(crate) fn prepare(
    node: &Node,
    schema: Option<&'static SchemaNode>,
    here: &Here<'_>,
    unknown: &mut Vec<UnknownField>,
) -> Node {
    let value = match &node.value {
        Value::Mapping(entries) => Value::Mapping(mapping(node, entries, schema, (here, unknown)).into()),
        Value::Sequence(items) => {
            let item = schema.and_then(SchemaNode::item);
            let each = |(index, child)| prepare(child, item, &Here::Item(here, index), unknown);
            Value::Sequence(items.iter().enumerate().map(each).collect())
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => node.value.clone(),
    };
    Node::new(value, node.start, node.end)
}

fn mapping(
    node: &Node,
    entries: &[Entry],
    schema: Option<&'static SchemaNode>,
    (here, unknown): (&Here<'_>, &mut Vec<UnknownField>),
) -> Vec<Entry> {
    let mut out = Vec::with_capacity(entries.len() + 1);
    for entry in entries {
        let property = schema.and_then(|schema| schema.property(&entry.key.text));
        let free = || schema.and_then(|schema| node_at(schema.additional));
        let (place, child) = match (property, property.is_none().then(free).flatten()) {
            (Some(child), _) => (Here::Field(here, &entry.key.text), child),
            (None, Some(child)) => (Here::MapKey(here, &entry.key.text), child),
            (None, None) => {
                unknown.push(here.unknown(&entry.key));
                continue;
            }
        };
        // A null is either dropped or replaced by the default below: no field of these CRDs is nullable.
        if !entry.value.is_null() {
            let value = prepare(&entry.value, Some(child), &place, unknown);
            out.push(Entry { key: entry.key.clone(), value });
        }
    }
    if let Some(schema) = schema {
        set_defaults(node, schema, &mut out);
    }
    out
}

/// Adds the defaults of absent properties; they carry the place of the mapping.
pub(crate) fn set_defaults(node: &Node, schema: &'static SchemaNode, out: &mut Vec<Entry>) {
    for property in schema.properties() {
        let Some(child) = node_at(property.node) else { continue };
        let Some(default) = child.default() else { continue };
        if out.iter().all(|entry| entry.key.text != property.name) {
            let inserted = literal(default, node);
            // A default may lack defaults of its own.
            let value = prepare(&inserted, Some(child), &Here::Root, &mut Vec::new());
            out.push(Entry { key: key(property.name, node), value });
        }
    }
}

fn key(name: &'static str, at: &Node) -> Key {
    Key { text: CompactString::const_new(name), start: at.start, end: at.end }
}

/// A table value as a node at the place of `at`.
fn literal(literal: &Literal, at: &Node) -> Node {
    let value = match literal {
        Literal::Bool(flag) => Value::Bool(*flag),
        Literal::Int(number) => Value::Int(*number),
        Literal::Text(text) => Value::String(CompactString::const_new(text)),
        Literal::List(items) => Value::Sequence(items.iter().map(|item| self::literal(item, at)).collect()),
        Literal::Map(entries) => {
            let entry =
                |(name, value): &(&'static str, Literal)| Entry { key: key(name, at), value: self::literal(value, at) };
            Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Node::new(value, at.start, at.end)
}

//! Decodes `metadata` as the API server does: wrong types refuse the whole request, unknown fields and empty values
//! are dropped.

use compact_str::CompactString;

use super::names::Name;
use super::wrong_type;
use crate::admission::formats::is_rfc3339;
use crate::admission::place::Here;
use crate::admission::{FieldError, UnknownField};
use crate::yaml::{Entry, Key, Node, Value};

/// What a field of `metadata` holds.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Text.
    Text,
    /// A whole number; zero is as good as absent.
    Int,
    /// A whole number that can be absent.
    OptionalInt,
    /// A boolean that can be absent.
    OptionalBool,
    /// A time.
    Time,
    /// A mapping of texts.
    TextMap,
    /// A list of texts.
    Texts,
    /// A list of mappings.
    Objects(&'static [Member]),
    /// Anything.
    Any,
}

/// Is an empty value written?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Empty {
    Dropped,
    Kept,
}

type Member = (&'static str, Shape, Empty);

const OWNER: &[Member] = &[
    ("apiVersion", Shape::Text, Empty::Kept),
    ("kind", Shape::Text, Empty::Kept),
    ("name", Shape::Text, Empty::Kept),
    ("uid", Shape::Text, Empty::Kept),
    ("controller", Shape::OptionalBool, Empty::Dropped),
    ("blockOwnerDeletion", Shape::OptionalBool, Empty::Dropped),
];

const MANAGED: &[Member] = &[
    ("manager", Shape::Text, Empty::Dropped),
    ("operation", Shape::Text, Empty::Dropped),
    ("apiVersion", Shape::Text, Empty::Dropped),
    ("time", Shape::Time, Empty::Dropped),
    ("fieldsType", Shape::Text, Empty::Dropped),
    ("fieldsV1", Shape::Any, Empty::Dropped),
    ("subresource", Shape::Text, Empty::Dropped),
];

const METADATA: &[Member] = &[
    ("name", Shape::Text, Empty::Dropped),
    ("namespace", Shape::Text, Empty::Dropped),
    ("labels", Shape::TextMap, Empty::Dropped),
    ("annotations", Shape::TextMap, Empty::Dropped),
    ("generateName", Shape::Text, Empty::Dropped),
    ("selfLink", Shape::Text, Empty::Dropped),
    ("uid", Shape::Text, Empty::Dropped),
    ("resourceVersion", Shape::Text, Empty::Dropped),
    ("generation", Shape::Int, Empty::Dropped),
    ("creationTimestamp", Shape::Time, Empty::Dropped),
    ("deletionTimestamp", Shape::Time, Empty::Dropped),
    ("deletionGracePeriodSeconds", Shape::OptionalInt, Empty::Dropped),
    ("ownerReferences", Shape::Objects(OWNER), Empty::Dropped),
    ("finalizers", Shape::Texts, Empty::Dropped),
    ("managedFields", Shape::Objects(MANAGED), Empty::Dropped),
];

/// Names of the fields of `metadata`.
pub(crate) fn member_names() -> Vec<&'static str> {
    METADATA.iter().map(|(name, ..)| *name).collect()
}

/// Collects what decoding finds besides the value.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Wrong types; any of them refuses the request before anything else is looked at.
    pub(crate) errors: Vec<FieldError>,
    /// Unknown fields.
    pub(crate) unknown: Vec<UnknownField>,
}

/// The metadata as it will be stored.
pub(crate) fn decode(metadata: &Node, found: &mut Found) -> Node {
    let here = Here::Field(&Here::Root, "metadata");
    object(metadata, METADATA, &here, found)
}

fn object(node: &Node, members: &'static [Member], here: &Here<'_>, found: &mut Found) -> Node {
    let mut out = Vec::new();
    match &node.value {
        Value::Null => {}
        Value::Mapping(entries) => {
            for entry in entries {
                let Some((_, shape, empty)) = members.iter().find(|(name, ..)| *name == entry.key.text) else {
                    found.unknown.push(here.unknown(&entry.key));
                    continue;
                };
                let place = Here::Field(here, &entry.key.text);
                if let Some(value) = value(&entry.value, *shape, &place, found) {
                    out.push(Entry { key: entry.key.clone(), value });
                } else if *empty == Empty::Kept {
                    out.push(Entry { key: entry.key.clone(), value: no_text(&entry.value) });
                }
            }
        }
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) | Value::Sequence(_) => {
            found.errors.push(wrong_type(node, here, Name("an object")));
        }
    }
    for (name, ..) in members.iter().filter(|(.., empty)| *empty == Empty::Kept) {
        if out.iter().all(|entry| entry.key.text != *name) {
            let key = Key { text: CompactString::const_new(name), start: node.start, end: node.end };
            out.push(Entry { key, value: no_text(node) });
        }
    }
    Node::new(Value::Mapping(out.into()), node.start, node.end)
}

fn no_text(at: &Node) -> Node {
    Node::new(Value::String(CompactString::const_new("")), at.start, at.end)
}

/// A decoded value; `None` when it is empty.
fn value(node: &Node, shape: Shape, here: &Here<'_>, found: &mut Found) -> Option<Node> {
    if node.is_null() {
        return None;
    }
    match (shape, &node.value) {
        (Shape::Any, _) | (Shape::OptionalInt, Value::Int(_)) | (Shape::OptionalBool, Value::Bool(_)) => {
            Some(node.clone())
        }
        (Shape::Int, Value::Int(number)) => (*number != 0).then(|| node.clone()),
        (Shape::Text, Value::String(text)) => (!text.is_empty()).then(|| node.clone()),
        (Shape::Time, Value::String(text)) if is_rfc3339(text) => Some(node.clone()),
        (Shape::TextMap, Value::Mapping(entries)) => texts_by_key(node, entries, here, found),
        (Shape::Texts, Value::Sequence(items)) => {
            let each = |(index, item)| text(item, &Here::Item(here, index), found);
            let texts: Vec<Node> = items.iter().enumerate().map(each).collect();
            (!texts.is_empty()).then(|| Node::new(Value::Sequence(texts.into()), node.start, node.end))
        }
        (Shape::Objects(members), Value::Sequence(items)) => {
            let each = |(index, item)| object(item, members, &Here::Item(here, index), found);
            let objects: Vec<Node> = items.iter().enumerate().map(each).collect();
            (!objects.is_empty()).then(|| Node::new(Value::Sequence(objects.into()), node.start, node.end))
        }
        (Shape::Text, _) => refuse(node, here, "a string", found),
        (Shape::Int | Shape::OptionalInt, _) => refuse(node, here, "an integer", found),
        (Shape::OptionalBool, _) => refuse(node, here, "a boolean", found),
        (Shape::Time, _) => refuse(node, here, "a time like `2026-01-31T08:00:00Z`", found),
        (Shape::TextMap, _) => refuse(node, here, "a mapping of strings", found),
        (Shape::Texts, _) => refuse(node, here, "a list of strings", found),
        (Shape::Objects(_), _) => refuse(node, here, "a list of objects", found),
    }
}

fn refuse(node: &Node, here: &Here<'_>, wanted: &'static str, found: &mut Found) -> Option<Node> {
    found.errors.push(wrong_type(node, here, Name(wanted)));
    None
}

/// A text; null is the empty one.
fn text(node: &Node, here: &Here<'_>, found: &mut Found) -> Node {
    match &node.value {
        Value::String(_) => node.clone(),
        Value::Null => no_text(node),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Sequence(_) | Value::Mapping(_) => {
            found.errors.push(wrong_type(node, here, Name("a string")));
            no_text(node)
        }
    }
}

fn texts_by_key(node: &Node, entries: &[Entry], here: &Here<'_>, found: &mut Found) -> Option<Node> {
    let each = |entry: &Entry| {
        let value = text(&entry.value, &Here::MapKey(here, &entry.key.text), found);
        Entry { key: entry.key.clone(), value }
    };
    let texts: Vec<Entry> = entries.iter().map(each).collect();
    (!texts.is_empty()).then(|| Node::new(Value::Mapping(texts.into()), node.start, node.end))
}

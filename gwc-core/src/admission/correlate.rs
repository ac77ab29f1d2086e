//! Which old value a new one corresponds to, and whether it changed: the server tolerates what was invalid before and
//! did not change ("ratcheting").

use crate::admission::schema::{ListKind, NONE, SchemaNode};
use crate::yaml::{Node, Value};

/// A value and the old value at the same place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'n> {
    new: &'n Node,
    old: &'n Node,
    schema: &'static SchemaNode,
}

impl<'n> Pair<'n> {
    /// Pairs two values of one schema.
    pub(crate) fn new(new: &'n Node, old: &'n Node, schema: &'static SchemaNode) -> Self {
        Self { new, old, schema }
    }

    /// The pair under a key, if both have it and the schema knows it.
    pub(crate) fn key(self, key: &str) -> Option<Self> {
        Some(Self { new: self.new.get(key)?, old: self.old.get(key)?, schema: self.schema.child(key)? })
    }

    /// The pair of an item; only items of lists of type map correspond to old ones.
    pub(crate) fn index(self, index: usize) -> Option<Self> {
        let new = self.new.items().get(index)?;
        Some(Self { new, old: old_item(self.schema, self.old, new)?, schema: self.schema.item()? })
    }

    /// True where the server sees no change.
    pub(crate) fn unchanged(self) -> bool {
        match (&self.new.value, &self.old.value) {
            (Value::Sequence(new), Value::Sequence(old)) => new.len() == old.len() && self.items_unchanged(new.len()),
            (Value::Mapping(new), Value::Mapping(old)) => {
                // `metadata`, of which the schema knows nothing, always counts as changed; and with it the root.
                let opaque = self.schema.properties().is_empty() && self.schema.additional == NONE;
                let same = |key: &str| self.key(key).is_some_and(Self::unchanged);
                !opaque && new.len() == old.len() && new.iter().all(|entry| same(&entry.key.text))
            }
            _ => same(self.new, self.old),
        }
    }

    fn items_unchanged(self, count: usize) -> bool {
        if self.schema.list == ListKind::Map {
            (0..count).all(|index| self.index(index).is_some_and(Self::unchanged))
        } else {
            same(self.new, self.old)
        }
    }
}

/// The item of `old` with the keys of `new`, for lists of type map.
pub(crate) fn old_item<'n>(schema: &SchemaNode, old: &'n Node, new: &Node) -> Option<&'n Node> {
    let keys = schema.keys();
    if schema.list != ListKind::Map || keys.is_empty() || !has_scalars(new, keys) {
        return None;
    }
    let fits =
        |item: &&Node| keys.iter().all(|key| matches!((item.get(key), new.get(key)), (Some(a), Some(b)) if same(a, b)));
    old.items().iter().find(fits)
}

fn has_scalars(item: &Node, keys: &[&str]) -> bool {
    keys.iter().all(|key| {
        item.get(key).is_some_and(|value| match value.value {
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => true,
            Value::Null | Value::Sequence(_) | Value::Mapping(_) => false,
        })
    })
}

/// Equal values, wherever they are written and in whatever order keys come.
#[must_use]
pub(crate) fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Sequence(a), Value::Sequence(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Mapping(entries), Value::Mapping(other)) => {
            let fits = |key: &str, value: &Node| b.get(key).is_some_and(|found| same(value, found));
            entries.len() == other.len() && entries.iter().all(|entry| fits(&entry.key.text, &entry.value))
        }
        (a, b) => a == b,
    }
}

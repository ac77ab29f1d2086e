//! Field paths: `spec.rules[0].matches` for people, `/spec/rules/0/matches` (RFC 6901) for tools.

use std::fmt;

use compact_str::CompactString;

use crate::yaml::{Node, Value};

/// One step downwards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key of a mapping.
    Field(CompactString),
    /// A key of a mapping whose keys are free (labels, annotations, header maps); shown as `[key]`.
    MapKey(CompactString),
    /// A position of a sequence, 0-based.
    Index(usize),
}

/// A path from the root of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The root.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// This path and a field below it.
    #[must_use]
    pub fn field(&self, key: &str) -> Self {
        self.step(Step::Field(key.into()))
    }

    /// This path and a free key below it.
    #[must_use]
    pub fn map_key(&self, key: &str) -> Self {
        self.step(Step::MapKey(key.into()))
    }

    /// This path and an item below it.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn step(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// RFC 6901 pointer; `""` for the root.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut out = String::new();
        for step in &self.0 {
            out.push('/');
            match step {
                Step::Field(key) | Step::MapKey(key) => out.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Step::Index(index) => out.push_str(&index.to_string()),
            }
        }
        out
    }

    /// The path of the innermost node or key of `root` that holds the byte `offset`; the root for a foreign offset.
    #[must_use]
    pub fn of_offset(root: &Node, offset: u32) -> Self {
        let mut path = Self::root();
        let mut node = root;
        while let Some((step, child)) = child_at(node, offset) {
            path.0.push(step);
            node = child;
        }
        path
    }

    /// The node at this path below `root`.
    #[must_use]
    pub fn resolve<'n>(&self, root: &'n Node) -> Option<&'n Node> {
        self.0.iter().try_fold(root, |node, step| match step {
            Step::Field(key) | Step::MapKey(key) => node.get(key),
            Step::Index(index) => node.items().get(*index),
        })
    }
}

/// The child of `node` that holds `offset`.
fn child_at(node: &Node, offset: u32) -> Option<(Step, &Node)> {
    match &node.value {
        Value::Mapping(entries) => {
            let entry = entries.iter().find(|entry| {
                let in_key = entry.key.start <= offset && offset < entry.key.end;
                in_key || (entry.value.start <= offset && offset < entry.value.end)
            })?;
            Some((Step::Field(entry.key.text.clone()), &entry.value))
        }
        Value::Sequence(items) => {
            let index = items.iter().position(|item| item.start <= offset && offset < item.end)?;
            Some((Step::Index(index), &items[index]))
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => None,
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(key) if position == 0 => f.write_str(key)?,
                Step::Field(key) => write!(f, ".{key}")?,
                Step::MapKey(key) => write!(f, "[{key}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

//! Where the engine is in a document: a chain of steps on the stack, turned into a path only when there is an error.

use crate::admission::{Cause, Check, FieldError, UnknownField};
use crate::yaml::path::{Path, Step};
use crate::yaml::{Key, Node};

/// A place below the root.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Here<'p> {
    /// The root.
    Root,
    /// A property of the place before.
    Field(&'p Self, &'p str),
    /// A free key of the place before.
    MapKey(&'p Self, &'p str),
    /// An item of the place before.
    Item(&'p Self, usize),
}

impl Here<'_> {
    /// The steps as a path.
    pub(crate) fn path(&self) -> Path {
        let mut steps = Vec::new();
        let mut here = self;
        loop {
            let (parent, step) = match here {
                Self::Root => break,
                Self::Field(parent, key) => (*parent, Step::Field((*key).into())),
                Self::MapKey(parent, key) => (*parent, Step::MapKey((*key).into())),
                Self::Item(parent, index) => (*parent, Step::Index(*index)),
            };
            steps.push(step);
            here = parent;
        }
        steps.reverse();
        Path(steps)
    }

    /// An unknown field under `key` here.
    pub(crate) fn unknown(&self, key: &Key) -> UnknownField {
        UnknownField { path: self.path().field(&key.text), start: key.start, end: key.end }
    }
}

/// An error at a node.
pub(crate) fn error_at(here: &Here<'_>, node: &Node, cause: Cause, check: Check, detail: String) -> FieldError {
    FieldError { path: here.path(), cause, check, detail, start: node.start, end: node.end }
}

/// An error about something that is missing in a mapping: shown at the mapping's first key.
pub(crate) fn error_in(path: Path, mapping: &Node, cause: Cause, check: Check, detail: String) -> FieldError {
    let (start, end) =
        mapping.entries().first().map_or((mapping.start, mapping.end), |entry| (entry.key.start, entry.key.end));
    FieldError { path, cause, check, detail, start, end }
}

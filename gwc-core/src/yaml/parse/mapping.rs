//! A mapping while it is read: its entries so far and quick look-up of repeated keys.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::yaml::{Entry, Key};

/// Mappings with more keys than this look repeats up in a table.
const SMALL_MAPPING: usize = 16;

/// What waits for a value in a mapping.
#[derive(Debug)]
pub(super) enum Pending {
    /// An ordinary key.
    Key(Key),
    /// `<<`.
    Merge,
    /// A key that cannot be one; a problem says so.
    Bad,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    pub(super) entries: Vec<Entry>,
    /// Positions by key, once there are many.
    index: Option<FxHashMap<CompactString, usize>>,
    /// Keys that a merge brought in: writing them again is no repeat.
    pub(super) merged: FxHashSet<CompactString>,
    pub(super) pending: Option<Pending>,
}

impl Mapping {
    /// Where a key stands.
    pub(super) fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(key).copied(),
            None => self.entries.iter().position(|entry| entry.key.text == key),
        }
    }

    /// Adds an entry whose key is new.
    pub(super) fn push(&mut self, entry: Entry) {
        let position = self.entries.len();
        if let Some(index) = &mut self.index {
            index.insert(entry.key.text.clone(), position);
        }
        self.entries.push(entry);
        if self.index.is_none() && self.entries.len() > SMALL_MAPPING {
            let keys = self.entries.iter().enumerate();
            self.index = Some(keys.map(|(at, entry)| (entry.key.text.clone(), at)).collect());
        }
    }
}

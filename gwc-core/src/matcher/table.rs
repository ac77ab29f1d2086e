//! Open addressing over short texts: 16-byte slots, key bytes in one arena, built once in the order of the hashes.
//!
//! The index is the upper half of the hash times the number of slots, so sorted hashes fill the table from left to right,
//! no slot wraps around, and a search ends at the first slot with a larger hash. Knows nothing of hosts and paths.

use std::mem::size_of_val;

use crate::matcher::hash::same;

/// What a key leads to: a number, or a list at that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target(u32);

impl Target {
    /// Nothing.
    pub(super) const NONE: Self = Self(u32::MAX);
    const LIST: u32 = 1 << 31;

    /// The number itself.
    pub(super) fn one(number: u32) -> Self {
        Self(number & !Self::LIST)
    }

    /// A list that starts there.
    pub(super) fn list(start: u32) -> Self {
        Self(start | Self::LIST)
    }

    #[inline]
    pub(super) fn is_list(self) -> bool {
        self.0 & Self::LIST != 0
    }

    #[inline]
    pub(super) fn number(self) -> u32 {
        self.0 & !Self::LIST
    }
}

/// Two families of keys with equal text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// A whole path, a whole name.
    Exact,
    /// The beginning of a path, the end of a name.
    Part,
}

/// Sixteen bytes.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// Upper half of the hash, so tags ascend from slot to slot; [`EMPTY`] has the largest.
    tag: u32,
    target: Target,
    /// Start of the key in the arena.
    start: u32,
    /// Length of the key and, in the lowest bit, its family.
    length: u32,
}

/// Keys that share a word of the filter on average: one in fifty absent keys passes it.
const KEYS_PER_WORD: u64 = 4;

const EMPTY: Slot = Slot { tag: u32::MAX, target: Target::NONE, start: 0, length: 0 };

/// A key on its way into a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pending<'k> {
    pub(super) hash: u64,
    pub(super) key: &'k str,
    pub(super) family: Family,
    /// Keys of different owners are different keys.
    pub(super) owner: u32,
}

impl Pending<'_> {
    fn same_key(&self, other: &Self) -> bool {
        self.owner == other.owner && self.family == other.family && self.key == other.key
    }
}

/// The table.
#[derive(Debug, Default)]
pub(super) struct Table {
    slots: Box<[Slot]>,
    /// Indexes that hashes are spread over; the slots behind them take what runs over.
    spread: u64,
    keys: Box<[u8]>,
    /// Two bits for each key, in one of `filter.len()` words: most keys that are not there end here, in memory that is
    /// small enough to stay in a cache.
    filter: Box<[u64]>,
}

impl Table {
    /// Builds a table; `target` is asked once for each distinct key with the positions of its pendings, ascending.
    pub(super) fn build(pendings: &[Pending<'_>], mut target: impl FnMut(&[u32]) -> Target) -> Self {
        let numbered = pendings.iter().zip(0u32..);
        let mut order: Vec<(u64, u32)> = numbered.map(|(pending, position)| (pending.hash, position)).collect();
        order.sort_unstable();
        let mut groups = Groups { pendings, order: &order, open: Vec::new(), group: Vec::new() };
        let n_keys = order.chunk_by(|one, next| one.0 == next.0).count() as u64;
        let spread = n_keys + n_keys / 2 + 1;
        let n_bytes = pendings.iter().map(|pending| pending.key.len()).sum();
        let mut filling = Filling { slots: Vec::new(), spread, keys: Vec::with_capacity(n_bytes) };
        filling.slots.reserve_exact(usize::try_from(spread).unwrap_or(usize::MAX) + 16);
        while let Some(first) = groups.advance() {
            filling.put(&pendings[first as usize], target(&groups.group));
        }
        let mut filter = vec![0; usize::try_from(n_keys / KEYS_PER_WORD + 1).unwrap_or(1)];
        for (hash, _) in &order {
            let at = index(tag(*hash), filter.len() as u64);
            filter[at] |= bits(*hash);
        }
        filling.finish(filter)
    }

    /// False: no key has this hash.
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let bits = bits(hash);
        let word = self.filter.get(index(tag(hash), self.filter.len() as u64));
        word.is_some_and(|word| word & bits == bits)
    }

    /// What a key leads to; `accepts` tells keys of equal text and different owners apart.
    #[inline]
    pub(super) fn get(&self, hash: u64, family: Family, key: &[u8], accepts: impl Fn(Target) -> bool) -> Target {
        let (tag, length) = (tag(hash), pack(key.len(), family));
        let rest = self.slots.get(index(tag, self.spread)..).unwrap_or_default();
        for slot in rest {
            if slot.tag < tag {
                continue;
            }
            if slot.tag > tag {
                break;
            }
            if slot.length == length && self.holds(slot, key) && accepts(slot.target) {
                return slot.target;
            }
        }
        Target::NONE
    }

    #[inline]
    fn holds(&self, slot: &Slot, key: &[u8]) -> bool {
        let start = slot.start as usize;
        self.keys.get(start..start + key.len()).is_some_and(|own| same(own, key))
    }

    /// Bytes of slots and filter.
    pub(super) fn memory(&self) -> usize {
        size_of_val(&*self.slots) + size_of_val(&*self.filter)
    }

    /// Bytes of the keys.
    pub(super) fn text(&self) -> usize {
        self.keys.len()
    }
}

/// The upper half of the hash, never the largest number.
#[inline]
fn tag(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0).min(u32::MAX - 1)
}

#[inline]
fn index(tag: u32, spread: u64) -> usize {
    usize::try_from((u64::from(tag) * spread) >> 32).unwrap_or(usize::MAX)
}

/// Two bits, chosen by the half of the hash that is no tag.
#[inline]
fn bits(hash: u64) -> u64 {
    1 << (hash & 63) | 1 << (hash >> 6 & 63)
}

/// Length and family in one number. Keys of 2 GiB and more do not exist: requests are shorter.
#[inline]
fn pack(length: usize, family: Family) -> u32 {
    let family = match family {
        Family::Exact => 1,
        Family::Part => 0,
    };
    u32::try_from(length).unwrap_or(u32::MAX) << 1 | family
}

/// Pendings of one key after the other.
struct Groups<'p, 'k> {
    pendings: &'p [Pending<'k>],
    order: &'p [(u64, u32)],
    /// Pendings of the hash in work that belong to keys yet to come: almost always none.
    open: Vec<u32>,
    group: Vec<u32>,
}

impl Groups<'_, '_> {
    /// Makes `group` the next key's pendings; returns the first of them.
    fn advance(&mut self) -> Option<u32> {
        if self.open.is_empty() {
            let hash = self.order.first()?.0;
            let n = self.order.iter().take_while(|one| one.0 == hash).count();
            let (now, later) = self.order.split_at(n);
            self.order = later;
            self.open.extend(now.iter().map(|(_, position)| *position));
        }
        let first = *self.open.first()?;
        let key = &self.pendings[first as usize];
        self.group.clear();
        let (pendings, group) = (self.pendings, &mut self.group);
        self.open.retain(|position| {
            let same = pendings[*position as usize].same_key(key);
            if same {
                group.push(*position);
            }
            !same
        });
        Some(first)
    }
}

struct Filling {
    slots: Vec<Slot>,
    spread: u64,
    keys: Vec<u8>,
}

impl Filling {
    /// Takes keys in the order of their hashes.
    fn put(&mut self, pending: &Pending<'_>, target: Target) {
        let tag = tag(pending.hash);
        let home = index(tag, self.spread);
        if self.slots.len() < home {
            self.slots.resize(home, EMPTY);
        }
        let start = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.keys.extend_from_slice(pending.key.as_bytes());
        self.slots.push(Slot { tag, target, start, length: pack(pending.key.len(), pending.family) });
    }

    fn finish(mut self, filter: Vec<u64>) -> Table {
        let spread = usize::try_from(self.spread).unwrap_or(usize::MAX);
        // One empty slot behind the last: every search ends.
        let n = self.slots.len().max(spread) + 1;
        self.slots.resize(n, EMPTY);
        Table {
            slots: self.slots.into_boxed_slice(),
            spread: self.spread,
            keys: self.keys.into_boxed_slice(),
            filter: filter.into_boxed_slice(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending<'k>(hash: u64, key: &'k str, owner: u32) -> Pending<'k> {
        Pending { hash, key, family: Family::Part, owner }
    }

    #[test]
    fn equal_hashes_keep_their_keys_apart() {
        let pendings = [pending(7, "a", 0), pending(7, "b", 0), pending(7, "a", 0), pending(7, "a", 1)];
        let mut seen = Vec::new();
        let table = Table::build(&pendings, |group| {
            seen.push(group.to_vec());
            Target::one(group[0])
        });
        assert_eq!(seen, [vec![0, 2], vec![1], vec![3]]);
        assert_eq!(table.get(7, Family::Part, b"b", |_| true), Target::one(1));
        assert_eq!(table.get(7, Family::Part, b"a", |target| target != Target::one(0)), Target::one(3));
        assert_eq!(table.get(7, Family::Exact, b"a", |_| true), Target::NONE);
        assert_eq!(table.get(7, Family::Part, b"c", |_| true), Target::NONE);
    }

    #[test]
    fn the_last_slots_run_over_without_wrapping() {
        let pendings: Vec<_> =
            ["a", "b", "c", "d"].into_iter().zip(0..).map(|(key, n)| pending(u64::MAX - n, key, 0)).collect();
        let table = Table::build(&pendings, |group| Target::one(group[0]));
        for (one, number) in pendings.iter().zip(0..) {
            assert_eq!(table.get(one.hash, Family::Part, one.key.as_bytes(), |_| true), Target::one(number));
        }
        assert_eq!(Table::default().get(3, Family::Part, b"", |_| true), Target::NONE);
    }
}

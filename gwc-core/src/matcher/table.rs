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
pub(super) struct Pending {
    hash: u64,
    start: u32,
    /// As in a [`Slot`].
    length: u32,
    /// Keys of different owners are different keys.
    pub(super) owner: u32,
}

impl Pending {
    pub(super) fn is_part(&self) -> bool {
        self.length & 1 == 0
    }
}

/// Keys on their way into a table. Their bytes are copied when they are at hand anyway: in the order of the hashes each
/// would be fetched from far away.
#[derive(Debug, Default)]
pub(super) struct Pendings {
    pub(super) all: Vec<Pending>,
    text: Vec<u8>,
}

impl Pendings {
    /// With room for `n` keys.
    pub(super) fn with_capacity(n: usize) -> Self {
        Self { all: Vec::with_capacity(n), text: Vec::with_capacity(n.saturating_mul(16)) }
    }

    /// Adds a key.
    pub(super) fn push(&mut self, hash: u64, key: &str, family: Family, owner: u32) {
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.extend_from_slice(key.as_bytes());
        self.all.push(Pending { hash, start, length: pack(key.len(), family), owner });
    }

    fn key(&self, pending: &Pending) -> &[u8] {
        text_of(&self.text, pending)
    }

    fn is_same(&self, one: &Pending, other: &Pending) -> bool {
        one.owner == other.owner && one.length == other.length && self.key(one) == self.key(other)
    }
}

fn text_of<'t>(text: &'t [u8], pending: &Pending) -> &'t [u8] {
    let start = pending.start as usize;
    text.get(start..start + (pending.length >> 1) as usize).unwrap_or_default()
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
    pub(super) fn build(pendings: Pendings, mut target: impl FnMut(&[u32]) -> Target) -> (Self, Vec<Pending>) {
        let numbered = pendings.all.iter().zip(0u32..);
        let mut order: Vec<(u64, u32)> = numbered.map(|(pending, position)| (pending.hash, position)).collect();
        order.sort_unstable();
        let mut groups = Groups { pendings: &pendings, order: &order, open: Vec::new(), group: Vec::new() };
        let n_keys = order.chunk_by(|one, next| one.0 == next.0).count() as u64;
        let spread = n_keys + n_keys / 2 + 1;
        let mut filling = Filling { slots: Vec::new(), spread };
        filling.slots.reserve_exact(usize::try_from(spread).unwrap_or(usize::MAX) + 16);
        while let Some(first) = groups.advance() {
            filling.put(&pendings.all[first as usize], target(&groups.group));
        }
        let mut filter = vec![0; usize::try_from(n_keys / KEYS_PER_WORD + 1).unwrap_or(1)];
        for (hash, _) in &order {
            let at = index(tag(*hash), filter.len() as u64);
            filter[at] |= bits(*hash);
        }
        let Pendings { all, text } = pendings;
        (filling.finish(text, filter), all)
    }

    /// The text of a key that the table was built of.
    pub(super) fn text_of(&self, pending: &Pending) -> &[u8] {
        text_of(&self.keys, pending)
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
struct Groups<'p> {
    pendings: &'p Pendings,
    order: &'p [(u64, u32)],
    /// Pendings of the hash in work that belong to keys yet to come: almost always none.
    open: Vec<u32>,
    group: Vec<u32>,
}

impl Groups<'_> {
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
        let key = &self.pendings.all[first as usize];
        self.group.clear();
        let (pendings, group) = (self.pendings, &mut self.group);
        self.open.retain(|position| {
            let same = *position == first || pendings.is_same(&pendings.all[*position as usize], key);
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
}

impl Filling {
    /// Takes keys in the order of their hashes.
    fn put(&mut self, pending: &Pending, target: Target) {
        let tag = tag(pending.hash);
        let home = index(tag, self.spread);
        if self.slots.len() < home {
            self.slots.resize(home, EMPTY);
        }
        self.slots.push(Slot { tag, target, start: pending.start, length: pending.length });
    }

    fn finish(mut self, keys: Vec<u8>, filter: Vec<u64>) -> Table {
        let spread = usize::try_from(self.spread).unwrap_or(usize::MAX);
        // One empty slot behind the last: every search ends.
        let n = self.slots.len().max(spread) + 1;
        self.slots.resize(n, EMPTY);
        Table {
            slots: self.slots.into_boxed_slice(),
            spread: self.spread,
            keys: keys.into_boxed_slice(),
            filter: filter.into_boxed_slice(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pendings(keys: &[(u64, &str, u32)]) -> Pendings {
        let mut pendings = Pendings::default();
        keys.iter().for_each(|(hash, key, owner)| pendings.push(*hash, key, Family::Part, *owner));
        pendings
    }

    #[test]
    fn equal_hashes_keep_their_keys_apart() {
        let pendings = pendings(&[(7, "a", 0), (7, "b", 0), (7, "a", 0), (7, "a", 1)]);
        let mut seen = Vec::new();
        let (table, _) = Table::build(pendings, |group| {
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
        let keys: Vec<_> = ["a", "b", "c", "d"].into_iter().zip(0..).map(|(key, n)| (u64::MAX - n, key, 0)).collect();
        let (table, _) = Table::build(pendings(&keys), |group| Target::one(group[0]));
        for ((hash, key, _), number) in keys.into_iter().zip(0..) {
            assert_eq!(table.get(hash, Family::Part, key.as_bytes(), |_| true), Target::one(number));
        }
        assert_eq!(Table::default().get(3, Family::Part, b"", |_| true), Target::NONE);
    }
}

//! A path with the places of its slashes, where a prefix may end, and with what its beginnings hash to.

use crate::matcher::hash;

/// Bytes that are looked at at once: one bit each.
const HEAD: usize = 64;

/// A path of a request.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    bytes: &'p [u8],
    seed: u64,
    /// Bit i: byte i of the first 64 is a slash.
    slashes: u64,
    /// State of the hash behind each whole word of the first 64 bytes.
    states: [u64; HEAD / 8 + 1],
    /// Slashes in the whole path.
    pub(super) depth: usize,
}

/// A beginning of a path that a prefix may equal: it ends before a slash, or with the path.
#[derive(Clone, Copy)]
pub(super) struct Beginning<'p> {
    /// Its bytes.
    pub(super) bytes: &'p [u8],
    /// Slashes in it.
    pub(super) depth: usize,
}

impl<'p> Path<'p> {
    #[inline]
    pub(super) fn new(path: &'p str, seed: u64) -> Self {
        let bytes = path.as_bytes();
        let (head, tail) = bytes.split_at(bytes.len().min(HEAD));
        let (words, rest) = head.as_chunks::<8>();
        let mut states = [seed; HEAD / 8 + 1];
        let (mut state, mut slashes) = (seed, 0);
        for (n, word) in words.iter().enumerate().take(HEAD / 8) {
            let word = u64::from_le_bytes(*word);
            slashes |= slashes_in_word(word) << (n * 8);
            state = hash::step(state, word);
            states[n + 1] = state;
        }
        if !rest.is_empty() {
            slashes |= slashes_in_word(hash::word(head, words.len() * 8, rest.len())) << (words.len() * 8);
        }
        let more = if tail.is_empty() { 0 } else { tail.iter().filter(|byte| **byte == b'/').count() };
        Self { bytes, seed, slashes, states, depth: slashes.count_ones() as usize + more }
    }

    #[inline]
    pub(super) fn bytes(&self) -> &'p [u8] {
        self.bytes
    }

    /// Hash of the first `end` bytes.
    #[inline]
    pub(super) fn hash(&self, end: usize, salt: u64) -> u64 {
        if end > HEAD {
            return hash::of(self.seed, salt, self.bytes.get(..end).unwrap_or_default());
        }
        let state = self.states.get(end / 8).copied().unwrap_or_default();
        hash::last(state, hash::word(self.bytes, end & !7, end % 8), end, salt)
    }

    /// Can anything equal it as a whole and not only before its last slash?
    #[inline]
    pub(super) fn ends_in_slash(&self) -> bool {
        self.bytes.last() == Some(&b'/')
    }

    /// Are all places known where a prefix of at most `depth` slashes may end?
    #[inline]
    pub(super) fn knows(&self, depth: usize) -> bool {
        self.bytes.len() <= HEAD || self.slashes.count_ones() as usize > depth
    }

    /// Beginnings that end before a slash of the first 64 bytes, the longest first.
    #[inline]
    pub(super) fn shrinking(&self) -> impl Iterator<Item = Beginning<'p>> + use<'p> {
        let (bytes, mut left) = (self.bytes, self.slashes);
        std::iter::from_fn(move || {
            let at = 63u32.checked_sub(left.leading_zeros())?;
            left &= !(1 << at);
            Some(Beginning { bytes: bytes.get(..at as usize)?, depth: left.count_ones() as usize })
        })
    }

    /// All beginnings from the shortest to the path itself, with their hashes: for long paths, one pass over the bytes.
    pub(super) fn growing(&self, salt: u64) -> impl Iterator<Item = (u64, Beginning<'p>)> + use<'p> {
        let bytes = self.bytes;
        let mut stream = hash::Stream::new(self.seed, bytes);
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at).chain([bytes.len()]);
        ends.enumerate().filter_map(move |(depth, end)| {
            let beginning = Beginning { bytes: bytes.get(..end)?, depth };
            Some((stream.up_to(end, salt), beginning))
        })
    }
}

/// One bit per byte that is a slash.
#[inline]
fn slashes_in_word(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let differing = word ^ 0x2f2f_2f2f_2f2f_2f2f;
    // The upper bit of each byte that is zero, exact: no carry leaves a byte.
    let zero = !(((differing & LOW) + LOW) | differing | LOW);
    (zero >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Bit of a depth in a mask; the last stands for all from 63 on.
#[inline]
pub(super) fn bit(depth: usize) -> u64 {
    1 << depth.min(63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_are_found_in_every_place() {
        for length in 0..=80 {
            for at in 0..length {
                let mut bytes = vec![b'.'; length];
                bytes[at] = b'/';
                let text = String::from_utf8(bytes).unwrap();
                let path = Path::new(&text, 3);
                assert_eq!(
                    (path.slashes, path.depth),
                    (1u64.checked_shl(at as u32).unwrap_or(0), 1),
                    "{at} of {length}"
                );
            }
        }
        assert_eq!(Path::new(&"/".repeat(64), 3).slashes, u64::MAX);
        assert_eq!(Path::new("\u{af}\u{2f0}", 3).depth, 0);
    }

    #[test]
    fn beginnings_shrink_and_grow_alike() {
        for text in ["/a//b/".to_owned(), format!("/long{}/b", "x".repeat(70))] {
            let path = Path::new(&text, 3);
            let growing: Vec<_> = path.growing(7).map(|(hash, one)| (hash, one.bytes, one.depth)).collect();
            for (hash, bytes, _) in &growing {
                assert_eq!((path.hash(bytes.len(), 7), hash::of(3, 7, bytes)), (*hash, *hash));
            }
            let shrinking: Vec<_> = path.shrinking().map(|one| (one.bytes, one.depth)).collect();
            let expected: Vec<_> = growing.iter().map(|(_, bytes, depth)| (*bytes, *depth)).collect();
            let known = expected.iter().rev().skip(1).copied().filter(|(bytes, _)| bytes.len() < 64);
            assert_eq!(shrinking, known.collect::<Vec<_>>());
        }
    }
}

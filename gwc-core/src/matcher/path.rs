//! A path with the places of its slashes: where a prefix may end.

use crate::matcher::hash;

/// A path of a request.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    bytes: &'p [u8],
    /// Bit i: byte i of the first 64 is a slash.
    slashes: u64,
    /// Slashes in the whole path.
    pub(super) depth: usize,
}

/// A beginning of a path that a prefix may equal: it ends before a slash, or with the path.
pub(super) struct Beginning<'p> {
    /// Its bytes.
    pub(super) bytes: &'p [u8],
    /// Slashes in it.
    pub(super) depth: usize,
}

impl<'p> Path<'p> {
    #[inline]
    pub(super) fn new(path: &'p str) -> Self {
        let bytes = path.as_bytes();
        let (head, tail) = bytes.split_at(bytes.len().min(64));
        let slashes = slashes(head);
        let more = tail.iter().filter(|byte| **byte == b'/').count();
        Self { bytes, slashes, depth: slashes.count_ones() as usize + more }
    }

    #[inline]
    pub(super) fn bytes(&self) -> &'p [u8] {
        self.bytes
    }

    /// Can anything equal it as a whole and not only before its last slash?
    #[inline]
    pub(super) fn ends_in_slash(&self) -> bool {
        self.bytes.last() == Some(&b'/')
    }

    /// Are all places known where a prefix of at most `depth` slashes may end?
    #[inline]
    pub(super) fn knows(&self, depth: usize) -> bool {
        self.bytes.len() <= 64 || self.slashes.count_ones() as usize > depth
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
    pub(super) fn growing(&self, seed: u64) -> impl Iterator<Item = (u64, Beginning<'p>)> + use<'p> {
        let bytes = self.bytes;
        let mut stream = hash::Stream::new(seed, bytes);
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at).chain([bytes.len()]);
        ends.enumerate().filter_map(move |(depth, end)| {
            let beginning = Beginning { bytes: bytes.get(..end)?, depth };
            Some((stream.up_to(end), beginning))
        })
    }
}

/// Bit i: byte i is a slash; `bytes` has at most 64.
#[inline]
fn slashes(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut found = 0;
    for (n, word) in words.iter().enumerate() {
        found |= slashes_in_word(u64::from_le_bytes(*word)) << (n * 8);
    }
    for (n, byte) in rest.iter().enumerate() {
        found |= u64::from(*byte == b'/') << (words.len() * 8 + n);
    }
    found
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
        for length in 0..=64 {
            for at in 0..length {
                let mut bytes = vec![b'.'; length];
                bytes[at] = b'/';
                assert_eq!(slashes(&bytes), 1 << at, "{at} of {length}");
            }
        }
        assert_eq!(slashes(&[b'/'; 64]), u64::MAX);
        assert_eq!(slashes(&[0xaf; 64]), 0);
    }

    #[test]
    fn beginnings_shrink_and_grow_alike() {
        let path = Path::new("/a//b/");
        let shrinking: Vec<_> = path.shrinking().map(|one| (one.bytes, one.depth)).collect();
        assert_eq!(shrinking, [(&b"/a//b"[..], 3), (b"/a/", 2), (b"/a", 1), (b"", 0)]);
        let growing: Vec<_> = path.growing(3).map(|(hash, one)| (hash, one.bytes, one.depth)).collect();
        let expected = shrinking.iter().rev().copied().chain([(path.bytes(), 4)]);
        let expected: Vec<_> = expected.map(|(bytes, depth)| (hash::of(3, bytes), bytes, depth)).collect();
        assert_eq!(growing, expected);
    }
}

//! The hash of keys: seeded, eight bytes at a time, and cheap for every prefix of one text.
//!
//! Keys are always compared after a hit, so a collision costs time only; the seed is drawn per process (by the caller),
//! so nobody can choose colliding requests.

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
const LAST: u64 = 0xd6e8_feb8_6659_fd93;
const LENGTH: u64 = 0xa076_1d64_78bd_642f;

/// Both halves of the product: every bit of the result depends on every bit of the factors.
#[inline]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves are wanted")]
    let halves = (product as u64, (product >> 64) as u64);
    halves.0 ^ halves.1
}

/// What sets the keys of one owner apart from equal texts of others; of owner 0 for tables without owners.
#[inline]
pub(super) fn salt(owner: u32) -> u64 {
    u64::from(owner).wrapping_mul(STEP)
}

/// Hash of a text.
#[inline]
pub(super) fn of(seed: u64, salt: u64, text: &[u8]) -> u64 {
    Stream::new(seed, text).up_to(text.len(), salt)
}

/// The state behind one more word.
#[inline]
pub(super) fn step(state: u64, word: u64) -> u64 {
    fold(state ^ word, STEP)
}

/// The hash of the first `end` bytes, from the state behind their whole words and the rest as a word.
#[inline]
pub(super) fn last(state: u64, rest: u64, end: usize, salt: u64) -> u64 {
    fold(state ^ rest, LAST ^ salt ^ (end as u64).wrapping_mul(LENGTH))
}

/// Hashes of growing prefixes of one text, each byte read once.
pub(super) struct Stream<'t> {
    text: &'t [u8],
    state: u64,
    /// Bytes that `state` covers, a multiple of eight.
    done: usize,
}

impl<'t> Stream<'t> {
    #[inline]
    pub(super) fn new(seed: u64, text: &'t [u8]) -> Self {
        Self { text, state: seed, done: 0 }
    }

    /// Equal to [`of`] the first `end` bytes; `end` must not shrink from call to call.
    #[inline]
    pub(super) fn up_to(&mut self, end: usize, salt: u64) -> u64 {
        while end - self.done >= 8 {
            self.state = step(self.state, word(self.text, self.done, 8));
            self.done += 8;
        }
        last(self.state, word(self.text, self.done, end - self.done), end, salt)
    }
}

/// `n` (at most 8) bytes from `at` on as a little-endian number; bytes beyond the text count as zero.
#[inline]
pub(super) fn word(text: &[u8], at: usize, n: usize) -> u64 {
    let mask = if n >= 8 { u64::MAX } else { (1u64 << (n * 8)) - 1 };
    if let Some(bytes) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        return u64::from_le_bytes(*bytes) & mask;
    }
    if let Some(bytes) = text.last_chunk::<8>() {
        // The last eight bytes hold what is wanted in their upper part.
        let before = (at + 8 - text.len()).min(8);
        return u64::from_le_bytes(*bytes).checked_shr(u32::try_from(before * 8).unwrap_or(64)).unwrap_or(0) & mask;
    }
    let rest = text.get(at..).unwrap_or_default().iter().take(n);
    rest.rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// Are two texts of one length equal? Quicker than the general comparison for short ones.
#[inline]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    let (Some(last), Some(other_last)) = (one.last_chunk::<8>(), other.last_chunk::<8>()) else {
        return word(one, 0, one.len()) == word(other, 0, other.len());
    };
    let (words, other_words) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
    last == other_last && words.iter().zip(other_words).all(|(word, other)| word == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_hashes_like_the_same_text_alone() {
        let text: Vec<u8> = (0..100u8).map(|n| n.wrapping_mul(7) ^ 3).collect();
        for length in 0..text.len() {
            let mut stream = Stream::new(9, &text[..length]);
            for end in 0..=length {
                assert_eq!(stream.up_to(end, 5), of(9, 5, &text[..end]), "{end} of {length}");
            }
        }
    }

    #[test]
    fn seeds_salts_lengths_and_zeros_count() {
        assert_ne!(of(1, 0, b"a"), of(2, 0, b"a"));
        assert_ne!(of(1, salt(1), b"a"), of(1, salt(2), b"a"));
        assert_ne!(of(1, 0, b""), of(1, 0, b"\0"));
        assert_ne!(of(1, 0, b"aaaaaaaa"), of(1, 0, b"aaaaaaaa\0"));
    }

    #[test]
    fn every_byte_counts_in_a_comparison() {
        let text: Vec<u8> = (0..40).collect();
        for length in 0..text.len() {
            assert!(same(&text[..length], &text[..length]));
            for at in 0..length {
                let mut other = text[..length].to_vec();
                other[at] ^= 0x80;
                assert!(!same(&text[..length], &other), "{at} of {length}");
            }
        }
    }
}

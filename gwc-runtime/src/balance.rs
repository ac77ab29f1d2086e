//! Which backend of a rule gets the next request: exact shares by one counter that all workers share.
//!
//! Every request of the official suite is a new connection, so a counter per connection or worker would not do; a
//! random pick misses the suite's band too often (routing.md §5.1).

use std::sync::atomic::{AtomicU64, Ordering};

use gwc_core::value::gcd;

/// Longest period that is written out.
const LONGEST: u64 = 1024;

/// Weights of two or more backends.
#[derive(Debug)]
pub(crate) struct Weights {
    next: AtomicU64,
    order: Order,
}

#[derive(Debug)]
enum Order {
    /// One period of smooth weighted round robin: positions of backends.
    Sequence(Box<[u16]>),
    /// Too long to write out: steps over the running sums. A step that has no divisor in common with the sum visits
    /// every position once in a period.
    Steps { sums: Box<[u64]>, step: u64 },
}

impl Weights {
    /// Of weights of which two or more are not zero. They begin at any turn: if each reload began at the first, the
    /// first backend would get more than its share of requests between reloads.
    pub(crate) fn new(weights: &[u32], turn: u64) -> Self {
        let divisor = weights.iter().map(|weight| u64::from(*weight)).fold(0, gcd).max(1);
        let shares: Vec<u64> = weights.iter().map(|weight| u64::from(*weight) / divisor).collect();
        let total: u64 = shares.iter().sum();
        let order = if total <= LONGEST { Order::Sequence(sequence(&shares, total)) } else { steps(&shares, total) };
        Self { next: AtomicU64::new(turn), order }
    }

    /// Position of the backend for the next request.
    pub(crate) fn pick(&self) -> usize {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        match &self.order {
            Order::Sequence(sequence) => {
                let turn = turn % (sequence.len().max(1) as u64);
                sequence.get(usize::try_from(turn).unwrap_or(0)).map_or(0, |position| usize::from(*position))
            }
            Order::Steps { sums, step } => {
                let total = sums.last().copied().unwrap_or(1).max(1);
                // A turn below the sum keeps the product below 2^64: sums are below 2^25.
                let at = (turn % total) * step % total;
                sums.partition_point(|sum| *sum <= at)
            }
        }
    }
}

/// Smooth weighted round robin: in each turn everyone gains its weight, the first of the richest pays the sum.
fn sequence(shares: &[u64], total: u64) -> Box<[u16]> {
    let mut wealth = vec![0i64; shares.len()];
    let gains: Vec<i64> = shares.iter().map(|share| i64::try_from(*share).unwrap_or(0)).collect();
    let price = i64::try_from(total).unwrap_or(i64::MAX);
    let turn = |_| {
        let mut richest = 0;
        for (position, gain) in gains.iter().enumerate() {
            wealth[position] += gain;
            if wealth[position] > wealth[richest] {
                richest = position;
            }
        }
        if let Some(own) = wealth.get_mut(richest) {
            *own -= price;
        }
        u16::try_from(richest).unwrap_or(0)
    };
    (0..total).map(turn).collect()
}

fn steps(shares: &[u64], total: u64) -> Order {
    let sums = shares.iter().scan(0, |sum, share| {
        *sum += share;
        Some(*sum)
    });
    // Near the golden section of the sum, so that neighbours in time are far apart.
    let golden = total / 1_000 * 618 + 1;
    let step = (golden..golden + total).find(|step| gcd(*step, total) == 1).unwrap_or(1);
    Order::Steps { sums: sums.collect(), step }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(weights: &[u32], picks: u64) -> Vec<u64> {
        let own = Weights::new(weights, 0);
        let mut counts = vec![0; weights.len()];
        (0..picks).for_each(|_| counts[own.pick()] += 1);
        counts
    }

    #[test]
    fn shares_are_exact_over_a_period() {
        assert_eq!(counts(&[70, 30, 0], 10), [7, 3, 0]);
        assert_eq!(counts(&[1, 1], 2), [1, 1]);
        assert_eq!(counts(&[5, 1, 1], 7), [5, 1, 1]);
        assert_eq!(counts(&[0, 0, 3, 1], 4), [0, 0, 3, 1]);
        assert_eq!(counts(&[900_001, 100_000, 7], 1_000_008), [900_001, 100_000, 7]);
        assert_eq!(counts(&[1_000_000, 999_999], 1_999_999), [1_000_000, 999_999]);
    }

    #[test]
    fn turns_are_spread() {
        let own = Weights::new(&[5, 1, 1], 0);
        let first: Vec<usize> = (0..7).map(|_| own.pick()).collect();
        assert_eq!(first, [0, 0, 1, 0, 2, 0, 0]);
    }

    #[test]
    fn every_window_is_close_to_the_share() {
        let own = Weights::new(&[700_001, 299_999], u64::MAX - 99);
        let mut picks: Vec<usize> = (0..5_000).map(|_| own.pick()).collect();
        for window in picks.chunks_mut(500) {
            let first = window.iter().filter(|pick| **pick == 0).count();
            assert!((330..=370).contains(&first), "{first} of 500");
        }
    }
}

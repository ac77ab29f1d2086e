//! Names to numbers: the exact name, else the longest wildcard, else any name (routing.md §1.2).

use crate::matcher::hash;
use crate::matcher::table::{Family, Pendings, Table, Target};
use crate::value::Hostname;

/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// Hostnames, each with a number.
#[derive(Debug)]
pub(super) struct HostTable {
    table: Table,
    seed: u64,
    /// Bit d: a wildcard with d dots exists; bit 63: with 63 or more.
    wildcard_dots: u64,
    any: u32,
}

impl HostTable {
    /// Builds a table of `hosts` in order; `number` is asked once for each distinct hostname with the positions in
    /// `hosts` where it stands, ascending.
    pub(super) fn build(hosts: &[Option<&Hostname>], seed: u64, mut number: impl FnMut(&[u32]) -> u32) -> Self {
        let mut pendings = Pendings::with_capacity(hosts.len());
        let mut positions = Vec::with_capacity(hosts.len());
        let mut anywhere = Vec::new();
        let mut wildcard_dots = 0;
        for (host, position) in hosts.iter().zip(0u32..) {
            let (key, family) = match host {
                None => {
                    anywhere.push(position);
                    continue;
                }
                Some(Hostname::Exact(name)) => (name, Family::Exact),
                Some(Hostname::Wildcard(suffix)) => {
                    wildcard_dots |= bit(suffix.bytes().filter(|byte| *byte == b'.').count());
                    (suffix, Family::Part)
                }
            };
            pendings.push(hash::of(seed, 0, key.as_bytes()), key, family, 0);
            positions.push(position);
        }
        let any = if anywhere.is_empty() { NONE } else { number(&anywhere) };
        let mut group: Vec<u32> = Vec::new();
        let (table, _) = Table::build(pendings, |found| {
            group.clear();
            group.extend(found.iter().map(|one| positions[*one as usize]));
            Target::one(number(&group))
        });
        Self { table, seed, wildcard_dots, any }
    }

    /// The number of the narrowest hostname that covers a name.
    #[inline]
    pub(super) fn get(&self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return self.any };
        let key = name.as_bytes();
        let target = self.table.get(hash::of(self.seed, 0, key), Family::Exact, key, |_| true);
        if target == Target::NONE { self.wider(name) } else { target.number() }
    }

    /// The number of the narrowest wildcard that covers `name`, or of any name. For a suffix with its dot, of the
    /// narrowest hostname that is wider.
    #[inline]
    pub(super) fn wider(&self, name: &str) -> u32 {
        if self.wildcard_dots == 0 { self.any } else { self.wildcard(name.as_bytes()) }
    }

    fn wildcard(&self, name: &[u8]) -> u32 {
        let mut dots = name.iter().filter(|byte| **byte == b'.').count();
        for (at, byte) in name.iter().enumerate() {
            if *byte != b'.' {
                continue;
            }
            let suffix = &name[at..];
            // At least one character stands before the suffix.
            let mut target = Target::NONE;
            if at > 0 && self.wildcard_dots & bit(dots) != 0 {
                target = self.table.get(hash::of(self.seed, 0, suffix), Family::Part, suffix, |_| true);
            }
            if target != Target::NONE {
                return target.number();
            }
            dots -= 1;
        }
        self.any
    }

    /// Bytes beside the texts.
    pub(super) fn memory(&self) -> usize {
        self.table.memory()
    }

    /// Bytes of the texts.
    pub(super) fn text(&self) -> usize {
        self.table.text()
    }
}

fn bit(n: usize) -> u64 {
    1 << n.min(63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_hostname_counts() {
        let names = ["a.example.com", "*.example.com", "*.com", "*.b.example.com", "a.example.com"].map(Hostname::new);
        let mut hosts: Vec<Option<&Hostname>> = names.iter().map(Some).collect();
        hosts.push(None);
        let table = HostTable::build(&hosts, 5, |group| group[0]);
        for (name, expected) in [
            (Some("a.example.com"), 0),
            (Some("x.a.example.com"), 1),
            (Some("b.example.com"), 1),
            (Some("x.b.example.com"), 3),
            (Some("example.com"), 2),
            (Some(".example.com"), 2),
            (Some("com"), 5),
            (Some(""), 5),
            (None, 5),
        ] {
            assert_eq!(table.get(name), expected, "{name:?}");
        }
        assert_eq!(table.wider(".b.example.com"), 1);
        assert_eq!(table.wider(".com"), 5);
    }
}

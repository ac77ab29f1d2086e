//! What the matcher is compared with: one hash probe of host and path, a radix tree per host.

use std::hash::Hasher;

use gwc_core::ir::PathMatch;
use rustc_hash::{FxHashMap, FxHasher};

use crate::lookup::routes::{Request, Route};

/// One probe: the least that a router can do which knows every request beforehand.
pub(crate) struct Probe {
    slots: Vec<Slot>,
    text: Vec<u8>,
    mask: usize,
}

/// Sixteen bytes; without a path: empty.
#[derive(Clone, Copy, Default)]
struct Slot {
    tag: u32,
    number: u32,
    start: u32,
    host: u16,
    path: u16,
}

/// Index and tag.
#[expect(clippy::cast_possible_truncation, reason = "any bits do")]
fn hash(host: &str, path: &str) -> (usize, u32) {
    let mut hasher = FxHasher::default();
    hasher.write(host.as_bytes());
    hasher.write(path.as_bytes());
    let hash = hasher.finish();
    (hash as usize, (hash >> 32) as u32)
}

/// The benchmark's own sizes fit.
fn narrow<T: TryFrom<usize> + Default>(n: usize) -> T {
    T::try_from(n).unwrap_or_default()
}

impl Probe {
    pub(crate) fn new(requests: &[Request]) -> Self {
        let n_slots = (requests.len() * 3 / 2).next_power_of_two().max(2);
        let (mut slots, mut text, mask) = (vec![Slot::default(); n_slots], Vec::new(), n_slots - 1);
        for (number, request) in requests.iter().enumerate() {
            let (index, tag) = hash(&request.host, &request.path);
            let mut at = index & mask;
            while slots[at].path > 0 {
                at = (at + 1) & mask;
            }
            let (host, path) = (narrow(request.host.len()), narrow(request.path.len()));
            slots[at] = Slot { tag, number: narrow(number), start: narrow(text.len()), host, path };
            text.extend_from_slice(request.host.as_bytes());
            text.extend_from_slice(request.path.as_bytes());
        }
        Self { slots, text, mask }
    }

    pub(crate) fn find(&self, host: &str, path: &str) -> Option<usize> {
        let (index, tag) = hash(host, path);
        let mut at = index & self.mask;
        loop {
            let slot = self.slots[at];
            if slot.path == 0 {
                return None;
            }
            if tag == slot.tag && self.holds(slot, host, path) {
                return Some(slot.number as usize);
            }
            at = (at + 1) & self.mask;
        }
    }

    fn holds(&self, slot: Slot, host: &str, path: &str) -> bool {
        let (start, middle) = (slot.start as usize, slot.start as usize + slot.host as usize);
        self.text[start..middle] == *host.as_bytes()
            && self.text[middle..middle + slot.path as usize] == *path.as_bytes()
    }
}

/// A `matchit` router per host, wildcards by the suffixes of the name. Methods and headers are left out.
#[derive(Default)]
pub(crate) struct Radix {
    hosts: FxHashMap<String, matchit::Router<usize>>,
}

impl Radix {
    pub(crate) fn new(routes: &[Route]) -> Self {
        let mut radix = Self::default();
        for (number, route) in routes.iter().enumerate() {
            let host = route.host.strip_prefix('*').unwrap_or(&route.host);
            let router = radix.hosts.entry(host.to_owned()).or_default();
            // What is there already, stays.
            let _ = router.insert(route.path.value(), number);
            if let PathMatch::Prefix(prefix) = &route.path {
                let _ = router.insert(format!("{}/{{*rest}}", prefix.trim_end_matches('/')), number);
            }
        }
        radix
    }

    pub(crate) fn find(&self, host: &str, path: &str) -> Option<usize> {
        let at = |router: &matchit::Router<usize>| router.at(path).ok().map(|found| *found.value);
        if let Some(found) = self.hosts.get(host).and_then(at) {
            return Some(found);
        }
        let mut suffixes = host.match_indices('.').map(|(dot, _)| &host[dot..]);
        suffixes.find_map(|suffix| self.hosts.get(suffix).and_then(at))
    }
}

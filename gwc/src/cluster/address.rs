//! Addresses of Gateways (runtime-design.md §7.4): a pool with one address for each, or one that all share.
//!
//! The table lives here, at the edge; the compiler is told what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use gwc_core::value::ObjectKey;

/// What a Gateway asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Which Gateway.
    pub(crate) gateway: ObjectKey,
    /// Seconds since 1970; the older one comes first.
    pub(crate) created: Option<i64>,
    /// `spec.addresses` of type IPAddress with a value.
    pub(crate) requested: Vec<IpAddr>,
    /// Does it ask for an address without naming it?
    pub(crate) wants_any: bool,
    /// Addresses that it had before this process started.
    pub(crate) earlier: Vec<IpAddr>,
}

/// Where addresses come from.
#[derive(Debug)]
pub(crate) enum Addresses {
    /// `--address-pool`.
    Pool(Pool),
    /// `--publish-address`: every Gateway has it, and the oldest that asks for a port has the port.
    Shared(IpAddr),
}

impl Addresses {
    /// Addresses of each Gateway, after what they ask for now.
    pub(crate) fn assign(&mut self, mut wishes: Vec<Wish>) -> BTreeMap<ObjectKey, Vec<IpAddr>> {
        wishes.sort_by(|a, b| (is_unknown(a), a.created, &a.gateway).cmp(&(is_unknown(b), b.created, &b.gateway)));
        match self {
            Self::Pool(pool) => pool.assign(&wishes),
            Self::Shared(address) => wishes.into_iter().map(|wish| (wish.gateway, vec![*address])).collect(),
        }
    }

    /// Where a Gateway with this address is bound.
    pub(crate) fn bind(&self, address: IpAddr) -> IpAddr {
        match (self, address) {
            (Self::Pool(_), _) => address,
            // What is published may be the address of something before this machine.
            (Self::Shared(_), IpAddr::V4(_)) => Ipv4Addr::UNSPECIFIED.into(),
            (Self::Shared(_), IpAddr::V6(_)) => Ipv6Addr::UNSPECIFIED.into(),
        }
    }
}

/// Objects without a time come last.
fn is_unknown(wish: &Wish) -> bool {
    wish.created.is_none()
}

/// A range of addresses, both ends included.
type Range = (IpAddr, IpAddr);

/// Addresses to give away, and who has them.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    ranges: Vec<Range>,
    table: BTreeMap<ObjectKey, Vec<IpAddr>>,
}

impl Pool {
    /// Reads `10.0.0.0/24`, `10.0.0.7` or several of them with commas.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let ranges: Vec<Range> = parts.map(range).collect::<Result<_, _>>()?;
        if ranges.is_empty() {
            return Err("it holds no address".to_owned());
        }
        Ok(Self { ranges, table: BTreeMap::new() })
    }

    fn holds(&self, address: IpAddr) -> bool {
        self.ranges
            .iter()
            .any(|(first, last)| (first..=last).contains(&&address) && first.is_ipv4() == address.is_ipv4())
    }

    /// Gives every Gateway what it asks for, as far as it is free; who has one keeps it. `wishes` come oldest first.
    fn assign(&mut self, wishes: &[Wish]) -> BTreeMap<ObjectKey, Vec<IpAddr>> {
        let present: BTreeSet<&ObjectKey> = wishes.iter().map(|wish| &wish.gateway).collect();
        self.table.retain(|gateway, _| present.contains(gateway));
        let named = |wish: &&Wish| !wish.requested.is_empty();
        // Who keeps something goes first, then those who know what they want, then everybody else.
        let kept: Vec<&Wish> = wishes.iter().filter(|wish| self.table.contains_key(&wish.gateway)).collect();
        let rest = || wishes.iter().filter(|wish| !present_in(&kept, wish));
        let had_one = |wish: &&Wish| wish.earlier.iter().any(|address| self.holds(*address));
        let restored = rest().filter(had_one);
        let fresh = rest().filter(|wish| !had_one(wish));
        let order: Vec<&Wish> = kept
            .iter()
            .copied()
            .chain(restored)
            .chain(fresh.clone().filter(named))
            .chain(fresh.filter(|wish| !named(wish)))
            .collect();
        for wish in order {
            let addresses = self.addresses(wish);
            self.table.insert(wish.gateway.clone(), addresses);
        }
        self.table.clone()
    }

    fn addresses(&self, wish: &Wish) -> Vec<IpAddr> {
        let taken: BTreeSet<IpAddr> = self
            .table
            .iter()
            .filter(|(gateway, _)| **gateway != wish.gateway)
            .flat_map(|(_, addresses)| addresses.iter().copied())
            .collect();
        let is_free = |address: &IpAddr| self.holds(*address) && !taken.contains(address);
        let mut own: Vec<IpAddr> = Vec::new();
        for address in wish.requested.iter().copied().filter(is_free) {
            if !own.contains(&address) {
                own.push(address);
            }
        }
        if wish.wants_any {
            let held = self.table.get(&wish.gateway).into_iter().flatten();
            let known = held.chain(&wish.earlier).copied().find(|address| is_free(address) && !own.contains(address));
            let free = || self.all().find(|address| !taken.contains(address) && !own.contains(address));
            own.extend(known.or_else(free));
        }
        own
    }

    /// Every address, in order.
    fn all(&self) -> impl Iterator<Item = IpAddr> {
        self.ranges.iter().flat_map(|(first, last)| {
            let last = *last;
            std::iter::successors(Some(*first), move |address| next(*address).filter(|next| *next <= last))
        })
    }
}

fn present_in(list: &[&Wish], wish: &Wish) -> bool {
    list.iter().any(|one| one.gateway == wish.gateway)
}

fn next(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => u32::from(address).checked_add(1).map(|next| Ipv4Addr::from(next).into()),
        IpAddr::V6(address) => u128::from(address).checked_add(1).map(|next| Ipv6Addr::from(next).into()),
    }
}

/// One address, or the hosts of a network: without the address of the network itself and without broadcast.
fn range(text: &str) -> Result<Range, String> {
    let wrong = || format!("`{text}` is neither an address nor a network such as `10.0.0.0/24`");
    let Some((base, bits)) = text.split_once('/') else {
        let address: IpAddr = text.parse().map_err(|_| wrong())?;
        return Ok((address, address));
    };
    let (base, bits): (IpAddr, u32) = (base.parse().map_err(|_| wrong())?, bits.parse().map_err(|_| wrong())?);
    match base {
        IpAddr::V4(base) if bits <= 32 => {
            let hosts = u32::MAX.checked_shr(bits).unwrap_or(0);
            let network = u32::from(base) & !hosts;
            let (skip_first, skip_last) = if bits < 31 { (1, 1) } else { (0, 0) };
            Ok((Ipv4Addr::from(network + skip_first).into(), Ipv4Addr::from((network | hosts) - skip_last).into()))
        }
        IpAddr::V6(base) if bits <= 128 => {
            let hosts = u128::MAX.checked_shr(bits).unwrap_or(0);
            let network = u128::from(base) & !hosts;
            let skip_first = u128::from(bits < 127);
            Ok((Ipv6Addr::from(network + skip_first).into(), Ipv6Addr::from(network | hosts).into()))
        }
        IpAddr::V4(_) | IpAddr::V6(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn wish(name: &str, created: i64) -> Wish {
        let gateway = ObjectKey::new("infra", name);
        Wish { gateway, created: Some(created), requested: Vec::new(), wants_any: true, earlier: Vec::new() }
    }

    fn asks(name: &str, requested: &[&str]) -> Wish {
        let requested = requested.iter().map(|text| ip(text)).collect();
        Wish { requested, wants_any: false, ..wish(name, 1) }
    }

    fn assigned(addresses: &mut Addresses, wishes: &[Wish]) -> Vec<(String, Vec<String>)> {
        let table = addresses.assign(wishes.to_vec());
        let words = |all: &Vec<IpAddr>| all.iter().map(ToString::to_string).collect();
        table.iter().map(|(gateway, all)| (gateway.name.to_string(), words(all))).collect()
    }

    fn pool(text: &str) -> Addresses {
        Addresses::Pool(Pool::parse(text).unwrap())
    }

    fn row(name: &str, addresses: &[&str]) -> (String, Vec<String>) {
        (name.to_owned(), addresses.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn networks_lists_and_nonsense() {
        let all = |text: &str| Pool::parse(text).map(|pool| pool.all().map(|one| one.to_string()).collect::<Vec<_>>());
        assert_eq!(all("10.0.0.0/30").unwrap(), ["10.0.0.1", "10.0.0.2"]);
        assert_eq!(all("10.0.0.9/31").unwrap(), ["10.0.0.8", "10.0.0.9"]);
        assert_eq!(all("10.0.0.7, fd00::1").unwrap(), ["10.0.0.7", "fd00::1"]);
        assert_eq!(all("fd00::/126").unwrap(), ["fd00::1", "fd00::2", "fd00::3"]);
        assert_eq!(all("255.255.255.255/32").unwrap(), ["255.255.255.255"]);
        assert_eq!(Pool::parse("0.0.0.0/0").unwrap().all().nth(1), Some(ip("0.0.0.2")));
        for text in ["", " , ", "10.0.0.0/33", "10.0.0.0/x", "pool", "fd00::/129"] {
            assert!(all(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_older_gateway_comes_first_and_everybody_keeps_its_own() {
        let mut pool = pool("10.0.0.0/30");
        let (old, new, late) = (wish("z-old", 1), wish("a-new", 2), wish("late", 3));
        let first = [row("a-new", &["10.0.0.2"]), row("z-old", &["10.0.0.1"])];
        assert_eq!(assigned(&mut pool, &[new.clone(), old]), first);
        // The old one goes; the new one does not move, and a third takes the free place.
        let second = [row("a-new", &["10.0.0.2"]), row("late", &["10.0.0.1"])];
        assert_eq!(assigned(&mut pool, &[new.clone(), late.clone()]), second);
        // Nothing is left.
        let third = [row("a-new", &["10.0.0.2"]), row("last", &[]), row("late", &["10.0.0.1"])];
        assert_eq!(assigned(&mut pool, &[new, late, wish("last", 0)]), third);
    }

    #[test]
    fn requests_are_honoured_in_the_pool_only_and_once() {
        let mut pool = pool("10.0.0.0/29");
        let table =
            assigned(&mut pool, &[asks("a", &["10.0.0.1", "192.0.2.1"]), asks("b", &["10.0.0.1"]), wish("c", 0)]);
        assert_eq!(table, [row("a", &["10.0.0.1"]), row("b", &[]), row("c", &["10.0.0.2"])]);
        // A request that changes is followed, and what it gave up is free.
        let table = assigned(&mut pool, &[asks("a", &["10.0.0.3"]), asks("b", &["10.0.0.1"]), wish("c", 0)]);
        assert_eq!(table, [row("a", &["10.0.0.3"]), row("b", &["10.0.0.1"]), row("c", &["10.0.0.2"])]);
    }

    #[test]
    fn a_restart_gives_back_what_was_published() {
        let mut pool = pool("10.0.0.0/29");
        let earlier = Wish { earlier: vec![ip("10.0.0.1")], ..wish("young", 9) };
        let foreign = Wish { earlier: vec![ip("192.0.2.7")], ..wish("foreign", 1) };
        let table = assigned(&mut pool, &[wish("old", 0), foreign, earlier]);
        let expected = [row("foreign", &["10.0.0.3"]), row("old", &["10.0.0.2"]), row("young", &["10.0.0.1"])];
        assert_eq!(table, expected);
    }

    #[test]
    fn one_address_for_all() {
        let mut shared = Addresses::Shared(ip("192.0.2.1"));
        let table = assigned(&mut shared, &[wish("a", 1), wish("b", 2)]);
        assert_eq!(table, [row("a", &["192.0.2.1"]), row("b", &["192.0.2.1"])]);
        assert_eq!(shared.bind(ip("192.0.2.1")), ip("0.0.0.0"));
        assert_eq!(pool("10.0.0.1").bind(ip("10.0.0.1")), ip("10.0.0.1"));
    }
}

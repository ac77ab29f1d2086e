//! Which address each socket of the IR gets on this machine: `--bind`, `--port-offset`, further Gateways on a taken port.
//!
//! Pure. A Gateway has one address; what it got once it keeps, so that a reload moves no socket.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use gwc_core::ir::{Config, Gateway, Transport};

use crate::failure::Failure;

/// Offset of all ports where low ones cannot be bound and none is given.
pub(crate) const OFFSET: u16 = 8000;

/// Ports below this one need a right of their own on most systems.
pub(crate) const FIRST_FREE: u16 = 1024;

/// Namespace and name of a Gateway.
pub(crate) type Name = (String, String);

/// One `--bind`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bind {
    /// The Gateway that it is for; `None`: any.
    gateway: Option<Name>,
    address: IpAddr,
    /// Port of its only socket; 0: any free port for each.
    port: Option<u16>,
}

/// All `--bind`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Binds(Vec<Bind>);

/// Where a socket is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Here.
    At(SocketAddr),
    /// Nowhere, for this reason.
    Nowhere(String),
}

/// Addresses of all sockets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// By position in [`Config::sockets`].
    pub(crate) places: Vec<Place>,
    /// The address of each Gateway, for the next plan.
    pub(crate) gateways: BTreeMap<Name, IpAddr>,
}

impl Binds {
    /// Reads `[NS/NAME=]ADDR`; an address may have a port.
    pub(crate) fn read(texts: &[String]) -> Result<Self, Failure> {
        texts.iter().map(|text| bind(text)).collect::<Result<Vec<Bind>, Failure>>().map(Self)
    }

    /// Gateways that are named and not among these.
    pub(crate) fn unknown<'b>(&'b self, there: &'b [Gateway]) -> impl Iterator<Item = String> {
        let is_there = |name: &Name| there.iter().any(|gateway| *name == name_of(gateway));
        let named = self.0.iter().filter_map(|bind| bind.gateway.as_ref());
        named.filter(move |name| !is_there(name)).map(|(namespace, name)| format!("{namespace}/{name}"))
    }

    fn of(&self, gateway: &Name) -> Option<&Bind> {
        self.0.iter().find(|bind| bind.gateway.as_ref() == Some(gateway))
    }

    fn general(&self) -> impl Iterator<Item = &Bind> {
        self.0.iter().filter(|bind| bind.gateway.is_none())
    }
}

fn bind(text: &str) -> Result<Bind, Failure> {
    let (gateway, address) = match text.split_once('=') {
        None => (None, text),
        Some((gateway, address)) => {
            let name = gateway.split_once('/').filter(|(namespace, name)| !namespace.is_empty() && !name.is_empty());
            let Some((namespace, name)) = name else {
                return Err(Failure::usage(format!("--bind `{text}`: a Gateway is named NS/NAME")));
            };
            (Some((namespace.to_owned(), name.to_owned())), address)
        }
    };
    let (address, port) = self::address(address).ok_or_else(|| {
        Failure::usage(format!("--bind `{text}`: `{address}` is no IP address; write 127.0.0.1, ::1 or 127.0.0.1:0"))
    })?;
    Ok(Bind { gateway, address, port })
}

/// An IP address, with a port or without.
fn address(text: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Ok(both) = text.parse::<SocketAddr>() {
        return Some((both.ip(), Some(both.port())));
    }
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    if let Ok(address) = inner.parse::<IpAddr>() {
        return Some((address, None));
    }
    let port = match text.strip_prefix("localhost")? {
        "" => None,
        port => Some(port.strip_prefix(':')?.parse().ok()?),
    };
    Some((IpAddr::V4(Ipv4Addr::LOCALHOST), port))
}

/// Namespace and name.
pub(crate) fn name_of(gateway: &Gateway) -> Name {
    (gateway.namespace.to_string(), gateway.name.to_string())
}

/// What is taken so far.
#[derive(Default)]
struct Taken(BTreeSet<(Transport, u16, IpAddr)>);

impl Taken {
    fn has(&self, transport: Transport, at: SocketAddr) -> bool {
        let overlaps = |other: &IpAddr| {
            let same_family = other.is_ipv4() == at.ip().is_ipv4();
            *other == at.ip() || (same_family && (other.is_unspecified() || at.ip().is_unspecified()))
        };
        let on_port = self.0.iter().filter(|(own, port, _)| (*own, *port) == (transport, at.port()));
        at.port() != 0 && on_port.into_iter().any(|(_, _, other)| overlaps(other))
    }

    fn add(&mut self, transport: Transport, at: SocketAddr) {
        self.0.insert((transport, at.port(), at.ip()));
    }
}

/// What the plan depends on besides the IR.
#[derive(Debug, Clone)]
pub(crate) struct Wishes<'w> {
    /// `--bind`.
    pub(crate) binds: &'w Binds,
    /// Added to every port.
    pub(crate) offset: u16,
    /// Is all of 127.0.0.0/8 there, as on Linux?
    pub(crate) many_loopbacks: bool,
}

/// Addresses of every socket; `before` is what Gateways have already.
pub(crate) fn plan(config: &Config, wishes: &Wishes<'_>, before: &BTreeMap<Name, IpAddr>) -> Plan {
    let nowhere = Place::Nowhere("it has no Gateway".to_owned());
    let mut plan = Plan { places: vec![nowhere; config.sockets.len()], gateways: BTreeMap::new() };
    let mut taken = Taken::default();
    let mut order: Vec<usize> = (0..config.gateways.len()).collect();
    // Who has an address keeps it, then who asked for one; the rest in order of names.
    order.sort_by_key(|at| {
        let name = config.gateways.get(*at).map(name_of).unwrap_or_default();
        (!before.contains_key(&name), wishes.binds.of(&name).is_none(), *at)
    });
    for at in order {
        let Some(gateway) = config.gateways.get(at) else { continue };
        let name = name_of(gateway);
        let wanted = Wanted::of(config, at, wishes.offset);
        let candidates = match (wishes.binds.of(&name), before.get(&name)) {
            (Some(own), _) => vec![own.clone()],
            (None, Some(earlier)) => {
                let port = wishes.binds.general().find(|bind| bind.address == *earlier).and_then(|bind| bind.port);
                vec![Bind { gateway: None, address: *earlier, port }]
            }
            (None, None) => candidates(wishes),
        };
        let free = candidates.iter().find(|bind| wanted.is_free(bind, &taken));
        let Some(chosen) = free.or(candidates.first()) else { continue };
        plan.gateways.insert(name, chosen.address);
        for (position, place) in wanted.places(chosen, &mut taken) {
            if let Some(slot) = plan.places.get_mut(position) {
                *slot = place;
            }
        }
    }
    plan
}

/// Addresses for a Gateway that has none, best first.
fn candidates(wishes: &Wishes<'_>) -> Vec<Bind> {
    let mut all: Vec<Bind> = wishes.binds.general().cloned().collect();
    if all.is_empty() {
        all.push(Bind { gateway: None, address: IpAddr::V4(Ipv4Addr::LOCALHOST), port: None });
    }
    let last = all.last().cloned();
    if let Some(Bind { address: IpAddr::V4(address), port, .. }) = last
        && wishes.many_loopbacks
        && address.is_loopback()
    {
        let start = u32::from(address);
        let next = (1..=MOST_LOOPBACKS).map(|step| Ipv4Addr::from(start.wrapping_add(step)));
        let next = next.take_while(Ipv4Addr::is_loopback);
        all.extend(next.map(|address| Bind { gateway: None, address: IpAddr::V4(address), port }));
    }
    all
}

/// Further loopback addresses that are tried for one Gateway.
const MOST_LOOPBACKS: u32 = 4096;

/// The sockets of a Gateway.
struct Wanted {
    /// Position, transport, port of the manifest.
    sockets: Vec<(usize, Transport, u16)>,
    offset: u16,
}

impl Wanted {
    fn of(config: &Config, gateway: usize, offset: u16) -> Self {
        let all = config.sockets.iter().enumerate();
        let own = all.filter(|(_, socket)| socket.gateway as usize == gateway);
        Self { sockets: own.map(|(at, socket)| (at, socket.transport, socket.port)).collect(), offset }
    }

    /// Where a socket would be, or why that cannot be.
    fn address(&self, bind: &Bind, port: u16) -> Result<SocketAddr, String> {
        let real = match bind.port {
            Some(0) => Some(0),
            Some(only) if self.sockets.len() == 1 => Some(only),
            Some(only) => {
                let count = self.sockets.len();
                return Err(format!(
                    "--bind names port {only}, and the Gateway has {count} ports; leave it out or use 0"
                ));
            }
            None => port.checked_add(self.offset),
        };
        let real = real.ok_or_else(|| format!("port {port} + {} is no port; see --port-offset", self.offset))?;
        Ok(SocketAddr::new(bind.address, real))
    }

    fn is_free(&self, bind: &Bind, taken: &Taken) -> bool {
        let is_free = |at: SocketAddr, transport| !taken.has(transport, at);
        self.sockets
            .iter()
            .all(|(_, transport, port)| self.address(bind, *port).is_ok_and(|at| is_free(at, *transport)))
    }

    fn places(&self, bind: &Bind, taken: &mut Taken) -> Vec<(usize, Place)> {
        let mut all = Vec::new();
        for (position, transport, port) in &self.sockets {
            let place = match self.address(bind, *port) {
                Ok(at) if taken.has(*transport, at) => {
                    Place::Nowhere(format!("another Gateway has {at}; give it its own with --bind NS/NAME=ADDR"))
                }
                Ok(at) => {
                    taken.add(*transport, at);
                    Place::At(at)
                }
                Err(why) => Place::Nowhere(why),
            };
            all.push((*position, place));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use gwc_core::ir::Socket;

    use super::*;

    fn config(gateways: &[(&str, &[u16])]) -> Config {
        let mut config = Config::default();
        for (at, (name, ports)) in (0u32..).zip(gateways) {
            config.gateways.push(Gateway {
                namespace: "infra".into(),
                name: (*name).into(),
                class: "any".into(),
                addresses: Vec::new(),
                client_certificate: None,
            });
            let sockets = ports.iter().map(|port| Socket {
                gateway: at,
                transport: Transport::Tcp,
                port: *port,
                listeners: Vec::new(),
            });
            config.sockets.extend(sockets);
        }
        config
    }

    fn run(config: &Config, binds: &[&str], offset: u16, before: &BTreeMap<Name, IpAddr>) -> Plan {
        let texts: Vec<String> = binds.iter().map(|text| (*text).to_owned()).collect();
        let binds = Binds::read(&texts).unwrap();
        plan(config, &Wishes { binds: &binds, offset, many_loopbacks: true }, before)
    }

    fn shown(plan: &Plan) -> Vec<String> {
        let text = |place: &Place| match place {
            Place::At(at) => at.to_string(),
            Place::Nowhere(why) => format!("nowhere: {why}"),
        };
        plan.places.iter().map(text).collect()
    }

    #[test]
    fn further_gateways_on_a_taken_port_get_the_next_loopback_address() {
        let config = config(&[("a", &[80, 443]), ("b", &[80]), ("c", &[8080]), ("d", &[443])]);
        let plan = run(&config, &[], 0, &BTreeMap::new());
        let wanted = ["127.0.0.1:80", "127.0.0.1:443", "127.0.0.2:80", "127.0.0.1:8080", "127.0.0.2:443"];
        assert_eq!(shown(&plan), wanted);
    }

    #[test]
    fn without_further_loopback_addresses_the_port_is_not_served() {
        let config = config(&[("a", &[80]), ("b", &[80, 81])]);
        let binds = Binds::default();
        let wishes = Wishes { binds: &binds, offset: 8000, many_loopbacks: false };
        let plan = plan(&config, &wishes, &BTreeMap::new());
        let wanted = [
            "127.0.0.1:8080",
            "nowhere: another Gateway has 127.0.0.1:8080; give it its own with --bind NS/NAME=ADDR",
            "127.0.0.1:8081",
        ];
        assert_eq!(shown(&plan), wanted);
    }

    #[test]
    fn a_gateway_keeps_its_address_whatever_is_added() {
        let first = run(&config(&[("b", &[80])]), &[], 0, &BTreeMap::new());
        let more = config(&[("a", &[80]), ("b", &[80, 90])]);
        let plan = run(&more, &[], 0, &first.gateways);
        assert_eq!(shown(&plan), ["127.0.0.2:80", "127.0.0.1:80", "127.0.0.1:90"]);
        // What is kept is kept even where a new port is taken.
        let worse = config(&[("a", &[80, 90]), ("b", &[80, 90])]);
        let both = run(&worse, &[], 0, &plan.gateways);
        assert_eq!(shown(&both), ["127.0.0.2:80", "127.0.0.2:90", "127.0.0.1:80", "127.0.0.1:90"]);
    }

    #[test]
    fn addresses_can_be_chosen() {
        let config = config(&[("a", &[80, 443]), ("b", &[80])]);
        let plan = |binds: &[&str]| shown(&run(&config, binds, 0, &BTreeMap::new()));
        assert_eq!(plan(&["0.0.0.0"])[..2], ["0.0.0.0:80", "0.0.0.0:443"]);
        assert!(plan(&["0.0.0.0"])[2].starts_with("nowhere: another Gateway has 0.0.0.0:80"));
        assert_eq!(plan(&["::1", "infra/b=10.0.0.1:9000"]), ["[::1]:80", "[::1]:443", "10.0.0.1:9000"]);
        assert_eq!(plan(&["::1", "::2"]), ["[::1]:80", "[::1]:443", "[::2]:80"]);
        assert_eq!(plan(&["127.0.0.1:0"]), ["127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"]);
        assert!(plan(&["infra/a=127.0.0.1:9000"])[0].contains("has 2 ports"));
        // A wish comes before the default.
        assert_eq!(plan(&["infra/b=127.0.0.1"]), ["127.0.0.2:80", "127.0.0.2:443", "127.0.0.1:80"]);
    }

    #[test]
    fn an_offset_that_leaves_the_ports_is_said() {
        let plan = run(&config(&[("a", &[80, 60_000])]), &[], 8000, &BTreeMap::new());
        assert_eq!(shown(&plan)[0], "127.0.0.1:8080");
        assert!(shown(&plan)[1].contains("port 60000 + 8000 is no port"), "{plan:?}");
    }

    #[test]
    fn wrong_binds_are_refused() {
        for wrong in ["", "gateway", "10.0.0", "a=127.0.0.1", "/b=127.0.0.1", "a/=127.0.0.1", "a/b=", "127.0.0.1:x"] {
            assert!(Binds::read(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
        let binds = Binds::read(&["infra/z=127.0.0.1".to_owned()]).unwrap();
        assert_eq!(binds.unknown(&config(&[("a", &[80])]).gateways).collect::<Vec<_>>(), ["infra/z"]);
    }
}

//! Which object holds which listener, so that none has more than the API allows (ingress-migrate.md §5.1).
//!
//! Hosts are divided by the bits of their digest: a new host changes one object or divides one, and all others keep
//! name and content. What is decided here depends on the set of hosts alone, never on their order.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::migrate::name::{self, MAX_LABEL, Name, Scheme};

/// Listeners that one Gateway or one ListenerSet may have.
pub const MAX_LISTENERS: usize = 64;

/// A port and what is spoken there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Section {
    /// Port.
    pub port: u16,
    /// Protocol, as the first word of the section's name.
    pub scheme: Scheme,
}

/// A host with all its listeners. It is never divided between Gateways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The hostname as written in the listeners.
    pub host: String,
    /// Namespace of the first Ingress with TLS for the host, else of the first Ingress of the host.
    pub namespace: String,
    /// Its listeners.
    pub sections: Vec<Section>,
}

/// Where listeners may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// All in the Gateway; in ListenerSets what does not fit, if the target has them; else in several Gateways.
    Auto {
        /// Bundle 1.5 or newer, and the target claims ListenerSet.
        has_listener_sets: bool,
    },
    /// In Gateways only.
    Gateway,
    /// In ListenerSets, but for those that the Gateway keeps.
    ListenerSet,
    /// In ListenerSets; the Gateway has listeners already and gets only those without a hostname.
    BesideGateway,
}

/// What is to be divided.
#[derive(Debug, Clone)]
pub struct Request<'r> {
    /// Name of the Gateway.
    pub gateway: &'r str,
    /// Listeners without a hostname.
    pub hostless: &'r [Section],
    /// Hosts; each once.
    pub units: &'r [Unit],
    /// Where listeners may go.
    pub mode: Mode,
}

/// One listener of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Hostname; `None` for all.
    pub host: Option<String>,
    /// Port and scheme.
    pub section: Section,
}

/// One object of the result; its listeners are in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Namespace of a ListenerSet; `None` for a Gateway.
    pub namespace: Option<String>,
    /// Its name.
    pub name: Name,
    /// Its listeners, at most [`MAX_LISTENERS`].
    pub slots: Vec<Slot>,
}

/// The way that was taken (MIG602 names it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One Gateway holds everything.
    One,
    /// One Gateway and ListenerSets.
    ListenerSets,
    /// Several Gateways, each with an address of its own.
    Gateways,
}

/// The objects, Gateways first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The way that was taken.
    pub way: Way,
    /// Gateways by name, then ListenerSets by namespace and name.
    pub holders: Vec<Holder>,
}

/// Why no division helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The listeners without a hostname and those of one host are too many for one object.
    Overfull,
    /// A host was given twice.
    Repeated,
}

impl Plan {
    /// Number of Gateways, and so of addresses.
    #[must_use]
    pub fn n_gateways(&self) -> usize {
        self.holders.iter().filter(|holder| holder.namespace.is_none()).count()
    }

    /// The object that holds a listener.
    #[must_use]
    pub fn holder(&self, host: Option<&str>, section: Section) -> Option<&Holder> {
        let is_it = |slot: &Slot| slot.host.as_deref() == host && slot.section == section;
        self.holders.iter().find(|holder| holder.slots.iter().any(is_it))
    }
}

/// Divides the listeners.
///
/// # Errors
/// One host alone is too much for an object.
pub fn plan(request: &Request<'_>) -> Result<Plan, Refusal> {
    let mut hosts: Vec<&str> = request.units.iter().map(|unit| unit.host.as_str()).collect();
    hosts.sort_unstable();
    if hosts.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::Repeated);
    }
    let n = request.hostless.len() + request.units.iter().map(|unit| unit.sections.len()).sum::<usize>();
    match request.mode {
        Mode::ListenerSet | Mode::BesideGateway => with_sets(request),
        Mode::Auto { has_listener_sets: true } if n > MAX_LISTENERS => with_sets(request),
        Mode::Auto { .. } | Mode::Gateway => with_gateways(request),
    }
}

fn with_gateways(request: &Request<'_>) -> Result<Plan, Refusal> {
    let units: Vec<Part<'_>> = request.units.iter().map(Part::whole).collect();
    let mut holders = Vec::new();
    for (bits, parts) in divide(units, request.hostless.len())? {
        let slots = hostless(request).chain(parts.iter().flat_map(Part::slots)).collect();
        holders.push(Holder {
            namespace: None,
            name: name::divided(request.gateway, &bits, MAX_LABEL),
            slots: in_order(slots),
        });
    }
    holders.sort_by(|one, next| one.name.cmp(&next.name));
    let way = if holders.len() > 1 { Way::Gateways } else { Way::One };
    Ok(Plan { way, holders })
}

fn with_sets(request: &Request<'_>) -> Result<Plan, Refusal> {
    let n_clear = request.units.iter().filter(|unit| unit.sections.iter().any(is_clear)).count();
    let n_clear_slots: usize =
        request.units.iter().map(|unit| unit.sections.iter().filter(|section| is_clear(section)).count()).sum();
    let is_beside = request.mode == Mode::BesideGateway;
    let keeps_clear = !is_beside && request.hostless.len() + n_clear_slots <= MAX_LISTENERS;
    // The Gateway must keep one listener.
    let is_bare = !is_beside && request.hostless.is_empty() && (n_clear == 0 || !keeps_clear);
    let first = request.units.iter().min_by_key(|unit| unit.sections.iter().map(|at| order(unit, at)).min());
    let stays = first.filter(|_| is_bare).map(|unit| unit.host.as_str());

    let mut kept: Vec<Slot> = hostless(request).collect();
    let mut moved: BTreeMap<&str, Vec<Part<'_>>> = BTreeMap::new();
    for unit in request.units {
        let stays = |section: &Section| stays == Some(unit.host.as_str()) || keeps_clear && is_clear(section);
        let (here, there): (Vec<Section>, Vec<Section>) = unit.sections.iter().copied().partition(stays);
        kept.extend(Part { unit, sections: here }.slots());
        if !there.is_empty() {
            moved.entry(&unit.namespace).or_default().push(Part { unit, sections: there });
        }
    }
    if kept.len() > MAX_LISTENERS {
        return Err(Refusal::Overfull);
    }
    let gateway =
        Holder { namespace: None, name: name::divided(request.gateway, "", MAX_LABEL), slots: in_order(kept) };
    let mut holders = vec![gateway];
    for (namespace, parts) in moved {
        let mut sets = sets(request.gateway, namespace, parts)?;
        sets.sort_by(|one, next| one.name.cmp(&next.name));
        holders.append(&mut sets);
    }
    let way = if holders.len() > 1 { Way::ListenerSets } else { Way::One };
    Ok(Plan { way, holders })
}

fn sets(gateway: &str, namespace: &str, parts: Vec<Part<'_>>) -> Result<Vec<Holder>, Refusal> {
    let divided = divide(parts, 0)?.into_iter().map(|(bits, parts)| Holder {
        namespace: Some(namespace.to_owned()),
        name: name::divided(gateway, &bits, MAX_LABEL),
        slots: in_order(parts.iter().flat_map(Part::slots).collect()),
    });
    Ok(divided.collect())
}

fn is_clear(section: &Section) -> bool {
    section.scheme == Scheme::Http
}

fn hostless(request: &Request<'_>) -> impl Iterator<Item = Slot> {
    request.hostless.iter().map(|section| Slot { host: None, section: *section })
}

/// The listeners of a host that go to one object.
struct Part<'u> {
    unit: &'u Unit,
    sections: Vec<Section>,
}

impl<'u> Part<'u> {
    fn whole(unit: &'u Unit) -> Self {
        Self { unit, sections: unit.sections.clone() }
    }

    fn slots(&self) -> impl Iterator<Item = Slot> {
        self.sections.iter().map(|section| Slot { host: Some(self.unit.host.clone()), section: *section })
    }
}

/// One group of hosts and the bits that their digests begin with.
type Group<'u> = (String, Vec<Part<'u>>);

/// Divides by one more bit wherever a group does not fit beside `fixed` listeners.
fn divide(parts: Vec<Part<'_>>, fixed: usize) -> Result<Vec<Group<'_>>, Refusal> {
    let mut done = Vec::new();
    let mut open = vec![(String::new(), parts)];
    while let Some((bits, parts)) = open.pop() {
        let n = fixed + parts.iter().map(|part| part.sections.len()).sum::<usize>();
        if n <= MAX_LISTENERS {
            done.push((bits, parts));
            continue;
        }
        // A host alone cannot be divided, and neither can the listeners of no host.
        if parts.len() <= 1 {
            return Err(Refusal::Overfull);
        }
        let at = bits.len();
        let (ones, zeros): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| bit(&part.unit.host, at));
        for (bit, half) in [('0', zeros), ('1', ones)] {
            if !half.is_empty() {
                open.push((format!("{bits}{bit}"), half));
            }
        }
    }
    Ok(done)
}

/// Bit `at` of the host's SHA-256, highest first; beyond its end no bit is set.
fn bit(host: &str, at: usize) -> bool {
    let digest = Sha256::digest(host.as_bytes());
    digest.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1)
}

/// By port, then hostname from its last label on; the listeners of no host come last. A new host is then one new
/// place in the list.
fn in_order(mut slots: Vec<Slot>) -> Vec<Slot> {
    slots.sort_by_cached_key(|slot| {
        let labels: Option<Vec<String>> = slot.host.as_deref().map(reversed);
        (slot.section.port, labels.is_none(), labels, slot.section.scheme)
    });
    slots
}

fn order(unit: &Unit, section: &Section) -> (u16, Vec<String>, Scheme) {
    (section.port, reversed(&unit.host), section.scheme)
}

fn reversed(host: &str) -> Vec<String> {
    host.rsplit('.').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;

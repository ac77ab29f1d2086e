//! A part of the IR that stands on its own: some listeners with the rules and backends that they use.

use std::collections::BTreeMap;

use crate::ir::{Config, Filter, Listener, Rule, Socket, Target};

impl Config {
    /// Only the listeners that `keep` takes; everything that nothing refers to any more goes, positions are anew.
    #[must_use]
    pub fn restricted(&self, keep: impl Fn(&Self, &Socket, &Listener) -> bool) -> Self {
        let mut sockets: Vec<Socket> = self.sockets.clone();
        for (socket, whole) in sockets.iter_mut().zip(&self.sockets) {
            socket.listeners.retain(|listener| keep(self, whole, listener));
        }
        sockets.retain(|socket| !socket.listeners.is_empty());
        let entries = sockets.iter().flat_map(|socket| &socket.listeners).flat_map(|listener| &listener.entries);
        let rule_of = positions(entries.map(|entry| entry.rule));
        let mut rules: Vec<Rule> = kept(&self.rules, &rule_of);
        let backend_of = positions(rules.iter_mut().flat_map(targets).filter_map(|target| backend(target)));
        let gateway_of = positions(sockets.iter().map(|socket| socket.gateway));
        for socket in &mut sockets {
            renumber(&mut socket.gateway, &gateway_of);
            let entries = socket.listeners.iter_mut().flat_map(|listener| &mut listener.entries);
            entries.for_each(|entry| renumber(&mut entry.rule, &rule_of));
        }
        for target in rules.iter_mut().flat_map(targets) {
            if let Target::Backend(position) = target {
                renumber(position, &backend_of);
            }
        }
        Self {
            version: self.version.clone(),
            sources: self.sources.clone(),
            gateways: kept(&self.gateways, &gateway_of),
            sockets,
            rules,
            backends: kept(&self.backends, &backend_of),
        }
    }
}

/// Old positions that are used, with their new ones, in the old order.
fn positions(used: impl Iterator<Item = u32>) -> BTreeMap<u32, u32> {
    let mut new: BTreeMap<u32, u32> = used.map(|position| (position, 0)).collect();
    (0..).zip(new.values_mut()).for_each(|(position, value)| *value = position);
    new
}

fn kept<T: Clone>(all: &[T], positions: &BTreeMap<u32, u32>) -> Vec<T> {
    positions.keys().filter_map(|position| all.get(*position as usize)).cloned().collect()
}

fn renumber(position: &mut u32, new: &BTreeMap<u32, u32>) {
    *position = new.get(position).copied().unwrap_or_default();
}

fn backend(target: &Target) -> Option<u32> {
    match target {
        Target::Backend(position) => Some(*position),
        Target::Invalid(_) => None,
    }
}

/// Every target of a rule: backends, mirrors, ExternalAuth servers.
fn targets(rule: &mut Rule) -> Vec<&mut Target> {
    let mut found: Vec<&mut Target> = rule.filters.iter_mut().filter_map(Filter::target_mut).collect();
    for backend in &mut rule.backends {
        found.push(&mut backend.target);
        found.extend(backend.filters.iter_mut().filter_map(Filter::target_mut));
    }
    found
}

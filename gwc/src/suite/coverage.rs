//! Which rules, matches, backends and listeners of a world the requests reached.

use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobMatcher};
use gwc_core::ir::{Config, Entry, Place, Target};

use crate::route::World;
use crate::route::model::At;
use crate::suite::expect::Happened;
use crate::suite::file::Unit;
use crate::suite::name;

/// What requests reached: positions in the IR.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    matches: BTreeSet<(u32, u32)>,
    backends: BTreeSet<u32>,
    listeners: BTreeSet<(usize, usize)>,
}

/// What is wanted of one world.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// What is counted.
    pub(crate) unit: Option<Unit>,
    /// Least part in percent; `None`: any.
    pub(crate) fail_under: Option<f64>,
    /// Globs of names that are not counted.
    pub(crate) exclude: Vec<String>,
    /// Did a file ask for it?
    pub(crate) is_asked: bool,
}

/// What was counted in one world.
#[derive(Debug)]
pub(crate) struct Covered {
    /// Name of the world; empty for the only one.
    pub(crate) world: String,
    /// What was counted.
    pub(crate) unit: Unit,
    /// How many were reached.
    pub(crate) reached: usize,
    /// How many there are.
    pub(crate) total: usize,
    /// Least part in percent.
    pub(crate) fail_under: Option<f64>,
    /// Are those that were not reached to be listed?
    pub(crate) is_asked: bool,
    /// Names and places of those that were not reached.
    pub(crate) missed: Vec<(String, Option<At>)>,
}

impl Covered {
    /// Part in percent, at most one decimal, never rounded up to 100.
    #[expect(clippy::cast_precision_loss, reason = "counts of objects in manifests")]
    pub(crate) fn percent(&self) -> f64 {
        if self.total == 0 {
            return 100.0;
        }
        (self.reached as f64 * 1000.0 / self.total as f64).floor() / 10.0
    }

    /// Is as much reached as is wanted?
    #[expect(clippy::cast_precision_loss, reason = "counts of objects in manifests")]
    pub(crate) fn is_enough(&self) -> bool {
        self.fail_under.is_none_or(|least| self.reached as f64 * 100.0 >= least * self.total as f64)
    }
}

impl Reached {
    /// Notes what a request reached.
    pub(crate) fn add(&mut self, happened: Happened<'_>) {
        if let Some(listener) = happened.prediction.listener {
            self.listeners.insert((happened.prediction.socket, listener));
        }
        if let Some(position) = happened.position {
            self.matches.insert((position, happened.match_position().unwrap_or_default()));
        }
        for share in happened.forward().map(|forward| forward.shares.as_slice()).unwrap_or_default() {
            if let Target::Backend(position) = share.target {
                self.backends.insert(position);
            }
        }
    }

    /// Counts what is wanted of a world.
    pub(crate) fn count(&self, world: &World<'_>, wish: &Wish) -> Covered {
        let unit = wish.unit.unwrap_or_default();
        let globs = wish.exclude.iter().filter_map(|text| Glob::new(text).ok());
        let globs: Vec<GlobMatcher> = globs.map(|glob| glob.compile_matcher()).collect();
        let is_counted = |name: &str| {
            let short = name.split('#').next().unwrap_or(name);
            !globs.iter().any(|glob| glob.is_match(name) || glob.is_match(short))
        };
        let items = self.items(world.config(), unit);
        let counted: Vec<_> = items.into_iter().filter(|(name, _)| is_counted(name)).collect();
        let missed = counted.iter().filter(|(_, item)| !item.is_reached);
        let missed: Vec<_> = missed.map(|(name, item)| (name.clone(), world.at(item.place))).collect();
        Covered {
            world: world.name.unwrap_or_default().to_owned(),
            unit,
            reached: counted.len() - missed.len(),
            total: counted.len(),
            fail_under: wish.fail_under,
            is_asked: wish.is_asked,
            missed,
        }
    }

    /// Everything that can be reached, by name.
    fn items(&self, config: &Config, unit: Unit) -> BTreeMap<String, Item> {
        let mut items = Items::default();
        let sockets = config.sockets.iter().enumerate();
        let listeners = sockets.flat_map(|(at, socket)| {
            socket.listeners.iter().enumerate().map(move |(listener_at, listener)| ((at, listener_at), listener))
        });
        for (at, listener) in listeners {
            if unit == Unit::Listener {
                items.add(listener.label(), listener.place, self.listeners.contains(&at));
            }
            let entries = listener.entries.iter().filter(|entry| !entry.preflight && unit != Unit::Listener);
            entries.for_each(|entry| self.entry(config, unit, entry, &mut items));
        }
        items.0
    }

    /// The rule, match or backends of an entry.
    fn entry(&self, config: &Config, unit: Unit, entry: &Entry, items: &mut Items) {
        let rule = config.rule(entry);
        let at = entry.r#match.unwrap_or_default();
        let label = rule.trace.rule_name.as_ref().map_or_else(|| rule.trace.rule.to_string(), ToString::to_string);
        let label = format!("{}#{label}", name::route(&rule.trace));
        match unit {
            Unit::Listener => {}
            Unit::Rule => {
                let is_reached = self.matches.range((entry.rule, 0)..=(entry.rule, u32::MAX)).next().is_some();
                items.add(label, rule.trace.place, is_reached);
            }
            Unit::Match => {
                let place = config.match_of(entry).map_or(rule.trace.place, |found| found.place);
                items.add(format!("{label}/{at}"), place, self.matches.contains(&(entry.rule, at)));
            }
            Unit::Backend => {
                let known = rule.backends.iter().filter_map(|backend| match backend.target {
                    Target::Backend(position) => Some((position, config.backends.get(position as usize)?)),
                    Target::Invalid(_) => None,
                });
                known.for_each(|(position, backend)| {
                    items.add(backend.key.to_string(), rule.trace.place, self.backends.contains(&position));
                });
            }
        }
    }
}

/// What can be reached, by name.
#[derive(Default)]
struct Items(BTreeMap<String, Item>);

impl Items {
    /// Adds one; of one name it is enough that one is reached.
    fn add(&mut self, name: String, place: Place, is_reached: bool) {
        let item = self.0.entry(name).or_insert(Item { place, is_reached: false });
        item.is_reached |= is_reached;
    }
}

/// Something that can be reached.
struct Item {
    place: Place,
    is_reached: bool,
}

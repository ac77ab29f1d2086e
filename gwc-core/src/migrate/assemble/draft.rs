//! Which rules go into one route, before names and limits: those of one Ingress for hosts that have the same rules.
//!
//! A host has a list of rules on HTTP and one on HTTPS. Where they are the same, one route stands on both sections;
//! else the HTTP side gets a route of its own (ingress-migrate.md §2.1, §2.14).

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use crate::migrate::Cx;
use crate::migrate::assemble::{about, listen};
use crate::migrate::item::ItemId;
use crate::migrate::name::{Scheme, Side};
use crate::migrate::render::model::Rule;
use crate::migrate::rules::{Planned, Role, Sections};
use crate::migrate::site::{Origin, Site};
use crate::migrate::{annotation::Verdict, code};
use crate::prove::{Kind, Place};

/// A host under its own names, or under the other name that is redirected to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Served {
    /// Position in [`Site::hosts`].
    pub(super) host: usize,
    /// The name with or without `www.`.
    pub(super) is_other: bool,
}

impl Served {
    /// The hostnames; `None` for all that no other listener takes.
    pub(super) fn names<'s>(self, site: &'s Site<'_>) -> Vec<Option<&'s str>> {
        let Some(host) = site.hosts.get(self.host) else { return Vec::new() };
        if self.is_other {
            return host.www.iter().map(|(name, _)| Some(name.as_str())).collect();
        }
        let aliases = host.aliases.iter().map(|name| Some(name.as_str()));
        std::iter::once(host.name.as_deref()).chain(aliases).collect()
    }
}

/// A rule with what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) rule: Rule,
    /// Member that it comes from.
    pub(super) from: usize,
    /// Items that get the place of the rule as their output.
    pub(super) items: Vec<ItemId>,
    /// Items for which it is closed.
    pub(super) closed: Vec<ItemId>,
}

/// Rules that stay together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) lines: Vec<Line>,
    pub(super) is_ranked: bool,
}

/// One route, before it is divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// Member that gives it namespace, name and labels.
    pub(super) owner: usize,
    pub(super) served: Vec<Served>,
    pub(super) schemes: &'static [Scheme],
    pub(super) side: Side,
    pub(super) is_grpc: bool,
    pub(super) groups: Vec<Group>,
}

/// Puts rules together.
pub(super) fn drafts(site: &Site<'_>, planned: Vec<Planned>, cx: &mut Cx<'_, '_>) -> Vec<Draft> {
    let planned = one_kind(site, together(site, planned, cx), cx);
    let mut by_place: BTreeMap<(usize, Served), Vec<Planned>> = BTreeMap::new();
    for one in planned {
        let served = Served { host: one.host, is_other: one.role == Role::OtherName };
        by_place.entry((one.owner, served)).or_default().push(one);
    }
    let mut drafts = Drafts::default();
    for ((owner, served), mut list) in by_place {
        list.sort_by_key(|one| (one.rank.is_none(), one.rank));
        let has_https = site.hosts.get(served.host).is_some_and(|host| listen::secret(host, cx.options).is_some());
        for part in parts(list, has_https) {
            drafts.add(owner, served, part, site);
        }
    }
    drafts.list
}

/// Rules with a rank belong into one route: they join the first of their namespace. Two namespaces cannot share a
/// route (§2.7).
fn together(site: &Site<'_>, mut planned: Vec<Planned>, cx: &mut Cx<'_, '_>) -> Vec<Planned> {
    let mut leaders: BTreeMap<(usize, &str), (usize, usize)> = BTreeMap::new();
    for one in &planned {
        let (Some(rank), Some(member)) = (one.rank, site.members.get(one.owner)) else { continue };
        let leader = leaders.entry((one.host, &member.key().namespace)).or_insert((rank, one.owner));
        *leader = (*leader).min((rank, one.owner));
    }
    for one in planned.iter_mut().filter(|one| one.rank.is_some()) {
        let Some(member) = site.members.get(one.owner) else { continue };
        if let Some((_, owner)) = leaders.get(&(one.host, member.key().namespace.as_str())) {
            one.owner = *owner;
        }
    }
    let mut hosts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for ((host, _), (_, owner)) in leaders {
        hosts.entry(host).or_default().push(owner);
    }
    for (host, owners) in hosts.iter().filter(|(_, owners)| owners.len() > 1) {
        let (Some(host), Some(member)) = (site.hosts.get(*host), owners.first().and_then(|at| site.members.get(*at)))
        else {
            continue;
        };
        let name = host.name.as_deref().unwrap_or("*");
        let message = format!(
            "regular expressions of `{name}` come from {} namespaces: no HTTPRoute can hold them in order",
            owners.len()
        );
        let item =
            about(member, "spec.rules[].http.paths[].path", "/spec/rules", name).finding(code::REGEX_ORDER, message);
        let item = cx.report.add(item.help("move the Ingresses of the host into one namespace"));
        cx.report.allow(item, Place::Host(host.name.clone().unwrap_or_default()), Kind::RegexOrder);
    }
    planned
}

/// An HTTPRoute and a GRPCRoute must not meet for one name in one section (MIG604): where they would, all rules of the
/// host become those of HTTPRoutes, which take the same requests.
fn one_kind(site: &Site<'_>, mut planned: Vec<Planned>, cx: &mut Cx<'_, '_>) -> Vec<Planned> {
    let overlaps = |one: Sections, other: Sections| one == other || one == Sections::Both || other == Sections::Both;
    let mut plain: BTreeMap<usize, BTreeSet<Sections>> = BTreeMap::new();
    for one in planned.iter().filter(|one| !one.is_grpc && one.role != Role::OtherName) {
        plain.entry(one.host).or_default().insert(one.sections);
    }
    let mut clashes: BTreeMap<usize, usize> = BTreeMap::new();
    for one in planned.iter().filter(|one| one.is_grpc) {
        let others = plain.get(&one.host).into_iter().flatten();
        if others.into_iter().any(|other| overlaps(one.sections, *other)) {
            clashes.insert(one.host, one.owner);
        }
    }
    for (host, owner) in &clashes {
        let (Some(host), Some(member)) = (site.hosts.get(*host), site.members.get(*owner)) else { continue };
        let name = host.name.as_deref().unwrap_or("*");
        let message = format!("`{name}` would have an HTTPRoute and a GRPCRoute on one listener: it gets HTTPRoutes");
        let mut item = about(member, "spec.rules[].host", "/spec/rules", name);
        item.verdict = Verdict::Approx;
        cx.report.add(item.finding(code::ROUTE_KINDS_SHARE_HOST, message));
    }
    for one in planned.iter_mut().filter(|one| clashes.contains_key(&one.host)) {
        one.is_grpc = false;
    }
    planned
}

const HTTP: &[Scheme] = &[Scheme::Http];
const HTTPS: &[Scheme] = &[Scheme::Https];
const BOTH: &[Scheme] = &[Scheme::Http, Scheme::Https];

/// One route of a host: its sections, and the rules there.
struct Part {
    schemes: &'static [Scheme],
    side: Side,
    list: Vec<Planned>,
}

impl Part {
    fn on_http(list: Vec<Planned>, has_main: bool) -> Self {
        let is_redirect = |one: &Planned| one.role == Role::Redirect;
        let side = match (list.iter().all(is_redirect), list.iter().any(is_redirect), has_main) {
            (true, _, _) | (_, true, true) => Side::Redirect,
            (false, false, true) => Side::Http,
            (false, _, false) => Side::Main,
        };
        Self { schemes: HTTP, side, list }
    }
}

/// Divides the rules of a host by sections.
fn parts(list: Vec<Planned>, has_https: bool) -> Vec<Part> {
    let has = |sections: Sections| list.iter().any(|one| one.sections == sections);
    let (is_common, is_http, is_https) = (has(Sections::Both), has(Sections::Http), has(Sections::Https));
    let is_ranked = list.iter().any(|one| one.rank.is_some());
    let of = |wanted: &[Sections]| -> Vec<Planned> {
        list.iter().filter(|one| wanted.contains(&one.sections)).cloned().collect()
    };
    let parts = if !has_https {
        vec![Part::on_http(of(&[Sections::Both, Sections::Http]), false)]
    } else if !is_https && (!is_ranked || !is_http) {
        let main = Part { schemes: BOTH, side: Side::Main, list: of(&[Sections::Both]) };
        vec![main, Part::on_http(of(&[Sections::Http]), is_common)]
    } else {
        // Rules that must be compared in order, or copied: each section has all of its own.
        let main = Part { schemes: HTTPS, side: Side::Main, list: of(&[Sections::Both, Sections::Https]) };
        vec![main, Part::on_http(of(&[Sections::Both, Sections::Http]), true)]
    };
    parts.into_iter().filter(|part| !part.list.is_empty()).collect()
}

/// What drafts must have in common to become one.
type Likeness = (usize, Side, &'static [Scheme], bool, u64);

/// Drafts, and where those of an Ingress with certain rules are.
#[derive(Default)]
struct Drafts {
    list: Vec<Draft>,
    like: BTreeMap<Likeness, Vec<usize>>,
}

impl Drafts {
    fn add(&mut self, owner: usize, served: Served, part: Part, site: &Site<'_>) {
        let Part { schemes, side, list } = part;
        let is_grpc = list.iter().all(|one| one.is_grpc);
        let groups: Vec<Group> = list.into_iter().map(group).collect();
        // The rules of all other hosts are in a route without hostnames, and another name has a name for itself.
        let is_alone = served.is_other || site.hosts.get(served.host).is_none_or(|host| host.name.is_none());
        let likeness = (owner, side, schemes, is_grpc, digest(&groups));
        let like = self.like.entry(likeness).or_default();
        let same =
            like.iter().copied().find(|at| self.list.get(*at).is_some_and(|draft| are_same(&draft.groups, &groups)));
        if let Some(draft) = same.filter(|_| !is_alone).and_then(|at| self.list.get_mut(at)) {
            draft.served.push(served);
            join(&mut draft.groups, groups);
            return;
        }
        if !is_alone {
            like.push(self.list.len());
        }
        self.list.push(Draft { owner, served: vec![served], schemes, side, is_grpc, groups });
    }
}

fn group(planned: Planned) -> Group {
    let Planned { owner, origin, rules, rank, closed, items, .. } = planned;
    let closed: Vec<ItemId> = closed.into_iter().collect();
    // In a route of several Ingresses the owner is that of the route.
    let from = if let Origin::Path(id) = origin { id.ingress } else { owner };
    let line = |rule| Line { rule, from, items: items.clone(), closed: closed.clone() };
    Group { lines: rules.into_iter().map(line).collect(), is_ranked: rank.is_some() }
}

/// Everything of a rule but its comments.
fn content(rule: &Rule) -> impl Hash + PartialEq {
    let Rule { comments: _, matches, filters, backends, timeouts, session } = rule;
    (matches, filters, backends, timeouts, session)
}

fn lines(groups: &[Group]) -> impl Iterator<Item = &Rule> {
    groups.iter().flat_map(|group| &group.lines).map(|line| &line.rule)
}

fn digest(groups: &[Group]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for rule in lines(groups) {
        content(rule).hash(&mut hasher);
    }
    hasher.finish()
}

fn are_same(one: &[Group], other: &[Group]) -> bool {
    let shape = |groups: &[Group]| -> Vec<(usize, bool)> {
        groups.iter().map(|group| (group.lines.len(), group.is_ranked)).collect()
    };
    shape(one) == shape(other) && lines(one).zip(lines(other)).all(|(one, other)| content(one) == content(other))
}

/// Adds what is to be said of the same rules for another host.
fn join(groups: &mut [Group], others: Vec<Group>) {
    let lines = groups.iter_mut().flat_map(|group| &mut group.lines);
    for (line, other) in lines.zip(others.into_iter().flat_map(|group| group.lines)) {
        line.items.extend(other.items);
        line.closed.extend(other.closed);
    }
}

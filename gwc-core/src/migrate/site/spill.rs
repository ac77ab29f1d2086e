//! Annotations that act on other Ingresses too: on all paths of a host, or wherever a Service port is used
//! (ingress-migrate.md §3.2, MIG510).

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::Cx;
use crate::migrate::annotation::{Scope, Verdict};
use crate::migrate::code;
use crate::migrate::item::{Fact, ItemId};
use crate::migrate::site::{Host, Location, Member, Origin, ServicePort, To, field, nginx};
use crate::prove::allowance::Dimension;
use crate::prove::{Kind, Place};
use crate::value::ObjectKey;

/// Says which annotations spill, and whom they reach.
pub(super) fn report(hosts: &[Host], members: &[Member<'_>], cx: &mut Cx<'_, '_>) {
    for host in hosts.iter().filter(|host| host.is_regex) {
        expressions(host, members, cx);
    }
    let positions: BTreeMap<&ObjectKey, usize> = members.iter().enumerate().map(|(at, one)| (one.key(), at)).collect();
    for host in hosts {
        closing(host, (members, &positions), cx);
    }
    upstreams(hosts, members, cx);
}

fn owners<'h>(host: &'h Host, is_meant: impl Fn(&Location) -> bool + 'h) -> BTreeSet<usize> {
    let own = host.locations.iter().filter(|one| matches!(one.origin, Origin::Path(_)));
    own.filter(|one| is_meant(one)).map(|one| one.owner).collect()
}

fn names(at: &BTreeSet<usize>, members: &[Member<'_>]) -> Vec<String> {
    at.iter().filter_map(|at| members.get(*at)).map(|member| format!("Ingress/{}", member.key())).collect()
}

/// One Ingress is enough to make every path of a host an expression (step H).
fn expressions(host: &Host, members: &[Member<'_>], cx: &mut Cx<'_, '_>) {
    let causes = |one: &Location| nginx::uses_regex(one, members) || nginx::needs_rewrite(one, members);
    let causing: BTreeSet<usize> = host.locations.iter().filter(|one| causes(one)).map(|one| one.owner).collect();
    let reached: BTreeSet<usize> = owners(host, |_| true).difference(&causing).copied().collect();
    let Some(cause) = causing.iter().find_map(|at| members.get(*at)).filter(|_| !reached.is_empty()) else { return };
    let settings = &cause.settings;
    let (key, item) = match (settings.use_regex, settings.rewrite_target.as_ref()) {
        (Some(item), _) => ("use-regex", Some(item)),
        (None, rewrite) => ("rewrite-target", rewrite.map(|rewrite| rewrite.item)),
    };
    let affects = names(&reached, members);
    let name = host.name.as_deref().unwrap_or("other hosts");
    let n_reached = reached.len();
    let message = format!("`{key}` makes the paths of other Ingresses of `{name}` expressions too: {n_reached}");
    if let Some(own) = item.filter(|_| cause.silent.is_none()).and_then(|item| cx.report.item_mut(item)) {
        own.affects.clone_from(&affects);
    }
    let mut spill = cause.item(field::HOST, name, Verdict::Approx).finding(code::ANNOTATION_SPILLS, message);
    spill.scope = Scope::Server;
    spill.affects = affects;
    cause.add(spill.help("give the paths with expressions a host of their own"), cx);
}

/// A lost access control of the whole host closes the paths of other Ingresses as well.
fn closing(host: &Host, (members, positions): (&[Member<'_>], &BTreeMap<&ObjectKey, usize>), cx: &mut Cx<'_, '_>) {
    let Some(item) = host.closed.and_then(|id| cx.report.item(id)) else { return };
    let owner = item.source.object.clone();
    let Some((at, cause)) = positions.get(&owner).and_then(|at| Some((*at, members.get(*at)?))) else { return };
    let reached: BTreeSet<usize> = owners(host, |_| true).into_iter().filter(|other| *other != at).collect();
    if reached.is_empty() || !cause.is_chosen {
        return;
    }
    let affects = names(&reached, members);
    let name = host.name.as_deref().unwrap_or("other hosts");
    let message = format!("what `{owner}` sets for `{name}` closes paths of other Ingresses too: {}", reached.len());
    let mut spill = cause.item(field::HOST, name, Verdict::None).finding(code::ANNOTATION_SPILLS, message);
    spill.scope = Scope::Server;
    spill.affects = affects;
    cause.add(spill, cx);
}

/// Stickiness and the like belong to the Service port, whoever sends to it.
fn upstreams(hosts: &[Host], members: &[Member<'_>], cx: &mut Cx<'_, '_>) {
    let mut users: BTreeMap<&ServicePort, BTreeSet<usize>> = BTreeMap::new();
    for location in hosts.iter().flat_map(|host| &host.locations) {
        if let To::Service(port) = &location.to {
            users.entry(port).or_default().insert(location.owner);
        }
    }
    let mut shared: BTreeMap<usize, Vec<&ServicePort>> = BTreeMap::new();
    for (port, users) in users.iter().filter(|(_, users)| users.len() > 1) {
        for at in users {
            shared.entry(*at).or_default().push(port);
        }
    }
    let spilling = spilling(cx);
    for (at, member) in members.iter().enumerate().filter(|(_, member)| member.is_chosen) {
        let (Some(items), Some(ports)) = (spilling.get(member.key()), shared.get(&at)) else { continue };
        let Some(port) = ports.first() else { continue };
        let others = ports.iter().filter_map(|port| users.get(*port)).flatten().copied();
        let reached: BTreeSet<usize> = others.filter(|other| *other != at).collect();
        let affects = names(&reached, members);
        for item in items {
            if let Some(own) = cx.report.item_mut(*item) {
                own.affects.clone_from(&affects);
            }
            for other in &reached {
                cx.report.allow(*item, Place::Ingress(*other), Kind::Policy(Dimension::Affinity));
            }
        }
        let message = format!(
            "the Service `{}` port {} has the settings of `{}` wherever it is used",
            port.service.name,
            port.port,
            member.key()
        );
        let mut spill =
            member.item(field::PATH, &port.service.name, Verdict::Approx).finding(code::ANNOTATION_SPILLS, message);
        spill.scope = Scope::Upstream;
        spill.affects = affects;
        member.add(spill, cx);
    }
}

/// Items of annotations of upstreams that are lost or changed, by Ingress.
fn spilling(cx: &Cx<'_, '_>) -> BTreeMap<ObjectKey, Vec<ItemId>> {
    let mut found: BTreeMap<ObjectKey, Vec<ItemId>> = BTreeMap::new();
    for (at, item) in cx.report.items().iter().enumerate() {
        let is_lost = matches!(item.verdict, Verdict::Approx | Verdict::Policy | Verdict::None);
        let is_canary = matches!(&item.fact, Fact::Annotation(key) if key.contains("/canary"));
        if matches!(item.fact, Fact::Annotation(_)) && item.scope == Scope::Upstream && is_lost && !is_canary {
            found.entry(item.source.object.clone()).or_default().push(ItemId(at));
        }
    }
    found
}

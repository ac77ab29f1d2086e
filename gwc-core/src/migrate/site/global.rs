//! Access controls that the controller's ConfigMap puts on every host: they are lost with the controller, and what they
//! guarded is closed (ingress-migrate.md §0, §3.9, MIG511).

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::Cx;
use crate::migrate::annotation::{Control, Scope, Verdict, snippet, truth};
use crate::migrate::code;
use crate::migrate::item::{self, Fact, Item, ItemId};
use crate::migrate::settings::Lost;
use crate::migrate::site::host::by_host;
use crate::migrate::site::{Host, Member, Origin, To};
use crate::prove::allowance::Dimension;
use crate::prove::{Kind, Place};

const ADDRESSES: [&str; 3] = ["block-cidrs", "denylist-source-range", "whitelist-source-range"];
const SENDERS: [&str; 2] = ["block-referers", "block-user-agents"];
const FIREWALL: &str = "enable-modsecurity";
const AUTH: &str = "global-auth-url";
const SNIPPETS: [&str; 4] = ["http-snippet", "location-snippet", "main-snippet", "server-snippet"];

/// The keys that guard something.
fn guards(cx: &Cx<'_, '_>) -> Vec<(Control, &'static str)> {
    let text = |key: &str| cx.options.setting(key).map(str::trim).filter(|text| !text.is_empty());
    let mut found = Vec::new();
    found.extend(
        ADDRESSES.into_iter().chain(SENDERS).filter(|key| text(key).is_some()).map(|key| (Control::Addresses, key)),
    );
    if text(AUTH).is_some() {
        found.push((Control::Authentication, AUTH));
    }
    if cx.options.truth_of(FIREWALL) == Some(true) {
        found.push((Control::Waf, FIREWALL));
    }
    let refusing = SNIPPETS.into_iter().filter(|key| text(key).is_some_and(snippet::refuses));
    found.extend(refusing.map(|key| (Control::Snippet, key)));
    found
}

/// Does the annotation of an Ingress lift a control of the ConfigMap?
fn is_lifted(key: &str, member: &Member<'_>, cx: &Cx<'_, '_>) -> bool {
    let name = format!("{}/{FIREWALL}", cx.options.annotation_prefix);
    let firewall = || member.ingress.annotation(&name).and_then(|text| truth(text.value.trim()));
    match key {
        AUTH => member.settings.leaves_global_auth,
        FIREWALL => firewall() == Some(false),
        _ => false,
    }
}

/// Adds what is lost to the members, with one item for each host and control.
pub(super) fn close(hosts: &mut [Host], members: &mut [Member<'_>], cx: &mut Cx<'_, '_>) {
    let guards = guards(cx);
    if guards.is_empty() {
        return;
    }
    let mut users = by_host(members);
    for (at, member) in members.iter().enumerate() {
        // A default backend without rules answers for unknown hosts.
        if member.ingress.rules.is_empty() && member.settings.rejected.is_none() {
            users.entry(None).or_default().push(at);
        }
    }
    let mut lost: BTreeMap<(usize, Control), ItemId> = BTreeMap::new();
    for host in hosts.iter() {
        let users = users.get(&host.name).map(Vec::as_slice).unwrap_or_default();
        for (control, key) in &guards {
            let guarded: BTreeSet<usize> = users
                .iter()
                .copied()
                .filter(|at| members.get(*at).is_some_and(|one| one.is_chosen && !is_lifted(key, one, cx)))
                .collect();
            let Some(item) = report(host, (*control, key), &guarded, members, cx) else { continue };
            for at in guarded {
                lost.entry((at, *control)).or_insert(item);
            }
        }
    }
    close_own(hosts, &guards, cx);
    for ((at, control), item) in lost {
        let Some(member) = members.get_mut(at) else { continue };
        if cx.options.accepts(code::ACCESS_CONTROL_LOST.number, &member.ingress.meta.key) {
            cx.report.allow(item, Place::Ingress(at), Kind::Policy(Dimension::Access));
        } else {
            member.settings.lost.push(Lost { control, scope: Scope::Location, item });
        }
    }
}

/// The controller's own default backend belongs to no Ingress, so nobody can accept for it: it is closed.
fn close_own(hosts: &mut [Host], guards: &[(Control, &'static str)], cx: &mut Cx<'_, '_>) {
    let Some((control, key)) = guards.first() else { return };
    for location in hosts.iter_mut().flat_map(|host| &mut host.locations) {
        let To::Service(port) = &location.to else { continue };
        if location.origin != Origin::Controller {
            continue;
        }
        let message = format!("`{key}` of the controller guards its default backend, and is lost: so it is closed");
        let source = item::Origin { kind: "Service", object: port.service.clone(), span: None, pointer: String::new() };
        let mut own = Item::new(source, Fact::Setting((*key).to_owned()), "", Verdict::Global)
            .finding(code::ACCESS_CONTROL_LOST, message)
            .scope(Scope::Server)
            .help("route it by hand, with a policy of the implementation that does the same");
        own.control = Some(*control);
        location.to = To::Closed(cx.report.add(own));
    }
}

/// One item for a host; accepted where all its Ingresses accept.
fn report(
    host: &Host,
    (control, key): (Control, &'static str),
    guarded: &BTreeSet<usize>,
    members: &[Member<'_>],
    cx: &mut Cx<'_, '_>,
) -> Option<ItemId> {
    let first = members.get(*guarded.first()?)?;
    let mut owners = guarded.iter().filter_map(|at| members.get(*at));
    let is_accepted = owners.all(|one| cx.options.accepts(code::ACCESS_CONTROL_LOST.number, one.key()));
    let name = host.name.as_deref().unwrap_or("all other hosts");
    let end = if is_accepted { "which was accepted" } else { "so its rules are closed" };
    let message = format!("`{key}` of the controller guards `{name}`, and is lost: {end}");
    let item = first.item("", name, Verdict::Global).finding(code::ACCESS_CONTROL_LOST, message).scope(Scope::Server);
    let mut item = item.help("attach a policy of the implementation that does the same; then accept the loss");
    item.fact = Fact::Setting(key.to_owned());
    item.control = Some(control);
    item.is_accepted = is_accepted;
    Some(cx.report.add(item))
}

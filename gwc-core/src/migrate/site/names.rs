//! Further names and uses of hosts: aliases, the name with or without `www.`, TLS that is passed through
//! (ingress-migrate.md §3.8).

use std::collections::{BTreeMap, BTreeSet};

use compact_str::{CompactString, format_compact};

use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::site::host::has_paths;
use crate::migrate::site::{Host, Member, ROOT, To, certificate, host};
use crate::prove::{Kind, Place};

/// Members, and which of them have a rule for each host.
type Members<'m, 'w> = (&'m [Member<'w>], &'m BTreeMap<Option<CompactString>, Vec<usize>>);

/// Adds the names of all hosts, which are in file order.
pub(super) fn add(hosts: &mut [Host], all: &BTreeSet<CompactString>, members: Members<'_, '_>, cx: &mut Cx<'_, '_>) {
    let mut taken: BTreeSet<CompactString> = all.clone();
    for host in hosts.iter_mut().filter(|host| host.name.is_some()) {
        aliases(host, &mut taken, members, cx);
    }
    for host in hosts.iter_mut() {
        www(host, &mut taken, members, cx);
        passthrough(host, members, cx);
    }
}

/// Names that another host has are passed over; those that are expressions have no counterpart.
fn aliases(host: &mut Host, taken: &mut BTreeSet<CompactString>, members: Members<'_, '_>, cx: &mut Cx<'_, '_>) {
    let Some(owner) = users(host, members).map(|(_, one)| one).find(|one| one.settings.aliases.is_some()) else {
        return;
    };
    let Some(item) = owner.settings.aliases.as_ref().map(|aliases| aliases.item) else { return };
    let mut kept = Vec::new();
    for alias in std::mem::take(&mut host.aliases) {
        let alias = alias.to_ascii_lowercase();
        if alias.starts_with('~') {
            let message = format!("the alias `{alias}` is a regular expression, which no hostname can be");
            owner.restate(item, (Verdict::Approx, code::ANNOTATION_LOST), message, cx);
            let name = host.name.clone().unwrap_or_default();
            cx.report.allow(item, Place::Host(name), Kind::NameLost);
        } else if !host::is_name(&alias) {
            host::drop_name(&alias, owner, cx);
        } else if taken.insert(alias.clone()) {
            certificate::check_name(&alias, host.certificate.as_ref(), owner, cx);
            kept.push(alias);
        }
    }
    host.aliases = kept;
}

/// Members with a rule for the host, in order.
fn users<'m, 'w>(host: &Host, (members, by_host): Members<'m, 'w>) -> impl Iterator<Item = (usize, &'m Member<'w>)> {
    let users = by_host.get(&host.name).map(Vec::as_slice).unwrap_or_default();
    users.iter().filter_map(move |at| Some((*at, members.get(*at)?)))
}

/// Any Ingress with a path of the host may ask for it.
fn www(host: &mut Host, taken: &mut BTreeSet<CompactString>, members: Members<'_, '_>, cx: &mut Cx<'_, '_>) {
    let Some(name) = host.name.clone().filter(|name| !name.starts_with('*')) else { return };
    let asks = |member: &Member<'_>| member.settings.from_to_www.is_some() && has_paths(member, Some(&name));
    let Some((at, member)) = users(host, members).find(|(_, member)| asks(member)) else { return };
    let other = match name.strip_prefix("www.") {
        Some(bare) => CompactString::from(bare),
        None => format_compact!("www.{name}"),
    };
    if taken.insert(other.clone()) {
        certificate::check_name(&other, host.certificate.as_ref(), member, cx);
        host.www = Some((other, at));
    } else if let Some(item) = member.settings.from_to_www {
        let message = format!("`{other}` is a host of its own, so nothing is redirected");
        member.restate(item, (Verdict::Inert, code::ANNOTATION_INERT), message, cx);
    }
}

/// Only the backend of `/` gets the connections, and only for the very name of the host.
fn passthrough(host: &mut Host, members: Members<'_, '_>, cx: &mut Cx<'_, '_>) {
    let Some((member, item)) = users(host, members).find_map(|(_, one)| Some((one, one.settings.passthrough?))) else {
        return;
    };
    let is_plain = host.name.as_deref().is_some_and(|name| !name.starts_with('*'));
    let root = host.locations.iter().find(|one| one.path == ROOT).map(|one| &one.to);
    match root {
        Some(To::Service(port)) if is_plain => host.passthrough = Some((port.clone(), item)),
        _ => {
            let message = "nothing is passed through: the host is no plain name, or its path `/` has no backend";
            member.restate(item, (Verdict::Inert, code::ANNOTATION_INERT), message, cx);
        }
    }
}

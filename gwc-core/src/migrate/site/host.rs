//! What holds for whole hosts: which annotation of which Ingress counts for all paths of a host, and what is said of a
//! host as such (ingress-migrate.md §2.4, §2.7, §3.2).

use std::collections::{BTreeMap, BTreeSet};

use compact_str::{CompactString, format_compact};

use crate::api::ingress::Ingress;
use crate::diagnostic::Severity;
use crate::migrate::Cx;
use crate::migrate::annotation::{Control, Scope, Verdict};
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::site::nginx::host_of;
use crate::migrate::site::{Host, Member, Origin, field};
use crate::prove::{Kind, Place};

/// A host without locations.
pub(super) fn new(name: Option<CompactString>, introduced_by: usize) -> Host {
    Host {
        name,
        introduced_by,
        is_regex: false,
        locations: Vec::new(),
        certificate: None,
        aliases: Vec::new(),
        app_root: None,
        www: None,
        passthrough: None,
        closed: None,
    }
}

/// Members with a rule for each host, in order.
pub(super) fn by_host(members: &[Member<'_>]) -> BTreeMap<Option<CompactString>, Vec<usize>> {
    let mut users: BTreeMap<Option<CompactString>, Vec<usize>> = BTreeMap::new();
    for (at, member) in members.iter().enumerate() {
        let is_read = member.settings.rejected.is_none() && member.settings.canary.is_none();
        let names: BTreeSet<Option<CompactString>> = member.ingress.rules.iter().map(host_of).collect();
        for name in names.into_iter().filter(|_| is_read) {
            users.entry(name).or_default().push(at);
        }
    }
    users
}

/// Has the Ingress a rule with paths for the host?
pub(super) fn has_paths(member: &Member<'_>, name: Option<&CompactString>) -> bool {
    let mut rules = member.ingress.rules.iter().filter(|rule| host_of(rule).as_ref() == name);
    name.is_none() || rules.any(|rule| rule.paths.is_some())
}

/// Closes hosts for which the Ingress that counts has lost an access control of the whole host.
pub(super) fn close(hosts: &mut [Host], members: &mut [Member<'_>], cx: &mut Cx<'_, '_>) {
    let users = by_host(members);
    let mut counted: BTreeSet<(usize, Control)> = BTreeSet::new();
    for host in hosts.iter_mut() {
        let users = users.get(&host.name).map(Vec::as_slice).unwrap_or_default();
        let settings = |at: &usize| members.get(*at).map(|member| &member.settings);
        // Of certificates of clients, and of what is refused for them, only rules with paths are looked at.
        let serving = |at: &&usize| members.get(**at).is_some_and(|member| has_paths(member, host.name.as_ref()));
        let mut closing: Vec<ItemId> =
            users.iter().filter(serving).filter_map(|at| settings(at)?.denied_hosts).collect();
        let snippet = users.iter().find(|at| settings(at).is_some_and(|own| own.server_snippet.is_some()));
        let client =
            users.iter().filter(serving).find(|at| settings(at).is_some_and(|own| own.client_certificate.is_some()));
        for (at, control) in [(snippet, Control::Snippet), (client, Control::ClientCertificate)] {
            let Some(at) = at else { continue };
            counted.insert((*at, control));
            let lost = settings(at)
                .and_then(|own| own.lost.iter().find(|lost| lost.control == control && lost.scope == Scope::Server));
            closing.extend(lost.map(|lost| lost.item));
        }
        host.closed = closing.first().copied();
    }
    for (at, member) in members.iter_mut().enumerate() {
        drop_shadowed(at, member, &counted, cx);
    }
}

/// What another Ingress of every host has set before is never looked at.
fn drop_shadowed(at: usize, member: &mut Member<'_>, counted: &BTreeSet<(usize, Control)>, cx: &mut Cx<'_, '_>) {
    let is_shown = member.silent.is_none();
    let own = &mut member.settings;
    for (item, control) in
        [(own.server_snippet, Control::Snippet), (own.client_certificate, Control::ClientCertificate)]
    {
        let Some(item) = item.filter(|_| is_shown && !counted.contains(&(at, control))) else { continue };
        let lost: Vec<ItemId> = own.lost.iter().filter(|one| is_of_host(one, control)).map(|one| one.item).collect();
        own.lost.retain(|one| !is_of_host(one, control));
        for item in lost.into_iter().chain([item]) {
            if let Some(own) = cx.report.item_mut(item) {
                own.control = None;
            }
            let message = "another Ingress of the host comes first, and its setting is the one that counts";
            cx.report.restate(item, (Verdict::Inert, code::ANNOTATION_INERT), message);
        }
    }
}

fn is_of_host(lost: &crate::migrate::settings::Lost, control: Control) -> bool {
    lost.control == control && lost.scope == Scope::Server
}

/// Says what is to be said of hosts, and leaves out those that Gateway API has no name for.
pub(super) fn report(hosts: &mut Vec<Host>, members: &[Member<'_>], cx: &mut Cx<'_, '_>) {
    let mut named: Vec<Host> = Vec::new();
    for host in hosts.drain(..) {
        let Some((name, member)) = host.name.as_deref().zip(members.get(host.introduced_by)) else {
            named.push(host);
            continue;
        };
        if !is_name(name) {
            drop_name(name, member, cx);
            continue;
        }
        if name.starts_with("*.") {
            widened(name, member, cx);
        }
        named.push(host);
    }
    let answers = |one: &&Host| one.locations.iter().any(|one| one.origin != Origin::Implicit);
    let answering: BTreeSet<Option<CompactString>> = named.iter().filter(answers).map(|one| one.name.clone()).collect();
    for host in &named {
        isolated(host, &answering, members, cx);
        shared(host, members, cx);
    }
    super::member::report_sharing(members, &named, cx);
    *hosts = named;
}

/// A name as RFC 1123 has it, maybe with a wildcard as its first label.
pub(super) fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let inner = label.bytes().all(|byte| is_letter(byte) || byte == b'-');
        let ends = label.bytes().next().is_some_and(is_letter) && label.bytes().last().is_some_and(is_letter);
        inner && ends && label.len() <= 63
    };
    let labels = name.strip_prefix("*.").unwrap_or(name);
    name.len() <= 253 && labels.split('.').all(is_label)
}

/// Leaves out a name of which Gateway API has none (MIG209).
pub(super) fn drop_name(name: &str, member: &Member<'_>, cx: &mut Cx<'_, '_>) {
    let shown = crate::migrate::settings::word::short(name);
    let message = format!("`{shown}` is no host name for Gateway API, and is left out");
    let item = member.item(field::HOST, shown, Verdict::None).finding(code::NOT_REPRESENTABLE, message);
    let item = member.add(item.help("serve the application under a name of letters, digits, `-` and `.`"), cx);
    cx.report.allow(item, Place::Host(name.into()), Kind::Dropped);
}

/// A wildcard of a Gateway takes deeper names, that of an Ingress one label (MIG201).
fn widened(name: &str, member: &Member<'_>, cx: &mut Cx<'_, '_>) {
    let deeper = name.replacen('*', "x.y", 1);
    let message = format!("`{name}` takes names of one label more on the source, on a Gateway `{deeper}` too");
    let item = member.item(field::HOST, name, Verdict::Approx).finding(code::WILDCARD_HOST, message);
    let item = member.add(item.help("name the hosts, if deeper names must not be served"), cx);
    cx.report.allow(item, Place::Host(name.into()), Kind::DeeperName);
}

/// A host keeps requests to itself that a wider one would answer; its listeners see to that (MIG202).
fn isolated(host: &Host, answering: &BTreeSet<Option<CompactString>>, members: &[Member<'_>], cx: &mut Cx<'_, '_>) {
    let Some((name, member)) = host.name.as_deref().zip(members.get(host.introduced_by)) else { return };
    let wildcard = name.split_once('.').map(|(_, parent)| format_compact!("*.{parent}"));
    let is_wider = |other: &Option<CompactString>| other.as_deref() != Some(name) && answering.contains(other);
    let Some(wider) = [wildcard, None].into_iter().find(is_wider) else { return };
    let other = wider.map_or_else(|| "rules without a host".to_owned(), |other| format!("rules of `{other}`"));
    let message = format!("requests for `{name}` never reach {other}: listeners of its own keep it so");
    let item = member.item(field::HOST, name, Verdict::Exact).finding(code::HOST_FALL_THROUGH, message);
    member.add(item.severity(Severity::Info), cx);
}

/// One host, several namespaces (MIG208).
fn shared(host: &Host, members: &[Member<'_>], cx: &mut Cx<'_, '_>) {
    let Some((name, member)) = host.name.as_deref().zip(members.get(host.introduced_by)) else { return };
    let owners =
        host.locations.iter().filter(|one| one.origin != Origin::Implicit).filter_map(|one| members.get(one.owner));
    let namespaces: BTreeSet<&str> = owners.map(|member| member.key().namespace.as_str()).collect();
    if namespaces.len() < 2 {
        return;
    }
    let list = namespaces.iter().take(3).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let more = if namespaces.len() > 3 { " and others" } else { "" };
    let message = format!("`{name}` is served from the namespaces {list}{more}");
    member.add(member.item(field::HOST, name, Verdict::Exact).finding(code::HOST_OF_SEVERAL_NAMESPACES, message), cx);
}

/// Has the Ingress a rule for the host?
pub(super) fn has_rule(ingress: &Ingress, name: &str) -> bool {
    ingress.hosts().any(|host| host.value.eq_ignore_ascii_case(name))
}

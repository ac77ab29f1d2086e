//! Which Gateways there are before any is divided, and which of them serves a host (ingress-migrate.md §2.7, §5.1).

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Severity;
use crate::migrate::Cx;
use crate::migrate::assemble::{about, about_class, claim};
use crate::migrate::code;
use crate::migrate::options::GatewayMode;
use crate::migrate::rules::Planned;
use crate::migrate::site::{Host, Site};
use crate::prove::{Kind, Place};

/// A Gateway, before it is divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) namespace: String,
    pub(super) name: String,
    /// Routes attach to it, but it is not written.
    pub(super) is_existing: bool,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bases {
    pub(super) list: Vec<Base>,
    /// For each host, the position of its Gateway: a host has one address.
    pub(super) of_host: Vec<usize>,
}

/// For each host the members with rules for it.
pub(super) fn owners(site: &Site<'_>, planned: &[Planned]) -> Vec<BTreeSet<usize>> {
    let mut owners = vec![BTreeSet::new(); site.hosts.len()];
    for one in planned {
        if let Some(of_host) = owners.get_mut(one.host) {
            of_host.insert(one.owner);
        }
    }
    owners
}

/// Finds the Gateways; `None` where a host would need two of them: nothing is written then (§2.7).
pub(super) fn bases(site: &Site<'_>, owners: &[BTreeSet<usize>], cx: &mut Cx<'_, '_>) -> Option<Bases> {
    let mut is_refused = false;
    for (host, owners) in site.hosts.iter().zip(owners) {
        is_refused |= report_shared(site, host, owners, cx);
    }
    if is_refused {
        return None;
    }
    let name = cx.options.gateway_name.clone().unwrap_or_else(|| site.class.to_string());
    Some(match cx.options.gateways.clone() {
        GatewayMode::Shared => {
            let namespace = cx.options.gateway_namespace.clone();
            let name = named(site, &namespace, &name, cx);
            one(site, Base { namespace, name, is_existing: false })
        }
        GatewayMode::Existing(key) => {
            let (namespace, name) = (key.namespace.to_string(), key.name.to_string());
            one(site, Base { namespace, name, is_existing: true })
        }
        GatewayMode::PerNamespace => many(site, owners, cx, |member| (member.namespace.to_string(), name.clone())),
        GatewayMode::PerIngress => {
            many(site, owners, cx, |member| (member.namespace.to_string(), member.name.to_string()))
        }
    })
}

fn one(site: &Site<'_>, base: Base) -> Bases {
    Bases { list: vec![base], of_host: vec![0; site.hosts.len()] }
}

fn many(
    site: &Site<'_>,
    owners: &[BTreeSet<usize>],
    cx: &mut Cx<'_, '_>,
    key: impl Fn(&crate::value::ObjectKey) -> (String, String),
) -> Bases {
    let mut positions: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut bases = Bases { list: Vec::new(), of_host: Vec::new() };
    for (host, owners) in site.hosts.iter().zip(owners) {
        // The Ingress that brought the host in counts; where it is not converted, the next one.
        let home = if owners.contains(&host.introduced_by) { Some(&host.introduced_by) } else { owners.first() };
        let home = home.copied().unwrap_or(host.introduced_by);
        let Some(member) = site.members.get(home) else {
            bases.of_host.push(0);
            continue;
        };
        let (namespace, name) = key(member.key());
        let at = *positions.entry((namespace.clone(), name.clone())).or_insert_with(|| {
            let name = named(site, &namespace, &name, cx);
            bases.list.push(Base { namespace, name, is_existing: false });
            bases.list.len() - 1
        });
        bases.of_host.push(at);
    }
    bases
}

fn named(site: &Site<'_>, namespace: &str, name: &str, cx: &mut Cx<'_, '_>) -> String {
    let name = crate::migrate::name::divided(name, "", crate::migrate::name::MAX_LABEL).text;
    let owner = format!("the Gateway of class `{}`", site.class);
    let item = about_class(site, cx);
    claim(("Gateway", namespace, &name), &owner, item, cx)
}

/// One host of several namespaces or Ingresses (MIG208): good in a shared Gateway, refused where each has its own.
/// Returns whether it is refused.
fn report_shared(site: &Site<'_>, host: &Host, owners: &BTreeSet<usize>, cx: &mut Cx<'_, '_>) -> bool {
    let Some(name) = &host.name else { return false };
    let members = owners.iter().filter_map(|at| site.members.get(*at));
    let namespaces: BTreeSet<&str> = members.map(|member| member.key().namespace.as_str()).collect();
    let (is_apart, by) = match cx.options.gateways {
        GatewayMode::PerNamespace => (namespaces.len() > 1, "per-namespace"),
        GatewayMode::PerIngress => (owners.len() > 1, "per-ingress"),
        GatewayMode::Shared | GatewayMode::Existing(_) => (false, ""),
    };
    if namespaces.len() < 2 && !is_apart {
        return false;
    }
    let Some(member) = owners.first().and_then(|at| site.members.get(*at)) else { return false };
    let item = about(member, "spec.rules[].host", "/spec/rules", name);
    let list: Vec<&str> = namespaces.into_iter().take(4).collect();
    let list = list.join("`, `");
    if is_apart {
        let message =
            format!("`{name}` has rules in `{list}`: with `--gateway-mode {by}` it would be at two addresses");
        let help = "use `--gateway-mode shared`; nothing is written for the class";
        let item = item.finding(code::HOST_OF_SEVERAL_NAMESPACES, message).help(help);
        let id = cx.report.add(item.severity(Severity::Error));
        cx.report.allow(id, Place::Everywhere, Kind::Dropped);
    } else {
        let message = format!("`{name}` is served from several namespaces: `{list}`");
        cx.report.add(item.finding(code::HOST_OF_SEVERAL_NAMESPACES, message));
    }
    is_apart
}

//! TLSRoutes for hosts whose TLS passes through: one rule, to the Service of `/` (ingress-migrate.md §3.8 TLS).

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::Cx;
use crate::migrate::assemble::draft::Served;
use crate::migrate::assemble::listen::Listening;
use crate::migrate::assemble::{Ground, route};
use crate::migrate::item::{ItemId, Output};
use crate::migrate::name::{RoutePart, Scheme};
use crate::migrate::render::Manifest;
use crate::migrate::render::model::{Backend, TlsRoute};
use crate::migrate::site::{Host, ServicePort, Site};

/// One route for each host.
pub(super) fn routes(ground: &Ground<'_, '_>, listening: &mut Listening, cx: &mut Cx<'_, '_>) -> Vec<Manifest> {
    let site = ground.site;
    let passed = || site.hosts.iter().enumerate().filter_map(|(at, host)| Some((at, host, host.passthrough.as_ref()?)));
    let mut n_hosts: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, host, (_, item)) in passed() {
        *n_hosts.entry(owner(site, host, *item, cx)).or_default() += 1;
    }
    let mut manifests = Vec::new();
    for (at, host, (to, item)) in passed() {
        let owner = owner(site, host, *item, cx);
        let is_alone = n_hosts.get(&owner) == Some(&1);
        let part = RoutePart { host: host.name.as_deref().filter(|_| !is_alone), ..RoutePart::default() };
        let Some(member) = site.members.get(owner).filter(|member| member.is_chosen) else { continue };
        let mut meta = route::meta(member, ("TLSRoute", part), cx);
        meta.provenance = ground.origins.of(site, &BTreeSet::from([owner]));
        let served = Served { host: at, is_other: false };
        let names: Vec<&str> = served.names(site).into_iter().flatten().collect();
        let sections = names.iter().flat_map(|name| listening.sections(served, Some(name), Scheme::Tls));
        let sections: Vec<_> = sections.collect();
        for section in &sections {
            listening.attach(*section, &meta.namespace);
        }
        let parents = sections.iter().filter_map(|at| route::parent(listening, *at)).collect();
        if let Some(item) = cx.report.item_mut(*item) {
            let object = format!("TLSRoute/{}/{}", meta.namespace, meta.name);
            item.output.push(Output { object, pointer: "/spec/rules/0".into() });
        }
        let hostnames = names.into_iter().map(str::to_owned).collect();
        manifests.push(Manifest::TlsRoute(TlsRoute { meta, parents, hostnames, backend: backend(to) }));
    }
    manifests
}

/// The Ingress that asks for it.
fn owner(site: &Site<'_>, host: &Host, item: ItemId, cx: &Cx<'_, '_>) -> usize {
    let key = cx.report.item(item).map(|item| &item.source.object);
    let introduced_by = site.members.get(host.introduced_by).filter(|member| Some(member.key()) == key);
    if introduced_by.is_some() {
        return host.introduced_by;
    }
    site.members.iter().position(|member| Some(member.key()) == key).unwrap_or(host.introduced_by)
}

fn backend(to: &ServicePort) -> Backend {
    Backend { namespace: None, name: to.service.name.to_string(), port: to.port, weight: None }
}

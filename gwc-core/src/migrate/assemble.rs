//! From rules to objects: routes with names and parents, Gateways and ListenerSets with listeners, grants.
//!
//! Nothing here decides about requests; what a rule does was settled in `rules`. What is decided here is which object
//! holds what, within the limits of the API (ingress-migrate.md §2.11 to §2.14, §5.1).

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::Cx;
use crate::migrate::name::{self, MAX_NAME, RoutePart, Scheme};
use crate::migrate::plan::{self, Mode, Plan, Request, Section, Unit};
use crate::migrate::render::Manifest;
use crate::migrate::render::model::{Gateway, HttpRoute, Listener, Meta, Namespaces, Parent, Protocol, Rule};
use crate::migrate::rules::Planned;
use crate::migrate::site::Site;
use crate::value::ObjectKey;

/// The objects of a class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assembled {
    /// The objects, in the order in which they are written.
    pub manifests: Vec<Manifest>,
    /// Gateways that serve the class.
    pub gateways: Vec<ObjectKey>,
}

/// Puts the rules of a class into objects.
pub fn assemble(site: &Site<'_>, planned: Vec<Planned>, cx: &mut Cx<'_, '_>) -> Assembled {
    let gateway = cx.options.gateway_name.clone().unwrap_or_else(|| site.class.to_string());
    let hostless = [Section { port: cx.options.http_port, scheme: Scheme::Http }];
    let units: Vec<Unit> = Vec::new();
    let request = Request { gateway: &gateway, hostless: &hostless, units: &units, mode: Mode::Gateway };
    let Ok(plan) = plan::plan(&request) else { return Assembled::default() };
    let routes = routes(site, planned, &plan, cx);
    let namespaces: BTreeSet<String> =
        site.members.iter().filter(|one| one.is_chosen).map(|one| one.key().namespace.to_string()).collect();
    let mut assembled = Assembled::default();
    for holder in &plan.holders {
        let listeners = holder.slots.iter().map(|slot| Listener {
            name: name::section(slot.section.scheme, slot.host.as_deref()).text,
            hostname: slot.host.clone(),
            port: slot.section.port,
            protocol: Protocol::Http,
            routes: Namespaces::Named(namespaces.clone()),
        });
        let namespace = cx.options.gateway_namespace.clone();
        assembled.gateways.push(ObjectKey::new(namespace.as_str(), holder.name.text.as_str()));
        let meta = Meta { namespace, name: holder.name.text.clone(), ..Meta::default() };
        let class = cx.gateway_class(&site.class);
        let gateway = Gateway { meta, class, listeners: listeners.collect(), listener_sets: None };
        assembled.manifests.push(Manifest::Gateway(gateway));
    }
    assembled.manifests.extend(routes.into_iter().map(Manifest::HttpRoute));
    assembled
}

/// One route for each Ingress and host.
fn routes(site: &Site<'_>, planned: Vec<Planned>, plan: &Plan, cx: &Cx<'_, '_>) -> Vec<HttpRoute> {
    let mut by_place: BTreeMap<(usize, usize), Vec<Rule>> = BTreeMap::new();
    for one in planned {
        by_place.entry((one.owner, one.host)).or_default().extend(one.rules);
    }
    let n_hosts = |owner: usize| by_place.keys().filter(|(other, _)| *other == owner).count();
    let mut routes = Vec::new();
    for ((owner, host), rules) in &by_place {
        let (Some(member), Some(host)) = (site.members.get(*owner), site.hosts.get(*host)) else { continue };
        let part = RoutePart { host: host.name.as_deref().filter(|_| n_hosts(*owner) > 1), ..RoutePart::default() };
        let key = member.key();
        let parents = plan.holders.iter().map(|holder| Parent {
            is_listener_set: holder.namespace.is_some(),
            namespace: cx.options.gateway_namespace.clone(),
            name: holder.name.text.clone(),
            section: "http".into(),
        });
        routes.push(HttpRoute {
            meta: Meta {
                namespace: key.namespace.to_string(),
                name: name::route(&key.name, part, MAX_NAME).text,
                ..Meta::default()
            },
            parents: parents.collect(),
            hostnames: host.name.iter().map(ToString::to_string).collect(),
            rules: rules.clone(),
        });
    }
    routes
}

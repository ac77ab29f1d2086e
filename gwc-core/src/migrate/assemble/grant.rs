//! ReferenceGrants: exactly what written objects refer to across namespaces (ingress-migrate.md §2.11, §5.2).

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::Cx;
use crate::migrate::assemble::listen::Listening;
use crate::migrate::assemble::{Ground, about_class, claim};
use crate::migrate::code;
use crate::migrate::item::Output;
use crate::migrate::name;
use crate::migrate::render::Manifest;
use crate::migrate::render::model::{Filter, Grant, GrpcRule, Meta, Rule};
use crate::migrate::site::Site;
use crate::profile::Bundle;
use crate::value::ObjectKey;

/// Entries that one grant may have.
const MAX_ENTRIES: usize = 16;

/// Whose grant it is: base name, namespace of those who may, namespace of what they may use.
type Key = (String, String, String);

/// What a grant says.
#[derive(Default)]
struct Wanted {
    from: BTreeSet<(String, String)>,
    /// Kind and name, with the members that need it.
    to: BTreeMap<(String, String), BTreeSet<usize>>,
}

/// The grants that listeners and routes need.
pub(super) fn grants(
    ground: &Ground<'_, '_>,
    (listening, routes): (&Listening, &[Manifest]),
    cx: &mut Cx<'_, '_>,
) -> Vec<Manifest> {
    let site = ground.site;
    let mut wanted = certificates(listening);
    copies(site, routes, &mut wanted);
    let mut manifests = Vec::new();
    for ((base, from_namespace, namespace), wanted) in wanted {
        let entries: Vec<_> = wanted.to.into_iter().collect();
        for (piece, entries) in entries.chunks(MAX_ENTRIES).enumerate() {
            let full = name::grant(&base, &from_namespace, piece).text;
            let owner = format!("the grant for {from_namespace} of class `{}`, part {}", site.class, piece + 1);
            let item = about_class(site, cx);
            let name = claim(("ReferenceGrant", &namespace, &full), &owner, item, cx);
            let members: BTreeSet<usize> = entries.iter().flat_map(|(_, members)| members).copied().collect();
            let to: BTreeSet<(String, String)> = entries.iter().map(|(to, _)| to.clone()).collect();
            let shape = format!("{:?} {to:?}", wanted.from);
            report(site, (&namespace, &name), &to, cx);
            let meta = Meta {
                namespace: namespace.clone(),
                name,
                provenance: ground.origins.of_shape(site, &members, &shape),
                ..Meta::default()
            };
            let is_v1 = cx.options.has_named_target && cx.options.target.bundle >= Bundle::V1_5;
            manifests.push(Manifest::Grant(Grant { meta, is_v1, from: wanted.from.clone(), to }));
        }
    }
    manifests
}

/// Secrets of other namespaces than those of the listeners.
fn certificates(listening: &Listening) -> BTreeMap<Key, Wanted> {
    let mut wanted: BTreeMap<Key, Wanted> = BTreeMap::new();
    for holder in &listening.holders {
        let kind = if holder.is_set { "ListenerSet" } else { "Gateway" };
        let base = listening.bases.get(holder.base).map(|base| base.name.clone()).unwrap_or_default();
        for slot in &holder.slots {
            let Some(secret) = slot.secret.as_ref().filter(|key| key.namespace != holder.namespace.as_str()) else {
                continue;
            };
            let key = (base.clone(), holder.namespace.clone(), secret.namespace.to_string());
            let grant = wanted.entry(key).or_default();
            grant.from.insert((kind.to_owned(), holder.namespace.clone()));
            let members = grant.to.entry(("Secret".to_owned(), secret.name.to_string())).or_default();
            members.extend(slot.member);
        }
    }
    wanted
}

/// Services of other namespaces that get copies of requests.
fn copies(site: &Site<'_>, routes: &[Manifest], wanted: &mut BTreeMap<Key, Wanted>) {
    let positions: BTreeMap<&ObjectKey, usize> =
        site.members.iter().enumerate().map(|(at, member)| (member.key(), at)).collect();
    for route in routes {
        let filters: Vec<&Filter> = if let Manifest::HttpRoute(route) = route {
            route.rules.iter().flat_map(|rule: &Rule| &rule.filters).collect()
        } else if let Manifest::GrpcRoute(route) = route {
            route.rules.iter().flat_map(|rule: &GrpcRule| &rule.filters).collect()
        } else {
            continue;
        };
        for filter in filters {
            let Filter::Mirror(backend) = filter else { continue };
            let Some(namespace) = backend.namespace.clone() else { continue };
            let from = (route.kind().to_owned(), route.meta().namespace.clone());
            let key = (format!("{}-copies", site.class), from.1.clone(), namespace);
            let grant = wanted.entry(key).or_default();
            grant.from.insert(from);
            let members = grant.to.entry(("Service".to_owned(), backend.name.clone())).or_default();
            members.extend(route.meta().ingress.as_ref().and_then(|key| positions.get(key)));
        }
    }
}

/// MIG402.
fn report(site: &Site<'_>, (namespace, name): (&str, &str), to: &BTreeSet<(String, String)>, cx: &mut Cx<'_, '_>) {
    let secrets: Vec<&str> = to.iter().filter(|(kind, _)| kind == "Secret").map(|(_, name)| name.as_str()).collect();
    let Some(first) = secrets.first() else { return };
    let more = if secrets.len() > 1 { format!(" and {} more", secrets.len() - 1) } else { String::new() };
    let message =
        format!("the Secret `{namespace}/{first}`{more} is used from another namespace: a ReferenceGrant is written");
    let mut item = about_class(site, cx).finding(code::SECRET_ACROSS_NAMESPACES, message);
    item.output.push(Output { object: format!("ReferenceGrant/{namespace}/{name}"), pointer: "/spec/to".into() });
    cx.report.add(item);
}

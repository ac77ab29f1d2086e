//! From rules to objects: routes with names and parents, Gateways and ListenerSets with listeners, grants.
//!
//! Nothing here decides about requests; what a rule does was settled in `rules`. What is decided here is which object
//! holds what, within the limits of the API (ingress-migrate.md §2.11 to §2.14, §5.1). Read `draft` (which rules go
//! into one route), `listen` (which listeners there are and who holds them), `route` (names, parents, pieces).

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::migrate::item::{Fact, Item, Origin};
use crate::migrate::name::Collision;
use crate::migrate::render::Manifest;
use crate::migrate::rules::Planned;
use crate::migrate::site::{Member, Site};
use crate::migrate::{Cx, Patch};
use crate::migrate::{annotation::Verdict, code};
use crate::value::ObjectKey;

use provenance::Origins;

mod backend;
mod base;
mod cluster;
mod draft;
mod existing;
mod gateway;
mod grant;
mod issued;
mod listen;
mod passthrough;
mod provenance;
mod route;
mod split;
mod stream;
mod wildcard;

/// The objects of a class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assembled {
    /// The objects, in the order in which they are written.
    pub manifests: Vec<Manifest>,
    /// Gateways that serve the class.
    pub gateways: Vec<ObjectKey>,
    /// The Gateway of each host, where not all have the same.
    pub hosts: BTreeMap<CompactString, ObjectKey>,
    /// Proposed changes of other objects.
    pub patches: Vec<Patch>,
}

/// Puts the rules of a class into objects.
pub fn assemble(site: &Site<'_>, planned: Vec<Planned>, cx: &mut Cx<'_, '_>) -> Assembled {
    let is_chosen = |one: &Planned| site.members.get(one.owner).is_some_and(|member| member.is_chosen);
    let mut planned: Vec<Planned> = planned.into_iter().filter(is_chosen).collect();
    let wanted = backend::wanted(site, &mut planned, cx);
    let owners = base::owners(site, &planned);
    let Some(bases) = base::bases(site, &owners, cx) else { return Assembled::default() };
    let drafts = draft::drafts(site, planned, cx);
    let streams = stream::streams(site, cx);
    let ground = Ground { site, origins: Origins::new(site, cx.options) };
    let mut listening = listen::listening(site, (&drafts, &streams), &bases, cx);
    let mut routes = route::routes(&ground, drafts, &mut listening, cx);
    routes.extend(passthrough::routes(&ground, &mut listening, cx));
    routes.extend(stream::routes(&ground, streams, &mut listening, cx));
    let issued = issued::issued(&ground, &listening, cx);
    let cluster = cluster::objects(&ground, &listening, cx);
    let mut assembled = gateway::gateways(&ground, (&listening, &issued), cx);
    assembled.hosts = listening.homes(site);
    assembled.manifests.splice(..0, cluster);
    assembled.manifests.extend(grant::grants(&ground, (&listening, &routes), cx));
    assembled.manifests.extend(issued.certificates);
    let (policies, patches) = backend::objects(&ground, wanted, cx);
    assembled.manifests.extend(policies);
    assembled.patches.extend(patches);
    routes.sort_by(|one, next| key(one).cmp(&key(next)));
    assembled.manifests.extend(routes);
    assembled
}

/// What all steps look at.
struct Ground<'s, 'w> {
    site: &'s Site<'w>,
    origins: Origins,
}

fn key(manifest: &Manifest) -> (&str, &str, &str) {
    let meta = manifest.meta();
    (&meta.namespace, &meta.name, manifest.kind())
}

/// An item about an Ingress as a whole, or one field of it.
fn about(member: &Member<'_>, field: &str, pointer: &str, value: &str) -> Item {
    let meta = &member.ingress.meta;
    let source =
        Origin { kind: "Ingress", object: meta.key.clone(), span: Some(meta.name_span), pointer: pointer.to_owned() };
    Item::new(source, Fact::Field(field.to_owned()), value, Verdict::Exact)
}

/// An item about a class as a whole.
fn about_class(site: &Site<'_>, cx: &Cx<'_, '_>) -> Item {
    let mut classes = cx.graph.ingress_classes.iter().map(|(_, class)| &class.meta);
    let meta = classes.find(|meta| meta.key.name == site.class);
    let source = Origin {
        kind: "IngressClass",
        object: ObjectKey::new("", site.class.clone()),
        span: meta.map(|meta| meta.name_span),
        pointer: String::new(),
    };
    Item::new(source, Fact::Field("spec.ingressClassName".into()), site.class.as_str(), Verdict::Exact)
}

/// Takes a name. Where something else has it, the object gets a name with a digest: nothing is overwritten, and the
/// report says so (§2.13).
fn claim(place: (&'static str, &str, &str), owner: &str, item: Item, cx: &mut Cx<'_, '_>) -> String {
    let (kind, namespace, name) = place;
    let Err(collision) = cx.names.claim((kind, namespace.to_owned(), name.to_owned()), owner) else {
        return name.to_owned();
    };
    let other = crate::migrate::name::told_apart(name, owner);
    let Collision { held_by, wanted_by, .. } = collision;
    let message = format!("{kind} `{namespace}/{name}` is already {held_by}: for {wanted_by} it is `{other}`");
    let help = "rename one of the two, then the digest goes away";
    let item = item.finding(code::NAME_SHORTENED, message).severity(crate::diagnostic::Severity::Error).help(help);
    cx.report.add(item);
    let _ = cx.names.claim((kind, namespace.to_owned(), other.clone()), owner);
    other
}

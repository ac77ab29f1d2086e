//! Fields of Ingresses in the report: one item for each rule, path, `tls` entry and default backend, whatever becomes
//! of it (ingress-migrate.md §5.4).

use std::collections::{BTreeMap, BTreeSet};

use crate::api::ingress::{Path, Target};
use crate::diagnostic::Code;
use crate::ingress::PathId;
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::{Item, ItemId};
use crate::migrate::settings::word;
use crate::migrate::site::{Host, Location, Member, Origin, To};
use crate::prove::{Kind, Place};

pub(super) const PATH: &str = "spec.rules[].http.paths[]";
pub(super) const HOST: &str = "spec.rules[].host";
pub(super) const TLS: &str = "spec.tls[]";
pub(super) const DEFAULT_BACKEND: &str = "spec.defaultBackend";

/// What became of a path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spot {
    /// It is a location.
    Served,
    /// It names no backend.
    NoBackend,
    /// Its backend is a resource.
    Resource,
    /// It belongs to a canary, and shares the requests of another path.
    Canary,
    /// Its Service port belongs to the canary at this position, which comes first: the controller serves it nowhere.
    OfCanary(usize),
    /// The location exists already: its owner and origin.
    Taken(usize, Origin),
    /// The controller's text says nothing about its type.
    NoType,
}

/// What became of the fields that the steps look at.
#[derive(Debug, Default)]
pub(super) struct Fates {
    /// Paths.
    pub(super) paths: BTreeMap<PathId, Spot>,
    /// Default backends that nobody reaches, by member, and why.
    pub(super) idle_defaults: BTreeMap<usize, (Code, String)>,
}

/// One item for each field; the items of paths by position.
pub(super) fn report(
    members: &[Member<'_>],
    hosts: &[Host],
    fates: &Fates,
    cx: &mut Cx<'_, '_>,
) -> BTreeMap<PathId, ItemId> {
    let mut items = BTreeMap::new();
    let answering = answering(hosts);
    for (at, member) in members.iter().enumerate().filter(|(_, member)| member.is_chosen) {
        for (rule_at, rule) in member.ingress.rules.iter().enumerate() {
            let host = rule.host.as_ref();
            let place = (host.map_or(rule.span, |host| host.span), format!("/spec/rules/{rule_at}/host"));
            let shown = host.map_or("", |host| host.value.as_str());
            member.add(member.item_at(HOST, shown, Verdict::Exact, place), cx);
            for (path_at, path) in rule.paths.iter().flatten().enumerate() {
                let id = PathId { ingress: at, rule: rule_at, path: path_at };
                items.insert(id, path_item((members, member), (id, path), fates.paths.get(&id).copied(), cx));
            }
        }
        tls(member, cx);
        default_backend(member, (answering.contains(&at), fates.idle_defaults.get(&at)), cx);
    }
    items
}

/// Members whose default backend answers somewhere.
fn answering(hosts: &[Host]) -> BTreeSet<usize> {
    let locations = hosts.iter().flat_map(|host| &host.locations);
    let by_default =
        |one: &&Location| matches!(one.origin, Origin::Implicit | Origin::Default) && one.to != To::NotFound;
    locations.filter(by_default).map(|one| one.owner).collect()
}

fn tls(member: &Member<'_>, cx: &mut Cx<'_, '_>) {
    for (tls_at, tls) in member.ingress.tls.iter().enumerate() {
        let has_rule = |name: &str| member.ingress.hosts().any(|host| host.value.eq_ignore_ascii_case(name));
        let shown = tls.secret.as_ref().map_or("", |secret| secret.value.as_str());
        let item = member.item_at(TLS, shown, Verdict::Exact, (tls.span, format!("/spec/tls/{tls_at}")));
        let idle = tls.hosts.iter().find(|host| !has_rule(&host.value));
        let item = match idle {
            Some(host) => {
                let host = word::short(&host.value);
                item.finding(
                    code::ANNOTATION_INERT,
                    format!("`{host}` has no rule in the Ingress, so it is not served"),
                )
            }
            None => item,
        };
        member.add(item, cx);
    }
}

/// The item of `spec.defaultBackend` (§2.5).
fn default_backend(member: &Member<'_>, (answers, idle): (bool, Option<&(Code, String)>), cx: &mut Cx<'_, '_>) {
    let Some(backend) = &member.ingress.default_backend else { return };
    let shown = match &backend.target {
        Target::Service { name, .. } | Target::Resource { name, .. } => name.value.as_str(),
    };
    let place = (backend.span, "/spec/defaultBackend".to_owned());
    let item = |verdict| member.item_at(DEFAULT_BACKEND, shown, verdict, place.clone());
    let item = match idle {
        Some((code, message)) => item(Verdict::Inert).finding(*code, message.as_str()),
        None if answers => item(Verdict::Exact),
        None => {
            let message =
                "the default backend answers nowhere: its hosts belong to other Ingresses, or have a path `/`";
            item(Verdict::Inert).finding(code::ANNOTATION_INERT, message)
        }
    };
    member.add(item, cx);
}

fn path_item(
    (members, member): (&[Member<'_>], &Member<'_>),
    (id, path): (PathId, &Path),
    spot: Option<Spot>,
    cx: &mut Cx<'_, '_>,
) -> ItemId {
    let text = path.path.as_ref().map_or("/", |text| text.value.as_str());
    let shown = word::short(text);
    let place = (path.span, format!("/spec/rules/{}/http/paths/{}", id.rule, id.path));
    let item = |verdict| member.item_at(PATH, shown, verdict, place.clone());
    let spot = spot.unwrap_or(Spot::NoBackend);
    let item = match spot {
        Spot::Served | Spot::Canary | Spot::Resource => item(Verdict::Exact),
        Spot::NoBackend => {
            let message = format!("`{shown}` is not served: the controller passes over it");
            item(Verdict::Inert).finding(code::ANNOTATION_INERT, message)
        }
        Spot::OfCanary(owner) => {
            let owner = members.get(owner).map(|owner| owner.key().to_string()).unwrap_or_default();
            let message = format!("`{shown}` is served nowhere: its Service port belongs to the canary `{owner}`");
            item(Verdict::Inert).finding(code::ANNOTATION_SPILLS, message)
        }
        Spot::Taken(owner, origin) => {
            let item = item(Verdict::None);
            taken((members, member), (id, shown), (owner, origin), item, cx)
        }
        Spot::NoType => {
            let message = format!("`{shown}` is ImplementationSpecific, which is not known for this controller");
            let help = "give the path the type Prefix or Exact, if that is what is meant";
            item(Verdict::None).finding(code::UNKNOWN_CONTROLLER, message).help(help)
        }
    };
    let item = member.add(item, cx);
    if matches!(spot, Spot::NoType) {
        cx.report.allow(item, Place::Path(id), Kind::Dropped);
    }
    item
}

/// Another path has the location; the order of the two is not known where both were created at once (MIG105).
fn taken(
    (members, member): (&[Member<'_>], &Member<'_>),
    (id, shown): (PathId, &str),
    (owner, origin): (usize, Origin),
    item: Item,
    cx: &mut Cx<'_, '_>,
) -> Item {
    let help = "remove one of the two, or give them different paths";
    let Some(first) = members.get(owner).filter(|_| id.ingress != owner) else {
        let message = format!("`{shown}` stands twice in the Ingress; the first counts");
        return item.finding(code::PATH_CLAIMED_TWICE, message).help(help);
    };
    let by = if origin == Origin::Default { "default backend" } else { "path" };
    let (winner, loser) = (first.key(), member.key());
    if first.ingress.meta.created == member.ingress.meta.created {
        let message =
            format!("`{winner}` counts as older than `{loser}` by its name; else `{loser}` would serve `{shown}`");
        let unsure = Item { verdict: Verdict::Approx, ..item.clone() };
        let unsure = unsure.finding(code::ORDER_UNKNOWN, message);
        member.add(unsure.help("give the objects as the cluster has them, with `creationTimestamp`"), cx);
    }
    let message = format!("`{shown}` of `{loser}` is dropped: the {by} of `{winner}` comes first");
    item.finding(code::PATH_CLAIMED_TWICE, message).help(help)
}

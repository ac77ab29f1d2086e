//! Fields of Ingresses in the report: one item for each rule, path, `tls` entry and default backend, whatever becomes
//! of it (ingress-migrate.md §5.4).

use std::collections::BTreeMap;

use crate::api::ingress::Path;
use crate::diagnostic::Code;
use crate::ingress::PathId;
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::site::{Member, Origin};
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

/// One item for each field; the items of paths by position.
pub(super) fn report(
    members: &[Member<'_>],
    spots: &BTreeMap<PathId, Spot>,
    cx: &mut Cx<'_, '_>,
) -> BTreeMap<PathId, ItemId> {
    let mut items = BTreeMap::new();
    for (at, member) in members.iter().enumerate().filter(|(_, member)| member.is_chosen) {
        for (rule_at, rule) in member.ingress.rules.iter().enumerate() {
            let host = rule.host.as_ref();
            let place = (host.map_or(rule.span, |host| host.span), format!("/spec/rules/{rule_at}/host"));
            let shown = host.map_or("", |host| host.value.as_str());
            member.add(member.item_at(HOST, shown, Verdict::Exact, place), cx);
            for (path_at, path) in rule.paths.iter().flatten().enumerate() {
                let id = PathId { ingress: at, rule: rule_at, path: path_at };
                items.insert(id, path_item((members, member), (id, path), spots.get(&id).copied(), cx));
            }
        }
        for (tls_at, tls) in member.ingress.tls.iter().enumerate() {
            let has_rule = |name: &str| member.ingress.hosts().any(|host| host.value.eq_ignore_ascii_case(name));
            let shown = tls.secret.as_ref().map_or("", |secret| secret.value.as_str());
            let item = member.item_at(TLS, shown, Verdict::Exact, (tls.span, format!("/spec/tls/{tls_at}")));
            let item = match tls.hosts.iter().find(|host| !has_rule(&host.value)) {
                Some(host) => {
                    item.finding(code::ANNOTATION_INERT, format!("`{}` has no rule in the Ingress", host.value))
                }
                None => item,
            };
            member.add(item, cx);
        }
    }
    items
}

fn path_item(
    (members, member): (&[Member<'_>], &Member<'_>),
    (id, path): (PathId, &Path),
    spot: Option<Spot>,
    cx: &mut Cx<'_, '_>,
) -> ItemId {
    let text = path.path.as_ref().map_or("/", |text| text.value.as_str());
    let place = (path.span, format!("/spec/rules/{}/http/paths/{}", id.rule, id.path));
    let item = |verdict| member.item_at(PATH, text, verdict, place.clone());
    let key = |at: usize| members.get(at).map(|member| member.key().to_string()).unwrap_or_default();
    let spot = spot.unwrap_or(Spot::NoBackend);
    let item = match spot {
        Spot::Served | Spot::Canary | Spot::Resource => item(Verdict::Exact),
        Spot::NoBackend => item(Verdict::Inert)
            .finding(code::ANNOTATION_INERT, format!("`{text}` is not served: the controller passes over it")),
        Spot::OfCanary(owner) => {
            let message =
                format!("`{text}` is served nowhere: its Service port belongs to the canary `{}`", key(owner));
            item(Verdict::Inert).finding(code::ANNOTATION_SPILLS, message)
        }
        Spot::Taken(owner, origin) => {
            let by = if origin == Origin::Default { "default backend" } else { "path" };
            let message = if id.ingress == owner {
                format!("`{text}` stands twice in the Ingress; the first counts")
            } else {
                format!("`{text}` of `{}` is dropped: the {by} of `{}` comes first", member.key(), key(owner))
            };
            let dropped = item(Verdict::None).finding(code::PATH_CLAIMED_TWICE, message);
            dropped.help("remove one of the two, or give them different paths")
        }
        Spot::NoType => {
            let message =
                format!("`{text}` is ImplementationSpecific, and what that means to the controller is not known");
            item(Verdict::None).finding(code::UNKNOWN_CONTROLLER, message)
        }
    };
    let item = member.add(item, cx);
    if matches!(spot, Spot::NoType) {
        cx.report.allow(item, Place::Path(id), Kind::Dropped);
    }
    item
}

/// The item of `spec.defaultBackend`.
pub(super) fn default_backend(
    member: &Member<'_>,
    (verdict, code, message): (Verdict, Code, &str),
    cx: &mut Cx<'_, '_>,
) {
    let Some(backend) = &member.ingress.default_backend else { return };
    let item = member.item_at(DEFAULT_BACKEND, "", verdict, (backend.span, "/spec/defaultBackend".to_owned()));
    member.add(item.finding(code, message), cx);
}

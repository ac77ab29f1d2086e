//! Routes with their names, parents and labels, divided where the API allows no more (ingress-migrate.md §2.1, §2.11
//! to §2.13, §5.6).

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::Cx;
use crate::migrate::annotation::foreign;
use crate::migrate::assemble::draft::{Draft, Line};
use crate::migrate::assemble::listen::{At, Listening};
use crate::migrate::assemble::split::{self, MAX_HOSTNAMES, MAX_PARENTS};
use crate::migrate::assemble::{Ground, about, claim};
use crate::migrate::code;
use crate::migrate::item::Output;
use crate::migrate::name::{self, MAX_NAME, RoutePart, Side};
use crate::migrate::options::Choice;
use crate::migrate::render::Manifest;
use crate::migrate::render::model::{Filter, GrpcRoute, GrpcRule, HttpRoute, Meta, Parent, PathKind, Rule};
use crate::migrate::site::{Member, Site};

/// Annotation by which a finding about an object is expected.
const IGNORE: &str = "lint.gwc/ignore";

/// Finding of a rule that answers 500 because nothing is behind it.
const NO_BACKEND: &str = "GWC5001";

/// Label keys of tools that own the Ingress, not the route.
const FOREIGN_LABELS: [&str; 3] = ["app.kubernetes.io/managed-by", "argocd.argoproj.io/", "helm.sh/"];

/// Names of a route with the sections that take requests for them.
struct Names {
    hostnames: Vec<String>,
    parents: Vec<At>,
}

/// Makes the routes.
pub(super) fn routes(
    ground: &Ground<'_, '_>,
    drafts: Vec<Draft>,
    listening: &mut Listening,
    cx: &mut Cx<'_, '_>,
) -> Vec<Manifest> {
    // The name of an Ingress is that of its route, where it gives only one of a kind.
    let mut n_alike: BTreeMap<(usize, Side), usize> = BTreeMap::new();
    for draft in drafts.iter().filter(|draft| !is_other(draft)) {
        *n_alike.entry((draft.owner, draft.side)).or_default() += 1;
    }
    let mut manifests = Vec::new();
    for draft in drafts {
        let is_alone = !is_other(&draft) && n_alike.get(&(draft.owner, draft.side)) == Some(&1);
        manifests.extend(pieces(ground, (draft, is_alone), listening, cx));
    }
    manifests
}

fn is_other(draft: &Draft) -> bool {
    draft.served.iter().any(|served| served.is_other)
}

/// The routes of a draft.
fn pieces(
    ground: &Ground<'_, '_>,
    (draft, is_alone): (Draft, bool),
    listening: &mut Listening,
    cx: &mut Cx<'_, '_>,
) -> Vec<Manifest> {
    let site = ground.site;
    let Some(member) = site.members.get(draft.owner) else { return Vec::new() };
    let names = names(site, &draft, listening);
    let hosts: Vec<&str> = draft.served.iter().flat_map(|served| served.names(site)).flatten().collect();
    let first = hosts.first().copied();
    // A GRPCRoute has one rule for each match: merged ones would be more than it may hold.
    let groups = if draft.is_grpc { draft.groups } else { split::merged(draft.groups) };
    let rules = split::divided(groups);
    let n_pieces = names.len() * rules.len();
    let mut manifests = Vec::new();
    for (position, (names, lines)) in
        names.iter().flat_map(|names| rules.iter().map(move |lines| (names, lines))).enumerate()
    {
        let part = RoutePart { host: first.filter(|_| !is_alone), side: draft.side, piece: position };
        let kind = if draft.is_grpc { "GRPCRoute" } else { "HTTPRoute" };
        let mut meta = meta(member, (kind, part), cx);
        meta.annotations.extend(ignored(lines, cx));
        let sources = lines.iter().map(|line| line.from).chain([draft.owner]).collect();
        meta.provenance = ground.origins.of(site, &sources);
        for at in &names.parents {
            listening.attach(*at, &meta.namespace);
        }
        let parents = names.parents.iter().filter_map(|at| parent(listening, *at)).collect();
        report_output(kind, &meta, lines, cx);
        let hostnames = names.hostnames.clone();
        manifests.push(if draft.is_grpc {
            let rules = lines.iter().flat_map(|line| grpc(&line.rule)).collect();
            Manifest::GrpcRoute(GrpcRoute { meta, parents, hostnames, rules })
        } else {
            let rules = lines.iter().map(|line| line.rule.clone()).collect();
            Manifest::HttpRoute(HttpRoute { meta, parents, hostnames, rules })
        });
    }
    if n_pieces > 1 {
        report_split(member, &manifests, cx);
    }
    manifests
}

/// Names with their parents, as many together as one route may have.
fn names(site: &Site<'_>, draft: &Draft, listening: &Listening) -> Vec<Names> {
    let mut packed = Packed::default();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for served in &draft.served {
        for name in served.names(site) {
            if name.is_some_and(|name| !seen.insert(name)) {
                continue;
            }
            let sections = draft.schemes.iter().flat_map(|scheme| listening.sections(*served, name, *scheme));
            packed.add(name, &sections.collect::<Vec<At>>());
        }
    }
    packed.done
}

/// Names, packed into as few routes as the limits allow.
#[derive(Default)]
struct Packed {
    done: Vec<Names>,
    /// The parents of the last one.
    taken: BTreeSet<At>,
}

impl Packed {
    fn add(&mut self, name: Option<&str>, sections: &[At]) {
        // One name may have more parents than a route: then it is in several.
        for sections in sections.chunks(MAX_PARENTS) {
            let n_new = sections.iter().filter(|at| !self.taken.contains(at)).count();
            let fits =
                |last: &&mut Names| last.hostnames.len() < MAX_HOSTNAMES && last.parents.len() + n_new <= MAX_PARENTS;
            if self.done.last_mut().filter(fits).is_none() {
                self.taken.clear();
                self.done.push(Names { hostnames: Vec::new(), parents: Vec::new() });
            }
            let Some(last) = self.done.last_mut() else { continue };
            last.hostnames.extend(name.map(str::to_owned));
            last.parents.extend(sections.iter().copied().filter(|at| self.taken.insert(*at)));
        }
    }
}

pub(super) fn parent(listening: &Listening, (holder, slot): At) -> Option<Parent> {
    let holder = listening.holders.get(holder)?;
    let slot = holder.slots.get(slot)?;
    Some(Parent {
        is_listener_set: holder.is_set,
        namespace: holder.namespace.clone(),
        name: holder.name.clone(),
        section: slot.name(),
    })
}

/// Metadata of a route: named after its Ingress, with the Ingress' labels.
pub(super) fn meta(member: &Member<'_>, (kind, part): (&'static str, RoutePart<'_>), cx: &mut Cx<'_, '_>) -> Meta {
    let key = member.key();
    let full = name::route(&key.name, part, MAX_NAME);
    let item = about(member, "metadata.name", "/metadata/name", &key.name);
    if full.is_shortened {
        let message = format!("the name of the {kind} is cut to `{}`", full.text);
        cx.report.add(item.clone().finding(code::NAME_SHORTENED, message));
    }
    let host = part.host.unwrap_or("its hosts");
    let which = if part.side == Side::Main { "" } else { " over HTTP" };
    let owner = format!("the {kind} of Ingress `{key}` for `{host}`{which}, part {}", part.piece + 1);
    let name = claim((kind, &key.namespace, &full.text), &owner, item, cx);
    Meta {
        namespace: key.namespace.to_string(),
        name,
        labels: labels(member, cx),
        annotations: annotations(member),
        ingress: Some(key.clone()),
        ..Meta::default()
    }
}

/// Annotations that their readers look for on routes (§4.9).
fn annotations(member: &Member<'_>) -> BTreeMap<String, String> {
    let annotations = member.ingress.meta.annotations.iter();
    let of_route = annotations.filter(|(key, _)| foreign::place(&key.value) == Some(foreign::Place::Route));
    of_route.map(|(key, value)| (key.value.to_string(), value.value.to_string())).collect()
}

fn labels(member: &Member<'_>, cx: &Cx<'_, '_>) -> BTreeMap<String, String> {
    let keeps_all = cx.options.has(Choice::KeepLabels);
    let labels = member.ingress.meta.labels.iter();
    let labels = labels.filter(|(key, _)| keeps_all || !FOREIGN_LABELS.iter().any(|foreign| key.starts_with(foreign)));
    labels.map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// A rule that is closed on purpose must not look like a mistake (§5.6).
fn ignored(lines: &[Line], cx: &Cx<'_, '_>) -> Option<(String, String)> {
    let answers =
        |rule: &Rule| !rule.backends.is_empty() || rule.filters.iter().any(|one| matches!(one, Filter::Redirect(_)));
    let closed = lines.iter().filter(|line| !answers(&line.rule)).flat_map(|line| &line.closed);
    let codes = closed.filter_map(|id| cx.report.item(*id)).filter_map(|item| item.code);
    let numbers: BTreeSet<&str> = codes.map(|code| code.number).collect();
    let numbers: Vec<&str> = numbers.into_iter().collect();
    (!numbers.is_empty()).then(|| (IGNORE.to_owned(), format!("{NO_BACKEND}={}", numbers.join(" "))))
}

/// Says of each fact which rule it became.
fn report_output(kind: &str, meta: &Meta, lines: &[Line], cx: &mut Cx<'_, '_>) {
    for (position, line) in lines.iter().enumerate() {
        for id in line.items.iter().chain(&line.closed) {
            let Some(item) = cx.report.item_mut(*id) else { continue };
            let object = format!("{kind}/{}/{}", meta.namespace, meta.name);
            let output = Output { object, pointer: format!("/spec/rules/{position}") };
            if !item.output.contains(&output) {
                item.output.push(output);
            }
        }
    }
}

fn report_split(member: &Member<'_>, manifests: &[Manifest], cx: &mut Cx<'_, '_>) {
    let Some(first) = manifests.first() else { return };
    let (kind, n) = (first.kind(), manifests.len());
    let message = format!(
        "rules and hosts are more than one {kind} may have: `{}` and {} more hold them",
        first.meta().name,
        n - 1
    );
    let mut item = about(member, "spec.rules", "/spec/rules", "").finding(code::ROUTE_SPLIT, message);
    item.output = manifests
        .iter()
        .map(|one| Output {
            object: format!("{kind}/{}/{}", one.meta().namespace, one.meta().name),
            pointer: "/spec".into(),
        })
        .collect();
    cx.report.add(item);
}

/// The same rule for calls: `rules` has seen to it that every path is a service or a method (§3.8).
fn grpc(rule: &Rule) -> Vec<GrpcRule> {
    let call = |text: &str| -> Option<(String, Option<String>)> {
        let text = text.trim_matches('/');
        let (service, method) = text.split_once('/').map_or((text, None), |(service, method)| (service, Some(method)));
        (!service.is_empty()).then(|| (service.to_owned(), method.map(str::to_owned)))
    };
    let filters: Vec<Filter> = rule.filters.iter().filter(|filter| has_twin(filter)).cloned().collect();
    let one = |call| GrpcRule {
        comments: rule.comments.clone(),
        call,
        filters: filters.clone(),
        backends: rule.backends.clone(),
    };
    if rule.matches.is_empty() {
        return vec![one(None)];
    }
    let paths = rule.matches.iter().map(|matching| &matching.path);
    paths.filter(|(kind, _)| *kind != PathKind::Regex).map(|(_, path)| one(call(path))).collect()
}

/// Does a GRPCRoute have this filter?
fn has_twin(filter: &Filter) -> bool {
    matches!(filter, Filter::RequestHeaders(_) | Filter::ResponseHeaders(_) | Filter::Mirror(_))
}

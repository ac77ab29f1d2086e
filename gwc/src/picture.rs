//! `gwc graph`: objects and references of a world as a picture, each with its verdict.
//!
//! Chooses what is shown; nothing is decided here. Verdicts are read from statuses (objects) and from the evaluation
//! (references). The writers are in `tree`, `dot`, `mermaid` and `json`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use gwc_core::Compilation;
use gwc_core::diagnostic::ObjectRef;
use gwc_core::eval::{self, BackendVerdict, ParentVerdict, RouteAccepted, RouteResolvedRefs};
use gwc_core::graph::reference::{Edge, EdgeKind, Node, Presence, References};
use gwc_core::source::Span;
use gwc_core::status::{Condition, ObjectStatus, StatusBody};
use gwc_core::value::{GroupKind, ObjectKey};

use crate::object_name::ObjectName;
use crate::output::status_table::is_negative;

pub(crate) mod dot;
pub(crate) mod json;
pub(crate) mod mermaid;
pub(crate) mod tree;

/// What is shown besides Gateways, routes and backends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Include {
    /// BackendTLSPolicy, XBackendTrafficPolicy.
    Policies,
    /// ReferenceGrants.
    Grants,
    /// Secrets and ConfigMaps that are referred to.
    Secrets,
    /// EndpointSlices and Endpoints.
    Endpoints,
}

/// How an object or a reference fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// Every condition is as it should be, or the reference resolves.
    Good,
    /// It depends on facts that the world does not hold.
    Open,
    /// A condition is not as it should be, or the reference does not resolve.
    Bad,
    /// Nothing is said about it.
    Neutral,
}

impl Verdict {
    /// The word for machines.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Open => "open",
            Self::Bad => "bad",
            Self::Neutral => "neutral",
        }
    }
}

/// An object of the picture.
#[derive(Debug)]
pub(crate) struct Item {
    /// Group and kind.
    pub(crate) group_kind: GroupKind,
    /// Namespace and name.
    pub(crate) key: ObjectKey,
    /// Is it there?
    pub(crate) presence: Presence,
    /// Its place, where it is there.
    pub(crate) span: Option<Span>,
    /// How it fares.
    pub(crate) verdict: Verdict,
    /// Conditions that are not as they should be: `Accepted=False/NotAllowedByListeners`.
    pub(crate) conditions: Vec<String>,
}

/// A reference of the picture; positions are those of [`Picture::items`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Who refers.
    pub(crate) from: usize,
    /// To whom.
    pub(crate) to: usize,
    /// What for.
    pub(crate) kind: EdgeKind,
    /// Where it is written.
    pub(crate) span: Span,
    /// Does it resolve?
    pub(crate) verdict: Verdict,
}

/// What is drawn.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    /// Objects, sorted by rank of their kind, then kind, namespace and name.
    pub(crate) items: Vec<Item>,
    /// References, in the order of the referring objects and their specs.
    pub(crate) lines: Vec<Line>,
}

/// What to draw.
#[derive(Debug, Default)]
pub(crate) struct Wish {
    /// Kinds that are shown on request.
    pub(crate) include: BTreeSet<Include>,
    /// Only what is connected with this object.
    pub(crate) focus: Option<ObjectName>,
    /// At most this many references away from the focus, or from the roots.
    pub(crate) depth: Option<usize>,
}

/// The word of a reference.
pub(crate) fn word(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Class => "class",
        EdgeKind::Parameters => "parameters",
        EdgeKind::Parent | EdgeKind::ListenerSetParent => "parent",
        EdgeKind::Backend => "backend",
        EdgeKind::Mirror => "mirror",
        EdgeKind::ExternalAuth => "external auth",
        EdgeKind::Extension => "extension",
        EdgeKind::Certificate => "certificate",
        EdgeKind::ClientCertificate => "client certificate",
        EdgeKind::Ca => "CA",
        EdgeKind::PolicyTarget => "policy target",
        EdgeKind::GrantFrom => "grant from",
        EdgeKind::GrantTo => "grant to",
        EdgeKind::Endpoints => "endpoints",
    }
}

/// Does the object that refers stand below its target in a tree?
pub(crate) fn points_up(kind: EdgeKind) -> bool {
    match kind {
        EdgeKind::Class
        | EdgeKind::Parent
        | EdgeKind::ListenerSetParent
        | EdgeKind::PolicyTarget
        | EdgeKind::GrantFrom
        | EdgeKind::GrantTo
        | EdgeKind::Endpoints => true,
        EdgeKind::Parameters
        | EdgeKind::Backend
        | EdgeKind::Mirror
        | EdgeKind::ExternalAuth
        | EdgeKind::Extension
        | EdgeKind::Certificate
        | EdgeKind::ClientCertificate
        | EdgeKind::Ca => false,
    }
}

impl Picture {
    /// The picture of a compiled world; `None`: the focus is not in it.
    pub(crate) fn of(compilation: &Compilation, wish: &Wish) -> Option<Self> {
        let references = References::of(&compilation.graph);
        let whole = Self::whole(compilation, &references, wish);
        let start: Vec<usize> = match &wish.focus {
            Some(name) => whole.positions(|item| name.matches(&object_ref(item))),
            None if wish.depth.is_none() => return Some(whole),
            None => whole.roots(),
        };
        if start.is_empty() && wish.focus.is_some() {
            return None;
        }
        let kept = whole.around(&start, wish);
        Some(whole.restricted(&kept))
    }

    /// Everything of the kinds that are wanted.
    fn whole(compilation: &Compilation, references: &References, wish: &Wish) -> Self {
        let graph = references.graph();
        let statuses: BTreeMap<(&str, &str, &str), &ObjectStatus> = compilation
            .statuses
            .iter()
            .map(|status| ((&*status.object.kind, &*status.object.namespace, &*status.object.name), status))
            .collect();
        let mut order: Vec<_> =
            graph.node_indices().filter(|index| is_wanted(graph.node_weight(*index), wish)).collect();
        let rank = |node: Option<&Node>| {
            node.map(|node| (kind_rank(&node.group_kind.kind), node.group_kind.clone(), node.key.clone()))
        };
        order.sort_by_cached_key(|index| rank(graph.node_weight(*index)));
        let position: BTreeMap<_, usize> = order.iter().enumerate().map(|(at, index)| (*index, at)).collect();
        let items: Vec<Item> =
            order.iter().filter_map(|index| graph.node_weight(*index)).map(|node| item(node, &statuses)).collect();
        let verdicts = edge_verdicts(compilation);
        let mut lines: Vec<Line> = Vec::new();
        for edge in graph.edge_indices() {
            let (Some((from, to)), Some(weight)) = (graph.edge_endpoints(edge), graph.edge_weight(edge)) else {
                continue;
            };
            if let (Some(from), Some(to)) = (position.get(&from), position.get(&to)) {
                let verdict = line_verdict(weight, items.get(*to), &verdicts);
                lines.push(Line { from: *from, to: *to, kind: weight.kind, span: weight.span, verdict });
            }
        }
        lines.sort_by_key(|line| (line.from, line.span, line.to));
        let mut picture = Self { items, lines: merged(lines) };
        let used: BTreeSet<usize> = picture.lines.iter().flat_map(|line| [line.from, line.to]).collect();
        // A Service or Secret that nothing refers to is no part of the picture.
        let kept = picture.positions_by(|at, item| used.contains(&at) || is_main(&item.group_kind.kind));
        if kept.len() < picture.items.len() {
            picture = picture.restricted(&kept.into_iter().collect());
        }
        picture
    }

    /// Positions of items.
    fn positions(&self, wanted: impl Fn(&Item) -> bool) -> Vec<usize> {
        self.positions_by(|_, item| wanted(item))
    }

    fn positions_by(&self, wanted: impl Fn(usize, &Item) -> bool) -> Vec<usize> {
        self.items.iter().enumerate().filter(|(at, item)| wanted(*at, item)).map(|(at, _)| at).collect()
    }

    /// Items that stand below nothing.
    pub(crate) fn roots(&self) -> Vec<usize> {
        let below: BTreeSet<usize> = self.lines.iter().filter(|line| line.from != line.to).map(child).collect();
        self.positions_by(|at, _| !below.contains(&at))
    }

    /// What is at most `depth` references away: in every direction from a focus, downwards from roots.
    fn around(&self, start: &[usize], wish: &Wish) -> BTreeSet<usize> {
        let depth = wish.depth.unwrap_or(if wish.focus.is_some() { 2 } else { usize::MAX });
        let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for line in &self.lines {
            let (above, below) = if points_up(line.kind) { (line.to, line.from) } else { (line.from, line.to) };
            next.entry(above).or_default().push(below);
            if wish.focus.is_some() {
                next.entry(below).or_default().push(above);
            }
        }
        let mut kept: BTreeSet<usize> = start.iter().copied().collect();
        let mut queue: VecDeque<(usize, usize)> = start.iter().map(|at| (*at, 0)).collect();
        while let Some((at, far)) = queue.pop_front() {
            if far < depth {
                let fresh = next.get(&at).into_iter().flatten().filter(|other| kept.insert(**other));
                queue.extend(fresh.map(|other| (*other, far + 1)));
            }
        }
        kept
    }

    /// Only these items and the references between them.
    fn restricted(self, kept: &BTreeSet<usize>) -> Self {
        let position: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let items = self.items.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, item)| item);
        let lines = self
            .lines
            .into_iter()
            .filter_map(|line| Some(Line { from: *position.get(&line.from)?, to: *position.get(&line.to)?, ..line }));
        Self { items: items.collect(), lines: lines.collect() }
    }
}

/// One line for all references of one object to another that are for the same; the worst verdict counts.
fn merged(lines: Vec<Line>) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::new();
    let mut places: BTreeMap<(usize, usize, EdgeKind), usize> = BTreeMap::new();
    for line in lines {
        let place = *places.entry((line.from, line.to, line.kind)).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(first) if line.verdict == Verdict::Bad || first.verdict == Verdict::Good => {
                first.verdict = line.verdict
            }
            Some(_) => {}
            None => kept.push(line),
        }
    }
    kept
}

/// The end of a reference that stands below the other in a tree.
pub(crate) fn child(line: &Line) -> usize {
    if points_up(line.kind) { line.from } else { line.to }
}

/// `Kind namespace/name`.
pub(crate) fn name(item: &Item) -> String {
    format!("{} {}", item.group_kind.kind, item.key)
}

fn object_ref(item: &Item) -> ObjectRef {
    ObjectRef {
        api_version: item.group_kind.group.to_string(),
        kind: item.group_kind.kind.to_string(),
        namespace: item.key.namespace.to_string(),
        name: item.key.name.to_string(),
    }
}

/// Kinds from the outside to the inside.
const KINDS: [&str; 14] = [
    "GatewayClass",
    "Gateway",
    "ListenerSet",
    "XListenerSet",
    "HTTPRoute",
    "GRPCRoute",
    "TLSRoute",
    "TCPRoute",
    "UDPRoute",
    "Service",
    "ServiceImport",
    "BackendTLSPolicy",
    "XBackendTrafficPolicy",
    "ReferenceGrant",
];

fn kind_rank(kind: &str) -> usize {
    KINDS.iter().position(|known| *known == kind).unwrap_or(KINDS.len())
}

/// Kinds that are drawn even when nothing refers to them.
fn is_main(kind: &str) -> bool {
    kind_rank(kind) < 9 || matches!(kind, "BackendTLSPolicy" | "XBackendTrafficPolicy" | "ReferenceGrant")
}

fn is_wanted(node: Option<&Node>, wish: &Wish) -> bool {
    let kind = node.map_or("", |node| node.group_kind.kind.as_str());
    let asked = match kind {
        "BackendTLSPolicy" | "XBackendTrafficPolicy" => Include::Policies,
        "ReferenceGrant" | "Namespace" => Include::Grants,
        "Secret" | "ConfigMap" => Include::Secrets,
        "EndpointSlice" | "Endpoints" => Include::Endpoints,
        _ => return !matches!(kind, "Ingress" | "CustomResourceDefinition" | "Pod" | "Deployment" | "StatefulSet"),
    };
    wish.include.contains(&asked)
}

/// Identity by kind, namespace and name.
type Names<'c> = BTreeMap<(&'c str, &'c str, &'c str), &'c ObjectStatus>;

fn item(node: &Node, statuses: &Names<'_>) -> Item {
    let status = statuses.get(&(&*node.group_kind.kind, &*node.key.namespace, &*node.key.name));
    let wrong: Vec<&Condition> = status.map(|status| wrong(status)).unwrap_or_default();
    let verdict = match (node.presence, status) {
        (Presence::Refused | Presence::Missing, _) => Verdict::Bad,
        (Presence::Present, None) => Verdict::Neutral,
        (Presence::Present, Some(status)) if status.body.is_none() => Verdict::Bad,
        (Presence::Present, Some(_)) if wrong.iter().any(|condition| condition.status != "Unknown") => Verdict::Bad,
        (Presence::Present, Some(_)) if !wrong.is_empty() => Verdict::Open,
        (Presence::Present, Some(_)) => Verdict::Good,
    };
    let mut conditions: Vec<String> =
        wrong.iter().map(|one| format!("{}={}/{}", one.r#type, one.status, one.reason)).collect();
    conditions.extend(status.filter(|status| status.body.is_none()).map(|_| "no status is written".to_owned()));
    conditions.sort();
    conditions.dedup();
    let (group_kind, key) = (node.group_kind.clone(), node.key.clone());
    Item { group_kind, key, presence: node.presence, span: node.span, verdict, conditions }
}

/// Conditions that are not as they should be, those of listeners and parents too.
fn wrong(status: &ObjectStatus) -> Vec<&Condition> {
    let all: Vec<&Condition> = match &status.body {
        None => Vec::new(),
        Some(StatusBody::GatewayClass { conditions, .. }) => conditions.iter().collect(),
        Some(StatusBody::Gateway { conditions, listeners, .. } | StatusBody::ListenerSet { conditions, listeners }) => {
            conditions.iter().chain(listeners.iter().flat_map(|listener| &listener.conditions)).collect()
        }
        Some(StatusBody::Route { parents: entries } | StatusBody::Policy { ancestors: entries }) => {
            entries.iter().flat_map(|entry| &entry.conditions).collect()
        }
    };
    all.into_iter().filter(|condition| is_negative(condition)).collect()
}

/// Verdicts on references of routes, by the place of the reference.
fn edge_verdicts(compilation: &Compilation) -> BTreeMap<Span, Verdict> {
    let mut verdicts = BTreeMap::new();
    for ((_, route), verdict) in compilation.graph.routes.iter().zip(&compilation.evaluation.routes) {
        for (parent, judged) in route.parents.iter().zip(&verdict.parents) {
            verdicts.insert(parent.target.span, parent_verdict(judged));
        }
        for reference in &verdict.references {
            if let Some(written) = eval::reference::written(route, reference) {
                verdicts.insert(written.target.span, backend_verdict(&reference.verdict.verdict));
            }
        }
    }
    verdicts
}

fn parent_verdict(judged: &ParentVerdict) -> Verdict {
    let ParentVerdict::Entry(entry) = judged else { return Verdict::Bad };
    match entry.accepted.verdict {
        RouteAccepted::Accepted => Verdict::Good,
        RouteAccepted::Undetermined => Verdict::Open,
        RouteAccepted::NoMatchingParent
        | RouteAccepted::ListenerSetNotAllowed
        | RouteAccepted::NotAllowedByListeners
        | RouteAccepted::NoMatchingListenerHostname
        | RouteAccepted::UnsupportedValue
        | RouteAccepted::IncompatibleFilters
        | RouteAccepted::HostnameTaken(_) => Verdict::Bad,
    }
}

fn backend_verdict(verdict: &BackendVerdict) -> Verdict {
    match (verdict, eval::route::reason(verdict)) {
        (BackendVerdict::Assumed, _) => Verdict::Open,
        (_, RouteResolvedRefs::ResolvedRefs) => Verdict::Good,
        (_, _) => Verdict::Bad,
    }
}

/// A reference that nobody judged is as good as its target's presence.
fn line_verdict(edge: &Edge, to: Option<&Item>, verdicts: &BTreeMap<Span, Verdict>) -> Verdict {
    verdicts.get(&edge.span).copied().unwrap_or_else(|| match to.map(|item| item.presence) {
        Some(Presence::Present) | None => Verdict::Neutral,
        Some(Presence::Refused | Presence::Missing) => Verdict::Bad,
    })
}

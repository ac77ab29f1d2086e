//! What is pinned of a prediction and of a status: the expectations that hold today.

use std::collections::BTreeMap;

use gwc_core::ir::{Config, RouteKind};
use gwc_core::predict::{Outcome, Share as Part};
use gwc_core::status::{Condition, ObjectStatus, ParentStatus, StatusBody};
use gwc_core::yaml::Node;

use crate::compile::Compilation;
use crate::route::outcome::percent;
use crate::suite::expect::{Happened, timeout_text, try_timeout};
use crate::suite::file::value::Code;
use crate::suite::name;

/// A key with its value below `expect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// A text, quoted where needed.
    Text(&'static str, String),
    /// A number, percentage or word that is written as it is.
    Plain(&'static str, String),
    /// A mapping of names to words that are written as they are.
    Shares(&'static str, Vec<(String, String)>),
    /// Keys below a key.
    Below(&'static str, Vec<Self>),
    /// A mapping of names to texts.
    Texts(&'static str, Vec<(String, String)>),
    /// A list of texts.
    List(&'static str, Vec<String>),
}

/// A status assertion.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StatusPin {
    /// `KIND/NAMESPACE/NAME`.
    pub(super) object: String,
    /// The parent, where parents differ.
    pub(super) parent: Option<String>,
    /// Conditions.
    pub(super) conditions: Vec<(&'static str, String)>,
    /// Attached routes by listener.
    pub(super) attached: Vec<(String, u32)>,
}

/// Kinds of the routes of one namespace and name, once for each rule.
pub(super) struct Routes(BTreeMap<String, Vec<RouteKind>>);

impl Routes {
    /// Of everything that is served.
    pub(super) fn new(config: &Config) -> Self {
        let mut all: BTreeMap<String, Vec<RouteKind>> = BTreeMap::new();
        for trace in config.rules.iter().map(|rule| &rule.trace) {
            all.entry(name::route(trace)).or_default().push(trace.kind);
        }
        Self(all)
    }
}

/// What holds of a request.
pub(super) fn expect(happened: Happened<'_>, routes: &Routes) -> Vec<Line> {
    let code = happened.code().map(|code| code.to_string());
    let Some(rule) = happened.rule() else {
        return vec![Line::Plain("not-routed", code.unwrap_or_else(|| Code::Closed.to_string()))];
    };
    let trace = &rule.trace;
    let route = name::route(trace);
    let kinds = routes.0.get(&route).map(Vec::as_slice).unwrap_or_default();
    let is_single_kind = kinds.iter().all(|kind| *kind == trace.kind);
    let route = if is_single_kind { route } else { format!("{}/{route}", trace.kind.name()) };
    let mut lines = vec![Line::Text("route", route)];
    if kinds.iter().filter(|kind| **kind == trace.kind).count() > 1 {
        let position = Line::Plain("rule", trace.rule.to_string());
        lines.push(trace.rule_name.as_ref().map_or(position, |name| Line::Text("rule", name.to_string())));
    }
    let position = happened.match_position().filter(|_| rule.matches.len() > 1);
    lines.extend(position.map(|position| Line::Plain("match", position.to_string())));
    lines.extend(code.map(|code| Line::Plain("status", code)));
    if let Outcome::Answered(answer) = &happened.prediction.outcome {
        lines.extend(answer.location.iter().map(|location| Line::Text("location", location.clone())));
    }
    lines.extend(backends(happened));
    lines.extend(upstream(happened));
    lines.extend(mirrors(happened));
    lines
}

/// Name of a backend, without the namespace of its route.
fn backend(happened: Happened<'_>, target: &gwc_core::ir::Target) -> String {
    let namespace = happened.rule().map_or("", |rule| rule.trace.namespace.as_str());
    let Some(key) = happened.config.key(target) else { return String::new() };
    let whole = key.to_string();
    let own = whole.strip_prefix(namespace).and_then(|rest| rest.strip_prefix('/'));
    own.map_or_else(|| whole.clone(), str::to_owned)
}

fn backends(happened: Happened<'_>) -> Option<Line> {
    let forward = happened.forward()?;
    let mut shares: Vec<(String, u64, u64)> = Vec::new();
    for part in forward.shares.iter().filter(|part| part.weight > 0) {
        let (name, weight) = (backend(happened, &part.target), u64::from(part.weight));
        match shares.iter_mut().find(|(own, _, _)| *own == name) {
            Some((_, sum, _)) => *sum += weight,
            None => shares.push((name, weight, part.total)),
        }
    }
    let shares = shares.into_iter().map(|(name, weight, total)| (name, format!("{}%", percent(weight, total))));
    Some(Line::Shares("backends", shares.collect()))
}

/// What differs from the request in what every backend gets.
fn upstream(happened: Happened<'_>) -> Option<Line> {
    let forward = happened.forward()?;
    if !happened.request.scheme.is_http() {
        return None;
    }
    let served: Vec<&Part> = forward.shares.iter().filter(|part| part.status.is_none() && part.weight > 0).collect();
    let mut all = served.iter().map(|part| changes(happened, part));
    let first = all.next()?;
    let mut lines = if all.all(|other| other == first) { first } else { Vec::new() };
    let timeout = happened.rule().and_then(try_timeout);
    lines.extend(timeout.map(|timeout| Line::Plain("timeout", timeout_text(Some(timeout)))));
    (!lines.is_empty()).then_some(Line::Below("upstream", lines))
}

fn changes(happened: Happened<'_>, part: &Part) -> Vec<Line> {
    let (request, sent) = (happened.request, &part.upstream);
    let mut lines = Vec::new();
    if let Some(host) = sent.authority.as_ref().filter(|host| Some(*host) != request.authority.as_ref()) {
        lines.push(Line::Text("host", host.clone()));
    }
    if sent.target != request.target {
        lines.push(Line::Text("path", sent.target.clone()));
    }
    let joined = |headers: &[(String, String)], name: &str| {
        let own = headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        own.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(",")
    };
    let has = |headers: &[(String, String)], name: &str| headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let mut set: Vec<(String, String)> = Vec::new();
    for (name, _) in &sent.headers {
        let value = joined(&sent.headers, name);
        if joined(&request.headers, name) != value && !has(&set, name) {
            set.push((name.clone(), value));
        }
    }
    let absent = request.headers.iter().map(|(name, _)| name).filter(|name| !has(&sent.headers, name));
    let absent: Vec<String> = absent.cloned().collect();
    let mut headers = Vec::new();
    if !set.is_empty() {
        headers.push(Line::Texts("set", set));
    }
    if !absent.is_empty() {
        headers.push(Line::List("absent", absent));
    }
    if !headers.is_empty() {
        lines.push(Line::Below("headers", headers));
    }
    lines
}

fn mirrors(happened: Happened<'_>) -> Option<Line> {
    let forward = happened.forward().filter(|forward| !forward.mirrors.is_empty())?;
    let names = forward.mirrors.iter().map(|copy| backend(happened, &copy.target));
    Some(Line::List("mirrors", names.collect()))
}

/// What holds of the objects of a world.
pub(super) fn statuses(compilation: &Compilation) -> Vec<StatusPin> {
    compilation.statuses.iter().flat_map(of_object).collect()
}

fn of_object(status: &ObjectStatus) -> Vec<StatusPin> {
    let object = &status.object;
    let text = format!("{}/{}/{}", object.kind, object.namespace, object.name);
    let pin = |parent, conditions, attached| StatusPin { object: text.clone(), parent, conditions, attached };
    match &status.body {
        Some(StatusBody::Gateway { conditions, listeners, .. } | StatusBody::ListenerSet { conditions, listeners }) => {
            let attached = listeners.iter().map(|listener| (listener.name.clone(), listener.attached_routes));
            vec![pin(None, words(conditions, &["Accepted", "Programmed"]), attached.collect())]
        }
        Some(StatusBody::Route { parents }) => {
            let of_parent = |parent: &ParentStatus| words(&parent.conditions, &["Accepted", "ResolvedRefs"]);
            let all: Vec<_> =
                parents.iter().map(|parent| (parent_name(parent, &object.namespace), of_parent(parent))).collect();
            let Some((_, first)) = all.first() else { return Vec::new() };
            if all.iter().all(|(_, conditions)| conditions == first) {
                return vec![pin(None, first.clone(), Vec::new())];
            }
            // Parents that one name means can be pinned where they agree.
            let agrees = |name: &str, conditions: &Vec<_>| {
                all.iter().filter(|(other, _)| is_below(name, other)).all(|(_, own)| own == conditions)
            };
            let mut pins: Vec<StatusPin> = Vec::new();
            for (name, conditions) in all.iter().filter(|(name, conditions)| agrees(name, conditions)) {
                let pin = pin(Some(name.clone()), conditions.clone(), Vec::new());
                if !pins.contains(&pin) {
                    pins.push(pin);
                }
            }
            pins
        }
        Some(StatusBody::GatewayClass { .. } | StatusBody::Policy { .. }) | None => Vec::new(),
    }
}

/// Does the name of a parent mean another too?
fn is_below(name: &str, other: &str) -> bool {
    other == name || other.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
}

/// `NAMESPACE/NAME[/LISTENER]`.
fn parent_name(parent: &ParentStatus, namespace: &str) -> String {
    let field = |key: &str| parent.reference.field(key).and_then(Node::as_str);
    let section = field("sectionName").map(|section| format!("/{section}")).unwrap_or_default();
    format!("{}/{}{section}", field("namespace").unwrap_or(namespace), field("name").unwrap_or_default())
}

fn words(conditions: &[Condition], types: &[&'static str]) -> Vec<(&'static str, String)> {
    let found = types.iter().filter_map(|r#type| conditions.iter().find(|condition| condition.r#type == *r#type));
    let word = |condition: &Condition| match condition.status {
        "True" => (condition.r#type, "True".to_owned()),
        status => (condition.r#type, format!("{status}/{}", condition.reason)),
    };
    found.map(word).collect()
}

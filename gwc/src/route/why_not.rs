//! `--why-not`: the first thing that kept a route from a request.
//!
//! Attachment and conditions are read from statuses and verdicts; nothing is judged here.

use gwc_core::ir::{Entry, Listener, Socket, Trace};
use gwc_core::matcher::reference::Failed;
use gwc_core::predict::{Prediction, Request};
use gwc_core::status::{Condition, ParentStatus, StatusBody};

use crate::compile::{self, ObjectSummary};
use crate::failure::Failure;
use crate::nearest;
use crate::object_name::ObjectName;
use crate::output::status_json::reference_name;
use crate::output::status_table::is_negative;
use crate::route::candidates::Scene;
use crate::route::model::{At, Detail, WhyNot};
use crate::route::words;
use crate::route::{World, outcome};

/// Kinds of routes.
const KINDS: [&str; 5] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];

/// Routes that a name means, `[KIND/]NS/NAME`.
pub(crate) struct Wanted {
    text: String,
    names: Vec<ObjectName>,
}

impl Wanted {
    /// Reads the name.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let parts = text.split('/').filter(|part| !part.is_empty()).count();
        let names: Vec<ObjectName> = match parts {
            2 => KINDS.iter().filter_map(|kind| ObjectName::parse(&format!("{kind}/{text}"))).collect(),
            3 => ObjectName::parse(text).into_iter().collect(),
            _ => Vec::new(),
        };
        if names.is_empty() || text.split('/').count() != parts {
            return Err(Failure::usage(format!(
                "--why-not {text}: write NAMESPACE/NAME or KIND/NAMESPACE/NAME of a route"
            )));
        }
        Ok(Self { text: text.to_owned(), names })
    }

    /// The routes of a world that it means.
    pub(crate) fn routes<'w>(&self, world: &'w World<'_>) -> Vec<&'w ObjectSummary> {
        let is_it = |summary: &&ObjectSummary| {
            KINDS.contains(&summary.object.kind.as_str()) && self.names.iter().any(|name| name.matches(&summary.object))
        };
        world.run.compilation.objects.iter().filter(is_it).collect()
    }

    /// There is no such route.
    pub(crate) fn unknown(&self, worlds: &[World<'_>]) -> Failure {
        let objects = worlds.iter().flat_map(|world| &world.run.compilation.objects).map(|summary| &summary.object);
        let routes = objects.filter(|object| KINDS.contains(&object.kind.as_str()));
        let name = |kind: &str, namespace: &str, name: &str| match self.text.split('/').count() {
            2 => format!("{namespace}/{name}"),
            _ => format!("{}/{namespace}/{name}", kind.to_lowercase()),
        };
        let names: Vec<String> = routes.map(|object| name(&object.kind, &object.namespace, &object.name)).collect();
        // The same name in another namespace is nearer than any spelling.
        let last = self.text.rsplit('/').next().unwrap_or_default();
        let elsewhere = names.iter().find(|name| name.rsplit('/').next() == Some(last));
        let hint = match elsewhere {
            Some(name) => format!("; did you mean `{name}`?"),
            None => nearest::hint(&self.text, names.iter().map(String::as_str)),
        };
        Failure::input(format!("no route `{}` in the input{hint}", self.text))
    }
}

/// Is it a rule of this route?
fn is_of(trace: &Trace, summary: &ObjectSummary) -> bool {
    let object = &summary.object;
    trace.kind.name() == object.kind
        && trace.namespace == object.namespace.as_str()
        && trace.name == object.name.as_str()
}

/// The account for one route and one prediction.
pub(crate) fn why_not(
    world: &World<'_>,
    request: &Request,
    prediction: &Prediction,
    summary: &ObjectSummary,
) -> WhyNot {
    let scene = Scene::new(world, request, prediction);
    let own: Vec<(usize, &Entry)> = match &scene {
        Some(scene) => {
            let entries = scene.listener.entries.iter().enumerate();
            entries.filter(|(_, entry)| is_of(&world.config().rule(entry).trace, summary)).collect()
        }
        None => Vec::new(),
    };
    let mut found = match &scene {
        Some(scene) if !own.is_empty() => on_listener(scene, &own, summary),
        Some(_) | None => elsewhere(world, prediction, summary),
    };
    if !own.is_empty() {
        let dropped = conditions(world, summary).into_iter().filter(|(kind, _)| *kind == "PartiallyInvalid");
        found.details.extend(dropped.map(|(_, detail)| detail));
    }
    found
}

fn title(summary: &ObjectSummary) -> String {
    format!("{} {}/{}", summary.object.kind, summary.object.namespace, summary.object.name)
}

/// The route is on the listener: a condition failed, or another match came first.
fn on_listener(scene: &Scene<'_>, own: &[(usize, &Entry)], summary: &ObjectSummary) -> WhyNot {
    let config = scene.world.config();
    let route = title(summary);
    let winner = scene.winner.and_then(|position| Some((position, scene.listener.entries.get(position)?)));
    if let Some((_, entry)) = winner.filter(|(_, entry)| is_of(&config.rule(entry).trace, summary)) {
        let text = format!("it did get the request: {}", words::rule(&config.rule(entry).trace));
        return WhyNot { route, criterion: "won", text, location: scene.place(entry), details: Vec::new() };
    }
    let verdicts: Vec<(usize, &Entry, Option<Failed>)> =
        own.iter().map(|(position, entry)| (*position, *entry, scene.failed(entry))).collect();
    let details: Vec<Detail> =
        verdicts.iter().map(|(position, entry, failed)| line(scene, *position, entry, *failed)).collect();
    // Of several matches the one that got furthest is the answer; the first of equals.
    let depth = |failed: Option<Failed>| failed.map_or(usize::MAX, stage);
    let mut best = verdicts.first().copied();
    for verdict in verdicts.iter().copied() {
        if best.is_some_and(|(_, _, failed)| depth(verdict.2) > depth(failed)) {
            best = Some(verdict);
        }
    }
    let Some((position, entry, failed)) = best else {
        return WhyNot { route, criterion: "not-attached", text: String::new(), location: None, details };
    };
    let location = failed.and_then(|failed| condition_place(scene, entry, failed)).or_else(|| scene.place(entry));
    let criterion = failed.map_or("outranked", criterion_name);
    let text = line(scene, position, entry, failed).text;
    // What the answer says need not be said twice.
    let details = details.into_iter().filter(|detail| detail.text != text).collect();
    WhyNot { route, criterion, text, location, details }
}

/// Order of the stages of matching.
fn stage(failed: Failed) -> usize {
    match failed {
        Failed::Host => 0,
        Failed::Path => 1,
        Failed::Preflight => 2,
        Failed::Method => 3,
        Failed::Header(_) => 4,
        Failed::QueryParam(_) => 5,
    }
}

fn criterion_name(failed: Failed) -> &'static str {
    match failed {
        Failed::Host => "hostname",
        Failed::Path => "path",
        Failed::Preflight => "preflight",
        Failed::Method => "method",
        Failed::Header(_) => "header",
        Failed::QueryParam(_) => "query",
    }
}

/// One match of the route: what failed, or who came first.
fn line(scene: &Scene<'_>, position: usize, entry: &Entry, failed: Option<Failed>) -> Detail {
    let config = scene.world.config();
    let rule = config.rule(entry);
    let found = entry.r#match.map(|position| format!(" match {position}")).unwrap_or_default();
    let name = rule.trace.rule_name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let implied = if entry.preflight { " (implied preflight)" } else { "" };
    let subject = format!("rule {}{name}{found}{implied}", rule.trace.rule);
    let text = match failed {
        Some(failed) => {
            let miss = words::miss(config, scene.listener, entry, failed, &scene.head);
            miss.map_or_else(|| "does not match".to_owned(), |miss| miss.text())
        }
        None => match scene.winner.and_then(|winner| Some((winner, scene.listener.entries.get(winner)?))) {
            Some((winner, first)) => {
                let by = scene.criterion(winner, position).unwrap_or_default();
                let place = scene.place(first).map(|at| format!(" at {}:{}", at.file, at.line)).unwrap_or_default();
                format!("matches too, but {}{place} comes first: {by}", words::rule(&config.rule(first).trace))
            }
            None => "matches".to_owned(),
        },
    };
    let location = failed.and_then(|failed| condition_place(scene, entry, failed)).or_else(|| scene.place(entry));
    Detail { text: format!("{subject}: {text}"), location }
}

/// Where the condition that failed is written, inside its match.
fn condition_place(scene: &Scene<'_>, entry: &Entry, failed: Failed) -> Option<At> {
    let world = scene.world;
    if failed == Failed::Host {
        return hostname_place(scene, entry);
    }
    let found = world.config().match_of(entry)?;
    let span = world.span(found.place)?;
    let root = world.texts.document_at(span.source, span.start)?.root.as_ref()?;
    let node = crate::texts::node_of_span(root, span)?;
    let named = |list: &str, name: &str| {
        let items = node.field(list)?.items().iter();
        let is_it = |item: &&gwc_core::yaml::Node| {
            let own = item.field("name").and_then(gwc_core::yaml::Node::as_str);
            own.is_some_and(|own| own.eq_ignore_ascii_case(name))
        };
        items.into_iter().find(is_it)
    };
    let place = match failed {
        Failed::Path => node.field("path").or_else(|| node.field("method")),
        Failed::Method => node.field("method"),
        Failed::Header(position) => named("headers", &found.headers.get(position)?.name),
        Failed::QueryParam(position) => named("queryParams", &found.query_params.get(position)?.name),
        Failed::Host | Failed::Preflight => None,
    }?;
    Some(world.at_span(gwc_core::source::Span::new(span.source, place.start, place.end)))
}

/// Where the hostname of an entry is written in its route.
fn hostname_place(scene: &Scene<'_>, entry: &Entry) -> Option<At> {
    let world = scene.world;
    let trace = &world.config().rule(entry).trace;
    let written = scene.listener.hosts.get(entry.host as usize)?.written.as_ref()?.to_string();
    let summary = world.run.compilation.objects.iter().find(|summary| is_of(trace, summary))?;
    let root = world.texts.document_at(summary.span.source, summary.span.start)?.root.as_ref()?;
    let object = crate::texts::node_of_span(root, summary.span).unwrap_or(root);
    let hostnames = object.at(&["spec", "hostnames"])?.items();
    let is_it = |item: &&gwc_core::yaml::Node| item.as_str().is_some_and(|text| text.eq_ignore_ascii_case(&written));
    let place = hostnames.iter().find(is_it)?;
    Some(world.at_span(gwc_core::source::Span::new(summary.span.source, place.start, place.end)))
}

/// The account for one route where no Gateway got the request at all.
pub(crate) fn unasked(world: &World<'_>, summary: &ObjectSummary) -> WhyNot {
    let places = places(world, summary);
    let Some((_, _, listener)) = places.first() else { return nowhere(world, summary) };
    let names: Vec<String> = places.iter().map(|place| listener_name(world, place)).collect();
    let text = format!("attached to listener {}, which did not get the request", names.join(", "));
    WhyNot {
        route: title(summary),
        criterion: "other-listener",
        text,
        location: world.at(listener.place),
        details: Vec::new(),
    }
}

/// Listeners that serve a route, with the position of their socket.
fn places<'w>(world: &'w World<'_>, summary: &ObjectSummary) -> Vec<(usize, &'w Socket, &'w Listener)> {
    let config = world.config();
    let serves = |listener: &Listener| listener.entries.iter().any(|entry| is_of(&config.rule(entry).trace, summary));
    let sockets = config.sockets.iter().enumerate();
    sockets
        .flat_map(|(at, socket)| socket.listeners.iter().map(move |listener| (at, socket, listener)))
        .filter(|(_, _, listener)| serves(listener))
        .collect()
}

fn listener_name(world: &World<'_>, (_, socket, listener): &(usize, &Socket, &Listener)) -> String {
    let gateway = world.config().gateway(socket);
    format!("`{}` of Gateway {}/{} (port {})", listener.name, gateway.namespace, gateway.name, socket.port)
}

/// The route is not on the listener that took the request: it is on another one, or nowhere.
fn elsewhere(world: &World<'_>, prediction: &Prediction, summary: &ObjectSummary) -> WhyNot {
    let (config, route) = (world.config(), title(summary));
    let places = places(world, summary);
    let socket = config.sockets.get(prediction.socket);
    let chosen = socket.and_then(|socket| socket.listeners.get(prediction.listener?));
    let here: Vec<&(usize, &Socket, &Listener)> = places.iter().filter(|(at, ..)| *at == prediction.socket).collect();
    let on_gateway: Vec<&(usize, &Socket, &Listener)> =
        places.iter().filter(|(_, other, _)| socket.is_some_and(|own| own.gateway == other.gateway)).collect();
    let list = |places: &[&(usize, &Socket, &Listener)]| {
        places.iter().map(|place| listener_name(world, place)).collect::<Vec<_>>().join(", ")
    };
    let early = outcome::settled_early(&prediction.outcome);
    let taker = match (early, chosen) {
        (Some(why), _) => format!("no rule was asked: {why}"),
        (None, Some(listener)) => format!("the request went to listener `{}`", listener.name),
        (None, None) => "no listener took the request".to_owned(),
    };
    let (criterion, text) = match (here.first(), on_gateway.first(), places.first()) {
        (Some(_), ..) if early.is_some() => ("not-asked", format!("attached to listener {}, but {taker}", list(&here))),
        (Some(_), ..) => ("other-listener", format!("attached to listener {}; {taker}", list(&here))),
        (None, Some(_), _) => ("other-listener", format!("attached to listener {}; {taker}", list(&on_gateway))),
        (None, None, Some(_)) => (
            "other-gateway",
            format!("attached to listener {}, not to this Gateway", list(&places.iter().collect::<Vec<_>>())),
        ),
        (None, None, None) => return nowhere(world, summary),
    };
    let listener = [here.first(), on_gateway.first()].into_iter().flatten().next();
    let location = listener.and_then(|(_, _, listener)| world.at(listener.place));
    WhyNot {
        route,
        criterion,
        text,
        location: location.or_else(|| Some(world.at_span(summary.span))),
        details: Vec::new(),
    }
}

/// No listener of the world serves the route: what its status says.
fn nowhere(world: &World<'_>, summary: &ObjectSummary) -> WhyNot {
    let route = title(summary);
    let here = Some(world.at_span(summary.span));
    let compilation = &world.run.compilation;
    let refused = compilation.graph.refused.keys().any(|(kind, key)| {
        kind.kind == summary.object.kind && key.namespace == summary.object.namespace && key.name == summary.object.name
    });
    if refused {
        let text = "the API server would refuse the route; `gwc check` tells why".to_owned();
        return WhyNot { route, criterion: "refused", text, location: here, details: Vec::new() };
    }
    let found = conditions(world, summary);
    let deciding = found.iter().position(|(kind, _)| *kind == "Accepted").or((!found.is_empty()).then_some(0));
    let mut details: Vec<Detail> = found.into_iter().map(|(_, detail)| detail).collect();
    if let Some(position) = deciding {
        let first = details.remove(position);
        let text = format!("no listener serves it: {}", first.text);
        return WhyNot { route, criterion: "not-attached", text, location: first.location.or(here), details };
    }
    let mut rows = compile::attachment(compilation, summary).into_iter();
    if let Some(row) = rows.next() {
        let text = format!("no listener serves it: {}: {}", row.parent, row.verdict);
        return WhyNot { route, criterion: "not-attached", text, location: Some(world.at_span(row.place)), details };
    }
    let text = "no listener serves it: it has no parentRefs, or no rule that can be used".to_owned();
    WhyNot { route, criterion: "not-served", text, location: here, details }
}

/// Conditions of a route that are not as they should be, by type.
fn conditions(world: &World<'_>, summary: &ObjectSummary) -> Vec<(&'static str, Detail)> {
    let statuses = &world.run.compilation.statuses;
    let Some(status) = statuses.iter().find(|status| status.object == summary.object) else { return Vec::new() };
    let note = |text: &str| ("Accepted", Detail { text: text.to_owned(), location: Some(world.at_span(summary.span)) });
    let Some(StatusBody::Route { parents }) = &status.body else {
        return status.note.iter().map(|text| note(text)).collect();
    };
    let of_parent = |parent: &ParentStatus| -> Vec<(&'static str, Detail)> {
        let name = reference_name(&parent.reference, &summary.object.namespace);
        let bad = parent.conditions.iter().filter(|condition| is_negative(condition));
        bad.map(|condition| (condition.r#type, told(world, &name, condition))).collect()
    };
    parents.iter().flat_map(of_parent).collect()
}

fn told(world: &World<'_>, parent: &str, condition: &Condition) -> Detail {
    let (kind, status, reason) = (condition.r#type, condition.status, condition.reason);
    let text = format!("{parent}: {kind}={status}/{reason}: {}", condition.message.replace('\n', " "));
    Detail { text, location: condition.location.map(|span| world.at_span(span)) }
}

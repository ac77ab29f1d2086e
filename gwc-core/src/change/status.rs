//! Conditions that changed, and texts that changed without any effect.

use std::collections::{BTreeMap, BTreeSet};

use crate::Compilation;
use crate::change::{Changes, Class, Noop, Status, World};
use crate::diagnostic::ObjectRef;
use crate::ir::Config;
use crate::predict::Prediction;
use crate::source::Span;
use crate::status::{Condition, ObjectStatus, StatusBody};

/// Kind, namespace and name.
type Key<'c> = (&'c str, &'c str, &'c str);

/// A condition by its place in the status: parent or listener, type.
type Place = (Option<String>, &'static str);

/// Conditions of objects that both sides have, in the order of the new side.
pub(super) fn changes(old: &Compilation, new: &Compilation) -> Vec<Status> {
    let before: BTreeMap<Key<'_>, &ObjectStatus> = old.statuses.iter().map(|one| (key(&one.object), one)).collect();
    let mut found = Vec::new();
    for status in &new.statuses {
        let Some(twin) = before.get(&key(&status.object)) else { continue };
        let (first, second) = (conditions(twin), conditions(status));
        let places: BTreeSet<&Place> = first.keys().chain(second.keys()).collect();
        for place in places {
            let (one, two) = (first.get(place).copied(), second.get(place).copied());
            // What is said of a listener or parent that came or went is said by that.
            let has = |side: &BTreeMap<Place, _>| side.keys().any(|other| other.0 == place.0);
            if one.map(|one| one.0) != two.map(|two| two.0) && has(&first) && has(&second) {
                found.push(Status {
                    class: class(one.map(|one| one.0), two.map(|two| two.0), place.1),
                    object: format!("{} {}/{}", status.object.kind, status.object.namespace, status.object.name),
                    of: place.0.clone(),
                    r#type: place.1,
                    old: one,
                    new: two,
                    span: status.span,
                    is_new: true,
                });
            }
        }
    }
    found
}

fn key(object: &ObjectRef) -> Key<'_> {
    (&object.kind, &object.namespace, &object.name)
}

/// Negative conditions are bad when True.
const NEGATIVE: [&str; 3] = ["Conflicted", "PartiallyInvalid", "OverlappingTLSConfig"];

fn class(old: Option<&str>, new: Option<&str>, r#type: &str) -> Class {
    let is_negative = NEGATIVE.contains(&r#type);
    let good = |status: Option<&str>| match status {
        Some("True") => !is_negative,
        Some("False") | None => is_negative,
        Some(_) => false,
    };
    match (good(old), good(new)) {
        (true, false) => Class::Break,
        (false, true) => Class::Add,
        (true, true) | (false, false) => Class::Shift,
    }
}

fn conditions(status: &ObjectStatus) -> BTreeMap<Place, (&'static str, &'static str)> {
    let mut found = BTreeMap::new();
    let mut add = |of: Option<String>, all: &[Condition]| {
        for condition in all {
            found.insert((of.clone(), condition.r#type), (condition.status, condition.reason));
        }
    };
    match &status.body {
        None => {}
        Some(StatusBody::GatewayClass { conditions, .. }) => add(None, conditions),
        Some(StatusBody::Gateway { conditions, listeners, .. } | StatusBody::ListenerSet { conditions, listeners }) => {
            add(None, conditions);
            listeners.iter().for_each(|one| add(Some(format!("listener {}", one.name)), &one.conditions));
        }
        Some(StatusBody::Route { parents: entries } | StatusBody::Policy { ancestors: entries }) => {
            for entry in entries {
                let word = |name: &str| entry.reference.field(name).and_then(|node| node.as_str()).unwrap_or_default();
                let section = word("sectionName");
                let section = if section.is_empty() { String::new() } else { format!(" {section}") };
                add(Some(format!("parent {}{section}", word("name"))), &entry.conditions);
            }
        }
    }
    found
}

/// Objects whose text differs and that no change names; none while anything is unproven.
pub(super) fn noops(old: World<'_>, new: World<'_>, changes: &Changes) -> Vec<Noop> {
    let (before, now) = (texts(old), texts(new));
    if !changes.unproven.is_empty() {
        return Vec::new();
    }
    let touched = touched(old.compilation, new.compilation, changes);
    let quiet = changes.traffic.is_empty() && changes.structure.is_empty() && changes.statuses.is_empty();
    // A Service, grant or policy can be behind the change of a route: only of routes is it known that they are not.
    let may_be_cause = |kind: &str| !quiet && !kind.ends_with("Route");
    let keys: BTreeSet<&(String, String, String)> = before.keys().chain(now.keys()).collect();
    let mut found = Vec::new();
    for key in keys {
        let how = match (before.get(key), now.get(key)) {
            (Some(one), Some(two)) if one == two => continue,
            (Some(_), Some(_)) => "changed",
            (None, _) => "added",
            (Some(_), None) => "removed",
        };
        let object = format!("{} {}/{}", key.0, key.1, key.2);
        if !touched.contains(&object) && !may_be_cause(&key.0) {
            found.push(Noop { object, how });
        }
    }
    found
}

fn texts(world: World<'_>) -> BTreeMap<(String, String, String), &str> {
    let text = |span: Span| world.sources.slice(span).trim();
    let objects = world.compilation.objects.iter();
    let key = |object: &ObjectRef| (object.kind.clone(), object.namespace.clone(), object.name.clone());
    objects.map(|one| (key(&one.object), text(one.span))).collect()
}

/// Objects that changes name.
fn touched(old: &Compilation, new: &Compilation, changes: &Changes) -> BTreeSet<String> {
    let mut touched: BTreeSet<String> = changes.statuses.iter().map(|one| one.object.clone()).collect();
    for traffic in &changes.traffic {
        touched.extend(route(&old.lowered.config, &traffic.old));
        touched.extend(route(&new.lowered.config, &traffic.new));
    }
    for structure in &changes.structure {
        let mut words = structure.subject.split(' ');
        let gateway = words.next().zip(words.next()).map(|(kind, name)| format!("{kind} {name}"));
        touched.extend(gateway);
    }
    touched
}

fn route(config: &Config, prediction: &Prediction) -> Option<String> {
    let trace = &prediction.rule(config)?.trace;
    Some(format!("{} {}/{}", trace.kind.name(), trace.namespace, trace.name))
}

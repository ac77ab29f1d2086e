//! Status assertions against the statuses that the compilation predicts.

use gwc_core::status::{Condition, ListenerStatus, ObjectStatus, ParentStatus, StatusBody};
use gwc_core::yaml::Node;

use crate::compile::Compilation;
use crate::nearest;
use crate::output::status_json::reference_name;
use crate::suite::expect::Mismatch;
use crate::suite::file::Attached;
use crate::suite::file::value::Condition as Wanted;
use crate::suite::read::StatusCase;

/// Everything in the assertion that does not hold.
pub(crate) fn mismatches(case: &StatusCase, compilation: &Compilation) -> Vec<Mismatch> {
    let found: Vec<&ObjectStatus> =
        compilation.statuses.iter().filter(|status| case.object.matches(&status.object)).collect();
    if found.is_empty() {
        return vec![Mismatch::new(&["object"], case.test.object.0.as_str(), absent(case, compilation))];
    }
    found.into_iter().flat_map(|status| of_object(case, status)).collect()
}

/// Why there is no status of the object.
fn absent(case: &StatusCase, compilation: &Compilation) -> String {
    let objects = || compilation.objects.iter().map(|summary| &summary.object);
    if objects().any(|object| case.object.matches(object)) {
        return "an object without a status".to_owned();
    }
    let name = |object: &gwc_core::diagnostic::ObjectRef| match object.namespace.as_str() {
        "" => format!("{}/{}", object.kind, object.name),
        namespace => format!("{}/{namespace}/{}", object.kind, object.name),
    };
    let names: Vec<String> = objects().map(name).collect();
    format!("no such object{}", nearest::hint(&case.test.object.0, names.iter().map(String::as_str)))
}

fn of_object(case: &StatusCase, status: &ObjectStatus) -> Vec<Mismatch> {
    match &status.body {
        None => {
            let note = status.note.as_deref().unwrap_or("nobody writes one");
            vec![Mismatch::new(&["object"], "a status", format!("no status will be written: {note}"))]
        }
        Some(StatusBody::GatewayClass { conditions, .. }) => of_conditions(case, conditions, ""),
        Some(StatusBody::Gateway { conditions, listeners, .. } | StatusBody::ListenerSet { conditions, listeners }) => {
            let mut all = match &case.listener {
                None => of_conditions(case, conditions, ""),
                Some(name) => of_listener(case, name, listeners),
            };
            all.extend(case.test.attached_routes.iter().flat_map(|wanted| attached(case, wanted, listeners)));
            all
        }
        Some(StatusBody::Route { parents }) => of_parents(case, parents, &status.object.namespace),
        Some(StatusBody::Policy { ancestors }) => of_parents(case, ancestors, &status.object.namespace),
    }
}

/// Names in a sentence.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn of_listener(case: &StatusCase, name: &str, listeners: &[ListenerStatus]) -> Vec<Mismatch> {
    match listeners.iter().find(|listener| listener.name == name) {
        Some(listener) => of_conditions(case, &listener.conditions, ""),
        None => {
            let there = list(listeners.iter().map(|listener| listener.name.as_str()));
            vec![Mismatch::new(&["object"], format!("listener {name}"), format!("listeners {there}"))]
        }
    }
}

fn of_parents(case: &StatusCase, parents: &[ParentStatus], namespace: &str) -> Vec<Mismatch> {
    let wanted = case.test.parent.as_ref().map(|parent| parent.0.as_str());
    let is_it = |parent: &&ParentStatus| wanted.is_none_or(|text| is_parent(text, &parent.reference, namespace));
    let chosen: Vec<&ParentStatus> = parents.iter().filter(is_it).collect();
    if chosen.is_empty() {
        let names: Vec<String> = parents.iter().map(|parent| reference_name(&parent.reference, namespace)).collect();
        let wanted = wanted.unwrap_or("a parent");
        return vec![Mismatch::new(&["parent"], wanted, list(names.iter().map(String::as_str)))];
    }
    let several = chosen.len() > 1;
    let of_parent = |parent: &ParentStatus| {
        let name =
            if several { format!(" for {}", reference_name(&parent.reference, namespace)) } else { String::new() };
        of_conditions(case, &parent.conditions, &name)
    };
    chosen.into_iter().flat_map(of_parent).collect()
}

/// Does `NAME`, `NAMESPACE/NAME` or `NAMESPACE/NAME/LISTENER` mean a parent of an object in `namespace`?
fn is_parent(text: &str, reference: &Node, namespace: &str) -> bool {
    let field = |key: &str| reference.field(key).and_then(Node::as_str);
    let own = field("namespace").unwrap_or(namespace);
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [name] => field("name") == Some(name),
        [namespace, name] => own == *namespace && field("name") == Some(name),
        [namespace, name, section] => {
            own == *namespace && field("name") == Some(name) && field("sectionName") == Some(section)
        }
        _ => false,
    }
}

fn of_conditions(case: &StatusCase, conditions: &[Condition], place: &str) -> Vec<Mismatch> {
    let one = |(r#type, wanted): (&String, &Wanted)| {
        let found = conditions.iter().find(|condition| condition.r#type == r#type.as_str());
        let got = match found {
            None => "absent".to_owned(),
            Some(condition) => format!("{}/{}: {}", condition.status, condition.reason, condition.message),
        };
        let mismatch = Mismatch::new(&["expect"], format!("{type}: {wanted}"), format!("{type}: {got}{place}"));
        (!holds(wanted, found)).then_some(mismatch)
    };
    case.test.expect.iter().filter_map(one).collect()
}

fn holds(wanted: &Wanted, found: Option<&Condition>) -> bool {
    match (wanted, found) {
        (Wanted::Absent, found) => found.is_none(),
        (Wanted::Is(..), None) => false,
        (Wanted::Is(status, reason), Some(condition)) => {
            condition.status == *status && reason.as_deref().is_none_or(|reason| condition.reason == reason)
        }
    }
}

fn attached(case: &StatusCase, wanted: &Attached, listeners: &[ListenerStatus]) -> Vec<Mismatch> {
    let key: &[&'static str] = &["attached-routes"];
    let compare = |name: &str, wanted: u32| match listeners.iter().find(|listener| listener.name == name) {
        Some(listener) if listener.attached_routes == wanted => None,
        Some(listener) => {
            Some(Mismatch::new(key, format!("{name}: {wanted}"), format!("{name}: {}", listener.attached_routes)))
        }
        None => {
            let there = list(listeners.iter().map(|listener| listener.name.as_str()));
            Some(Mismatch::new(key, format!("listener {name}"), format!("listeners {there}")))
        }
    };
    match (wanted, &case.listener, listeners) {
        (Attached::Listeners(pairs), _, _) => {
            pairs.iter().filter_map(|(name, wanted)| compare(name, *wanted)).collect()
        }
        (Attached::Number(wanted), Some(name), _) => compare(name, *wanted).into_iter().collect(),
        (Attached::Number(wanted), None, [only]) => compare(&only.name, *wanted).into_iter().collect(),
        (Attached::Number(wanted), None, several) => {
            let there = list(several.iter().map(|listener| listener.name.as_str()));
            vec![Mismatch::new(key, wanted.to_string(), format!("several listeners; name one of {there}"))]
        }
    }
}

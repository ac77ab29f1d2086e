//! What to send so that a server holds our status: only what differs, other controllers' entries kept, transition times
//! of conditions that stay as they are (runtime-design.md §7.3).

use serde_json::{Map, Value};

use crate::cluster::kind::Kind;

/// A list of entries that several controllers share.
struct Shared {
    field: &'static str,
    reference: &'static str,
    /// No more entries than the API takes.
    limit: usize,
}

const PARENTS: Shared = Shared { field: "parents", reference: "parentRef", limit: 32 };
const ANCESTORS: Shared = Shared { field: "ancestors", reference: "ancestorRef", limit: 16 };

/// Who writes, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer<'w> {
    /// Our controller name.
    pub(crate) controller: &'w str,
    /// RFC 3339.
    pub(crate) now: &'w str,
}

/// The part of a status that differs, as a merge patch; `None`: the server holds what it should. `wanted` is `None`
/// where we have nothing to say.
pub(crate) fn patch(kind: &Kind, wanted: Option<&Value>, held: &Value, writer: Writer<'_>) -> Option<Value> {
    match kind.name {
        "GatewayClass" => fields(&["conditions", "supportedFeatures"], wanted?, held, writer),
        "Gateway" => fields(&["addresses", "attachedListenerSets", "conditions", "listeners"], wanted?, held, writer),
        "ListenerSet" => fields(&["conditions", "listeners"], wanted?, held, writer),
        "BackendTLSPolicy" | "XBackendTrafficPolicy" => entries(&ANCESTORS, wanted, held, writer),
        name if name.ends_with("Route") => entries(&PARENTS, wanted, held, writer),
        _ => None,
    }
}

/// A status that is ours alone.
fn fields(names: &[&str], wanted: &Value, held: &Value, writer: Writer<'_>) -> Option<Value> {
    let mut changed = Map::new();
    for name in names {
        let before = held.get(name).unwrap_or(&Value::Null);
        let after = match (*name, wanted.get(name)) {
            (_, None) => Value::Null,
            ("conditions", Some(list)) => conditions(list, before, writer),
            ("listeners", Some(list)) => {
                let named = |listener: &Value| {
                    list_of(before).iter().find(|held| held.get("name") == listener.get("name")).unwrap_or(&Value::Null)
                };
                list_of(list).iter().map(|listener| with_conditions(listener, named(listener), writer)).collect()
            }
            (_, Some(value)) => value.clone(),
        };
        if !is_same(before, &after) {
            changed.insert((*name).to_owned(), after);
        }
    }
    (!changed.is_empty()).then_some(Value::Object(changed))
}

/// A status that several controllers share.
fn entries(shared: &Shared, wanted: Option<&Value>, held: &Value, writer: Writer<'_>) -> Option<Value> {
    let held = list_of(held.get(shared.field).unwrap_or(&Value::Null));
    let is_own = |entry: &&Value| entry.get("controllerName").and_then(Value::as_str) == Some(writer.controller);
    let (before, others): (Vec<&Value>, Vec<&Value>) = held.iter().partition(is_own);
    let wanted = list_of(wanted.and_then(|wanted| wanted.get(shared.field)).unwrap_or(&Value::Null));
    let same_reference = |entry: &Value| {
        let found = before.iter().find(|held| held.get(shared.reference) == entry.get(shared.reference));
        found.copied().unwrap_or(&Value::Null)
    };
    let own = wanted.iter().filter(is_own).map(|entry| with_conditions(entry, same_reference(entry), writer));
    let own: Vec<Value> = own.take(shared.limit.saturating_sub(others.len())).collect();
    // The order among controllers is nobody's business: putting it right would only begin a quarrel.
    if before.len() == own.len() && before.iter().zip(&own).all(|(before, after)| *before == after) {
        return None;
    }
    let all: Vec<Value> = others.into_iter().cloned().chain(own).collect();
    Some(Value::Object(Map::from_iter([(shared.field.to_owned(), Value::Array(all))])))
}

fn with_conditions(entry: &Value, held: &Value, writer: Writer<'_>) -> Value {
    let mut entry = entry.clone();
    if let Some(list) = entry.get_mut("conditions") {
        *list = conditions(list, held.get("conditions").unwrap_or(&Value::Null), writer);
    }
    entry
}

/// Conditions with the time of their last change, and those that somebody else added under a name with a domain.
fn conditions(wanted: &Value, held: &Value, writer: Writer<'_>) -> Value {
    let held = list_of(held);
    let of_type = |condition: &Value| held.iter().find(|one| one.get("type") == condition.get("type"));
    let timed = |condition: &Value| {
        let before = of_type(condition).filter(|before| before.get("status") == condition.get("status"));
        let time = before.and_then(|before| before.get("lastTransitionTime")).cloned();
        let mut condition = condition.clone();
        if let Some(map) = condition.as_object_mut() {
            map.insert("lastTransitionTime".to_owned(), time.unwrap_or_else(|| writer.now.into()));
        }
        condition
    };
    let is_foreign = |one: &&Value| one.get("type").and_then(Value::as_str).is_some_and(|name| name.contains('/'));
    list_of(wanted).iter().map(timed).chain(held.iter().filter(is_foreign).cloned()).collect()
}

fn list_of(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Equal, where nothing and an empty list are the same.
fn is_same(a: &Value, b: &Value) -> bool {
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    a == b || (is_empty(a) && is_empty(b))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cluster::kind::named;

    const OLD: &str = "2026-01-01T00:00:00Z";
    const NOW: &str = "2026-06-01T00:00:00Z";
    const EPOCH: &str = "1970-01-01T00:00:00Z";

    fn differs(kind: &str, wanted: Option<Value>, held: Value) -> Option<Value> {
        let kind = named("gateway.networking.k8s.io", kind).unwrap();
        patch(kind, wanted.as_ref(), &held, Writer { controller: "example.com/own", now: NOW })
    }

    fn condition(name: &str, status: &str, time: &str) -> Value {
        json!({"type": name, "status": status, "reason": "R", "message": "m", "observedGeneration": 1, "lastTransitionTime": time})
    }

    fn parent(controller: &str, name: &str, status: &str, time: &str) -> Value {
        json!({
            "parentRef": {"name": name},
            "controllerName": controller,
            "conditions": [condition("Accepted", status, time)],
        })
    }

    #[test]
    fn an_equal_status_is_not_written() {
        let held = json!({"addresses": [], "conditions": [condition("Accepted", "True", OLD)], "listeners": [
            {"name": "http", "attachedRoutes": 1, "conditions": [condition("Programmed", "True", OLD)]}]});
        let wanted = json!({"conditions": [condition("Accepted", "True", EPOCH)], "listeners": [
            {"name": "http", "attachedRoutes": 1, "conditions": [condition("Programmed", "True", EPOCH)]}]});
        assert_eq!(differs("Gateway", Some(wanted.clone()), held.clone()), None);
        // Nobody writes a status: it stays as it is.
        assert_eq!(differs("Gateway", None, held), None);
        // Everything is new.
        let mut expected = wanted.clone();
        expected["conditions"][0]["lastTransitionTime"] = NOW.into();
        expected["listeners"][0]["conditions"][0]["lastTransitionTime"] = NOW.into();
        assert_eq!(differs("Gateway", Some(wanted), Value::Null), Some(expected));
    }

    #[test]
    fn only_what_differs_is_sent_and_what_goes_is_null() {
        let held = json!({"addresses": [{"value": "10.0.0.1"}], "conditions": [
            condition("Accepted", "True", OLD), condition("Programmed", "True", OLD),
            condition("example.com/Audited", "True", OLD), condition("Stale", "True", OLD)]});
        let wanted =
            json!({"conditions": [condition("Accepted", "True", EPOCH), condition("Programmed", "False", EPOCH)]});
        let expected = json!({"addresses": null, "conditions": [
            condition("Accepted", "True", OLD), condition("Programmed", "False", NOW),
            condition("example.com/Audited", "True", OLD)]});
        assert_eq!(differs("Gateway", Some(wanted), held), Some(expected));
    }

    #[test]
    fn a_new_message_keeps_the_time() {
        let mut wanted = condition("Accepted", "True", EPOCH);
        wanted["message"] = "other".into();
        let held = json!({"conditions": [condition("Accepted", "True", OLD)]});
        let sent = differs("GatewayClass", Some(json!({"conditions": [wanted.clone()]})), held);
        wanted["lastTransitionTime"] = OLD.into();
        assert_eq!(sent, Some(json!({"conditions": [wanted]})));
    }

    #[test]
    fn entries_of_other_controllers_are_kept() {
        let (own, other) = ("example.com/own", "example.com/other");
        let held = json!({"parents": [parent(own, "a", "True", OLD), parent(other, "x", "True", OLD), parent(own, "b", "True", OLD)]});
        let wanted = |names: &[&str]| {
            let list: Vec<Value> = names.iter().map(|name| parent(own, name, "True", EPOCH)).collect();
            Some(json!({"parents": list}))
        };
        // The same, whatever stands between.
        assert_eq!(differs("HTTPRoute", wanted(&["a", "b"]), held.clone()), None);
        let sent = differs("HTTPRoute", wanted(&["b", "c"]), held.clone());
        let expected = [parent(other, "x", "True", OLD), parent(own, "b", "True", OLD), parent(own, "c", "True", NOW)];
        assert_eq!(sent, Some(json!({"parents": expected})));
        // Nothing to say any more: our entries go.
        assert_eq!(differs("HTTPRoute", None, held), Some(json!({"parents": [parent(other, "x", "True", OLD)]})));
        assert_eq!(differs("HTTPRoute", None, json!({"parents": [parent(other, "x", "True", OLD)]})), None);
        assert_eq!(differs("HTTPRoute", None, Value::Null), None);
    }

    #[test]
    fn a_full_list_takes_no_more() {
        let others: Vec<Value> = (0..15)
            .map(|n| json!({"ancestorRef": {"name": n}, "controllerName": "example.com/other", "conditions": []}))
            .collect();
        let own =
            |name: &str| json!({"ancestorRef": {"name": name}, "controllerName": "example.com/own", "conditions": []});
        let sent =
            differs("BackendTLSPolicy", Some(json!({"ancestors": [own("a"), own("b")]})), json!({"ancestors": others}));
        let mut expected = others;
        expected.push(own("a"));
        assert_eq!(sent, Some(json!({"ancestors": expected})));
    }
}

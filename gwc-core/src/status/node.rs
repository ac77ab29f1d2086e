//! Statuses as located trees, in the API's field order.

use compact_str::CompactString;

use crate::status::{Condition, ListenerStatus, ParentStatus, StatusBody};
use crate::yaml::{Entry, Key, Node, Value};

pub(super) fn body(body: &StatusBody, time: &str) -> Node {
    match body {
        StatusBody::GatewayClass { conditions, supported_features } => {
            let features = supported_features.iter().map(|name| mapping([("name", Some(text(name)))]));
            mapping([
                ("conditions", Some(self::conditions(conditions, time))),
                ("supportedFeatures", non_empty(features.collect())),
            ])
        }
        StatusBody::Gateway { addresses, attached_listener_sets, conditions, listeners } => {
            let addresses = addresses
                .iter()
                .map(|(kind, value)| mapping([("type", Some(text(kind))), ("value", Some(text(value)))]));
            mapping([
                ("addresses", non_empty(addresses.collect())),
                ("attachedListenerSets", attached_listener_sets.map(|count| int(count.into()))),
                ("conditions", Some(self::conditions(conditions, time))),
                ("listeners", non_empty(self::listeners(listeners, time))),
            ])
        }
        StatusBody::ListenerSet { conditions, listeners } => mapping([
            ("conditions", Some(self::conditions(conditions, time))),
            ("listeners", non_empty(self::listeners(listeners, time))),
        ]),
        StatusBody::Route { parents } => {
            mapping([("parents", Some(sequence(parents.iter().map(|one| parent(one, "parentRef", time)).collect())))])
        }
        StatusBody::Policy { ancestors } => {
            let ancestors = ancestors.iter().map(|one| parent(one, "ancestorRef", time)).collect();
            mapping([("ancestors", Some(sequence(ancestors)))])
        }
    }
}

fn parent(parent: &ParentStatus, reference: &'static str, time: &str) -> Node {
    let controller = (!parent.controller_name.is_empty()).then(|| text(&parent.controller_name));
    mapping([
        ("conditions", Some(conditions(&parent.conditions, time))),
        ("controllerName", controller),
        (reference, Some(parent.reference.clone())),
    ])
}

fn listeners(listeners: &[ListenerStatus], time: &str) -> Vec<Node> {
    let one = |listener: &ListenerStatus| {
        let kinds = listener.supported_kinds.iter();
        let kinds = kinds.map(|(group, kind)| mapping([("group", Some(text(group))), ("kind", Some(text(kind)))]));
        mapping([
            ("attachedRoutes", Some(int(listener.attached_routes.into()))),
            ("conditions", Some(conditions(&listener.conditions, time))),
            ("name", Some(text(&listener.name))),
            ("port", listener.port.map(|port| int(port.into()))),
            ("supportedKinds", Some(sequence(kinds.collect()))),
        ])
    };
    listeners.iter().map(one).collect()
}

fn conditions(conditions: &[Condition], time: &str) -> Node {
    let one = |condition: &Condition| {
        mapping([
            ("lastTransitionTime", Some(text(time))),
            ("message", Some(text(&condition.message))),
            ("observedGeneration", Some(int(condition.observed_generation))),
            ("reason", Some(text(condition.reason))),
            ("status", Some(text(condition.status))),
            ("type", Some(text(condition.r#type))),
        ])
    };
    sequence(conditions.iter().map(one).collect())
}

/// A mapping of the fields that are there.
pub(super) fn mapping<const N: usize>(fields: [(&'static str, Option<Node>); N]) -> Node {
    let entries = fields.into_iter().filter_map(|(key, value)| {
        Some(Entry { key: Key { text: CompactString::const_new(key), start: 0, end: 0 }, value: value? })
    });
    Node::new(Value::Mapping(entries.collect()), 0, 0)
}

pub(super) fn text(text: &str) -> Node {
    Node::new(Value::String(text.into()), 0, 0)
}

pub(super) fn int(value: i64) -> Node {
    Node::new(Value::Int(value), 0, 0)
}

fn sequence(items: Vec<Node>) -> Node {
    Node::new(Value::Sequence(items.into()), 0, 0)
}

fn non_empty(items: Vec<Node>) -> Option<Node> {
    (!items.is_empty()).then(|| sequence(items))
}

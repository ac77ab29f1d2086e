//! Statuses as JSON values: the API's shape, and `gwc.status/v1` around it (spec README ruling 15).

use gwc_core::source::Span;
use gwc_core::status::{Condition, ListenerStatus, ObjectStatus, ParentStatus, StatusBody};
use gwc_core::yaml::Node;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::mask;
use crate::output::json::Location;
use crate::output::value;
use crate::selection::basis_name;
use crate::texts::Texts;

/// Name and version of the shape.
pub(crate) const SCHEMA: &str = "gwc.status/v1";

/// The only transition time there is: outputs must be reproducible.
const EPOCH: &str = "1970-01-01T00:00:00Z";

/// The whole document.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StatusList {
    schema: &'static str,
    items: Vec<Item>,
}

/// One object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Item {
    api_version: String,
    kind: String,
    metadata: Metadata,
    /// Exactly as the Kubernetes API would hold it; absent where nobody would write one.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The worlds in which the object has this status; only with several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    worlds: Vec<String>,
    basis: Vec<BasisNote>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Metadata {
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    namespace: String,
    generation: i64,
}

/// What one condition rests on.
#[derive(Debug, Serialize, JsonSchema)]
struct BasisNote {
    /// Pointer into `status`.
    pointer: String,
    basis: &'static str,
    rule: &'static str,
    assumptions: Vec<String>,
    missing: Vec<String>,
    location: Option<Location>,
}

/// A status to print and the texts its places are in.
pub(crate) struct Shown<'r> {
    /// The status.
    pub(crate) status: &'r ObjectStatus,
    /// The texts of its world.
    pub(crate) texts: &'r Texts<'r>,
    /// The name of its world, where there are several.
    pub(crate) world: Option<&'r str>,
}

/// The document `gwc.status/v1`.
pub(crate) fn write(shown: &[Shown<'_>]) -> String {
    let list = StatusList { schema: SCHEMA, items: shown.iter().map(item).collect() };
    let mut out = serde_json::to_string_pretty(&list).unwrap_or_default();
    out.push('\n');
    out
}

/// All conditions with their pointers into `status`.
pub(crate) fn conditions(body: &StatusBody) -> Vec<(String, &Condition)> {
    let mut all = Vec::new();
    let mut extend = |prefix: String, list| all.extend(pointed(&prefix, list));
    match body {
        StatusBody::GatewayClass { conditions, .. } => extend(String::new(), conditions),
        StatusBody::Gateway { conditions, listeners, .. } | StatusBody::ListenerSet { conditions, listeners } => {
            extend(String::new(), conditions);
            let lists = listeners.iter().enumerate();
            lists.for_each(|(at, listener)| extend(format!("/listeners/{at}"), &listener.conditions));
        }
        StatusBody::Route { parents } => {
            let lists = parents.iter().enumerate();
            lists.for_each(|(at, parent)| extend(format!("/parents/{at}"), &parent.conditions));
        }
        StatusBody::Policy { ancestors } => {
            let lists = ancestors.iter().enumerate();
            lists.for_each(|(at, parent)| extend(format!("/ancestors/{at}"), &parent.conditions));
        }
    }
    all
}

/// The status as the API holds it.
pub(crate) fn body(body: &StatusBody) -> Value {
    let mut map = Map::new();
    match body {
        StatusBody::GatewayClass { conditions, supported_features } => {
            map.insert("conditions".into(), condition_list(conditions));
            if !supported_features.is_empty() {
                let names = supported_features.iter().map(|name| json!({ "name": name }));
                map.insert("supportedFeatures".into(), names.collect());
            }
        }
        StatusBody::Gateway { addresses, attached_listener_sets, conditions, listeners } => {
            if !addresses.is_empty() {
                let list = addresses.iter().map(|(kind, value)| json!({ "type": kind, "value": value }));
                map.insert("addresses".into(), list.collect());
            }
            if let Some(count) = attached_listener_sets {
                map.insert("attachedListenerSets".into(), json!(count));
            }
            map.insert("conditions".into(), condition_list(conditions));
            map.insert("listeners".into(), listeners.iter().map(listener).collect());
        }
        StatusBody::ListenerSet { conditions, listeners } => {
            map.insert("conditions".into(), condition_list(conditions));
            if !listeners.is_empty() {
                map.insert("listeners".into(), listeners.iter().map(listener).collect());
            }
        }
        StatusBody::Route { parents } => {
            map.insert("parents".into(), parents.iter().map(|parent| parent_status(parent, "parentRef")).collect());
        }
        StatusBody::Policy { ancestors } => {
            let list = ancestors.iter().map(|parent| parent_status(parent, "ancestorRef"));
            map.insert("ancestors".into(), list.collect());
        }
    }
    Value::Object(map)
}

fn pointed<'b>(prefix: &str, list: &'b [Condition]) -> Vec<(String, &'b Condition)> {
    let place = |(at, condition)| (format!("{prefix}/conditions/{at}"), condition);
    list.iter().enumerate().map(place).collect()
}

fn item(shown: &Shown<'_>) -> Item {
    let status = shown.status;
    let notes = status.body.iter().flat_map(conditions);
    Item {
        api_version: status.object.api_version.clone(),
        kind: status.object.kind.clone(),
        metadata: Metadata {
            name: status.object.name.clone(),
            namespace: status.object.namespace.clone(),
            generation: status.generation,
        },
        status: status.body.as_ref().map(body),
        note: status.note.clone(),
        worlds: shown.world.iter().map(|world| (*world).to_owned()).collect(),
        basis: notes.map(|(pointer, condition)| basis(pointer, condition, shown.texts)).collect(),
    }
}

fn basis(pointer: String, condition: &Condition, texts: &Texts<'_>) -> BasisNote {
    let location = |span: Span| Location::new(texts, span, "decides", "");
    BasisNote {
        pointer,
        basis: basis_name(condition.basis),
        rule: condition.rule,
        assumptions: condition.assumptions.clone(),
        missing: condition.missing.clone(),
        location: condition.location.map(location),
    }
}

fn condition_list(conditions: &[Condition]) -> Value {
    conditions.iter().map(condition).collect()
}

fn condition(condition: &Condition) -> Value {
    json!({
        "type": condition.r#type,
        "status": condition.status,
        "reason": condition.reason,
        "message": mask::words(&condition.message),
        "observedGeneration": condition.observed_generation,
        "lastTransitionTime": EPOCH,
    })
}

fn listener(listener: &ListenerStatus) -> Value {
    let mut map = Map::new();
    map.insert("name".into(), json!(listener.name));
    if let Some(port) = listener.port {
        map.insert("port".into(), json!(port));
    }
    let kinds = listener.supported_kinds.iter().map(|(group, kind)| json!({ "group": group, "kind": kind }));
    map.insert("supportedKinds".into(), kinds.collect());
    map.insert("attachedRoutes".into(), json!(listener.attached_routes));
    map.insert("conditions".into(), condition_list(&listener.conditions));
    Value::Object(map)
}

fn parent_status(parent: &ParentStatus, reference: &str) -> Value {
    json!({
        reference: value::json(&parent.reference),
        "controllerName": parent.controller_name,
        "conditions": condition_list(&parent.conditions),
    })
}

/// A name for a reference: `Gateway infra/shared#https:8443`.
pub(crate) fn reference_name(reference: &Node, namespace: &str) -> String {
    let text = |key: &str| reference.field(key).and_then(Node::as_str);
    let kind = text("kind").unwrap_or("Gateway");
    let namespace = text("namespace").unwrap_or(namespace);
    let section = text("sectionName").map(|section| format!("#{section}")).unwrap_or_default();
    let port = reference.field("port").and_then(Node::as_int).map(|port| format!(":{port}")).unwrap_or_default();
    format!("{kind} {namespace}/{}{section}{port}", text("name").unwrap_or_default())
}

//! `/routes`: what every listener matches, in order, with counters. One rule per line, so that it can be searched.

use std::collections::BTreeMap;

use gwc_core::ir::rule::ValueMatch;
use gwc_core::ir::{Config, Entry, Listener, Rule, WeightedBackend};
use serde_json::{Map, Value, json};

use crate::admin::metrics::CLASSES;
use crate::admin::redact;
use crate::snapshot::Snapshot;
use crate::telemetry::{RuleKey, RuleStats, Stats};

/// The whole document.
pub(super) fn json(snapshot: &Snapshot, stats: &Stats) -> String {
    let config = &snapshot.config;
    let listeners = config.sockets.iter().flat_map(|socket| socket.listeners.iter().map(move |one| (socket, one)));
    let listeners = listeners.map(|(socket, listener)| {
        let gateway = config.gateway(socket);
        let head = json!({
            "gateway": format!("{}/{}", gateway.namespace, gateway.name),
            "transport": socket.transport.name(),
            "port": socket.port,
            "listener": listener.label(),
            "protocol": listener.protocol.name(),
            "hostname": listener.hostname.as_ref().map(ToString::to_string),
        });
        let rules = listener.entries.iter().map(|entry| entry_json(config, listener, entry, &stats.rules));
        array(&head, "rules", rules)
    });
    array(&json!({"generation": snapshot.generation}), "listeners", listeners) + "\n"
}

/// An object with one more member, an array whose elements have lines of their own.
fn array(head: &Value, name: &str, elements: impl Iterator<Item = String>) -> String {
    let mut text = head.to_string();
    // The closing brace follows after the array.
    text.pop();
    text.push_str(&format!(",\"{name}\":["));
    for (position, element) in elements.enumerate() {
        text.push_str(if position == 0 { "\n" } else { ",\n" });
        text.push_str(&element);
    }
    text.push_str("]}");
    text
}

fn entry_json(config: &Config, listener: &Listener, entry: &Entry, counters: &BTreeMap<RuleKey, RuleStats>) -> String {
    let rule = config.rule(entry);
    let host = listener.hosts.get(entry.host as usize).and_then(|host| host.matches.as_ref());
    let mut fields = Map::new();
    let mut add = |name: &str, value: Value| {
        if !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
    };
    add("host", json!(host.map(ToString::to_string)));
    for (name, value) in rule_json(rule) {
        add(&name, value);
    }
    add("match", json!(entry.r#match));
    if let Some(found) = config.match_of(entry) {
        add("path", json!({"type": found.path.kind(), "value": found.path.value()}));
        add("method", json!(found.method.as_deref()));
        add("headers", values(&found.headers));
        add("queryParams", values(&found.query_params));
    }
    add("preflight", if entry.preflight { json!(true) } else { Value::Null });
    add("backends", rule.backends.iter().map(|backend| backend_json(config, backend)).collect());
    let classes = counters.get(&RuleKey::from(&rule.trace)).map(|own| own.classes).unwrap_or_default();
    let counted = CLASSES.iter().zip(classes).filter(|(_, n)| *n > 0);
    add("requests", counted.map(|(class, n)| ((*class).to_owned(), json!(n))).collect::<Map<_, _>>().into());
    Value::Object(fields).to_string()
}

/// Which rule it is.
pub(super) fn rule_json(rule: &Rule) -> Map<String, Value> {
    let trace = &rule.trace;
    let mut fields = Map::new();
    fields.insert("kind".to_owned(), json!(trace.kind.name()));
    fields.insert("namespace".to_owned(), json!(trace.namespace.as_str()));
    fields.insert("name".to_owned(), json!(trace.name.as_str()));
    fields.insert("rule".to_owned(), json!(trace.rule));
    if let Some(name) = &trace.rule_name {
        fields.insert("ruleName".to_owned(), json!(name.as_str()));
    }
    fields
}

fn values(conditions: &[ValueMatch]) -> Value {
    let shown = |one: &ValueMatch| match redact::is_secret(&one.name) {
        true => redact::HIDDEN.to_owned(),
        false => one.value.to_string(),
    };
    let one = |one: &ValueMatch| json!({"name": one.name.as_str(), "value": shown(one), "regex": one.regex});
    if conditions.is_empty() { Value::Null } else { conditions.iter().map(one).collect() }
}

fn backend_json(config: &Config, backend: &WeightedBackend) -> Value {
    json!({"backend": config.key(&backend.target).map(ToString::to_string), "weight": backend.weight})
}

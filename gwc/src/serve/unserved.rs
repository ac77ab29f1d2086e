//! What is not served and why, in a line each: from statuses, from the target, from what the proxy cannot do yet.

use gwc_core::diagnostic::{Diagnostic, ObjectRef, rule};
use gwc_core::ir::Config;
use gwc_core::profile::{Channel, Target};
use gwc_core::source::SourceMap;
use gwc_core::status::{Condition, ListenerStatus, ObjectStatus, ParentStatus, StatusBody};
use gwc_core::yaml::Node;

use crate::compile::Compilation;
use crate::texts::{Texts, printable};

/// Gateways, listeners and routes that are not served, or not all of them.
pub(crate) fn of_statuses(statuses: &[ObjectStatus]) -> Vec<String> {
    statuses.iter().flat_map(of_status).collect()
}

fn of_status(status: &ObjectStatus) -> Vec<String> {
    let name = name(&status.object);
    match &status.body {
        None => status.note.iter().map(|note| format!("{name}: {}", printable(note))).collect(),
        Some(StatusBody::Gateway { conditions, listeners, .. } | StatusBody::ListenerSet { conditions, listeners }) => {
            let own = first(conditions, &["Accepted"]).map(|reason| format!("{name}: {reason}"));
            let of_listener = |listener: &ListenerStatus| {
                let reason = conflict(&listener.conditions);
                let reason =
                    reason.or_else(|| first(&listener.conditions, &["Accepted", "ResolvedRefs", "Programmed"]));
                // References that are not resolved do not keep every listener from being served.
                let is_served = is_true(&listener.conditions, "Programmed");
                let words = if is_served { ", but served" } else { "" };
                reason.map(|reason| format!("{name} listener {}{words}: {reason}", listener.name))
            };
            own.into_iter().chain(listeners.iter().filter_map(of_listener)).collect()
        }
        Some(StatusBody::Route { parents }) => parents.iter().filter_map(|parent| of_parent(&name, parent)).collect(),
        Some(StatusBody::GatewayClass { conditions, .. }) => {
            first(conditions, &["Accepted"]).map(|reason| format!("{name}: {reason}")).into_iter().collect()
        }
        Some(StatusBody::Policy { ancestors }) => {
            ancestors.iter().filter_map(|ancestor| of_parent(&name, ancestor)).take(1).collect()
        }
    }
}

fn of_parent(name: &str, parent: &ParentStatus) -> Option<String> {
    let field = |key: &str| parent.reference.field(key).and_then(Node::as_str);
    let namespace = field("namespace").map(|namespace| format!("{namespace}/")).unwrap_or_default();
    let section = field("sectionName").map(|section| format!("/{section}")).unwrap_or_default();
    let place = format!("{namespace}{}{section}", field("name").unwrap_or_default());
    let accepted = first(&parent.conditions, &["Accepted"]);
    let refused = accepted.map(|reason| format!("{name} at {place}: {reason}"));
    refused.or_else(|| {
        let reason = first(&parent.conditions, &["ResolvedRefs", "PartiallyInvalid"])?;
        Some(format!("{name}, in part: {reason}"))
    })
}

fn name(object: &ObjectRef) -> String {
    match object.namespace.as_str() {
        "" => format!("{} {}", object.kind, object.name),
        namespace => format!("{} {namespace}/{}", object.kind, object.name),
    }
}

fn is_true(conditions: &[Condition], r#type: &str) -> bool {
    conditions.iter().any(|condition| condition.r#type == r#type && condition.status == "True")
}

/// Reason and message of the first of these conditions that is not as it should be.
fn first(conditions: &[Condition], types: &[&str]) -> Option<String> {
    let is_bad = |condition: &&Condition| match condition.r#type {
        "PartiallyInvalid" => condition.status == "True",
        _ => condition.status != "True",
    };
    let found = types.iter().find_map(|r#type| conditions.iter().filter(is_bad).find(|one| one.r#type == *r#type))?;
    Some(format!("{}, {}", found.reason, printable(&found.message)))
}

fn conflict(conditions: &[Condition]) -> Option<String> {
    let found = conditions.iter().find(|one| one.r#type == "Conflicted" && one.status == "True")?;
    Some(format!("{}, {}", found.reason, printable(&found.message)))
}

/// Fields and objects that the target does not have, with the flag that keeps them (spec README ruling 21).
pub(crate) fn of_versions(compilation: &Compilation, sources: &SourceMap) -> Vec<String> {
    let texts = Texts::new(sources, &compilation.documents);
    let keeps = |finding: &Diagnostic| {
        let Target { bundle, .. } = compilation.target;
        let experimental = Channel::Experimental.name();
        match finding.code {
            rule::KIND_NOT_IN_CHANNEL | rule::FIELD_NOT_IN_CHANNEL => {
                Some(format!("; --gateway-api {}/{experimental} keeps it", bundle.version()))
            }
            rule::FIELD_TOO_NEW => {
                let newest = Target::default().bundle.version();
                Some(format!("; --gateway-api {newest} keeps it"))
            }
            rule::FIELD_REMOVED | rule::VERSION_NOT_SERVED => Some(String::new()),
            _ => None,
        }
    };
    let line = |finding: &Diagnostic| {
        let keeps = keeps(finding)?;
        let object = finding.object.as_ref().map(|object| format!("{}: ", name(object))).unwrap_or_default();
        Some(format!("{object}{}{keeps} ({})", printable(&finding.message), texts.short(finding.primary)))
    };
    compilation.diagnostics.0.iter().filter_map(line).collect()
}

/// Rules and listeners that need something that the proxy does not have yet.
pub(crate) fn of_proxy(config: &Config) -> Vec<String> {
    let lines = gwc_runtime::unsupported(config).into_iter().filter_map(|unsupported| {
        let trace = &config.rules.get(unsupported.rule)?.trace;
        let (kind, namespace, name) = (trace.kind.name(), &trace.namespace, &trace.name);
        let rule = trace.rule_name.as_ref().map_or_else(|| trace.rule.to_string(), ToString::to_string);
        let needs = unsupported.needs;
        Some(format!("{kind} {namespace}/{name} rule {rule}: {needs} is not built yet; requests get 501"))
    });
    lines.collect()
}

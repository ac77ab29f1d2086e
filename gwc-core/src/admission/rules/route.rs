//! What all routes share beside parentRefs: names of rules, references to Services.

use super::logic::{Outcome, all, and, exactly_one, has, implies, is, or, rule, same, text};
use super::{CelRule, RuleCx};
use crate::yaml::Node;

/// Routes, `spec.rules`: names differ.
pub(super) const RULE_NAME_REPEATED: CelRule = rule(
    "route.rule-name-repeated",
    rule_name_repeated,
    "two rules have the same name",
    "give each rule its own name, or none",
);

/// Routes, `backendRefs[]` and `backendRef` of filters: a Service needs a port.
pub(super) const SERVICE_PORT_MISSING: CelRule = rule(
    "backendref.service-port-missing",
    service_port_missing,
    "the reference to a Service has no `port`",
    "add the `port` of the Service",
);

fn rule_name_repeated(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |one| {
        let same_name = |other: &Node| and(Ok(has(other, "name")), || same(one, other, "name"));
        or(Ok(!has(one, "name")), || exactly_one(cx.value, same_name))
    })
}

fn service_port_missing(cx: RuleCx<'_>) -> Outcome {
    let core_group = text(cx.value, "group").map(str::is_empty);
    implies(and(core_group, || is(cx.value, "kind", "Service")), || Ok(has(cx.value, "port")))
}

//! References that must be told apart: `parentRefs` of routes, `targetRefs` of policies.

use super::logic::{Outcome, all, and, blank, exactly_one, implies, rule, same, same_or_both_blank};
use super::{CelRule, RuleCx};
use crate::yaml::Node;

/// Routes, `spec.parentRefs`, standard channel: several references to one parent all have a sectionName.
pub(super) const SECTION_NAME_MISSING: CelRule = rule(
    "parentref.section-name-missing",
    section_name_missing,
    "two parentRefs name the same parent, one with and one without `sectionName`",
    "give each of them a `sectionName`, or keep one reference for the whole parent",
);

/// Routes, `spec.parentRefs`, standard channel: no two references to one section of one parent.
pub(super) const SECTION_NAME_REPEATED: CelRule = rule(
    "parentref.section-name-repeated",
    section_name_repeated,
    "two parentRefs name the same parent and the same section",
    "remove one of them, or give each its own `sectionName`",
);

/// Routes, `spec.parentRefs`, experimental channel: as the standard rule, for sectionName and for port.
pub(super) const SECTION_NAME_OR_PORT_MISSING: CelRule = rule(
    "parentref.section-name-or-port-missing",
    section_name_or_port_missing,
    "two parentRefs name the same parent, one with and one without `sectionName` or `port`",
    "give `sectionName` (or `port`) in all of them, or keep one reference for the whole parent",
);

/// Routes, `spec.parentRefs`, experimental channel: no two references to one section and port of one parent.
pub(super) const SECTION_NAME_OR_PORT_REPEATED: CelRule = rule(
    "parentref.section-name-or-port-repeated",
    section_name_or_port_repeated,
    "two parentRefs name the same parent, section and port",
    "remove one of them, or let them differ in `sectionName` or `port`",
);

/// BackendTLSPolicy, `spec.targetRefs`: several references to one target all have a sectionName.
pub(super) const TARGET_SECTION_NAME_MISSING: CelRule = rule(
    "targetref.section-name-missing",
    target_section_name_missing,
    "two targetRefs name the same target, one with and one without `sectionName`",
    "give each of them a `sectionName`, or keep one reference for the whole target",
);

/// BackendTLSPolicy, `spec.targetRefs`: no two references to one section of one target.
pub(super) const TARGET_SECTION_NAME_REPEATED: CelRule = rule(
    "targetref.section-name-repeated",
    target_section_name_repeated,
    "two targetRefs name the same target and the same section",
    "remove one of them, or give each its own `sectionName`",
);

fn section_name_missing(cx: RuleCx<'_>) -> Outcome {
    each_pair(cx.value, same_parent, |one, other| same_blankness(one, other, "sectionName"))
}

fn section_name_repeated(cx: RuleCx<'_>) -> Outcome {
    each_once(cx.value, same_parent, |one, other| same_or_both_blank(one, other, "sectionName"))
}

fn section_name_or_port_missing(cx: RuleCx<'_>) -> Outcome {
    each_pair(cx.value, same_parent, |one, other| {
        same_blankness(one, other, "sectionName") && same_blankness(one, other, "port")
    })
}

fn section_name_or_port_repeated(cx: RuleCx<'_>) -> Outcome {
    each_once(cx.value, same_parent, |one, other| {
        same_or_both_blank(one, other, "sectionName") && same_or_both_blank(one, other, "port")
    })
}

fn target_section_name_missing(cx: RuleCx<'_>) -> Outcome {
    each_pair(cx.value, same_target, |one, other| same_blankness(one, other, "sectionName"))
}

fn target_section_name_repeated(cx: RuleCx<'_>) -> Outcome {
    each_once(cx.value, same_target, |one, other| same_or_both_blank(one, other, "sectionName"))
}

/// All pairs that `alike` holds together also pass `test`.
fn each_pair(refs: &Node, alike: fn(&Node, &Node) -> Outcome, test: impl Fn(&Node, &Node) -> bool) -> Outcome {
    all(refs, |one| all(refs, |other| implies(alike(one, other), || Ok(test(one, other)))))
}

/// Each reference is like itself only.
fn each_once(refs: &Node, alike: fn(&Node, &Node) -> Outcome, test: impl Fn(&Node, &Node) -> bool) -> Outcome {
    all(refs, |one| exactly_one(refs, |other| and(alike(one, other), || Ok(test(one, other)))))
}

fn same_target(one: &Node, other: &Node) -> Outcome {
    let same_kind = and(same(one, other, "group"), || same(one, other, "kind"));
    and(same_kind, || same(one, other, "name"))
}

fn same_parent(one: &Node, other: &Node) -> Outcome {
    and(same_target(one, other), || Ok(same_or_both_blank(one, other, "namespace")))
}

fn same_blankness(one: &Node, other: &Node, key: &str) -> bool {
    blank(one, key) == blank(other, key)
}

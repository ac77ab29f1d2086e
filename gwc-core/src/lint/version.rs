//! Versions and deprecation: GWC9 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

mod field_not_in_channel;
mod field_removed;
mod field_too_new;
mod ingress_remaining;
mod kind_not_in_channel;
mod legacy_condition;
mod legacy_group;
mod mixed_crd_bundle;
mod version_deprecated;
mod version_not_served;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &version_not_served::LINT,
    &version_deprecated::LINT,
    &kind_not_in_channel::LINT,
    &field_not_in_channel::LINT,
    &field_removed::LINT,
    &field_too_new::LINT,
    &mixed_crd_bundle::LINT,
    &legacy_group::LINT,
    &legacy_condition::LINT,
    &ingress_remaining::LINT,
];

//! Conflicts and shadowing: GWC3 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

mod l4_route_contention;
mod listener_group;
mod listener_hostname_conflict;
mod listener_protocol_conflict;
mod listenerset_conflict;
mod policy_conflict;
mod redundant_hostname;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &listener_hostname_conflict::LINT,
    &listener_protocol_conflict::LINT,
    &listenerset_conflict::LINT,
    &redundant_hostname::LINT,
    &policy_conflict::LINT,
    &l4_route_contention::LINT,
];

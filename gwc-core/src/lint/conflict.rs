//! Conflicts and shadowing: GWC3 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

mod catch_all_collision;
mod cause;
pub(in crate::lint) mod clash;
mod contradictory_match;
mod cross_kind_hostname_conflict;
mod duplicate_match_across_routes;
mod duplicate_match_in_route;
mod ingress_route_overlap;
mod l4_route_contention;
mod listener_group;
mod listener_hostname_conflict;
mod listener_protocol_conflict;
mod listenerset_conflict;
mod order_decides;
mod policy_conflict;
mod reach;
mod redundant_hostname;
mod redundant_match;
mod regex_overlap;
mod shadowed_match;
pub(in crate::lint) mod subject;
mod unreachable_rule;

pub use reach::Reach;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &listener_hostname_conflict::LINT,
    &listener_protocol_conflict::LINT,
    &listenerset_conflict::LINT,
    &cross_kind_hostname_conflict::LINT,
    &duplicate_match_across_routes::LINT,
    &duplicate_match_in_route::LINT,
    &shadowed_match::LINT,
    &unreachable_rule::LINT,
    &redundant_match::LINT,
    &redundant_hostname::LINT,
    &order_decides::LINT,
    &regex_overlap::LINT,
    &catch_all_collision::LINT,
    &policy_conflict::LINT,
    &l4_route_contention::LINT,
    &contradictory_match::LINT,
    &ingress_route_overlap::LINT,
];

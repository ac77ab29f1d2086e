//! Attachment of routes and ListenerSets: GWC2 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

mod attaches_to_plain_and_tls;
mod attachment_undetermined;
mod gateway_without_valid_listener;
mod hostname_no_intersection;
mod hostname_partly_ignored;
mod invalid_route_kinds;
mod kind_not_allowed;
mod listener_without_routes;
mod listenerset_not_allowed;
mod listenerset_parent_not_accepted;
mod mixed_parent_kinds;
mod namespace_not_allowed;
mod parent_kind_unknown;
mod parent_namespace_omitted;
mod partial_attachment;
mod redundant_parentref;
mod refusal;
mod route_attaches_nowhere;
mod selector;
mod selector_selects_nothing;
mod too_many_listeners;
mod unsupported_protocol;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &namespace_not_allowed::LINT,
    &kind_not_allowed::LINT,
    &hostname_no_intersection::LINT,
    &hostname_partly_ignored::LINT,
    &route_attaches_nowhere::LINT,
    &partial_attachment::LINT,
    &attaches_to_plain_and_tls::LINT,
    &listener_without_routes::LINT,
    &gateway_without_valid_listener::LINT,
    &invalid_route_kinds::LINT,
    &unsupported_protocol::LINT,
    &listenerset_not_allowed::LINT,
    &listenerset_parent_not_accepted::LINT,
    &parent_kind_unknown::LINT,
    &redundant_parentref::LINT,
    &parent_namespace_omitted::LINT,
    &selector_selects_nothing::LINT,
    &attachment_undetermined::LINT,
    &mixed_parent_kinds::LINT,
    &too_many_listeners::LINT,
];

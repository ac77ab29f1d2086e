//! Traffic: GWC5 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

mod all_weights_zero;
mod cors_inconsistent;
mod exact_trailing_slash;
mod grpc_as_http;
mod header_match;
mod header_modifier;
mod header_modifier_conflict;
mod header_name_duplicate_case;
mod hop_by_hop_header;
mod host_header_match;
mod incompatible_filters;
mod invalid_backend_share;
mod lone_weight;
mod match_explosion;
mod mirror_to_self;
mod path_not_normalised;
mod protocol_mismatch;
mod redirect_loop;
mod regex_invalid;
mod regex_unanchored;
mod retry_unsafe_method;
mod rewrite_slash;
mod rule_without_backend;
mod stickiness_with_split;
mod timeout_inconsistent;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &rule_without_backend::LINT,
    &all_weights_zero::LINT,
    &invalid_backend_share::LINT,
    &redirect_loop::LINT,
    &incompatible_filters::LINT,
    &rewrite_slash::LINT,
    &timeout_inconsistent::LINT,
    &header_modifier_conflict::LINT,
    &hop_by_hop_header::LINT,
    &host_header_match::LINT,
    &header_name_duplicate_case::LINT,
    &regex_invalid::LINT,
    &regex_unanchored::LINT,
    &path_not_normalised::LINT,
    &exact_trailing_slash::LINT,
    &lone_weight::LINT,
    &mirror_to_self::LINT,
    &protocol_mismatch::LINT,
    &grpc_as_http::LINT,
    &match_explosion::LINT,
    &retry_unsafe_method::LINT,
    &stickiness_with_split::LINT,
    &cors_inconsistent::LINT,
];

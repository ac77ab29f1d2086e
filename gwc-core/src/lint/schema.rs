//! Input, syntax and schema: GWC00 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

mod cel_not_evaluated;
mod cel_rule;
mod document_skipped;
mod duplicate_list_key;
mod duplicate_object;
mod expired_suppression;
mod invalid_enum_value;
mod invalid_name_or_label;
mod limit_exceeded;
mod missing_required_field;
mod namespace_omitted;
mod pattern_mismatch;
mod selector_invalid;
mod server_field_in_manifest;
mod suppression_without_reason;
mod template_not_rendered;
mod unknown_field;
mod unknown_gateway_kind;
mod unknown_rule_in_suppression;
mod unused_assumption;
mod unused_suppression;
mod wrong_type;
mod yaml_ambiguous_scalar;
mod yaml_duplicate_key;
mod yaml_syntax;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &yaml_syntax::LINT,
    &yaml_duplicate_key::LINT,
    &yaml_ambiguous_scalar::LINT,
    &document_skipped::LINT,
    &template_not_rendered::LINT,
    &duplicate_object::LINT,
    &unknown_gateway_kind::LINT,
    &unknown_field::LINT,
    &missing_required_field::LINT,
    &wrong_type::LINT,
    &invalid_enum_value::LINT,
    &pattern_mismatch::LINT,
    &limit_exceeded::LINT,
    &duplicate_list_key::LINT,
    &cel_rule::LINT,
    &cel_not_evaluated::LINT,
    &invalid_name_or_label::LINT,
    &namespace_omitted::LINT,
    &server_field_in_manifest::LINT,
    &selector_invalid::LINT,
    &unused_suppression::LINT,
    &unknown_rule_in_suppression::LINT,
    &suppression_without_reason::LINT,
    &expired_suppression::LINT,
    &unused_assumption::LINT,
];

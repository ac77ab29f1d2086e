//! References: GWC1 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

mod backend_kind_invalid;
mod backend_not_found;
mod backend_port_missing;
mod backend_port_not_found;
mod backend_without_endpoints;
mod ca_ref_not_found;
mod certificate_not_found;
mod certificate_ref_kind;
pub(super) mod crossing;
mod extension_ref_not_found;
mod external_auth_backend_invalid;
mod filter_target;
mod gatewayclass_not_found;
mod grant_misplaced;
mod grant_near_miss;
mod grant_unused;
mod mirror_backend_invalid;
mod parameters_ref_not_found;
mod parent_not_found;
mod parent_port_not_found;
mod parent_section_not_found;
mod policy_section_not_found;
mod policy_target_not_found;
mod ref_not_permitted;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &gatewayclass_not_found::LINT,
    &parent_not_found::LINT,
    &parent_section_not_found::LINT,
    &parent_port_not_found::LINT,
    &backend_not_found::LINT,
    &backend_port_not_found::LINT,
    &backend_port_missing::LINT,
    &backend_kind_invalid::LINT,
    &ref_not_permitted::LINT,
    &certificate_not_found::LINT,
    &certificate_ref_kind::LINT,
    &ca_ref_not_found::LINT,
    &policy_target_not_found::LINT,
    &policy_section_not_found::LINT,
    &extension_ref_not_found::LINT,
    &mirror_backend_invalid::LINT,
    &parameters_ref_not_found::LINT,
    &grant_misplaced::LINT,
    &grant_near_miss::LINT,
    &grant_unused::LINT,
    &backend_without_endpoints::LINT,
    &external_auth_backend_invalid::LINT,
];

//! Security: GWC8 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

pub(super) mod broad_secret_grant;
mod external_name_backend;
mod hostless_route_on_shared_listener;
mod hostname_policy;
mod hostname_takeover;
mod kinds_not_pinned;
mod metadata_service_backend;
mod open_listener;
mod private_key_in_manifest;
pub(super) mod shared_listener;
mod tenant_controlled_selector;
mod used_service;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &open_listener::LINT,
    &hostname_takeover::LINT,
    &hostname_policy::LINT,
    &broad_secret_grant::LINT,
    &tenant_controlled_selector::LINT,
    &private_key_in_manifest::LINT,
    &external_name_backend::LINT,
    &metadata_service_backend::LINT,
    &kinds_not_pinned::LINT,
    &hostless_route_on_shared_listener::LINT,
];

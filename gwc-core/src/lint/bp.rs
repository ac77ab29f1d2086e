//! Best practice: GWC7 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

mod allowed_routes_implicit;
mod backend_tls_missing;
mod defaults_not_explicit;
mod experimental_not_needed;
mod explicit_hostnames;
mod grant_review;
mod hard_cutover;
mod http_without_redirect;
mod near_limit;
mod no_default_route;
mod no_timeout;
mod parentref_section_name;
mod shared_gateway;
mod status_not_asserted;
mod unnamed_rule;
mod unused_class_or_gateway;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &shared_gateway::LINT,
    &parentref_section_name::LINT,
    &grant_review::LINT,
    &backend_tls_missing::LINT,
    &explicit_hostnames::LINT,
    &status_not_asserted::LINT,
    &hard_cutover::LINT,
    &experimental_not_needed::LINT,
    &defaults_not_explicit::LINT,
    &unnamed_rule::LINT,
    &http_without_redirect::LINT,
    &allowed_routes_implicit::LINT,
    &near_limit::LINT,
    &no_timeout::LINT,
    &unused_class_or_gateway::LINT,
    &no_default_route::LINT,
];

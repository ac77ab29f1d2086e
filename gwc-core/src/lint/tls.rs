//! TLS: GWC4 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

mod apex_not_covered;
mod backend_tls_invalid_dropped;
mod backend_tls_target_unused;
mod certificate_expired;
mod certificate_hostname_mismatch;
mod certificate_key_mismatch;
mod certificate_malformed;
mod certificate_use;
mod frontend_validation_insecure;
mod mixed_tls_modes;
mod overlapping_tls;
mod passthrough_ignores_certificate;
pub(super) mod passthrough_on_https;
pub(super) mod plaintext_to_tls_port;
mod tls_listener_without_certificate;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[
    &tls_listener_without_certificate::LINT,
    &certificate_malformed::LINT,
    &certificate_key_mismatch::LINT,
    &certificate_expired::LINT,
    &certificate_hostname_mismatch::LINT,
    &overlapping_tls::LINT,
    &passthrough_on_https::LINT,
    &passthrough_ignores_certificate::LINT,
    &apex_not_covered::LINT,
    &plaintext_to_tls_port::LINT,
    &backend_tls_target_unused::LINT,
    &backend_tls_invalid_dropped::LINT,
    &mixed_tls_modes::LINT,
    &frontend_validation_insecure::LINT,
];

//! Gateway: addresses, labels and annotations of the infrastructure, TLS of the frontends.
//!
//! Listeners, which ListenerSet has as well, are in `listener`.

use super::logic::{Outcome, all, and, exactly_one, has, implies, is, n_characters, or, rule, same, text};
use super::{CelRule, RuleCx, RuleError};
use crate::admission::patterns::names;
use crate::yaml::{Entry, Node, Value};

/// Gateway v1.0 to v1.3, `spec.addresses`: IP addresses differ.
pub(super) const REQUIRED_IP_ADDRESS_REPEATED: CelRule = rule(
    "gateway.required-ip-address-repeated",
    |cx| required_values_differ(cx.value, "IPAddress"),
    "two addresses of type `IPAddress` have the same value",
    "remove one of them",
);

/// Gateway v1.0 to v1.3, `spec.addresses`: hostnames differ.
pub(super) const REQUIRED_HOSTNAME_REPEATED: CelRule = rule(
    "gateway.required-hostname-repeated",
    |cx| required_values_differ(cx.value, "Hostname"),
    "two addresses of type `Hostname` have the same value",
    "remove one of them",
);

/// Gateway since v1.4, `spec.addresses`: IP addresses differ, as far as they have a value.
pub(super) const IP_ADDRESS_REPEATED: CelRule = rule(
    "gateway.ip-address-repeated",
    |cx| values_differ(cx.value, "IPAddress"),
    "two addresses of type `IPAddress` have the same value",
    "remove one of them",
);

/// Gateway since v1.4, `spec.addresses`: hostnames differ, as far as they have a value.
pub(super) const HOSTNAME_REPEATED: CelRule = rule(
    "gateway.hostname-repeated",
    |cx| values_differ(cx.value, "Hostname"),
    "two addresses of type `Hostname` have the same value",
    "remove one of them",
);

/// Gateway, `status.addresses[]`; until v1.3 `spec.addresses[]`: a Hostname is a DNS name.
pub(super) const REQUIRED_HOSTNAME_TEXT: CelRule = rule(
    "gateway.required-hostname-text",
    required_hostname_text,
    "the address is of type `Hostname`, but its value is not a DNS name",
    "use lower-case letters, digits, `-` and `.`, perhaps after `*.`",
);

/// Gateway since v1.4, `spec.addresses[]`: a Hostname is a DNS name or has no value.
pub(super) const HOSTNAME_TEXT: CelRule = rule(
    "gateway.hostname-text",
    hostname_text,
    "the address is of type `Hostname`, but its value is not a DNS name",
    "use lower-case letters, digits, `-` and `.`, perhaps after `*.`, or leave the value out",
);

/// Gateway, `spec.infrastructure.labels` and `.annotations`: keys are qualified names.
pub(super) const METADATA_KEY_TEXT: CelRule = rule(
    "gateway.metadata-key-text",
    metadata_key_text,
    "a key is not a name of 1 to 63 characters, with or without a DNS name and `/` before it",
    "use letters, digits, `-`, `_` and `.`, for example `example.com/team`",
);

/// Gateway, `spec.infrastructure.labels` and `.annotations`: prefixes of keys have 252 characters at most.
pub(super) const METADATA_KEY_PREFIX_LENGTH: CelRule = rule(
    "gateway.metadata-key-prefix-length",
    metadata_key_prefix_length,
    "what stands before the first `/` of a key has more than 252 characters",
    "shorten the prefix of the key",
);

/// Gateway, `spec.tls.frontend.perPort`: ports differ.
pub(super) const FRONTEND_TLS_PORT_REPEATED: CelRule = rule(
    "gateway.frontend-tls-port-repeated",
    frontend_tls_port_repeated,
    "two entries of `perPort` are for the same port",
    "merge them into one entry",
);

fn required_values_differ(addresses: &Node, kind: &str) -> Outcome {
    all(addresses, |one| {
        let equal = |other: &Node| and(same(other, one, "type"), || same(other, one, "value"));
        implies(is(one, "type", kind), || exactly_one(addresses, equal))
    })
}

fn values_differ(addresses: &Node, kind: &str) -> Outcome {
    all(addresses, |one| {
        let equal = |other: &Node| {
            let same_type = and(same(other, one, "type"), || Ok(has(other, "value")));
            and(same_type, || same(other, one, "value"))
        };
        let valued = and(is(one, "type", kind), || Ok(has(one, "value")));
        implies(valued, || exactly_one(addresses, equal))
    })
}

fn required_hostname_text(cx: RuleCx<'_>) -> Outcome {
    implies(is(cx.value, "type", "Hostname"), || text(cx.value, "value").map(names::hostname))
}

fn hostname_text(cx: RuleCx<'_>) -> Outcome {
    implies(is(cx.value, "type", "Hostname"), || {
        or(Ok(!has(cx.value, "value")), || text(cx.value, "value").map(names::hostname))
    })
}

fn metadata_key_text(cx: RuleCx<'_>) -> Outcome {
    keys(cx.value).map(|mut keys| keys.all(names::qualified_name))
}

fn metadata_key_prefix_length(cx: RuleCx<'_>) -> Outcome {
    let prefix = |key: &str| n_characters(key.split('/').next().unwrap_or_default());
    keys(cx.value).map(|mut keys| keys.all(|key| prefix(key) < 253))
}

fn frontend_tls_port_repeated(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |one| exactly_one(cx.value, |other| same(one, other, "port")))
}

/// Keys of a mapping.
fn keys(map: &Node) -> Result<impl Iterator<Item = &str>, RuleError> {
    let Value::Mapping(entries) = &map.value else { return Err(RuleError) };
    Ok(entries.iter().map(|entry: &Entry| entry.key.text.as_str()))
}

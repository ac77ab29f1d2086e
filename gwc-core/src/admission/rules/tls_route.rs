//! TLSRoute, `spec.hostnames`: DNS names, perhaps after `*.`.

use std::net::IpAddr;

use super::logic::{Outcome, all, own_text, rule};
use super::{CelRule, RuleCx};
use crate::admission::patterns::names;

/// TLSRoute, `spec.hostnames`: no IP addresses.
pub(super) const HOSTNAME_IS_IP: CelRule = rule(
    "tlsroute.hostname-is-ip",
    hostname_is_ip,
    "a hostname is an IP address",
    "use a DNS name: clients never send an address as server name",
);

/// TLSRoute, `spec.hostnames`: what has no `*` is a DNS name.
pub(super) const HOSTNAME_TEXT: CelRule = rule(
    "tlsroute.hostname-text",
    hostname_text,
    "a hostname is not a DNS name",
    "use lower-case letters, digits, `-` and `.`",
);

/// TLSRoute, `spec.hostnames`: a `*` is the first label, before a DNS name.
pub(super) const WILDCARD_TEXT: CelRule = rule(
    "tlsroute.wildcard-text",
    wildcard_text,
    "a hostname with `*` is not `*.` and a DNS name",
    "keep one `*`, as the whole first label",
);

fn hostname_is_ip(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |hostname| own_text(hostname).map(|hostname| !is_ip(hostname)))
}

fn hostname_text(cx: RuleCx<'_>) -> Outcome {
    let fits = |hostname: &str| hostname.contains('*') || names::subdomain(hostname);
    all(cx.value, |hostname| own_text(hostname).map(fits))
}

fn wildcard_text(cx: RuleCx<'_>) -> Outcome {
    let fits = |hostname: &str| !hostname.contains('*') || hostname.strip_prefix("*.").is_some_and(names::subdomain);
    all(cx.value, |hostname| own_text(hostname).map(fits))
}

/// The server's `isIP`: no zone, and no IPv4 address dressed as IPv6.
fn is_ip(text: &str) -> bool {
    match text.parse() {
        Ok(IpAddr::V4(_)) => true,
        Ok(IpAddr::V6(address)) => address.to_ipv4_mapped().is_none(),
        Err(_) => false,
    }
}

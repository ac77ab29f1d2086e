//! `discovery.k8s.io` EndpointSlice.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::admission::core::At;
use crate::admission::metadata::names;
use crate::admission::{Cause, FieldError};

const ADDRESS_TYPES: &[&str] = &["FQDN", "IPv4", "IPv6"];

pub(super) fn check(root: &At<'_>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let address_type = root.text("addressType").map(|(_, text)| text);
    if address_type.is_none() {
        errors.push(root.missing("addressType", "an EndpointSlice needs `addressType`: `IPv4`, `IPv6` or `FQDN`"));
    }
    errors.extend(root.one_of("addressType", ADDRESS_TYPES, "must be `FQDN`, `IPv4` or `IPv6`"));
    let mut n_endpoints = 0;
    for endpoint in root.items("endpoints") {
        n_endpoints += 1;
        check_endpoint(&endpoint, address_type.unwrap_or_default(), &mut errors);
    }
    if n_endpoints > 1000 {
        errors.push(root.error(Cause::TooMany, "an EndpointSlice may have 1000 endpoints"));
    }
    errors
}

fn check_endpoint(endpoint: &At<'_>, address_type: &str, errors: &mut Vec<FieldError>) {
    let mut n_addresses = 0;
    for address in endpoint.items("addresses") {
        n_addresses += 1;
        let text = address.node.as_str().unwrap_or_default();
        let words = match address_type {
            "IPv4" if text.parse::<Ipv4Addr>().is_err() => "must be an IPv4 address",
            "IPv6" if text.parse::<Ipv6Addr>().is_err() => "must be an IPv6 address",
            "FQDN" if !names::is_subdomain(text.strip_suffix('.').unwrap_or(text)).is_empty() => "must be a DNS name",
            _ => continue,
        };
        errors.push(address.error(Cause::Invalid, words));
    }
    if n_addresses == 0 {
        errors.push(endpoint.missing("addresses", "an endpoint needs at least one address"));
    }
    if n_addresses > 100 {
        errors.push(endpoint.error(Cause::TooMany, "an endpoint may have 100 addresses"));
    }
}

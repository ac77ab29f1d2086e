//! What the controller takes as the value of an annotation (ingress-migrate.md §3.8): the sort of value of each key,
//! and the characters that its validators let through. A value that is refused here is not used.

use std::net::IpAddr;

use crate::migrate::annotation::{Annotation, ValueKind, truth};
use crate::value::ObjectKey;

/// Why the controller does not use a value: what it would take.
pub(super) fn refused(row: &Annotation, value: &str) -> Option<&'static str> {
    let (is_valid, wanted) = of_key(row.key, value).unwrap_or_else(|| of_kind(row.value, value));
    (!is_valid).then_some(wanted)
}

/// Keys whose validator is another one than the sort of their value tells.
fn of_key(key: &str, value: &str) -> Option<(bool, &'static str)> {
    let (is_valid, wanted) = match key {
        "app-root" => (is_path(value) && value.starts_with('/'), "a path"),
        "permanent-redirect" | "temporal-redirect" => (is_url(value), "a URL without variables"),
        "server-alias" => (value.split(',').all(|name| is_expression(name.trim())), "names of hosts"),
        "auth-url" => (auth_host(value).is_some(), "a URL of http or https"),
        "auth-method" => (METHODS.contains(&value), "a method of HTTP"),
        "auth-response-headers" | "cors-allow-headers" => (is_header_list(value), "names of headers"),
        "cors-expose-headers" => (value == "*" || is_header_list(value), "names of headers"),
        "cors-allow-methods" => (is_method_list(value), "methods of HTTP"),
        "custom-http-errors" => (value.split(',').all(|code| is_status(code.trim())), "statuses of HTTP"),
        "backend-protocol" => {
            (PROTOCOLS.iter().any(|name| name.eq_ignore_ascii_case(value)), "`HTTP`, `HTTPS`, `GRPC` or the like")
        }
        "canary-by-header-value" | "x-forwarded-prefix" => (is_plain(value), "letters, digits and `-._~/:`"),
        "canary-by-header-pattern" => (is_expression(value), "a regular expression"),
        _ => return None,
    };
    Some((is_valid, wanted))
}

fn of_kind(kind: ValueKind, value: &str) -> (bool, &'static str) {
    match kind {
        ValueKind::Bool => (truth(value).is_some(), "`true` or `false`"),
        ValueKind::OnOff => (matches!(value, "on" | "off"), "`on` or `off`"),
        ValueKind::Integer | ValueKind::Status => (value.parse::<i64>().is_ok(), "a whole number"),
        ValueKind::Size => (is_size(value), "a number with `k`, `m` or `g`"),
        ValueKind::Enum(words) => (words.contains(&value), "one of the words that the controller knows"),
        ValueKind::Path => (is_path(value), "letters, digits, `-._~/:` and `$`"),
        ValueKind::Header => (is_plain(value), "letters, digits and `-._~/:`"),
        ValueKind::Cidrs => (is_ranges(value), "addresses and networks"),
        ValueKind::SecretName | ValueKind::ConfigMapName => (is_plain(value), "a name, or a namespace and a name"),
        ValueKind::Url
        | ValueKind::Hosts
        | ValueKind::Name
        | ValueKind::List
        | ValueKind::Regex
        | ValueKind::Text
        | ValueKind::Snippet => (true, ""),
    }
}

const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"];

const PROTOCOLS: [&str; 6] = ["HTTP", "HTTPS", "AUTO_HTTP", "GRPC", "GRPCS", "FCGI"];

fn has_only(text: &str, marks: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_alphanumeric() || marks.contains(letter))
}

/// Characters of names, paths and ports.
pub(super) fn is_plain(text: &str) -> bool {
    has_only(text, "-._~/:")
}

fn is_path(text: &str) -> bool {
    has_only(text, "-._~/:$")
}

fn is_url(text: &str) -> bool {
    has_only(text, "-._~/:?&=")
}

fn is_expression(text: &str) -> bool {
    has_only(text, r"-._~/:^$[](){}*+?|&=\")
}

fn is_header_list(text: &str) -> bool {
    has_only(text, "-_, ")
}

fn is_method_list(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_alphabetic() || letter == ',' || letter == ' ')
}

fn is_status(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|status| (300..600).contains(&status))
}

/// Sizes as nginx writes them; one in bytes is taken, but not rendered.
fn is_size(text: &str) -> bool {
    let digits = text.strip_suffix(|unit: char| "kmgKMG".contains(unit)).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Addresses and networks with commas between them, none of which is wrong.
pub(super) fn is_ranges(text: &str) -> bool {
    text.split(',').map(str::trim).all(|one| {
        let (address, length) = one.split_once('/').map_or((one, None), |(address, length)| (address, Some(length)));
        let Ok(address) = address.parse::<IpAddr>() else { return false };
        let most = if address.is_ipv4() { 32 } else { 128 };
        length.is_none_or(|length| length.parse::<u8>().is_ok_and(|length| length <= most))
    })
}

/// Host and port of a URL of http or https that authentication may be asked at.
pub(super) fn auth_host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"))?;
    let host = rest.split(['/', '?']).next()?;
    (!host.is_empty() && !host.contains("..")).then_some(host)
}

/// `namespace/name`.
pub(super) fn key(text: &str) -> Option<ObjectKey> {
    let (namespace, name) = text.split_once('/')?;
    let is_whole = !namespace.is_empty() && !name.is_empty() && !name.contains('/');
    is_whole.then(|| ObjectKey::new(namespace, name))
}

/// `namespace/name`, or a name of this namespace.
pub(super) fn key_in(text: &str, namespace: &str) -> ObjectKey {
    match text.split_once('/') {
        Some((other, name)) => ObjectKey::new(other, name),
        None => ObjectKey::new(namespace, text),
    }
}

/// Items of a list with commas.
pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// The beginning of a text that may be too long for a message.
pub(super) fn cut(text: &str) -> &str {
    text.char_indices().nth(40).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// A Service, and its port where one is written, that a URL of the cluster names. Without `.svc` behind it,
/// `service.namespace` may as well be a host of the world: it counts only where there is such a Service. nginx searches
/// no domains, so a bare name leads nowhere.
pub(super) fn service_of(host: &str, is_known: impl Fn(&ObjectKey) -> bool) -> Option<(ObjectKey, Option<u16>)> {
    let (host, port) = match host.split_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (host, None),
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let host = host.strip_suffix(".cluster.local").unwrap_or(host);
    let (host, is_of_cluster) = host.strip_suffix(".svc").map_or((host, false), |host| (host, true));
    let (name, namespace) = host.split_once('.')?;
    let is_label =
        |text: &str| !text.is_empty() && has_only(text, "-") && !text.bytes().any(|b| b.is_ascii_uppercase());
    let is_service = is_label(name) && is_label(namespace);
    let key = is_service.then(|| ObjectKey::new(namespace, name)).filter(|key| is_of_cluster || is_known(key))?;
    Some((key, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::annotation;

    fn is_taken(key: &str, value: &str) -> bool {
        annotation::find(key).is_some_and(|row| refused(row, value).is_none())
    }

    #[test]
    fn the_controller_takes_what_its_validators_take() {
        let taken = [
            ("use-regex", "T"),
            ("rewrite-target", "/$2"),
            ("app-root", "/home"),
            ("permanent-redirect", "https://b.io/x?y=1"),
            ("server-alias", "b.io, *.c.io,~^x"),
            ("proxy-read-timeout", "3600"),
            ("proxy-body-size", "0"),
            ("proxy-body-size", "8M"),
            ("backend-protocol", "grpc"),
            ("allowlist-source-range", "10.0.0.0/8, ::1"),
            ("custom-http-errors", "404, 503"),
            ("auth-url", "http://auth.n.svc/verify"),
        ];
        for (key, value) in taken {
            assert!(is_taken(key, value), "{key}: {value}");
        }
        let refused = [
            ("use-regex", "yes"),
            ("rewrite-target", "/user?id=$1"),
            ("app-root", "https://a.io/"),
            ("permanent-redirect", "https://b.io$request_uri"),
            ("server-alias", "b io"),
            ("proxy-read-timeout", "60s"),
            ("proxy-body-size", "8b"),
            ("proxy-body-size", "m"),
            ("backend-protocol", "h2c"),
            ("allowlist-source-range", "10.0.0.0/33"),
            ("allowlist-source-range", "10.0.0.0/8,"),
            ("custom-http-errors", "404,x"),
            ("auth-url", "auth.n.svc"),
        ];
        for (key, value) in refused {
            assert!(!is_taken(key, value), "{key}: {value}");
        }
    }

    #[test]
    fn services_are_found_in_names_of_the_cluster() {
        let other = || ObjectKey::new("other", "m");
        assert_eq!(service_of("m.other.svc:8080", |_| false), Some((other(), Some(8080))));
        assert_eq!(service_of("m.other.svc.cluster.local", |_| false), Some((other(), None)));
        assert_eq!(service_of("m.other", |key| *key == other()), Some((other(), None)));
        assert_eq!(service_of("example.com", |key| *key == other()), None, "a host of the world");
        for text in ["m", "m.other.example.com", "m.other.svc:x", "$host", "", ".other", "10.0.0.1"] {
            assert_eq!(service_of(text, |_| true), None, "{text}");
        }
    }
}

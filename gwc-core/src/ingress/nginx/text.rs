//! How the controller reads texts: booleans, lists, sizes, addresses, and whether a snippet refuses requests.

use std::collections::BTreeSet;
use std::net::IpAddr;

use compact_str::CompactString;

/// The boolean that Go's `strconv.ParseBool` reads.
pub(super) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Items of a list with commas, in order.
pub(super) fn items(text: &str) -> Vec<CompactString> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(CompactString::from).collect()
}

/// Words of a text, sorted.
pub(super) fn words(text: &str) -> BTreeSet<CompactString> {
    text.split_whitespace().map(CompactString::from).collect()
}

/// A number of which zero is no limit.
pub(super) fn limit(text: &str) -> Option<Option<u64>> {
    text.parse::<u64>().ok().map(|number| (number > 0).then_some(number))
}

/// An algorithm; `None`: endpoints take turns.
pub(super) fn balance(text: &str) -> Option<CompactString> {
    (text != "round_robin").then(|| text.into())
}

/// Items of a list, sorted and in one text; `None`: there are none.
pub(super) fn sorted(text: &str) -> Option<CompactString> {
    let items: BTreeSet<CompactString> = items(text).into_iter().collect();
    let items: Vec<&str> = items.iter().map(CompactString::as_str).collect();
    (!items.is_empty()).then(|| items.join(",").into())
}

/// A list of addresses and ranges, sorted and in one text; `None`: one cannot be read.
pub(super) fn ranges(text: &str) -> Option<CompactString> {
    let all = text.split(',').map(str::trim);
    all.clone().all(is_address_or_range).then(|| sorted(text)).flatten()
}

fn is_address_or_range(text: &str) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let limit = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|length| length.parse::<u8>().is_ok_and(|length| length <= limit))
}

/// Bytes of a size like `8m`; zero is no limit. Outer `None`: nginx does not take it, `8b` included.
pub(super) fn size(text: &str) -> Option<Option<u64>> {
    let (digits, shift) = match text.as_bytes().last()?.to_ascii_lowercase() {
        b'k' => (text.get(..text.len() - 1)?, 10),
        b'm' => (text.get(..text.len() - 1)?, 20),
        b'g' => (text.get(..text.len() - 1)?, 30),
        _ => (text, 0),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let bytes = digits.parse::<u64>().ok()?.checked_mul(1 << shift)?;
    Some((bytes > 0).then_some(bytes))
}

/// Statuses of errors; `None`: one is none.
pub(super) fn statuses(text: &str) -> Option<BTreeSet<u16>> {
    let statuses = text.split(',').map(|item| item.trim().parse::<u16>().ok());
    statuses.map(|status| status.filter(|status| (300..600).contains(status))).collect()
}

/// `http://host…` or `https://host…`.
pub(super) fn is_auth_url(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', '?']).next());
    host.is_some_and(|host| !host.is_empty() && !host.contains(".."))
}

/// Directives of nginx that let some requests pass and others not (ingress-migrate.md §0).
const REFUSING: &[&str] = &["allow", "deny", "satisfy", "limit_req", "limit_conn", "ssl_verify_client"];
/// Beginnings of such directives.
const REFUSING_FAMILIES: &[&str] = &["auth_", "modsecurity", "access_by_lua"];

/// Does a snippet of nginx directives refuse requests?
pub(super) fn refuses(snippet: &str) -> bool {
    let lines = snippet.lines().map(|line| line.split_once('#').map_or(line, |(before, _)| before));
    let text = lines.collect::<Vec<_>>().join(" ");
    text.split([';', '{', '}']).any(|directive| {
        let mut words = directive.split_whitespace();
        let Some(name) = words.next() else { return false };
        let refused = |code: &str| code.parse::<u16>().is_ok_and(|code| code >= 400);
        REFUSING.contains(&name)
            || REFUSING_FAMILIES.iter().any(|family| name.starts_with(family))
            || (name == "return" && words.next().is_some_and(refused))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_nginx_takes_them() {
        for (text, expected) in [
            ("1m", Some(Some(1 << 20))),
            ("8K", Some(Some(8 << 10))),
            ("1g", Some(Some(1 << 30))),
            ("100", Some(Some(100))),
            ("0", Some(None)),
            ("8b", None),
            ("m", None),
            ("", None),
            ("-1m", None),
            ("99999999999999g", None),
        ] {
            assert_eq!(size(text), expected, "{text}");
        }
    }

    #[test]
    fn snippets_that_refuse() {
        for text in [
            "deny all;",
            "location /private { deny all; }",
            "if ($http_x_key != 's') { return 403; }",
            "auth_basic off;",
            "modsecurity on;",
            "access_by_lua_block { x }",
            "add_header a b;\nlimit_req zone=a;",
            "return 503",
        ] {
            assert!(refuses(text), "{text}");
        }
        for text in ["add_header X-A b;", "return 301 https://b.io;", "# deny all;", "set $deny 1;", ""] {
            assert!(!refuses(text), "{text}");
        }
    }

    #[test]
    fn lists_of_ranges() {
        assert_eq!(ranges("10.0.0.0/8, ::1").as_deref(), Some("10.0.0.0/8,::1"));
        for text in ["10.0.0.0/33", "nonsense", "", "10.0.0.1,"] {
            assert_eq!(ranges(text), None, "{text}");
        }
    }
}

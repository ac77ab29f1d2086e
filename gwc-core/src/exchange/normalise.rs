//! Host and path as matches see them (routing.md §2.1, §3.2). What needs no change is borrowed.

use std::borrow::Cow;
use std::net::Ipv4Addr;

/// Why a request is answered 400 before anything is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Malformed {
    /// `Host` or `:authority` is no host with an optional port.
    Authority,
    /// The path does not begin with `/`, or holds a space or a control character.
    Path,
    /// `%` without two hexadecimal digits, or `%00`.
    Escape,
    /// `%2F` or `%5C`, where they are rejected.
    EncodedSlash,
}

/// What to do with `%2F` and `%5C` in a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EncodedSlash {
    /// They stay what they are: a part of one element.
    #[default]
    Keep,
    /// 400.
    Reject,
}

/// The host that a `Host` or `:authority` names: lower case, without port and one trailing dot.
///
/// `None` for IP addresses, which no hostname can match, and for an empty text.
///
/// # Errors
/// It is no authority.
pub fn host(authority: &str) -> Result<Option<Cow<'_, str>>, Malformed> {
    let (host, port) = split_port(authority)?;
    if !port.is_none_or(is_port) {
        return Err(Malformed::Authority);
    }
    if let Some(inner) = host.strip_prefix('[') {
        let address = inner.strip_suffix(']').ok_or(Malformed::Authority)?;
        let is_address = address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
        return if is_address && !address.is_empty() { Ok(None) } else { Err(Malformed::Authority) };
    }
    if !host.bytes().all(is_host_byte) {
        return Err(Malformed::Authority);
    }
    let bare = host.strip_suffix('.').unwrap_or(host);
    if bare.is_empty() || bare.parse::<Ipv4Addr>().is_ok() {
        return Ok(None);
    }
    if bare.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Ok(Some(Cow::Owned(bare.to_ascii_lowercase())));
    }
    Ok(Some(Cow::Borrowed(bare)))
}

/// Host and port of an authority as they are written; the brackets of an IPv6 address stay.
///
/// # Errors
/// Brackets do not close.
pub fn split_port(authority: &str) -> Result<(&str, Option<&str>), Malformed> {
    if authority.starts_with('[') {
        let end = authority.find(']').ok_or(Malformed::Authority)? + 1;
        let (host, rest) = authority.split_at(end);
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(Malformed::Authority),
        };
    }
    Ok(authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))))
}

/// An empty port is legal (RFC 3986 §3.2.3).
fn is_port(port: &str) -> bool {
    port.is_empty() || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

/// Characters of a registered name (RFC 3986 §3.2.2) without escapes, which no hostname of the API holds.
fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)
}

/// Path and query of a request target in origin form.
#[must_use]
pub fn split_query(target: &str) -> (&str, Option<&str>) {
    target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)))
}

/// The path that is matched and forwarded: unreserved characters decoded, other escapes in upper case, dot segments
/// resolved; `//` and encoded slashes stay. An empty path is `/`; `*` stays (OPTIONS).
///
/// # Errors
/// It is no path.
pub fn path(raw: &str, slashes: EncodedSlash) -> Result<Cow<'_, str>, Malformed> {
    if raw.is_empty() {
        return Ok(Cow::Borrowed("/"));
    }
    if raw == "*" {
        return Ok(Cow::Borrowed(raw));
    }
    if !raw.starts_with('/') || raw.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'#') {
        return Err(Malformed::Path);
    }
    let decoded = unescaped(raw, slashes)?;
    if !has_dot_segment(&decoded) {
        return Ok(decoded);
    }
    Ok(Cow::Owned(without_dot_segments(&decoded)))
}

/// Decodes escapes of unreserved characters (RFC 3986 §2.3, §6.2.2).
fn unescaped(raw: &str, slashes: EncodedSlash) -> Result<Cow<'_, str>, Malformed> {
    let Some(first) = raw.find('%') else { return Ok(Cow::Borrowed(raw)) };
    let (head, mut rest) = raw.split_at(first);
    let mut text = String::with_capacity(raw.len());
    text.push_str(head);
    while let Some(escape) = rest.strip_prefix('%') {
        let code = escape.get(..2).filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let code = code.ok_or(Malformed::Escape)?;
        match u8::from_str_radix(code, 16) {
            Ok(0) | Err(_) => return Err(Malformed::Escape),
            Ok(b'/' | b'\\') if slashes == EncodedSlash::Reject => return Err(Malformed::EncodedSlash),
            Ok(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => text.push(char::from(byte)),
            Ok(_) => {
                text.push('%');
                text.push_str(&code.to_ascii_uppercase());
            }
        }
        let after = escape.get(2..).unwrap_or_default();
        let plain = after.find('%').unwrap_or(after.len());
        let (plain, next) = after.split_at(plain);
        text.push_str(plain);
        rest = next;
    }
    Ok(Cow::Owned(text))
}

fn has_dot_segment(path: &str) -> bool {
    path.contains("/.") && path.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// RFC 3986 §5.2.4; empty segments count as segments.
fn without_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." if is_last => kept.push(""),
            "." => {}
            ".." => {
                kept.pop();
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn host_of(authority: &str, expected: Result<Option<&str>, Malformed>) {
        let found = host(authority);
        assert_eq!(found.as_ref().map(|host| host.as_deref()), expected.as_ref().map(|host| *host), "{authority}");
    }

    #[test]
    fn hosts_lose_port_case_and_dot() {
        host_of("example.com", Ok(Some("example.com")));
        host_of("example.com:1234", Ok(Some("example.com")));
        host_of("Example.COM", Ok(Some("example.com")));
        host_of("example.com.", Ok(Some("example.com")));
        host_of("example.com.:80", Ok(Some("example.com")));
        host_of("example.com..", Ok(Some("example.com.")));
        host_of("example.com:", Ok(Some("example.com")));
    }

    #[test]
    fn addresses_are_no_hostnames() {
        for address in ["10.0.0.1", "10.0.0.1:8080", "[::1]", "[::1]:443", ""] {
            host_of(address, Ok(None));
        }
    }

    #[test]
    fn what_is_no_authority_is_refused() {
        for bad in ["a b", "user@example.com", "a/b", "a:b", "a:99999", "[::1", "[x]", "[]", "[::1]x", "ä.com", "a%41"]
        {
            host_of(bad, Err(Malformed::Authority));
        }
    }

    #[track_caller]
    fn path_of(raw: &str, expected: Result<&str, Malformed>) {
        let found = path(raw, EncodedSlash::Keep);
        assert_eq!(found.as_deref(), expected.as_ref().map(|path| *path), "{raw}");
        if let Ok(once) = found {
            assert_eq!(path(&once, EncodedSlash::Keep).as_deref(), Ok(&*once), "{raw} twice");
        }
    }

    #[test]
    fn dot_segments_are_resolved() {
        for (raw, expected) in [
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/..", "/"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"),
            ("/..", "/"),
            ("/../../a", "/a"),
            ("/a//../b", "/a/b"),
            ("/a/%2e%2E/b", "/b"),
            ("/a/.%2e/b", "/b"),
            ("/.a/..b/...", "/.a/..b/..."),
        ] {
            path_of(raw, Ok(expected));
        }
    }

    #[test]
    fn slashes_and_reserved_escapes_stay() {
        path_of("/a//b", Ok("/a//b"));
        path_of("/a%2fb", Ok("/a%2Fb"));
        path_of("/a%5cb", Ok("/a%5Cb"));
        path_of("/%41%7E%20", Ok("/A~%20"));
        path_of("/a%2541", Ok("/a%2541"));
        path_of("", Ok("/"));
        path_of("*", Ok("*"));
        path_of("/ä", Ok("/ä"));
        assert_eq!(path("/a%2Fb", EncodedSlash::Reject), Err(Malformed::EncodedSlash));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for (raw, problem) in [
            ("a", Malformed::Path),
            ("/a b", Malformed::Path),
            ("/a#b", Malformed::Path),
            ("/a\n", Malformed::Path),
            ("/%", Malformed::Escape),
            ("/%4", Malformed::Escape),
            ("/%zz", Malformed::Escape),
            ("/%00", Malformed::Escape),
            ("/%ä", Malformed::Escape),
        ] {
            path_of(raw, Err(problem));
        }
    }

    #[test]
    fn what_needs_nothing_is_borrowed() {
        assert!(matches!(path("/a/b.c/d", EncodedSlash::Keep), Ok(Cow::Borrowed(_))));
        assert!(matches!(host("example.com:80"), Ok(Some(Cow::Borrowed(_)))));
    }
}

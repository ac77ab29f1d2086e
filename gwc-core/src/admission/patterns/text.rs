//! Texts of HTTP: paths, headers, URIs and origins, durations.

/// One or more characters of a URL path; `%` only before two hexadecimal digits.
pub(in crate::admission) fn path_characters(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = match (first, tail) {
            (b'%', [high, low, tail @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => tail,
            (byte, _) if byte.is_ascii_alphanumeric() || b"-/._~!$&'()*+,;=:@".contains(byte) => tail,
            _ => return false,
        };
    }
    !text.is_empty()
}

/// One or more characters of a header name.
pub(super) fn header_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
}

/// Visible ASCII, with single spaces or tabs inside.
pub(super) fn header_value(text: &str) -> bool {
    text.split([' ', '\t']).all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// One to four numbers of up to five digits, each with `h`, `m`, `s` or `ms`.
pub(super) fn duration(text: &str) -> bool {
    let mut rest = text;
    for _ in 0..4 {
        let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, unit) = rest.split_at(n_digits);
        if digits.is_empty() || digits.len() > 5 {
            return false;
        }
        let Some(tail) = ["ms", "h", "m", "s"].iter().find_map(|name| unit.strip_prefix(name)) else { return false };
        if tail.is_empty() {
            return true;
        }
        rest = tail;
    }
    false
}

/// Something, `:` and `//`; what follows may be anything.
pub(super) fn absolute_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    !scheme.is_empty() && !scheme.contains(['/', '?', '#']) && rest.starts_with("//")
}

/// `*`, or scheme, `://`, host and perhaps a port.
pub(super) fn origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else { return text == "*" };
    let mut letters = scheme.bytes();
    let scheme_fits = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && scheme.len() > 1
        && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let (host, port) = host_and_port(authority);
    scheme_fits && !host.is_empty() && !host.contains(['/', '?', '#']) && port.is_none_or(port_digits)
}

/// `*`, or `http://` or `https://`, a name (perhaps after `*.`) or `*`, and perhaps a port.
pub(super) fn http_origin(text: &str) -> bool {
    let Some(authority) = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")) else {
        return text == "*";
    };
    let (host, port) = host_and_port(authority);
    let label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let host_fits = host == "*" || host.strip_prefix("*.").unwrap_or(host).split('.').all(label);
    host_fits && port.is_none_or(port_digits)
}

fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)))
}

fn port_digits(port: &str) -> bool {
    (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
}

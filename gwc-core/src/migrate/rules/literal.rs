//! Paths as the API writes them (§2.3): percent-encoded, and only those that its CRD takes.
//!
//! nginx compares decoded paths, so the text of an Ingress stands for decoded bytes: a `%` in it is a percent sign.

/// Longest value of a path match.
const MAX_LENGTH: usize = 1024;

/// The path for a match; `None`: the CRD refuses it (MIG209).
pub(super) fn encoded(path: &str) -> Option<String> {
    let text = escaped(path);
    (path.starts_with('/') && is_plain(&text)).then_some(text)
}

/// With an escape for each byte that no path may hold as it is.
pub(super) fn escaped(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        push(&mut text, byte);
    }
    text
}

/// Appends a byte of a path.
pub(super) fn push(text: &mut String, byte: u8) {
    if is_kept(byte) {
        text.push(char::from(byte));
    } else {
        text.push_str(&format!("%{byte:02X}"));
    }
}

/// Characters of paths (RFC 3986 §3.3) and the slash.
pub(super) fn is_kept(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-/._~!$&'()*+,;=:@".contains(&byte)
}

fn is_plain(text: &str) -> bool {
    let is_inside = ["//", "/./", "/../"].iter().any(|part| text.contains(part));
    !is_inside && !text.ends_with("/.") && !text.ends_with("/..") && text.len() <= MAX_LENGTH
}

/// Does a text of this length fit in a match or a path modifier?
pub(super) fn fits(text: &str) -> bool {
    text.len() <= MAX_LENGTH
}

/// A prefix without its final slash.
pub(super) fn trimmed(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => "/",
        trimmed => trimmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_the_crd_takes_them() {
        for (path, expected) in [
            ("/a b", Some("/a%20b")),
            ("/ü", Some("/%C3%BC")),
            ("/50%", Some("/50%25")),
            ("/a%2Fb", Some("/a%252Fb")),
            ("/a#b?c", Some("/a%23b%3Fc")),
            ("/a:@!$&'()*+,;=~_.-", Some("/a:@!$&'()*+,;=~_.-")),
            ("/a//b", None),
            ("/a/../b", None),
            ("/a/.", None),
            ("a", None),
        ] {
            assert_eq!(encoded(path).as_deref(), expected, "{path}");
        }
        assert_eq!(encoded(&format!("/{}", "ü".repeat(200))), None, "escapes count");
    }
}

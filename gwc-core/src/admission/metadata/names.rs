//! Syntax of names, labels and keys in `metadata`; problems in words, none for what is fine.

/// A type name in an error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name(pub(crate) &'static str);

fn is_alnum_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// One part of a DNS name; its length is not judged here.
fn is_dns_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().copied().is_some_and(is_alnum_lower)
        && bytes.last().copied().is_some_and(is_alnum_lower)
        && bytes.iter().all(|byte| is_alnum_lower(*byte) || *byte == b'-')
}

/// A DNS subdomain of at most 253 bytes.
pub(crate) fn is_subdomain(text: &str) -> Vec<&'static str> {
    let mut out = Vec::new();
    if text.len() > 253 {
        out.push("must have at most 253 characters");
    }
    if !text.split('.').all(is_dns_part) {
        out.push(
            "must be lower-case letters, digits, `-` and `.`, each part starting and ending with a letter or digit",
        );
    }
    out
}

/// A DNS label of at most 63 bytes.
pub(crate) fn is_label(text: &str) -> Vec<&'static str> {
    let mut out = Vec::new();
    if text.len() > 63 {
        out.push("must have at most 63 characters");
    }
    if !is_dns_part(text) {
        out.push("must be lower-case letters, digits and `-`, starting and ending with a letter or digit");
    }
    out
}

/// A prefix of a name to generate: one dash at its end is harmless.
pub(crate) fn mask_dash(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => {
            let mut chars = rest.chars();
            chars.next_back();
            format!("{}a", chars.as_str())
        }
        Some(_) | None => prefix.to_owned(),
    }
}

/// A name as the server would generate it, with letters in place of the random ones.
pub(crate) fn generated(prefix: &str) -> String {
    let kept: String = prefix.char_indices().take_while(|(at, c)| at + c.len_utf8() <= 58).map(|(_, c)| c).collect();
    format!("{kept}xxxxx")
}

/// A segment of a URL path.
pub(crate) fn is_path_segment(text: &str) -> Vec<&'static str> {
    if text == "." || text == ".." {
        return vec!["must not be `.` or `..`"];
    }
    is_path_prefix(text)
}

/// The beginning of a segment of a URL path.
pub(crate) fn is_path_prefix(text: &str) -> Vec<&'static str> {
    ["/", "%"].into_iter().filter(|mark| text.contains(mark)).map(|_| "must not contain `/` or `%`").collect()
}

fn is_label_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(inner)
}

/// A key of labels, annotations or finalizers: `name` or `prefix/name`.
pub(crate) fn is_qualified(text: &str) -> Vec<&'static str> {
    let mut out = Vec::new();
    let name = match text.split_once('/') {
        None => text,
        Some((_, name)) if name.contains('/') => return vec!["must have at most one `/`"],
        Some(("", name)) => {
            out.push("must have a DNS name before the `/`");
            name
        }
        Some((prefix, name)) => {
            if !is_subdomain(prefix).is_empty() {
                out.push("must have a DNS name before the `/`");
            }
            name
        }
    };
    if name.is_empty() {
        out.push("must have a name");
    } else if name.len() > 63 {
        out.push("must have at most 63 characters in its name");
    }
    if !name.is_empty() && !is_label_text(name) {
        out.push("must be letters, digits, `-`, `_` and `.`, starting and ending with a letter or digit");
    }
    out
}

/// A value of a label.
pub(crate) fn is_label_value(text: &str) -> Vec<&'static str> {
    let mut out = Vec::new();
    if text.len() > 63 {
        out.push("must have at most 63 characters");
    }
    if !text.is_empty() && !is_label_text(text) {
        out.push("must be letters, digits, `-`, `_` and `.`, starting and ending with a letter or digit");
    }
    out
}

//! Names: DNS labels and subdomains, kinds, qualified names, controllers, gRPC services, condition types and reasons.
//!
//! All are ASCII, but for the letters that fold into ASCII in a gRPC service.

/// Lower-case letters, digits and `-`; a letter or digit at both ends.
pub(in crate::admission) fn label(text: &str) -> bool {
    framed(text.as_bytes(), |byte| byte == b'-', lower_or_digit)
}

/// Labels joined by `.`.
pub(in crate::admission) fn subdomain(text: &str) -> bool {
    text.split('.').all(label)
}

/// A subdomain or nothing.
pub(super) fn group(text: &str) -> bool {
    text.is_empty() || subdomain(text)
}

/// A subdomain, perhaps after `*.`.
pub(in crate::admission) fn hostname(text: &str) -> bool {
    subdomain(text.strip_prefix("*.").unwrap_or(text))
}

/// Letters, digits and `-`; a letter first, a letter or digit last.
pub(super) fn kind(text: &str) -> bool {
    starts_with_letter(text) && framed(text.as_bytes(), |byte| byte == b'-', alphanumeric)
}

/// Letters, digits, `-`, `_` and `.`, a letter or digit at both ends; or nothing.
pub(super) fn label_value(text: &str) -> bool {
    text.is_empty() || name(text)
}

/// A name of 1 to 63 characters, perhaps after a subdomain and `/`: a key of labels or annotations.
pub(in crate::admission) fn qualified_name(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => subdomain(prefix) && short_name(name),
        None => short_name(text),
    }
}

/// `System`, or a subdomain, `/` and a name of 1 to 63 characters.
pub(super) fn well_known_certificates(text: &str) -> bool {
    text == "System" || (text.contains('/') && qualified_name(text))
}

/// A name of any length, perhaps after a subdomain and `/`.
pub(super) fn condition_type(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, rest)) => subdomain(prefix) && name(rest),
        None => name(text),
    }
}

/// Letters, digits, `_`, `,` and `:`; a letter first, no `,` or `:` last.
pub(super) fn condition_reason(text: &str) -> bool {
    let last = |byte: u8| alphanumeric(byte) || byte == b'_';
    starts_with_letter(text) && framed(text.as_bytes(), |byte| matches!(byte, b',' | b':'), last)
}

/// A subdomain, `/` and a path.
pub(super) fn controller(text: &str) -> bool {
    text.split_once('/').is_some_and(|(domain, path)| subdomain(domain) && controller_path(path))
}

/// A word with `-` inside; or anything that ends in a lower-case letter or digit, `/` and letters or digits.
///
/// The second half of the pattern is not anchored at its start, so what stands before does not matter.
pub(super) fn protocol(text: &str) -> bool {
    let domain_prefixed = text.rsplit_once('/').is_some_and(|(before, word)| {
        ends_in_lower_or_digit(before) && !word.is_empty() && word.bytes().all(alphanumeric)
    });
    domain_prefixed || framed(text.as_bytes(), |byte| byte == b'-', alphanumeric)
}

/// `Hostname` first, `IPAddress` or `NamedAddress` anywhere, or anything that ends in a lower-case letter or digit,
/// `/` and a path: only the first and the last alternative of the pattern are anchored, at one side each.
pub(super) fn address_type(text: &str) -> bool {
    let named = text.starts_with("Hostname") || text.contains("IPAddress") || text.contains("NamedAddress");
    let domain_prefixed = text.match_indices('/').any(|(at, slash)| {
        let (before, after) = text.split_at(at);
        ends_in_lower_or_digit(before) && after.strip_prefix(slash).is_some_and(controller_path)
    });
    named || domain_prefixed
}

/// Letters, digits and `_`, no digit first: the name of a gRPC method.
pub(in crate::admission) fn identifier(text: &str) -> bool {
    let first_fits = text.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    first_fits && text.bytes().all(|byte| alphanumeric(byte) || byte == b'_')
}

/// Identifiers joined by `.`, perhaps after `.`.
///
/// The server ignores case by Unicode's rules: the Kelvin sign is a `k` and the long s an `s`.
pub(in crate::admission) fn grpc_service(text: &str) -> bool {
    let folded: String = text.chars().map(|c| if matches!(c, '\u{17f}' | '\u{212a}') { 's' } else { c }).collect();
    folded.strip_prefix('.').unwrap_or(&folded).split('.').all(identifier)
}

/// Letters, digits, `-`, `_` and `.`; a letter or digit at both ends.
fn name(text: &str) -> bool {
    framed(text.as_bytes(), |byte| matches!(byte, b'-' | b'_' | b'.'), alphanumeric)
}

fn short_name(text: &str) -> bool {
    text.len() <= 63 && name(text)
}

fn controller_path(path: &str) -> bool {
    let fits = |byte: u8| alphanumeric(byte) || b"/-._~%!$&'()*+,;=:".contains(&byte);
    !path.is_empty() && path.bytes().all(fits)
}

/// Not empty, `end` at both ends, `end` or `inner` between them.
fn framed(bytes: &[u8], inner: fn(u8) -> bool, end: fn(u8) -> bool) -> bool {
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    end(*first) && end(*last) && bytes.iter().all(|byte| end(*byte) || inner(*byte))
}

fn starts_with_letter(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
}

fn ends_in_lower_or_digit(text: &str) -> bool {
    text.bytes().next_back().is_some_and(lower_or_digit)
}

fn lower_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

//! Words of the report about annotations: what is usually said of a key, and how a value is shown.

use crate::diagnostic::Severity;
use crate::migrate::annotation::{self, Annotation, ValueKind, Verdict, truth};
use crate::migrate::code;
use crate::migrate::item::Item;

/// Bytes of a value that are shown.
const SHOWN: usize = 80;

/// Words in keys of other tools whose values nobody should read in a report; `-` and `_` are left out of keys.
const SECRET_WORDS: [&str; 8] =
    ["password", "passwd", "token", "secret", "credential", "apikey", "accesskey", "privatekey"];

/// A segment of a JSON pointer (RFC 6901).
pub(in crate::migrate) fn escaped(text: &str) -> String {
    text.replace('~', "~0").replace('/', "~1")
}

/// A text that may be too long for a message.
pub(in crate::migrate) fn short(text: &str) -> &str {
    text.char_indices().nth(60).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// A value for the report: the first line, cut where it is long; nothing of what looks like a secret.
pub(in crate::migrate) fn shown(key: &str, value: &str) -> String {
    let name = key.rsplit_once('/').map_or(key, |(_, name)| name);
    let letters: String = name.to_ascii_lowercase().chars().filter(|c| !"-_".contains(*c)).collect();
    let is_secret = SECRET_WORDS.iter().any(|word| letters.contains(word));
    // Keys of the controller hold names of Secrets.
    if is_secret && annotation::find(name).is_none() {
        return format!("… ({} bytes)", value.len());
    }
    let line = value.trim_start().lines().next().unwrap_or_default().trim_end();
    let cut = line.char_indices().nth(SHOWN).and_then(|(at, _)| line.get(..at)).unwrap_or(line);
    // A password in front of a host.
    let cut = match (cut.find("://"), cut.find('@')) {
        (Some(scheme), Some(at)) if scheme < at => cut.get(..scheme + 3).unwrap_or_default(),
        _ => cut,
    };
    if cut.len() == value.trim().len() { cut.to_owned() } else { format!("{cut} … ({} bytes)", value.len()) }
}

/// Values that ask for what the controller does anyway.
static DEFAULTS: &[(&str, &str)] = &[
    ("affinity-canary-behavior", "sticky"),
    ("affinity-mode", "balanced"),
    ("auth-always-set-cookie", "false"),
    ("auth-keepalive", "0"),
    ("auth-keepalive-share-vars", "false"),
    ("auth-tls-pass-certificate-to-upstream", "false"),
    ("backend-protocol", "HTTP"),
    ("canary", "false"),
    ("disable-proxy-intercept-errors", "false"),
    ("enable-access-log", "true"),
    ("enable-cors", "false"),
    ("enable-modsecurity", "false"),
    ("enable-opentelemetry", "false"),
    ("enable-owasp-core-rules", "false"),
    ("enable-rewrite-log", "false"),
    ("force-ssl-redirect", "false"),
    ("from-to-www-redirect", "false"),
    ("limit-connections", "0"),
    ("limit-rate", "0"),
    ("limit-rpm", "0"),
    ("limit-rps", "0"),
    ("load-balance", "round_robin"),
    ("mirror-request-body", "on"),
    ("preserve-trailing-slash", "false"),
    ("proxy-buffering", "off"),
    ("proxy-cookie-domain", "off"),
    ("proxy-cookie-path", "off"),
    ("proxy-http-version", "1.1"),
    ("proxy-redirect-from", "off"),
    ("proxy-request-buffering", "on"),
    ("relative-redirects", "false"),
    ("satisfy", "all"),
    ("service-upstream", "false"),
    ("session-cookie-change-on-failure", "false"),
    ("ssl-passthrough", "false"),
    ("upstream-hash-by-subset", "false"),
    ("use-port-in-redirects", "false"),
    ("use-regex", "false"),
];

/// Does the value ask for what is so without the annotation?
pub(super) fn is_default(row: &Annotation, value: &str) -> bool {
    let Some((_, default)) = DEFAULTS.iter().find(|(key, _)| *key == row.key) else { return false };
    if row.value == ValueKind::Bool {
        return truth(value).is_some() && truth(value) == truth(default);
    }
    value.eq_ignore_ascii_case(default)
}

/// What is said of a key whose value is in force, unless a reader of it knows better.
pub(super) fn usual(row: &Annotation, value: &str, item: Item) -> Item {
    let key = row.key;
    if is_default(row, value) {
        let item = Item { verdict: Verdict::Exact, ..item };
        return item.finding(code::ANNOTATION_CONVERTED, format!("`{key}` asks for what is so without it"));
    }
    let effect = row.effect;
    let item = item.finding(row.code(), format!("`{key}` {effect}"));
    let severity = if row.code() == code::ANNOTATION_LOST { row.loss } else { item.severity };
    let item = item.severity(severity);
    let has_advice = !row.advice.starts_with("nothing") && severity != Severity::Info;
    if has_advice { item.help(row.advice) } else { item }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::annotation;

    #[test]
    fn defaults_are_keys_in_order() {
        assert!(DEFAULTS.is_sorted_by(|one, next| one.0 < next.0));
        for (key, _) in DEFAULTS {
            assert!(annotation::find(key).is_some(), "{key}");
        }
    }

    #[test]
    fn no_message_is_longer_than_a_line() {
        for row in annotation::annotations() {
            let text = format!("`{}` {}", row.key, row.effect);
            assert!(text.chars().count() <= 120, "{text}");
        }
    }

    #[test]
    fn long_and_secret_values_are_cut() {
        assert_eq!(shown("x/proxy-body-size", " 8m "), "8m");
        assert_eq!(shown("x/configuration-snippet", "a b;\nc d;\n"), "a b; … (10 bytes)");
        assert_eq!(shown("example.com/api-token", "abc"), "… (3 bytes)");
        for key in ["oauth.example.com/client-secret", "example.com/api-key", "example.com/accessKey"] {
            assert_eq!(shown(key, "hunter2"), "… (7 bytes)", "{key}");
        }
        assert_eq!(shown("x/auth-secret", "users"), "users");
        assert_eq!(shown("x/auth-url", "http://me:pw@a.io/x"), "http:// … (19 bytes)");
        assert_eq!(shown("x/y", &"é".repeat(100)), format!("{} … (200 bytes)", "é".repeat(80)));
    }
}

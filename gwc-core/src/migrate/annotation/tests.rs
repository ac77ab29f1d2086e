//! The rows of the registry: complete, in order, and marked where their loss would open something.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// The access controls of ingress-migrate.md §0.
const CONTROLS: [(&str, Control); 16] = [
    ("allowlist-source-range", Control::Addresses),
    ("denylist-source-range", Control::Addresses),
    ("auth-type", Control::Authentication),
    ("auth-url", Control::Authentication),
    ("satisfy", Control::Authentication),
    ("auth-tls-secret", Control::ClientCertificate),
    ("auth-tls-verify-client", Control::ClientCertificate),
    ("auth-tls-match-cn", Control::ClientCertificate),
    ("limit-rps", Control::RateLimit),
    ("limit-rpm", Control::RateLimit),
    ("limit-connections", Control::RateLimit),
    ("enable-modsecurity", Control::Waf),
    ("enable-owasp-core-rules", Control::Waf),
    ("modsecurity-snippet", Control::Waf),
    ("configuration-snippet", Control::Snippet),
    ("server-snippet", Control::Snippet),
];

#[test]
fn every_key_of_the_controller_has_one_row() {
    let keys: BTreeSet<&str> = annotations().map(|row| row.key).collect();
    assert_eq!(annotations().count(), 136);
    assert_eq!(keys.len(), 136, "a key stands twice");
    for group in GROUPS {
        assert!(group.is_sorted_by(|one, next| one.key < next.key), "{:?}", group.first());
    }
    assert!(annotations().all(|row| find(row.key) == Some(row)));
    assert_eq!(find("typo-key"), None);
    assert!(annotations().all(|row| !is_removed(row.key)));
    assert!(is_removed("influxdb-host") && is_removed("secure-backends") && !is_removed("typo-key"));
}

#[test]
fn aliases_lead_to_rows_that_are_not_aliases() {
    for (alias, key) in ALIASES {
        assert_eq!(find(alias).map(|row| row.key), Some(key));
        assert_eq!(canonical(key), key);
        assert!(annotations().all(|row| row.key != alias), "{alias} is a row");
    }
}

#[test]
fn access_controls_are_marked_and_nothing_else_is() {
    let mut expected: BTreeMap<&str, Control> = CONTROLS.into_iter().collect();
    for row in annotations() {
        assert_eq!(row.control, expected.remove(row.key), "{}", row.key);
    }
    assert!(expected.is_empty(), "{expected:?}");
    // The exempted clients of a rate limit guard nothing themselves (§0).
    assert_eq!(find("limit-whitelist").and_then(|row| row.control), None);
}

#[test]
fn a_control_is_one_only_where_its_value_asks_for_it() {
    let asks = |key: &str, value: &str| find(key).and_then(|row| row.guards(value)).is_some();
    let asking = [
        ("allowlist-source-range", "10.0.0.0/8"),
        ("whitelist-source-range", "10.0.0.0/33"),
        ("auth-type", "basic"),
        ("satisfy", "any"),
        ("auth-tls-verify-client", "optional"),
        ("limit-rps", "5"),
        ("limit-rps", "five"),
        ("enable-modsecurity", " True "),
        ("enable-modsecurity", "yes"),
        ("modsecurity-snippet", "SecRuleEngine Off"),
        ("server-snippet", "location /private { deny all; }"),
    ];
    for (key, value) in asking {
        assert!(asks(key, value), "{key}: {value}");
    }
    let harmless = [
        ("allowlist-source-range", " "),
        ("satisfy", "all"),
        ("auth-tls-verify-client", "off"),
        ("limit-rps", "0"),
        ("enable-modsecurity", "false"),
        ("configuration-snippet", "add_header X-A b;"),
        ("auth-realm", "who?"),
        ("limit-rate", "100"),
    ];
    for (key, value) in harmless {
        assert!(!asks(key, value), "{key}: {value}");
    }
}

/// The key at the end of the helpers that begin with `key`; `None` for a circle or a key that does not exist.
fn top(key: &str) -> Option<&'static str> {
    let mut row = find(key)?;
    for _ in 0..annotations().count() {
        let Some(above) = row.helper_of.first() else { return Some(row.key) };
        row = find(above)?;
    }
    None
}

#[test]
fn helpers_lead_to_a_key_that_stands_alone() {
    let helpers = annotations().flat_map(|row| row.helper_of.iter().map(move |key| (row.key, *key)));
    let helpers: Vec<(&str, &str)> = helpers.collect();
    assert!(helpers.len() > 40, "{}", helpers.len());
    for (helper, key) in helpers {
        assert!(top(key).is_some_and(|top| top != helper), "{helper}: `{key}`");
    }
}

#[test]
fn findings_follow_from_the_rows() {
    let number = |key: &str| find(key).map(|row| row.code().number);
    assert_eq!(number("ssl-redirect"), Some("MIG501"));
    assert_eq!(number("cors-allow-origin"), Some("MIG502"));
    assert_eq!(number("proxy-read-timeout"), Some("MIG503"));
    assert_eq!(number("proxy-cookie-path"), Some("MIG504"));
    assert_eq!(number("http2-push-preload"), Some("MIG505"));
    assert_eq!(number("stream-snippet"), Some("MIG508"));
    assert_eq!(number("auth-tls-secret"), Some("MIG404"));
    assert!(annotations().all(|row| code::of(row.code()).is_some()));
    // A control that is carried exactly could not be lost.
    assert!(annotations().all(|row| row.control.is_none() || row.verdict != Verdict::Exact));
}

#[test]
fn sentences_follow_the_house() {
    for row in annotations() {
        for text in [row.effect, row.advice] {
            assert!(text.starts_with(|c: char| c.is_ascii_lowercase()), "{}: {text}", row.key);
            assert!(!text.ends_with('.') && text.len() <= 120, "{}: {} bytes", row.key, text.len());
        }
    }
    let effects: BTreeSet<&str> = annotations().map(|row| row.effect).collect();
    assert_eq!(effects.len(), 136, "two keys cannot do the same");
}

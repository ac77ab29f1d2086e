//! How far the controller must trust who writes an annotation; `annotations-risk-level` of its ConfigMap is the most
//! that it takes (ingress-migrate.md §3.1 A).

/// The level of an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Risk {
    Low,
    Medium,
    High,
    Critical,
}

impl Risk {
    /// As the ConfigMap writes it.
    pub(super) fn new(text: &str) -> Option<Self> {
        match text {
            "Low" => Some(Self::Low),
            "Medium" => Some(Self::Medium),
            "High" => Some(Self::High),
            "Critical" => Some(Self::Critical),
            _ => None,
        }
    }

    /// Of a key without prefix.
    pub(super) fn of(key: &str) -> Self {
        let is_in = |(level, keys): &&(Self, &[&str])| *level > Self::Low && keys.contains(&key);
        if key.ends_with("-snippet") {
            return Self::Critical;
        }
        ABOVE_LOW.iter().find(is_in).map_or(Self::Low, |(level, _)| *level)
    }
}

/// Keys whose text reaches the configuration of nginx, or that lead to other objects.
static ABOVE_LOW: [(Risk, &[&str]); 2] = [
    (
        Risk::High,
        &[
            "auth-signin",
            "auth-tls-error-page",
            "auth-tls-match-cn",
            "auth-url",
            "mirror-host",
            "mirror-target",
            "modsecurity-transaction-id",
            "proxy-ssl-name",
            "server-alias",
            "upstream-hash-by",
        ],
    ),
    (
        Risk::Medium,
        &[
            "affinity-mode",
            "allowlist-source-range",
            "app-root",
            "auth-cache-duration",
            "auth-cache-key",
            "auth-proxy-set-headers",
            "auth-realm",
            "auth-request-redirect",
            "auth-response-headers",
            "auth-secret",
            "auth-signin-redirect-param",
            "auth-tls-secret",
            "auth-tls-verify-client",
            "canary-by-cookie",
            "canary-by-header",
            "canary-by-header-pattern",
            "canary-by-header-value",
            "cors-allow-headers",
            "cors-allow-methods",
            "cors-allow-origin",
            "cors-expose-headers",
            "custom-headers",
            "denylist-source-range",
            "fastcgi-index",
            "fastcgi-params-configmap",
            "force-ssl-redirect",
            "opentelemetry-operation-name",
            "permanent-redirect",
            "preserve-trailing-slash",
            "proxy-body-size",
            "proxy-cookie-domain",
            "proxy-cookie-path",
            "proxy-next-upstream",
            "proxy-redirect-from",
            "proxy-redirect-to",
            "proxy-ssl-ciphers",
            "proxy-ssl-secret",
            "rewrite-target",
            "session-cookie-domain",
            "session-cookie-expires",
            "session-cookie-max-age",
            "session-cookie-name",
            "session-cookie-path",
            "temporal-redirect",
            "x-forwarded-prefix",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::annotation;

    #[test]
    fn keys_above_the_least_level_are_keys() {
        let keys: Vec<&str> = ABOVE_LOW.iter().flat_map(|(_, keys)| keys.iter().copied()).collect();
        assert!(keys.iter().all(|key| annotation::find(key).is_some_and(|row| row.key == *key)));
        assert_eq!(Risk::of("server-snippet"), Risk::Critical);
        assert_eq!(Risk::of("auth-url"), Risk::High);
        assert_eq!(Risk::of("rewrite-target"), Risk::Medium);
        assert_eq!(Risk::of("ssl-redirect"), Risk::Low);
    }
}

//! How much trust an annotation needs: the controller ignores Ingresses with annotations above its level
//! (`annotations-risk-level`, ingress-migrate.md §3.1 A). Keys that stand in no list need the least.

/// Levels, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// `Low`
    Low,
    /// `Medium`
    Medium,
    /// `High`
    High,
    /// `Critical`
    Critical,
}

impl Risk {
    /// The level of this name.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        match name {
            "Low" => Some(Self::Low),
            "Medium" => Some(Self::Medium),
            "High" => Some(Self::High),
            "Critical" => Some(Self::Critical),
            _ => None,
        }
    }

    /// The level of an annotation, named without prefix.
    pub(super) fn of(key: &str) -> Self {
        if key.ends_with("-snippet") {
            return Self::Critical;
        }
        if HIGH.contains(&key) {
            return Self::High;
        }
        let is_medium = MEDIUM.contains(&key) || MEDIUM_FAMILIES.iter().any(|family| key.starts_with(family));
        if is_medium && !LOW.contains(&key) { Self::Medium } else { Self::Low }
    }
}

/// Texts that nginx interpolates or that name other hosts.
const HIGH: &[&str] = &[
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
];

const MEDIUM_FAMILIES: &[&str] = &["canary-by-", "cors-allow-", "session-cookie-"];

const MEDIUM: &[&str] = &[
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
    "temporal-redirect",
    "whitelist-source-range",
    "x-forwarded-prefix",
];

/// Members of the families above that need no trust.
const LOW: &[&str] = &[
    "cors-allow-credentials",
    "session-cookie-change-on-failure",
    "session-cookie-conditional-samesite-none",
    "session-cookie-partitioned",
    "session-cookie-samesite",
    "session-cookie-secure",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_levels() {
        for (key, level) in [
            ("configuration-snippet", Risk::Critical),
            ("auth-url", Risk::High),
            ("cors-allow-origin", Risk::Medium),
            ("cors-allow-credentials", Risk::Low),
            ("ssl-redirect", Risk::Low),
            ("unknown", Risk::Low),
        ] {
            assert_eq!(Risk::of(key), level, "{key}");
        }
    }
}

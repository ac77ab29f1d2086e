//! ConfigMap and flags of ingress-nginx, as far as they decide where a request goes (ingress-migrate.md §3.9).

use compact_str::CompactString;

use crate::api::core::ConfigMap;
use crate::ingress::Backend;
use crate::ingress::nginx::annotation::parse_bool;

/// What the controller was started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Prefix of annotations, without the slash (flag `--annotations-prefix`).
    pub annotation_prefix: CompactString,
    /// Answers where no Ingress does (flag `--default-backend-service`); else 404.
    pub default_backend: Option<Backend>,
    /// Ingresses with a default backend and without rules are ignored (flag `--disable-catch-all`).
    pub disable_catch_all: bool,
    /// Ports in redirects (flags `--http-port`, `--https-port`).
    pub ports: Ports,
    /// `ssl-redirect`, `force-ssl-redirect`, `preserve-trailing-slash`.
    pub tls_redirect: TlsDefaults,
    /// `http-redirect-code`.
    pub redirect_code: u16,
    /// `no-tls-redirect-locations`.
    pub no_tls_redirect: Vec<CompactString>,
    /// `relative-redirects`.
    pub relative_redirects: bool,
}

/// Ports that the controller listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// HTTP.
    pub http: u16,
    /// HTTPS.
    pub https: u16,
}

/// What holds for Ingresses that say nothing about redirects to HTTPS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TlsDefaults {
    /// Redirect hosts with a certificate.
    pub redirect: bool,
    /// Redirect all hosts.
    pub force: bool,
    /// Keep a final slash.
    pub keep_slash: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            annotation_prefix: CompactString::const_new("nginx.ingress.kubernetes.io"),
            default_backend: None,
            disable_catch_all: false,
            ports: Ports { http: 80, https: 443 },
            tls_redirect: TlsDefaults { redirect: true, force: false, keep_slash: false },
            redirect_code: 308,
            no_tls_redirect: vec![CompactString::const_new("/.well-known/acme-challenge")],
            relative_redirects: false,
        }
    }
}

impl Config {
    /// Takes over what the controller's ConfigMap says; values that it cannot read change nothing.
    #[must_use]
    pub fn with_config_map(mut self, map: &ConfigMap) -> Self {
        let text = |key: &str| std::str::from_utf8(map.value(key)?.bytes.as_deref()?).ok();
        let flag = |key: &str, default: bool| text(key).and_then(parse_bool).unwrap_or(default);
        self.tls_redirect = TlsDefaults {
            redirect: flag("ssl-redirect", self.tls_redirect.redirect),
            force: flag("force-ssl-redirect", self.tls_redirect.force),
            keep_slash: flag("preserve-trailing-slash", self.tls_redirect.keep_slash),
        };
        self.relative_redirects = flag("relative-redirects", self.relative_redirects);
        let code = text("http-redirect-code").and_then(|code| code.trim().parse().ok());
        self.redirect_code = code.filter(|code| matches!(code, 301 | 302 | 307 | 308)).unwrap_or(self.redirect_code);
        if let Some(list) = text("no-tls-redirect-locations") {
            let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
            self.no_tls_redirect = items.map(CompactString::from).collect();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Profile, WorldMode};
    use crate::source::{Origin, Role, Source, SourceMap};

    #[test]
    fn what_cannot_be_read_changes_nothing() {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  ssl-redirect: \"false\"\n  force-ssl-redirect: maybe\n  http-redirect-code: \"301\"\n  no-tls-redirect-locations: /a, /b\n";
        let mut sources = SourceMap::new();
        sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into()));
        let graph = crate::compile(&sources, &Profile::new(WorldMode::Open, 0)).graph;
        let (_, map) = graph.config_maps.iter().next().unwrap();
        let config = Config::default().with_config_map(map);
        assert_eq!(config.tls_redirect, TlsDefaults { redirect: false, force: false, keep_slash: false });
        assert_eq!((config.redirect_code, config.no_tls_redirect.as_slice()), (301, &["/a".into(), "/b".into()][..]));
    }
}

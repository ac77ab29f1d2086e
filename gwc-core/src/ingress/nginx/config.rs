//! ConfigMap and flags of ingress-nginx, as far as they decide what happens to a request (ingress-migrate.md §3.9).

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::api::core::ConfigMap;
use crate::ingress::Backend;
use crate::ingress::nginx::risk::Risk;
use crate::ingress::nginx::text::{self, parse_bool};
use crate::ingress::policy::{Retries, Timeouts};
use crate::value::ObjectKey;

/// What the controller was started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Prefix of annotations, without the slash (flag `--annotations-prefix`).
    pub annotation_prefix: CompactString,
    /// Answers where no Ingress does; else 404.
    pub default_backend: Option<Backend>,
    /// The same as a Service, of which the first port is meant (flag `--default-backend-service`).
    pub default_service: Option<ObjectKey>,
    /// Ingresses with a default backend and without rules are ignored (flag `--disable-catch-all`).
    pub disable_catch_all: bool,
    /// Services of type ExternalName are served (not with the flag `--disable-svc-external-name`).
    pub external_names: bool,
    /// TLS connections.
    pub tls: Tls,
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
    /// What holds at locations whose Ingresses say nothing.
    pub defaults: Defaults,
    /// Access controls of all hosts.
    pub access: GlobalAccess,
    /// What Ingresses may do.
    pub permits: Permits,
    /// Keys of the ConfigMap and flags whose value cannot be read; they change nothing.
    pub unread: BTreeSet<CompactString>,
}

/// What TLS connections get.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tls {
    /// The Secret with the default certificate (flag `--default-ssl-certificate`).
    pub default_certificate: Option<ObjectKey>,
    /// The annotation `ssl-passthrough` is read (flag `--enable-ssl-passthrough`).
    pub passthrough: bool,
    /// `ssl-reject-handshake`: clients that ask for an unknown name are refused.
    pub refuses_unknown_names: bool,
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

/// What holds at locations whose Ingresses say nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// `proxy-body-size` in bytes; `None`: unlimited.
    pub body_limit: Option<u64>,
    /// `proxy-connect-timeout`, `proxy-read-timeout`, `proxy-send-timeout`.
    pub timeouts: Timeouts,
    /// `proxy-next-upstream`, `proxy-next-upstream-tries`, `proxy-next-upstream-timeout`.
    pub retries: Retries,
    /// `load-balance`, unless it is in turn.
    pub balance: Option<CompactString>,
    /// `custom-http-errors`.
    pub intercepted: BTreeSet<u16>,
    /// `hsts`, `hsts-max-age`, `hsts-include-subdomains`, `hsts-preload`: the header field.
    pub hsts: Option<CompactString>,
    /// `whitelist-source-range`.
    pub allowed: Option<CompactString>,
    /// `denylist-source-range`.
    pub denied: Option<CompactString>,
    /// `global-auth-url`.
    pub auth_url: Option<CompactString>,
    /// `service-upstream`.
    pub service_upstream: bool,
    /// `proxy-ssl-location-only`: TLS to backends is set for each location alone.
    pub backend_tls_by_location: bool,
}

/// Access controls of all hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlobalAccess {
    /// `block-cidrs`.
    pub blocked_addresses: Option<CompactString>,
    /// `block-user-agents`.
    pub blocked_agents: Option<CompactString>,
    /// `block-referers`.
    pub blocked_referers: Option<CompactString>,
    /// `no-auth-locations`.
    pub no_auth: Vec<CompactString>,
    /// `enable-modsecurity`.
    pub firewall: bool,
    /// `enable-owasp-modsecurity-crs`.
    pub firewall_rules: bool,
    /// `http-snippet`, `server-snippet`, `location-snippet`, where they refuse requests.
    pub snippets: BTreeMap<&'static str, CompactString>,
}

/// What Ingresses may do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permits {
    /// `allow-cross-namespace-resources`.
    pub cross_namespace: bool,
    /// `strict-validate-path-type: "true"`: Ingresses with patterns in other paths than ImplementationSpecific ones are
    /// ignored.
    pub strict_paths: bool,
    /// `allow-snippet-annotations: "false"`: Ingresses with snippets are ignored. Where nothing is said, snippets that
    /// are stored count as in force (ingress-migrate.md T108, T139).
    pub no_snippets: bool,
    /// `annotations-risk-level`: Ingresses with annotations above it are ignored.
    pub risk: Option<Risk>,
    /// `global-allowed-response-headers`, lower case.
    pub response_headers: BTreeSet<CompactString>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            annotation_prefix: CompactString::const_new("nginx.ingress.kubernetes.io"),
            default_backend: None,
            default_service: None,
            disable_catch_all: false,
            external_names: true,
            tls: Tls::default(),
            ports: Ports { http: 80, https: 443 },
            tls_redirect: TlsDefaults { redirect: true, force: false, keep_slash: false },
            redirect_code: 308,
            no_tls_redirect: vec![ACME],
            relative_redirects: false,
            defaults: Defaults::default(),
            access: GlobalAccess::default(),
            permits: Permits::default(),
            unread: BTreeSet::new(),
        }
    }
}

/// Where certificates prove their host; exempt from redirects and authentication.
const ACME: CompactString = CompactString::const_new("/.well-known/acme-challenge");

impl Default for Defaults {
    fn default() -> Self {
        Self {
            body_limit: Some(1 << 20),
            timeouts: Timeouts { connect: Some(5), read: Some(60), send: Some(60) },
            retries: Retries { on: text::words("error timeout"), tries: Some(3), timeout: None },
            balance: None,
            intercepted: BTreeSet::new(),
            hsts: Some(CompactString::const_new("max-age=31536000; includeSubDomains")),
            allowed: None,
            denied: None,
            auth_url: None,
            service_upstream: false,
            backend_tls_by_location: false,
        }
    }
}

impl Default for GlobalAccess {
    fn default() -> Self {
        Self {
            blocked_addresses: None,
            blocked_agents: None,
            blocked_referers: None,
            no_auth: vec![ACME],
            firewall: false,
            firewall_rules: false,
            snippets: BTreeMap::new(),
        }
    }
}

/// Reads keys of the ConfigMap, or flags; keeps what cannot be read.
struct Reading<'r> {
    values: BTreeMap<&'r str, &'r str>,
    unread: &'r mut BTreeSet<CompactString>,
}

impl<'r> Reading<'r> {
    fn text(&self, key: &str) -> Option<&'r str> {
        self.values.get(key).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    fn read<T>(&mut self, key: &str, parse: impl FnOnce(&'r str) -> Option<T>) -> Option<T> {
        let parsed = parse(self.text(key)?);
        if parsed.is_none() {
            self.unread.insert(key.into());
        }
        parsed
    }

    fn set<T>(&mut self, key: &str, own: &mut T, parse: impl FnOnce(&'r str) -> Option<T>) {
        if let Some(value) = self.read(key, parse) {
            *own = value;
        }
    }

    fn flag(&mut self, key: &str, own: &mut bool) {
        self.set(key, own, parse_bool);
    }
}

impl Config {
    /// Takes over what the controller's ConfigMap says; values that it cannot read change nothing and stand in
    /// [`Config::unread`].
    #[must_use]
    pub fn with_config_map(mut self, map: &ConfigMap) -> Self {
        let values = map.data.iter().filter_map(|(key, value)| {
            let text = std::str::from_utf8(value.bytes.as_deref()?).ok()?;
            Some((key.as_str(), text))
        });
        let mut unread = std::mem::take(&mut self.unread);
        let mut reading = Reading { values: values.collect(), unread: &mut unread };
        self.read_redirects(&mut reading);
        self.defaults.read(&mut reading);
        self.access.read(&mut reading);
        self.permits.read(&mut reading);
        reading.flag("ssl-reject-handshake", &mut self.tls.refuses_unknown_names);
        self.unread = unread;
        self
    }

    fn read_redirects(&mut self, reading: &mut Reading<'_>) {
        reading.flag("ssl-redirect", &mut self.tls_redirect.redirect);
        reading.flag("force-ssl-redirect", &mut self.tls_redirect.force);
        reading.flag("preserve-trailing-slash", &mut self.tls_redirect.keep_slash);
        reading.flag("relative-redirects", &mut self.relative_redirects);
        let code = |text: &str| text.parse().ok().filter(|code| matches!(code, 301 | 302 | 307 | 308));
        reading.set("http-redirect-code", &mut self.redirect_code, code);
        reading.set("no-tls-redirect-locations", &mut self.no_tls_redirect, |text| Some(text::items(text)));
    }

    /// Takes over the flags of the controller, with or without the dashes in front; values that cannot be read change
    /// nothing and stand in [`Config::unread`]. Flags about classes: [`Choice::of_flags`](crate::ingress::select::Choice::of_flags).
    #[must_use]
    pub fn with_flags(mut self, flags: &BTreeMap<String, String>) -> Self {
        let values = flags.iter().map(|(key, value)| (key.trim_start_matches('-'), value.as_str()));
        let mut unread = std::mem::take(&mut self.unread);
        let mut reading = Reading { values: values.collect(), unread: &mut unread };
        reading.set("annotations-prefix", &mut self.annotation_prefix, |text| Some(text.into()));
        reading.set("default-backend-service", &mut self.default_service, |text| object_key(text).map(Some));
        reading.set("default-ssl-certificate", &mut self.tls.default_certificate, |text| object_key(text).map(Some));
        let mut no_external_names = !self.external_names;
        for (key, own) in [
            ("disable-catch-all", &mut self.disable_catch_all),
            ("disable-svc-external-name", &mut no_external_names),
            ("enable-ssl-passthrough", &mut self.tls.passthrough),
        ] {
            // A flag without a value is set.
            if reading.values.get(key).is_some_and(|text| text.is_empty()) {
                *own = true;
            }
            reading.flag(key, own);
        }
        self.external_names = !no_external_names;
        reading.set("http-port", &mut self.ports.http, |text| text.parse().ok());
        reading.set("https-port", &mut self.ports.https, |text| text.parse().ok());
        self.unread = unread;
        self
    }
}

/// `namespace/name`.
pub(super) fn object_key(text: &str) -> Option<ObjectKey> {
    let (namespace, name) = text.split_once('/')?;
    let is_whole = !namespace.is_empty() && !name.is_empty() && !name.contains('/');
    is_whole.then(|| ObjectKey::new(namespace, name))
}

impl Defaults {
    fn read(&mut self, reading: &mut Reading<'_>) {
        reading.set("proxy-body-size", &mut self.body_limit, text::size);
        for (key, own) in [
            ("proxy-connect-timeout", &mut self.timeouts.connect),
            ("proxy-read-timeout", &mut self.timeouts.read),
            ("proxy-send-timeout", &mut self.timeouts.send),
        ] {
            reading.set(key, own, |text| text.parse().ok().map(Some));
        }
        reading.set("proxy-next-upstream", &mut self.retries.on, |text| Some(text::words(text)));
        reading.set("proxy-next-upstream-tries", &mut self.retries.tries, text::limit);
        reading.set("proxy-next-upstream-timeout", &mut self.retries.timeout, text::limit);
        reading.set("load-balance", &mut self.balance, |text| Some(text::balance(text)));
        reading.set("custom-http-errors", &mut self.intercepted, text::statuses);
        reading.set("whitelist-source-range", &mut self.allowed, |text| text::ranges(text).map(Some));
        reading.set("denylist-source-range", &mut self.denied, |text| text::ranges(text).map(Some));
        let url = |url: &str| text::is_auth_url(url).then(|| Some(url.into()));
        reading.set("global-auth-url", &mut self.auth_url, url);
        reading.flag("service-upstream", &mut self.service_upstream);
        reading.flag("proxy-ssl-location-only", &mut self.backend_tls_by_location);
        self.hsts = self.read_hsts(reading);
    }

    fn read_hsts(&self, reading: &mut Reading<'_>) -> Option<CompactString> {
        let keys = ["hsts", "hsts-max-age", "hsts-include-subdomains", "hsts-preload"];
        if keys.iter().all(|key| reading.text(key).is_none()) {
            return self.hsts.clone();
        }
        let (mut is_sent, mut deep, mut preload) = (true, true, false);
        reading.flag("hsts", &mut is_sent);
        reading.flag("hsts-include-subdomains", &mut deep);
        reading.flag("hsts-preload", &mut preload);
        let mut age = 31_536_000;
        reading.set("hsts-max-age", &mut age, |text| text.parse::<u64>().ok());
        let more = |is_set, text| if is_set { text } else { "" };
        let (deep, preload) = (more(deep, "; includeSubDomains"), more(preload, "; preload"));
        is_sent.then(|| compact_str::format_compact!("max-age={age}{deep}{preload}"))
    }
}

impl GlobalAccess {
    fn read(&mut self, reading: &mut Reading<'_>) {
        reading.set("block-cidrs", &mut self.blocked_addresses, |text| text::ranges(text).map(Some));
        reading.set("block-user-agents", &mut self.blocked_agents, |text| Some(text::sorted(text)));
        reading.set("block-referers", &mut self.blocked_referers, |text| Some(text::sorted(text)));
        reading.set("no-auth-locations", &mut self.no_auth, |text| Some(text::items(text)));
        reading.flag("enable-modsecurity", &mut self.firewall);
        reading.flag("enable-owasp-modsecurity-crs", &mut self.firewall_rules);
        for key in ["http-snippet", "server-snippet", "location-snippet"] {
            if let Some(snippet) = reading.text(key).filter(|text| text::refuses(text)) {
                self.snippets.insert(key, snippet.into());
            }
        }
    }
}

impl Permits {
    fn read(&mut self, reading: &mut Reading<'_>) {
        reading.flag("allow-cross-namespace-resources", &mut self.cross_namespace);
        reading.flag("strict-validate-path-type", &mut self.strict_paths);
        let mut snippets = !self.no_snippets;
        reading.flag("allow-snippet-annotations", &mut snippets);
        self.no_snippets = !snippets;
        reading.set("annotations-risk-level", &mut self.risk, |text| Risk::new(text).map(Some));
        let names = |text: &str| text::items(text).into_iter().map(|name| name.to_ascii_lowercase()).collect();
        reading.set("global-allowed-response-headers", &mut self.response_headers, |text| Some(names(text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Profile, WorldMode};
    use crate::source::{Origin, Role, Source, SourceMap};

    fn config(data: &str) -> Config {
        let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{data}");
        let mut sources = SourceMap::new();
        sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into()));
        let graph = crate::compile(&sources, &Profile::new(WorldMode::Open, 0)).graph;
        let (_, map) = graph.config_maps.iter().next().unwrap();
        Config::default().with_config_map(map)
    }

    #[test]
    fn what_cannot_be_read_changes_nothing() {
        let config = config(
            "  ssl-redirect: \"false\"\n  force-ssl-redirect: maybe\n  http-redirect-code: \"301\"\n  no-tls-redirect-locations: /a, /b\n  proxy-read-timeout: 60s\n  proxy-body-size: huge\n  annotations-risk-level: Deadly\n",
        );
        assert_eq!(config.tls_redirect, TlsDefaults { redirect: false, force: false, keep_slash: false });
        assert_eq!((config.redirect_code, config.no_tls_redirect.as_slice()), (301, &["/a".into(), "/b".into()][..]));
        assert_eq!(config.defaults, Defaults::default());
        let unread: Vec<&str> = config.unread.iter().map(CompactString::as_str).collect();
        assert_eq!(unread, ["annotations-risk-level", "force-ssl-redirect", "proxy-body-size", "proxy-read-timeout"]);
    }

    #[test]
    fn what_the_config_map_says_for_all_locations() {
        let config = config(
            "  proxy-body-size: 8m\n  proxy-connect-timeout: \"7\"\n  whitelist-source-range: 10.0.0.0/8, 1.2.3.4\n  block-user-agents: b,a\n  custom-http-errors: 404,503\n  hsts-preload: \"true\"\n  hsts-max-age: \"10\"\n  http-snippet: deny 1.2.3.4;\n  server-snippet: add_header a b;\n",
        );
        assert_eq!((config.defaults.body_limit, config.defaults.timeouts.connect), (Some(8 << 20), Some(7)));
        assert_eq!(config.defaults.allowed.as_deref(), Some("1.2.3.4,10.0.0.0/8"));
        assert_eq!(config.access.blocked_agents.as_deref(), Some("a,b"));
        assert_eq!(config.defaults.intercepted, BTreeSet::from([404, 503]));
        assert_eq!(config.defaults.hsts.as_deref(), Some("max-age=10; includeSubDomains; preload"));
        assert_eq!(config.access.snippets.keys().collect::<Vec<_>>(), [&"http-snippet"]);
        assert!(config.unread.is_empty());
    }

    #[test]
    fn flags() {
        let flags = [
            ("--default-backend-service", "n/d"),
            ("--default-ssl-certificate", "nonsense"),
            ("--enable-ssl-passthrough", ""),
            ("--disable-catch-all", "false"),
            ("https-port", "8443"),
            ("--annotations-prefix", "x.io"),
        ];
        let flags = flags.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let config = Config::default().with_flags(&flags);
        assert_eq!(config.default_service, Some(ObjectKey::new("n", "d")));
        assert_eq!((config.tls.passthrough, config.disable_catch_all, config.ports.https), (true, false, 8443));
        assert_eq!((config.annotation_prefix.as_str(), config.tls.default_certificate.as_ref()), ("x.io", None));
        assert_eq!(config.unread.iter().collect::<Vec<_>>(), ["default-ssl-certificate"]);
    }
}

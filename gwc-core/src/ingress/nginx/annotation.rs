//! Annotations of ingress-nginx that decide where a request goes, as the controller reads them: names, accepted values,
//! and what applies when a value is refused (ingress-migrate.md §3.8). What they put in force: `policy`.
//!
//! Everything else about annotations (their translation, their loss) is the business of a conversion.

use compact_str::{CompactString, ToCompactString};

use crate::api::ingress::{Ingress, PathType};
use crate::ingress::World;
use crate::ingress::nginx::config::Config;
use crate::ingress::nginx::policy::{self, HostWide};
use crate::ingress::nginx::risk::Risk;
use crate::ingress::nginx::text::{is_auth_url, parse_bool, ranges};
use crate::ingress::policy::{Affinity, Policy};

/// When a location redirects to HTTPS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsRedirect {
    /// Never.
    Never,
    /// When the host has a certificate.
    WithCertificate,
    /// Always.
    Always,
}

/// `permanent-redirect` or `temporal-redirect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// `Location`, literally.
    pub url: CompactString,
    /// Status.
    pub code: u16,
}

/// `canary` and its companions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Canary {
    /// `canary-by-header`.
    pub header: Option<CompactString>,
    /// `canary-by-header-value`.
    pub header_value: Option<CompactString>,
    /// `canary-by-header-pattern`.
    pub header_pattern: Option<CompactString>,
    /// `canary-by-cookie`.
    pub cookie: Option<CompactString>,
    /// `canary-weight`.
    pub weight: u32,
    /// `canary-weight-total`, at least 100.
    pub total: u32,
}

/// Details of redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RedirectStyle {
    /// `preserve-trailing-slash`.
    pub keep_slash: bool,
    /// `use-port-in-redirects`.
    pub with_port: bool,
    /// `relative-redirects`.
    pub relative: bool,
}

/// What an Ingress says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotations {
    /// `rewrite-target`.
    pub rewrite_target: Option<CompactString>,
    /// `use-regex`.
    pub use_regex: bool,
    /// `app-root`.
    pub app_root: Option<CompactString>,
    /// `temporal-redirect`, else `permanent-redirect`.
    pub redirect: Option<Redirect>,
    /// `from-to-www-redirect`.
    pub from_to_www: bool,
    /// `ssl-redirect`, `force-ssl-redirect`.
    pub tls_redirect: TlsRedirect,
    /// Details of redirects.
    pub style: RedirectStyle,
    /// `server-alias`.
    pub aliases: Vec<CompactString>,
    /// `upstream-vhost`.
    pub upstream_vhost: Option<CompactString>,
    /// `canary`.
    pub canary: Option<Canary>,
    /// What is in force at the locations of the Ingress, without what hosts and upstreams add.
    pub policy: Policy,
    /// What it sets for whole hosts.
    pub host_wide: HostWide,
    /// `affinity`.
    pub affinity: Option<Affinity>,
    /// `upstream-hash-by`, `load-balance`.
    pub balance: Option<CompactString>,
    /// `service-upstream`.
    pub service_upstream: bool,
    /// The annotation for which all locations of the Ingress answer 503 (MIG509).
    pub denied: Option<&'static str>,
    /// The annotation for which the controller ignores the whole Ingress.
    pub rejected: Option<&'static str>,
    /// Annotations whose value is not used (MIG507).
    pub unused: Vec<&'static str>,
}

/// Characters of host names, paths and ports.
pub(super) fn is_basic(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte))
}

fn is_path_with_captures(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:$".contains(&byte))
}

fn is_url(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:?&=".contains(&byte))
}

fn is_regex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || br"-._~/:^$[](){}*+?|&=\".contains(&byte))
}

fn is_server_names(text: &str) -> bool {
    text.split(',').all(|name| is_regex(name.trim()))
}

pub(super) fn is_any(_: &str) -> bool {
    true
}

/// Reads one annotation after the other, and keeps what was refused.
pub(super) struct Reading<'i> {
    pub(super) ingress: &'i Ingress,
    /// Position of the Ingress.
    pub(super) at: usize,
    pub(super) world: &'i World<'i>,
    pub(super) config: &'i Config,
    unused: Vec<&'static str>,
}

impl<'i> Reading<'i> {
    /// Annotations of the controller, without prefix.
    fn all(&self) -> impl Iterator<Item = (&'i str, &'i str)> {
        let prefix = self.config.annotation_prefix.as_str();
        self.ingress.meta.annotations.iter().filter_map(move |(name, value)| {
            let name = name.value.strip_prefix(prefix)?.strip_prefix('/')?;
            Some((name, value.value.trim()))
        })
    }

    /// The value without space around it; an empty one counts as absent.
    pub(super) fn text(&self, key: &str) -> Option<&'i str> {
        self.all().find(|(name, _)| *name == key).map(|(_, text)| text).filter(|text| !text.is_empty())
    }

    /// The value of a key, else that of its other name.
    pub(super) fn text_of(&self, key: &str, alias: &str) -> Option<&'i str> {
        self.text(key).or_else(|| self.text(alias))
    }

    /// Namespace of the Ingress.
    pub(super) fn namespace(&self) -> &'i str {
        &self.ingress.meta.key.namespace
    }

    pub(super) fn refuse(&mut self, key: &'static str) {
        self.unused.push(key);
    }

    pub(super) fn checked(&mut self, key: &'static str, is_valid: fn(&str) -> bool) -> Option<&'i str> {
        let text = self.text(key)?;
        if is_valid(text) {
            return Some(text);
        }
        self.unused.push(key);
        None
    }

    pub(super) fn flag(&mut self, key: &'static str, default: bool) -> bool {
        self.checked(key, |text| parse_bool(text).is_some()).and_then(parse_bool).unwrap_or(default)
    }

    pub(super) fn number(&mut self, key: &'static str) -> Option<i64> {
        self.checked(key, |text| text.parse::<i64>().is_ok()).and_then(|text| text.parse().ok())
    }

    pub(super) fn word(&mut self, key: &'static str, is_valid: fn(&str) -> bool) -> Option<CompactString> {
        self.checked(key, is_valid).map(CompactString::from)
    }
}

impl Annotations {
    /// Reads the annotations of the Ingress at a position of the world.
    #[must_use]
    pub fn read(world: &World<'_>, at: usize, ingress: &Ingress, config: &Config) -> Self {
        let mut reading = Reading { ingress, at, world, config, unused: Vec::new() };
        let (redirect, refused, from_to_www) = redirect(&mut reading);
        let rejected = refused.or_else(|| rejected(&reading));
        Self {
            rewrite_target: reading.word("rewrite-target", is_path_with_captures),
            use_regex: reading.flag("use-regex", false),
            app_root: app_root(&mut reading),
            redirect,
            from_to_www,
            tls_redirect: tls_redirect(&mut reading, config),
            style: RedirectStyle {
                keep_slash: reading.flag("preserve-trailing-slash", config.tls_redirect.keep_slash),
                with_port: reading.flag("use-port-in-redirects", false),
                relative: reading.flag("relative-redirects", config.relative_redirects),
            },
            aliases: aliases(&mut reading),
            upstream_vhost: reading.word("upstream-vhost", is_any),
            canary: canary(&mut reading),
            policy: policy::of_locations(&mut reading),
            host_wide: policy::of_hosts(&mut reading),
            affinity: policy::affinity(&mut reading),
            balance: policy::balance(&mut reading),
            service_upstream: reading.flag("service-upstream", config.defaults.service_upstream),
            denied: denied(&reading),
            rejected,
            unused: reading.unused,
        }
    }
}

fn app_root(reading: &mut Reading<'_>) -> Option<CompactString> {
    // An absolute URL is refused, and so is what is no path at all.
    reading.word("app-root", |text| is_path_with_captures(text) && text.starts_with('/'))
}

fn tls_redirect(reading: &mut Reading<'_>, config: &Config) -> TlsRedirect {
    let force = reading.flag("force-ssl-redirect", config.tls_redirect.force);
    let usual = reading.flag("ssl-redirect", config.tls_redirect.redirect);
    match (force, usual) {
        (true, _) => TlsRedirect::Always,
        (false, true) => TlsRedirect::WithCertificate,
        (false, false) => TlsRedirect::Never,
    }
}

/// The redirect, the annotation that makes the controller ignore the Ingress, and `from-to-www-redirect`, which is lost
/// when the parser of redirects fails.
fn redirect(reading: &mut Reading<'_>) -> (Option<Redirect>, Option<&'static str>, bool) {
    let www = reading.flag("from-to-www-redirect", false);
    let kinds = [
        ("temporal-redirect", "temporal-redirect-code", 302, 300..=307),
        ("permanent-redirect", "permanent-redirect-code", 301, 300..=308),
    ];
    for (key, code_key, default, codes) in kinds {
        let Some(url) = reading.text(key) else { continue };
        if !is_url(url) {
            return (None, Some(key), false);
        }
        if !url.split_once(':').is_some_and(|(scheme, _)| scheme.starts_with("http")) {
            reading.unused.push(key);
            return (None, None, false);
        }
        let written = reading.number(code_key);
        let code = written.and_then(|code| u16::try_from(code).ok()).filter(|code| codes.contains(code));
        if written.is_some() && code.is_none() {
            reading.unused.push(code_key);
        }
        return (Some(Redirect { url: url.into(), code: code.unwrap_or(default) }), None, www);
    }
    (None, None, www)
}

fn aliases(reading: &mut Reading<'_>) -> Vec<CompactString> {
    let text = reading.checked("server-alias", is_server_names).unwrap_or_default();
    let mut names: Vec<CompactString> = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let name = name.to_compact_string();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.sort();
    names
}

/// Without `canary: "true"` the other keys have no effect.
fn canary(reading: &mut Reading<'_>) -> Option<Canary> {
    if !reading.flag("canary", false) {
        return None;
    }
    // A total below 100 has no effect on the choice.
    let total =
        reading.number("canary-weight-total").and_then(|total| u32::try_from(total).ok()).unwrap_or(100).max(100);
    let weight = reading.number("canary-weight").map_or(0, |weight| u32::try_from(weight.max(0)).unwrap_or(u32::MAX));
    Some(Canary {
        header: reading.word("canary-by-header", is_basic),
        header_value: reading.word("canary-by-header-value", is_basic),
        header_pattern: reading.word("canary-by-header-pattern", is_regex),
        cookie: reading.word("canary-by-cookie", is_basic),
        weight: weight.min(total),
        total,
    })
}

/// Why the controller ignores the whole Ingress (step A).
fn rejected(reading: &Reading<'_>) -> Option<&'static str> {
    let permits = &reading.config.permits;
    if permits.risk.is_some_and(|level| reading.all().any(|(key, _)| Risk::of(key) > level)) {
        return Some("annotations-risk-level");
    }
    if permits.no_snippets && reading.all().any(|(key, text)| key.ends_with("-snippet") && !text.is_empty()) {
        return Some("allow-snippet-annotations");
    }
    if permits.strict_paths && !has_plain_paths(reading.ingress) {
        return Some("strict-validate-path-type");
    }
    // The parser of rate limits passes the error on, unlike that of lists.
    let exempt = reading.text_of("limit-allowlist", "limit-whitelist");
    exempt.is_some_and(|text| ranges(text).is_none()).then_some("limit-allowlist")
}

/// Are Exact and Prefix paths free of patterns?
fn has_plain_paths(ingress: &Ingress) -> bool {
    let paths = ingress.rules.iter().flat_map(|rule| rule.paths.iter().flatten());
    let mut literal = paths.filter(|path| path.path_type.value != PathType::ImplementationSpecific);
    literal.all(|path| {
        let text = path.path.as_ref().map_or("/", |path| path.value.as_str());
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
        text.is_empty() || (text.starts_with('/') && text.bytes().all(is_plain))
    })
}

/// The first annotation for which the controller closes the locations of the Ingress.
fn denied(reading: &Reading<'_>) -> Option<&'static str> {
    let lists =
        [("allowlist-source-range", "whitelist-source-range"), ("denylist-source-range", "denylist-source-range")];
    for (key, alias) in lists {
        if reading.text_of(key, alias).is_some_and(|text| ranges(text).is_none()) {
            return Some(key);
        }
    }
    denied_password(reading)
        .or_else(|| denied_auth_request(reading))
        .or_else(|| policy::is_denied_secret(reading, "proxy-ssl-secret").then_some("proxy-ssl-secret"))
        .or_else(|| policy::is_denied_secret(reading, "auth-tls-secret").then_some("auth-tls-secret"))
        .or_else(|| policy::has_forbidden_headers(reading).then_some("custom-headers"))
}

fn denied_password(reading: &Reading<'_>) -> Option<&'static str> {
    let kind = reading.text("auth-type")?;
    if !matches!(kind, "basic" | "digest") {
        return Some("auth-type");
    }
    let types = ["auth-file", "auth-map"];
    let secret_type = reading.text("auth-secret-type");
    if secret_type.is_some_and(|text| !types.contains(&text)) {
        return Some("auth-secret-type");
    }
    let Some(name) = reading.text("auth-secret") else { return Some("auth-secret") };
    let namespace = reading.namespace();
    let (owner, name) = name.split_once('/').unwrap_or((namespace, name));
    if owner != namespace && !reading.config.permits.cross_namespace {
        return Some("auth-secret");
    }
    let secret = reading.world.secrets.get(&crate::value::ObjectKey::new(owner, name));
    let lacks_file = |secret: &&&crate::api::core::Secret| secret.value("auth").is_none();
    (secret_type != Some("auth-map") && secret.as_ref().is_some_and(lacks_file)).then_some("auth-secret")
}

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"];

fn denied_auth_request(reading: &Reading<'_>) -> Option<&'static str> {
    if !is_auth_url(reading.text("auth-url")?) {
        return Some("auth-url");
    }
    if reading.text("auth-method").is_some_and(|method| !METHODS.contains(&method)) {
        return Some("auth-method");
    }
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let headers = reading.text("auth-response-headers").unwrap_or_default();
    (!headers.split(',').map(str::trim).all(is_name)).then_some("auth-response-headers")
}

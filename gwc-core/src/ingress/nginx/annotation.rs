//! Annotations of ingress-nginx that decide where a request goes, as the controller reads them: names, accepted values,
//! and what applies when a value is refused (ingress-migrate.md §3.8).
//!
//! Everything else about annotations (their translation, their loss) is the business of a conversion.

use std::net::IpAddr;

use compact_str::{CompactString, ToCompactString};

use crate::api::ingress::Ingress;
use crate::ingress::nginx::config::Config;

/// The protocol to the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Protocol {
    /// HTTP, the default.
    #[default]
    Http,
    /// HTTPS.
    Https,
    /// The scheme of the client.
    AutoHttp,
    /// gRPC.
    Grpc,
    /// gRPC over TLS.
    Grpcs,
    /// FastCGI.
    Fcgi,
}

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
    /// `backend-protocol`.
    pub protocol: Protocol,
    /// `canary`.
    pub canary: Option<Canary>,
    /// Origins of `enable-cors`; `*` stands for all.
    pub cors_origins: Option<Vec<CompactString>>,
    /// The annotation for which all locations of the Ingress answer 503 (MIG509).
    pub denied: Option<&'static str>,
    /// The annotation for which the controller ignores the whole Ingress.
    pub rejected: Option<&'static str>,
    /// Annotations whose value is not used (MIG507).
    pub unused: Vec<&'static str>,
}

/// The boolean that Go's `strconv.ParseBool` reads.
#[must_use]
pub fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Characters of host names, paths and ports.
fn is_basic(text: &str) -> bool {
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

fn is_any(_: &str) -> bool {
    true
}

/// Reads one annotation after the other, and keeps what was refused.
struct Reading<'i> {
    ingress: &'i Ingress,
    prefix: &'i str,
    unused: Vec<&'static str>,
}

impl<'i> Reading<'i> {
    /// The value without space around it; an empty one counts as absent.
    fn text(&self, key: &str) -> Option<&'i str> {
        let annotations = self.ingress.meta.annotations.iter();
        let mut own = annotations.filter_map(|(name, value)| {
            let name = name.value.strip_prefix(self.prefix)?.strip_prefix('/')?;
            (name == key).then_some(value.value.trim())
        });
        own.next().filter(|text| !text.is_empty())
    }

    fn checked(&mut self, key: &'static str, is_valid: fn(&str) -> bool) -> Option<&'i str> {
        let text = self.text(key)?;
        if is_valid(text) {
            return Some(text);
        }
        self.unused.push(key);
        None
    }

    fn flag(&mut self, key: &'static str, default: bool) -> bool {
        self.checked(key, |text| parse_bool(text).is_some()).and_then(parse_bool).unwrap_or(default)
    }

    fn number(&mut self, key: &'static str) -> Option<i64> {
        self.checked(key, |text| text.parse::<i64>().is_ok()).and_then(|text| text.parse().ok())
    }

    fn word(&mut self, key: &'static str, is_valid: fn(&str) -> bool) -> Option<CompactString> {
        self.checked(key, is_valid).map(CompactString::from)
    }
}

impl Annotations {
    /// Reads the annotations of an Ingress.
    #[must_use]
    pub fn read(ingress: &Ingress, config: &Config) -> Self {
        let mut reading = Reading { ingress, prefix: &config.annotation_prefix, unused: Vec::new() };
        let (redirect, rejected, from_to_www) = redirect(&mut reading);
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
            protocol: protocol(&mut reading),
            canary: canary(&mut reading),
            cors_origins: cors(&mut reading),
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

fn protocol(reading: &mut Reading<'_>) -> Protocol {
    let Some(text) = reading.text("backend-protocol") else { return Protocol::Http };
    match text.to_ascii_uppercase().as_str() {
        "HTTP" => Protocol::Http,
        "HTTPS" => Protocol::Https,
        "AUTO_HTTP" => Protocol::AutoHttp,
        "GRPC" => Protocol::Grpc,
        "GRPCS" => Protocol::Grpcs,
        "FCGI" => Protocol::Fcgi,
        _ => {
            reading.unused.push("backend-protocol");
            Protocol::Http
        }
    }
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

fn cors(reading: &mut Reading<'_>) -> Option<Vec<CompactString>> {
    if !reading.flag("enable-cors", false) {
        return None;
    }
    let text = reading.text("cors-allow-origin").unwrap_or("*");
    let origins: Vec<CompactString> =
        text.split(',').map(str::trim).filter(|origin| !origin.is_empty()).map(CompactString::from).collect();
    if origins.iter().any(|origin| origin == "*") { Some(vec![CompactString::const_new("*")]) } else { Some(origins) }
}

/// The first annotation for which the controller closes the locations of the Ingress.
fn denied(reading: &Reading<'_>) -> Option<&'static str> {
    let lists =
        [("allowlist-source-range", "whitelist-source-range"), ("denylist-source-range", "denylist-source-range")];
    for (key, alias) in lists {
        let text = reading.text(key).or_else(|| reading.text(alias));
        if text.is_some_and(|text| !text.split(',').map(str::trim).all(is_address_or_range)) {
            return Some(key);
        }
    }
    if let Some(kind) = reading.text("auth-type") {
        if !matches!(kind, "basic" | "digest") {
            return Some("auth-type");
        }
        let types = ["auth-file", "auth-map"];
        if reading.text("auth-secret-type").is_some_and(|text| !types.contains(&text)) {
            return Some("auth-secret-type");
        }
        let namespace = reading.ingress.meta.key.namespace.as_str();
        let foreign = |name: &str| name.split_once('/').is_some_and(|(own, _)| own != namespace);
        if reading.text("auth-secret").is_none_or(foreign) {
            return Some("auth-secret");
        }
    }
    let url = reading.text("auth-url");
    url.is_some_and(|url| !is_auth_url(url)).then_some("auth-url")
}

/// `http://host…` or `https://host…`.
fn is_auth_url(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', '?']).next());
    host.is_some_and(|host| !host.is_empty() && !host.contains(".."))
}

fn is_address_or_range(text: &str) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let limit = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|length| length.parse::<u8>().is_ok_and(|length| length <= limit))
}

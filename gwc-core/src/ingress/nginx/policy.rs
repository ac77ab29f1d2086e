//! What annotations and ConfigMap put in force at locations (ingress-migrate.md §3.2, §3.8, §3.9).
//!
//! The facts of one Ingress are read once; those of its hosts and upstreams are added where a location is made
//! (`build`).

use std::collections::{BTreeMap, BTreeSet};

use compact_str::{CompactString, format_compact};

use crate::ingress::nginx::annotation::{Reading, is_any, is_basic};
use crate::ingress::nginx::config::{Config, object_key};
use crate::ingress::nginx::text;
use crate::ingress::policy::{
    Access, Affinity, BackendTls, Control, Cors, Mirror, Policy, Protocol, Retries, Setter, Stage, Timeouts,
};
use crate::value::ObjectKey;

/// What an Ingress sets for whole hosts (§3.2); which Ingress of a host counts is decided where servers are made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostWide {
    /// `server-snippet`, whatever it says.
    pub snippet: Option<Access>,
    /// `ssl-passthrough`, where the flag allows it.
    pub passthrough: bool,
    /// `auth-tls-secret` with its companions; `None`: nothing is asked of clients.
    pub clients: Option<Access>,
    /// `auth-tls-secret` cannot be used: the controller closes the whole host.
    pub closes: bool,
}

/// The facts of locations.
pub(super) fn of_locations(reading: &mut Reading<'_>) -> Policy {
    let mut policy = global(reading.config);
    address_lists(reading, &mut policy.access);
    authentication(reading, &mut policy.access);
    rate_limits(reading, &mut policy.access);
    firewall(reading, &mut policy.access);
    if let Some(snippet) = reading.text("configuration-snippet").filter(|snippet| text::refuses(snippet)) {
        policy.access.insert(own(reading, Control::Snippet, "configuration-snippet", snippet));
    }
    policy.timeouts = timeouts(reading);
    policy.retries = retries(reading);
    if let Some(limit) = reading.checked("proxy-body-size", |text| text::size(text).is_some()).and_then(text::size) {
        policy.body_limit = limit;
    }
    let codes = reading.checked("custom-http-errors", |text| text::statuses(text).is_some());
    if let Some(codes) = codes.and_then(text::statuses) {
        policy.intercepted = codes;
    }
    if reading.flag("disable-proxy-intercept-errors", false) {
        policy.intercepted = BTreeSet::new();
    }
    policy.protocol = protocol(reading);
    policy.mirror = mirror(reading);
    policy.cors = cors(reading);
    policy.backend_tls = backend_tls(reading);
    policy.response_headers = custom_headers(reading).unwrap_or_default();
    // Set for requests only where a rewrite is active, which locations decide.
    if let Some(prefix) = reading.word("x-forwarded-prefix", is_basic) {
        policy.request_headers.insert(X_FORWARDED_PREFIX, prefix);
    }
    policy
}

/// The header that is sent only with an active rewrite.
pub(super) const X_FORWARDED_PREFIX: CompactString = CompactString::const_new("X-Forwarded-Prefix");

/// What the ConfigMap puts in force at every location, annotated or not.
pub(super) fn global(config: &Config) -> Policy {
    let mut access = of_every_host(config);
    let mut add = |control, key: &str, value: &str| access.insert(by_config_map(control, Stage::Backend, key, value));
    for (control, key, list) in [
        (Control::AllowList, "whitelist-source-range", &config.defaults.allowed),
        (Control::DenyList, "denylist-source-range", &config.defaults.denied),
        (Control::DenyList, "block-cidrs", &config.access.blocked_addresses),
    ] {
        if let Some(list) = list {
            add(control, key, list);
        }
    }
    if config.access.firewall {
        add(Control::Firewall, "enable-modsecurity", "true");
    }
    if let Some(snippet) = config.access.snippets.get("location-snippet") {
        add(Control::Snippet, "location-snippet", snippet);
    }
    Policy {
        access,
        body_limit: config.defaults.body_limit,
        timeouts: config.defaults.timeouts,
        retries: Some(config.defaults.retries.clone()).filter(does_retry),
        hsts: config.defaults.hsts.clone(),
        intercepted: config.defaults.intercepted.clone(),
        ..Policy::default()
    }
}

/// Controls of the ConfigMap that come before every answer.
pub(super) fn of_every_host(config: &Config) -> BTreeSet<Access> {
    let global = &config.access;
    let snippet = |key| global.snippets.get(key).cloned();
    let all = [
        (Control::BlockedAgents, "block-user-agents", global.blocked_agents.clone()),
        (Control::BlockedReferers, "block-referers", global.blocked_referers.clone()),
        (Control::Snippet, "http-snippet", snippet("http-snippet")),
        (Control::Snippet, "server-snippet", snippet("server-snippet")),
    ];
    let set = all.into_iter().filter_map(|(control, key, value)| Some((control, key, value?)));
    set.map(|(control, key, value)| by_config_map(control, Stage::Host, key, &value)).collect()
}

fn by_config_map(control: Control, stage: Stage, key: &str, value: &str) -> Access {
    Access { control, stage, setter: Setter::ConfigMap, key: key.into(), value: value.into() }
}

fn own(reading: &Reading<'_>, control: Control, key: &str, value: &str) -> Access {
    let setter = Setter::Ingress(reading.at);
    Access { control, stage: Stage::Backend, setter, key: key.into(), value: value.into() }
}

/// The list of an Ingress takes the place of the global one. Rules of a location hide those of the whole proxy, which
/// `block-cidrs` are.
fn address_lists(reading: &Reading<'_>, access: &mut BTreeSet<Access>) {
    for (control, key, alias) in [
        (Control::AllowList, "allowlist-source-range", "whitelist-source-range"),
        (Control::DenyList, "denylist-source-range", "denylist-source-range"),
    ] {
        if let Some(list) = reading.text_of(key, alias).and_then(text::ranges) {
            access.retain(|one| one.control != control);
            access.insert(own(reading, control, key, &list));
        }
    }
    let is_list = |one: &Access| matches!(one.control, Control::AllowList | Control::DenyList);
    if access.iter().any(|one| is_list(one) && one.key != "block-cidrs") {
        access.retain(|one| one.key != "block-cidrs");
    }
}

fn authentication(reading: &mut Reading<'_>, access: &mut BTreeSet<Access>) {
    if let Some((kind, secret)) = reading.text("auth-type").zip(reading.text("auth-secret")) {
        access.insert(own(reading, Control::Password, "auth-type", &format_compact!("{kind} {secret}")));
    }
    let honours_global = reading.flag("enable-global-auth", true);
    match (reading.text("auth-url"), &reading.config.defaults.auth_url) {
        (Some(url), _) => {
            access.insert(own(reading, Control::ExternalAuthentication, "auth-url", url));
        }
        (None, Some(url)) if honours_global => {
            access.insert(by_config_map(Control::ExternalAuthentication, Stage::Backend, "global-auth-url", url));
        }
        (None, _) => {}
    }
    if reading.checked("satisfy", |text| matches!(text, "any" | "all")) == Some("any") {
        access.insert(own(reading, Control::AnyOf, "satisfy", "any"));
    }
}

/// Is this one of the controls that `no-auth-locations` lifts?
pub(super) fn is_authentication(access: &Access) -> bool {
    matches!(access.control, Control::Password | Control::ExternalAuthentication)
}

fn rate_limits(reading: &mut Reading<'_>, access: &mut BTreeSet<Access>) {
    for (control, key) in [
        (Control::RateLimit, "limit-rps"),
        (Control::RateLimit, "limit-rpm"),
        (Control::ConnectionLimit, "limit-connections"),
    ] {
        if let Some(number) = reading.number(key).filter(|number| *number > 0) {
            access.insert(own(reading, control, key, &format_compact!("{number}")));
        }
    }
}

fn firewall(reading: &mut Reading<'_>, access: &mut BTreeSet<Access>) {
    let is_on = reading.flag("enable-modsecurity", reading.config.access.firewall);
    access.retain(|one| one.control != Control::Firewall || is_on);
    if is_on && reading.text("enable-modsecurity").is_some() {
        access.retain(|one| one.control != Control::Firewall);
        access.insert(own(reading, Control::Firewall, "enable-modsecurity", "true"));
    }
    let rules = reading.flag("enable-owasp-core-rules", reading.config.access.firewall_rules);
    if rules && is_on && reading.text("enable-owasp-core-rules").is_some() {
        access.insert(own(reading, Control::Firewall, "enable-owasp-core-rules", "true"));
    }
    if let Some(snippet) = reading.text("modsecurity-snippet") {
        access.insert(own(reading, Control::Firewall, "modsecurity-snippet", snippet));
    }
}

fn timeouts(reading: &mut Reading<'_>) -> Timeouts {
    let defaults = reading.config.defaults.timeouts;
    let mut seconds = |key, default: Option<u64>| {
        reading.number(key).and_then(|seconds| u64::try_from(seconds).ok()).map_or(default, Some)
    };
    Timeouts {
        connect: seconds("proxy-connect-timeout", defaults.connect),
        read: seconds("proxy-read-timeout", defaults.read),
        send: seconds("proxy-send-timeout", defaults.send),
    }
}

fn retries(reading: &mut Reading<'_>) -> Option<Retries> {
    let mut retries = reading.config.defaults.retries.clone();
    if let Some(conditions) = reading.text("proxy-next-upstream") {
        retries.on = text::words(conditions);
    }
    let mut limit = |key, own: &mut Option<u64>| {
        if let Some(limit) = reading.checked(key, |text| text::limit(text).is_some()).and_then(text::limit) {
            *own = limit;
        }
    };
    limit("proxy-next-upstream-tries", &mut retries.tries);
    limit("proxy-next-upstream-timeout", &mut retries.timeout);
    Some(retries).filter(does_retry)
}

fn does_retry(retries: &Retries) -> bool {
    !retries.on.contains("off") && !retries.on.is_empty() && retries.tries != Some(1)
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
            reading.refuse("backend-protocol");
            Protocol::Http
        }
    }
}

fn mirror(reading: &mut Reading<'_>) -> Option<Mirror> {
    let target = reading.word("mirror-target", is_any)?;
    let with_body = reading.checked("mirror-request-body", |text| matches!(text, "on" | "off")) != Some("off");
    Some(Mirror { target, with_body, host: reading.word("mirror-host", is_any) })
}

/// Names that browsers may use where nothing is said.
const CORS_METHODS: &str = "GET, PUT, POST, DELETE, PATCH, OPTIONS";
const CORS_HEADERS: &str =
    "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";

fn cors(reading: &mut Reading<'_>) -> Option<Cors> {
    if !reading.flag("enable-cors", false) {
        return None;
    }
    let mut list = |key, is_valid: fn(&str) -> bool, default: &str| -> BTreeSet<CompactString> {
        text::items(reading.checked(key, is_valid).unwrap_or(default)).into_iter().collect()
    };
    let methods = list("cors-allow-methods", is_method_list, CORS_METHODS);
    let headers = list("cors-allow-headers", is_header_list, CORS_HEADERS);
    let exposed = list("cors-expose-headers", |text| text == "*" || is_header_list(text), "");
    Some(Cors {
        origins: origins(reading),
        methods,
        headers,
        exposed,
        credentials: reading.flag("cors-allow-credentials", true),
        max_age: reading.number("cors-max-age").unwrap_or(1_728_000),
    })
}

/// One that cannot be read is passed over.
fn origins(reading: &mut Reading<'_>) -> BTreeSet<CompactString> {
    let all = || BTreeSet::from([CompactString::const_new("*")]);
    let Some(text) = reading.text("cors-allow-origin") else { return all() };
    let items = text::items(text);
    if items.iter().any(|origin| origin == "*") {
        return all();
    }
    let n_items = items.len();
    let origins: BTreeSet<CompactString> = items.into_iter().filter(|origin| is_origin(origin)).collect();
    if origins.len() < n_items {
        reading.refuse("cors-allow-origin");
    }
    origins
}

/// `scheme://host:port`, the host maybe with `*.` in front; or `null`.
fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return text == "null" };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let host = host.strip_prefix("*.").unwrap_or(host);
    scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !scheme.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_method_list(text: &str) -> bool {
    text.split(',').map(str::trim).all(|item| item.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

fn is_header_list(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    text.split(',').map(str::trim).all(|item| item.bytes().all(is_letter))
}

/// Is a Secret named that the Ingress may not use, or that is no `namespace/name`?
pub(super) fn is_denied_secret(reading: &Reading<'_>, key: &str) -> bool {
    let Some(text) = reading.text(key) else { return false };
    let foreign = |secret: &ObjectKey| secret.namespace != reading.namespace();
    object_key(text).is_none_or(|secret| foreign(&secret) && !reading.config.permits.cross_namespace)
}

fn named_secret(reading: &Reading<'_>, key: &str) -> Option<ObjectKey> {
    reading.text(key).filter(|_| !is_denied_secret(reading, key)).and_then(object_key)
}

/// A Secret that is not in the world counts as having a CA.
fn has_ca(reading: &Reading<'_>, secret: &ObjectKey) -> bool {
    reading.world.secrets.get(secret).is_none_or(|secret| secret.value("ca.crt").is_some())
}

/// Without the Secret the other keys have no effect.
fn backend_tls(reading: &mut Reading<'_>) -> Option<BackendTls> {
    let secret = named_secret(reading, "proxy-ssl-secret")?;
    let mut is_on = |key| reading.checked(key, |text| matches!(text, "on" | "off")) == Some("on");
    let (verifies, sends_name) = (is_on("proxy-ssl-verify"), is_on("proxy-ssl-server-name"));
    // Nothing to verify with.
    let verifies = verifies && has_ca(reading, &secret);
    Some(BackendTls { secret, verifies, name: reading.word("proxy-ssl-name", is_any), sends_name })
}

/// Response headers of the ConfigMap that `custom-headers` names.
fn custom_headers(reading: &Reading<'_>) -> Option<BTreeMap<CompactString, CompactString>> {
    let map = reading.world.config_maps.get(&object_key(reading.text("custom-headers")?)?)?;
    let fields = map.data.iter().filter_map(|(name, value)| {
        let text = std::str::from_utf8(value.bytes.as_deref()?).ok()?;
        Some((name.clone(), text.into()))
    });
    Some(fields.collect())
}

/// Does `custom-headers` name a header that the controller's ConfigMap does not allow?
pub(super) fn has_forbidden_headers(reading: &Reading<'_>) -> bool {
    let allowed = &reading.config.permits.response_headers;
    let headers = custom_headers(reading).unwrap_or_default();
    headers.keys().any(|name| !allowed.contains(name.to_ascii_lowercase().as_str()))
}

/// The facts of hosts.
pub(super) fn of_hosts(reading: &mut Reading<'_>) -> HostWide {
    let closes = is_denied_secret(reading, "auth-tls-secret");
    HostWide {
        snippet: reading.text("server-snippet").map(|text| {
            let access = own(reading, Control::Snippet, "server-snippet", text);
            Access { stage: Stage::Host, ..access }
        }),
        passthrough: reading.flag("ssl-passthrough", false) && reading.config.tls.passthrough,
        clients: clients(reading),
        closes,
    }
}

/// Without `ca.crt` nothing is asked of clients.
fn clients(reading: &mut Reading<'_>) -> Option<Access> {
    let secret = named_secret(reading, "auth-tls-secret").filter(|secret| has_ca(reading, secret))?;
    let is_mode = |text: &str| matches!(text, "on" | "off" | "optional" | "optional_no_ca");
    let mode = reading.checked("auth-tls-verify-client", is_mode).unwrap_or("on");
    let subject = reading.text("auth-tls-match-cn").map(|subject| format_compact!(" {subject}")).unwrap_or_default();
    let value = format_compact!("{secret} {mode}{subject}");
    let access = own(reading, Control::ClientCertificate, "auth-tls-secret", &value);
    (mode != "off").then_some(Access { stage: Stage::Host, ..access })
}

/// How the endpoints of an upstream are chosen: a hash goes before algorithms.
pub(super) fn balance(reading: &mut Reading<'_>) -> Option<CompactString> {
    let hash = reading.word("upstream-hash-by", is_any);
    let algorithm = reading.text("load-balance").map(text::balance);
    hash.or_else(|| algorithm.unwrap_or_else(|| reading.config.defaults.balance.clone()))
}

/// The cookie of sessions.
pub(super) fn affinity(reading: &mut Reading<'_>) -> Option<Affinity> {
    reading.checked("affinity", |text| text == "cookie")?;
    let cookie = reading.word("session-cookie-name", is_basic).unwrap_or(CompactString::const_new("INGRESSCOOKIE"));
    let age = reading.number("session-cookie-max-age").or_else(|| reading.number("session-cookie-expires"));
    Some(Affinity { cookie, max_age: age.and_then(|age| u64::try_from(age).ok()) })
}

//! What the annotations of one Ingress ask for, as the converter reads them: typed values, each with the report item
//! of its annotation.
//!
//! Every annotation key gets exactly one item, whatever becomes of it. The source evaluator reads annotations by itself
//! (`ingress/nginx/annotation.rs`); the two must not share code, because each checks the other.

use compact_str::CompactString;

use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::annotation::{Control, Scope, Verdict, foreign as other};
use crate::migrate::code;
use crate::migrate::item::{Fact, Item, ItemId, Origin};
use crate::value::ObjectKey;

mod access;
mod allowance;
mod backend;
mod cors;
mod foreign;
mod reader;
mod risk;
mod routing;
mod snippet;
mod value;
pub(in crate::migrate) mod word;

pub(in crate::migrate) use reader::Subject;

use reader::Reader;

/// A value and the item that reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Its item.
    pub item: ItemId,
}

/// When HTTP is redirected to HTTPS (§3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum TlsRedirect {
    /// Never.
    Never,
    /// Where the host has a certificate: the controller's default.
    #[default]
    WithCertificate,
    /// Always.
    Always,
}

/// `permanent-redirect` or `temporal-redirect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlRedirect {
    /// The URL, literally.
    pub url: CompactString,
    /// Status that the controller sends.
    pub code: u16,
}

/// Protocol to the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Protocol {
    /// HTTP.
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

/// `canary` and its companions (§3.5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Canary {
    /// Header, unless nginx drops it.
    pub header: Option<CompactString>,
    /// Its value.
    pub header_value: Option<CompactString>,
    /// Pattern of its value, where no value is given.
    pub header_pattern: Option<CompactString>,
    /// Cookie.
    pub cookie: Option<CompactString>,
    /// Weight of the canary.
    pub weight: u32,
    /// Of how many, at least 100.
    pub total: u32,
}

/// `enable-cors` with its companions, defaults filled in (§3.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cors {
    /// Origins; `*` alone stands for all.
    pub origins: Vec<CompactString>,
    /// Are credentials allowed on the source?
    pub has_credentials: bool,
    /// Methods.
    pub methods: Vec<CompactString>,
    /// Headers of requests.
    pub headers: Vec<CompactString>,
    /// Headers of answers.
    pub exposed: Vec<CompactString>,
    /// Seconds.
    pub max_age: u32,
}

/// TLS to the backend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BackendTls {
    /// `proxy-ssl-secret`.
    pub secret: Option<ObjectKey>,
    /// `proxy-ssl-verify: "on"`.
    pub verifies: bool,
    /// `proxy-ssl-name`.
    pub name: Option<CompactString>,
}

/// A Service that gets copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// Service.
    pub service: ObjectKey,
    /// Port.
    pub port: u16,
}

/// Stickiness by cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affinity {
    /// Name of the cookie.
    pub cookie: CompactString,
    /// Seconds that it lives; `None`: as long as the browser.
    pub max_age: Option<u32>,
}

/// Seconds, where they are written and valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timeouts {
    /// Connect.
    pub connect: Option<u32>,
    /// Between reads.
    pub read: Option<u32>,
    /// Between writes.
    pub send: Option<u32>,
}

/// An access control that standard Gateway API does not carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// Its sort.
    pub control: Control,
    /// The paths of the Ingress, or the whole host.
    pub scope: Scope,
    /// Its item (MIG511).
    pub item: ItemId,
}

/// External authentication that the experimental channel has a filter for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalAuth {
    /// Service that is asked.
    pub service: ObjectKey,
    /// Its port.
    pub port: u16,
    /// Path of the URL.
    pub path: CompactString,
    /// `auth-response-headers`.
    pub response_headers: Vec<CompactString>,
}

/// Headers and redirects that a snippet was read as (§3.10).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// Headers of answers to set.
    pub response_set: Vec<(CompactString, CompactString)>,
    /// Headers of answers to remove.
    pub response_remove: Vec<CompactString>,
    /// Headers of requests to set.
    pub request_set: Vec<(CompactString, CompactString)>,
    /// Redirect.
    pub redirect: Option<UrlRedirect>,
}

/// An annotation of another tool that goes on to an object of the output (§4.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The whole key.
    pub key: CompactString,
    /// Its value.
    pub value: CompactString,
    /// Which object.
    pub place: other::Place,
    /// Its item.
    pub item: ItemId,
}

/// What an Ingress asks for. Invalid values are already replaced by the controller's defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// `rewrite-target`.
    pub rewrite_target: Option<Setting<CompactString>>,
    /// `use-regex: "true"`.
    pub use_regex: Option<ItemId>,
    /// `app-root`.
    pub app_root: Option<Setting<CompactString>>,
    /// `temporal-redirect`, else `permanent-redirect`.
    pub redirect: Option<Setting<UrlRedirect>>,
    /// `from-to-www-redirect: "true"`.
    pub from_to_www: Option<ItemId>,
    /// `ssl-redirect`, `force-ssl-redirect`; the item of the annotation, where one is written.
    pub tls_redirect: (TlsRedirect, Option<ItemId>),
    /// `preserve-trailing-slash`.
    pub keeps_slash: bool,
    /// `use-port-in-redirects`.
    pub has_port_in_redirects: bool,
    /// `server-alias`.
    pub aliases: Option<Setting<Vec<CompactString>>>,
    /// `upstream-vhost`, unless it holds variables.
    pub upstream_vhost: Option<Setting<CompactString>>,
    /// `x-forwarded-prefix`.
    pub forwarded_prefix: Option<Setting<CompactString>>,
    /// `backend-protocol`.
    pub protocol: Option<Setting<Protocol>>,
    /// `proxy-ssl-*`.
    pub backend_tls: Option<Setting<BackendTls>>,
    /// `canary: "true"`.
    pub canary: Option<Setting<Canary>>,
    /// `enable-cors: "true"`.
    pub cors: Option<Setting<Cors>>,
    /// `custom-headers`, read from its ConfigMap.
    pub response_headers: Option<Setting<Vec<(CompactString, CompactString)>>>,
    /// `mirror-target`, where it is a Service.
    pub mirror: Option<Setting<Mirror>>,
    /// `affinity: cookie`.
    pub affinity: Option<Setting<Affinity>>,
    /// `ssl-passthrough: "true"`, where the flag of the controller allows it.
    pub passthrough: Option<ItemId>,
    /// `proxy-*-timeout`.
    pub timeouts: Option<Setting<Timeouts>>,
    /// `auth-url`, where the experimental channel carries it.
    pub external_auth: Option<Setting<ExternalAuth>>,
    /// A snippet that was read.
    pub snippet: Option<Setting<Snippet>>,
    /// Access controls that are lost and not accepted: they close what they guarded.
    pub lost: Vec<Lost>,
    /// The annotation for which all locations answer 503 (MIG509).
    pub denied: Option<ItemId>,
    /// The annotation for which all locations of its hosts answer 503, those of other Ingresses included.
    pub denied_hosts: Option<ItemId>,
    /// The annotation for which the controller ignores the whole Ingress.
    pub rejected: Option<ItemId>,
    /// `server-snippet`, whatever it says: that of the first Ingress of a host counts.
    pub server_snippet: Option<ItemId>,
    /// `auth-tls-secret`: that of the first Ingress of a host counts.
    pub client_certificate: Option<ItemId>,
    /// `enable-global-auth: "false"`.
    pub leaves_global_auth: bool,
    /// Annotations of other tools that go on to the output.
    pub foreign: Vec<Foreign>,
}

impl Settings {
    /// The protocol to the backend.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol.as_ref().map(|setting| setting.value).unwrap_or_default()
    }
}

/// Reads the annotations of an Ingress; the report gets one item for each.
pub(in crate::migrate) fn read<'w>(subject: Subject<'w>, cx: &mut Cx<'_, 'w>) -> Settings {
    let mut reader = Reader::new(subject, cx);
    if subject.controller == Controller::Generic {
        return Settings { tls_redirect: (TlsRedirect::Never, None), foreign: reader.foreign, ..Settings::default() };
    }
    if subject.ingress.rules.is_empty() {
        drop_of_catch_all(&mut reader);
    }
    let redirects = routing::redirects(&mut reader);
    if let Some(item) = rejected(&mut reader, redirects.rejected) {
        return Settings { rejected: Some(item), foreign: reader.foreign, ..Settings::default() };
    }
    let canary = routing::canary(&mut reader);
    if canary.is_some() && !subject.is_plain {
        drop_of_canary(&mut reader);
        allowance::announce(&mut reader);
        let affinity = backend::affinity(&reader);
        return Settings { canary, affinity, foreign: reader.foreign, ..Settings::default() };
    }
    let found = access::denied(&mut reader);
    let denied = found.map(|(_, item)| item);
    access::drop_idle(&mut reader, found.map(|(key, _)| key));
    let lost = access::lost(&mut reader, denied);
    let settings = Settings {
        rewrite_target: reader.text("rewrite-target").map(owned),
        use_regex: reader.set("use-regex"),
        app_root: reader.text("app-root").map(owned),
        redirect: redirects.url,
        from_to_www: redirects.www,
        tls_redirect: routing::tls(&reader),
        keeps_slash: routing::with_global(&reader, "preserve-trailing-slash"),
        has_port_in_redirects: reader.set("use-port-in-redirects").is_some(),
        aliases: routing::aliases(&reader),
        upstream_vhost: routing::upstream_vhost(&mut reader),
        forwarded_prefix: backend::forwarded_prefix(&reader),
        protocol: backend::protocol(&reader),
        backend_tls: backend::tls(&reader),
        canary,
        cors: cors::cors(&mut reader),
        response_headers: backend::response_headers(&mut reader),
        mirror: backend::mirror(&mut reader),
        affinity: backend::affinity(&reader),
        passthrough: passthrough(&mut reader),
        timeouts: backend::timeouts(&reader),
        external_auth: access::external_auth(&reader),
        snippet: snippet::read(&mut reader),
        lost,
        denied,
        denied_hosts: found.filter(|(key, _)| *key == access::CLIENT_CA).map(|(_, item)| item),
        rejected: None,
        server_snippet: reader.text("server-snippet").map(|text| text.item),
        client_certificate: reader.text("auth-tls-secret").map(|text| text.item),
        leaves_global_auth: reader.flag("enable-global-auth").is_some_and(|flag| !flag.value),
        foreign: std::mem::take(&mut reader.foreign),
    };
    backend::body_size(&mut reader);
    allowance::announce(&mut reader);
    settings
}

fn owned(text: Setting<&str>) -> Setting<CompactString> {
    Setting { value: text.value.into(), item: text.item }
}

/// Without the flag of the controller the annotation is not read (T62).
fn passthrough(reader: &mut Reader<'_, '_, '_>) -> Option<ItemId> {
    let item = reader.set("ssl-passthrough")?;
    if reader.cx.options.has_flag("enable-ssl-passthrough") {
        return Some(item);
    }
    let known = if reader.cx.options.controller_flags.is_some() { "" } else { ", as far as is known" };
    reader.drop("ssl-passthrough", format!("the controller runs without `--enable-ssl-passthrough`{known}"));
    None
}

/// Step A: an Ingress that the controller ignores.
fn rejected(reader: &mut Reader<'_, '_, '_>, redirect: Option<&'static str>) -> Option<ItemId> {
    let by_redirect = redirect.and_then(|key| {
        let text = reader.written(key)?;
        Some((text.item, format!("`{key}` is no URL")))
    });
    let found = by_redirect.or_else(|| access::rejected(reader));
    let (item, why) = match found {
        Some((item, why)) => (item, why),
        None if access::has_forbidden_path(reader) => {
            (path_item(reader), "a path has letters that paths must not have".into())
        }
        None => return None,
    };
    let others: Vec<&'static str> =
        reader.all().filter(|(_, _, other)| *other != item).map(|(row, _, _)| row.key).collect();
    for key in others {
        reader.drop(key, format!("`{key}` does nothing: the controller ignores the Ingress"));
    }
    reader.say(
        item,
        Verdict::Exact,
        code::LOCATION_DENIED,
        &format!("the controller ignores the whole Ingress: {why}"),
    );
    reader.advise(item, Some("correct it before the migration: today the Ingress serves nobody"));
    Some(item)
}

fn path_item(reader: &mut Reader<'_, '_, '_>) -> ItemId {
    let meta = &reader.subject.ingress.meta;
    let origin = Origin {
        kind: "Ingress",
        object: meta.key.clone(),
        span: Some(meta.name_span),
        pointer: "/spec/rules".to_owned(),
    };
    reader.add(Item::new(origin, Fact::Field("spec.rules[].http.paths[].path".into()), "", Verdict::Exact))
}

/// Keys that the controller does not look at for a default backend without rules (§2.5).
const OF_RULES: [&str; 13] = [
    "app-root",
    "force-ssl-redirect",
    "from-to-www-redirect",
    "permanent-redirect",
    "permanent-redirect-code",
    "preserve-trailing-slash",
    "rewrite-target",
    "server-alias",
    "ssl-passthrough",
    "ssl-redirect",
    "temporal-redirect",
    "temporal-redirect-code",
    "use-regex",
];

fn drop_of_catch_all(reader: &mut Reader<'_, '_, '_>) {
    for key in OF_RULES {
        // The parser of redirects fails for all Ingresses.
        if !key.ends_with("-redirect") || reader.text(key).is_some() {
            reader.drop(key, format!("`{key}` does nothing for a default backend without rules"));
        }
    }
}

/// A canary has the paths of another Ingress, and with them its settings (§3.5).
fn drop_of_canary(reader: &mut Reader<'_, '_, '_>) {
    let own = reader.in_force().filter(|(row, _, _)| row.scope != Scope::Upstream).map(|(row, _, _)| row.key);
    let own: Vec<&'static str> = own.collect();
    for key in own {
        reader.drop(key, format!("`{key}` does nothing on a canary: the settings of the other Ingress hold"));
    }
}

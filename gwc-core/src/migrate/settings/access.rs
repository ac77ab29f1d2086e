//! Keys that decide who is let in: what the controller refuses to serve for their sake, and which of them no Gateway
//! carries (ingress-migrate.md §0, §3.8, MIG509, MIG511).

use std::collections::BTreeMap;

use crate::api::ingress::PathType;
use crate::migrate::annotation::{Annotation, Control, Scope, ValueKind, Verdict};
use crate::migrate::code;
use crate::migrate::item::{Fact, Item, ItemId, Origin};
use crate::migrate::settings::reader::Reader;
use crate::migrate::settings::{ExternalAuth, Lost, Setting, risk, value};
use crate::prove::allowance::{Dimension, Kind, Place};

/// The annotation for which the controller ignores the whole Ingress (step A), and what is said of it.
pub(super) fn rejected(reader: &Reader<'_, '_, '_>) -> Option<(ItemId, String)> {
    let options = reader.cx.options;
    let is_off = |key: &str| options.truth_of(key) == Some(false);
    if let Some(level) = options.setting("annotations-risk-level").and_then(|text| risk::Risk::new(text.trim())) {
        let above = reader.all().find(|(row, _, _)| risk::Risk::of(row.key) > level);
        if let Some((row, _, item)) = above {
            return Some((item, format!("`{}` is above the risk level of the controller", row.key)));
        }
    }
    if is_off("allow-snippet-annotations") {
        let snippet = reader.all().find(|(row, _, _)| row.value == ValueKind::Snippet);
        if let Some((row, _, item)) = snippet {
            return Some((item, format!("`{}` is raw configuration, which the controller forbids", row.key)));
        }
    }
    // The parser of rate limits fails as a whole.
    let list = reader.written("limit-allowlist").filter(|text| !value::is_ranges(text.value));
    list.map(|list| (list.item, "`limit-allowlist` holds what is no address".to_owned()))
}

/// Must paths be plain, and is one not?
pub(super) fn has_forbidden_path(reader: &Reader<'_, '_, '_>) -> bool {
    let is_strict = reader.cx.options.truth_of("strict-validate-path-type");
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let paths = reader.subject.ingress.rules.iter().flat_map(|rule| rule.paths.iter().flatten());
    let literal = paths.filter(|path| path.path_type.value != PathType::ImplementationSpecific);
    let mut texts = literal.filter_map(|path| path.path.as_ref()).map(|text| text.value.as_str());
    is_strict == Some(true) && !texts.all(|text| text.is_empty() || (text.starts_with('/') && is_plain(text)))
}

/// What the controller refuses: the key, its item, and why.
type Denied = (&'static str, ItemId, String);

/// Names the CA that certificates of clients are checked with.
pub(super) const CLIENT_CA: &str = "auth-tls-secret";

/// The annotation for which the controller answers 503 at every location of the Ingress.
pub(super) fn denied(reader: &mut Reader<'_, '_, '_>) -> Option<(&'static str, ItemId)> {
    let (key, item, why) = find_denied(reader)?;
    let message = format!("the controller answers 503 at every path of the Ingress: {why}");
    reader.say(item, Verdict::Exact, code::LOCATION_DENIED, &message);
    reader.advise(item, Some("correct the annotation before the migration: today nobody is served"));
    Some((key, item))
}

fn refused(reader: &Reader<'_, '_, '_>, key: &'static str) -> Option<Denied> {
    let text = reader.written(key).filter(|_| reader.text(key).is_none())?;
    Some((key, text.item, format!("`{key}` cannot be read")))
}

fn find_denied(reader: &Reader<'_, '_, '_>) -> Option<Denied> {
    let refused = |key| refused(reader, key);
    let lists = ["allowlist-source-range", "denylist-source-range"];
    lists
        .iter()
        .find_map(|key| refused(key))
        .or_else(|| denied_password(reader))
        .or_else(|| refused("auth-url"))
        .or_else(|| {
            ["auth-method", "auth-response-headers"]
                .iter()
                .filter(|_| reader.is_on("auth-url"))
                .find_map(|key| refused(key))
        })
        .or_else(|| ["proxy-ssl-secret", CLIENT_CA].iter().find_map(|key| denied_secret(reader, key)))
        .or_else(|| denied_headers(reader))
}

fn denied_password(reader: &Reader<'_, '_, '_>) -> Option<Denied> {
    let kind = reader.written("auth-type")?;
    if let Some(found) = refused(reader, "auth-type").or_else(|| refused(reader, "auth-secret-type")) {
        return Some(found);
    }
    let Some(name) = reader.written("auth-secret") else {
        return Some(("auth-type", kind.item, "`auth-type` needs `auth-secret`".to_owned()));
    };
    let secret = value::key_in(name.value, reader.namespace());
    if secret.namespace != reader.namespace() && !may_cross(reader) {
        return Some(("auth-secret", name.item, "`auth-secret` is in another namespace".to_owned()));
    }
    let is_map = reader.text("auth-secret-type").is_some_and(|text| text.value == "auth-map");
    let lacks_file = reader.cx.secrets.get(&secret).is_some_and(|secret| secret.value("auth").is_none());
    (!is_map && lacks_file)
        .then(|| ("auth-secret", name.item, "the Secret of `auth-secret` has no key `auth`".to_owned()))
}

fn may_cross(reader: &Reader<'_, '_, '_>) -> bool {
    reader.cx.options.truth_of("allow-cross-namespace-resources") == Some(true)
}

fn denied_secret(reader: &Reader<'_, '_, '_>, key: &'static str) -> Option<Denied> {
    if let Some(found) = refused(reader, key) {
        return Some(found);
    }
    let text = reader.written(key)?;
    let Some(secret) = value::key(text.value) else {
        return Some((key, text.item, format!("`{key}` is no namespace and name")));
    };
    let is_foreign = secret.namespace != reader.namespace() && !may_cross(reader);
    is_foreign.then(|| (key, text.item, format!("the Secret of `{key}` is in another namespace")))
}

fn denied_headers(reader: &Reader<'_, '_, '_>) -> Option<Denied> {
    let text = reader.written("custom-headers")?;
    let why = "`custom-headers` sets a header that the controller does not allow";
    super::backend::has_forbidden_headers(reader).then(|| ("custom-headers", text.item, why.to_owned()))
}

/// Keys of client certificates that the controller does not act on, though they are well written. What it refuses to
/// serve for is not idle.
pub(super) fn drop_idle(reader: &mut Reader<'_, '_, '_>, denied: Option<&'static str>) {
    let secret = reader.text(CLIENT_CA).and_then(|text| value::key(text.value));
    let lacks_ca =
        secret.and_then(|key| reader.cx.secrets.get(&key).copied()).is_some_and(|one| one.value("ca.crt").is_none());
    let is_off = reader.text("auth-tls-verify-client").is_some_and(|text| text.value == "off");
    if denied != Some(CLIENT_CA) && (lacks_ca || is_off) {
        let why = if lacks_ca { "its Secret has no `ca.crt`" } else { "`auth-tls-verify-client` is `off`" };
        reader.drop(CLIENT_CA, format!("no certificate is asked for: {why}"));
        for key in CLIENT_CERTIFICATE {
            reader.drop(key, format!("`{key}` does nothing: no certificate is asked for"));
        }
    }
    let global = reader.cx.options.truth_of("enable-modsecurity");
    let is_firewall_on = reader.flag("enable-modsecurity").map_or(global == Some(true), |flag| flag.value);
    if !is_firewall_on && reader.is_on("enable-owasp-core-rules") {
        let message = "`enable-owasp-core-rules` does nothing while `enable-modsecurity` is off";
        reader.drop("enable-owasp-core-rules", message.to_owned());
    }
}

const CLIENT_CERTIFICATE: [&str; 5] = [
    "auth-tls-error-page",
    "auth-tls-match-cn",
    "auth-tls-pass-certificate-to-upstream",
    "auth-tls-verify-client",
    "auth-tls-verify-depth",
];

/// The access controls that are lost; those that the user accepts are announced instead.
pub(super) fn lost(reader: &mut Reader<'_, '_, '_>, denied: Option<ItemId>) -> Vec<Lost> {
    let mut found: BTreeMap<(Control, Scope, &str), Vec<&'static Annotation>> = BTreeMap::new();
    for (row, value, item) in reader.in_force() {
        // What the controller refuses to serve guards nothing.
        if let Some(control) = row.guards(value).filter(|_| Some(item) != denied) {
            // A filter may keep one sort of authentication, but never two at once.
            let own = if control == Control::Authentication { row.key } else { "" };
            found.entry((control, row.scope, own)).or_default().push(row);
        }
    }
    found.into_iter().filter_map(|((control, scope, _), rows)| add_lost(reader, (control, scope), &rows)).collect()
}

fn add_lost(
    reader: &mut Reader<'_, '_, '_>,
    (control, scope): (Control, Scope),
    rows: &[&'static Annotation],
) -> Option<Lost> {
    let ingress = &reader.subject.ingress.meta;
    let is_accepted = reader.cx.options.accepts(code::ACCESS_CONTROL_LOST.number, &ingress.key);
    let keys = rows.iter().map(|row| format!("`{}`", row.key)).collect::<Vec<_>>().join(", ");
    let what = match (is_accepted, scope) {
        (true, _) => "which was accepted: the rules stay open",
        (false, Scope::Server) => "so the rules of its hosts are closed",
        (false, Scope::Location | Scope::Upstream) => "so the rules of the Ingress are closed",
    };
    let message = format!("{} ({keys}) is lost, {what}", noun(control));
    let origin = Origin {
        kind: "Ingress",
        object: ingress.key.clone(),
        span: Some(ingress.name_span),
        pointer: "/metadata/annotations".to_owned(),
    };
    let mut item = Item::new(origin, Fact::Field("access control".into()), keys, Verdict::None)
        .finding(code::ACCESS_CONTROL_LOST, message)
        .scope(scope);
    item.control = Some(control);
    item.is_accepted = is_accepted;
    if let Some(row) = rows.first() {
        item = item.help(format!("{}; then accept the loss", row.advice));
    }
    let id = reader.add(item);
    for row in rows {
        mark(reader, row.key, control);
    }
    if !is_accepted {
        return Some(Lost { control, scope, item: id });
    }
    reader.allow(id, scope, Kind::Policy(Dimension::Access));
    None
}

fn mark(reader: &mut Reader<'_, '_, '_>, key: &str, control: Control) {
    let Some(text) = reader.text(key).filter(|_| reader.subject.silent.is_none()) else { return };
    if let Some(item) = reader.cx.report.item_mut(text.item) {
        item.control = Some(control);
    }
}

fn noun(control: Control) -> &'static str {
    match control {
        Control::Addresses => "the list of addresses",
        Control::Authentication => "authentication",
        Control::ClientCertificate => "the check of client certificates",
        Control::RateLimit => "the rate limit",
        Control::Waf => "the firewall",
        Control::Snippet => "the refusal by raw configuration",
    }
}

/// `auth-url`, where it names a Service of the cluster without variables; the experimental channel has a filter for it.
pub(super) fn external_auth(reader: &Reader<'_, '_, '_>) -> Option<Setting<ExternalAuth>> {
    let text = reader.text("auth-url").filter(|text| !text.value.contains('$'))?;
    let host = text.value.strip_prefix("http://").and_then(|_| value::auth_host(text.value))?;
    let (service, port) = value::service_of(host, |key| reader.cx.services.contains_key(key))?;
    let path = text.value.get("http://".len() + host.len()..).unwrap_or_default();
    let headers = reader.text("auth-response-headers").map_or("", |text| text.value);
    let value = ExternalAuth {
        service,
        port: port.unwrap_or(80),
        path: if path.is_empty() { "/".into() } else { path.into() },
        response_headers: value::items(headers).map(Into::into).collect(),
    };
    Some(Setting { value, item: text.item })
}

/// Places of what an Ingress sets for whole hosts.
pub(super) fn hosts(reader: &Reader<'_, '_, '_>) -> Vec<Place> {
    let names = reader.subject.ingress.rules.iter().map(|rule| {
        let name = rule.host.as_ref().map(|host| host.value.to_ascii_lowercase());
        Place::Host(name.unwrap_or_default())
    });
    let mut places: Vec<Place> = names.collect();
    places.sort();
    places.dedup();
    places
}

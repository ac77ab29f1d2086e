//! Keys about what is sent to backends and what comes back: protocol, TLS, copies, stickiness, timeouts, headers
//! (ingress-migrate.md §3.8).

use compact_str::CompactString;

use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::settings::reader::Reader;
use crate::migrate::settings::{Affinity, BackendTls, Mirror, Protocol, Setting, Timeouts, value};

/// `backend-protocol`.
pub(super) fn protocol(reader: &Reader<'_, '_, '_>) -> Option<Setting<Protocol>> {
    let text = reader.text("backend-protocol")?;
    let value = match text.value.to_ascii_uppercase().as_str() {
        "HTTPS" => Protocol::Https,
        "AUTO_HTTP" => Protocol::AutoHttp,
        "GRPC" => Protocol::Grpc,
        "GRPCS" => Protocol::Grpcs,
        "FCGI" => Protocol::Fcgi,
        _ => Protocol::Http,
    };
    Some(Setting { value, item: text.item })
}

/// `proxy-ssl-*`; without the Secret the other keys do nothing.
pub(super) fn tls(reader: &Reader<'_, '_, '_>) -> Option<Setting<BackendTls>> {
    let text = reader.text("proxy-ssl-secret")?;
    let secret = value::key(text.value)?;
    // A Secret that is not in the input counts as having a CA.
    let has_ca = reader.cx.secrets.get(&secret).is_none_or(|secret| secret.value("ca.crt").is_some());
    let verifies = has_ca && reader.text("proxy-ssl-verify").is_some_and(|text| text.value == "on");
    let name = reader.text("proxy-ssl-name").map(|text| text.value.into());
    Some(Setting { value: BackendTls { secret: Some(secret), verifies, name }, item: text.item })
}

/// Copies go to a Service of the cluster, or nowhere.
pub(super) fn mirror(reader: &mut Reader<'_, '_, '_>) -> Option<Setting<Mirror>> {
    let text = reader.text("mirror-target")?;
    let found = mirror_target(text.value, reader);
    let Some((service, port, is_whole)) = found else {
        let message = "`mirror-target` names no Service of the cluster, and a filter mirrors to no other";
        reader.say(text.item, Verdict::None, code::ANNOTATION_LOST, message);
        return None;
    };
    if is_whole {
        let message = format!("requests are copied to the Service `{service}`; which path it sees is not promised");
        reader.say(text.item, Verdict::Approx, code::ANNOTATION_APPROXIMATED, &message);
    } else {
        let message =
            format!("requests are copied to the Service `{service}` with their own path, not the one of the URL");
        reader.say(text.item, Verdict::Approx, code::ANNOTATION_APPROXIMATED, &message);
    }
    Some(Setting { value: Mirror { service, port }, item: text.item })
}

/// Service, port, and whether the copy has the path of the request.
fn mirror_target(url: &str, reader: &Reader<'_, '_, '_>) -> Option<(crate::value::ObjectKey, u16, bool)> {
    let rest = url.strip_prefix("http://")?;
    let end = rest.find(['/', '$', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end)?;
    let (service, port) = value::service_of(host, |key| reader.cx.services.contains_key(key))?;
    Some((service, port.unwrap_or(80), matches!(path, "$request_uri" | "$uri")))
}

/// `affinity: cookie`.
pub(super) fn affinity(reader: &Reader<'_, '_, '_>) -> Option<Setting<Affinity>> {
    let item = reader.text("affinity")?.item;
    let cookie = reader.text("session-cookie-name").map_or("INGRESSCOOKIE", |text| text.value).into();
    let age = reader.number("session-cookie-max-age").or_else(|| reader.number("session-cookie-expires"));
    // An age of zero or less ends with the browser's session at the latest.
    let max_age = age.and_then(|age| u32::try_from(age.value).ok()).filter(|age| *age > 0);
    Some(Setting { value: Affinity { cookie, max_age }, item })
}

/// `proxy-*-timeout`, where one is written.
pub(super) fn timeouts(reader: &Reader<'_, '_, '_>) -> Option<Setting<Timeouts>> {
    let seconds = |key: &str| reader.number(key).and_then(|number| u32::try_from(number.value).ok());
    let keys = ["proxy-read-timeout", "proxy-send-timeout", "proxy-connect-timeout"];
    let item = keys.iter().find_map(|key| reader.text(key)).map(|text| text.item)?;
    let [read, send, connect] = keys.map(seconds);
    Some(Setting { value: Timeouts { connect, read, send }, item })
}

/// `x-forwarded-prefix`; whether a rewrite is active is known where the rules are made.
pub(super) fn forwarded_prefix(reader: &Reader<'_, '_, '_>) -> Option<Setting<CompactString>> {
    let text = reader.text("x-forwarded-prefix")?;
    Some(Setting { value: text.value.into(), item: text.item })
}

/// Headers of a filter.
type Headers = Vec<(CompactString, CompactString)>;

/// Most headers that a filter sets.
const MAX_HEADERS: usize = 16;

/// `custom-headers`, where its ConfigMap is in the input.
pub(super) fn response_headers(reader: &mut Reader<'_, '_, '_>) -> Option<Setting<Headers>> {
    let text = reader.text("custom-headers")?;
    let Some(headers) = headers_of(reader, text.value) else {
        let message = "the ConfigMap of `custom-headers` is not in the input: its headers are not known";
        reader.say(text.item, Verdict::None, code::ANNOTATION_LOST, message);
        reader.advise(text.item, Some("give the ConfigMap with the input"));
        return None;
    };
    if headers.len() > MAX_HEADERS {
        let message = format!("`custom-headers` sets {} headers, a filter at most {MAX_HEADERS}", headers.len());
        reader.say(text.item, Verdict::None, code::ANNOTATION_LOST, &message);
        return None;
    }
    Some(Setting { value: headers, item: text.item })
}

/// Names and values of the ConfigMap; those that are no text are left out, as the controller leaves them out.
fn headers_of(reader: &Reader<'_, '_, '_>, name: &str) -> Option<Headers> {
    let map = reader.cx.config_maps.get(&value::key(name)?)?;
    let headers = map.data.iter().filter_map(|(name, value)| {
        let text = std::str::from_utf8(value.bytes.as_deref()?).ok()?;
        Some((name.clone(), CompactString::from(text)))
    });
    Some(headers.collect())
}

/// Does `custom-headers` name a header that the controller's ConfigMap does not allow?
pub(super) fn has_forbidden_headers(reader: &Reader<'_, '_, '_>) -> bool {
    let Some(text) = reader.text("custom-headers") else { return false };
    let allowed = reader.cx.options.setting("global-allowed-response-headers").unwrap_or_default();
    let is_allowed = |name: &str| value::items(allowed).any(|one| one.eq_ignore_ascii_case(name));
    headers_of(reader, text.value).is_some_and(|headers| !headers.iter().all(|(name, _)| is_allowed(name)))
}

/// A limit of zero is none, which is what a Gateway has by itself (T106).
pub(super) fn body_size(reader: &mut Reader<'_, '_, '_>) {
    let Some(text) = reader.text("proxy-body-size") else { return };
    let digits = text.value.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    if digits.bytes().all(|digit| digit == b'0') {
        let message = "`proxy-body-size` is zero: bodies are unlimited, as they are without a policy";
        reader.say(text.item, Verdict::Exact, code::ANNOTATION_CONVERTED, message);
        reader.advise(text.item, None);
    }
}

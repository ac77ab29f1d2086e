//! `enable-cors` and its companions, the controller's defaults filled in (ingress-migrate.md §3.8).

use compact_str::CompactString;

use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::settings::reader::Reader;
use crate::migrate::settings::{Cors, Setting, value};

const METHODS: &str = "GET, PUT, POST, DELETE, PATCH, OPTIONS";
const HEADERS: &str =
    "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";
const MAX_AGE: u32 = 1_728_000;

/// The setting, where CORS is switched on.
pub(super) fn cors(reader: &mut Reader<'_, '_, '_>) -> Option<Setting<Cors>> {
    let item = reader.set("enable-cors")?;
    let list = |key: &str, usual: &str| -> Vec<CompactString> {
        let text = reader.text(key).map_or(usual, |text| text.value);
        let mut items: Vec<CompactString> = Vec::new();
        for item in value::items(text).map(CompactString::from) {
            if !items.contains(&item) {
                items.push(item);
            }
        }
        items
    };
    let methods = list("cors-allow-methods", METHODS);
    let headers = list("cors-allow-headers", HEADERS);
    let exposed = list("cors-expose-headers", "");
    let has_credentials = reader.flag("cors-allow-credentials").is_none_or(|flag| flag.value);
    let max_age = max_age(reader);
    let value = Cors { origins: origins(reader), has_credentials, methods, headers, exposed, max_age };
    Some(Setting { value, item })
}

/// An age of zero or less is the least that a filter takes.
fn max_age(reader: &mut Reader<'_, '_, '_>) -> u32 {
    let Some(age) = reader.number("cors-max-age") else { return MAX_AGE };
    if age.value > 0 {
        return u32::try_from(age.value).unwrap_or(u32::MAX);
    }
    let message = "`cors-max-age` lets browsers keep nothing: one second is the least that a filter takes";
    reader.say(age.item, Verdict::Approx, code::ANNOTATION_APPROXIMATED, message);
    1
}

/// `*` anywhere in the list stands for all; an origin that cannot be read is passed over alone.
fn origins(reader: &mut Reader<'_, '_, '_>) -> Vec<CompactString> {
    let Some(text) = reader.text("cors-allow-origin") else { return vec![CompactString::const_new("*")] };
    let written: Vec<&str> = value::items(text.value).collect();
    if written.contains(&"*") {
        reader.say(text.item, Verdict::Exact, code::ANNOTATION_CONVERTED, "`cors-allow-origin` lets every origin ask");
        return vec![CompactString::const_new("*")];
    }
    let mut origins: Vec<CompactString> = Vec::new();
    for origin in written.iter().filter(|origin| is_origin(origin)).map(|origin| CompactString::from(*origin)) {
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    if let Some(bad) = written.iter().find(|origin| !is_origin(origin)) {
        let message = format!("the controller passes over `{}`, which is no origin", value::cut(bad));
        reader.say(text.item, Verdict::Approx, code::ANNOTATION_INVALID, &message);
    }
    origins
}

/// `scheme://host`, maybe with a port; `*.` may stand in front of the host.
fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return text == "null" };
    let (host, port) = match rest.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    };
    let host = host.strip_prefix("*.").unwrap_or(host);
    let has_only = |text: &str, marks: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || marks.contains(c));
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit());
    !scheme.is_empty() && has_only(scheme, "+-.") && has_only(host, "-.") && port.is_none_or(is_port)
}

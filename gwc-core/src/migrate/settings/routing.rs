//! Keys that choose paths, hosts, redirects and shares of canaries (ingress-migrate.md §3.5 to §3.8).

use compact_str::CompactString;

use crate::diagnostic::Severity;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::settings::reader::Reader;
use crate::migrate::settings::{Canary, Setting, TlsRedirect, UrlRedirect, value};

/// What an Ingress says about redirects.
pub(super) struct Redirects {
    pub(super) url: Option<Setting<UrlRedirect>>,
    pub(super) www: Option<ItemId>,
    /// The controller ignores the whole Ingress for it.
    pub(super) rejected: Option<&'static str>,
}

struct Sort {
    key: &'static str,
    code: &'static str,
    usual: u16,
    most: i64,
}

const SORTS: [Sort; 2] = [
    Sort { key: "temporal-redirect", code: "temporal-redirect-code", usual: 302, most: 307 },
    Sort { key: "permanent-redirect", code: "permanent-redirect-code", usual: 301, most: 308 },
];

/// One parser reads all three, and it fails as a whole: a URL that is none takes `from-to-www-redirect` with it.
pub(super) fn redirects(reader: &mut Reader<'_, '_, '_>) -> Redirects {
    let www = reader.set("from-to-www-redirect");
    let Some((sort, url)) = SORTS.iter().find_map(|sort| Some((sort, reader.written(sort.key)?))) else {
        return Redirects { url: None, www, rejected: None };
    };
    if reader.text(sort.key).is_none() {
        return Redirects { url: None, www: None, rejected: Some(sort.key) };
    }
    if sort.key == "temporal-redirect" {
        for key in ["permanent-redirect", "permanent-redirect-code"] {
            reader.drop(key, format!("`temporal-redirect` wins over `{key}`"));
        }
    }
    let is_web = url.value.split_once(':').is_some_and(|(scheme, _)| scheme.starts_with("http"));
    if !is_web {
        reader.refuse(sort.key, "only http and https are redirected to");
        reader.drop("from-to-www-redirect", format!("the controller stops reading redirects at `{}`", sort.key));
        return Redirects { url: None, www: None, rejected: None };
    }
    let status = status(reader, sort);
    let value = UrlRedirect { url: url.value.into(), code: status };
    Redirects { url: Some(Setting { value, item: url.item }), www, rejected: None }
}

fn status(reader: &mut Reader<'_, '_, '_>, sort: &Sort) -> u16 {
    let Some(written) = reader.number(sort.code) else { return sort.usual };
    let in_range = (300..=sort.most).contains(&written.value);
    if let Some(status) = u16::try_from(written.value).ok().filter(|_| in_range) {
        return status;
    }
    reader.refuse(sort.code, &format!("it is not from 300 to {}, so {} is sent", sort.most, sort.usual));
    sort.usual
}

/// `ssl-redirect` and `force-ssl-redirect`, else what the controller's ConfigMap says of them.
pub(super) fn tls(reader: &Reader<'_, '_, '_>) -> (TlsRedirect, Option<ItemId>) {
    let global = |key: &str, usual: bool| reader.cx.options.truth_of(key).unwrap_or(usual);
    let (force, redirect) = (reader.flag("force-ssl-redirect"), reader.flag("ssl-redirect"));
    let is_forced = force.as_ref().map_or_else(|| global("force-ssl-redirect", false), |flag| flag.value);
    let is_redirected = redirect.as_ref().map_or_else(|| global("ssl-redirect", true), |flag| flag.value);
    let item = |flag: Option<Setting<bool>>| flag.map(|flag| flag.item);
    match (is_forced, is_redirected) {
        (true, _) => (TlsRedirect::Always, item(force).or_else(|| item(redirect))),
        (false, true) => (TlsRedirect::WithCertificate, item(redirect)),
        (false, false) => (TlsRedirect::Never, item(redirect)),
    }
}

/// A setting that the ConfigMap may have, too.
pub(super) fn with_global(reader: &Reader<'_, '_, '_>, key: &str) -> bool {
    let own = reader.flag(key).map(|flag| flag.value);
    own.or_else(|| reader.cx.options.truth_of(key)).unwrap_or(false)
}

/// Names in the controller's order: sorted, each once.
pub(super) fn aliases(reader: &Reader<'_, '_, '_>) -> Option<Setting<Vec<CompactString>>> {
    let text = reader.text("server-alias")?;
    let mut names: Vec<CompactString> = value::items(text.value).map(CompactString::from).collect();
    names.sort();
    names.dedup();
    (!names.is_empty()).then_some(Setting { value: names, item: text.item })
}

/// A name with variables has no counterpart.
pub(super) fn upstream_vhost(reader: &mut Reader<'_, '_, '_>) -> Option<Setting<CompactString>> {
    let text = reader.text("upstream-vhost")?;
    if !text.value.contains('$') {
        return Some(Setting { value: text.value.into(), item: text.item });
    }
    let message = "`upstream-vhost` holds a variable, which no filter can fill in";
    reader.say(text.item, Verdict::None, code::ANNOTATION_LOST, message);
    None
}

/// Without `canary: "true"` the others are no canary's.
pub(super) fn canary(reader: &mut Reader<'_, '_, '_>) -> Option<Setting<Canary>> {
    let item = reader.set("canary")?;
    let header = canary_header(reader);
    let value = reader.text("canary-by-header-value").map(|text| text.value.into());
    if value.is_some() {
        let message = "`canary-by-header-value` wins over `canary-by-header-pattern`";
        reader.drop("canary-by-header-pattern", message.to_owned());
    }
    let pattern = reader.text("canary-by-header-pattern").map(|text| text.value.into());
    let cookie = reader.text("canary-by-cookie").map(|text| text.value.into());
    let total = canary_total(reader);
    let weight =
        reader.number("canary-weight").map_or(0, |weight| u32::try_from(weight.value.max(0)).unwrap_or(u32::MAX));
    let (header_value, header_pattern) = (value, pattern);
    let value = Canary { header, header_value, header_pattern, cookie, weight: weight.min(total), total };
    Some(Setting { value, item })
}

/// nginx drops fields whose name has `_`, so that such a header is never seen.
fn canary_header(reader: &mut Reader<'_, '_, '_>) -> Option<CompactString> {
    let name = reader.text("canary-by-header")?.value;
    if !name.contains('_') {
        return Some(name.into());
    }
    reader.drop("canary-by-header", format!("nginx drops headers with `_` in the name, as `{}`", value::cut(name)));
    for key in ["canary-by-header-value", "canary-by-header-pattern"] {
        reader.drop(key, format!("`{key}` does nothing: nginx drops headers with `_` in the name"));
    }
    None
}

/// A total below 100 has no effect.
fn canary_total(reader: &mut Reader<'_, '_, '_>) -> u32 {
    let Some(written) = reader.number("canary-weight-total") else { return 100 };
    match u32::try_from(written.value).ok().filter(|total| *total >= 100) {
        Some(total) => total,
        None => {
            reader.refuse("canary-weight-total", "a total below 100 counts as 100");
            reader.weigh(written.item, Severity::Info);
            100
        }
    }
}

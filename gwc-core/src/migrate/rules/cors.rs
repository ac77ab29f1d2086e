//! `enable-cors` as a CORS filter (§3.8): never with credentials for every origin, never wider without a word.

use std::collections::BTreeSet;

use compact_str::CompactString;

use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::options::Choice;
use crate::migrate::render::model::{Cors, Filter};
use crate::migrate::rules::At;
use crate::migrate::rules::report::{self, weaken};
use crate::migrate::settings::{self, Settings};
use crate::migrate::site::Location;
use crate::profile::{Bundle, Channel};
use crate::prove::Kind;
use crate::prove::allowance::Dimension;

/// Methods that the API knows.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// Most origins and headers of a filter.
const MAX_ITEMS: usize = 64;

/// The filter of a location, if it has one; its item is added to `items`.
pub(super) fn filter(
    at: At<'_, '_>,
    location: &Location,
    (settings, items): (&Settings, &mut Vec<ItemId>),
    cx: &mut Cx<'_, '_>,
) -> Option<Filter> {
    let setting = settings.cors.as_ref()?;
    let item = setting.item;
    let place = report::place(at, location);
    cx.report.allow(item, place.clone(), Kind::Preflight);
    let target = cx.options.target;
    let least = if target.channel == Channel::Experimental { Bundle::V1_3 } else { Bundle::V1_5 };
    let lost = if target.bundle < least {
        Some((code::CHANNEL_OR_BUNDLE, "the chosen channel and bundle have no CORS filter"))
    } else {
        None
    };
    let cors = cors(&setting.value, item, cx);
    let lost = lost.or_else(|| {
        cors.origins.is_empty().then_some((code::ANNOTATION_LOST, "a CORS filter takes none of the origins"))
    });
    if let Some((code, message)) = lost {
        weaken(item, (code, Verdict::None), message, cx);
        cx.report.allow(item, place, Kind::Policy(Dimension::Cors));
        return None;
    }
    // The source answers each OPTIONS and anchors origins at their end only; both is more than a filter does.
    cx.report.allow(item, place, Kind::Policy(Dimension::Cors));
    items.push(item);
    Some(Filter::Cors(cors))
}

/// The controller answers preflights even where it has nothing to serve.
pub(super) fn without_rule(at: At<'_, '_>, location: &Location, settings: &Settings, cx: &mut Cx<'_, '_>) {
    if let Some(setting) = &settings.cors {
        cx.report.allow(setting.item, report::place(at, location), Kind::Preflight);
    }
}

fn cors(written: &settings::Cors, item: ItemId, cx: &mut Cx<'_, '_>) -> Cors {
    let is_any = written.origins.iter().any(|origin| origin == "*");
    let has_credentials = written.has_credentials && (!is_any || cx.options.has(Choice::CorsKeepCredentials));
    if is_any && written.has_credentials {
        let kept = "credentials are allowed for every origin: any site may act for a logged-in user";
        let dropped = "credentials are left out: with `*` browsers refused them, a Gateway would allow them to all";
        if has_credentials {
            weaken(item, (code::ACCESS_CONTROL_LOST, Verdict::Approx), kept, cx);
        } else {
            weaken(item, (code::ANNOTATION_CONVERTED, Verdict::Approx), dropped, cx);
        }
    }
    let origins = if is_any { vec!["*".to_owned()] } else { distinct(&written.origins, is_origin) };
    if let Some(wildcard) = origins.iter().find(|origin| origin.contains("*.")) {
        let message =
            format!("`{wildcard}` takes one label on the controller, and any number of them in a CORS filter");
        weaken(item, (code::ANNOTATION_APPROXIMATED, Verdict::Approx), &message, cx);
    }
    let methods = distinct(&written.methods, |method| METHODS.contains(&method));
    let exposed = distinct(&written.exposed, |name| is_header(name) && (name != "*" || !has_credentials));
    let headers = distinct(&written.headers, is_header);
    let n_kept = methods.len() + exposed.len() + headers.len();
    let n_written = written.methods.len() + written.exposed.len() + written.headers.len();
    if n_kept < n_written || (!is_any && origins.len() < written.origins.len()) {
        let message = "some origins, methods or headers are none that a CORS filter takes, and are left out";
        weaken(item, (code::ANNOTATION_APPROXIMATED, Verdict::Approx), message, cx);
    }
    if written.max_age == 0 {
        let message = "a CORS filter cannot say that preflights are not kept: one second is the least";
        weaken(item, (code::ANNOTATION_APPROXIMATED, Verdict::Approx), message, cx);
    }
    let max_age = Some(written.max_age.clamp(1, i32::MAX.unsigned_abs()));
    Cors { origins, has_credentials, methods, headers, exposed, max_age }
}

/// Values that are valid, each once; `*` stands alone.
fn distinct(written: &[CompactString], is_valid: impl Fn(&str) -> bool) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let kept = written.iter().filter(|one| is_valid(one) && seen.insert(one.as_str()));
    let kept: Vec<String> = kept.take(MAX_ITEMS).map(ToString::to_string).collect();
    if kept.iter().any(|one| one == "*") { vec!["*".to_owned()] } else { kept }
}

fn is_header(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 256
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// `http` or `https`, a host with at most a leading wildcard, and a port.
fn is_origin(origin: &str) -> bool {
    let Some((scheme, rest)) = origin.split_once("://") else { return false };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let host = host.strip_prefix("*.").unwrap_or(host);
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    matches!(scheme, "http" | "https")
        && origin.len() <= 253
        && (host == "*" || host.split('.').all(is_label))
        && port.is_none_or(|port| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_those_of_the_crd() {
        for good in ["https://a.io", "http://*.a.io:8080", "https://*"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in ["null", "ftp://a.io", "https://a.*.io", "https://", "https://a.io/", "https://a.io:x", "a.io"] {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn a_star_stands_alone() {
        let list = |all: &[&str]| all.iter().map(|one| CompactString::from(*one)).collect::<Vec<_>>();
        assert_eq!(distinct(&list(&["A", "*", "B"]), |_| true), ["*"]);
        assert_eq!(distinct(&list(&["A", "A", "B"]), |_| true), ["A", "B"]);
    }
}

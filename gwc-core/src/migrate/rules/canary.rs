//! Canaries (§3.5): the rules that decide between a backend and its canary, in the order of the controller.
//!
//! Header, then cookie, then weight. The rules of one path differ in one header match each, so only their order in one
//! route decides between a header and a cookie.

use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::render::model::{Backend, HeaderMatch};
use crate::migrate::rules::report::{self, weaken};
use crate::migrate::rules::{At, regex};
use crate::migrate::settings::{Canary, Setting};
use crate::migrate::site::{CanaryShare, Location, ServicePort, To};
use crate::prove::Kind;

/// Largest weight of a backend.
const MAX_WEIGHT: u32 = 1_000_000;

/// Conditions on headers, and where the requests go that fulfil them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variant {
    pub(super) headers: Vec<HeaderMatch>,
    pub(super) backends: Vec<Backend>,
}

/// The backends of a rule, canaries first, and the ports that are reached.
pub(super) fn variants(
    at: At<'_, '_>,
    location: &Location,
    port: &ServicePort,
    cx: &mut Cx<'_, '_>,
) -> (Vec<Variant>, Vec<ServicePort>) {
    let primary = backend(at, location, port);
    let Some(share) = at.site.canaries.get(port) else {
        return (vec![Variant { headers: Vec::new(), backends: vec![primary] }], vec![port.clone()]);
    };
    let (canary, mut ports) = match &share.to {
        To::Service(other) => (Some(backend(at, location, other)), vec![port.clone(), other.clone()]),
        To::NotFound | To::Closed(_) => (None, vec![port.clone()]),
    };
    ports.dedup();
    let Setting { value, item } = &share.canary;
    let mut variants = Vec::new();
    for (matching, takes_canary) in by_header(value, *item, cx).into_iter().chain(by_cookie(at, location, share, cx)) {
        // A canary without a backend closes its rule; the primary must not get these requests.
        let backends = if takes_canary { canary.iter().cloned().collect() } else { vec![primary.clone()] };
        variants.push(Variant { headers: vec![matching], backends });
    }
    if canary.is_none() && value.weight > 0 {
        let message = "the canary has no backend that can be reached, so all requests of its weight go to the primary";
        weaken(*item, (code::ANNOTATION_APPROXIMATED, Verdict::Approx), message, cx);
        cx.report.allow(*item, report::place(at, location), Kind::Shares);
    }
    variants.push(Variant { headers: Vec::new(), backends: by_weight(value, primary, canary) });
    (variants, ports)
}

/// Items of the canary of a port.
pub(super) fn items(at: At<'_, '_>, port: &ServicePort) -> Vec<ItemId> {
    at.site.canaries.get(port).map(|share| share.canary.item).into_iter().collect()
}

/// A port as the backend of a rule of this location.
fn backend(at: At<'_, '_>, location: &Location, port: &ServicePort) -> Backend {
    let own = at.owner(location).map(|member| &member.key().namespace);
    Backend {
        namespace: own.filter(|own| **own != port.service.namespace).map(|_| port.service.namespace.to_string()),
        name: port.service.name.to_string(),
        port: port.port,
        weight: None,
    }
}

fn exact(name: &str, value: &str) -> HeaderMatch {
    HeaderMatch { is_regex: false, name: name.to_owned(), value: value.to_owned() }
}

/// Conditions on the header, and does the canary take their requests?
fn by_header(canary: &Canary, item: ItemId, cx: &mut Cx<'_, '_>) -> Vec<(HeaderMatch, bool)> {
    let Some(name) = canary.header.as_deref() else { return Vec::new() };
    if let Some(value) = canary.header_value.as_deref() {
        return vec![(exact(name, value), true)];
    }
    let Some(pattern) = canary.header_pattern.as_deref() else {
        return vec![(exact(name, "always"), true), (exact(name, "never"), false)];
    };
    match regex::searching(pattern) {
        Ok(value) => {
            let message =
                "the header is compared with a regular expression, which each implementation reads in its own way";
            weaken(item, (code::REGEX_PATH, Verdict::Approx), message, cx);
            vec![(HeaderMatch { is_regex: true, name: name.to_owned(), value }, true)]
        }
        Err(construct) => {
            let message = format!("the pattern of the header uses {construct}, which RE2 does not have");
            weaken(item, (code::REGEX_CONSTRUCT, Verdict::None), &message, cx);
            Vec::new()
        }
    }
}

/// A cookie among others: the value of `Cookie` as a whole says nothing (§3.5).
fn by_cookie(
    at: At<'_, '_>,
    location: &Location,
    share: &CanaryShare,
    cx: &mut Cx<'_, '_>,
) -> Vec<(HeaderMatch, bool)> {
    let Some(name) = share.canary.value.cookie.as_deref() else { return Vec::new() };
    let item = share.canary.item;
    let message =
        "the cookie is compared by a regular expression on `Cookie`, which each implementation reads in its own way";
    weaken(item, (code::REGEX_PATH, Verdict::Approx), message, cx);
    cx.report.allow(item, report::place(at, location), Kind::CanaryCookie);
    let name = crate::value::pattern::literal(name);
    let matching = |value: &str| HeaderMatch {
        is_regex: true,
        name: "Cookie".to_owned(),
        value: format!(r"^(?:.*;\s*)?{name}={value}(?:\s*;.*)?$"),
    };
    vec![(matching("always"), true), (matching("never"), false)]
}

fn by_weight(canary: &Canary, primary: Backend, other: Option<Backend>) -> Vec<Backend> {
    let total = canary.total.max(100);
    let weight = canary.weight.min(total);
    let Some(other) = other.filter(|_| weight > 0) else { return vec![primary] };
    if weight == total {
        return vec![other];
    }
    let divisor = gcd(weight, total - weight);
    let scale = (total / divisor).div_ceil(MAX_WEIGHT).max(1);
    let weighted = |backend: Backend, weight: u32| Backend { weight: Some(weight / divisor / scale), ..backend };
    vec![weighted(primary, total - weight), weighted(other, weight)]
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(weight: u32, total: u32) -> Vec<(String, u32)> {
        let backend = |name: &str| Backend { namespace: None, name: name.into(), port: 80, weight: None };
        let canary = Canary { weight, total, ..Canary::default() };
        let found = by_weight(&canary, backend("p"), Some(backend("c")));
        found.into_iter().map(|backend| (backend.name, backend.weight.unwrap_or(1))).collect()
    }

    #[test]
    fn weights_are_those_of_the_controller() {
        let both = |p: u32, c: u32| vec![("p".to_owned(), p), ("c".to_owned(), c)];
        assert_eq!(weights(10, 100), both(9, 1));
        assert_eq!(weights(25, 50), both(3, 1), "totals below 100 are not read");
        assert_eq!(weights(300, 1000), both(7, 3));
        assert_eq!(weights(0, 100), [("p".to_owned(), 1)]);
        assert_eq!(weights(100, 100), [("c".to_owned(), 1)]);
        assert_eq!(weights(200, 100), [("c".to_owned(), 1)]);
        let large = weights(1_999_999_999, 4_000_000_000);
        assert!(large.iter().all(|(_, weight)| *weight > 0 && *weight <= MAX_WEIGHT), "{large:?}");
    }
}

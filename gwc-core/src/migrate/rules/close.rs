//! Rules that are closed on purpose, and paths without a rule (§5.6: fail closed).
//!
//! A match without backends answers 500, so that no shorter rule takes the requests of a location whose treatment
//! cannot be expressed.

use crate::diagnostic::Code;
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::options::Choice;
use crate::migrate::rules::At;
use crate::migrate::rules::piece::Draft;
use crate::migrate::rules::report;
use crate::migrate::rules::treatment::{Answer, Treatment};
use crate::migrate::site::Location;
use crate::prove::{Kind, Place};

/// A path that no match can express: the error, and nothing else.
pub(super) fn without_match(
    at: At<'_, '_>,
    location: &Location,
    (code, message): (Code, String),
    cx: &mut Cx<'_, '_>,
) -> ItemId {
    let now = match server(at, location) {
        Some(other) => format!("its requests go to the rule of `{}` now", other.path),
        None => "its requests are answered 404 now".to_owned(),
    };
    let item = report::of_location(at, location, Verdict::None).finding(code, message).help(now);
    let id = cx.report.add(item);
    dropped(at, location, id, cx);
    id
}

/// Announces that a path is gone; a host whose last one it is has no listener for HTTPS.
fn dropped(at: At<'_, '_>, location: &Location, item: ItemId, cx: &mut Cx<'_, '_>) {
    cx.report.allow(item, report::place(at, location), Kind::Dropped);
    let host = at.host.name.clone().unwrap_or_default();
    cx.report.allow(item, Place::Host(host), Kind::Certificate);
}

/// Announces that a rule is closed; false: it is left out instead.
pub(super) fn announce(at: At<'_, '_>, draft: &Draft<'_>, item: ItemId, cx: &mut Cx<'_, '_>) -> bool {
    let place = report::place(at, draft.location);
    if draft.treatment.is_denied {
        cx.report.allow(item, place.clone(), Kind::Unavailable);
    }
    if !cx.options.has(Choice::OmitUnconvertible) {
        cx.report.allow(item, place, Kind::Closed);
        return true;
    }
    dropped(at, draft.location, item, cx);
    let now = match server(at, draft.location) {
        Some(other) => format!("left out: requests go to the rule of `{}` now", other.path),
        None => "left out: requests are answered 404 now".to_owned(),
    };
    if let Some(item) = cx.report.item_mut(item) {
        item.help = Some(now);
    }
    false
}

/// The controller answers 404 where the prefix of another rule would take the request: nothing says 404 (§2.2).
pub(super) fn not_found(at: At<'_, '_>, (bare, location): (&str, &Location), cx: &mut Cx<'_, '_>) -> Treatment {
    let message =
        format!("the controller answers `{bare}` with 404; the rule that keeps it from `{}` says 500", location.path);
    let item = report::of_location(at, location, Verdict::Approx).finding(code::TRAILING_SLASH_REDIRECT, message);
    let id = cx.report.add(item);
    // For requests of no host nobody is said to decide.
    let place = if at.host.name.is_some() { report::rendered(at, "/") } else { Place::Host("".into()) };
    cx.report.allow(id, place, Kind::Closed);
    Treatment::new(Answer::Closed(id))
}

/// The location of a host that takes the path of another one if that is gone: the longest prefix of it.
fn server<'p>(at: At<'p, '_>, gone: &Location) -> Option<&'p Location> {
    let takes = |other: &&Location| {
        other.origin != gone.origin
            && gone.path.starts_with(other.path.trim_end_matches('/'))
            && other.to != crate::migrate::site::To::NotFound
    };
    at.host.locations.iter().filter(takes).max_by_key(|other| other.path.len())
}

//! Filters and timeouts that the settings of an Ingress ask for, beside rewrites and redirects (§3.8).

use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code::{self, Direction};
use crate::migrate::item::ItemId;
use crate::migrate::options::TimeoutMapping;
use crate::migrate::render::model::{Backend, Filter};
use crate::migrate::rules::report::{self, say, weaken};
use crate::migrate::rules::treatment::Forward;
use crate::migrate::rules::{At, cors, redirect};
use crate::migrate::settings::{Settings, Timeouts};
use crate::migrate::site::Location;
use crate::profile::{Bundle, Channel};
use crate::prove::Kind;
use crate::prove::allowance::Dimension;

/// Most headers in one list of a modifier.
const MAX_HEADERS: usize = 16;

/// Adds what the settings of the owner ask for.
pub(super) fn add(
    at: At<'_, '_>,
    location: &Location,
    (forward, items): (&mut Forward, &mut Vec<ItemId>),
    cx: &mut Cx<'_, '_>,
) {
    let Some(member) = at.owner(location) else { return };
    let settings = &member.settings;
    forward.cors = cors::filter(at, location, (settings, items), cx);
    host(at, location, (settings, forward, items), cx);
    headers(at, location, (settings, forward, items), cx);
    if let Some(setting) = &settings.mirror {
        let target = &setting.value;
        let own = &member.key().namespace;
        let namespace = (target.service.namespace != *own).then(|| target.service.namespace.to_string());
        let name = target.service.name.to_string();
        forward.mirror = Some(Filter::Mirror(Backend { namespace, name, port: target.port, weight: None }));
        items.push(setting.item);
    }
    if let Some(setting) = &settings.timeouts {
        forward.timeout = timeout(setting.value, setting.item, cx);
        if forward.timeout.is_some() {
            items.push(setting.item);
            cx.report.allow(setting.item, report::place(at, location), Kind::Policy(Dimension::Timeouts));
        }
    }
}

type Into<'s> = (&'s Settings, &'s mut Forward, &'s mut Vec<ItemId>);

/// `upstream-vhost`: a rewrite of the host, not a header (T79).
fn host(at: At<'_, '_>, location: &Location, (settings, forward, items): Into<'_>, cx: &mut Cx<'_, '_>) {
    let Some(setting) = &settings.upstream_vhost else { return };
    let name = setting.value.to_ascii_lowercase();
    if redirect::is_hostname(&name) {
        forward.hostname = Some(name.to_string());
        items.push(setting.item);
        return;
    }
    let message =
        "the host for the backend is no plain name, so it cannot be written: the backend sees the host as sent";
    weaken(setting.item, (code::ANNOTATION_LOST, Verdict::None), message, cx);
    cx.report.allow(setting.item, report::place(at, location), Kind::Host);
}

fn headers(at: At<'_, '_>, location: &Location, (settings, forward, items): Into<'_>, cx: &mut Cx<'_, '_>) {
    let owned = |(name, value): &(compact_str::CompactString, compact_str::CompactString)| {
        (name.to_string(), value.to_string())
    };
    if let Some(setting) = &settings.response_headers {
        forward.response.set.extend(setting.value.iter().map(owned));
        items.push(setting.item);
    }
    if let Some(setting) = &settings.snippet {
        let snippet = &setting.value;
        forward.response.set.extend(snippet.response_set.iter().map(owned));
        forward.response.remove.extend(snippet.response_remove.iter().map(ToString::to_string));
        forward.request.set.extend(snippet.request_set.iter().map(owned));
        items.push(setting.item);
    }
    let source = settings.response_headers.as_ref().map(|setting| setting.item);
    let source = source.or_else(|| settings.snippet.as_ref().map(|setting| setting.item));
    let lists = [&mut forward.response.set, &mut forward.request.set];
    let mut is_cut = false;
    for list in lists {
        // Of names that differ in case only the first would count; the controller sets the last.
        let mut kept: Vec<(String, String)> = Vec::new();
        for (name, value) in list.drain(..) {
            kept.retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
            kept.push((name, value));
        }
        is_cut |= kept.len() > MAX_HEADERS;
        kept.truncate(MAX_HEADERS);
        *list = kept;
    }
    if let Some(item) = source.filter(|_| is_cut) {
        let message = "a filter sets 16 headers at most: the others are left out";
        weaken(item, (code::ANNOTATION_APPROXIMATED, Verdict::Approx), message, cx);
        cx.report.allow(item, report::place(at, location), Kind::Policy(Dimension::Headers));
    }
}

/// `timeouts.backendRequest`, where the user wants gaps between reads to bound the whole answer.
fn timeout(timeouts: Timeouts, item: ItemId, cx: &mut Cx<'_, '_>) -> Option<String> {
    let seconds = timeouts.read.filter(|seconds| *seconds > 0)?;
    if cx.options.timeout_mapping != TimeoutMapping::BackendRequest {
        return None;
    }
    let target = cx.options.target;
    if target.bundle < Bundle::V1_2 && target.channel != Channel::Experimental {
        weaken(item, (code::CHANNEL_OR_BUNDLE, Verdict::None), "the chosen channel and bundle have no timeouts", cx);
        return None;
    }
    let message =
        format!("a gap of {seconds} s between reads became the limit of a whole answer: long streams end sooner");
    say(item, (code::ANNOTATION_APPROXIMATED, Verdict::Approx), &message, cx);
    if let Some(item) = cx.report.item_mut(item) {
        item.direction = Some(Direction::Narrows);
    }
    Some(duration(seconds))
}

/// In the largest unit that divides it: at most five digits in each (GEP-2257).
pub(super) fn duration(seconds: u32) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60);
    match seconds {
        _ if seconds.is_multiple_of(3600) => format!("{}h", hours.min(99_999)),
        _ if seconds.is_multiple_of(60) && minutes <= 99_999 => format!("{minutes}m"),
        0..=99_999 => format!("{seconds}s"),
        _ => format!("{}h{}m{}s", hours.min(99_999), minutes % 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_form_of_the_api() {
        let found: Vec<String> = [1, 60, 3600, 300, 86_400, 90, 100_001].into_iter().map(duration).collect();
        assert_eq!(found, ["1s", "1m", "1h", "5m", "24h", "90s", "27h46m41s"]);
    }
}

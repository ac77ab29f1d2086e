//! What only the experimental channel carries: stickiness by cookie, and a service that is asked first (§3.8).

use std::collections::BTreeMap;

use crate::migrate::Cx;
use crate::migrate::annotation::{Control, Verdict};
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::render::model::{Backend, ExternalAuth, Filter, Session};
use crate::migrate::rules::report::{self, say};
use crate::migrate::rules::treatment::Forward;
use crate::migrate::rules::{At, filters, literal};
use crate::migrate::settings::{Affinity, Lost, Setting, Settings};
use crate::migrate::site::{Location, ServicePort, Site, To};
use crate::profile::{Bundle, Channel};
use crate::prove::Kind;
use crate::prove::allowance::Dimension;

/// Stands in a list that would mean "all" if it were empty.
const NO_HEADER: &str = "x-gwc-none";

/// Longest name of a session.
const MAX_NAME: usize = 128;

fn has(cx: &Cx<'_, '_>, since: Bundle) -> bool {
    cx.options.target.channel == Channel::Experimental && cx.options.target.bundle >= since
}

/// Is a lost access control kept after all, by a filter of the channel?
pub(super) fn keeps(settings: &Settings, lost: &Lost, cx: &Cx<'_, '_>) -> bool {
    // Passwords beside the question have no filter: then nothing is kept.
    let n_controls = settings.lost.iter().filter(|other| other.control == Control::Authentication).count();
    lost.control == Control::Authentication && n_controls == 1 && auth(settings, cx).is_some()
}

fn auth<'s>(settings: &'s Settings, cx: &Cx<'_, '_>) -> Option<&'s Setting<crate::migrate::settings::ExternalAuth>> {
    let setting = settings.external_auth.as_ref().filter(|_| has(cx, Bundle::V1_4))?;
    let path = setting.value.path.as_str();
    let is_plain = path.bytes().all(literal::is_kept) && literal::fits(path);
    let is_alone = cx.report.item(setting.item).is_some_and(|item| item.control == Some(Control::Authentication));
    (is_plain && is_alone).then_some(setting)
}

/// Adds what the channel has.
pub(super) fn add(
    at: At<'_, '_>,
    (location, port): (&Location, &ServicePort),
    (forward, items): (&mut Forward, &mut Vec<ItemId>),
    cx: &mut Cx<'_, '_>,
) {
    if let Some(settings) = at.settings(location)
        && let Some(setting) = auth(settings, cx)
    {
        forward.auth = Some(asked(at, location, setting));
        items.push(setting.item);
        let message =
            "kept by a filter of the experimental channel, which asks with the path of the request behind the URL";
        say(setting.item, (code::CHANNEL_OR_BUNDLE, Verdict::Approx), message, cx);
        for lost in settings.lost.iter().filter(|lost| lost.control == Control::Authentication) {
            let message = "authentication is kept by a filter of the experimental channel: check how it is asked";
            say(lost.item, (code::CHANNEL_OR_BUNDLE, Verdict::Approx), message, cx);
            cx.report.allow(lost.item, report::place(at, location), Kind::Policy(Dimension::Access));
        }
    }
    if let Some(Setting { value, item }) = at.sticky.get(port)
        && value.cookie.len() <= MAX_NAME
    {
        let lifetime = value.max_age.map(filters::duration);
        forward.session = Some(Session { name: value.cookie.to_string(), lifetime });
        items.push(*item);
        let message = "stickiness goes on with cookies of a new form: clients lose their endpoint once";
        say(*item, (code::CHANNEL_OR_BUNDLE, Verdict::Approx), message, cx);
        cx.report.allow(*item, report::place(at, location), Kind::Policy(Dimension::Affinity));
    }
}

fn asked(at: At<'_, '_>, location: &Location, setting: &Setting<crate::migrate::settings::ExternalAuth>) -> Filter {
    let crate::migrate::settings::ExternalAuth { service, port, path, response_headers } = &setting.value;
    let own = at.owner(location).map(|member| &member.key().namespace);
    let namespace = own.filter(|own| **own != service.namespace).map(|_| service.namespace.to_string());
    let mut names: Vec<String> = response_headers.iter().map(ToString::to_string).collect();
    if names.is_empty() {
        names.push(NO_HEADER.to_owned());
    }
    Filter::ExternalAuth(ExternalAuth {
        backend: Backend { namespace, name: service.name.to_string(), port: *port, weight: None },
        path: path.to_string(),
        response_headers: names,
    })
}

/// Cookies by port.
pub(super) type Sticky<'p> = BTreeMap<&'p ServicePort, &'p Setting<Affinity>>;

/// Stickiness belongs to the upstream: the last Ingress that uses it with a cookie fixes the cookie (§3.2).
pub(super) fn sticky<'p>(site: &'p Site<'_>, cx: &Cx<'_, '_>) -> Sticky<'p> {
    let mut found: BTreeMap<&ServicePort, (usize, &Setting<Affinity>)> = BTreeMap::new();
    if !has(cx, Bundle::V1_1) {
        return Sticky::new();
    }
    for location in site.hosts.iter().flat_map(|host| &host.locations) {
        let affinity = site.members.get(location.owner).and_then(|member| member.settings.affinity.as_ref());
        let (To::Service(port), Some(affinity)) = (&location.to, affinity) else { continue };
        let own = (location.owner, affinity);
        found.entry(port).and_modify(|other| *other = if other.0 < own.0 { own } else { *other }).or_insert(own);
    }
    found.into_iter().map(|(port, (_, setting))| (port, setting)).collect()
}

//! An existing Gateway: which of its listeners do, and which are missing (ingress-migrate.md §5.1, `--gateway`).
//!
//! Somebody else owns it. Listeners that it has are used; those that it lacks are proposed as a patch, or come in
//! ListenerSets.

use crate::api::gateway::Listener;
use crate::diagnostic::Severity;
use crate::graph::Resolution;
use crate::migrate::assemble::about_class;
use crate::migrate::assemble::base::Base;
use crate::migrate::assemble::listen::{Asked, has_listener_sets};
use crate::migrate::name::Scheme;
use crate::migrate::options::Listeners;
use crate::migrate::plan::{MAX_LISTENERS, Mode, Section};
use crate::migrate::site::Site;
use crate::migrate::{Cx, code};
use crate::value::ObjectKey;

/// The file that proposes listeners.
pub(super) const PATCH: &str = "patches/gateway-listeners.patch";

/// A listener that is there, for a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// The name that needs it; `None` for all.
    pub(super) host: Option<String>,
    pub(super) section: Section,
    /// Its name.
    pub(super) name: String,
}

/// Takes what the Gateway has out of what is asked.
pub(super) fn given(site: &Site<'_>, base: &Base, asked: &mut Asked, cx: &mut Cx<'_, '_>) -> Vec<Given> {
    let key = ObjectKey::new(base.namespace.as_str(), base.name.as_str());
    let graph = cx.graph;
    let Resolution::Found(id) = graph.gateway(&key) else { return Vec::new() };
    let listeners = &graph.gateways[id].listeners;
    let mut given = Vec::new();
    for unit in &mut asked.units {
        // Only what keeps requests from wider rules needs a listener of exactly its name.
        let is_apart = unit.sections.iter().any(|section| section.scheme == Scheme::Http);
        unit.sections.retain(|section| {
            let found = fitting(listeners, (Some(&unit.host), *section), is_apart);
            let name = found.map(|listener| listener.name.value.to_string());
            given.extend(name.iter().map(|name| Given {
                host: Some(unit.host.clone()),
                section: *section,
                name: name.clone(),
            }));
            if name.is_none() {
                report_conflict(site, (listeners, Some(&unit.host), *section), cx);
            }
            name.is_none()
        });
    }
    asked.units.retain(|unit| !unit.sections.is_empty());
    asked.hostless.retain(|section| {
        let found = fitting(listeners, (None, *section), true);
        let name = found.map(|listener| listener.name.value.to_string());
        given.extend(name.iter().map(|name| Given { host: None, section: *section, name: name.clone() }));
        if name.is_none() {
            report_conflict(site, (listeners, None, *section), cx);
        }
        name.is_none()
    });
    given
}

/// Where missing listeners go; the Gateway has some already.
pub(super) fn mode(site: &Site<'_>, base: &Base, asked: &Asked, cx: &mut Cx<'_, '_>) -> Mode {
    let key = ObjectKey::new(base.namespace.as_str(), base.name.as_str());
    let n_given = match cx.graph.gateway(&key) {
        Resolution::Found(id) => cx.graph.gateways[id].listeners.len(),
        Resolution::Refused(_) | Resolution::Absent => 0,
    };
    let n_missing = asked.hostless.len() + asked.units.iter().map(|unit| unit.sections.len()).sum::<usize>();
    let is_full = n_given + n_missing > MAX_LISTENERS;
    let has_sets = has_listener_sets(cx.options) && cx.options.listeners != Listeners::Gateway;
    if has_sets && (is_full || cx.options.listeners == Listeners::ListenerSet) {
        return Mode::BesideGateway;
    }
    let item = about_class(site, cx);
    if is_full {
        let message = format!(
            "the Gateway `{key}` has room for {} listeners, {n_missing} are missing",
            MAX_LISTENERS - n_given.min(MAX_LISTENERS)
        );
        cx.report.add(item.finding(code::LISTENERS_DIVIDED, message).severity(Severity::Error));
    } else if n_missing > 0 {
        let message = format!("the Gateway `{key}` lacks {n_missing} listeners: `{PATCH}` adds them");
        let help = "give the patch to the owner of the Gateway, before the routes are applied";
        cx.report.add(item.finding(code::LISTENERS_DIVIDED, message).help(help));
    }
    Mode::Gateway
}

/// The listener for a name: its own, or the narrowest above it where that is enough.
fn fitting<'l>(
    listeners: &'l [Listener],
    (host, section): (Option<&str>, Section),
    is_apart: bool,
) -> Option<&'l Listener> {
    let alike = || listeners.iter().filter(|listener| is_on(listener, section) && speaks(listener, section.scheme));
    let own = alike().find(|listener| hostname(listener).as_deref() == host);
    let Some(host) = host.filter(|_| own.is_none() && !is_apart) else { return own };
    let covers = |listener: &&Listener| match hostname(listener) {
        None => true,
        Some(name) => name.strip_prefix('*').is_some_and(|suffix| host.ends_with(suffix) && host.len() > suffix.len()),
    };
    alike().filter(covers).max_by_key(|listener| hostname(listener).map_or(0, |name| name.len()))
}

fn hostname(listener: &Listener) -> Option<String> {
    listener.hostname.as_ref().map(|hostname| hostname.value.to_string())
}

fn is_on(listener: &Listener, section: Section) -> bool {
    listener.port.as_ref().is_some_and(|port| port.value == section.port)
}

fn speaks(listener: &Listener, scheme: Scheme) -> bool {
    let protocol = match scheme {
        Scheme::Http => "HTTP",
        Scheme::Https => "HTTPS",
        Scheme::Tls => "TLS",
        Scheme::Tcp => "TCP",
        Scheme::Udp => "UDP",
    };
    listener.protocol.value == protocol
}

/// A listener of the same name and port that speaks something else.
fn report_conflict(
    site: &Site<'_>,
    (listeners, host, section): (&[Listener], Option<&str>, Section),
    cx: &mut Cx<'_, '_>,
) {
    let is_same = |listener: &&Listener| is_on(listener, section) && hostname(listener).as_deref() == host;
    let Some(other) = listeners.iter().find(is_same) else { return };
    let (name, protocol) = (&other.name.value, &other.protocol.value);
    let (word, host) = (section.scheme.word(), host.unwrap_or("*"));
    let message = format!("the listener `{name}` speaks {protocol} for `{host}` on port {}, not {word}", section.port);
    let item = about_class(site, cx).finding(code::PASSTHROUGH_AND_TERMINATION, message);
    cx.report.add(item.severity(Severity::Error).help("one of the two needs another port, or another Gateway"));
}

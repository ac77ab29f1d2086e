//! ingress-nginx: steps A to I of ingress-migrate.md §3.1, as the converter needs them.

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::ingress::{Ingress, PathType};
use crate::ingress::PathId;
use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::settings::Settings;
use crate::migrate::site::{Form, Host, Location, Member, Origin, Site, To, service};

/// Reads the Ingresses.
pub(super) fn site<'w>(class: &str, ingresses: &[&'w Ingress], cx: &mut Cx<'_, 'w>) -> Site<'w> {
    let members: Vec<Member<'w>> = ingresses
        .iter()
        .map(|ingress| Member { ingress, settings: Settings::default(), is_chosen: cx.is_chosen(&ingress.meta.key) })
        .collect();
    let mut hosts: BTreeMap<Option<CompactString>, Host> = BTreeMap::new();
    for (at, member) in members.iter().enumerate() {
        for (rule_at, rule) in member.ingress.rules.iter().enumerate() {
            let name = rule.host.as_ref().map(|host| host.value.to_ascii_lowercase());
            let host = hosts.entry(name.clone()).or_insert_with(|| new_host(name, at));
            for (path_at, path) in rule.paths.iter().flatten().enumerate() {
                let Some(backend) = &path.backend else { continue };
                let pointer = format!("/spec/rules/{rule_at}/http/paths/{path_at}/backend");
                let named = service::Named { ingress: member.key(), span: backend.span, pointer: &pointer };
                let to = service::resolve(backend, named, cx);
                let text = path.path.as_ref().map_or("/", |text| text.value.as_str());
                let location = Location {
                    path: if text.is_empty() { CompactString::const_new("/") } else { text.into() },
                    form: if path.path_type.value == PathType::Exact { Form::Exact } else { Form::Letters },
                    origin: Origin::Path(PathId { ingress: at, rule: rule_at, path: path_at }),
                    owner: at,
                    to,
                };
                add(host, location);
            }
        }
    }
    let hosts = hosts.into_values().map(with_slashes).collect();
    Site { class: class.into(), controller: Controller::IngressNginx, members, hosts, canaries: BTreeMap::new() }
}

fn new_host(name: Option<CompactString>, introduced_by: usize) -> Host {
    let implicit = Location {
        path: CompactString::const_new("/"),
        form: Form::Letters,
        origin: Origin::Implicit,
        owner: introduced_by,
        to: To::NotFound,
    };
    Host {
        name,
        introduced_by,
        is_regex: false,
        locations: vec![implicit],
        certificate: None,
        aliases: Vec::new(),
        app_root: None,
        www: None,
        passthrough: None,
        closed: None,
    }
}

/// Step E.
fn add(host: &mut Host, location: Location) {
    let same = |other: &&mut Location| other.path == location.path && other.form == location.form;
    match host.locations.iter_mut().find(same) {
        Some(other) if other.origin == Origin::Implicit => *other = location,
        Some(_) => {}
        None => host.locations.push(location),
    }
}

/// Steps F and G.
fn with_slashes(mut host: Host) -> Host {
    host.locations.sort_by(|a, b| b.path.cmp(&a.path));
    host.locations.sort_by_key(|location| std::cmp::Reverse(location.path.len()));
    let exact: Vec<CompactString> =
        host.locations.iter().filter(|one| one.form == Form::Exact).map(|one| one.path.clone()).collect();
    let mut locations = Vec::new();
    for mut location in std::mem::take(&mut host.locations) {
        if location.path == "/" || location.form == Form::Exact {
            locations.push(location);
            continue;
        }
        let copy = Location { form: Form::Exact, ..location.clone() };
        if !location.path.ends_with('/') {
            location.path.push('/');
        }
        locations.push(location);
        if !exact.contains(&copy.path) {
            locations.push(copy);
        }
    }
    Host { locations, ..host }
}

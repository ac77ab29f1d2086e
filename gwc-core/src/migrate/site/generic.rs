//! The text of the Ingress API: paths by elements, the oldest Ingress first, no annotations.

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::ingress::{Ingress, PathType};
use crate::ingress::PathId;
use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::settings::Settings;
use crate::migrate::site::{Form, Host, Location, Member, Origin, Site, service};

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
                    form: if path.path_type.value == PathType::Exact { Form::Exact } else { Form::Elements },
                    origin: Origin::Path(PathId { ingress: at, rule: rule_at, path: path_at }),
                    owner: at,
                    to,
                };
                let is_same = |other: &Location| other.path == location.path && other.form == location.form;
                if !host.locations.iter().any(is_same) {
                    host.locations.push(location);
                }
            }
        }
    }
    let hosts = hosts.into_values().collect();
    Site { class: class.into(), controller: Controller::Generic, members, hosts, canaries: BTreeMap::new() }
}

fn new_host(name: Option<CompactString>, introduced_by: usize) -> Host {
    Host {
        name,
        introduced_by,
        is_regex: false,
        locations: Vec::new(),
        certificate: None,
        aliases: Vec::new(),
        app_root: None,
        www: None,
        passthrough: None,
        closed: None,
    }
}

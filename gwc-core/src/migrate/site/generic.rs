//! The text of the Ingress API: paths by elements, the oldest Ingress first, no annotations.

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::ingress::{Ingress, Path, PathType, Tls};
use crate::ingress::PathId;
use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::code;
use crate::migrate::site::field::{self, Fates, Spot};
use crate::migrate::site::nginx::host_of;
use crate::migrate::site::{
    Certificate, Form, Host, Location, Member, Origin, ROOT, Site, default, host, member, service,
};
use crate::value::ObjectKey;

/// Reads the Ingresses.
pub(super) fn site<'w>(class: &str, ingresses: &[&'w Ingress], cx: &mut Cx<'_, 'w>) -> Site<'w> {
    let members = member::read(Controller::Generic, ingresses, cx);
    let mut build = Build { members: &members, hosts: BTreeMap::new(), fates: Fates::default() };
    for at in 0..members.len() {
        build.add(at, cx);
    }
    build.add_default(cx);
    let Build { hosts, fates, .. } = build;
    let mut hosts: Vec<Host> = hosts.into_values().collect();
    for host in &mut hosts {
        host.certificate = host.name.as_deref().and_then(|name| certificate_of(name, &members));
    }
    let paths = field::report(&members, &hosts, &fates, cx);
    host::report(&mut hosts, &members, cx);
    default::report_generic(class, &members, cx);
    let canaries = BTreeMap::new();
    Site { class: class.into(), controller: Controller::Generic, members, hosts, canaries, paths }
}

struct Build<'b, 'w> {
    members: &'b [Member<'w>],
    hosts: BTreeMap<Option<CompactString>, Host>,
    fates: Fates,
}

impl Build<'_, '_> {
    /// Paths, by the oldest Ingress first (§1.4).
    fn add(&mut self, at: usize, cx: &mut Cx<'_, '_>) {
        let Some(member) = self.members.get(at) else { return };
        for (rule_at, rule) in member.ingress.rules.iter().enumerate() {
            let name = host_of(rule);
            self.hosts.entry(name.clone()).or_insert_with(|| host::new(name.clone(), at));
            for (path_at, path) in rule.paths.iter().flatten().enumerate() {
                let id = PathId { ingress: at, rule: rule_at, path: path_at };
                let spot = self.add_path(&name, (id, path), member, cx);
                self.fates.paths.insert(id, spot);
            }
        }
    }

    fn add_path(
        &mut self,
        name: &Option<CompactString>,
        (id, path): (PathId, &Path),
        member: &Member<'_>,
        cx: &mut Cx<'_, '_>,
    ) -> Spot {
        let (Some(host), Some(backend)) = (self.hosts.get_mut(name), &path.backend) else { return Spot::NoBackend };
        let form = match path.path_type.value {
            PathType::Exact => Form::Exact,
            PathType::Prefix => Form::Elements,
            PathType::ImplementationSpecific => {
                return Spot::NoType;
            }
        };
        let text = path.path.as_ref().map_or("/", |text| text.value.as_str());
        let text = if text.is_empty() { "/" } else { text };
        let is_same = |other: &&Location| other.path == text && other.form == form;
        if let Some(other) = host.locations.iter().find(is_same) {
            return Spot::Taken(other.owner, other.origin);
        }
        let pointer = format!("/spec/rules/{}/http/paths/{}/backend", id.rule, id.path);
        let to = service::resolve(backend, member.named(backend, &pointer), cx);
        host.locations.push(Location { path: text.into(), form, origin: Origin::Path(id), owner: id.ingress, to });
        Spot::Served
    }

    /// The first default backend answers wherever no path does: at every host, and for unknown ones (§2.5).
    fn add_default(&mut self, cx: &mut Cx<'_, '_>) {
        let mut with_default = self.members.iter().enumerate().filter(|(_, one)| one.ingress.default_backend.is_some());
        let Some((at, member)) = with_default.next() else { return };
        for (other, _) in with_default {
            let message =
                format!("the default backend of `{}` comes first, and is the only one that counts", member.key());
            self.fates.idle_defaults.insert(other, (code::PATH_CLAIMED_TWICE, message));
        }
        let Some(backend) = &member.ingress.default_backend else { return };
        let to = service::resolve(backend, member.named(backend, "/spec/defaultBackend"), cx);
        self.hosts.entry(None).or_insert_with(|| host::new(None, at));
        for host in self.hosts.values_mut() {
            let is_root = |one: &Location| one.path == ROOT && one.form == Form::Elements;
            if host.locations.iter().any(is_root) {
                continue;
            }
            let origin = Origin::Default;
            host.locations.push(Location { path: ROOT, form: Form::Elements, origin, owner: at, to: to.clone() });
        }
    }
}

/// The first entry that names the host (§2.6).
fn certificate_of(name: &str, members: &[Member<'_>]) -> Option<Certificate> {
    members.iter().enumerate().find_map(|(at, member)| {
        let is_listed = |tls: &&Tls| tls.hosts.iter().any(|host| host.value.eq_ignore_ascii_case(name));
        let secret = member.ingress.tls.iter().find(is_listed)?.secret.as_ref()?;
        let secret = ObjectKey::new(member.key().namespace.clone(), secret.value.clone());
        host::has_rule(member.ingress, name).then_some(Certificate { secret: Some(secret), member: at })
    })
}

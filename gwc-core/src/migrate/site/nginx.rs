//! ingress-nginx: steps A to I of ingress-migrate.md §3.1, as the converter needs them.
//!
//! Here are the servers and their locations; canaries, certificates and further names of hosts have files of their own.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::api::ingress::{Backend, Ingress, Path, PathType, Port, Rule, Target};
use crate::diagnostic::Severity;
use crate::ingress::PathId;
use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::site::field::{self, Fates, Spot};
use crate::migrate::site::{
    Form, Host, Location, Member, Origin, ROOT, Site, To, canary, certificate, default, global, host, member, names,
    service, spill,
};
use crate::value::ObjectKey;

/// Service and port as written: ports that are written otherwise are other upstreams (step D).
pub(super) type Upstream = (ObjectKey, Port);

/// The upstream of a backend; a resource has none.
pub(super) fn upstream(namespace: &str, backend: &Backend) -> Option<Upstream> {
    match &backend.target {
        Target::Service { name, port } => Some((ObjectKey::new(namespace, name.value.clone()), port.value.clone())),
        Target::Resource { .. } => None,
    }
}

/// A server in the making.
pub(super) struct Server {
    pub(super) host: Host,
    /// Locations that the controller made itself may be replaced.
    pub(super) drafts: Vec<Draft>,
    /// Positions of drafts by path and type.
    places: BTreeMap<(CompactString, bool), usize>,
}

/// A location in the making.
pub(super) struct Draft {
    pub(super) location: Location,
    /// As the Ingress says; the form that counts is known only with all locations of the host.
    pub(super) is_exact: bool,
    pub(super) upstream: Option<Upstream>,
}

/// What the steps make.
pub(super) struct Build<'b, 'w> {
    pub(super) members: &'b [Member<'w>],
    /// Members that the controller does not ignore, in order.
    pub(super) read: Vec<usize>,
    /// Which member mentions an upstream first.
    pub(super) first: BTreeMap<Upstream, usize>,
    pub(super) servers: Vec<Server>,
    pub(super) index: BTreeMap<Option<CompactString>, usize>,
    pub(super) fates: Fates,
}

/// Reads the Ingresses.
pub(super) fn site<'w>(class: &str, ingresses: &[&'w Ingress], cx: &mut Cx<'_, 'w>) -> Site<'w> {
    let mut members = member::read(Controller::IngressNginx, ingresses, cx);
    let (mut hosts, canaries, fates) = {
        let mut build = Build::new(&members, cx);
        build.add_servers(cx);
        for at in build.read.clone() {
            build.add_paths(at, cx);
        }
        let canaries = canary::merge(&build, cx);
        let certificates = certificate::of_hosts(&build, cx);
        let fates = std::mem::take(&mut build.fates);
        (build.finish(certificates, cx), canaries, fates)
    };
    host::close(&mut hosts, &mut members, cx);
    let paths = field::report(&members, &hosts, &fates, cx);
    global::close(&mut hosts, &mut members, cx);
    host::report(&mut hosts, &members, cx);
    spill::report(&hosts, &members, cx);
    default::report(class, &members, &hosts, cx);
    Site { class: class.into(), controller: Controller::IngressNginx, members, hosts, canaries, paths }
}

impl<'b, 'w> Build<'b, 'w> {
    /// Steps A and D.
    fn new(members: &'b [Member<'w>], cx: &Cx<'_, 'w>) -> Self {
        let no_catch_all = cx.options.has_flag("disable-catch-all");
        let (mut read, mut fates) = (Vec::new(), Fates::default());
        for (at, member) in members.iter().enumerate().filter(|(_, member)| member.settings.rejected.is_none()) {
            if no_catch_all && is_catch_all(member.ingress) {
                let message = "the controller runs with `--disable-catch-all` and ignores an Ingress without rules";
                fates.idle_defaults.insert(at, (code::ANNOTATION_INERT, message.into()));
                continue;
            }
            read.push(at);
        }
        let mut first = BTreeMap::new();
        for (at, member) in read.iter().filter_map(|at| Some((*at, members.get(*at)?))) {
            let paths = member.ingress.rules.iter().flat_map(|rule| rule.paths.iter().flatten());
            let backends = member.ingress.default_backend.iter().chain(paths.filter_map(|path| path.backend.as_ref()));
            for own in backends.filter_map(|backend| upstream(&member.key().namespace, backend)) {
                first.entry(own).or_insert(at);
            }
        }
        Self { members, read, first, servers: Vec::new(), index: BTreeMap::new(), fates }
    }

    /// The canary that owns an upstream, because it mentions it before all others.
    pub(super) fn canary_of(&self, upstream: &Upstream) -> Option<usize> {
        let at = *self.first.get(upstream)?;
        self.members.get(at).filter(|member| member.settings.canary.is_some()).map(|_| at)
    }

    /// Members that are no canaries.
    fn primaries(&self) -> Vec<usize> {
        let is_primary = |at: &usize| self.members.get(*at).is_some_and(|member| member.settings.canary.is_none());
        self.read.iter().copied().filter(is_primary).collect()
    }

    /// Step C.
    fn add_servers(&mut self, cx: &mut Cx<'_, 'w>) {
        let global = default::backend(cx);
        let first_hostless = self.primaries().into_iter().find(|at| {
            self.members.get(*at).is_some_and(|member| member.ingress.rules.iter().any(|rule| rule.host.is_none()))
        });
        let owner = first_hostless.unwrap_or_default();
        let to = global.clone().map_or(To::NotFound, To::Service);
        self.push(None, (owner, Origin::Controller, to), None);
        let mut has_catch_all = None;
        for at in self.primaries() {
            let Some(member) = self.members.get(at) else { continue };
            let backend = member.ingress.default_backend.as_ref();
            let own = backend.map(|backend| {
                let to = service::resolve(backend, member.named(backend, "/spec/defaultBackend"), cx);
                (to, upstream(&member.key().namespace, backend))
            });
            if let Some((to, upstream)) = own.as_ref().filter(|_| is_catch_all(member.ingress)) {
                self.take_all(at, (to.clone(), upstream.clone()), &mut has_catch_all);
            }
            let (to, upstream) = own.unwrap_or_else(|| (global.clone().map_or(To::NotFound, To::Service), None));
            self.introduce(at, &to, upstream.as_ref());
            self.add_aliases(at);
        }
    }

    /// A server for each host that no Ingress before had.
    fn introduce(&mut self, at: usize, to: &To, upstream: Option<&Upstream>) {
        let Some(member) = self.members.get(at) else { return };
        for name in member.ingress.rules.iter().map(host_of) {
            if !self.index.contains_key(&name) {
                self.push(name, (at, Origin::Implicit, to.clone()), upstream.cloned());
            }
        }
    }

    fn push(
        &mut self,
        name: Option<CompactString>,
        (owner, origin, to): (usize, Origin, To),
        upstream: Option<Upstream>,
    ) {
        let location = Location { path: ROOT, form: Form::Letters, origin, owner, to };
        let draft = Draft { location, is_exact: false, upstream };
        self.index.insert(name.clone(), self.servers.len());
        let places = BTreeMap::from([((ROOT, false), 0)]);
        self.servers.push(Server { host: host::new(name, owner), drafts: vec![draft], places });
    }

    /// An Ingress with a default backend and no rules answers for unknown hosts; the first does (§2.5).
    fn take_all(&mut self, at: usize, own: (To, Option<Upstream>), taken: &mut Option<usize>) {
        if let Some(other) = taken.and_then(|other| self.members.get(other)) {
            let message =
                format!("the default backend of `{}` comes first, and is the only one that counts", other.key());
            self.fates.idle_defaults.insert(at, (code::PATH_CLAIMED_TWICE, message));
            return;
        }
        *taken = Some(at);
        let Some(server) = self.servers.first_mut() else { return };
        server.host.introduced_by = at;
        if let Some(draft) = server.drafts.first_mut() {
            (draft.location.origin, draft.location.owner) = (Origin::Default, at);
            (draft.location.to, draft.upstream) = own;
        }
    }

    /// Aliases of the first Ingress of the host that has some.
    fn add_aliases(&mut self, at: usize) {
        let Some(member) = self.members.get(at) else { return };
        let Some(aliases) = &member.settings.aliases else { return };
        for name in member.ingress.rules.iter().map(host_of).filter(Option::is_some) {
            let server = self.index.get(&name).and_then(|at| self.servers.get_mut(*at));
            if let Some(server) = server.filter(|server| server.host.aliases.is_empty()) {
                server.host.aliases.clone_from(&aliases.value);
            }
        }
    }

    /// Step E.
    fn add_paths(&mut self, at: usize, cx: &mut Cx<'_, 'w>) {
        let Some(member) = self.members.get(at) else { return };
        for (rule_at, rule) in member.ingress.rules.iter().enumerate() {
            let server_at = self.index.get(&host_of(rule)).copied().unwrap_or_default();
            for (path_at, path) in rule.paths.iter().flatten().enumerate() {
                let id = PathId { ingress: at, rule: rule_at, path: path_at };
                let spot = self.add_path(server_at, (id, path), member, cx);
                self.fates.paths.insert(id, spot);
            }
        }
    }

    fn add_path(
        &mut self,
        server_at: usize,
        (id, path): (PathId, &Path),
        member: &Member<'w>,
        cx: &mut Cx<'_, 'w>,
    ) -> Spot {
        let Some(backend) = &path.backend else { return Spot::NoBackend };
        let pointer = format!("/spec/rules/{}/http/paths/{}/backend", id.rule, id.path);
        let Some(own) = upstream(&member.key().namespace, backend) else {
            service::resolve(backend, member.named(backend, &pointer), cx);
            return Spot::Resource;
        };
        if let Some(owner) = self.canary_of(&own) {
            return if member.settings.canary.is_some() { Spot::Canary } else { Spot::OfCanary(owner) };
        }
        let text = path.path.as_ref().map_or("/", |text| text.value.as_str());
        let text = if text.is_empty() { "/" } else { text };
        let is_exact = path.path_type.value == PathType::Exact;
        let Some(server) = self.servers.get_mut(server_at) else { return Spot::NoBackend };
        let place = (CompactString::from(text), is_exact);
        let same = server.places.get(&place).and_then(|at| server.drafts.get_mut(*at));
        if let Some(other) = same.as_ref().filter(|other| !is_replaceable(other.location.origin)) {
            return Spot::Taken(other.location.owner, other.location.origin);
        }
        let to = service::resolve(backend, member.named(backend, &pointer), cx);
        let location = Location {
            path: text.into(),
            form: if is_exact { Form::Exact } else { Form::Letters },
            origin: Origin::Path(id),
            owner: id.ingress,
            to,
        };
        let draft = Draft { location, is_exact, upstream: Some(own) };
        match same {
            Some(other) => *other = draft,
            None => {
                server.places.insert(place, server.drafts.len());
                server.drafts.push(draft);
            }
        }
        Spot::Served
    }

    /// Steps F to I, and what hosts have beside locations.
    fn finish(self, certificates: certificate::Certificates, cx: &mut Cx<'_, 'w>) -> Vec<Host> {
        let all: BTreeSet<CompactString> = self.index.keys().flatten().cloned().collect();
        let mut hosts: Vec<Host> = Vec::new();
        for server in self.servers {
            let mut host = finished(server, self.members, cx);
            host.certificate = host.name.as_deref().and_then(|name| certificates.get(name)).cloned();
            // Nothing answers for unknown hosts by itself; among expressions it still stands before other `/`.
            let is_empty = |one: &Location| one.origin == Origin::Controller && one.to == To::NotFound;
            if host.name.is_none() && !host.is_regex {
                host.locations.retain(|location| !is_empty(location));
            }
            if host.name.is_some() || !host.locations.is_empty() {
                hosts.push(host);
            }
        }
        hosts.sort_by(|a, b| a.name.cmp(&b.name));
        names::add(&mut hosts, &all, (self.members, &host::by_host(self.members)), cx);
        hosts
    }
}

fn is_replaceable(origin: Origin) -> bool {
    matches!(origin, Origin::Implicit | Origin::Controller)
}

/// A default backend without rules.
pub(super) fn is_catch_all(ingress: &Ingress) -> bool {
    ingress.default_backend.is_some() && ingress.rules.is_empty()
}

/// The host of a rule, in lower case.
pub(super) fn host_of(rule: &Rule) -> Option<CompactString> {
    rule.host.as_ref().map(|host| host.value.to_ascii_lowercase())
}

/// Steps F to I.
fn finished(server: Server, members: &[Member<'_>], cx: &mut Cx<'_, '_>) -> Host {
    let Server { mut host, mut drafts, .. } = server;
    drafts.sort_by(|a, b| b.location.path.cmp(&a.location.path));
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.location.path.len()));
    let exact: BTreeSet<CompactString> =
        drafts.iter().filter(|draft| draft.is_exact).map(|draft| draft.location.path.clone()).collect();
    for Draft { mut location, is_exact, .. } in drafts {
        let stays = location.path == ROOT || is_exact || uses_regex(&location, members);
        if stays || needs_rewrite(&location, members) {
            host.locations.push(location);
            continue;
        }
        let copy = Location { form: Form::Exact, ..location.clone() };
        if !location.path.ends_with('/') {
            location.path.push('/');
        }
        host.locations.push(location);
        if !exact.contains(&copy.path) {
            host.locations.push(copy);
        }
    }
    host.is_regex = host.locations.iter().any(|one| uses_regex(one, members) || needs_rewrite(one, members));
    host.app_root = host.locations.iter().find_map(|one| {
        let root = own(one, members)?.settings.app_root.clone()?;
        Some((root, one.owner))
    });
    if host.is_regex {
        for location in &mut host.locations {
            location.form = Form::Regex;
        }
    } else {
        drop_repeated(&mut host, members, cx);
    }
    host
}

/// The member whose rewrites and redirects hold at a location; those of an Ingress without rules are ignored (§2.5).
fn own<'m, 'w>(location: &Location, members: &'m [Member<'w>]) -> Option<&'m Member<'w>> {
    match location.origin {
        Origin::Path(_) | Origin::Implicit => members.get(location.owner),
        Origin::Default | Origin::Controller => None,
    }
}

pub(super) fn uses_regex(location: &Location, members: &[Member<'_>]) -> bool {
    own(location, members).is_some_and(|member| member.settings.use_regex.is_some())
}

pub(super) fn needs_rewrite(location: &Location, members: &[Member<'_>]) -> bool {
    let target = own(location, members).and_then(|member| member.settings.rewrite_target.as_ref());
    target.is_some_and(|target| target.value != location.path)
}

/// `/foo` and `/foo/`, both of type Prefix, become one location after step G: nginx refuses to load both.
fn drop_repeated(host: &mut Host, members: &[Member<'_>], cx: &mut Cx<'_, '_>) {
    let mut seen = BTreeSet::new();
    let mut repeated = Vec::new();
    host.locations.retain(|location| {
        let is_new = seen.insert((location.path.clone(), location.form));
        if !is_new {
            repeated.push(location.clone());
        }
        is_new
    });
    for location in repeated {
        let Some(member) = members.get(location.owner) else { continue };
        let path = location.path.trim_end_matches('/');
        let message = format!("`{path}` and `{path}/` are one location for nginx, which loads no such configuration");
        let item = member.item(field::PATH, &location.path, Verdict::Approx).finding(code::PATH_CLAIMED_TWICE, message);
        let item = item.severity(Severity::Warning).help("remove one of the two paths");
        member.add(item, cx);
    }
}

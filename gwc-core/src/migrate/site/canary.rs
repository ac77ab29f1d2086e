//! Canaries: which upstream each of them shares, and where else that upstream is used (ingress-migrate.md §3.5).

use std::collections::BTreeMap;

use crate::api::ingress::{Path, PathType};
use crate::migrate::Cx;
use crate::migrate::annotation::{Scope, Verdict};
use crate::migrate::code;
use crate::migrate::site::nginx::{Build, Draft, Server, Upstream, host_of, upstream};
use crate::migrate::site::{CanaryShare, Member, ServicePort, To, field, service};

/// A location whose requests a canary shares.
struct Primary<'b> {
    draft: &'b Draft,
    /// Where the share goes, as an upstream and as a port.
    own: Upstream,
    to: To,
}

type Shares = BTreeMap<ServicePort, CanaryShare>;

/// A location with its host.
type User<'b> = (&'b Server, &'b Draft);

/// Locations by upstream.
type Users<'b> = BTreeMap<&'b Upstream, Vec<User<'b>>>;

/// The first canary of each upstream.
pub(super) fn merge(build: &Build<'_, '_>, cx: &mut Cx<'_, '_>) -> Shares {
    let mut shares = Shares::new();
    let mut users: Users<'_> = BTreeMap::new();
    for server in &build.servers {
        for draft in &server.drafts {
            if let Some(upstream) = &draft.upstream {
                users.entry(upstream).or_default().push((server, draft));
            }
        }
    }
    for at in build.read.iter().copied() {
        let Some(member) = build.members.get(at) else { continue };
        let Some(canary) = &member.settings.canary else { continue };
        let mut why = "no other Ingress has the host, path and type of the canary, or it has the same Service";
        let mut is_used = false;
        for primary in shared(build, member, cx) {
            match settle((build, &users), at, primary, &mut shares, cx) {
                Ok(()) => is_used = true,
                Err(reason) => why = reason.unwrap_or(why),
            }
        }
        if !is_used {
            member.restate(canary.item, (Verdict::Inert, code::ANNOTATION_INERT), why, cx);
        }
    }
    shares
}

/// Gives the canary its share of one location, or tells why it has none.
fn settle(
    (build, users): (&Build<'_, '_>, &Users<'_>),
    at: usize,
    primary: Primary<'_>,
    shares: &mut Shares,
    cx: &mut Cx<'_, '_>,
) -> Result<(), Option<&'static str>> {
    let (Some(upstream), To::Service(port)) = (&primary.draft.upstream, &primary.draft.location.to) else {
        return Err(None);
    };
    if *upstream == primary.own {
        return Err(None);
    }
    let Some(canary) = build.canary_of(&primary.own).and_then(|at| build.members.get(at)?.settings.canary.clone())
    else {
        return Err(Some("an Ingress that is no canary uses its Service port and comes first"));
    };
    if let Some(share) = shares.get(port) {
        let taken = "the Service port has a canary already, and the controller looks at one only";
        return if share.member == at { Ok(()) } else { Err(Some(taken)) };
    }
    let used = users.get(upstream).map(Vec::as_slice).unwrap_or_default();
    spill(build, at, (used, port), cx);
    shares.insert(port.clone(), CanaryShare { canary, to: primary.to, member: at });
    Ok(())
}

/// Locations that have the host, path and type of one of the canary's, with the upstream of the canary there.
fn shared<'b>(build: &'b Build<'_, '_>, member: &Member<'_>, cx: &mut Cx<'_, '_>) -> Vec<Primary<'b>> {
    let mut found = Vec::new();
    let namespace = &member.key().namespace;
    let backend = member.ingress.default_backend.as_ref();
    if let Some((backend, own)) = backend.and_then(|backend| Some((backend, upstream(namespace, backend)?))) {
        let to = service::resolve(backend, member.named(backend, "/spec/defaultBackend"), cx);
        let all = build.servers.iter().take(1).flat_map(|server| &server.drafts);
        found.extend(all.map(|draft| Primary { draft, own: own.clone(), to: to.clone() }));
    }
    for (rule_at, rule) in member.ingress.rules.iter().enumerate() {
        let server = build.index.get(&host_of(rule)).and_then(|at| build.servers.get(*at));
        for (path_at, path) in rule.paths.iter().flatten().enumerate() {
            let Some((server, backend)) = server.zip(path.backend.as_ref()) else { continue };
            let Some(own) = upstream(namespace, backend) else { continue };
            let pointer = format!("/spec/rules/{rule_at}/http/paths/{path_at}/backend");
            let to = service::resolve(backend, member.named(backend, &pointer), cx);
            let same = server.drafts.iter().filter(|draft| is_same(draft, path));
            found.extend(same.map(|draft| Primary { draft, own: own.clone(), to: to.clone() }));
        }
    }
    found
}

/// Compared as written: an empty path is no `/` here.
fn is_same(draft: &Draft, path: &Path) -> bool {
    let text = path.path.as_ref().map_or("", |text| text.value.as_str());
    draft.location.path == text && draft.is_exact == (path.path_type.value == PathType::Exact)
}

/// The canary shares every location of the upstream, not only those with its own paths (MIG510).
fn spill(build: &Build<'_, '_>, at: usize, (used, port): (&[User<'_>], &ServicePort), cx: &mut Cx<'_, '_>) {
    let Some(member) = build.members.get(at) else { return };
    let using = used.iter();
    let others: Vec<usize> = using
        .filter(|(server, draft)| {
            let rules = member.ingress.rules.iter().filter(|rule| host_of(rule) == server.host.name);
            !rules.flat_map(|rule| rule.paths.iter().flatten()).any(|path| is_same(draft, path))
        })
        .map(|(_, draft)| draft.location.owner)
        .collect();
    if others.is_empty() {
        return;
    }
    let mut affects: Vec<String> =
        others.iter().filter_map(|at| build.members.get(*at)).map(|one| format!("Ingress/{}", one.key())).collect();
    affects.sort();
    affects.dedup();
    let message =
        format!("the canary takes its share wherever the Service `{}` port {} is used", port.service, port.port);
    let mut item = member.item(field::PATH, "", Verdict::Exact).finding(code::ANNOTATION_SPILLS, message);
    item.scope = Scope::Upstream;
    item.affects = affects;
    member.add(item, cx);
}

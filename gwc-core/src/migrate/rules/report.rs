//! Items that rules add to the report, and the differences that they announce.
//!
//! Facts of an annotation have their item already (`settings`); here are those of paths and hosts, and those that the
//! whole class shares and that are said once.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Severity};
use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::annotation::{Scope, Verdict};
use crate::migrate::code;
use crate::migrate::item::{Fact, Item, ItemId, Origin as Source};
use crate::migrate::rules::{At, experimental};
use crate::migrate::site::{Location, Origin, Site, To};
use crate::prove::{Kind, Place};
use crate::value::ObjectKey;

/// What is said once for a class.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Item of the final slash of redirects to HTTPS.
    slash: Option<ItemId>,
    /// Annotations that a redirect beats, and those that no location needs.
    pub(super) beaten: BTreeSet<ItemId>,
    /// Annotations of rewrites, and those of them that some location uses.
    pub(super) rewrites: BTreeSet<ItemId>,
    pub(super) active: BTreeSet<ItemId>,
}

impl Notes {
    /// Says what holds for all hosts.
    pub(super) fn finish(&self, site: &Site<'_>, cx: &mut Cx<'_, '_>) {
        for id in &self.beaten {
            inert(*id, "the redirect of the Ingress comes first, so the annotation does nothing", cx);
        }
        for id in self.rewrites.difference(&self.active).filter(|id| !self.beaten.contains(id)) {
            inert(*id, "no path of the Ingress is rewritten, so the annotation does nothing", cx);
        }
        if site.hosts.iter().all(|host| host.locations.is_empty()) {
            return;
        }
        // §2.3: said once, and as an error of each Ingress whose guard can be passed by.
        let how = match site.controller {
            Controller::IngressNginx => "compares paths after decoding them, merging slashes and resolving dots",
            Controller::Generic => "may normalise paths before it compares them",
        };
        let message = format!("the controller {how}; a Gateway does so in its own way");
        let item =
            of_class(site, Fact::Default("path normalisation"), Verdict::Approx).finding(code::PATH_ENCODING, message);
        let id = cx.report.add(item);
        cx.report.allow(id, Place::Everywhere, Kind::Normalisation);
        for at in passed_by(site) {
            let Some(member) = site.members.get(at) else { continue };
            // What a filter keeps is announced like every path; what is closed is worth an error.
            if member.settings.lost.iter().all(|lost| experimental::keeps(&member.settings, lost, cx)) {
                cx.report.allow(id, Place::Ingress(at), Kind::NormalisedAccess);
                continue;
            }
            let message =
                "a guarded path in another spelling, like `%2F` for a slash, may reach an open rule of the host";
            let source = Source {
                kind: "Ingress",
                object: member.key().clone(),
                span: Some(member.ingress.meta.name_span),
                pointer: "/spec/rules".to_owned(),
            };
            let item = Item::new(source, Fact::Field("spec.rules[].http.paths[].path".to_owned()), "", Verdict::Approx)
                .finding(code::PATH_ENCODING, message)
                .severity(Severity::Error)
                .help("guard the whole host, or make the Gateway refuse or decode such paths; then accept it");
            let id = cx.report.add(item);
            cx.report.allow(id, Place::Ingress(at), Kind::NormalisedAccess);
        }
    }

    /// The item of the final slash that redirects to HTTPS lose on the controller (§3.7).
    pub(super) fn slash(&mut self, site: &Site<'_>, cx: &mut Cx<'_, '_>) -> ItemId {
        if let Some(id) = self.slash {
            return id;
        }
        let message = "the redirect to HTTPS drops one final slash on the controller, and keeps it on a Gateway";
        let item = of_class(site, Fact::Default("final slash of redirects to HTTPS"), Verdict::Approx)
            .finding(code::ANNOTATION_APPROXIMATED, message)
            .severity(Severity::Info);
        let id = cx.report.add(item);
        self.slash = Some(id);
        id
    }
}

/// Members with a lost access control on some paths of a host that has open ones too.
fn passed_by(site: &Site<'_>) -> BTreeSet<usize> {
    let is_guarded = |at: &usize| {
        let lost = site.members.get(*at).map(|member| member.settings.lost.as_slice()).unwrap_or_default();
        lost.iter().any(|one| one.scope != Scope::Server)
    };
    let mut found = BTreeSet::new();
    for host in site.hosts.iter().filter(|host| host.closed.is_none()) {
        let served = host.locations.iter().filter(|one| matches!(one.to, To::Service(_)));
        let (guarded, open): (Vec<usize>, Vec<usize>) = served.map(|one| one.owner).partition(is_guarded);
        if !open.is_empty() {
            found.extend(guarded);
        }
    }
    found
}

/// An annotation that does nothing on the controller either (MIG505).
fn inert(id: ItemId, message: &str, cx: &mut Cx<'_, '_>) {
    if let Some(item) = cx.report.item_mut(id) {
        item.verdict = Verdict::Inert;
        item.code = Some(code::ANNOTATION_INERT);
        item.severity = Severity::Info;
        item.direction = None;
        item.message = message.to_owned();
    }
}

/// An annotation that was translated with a known difference, or not at all: says so on its item, unless that says
/// something worse already.
pub(super) fn weaken(id: ItemId, (code, verdict): (Code, Verdict), message: &str, cx: &mut Cx<'_, '_>) {
    let weight = (severity(code), code.number);
    let is_worse = |item: &Item| item.code.is_none_or(|old| (item.severity, old.number) < weight);
    if cx.report.item(id).is_some_and(is_worse) {
        say(id, (code, verdict), message, cx);
    }
}

/// Says what became of an annotation, whatever was said before.
pub(super) fn say(id: ItemId, (code, verdict): (Code, Verdict), message: &str, cx: &mut Cx<'_, '_>) {
    let Some(item) = cx.report.item_mut(id) else { return };
    item.code = Some(code);
    item.verdict = verdict;
    item.severity = severity(code);
    item.direction = code::of(code).and_then(|row| row.direction);
    message.clone_into(&mut item.message);
}

fn severity(code: Code) -> Severity {
    code::of(code).map_or(Severity::Warning, |row| row.severity())
}

fn of_class(site: &Site<'_>, fact: Fact, verdict: Verdict) -> Item {
    let source = Source {
        kind: "IngressClass",
        object: ObjectKey::new("", site.class.as_str()),
        span: None,
        pointer: String::new(),
    };
    Item::new(source, fact, "", verdict)
}

/// An item about the path of a location, or about the host where the controller made the location.
pub(super) fn of_location(at: At<'_, '_>, location: &Location, verdict: Verdict) -> Item {
    let found = match location.origin {
        Origin::Path(id) => path_source(at, id),
        Origin::Implicit | Origin::Default | Origin::Controller => None,
    };
    let source = found.unwrap_or_else(|| Source {
        kind: "Ingress",
        object: at.owner(location).map_or_else(|| ObjectKey::new("", ""), |member| member.key().clone()),
        span: None,
        pointer: "/spec".to_owned(),
    });
    Item::new(source, Fact::Field("spec.rules[].http.paths[].path".to_owned()), location.path.as_str(), verdict)
}

fn path_source(at: At<'_, '_>, id: crate::ingress::PathId) -> Option<Source> {
    let ingress = at.site.members.get(id.ingress)?.ingress;
    let path = ingress.rules.get(id.rule)?.paths.as_ref()?.get(id.path)?;
    Some(Source {
        kind: "Ingress",
        object: ingress.meta.key.clone(),
        span: Some(path.path.as_ref().map_or(path.span, |text| text.span)),
        pointer: format!("/spec/rules/{}/http/paths/{}/path", id.rule, id.path),
    })
}

/// An item about a host, in the Ingress that brought it in.
pub(super) fn of_host(at: At<'_, '_>, verdict: Verdict) -> Item {
    let member = at.site.members.get(at.host.introduced_by);
    let source = Source {
        kind: "Ingress",
        object: member.map_or_else(|| ObjectKey::new("", ""), |member| member.key().clone()),
        span: member.map(|member| member.ingress.meta.name_span),
        pointer: "/spec/rules".to_owned(),
    };
    Item::new(source, Fact::Field("spec.rules[].host".to_owned()), at.name(), verdict).scope(Scope::Server)
}

/// Requests that a location decides about.
pub(super) fn place(at: At<'_, '_>, location: &Location) -> Place {
    match location.origin {
        Origin::Path(id) => Place::Path(id),
        Origin::Implicit | Origin::Default | Origin::Controller => rendered(at, &location.path),
    }
}

/// Requests of the host that a rendered path decides.
pub(super) fn rendered(at: At<'_, '_>, path: &str) -> Place {
    Place::Rendered(at.host.name.clone().unwrap_or_default(), path.into())
}

//! The Ingresses of a class with their annotations, and the items that are about one of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::ingress::{Backend, Ingress};
use crate::diagnostic::Code;
use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::annotation::{Verdict, truth};
use crate::migrate::code;
use crate::migrate::item::{Fact, Item, ItemId, Origin};
use crate::migrate::settings::{self, Subject};
use crate::migrate::site::{Host, Member, nginx, service};
use crate::prove::{Kind, Place};
use crate::source::Span;

/// Reads the annotations of all Ingresses.
pub(super) fn read<'w>(controller: Controller, ingresses: &[&'w Ingress], cx: &mut Cx<'_, 'w>) -> Vec<Member<'w>> {
    let left_out: Vec<&&Ingress> = ingresses.iter().filter(|one| !cx.is_chosen(&one.meta.key)).collect();
    let silent = left_out.first().map(|first| {
        let origin = Origin { kind: "Ingress", object: first.meta.key.clone(), span: None, pointer: String::new() };
        let mut item = Item::new(origin, Fact::Field("metadata".into()), left_out.len().to_string(), Verdict::Inert);
        item.message = "Ingresses of the class that are not to be converted are read, because they shape hosts".into();
        cx.report.add(item)
    });
    let plain = plain_canaries(controller, ingresses, cx);
    let read = ingresses.iter().enumerate().map(|(at, ingress)| {
        let is_chosen = cx.is_chosen(&ingress.meta.key);
        let silent = silent.filter(|_| !is_chosen);
        if let Some(item) = silent {
            cx.report.allow(item, Place::Ingress(at), Kind::Dropped);
        }
        let settings = settings::read(Subject { ingress, at, controller, is_plain: plain.contains(&at), silent }, cx);
        Member { ingress, settings, is_chosen, silent }
    });
    read.collect()
}

/// Canaries with a Service port that an older Ingress uses, which is no canary: the controller makes locations of
/// their paths, with their annotations (step E).
fn plain_canaries(controller: Controller, ingresses: &[&Ingress], cx: &Cx<'_, '_>) -> BTreeSet<usize> {
    let key = format!("{}/canary", cx.options.annotation_prefix);
    let is_canary =
        |ingress: &Ingress| ingress.annotation(&key).and_then(|text| truth(text.value.trim())) == Some(true);
    let mut plain = BTreeSet::new();
    if controller != Controller::IngressNginx || !ingresses.iter().any(|ingress| is_canary(ingress)) {
        return plain;
    }
    let mut owners: BTreeMap<nginx::Upstream, bool> = BTreeMap::new();
    for (at, ingress) in ingresses.iter().enumerate() {
        let own = is_canary(ingress);
        let paths = ingress.rules.iter().flat_map(|rule| rule.paths.iter().flatten());
        let paths = paths.filter_map(|path| path.backend.as_ref()).map(|backend| (backend, true));
        for (backend, is_path) in ingress.default_backend.iter().map(|backend| (backend, false)).chain(paths) {
            let Some(upstream) = nginx::upstream(&ingress.meta.key.namespace, backend) else { continue };
            let by_canary = *owners.entry(upstream).or_insert(own);
            if own && is_path && !by_canary {
                plain.insert(at);
            }
        }
    }
    plain
}

impl<'w> Member<'w> {
    /// How findings about a backend name it.
    pub(super) fn named<'n>(&'n self, backend: &Backend, pointer: &'n str) -> service::Named<'n> {
        service::Named { ingress: self.key(), span: backend.span, pointer, silent: self.silent }
    }

    /// An item about the whole Ingress.
    pub(super) fn item(&self, field: &str, value: &str, verdict: Verdict) -> Item {
        self.item_at(field, value, verdict, (self.ingress.meta.name_span, String::new()))
    }

    /// An item about a field.
    pub(super) fn item_at(&self, field: &str, value: &str, verdict: Verdict, (span, pointer): (Span, String)) -> Item {
        let origin = Origin { kind: "Ingress", object: self.key().clone(), span: Some(span), pointer };
        Item::new(origin, Fact::Field(field.into()), value, verdict)
    }

    /// Adds an item, unless the Ingress is not to be converted.
    pub(super) fn add(&self, item: Item, cx: &mut Cx<'_, '_>) -> ItemId {
        self.silent.unwrap_or_else(|| cx.report.add(item))
    }

    /// Says something else of an item than its annotation alone tells.
    pub(super) fn restate(&self, item: ItemId, what: (Verdict, Code), message: impl Into<String>, cx: &mut Cx<'_, '_>) {
        if self.silent.is_none() {
            cx.report.restate(item, what, message);
        }
    }
}

/// Ingresses that are not to be converted, but have a host in common with one that is (MIG208).
pub(super) fn report_sharing(members: &[Member<'_>], hosts: &[Host], cx: &mut Cx<'_, '_>) {
    let names = |member: &Member<'_>| -> BTreeSet<Option<String>> {
        let hosts = member.ingress.rules.iter().map(|rule| rule.host.as_ref());
        hosts.map(|host| host.map(|host| host.value.to_ascii_lowercase().to_string())).collect()
    };
    if members.iter().all(|member| member.is_chosen) || hosts.is_empty() {
        return;
    }
    let converted: BTreeSet<Option<String>> = members.iter().filter(|one| one.is_chosen).flat_map(names).collect();
    for member in members.iter().filter(|member| !member.is_chosen) {
        if let Some(host) = names(member).into_iter().find(|host| converted.contains(host)) {
            let shown = host.as_deref().unwrap_or("all hosts");
            let message =
                format!("`{}` is not selected, but has `{shown}` in common with Ingresses that are", member.key());
            let item = member.item("spec.rules[].host", shown, Verdict::Inert);
            cx.report.add(item.finding(code::HOST_OF_SEVERAL_NAMESPACES, message));
        }
    }
}

//! From Ingresses to Gateway API: the writer's side of `gwc ingress-migrate`.
//!
//! Read [`convert`]: annotations (`settings`), hosts and locations (`site`), rules (`rules`), objects (`assemble`), and
//! their text (`render`). Every fact of the source ends in an item of the report (`item`). Nothing here judges what it
//! writes; that is for `crate::prove` and for the checks that all manifests go through.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::api::core::{ConfigMap, Secret, Service};
use crate::graph::Graph;
use crate::ingress::select::{Controller, Selected};
use crate::value::ObjectKey;

pub mod annotation;
pub mod assemble;
pub mod code;
pub mod item;
pub mod name;
pub mod options;
pub mod plan;
pub mod render;
pub mod rules;
pub mod settings;
pub mod site;

pub use item::{Item, ItemId, Report};
pub use options::Options;

use render::Manifest;

/// What a step of the conversion needs, and the report that it writes to.
#[derive(Debug)]
pub struct Cx<'o, 'w> {
    /// Decisions of the user.
    pub options: &'o Options,
    /// Objects of the world.
    pub graph: &'w Graph,
    /// Services by key.
    pub services: BTreeMap<ObjectKey, &'w Service>,
    /// Secrets by key; only their names, types and certificates are looked at.
    pub secrets: BTreeMap<ObjectKey, &'w Secret>,
    /// ConfigMaps by key.
    pub config_maps: BTreeMap<ObjectKey, &'w ConfigMap>,
    /// The report.
    pub report: Report,
    /// Known annotations that unknown ones are like; the same mistake often stands in many Ingresses.
    pub nearest: BTreeMap<CompactString, Option<&'static str>>,
    /// Names of the objects that there are, and of those that are written.
    pub names: name::Names,
}

impl<'o, 'w> Cx<'o, 'w> {
    /// Nothing reported yet, and only the names of the input given.
    #[must_use]
    pub fn new(options: &'o Options, graph: &'w Graph) -> Self {
        Self {
            options,
            graph,
            services: graph.services.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect(),
            secrets: graph.secrets.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect(),
            config_maps: graph.config_maps.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect(),
            report: Report::default(),
            nearest: BTreeMap::new(),
            names: given(graph),
        }
    }

    /// Is this Ingress to be converted?
    #[must_use]
    pub fn is_chosen(&self, ingress: &ObjectKey) -> bool {
        self.options.chosen.as_ref().is_none_or(|chosen| chosen.contains(ingress))
    }

    /// The GatewayClass of an IngressClass (§2.1).
    #[must_use]
    pub fn gateway_class(&self, class: &str) -> String {
        if let Some(name) = self.options.classes.get(class) {
            return name.to_string();
        }
        if self.options.has(options::Choice::ClassIdentity) {
            return class.to_owned();
        }
        let mut classes = self.graph.gateway_classes.iter();
        match (classes.next(), classes.next()) {
            (Some((_, only)), None) => only.meta.key.name.to_string(),
            _ => UNKNOWN_CLASS.to_owned(),
        }
    }
}

/// The names that objects of the input have; those that a migration wrote before may be written again (§5.3).
fn given(graph: &Graph) -> name::Names {
    let gateways = graph.gateways.iter().map(|(_, one)| &one.meta);
    let sets = graph.listener_sets.iter().map(|(_, one)| &one.meta);
    let routes = graph.routes.iter().map(|(_, one)| &one.meta);
    let grants = graph.grants.iter().map(|(_, one)| &one.meta);
    let policies = graph.backend_tls_policies.iter().map(|(_, one)| &one.meta);
    let maps = graph.config_maps.iter().map(|(_, one)| &one.meta);
    let mut names = name::Names::default();
    for meta in gateways.chain(sets).chain(routes).chain(grants).chain(policies).chain(maps) {
        let kind = name::KINDS.iter().find(|kind| meta.kind.value == **kind);
        let Some(kind) = kind.filter(|_| meta.label(render::model::GENERATED).is_none()) else { continue };
        let place = (*kind, meta.key.namespace.to_string(), meta.key.name.to_string());
        let _ = names.claim(place, "an object of the input");
    }
    names
}

/// Name of a GatewayClass that nobody told (MIG109).
pub const UNKNOWN_CLASS: &str = "change-me";

/// One class: what the verifier needs to put both sides next to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassPart {
    /// The IngressClass.
    pub class: CompactString,
    /// Its controller.
    pub controller: Controller,
    /// Its Gateways in the output.
    pub gateways: Vec<ObjectKey>,
    /// Hosts that are at one of several Gateways alone, where namespaces or Ingresses have Gateways of their own.
    pub hosts: BTreeMap<CompactString, ObjectKey>,
    /// Items of the report that belong to it: from, to.
    pub items: std::ops::Range<usize>,
}

/// The result.
#[derive(Debug, Clone, Default)]
pub struct Conversion {
    /// The objects, in the order in which they are written.
    pub manifests: Vec<Manifest>,
    /// The report.
    pub report: Report,
    /// Classes, by controller and name.
    pub classes: Vec<ClassPart>,
    /// Changes of objects that somebody else owns: they are proposed, never applied with the rest.
    pub patches: Vec<Patch>,
}

/// A change of an object that the migration does not write (§5.2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Patch {
    /// Path of the file below the output folder.
    pub path: String,
    /// YAML of the patch.
    pub text: String,
}

impl Conversion {
    /// Adds the objects of a class. What belongs to the cluster or to an existing Gateway, classes may share.
    fn take(&mut self, assembled: assemble::Assembled) {
        let identity = |one: &Manifest| (one.kind(), one.meta().namespace.clone(), one.meta().name.clone());
        let is_shared = |one: &Manifest| matches!(one, Manifest::GatewayClass(..) | Manifest::Namespace(_));
        let shared: BTreeSet<_> = self.manifests.iter().filter(|one| is_shared(one)).map(identity).collect();
        let new = assembled.manifests.into_iter().filter(|one| !is_shared(one) || !shared.contains(&identity(one)));
        self.manifests.extend(new);
        let known = self.patches.iter().enumerate().map(|(at, patch)| (patch.path.clone(), at));
        let known: BTreeMap<String, usize> = known.collect();
        for patch in assembled.patches {
            match known.get(&patch.path).and_then(|at| self.patches.get_mut(*at)) {
                Some(known) if known.text != patch.text => known.text = format!("{}---\n{}", known.text, patch.text),
                Some(_) => {}
                None => self.patches.push(patch),
            }
        }
    }
}

/// Converts the selected Ingresses of a world. Never fails: what cannot be converted is an item of the report.
#[must_use]
pub fn convert(graph: &Graph, selected: &Selected<'_>, options: &Options) -> Conversion {
    let mut conversion = Conversion::default();
    let mut cx = Cx::new(options, graph);
    for ((controller, class), ingresses) in &selected.read {
        let start = conversion.report.items().len();
        let site = site::site(class, *controller, ingresses, &mut cx);
        let planned = rules::plan(&site, &mut cx);
        let assembled = assemble::assemble(&site, planned, &mut cx);
        conversion.report.append(std::mem::take(&mut cx.report));
        let items = start..conversion.report.items().len();
        let gateways = assembled.gateways.clone();
        let hosts = assembled.hosts.clone();
        let part = ClassPart { class: class.clone(), controller: *controller, gateways, hosts, items };
        conversion.take(assembled);
        conversion.classes.push(part);
    }
    site::stranger::report(selected, &mut conversion.report);
    conversion
}

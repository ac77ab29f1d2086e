//! What the controller of a class serves, as the converter sees it: hosts, and the locations of each.
//!
//! Made from Ingresses by `nginx` (steps A to I of ingress-migrate.md §3.1) or `generic` (the text of the Ingress API).
//! The verifier's model of the same is `crate::ingress`, written apart.

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::ingress::{Ingress, Port};
use crate::ingress::PathId;
use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::item::ItemId;
use crate::migrate::settings::{Canary, Setting, Settings};
use crate::value::ObjectKey;

mod canary;
mod certificate;
mod default;
mod field;
mod generic;
mod global;
mod host;
mod member;
mod names;
mod nginx;
mod service;
mod spill;
pub(in crate::migrate) mod stranger;

/// The path that every other one begins with.
pub(crate) const ROOT: CompactString = CompactString::const_new("/");

/// The Ingresses of a class and what they make together.
#[derive(Debug)]
pub struct Site<'w> {
    /// The class.
    pub class: CompactString,
    /// Its controller.
    pub controller: Controller,
    /// The Ingresses in the controller's order; positions are those of [`crate::ingress::World::ingresses`].
    pub members: Vec<Member<'w>>,
    /// Hosts with their locations, by name; the one for all other hosts first.
    pub hosts: Vec<Host>,
    /// Canaries by the Service port whose requests they share.
    pub canaries: BTreeMap<ServicePort, CanaryShare>,
    /// The items of the paths of Ingresses.
    pub paths: BTreeMap<PathId, ItemId>,
}

/// An Ingress.
#[derive(Debug)]
pub struct Member<'w> {
    /// The Ingress.
    pub ingress: &'w Ingress,
    /// Its annotations.
    pub settings: Settings,
    /// Is it to be converted, or only read?
    pub is_chosen: bool,
    /// The item that stands for all findings about it, where it is only read.
    pub silent: Option<ItemId>,
}

impl Member<'_> {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> &ObjectKey {
        &self.ingress.meta.key
    }
}

/// A host.
#[derive(Debug, Clone)]
pub struct Host {
    /// In lower case, as in the Ingress; `None` for requests of no host.
    pub name: Option<CompactString>,
    /// Position of the member that brought it in.
    pub introduced_by: usize,
    /// Is every location a regular expression (step H)?
    pub is_regex: bool,
    /// In the order in which the controller renders them; order counts only where `is_regex`.
    pub locations: Vec<Location>,
    /// Certificate that is served for it.
    pub certificate: Option<Certificate>,
    /// Further names (`server-alias`), those that other hosts have left out.
    pub aliases: Vec<CompactString>,
    /// `/` is redirected to this path, by this member.
    pub app_root: Option<(Setting<CompactString>, usize)>,
    /// The name with or without `www.` is redirected here, by this member.
    pub www: Option<(CompactString, usize)>,
    /// TLS is passed through to this port.
    pub passthrough: Option<(ServicePort, ItemId)>,
    /// An access control of the whole host is lost: all its rules are closed.
    pub closed: Option<ItemId>,
}

/// What TLS connections for a host get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The Secret; `None`: the default certificate of the controller (MIG401).
    pub secret: Option<ObjectKey>,
    /// Member that decides.
    pub member: usize,
}

/// How a location compares paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The whole path.
    Exact,
    /// Letter by letter from the beginning (a location of nginx).
    Letters,
    /// By elements, a final slash ignored (the text of the Ingress API).
    Elements,
    /// A regular expression from the beginning, without case.
    Regex,
}

/// Where a location comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A path of an Ingress.
    Path(PathId),
    /// The controller made it: `/` of a host without one.
    Implicit,
    /// `defaultBackend` of an Ingress without rules: its redirects and rewrites do not hold.
    Default,
    /// The controller's own default backend, for requests of no host: no settings hold.
    Controller,
}

/// A path of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The path as rendered.
    pub path: CompactString,
    /// How it is compared.
    pub form: Form,
    /// Where it comes from.
    pub origin: Origin,
    /// Member whose settings apply.
    pub owner: usize,
    /// Where requests go.
    pub to: To,
}

/// Where a location sends requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// To a Service.
    Service(ServicePort),
    /// Nowhere: 404.
    NotFound,
    /// The controller answers 503, or the target cannot reach it: closed, with the item that says why.
    Closed(ItemId),
}

/// A port of a Service, found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServicePort {
    /// Service.
    pub service: ObjectKey,
    /// Port of the Service.
    pub port: u16,
    /// The port as the Ingress writes it: ports that are written otherwise are other upstreams (step D).
    pub written: Port,
}

/// A canary that shares the requests of an upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanaryShare {
    /// How.
    pub canary: Setting<Canary>,
    /// Where its share goes.
    pub to: To,
    /// Its Ingress.
    pub member: usize,
}

/// Reads the Ingresses of a class, in the controller's order.
pub fn site<'w>(class: &str, controller: Controller, ingresses: &[&'w Ingress], cx: &mut Cx<'_, 'w>) -> Site<'w> {
    match controller {
        Controller::IngressNginx => nginx::site(class, ingresses, cx),
        Controller::Generic => generic::site(class, ingresses, cx),
    }
}

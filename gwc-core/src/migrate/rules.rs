//! From locations to rules: matches, filters and backends of each host, before they are put into routes.
//!
//! A location becomes one rule or several that must stay together; which sections (HTTP, HTTPS) they serve is decided
//! here, which objects hold them in `assemble`. Read `treatment` (what happens to the requests of a location), `plain`
//! and `expression` (which requests those are), then `section` (where the rules are served); the others serve these.

use crate::migrate::Cx;
use crate::migrate::item::ItemId;
use crate::migrate::render::model::Rule;
use crate::migrate::settings::{BackendTls, Settings};
use crate::migrate::site::{Host, Location, Member, Origin, ServicePort, Site};

mod canary;
mod close;
mod cors;
mod experimental;
mod expression;
mod filters;
mod literal;
mod order;
mod piece;
mod plain;
mod protocol;
mod redirect;
mod regex;
mod report;
mod section;
mod shape;
mod treatment;

use experimental::Sticky;
use report::Notes;

/// Sections that rules serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sections {
    /// HTTP in clear only.
    Http,
    /// HTTPS only.
    Https,
    /// Both, as far as the host has them.
    Both,
}

/// What sort of route the rules belong to; each gets routes of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The route of the Ingress.
    Main,
    /// Redirects to HTTPS, on the HTTP section (name `…-redirect`).
    Redirect,
    /// Redirects of another name of the host (`from-to-www-redirect`): the hostname of the route is this one.
    OtherName,
}

/// Rules that stay together, in this order, in one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Position in [`Site::hosts`].
    pub host: usize,
    /// Position in [`Site::members`]: its namespace and name are those of the route.
    pub owner: usize,
    /// Where it comes from.
    pub origin: Origin,
    /// Sections.
    pub sections: Sections,
    /// Sort of route.
    pub role: Role,
    /// The rules; canaries and their primary are several.
    pub rules: Vec<Rule>,
    /// All rules of a host with a rank must be in one HTTPRoute in this order (regular expressions).
    pub rank: Option<usize>,
    /// Every rule of the route speaks gRPC to its backend, and the match can be a gRPC method: `/` takes every call, a
    /// prefix of one element those of a service, an exact path of two a method.
    pub is_grpc: bool,
    /// Ports that speak HTTP/2 in clear, which an HTTPRoute asks for by the `appProtocol` of the Service (§3.8).
    pub h2c: Vec<ServicePort>,
    /// Ports that are reached through TLS, and how: each needs a BackendTLSPolicy.
    pub tls_to: Vec<(ServicePort, BackendTls)>,
    /// Closed on purpose: the route needs the annotation that says so (§5.6).
    pub closed: Option<ItemId>,
    /// Items of what was translated here; their outputs are filled in when the route is made.
    pub items: Vec<ItemId>,
}

/// A host and where it stands.
#[derive(Clone, Copy)]
struct At<'p, 'w> {
    site: &'p Site<'w>,
    /// Position of the host.
    index: usize,
    host: &'p Host,
    sticky: &'p Sticky<'p>,
}

impl<'p, 'w> At<'p, 'w> {
    /// The Ingress whose settings apply to a location.
    fn owner(&self, location: &Location) -> Option<&'p Member<'w>> {
        self.site.members.get(location.owner)
    }

    /// Its settings; none hold for what is the controller's own.
    fn settings(&self, location: &Location) -> Option<&'p Settings> {
        let owner = self.owner(location).filter(|_| location.origin != Origin::Controller);
        owner.map(|member| &member.settings)
    }

    /// Name of the host for messages.
    fn name(&self) -> &'p str {
        self.host.name.as_deref().unwrap_or("*")
    }
}

/// The rules of all hosts, by host.
pub fn plan(site: &Site<'_>, cx: &mut Cx<'_, '_>) -> Vec<Planned> {
    let mut planned = Vec::new();
    let mut notes = Notes::default();
    let sticky = experimental::sticky(site, cx);
    for (index, host) in site.hosts.iter().enumerate() {
        let at = At { site, index, host, sticky: &sticky };
        let drafts =
            if host.is_regex { expression::drafts(at, &mut notes, cx) } else { plain::drafts(at, &mut notes, cx) };
        section::place(at, drafts, (&mut notes, cx), &mut planned);
    }
    notes.finish(site, cx);
    planned
}

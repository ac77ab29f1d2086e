//! From locations to rules: matches, filters and backends of each host, before they are put into routes.
//!
//! A location becomes one rule or several that must stay together; which sections (HTTP, HTTPS) they serve is decided
//! here, which objects hold them in `assemble`. Read `plain` for paths of ordinary hosts, then the others.

use crate::migrate::Cx;
use crate::migrate::item::ItemId;
use crate::migrate::render::model::Rule;
use crate::migrate::site::{Origin, Site};

mod plain;

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
    /// Every rule of the route speaks gRPC to its backend, and the match can be a gRPC method.
    pub is_grpc: bool,
    /// Closed on purpose: the route needs the annotation that says so (§5.6).
    pub closed: Option<ItemId>,
    /// Items of what was translated here; their outputs are filled in when the route is made.
    pub items: Vec<ItemId>,
}

/// The rules of all hosts, by host.
pub fn plan(site: &Site<'_>, cx: &mut Cx<'_, '_>) -> Vec<Planned> {
    let mut planned = Vec::new();
    for (at, host) in site.hosts.iter().enumerate() {
        plain::add(site, (at, host), cx, &mut planned);
    }
    planned
}

//! Locations of hosts without regular expressions: Exact and PathPrefix, and the redirect that adds a slash.

use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::render::model::{Backend, Filter, Match, PathChange, PathKind, Redirect, Rule};
use crate::migrate::rules::{Planned, Role, Sections};
use crate::migrate::site::{Form, Host, Location, Site, To};

/// Adds the rules of a host.
pub(super) fn add(site: &Site<'_>, (at, host): (usize, &Host), _cx: &mut Cx<'_, '_>, out: &mut Vec<Planned>) {
    for location in &host.locations {
        let Some(rule) = rule(location) else { continue };
        out.push(planned(at, location, rule));
        if site.controller == Controller::IngressNginx {
            out.extend(slash_redirect(host, location).map(|rule| planned(at, location, rule)));
        }
    }
}

fn planned(host: usize, location: &Location, rule: Rule) -> Planned {
    Planned {
        host,
        owner: location.owner,
        origin: location.origin,
        sections: Sections::Both,
        role: Role::Main,
        rules: vec![rule],
        rank: None,
        is_grpc: false,
        closed: None,
        items: Vec::new(),
    }
}

fn at(kind: PathKind, path: &str) -> Vec<Match> {
    vec![Match { path: (kind, path.to_owned()), headers: Vec::new(), method: None }]
}

fn rule(location: &Location) -> Option<Rule> {
    let To::Service(to) = &location.to else { return None };
    let matches = match location.form {
        Form::Exact => at(PathKind::Exact, &location.path),
        Form::Letters | Form::Elements | Form::Regex => at(PathKind::Prefix, trimmed(&location.path)),
    };
    let backend = Backend { namespace: None, name: to.service.name.to_string(), port: to.port, weight: None };
    Some(Rule { matches, backends: vec![backend], ..Rule::default() })
}

/// The prefix without its final slash.
fn trimmed(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => "/",
        trimmed => trimmed,
    }
}

/// nginx answers a request that lacks only the final slash of a location with a redirect, unless another location
/// takes exactly that path (§2.3).
fn slash_redirect(host: &Host, location: &Location) -> Option<Rule> {
    let bare = location.path.strip_suffix('/').filter(|bare| !bare.is_empty())?;
    let is_taken = host.locations.iter().any(|other| other.form == Form::Exact && other.path == bare);
    let redirect =
        Redirect { path: Some(PathChange::Full(location.path.to_string())), status: Some(301), ..Redirect::default() };
    let rule =
        Rule { matches: at(PathKind::Exact, bare), filters: vec![Filter::Redirect(redirect)], ..Rule::default() };
    (!is_taken).then_some(rule)
}

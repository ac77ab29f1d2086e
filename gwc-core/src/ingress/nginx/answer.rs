//! Steps J and K: a request finds its server and location, and what they make of it.
//!
//! The order of phases decides combinations (ingress-migrate.md §3.3): `app-root`, choice of the location, preflights,
//! redirects, rewrites, the redirect to HTTPS, the backend.

use std::cmp::Reverse;

use crate::ingress::nginx::annotation::{Annotations, TlsRedirect};
use crate::ingress::nginx::build::rewriting;
use crate::ingress::nginx::upstream::{self, Choice, UpstreamKey};
use crate::ingress::nginx::{Location, Name, Server, Servers};
use crate::ingress::pattern::{Case, Search, Unreadable};
use crate::ingress::{Backend, Decided, Forward, Outcome, Reply, Request, Scheme, uri};

/// What a host leads to.
pub(super) enum Found<'s> {
    Server(&'s Server),
    Redirect(&'s str),
}

/// The location of a path.
enum Place<'s> {
    Location(&'s Location),
    /// The location needs one more slash.
    Slash(&'s Location),
    Nowhere,
}

/// A location with the annotations that apply.
#[derive(Clone, Copy)]
struct At<'s> {
    location: &'s Location,
    annotations: Option<&'s Annotations>,
}

impl Servers {
    /// The answer to a request.
    #[must_use]
    pub fn evaluate(&self, request: &Request<'_>) -> Reply {
        let (Some(host), Some(target)) = (uri::host(request.host), uri::target(request.target)) else {
            return Reply::fixed(400);
        };
        let server = match self.server(&host) {
            Ok(Some(Found::Server(server))) => server,
            Ok(Some(Found::Redirect(to))) => return self.to_other_name(request, to),
            Ok(None) => return Reply::fixed(404),
            Err(Unreadable(text)) => return Reply { outcome: Outcome::Unknown { text }, decided: None },
        };
        if let Some((path, owner)) = server.app_root.as_ref().filter(|_| target.path == b"/") {
            let location = format!("{}://{}{path}", request.scheme.as_str(), request.host);
            let decided = Decided { ingress: *owner, path: None, rendered: path.clone() };
            return Reply { outcome: Outcome::Redirect { code: 302, location }, decided: Some(decided) };
        }
        let place = match self.place(server, &target.path) {
            Ok(place) => place,
            Err(Unreadable(text)) => return Reply { outcome: Outcome::Unknown { text }, decided: None },
        };
        let (outcome, location) = match place {
            Place::Location(location) => (self.at(location, request, &host, &target), location),
            Place::Slash(location) => (self.with_slash(location, request, &host, target.query), location),
            Place::Nowhere => return Reply::fixed(404),
        };
        Reply { outcome, decided: decided(location) }
    }

    /// Exact names, then suffixes, then patterns in file order, then the catch-all.
    pub(super) fn server(&self, host: &str) -> Result<Option<Found<'_>>, Unreadable> {
        let found = |at: usize| self.servers.get(at).map(Found::Server);
        match self.exact.get(host) {
            Some(Name::Server(at)) => return Ok(found(*at)),
            Some(Name::Redirect(to)) => return Ok(Some(Found::Redirect(to))),
            None => {}
        }
        let longer = |suffix: &str| host.len() > suffix.len() && host.ends_with(suffix);
        if let Some((_, at)) = self.suffixes.iter().find(|(suffix, _)| longer(suffix)) {
            return Ok(found(*at));
        }
        for (pattern, at) in &self.patterns {
            if pattern.as_ref().map_err(Clone::clone)?.is_match(host.as_bytes()) {
                return Ok(found(*at));
            }
        }
        Ok(self.block("_").map(Found::Server))
    }

    /// Step J.
    fn place<'s>(&self, server: &'s Server, path: &[u8]) -> Result<Place<'s>, Unreadable> {
        if server.is_regex {
            return first_match(&server.locations, path);
        }
        let exact = server.locations.iter().find(|one| one.is_exact && one.path.as_bytes() == path);
        if let Some(location) = exact {
            return Ok(Place::Location(location));
        }
        let prefixes = server.locations.iter().filter(|one| !one.is_exact);
        let longest =
            prefixes.filter(|one| path.starts_with(one.path.as_bytes())).min_by_key(|one| Reverse(one.path.len()));
        if let Some(location) = longest.filter(|one| one.path.as_bytes() == path) {
            return Ok(Place::Location(location));
        }
        let lacks_slash = |one: &&Location| one.path.as_bytes().strip_suffix(b"/") == Some(path);
        let proxied = |one: &&Location| self.annotations_of(one).is_none_or(|own| own.denied.is_none());
        let slash = server.locations.iter().filter(lacks_slash).filter(proxied);
        // Of two locations with one name the exact one is looked at.
        if let Some(location) = slash.max_by_key(|one| one.is_exact) {
            return Ok(Place::Slash(location));
        }
        Ok(longest.map_or(Place::Nowhere, Place::Location))
    }

    fn annotations_of(&self, location: &Location) -> Option<&Annotations> {
        location.owner.and_then(|owner| self.annotations.get(owner))
    }

    /// What `from-to-www-redirect` answers for the other name.
    fn to_other_name(&self, request: &Request<'_>, to: &str) -> Reply {
        let port = self.config.ports.https;
        let port = if port == 443 { String::new() } else { format!(":{port}") };
        let target = request.target.strip_suffix('/').unwrap_or(request.target);
        let location = format!("{}://{to}{port}{target}", request.scheme.as_str());
        Reply { outcome: Outcome::Redirect { code: self.config.redirect_code, location }, decided: None }
    }

    /// nginx redirects to a proxied location whose name is the path and a slash.
    fn with_slash(&self, location: &Location, request: &Request<'_>, host: &str, query: Option<&str>) -> Outcome {
        let style = self.annotations_of(location).map(|own| own.style);
        let path = uri::escaped(location.path.as_bytes());
        let query = query.filter(|query| !query.is_empty()).map(|query| format!("?{query}")).unwrap_or_default();
        let port = style.filter(|style| style.with_port).and_then(|_| match request.scheme {
            Scheme::Http => Some(self.config.ports.http).filter(|port| *port != 80),
            Scheme::Https => Some(self.config.ports.https).filter(|port| *port != 443),
        });
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let relative = style.map_or(self.config.relative_redirects, |style| style.relative);
        let origin = if relative { String::new() } else { format!("{}://{host}{port}", request.scheme.as_str()) };
        Outcome::Redirect { code: 301, location: format!("{origin}{path}{query}") }
    }

    fn at(&self, location: &Location, request: &Request<'_>, host: &str, target: &uri::Target<'_>) -> Outcome {
        let at = At { location, annotations: self.annotations_of(location) };
        if at.annotations.is_some_and(|own| own.denied.is_some()) {
            return Outcome::Fixed { code: 503 };
        }
        if at.annotations.is_some_and(|own| is_preflight(own, request)) {
            return Outcome::Fixed { code: 204 };
        }
        let at = At { annotations: rewriting(location, &self.annotations), ..at };
        if let Some(redirect) = at.annotations.and_then(|own| own.redirect.as_ref()) {
            return Outcome::Redirect { code: redirect.code, location: redirect.url.to_string() };
        }
        let rewritten = match rewrite(at, target) {
            Ok(Some(Rewritten::Redirect(location))) => return Outcome::Redirect { code: 302, location },
            Ok(Some(Rewritten::Target(target))) => target,
            Ok(Some(Rewritten::Empty)) => return Outcome::Fixed { code: 500 },
            Ok(None) => request.target.to_owned(),
            Err(Unreadable(text)) => return Outcome::Unknown { text },
        };
        if let Some(location) = self.to_https(at, request, host) {
            return Outcome::Redirect { code: self.config.redirect_code, location };
        }
        let sent_host = match self.annotations_of(location).and_then(|own| own.upstream_vhost.as_ref()) {
            Some(text) if text.contains('$') => return Outcome::Unknown { text: text.clone() },
            Some(text) => text.to_string(),
            None => request.host.to_owned(),
        };
        self.forward(location.upstream.as_ref(), request, (rewritten, sent_host))
    }

    /// §3.7.
    fn to_https(&self, at: At<'_>, request: &Request<'_>, host: &str) -> Option<String> {
        let exempt = self.config.no_tls_redirect.iter().any(|prefix| at.location.path.starts_with(prefix.as_str()));
        if request.scheme == Scheme::Https || exempt {
            return None;
        }
        // What the controller makes by itself never redirects, whatever its ConfigMap says.
        let own = at.annotations?;
        let redirects = match own.tls_redirect {
            TlsRedirect::Always => true,
            TlsRedirect::WithCertificate => self.certificate(host).is_some(),
            TlsRedirect::Never => false,
        };
        if !redirects {
            return None;
        }
        let target = request.target;
        let target = if own.style.keep_slash { target } else { target.strip_suffix('/').unwrap_or(target) };
        let bare = request.host.split(':').next().unwrap_or_default();
        let port = if own.style.with_port { format!(":{}", self.config.ports.https) } else { String::new() };
        Some(format!("https://{bare}{port}{target}"))
    }

    fn forward(&self, key: Option<&UpstreamKey>, request: &Request<'_>, sent: (String, String)) -> Outcome {
        let Some(key) = key else { return Outcome::Fixed { code: 404 } };
        let Some(upstream) = self.upstreams.get(key) else { return Outcome::Fixed { code: 503 } };
        let alternative = upstream.alternative.as_ref().and_then(|key| self.upstreams.get(key));
        let canary = alternative.and_then(|other| Some((other.canary.as_ref()?, other.backend.as_ref())));
        let choice = canary.map_or(Choice::Primary, |(canary, _)| upstream::choose(canary, request));
        let (primary, other) = (upstream.backend.as_ref(), canary.and_then(|(_, backend)| backend));
        let shares: Vec<(Option<&Backend>, u32)> = match choice {
            Choice::Primary => vec![(primary, 1)],
            Choice::Canary => vec![(other, 1)],
            Choice::Chance(weight, total) => vec![(primary, total.saturating_sub(weight)), (other, weight)],
            Choice::Unknown(text) => return Outcome::Unknown { text },
        };
        let shares: Vec<(Backend, u32)> =
            shares.into_iter().filter_map(|(backend, weight)| Some((backend?.clone(), weight))).collect();
        if shares.is_empty() {
            return Outcome::Fixed { code: 503 };
        }
        Outcome::Forward(Forward { shares, target: sent.0, host: sent.1 })
    }
}

/// The first pattern in rendered order that matches.
fn first_match<'s>(locations: &'s [Location], path: &[u8]) -> Result<Place<'s>, Unreadable> {
    for location in locations {
        let Some(pattern) = &location.pattern else { continue };
        if pattern.as_ref().map_err(Clone::clone)?.is_match(path) {
            return Ok(Place::Location(location));
        }
    }
    Ok(Place::Nowhere)
}

fn decided(location: &Location) -> Option<Decided> {
    let ingress = location.owner?;
    Some(Decided { ingress, path: location.id, rendered: location.path.clone() })
}

/// The controller answers every OPTIONS with an allowed origin by itself.
fn is_preflight(annotations: &Annotations, request: &Request<'_>) -> bool {
    let Some(origins) = annotations.cors_origins.as_ref().filter(|_| request.method == "OPTIONS") else { return false };
    if origins.iter().any(|origin| origin == "*") {
        return true;
    }
    let Some(origin) = request.header("origin") else { return false };
    origins.iter().any(|allowed| is_allowed(allowed, origin))
}

/// A wildcard stands for one label; the pattern is anchored at the end only.
fn is_allowed(allowed: &str, origin: &str) -> bool {
    let escaped: String =
        allowed.chars().flat_map(|c| if c == '.' || c == '/' { vec!['\\', c] } else { vec![c] }).collect();
    let pattern = format!("{}$", escaped.replace("*\\.", r"[A-Za-z0-9\-]+\."));
    Search::new(&pattern, Case::Ignored).is_ok_and(|search| search.is_match(origin.as_bytes()))
}

/// What `rewrite … break` makes of a request.
enum Rewritten {
    Target(String),
    Redirect(String),
    /// nginx refuses to send an empty path.
    Empty,
}

/// Step K.
fn rewrite(at: At<'_>, target: &uri::Target<'_>) -> Result<Option<Rewritten>, Unreadable> {
    let replacement = at.annotations.and_then(|own| own.rewrite_target.as_ref());
    let Some((replacement, pattern)) = replacement.zip(at.location.rewrite.as_ref()) else { return Ok(None) };
    let Some(groups) = pattern.as_ref().map_err(Clone::clone)?.captures(&target.path) else { return Ok(None) };
    let path = filled(replacement, &groups).ok_or_else(|| Unreadable(replacement.clone()))?;
    if path.is_empty() {
        return Ok(Some(Rewritten::Empty));
    }
    let query = target.query.filter(|query| !query.is_empty()).map(|query| format!("?{query}")).unwrap_or_default();
    if replacement.starts_with("http://") || replacement.starts_with("https://") {
        return Ok(Some(Rewritten::Redirect(format!("{}{query}", String::from_utf8_lossy(&path)))));
    }
    Ok(Some(Rewritten::Target(format!("{}{query}", uri::escaped(&path)))))
}

/// The replacement with its groups; `None` when it names a variable.
fn filled(replacement: &str, groups: &[&[u8]]) -> Option<Vec<u8>> {
    let mut path = Vec::with_capacity(replacement.len());
    let mut rest = replacement.split('$');
    path.extend_from_slice(rest.next().unwrap_or_default().as_bytes());
    for part in rest {
        let digit = part.chars().next().and_then(|c| c.to_digit(10)).filter(|digit| *digit > 0)?;
        let group = groups.get(usize::try_from(digit).ok()?).copied().unwrap_or_default();
        path.extend_from_slice(group);
        path.extend_from_slice(part.get(1..).unwrap_or_default().as_bytes());
    }
    Some(path)
}

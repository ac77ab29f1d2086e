//! Steps J and K: a request finds its server and location, and what they make of it.
//!
//! The order of phases decides combinations (ingress-migrate.md §3.3): `app-root`, choice of the location, preflights,
//! redirects, rewrites, the redirect to HTTPS, the backend.

use std::sync::Arc;

use compact_str::CompactString;

use crate::ingress::nginx::annotation::{Annotations, TlsRedirect};
use crate::ingress::nginx::build::{CATCH_ALL, rewriting};
use crate::ingress::nginx::index::Name;
use crate::ingress::nginx::upstream::{self, Choice, UpstreamKey};
use crate::ingress::nginx::{Location, Server, Servers};
use crate::ingress::pattern::{Case, Search, Unreadable};
use crate::ingress::{Backend, Decided, Forward, Outcome, Reply, Request, Scheme, Step, uri};

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
    /// The answer to a request. One over HTTPS arrives on a connection that the controller decrypts; whether it does:
    /// [`Servers::tls`].
    #[must_use]
    pub fn evaluate(&self, request: &Request<'_>) -> Reply {
        let (Some(host), Some(target)) = (uri::host(request.host), uri::target(request.target)) else {
            return Reply::fixed(400, Step::BadRequest);
        };
        let server = match self.server(&host) {
            Ok(Some(Found::Server(server))) => server,
            Ok(Some(Found::Redirect(to))) => return self.to_other_name(request, to),
            Ok(None) => return Reply::fixed(404, Step::NoServer),
            Err(Unreadable(text)) => return Reply::unknown(text, Step::NoServer),
        };
        if let Some(reply) = before_locations(server, request, &target.path) {
            return reply;
        }
        let (location, lacks_slash) = match self.place(server, &target.path) {
            Ok(Place::Location(location)) => (location, false),
            Ok(Place::Slash(location)) => (location, true),
            Ok(Place::Nowhere) => return Reply::fixed(404, Step::NoLocation),
            Err(Unreadable(text)) => return Reply::unknown(text, Step::NoLocation),
        };
        let (step, outcome) = if lacks_slash {
            (Step::SlashRedirect, self.with_slash(location, request, &host, target.query))
        } else {
            self.at(location, request, &host, &target)
        };
        Reply { outcome, decided: decided(location), step, policy: Some(Arc::clone(&location.policy)) }
    }

    /// Exact names, then suffixes, then patterns in file order, then the catch-all.
    pub(super) fn server(&self, host: &str) -> Result<Option<Found<'_>>, Unreadable> {
        let found = |at: usize| self.servers.get(at).map(Found::Server);
        match self.names.exact.get(host) {
            Some(Name::Server(at)) => Ok(found(*at)),
            Some(Name::Redirect(to)) => Ok(Some(Found::Redirect(to))),
            None => match self.names.find_pattern(host)? {
                Some(at) => Ok(found(at)),
                None => Ok(self.block(CATCH_ALL).map(Found::Server)),
            },
        }
    }

    /// Step J.
    fn place<'s>(&self, server: &'s Server, path: &[u8]) -> Result<Place<'s>, Unreadable> {
        if server.is_regex {
            return first_match(&server.locations, path);
        }
        let (paths, location) = (&server.paths, |at: usize| server.locations.get(at));
        if let Some(location) = paths.exact(path).or_else(|| paths.prefix(path)).and_then(location) {
            return Ok(Place::Location(location));
        }
        let with_slash = [path, b"/"].concat();
        let is_proxied = |one: &&Location| self.annotations_of(one).is_none_or(|own| own.denied.is_none());
        // Of two locations with one name the exact one is looked at.
        let slash = [paths.exact(&with_slash), paths.prefix(&with_slash)];
        if let Some(location) = slash.into_iter().flatten().filter_map(location).find(is_proxied) {
            return Ok(Place::Slash(location));
        }
        Ok(paths.longest_prefix(path).and_then(location).map_or(Place::Nowhere, Place::Location))
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
        let outcome = Outcome::Redirect { code: self.config.redirect_code, location };
        Reply { outcome, decided: None, step: Step::WwwRedirect, policy: Some(Arc::clone(&self.everywhere)) }
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

    fn at(&self, location: &Location, request: &Request<'_>, host: &str, target: &uri::Target<'_>) -> (Step, Outcome) {
        let own = self.annotations_of(location);
        if own.is_some_and(|own| own.denied.is_some()) {
            return (Step::Denied, Outcome::Fixed { code: 503 });
        }
        let origins = location.owner.and_then(|owner| self.origins.get(owner)?.as_ref());
        if origins.is_some_and(|origins| origins.answers(request)) {
            return (Step::Preflight, Outcome::Fixed { code: 204 });
        }
        let at = At { location, annotations: rewriting(location, &self.annotations) };
        if let Some(redirect) = at.annotations.and_then(|own| own.redirect.as_ref()) {
            return (Step::Redirect, Outcome::Redirect { code: redirect.code, location: redirect.url.to_string() });
        }
        let (mut step, mut rewritten) = (Step::Backend, None);
        match rewrite(at, target) {
            Ok(Some(Rewritten::Redirect(location))) => {
                return (Step::Rewrite, Outcome::Redirect { code: 302, location });
            }
            Ok(Some(Rewritten::Empty)) => return (Step::Rewrite, Outcome::Fixed { code: 500 }),
            Ok(Some(Rewritten::Target(target))) => (step, rewritten) = (Step::Rewrite, Some(target)),
            Ok(None) => {}
            Err(Unreadable(text)) => return (Step::Rewrite, Outcome::Unknown { text }),
        }
        if let Some(location) = self.to_https(at, request, host) {
            return (Step::TlsRedirect, Outcome::Redirect { code: self.config.redirect_code, location });
        }
        let sent_host = match own.and_then(|own| own.upstream_vhost.as_ref()) {
            Some(text) if text.contains('$') => return (Step::Backend, Outcome::Unknown { text: text.clone() }),
            Some(text) => text.to_string(),
            None => request.host.to_owned(),
        };
        let Some(key) = &location.upstream else { return (Step::NoLocation, Outcome::Fixed { code: 404 }) };
        let target = rewritten.unwrap_or_else(|| request.target.to_owned());
        (step, self.forward(key, request, (target, sent_host)))
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

    fn forward(&self, key: &UpstreamKey, request: &Request<'_>, sent: (String, String)) -> Outcome {
        let Some(upstream) = self.upstreams.get(key) else { return Outcome::Fixed { code: 503 } };
        let alternative = upstream.alternative.as_ref().and_then(|key| self.upstreams.get(key));
        let canary = alternative.map(|other| (other, other.backend.as_ref()));
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

/// What is answered for a host, whatever the path leads to.
fn before_locations(server: &Server, request: &Request<'_>, path: &[u8]) -> Option<Reply> {
    let policy = Some(Arc::clone(&server.policy));
    if server.host_wide.closes {
        return Some(Reply { policy, ..Reply::fixed(403, Step::Denied) });
    }
    let (to, owner) = server.app_root.as_ref().filter(|_| path == b"/")?;
    let location = format!("{}://{}{to}", request.scheme.as_str(), request.host);
    let decided = Some(Decided { ingress: *owner, path: None, rendered: to.clone() });
    Some(Reply { outcome: Outcome::Redirect { code: 302, location }, decided, step: Step::AppRoot, policy })
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

/// Allowed origins of an Ingress.
#[derive(Debug)]
pub(super) enum Origins {
    All,
    Some(Vec<Search>),
}

/// Compiles the allowed origins of an Ingress. A wildcard stands for one label; patterns are anchored at the end only.
pub(super) fn origins(annotations: &Annotations) -> Option<Origins> {
    let origins = &annotations.policy.cors.as_ref()?.origins;
    if origins.contains("*") {
        return Some(Origins::All);
    }
    let pattern = |origin: &CompactString| {
        let escaped = origin.replace('.', r"\.").replace('/', r"\/");
        Search::new(&format!("{}$", escaped.replace(r"*\.", r"[A-Za-z0-9\-]+\.")), Case::Ignored).ok()
    };
    Some(Origins::Some(origins.iter().filter_map(pattern).collect()))
}

impl Origins {
    /// The controller answers every OPTIONS with an allowed origin by itself.
    fn answers(&self, request: &Request<'_>) -> bool {
        if request.method != "OPTIONS" {
            return false;
        }
        match self {
            Self::All => true,
            Self::Some(allowed) => request
                .header("origin")
                .is_some_and(|origin| allowed.iter().any(|allowed| allowed.is_match(origin.as_bytes()))),
        }
    }
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

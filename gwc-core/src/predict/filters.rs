//! Filters of a rule or backend, run on one request in their order (routing.md §4.0).

use crate::exchange::cors::{self, Asked, Origin};
use crate::exchange::redirect::{self, Redirected};
use crate::exchange::{header, normalise, path};
use crate::ir::filter::{Cors, HeaderModifier, Mirror, Redirect, Rewrite};
use crate::ir::{Config, Filter, Match, PathMatch, Target};
use crate::predict::walk::{answered, method, unusable};
use crate::predict::{Answer, AnsweredBy, MirrorShare, Request, Upstream};

/// A request on its way through filters.
#[derive(Debug, Clone)]
pub(super) struct Exchange<'r> {
    /// Knows which backends have no endpoints.
    config: &'r Config,
    /// The host that is sent, where a filter changed it.
    authority: Option<String>,
    /// The path as it stands, without query.
    path: String,
    query: Option<&'r str>,
    headers: Vec<(String, String)>,
    /// Port of the listener.
    port: u16,
    /// Prefix of the match, as written.
    pub(super) prefix: Option<&'r str>,
    /// Copies, as the request stood at each mirror.
    pub(super) mirrors: Vec<MirrorShare>,
    /// Changes of the response, in the order of the filters.
    response: Vec<HeaderModifier>,
    /// CORS headers of the response.
    pub(super) cors: Vec<(String, String)>,
    /// ExternalAuth server to ask.
    pub(super) external_auth: Option<u32>,
    method: &'r str,
}

/// The prefix of a match.
pub(super) fn prefix(found: &Match) -> Option<&str> {
    match &found.path {
        PathMatch::Prefix(prefix) => Some(prefix),
        PathMatch::Exact(_) | PathMatch::Regex(_) => None,
    }
}

impl<'r> Exchange<'r> {
    /// A request as it was matched.
    pub(super) fn new(
        config: &'r Config,
        request: &'r Request,
        (path, query): (&str, Option<&'r str>),
        port: u16,
    ) -> Self {
        Self {
            config,
            authority: None,
            path: path.to_owned(),
            query,
            headers: request.headers.clone(),
            port,
            prefix: None,
            mirrors: Vec::new(),
            response: Vec::new(),
            cors: Vec::new(),
            external_auth: None,
            method: method(request),
        }
    }

    /// Runs filters until one answers.
    pub(super) fn run(&mut self, filters: &[Filter], request: &Request) -> Option<Answer> {
        filters.iter().enumerate().find_map(|(position, filter)| match filter {
            Filter::Cors(cors) => self.cors(cors, request),
            // Without a server to ask, every request is denied (routing.md §4.7).
            Filter::ExternalAuth(auth) => match (&auth.target, unusable(self.config, &auth.target)) {
                (Target::Backend(server), None) => {
                    self.external_auth = Some(*server);
                    None
                }
                (_, _) => Some(answered(request, 503, Some(14), AnsweredBy::Filter)),
            },
            Filter::RequestHeaders(modifier) => {
                self.authority = header::modify(modifier, &mut self.headers).or_else(|| self.authority.take());
                None
            }
            Filter::ResponseHeaders(modifier) => {
                self.response.push(modifier.clone());
                None
            }
            Filter::Redirect(redirect) => {
                // Changes of the response apply to redirects too, wherever they stand (routing.md §4.0).
                let later = filters.iter().skip(position + 1).filter_map(|filter| match filter {
                    Filter::ResponseHeaders(modifier) => Some(modifier.clone()),
                    Filter::Cors(_)
                    | Filter::ExternalAuth(_)
                    | Filter::RequestHeaders(_)
                    | Filter::Redirect(_)
                    | Filter::Rewrite(_)
                    | Filter::Mirror(_)
                    | Filter::Fail(_) => None,
                });
                self.response.extend(later);
                Some(self.redirect(redirect, request))
            }
            Filter::Rewrite(rewrite) => {
                self.rewrite(rewrite);
                None
            }
            Filter::Mirror(mirror) => {
                self.mirror(mirror);
                None
            }
            Filter::Fail(_) => Some(answered(request, 500, Some(2), AnsweredBy::Filter)),
        })
    }

    /// A preflight is answered here and never forwarded (Q18); anything else gets headers on its response.
    fn cors(&mut self, cors: &Cors, request: &Request) -> Option<Answer> {
        let origin = header::joined(&request.headers, "origin")?;
        let asked = header::joined(&request.headers, "access-control-request-method");
        if let Some(asked) = asked.filter(|_| self.method == "OPTIONS") {
            let headers = header::joined(&request.headers, "access-control-request-headers");
            let asked = Asked { method: &asked, headers: headers.as_deref() };
            let headers = cors::preflight(cors, &origin, &asked);
            return Some(Answer { headers, ..answered(request, 204, None, AnsweredBy::Preflight) });
        }
        let has = |name| header::joined(&request.headers, name).is_some();
        let origin = Origin { origin: &origin, has_credentials: has("cookie") || has("authorization") };
        self.cors = cors::actual(cors, &origin);
        None
    }

    fn redirect(&self, redirect: &Redirect, request: &Request) -> Answer {
        let authority = request.authority.as_deref().filter(|authority| !authority.is_empty());
        let host = authority.and_then(|authority| normalise::split_port(authority).ok()).map(|(host, _)| host);
        let redirected = Redirected {
            scheme: if request.scheme.is_tls() { "https" } else { "http" },
            host,
            listener_port: self.port,
            path: &self.path,
            query: self.query,
            prefix: self.prefix,
        };
        let mut headers = self.cors.clone();
        for modifier in self.response.iter().rev() {
            let _ = header::modify(modifier, &mut headers);
        }
        Answer {
            location: Some(redirect::location(redirect, &redirected)),
            headers,
            ..answered(request, redirect.status, None, AnsweredBy::Redirect)
        }
    }

    fn rewrite(&mut self, rewrite: &Rewrite) {
        if let Some(hostname) = &rewrite.hostname {
            self.authority = Some(hostname.to_string());
        }
        if let Some(modifier) = &rewrite.path {
            self.path = path::modified(&self.path, modifier, self.prefix);
        }
    }

    /// An invalid target drops the mirror (routing.md §4.5); a share of nothing mirrors nothing.
    fn mirror(&mut self, mirror: &Mirror) {
        if matches!(mirror.target, Target::Backend(_)) && mirror.numerator > 0 {
            self.mirrors.push(MirrorShare {
                target: mirror.target.clone(),
                numerator: mirror.numerator,
                denominator: mirror.denominator,
                upstream: self.upstream(),
            });
        }
    }

    /// The request as it stands.
    pub(super) fn upstream(&self) -> Upstream {
        let query = self.query.map(|query| format!("?{query}")).unwrap_or_default();
        Upstream {
            method: self.method.to_owned(),
            authority: self.authority.clone(),
            target: format!("{}{query}", self.path),
            headers: self.headers.clone(),
        }
    }

    /// Changes of the response in the order in which they run: last queued first.
    pub(super) fn response_changes(&self) -> Vec<HeaderModifier> {
        self.response.iter().rev().cloned().collect()
    }
}

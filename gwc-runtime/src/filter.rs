//! Filters of a rule or backend, run on one request in their order (routing.md §4.0): one arm per `ir::Filter`.
//!
//! What can be settled before the first request is settled in [`compiled`]: names and values are header types. The
//! texts (locations, paths, CORS headers) come from `gwc_core::exchange`, as predictions do.

use std::borrow::Cow;
use std::sync::Arc;

use gwc_core::exchange::cors::{self, Asked, Origin};
use gwc_core::exchange::redirect::{self, Redirected};
use gwc_core::exchange::{normalise, path};
use gwc_core::ir::Filter;
use gwc_core::ir::filter::{Cors, HeaderModifier, PathModifier, Redirect, Rewrite};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};

use crate::error::ProxyError;

/// A filter, ready to run.
#[derive(Debug)]
pub(crate) enum Step {
    Cors(Box<Cors>),
    RequestHeaders(Box<Changes>),
    ResponseHeaders(Arc<Changes>),
    Redirect(Box<Redirect>),
    Rewrite(Box<Rewriting>),
    /// Answers: an unresolved filter.
    Fail,
}

/// A HeaderModifier with parsed names and values.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    remove: Vec<HeaderName>,
    set: Vec<(HeaderName, HeaderValue)>,
    add: Vec<(HeaderName, HeaderValue)>,
    /// `set` of `Host`: the authority, which is no header line to filters.
    authority: Option<HeaderValue>,
}

/// A URLRewrite with its host as a value.
#[derive(Debug)]
pub(crate) struct Rewriting {
    authority: Option<HeaderValue>,
    path: Option<PathModifier>,
}

/// A request on its way through filters.
#[derive(Debug)]
pub(crate) struct Outgoing<'r> {
    /// Header lines, without `Host`.
    pub(crate) headers: HeaderMap,
    /// Method.
    pub(crate) method: Method,
    /// Host as received, with its port; `None`: there was none.
    pub(crate) received: Option<&'r str>,
    /// The host that is sent, where a filter changed it.
    pub(crate) authority: Option<HeaderValue>,
    /// The path as it stands, without query.
    pub(crate) path: Cow<'r, str>,
    /// Query as received.
    pub(crate) query: Option<&'r str>,
    /// Prefix of the match, as written.
    pub(crate) prefix: Option<&'r str>,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    /// Port that redirects name.
    pub(crate) port: u16,
    /// Changes of the response, in the order of the filters.
    pub(crate) response: Vec<Arc<Changes>>,
    /// CORS headers of the response; `None`: it is no request of CORS.
    pub(crate) cors: Option<Vec<(String, String)>>,
}

/// A filter answered.
#[derive(Debug)]
pub(crate) enum Answered {
    /// By an error of the table.
    Error(ProxyError),
    /// By a redirect.
    Redirect(StatusCode, HeaderMap),
    /// A preflight of CORS.
    Preflight(HeaderMap),
}

/// Prepares filters.
pub(crate) fn compiled(filters: &[Filter]) -> Box<[Step]> {
    filters.iter().filter_map(step).collect()
}

fn step(filter: &Filter) -> Option<Step> {
    Some(match filter {
        Filter::Cors(cors) => Step::Cors(Box::new(cors.clone())),
        Filter::RequestHeaders(modifier) => Step::RequestHeaders(Box::new(Changes::new(modifier))),
        Filter::ResponseHeaders(modifier) => Step::ResponseHeaders(Arc::new(Changes::new(modifier))),
        Filter::Redirect(redirect) => Step::Redirect(Box::new(redirect.clone())),
        Filter::Rewrite(rewrite) => Step::Rewrite(Box::new(Rewriting::new(rewrite))),
        // Rules with these are not served (`unsupported.rs`). A guard that were left out would let everybody in, so
        // should one come here, it fails.
        Filter::Mirror(_) => return None,
        Filter::ExternalAuth(_) | Filter::Fail(_) => Step::Fail,
    })
}

impl Rewriting {
    fn new(rewrite: &Rewrite) -> Self {
        let authority = rewrite.hostname.as_ref().and_then(|name| HeaderValue::try_from(name.to_string()).ok());
        Self { authority, path: rewrite.path.clone() }
    }
}

impl Changes {
    fn new(modifier: &HeaderModifier) -> Self {
        let mut changes = Self::default();
        changes.remove.extend(modifier.remove.iter().filter_map(|name| HeaderName::try_from(name.as_str()).ok()));
        for one in &modifier.set {
            let Some((name, value)) = line(&one.name, &one.value) else { continue };
            if name == header::HOST {
                changes.authority = Some(value);
            } else {
                changes.set.push((name, value));
            }
        }
        changes.add.extend(modifier.add.iter().filter_map(|one| line(&one.name, &one.value)));
        changes
    }

    /// Changes header lines in the order remove, set, add (§4.1).
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        for name in &self.remove {
            headers.remove(name);
        }
        for (name, value) in &self.set {
            headers.insert(name.clone(), value.clone());
        }
        for (name, value) in &self.add {
            headers.append(name.clone(), value.clone());
        }
    }
}

fn line(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((HeaderName::try_from(name).ok()?, HeaderValue::from_str(value).ok()?))
}

/// Runs filters until one answers.
pub(crate) fn run(steps: &[Step], request: &mut Outgoing<'_>) -> Option<Answered> {
    for (position, step) in steps.iter().enumerate() {
        match step {
            Step::Cors(cors) => {
                if let Some(preflight) = request.cors(cors) {
                    return Some(preflight);
                }
            }
            Step::RequestHeaders(changes) => {
                changes.apply(&mut request.headers);
                if let Some(authority) = &changes.authority {
                    request.authority = Some(authority.clone());
                }
            }
            Step::ResponseHeaders(changes) => request.response.push(Arc::clone(changes)),
            Step::Redirect(redirect) => {
                // Changes of the response apply to redirects too, wherever they stand (§4.0).
                let later = steps.iter().skip(position + 1).filter_map(|step| match step {
                    Step::ResponseHeaders(changes) => Some(Arc::clone(changes)),
                    Step::Cors(_) | Step::RequestHeaders(_) | Step::Redirect(_) | Step::Rewrite(_) | Step::Fail => None,
                });
                request.response.extend(later);
                return Some(request.redirect(redirect));
            }
            Step::Rewrite(rewriting) => {
                if let Some(authority) = &rewriting.authority {
                    request.authority = Some(authority.clone());
                }
                if let Some(modifier) = &rewriting.path {
                    request.path = Cow::Owned(path::modified(&request.path, modifier, request.prefix));
                }
            }
            Step::Fail => return Some(Answered::Error(ProxyError::Filter)),
        }
    }
    None
}

impl Outgoing<'_> {
    /// A preflight is answered here and never forwarded (Q18); anything else gets headers on its response.
    fn cors(&mut self, cors: &Cors) -> Option<Answered> {
        let origin = joined(&self.headers, &header::ORIGIN)?.into_owned();
        let asked = joined(&self.headers, &header::ACCESS_CONTROL_REQUEST_METHOD);
        if let Some(asked) = asked.filter(|_| self.method == Method::OPTIONS) {
            let headers = joined(&self.headers, &header::ACCESS_CONTROL_REQUEST_HEADERS);
            let lines = cors::preflight(cors, &origin, &Asked { method: &asked, headers: headers.as_deref() });
            let mut answer = HeaderMap::new();
            append(&mut answer, &lines);
            return Some(Answered::Preflight(answer));
        }
        let has_credentials =
            self.headers.contains_key(header::COOKIE) || self.headers.contains_key(header::AUTHORIZATION);
        self.cors = Some(cors::actual(cors, &Origin { origin: &origin, has_credentials }));
        None
    }

    fn redirect(&self, redirect: &Redirect) -> Answered {
        let received = self.received.filter(|authority| !authority.is_empty());
        let host = received.and_then(|authority| normalise::split_port(authority).ok()).map(|(host, _)| host);
        let redirected = Redirected {
            scheme: self.scheme,
            host,
            listener_port: self.port,
            path: &self.path,
            query: self.query,
            prefix: self.prefix,
        };
        let mut headers = HeaderMap::new();
        self.change_response(&mut headers);
        let location = HeaderValue::try_from(redirect::location(redirect, &redirected));
        match (StatusCode::from_u16(redirect.status), location) {
            (Ok(status), Ok(location)) => {
                headers.insert(header::LOCATION, location);
                Answered::Redirect(status, headers)
            }
            (_, _) => Answered::Error(ProxyError::Filter),
        }
    }

    /// CORS headers, then the changes of the filters: last queued first.
    pub(crate) fn change_response(&self, headers: &mut HeaderMap) {
        if let Some(cors) = &self.cors {
            replace_cors(headers, cors);
        }
        self.response.iter().rev().for_each(|changes| changes.apply(headers));
    }
}

/// The gateway has the last word on CORS: whatever the backend says is replaced (§4.6).
fn replace_cors(headers: &mut HeaderMap, lines: &[(String, String)]) {
    for name in [
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        header::ACCESS_CONTROL_ALLOW_METHODS,
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        header::ACCESS_CONTROL_MAX_AGE,
    ] {
        headers.remove(name);
    }
    append(headers, lines);
}

fn append(headers: &mut HeaderMap, lines: &[(String, String)]) {
    for (name, value) in lines {
        if let Some((name, value)) = line(name, value) {
            headers.append(name, value);
        }
    }
}

/// All lines of a name, joined; `None`: there is none that is text.
fn joined<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<Cow<'h, str>> {
    let mut values = headers.get_all(name).iter().filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
    let first = values.next()?;
    let mut all = Cow::Borrowed(first);
    for value in values {
        let all = all.to_mut();
        all.push(',');
        all.push_str(value);
    }
    Some(all)
}

//! What happens to the requests of a location, whatever their path: the phases of ingress-migrate.md §3.3 in order.
//!
//! Denied, then redirected to a URL, then redirected to HTTPS, then access, then the backend. What only the path decides
//! (rewrites) is in `shape`.

use crate::diagnostic::Code;
use crate::ingress::select::Controller;
use crate::migrate::Cx;
use crate::migrate::annotation::Scope;
use crate::migrate::item::ItemId;
use crate::migrate::options::Choice;
use crate::migrate::render::model::{Filter, HeaderChange, PathChange, Session};
use crate::migrate::rules::canary::{self, Variant};
use crate::migrate::rules::report::Notes;
use crate::migrate::rules::{At, cors, experimental, filters, protocol, redirect, shape};
use crate::migrate::settings::{BackendTls, Settings, TlsRedirect};
use crate::migrate::site::{Location, Origin, ServicePort, To};

/// Paths that are not redirected to HTTPS, unless the ConfigMap says otherwise.
const EXEMPT: &str = "/.well-known/acme-challenge";

/// What happens to requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Treatment {
    pub(super) answer: Answer,
    /// The controller answers 503 to everything.
    pub(super) is_denied: bool,
    /// In clear they are redirected to HTTPS.
    pub(super) to_https: bool,
    /// Items of what was translated.
    pub(super) items: Vec<ItemId>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// 404, which needs no rule.
    Nothing,
    /// The rule is closed for this item.
    Closed(ItemId),
    /// A redirect, and what runs before it.
    Redirect(Vec<Filter>),
    /// They go to a backend.
    Forward(Box<Forward>),
}

/// On the way to a backend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Forward {
    pub(super) cors: Option<Filter>,
    pub(super) request: HeaderChange,
    pub(super) response: HeaderChange,
    pub(super) mirror: Option<Filter>,
    /// Who is asked first.
    pub(super) auth: Option<Filter>,
    pub(super) session: Option<Session>,
    /// Host for the backend.
    pub(super) hostname: Option<String>,
    /// `timeouts.backendRequest`.
    pub(super) timeout: Option<String>,
    /// Canaries first.
    pub(super) variants: Vec<Variant>,
    /// Ports that are reached, the canary's too.
    pub(super) ports: Vec<ServicePort>,
    pub(super) wire: Wire,
}

/// What is spoken to the backend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Wire {
    /// HTTP/1.1.
    #[default]
    Http,
    /// gRPC in clear.
    Grpc,
    /// HTTP or gRPC over TLS.
    Tls(BackendTls),
}

impl Forward {
    /// The filters of the rule, in the order of the API.
    pub(super) fn filters(&self, change: Option<&PathChange>) -> Vec<Filter> {
        let is_change = |change: &HeaderChange| *change != HeaderChange::default();
        let rewrite = (self.hostname.is_some() || change.is_some())
            .then(|| Filter::Rewrite { hostname: self.hostname.clone(), path: change.cloned() });
        let request = Some(&self.request).filter(|change| is_change(change)).cloned().map(Filter::RequestHeaders);
        let response = Some(&self.response).filter(|change| is_change(change)).cloned().map(Filter::ResponseHeaders);
        [self.cors.clone(), self.auth.clone(), request, response, self.mirror.clone(), rewrite]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl Treatment {
    /// An answer that nothing comes before.
    pub(super) fn new(answer: Answer) -> Self {
        Self { answer, is_denied: false, to_https: false, items: Vec::new() }
    }

    pub(super) fn redirecting(filters: Vec<Filter>) -> Self {
        Self::new(Answer::Redirect(filters))
    }

    /// The finding for which a rule is closed, for its comment.
    pub(super) fn code(&self, cx: &Cx<'_, '_>) -> Option<Code> {
        match &self.answer {
            Answer::Closed(item) => cx.report.item(*item).and_then(|item| item.code),
            Answer::Nothing | Answer::Redirect(_) | Answer::Forward(_) => None,
        }
    }
}

/// The treatment of a location.
pub(super) fn of(at: At<'_, '_>, location: &Location, (notes, cx): (&mut Notes, &mut Cx<'_, '_>)) -> Treatment {
    let Some(settings) = at.settings(location) else { return unset(at, location, cx) };
    if let Some(item) = settings.denied {
        return Treatment { is_denied: true, ..Treatment::new(Answer::Closed(item)) };
    }
    // Redirects and rewrites of an Ingress without rules are ignored (§2.5).
    let is_default = location.origin == Origin::Default;
    if !is_default && let Some(treatment) = redirect::to_url(at, location, settings, (&mut *notes, &mut *cx)) {
        return treatment;
    }
    let to_https = !is_default && redirects_to_https(at, location, settings, cx);
    let treatment = match (&location.to, lost(at, settings, cx)) {
        (To::NotFound, _) => Treatment::new(Answer::Nothing),
        (To::Closed(item), _) => Treatment::new(Answer::Closed(*item)),
        (To::Service(_), Some(item)) => Treatment::new(Answer::Closed(item)),
        (To::Service(port), None) => forward(at, location, (settings, port), (notes, &mut *cx)),
    };
    if matches!(treatment.answer, Answer::Nothing | Answer::Closed(_)) {
        cors::without_rule(at, location, settings, cx);
    }
    Treatment { to_https, ..treatment }
}

/// The controller's own default backend, which no annotation touches but those of the whole host.
fn unset(at: At<'_, '_>, location: &Location, cx: &mut Cx<'_, '_>) -> Treatment {
    Treatment::new(match (&location.to, at.host.closed) {
        (To::NotFound, _) => Answer::Nothing,
        (To::Closed(item), _) => Answer::Closed(*item),
        (To::Service(_), Some(item)) => Answer::Closed(item),
        (To::Service(port), None) => {
            let (variants, ports) = canary::variants(at, location, port, cx);
            Answer::Forward(Box::new(Forward { variants, ports, ..Forward::default() }))
        }
    })
}

/// An access control that guarded the location and is lost without consent (§5.6).
fn lost(at: At<'_, '_>, settings: &Settings, cx: &Cx<'_, '_>) -> Option<ItemId> {
    let own = settings.lost.iter().find(|lost| lost.scope != Scope::Server && !experimental::keeps(settings, lost, cx));
    at.host.closed.or(own.map(|lost| lost.item))
}

/// §3.7.
fn redirects_to_https(at: At<'_, '_>, location: &Location, settings: &Settings, cx: &Cx<'_, '_>) -> bool {
    if at.site.controller != Controller::IngressNginx {
        return false;
    }
    let exempt = cx.options.setting("no-tls-redirect-locations").unwrap_or(EXEMPT);
    let mut exempt = exempt.split(',').map(str::trim).filter(|prefix| !prefix.is_empty());
    let redirects = match settings.tls_redirect.0 {
        TlsRedirect::Always => true,
        TlsRedirect::WithCertificate => at.host.certificate.is_some(),
        TlsRedirect::Never => false,
    };
    redirects && !exempt.any(|prefix| location.path.starts_with(prefix))
}

fn forward(
    at: At<'_, '_>,
    location: &Location,
    (settings, port): (&Settings, &ServicePort),
    (notes, cx): (&mut Notes, &mut Cx<'_, '_>),
) -> Treatment {
    let wire = match protocol::wire(at, location, (settings, port), cx) {
        Ok(wire) => wire,
        Err(item) => return Treatment::new(Answer::Closed(item)),
    };
    let (variants, ports) = canary::variants(at, location, port, cx);
    let mut forward = Forward { variants, ports, wire, ..Forward::default() };
    let mut items = Vec::new();
    filters::add(at, location, (&mut forward, &mut items), cx);
    experimental::add(at, (location, port), (&mut forward, &mut items), cx);
    if let Some(rewrite) = &settings.rewrite_target {
        notes.rewrites.insert(rewrite.item);
    }
    if let Some(prefix) = &settings.forwarded_prefix {
        notes.rewrites.insert(prefix.item);
        if shape::is_active(location, settings) {
            notes.active.insert(prefix.item);
            forward.request.set.push(("X-Forwarded-Prefix".to_owned(), prefix.value.to_string()));
            items.push(prefix.item);
        }
    }
    if shape::is_active(location, settings)
        && let Some(rewrite) = &settings.rewrite_target
    {
        notes.active.insert(rewrite.item);
        items.push(rewrite.item);
    }
    items.extend(canary::items(at, port));
    Treatment { items, ..Treatment::new(Answer::Forward(Box::new(forward))) }
}

/// Headers of answers over HTTPS that the controller sends by itself (§2.16), where the user keeps them.
pub(super) fn hsts(cx: &Cx<'_, '_>) -> Option<(String, String)> {
    if !cx.options.has(Choice::PreserveHsts) || cx.options.setting("hsts") == Some("false") {
        return None;
    }
    let age = cx.options.setting("hsts-max-age").unwrap_or("31536000");
    let subdomains =
        if cx.options.setting("hsts-include-subdomains") == Some("false") { "" } else { "; includeSubDomains" };
    let preload = if cx.options.setting("hsts-preload") == Some("true") { "; preload" } else { "" };
    Some(("Strict-Transport-Security".to_owned(), format!("max-age={age}{subdomains}{preload}")))
}

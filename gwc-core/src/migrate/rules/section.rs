//! Where rules are served: over HTTPS only what HTTP redirects, over both what it does not (§2.14, §3.7).
//!
//! Each location decides for itself whether HTTP is redirected; the location `/` of a host does so for all paths that
//! nothing else takes.

use crate::diagnostic::Severity;
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::{Item, ItemId};
use crate::migrate::options::{Choice, Comments};
use crate::migrate::render::model::{Filter, HeaderChange, HeaderMatch, PathKind, Rule};
use crate::migrate::rules::order::is_below;
use crate::migrate::rules::piece::{Draft, Piece};
use crate::migrate::rules::report::{self, Notes, weaken};
use crate::migrate::rules::treatment::{self, Answer, Treatment, Wire};
use crate::migrate::rules::{At, Planned, Role, Sections, close, protocol, redirect};
use crate::migrate::site::{Location, Member, Origin};
use crate::prove::{Kind, Place};

/// What a host has for HTTPS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Https {
    /// A listener.
    Served,
    /// Nothing, and nobody asked for it.
    None,
    /// Nothing, though the controller served its default certificate (MIG401).
    Missing,
    /// Connections are passed through; rules see HTTP only.
    Passthrough,
}

/// A host whose rules are placed.
struct Placing<'d, 'p, 'w> {
    at: At<'p, 'w>,
    drafts: &'d [Draft<'p>],
    https: Https,
}

/// Puts the pieces of a host, and what the host itself redirects, where they are served.
pub(super) fn place<'p>(
    at: At<'p, '_>,
    drafts: Vec<Draft<'p>>,
    (notes, cx): (&mut Notes, &mut Cx<'_, '_>),
    out: &mut Vec<Planned>,
) {
    let placing = Placing { at, drafts: &drafts, https: https(at, cx) };
    if let Some((treatment, owner)) = redirect::app_root(at, cx) {
        placing.redirecting((owner, &Piece::new(PathKind::Exact, "/")), &treatment, out);
    }
    let missing = (placing.https == Https::Missing).then(|| placing.report_missing(cx));
    for draft in &drafts {
        if !at.owner(draft.location).is_some_and(|member| member.is_chosen) {
            continue;
        }
        if let Some(item) = draft.closed()
            && !close::announce(at, draft, item, cx)
        {
            continue;
        }
        protocol::announce(at, draft, cx);
        match (placing.https, draft.treatment.to_https) {
            (Https::Served | Https::Passthrough, true) => placing.redirected(draft, (&mut *notes, &mut *cx), out),
            (Https::None, true) => placing.without_https(draft, (&mut *notes, &mut *cx), out),
            (Https::Missing, true) => placing.missing(draft, missing, (&mut *notes, &mut *cx), out),
            (_, false) => placing.as_it_is(draft, cx, out),
        }
    }
    if let Some((treatment, owner)) = redirect::other_name(at, (notes, cx)) {
        let sections = if placing.https == Https::Served { Sections::Both } else { Sections::Http };
        let piece = Piece::new(PathKind::Prefix, "/");
        out.push(placing.redirect_rule((owner, &piece), &treatment, (sections, Role::OtherName)));
    }
}

fn https(at: At<'_, '_>, cx: &Cx<'_, '_>) -> Https {
    if at.host.passthrough.is_some() {
        return Https::Passthrough;
    }
    match &at.host.certificate {
        None => Https::None,
        Some(certificate) if certificate.secret.is_some() || cx.options.default_certificate.is_some() => Https::Served,
        Some(_) => Https::Missing,
    }
}

impl<'p> Placing<'_, 'p, '_> {
    /// Rules of the piece over HTTPS, and the redirect over HTTP.
    fn redirected(&self, draft: &Draft<'p>, (notes, cx): (&mut Notes, &mut Cx<'_, '_>), out: &mut Vec<Planned>) {
        let filter = redirect::to_https(self.at, draft.location.owner, (notes, &mut *cx));
        if self.https == Https::Served {
            out.extend(self.planned(draft, (Sections::Https, Role::Main), cx));
        }
        if self.needs_own_redirect(draft) {
            let rules = vec![draft.redirecting(&filter)];
            let base = base(self.at, draft.location);
            let rank = draft.rank;
            out.push(Planned { sections: Sections::Http, role: Role::Redirect, rules, rank, ..base });
        }
    }

    /// A redirect of `/` does for all below it, unless something in between is not redirected.
    fn needs_own_redirect(&self, draft: &Draft<'_>) -> bool {
        let is_root = |draft: &Draft<'_>| draft.piece.kind == PathKind::Prefix && draft.piece.value == "/";
        let has_root = self.drafts.iter().any(|other| is_root(other) && other.treatment.to_https);
        if is_root(draft) || !has_root {
            return true;
        }
        self.drafts.iter().filter(|other| !other.treatment.to_https).any(|other| match other.piece.kind {
            PathKind::Exact => false,
            PathKind::Regex => true,
            PathKind::Prefix => draft.piece.kind == PathKind::Regex || is_below(&draft.piece.value, &other.piece.value),
        })
    }

    /// The same over HTTP and HTTPS.
    fn as_it_is(&self, draft: &Draft<'p>, cx: &Cx<'_, '_>, out: &mut Vec<Planned>) {
        match &draft.treatment.answer {
            Answer::Redirect(_) if self.has_redirects() => {
                for (sections, role) in [(Sections::Https, Role::Main), (Sections::Http, Role::Redirect)] {
                    out.extend(self.planned(draft, (sections, role), cx));
                }
            }
            Answer::Nothing | Answer::Closed(_) | Answer::Redirect(_) | Answer::Forward(_) => {
                let hsts = self.https == Https::Served && treatment::hsts(cx).is_some();
                let sections: &[Sections] = match self.https {
                    Https::Passthrough => &[Sections::Http],
                    Https::Served if hsts => &[Sections::Http, Sections::Https],
                    Https::Served | Https::None | Https::Missing => &[Sections::Both],
                };
                out.extend(sections.iter().filter_map(|one| self.planned(draft, (*one, Role::Main), cx)));
            }
        }
    }

    /// Is there a route of redirects over HTTP anyway?
    fn has_redirects(&self) -> bool {
        self.https == Https::Served && self.drafts.iter().any(|draft| draft.treatment.to_https)
    }

    fn redirecting(&self, (owner, piece): (usize, &Piece), treatment: &Treatment, out: &mut Vec<Planned>) {
        if !self.at.site.members.get(owner).is_some_and(|member| member.is_chosen) {
            return;
        }
        if self.has_redirects() {
            out.push(self.redirect_rule((owner, piece), treatment, (Sections::Https, Role::Main)));
            out.push(self.redirect_rule((owner, piece), treatment, (Sections::Http, Role::Redirect)));
        } else {
            out.push(self.redirect_rule((owner, piece), treatment, (Sections::Both, Role::Main)));
        }
    }

    fn redirect_rule(
        &self,
        (owner, piece): (usize, &Piece),
        treatment: &Treatment,
        (sections, role): (Sections, Role),
    ) -> Planned {
        let filters = match &treatment.answer {
            Answer::Redirect(filters) => filters.clone(),
            Answer::Nothing | Answer::Closed(_) | Answer::Forward(_) => Vec::new(),
        };
        let rules = vec![Rule { matches: vec![piece.matching()], filters, ..Rule::default() }];
        let items = treatment.items.clone();
        Planned { sections, role, rules, items, ..empty(self.at.index, owner, Origin::Implicit) }
    }

    /// HTTP is to be redirected, and there is no HTTPS: no redirect, unless TLS ends before the Gateway (§3.7).
    fn without_https(&self, draft: &Draft<'p>, (notes, cx): (&mut Notes, &mut Cx<'_, '_>), out: &mut Vec<Planned>) {
        let settings = self.at.owner(draft.location).map(|member| &member.settings);
        let item = settings.and_then(|settings| settings.tls_redirect.1);
        let place = report::place(self.at, draft.location);
        let mut planned = self.planned(draft, (Sections::Both, Role::Main), cx);
        let message = if cx.options.has(Choice::ExternalTls) {
            let filter = redirect::to_https(self.at, draft.location.owner, (notes, &mut *cx));
            let mut rule = draft.redirecting(&filter);
            let header = HeaderMatch { is_regex: false, name: "X-Forwarded-Proto".into(), value: "http".into() };
            rule.matches.iter_mut().for_each(|one| one.headers.push(header.clone()));
            let base = base(self.at, draft.location);
            planned.get_or_insert(Planned { sections: Sections::Both, ..base }).rules.insert(0, rule);
            None
        } else {
            Some("HTTP was redirected to HTTPS, and no HTTPS listener can be written: HTTP is served as it is")
        };
        let id = match (item, message) {
            (Some(item), Some(message)) => {
                weaken(item, (code::REDIRECT_WITHOUT_LISTENER, Verdict::None), message, cx);
                item
            }
            (Some(item), None) => item,
            (None, message) => {
                let message = message.unwrap_or("the redirect to HTTPS depends on the header `X-Forwarded-Proto`");
                let item = report::of_location(self.at, draft.location, Verdict::Approx);
                cx.report.add(item.finding(code::REDIRECT_WITHOUT_LISTENER, message))
            }
        };
        cx.report.allow(id, place, Kind::TlsRedirectLost);
        out.extend(planned);
    }

    /// The certificate was the controller's own: nothing serves HTTPS now (§2.6).
    fn report_missing(&self, cx: &mut Cx<'_, '_>) -> ItemId {
        let item = report::of_host(self.at, Verdict::None);
        let item = if cx.options.has(Choice::ExternalTls) {
            let message = "the redirect to HTTPS depends on the header `X-Forwarded-Proto`";
            item.finding(code::ANNOTATION_APPROXIMATED, message).severity(Severity::Info)
        } else if cx.options.has(Choice::AllowPlaintextDowngrade) {
            let message = "the host was served over HTTPS, and is served in clear only now";
            let owner = self.at.site.members.get(self.at.host.introduced_by).map(Member::key);
            let is_accepted = owner.is_some_and(|key| cx.options.accepts(code::ACCESS_CONTROL_LOST.number, key));
            Item { is_accepted, ..item.finding(code::ACCESS_CONTROL_LOST, message) }
        } else {
            let message = "the host was served over HTTPS with the controller's own certificate: what was is closed";
            item.finding(code::REDIRECT_WITHOUT_LISTENER, message).help("give `--default-certificate`, or a Secret")
        };
        let id = cx.report.add(item);
        let host = self.at.host.name.clone().unwrap_or_default();
        cx.report.allow(id, Place::Host(host), Kind::Certificate);
        id
    }

    /// HTTP must not serve what was not served in clear.
    fn missing(
        &self,
        draft: &Draft<'p>,
        item: Option<ItemId>,
        (notes, cx): (&mut Notes, &mut Cx<'_, '_>),
        out: &mut Vec<Planned>,
    ) {
        let Some(id) = item.filter(|_| !cx.options.has(Choice::ExternalTls)) else {
            return self.without_https(draft, (notes, cx), out);
        };
        let place = report::place(self.at, draft.location);
        if cx.options.has(Choice::AllowPlaintextDowngrade) {
            cx.report.allow(id, place, Kind::TlsRedirectLost);
            out.extend(self.planned(draft, (Sections::Both, Role::Main), cx));
            return;
        }
        cx.report.allow(id, place, Kind::Closed);
        if self.needs_own_redirect(draft) {
            let rules = vec![Rule { matches: vec![draft.piece.matching()], ..Rule::default() }];
            let base = base(self.at, draft.location);
            let mut planned = Planned { rules, rank: draft.rank, closed: Some(id), ..base };
            comment(self.at, draft, &mut planned, cx);
            out.push(planned);
        }
    }

    /// The rules of a piece.
    fn planned(&self, draft: &Draft<'p>, (sections, role): (Sections, Role), cx: &Cx<'_, '_>) -> Option<Planned> {
        let mut rules = draft.rules();
        if rules.is_empty() {
            return None;
        }
        let mut planned = Planned {
            sections,
            role,
            rank: draft.rank,
            closed: draft.closed(),
            is_grpc: draft.is_grpc,
            items: draft.treatment.items.clone(),
            ..base(self.at, draft.location)
        };
        if let Origin::Path(id) = draft.location.origin {
            planned.items.extend(self.at.site.paths.get(&id));
        }
        if let Answer::Forward(forward) = &draft.treatment.answer {
            match &forward.wire {
                Wire::Grpc if !draft.is_grpc => planned.h2c.clone_from(&forward.ports),
                Wire::Http | Wire::Grpc => {}
                Wire::Tls(tls) => {
                    planned.tls_to = forward.ports.iter().map(|port| (port.clone(), tls.clone())).collect()
                }
            }
            if sections == Sections::Https
                && let Some(header) = treatment::hsts(cx)
            {
                rules.iter_mut().for_each(|rule| with_header(rule, &header));
            }
        }
        planned.rules = rules;
        comment(self.at, draft, &mut planned, cx);
        Some(planned)
    }
}

/// Sets a header of answers, in the filter that is there or in a new one.
fn with_header(rule: &mut Rule, header: &(String, String)) {
    let found = rule.filters.iter_mut().find_map(|filter| match filter {
        Filter::ResponseHeaders(change) => Some(change),
        Filter::RequestHeaders(_)
        | Filter::Mirror(_)
        | Filter::Redirect(_)
        | Filter::Rewrite { .. }
        | Filter::Cors(_)
        | Filter::ExternalAuth(_) => None,
    });
    match found {
        Some(change) => change.set.push(header.clone()),
        None => {
            let change = HeaderChange { set: vec![header.clone()], ..HeaderChange::default() };
            rule.filters.push(Filter::ResponseHeaders(change));
        }
    }
}

fn base(at: At<'_, '_>, location: &Location) -> Planned {
    empty(at.index, location.owner, location.origin)
}

fn empty(host: usize, owner: usize, origin: Origin) -> Planned {
    Planned {
        host,
        owner,
        origin,
        sections: Sections::Both,
        role: Role::Main,
        rules: Vec::new(),
        rank: None,
        is_grpc: false,
        h2c: Vec::new(),
        tls_to: Vec::new(),
        closed: None,
        items: Vec::new(),
    }
}

/// Says above the first rule where it comes from, and what is to be known about it (§5.3).
fn comment(at: At<'_, '_>, draft: &Draft<'_>, planned: &mut Planned, cx: &Cx<'_, '_>) {
    if cx.options.comments == Comments::None {
        return;
    }
    let Some(text) = source(at, draft.location) else { return };
    let closing = planned.closed.and_then(|id| cx.report.item(id));
    let mut codes: Vec<&str> = draft.piece.codes.iter().map(|code| code.number).collect();
    codes.extend(closing.and_then(|item| item.code).map(|code| code.number));
    codes.sort_unstable();
    codes.dedup();
    let line = if codes.is_empty() { text } else { format!("{text}   {}", codes.join(" ")) };
    let more = closing.filter(|_| cx.options.comments == Comments::Full).map(|item| item.message.clone());
    if let Some(rule) = planned.rules.first_mut() {
        rule.comments = std::iter::once(line).chain(more).collect();
    }
}

/// `namespace/ingress /path Type`; no type where the choice was the controller's.
fn source(at: At<'_, '_>, location: &Location) -> Option<String> {
    use crate::api::ingress::PathType;
    let key = at.owner(location)?.key();
    let Origin::Path(id) = location.origin else { return Some(format!("{key} default backend")) };
    let ingress = at.site.members.get(id.ingress)?.ingress;
    let path = ingress.rules.get(id.rule)?.paths.as_ref()?.get(id.path)?;
    let text = path.path.as_ref().map_or("/", |text| text.value.as_str());
    let kind = match path.path_type.value {
        PathType::Exact => " Exact",
        PathType::Prefix => " Prefix",
        PathType::ImplementationSpecific => "",
    };
    Some(format!("{key} {text}{kind}"))
}

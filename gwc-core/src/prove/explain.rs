//! Is a difference one of those that were announced? One narrow test for each kind of allowance.
//!
//! A kind is checked against the request and both outcomes, so that an allowance given for one path does not swallow
//! what goes wrong next to it. Each aspect of a difference needs an allowance of its own.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::ingress::Scheme;
use crate::ingress::nginx::{Certificate, Naming};
use crate::ir::PathMatch;
use crate::predict::AnsweredBy;
use crate::prove::allowance::{Allowance, Dimension, Kind, Place};
use crate::prove::outcome::{Aspect, Forward, Location, Outcome, Receiver};
use crate::prove::policy;
use crate::prove::request::Request;
use crate::prove::source::{self, Source, head, is_expression, searched};
use crate::prove::space::sent;
use crate::prove::target::{self, Target, covering};
use crate::value::Hostname;
use crate::value::pattern::Pattern;

/// A request with both answers.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) request: Request,
    /// Position of the socket of the target.
    pub(super) socket: Option<usize>,
    pub(super) old: source::Answer,
    pub(super) new: target::Answer,
    /// In what they differ; empty: in nothing.
    pub(super) aspects: Vec<Aspect>,
}

/// Both sides, and what was announced.
#[derive(Debug)]
pub(super) struct Sides<'s> {
    pub(super) source: Source<'s>,
    pub(super) target: &'s Target<'s>,
    announced: BTreeMap<&'s Place, Vec<(&'s Kind, usize)>>,
    /// Dimensions of policy that are announced for everything, with their items: nearly every request differs in them.
    general: BTreeMap<Dimension, BTreeSet<usize>>,
    /// Items about the header that the controller adds to every answer over HTTPS. Other headers are announced where
    /// they are set.
    hsts: BTreeSet<usize>,
}

impl<'s> Sides<'s> {
    pub(super) fn new(source: Source<'s>, target: &'s Target<'s>, allowances: &'s BTreeSet<Allowance>) -> Self {
        let mut announced: BTreeMap<&Place, Vec<(&Kind, usize)>> = BTreeMap::new();
        for one in allowances {
            announced.entry(&one.place).or_default().push((&one.kind, one.item));
        }
        let everywhere = announced.get(&Place::Everywhere).into_iter().flatten();
        let mut general: BTreeMap<Dimension, BTreeSet<usize>> = BTreeMap::new();
        for (kind, item) in everywhere {
            if let Kind::Policy(dimension) = kind {
                general.entry(*dimension).or_default().insert(*item);
            }
        }
        let hsts = general.remove(&Dimension::Headers).unwrap_or_default();
        Self { source, target, announced, general, hsts }
    }

    /// Asks both sides at one socket of the target. Differences of policy that are announced for everything are not
    /// among the aspects: see [`Self::general`].
    pub(super) fn ask(&self, request: &Request, socket: Option<usize>) -> Case {
        let (old, new) = (self.source.ask(request), self.target.ask(socket, request));
        let mut aspects = self.differences(request, &old, &new);
        let dimensions = self.dimensions(request, &old, &new).into_iter();
        aspects.extend(dimensions.filter(|one| !self.general.contains_key(one)).map(Aspect::Policy));
        Case { request: request.clone(), socket, old, new, aspects }
    }

    /// Items that announce for everything what a case differs in.
    pub(super) fn general(&self, case: &Case) -> BTreeSet<usize> {
        let dimensions = self.dimensions(&case.request, &case.old, &case.new);
        let items = dimensions.iter().filter_map(|one| self.general.get(one)).flatten().copied();
        let is_over_tls = case.request.scheme == Scheme::Https;
        let lacks_hsts = is_over_tls && policy::lacks_hsts(&case.old, self.target.rule(&case.new));
        items.chain(self.hsts.iter().copied().filter(|_| lacks_hsts)).collect()
    }

    fn dimensions(&self, request: &Request, old: &source::Answer, new: &target::Answer) -> Vec<Dimension> {
        let rule = self.target.rule(new);
        policy::differences((old, request), &new.outcome, (rule, self.target.config()))
    }

    fn differences(&self, request: &Request, old: &source::Answer, new: &target::Answer) -> Vec<Aspect> {
        let mut aspects = old.outcome.differences(&new.outcome);
        if request.scheme == Scheme::Http {
            // A name that nobody serves is not missed.
            let is_unknown = old.decided.is_none() && old.outcome.status() == Some(404);
            aspects.retain(|aspect| *aspect != Aspect::Connection || !is_unknown);
            return aspects;
        }
        let certificate = self.source.certificate(&request.name());
        if new.outcome == Outcome::Closed {
            // A host without a certificate is answered with the controller's own, which no client trusts (§2.6): not
            // to serve it is no loss.
            aspects.retain(|aspect| *aspect != Aspect::Connection || certificate.is_some());
            return aspects;
        }
        let shown = self.target.certificates(new);
        if let (Some(Certificate::Secret(secret)), Some(shown)) = (certificate, shown)
            && !shown.contains(secret.to_string().as_str())
        {
            aspects.insert(0, Aspect::Connection);
        }
        aspects
    }

    /// Items that announce something of a difference, and the aspects that none does.
    pub(super) fn explain(&self, case: &Case) -> (BTreeSet<usize>, Vec<Aspect>) {
        let host = self.source.leads_to(&case.request.name());
        let candidates: Vec<(&Place, &Kind, usize)> =
            places(case, host).iter().flat_map(|place| self.announced_at(place)).collect();
        let mut open: Vec<Aspect> = case.aspects.clone();
        let mut items = BTreeSet::new();
        for (place, kind, item) in &candidates {
            let question = Question { sides: self, case, host, place };
            let before = open.len();
            open.retain(|aspect| !question.covers(kind, *aspect));
            if open.len() < before {
                items.insert(*item);
            }
        }
        let normalised = candidates.iter().find(|(_, kind, _)| **kind == Kind::Normalisation);
        if let Some((_, _, item)) = normalised.filter(|_| !open.is_empty())
            && let Some(plain) = plain(case.request.path())
        {
            // What is left when the path is written as both sides read it has another reason.
            let (_, mut rest) = self.explain(&self.ask(&case.request.with_path(&plain), case.socket));
            let access = Aspect::Policy(Dimension::Access);
            if open.contains(&access) && !rest.contains(&access) {
                let announced = candidates.iter().find(|(_, kind, _)| **kind == Kind::NormalisedAccess);
                items.extend(announced.map(|(_, _, item)| *item));
                rest.extend(announced.is_none().then_some(access));
            }
            if rest.len() < open.len() && rest.iter().all(|aspect| open.contains(aspect)) {
                items.insert(*item);
                open = rest;
            }
        }
        (items, open)
    }

    fn announced_at(&self, place: &Place) -> impl Iterator<Item = (&'s Place, &'s Kind, usize)> {
        let found = self.announced.get_key_value(place);
        found.into_iter().flat_map(|(place, all)| all.iter().map(|(kind, item)| (*place, *kind, *item)))
    }
}

/// A path without what is normalised: escapes decoded, slashes merged, dot segments resolved. `None`: it has nothing of
/// that.
fn plain(path: &str) -> Option<String> {
    let decoded = decoded(path)?;
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    let ends = ["/", "/.", "/.."].iter().any(|end| decoded.ends_with(end)) && !segments.is_empty();
    let plain = format!("/{}{}", segments.join("/"), if ends { "/" } else { "" });
    let plain = sent(&plain.replace('%', "%25"));
    (plain != path).then_some(plain)
}

/// Without escapes; `None`: that is no text.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escape = escape.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escape.unwrap_or(*first));
        rest = if escape.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).ok()
}

/// Is it `/service/method`?
fn is_call(path: &str) -> bool {
    let mut parts = path.strip_prefix('/').unwrap_or_default().split('/');
    let both = parts.next().zip(parts.next());
    both.is_some_and(|(service, method)| !service.is_empty() && !method.is_empty()) && parts.next().is_none()
}

/// Places that a case may belong to.
fn places(case: &Case, host: Option<(&str, Naming)>) -> Vec<Place> {
    let mut places = vec![Place::Everywhere];
    let name = case.request.name();
    let own = host.map(|(host, _)| CompactString::from(host.to_ascii_lowercase()));
    let mut hosts: BTreeSet<CompactString> = covering(&name).collect();
    hosts.extend([own.clone().unwrap_or_default()]);
    places.extend(hosts.into_iter().map(Place::Host));
    if let Some(decided) = &case.old.decided {
        places.push(Place::Ingress(decided.ingress));
        places.extend(decided.path.map(Place::Path));
        places.push(Place::Rendered(own.unwrap_or_default(), decided.rendered.clone()));
    }
    places
}

/// Is this aspect of this case what the allowance is about?
struct Question<'q> {
    sides: &'q Sides<'q>,
    case: &'q Case,
    host: Option<(&'q str, Naming)>,
    place: &'q Place,
}

impl Question<'_> {
    fn covers(&self, kind: &Kind, aspect: Aspect) -> bool {
        let is_host = self.is_place_of_host();
        // Who is let in is never a side effect of how a path is compared: only an item about it may say so.
        if aspect == Aspect::Policy(Dimension::Access) {
            return is_host && matches!(kind, Kind::Policy(Dimension::Access) | Kind::Dropped);
        }
        match kind {
            Kind::DeeperName => self.is_deeper_name(),
            Kind::NameLost => is_host && self.is_name_lost(),
            // What takes the request instead is judged by nothing: any aspect may differ.
            Kind::LetterCase => is_host && self.is_letter_case(),
            Kind::StringPrefix => is_host && self.is_string_prefix(),
            Kind::RegexSimplified => is_host && self.is_simplified(),
            Kind::RegexOrder => is_host && self.is_order(),
            Kind::Closed => is_host && self.is_closed(),
            Kind::Dropped => is_host && self.case.old.decided.is_some(),
            // Judged as a whole: see `explain`.
            Kind::Normalisation | Kind::NormalisedAccess => false,
            Kind::SlashRedirect => is_host && self.is_slash_redirect(),
            Kind::RedirectQuery | Kind::RedirectSlash | Kind::RedirectCode | Kind::RedirectOrigin => {
                is_host && self.is_redirect_detail(kind, aspect)
            }
            Kind::TlsRedirectLost => is_host && self.is_tls_redirect_lost(),
            Kind::Unavailable => is_host && self.is_unavailable(aspect),
            Kind::Rewrite => is_host && matches!(aspect, Aspect::Path | Aspect::Query) && self.is_rewritten(),
            Kind::Host => is_host && aspect == Aspect::Host,
            Kind::Preflight => is_host && self.is_preflight(),
            Kind::CanaryCookie => is_host && aspect == Aspect::Shares && self.is_odd_cookie() && self.is_shared(),
            Kind::Shares => is_host && aspect == Aspect::Shares && self.is_shared(),
            Kind::NoCall => is_host && !is_call(self.case.request.path()),
            Kind::BackendProtocol => is_host && aspect == Aspect::Wire,
            Kind::BackendHttp2 => is_host && aspect == Aspect::Wire && self.is_http2_only(),
            Kind::Certificate => is_host && aspect == Aspect::Connection && self.case.request.scheme == Scheme::Https,
            Kind::Policy(Dimension::Headers) if *self.place == Place::Everywhere => false,
            Kind::Policy(dimension) => is_host && aspect == Aspect::Policy(*dimension),
        }
    }

    /// Names below a wildcard have its place, but they are the wildcard's only for the kind that is about them.
    fn is_place_of_host(&self) -> bool {
        let Place::Host(written) = self.place else { return true };
        let own = self.host.map(|(host, _)| host).unwrap_or_default();
        written.eq_ignore_ascii_case(own) || **written == *self.case.request.name()
    }

    fn before(&self) -> &Outcome {
        &self.case.old.outcome
    }

    fn after(&self) -> &Outcome {
        &self.case.new.outcome
    }

    /// The path of the location that decided, as rendered.
    fn rendered(&self) -> &str {
        self.case.old.decided.as_ref().map(|decided| decided.rendered.as_str()).unwrap_or_default()
    }

    /// The path of the request without escapes, as locations are compared with it.
    fn path(&self) -> String {
        decoded(self.case.request.path()).unwrap_or_default()
    }

    fn is_regex_host(&self) -> bool {
        self.sides.source.is_regex_host(self.host.map(|(host, _)| host))
    }

    /// The target took it for a wildcard that covers more than one label, for which the source has no server.
    fn is_deeper_name(&self) -> bool {
        let (name, found) = (self.case.request.name(), self.sides.target.hostname(&self.case.new));
        let listens = || match self.place {
            Place::Host(host) => Hostname::new(host),
            Place::Everywhere | Place::Ingress(_) | Place::Path(_) | Place::Rendered(..) => Hostname::new(""),
        };
        let hostname = found.cloned().unwrap_or_else(listens);
        let Hostname::Wildcard(suffix) = &hostname else { return false };
        let label = name.strip_suffix(suffix.as_str()).unwrap_or_default();
        let is_place = match self.place {
            Place::Host(host) => hostname == Hostname::new(host),
            Place::Everywhere | Place::Ingress(_) | Place::Path(_) | Place::Rendered(..) => true,
        };
        label.contains('.') && is_place && self.host.is_none()
    }

    /// The name is one of an expression, and the target does not know it.
    fn is_name_lost(&self) -> bool {
        let by = [AnsweredBy::NoListener, AnsweredBy::NoRule];
        let is_unknown = matches!(self.after(), Outcome::Closed)
            || matches!(self.after(), Outcome::Answer { by: Some(own), .. } if by.contains(own));
        self.host.is_some_and(|(_, naming)| naming == Naming::Pattern) && is_unknown
    }

    /// The location takes the path only because it ignores case.
    fn is_letter_case(&self) -> bool {
        let (path, expression) = (self.path(), format!("^{}", self.rendered()));
        self.is_regex_host() && takes(&expression, &path, true) && !takes(&expression, &path, false)
    }

    /// The path goes on after that of the location without a slash.
    fn is_string_prefix(&self) -> bool {
        let (own, path) = (head(self.rendered()), self.path());
        let rest = path.strip_prefix(own);
        !own.is_empty() && !own.ends_with('/') && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    }

    /// The location is an expression, and what the target took it for is none.
    fn is_simplified(&self) -> bool {
        let found = self.sides.target.found(&self.case.new).map(|found| &found.path);
        let is_literal = matches!(found, None | Some(PathMatch::Exact(_) | PathMatch::Prefix(_)));
        is_literal && self.is_regex_host() && is_expression(self.rendered())
    }

    /// Several expressions of the host take the path, and the target took it for another one of them.
    fn is_order(&self) -> bool {
        let found = self.sides.target.found(&self.case.new).map(|found| &found.path);
        if !matches!(found, Some(PathMatch::Regex(_))) || !self.is_regex_host() {
            return false;
        }
        let (host, path) = (self.host.map(|(host, _)| host), self.path());
        let all = self.sides.source.paths(host);
        let taking = all.iter().filter(|one| takes(&format!("^{}", one.text), &path, true));
        taking.filter(|one| one.text != "/").count() > 1
    }

    /// Closed on purpose: no backends.
    fn is_closed(&self) -> bool {
        let is_500 = matches!(self.after(), Outcome::Answer { status: 500, by: Some(AnsweredBy::NoBackend), .. });
        let is_empty = |rule: &crate::ir::Rule| rule.backends.is_empty();
        is_500 && self.sides.target.rule(&self.case.new).is_some_and(is_empty)
    }

    fn is_slash_redirect(&self) -> bool {
        let (path, with_slash) = (format!("{}/", self.case.request.path()), format!("{}/", self.path()));
        let redirects =
            |outcome: &Outcome| outcome.redirect().is_some_and(|(code, location)| code == 301 && location.path == path);
        // A redirect to HTTPS may come first, to the same path.
        let strays = |(_, location): (u16, Location<'_>)| location.path != self.case.request.path();
        let is_gone = !redirects(self.after()) && !self.after().redirect().is_some_and(strays);
        self.rendered() == with_slash && redirects(self.before()) && is_gone
    }

    fn is_redirect_detail(&self, kind: &Kind, aspect: Aspect) -> bool {
        let (Some((_, old)), Some((_, new))) = (self.before().redirect(), self.after().redirect()) else {
            return false;
        };
        match (kind, aspect) {
            (Kind::RedirectCode, Aspect::Code) => true,
            (Kind::RedirectOrigin, Aspect::Origin) => {
                let host = |origin: &str| {
                    let host = origin.split_once("://").map_or("", |(_, host)| host);
                    host.rsplit_once(':').map_or(host, |(host, _)| host).to_ascii_lowercase()
                };
                let scheme = |origin: &str| origin.split_once("://").map(|(scheme, _)| scheme.to_owned());
                let is_relative = old.origin.is_empty() || new.origin.is_empty();
                is_relative || (host(old.origin) == host(new.origin) && scheme(old.origin) == scheme(new.origin))
            }
            // A redirect of the target keeps the query of the request.
            (Kind::RedirectQuery, Aspect::LocationQuery) => {
                old.query.is_none() || new.query.is_none() || new.query == self.case.request.query()
            }
            (Kind::RedirectSlash, Aspect::LocationPath) => is_one_slash(old.path, new.path),
            (Kind::RedirectSlash, Aspect::LocationQuery) => {
                is_one_slash(old.query.unwrap_or_default(), new.query.unwrap_or_default())
            }
            (_, _) => false,
        }
    }

    /// In clear text the target does what the source does over TLS.
    fn is_tls_redirect_lost(&self) -> bool {
        let to_https = |(_, location): (u16, Location<'_>)| {
            let host = location.origin.strip_prefix("https://").unwrap_or_default();
            let host = host.split(':').next().unwrap_or_default();
            host.strip_suffix('.').unwrap_or(host).eq_ignore_ascii_case(&self.case.request.name())
        };
        let redirects = self.case.request.scheme == Scheme::Http && self.before().redirect().is_some_and(to_https);
        if !redirects {
            return false;
        }
        let request = Request { scheme: Scheme::Https, ..self.case.request.clone() };
        let (old, new) = (self.sides.source.ask(&request), self.case.new.clone());
        let differences = old.outcome.differences(&new.outcome);
        if differences.iter().any(|one| matches!(one, Aspect::Sort | Aspect::Shares | Aspect::Connection)) {
            return false;
        }
        // A redirect has passed no control of the location; the request that it leads to has.
        if !self.sides.dimensions(&request, &old, &new).contains(&Dimension::Access) {
            return true;
        }
        let aspects = vec![Aspect::Policy(Dimension::Access)];
        let (_, open) = self.sides.explain(&Case { request, socket: self.case.socket, old, new, aspects });
        open.is_empty()
    }

    fn is_unavailable(&self, aspect: Aspect) -> bool {
        let is_error = |outcome: &Outcome| outcome.status().is_some_and(|status| status >= 500);
        match (aspect, self.before().forward(), self.after().forward()) {
            (Aspect::Sort, None, None) => is_error(self.before()) && is_error(self.after()),
            // The source leaves out a backend that is not there, the target answers for its share.
            (Aspect::Shares, Some(old), Some(new)) => {
                usable(old) == usable(new) && usable(new).len() < new.shares.len()
            }
            (_, _, _) => false,
        }
    }

    /// Something was rewritten on one side at least.
    fn is_rewritten(&self) -> bool {
        let changes = |outcome: &Outcome| outcome.forward().is_some_and(|one| one.target != self.case.request.target);
        changes(self.before()) || changes(self.after())
    }

    fn is_preflight(&self) -> bool {
        let answers = |outcome: &Outcome| outcome.status() == Some(204);
        let is_cors = self.case.old.policy.as_ref().is_some_and(|policy| policy.cors.is_some());
        self.case.request.method == "OPTIONS" && is_cors && (answers(self.before()) || answers(self.after()))
    }

    /// The cookie of a canary is there more than once, or in other letters: the first of any letters counts on the
    /// source, the expression sees each of them in its own letters. Of one cookie both say the same.
    fn is_odd_cookie(&self) -> bool {
        let headers = self.case.request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        let pairs = headers.flat_map(|(_, value)| value.split(';')).filter_map(|one| one.trim().split_once('='));
        let names: Vec<&str> = pairs.map(|(name, _)| name).collect();
        let host = self.host.map(|(host, _)| host);
        self.sides.source.probes(host).cookies.into_iter().any(|cookie| {
            let own = || names.iter().filter(|name| name.eq_ignore_ascii_case(cookie));
            own().count() > 1 || own().any(|name| *name != cookie)
        })
    }

    /// Both sides encrypt the connection to the backend, or neither does.
    fn is_http2_only(&self) -> bool {
        let both = self.before().forward().zip(self.after().forward());
        both.is_some_and(|(old, new)| old.wire.is_tls == new.wire.is_tls && old.wire.is_http2)
    }

    /// All backends are of one canary and its primary.
    fn is_shared(&self) -> bool {
        let (Some(old), Some(new)) = (self.before().forward(), self.after().forward()) else { return false };
        let Some(Receiver::Service(namespace, name, port)) = old.shares.keys().next() else { return false };
        let all = self.sides.source.sharing(namespace, name, port);
        new.shares.keys().all(|receiver| all.contains(receiver))
    }
}

fn usable(forward: &Forward) -> BTreeSet<&Receiver> {
    forward.shares.keys().filter(|receiver| !matches!(receiver, Receiver::Status(_))).collect()
}

fn is_one_slash(one: &str, other: &str) -> bool {
    one.strip_suffix('/') == Some(other) || other.strip_suffix('/') == Some(one)
}

/// Does a search find something in a path? Not where it cannot be read.
fn takes(expression: &str, path: &str, ignores_case: bool) -> bool {
    let whole = searched(expression, ignores_case).and_then(|text| Pattern::new(&text).ok());
    whole.is_some_and(|pattern| pattern.is_match(path.as_bytes()))
}

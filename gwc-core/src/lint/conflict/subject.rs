//! A match of the IR as its author wrote it: object, place, words. Nothing here judges.

use crate::api::route::{GrpcMatch, Matches, Route};
use crate::diagnostic::{Basis, Diagnostic, Edit};
use crate::eval::precedence::Age;
use crate::eval::{Fact, Support};
use crate::graph::RouteId;
use crate::ir::{Config, Host, Match, PathMatch, Rule};
use crate::lint::Cx;
use crate::lint::finding::edit::{remove_item, tree};
use crate::lint::finding::{entries, resting_on, route_verdict};
use crate::source::Span;

use super::reach::{At, MatchId};

/// A match with everything it was made from.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Subject<'w> {
    /// Its route.
    pub(in crate::lint) id: RouteId,
    /// Its route.
    pub(in crate::lint) route: &'w Route,
    /// The rule that it belongs to.
    pub(in crate::lint) rule: &'w Rule,
    /// Position of the rule in `spec.rules`.
    pub(in crate::lint) position: usize,
    /// The match; `None` for rules that accept everything.
    pub(in crate::lint) conditions: Option<&'w Match>,
    /// Position of the match in the rule.
    at: usize,
}

impl<'w> Subject<'w> {
    /// The match of an id.
    pub(in crate::lint) fn new(cx: &Cx<'w>, (slot, at): MatchId) -> Option<Self> {
        let origin = cx.lowered.origins.get(slot as usize)?;
        let rule = cx.lowered.config.rules.get(slot as usize)?;
        let route = &cx.graph.routes[origin.route];
        let conditions = rule.matches.get(at as usize);
        Some(Self { id: origin.route, route, rule, position: origin.rule, conditions, at: at as usize })
    }

    /// Where the match stands; the rule, where it has none.
    pub(in crate::lint) fn span(&self) -> Span {
        let Some(rule) = self.route.rules.get(self.position) else { return self.route.meta.name_span };
        let own = match &rule.matches {
            Matches::Http(matches) => matches.get(self.at).map(|one| one.span),
            Matches::Grpc(matches) => matches.get(self.at).map(|one| one.span),
            Matches::None => None,
        };
        own.unwrap_or(rule.span)
    }

    /// Where the rule stands.
    pub(in crate::lint) fn rule_span(&self) -> Span {
        self.route.rules.get(self.position).map_or(self.route.meta.name_span, |rule| rule.span)
    }

    /// The match in a message: `` `GET /cart` with 2 headers ``.
    pub(in crate::lint) fn text(&self) -> String {
        let Some(one) = self.conditions else { return "every connection".to_owned() };
        let grpc = match self.route.rules.get(self.position).map(|rule| &rule.matches) {
            Some(Matches::Grpc(matches)) => Some(matches.get(self.at).map_or_else(|| "*".to_owned(), grpc_method)),
            Some(Matches::Http(_) | Matches::None) | None => None,
        };
        let path = grpc.unwrap_or_else(|| match &one.method {
            Some(method) => format!("{method} {}", one.path.value()),
            None => one.path.value().to_owned(),
        });
        let kind = match (&one.path, one.grpc) {
            (_, Some(_)) | (PathMatch::Prefix(_), None) => "",
            (PathMatch::Exact(_), None) => "exact ",
            (PathMatch::Regex(_), None) => "expression ",
        };
        let counted = |n: usize, word: &str| match n {
            0 => None,
            1 => Some(format!("a {word}")),
            n => Some(format!("{n} {word}s")),
        };
        let more = [counted(one.headers.len(), "header"), counted(one.query_params.len(), "parameter")];
        let more: Vec<String> = more.into_iter().flatten().collect();
        let with = if more.is_empty() { String::new() } else { format!(" with {}", more.join(" and ")) };
        format!("{kind}`{path}`{with}")
    }

    /// Is it prefix `/` and nothing else?
    pub(in crate::lint) fn is_catch_all(&self) -> bool {
        self.conditions.is_some_and(|one| {
            let any_path = matches!(&one.path, PathMatch::Prefix(prefix) if prefix.trim_end_matches('/').is_empty());
            any_path && one.method.is_none() && one.headers.is_empty() && one.query_params.is_empty()
        })
    }

    /// Does the same happen to a request, whichever of the two takes it?
    pub(in crate::lint) fn acts_like(&self, other: &Self) -> bool {
        let (a, b) = (self.rule, other.rule);
        a.filters == b.filters
            && a.backends == b.backends
            && a.timeouts == b.timeouts
            && a.retry == b.retry
            && a.session_persistence == b.session_persistence
    }

    /// Takes the match out of its rule, or the rule out of the route where it has no other match.
    pub(in crate::lint) fn removal(&self, cx: &Cx<'_>) -> Option<Edit> {
        let rules = tree(cx, &self.route.meta)?.at(&["spec", "rules"])?;
        let source = self.route.meta.source();
        let matches = rules.items().get(self.position).and_then(|rule| rule.field("matches"));
        match matches.filter(|matches| matches.items().len() > 1) {
            Some(matches) => remove_item(cx, source, matches, self.at),
            None => remove_item(cx, source, rules, self.position),
        }
    }

    /// Takes the rule out of the route.
    pub(in crate::lint) fn rule_removal(&self, cx: &Cx<'_>) -> Option<Edit> {
        let rules = tree(cx, &self.route.meta)?.at(&["spec", "rules"])?;
        remove_item(cx, self.route.meta.source(), rules, self.position)
    }

    /// How well it stands that the route is served on a listener.
    fn attachment(&self, cx: &Cx<'_>, place: At) -> Option<Support> {
        let listener = *cx.lowered.listeners.get(place.socket)?.get(place.listener)?;
        let serves =
            |one: &&crate::eval::ParentEntry| one.bindings.iter().any(|binding| binding.listener() == listener);
        let supports = entries(route_verdict(cx, self.id)?).filter(serves).map(|entry| &entry.accepted.support);
        Some(Support::best(supports))
    }
}

fn grpc_method(one: &GrpcMatch) -> String {
    let part = |text: Option<&crate::api::Text>| text.map_or_else(|| "*".to_owned(), |text| text.value.to_string());
    let method = one.method.as_ref();
    let service = part(method.and_then(|method| method.service.as_ref()));
    format!("{service}/{}", part(method.and_then(|method| method.method.as_ref())))
}

/// A hostname in a message.
pub(in crate::lint) fn host_text(host: Option<&Host>) -> String {
    let name = host.and_then(|host| host.matches.as_ref().or(host.written.as_ref()));
    name.map_or_else(|| "any hostname".to_owned(), |name| format!("`{name}`"))
}

/// Names of places: `` `a.example.com` and 2 more ``.
pub(in crate::lint) fn hosts_text(config: &Config, places: &[At]) -> String {
    let mut names: Vec<String> = places.iter().map(|place| host_text(place.host(config))).collect();
    names.sort();
    names.dedup();
    let first = names.first().cloned().unwrap_or_default();
    if names.len() > 1 { format!("{first} and {} more", names.len() - 1) } else { first }
}

/// Weakens a finding to what it rests on: that both routes are served at the place.
pub(in crate::lint) fn attached(cx: &Cx<'_>, finding: Diagnostic, subjects: &[&Subject<'_>], place: At) -> Diagnostic {
    let supports: Vec<Support> = subjects.iter().filter_map(|one| one.attachment(cx, place)).collect();
    resting_on(cx, finding, &Support::all(&supports))
}

/// Says which route is older, and weakens the finding where only names tell.
pub(in crate::lint) fn aged(cx: &Cx<'_>, finding: Diagnostic, winner: &Subject<'_>, loser: &Subject<'_>) -> Diagnostic {
    let metas = [&winner.route.meta, &loser.route.meta];
    let ages = metas.map(Age::of);
    if !ages[0].only_name_decides(&ages[1]) {
        let same = metas[0].created.is_some() && metas[0].created == metas[1].created;
        let how =
            if same { "both are of the same age: the first by `namespace/name` wins" } else { "the older route wins" };
        return finding.note(how);
    }
    let created = |one: &Subject<'_>| Fact::Created(one.route.kind.name(), one.route.meta.key.clone());
    let support = Support::assumed(created(winner)).and(&Support::assumed(created(loser)));
    debug_assert_eq!(support.basis, Basis::Assumed);
    let finding = finding.note("neither manifest has a creation time: the order of the names was taken");
    resting_on(cx, finding, &support)
}

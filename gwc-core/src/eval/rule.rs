//! Which rules of a route cannot be served (status.md §1.6.4). References are not looked at here.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use rayon::prelude::*;

use crate::api::filter::{Filter, FilterKind, PathModifier};
use crate::api::route::{GrpcMatch, HttpMatch, MatchType, Matches, PathType, Route, RouteKind, Rule, ValueMatch};
use crate::eval::world::Cx;
use crate::graph::Graph;
use crate::value::pattern::{self, Refused};

/// May a rule be served?
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleVerdict {
    /// Yes.
    Valid,
    /// No: dropped.
    Invalid(RuleProblem),
}

/// Why a rule is dropped (§1.6.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleProblem {
    /// An enum value that gwc does not know: UnsupportedValue.
    UnknownValue(CompactString),
    /// A feature that the profile lacks: UnsupportedValue.
    UnsupportedFeature(CompactString),
    /// A regular expression that does not compile: UnsupportedValue (GWC5012).
    InvalidRegex {
        /// The pattern.
        pattern: CompactString,
        /// Too large rather than broken.
        too_large: bool,
        /// Position of the match in the rule.
        position: usize,
    },
    /// `ReplacePrefixMatch` with a match that is not a prefix: UnsupportedValue.
    PrefixRewriteWithoutPrefix,
    /// `backendRequest` longer than `request`: UnsupportedValue.
    TimeoutsInverted,
    /// IncompatibleFilters; the two filters.
    IncompatibleFilters(CompactString, CompactString),
}

impl RuleProblem {
    /// True for reason IncompatibleFilters, false for UnsupportedValue.
    #[must_use]
    pub fn is_incompatible_filters(&self) -> bool {
        matches!(self, Self::IncompatibleFilters(..))
    }
}

/// Patterns that do not compile; true: too large.
pub(crate) struct BrokenPatterns(BTreeMap<CompactString, bool>);

impl BrokenPatterns {
    /// Compiles every distinct pattern of the world once.
    pub(crate) fn find(graph: &Graph) -> Self {
        let patterns: BTreeSet<&CompactString> =
            graph.routes.iter().flat_map(|(_, route)| &route.rules).flat_map(patterns).map(|(_, text)| text).collect();
        let patterns: Vec<_> = patterns.into_iter().collect();
        let broken = patterns.par_iter().filter_map(|pattern| {
            let refused = pattern::check(pattern).err()?;
            Some(((*pattern).clone(), refused == Refused::TooLarge))
        });
        Self(broken.collect())
    }
}

/// Regular expressions of a rule with the position of their match.
fn patterns(rule: &Rule) -> Vec<(usize, &CompactString)> {
    let mut found = Vec::new();
    match &rule.matches {
        Matches::Http(matches) => {
            for (position, one) in matches.iter().enumerate() {
                let path = (one.path.r#type == PathType::RegularExpression).then_some(&one.path.value.value);
                let texts = path.into_iter().chain(regexes(&one.headers)).chain(regexes(&one.query_params));
                found.extend(texts.map(|text| (position, text)));
            }
        }
        Matches::Grpc(matches) => {
            for (position, one) in matches.iter().enumerate() {
                let method = one.method.iter().filter(|method| method.r#type == MatchType::RegularExpression);
                let method = method.flat_map(|method| method.service.iter().chain(&method.method));
                let texts = method.map(|text| &text.value).chain(regexes(&one.headers));
                found.extend(texts.map(|text| (position, text)));
            }
        }
        Matches::None => {}
    }
    found
}

fn regexes(values: &[ValueMatch]) -> impl Iterator<Item = &CompactString> {
    values.iter().filter(|one| one.r#type == MatchType::RegularExpression).map(|one| &one.value.value)
}

/// Verdict on each rule of a route: the first problem in the order of the table counts.
pub(crate) fn verdicts(cx: &Cx<'_>, route: &Route, broken: &BrokenPatterns) -> Vec<RuleVerdict> {
    let verdict = |rule: &Rule| problem(cx, route.kind, rule, broken).map_or(RuleVerdict::Valid, RuleVerdict::Invalid);
    route.rules.iter().map(verdict).collect()
}

fn problem(cx: &Cx<'_>, kind: RouteKind, rule: &Rule, broken: &BrokenPatterns) -> Option<RuleProblem> {
    unknown_value(rule)
        .or_else(|| unsupported_feature(cx, kind, rule))
        .or_else(|| prefix_rewrite(rule))
        .or_else(|| incompatible_filters(rule))
        .or_else(|| invalid_regex(rule, broken))
        .or_else(|| inverted_timeouts(rule))
}

/// Filters of the rule, then of its backends.
fn filters(rule: &Rule) -> impl Iterator<Item = &Filter> {
    rule.filters.iter().chain(rule.backends.iter().flat_map(|backend| &backend.filters))
}

/// Values of a newer API than the evaluator's.
fn unknown_value(rule: &Rule) -> Option<RuleProblem> {
    let value = match &rule.matches {
        Matches::Http(matches) => matches.iter().find_map(unknown_in_http),
        Matches::Grpc(matches) => matches.iter().find_map(unknown_in_grpc),
        Matches::None => None,
    };
    value.or_else(|| filters(rule).find_map(|filter| unknown_in_filter(&filter.kind))).map(RuleProblem::UnknownValue)
}

fn unknown_type(r#type: &MatchType) -> Option<CompactString> {
    match r#type {
        MatchType::Unknown(value) => Some(value.clone()),
        MatchType::Exact | MatchType::RegularExpression => None,
    }
}

fn unknown_in_http(one: &HttpMatch) -> Option<CompactString> {
    let path = match &one.path.r#type {
        PathType::Unknown(value) => Some(value.clone()),
        PathType::Exact | PathType::PathPrefix | PathType::RegularExpression => None,
    };
    let values = || one.headers.iter().chain(&one.query_params).find_map(|value| unknown_type(&value.r#type));
    let method = || one.method.as_ref().map(|text| &text.value).filter(|text| !METHODS.contains(&text.as_str()));
    path.or_else(values).or_else(|| method().cloned())
}

/// Methods that the API lists.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

fn unknown_in_grpc(one: &GrpcMatch) -> Option<CompactString> {
    let method = one.method.as_ref().and_then(|method| unknown_type(&method.r#type));
    method.or_else(|| one.headers.iter().find_map(|value| unknown_type(&value.r#type)))
}

fn unknown_in_filter(kind: &FilterKind) -> Option<CompactString> {
    let path = |path: &Option<PathModifier>| match path {
        Some(PathModifier::Unknown(text)) => Some(text.value.clone()),
        Some(PathModifier::ReplaceFullPath(_) | PathModifier::ReplacePrefixMatch(_)) | None => None,
    };
    match kind {
        FilterKind::Unknown(name) => Some(name.clone()),
        FilterKind::UrlRewrite(rewrite) => path(&rewrite.path),
        FilterKind::RequestRedirect(redirect) => {
            let scheme = redirect.scheme.as_ref().map(|text| &text.value);
            let scheme = scheme.filter(|text| !["http", "https"].contains(&text.as_str())).cloned();
            let code = redirect.status_code;
            let known = matches!(code, 301 | 302 | 303 | 307 | 308);
            scheme.or_else(|| (!known).then(|| compact_str::format_compact!("{code}"))).or_else(|| path(&redirect.path))
        }
        FilterKind::RequestHeaderModifier(_)
        | FilterKind::ResponseHeaderModifier(_)
        | FilterKind::RequestMirror(_)
        | FilterKind::Cors(_)
        | FilterKind::ExternalAuth(_)
        | FilterKind::ExtensionRef(_) => None,
    }
}

/// The first extended feature that the rule needs and the profile lacks.
fn unsupported_feature(cx: &Cx<'_>, kind: RouteKind, rule: &Rule) -> Option<RuleProblem> {
    let needed = features(kind, rule);
    let lacking = needed.into_iter().find(|feature| !cx.feature(feature));
    lacking.map(|feature| RuleProblem::UnsupportedFeature(CompactString::const_new(feature)))
}

/// Extended features that a rule uses, in document order.
#[must_use]
pub fn features(kind: RouteKind, rule: &Rule) -> Vec<&'static str> {
    let mut needed = Vec::new();
    let mut need = |when: bool, feature: &'static str| {
        if when && !needed.contains(&feature) {
            needed.push(feature);
        }
    };
    match kind {
        RouteKind::Grpc => need(rule.name.is_some(), "GRPCRouteNamedRouteRule"),
        RouteKind::Tls | RouteKind::Tcp | RouteKind::Udp => {}
        RouteKind::Http => {
            need(rule.name.is_some(), "HTTPRouteNamedRouteRule");
            if let Matches::Http(matches) = &rule.matches {
                need(matches.iter().any(|one| one.method.is_some()), "HTTPRouteMethodMatching");
                need(matches.iter().any(|one| !one.query_params.is_empty()), "HTTPRouteQueryParamMatching");
            }
            for filter in filters(rule) {
                filter_features(&filter.kind).into_iter().for_each(|feature| need(true, feature));
            }
            let is_mirror = |filter: &&Filter| matches!(filter.kind, FilterKind::RequestMirror(_));
            need(rule.filters.iter().filter(is_mirror).count() > 1, "HTTPRouteRequestMultipleMirrors");
            let modifier = |filter: &Filter| matches!(filter.kind, FilterKind::RequestHeaderModifier(_));
            let in_backend = rule.backends.iter().flat_map(|backend| &backend.filters).any(modifier);
            need(in_backend, "HTTPRouteBackendRequestHeaderModification");
            let timeouts = rule.timeouts.as_ref();
            need(timeouts.is_some_and(|all| all.request.is_some()), "HTTPRouteRequestTimeout");
            need(timeouts.is_some_and(|all| all.backend_request.is_some()), "HTTPRouteBackendTimeout");
            need(rule.retry.is_some(), "HTTPRouteRetry");
        }
    }
    needed
}

fn filter_features(kind: &FilterKind) -> Vec<&'static str> {
    let mut needed = Vec::new();
    let mut need = |when: bool, feature: &'static str| needed.extend(when.then_some(feature));
    match kind {
        FilterKind::ResponseHeaderModifier(_) => need(true, "HTTPRouteResponseHeaderModification"),
        FilterKind::RequestMirror(mirror) => {
            need(true, "HTTPRouteRequestMirror");
            need(mirror.share.is_some(), "HTTPRouteRequestPercentageMirror");
        }
        FilterKind::RequestRedirect(redirect) => {
            need(redirect.port.is_some(), "HTTPRoutePortRedirect");
            need(redirect.scheme.is_some(), "HTTPRouteSchemeRedirect");
            need(redirect.path.is_some(), "HTTPRoutePathRedirect");
            need(redirect.status_code == 303, "HTTPRoute303RedirectStatusCode");
            need(redirect.status_code == 307, "HTTPRoute307RedirectStatusCode");
            need(redirect.status_code == 308, "HTTPRoute308RedirectStatusCode");
        }
        FilterKind::UrlRewrite(rewrite) => {
            need(rewrite.hostname.is_some(), "HTTPRouteHostRewrite");
            need(rewrite.path.is_some(), "HTTPRoutePathRewrite");
        }
        FilterKind::Cors(_) => need(true, "HTTPRouteCORS"),
        FilterKind::RequestHeaderModifier(_)
        | FilterKind::ExternalAuth(_)
        | FilterKind::ExtensionRef(_)
        | FilterKind::Unknown(_) => {}
    }
    needed
}

/// `ReplacePrefixMatch` needs exactly one match, of type PathPrefix.
fn prefix_rewrite(rule: &Rule) -> Option<RuleProblem> {
    let Matches::Http(matches) = &rule.matches else { return None };
    let one_prefix = matches!(matches.as_slice(), [one] if one.path.r#type == PathType::PathPrefix);
    let replaces = filters(rule).any(|filter| match &filter.kind {
        FilterKind::RequestRedirect(redirect) => is_prefix(redirect.path.as_ref()),
        FilterKind::UrlRewrite(rewrite) => is_prefix(rewrite.path.as_ref()),
        FilterKind::RequestHeaderModifier(_)
        | FilterKind::ResponseHeaderModifier(_)
        | FilterKind::RequestMirror(_)
        | FilterKind::Cors(_)
        | FilterKind::ExternalAuth(_)
        | FilterKind::ExtensionRef(_)
        | FilterKind::Unknown(_) => false,
    });
    (replaces && !one_prefix).then_some(RuleProblem::PrefixRewriteWithoutPrefix)
}

fn is_prefix(path: Option<&PathModifier>) -> bool {
    matches!(path, Some(PathModifier::ReplacePrefixMatch(_)))
}

/// Rewrite beside redirect, redirect beside backends, or a single-use filter twice.
fn incompatible_filters(rule: &Rule) -> Option<RuleProblem> {
    let lists = std::iter::once(&rule.filters).chain(rule.backends.iter().map(|backend| &backend.filters));
    if let Some((first, second)) = lists.into_iter().find_map(|list| incompatible_pair(list)) {
        return Some(RuleProblem::IncompatibleFilters(first.into(), second.into()));
    }
    let redirects = rule.filters.iter().any(|filter| matches!(filter.kind, FilterKind::RequestRedirect(_)));
    (redirects && !rule.backends.is_empty())
        .then(|| RuleProblem::IncompatibleFilters("RequestRedirect".into(), "backendRefs".into()))
}

fn incompatible_pair(filters: &[Filter]) -> Option<(&str, &str)> {
    let mut seen: Vec<&str> = Vec::new();
    for filter in filters {
        let name = filter.kind.name();
        let repeatable = matches!(filter.kind, FilterKind::RequestMirror(_) | FilterKind::ExtensionRef(_));
        if seen.contains(&name) && !repeatable {
            return Some((name, name));
        }
        seen.push(name);
    }
    let both = seen.contains(&"URLRewrite") && seen.contains(&"RequestRedirect");
    both.then_some(("URLRewrite", "RequestRedirect"))
}

fn invalid_regex(rule: &Rule, broken: &BrokenPatterns) -> Option<RuleProblem> {
    if broken.0.is_empty() {
        return None;
    }
    let mut all = patterns(rule).into_iter();
    all.find_map(|(position, pattern)| {
        let too_large = *broken.0.get(pattern)?;
        Some(RuleProblem::InvalidRegex { pattern: pattern.clone(), too_large, position })
    })
}

/// A backend may not be waited for longer than the whole request; 0 means no limit.
fn inverted_timeouts(rule: &Rule) -> Option<RuleProblem> {
    let timeouts = rule.timeouts.as_ref()?;
    let (request, backend) = (timeouts.request.as_ref()?.value, timeouts.backend_request.as_ref()?.value);
    (request != 0 && backend > request).then_some(RuleProblem::TimeoutsInverted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Text;
    use crate::api::filter::{HeaderModifier, Redirect, Rewrite};
    use crate::source::{SourceMap, Span, Spanned};

    fn span() -> Span {
        let source = crate::source::Source::from_bytes(
            "a",
            crate::source::Origin::Memory,
            crate::source::Role::Checked,
            true,
            Vec::new(),
        );
        Span::new(SourceMap::new().add(source), 0, 0)
    }

    fn filter(kind: FilterKind) -> Filter {
        Filter { kind, type_span: span(), span: span() }
    }

    fn redirect() -> Filter {
        filter(FilterKind::RequestRedirect(Redirect {
            scheme: None,
            hostname: None,
            path: None,
            port: None,
            status_code: 302,
            status_code_span: span(),
        }))
    }

    fn rewrite(path: Option<PathModifier>) -> Filter {
        filter(FilterKind::UrlRewrite(Rewrite { hostname: None, path }))
    }

    fn rule(filters: Vec<Filter>) -> Rule {
        let text = |text: &str| Text::new(text.into(), span());
        let path = crate::api::route::PathMatch { r#type: PathType::Exact, value: text("/") };
        let one = HttpMatch { path, headers: Vec::new(), query_params: Vec::new(), method: None, span: span() };
        Rule {
            name: None,
            matches: Matches::Http(vec![one]),
            filters,
            backends: Vec::new(),
            timeouts: None,
            retry: None,
            session_persistence: None,
            span: span(),
        }
    }

    #[test]
    fn filters_that_exclude_each_other() {
        let modifier = || filter(FilterKind::RequestHeaderModifier(HeaderModifier::default()));
        let check = |filters, wanted: Option<(&str, &str)>| {
            let wanted = wanted.map(|(a, b)| RuleProblem::IncompatibleFilters(a.into(), b.into()));
            assert_eq!(incompatible_filters(&rule(filters)), wanted);
        };
        check(vec![rewrite(None), redirect()], Some(("URLRewrite", "RequestRedirect")));
        check(vec![modifier(), modifier()], Some(("RequestHeaderModifier", "RequestHeaderModifier")));
        check(vec![modifier(), redirect()], None);
    }

    #[test]
    fn prefix_rewrite_needs_one_prefix() {
        let to = |modifier: fn(Text) -> PathModifier| Some(modifier(Text::new("/x".into(), span())));
        let bad = rule(vec![rewrite(to(PathModifier::ReplacePrefixMatch))]);
        assert_eq!(prefix_rewrite(&bad), Some(RuleProblem::PrefixRewriteWithoutPrefix));
        assert_eq!(prefix_rewrite(&rule(vec![rewrite(to(PathModifier::ReplaceFullPath))])), None);
    }

    #[test]
    fn a_backend_timeout_fits_into_the_request() {
        let with = |request: u64, backend: u64| {
            let mut rule = rule(Vec::new());
            rule.timeouts = Some(crate::api::route::Timeouts {
                request: Some(Spanned::new(request, span())),
                backend_request: Some(Spanned::new(backend, span())),
            });
            inverted_timeouts(&rule)
        };
        assert_eq!(with(1000, 2000), Some(RuleProblem::TimeoutsInverted));
        assert_eq!(with(2000, 1000), None);
        assert_eq!(with(0, 1000), None);
    }
}

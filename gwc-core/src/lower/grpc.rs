//! Matches of a GRPCRoute: a call is `POST /{service}/{method}`, so service and method become a path (routing.md §3.7).

use crate::api::Text;
use crate::api::route::{GrpcMatch, GrpcMethodMatch, MatchType};
use crate::ir::Str;
use crate::ir::rule::{GrpcRank, Match, PathMatch};
use crate::lower::http;
use crate::lower::place::place;
use crate::value::pattern;

/// One path element, whatever it is.
const ELEMENT: &str = "[^/]+";

/// One match.
pub(super) fn lower(one: &GrpcMatch) -> Match {
    let mut lowered = http::any(place(one.span));
    lowered.headers = http::headers(&one.headers);
    let part = |text: Option<&Text>| text.map_or("", |text| text.value.as_str()).to_owned();
    let (service, method) = one
        .method
        .as_ref()
        .map_or_else(Default::default, |method| (part(method.service.as_ref()), part(method.method.as_ref())));
    if let Some(written) = &one.method {
        lowered.path = path(written, &service, &method);
    }
    lowered.grpc = Some(rank(&service, &method));
    lowered
}

/// What ranks a match without a method.
pub(super) fn rank(service: &str, method: &str) -> GrpcRank {
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    GrpcRank { service: count(service), method: count(method) }
}

/// The path condition; an empty text is no condition.
fn path(written: &GrpcMethodMatch, service: &str, method: &str) -> PathMatch {
    let is_regex = written.r#type == MatchType::RegularExpression;
    let element = |pattern: &str| {
        if pattern.is_empty() { ELEMENT.to_owned() } else { pattern::group(pattern).unwrap_or_default() }
    };
    match (is_regex, service, method) {
        (_, "", "") => PathMatch::Prefix("/".into()),
        (true, ..) => PathMatch::Regex(Str::from(format!("/{}/{}", element(service), element(method)))),
        (false, "", _) => PathMatch::Regex(Str::from(format!("/{ELEMENT}/{}", pattern::literal(method)))),
        (false, _, "") => PathMatch::Prefix(Str::from(format!("/{service}"))),
        (false, ..) => PathMatch::Exact(Str::from(format!("/{service}/{method}"))),
    }
}

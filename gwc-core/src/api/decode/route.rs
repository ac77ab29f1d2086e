//! Routes: the common header, rules and matches. Filters are in [`super::filter`].

use crate::api::Meta;
use crate::api::decode::filter::filters;
use crate::api::decode::gateway::parent_ref;
use crate::api::decode::reader::{Reader, SERVICE};
use crate::api::reference::BackendRef;
use crate::api::route::{
    GrpcMatch, GrpcMethodMatch, HttpMatch, MatchType, Matches, PathMatch, PathType, Retry, Route, RouteKind, Rule,
    SessionPersistence, Timeouts, ValueMatch,
};
use crate::source::Spanned;

pub(super) fn route(root: Reader<'_>, meta: Meta, kind: RouteKind) -> Route {
    // An HTTPRoute or GRPCRoute without spec is legal.
    let spec = root.field("spec").unwrap_or(root);
    let hostnames = if kind.has_hostnames() {
        spec.items("hostnames").filter_map(Reader::as_hostname).collect()
    } else {
        Vec::new()
    };
    Route {
        meta,
        kind,
        parents: spec.items("parentRefs").map(parent_ref).collect(),
        hostnames,
        rules: rules(spec, kind),
        spec_span: spec.span(),
    }
}

/// Rules; an HTTPRoute without `rules` gets one that matches everything.
fn rules(spec: Reader<'_>, kind: RouteKind) -> Vec<Rule> {
    if kind == RouteKind::Http && spec.field("rules").is_none() {
        return vec![Rule {
            name: None,
            matches: Matches::Http(vec![any_request(spec)]),
            filters: Vec::new(),
            backends: Vec::new(),
            timeouts: None,
            retry: None,
            session_persistence: None,
            span: spec.span(),
        }];
    }
    spec.items("rules").map(|item| rule(item, kind)).collect()
}

fn rule(reader: Reader<'_>, kind: RouteKind) -> Rule {
    Rule {
        name: reader.text("name"),
        matches: matches(reader, kind),
        filters: filters(reader),
        backends: reader.items("backendRefs").map(backend_ref).collect(),
        timeouts: reader.field("timeouts").map(|timeouts| Timeouts {
            request: timeouts.duration("request"),
            backend_request: timeouts.duration("backendRequest"),
        }),
        retry: reader.field("retry").map(retry),
        session_persistence: reader.field("sessionPersistence").map(session_persistence),
        span: reader.span(),
    }
}

/// `sessionPersistence` of a rule or of a policy.
pub(super) fn session_persistence(reader: Reader<'_>) -> SessionPersistence {
    let lifetime = reader.at(&["cookieConfig", "lifetimeType"]).and_then(Reader::string);
    SessionPersistence {
        name: reader.text("sessionName").map(|name| name.value).filter(|name| !name.is_empty()),
        header: reader.field("type").and_then(Reader::string) == Some("Header"),
        permanent: lifetime == Some("Permanent"),
        absolute_timeout: reader.duration("absoluteTimeout").map(|timeout| timeout.value),
        span: reader.span(),
    }
}

fn retry(reader: Reader<'_>) -> Retry {
    Retry {
        codes: reader.items("codes").filter_map(|item| u16::try_from(item.node().as_int()?).ok()).collect(),
        attempts: reader.int("attempts"),
        backoff: reader.duration("backoff").map(|backoff| backoff.value),
        span: reader.span(),
    }
}

fn matches(rule: Reader<'_>, kind: RouteKind) -> Matches {
    match kind {
        RouteKind::Http if rule.field("matches").is_none() => Matches::Http(vec![any_request(rule)]),
        RouteKind::Http => Matches::Http(rule.items("matches").map(http_match).collect()),
        RouteKind::Grpc => Matches::Grpc(rule.items("matches").map(grpc_match).collect()),
        RouteKind::Tls | RouteKind::Tcp | RouteKind::Udp => Matches::None,
    }
}

/// The default match: every path.
fn any_request(written: Reader<'_>) -> HttpMatch {
    HttpMatch {
        path: PathMatch { r#type: PathType::PathPrefix, value: Spanned::new("/".into(), written.span()) },
        headers: Vec::new(),
        query_params: Vec::new(),
        method: None,
        span: written.span(),
    }
}

fn http_match(reader: Reader<'_>) -> HttpMatch {
    HttpMatch {
        path: path_match(reader.field("path").unwrap_or(reader)),
        headers: reader.items("headers").map(value_match).collect(),
        query_params: reader.items("queryParams").map(value_match).collect(),
        method: reader.text("method"),
        span: reader.span(),
    }
}

/// `path`, or the match around it when there is none.
fn path_match(reader: Reader<'_>) -> PathMatch {
    let r#type = match reader.field("type").and_then(Reader::string) {
        None | Some("PathPrefix") => PathType::PathPrefix,
        Some("Exact") => PathType::Exact,
        Some("RegularExpression") => PathType::RegularExpression,
        Some(other) => PathType::Unknown(other.into()),
    };
    PathMatch { r#type, value: reader.text_or("value", "/") }
}

fn match_type(reader: Reader<'_>) -> MatchType {
    match reader.field("type").and_then(Reader::string) {
        None | Some("Exact") => MatchType::Exact,
        Some("RegularExpression") => MatchType::RegularExpression,
        Some(other) => MatchType::Unknown(other.into()),
    }
}

fn value_match(reader: Reader<'_>) -> ValueMatch {
    ValueMatch {
        r#type: match_type(reader),
        name: reader.text_or("name", ""),
        value: reader.text_or("value", ""),
        span: reader.span(),
    }
}

fn grpc_match(reader: Reader<'_>) -> GrpcMatch {
    GrpcMatch {
        method: reader.field("method").map(|method| GrpcMethodMatch {
            r#type: match_type(method),
            service: method.text("service"),
            method: method.text("method"),
            span: method.span(),
        }),
        headers: reader.items("headers").map(value_match).collect(),
        span: reader.span(),
    }
}

/// `backendRefs[]` and the `backendRef` of filters.
pub(super) fn backend_ref(reader: Reader<'_>) -> BackendRef {
    BackendRef {
        target: reader.reference(SERVICE),
        port: reader.port("port"),
        weight: reader.int("weight").and_then(|weight| u32::try_from(weight).ok()).unwrap_or(1),
        weight_span: reader.written("weight"),
        filters: filters(reader),
    }
}

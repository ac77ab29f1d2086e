//! Filters in the order in which they run: CORS, ExternalAuth, then as listed (routing.md §4.0, Q8).

use crate::api::Text;
use crate::api::filter::{self, FilterKind};
use crate::eval::ReferencePlace;
use crate::ir::filter::{
    AuthProtocol, Cors, ExternalAuth, Filter, Header, HeaderModifier, Mirror, PathModifier, Redirect, Rewrite,
    Unresolved,
};
use crate::ir::{BackendProtocol, Str};
use crate::lower::backend::Backends;
use crate::lower::rule::Source;

/// Seconds that a preflight answer may be kept, unless written (routing.md §4.6).
const DEFAULT_MAX_AGE: u32 = 5;

/// `filters[]` of a rule or of a backend; `place` tells where each one stands.
pub(super) fn filters(
    backends: &mut Backends<'_, '_>,
    source: &Source<'_>,
    written: &[filter::Filter],
    place: &dyn Fn(usize) -> ReferencePlace,
) -> Vec<Filter> {
    if written.is_empty() {
        return Vec::new();
    }
    let mut order: Vec<(usize, &filter::Filter)> = written.iter().enumerate().collect();
    order.sort_by_key(|(_, filter)| stage(&filter.kind));
    order.into_iter().map(|(at, filter)| lower(backends, source, &filter.kind, place(at))).collect()
}

/// Filters of an earlier stage run first.
fn stage(kind: &FilterKind) -> u8 {
    match kind {
        FilterKind::Cors(_) => 0,
        FilterKind::ExternalAuth(_) => 1,
        FilterKind::RequestHeaderModifier(_)
        | FilterKind::ResponseHeaderModifier(_)
        | FilterKind::RequestMirror(_)
        | FilterKind::RequestRedirect(_)
        | FilterKind::UrlRewrite(_)
        | FilterKind::ExtensionRef(_)
        | FilterKind::Unknown(_) => 2,
    }
}

fn lower(backends: &mut Backends<'_, '_>, source: &Source<'_>, kind: &FilterKind, place: ReferencePlace) -> Filter {
    match kind {
        FilterKind::RequestHeaderModifier(modifier) => Filter::RequestHeaders(header_modifier(modifier)),
        FilterKind::ResponseHeaderModifier(modifier) => Filter::ResponseHeaders(header_modifier(modifier)),
        FilterKind::RequestMirror(mirror) => {
            let (numerator, denominator) = mirror.share.unwrap_or((1, 1));
            Filter::Mirror(Mirror {
                target: backends.target(source, place, &mirror.backend, source.protocol()),
                numerator,
                denominator: denominator.max(1),
            })
        }
        FilterKind::RequestRedirect(redirect) => Filter::Redirect(Redirect {
            scheme: redirect.scheme.as_ref().map(|scheme| Str::from(&scheme.value)),
            hostname: redirect.hostname.as_ref().map(|name| name.value.clone()),
            port: redirect.port.as_ref().map(|port| port.value),
            path: redirect.path.as_ref().map(path_modifier),
            status: redirect.status_code,
        }),
        FilterKind::UrlRewrite(rewrite) => Filter::Rewrite(Rewrite {
            hostname: rewrite.hostname.as_ref().map(|name| name.value.clone()),
            path: rewrite.path.as_ref().map(path_modifier),
        }),
        FilterKind::Cors(cors) => Filter::Cors(self::cors(cors)),
        FilterKind::ExternalAuth(auth) => Filter::ExternalAuth(external_auth(backends, source, auth, place)),
        FilterKind::ExtensionRef(reference) => {
            let key = reference.target(&source.route.spec.meta.key.namespace);
            let reference = format!("{} {key}", reference.group_kind());
            Filter::Fail(Unresolved { filter: Str::from(kind.name()), reference: Str::from(reference) })
        }
        // A rule with an unknown filter is dropped, so it does not come here.
        FilterKind::Unknown(name) => Filter::Fail(Unresolved { filter: Str::from(name), reference: Str::default() }),
    }
}

/// Of names that differ in case only the first counts, in each list (routing.md §4.1).
fn header_modifier(written: &filter::HeaderModifier) -> HeaderModifier {
    let headers = |pairs: &[(Text, Text)]| {
        let mut kept: Vec<Header> = Vec::with_capacity(pairs.len());
        for (name, value) in pairs {
            if kept.iter().all(|other| !other.name.eq_ignore_ascii_case(&name.value)) {
                kept.push(Header { name: Str::from(&name.value), value: Str::from(&value.value) });
            }
        }
        kept
    };
    let mut remove: Vec<Str> = Vec::with_capacity(written.remove.len());
    for name in &written.remove {
        if remove.iter().all(|other| !other.eq_ignore_ascii_case(&name.value)) {
            remove.push(Str::from(&name.value));
        }
    }
    HeaderModifier { set: headers(&written.set), add: headers(&written.add), remove }
}

fn path_modifier(written: &filter::PathModifier) -> PathModifier {
    match written {
        filter::PathModifier::ReplacePrefixMatch(text) => PathModifier::ReplacePrefixMatch(Str::from(&text.value)),
        // A rule with an unknown modifier is dropped, so it does not come here.
        filter::PathModifier::ReplaceFullPath(text) | filter::PathModifier::Unknown(text) => {
            PathModifier::ReplaceFullPath(Str::from(&text.value))
        }
    }
}

fn texts(written: &[Text]) -> Vec<Str> {
    written.iter().map(|text| Str::from(&text.value)).collect()
}

fn lower_case(written: &[Text]) -> Vec<Str> {
    written.iter().map(|text| Str::from(text.value.to_ascii_lowercase())).collect()
}

fn cors(written: &filter::Cors) -> Cors {
    Cors {
        allow_origins: texts(&written.allow_origins),
        allow_methods: texts(&written.allow_methods),
        allow_headers: texts(&written.allow_headers),
        expose_headers: texts(&written.expose_headers),
        allow_credentials: written.allow_credentials.as_ref().is_some_and(|allowed| allowed.value),
        max_age: written.max_age.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(DEFAULT_MAX_AGE),
    }
}

fn external_auth(
    backends: &mut Backends<'_, '_>,
    source: &Source<'_>,
    auth: &filter::ExternalAuth,
    place: ReferencePlace,
) -> ExternalAuth {
    let grpc = auth.protocol.value == "GRPC";
    let base = if grpc { BackendProtocol::Http2 } else { BackendProtocol::Http1 };
    let allowed_headers = lower_case(&auth.allowed_headers);
    let protocol = if grpc {
        AuthProtocol::Grpc { allowed_headers }
    } else {
        AuthProtocol::Http {
            path: Str::from(&auth.path),
            allowed_headers,
            allowed_response_headers: lower_case(&auth.allowed_response_headers),
        }
    };
    ExternalAuth { protocol, target: backends.target(source, place, &auth.backend, base), max_body: auth.max_body }
}

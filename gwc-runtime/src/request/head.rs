//! Reading the head of a request in one way only: authority, path, framing, hop-by-hop fields (S1 to S28 of
//! runtime-design.md §3.4, routing.md §2.1, §3.2, §5.11).

use std::borrow::Cow;

use gwc_core::exchange::normalise::{self, EncodedSlash};
use gwc_core::matcher::Headers;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http::uri::Authority;
use http::{Method, Request, Uri, Version};

use crate::error::ProxyError;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// Which of the fields that concern a proxy a head has, found in one pass. Nearly every head has nearly none of them, and
/// asking a `HeaderMap` for each costs a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fields(u16);

impl Fields {
    pub(crate) const HOST: Self = Self(1);
    pub(crate) const TRANSFER_ENCODING: Self = Self(1 << 1);
    pub(crate) const CONTENT_LENGTH: Self = Self(1 << 2);
    pub(crate) const CONTENT_TYPE: Self = Self(1 << 3);
    pub(crate) const CONNECTION: Self = Self(1 << 4);
    pub(crate) const EXPECT: Self = Self(1 << 5);
    pub(crate) const UPGRADE: Self = Self(1 << 6);
    pub(crate) const TE: Self = Self(1 << 7);
    /// Others that [`strip`] removes.
    pub(crate) const HOP: Self = Self(1 << 8);
    /// `Forwarded` and `X-Forwarded-Host`.
    pub(crate) const FORWARDED: Self = Self(1 << 9);
    pub(crate) const COOKIE: Self = Self(1 << 10);
    /// What says where a body ends.
    const FRAMING: Self = Self(Self::TRANSFER_ENCODING.0 | Self::CONTENT_LENGTH.0);
    /// What [`strip`] looks at.
    const STRIPPED: Self =
        Self(Self::TRANSFER_ENCODING.0 | Self::CONNECTION.0 | Self::UPGRADE.0 | Self::TE.0 | Self::HOP.0);

    pub(crate) fn of(headers: &HeaderMap) -> Self {
        headers.keys().fold(Self(0), |all, name| Self(all.0 | Self::field(name).0))
    }

    fn field(name: &HeaderName) -> Self {
        match name.as_str() {
            "host" => Self::HOST,
            "transfer-encoding" => Self::TRANSFER_ENCODING,
            "content-length" => Self::CONTENT_LENGTH,
            "content-type" => Self::CONTENT_TYPE,
            "connection" => Self::CONNECTION,
            "expect" => Self::EXPECT,
            "upgrade" => Self::UPGRADE,
            "te" => Self::TE,
            "proxy-connection" | "keep-alive" | "proxy-authenticate" | "proxy-authorization" | "trailer" => Self::HOP,
            "forwarded" | "x-forwarded-host" => Self::FORWARDED,
            "cookie" => Self::COOKIE,
            _ => Self(0),
        }
    }

    /// One of these at least?
    pub(crate) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

/// Header lines as matches see them: `host` is the authority, wherever it stood.
pub(super) struct Lines<'r> {
    pub(super) headers: &'r HeaderMap,
    pub(super) authority: &'r str,
}

impl Headers for Lines<'_> {
    fn lines(&self, name: &str, visit: &mut dyn FnMut(&[u8])) {
        if name == "host" {
            if !self.authority.is_empty() {
                visit(self.authority.as_bytes());
            }
            return;
        }
        self.headers.get_all(name).iter().for_each(|value| visit(value.as_bytes()));
    }
}

/// The authority as received; cheap to keep.
pub(super) enum Received {
    /// HTTP/1.0 without Host.
    None,
    Host(HeaderValue),
    Target(Authority),
}

impl Received {
    /// The text; empty: there is none.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::None => "",
            Self::Host(value) => value.to_str().unwrap_or_default(),
            Self::Target(authority) => authority.as_str(),
        }
    }
}

/// S13, S26: exactly one authority. That of an absolute target replaces Host (RFC 9112 §3.2.2); of HTTP/2 the two must
/// be the same.
pub(super) fn received(parts: &Parts) -> Result<Received, ProxyError> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let (host, another) = (hosts.next(), hosts.next());
    if another.is_some() || host.is_some_and(|value| value.to_str().is_err()) {
        return Err(ProxyError::BadRequest);
    }
    // S14: a target without slash is an authority to hyper, and only CONNECT may have one.
    if parts.uri.authority().is_some() && parts.uri.scheme().is_none() && parts.method != Method::CONNECT {
        return Err(ProxyError::BadRequest);
    }
    match (parts.uri.authority(), host) {
        (Some(target), Some(host)) if parts.version == Version::HTTP_2 => {
            let is_same = target.as_str().as_bytes().eq_ignore_ascii_case(host.as_bytes());
            if is_same { Ok(Received::Target(target.clone())) } else { Err(ProxyError::BadRequest) }
        }
        // S13: Host is required in HTTP/1.1 even where it does not count.
        (Some(_), None) if parts.version == Version::HTTP_11 => Err(ProxyError::BadRequest),
        (Some(target), _) => Ok(Received::Target(target.clone())),
        (None, Some(host)) => Ok(Received::Host(host.clone())),
        (None, None) if parts.version < Version::HTTP_11 => Ok(Received::None),
        (None, None) => Err(ProxyError::BadRequest),
    }
}

/// The path that is matched and forwarded.
pub(super) fn path<'u>(method: &Method, uri: &'u Uri, slashes: EncodedSlash) -> Result<Cow<'u, str>, ProxyError> {
    if *method == Method::CONNECT {
        return Err(ProxyError::Connect);
    }
    let path = normalise::path(uri.path(), slashes).map_err(|_| ProxyError::BadRequest)?;
    // `*` asks about the server as a whole, which only OPTIONS does (RFC 9112 §3.2.4).
    if path == "*" && *method != Method::OPTIONS {
        return Err(ProxyError::BadRequest);
    }
    Ok(path)
}

/// What hyper lets pass and S1, S14, S17, S19 do not.
pub(super) fn check(parts: &Parts, fields: Fields) -> Result<(), ProxyError> {
    let headers = &parts.headers;
    if !is_framed(headers, fields) {
        return Err(ProxyError::BadRequest);
    }
    if parts.uri.scheme().is_some_and(|scheme| !matches!(scheme.as_str(), "http" | "https")) {
        return Err(ProxyError::BadRequest);
    }
    if fields.has(Fields::CONNECTION) && headers.get_all(header::CONNECTION).iter().any(names_what_must_stay) {
        return Err(ProxyError::BadRequest);
    }
    let is_other = |value: &HeaderValue| !value.as_bytes().eq_ignore_ascii_case(b"100-continue");
    if fields.has(Fields::EXPECT) && headers.get_all(header::EXPECT).iter().any(is_other) {
        return Err(ProxyError::Expectation);
    }
    Ok(())
}

/// S1, S2, S3: one length, or one coding that is `chunked`, or neither. hyper would take other codings for content.
pub(super) fn is_framed(headers: &HeaderMap, fields: Fields) -> bool {
    if !fields.has(Fields::FRAMING) {
        return true;
    }
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    match (codings.next(), lengths.next()) {
        (None, None) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked") && codings.next().is_none(),
        (None, Some(length)) => length.as_bytes().iter().all(u8::is_ascii_digit) && lengths.next().is_none(),
        (Some(_), Some(_)) => false,
    }
}

/// S17: a `Connection` that would take away what routing, framing or trust rest on.
fn names_what_must_stay(value: &HeaderValue) -> bool {
    options(value).any(|option| {
        let is = |name: &str| option.eq_ignore_ascii_case(name);
        let is_forwarded = option.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("x-forwarded-"));
        ["host", "content-length", "transfer-encoding", "authorization", "cookie"].into_iter().any(is) || is_forwarded
    })
}

fn options(value: &HeaderValue) -> impl Iterator<Item = &str> {
    value.to_str().unwrap_or_default().split(',').map(str::trim)
}

/// Removes what concerns one hop only: the list of routing.md §5.11, and what `Connection` names. `TE: trailers` stays.
pub(super) fn strip(headers: &mut HeaderMap, fields: Fields) {
    if !fields.has(Fields::STRIPPED) {
        return;
    }
    if fields.has(Fields::CONNECTION) {
        let named: Vec<HeaderName> = headers
            .get_all(header::CONNECTION)
            .iter()
            .flat_map(options)
            .filter_map(|option| HeaderName::try_from(option).ok())
            .filter(|name| *name != header::TE)
            .collect();
        named.iter().for_each(|name| drop(headers.remove(name)));
        headers.remove(header::CONNECTION);
    }
    if let Some(te) = headers.get(header::TE) {
        let keeps = options(te).any(|option| option.eq_ignore_ascii_case("trailers"));
        match keeps {
            true => drop(headers.insert(header::TE, HeaderValue::from_static("trailers"))),
            false => drop(headers.remove(header::TE)),
        }
    }
    for name in [
        PROXY_CONNECTION,
        KEEP_ALIVE,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ] {
        headers.remove(name);
    }
}

/// S18: an upgrade that is passed on.
pub(super) fn is_websocket<B>(request: &Request<B>, fields: Fields) -> bool {
    if !fields.has(Fields::UPGRADE) {
        return false;
    }
    let headers = request.headers();
    let Some(upgrade) = headers.get(header::UPGRADE) else { return false };
    let asks =
        headers.get_all(header::CONNECTION).iter().flat_map(options).any(|one| one.eq_ignore_ascii_case("upgrade"));
    request.version() == Version::HTTP_11 && asks && upgrade.as_bytes().eq_ignore_ascii_case(b"websocket")
}

/// Does the client expect the status of gRPC (routing.md §3.7, Q24)?
pub(super) fn is_grpc(headers: &HeaderMap, fields: Fields) -> bool {
    if !fields.has(Fields::CONTENT_TYPE) {
        return false;
    }
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return false };
    let (start, rest) = value.as_bytes().split_at(value.len().min("application/grpc".len()));
    start.eq_ignore_ascii_case(b"application/grpc") && matches!(rest.first(), None | Some(b'+' | b';'))
}

//! Filters of rules and backends: the union of the API becomes one enum variant.

use compact_str::CompactString;

use crate::api::Text;
use crate::api::decode::reader::{EXPLICIT, Reader};
use crate::api::decode::route::backend_ref;
use crate::api::filter::{
    Cors, ExternalAuth, Filter, FilterKind, HeaderModifier, Mirror, PathModifier, Redirect, Rewrite,
};
use crate::source::Spanned;

/// `filters[]` of a rule or backend.
pub(super) fn filters(holder: Reader<'_>) -> Vec<Filter> {
    holder.items("filters").map(filter).collect()
}

fn filter(reader: Reader<'_>) -> Filter {
    let name = reader.word_or("type", "");
    let kind = filter_kind(reader, &name).unwrap_or(FilterKind::Unknown(name));
    Filter { kind, type_span: reader.place_of("type"), span: reader.span() }
}

/// `None` for a type that the API does not know, and for a union without its member, which admission refuses.
fn filter_kind(reader: Reader<'_>, name: &str) -> Option<FilterKind> {
    Some(match name {
        "RequestHeaderModifier" => {
            FilterKind::RequestHeaderModifier(header_modifier(reader.field("requestHeaderModifier")?))
        }
        "ResponseHeaderModifier" => {
            FilterKind::ResponseHeaderModifier(header_modifier(reader.field("responseHeaderModifier")?))
        }
        "RequestMirror" => FilterKind::RequestMirror(mirror(reader.field("requestMirror")?)?),
        "RequestRedirect" => FilterKind::RequestRedirect(redirect(reader.field("requestRedirect")?)),
        "URLRewrite" => {
            let rewrite = reader.field("urlRewrite")?;
            FilterKind::UrlRewrite(Rewrite {
                hostname: rewrite.hostname("hostname"),
                path: rewrite.field("path").map(path_modifier),
            })
        }
        "CORS" => FilterKind::Cors(cors(reader.field("cors")?)),
        "ExternalAuth" => FilterKind::ExternalAuth(external_auth(reader.field("externalAuth")?)?),
        "ExtensionRef" => FilterKind::ExtensionRef(reader.reference_at("extensionRef", EXPLICIT)?),
        _ => return None,
    })
}

fn header_modifier(reader: Reader<'_>) -> HeaderModifier {
    let pair = |item: Reader<'_>| -> (Text, Text) { (item.text_or("name", ""), item.text_or("value", "")) };
    HeaderModifier {
        set: reader.items("set").map(pair).collect(),
        add: reader.items("add").map(pair).collect(),
        remove: reader.texts("remove"),
    }
}

fn mirror(reader: Reader<'_>) -> Option<Mirror> {
    let number = |value: i64| u32::try_from(value).ok();
    let percent = reader.int("percent").and_then(number).map(|percent| (percent, 100));
    let fraction = reader.field("fraction").and_then(|fraction| {
        let denominator = fraction.int("denominator").and_then(number).unwrap_or(100);
        Some((number(fraction.int("numerator")?)?, denominator))
    });
    Some(Mirror { backend: backend_ref(reader.field("backendRef")?), share: percent.or(fraction) })
}

fn redirect(reader: Reader<'_>) -> Redirect {
    Redirect {
        scheme: reader.text("scheme"),
        hostname: reader.hostname("hostname"),
        path: reader.field("path").map(path_modifier),
        port: reader.port("port"),
        status_code: reader.int("statusCode").and_then(|code| u16::try_from(code).ok()).unwrap_or(302),
        status_code_span: reader.place_of("statusCode"),
    }
}

fn path_modifier(reader: Reader<'_>) -> PathModifier {
    match reader.field("type").and_then(Reader::string) {
        Some("ReplaceFullPath") => PathModifier::ReplaceFullPath(reader.text_or("replaceFullPath", "")),
        Some("ReplacePrefixMatch") => PathModifier::ReplacePrefixMatch(reader.text_or("replacePrefixMatch", "")),
        other => PathModifier::Unknown(Spanned::new(other.unwrap_or_default().into(), reader.place_of("type"))),
    }
}

fn external_auth(reader: Reader<'_>) -> Option<ExternalAuth> {
    let protocol = reader.text_or("protocol", "");
    let details = reader.field(if protocol.value == "GRPC" { "grpc" } else { "http" });
    let texts = |key| details.map_or_else(Vec::new, |details| details.texts(key));
    let max_body = reader.field("forwardBody").and_then(|body| body.int("maxSize"));
    Some(ExternalAuth {
        protocol,
        backend: backend_ref(reader.field("backendRef")?),
        path: details.map_or_else(CompactString::default, |details| details.word_or("path", "")),
        allowed_headers: texts("allowedHeaders"),
        allowed_response_headers: texts("allowedResponseHeaders"),
        max_body: max_body.and_then(|size| u16::try_from(size).ok()).unwrap_or(0),
    })
}

fn cors(reader: Reader<'_>) -> Cors {
    Cors {
        allow_origins: reader.texts("allowOrigins"),
        allow_credentials: reader.bool("allowCredentials"),
        allow_methods: reader.texts("allowMethods"),
        allow_headers: reader.texts("allowHeaders"),
        expose_headers: reader.texts("exposeHeaders"),
        max_age: reader.int("maxAge").or(Some(5)),
    }
}

//! From a URL and curl's options to the request that a client would send.
//!
//! Only what is named is sent, and what curl derives from it (content type and length of a body, authorization):
//! no User-Agent, no Accept.

use gwc_core::predict::{Request, Scheme};

use crate::cli::route::RequestArgs;
use crate::failure::Failure;
use crate::route::url::{Url, encode, encode_value};

/// A request, and what the command line leaves open about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The request; scheme, port and authority of a path alone are placeholders.
    pub(crate) request: Request,
    /// A path alone: it may arrive at every socket of HTTP.
    pub(crate) any_socket: bool,
    /// A path alone without `-H Host`: every name may be meant.
    pub(crate) any_host: bool,
}

/// The request of a command line.
pub(crate) fn request(text: &str, args: &RequestArgs) -> Result<Asked, Failure> {
    let url = Url::parse(text).map_err(Failure::usage)?;
    let scheme = url.scheme.unwrap_or_default();
    if !scheme.is_http() {
        return l4(&url, scheme, args);
    }
    let data = body(args)?;
    let mut target = url.target.clone();
    append_query(&mut target, &data.query);
    for part in &args.url_query {
        append_query(&mut target, &query_part(part));
    }
    let (mut headers, host) = headers(&url, args, &data)?;
    if scheme.is_grpc() {
        for (name, value) in [("content-type", "application/grpc"), ("te", "trailers")] {
            if !has(&headers, name) {
                headers.push((name.to_owned(), value.to_owned()));
            }
        }
    }
    let authority = match host {
        Some(written) => written,
        None => url.authority(),
    };
    let any_socket = url.scheme.is_none();
    let request = Request {
        scheme,
        authority,
        port: args.resolve_port.or(url.effective_port()).unwrap_or(80),
        sni: sni(&url, scheme, any_socket, args)?,
        method: method(scheme, args, &data)?,
        target,
        headers,
    };
    let any_host = any_socket && request.authority.is_none();
    Ok(Asked { request, any_socket, any_host })
}

/// A connection or datagram: nothing but port and, for TLS, the name counts.
fn l4(url: &Url, scheme: Scheme, args: &RequestArgs) -> Result<Asked, Failure> {
    let http_only = [
        ("-X", args.method.is_some()),
        ("-H", !args.header.is_empty()),
        ("-d", !args.data.is_empty() || !args.data_urlencode.is_empty() || args.json.is_some()),
        ("--data-size", args.data_size.is_some()),
        ("-G", args.get),
        ("-I", args.head),
        ("--url-query", !args.url_query.is_empty()),
        ("-A", args.user_agent.is_some()),
        ("-e", args.referer.is_some()),
        ("-b", !args.cookie.is_empty()),
        ("-u", args.user.is_some() || args.oauth2_bearer.is_some()),
    ];
    if let Some((flag, _)) = http_only.iter().find(|(_, is_given)| *is_given) {
        return Err(Failure::usage(format!("{flag} says something about HTTP; {}:// carries none", scheme.name())));
    }
    let port = args.resolve_port.or(url.effective_port()).unwrap_or_default();
    let sni = sni(url, scheme, false, args)?;
    let request = Request { scheme, port, sni, ..Request::default() };
    Ok(Asked { request, any_socket: false, any_host: false })
}

fn sni(url: &Url, scheme: Scheme, any_socket: bool, args: &RequestArgs) -> Result<Option<String>, Failure> {
    match &args.sni {
        Some(_) if !scheme.is_tls() && !any_socket => {
            Err(Failure::usage(format!("--sni belongs to TLS; {}:// is clear text", scheme.name())))
        }
        Some(name) => Ok((!name.is_empty()).then(|| name.trim_end_matches('.').to_ascii_lowercase())),
        None => Ok(url.sni().filter(|_| scheme.is_tls())),
    }
}

fn method(scheme: Scheme, args: &RequestArgs, data: &Body) -> Result<String, Failure> {
    if args.head && data.length.is_some() {
        return Err(Failure::usage("-I and a body are two methods; choose one with -X, or add -G"));
    }
    let implied = match (scheme.is_grpc() || data.length.is_some(), args.head) {
        (true, _) => "POST",
        (false, true) => "HEAD",
        (false, false) => "GET",
    };
    let method = args.method.as_deref().unwrap_or(implied);
    if method.is_empty() || !method.chars().all(is_token) {
        return Err(Failure::usage(format!("-X: `{method}` is no method")));
    }
    if scheme.is_grpc() && method != "POST" {
        return Err(Failure::usage(format!("-X {method}: a gRPC call is always a POST")));
    }
    Ok(method.to_owned())
}

/// What is known of the body.
#[derive(Debug, Default)]
struct Body {
    /// Its bytes; `None`: no body.
    length: Option<u64>,
    /// `Content-Type` that curl would send.
    r#type: Option<&'static str>,
    /// With -G: what goes into the query.
    query: String,
}

fn body(args: &RequestArgs) -> Result<Body, Failure> {
    const FORM: &str = "application/x-www-form-urlencoded";
    if let Some(length) = args.data_size {
        if args.get {
            return Err(Failure::usage("-G puts data into the query, and --data-size has none"));
        }
        return Ok(Body { length: Some(length), r#type: Some(FORM), query: String::new() });
    }
    let raw = args.data.iter().chain(&args.json).map(|text| content(text));
    let encoded = args.data_urlencode.iter().map(|text| Ok(query_part(text)));
    let parts: Vec<String> = raw.chain(encoded).collect::<Result<_, Failure>>()?;
    if parts.is_empty() {
        return Ok(Body::default());
    }
    let data = parts.join("&");
    if args.get {
        let data = encode(&data, |byte| byte.is_ascii_graphic());
        return Ok(Body { length: None, r#type: None, query: data });
    }
    let r#type = if args.json.is_some() { "application/json" } else { FORM };
    Ok(Body { length: u64::try_from(data.len()).ok(), r#type: Some(r#type), query: String::new() })
}

/// `@FILE` is the text of a file.
fn content(text: &str) -> Result<String, Failure> {
    let Some(file) = text.strip_prefix('@') else { return Ok(text.to_owned()) };
    let read = std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    read.map_err(|error| Failure::input(format!("cannot read the body from `{file}`: {error}")))
}

/// `NAME=TEXT` or `TEXT`, of which TEXT is encoded.
fn query_part(text: &str) -> String {
    match text.split_once('=') {
        Some(("", value)) => encode_value(value),
        Some((name, value)) => format!("{name}={}", encode_value(value)),
        None => encode_value(text),
    }
}

fn append_query(target: &mut String, more: &str) {
    if !more.is_empty() {
        target.push(if target.contains('?') { '&' } else { '?' });
        target.push_str(more);
    }
}

/// Header lines.
type Lines = Vec<(String, String)>;

/// Header lines without `Host`, and what `-H Host` says: a name, or that there is none.
fn headers(url: &Url, args: &RequestArgs, data: &Body) -> Result<(Lines, Option<Option<String>>), Failure> {
    let mut implied: Lines = Vec::new();
    let mut imply = |name: &str, value: Option<String>| {
        implied.extend(value.map(|value| (name.to_owned(), value)));
    };
    imply("Authorization", authorization(url, args)?);
    imply("User-Agent", args.user_agent.clone());
    imply("Referer", args.referer.clone());
    if let Some(file) = args.cookie.iter().find(|cookie| !cookie.contains('=')) {
        return Err(Failure::usage(format!("-b {file}: cookies are NAME=VALUE; cookie files are not read")));
    }
    imply("Cookie", (!args.cookie.is_empty()).then(|| args.cookie.join("; ")));
    imply("Accept", args.json.as_ref().map(|_| "application/json".to_owned()));
    imply("Content-Type", data.r#type.map(str::to_owned));
    imply("Content-Length", data.length.map(|length| length.to_string()));
    let (mut lines, mut host) = (Lines::new(), None);
    for text in &args.header {
        let (name, value) = header(text)?;
        if name.eq_ignore_ascii_case("host") {
            host = Some(value);
            continue;
        }
        implied.retain(|(own, _)| !own.eq_ignore_ascii_case(&name));
        lines.extend(value.map(|value| (name, value)));
    }
    implied.append(&mut lines);
    Ok((implied, host))
}

/// A line of -H: a name with a value, or with none where the header is taken away.
fn header(text: &str) -> Result<(String, Option<String>), Failure> {
    let wrong = |what: &str| Err(Failure::usage(format!("-H '{text}': {what}")));
    if text.starts_with('@') {
        return wrong("header files are not read; write the lines");
    }
    let (name, value) = match (text.split_once(':'), text.strip_suffix(';')) {
        (Some((name, value)), _) => (name, Some(value.trim()).filter(|value| !value.is_empty())),
        (None, Some(name)) => (name, Some("")),
        (None, None) => return wrong("a header is `NAME: VALUE`, `NAME:` to take it away, or `NAME;` without a value"),
    };
    if name.is_empty() || !name.chars().all(is_token) {
        return wrong("the name of a header has letters, digits and dashes");
    }
    if value.is_some_and(|value| value.chars().any(char::is_control)) {
        return wrong("the value holds a control character");
    }
    Ok((name.to_owned(), value.map(str::to_owned)))
}

/// `Authorization` of -u, --oauth2-bearer or the URL.
fn authorization(url: &Url, args: &RequestArgs) -> Result<Option<String>, Failure> {
    if let Some(token) = &args.oauth2_bearer {
        return Ok(Some(format!("Bearer {token}")));
    }
    let decoded = |user: &String| {
        String::from_utf8_lossy(&gwc_core::matcher::reference::form_decoded(&user.replace('+', "%2B"))).into_owned()
    };
    let Some(user) = args.user.clone().or_else(|| url.user.as_ref().map(decoded)) else { return Ok(None) };
    if !user.contains(':') && args.user.is_some() {
        return Err(Failure::usage(format!("-u {user}: nobody is asked for a password; write USER:PASSWORD")));
    }
    let user = if user.contains(':') { user } else { format!("{user}:") };
    Ok(Some(format!("Basic {}", base64(user.as_bytes()))))
}

/// Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let word = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for position in 0..4 {
            let digit = DIGITS.get((word >> (18 - 6 * position)) as usize & 63).copied().unwrap_or(b'=');
            out.push(char::from(if position > chunk.len() { b'=' } else { digit }));
        }
    }
    out
}

fn has(lines: &Lines, name: &str) -> bool {
    lines.iter().any(|(own, _)| own.eq_ignore_ascii_case(name))
}

/// May stand in a method or header name (RFC 9110 §5.6.2)?
pub(crate) fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
#[path = "request/tests.rs"]
mod tests;

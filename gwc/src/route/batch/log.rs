//! Access logs: combined (Apache, NGINX; also common, and with the virtual host in front) and JSON lines.
//!
//! What a line does not say comes from the template: scheme, host and port of the URL argument, and `-H` lines.

use std::io::BufRead;
use std::net::IpAddr;

use gwc_core::predict::{Request, Scheme};
use serde_json::{Map, Value};

use crate::cli::route::LogFormat;
use crate::route::batch::Record;
use crate::route::url::{Url, split_port};

/// What every request has unless its line says otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    /// Scheme, authority, port, SNI and headers.
    pub(crate) request: Request,
    /// `--resolve-port`, which beats the ports of lines.
    pub(crate) port: Option<u16>,
    /// `--sni`, which beats the hosts of lines.
    pub(crate) is_sni_fixed: bool,
}

/// Reads a log and hands over its requests; lines that are no request are counted.
pub(crate) fn read(
    mut input: impl BufRead,
    format: LogFormat,
    template: &Template,
    take: &mut dyn FnMut(&Request),
) -> std::io::Result<Record> {
    let mut record = Record::default();
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&bytes);
        let line = text.trim_end_matches(['\n', '\r']);
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let parts = match format {
            LogFormat::Combined => combined(line),
            LogFormat::Json => json(line),
        };
        match parts.and_then(|parts| request(parts, template)) {
            Ok(request) => {
                record.requests += 1;
                take(&request);
            }
            Err(problem) => record.unreadable.add(number, problem),
        }
    }
    Ok(record)
}

/// What a line says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    method: String,
    target: String,
    host: Option<String>,
    scheme: Option<Scheme>,
    port: Option<u16>,
    headers: Vec<(String, String)>,
}

/// A problem with a line.
type Problem = &'static str;

fn request(mut parts: Parts, template: &Template) -> Result<Request, Problem> {
    let base = &template.request;
    if !parts.target.starts_with('/') && parts.target.contains("://") {
        let url = Url::parse(&parts.target).map_err(|_| "the URL cannot be read")?;
        parts.scheme = url.scheme;
        parts.port = url.port.or(parts.port);
        parts.host = url.authority();
        parts.target = url.target;
    }
    if !parts.target.starts_with('/') && parts.target != "*" {
        return Err("the request line has no path");
    }
    let authority = parts.host.or_else(|| base.authority.clone());
    let authority = authority.ok_or("the line names no host; add a URL such as https://shop.example.com")?;
    let host_port = split_port(&authority).ok().and_then(|(_, port)| port);
    let port = parts.port.or(host_port);
    let scheme = match (parts.scheme, port) {
        (Some(scheme), _) => scheme,
        (None, Some(443)) => Scheme::Https,
        (None, Some(80)) => Scheme::Http,
        (None, _) => base.scheme,
    };
    let usual = if scheme == base.scheme { Some(base.port) } else { scheme.default_port() };
    let port = template.port.or(port).or(usual).unwrap_or(80);
    let name = split_port(&authority).map_or(authority.as_str(), |(host, _)| host);
    let sni = match template.is_sni_fixed {
        true => base.sni.clone(),
        false => (scheme.is_tls() && !is_address(name)).then(|| name.to_ascii_lowercase()),
    };
    let mut headers = base.headers.clone();
    parts.headers.retain(|(name, _)| !headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)));
    headers.append(&mut parts.headers);
    Ok(Request { scheme, authority: Some(authority), port, sni, method: parts.method, target: parts.target, headers })
}

fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<IpAddr>().is_ok()
}

/// `[vhost[:port]] address ident user [time] "METHOD target protocol" status bytes "referer" "agent"`.
fn combined(line: &str) -> Result<Parts, Problem> {
    let (before, rest) = line.split_once('"').ok_or("no request line in quotes")?;
    let (request_line, rest) = quoted(rest).ok_or("the request line has no closing quote")?;
    let mut words = request_line.split(' ').filter(|word| !word.is_empty());
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Err("the request line is empty") };
    if !method.chars().all(crate::route::request::is_token) {
        return Err("the request line has no method");
    }
    let mut fields = before.split('[').next().unwrap_or_default().split_whitespace();
    let (first, n_more) = (fields.next().unwrap_or_default(), fields.count());
    // A user may hold spaces, so a fourth field alone proves nothing.
    let is_virtual_host = n_more >= 3 && !is_address(first);
    let (host, port) = match is_virtual_host {
        true => split_port(first).map(|(host, port)| (Some(host.to_owned()), port)).unwrap_or((None, None)),
        false => (None, None),
    };
    let mut headers = Vec::new();
    let mut rest = rest;
    for name in ["Referer", "User-Agent"] {
        let Some((value, more)) = rest.split_once('"').and_then(|(_, rest)| quoted(rest)) else { break };
        if value != "-" && !value.is_empty() {
            headers.push((name.to_owned(), value));
        }
        rest = more;
    }
    let (method, target) = (method.to_owned(), target.to_owned());
    Ok(Parts { method, target, host, scheme: None, port, headers })
}

/// Text up to the closing quote, `\"` and `\\` resolved, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let end = text.find(['"', '\\'])?;
    if text.as_bytes().get(end) == Some(&b'"') {
        return Some((text.get(..end)?.to_owned(), text.get(end + 1..)?));
    }
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, text.get(at + 1..)?)),
            '\\' => match chars.next() {
                Some((_, next @ ('"' | '\\'))) => out.push(next),
                Some((_, next)) => out.extend(['\\', next]),
                None => return None,
            },
            c => out.push(c),
        }
    }
    None
}

/// Names that loggers give to the parts of a request, the likeliest first.
const METHOD: &[&str] = &[
    "method",
    "request_method",
    "requestMethod",
    "RequestMethod",
    "http_method",
    "http.method",
    "http.request.method",
];
const TARGET: &[&str] = &[
    "request_uri",
    "uri",
    "target",
    "requestUrl",
    "url",
    "path",
    "request_path",
    "RequestPath",
    "http.target",
    "url.original",
];
const QUERY: &[&str] = &["query_string", "query", "args"];
const HOST: &[&str] = &[
    "authority",
    ":authority",
    "http_host",
    "host",
    "request_host",
    "RequestHost",
    "vhost",
    "server_name",
    "http.host",
];
const SCHEME: &[&str] = &["scheme", "request_scheme", "RequestScheme", "http.scheme", "url.scheme"];
const PORT: &[&str] = &["server_port", "port", "RequestPort"];
const AGENT: &[&str] = &["http_user_agent", "user_agent", "userAgent", "request_User-Agent"];
const REFERER: &[&str] = &["http_referer", "http_referrer", "referer", "referrer", "request_Referer"];
/// Objects that hold the request.
const INSIDE: &[&str] = &["request", "httpRequest", "http"];

/// One JSON object.
fn json(line: &str) -> Result<Parts, Problem> {
    let value: Value = serde_json::from_str(line).map_err(|_| "no JSON")?;
    let Value::Object(outer) = &value else { return Err("no JSON object") };
    let inner = INSIDE.iter().find_map(|name| outer.get(*name).and_then(Value::as_object));
    let maps: Vec<&Map<String, Value>> = inner.into_iter().chain([outer]).collect();
    let text = |names: &[&str]| {
        let values = maps.iter().flat_map(|map| names.iter().filter_map(|name| map.get(*name)));
        values.filter_map(Value::as_str).find(|text| !text.is_empty() && *text != "-").map(str::to_owned)
    };
    let line = outer.get("request").and_then(Value::as_str).and_then(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    });
    let (method, target) = match (text(METHOD), text(TARGET), line) {
        (Some(method), Some(target), _) | (None, None, Some((method, target))) => (method, target),
        (Some(method), None, Some((_, target))) | (None, Some(target), Some((method, _))) => (method, target),
        (None, _, None) => return Err("no member tells the method"),
        (Some(_), None, None) => return Err("no member tells the path"),
    };
    let query = text(QUERY).filter(|_| !target.contains('?'));
    let target = query.map_or(target.clone(), |query| format!("{target}?{}", query.trim_start_matches('?')));
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    let port = PORT.iter().find_map(|name| outer.get(*name).and_then(number)).and_then(|port| u16::try_from(port).ok());
    let mut headers = maps.iter().find_map(|map| map.get("headers").or_else(|| map.get("request_headers")));
    let mut lines = headers.take().and_then(Value::as_object).map(header_lines).unwrap_or_default();
    for (name, names) in [("User-Agent", AGENT), ("Referer", REFERER)] {
        if !lines.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)) {
            lines.extend(text(names).map(|value| (name.to_owned(), value)));
        }
    }
    let host =
        text(HOST).or_else(|| lines.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, v)| v.clone()));
    lines.retain(|(name, _)| !name.eq_ignore_ascii_case("host") && !name.starts_with(':'));
    let scheme = text(SCHEME).and_then(|scheme| Scheme::parse(&scheme.to_ascii_lowercase()));
    Ok(Parts { method, target, host, scheme, port, headers: lines })
}

/// Header lines of an object; a value may be a list.
fn header_lines(map: &Map<String, Value>) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for (name, value) in map {
        let one = std::slice::from_ref(value);
        let values = value.as_array().map_or(one, Vec::as_slice);
        lines.extend(values.iter().filter_map(Value::as_str).map(|value| (name.clone(), value.to_owned())));
    }
    lines
}

#[cfg(test)]
#[path = "log/tests.rs"]
mod tests;

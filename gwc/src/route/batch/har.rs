//! HAR files, as the network panel of a browser saves them.

use std::borrow::Cow;

use gwc_core::predict::{Request, Scheme};
use serde::Deserialize;

use crate::route::batch::Record;
use crate::route::url::Url;

#[derive(Deserialize)]
struct Har<'h> {
    #[serde(borrow)]
    log: Log<'h>,
}

#[derive(Deserialize)]
struct Log<'h> {
    #[serde(borrow)]
    entries: Vec<Entry<'h>>,
}

#[derive(Deserialize)]
struct Entry<'h> {
    #[serde(borrow)]
    request: Sent<'h>,
}

#[derive(Deserialize)]
struct Sent<'h> {
    #[serde(borrow)]
    method: Cow<'h, str>,
    #[serde(borrow)]
    url: Cow<'h, str>,
    #[serde(borrow, default)]
    headers: Vec<Header<'h>>,
}

#[derive(Deserialize)]
struct Header<'h> {
    #[serde(borrow)]
    name: Cow<'h, str>,
    #[serde(borrow)]
    value: Cow<'h, str>,
}

/// Reads a HAR file and hands over its requests; `port` replaces that of the URLs.
pub(crate) fn read(text: &str, port: Option<u16>, take: &mut dyn FnMut(&Request)) -> Result<Record, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let har: Har<'_> = serde_json::from_str(text).map_err(|error| format!("no HAR file: {error}"))?;
    let mut record = Record::default();
    for (position, entry) in har.log.entries.into_iter().enumerate() {
        match request(&entry.request, port) {
            Ok(Some(request)) => {
                record.requests += 1;
                take(&request);
            }
            Ok(None) => record.skipped += 1,
            Err(problem) => record.unreadable.add(position + 1, &problem),
        }
    }
    Ok(record)
}

/// The request of an entry; `None`: it never reaches a gateway.
fn request(sent: &Sent<'_>, port: Option<u16>) -> Result<Option<Request>, String> {
    let url = sent.url.as_ref();
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    let url = match scheme {
        "http" | "https" => Url::parse(url)?,
        // A WebSocket begins as a request of HTTP.
        "ws" | "wss" => Url::parse(&url.replacen("ws", "http", 1))?,
        "data" | "blob" | "about" | "file" | "javascript" | "chrome-extension" | "moz-extension" => return Ok(None),
        other => return Err(format!("the URL has scheme `{other}`")),
    };
    let (mut headers, mut authority) = (Vec::with_capacity(sent.headers.len()), url.authority());
    let mut is_grpc = false;
    for header in sent.headers.iter().filter(|header| !header.name.starts_with(':')) {
        if header.name.eq_ignore_ascii_case("host") {
            authority = Some(header.value.to_string());
            continue;
        }
        is_grpc |= header.name.eq_ignore_ascii_case("content-type") && is_grpc_type(&header.value);
        headers.push((header.name.to_string(), header.value.to_string()));
    }
    let scheme = match (url.scheme, is_grpc) {
        (Some(Scheme::Https), true) => Scheme::Grpcs,
        (_, true) => Scheme::Grpc,
        (scheme, false) => scheme.unwrap_or_default(),
    };
    let sni = url.sni().filter(|_| scheme.is_tls());
    let port = port.or(url.effective_port()).unwrap_or(80);
    let method = sent.method.to_string();
    Ok(Some(Request { scheme, authority, port, sni, method, target: url.target, headers }))
}

/// `application/grpc`, with a subtype or parameters; grpc-web is plain HTTP.
pub(crate) fn is_grpc_type(value: &str) -> bool {
    let rest = value.strip_prefix("application/grpc");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', ';']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_become_requests() {
        let text = r#"{"log": {"version": "1.2", "entries": [
            {"request": {"method": "GET", "url": "https://a.example/x?y=1", "headers": [
                {"name": ":authority", "value": "a.example"}, {"name": "X-\u0041", "value": "1"}]}},
            {"request": {"method": "GET", "url": "data:text/plain,x", "headers": []}},
            {"request": {"method": "GET", "url": "wss://a.example/live", "headers": []}},
            {"request": {"method": "POST", "url": "http://a.example/p.S/M", "headers": [
                {"name": "Host", "value": "b.example"}, {"name": "content-type", "value": "application/grpc+proto"}]}},
            {"request": {"method": "GET", "url": "ftp://a.example/"}}]}}"#;
        let mut requests = Vec::new();
        let record = read(text, None, &mut |request| requests.push(request.clone())).unwrap();
        let told = |request: &Request| {
            format!("{} {} {:?} {}", request.scheme.name(), request.port, request.authority, request.target)
        };
        let wanted = [
            "https 443 Some(\"a.example\") /x?y=1",
            "https 443 Some(\"a.example\") /live",
            "grpc 80 Some(\"b.example\") /p.S/M",
        ];
        assert_eq!(record.requests, 3);
        assert_eq!(requests.iter().map(told).collect::<Vec<_>>(), wanted);
        assert_eq!(requests[0].headers, [("X-A".to_owned(), "1".to_owned())]);
        assert_eq!((record.skipped, record.unreadable.count, record.unreadable.first), (1, 1, Some(5)));
        assert!(read("[]", None, &mut |_| {}).unwrap_err().starts_with("no HAR file: "));
    }
}

//! `Location` of a RequestRedirect (routing.md §4.2).

use crate::exchange::path;
use crate::ir::filter::Redirect;

/// The request that is redirected.
#[derive(Debug, Clone, Copy)]
pub struct Redirected<'r> {
    /// `http` or `https`.
    pub scheme: &'r str,
    /// Host without port, as received; `None`: the request named none.
    pub host: Option<&'r str>,
    /// Port of the listener, as the manifest says.
    pub listener_port: u16,
    /// Normalised path.
    pub path: &'r str,
    /// Query, without `?`.
    pub query: Option<&'r str>,
    /// Prefix of the match, where it is one.
    pub prefix: Option<&'r str>,
}

/// The value of `Location`. Absolute, but for a request without a host whose redirect names none: then a path.
#[must_use]
pub fn location(redirect: &Redirect, request: &Redirected<'_>) -> String {
    let scheme = redirect.scheme.as_deref().unwrap_or(request.scheme);
    let port = redirect.port.unwrap_or(match redirect.scheme.as_deref() {
        Some("http") => 80,
        Some("https") => 443,
        Some(_) | None => request.listener_port,
    });
    let path = redirect
        .path
        .as_ref()
        .map_or_else(|| request.path.to_owned(), |modifier| path::modified(request.path, modifier, request.prefix));
    let query = request.query.map(|query| format!("?{query}")).unwrap_or_default();
    let written = redirect.hostname.as_ref().map(ToString::to_string);
    let Some(host) = written.or_else(|| request.host.map(str::to_owned)) else { return format!("{path}{query}") };
    // SHOULD NOT print the well-known port, whichever way it came about.
    let is_known = matches!((scheme, port), ("http", 80) | ("https", 443));
    let port = if is_known { String::new() } else { format!(":{port}") };
    format!("{scheme}://{host}{port}{path}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Str;
    use crate::ir::filter::PathModifier;
    use crate::value::Hostname;

    fn redirect(scheme: Option<&str>, port: Option<u16>) -> Redirect {
        let hostname = Some(Hostname::new("example.org"));
        Redirect { scheme: scheme.map(Str::from), hostname, port, path: None, status: 302 }
    }

    #[test]
    fn every_row_of_the_port_table() {
        let rows = [
            ("http", 80, None, None, "http://example.org"),
            ("http", 80, None, Some(80), "http://example.org"),
            ("http", 80, None, Some(8080), "http://example.org:8080"),
            ("http", 80, Some("https"), None, "https://example.org"),
            ("http", 80, Some("https"), Some(443), "https://example.org"),
            ("http", 80, Some("https"), Some(8443), "https://example.org:8443"),
            ("http", 8080, None, None, "http://example.org:8080"),
            ("http", 8080, Some("https"), None, "https://example.org"),
            ("https", 443, None, None, "https://example.org"),
            ("https", 443, None, Some(443), "https://example.org"),
            ("https", 443, None, Some(8443), "https://example.org:8443"),
            ("https", 443, Some("http"), None, "http://example.org"),
            ("https", 443, Some("http"), Some(80), "http://example.org"),
            ("https", 443, Some("http"), Some(8080), "http://example.org:8080"),
            ("http", 8080, None, Some(80), "http://example.org"),
            ("https", 8443, None, None, "https://example.org:8443"),
            ("http", 80, None, Some(443), "http://example.org:443"),
        ];
        for (from, listener_port, scheme, port, expected) in rows {
            let request =
                Redirected { scheme: from, host: Some("x.test"), listener_port, path: "/", query: None, prefix: None };
            let location = location(&redirect(scheme, port), &request);
            assert_eq!(location, format!("{expected}/"), "{from}:{listener_port} {scheme:?} {port:?}");
        }
    }

    #[test]
    fn host_path_and_query_are_kept_unless_replaced() {
        let mut filter = redirect(None, None);
        filter.hostname = None;
        let request = Redirected {
            scheme: "http",
            host: Some("Shop.test"),
            listener_port: 80,
            path: "/a/b",
            query: Some("q=1"),
            prefix: Some("/a"),
        };
        assert_eq!(location(&filter, &request), "http://Shop.test/a/b?q=1");
        filter.path = Some(PathModifier::ReplacePrefixMatch(Str::from("/c")));
        assert_eq!(location(&filter, &request), "http://Shop.test/c/b?q=1");
        assert_eq!(location(&filter, &Redirected { host: None, ..request }), "/c/b?q=1");
    }
}

//! CORS: which origins are allowed, and the headers that say so (routing.md §4.6, GEP-1767).

use crate::ir::Str;
use crate::ir::filter::Cors;

/// A response header.
type Line = (String, String);

/// What a request says about its origin.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'r> {
    /// `Origin`.
    pub origin: &'r str,
    /// Does it carry `Cookie` or `Authorization`?
    pub has_credentials: bool,
}

/// What a preflight asks for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'r> {
    /// `Access-Control-Request-Method`.
    pub method: &'r str,
    /// `Access-Control-Request-Headers`.
    pub headers: Option<&'r str>,
}

/// May scripts of this origin read answers?
#[must_use]
pub fn is_allowed(cors: &Cors, origin: &str) -> bool {
    // `null` stands for no origin in particular: only "anyone, without credentials" includes it.
    if is_any(&cors.allow_origins) {
        return origin != "null" || !cors.allow_credentials;
    }
    cors.allow_origins.iter().any(|allowed| covers(allowed, origin))
}

/// Headers of the answer to a preflight; none when the origin is not allowed (Q18).
#[must_use]
pub fn preflight(cors: &Cors, origin: &str, asked: &Asked<'_>) -> Vec<Line> {
    if !is_allowed(cors, origin) {
        return Vec::new();
    }
    let mut lines = allowance(cors, origin);
    let methods = choice(&cors.allow_methods, cors.allow_credentials, Some(asked.method));
    let headers = choice(&cors.allow_headers, cors.allow_credentials, asked.headers);
    let echoes = lines.iter().any(|(name, _)| name == "Vary")
        || (cors.allow_credentials && (is_any(&cors.allow_methods) || is_any(&cors.allow_headers)));
    lines.extend(methods.map(|methods| line("Access-Control-Allow-Methods", methods)));
    lines.extend(headers.map(|headers| line("Access-Control-Allow-Headers", headers)));
    lines.push(line("Access-Control-Max-Age", cors.max_age.to_string()));
    if echoes {
        lines.retain(|(name, _)| name != "Vary");
        let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        lines.push(line("Vary", vary.to_owned()));
    }
    lines
}

/// Headers that the answer to an actual request gets; whatever the backend says about CORS is replaced.
#[must_use]
pub fn actual(cors: &Cors, request: &Origin<'_>) -> Vec<Line> {
    // Q19: no leave for a request with credentials unless they are allowed.
    let refused = request.has_credentials && !cors.allow_credentials;
    if refused || !is_allowed(cors, request.origin) { Vec::new() } else { allowance(cors, request.origin) }
}

/// What preflights and actual requests share.
fn allowance(cors: &Cors, origin: &str) -> Vec<Line> {
    let open = is_any(&cors.allow_origins) && !cors.allow_credentials;
    let allowed = if open { "*" } else { origin };
    let mut lines = vec![line("Access-Control-Allow-Origin", allowed.to_owned())];
    if cors.allow_credentials {
        lines.push(line("Access-Control-Allow-Credentials", "true".to_owned()));
    }
    // `*` has no meaning with credentials.
    let exposed = choice(&cors.expose_headers, cors.allow_credentials, None);
    lines.extend(exposed.map(|exposed| line("Access-Control-Expose-Headers", exposed)));
    if !open {
        lines.push(line("Vary", "Origin".to_owned()));
    }
    lines
}

fn line(name: &str, value: String) -> Line {
    (name.to_owned(), value)
}

fn is_any(list: &[Str]) -> bool {
    matches!(list, [only] if *only == "*")
}

/// A list as written; a lone `*` with credentials repeats what was asked for, nothing if nothing was.
fn choice(list: &[Str], credentials: bool, asked: Option<&str>) -> Option<String> {
    if list.is_empty() {
        return None;
    }
    if is_any(list) && credentials {
        return asked.map(str::to_owned);
    }
    Some(list.iter().map(Str::as_str).collect::<Vec<_>>().join(", "))
}

/// Does an entry of `allowOrigins` cover an origin? `*` in the host stands for any labels to the left.
fn covers(allowed: &str, origin: &str) -> bool {
    let (Some(allowed), Some(origin)) = (parts(allowed), parts(origin)) else { return false };
    if allowed.scheme != origin.scheme {
        return false;
    }
    // A lone `*` stands for any host, and for any port unless one is written.
    if allowed.host == "*" && !allowed.has_port {
        return true;
    }
    if allowed.host == "*" {
        return allowed.port == origin.port;
    }
    if allowed.port != origin.port {
        return false;
    }
    match allowed.host.strip_prefix('*') {
        Some(suffix) => origin.host.len() > suffix.len() && origin.host.ends_with(suffix),
        None => allowed.host == origin.host,
    }
}

struct Parts {
    scheme: String,
    host: String,
    port: u16,
    /// Is the port written?
    has_port: bool,
}

/// `scheme://host[:port]` in lower case, with the port of the scheme where none is written.
fn parts(origin: &str) -> Option<Parts> {
    let lower = origin.to_ascii_lowercase();
    let (scheme, rest) = lower.split_once("://")?;
    let known = match scheme {
        "http" => 80,
        "https" => 443,
        _ => 0,
    };
    let end = rest.rfind(']').map_or(0, |end| end + 1);
    let colon = rest.get(end..)?.rfind(':').map(|colon| end + colon);
    let (host, port) = match colon {
        Some(colon) => (rest.get(..colon)?, rest.get(colon + 1..)?.parse().ok()?),
        None => (rest, known),
    };
    Some(Parts { scheme: scheme.to_owned(), host: host.to_owned(), port, has_port: colon.is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cors(origins: &[&str], credentials: bool) -> Cors {
        let list = |all: &[&str]| all.iter().map(|one| Str::from(*one)).collect();
        Cors {
            allow_origins: list(origins),
            allow_methods: list(&["GET", "OPTIONS"]),
            allow_headers: list(&["x-a", "x-b"]),
            expose_headers: list(&["x-c"]),
            allow_credentials: credentials,
            max_age: 5,
        }
    }

    fn value<'l>(lines: &'l [Line], name: &str) -> Option<&'l str> {
        lines.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn origins_by_scheme_host_and_port() {
        for (allowed, origin, expected) in [
            ("https://a.test", "https://a.test", true),
            ("https://a.test", "https://a.test:443", true),
            ("https://a.test", "http://a.test", false),
            ("https://a.test", "https://a.test:8443", false),
            ("https://*.a.test", "https://x.a.test", true),
            ("https://*.a.test", "https://x.y.a.test", true),
            ("https://*.a.test", "https://a.test", false),
            ("https://*", "https://any.test:1", true),
            ("https://*", "http://any.test", false),
            ("https://*:8443", "https://any.test:8443", true),
            ("https://*:8443", "https://any.test", false),
            ("*", "http://any.test", true),
            ("*", "null", true),
            ("https://a.test", "null", false),
            ("https://A.test", "https://a.TEST", true),
        ] {
            assert_eq!(is_allowed(&cors(&[allowed], false), origin), expected, "{allowed} {origin}");
        }
        assert!(!is_allowed(&cors(&["*"], true), "null"));
    }

    #[test]
    fn a_preflight_gets_the_lists_exactly() {
        let asked = Asked { method: "GET", headers: Some("x-a") };
        let lines = preflight(&cors(&["https://a.test"], false), "https://a.test", &asked);
        assert_eq!(value(&lines, "Access-Control-Allow-Origin"), Some("https://a.test"));
        assert_eq!(value(&lines, "Access-Control-Allow-Methods"), Some("GET, OPTIONS"));
        assert_eq!(value(&lines, "Access-Control-Allow-Headers"), Some("x-a, x-b"));
        assert_eq!(value(&lines, "Access-Control-Expose-Headers"), Some("x-c"));
        assert_eq!(value(&lines, "Access-Control-Max-Age"), Some("5"));
        assert_eq!(value(&lines, "Access-Control-Allow-Credentials"), None);
        assert!(value(&lines, "Vary").is_some_and(|vary| vary.contains("Origin")));
        assert!(preflight(&cors(&["https://a.test"], false), "https://b.test", &asked).is_empty());
    }

    #[test]
    fn wildcards_with_credentials_echo() {
        let mut open = cors(&["*"], true);
        (open.allow_methods, open.allow_headers) = (vec![Str::from("*")], vec![Str::from("*")]);
        open.expose_headers = vec![Str::from("*")];
        let lines = preflight(&open, "https://a.test", &Asked { method: "PUT", headers: None });
        assert_eq!(value(&lines, "Access-Control-Allow-Origin"), Some("https://a.test"));
        assert_eq!(value(&lines, "Access-Control-Allow-Methods"), Some("PUT"));
        assert_eq!(value(&lines, "Access-Control-Allow-Headers"), None);
        assert_eq!(value(&lines, "Access-Control-Expose-Headers"), None);
        assert_eq!(value(&lines, "Access-Control-Allow-Credentials"), Some("true"));
        open.allow_credentials = false;
        let lines = preflight(&open, "https://a.test", &Asked { method: "PUT", headers: None });
        assert_eq!(value(&lines, "Access-Control-Allow-Origin"), Some("*"));
        assert_eq!(value(&lines, "Access-Control-Allow-Methods"), Some("*"));
        assert_eq!(value(&lines, "Vary"), None);
    }

    #[test]
    fn credentials_without_leave_get_nothing() {
        let closed = cors(&["https://a.test"], false);
        let request = |has_credentials| Origin { origin: "https://a.test", has_credentials };
        assert!(!actual(&closed, &request(false)).is_empty());
        assert!(actual(&closed, &request(true)).is_empty());
        assert!(!actual(&cors(&["https://a.test"], true), &request(true)).is_empty());
    }
}

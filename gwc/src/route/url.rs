//! The URL (or path) of a request, taken apart. Nothing is resolved or normalised: a gateway sees the path as written.

use gwc_core::predict::Scheme;

/// A URL, or a path alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    /// `None`: a path alone, which may arrive anywhere.
    pub(crate) scheme: Option<Scheme>,
    /// Host as written, IPv6 addresses in brackets; `None`: a path alone.
    pub(crate) host: Option<String>,
    /// Port as written.
    pub(crate) port: Option<u16>,
    /// `user:password`, still URL-encoded.
    pub(crate) user: Option<String>,
    /// Path and query; empty for TLS, TCP and UDP.
    pub(crate) target: String,
}

impl Url {
    /// Reads `scheme://[user@]host[:port][/path][?query]`, `host/path` (http, as curl takes it) or `/path`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(format!("`{text}` holds a space or control character; write %20"));
        }
        let text = text.split('#').next().unwrap_or_default();
        if text.starts_with('/') || text.starts_with('?') || text == "*" {
            return Ok(Self { scheme: None, host: None, port: None, user: None, target: target(text) });
        }
        // A URL may stand in the query of another.
        let written = text.split_once("://").filter(|(scheme, _)| !scheme.contains(['/', '?']));
        let (scheme, rest) = written.unwrap_or(("http", text));
        let scheme = scheme.to_ascii_lowercase();
        let Some(scheme) = Scheme::parse(&scheme) else {
            return Err(format!("unknown scheme `{scheme}`; there are http, https, grpc, grpcs, tls, tcp, udp"));
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, place) = authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
        let (host, port) = split_port(place)?;
        check_host(host)?;
        let is_l4 = !scheme.is_http();
        if is_l4 && !matches!(path, "" | "/") {
            return Err(format!("a {} connection has no path; leave `{path}` out", scheme.name()));
        }
        if is_l4 && port.is_none() && scheme.default_port().is_none() {
            return Err(format!("{}:// needs a port: {}://{host}:PORT", scheme.name(), scheme.name()));
        }
        if scheme.is_grpc() && path.trim_matches('/').split('/').count() != 2 {
            let example = format!("{}://{place}/package.Service/Method", scheme.name());
            return Err(format!("a gRPC call names a service and a method: {example}"));
        }
        let target = if is_l4 { String::new() } else { target(path) };
        let user = user.map(str::to_owned);
        Ok(Self { scheme: Some(scheme), host: Some(host.to_owned()), port, user, target })
    }

    /// The port of the socket: as written, or that of the scheme.
    pub(crate) fn effective_port(&self) -> Option<u16> {
        self.port.or_else(|| self.scheme.and_then(Scheme::default_port))
    }

    /// Host and port as a client writes them into `Host`: the port of the scheme is left out.
    pub(crate) fn authority(&self) -> Option<String> {
        let host = self.host.as_ref()?;
        let usual = self.scheme.and_then(Scheme::default_port);
        match self.port.filter(|port| Some(*port) != usual) {
            Some(port) => Some(format!("{host}:{port}")),
            None => Some(host.clone()),
        }
    }

    /// The name that a client sends in its ClientHello; an IP address is never sent.
    pub(crate) fn sni(&self) -> Option<String> {
        let host = self.host.as_deref()?;
        let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
        (!is_address).then(|| host.trim_end_matches('.').to_ascii_lowercase())
    }
}

/// Path and query with a path; characters outside ASCII as clients send them.
fn target(text: &str) -> String {
    let text = if text.starts_with('/') || text == "*" { text.to_owned() } else { format!("/{text}") };
    if text.is_ascii() { text } else { encode(&text, |byte| byte.is_ascii()) }
}

/// `%HH` for every byte that may not stand as it is.
pub(crate) fn encode(text: &str, stays: impl Fn(u8) -> bool) -> String {
    let encoded = text.bytes().map(|byte| match stays(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    encoded.collect()
}

/// As in a form or query: letters, digits and `-._~` stay, as curl's --data-urlencode has it.
pub(crate) fn encode_value(text: &str) -> String {
    encode(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

/// Host and port; an IPv6 address keeps its brackets.
pub(crate) fn split_port(text: &str) -> Result<(&str, Option<u16>), String> {
    let start = if text.starts_with('[') { text.find(']').unwrap_or(0) } else { 0 };
    let rest = text.get(start..).unwrap_or_default();
    let Some(colon) = rest.rfind(':') else { return Ok((text, None)) };
    let (host, port) = text.split_at(start + colon);
    let port = port.get(1..).unwrap_or_default();
    if port.is_empty() {
        return Ok((host, None));
    }
    let number = port.parse().ok().filter(|port| *port > 0);
    number.map(|port| (host, Some(port))).ok_or_else(|| format!("`{port}` is no port; ports are 1 to 65535"))
}

fn check_host(host: &str) -> Result<(), String> {
    if host.is_empty() {
        return Err("the URL has no host".to_owned());
    }
    if !host.is_ascii() {
        return Err(format!("`{host}` is not in ASCII; write the name as DNS has it (`xn--…`)"));
    }
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_fine = match inside {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.chars().all(is_legal),
    };
    if host.contains('*') {
        return Err(format!(
            "`{host}` is a pattern; name one host that it covers, such as `{}`",
            host.replace('*', "x")
        ));
    }
    if is_fine { Ok(()) } else { Err(format!("`{host}` is no host name or address")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Url {
        Url::parse(text).unwrap_or_else(|message| panic!("{text}: {message}"))
    }

    #[test]
    fn parts_of_a_url() {
        let url = read("https://ann:pw@Shop.example.com:8443/a/../b?x=1&y#top");
        assert_eq!((url.scheme, url.port, url.user.as_deref()), (Some(Scheme::Https), Some(8443), Some("ann:pw")));
        assert_eq!((url.target.as_str(), url.authority().as_deref()), ("/a/../b?x=1&y", Some("Shop.example.com:8443")));
        assert_eq!(url.sni().as_deref(), Some("shop.example.com"));
        let url = read("shop.example.com?x");
        assert_eq!((url.scheme, url.target.as_str(), url.effective_port()), (Some(Scheme::Http), "/?x", Some(80)));
        assert_eq!(read("a.b/login?to=https://c/").target, "/login?to=https://c/");
        assert_eq!(read("https://a.b:443/").authority().as_deref(), Some("a.b"));
        assert_eq!(read("/cart?x=ü").target, "/cart?x=%C3%BC");
        assert_eq!(read("https://[::1]:80/").sni(), None);
        assert_eq!(read("https://[::1]:80/").authority().as_deref(), Some("[::1]:80"));
    }

    #[test]
    fn wrong_urls_say_what_to_write() {
        let table = [
            ("ftp://x/", "unknown scheme `ftp`"),
            ("https://", "no host"),
            ("http://*.example.com/", "such as `x.example.com`"),
            ("http://a:99999/", "is no port"),
            ("tcp://a", "needs a port"),
            ("tls://a/path", "has no path"),
            ("grpc://a/Service", "a service and a method"),
            ("http://a/b c", "write %20"),
            ("http://bücher.example/", "xn--"),
            ("http://a,b/", "no host name"),
        ];
        for (text, wanted) in table {
            let message = Url::parse(text).unwrap_err();
            assert!(message.contains(wanted), "{text}: {message}");
        }
    }
}

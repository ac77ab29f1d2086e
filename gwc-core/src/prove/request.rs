//! A request that both sides are asked about, and how it is written for people: as one line and as a `curl` command.

use std::borrow::Cow;

use crate::ingress::{self, Scheme};
use crate::predict;

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Is the connection encrypted?
    pub scheme: Scheme,
    /// Method.
    pub method: Cow<'static, str>,
    /// `Host` as sent.
    pub host: String,
    /// Path and query.
    pub target: String,
    /// Header fields.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// `GET` without headers.
    #[must_use]
    pub fn get(scheme: Scheme, host: &str, target: &str) -> Self {
        let (host, target) = (host.to_owned(), target.to_owned());
        Self { scheme, method: Cow::Borrowed("GET"), host, target, headers: Vec::new() }
    }

    /// The host without port and final dot, in lower case.
    #[must_use]
    pub fn name(&self) -> String {
        let bare = self.host.split(':').next().unwrap_or_default();
        bare.strip_suffix('.').unwrap_or(bare).to_ascii_lowercase()
    }

    /// Path without query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// Query without `?`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The first field of this name (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The same with another path.
    #[must_use]
    pub(super) fn with_path(&self, path: &str) -> Self {
        let target = self.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        Self { target, ..self.clone() }
    }

    /// Asks the model of a controller.
    pub(super) fn ask<T>(&self, answer: impl FnOnce(&ingress::Request<'_>) -> T) -> T {
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let (method, host, target) = (&*self.method, self.host.as_str(), self.target.as_str());
        answer(&ingress::Request { scheme: self.scheme, method, host, target, headers: &headers })
    }

    /// The request as it arrives at a socket of this port.
    #[must_use]
    pub fn at_port(&self, port: u16) -> predict::Request {
        let is_tls = self.scheme == Scheme::Https;
        predict::Request {
            scheme: if is_tls { predict::Scheme::Https } else { predict::Scheme::Http },
            authority: Some(self.host.clone()),
            port,
            sni: is_tls.then(|| self.name()),
            method: self.method.clone().into_owned(),
            target: self.target.clone(),
            headers: self.headers.clone(),
        }
    }

    /// How far it is from the simplest request, for choosing witnesses.
    pub(super) fn weight(&self) -> (usize, bool, usize) {
        (self.headers.len(), self.method != "GET", self.target.len())
    }

    /// As one line: method, URL, headers.
    #[must_use]
    pub fn line(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!(" {name}: {value};")).collect();
        let headers = headers.strip_suffix(';').unwrap_or(&headers);
        format!("{} {}://{}{}{headers}", self.method, self.scheme.as_str(), self.host, self.target)
    }

    /// As a command for a shell. The address is that of the side to be asked, with its port.
    #[must_use]
    pub fn curl(&self, address: &str, port: u16) -> String {
        let default = if self.scheme == Scheme::Https { 443 } else { 80 };
        let name = self.host.split(':').next().unwrap_or_default();
        let written = if port == default { String::new() } else { format!(":{port}") };
        let mut line = String::from("curl -sS -o /dev/null -D - --path-as-is");
        if self.scheme == Scheme::Https {
            line.push_str(" -k");
        }
        if self.method != "GET" {
            line.push_str(&format!(" -X {}", quoted(&self.method)));
        }
        line.push_str(&format!(" --connect-to {}", quoted(&format!("::{address}:{port}"))));
        for (key, value) in &self.headers {
            line.push_str(&format!(" -H {}", quoted(&format!("{key}: {value}"))));
        }
        if self.host != name || !written.is_empty() {
            line.push_str(&format!(" -H {}", quoted(&format!("Host: {}", self.host))));
        }
        let url = format!("{}://{name}{written}{}", self.scheme.as_str(), self.target);
        format!("{line} {}", quoted(&url))
    }
}

/// In single quotes, where a shell would read signs of it.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:@%+=,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_written_for_people_and_for_a_shell() {
        let mut request = Request::get(Scheme::Https, "A.io:8443", "/x//y?a=b'c");
        request.headers.push(("Cookie".into(), "k=always".into()));
        assert_eq!(request.line(), "GET https://A.io:8443/x//y?a=b'c Cookie: k=always");
        assert_eq!(request.name(), "a.io");
        assert_eq!(
            request.curl("192.0.2.1", 443),
            "curl -sS -o /dev/null -D - --path-as-is -k --connect-to ::192.0.2.1:443 -H 'Cookie: k=always' \
             -H 'Host: A.io:8443' 'https://A.io/x//y?a=b'\\''c'"
        );
        let plain = Request::get(Scheme::Http, "a.io", "/");
        assert_eq!(
            plain.curl("gw", 8080),
            "curl -sS -o /dev/null -D - --path-as-is --connect-to ::gw:8080 -H 'Host: a.io' http://a.io:8080/"
        );
    }
}

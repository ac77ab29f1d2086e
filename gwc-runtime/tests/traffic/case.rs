//! The format of `fixtures/traffic`: see its README.

use std::collections::BTreeMap;

use gwc_core::predict::{Request, Scheme};
use serde::Deserialize;

use crate::support::backend::{Script, line};
use crate::support::world::Endpoints;

/// `requests.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case shows.
    pub(crate) about: String,
    /// Options of the proxy.
    #[serde(default)]
    pub(crate) options: Settings,
    /// Services whose endpoints are not simply there.
    #[serde(default)]
    pub(crate) endpoints: BTreeMap<String, Endpoints>,
    /// Requests, in order.
    pub(crate) requests: Vec<Step>,
}

/// Options of the proxy that differ from the defaults.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the keys of a file")]
pub(crate) struct Settings {
    /// Clients on loopback are trusted proxies.
    pub(crate) trust_loopback: bool,
    /// `%2F` is refused.
    pub(crate) reject_encoded_slash: bool,
    /// A request id is added.
    pub(crate) request_id: bool,
    /// Worker threads; 0: one.
    pub(crate) workers: usize,
    /// `X-Gwc-Route`.
    pub(crate) explain: bool,
}

/// One request.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the keys of a file")]
pub(crate) struct Step {
    pub(crate) name: String,
    /// `namespace/name`; needed where there are several.
    pub(crate) gateway: String,
    /// Port as the manifest says; 0: that of the scheme.
    pub(crate) port: u16,
    /// `http`, `https`, `grpc`, `grpcs`.
    pub(crate) scheme: String,
    /// `1.0`, `1.1`, `2`.
    pub(crate) version: String,
    pub(crate) host: Option<String>,
    /// The target is sent in absolute form with this authority.
    pub(crate) absolute: Option<String>,
    /// SNI where it is not the host.
    pub(crate) sni: Option<String>,
    /// No SNI at all.
    pub(crate) no_sni: bool,
    /// ALPN of HTTP/1 clients.
    pub(crate) alpn: Vec<String>,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: Option<String>,
    /// A body of so many bytes.
    pub(crate) size: Option<usize>,
    /// A message of gRPC.
    pub(crate) message: Option<String>,
    pub(crate) chunked: bool,
    pub(crate) trailers: Vec<String>,
    /// How often it is sent.
    pub(crate) repeat: u32,
    /// On the connection of the request before.
    pub(crate) keep: bool,
    /// What backends answer.
    pub(crate) backend: Script,
    /// What single backends answer, by `namespace/service:port`.
    pub(crate) backends: BTreeMap<String, Script>,
    /// Bytes to and fro after 101.
    pub(crate) tunnel: Option<String>,
    /// Head and body as bytes; what they say must also stand in the other fields.
    pub(crate) raw: Option<String>,
    /// A failure that no prediction knows: name of the answer, and its status.
    pub(crate) fails: Option<(String, u16)>,
    /// It is answered with this status before it is read as a request; 0: the connection is closed. Nothing is logged.
    pub(crate) refused: Option<u16>,
    /// The body of the answer ends early.
    pub(crate) cut: bool,
}

impl Step {
    pub(crate) fn is_tls(&self) -> bool {
        matches!(self.scheme.as_str(), "https" | "grpcs")
    }

    pub(crate) fn is_grpc(&self) -> bool {
        matches!(self.scheme.as_str(), "grpc" | "grpcs")
    }

    pub(crate) fn is_http2(&self) -> bool {
        self.version == "2" || (self.is_grpc() && self.version.is_empty())
    }

    pub(crate) fn port(&self) -> u16 {
        match self.port {
            0 if self.is_tls() => 443,
            0 => 80,
            port => port,
        }
    }

    /// The SNI that is sent.
    pub(crate) fn server_name(&self) -> Option<&str> {
        let host = || self.host.as_deref().map(|host| host.split(':').next().unwrap_or_default());
        if self.no_sni || !self.is_tls() { None } else { self.sni.as_deref().or_else(host) }
    }

    pub(crate) fn method(&self) -> &str {
        match self.method.as_str() {
            "" if self.is_grpc() => "POST",
            "" => "GET",
            method => method,
        }
    }

    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        if self.target.is_empty() { "/" } else { &self.target }
    }

    /// Header lines besides Host and framing.
    pub(crate) fn lines(&self) -> Vec<(String, String)> {
        let mut lines: Vec<_> = self.headers.iter().map(|text| line(text)).collect();
        let has_type = lines.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if self.is_grpc() && !has_type {
            lines.push(("content-type".to_owned(), "application/grpc".to_owned()));
            lines.push(("te".to_owned(), "trailers".to_owned()));
        }
        lines
    }

    pub(crate) fn trailer_lines(&self) -> Vec<(String, String)> {
        self.trailers.iter().map(|text| line(text)).collect()
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        if let Some(message) = &self.message {
            let mut framed = vec![0];
            framed.extend(u32::try_from(message.len()).expect("short").to_be_bytes());
            framed.extend(message.as_bytes());
            return framed;
        }
        let filler = |at| b'0' + u8::try_from(at % 10).expect("small");
        match (&self.body, self.size) {
            (Some(body), _) => body.clone().into_bytes(),
            (None, Some(size)) => (0..size).map(filler).collect(),
            (None, None) => Vec::new(),
        }
    }

    /// The request as `gwc route` reads it.
    pub(crate) fn request(&self) -> Request {
        Request {
            scheme: match self.scheme.as_str() {
                "https" => Scheme::Https,
                "grpc" => Scheme::Grpc,
                "grpcs" => Scheme::Grpcs,
                "" | "http" => Scheme::Http,
                other => panic!("scheme {other}"),
            },
            authority: self.absolute.clone().or_else(|| self.host.clone()),
            port: self.port(),
            sni: self.server_name().map(str::to_owned),
            method: self.method().to_owned(),
            target: self.target().to_owned(),
            headers: self.lines(),
        }
    }
}

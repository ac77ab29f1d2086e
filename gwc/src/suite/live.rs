//! `gwc test --live URL`: route tests are sent to a running gateway too, and its answers compared with predictions.
//!
//! Compared are status and redirect of answers of the gateway itself; of what is forwarded: route, rule and match where
//! the gateway tells them (`gwc serve --explain-header`), backend, host and path where the echo backend answers.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use gwc_core::predict::{Outcome, Request, Scheme, Share};
use gwc_runtime::{ProxyError, RuleKey};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;

use crate::failure::Failure;
use crate::route::url::Url;
use crate::suite::expect::{Happened, Mismatch};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of an answer that are read.
const MOST: u64 = 1 << 20;

/// Where requests are sent.
#[derive(Debug, Default)]
pub(crate) struct Live {
    clear: Option<SocketAddr>,
    tls: Option<(SocketAddr, Arc<ClientConfig>)>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing: the connection was closed, or is not accepted.
    Closed(String),
    /// A head, and the body as far as it is UTF-8.
    Response {
        /// Status.
        status: u16,
        /// Header fields, names in lower case.
        headers: Vec<(String, String)>,
        /// Body.
        body: String,
    },
}

impl Live {
    /// Reads `--live` and `--live-ca`: one URL for each of http and https.
    pub(crate) fn read(urls: &[String], authorities: Option<&Path>) -> Result<Self, Failure> {
        let mut live = Self::default();
        for text in urls {
            let wrong = |why: &str| Failure::usage(format!("--live `{text}`: {why}"));
            let url = Url::parse(text).map_err(|why| wrong(&why))?;
            let Some((scheme, host)) = url.scheme.zip(url.host.as_deref()) else {
                return Err(wrong("write a URL, as http://127.0.0.1:8080"));
            };
            let port = url.port.or(scheme.default_port()).unwrap_or_default();
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            let found = (bare, port).to_socket_addrs().map_err(|error| wrong(&error.to_string()))?.next();
            let address = found.ok_or_else(|| wrong("the host has no address"))?;
            match scheme {
                Scheme::Http => live.clear = Some(address),
                Scheme::Https => live.tls = Some((address, trusting(authorities)?)),
                Scheme::Grpc | Scheme::Grpcs | Scheme::Tls | Scheme::Tcp | Scheme::Udp => {
                    return Err(wrong("only http and https are sent"));
                }
            }
        }
        Ok(live)
    }

    /// What differs between a gateway and its predictions, of which any may be that of the Gateway that answers; the
    /// error says why the request is not sent.
    pub(crate) fn mismatches(&self, happened: &[Happened<'_>]) -> Result<Vec<Mismatch>, String> {
        let Some(first) = happened.first() else { return Ok(Vec::new()) };
        let answer = self.ask(first.request)?;
        let mut all = happened.iter().map(|one| compare(*one, &answer));
        let best = all.by_ref().min_by_key(Vec::len);
        Ok(best.unwrap_or_default())
    }

    fn ask(&self, request: &Request) -> Result<Answer, String> {
        let lacks = |scheme: &str| format!("no --live URL of {scheme} is given");
        let answer = match request.scheme {
            Scheme::Http => {
                let address = self.clear.ok_or_else(|| lacks("http"))?;
                connect(address).and_then(|stream| exchange(stream, request))
            }
            Scheme::Https => {
                let (address, config) = self.tls.as_ref().ok_or_else(|| lacks("https"))?;
                let name = request.sni.clone().unwrap_or_else(|| address.ip().to_string());
                let name = ServerName::try_from(name).map_err(|_| "the SNI is no name of a server".to_owned())?;
                let client = ClientConnection::new(Arc::clone(config), name).map_err(|error| error.to_string())?;
                connect(*address).and_then(|stream| exchange(StreamOwned::new(client, stream), request))
            }
            Scheme::Grpc | Scheme::Grpcs | Scheme::Tls | Scheme::Tcp | Scheme::Udp => {
                return Err(format!("--live sends no {}", request.scheme.name()));
            }
        };
        Ok(answer.unwrap_or_else(|error| Answer::Closed(error.to_string())))
    }
}

/// TLS that trusts the authorities of a file.
fn trusting(authorities: Option<&Path>) -> Result<Arc<ClientConfig>, Failure> {
    let Some(path) = authorities else {
        return Err(Failure::usage("--live with https needs --live-ca FILE, whom to trust"));
    };
    let wrong = |error: &dyn std::fmt::Display| Failure::input(format!("--live-ca {}: {error}", path.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| wrong(&error))? {
        let certificate = certificate.map_err(|error| wrong(&error))?;
        roots.add(certificate).map_err(|error| wrong(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| wrong(&error))?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

/// A connection that does not wait for ever.
pub(crate) fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// One request over HTTP/1.1, which the gateway closes after its answer.
pub(crate) fn exchange(mut stream: impl Read + Write, request: &Request) -> io::Result<Answer> {
    let method = if request.method.is_empty() { "GET" } else { &request.method };
    let mut text = format!("{method} {} HTTP/1.1\r\n", request.target);
    if let Some(authority) = &request.authority {
        text.push_str(&format!("Host: {authority}\r\n"));
    }
    // There is no body, whatever the lines of the test say of one.
    let framing = ["content-length", "transfer-encoding", "connection", "expect"];
    for (name, value) in request.headers.iter().filter(|(name, _)| !framing.contains(&name.to_lowercase().as_str())) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("Connection: close\r\n\r\n");
    stream.write_all(text.as_bytes())?;
    stream.flush()?;
    let mut bytes = Vec::new();
    match stream.take(MOST).read_to_end(&mut bytes) {
        Ok(_) => {}
        // A close without a goodbye; what came may be whole.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && !bytes.is_empty() => {}
        Err(error) => return Err(error),
    }
    Ok(parse(&String::from_utf8_lossy(&bytes)))
}

/// Head and body of the last answer; interim ones before it are left out.
fn parse(text: &str) -> Answer {
    let mut rest = text;
    loop {
        let Some((head, body)) = rest.split_once("\r\n\r\n") else {
            return Answer::Closed("the connection was closed without an answer".to_owned());
        };
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let Some(status) = status else { return Answer::Closed("no answer of HTTP came".to_owned()) };
        if (100..200).contains(&status) && status != 101 {
            rest = body;
            continue;
        }
        let pair =
            |line: &str| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        return Answer::Response { status, headers: lines.filter_map(pair).collect(), body: body.to_owned() };
    }
}

fn mismatch(expected: impl Into<String>, got: impl Into<String>) -> Mismatch {
    Mismatch::new(&["live"], expected, got)
}

/// What differs between a prediction and an answer.
fn compare(happened: Happened<'_>, answer: &Answer) -> Vec<Mismatch> {
    let (status, headers, body) = match (answer, &happened.prediction.outcome) {
        (Answer::Closed(_), Outcome::Closed(_)) => return Vec::new(),
        (Answer::Closed(why), Outcome::Answered(_) | Outcome::Forwarded(_)) => {
            return vec![mismatch("an answer", why.as_str())];
        }
        (Answer::Response { status, .. }, Outcome::Closed(_)) => {
            return vec![mismatch("the connection is closed", status.to_string())];
        }
        (Answer::Response { status, headers, body }, Outcome::Answered(_) | Outcome::Forwarded(_)) => {
            (*status, headers, body)
        }
    };
    let header = |name: &str| headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let mut all = Vec::new();
    if let Some(told) = header("x-gwc-route") {
        let expected = explanation(happened).unwrap_or_default();
        if told != expected {
            all.push(mismatch(if expected.is_empty() { "no route".to_owned() } else { expected }, told));
        }
    }
    match &happened.prediction.outcome {
        Outcome::Closed(_) => {}
        Outcome::Answered(expected) => {
            if expected.status != status {
                all.push(mismatch(expected.status.to_string(), status.to_string()));
            }
            let location = header("location");
            if let Some(expected) = expected.location.as_deref().filter(|expected| Some(*expected) != location) {
                all.push(mismatch(format!("location {expected}"), location.unwrap_or("no location")));
            }
        }
        Outcome::Forwarded(forward) => all.extend(forwarded(happened, &forward.shares, status, body)),
    }
    all
}

/// As `gwc serve --explain-header` writes it.
fn explanation(happened: Happened<'_>) -> Option<String> {
    let found = happened.match_position();
    Some(RuleKey::from(&happened.rule()?.trace).explanation(found))
}

/// A backend that the rule names must have answered, or the gateway for one that cannot.
fn forwarded(happened: Happened<'_>, shares: &[Share], status: u16, body: &str) -> Option<Mismatch> {
    let (own, sent): (Vec<&Share>, Vec<&Share>) = shares.iter().partition(|share| share.status.is_some());
    let Some(echo) = Echo::of(body) else {
        let is_own = own.iter().any(|share| share.status == Some(status));
        if let Some(error) = itself(status, body).filter(|_| !is_own) {
            return Some(mismatch("an answer of a backend", format!("{status}, {error}")));
        }
        // Any other answer may be that of a backend, unless there is none.
        let statuses: Vec<String> = own.iter().filter_map(|share| share.status).map(|one| one.to_string()).collect();
        return (sent.is_empty() && !is_own).then(|| mismatch(statuses.join(" or "), status.to_string()));
    };
    let request = happened.request;
    let named = |share: &Share| happened.config.key(&share.target).map(ToString::to_string).unwrap_or_default();
    let fits = |share: &&&Share| {
        let host = share.upstream.authority.as_ref().or(request.authority.as_ref());
        named(share) == echo.backend && share.upstream.target == echo.path && host.is_none_or(|host| *host == echo.host)
    };
    if sent.iter().any(|share| fits(&share)) {
        return None;
    }
    let text = |share: &&Share| {
        let host = share.upstream.authority.as_ref().or(request.authority.as_ref());
        format!("{} at {}{}", named(share), host.map_or("", String::as_str), share.upstream.target)
    };
    let expected: Vec<String> = sent.iter().map(text).collect();
    Some(mismatch(expected.join(" or "), format!("{} at {}{}", echo.backend, echo.host, echo.path)))
}

/// Why `gwc serve` answered itself, by its sentence.
fn itself(status: u16, body: &str) -> Option<ProxyError> {
    const ALL: [ProxyError; 12] = [
        ProxyError::BadRequest,
        ProxyError::NoListener,
        ProxyError::Misdirected,
        ProxyError::NoRule,
        ProxyError::Filter,
        ProxyError::InvalidBackend,
        ProxyError::NoEndpoints,
        ProxyError::Connection,
        ProxyError::BadResponse,
        ProxyError::RequestTimeout,
        ProxyError::BackendTimeout,
        ProxyError::Unsupported,
    ];
    ALL.into_iter().find(|error| error.status().0 == status && body.trim() == error.to_string())
}

/// The backend that answered, where it is the echo backend of `gwc serve`, with host and path as it got them.
pub(crate) fn echoed(body: &str) -> Option<String> {
    Echo::of(body).map(|echo| format!("{} at {}{}", echo.backend, echo.host, echo.path))
}

/// What the echo backend of `gwc serve` saw.
struct Echo {
    backend: String,
    host: String,
    path: String,
}

impl Echo {
    fn of(body: &str) -> Option<Self> {
        // The object of a body in chunks is between lines of sizes.
        let object = body.get(body.find('{')?..=body.rfind('}')?)?;
        let value: Value = serde_json::from_str(object).ok()?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let port = value.get("port").and_then(Value::as_u64)?;
        let backend = format!("{}/{}:{port}", text("namespace")?, text("service")?);
        Some(Self { backend, host: text("host")?, path: text("path")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_past_interim_ones() {
        let text = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 301 Moved\r\nLocation: /a\r\n\r\n";
        let headers = vec![("location".to_owned(), "/a".to_owned())];
        assert_eq!(parse(text), Answer::Response { status: 301, headers, body: String::new() });
        assert!(matches!(parse(""), Answer::Closed(_)));
        assert!(matches!(parse("SSH-2.0\r\n\r\n"), Answer::Closed(_)));
    }

    #[test]
    fn answers_of_the_gateway_itself_are_known_by_their_sentence() {
        assert_eq!(itself(404, "no route matches\n"), Some(ProxyError::NoRule));
        assert_eq!(itself(404, "not found"), None);
        assert_eq!(itself(200, "no route matches"), None);
    }

    #[test]
    fn urls_say_where_and_how() {
        let read = |urls: &[&str]| {
            let urls: Vec<String> = urls.iter().map(|url| (*url).to_owned()).collect();
            Live::read(&urls, None)
        };
        assert_eq!(read(&["http://127.0.0.1:8080"]).unwrap().clear, "127.0.0.1:8080".parse().ok());
        assert!(read(&["https://127.0.0.1"]).unwrap_err().message.contains("--live-ca"));
        assert!(read(&["grpc://127.0.0.1"]).is_err() && read(&["/path"]).is_err());
    }
}

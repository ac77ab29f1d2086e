//! `--old URL --new URL`: the requests of the verification, sent to both addresses, and their answers compared.
//!
//! Only what this command names is sent, and only with methods that change nothing unless more is allowed. No
//! certificate is judged: both sides are asked the same, whoever they are (ingress-migrate.md §7.5).

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use gwc_core::ingress::Scheme;
use gwc_core::predict;
use gwc_core::prove::Request;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};

use crate::failure::Failure;
use crate::migration::cases::Case;
use crate::output::{counted, say};
use crate::route::url::Url;
use crate::suite::live::{Answer, connect, echoed, exchange};

/// Methods that change nothing.
const SAFE: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// Header fields that are compared beside `Location`.
const HEADERS: [&str; 6] = [
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "location",
    "strict-transport-security",
    "www-authenticate",
];

/// Two running sides.
pub(crate) struct Replay {
    old: Side,
    new: Side,
    is_unsafe_allowed: bool,
    tls: Arc<ClientConfig>,
}

/// Addresses of a side.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Side {
    clear: Option<SocketAddr>,
    tls: Option<SocketAddr>,
}

/// What a side answered, as far as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    status: Option<u16>,
    headers: Vec<(String, String)>,
    backend: Option<String>,
}

impl Replay {
    /// Reads the addresses.
    pub(crate) fn new(old: &[String], new: &[String], is_unsafe_allowed: bool) -> Result<Self, Failure> {
        let (old, new) = (Side::read("--old", old)?, Side::read("--new", new)?);
        Ok(Self { old, new, is_unsafe_allowed, tls: trusting()? })
    }

    /// Sends the requests; says what differs. Are both sides alike?
    pub(crate) fn run(&self, cases: &[Case]) -> bool {
        let (mut same, mut different, mut left_out) = (0, 0, 0);
        for case in cases {
            let is_sent = self.is_unsafe_allowed || SAFE.contains(&&*case.request.method);
            let both = [self.old, self.new].map(|side| side.address(case.request.scheme));
            let [Some(old), Some(new)] = both.map(|address| address.filter(|_| is_sent)) else {
                left_out += 1;
                continue;
            };
            let (old, new) = (self.ask(old, &case.request), self.ask(new, &case.request));
            if old == new {
                same += 1;
            } else {
                different += 1;
                say(&format!("differs: {}\n  old: {}\n  new: {}", case.request.line(), words(&old), words(&new)));
            }
        }
        let rest = if left_out > 0 { format!("; {left_out} not sent") } else { String::new() };
        say(&format!("Replay: {} alike, {different} different{rest}", counted(same, "answer")));
        different == 0
    }

    fn ask(&self, address: SocketAddr, request: &Request) -> Result<Seen, String> {
        let asked = request.at_port(address.port());
        let answer = self.exchange(address, &asked).map_err(|error| error.to_string())?;
        match answer {
            Answer::Closed(why) => Err(why),
            Answer::Response { status, headers, body } => {
                let is_compared = |(name, _): &&(String, String)| HEADERS.contains(&name.as_str());
                let mut headers: Vec<(String, String)> = headers.iter().filter(is_compared).cloned().collect();
                headers.sort();
                Ok(Seen { status: Some(status), headers, backend: echoed(&body) })
            }
        }
    }

    fn exchange(&self, address: SocketAddr, request: &predict::Request) -> io::Result<Answer> {
        let stream = connect(address)?;
        if request.scheme != predict::Scheme::Https {
            return exchange(stream, request);
        }
        let name = request.sni.clone().unwrap_or_else(|| address.ip().to_string());
        let name = ServerName::try_from(name).map_err(io::Error::other)?;
        let client = ClientConnection::new(Arc::clone(&self.tls), name).map_err(io::Error::other)?;
        exchange(StreamOwned::new(client, stream), request)
    }
}

impl Side {
    /// One URL for each of http and https; one alone without a port stands for the usual ports of both.
    fn read(flag: &str, urls: &[String]) -> Result<Self, Failure> {
        let mut side = Self::default();
        for text in urls {
            let wrong = |why: &str| Failure::usage(format!("{flag} `{text}`: {why}"));
            let url = Url::parse(text).map_err(|why| wrong(&why))?;
            let Some((scheme, host)) = url.scheme.zip(url.host.as_deref()) else {
                return Err(wrong("write a URL, as http://192.0.2.1"));
            };
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            let address = |port: u16| {
                let mut found = (bare, port).to_socket_addrs().map_err(|error| wrong(&error.to_string()))?;
                found.next().ok_or_else(|| wrong("the host has no address"))
            };
            match (scheme, url.port) {
                (predict::Scheme::Http, Some(port)) => side.clear = Some(address(port)?),
                (predict::Scheme::Https, Some(port)) => side.tls = Some(address(port)?),
                (predict::Scheme::Http | predict::Scheme::Https, None) => {
                    (side.clear, side.tls) = (side.clear.or(Some(address(80)?)), side.tls.or(Some(address(443)?)));
                }
                _ => return Err(wrong("only http and https are sent")),
            }
        }
        Ok(side)
    }

    fn address(self, scheme: Scheme) -> Option<SocketAddr> {
        match scheme {
            Scheme::Http => self.clear,
            Scheme::Https => self.tls,
        }
    }
}

fn words(seen: &Result<Seen, String>) -> String {
    let seen = match seen {
        Ok(seen) => seen,
        Err(why) => return format!("no answer ({why})"),
    };
    let mut text = seen.status.map_or_else(String::new, |status| status.to_string());
    seen.headers.iter().for_each(|(name, value)| text.push_str(&format!(" {name}: {value}")));
    text + &seen.backend.as_ref().map(|backend| format!(" from {backend}")).unwrap_or_default()
}

/// TLS that takes any certificate.
fn trusting() -> Result<Arc<ClientConfig>, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| Failure::internal(format!("TLS: {error}")))?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(Anyone(provider)));
    Ok(Arc::new(builder.with_no_client_auth()))
}

/// Takes any certificate: what is compared are answers.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use gwc_core::prove::Outcome;

    use super::*;

    fn side(urls: &[&str]) -> Result<Side, Failure> {
        let urls: Vec<String> = urls.iter().map(|url| (*url).to_owned()).collect();
        Side::read("--old", &urls)
    }

    /// Answers so many connections with this head.
    fn server(head: &'static str, n: usize) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming().take(n) {
                let mut stream = stream.unwrap();
                let mut seen = [0; 1024];
                let _ = std::io::Read::read(&mut stream, &mut seen);
                let _ = std::io::Write::write_all(&mut stream, head.as_bytes());
            }
        });
        url
    }

    fn case(method: &'static str) -> Case {
        let request = Request { method: method.into(), ..Request::get(Scheme::Http, "a.io", "/x") };
        Case { name: String::new(), request, old: Outcome::Closed, new: None, port: 80 }
    }

    #[test]
    fn answers_of_both_sides_are_compared() {
        let (here, there) =
            ("HTTP/1.1 301 Moved\r\nLocation: /a\r\n\r\n", "HTTP/1.1 301 Moved\r\nLocation: /b\r\n\r\n");
        let replay = |new: &'static str| Replay::new(&[server(here, 1)], &[server(new, 1)], false).unwrap();
        assert!(replay(here).run(&[case("GET"), case("DELETE")]), "DELETE is not sent, and GET is alike");
        assert!(!replay(there).run(&[case("GET")]), "`Location` differs");
        let deaf = Replay::new(&[server(here, 1)], &["http://127.0.0.1:1".to_owned()], false).unwrap();
        assert!(!deaf.run(&[case("HEAD")]), "only one side answers");
    }

    #[test]
    fn urls_say_where_each_scheme_goes() {
        let usual = side(&["http://127.0.0.1"]).unwrap();
        assert_eq!((usual.clear, usual.tls), ("127.0.0.1:80".parse().ok(), "127.0.0.1:443".parse().ok()));
        let both = side(&["http://127.0.0.1:8080", "https://127.0.0.1:8443"]).unwrap();
        assert_eq!((both.clear, both.tls), ("127.0.0.1:8080".parse().ok(), "127.0.0.1:8443".parse().ok()));
        assert_eq!(side(&["http://127.0.0.1:8080"]).unwrap().tls, None);
        assert!(side(&["/path"]).is_err() && side(&["tcp://127.0.0.1:1"]).is_err());
    }
}

//! One line of `traffic/*.txt`: a request of the suite and what it expects. Comparing is in `answer.rs`.
//!
//! `scheme gateway[:port] [METHOD] [host]path words… | words…`. Namespaces are written as in `manifests.rs`.
//! Words of a request: `[Name: value]` header, `sni=`, `delay=` milliseconds until the backend answers, `fails=` code and
//! number of tries that the backend answers so, `cert=` ConfigMap whose authority signed the client's certificate,
//! `echo[Name: value]` header that the backend sends.
//! Expectations: statuses, `grpc=` code, `closed`, backends (`70%name`), `mirror=`, `has[]` and `not[]` headers that the
//! backend gets, `out[Name: value or value]` and `without[]` headers that the client gets, `path=`, `host=`, `method=` as
//! the backend sees them, `to-…=` parts of Location, `tls=` SNI, `protocol=` and `port=` towards the backend,
//! `identity=` Secret of the gateway's own certificate, `asked` for a client certificate, `mode=` of TLS at the
//! listener. What is not said is as the client sent it.

use gwc_core::predict::{Request, Scheme};

use crate::manifests::key;

/// Address of every Gateway.
const ADDRESS: &str = "192.0.2.1";

/// Service of the suite's gRPC backends.
const GRPC_SERVICE: &str = "/gateway_api_conformance.echo_basic.grpcecho.GrpcEcho";

/// A request and what is expected of the answer.
pub(crate) struct Case {
    /// Namespace and name.
    pub(crate) gateway: (String, String),
    pub(crate) request: Request,
    /// Headers that the backend sends.
    pub(crate) echo: Vec<(String, String)>,
    /// Milliseconds until the backend answers.
    pub(crate) delay: u64,
    /// Code of the backend's first answers, and how many it gives before it answers 200.
    pub(crate) fails: Option<(u16, u32)>,
    /// ConfigMap of the authority of the client's certificate.
    pub(crate) certificate: Option<String>,
    pub(crate) wanted: Vec<Wanted>,
}

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    Status(Vec<u16>),
    Grpc(u8),
    Closed,
    Backend(Part),
    Mirror(Part),
    /// Part of what the backend sees: `path`, `host` or `method`.
    Upstream(&'static str, String),
    Has(String, String),
    Not(String),
    Out(String, Vec<String>),
    Without(String),
    /// Part of Location: `scheme`, `host`, `port` or `path`.
    To(&'static str, String),
    Tls(String),
    Protocol(String),
    Port(u16),
    Mode(String),
    Identity(String),
    Asked,
}

/// A backend and its part of the requests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) percent: u64,
}

impl Part {
    fn read(word: &str) -> Self {
        let (percent, name) = word.split_once('%').unwrap_or(("100", word));
        let (namespace, name) = key(name);
        Self { namespace, name, percent: percent.parse().expect("a percentage") }
    }
}

impl Case {
    /// Reads a line; what cannot be read is a mistake of the table.
    pub(crate) fn read(line: &str) -> Self {
        let (request, wanted) = line.split_once(" | ").unwrap_or_else(|| panic!("no expectation: {line}"));
        let mut words = words(request).into_iter();
        let mut next = || words.next().unwrap_or_else(|| panic!("too short: {line}"));
        let scheme = Scheme::parse(&next()).unwrap_or_else(|| panic!("no scheme: {line}"));
        let gateway = next();
        let (gateway, port) =
            gateway.split_once(':').map_or((gateway.as_str(), None), |(name, port)| (name, Some(port)));
        let port = port.map(|port| port.parse().expect("a port")).or(scheme.default_port());
        let mut request = Request { scheme, port: port.expect("a port"), ..Request::default() };
        let is_named = if scheme.is_http() { target(&mut request, &mut next) } else { false };
        let mut case = Self {
            gateway: key(gateway),
            request,
            echo: Vec::new(),
            delay: 0,
            fails: None,
            certificate: None,
            wanted: words_of(wanted).map(|word| expectation(&word)).collect(),
        };
        words.for_each(|word| case.detail(&word));
        case.fill(is_named);
        case
    }

    fn detail(&mut self, word: &str) {
        let (name, value) = if let Some(rest) = word.strip_prefix("echo[") {
            return self.echo.push(header(rest));
        } else if let Some(rest) = word.strip_prefix('[') {
            return self.request.headers.push(header(rest));
        } else {
            word.split_once('=').unwrap_or_else(|| panic!("unknown word {word}"))
        };
        match name {
            "sni" => self.request.sni = Some(value.to_owned()),
            "delay" => self.delay = value.parse().expect("milliseconds"),
            "fails" => {
                let (code, tries) = value.split_once('*').expect("code*tries");
                self.fails = Some((code.parse().expect("a code"), tries.parse().expect("a number")));
            }
            "cert" => self.certificate = Some(value.to_owned()),
            _ => panic!("unknown word {word}"),
        }
    }

    /// What the suite compares without being told (routing.md §7.1).
    fn fill(&mut self, is_named: bool) {
        let request = self.request.clone();
        if !request.scheme.is_http() {
            return;
        }
        self.unless_said(Wanted::Upstream("path", request.target.clone()));
        if is_named {
            self.unless_said(Wanted::Upstream("host", request.authority.unwrap_or_default()));
        }
        if !request.scheme.is_grpc() {
            self.unless_said(Wanted::Upstream("method", request.method));
        }
        if !self.wanted.iter().any(|one| matches!(one, Wanted::Has(..) | Wanted::Not(_))) {
            self.wanted.extend(request.headers.into_iter().map(|(name, value)| Wanted::Has(name, value)));
        }
        let is_redirect = |list: &[u16]| list.iter().all(|status| (300..400).contains(status));
        if self.wanted.iter().any(|one| matches!(one, Wanted::Status(list) if is_redirect(list))) {
            let path = request.target.split('?').next().unwrap_or_default();
            self.unless_said(Wanted::To("scheme", request.scheme.name().to_owned()));
            self.unless_said(Wanted::To("port", String::new()));
            self.unless_said(Wanted::To("path", path.to_owned()));
        }
    }

    fn unless_said(&mut self, more: Wanted) {
        let same = |one: &Wanted| match (one, &more) {
            (Wanted::Upstream(own, _), Wanted::Upstream(other, _)) | (Wanted::To(own, _), Wanted::To(other, _)) => {
                own == other
            }
            _ => false,
        };
        if !self.wanted.iter().any(same) {
            self.wanted.push(more);
        }
    }
}

/// Method, authority and target; was a host written?
fn target(request: &mut Request, next: &mut impl FnMut() -> String) -> bool {
    if !request.scheme.is_grpc() {
        request.method = next();
    }
    let word = next();
    let (host, path) = word.split_at(word.find('/').expect("a path"));
    request.target = if request.scheme.is_grpc() { format!("{GRPC_SERVICE}{path}") } else { path.to_owned() };
    let default = request.scheme.default_port() == Some(request.port);
    let address = if default { ADDRESS.to_owned() } else { format!("{ADDRESS}:{}", request.port) };
    request.authority = Some(if host.is_empty() { address } else { host.to_owned() });
    !host.is_empty()
}

fn expectation(word: &str) -> Wanted {
    if let Some(open) = word.find('[') {
        let (name, value) = header(&word[open + 1..]);
        return match &word[..open] {
            "has" => Wanted::Has(name, value),
            "not" => Wanted::Not(name),
            "out" => Wanted::Out(name, value.split(" or ").map(str::to_owned).collect()),
            "without" => Wanted::Without(name),
            _ => panic!("unknown word {word}"),
        };
    }
    if let Some((name, value)) = word.split_once('=') {
        let value = value.to_owned();
        return match name {
            "grpc" => Wanted::Grpc(value.parse().expect("a code")),
            "mirror" => Wanted::Mirror(Part::read(&value)),
            "path" => Wanted::Upstream("path", value),
            "host" => Wanted::Upstream("host", value),
            "method" => Wanted::Upstream("method", value),
            "to-scheme" => Wanted::To("scheme", value),
            "to-host" => Wanted::To("host", value),
            "to-port" => Wanted::To("port", value),
            "to-path" => Wanted::To("path", value),
            "tls" => Wanted::Tls(value),
            "protocol" => Wanted::Protocol(value),
            "port" => Wanted::Port(value.parse().expect("a port")),
            "mode" => Wanted::Mode(value),
            "identity" => Wanted::Identity(value),
            _ => panic!("unknown word {word}"),
        };
    }
    match word {
        "closed" => Wanted::Closed,
        "asked" => Wanted::Asked,
        _ => {
            let statuses: Result<Vec<u16>, _> = word.split(',').map(str::parse).collect();
            statuses.map_or_else(|_| Wanted::Backend(Part::read(word)), Wanted::Status)
        }
    }
}

/// `Name: value]`, or `Name]`.
fn header(text: &str) -> (String, String) {
    let text = text.strip_suffix(']').unwrap_or_else(|| panic!("no end: {text}"));
    let (name, value) = text.split_once(": ").unwrap_or((text, ""));
    (name.to_owned(), value.to_owned())
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    words(text).into_iter()
}

/// Splits at spaces outside brackets.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut inside = false;
    for letter in text.chars() {
        inside = (inside || letter == '[') && letter != ']';
        if letter == ' ' && !inside {
            words.push(String::new());
        } else if let Some(last) = words.last_mut() {
            last.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

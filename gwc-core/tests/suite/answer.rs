//! What the suite's client and backends would see of a prediction, compared with what a case expects.

use std::collections::BTreeSet;

use gwc_core::exchange::header;
use gwc_core::ir::tls::{BackendTls, ListenerTls, SubjectAltName, Trust};
use gwc_core::ir::{Config, Target};
use gwc_core::predict::{Answer, Forward, Outcome, Prediction, Predictor, Share, predict, sockets};

use crate::case::{Case, Part, Wanted};

/// Names of the certificate of the suite's TLS backends.
const BACKEND_NAMES: [&str; 3] = ["abc.example.com", "other.example.com", "spiffe://abc.example.com/test-identity"];

/// Who signed it.
const BACKEND_AUTHORITY: &str = "ConfigMap/gateway-conformance-infra/tls-checks-ca-certificate";

/// A prediction with what backends and clients of the suite add to it.
struct Seen<'c> {
    config: &'c Config,
    case: &'c Case,
    prediction: Option<Prediction>,
    /// Was the connection refused for want of a client certificate?
    refused: bool,
}

/// Predicts a case and says everything that is not as expected.
pub(crate) fn compare(predictor: &Predictor<'_>, case: &Case) -> Vec<String> {
    let config = predictor.config();
    let (namespace, name) = &case.gateway;
    let found = sockets(config, &case.request, Some((namespace, name)));
    assert!(found.len() < 2, "one Gateway has one socket of a port");
    let is_there =
        |gateway: &gwc_core::ir::Gateway| gateway.namespace == namespace.as_str() && gateway.name == name.as_str();
    assert!(config.gateways.iter().any(is_there), "no Gateway {namespace}/{name}");
    let prediction = found.first().map(|socket| predictor.predict(*socket, &case.request));
    let reference = found.first().map(|socket| predict(config, *socket, &case.request));
    assert_eq!(prediction, reference, "the compiled listeners and the reference agree");
    let mut seen = Seen { config, case, prediction, refused: false };
    seen.refused = seen.lacks_certificate();
    let mut wrong: Vec<String> = case.wanted.iter().filter_map(|wanted| seen.check(wanted).err()).collect();
    wrong.extend(seen.parts().err());
    wrong.extend(seen.mirrors().err());
    // A preflight is answered by the gateway (routing.md §4.6).
    let asks = header::joined(&case.request.headers, "access-control-request-method").is_some();
    if asks && case.request.method == "OPTIONS" && seen.forward().is_some() {
        wrong.push("the preflight is forwarded".to_owned());
    }
    if !case.wanted.contains(&Wanted::Closed) {
        wrong.extend(seen.is_closed().then(|| "closed".to_owned()));
    }
    wrong
}

impl Seen<'_> {
    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        match wanted {
            Wanted::Closed if self.is_closed() => Ok(()),
            Wanted::Closed => Err(format!("not closed: {:?}", self.prediction)),
            Wanted::Status(list) => {
                let statuses = self.statuses();
                let fits = !statuses.is_empty() && statuses.iter().all(|status| list.contains(status));
                if fits { Ok(()) } else { Err(format!("status {statuses:?}, not {list:?}")) }
            }
            Wanted::Grpc(code) => {
                let actual = self.answer().and_then(|answer| answer.grpc_status);
                equal("grpc-status", actual, Some(*code))
            }
            Wanted::Upstream(part, value) => self.each(|share| equal(part, self.upstream(share, part), value.as_str())),
            Wanted::Has(name, value) => self.each(|share| {
                let value = value.replace("<backend>", &self.part(share).name);
                equal(name, header::joined(&share.upstream.headers, name), Some(value))
            }),
            Wanted::Not(name) => self.each(|share| equal(name, header::joined(&share.upstream.headers, name), None)),
            Wanted::Out(name, values) => self.responses().iter().try_for_each(|lines| {
                let actual = header::joined(lines, name).map(|value| bare(&value));
                let fits = values.iter().any(|value| actual.as_ref() == Some(&bare(value)));
                if fits { Ok(()) } else { Err(format!("response {name}: {actual:?}, not {values:?}")) }
            }),
            Wanted::Without(name) => {
                self.responses().iter().try_for_each(|lines| equal(name, header::joined(lines, name), None))
            }
            Wanted::To(part, value) => self.location(part, value),
            Wanted::Tls(name) => {
                self.each(|share| equal("SNI", self.tls(share).map(|tls| tls.hostname.as_str()), Some(name.as_str())))
            }
            Wanted::Protocol(protocol) => self.each(|share| {
                let actual = self.backend(share).map(|backend| format!("{:?}", backend.protocol));
                equal("protocol", actual.as_deref(), Some(protocol.as_str()))
            }),
            Wanted::Port(port) => {
                self.each(|share| equal("port", self.backend(share).and_then(|backend| backend.key.port), Some(*port)))
            }
            Wanted::Mode(mode) => equal("mode", self.mode(), Some(mode.as_str())),
            Wanted::Identity(name) => {
                let socket = self.prediction.as_ref().and_then(|prediction| self.config.sockets.get(prediction.socket));
                let gateway = socket.map(|socket| self.config.gateway(socket));
                let own = gateway.and_then(|gateway| gateway.client_certificate.as_ref()).map(|id| id.0.as_str());
                equal("certificate", own, Some(name.as_str()))
            }
            Wanted::Asked => equal("asked for a certificate", self.validation().is_some(), true),
            // Compared all at once.
            Wanted::Backend(_) | Wanted::Mirror(_) => Ok(()),
        }
    }

    fn answer(&self) -> Option<&Answer> {
        match &self.prediction.as_ref()?.outcome {
            Outcome::Answered(answer) => Some(answer),
            Outcome::Closed(_) | Outcome::Forwarded(_) => None,
        }
    }

    fn forward(&self) -> Option<&Forward> {
        match &self.prediction.as_ref()?.outcome {
            Outcome::Forwarded(forward) => Some(forward),
            Outcome::Closed(_) | Outcome::Answered(_) => None,
        }
    }

    fn is_closed(&self) -> bool {
        self.refused || (self.answer().is_none() && self.forward().is_none())
    }

    fn shares(&self) -> &[Share] {
        self.forward().map_or(&[], |forward| &forward.shares)
    }

    /// Shares that a backend answers.
    fn each(&self, check: impl FnMut(&Share) -> Result<(), String>) -> Result<(), String> {
        self.shares().iter().filter(|share| self.status(share) == 200).try_for_each(check)
    }

    fn backend(&self, share: &Share) -> Option<&gwc_core::ir::Backend> {
        match &share.target {
            Target::Backend(position) => self.config.backends.get(*position as usize),
            Target::Invalid(_) => None,
        }
    }

    fn tls(&self, share: &Share) -> Option<&BackendTls> {
        self.backend(share)?.tls.as_ref()
    }

    fn rule(&self) -> Option<&gwc_core::ir::Rule> {
        self.prediction.as_ref()?.rule(self.config)
    }

    /// What the client gets of a share: the backends of the suite answer 200, late or after failures where the case
    /// says so.
    fn status(&self, share: &Share) -> u16 {
        let timeouts = self.rule().map(|rule| rule.timeouts).unwrap_or_default();
        let limits = [timeouts.request, timeouts.backend_request];
        let is_late = limits.iter().flatten().any(|limit| *limit < self.case.delay);
        match share.status {
            Some(status) => status,
            None if self.tls(share).is_some_and(|tls| !verifies(tls)) => 502,
            None if is_late => 504,
            None => self.case.fails.filter(|(code, tries)| self.retries(*code) < *tries).map_or(200, |(code, _)| code),
        }
    }

    /// How often the rule tries again after this code.
    fn retries(&self, code: u16) -> u32 {
        let retry = self.rule().and_then(|rule| rule.retry.as_ref());
        retry.filter(|retry| retry.codes.contains(&code)).map_or(0, |retry| retry.attempts)
    }

    fn statuses(&self) -> BTreeSet<u16> {
        let answered = self.answer().map(|answer| answer.status);
        self.shares().iter().map(|share| self.status(share)).chain(answered).collect()
    }

    fn part(&self, share: &Share) -> Part {
        let (namespace, name) = match self.backend(share) {
            Some(backend) => (backend.key.namespace.to_string(), backend.key.name.to_string()),
            None => (String::new(), "nobody".to_owned()),
        };
        Part { namespace, name, percent: u64::from(share.weight) * 100 / share.total.max(1) }
    }

    /// The backends are those of the case with their weights, and no others.
    fn parts(&self) -> Result<(), String> {
        let named = self
            .case
            .wanted
            .iter()
            .filter_map(|wanted| if let Wanted::Backend(part) = wanted { Some(part) } else { None });
        let mut wanted: Vec<Part> = named.filter(|part| part.percent > 0).cloned().collect();
        let mut actual: Vec<Part> = self.shares().iter().map(|share| self.part(share)).collect();
        wanted.sort();
        actual.sort();
        // Without a backend the suite asks only for the status.
        if wanted.is_empty() { Ok(()) } else { equal("backends", actual, wanted) }
    }

    /// Copies go to the backends of the case, at the path of the request.
    fn mirrors(&self) -> Result<(), String> {
        let named = self
            .case
            .wanted
            .iter()
            .filter_map(|wanted| if let Wanted::Mirror(part) = wanted { Some(part.clone()) } else { None });
        let mirrors = self.forward().map_or(&[][..], |forward| &forward.mirrors);
        let actual = mirrors.iter().map(|mirror| {
            let share = Share {
                weight: mirror.numerator,
                total: u64::from(mirror.denominator),
                target: mirror.target.clone(),
                status: None,
                upstream: mirror.upstream.clone(),
                response: Vec::new(),
                cors: Vec::new(),
            };
            self.part(&share)
        });
        equal("mirrors", actual.collect::<Vec<_>>(), named.collect())?;
        let paths = mirrors.iter().map(|mirror| mirror.upstream.target.as_str());
        paths.into_iter().try_for_each(|path| equal("path of the copy", path, self.case.request.target.as_str()))
    }

    fn upstream<'s>(&'s self, share: &'s Share, part: &str) -> &'s str {
        let upstream = &share.upstream;
        match part {
            "path" => &upstream.target,
            "method" => &upstream.method,
            _ => upstream.authority.as_deref().or(self.case.request.authority.as_deref()).unwrap_or_default(),
        }
    }

    /// Header lines that the client may get: of the gateway's answer, or of each backend.
    fn responses(&self) -> Vec<Vec<(String, String)>> {
        let shares = self.shares().iter().map(|share| {
            let mut lines = self.case.echo.clone();
            lines.extend(share.cors.iter().cloned());
            for modifier in &share.response {
                let _ = header::modify(modifier, &mut lines);
            }
            lines
        });
        self.answer().map(|answer| answer.headers.clone()).into_iter().chain(shares).collect()
    }

    fn location(&self, part: &str, wanted: &str) -> Result<(), String> {
        let location = self.answer().and_then(|answer| answer.location.as_deref()).ok_or("no Location")?;
        let (scheme, rest) = location.split_once("://").ok_or_else(|| format!("Location {location}"))?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
        let default = if scheme == "https" { "443" } else { "80" };
        let actual = match part {
            "scheme" => scheme,
            "host" => host,
            "port" if wanted.is_empty() && port == default => "",
            "port" => port,
            _ => path,
        };
        equal(&format!("{part} of {location}"), actual, wanted)
    }

    fn listener_tls(&self) -> Option<&ListenerTls> {
        self.prediction.as_ref()?.listener(self.config)?.tls.as_ref()
    }

    fn mode(&self) -> Option<&'static str> {
        self.listener_tls().map(|tls| match tls {
            ListenerTls::Terminate(_) => "Terminate",
            ListenerTls::Passthrough => "Passthrough",
        })
    }

    fn validation(&self) -> Option<&gwc_core::ir::tls::ClientValidation> {
        match self.listener_tls()? {
            ListenerTls::Terminate(terminate) => terminate.client_validation.as_ref(),
            ListenerTls::Passthrough => None,
        }
    }

    /// The listener wants a certificate of an authority that did not sign the client's.
    fn lacks_certificate(&self) -> bool {
        let Some(validation) = self.validation().filter(|validation| !validation.insecure_fallback) else {
            return false;
        };
        let signed = |id: &gwc_core::ir::tls::AuthorityId| {
            self.case.certificate.as_ref().is_some_and(|name| id.0.as_str().ends_with(&format!("/{name}")))
        };
        !validation.authorities.iter().any(signed)
    }
}

/// Does the certificate of the suite's TLS backends pass?
fn verifies(tls: &BackendTls) -> bool {
    let is_trusted = match &tls.trust {
        Trust::Authorities(list) => list.iter().any(|id| id.0.as_str() == BACKEND_AUTHORITY),
        Trust::System | Trust::Nobody => false,
    };
    let names = tls.subject_alt_names.iter().map(|name| match name {
        SubjectAltName::Hostname(name) | SubjectAltName::Uri(name) => name.as_str(),
    });
    let mut names = names.chain(Some(tls.hostname.as_str()).filter(|_| tls.subject_alt_names.is_empty()));
    is_trusted && names.any(|name| BACKEND_NAMES.contains(&name))
}

/// The suite ignores spaces in lists of CORS; no other value has any.
fn bare(value: &str) -> String {
    value.replace(' ', "")
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, actual: T, wanted: T) -> Result<(), String> {
    if actual == wanted { Ok(()) } else { Err(format!("{what}: {actual:?}, not {wanted:?}")) }
}

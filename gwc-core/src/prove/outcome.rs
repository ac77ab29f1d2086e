//! One type for what both sides do with a request, and the aspects in which two outcomes differ (ingress-migrate.md
//! §7.1, §7.2).
//!
//! Texts that mean the same are made equal before they are compared: weights are reduced, `http://a` is `http://a/`,
//! and a lone `?` is no query (level L4, which no backend tells apart).

use std::collections::BTreeMap;
use std::fmt;

use compact_str::CompactString;

use crate::ingress;
use crate::ir;
use crate::predict::{self, AnsweredBy, Closed};
use crate::prove::allowance::Dimension;
use crate::value::gcd;

/// Who gets a share of the requests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Receiver {
    /// A Service by namespace, name and port.
    Service(CompactString, CompactString, CompactString),
    /// Something else than a Service, as text.
    Other(CompactString),
    /// The gateway itself, with this status: the backend cannot be used.
    Status(u16),
}

impl Receiver {
    /// The Service of a backend of an Ingress.
    #[must_use]
    pub fn of(backend: &ingress::Backend) -> Self {
        let (service, port) = (&backend.service, compact_str::format_compact!("{}", backend.port));
        Self::Service(service.namespace.clone(), service.name.clone(), port)
    }
}

impl fmt::Display for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(namespace, name, port) => write!(f, "{namespace}/{name}:{port}"),
            Self::Other(text) => f.write_str(text),
            Self::Status(status) => write!(f, "status {status}"),
        }
    }
}

/// How a backend is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Wire {
    /// Over TLS?
    pub is_tls: bool,
    /// HTTP/2, as gRPC needs it?
    pub is_http2: bool,
}

/// What goes to a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Receivers with their shares, without a common divisor.
    pub shares: BTreeMap<Receiver, u64>,
    /// Path and query as sent.
    pub target: String,
    /// `Host` as sent.
    pub host: String,
    /// How the backend is spoken to.
    pub wire: Wire,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It goes to a backend.
    Forward(Box<Forward>),
    /// It is redirected.
    Redirect {
        /// Status.
        code: u16,
        /// `Location`.
        location: String,
    },
    /// It is answered.
    Answer {
        /// Status.
        status: u16,
        /// Who answers, on the target.
        by: Option<AnsweredBy>,
    },
    /// There is no connection, or none that is answered.
    Closed,
    /// It depends on something that the model of the source cannot read.
    Unknown(CompactString),
}

/// An aspect in which outcomes differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Is there a connection, and with which certificate (L0)?
    Connection,
    /// What sort of outcome, and which status (L1).
    Sort,
    /// Backends and their shares (L1).
    Shares,
    /// Path as sent (L2).
    Path,
    /// Query as sent (L2).
    Query,
    /// Host as sent (L2).
    Host,
    /// Status of a redirect (L2).
    Code,
    /// Scheme, host and port of `Location` (L2).
    Origin,
    /// Path of `Location` (L2).
    LocationPath,
    /// Query of `Location` (L2).
    LocationQuery,
    /// How the backend is spoken to (L2).
    Wire,
    /// A policy (L3).
    Policy(Dimension),
}

impl Aspect {
    /// The level that compares it (§7.2), 0 to 3.
    #[must_use]
    pub fn level(self) -> u8 {
        match self {
            Self::Connection => 0,
            Self::Sort | Self::Shares => 1,
            Self::Path
            | Self::Query
            | Self::Host
            | Self::Code
            | Self::Origin
            | Self::LocationPath
            | Self::LocationQuery
            | Self::Wire => 2,
            Self::Policy(_) => 3,
        }
    }

    /// Is a difference an error, if it is not announced? Of policies only access controls are.
    #[must_use]
    pub fn is_error(self) -> bool {
        self.level() < 3 || self == Self::Policy(Dimension::Access)
    }
}

impl Outcome {
    /// Of the model of a controller.
    #[must_use]
    pub fn of_source(outcome: ingress::Outcome, wire: Wire) -> Self {
        match outcome {
            ingress::Outcome::Forward(forward) => {
                let shares = forward.shares.iter().map(|(backend, weight)| (Receiver::of(backend), u64::from(*weight)));
                let shares = reduced(shares);
                Self::Forward(Box::new(Forward { shares, target: forward.target, host: forward.host, wire }))
            }
            ingress::Outcome::Redirect { code, location } => Self::Redirect { code, location },
            ingress::Outcome::Fixed { code } => Self::Answer { status: code, by: None },
            ingress::Outcome::Unknown { text } => Self::Unknown(text),
        }
    }

    /// Of a prediction; `host` is that of the request.
    #[must_use]
    pub fn of_target(outcome: predict::Outcome, host: &str, config: &ir::Config) -> Self {
        match outcome {
            predict::Outcome::Closed(
                Closed::NoListenerForSni | Closed::WrongProtocol | Closed::NoRoute | Closed::NoBackend,
            ) => Self::Closed,
            predict::Outcome::Answered(answer) => match answer.location {
                Some(location) => Self::Redirect { code: answer.status, location },
                None => Self::Answer { status: answer.status, by: Some(answer.by) },
            },
            predict::Outcome::Forwarded(forward) => Self::forwarded(forward, host, config),
        }
    }

    fn forwarded(forward: predict::Forward, host: &str, config: &ir::Config) -> Self {
        let shares = forward.shares.iter().map(|share| (receiver(share, config), u64::from(share.weight)));
        let shares = reduced(shares);
        let wire = forward.shares.iter().find(|share| share.status.is_none()).map(|share| wire(share, config));
        let sent = forward.shares.into_iter().find(|share| share.status.is_none()).map(|share| share.upstream);
        let sent = sent.unwrap_or_default();
        let host = sent.authority.unwrap_or_else(|| host.to_owned());
        Self::Forward(Box::new(Forward { shares, target: sent.target, host, wire: wire.unwrap_or_default() }))
    }

    /// The aspects in which the outcomes of source and target differ, in order; empty: they are equal.
    #[must_use]
    pub fn differences(&self, target: &Self) -> Vec<Aspect> {
        match (self, target) {
            (Self::Unknown(_), _) | (_, Self::Unknown(_)) => Vec::new(),
            (Self::Forward(old), Self::Forward(new)) => old.differences(new),
            (Self::Redirect { code, location }, Self::Redirect { code: new_code, location: new_location }) => {
                let mut aspects: Vec<Aspect> = (code != new_code).then_some(Aspect::Code).into_iter().collect();
                let (old, new) = (Location::read(location), Location::read(new_location));
                aspects.extend((!is_same_origin(old.origin, new.origin)).then_some(Aspect::Origin));
                aspects.extend((old.path != new.path).then_some(Aspect::LocationPath));
                aspects.extend((old.query != new.query).then_some(Aspect::LocationQuery));
                aspects
            }
            (Self::Answer { status, .. }, Self::Answer { status: other, .. }) if status == other => Vec::new(),
            (Self::Closed, Self::Closed) => Vec::new(),
            (Self::Closed, _) | (_, Self::Closed) => vec![Aspect::Connection],
            (
                Self::Forward(_) | Self::Redirect { .. } | Self::Answer { .. },
                Self::Forward(_) | Self::Redirect { .. } | Self::Answer { .. },
            ) => vec![Aspect::Sort],
        }
    }

    /// As a redirect.
    #[must_use]
    pub fn redirect(&self) -> Option<(u16, Location<'_>)> {
        match self {
            Self::Redirect { code, location } => Some((*code, Location::read(location))),
            Self::Forward(_) | Self::Answer { .. } | Self::Closed | Self::Unknown(_) => None,
        }
    }

    /// As something that goes to a backend.
    #[must_use]
    pub fn forward(&self) -> Option<&Forward> {
        match self {
            Self::Forward(forward) => Some(forward),
            Self::Redirect { .. } | Self::Answer { .. } | Self::Closed | Self::Unknown(_) => None,
        }
    }

    /// The status that the gateway or controller itself answers with, redirects left out.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answer { status, .. } => Some(*status),
            Self::Forward(_) | Self::Redirect { .. } | Self::Closed | Self::Unknown(_) => None,
        }
    }
}

impl Forward {
    fn differences(&self, target: &Self) -> Vec<Aspect> {
        let mut aspects = Vec::new();
        if self.shares != target.shares {
            aspects.push(Aspect::Shares);
        }
        if self.target != target.target {
            let (old, new) = (Location::of_target(&self.target), Location::of_target(&target.target));
            aspects.extend((old.path != new.path).then_some(Aspect::Path));
            aspects.extend((old.query != new.query).then_some(Aspect::Query));
        }
        if !self.host.eq_ignore_ascii_case(&target.host) {
            aspects.push(Aspect::Host);
        }
        // A Service may ask for HTTP/2 by itself, which changes nothing for who did not ask for gRPC.
        if self.wire.is_tls != target.wire.is_tls || (self.wire.is_http2 && !target.wire.is_http2) {
            aspects.push(Aspect::Wire);
        }
        aspects
    }
}

fn receiver(share: &predict::Share, config: &ir::Config) -> Receiver {
    match (share.status, config.key(&share.target)) {
        (Some(status), _) => Receiver::Status(status),
        (None, Some(key)) if key.kind == "Service" && key.group.is_empty() => {
            let port = key.port.map(|port| compact_str::format_compact!("{port}")).unwrap_or_default();
            Receiver::Service(key.namespace.as_str().into(), key.name.as_str().into(), port)
        }
        (None, Some(key)) => Receiver::Other(compact_str::format_compact!("{key}")),
        (None, None) => Receiver::Status(500),
    }
}

fn wire(share: &predict::Share, config: &ir::Config) -> Wire {
    let ir::Target::Backend(position) = &share.target else { return Wire::default() };
    let backend = config.backends.get(*position as usize);
    backend.map_or_else(Wire::default, |backend| Wire {
        is_tls: backend.tls.is_some(),
        // A Service that is not there may well ask for HTTP/2 by itself.
        is_http2: backend.protocol == ir::BackendProtocol::Http2 || backend.assumed,
    })
}

/// Equal receivers together, without those that get nothing, weights without a common divisor.
fn reduced(shares: impl Iterator<Item = (Receiver, u64)>) -> BTreeMap<Receiver, u64> {
    let mut all: BTreeMap<Receiver, u64> = BTreeMap::new();
    for (receiver, weight) in shares.filter(|(_, weight)| *weight > 0) {
        let sum = all.entry(receiver).or_default();
        *sum = sum.saturating_add(weight);
    }
    let divisor = all.values().fold(0, |divisor, weight| gcd(divisor, *weight)).max(1);
    all.values_mut().for_each(|weight| *weight /= divisor);
    all
}

/// A `Location`, or a request target, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location<'l> {
    /// Scheme, host and port; empty where it is relative.
    pub origin: &'l str,
    /// Path, `/` where there is none.
    pub path: &'l str,
    /// Query; a lone `?` is none.
    pub query: Option<&'l str>,
}

impl<'l> Location<'l> {
    /// Takes a `Location` apart.
    #[must_use]
    pub fn read(text: &'l str) -> Self {
        let start = text.find("://").map_or(0, |at| at + 3);
        let end = text.get(start..).and_then(|rest| rest.find(['/', '?'])).map_or(text.len(), |at| start + at);
        let end = if start == 0 { 0 } else { end };
        let (origin, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        Self { origin: without_default_port(origin), ..Self::of_target(rest) }
    }

    fn of_target(text: &'l str) -> Self {
        let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
        let path = if path.is_empty() { "/" } else { path };
        Self { origin: "", path, query: query.filter(|query| !query.is_empty()) }
    }
}

/// Names are compared without case and final dot.
fn is_same_origin(one: &str, other: &str) -> bool {
    let bare = |origin: &str| {
        let (name, port) = match origin.rsplit_once(':') {
            Some((name, port)) if !port.starts_with('/') => (name, port),
            Some(_) | None => (origin, ""),
        };
        (name.trim_end_matches('.').to_ascii_lowercase(), port.to_owned())
    };
    one == other || bare(one) == bare(other)
}

fn without_default_port(origin: &str) -> &str {
    let port = if origin.starts_with("https:") { ":443" } else { ":80" };
    origin.strip_suffix(port).unwrap_or(origin)
}

impl fmt::Display for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_one = self.shares.len() == 1;
        let share = |(receiver, weight): (&Receiver, &u64)| match is_one {
            true => receiver.to_string(),
            false => format!("{receiver} × {weight}"),
        };
        let shares: Vec<String> = self.shares.iter().map(share).collect();
        write!(f, "{} {}", shares.join(" + "), self.target)?;
        f.write_str(if self.wire.is_tls { " over TLS" } else { "" })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forward(forward) => write!(f, "forward {forward}"),
            Self::Redirect { code, location } => write!(f, "redirect {code} {location}"),
            Self::Answer { status, .. } => write!(f, "status {status}"),
            Self::Closed => f.write_str("no connection"),
            Self::Unknown(text) => write!(f, "unknown: `{text}`"),
        }
    }
}

impl Outcome {
    /// As text for a request to `host`: with the host that is sent, where it is another one.
    #[must_use]
    pub fn text(&self, host: &str) -> String {
        let other = self.forward().map(|forward| forward.host.as_str()).filter(|sent| !sent.eq_ignore_ascii_case(host));
        other.map_or_else(|| self.to_string(), |sent| format!("{self} as {sent}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect(location: &str) -> Outcome {
        Outcome::Redirect { code: 308, location: location.to_owned() }
    }

    #[test]
    fn locations_are_compared_by_parts() {
        let cases: &[(&str, &str, &[Aspect])] = &[
            ("https://a.io", "https://a.io/", &[]),
            ("https://a.io:443/x?", "https://a.io/x", &[]),
            ("https://a.io/x", "https://a.io/x/", &[Aspect::LocationPath]),
            ("https://a.io/x?q", "http://a.io/x", &[Aspect::Origin, Aspect::LocationQuery]),
            ("/x", "http://a.io/x", &[Aspect::Origin]),
            ("http://A.io.:8080/x", "http://a.io:8080/x", &[]),
            ("http://a.io:8080/x", "http://a.io:81/x", &[Aspect::Origin]),
            ("https://a.io?x=/y", "https://a.io/?x=/y", &[]),
        ];
        for (old, new, expected) in cases {
            assert_eq!(redirect(old).differences(&redirect(new)), *expected, "{old} {new}");
        }
    }

    #[test]
    fn shares_are_compared_without_their_scale() {
        let shares = |weights: &[(u16, u64)]| {
            reduced(weights.iter().map(|(status, weight)| (Receiver::Status(*status), *weight)))
        };
        assert_eq!(shares(&[(500, 90), (503, 10)]), shares(&[(503, 1), (500, 9), (404, 0)]));
        assert_eq!(shares(&[(500, 1), (500, 1)]), shares(&[(500, 7)]));
        assert_ne!(shares(&[(500, 90), (503, 10)]), shares(&[(500, 10), (503, 90)]));
    }
}

//! The source: the model of a controller, with what the verifier needs to know to ask it about everything.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::api::ingress::{PathType, Port};
use crate::ingress::generic::Rules;
use crate::ingress::nginx::{Certificate, Form, Naming, Probes, Protocol, ServedName, Servers};
use crate::ingress::{self, Access, Backend, Policy, Reply, Scheme, Step, TlsReply};
use crate::prove::outcome::{Forward, Outcome, Receiver, Wire};
use crate::prove::request::Request;
use crate::value::{ObjectKey, pattern};

/// The model of the controller of a class.
#[derive(Debug, Clone, Copy)]
pub enum Source<'s> {
    /// ingress-nginx.
    Nginx(&'s Servers),
    /// The text of the Ingress API.
    Generic(&'s Rules),
}

/// What the source does with a request, and who decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The outcome.
    pub outcome: Outcome,
    /// Who decided.
    pub decided: Option<ingress::Decided>,
    /// What decided.
    pub step: Step,
    /// What is in force where it was decided.
    pub policy: Option<Arc<Policy>>,
    /// Access controls that the answer has passed.
    pub access: Vec<Access>,
}

/// A set of paths that the source tells from others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Paths {
    /// Text as rendered.
    pub(super) text: String,
    /// How paths are compared.
    pub(super) form: Shape,
    /// Is the path rewritten by its groups?
    pub(super) is_rewritten: bool,
}

/// How paths are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Exact,
    Letters,
    Elements,
    Regex,
}

impl<'s> Source<'s> {
    /// Asks about a request.
    #[must_use]
    pub fn ask(&self, request: &Request) -> Answer {
        if let Some(outcome) = self.connection(request) {
            return Answer { outcome, decided: None, step: Step::NoServer, policy: None, access: Vec::new() };
        }
        let reply = request.ask(|request| match self {
            Self::Nginx(servers) => servers.evaluate(request),
            Self::Generic(rules) => rules.evaluate(request),
        });
        let access = reply.access().cloned().collect();
        let Reply { outcome, decided, step, policy } = reply;
        let wire = policy.as_ref().map_or_else(Wire::default, |policy| wire(policy.protocol, request.scheme));
        Answer { outcome: Outcome::of_source(outcome, wire), decided, step, policy, access }
    }

    /// What happens to a TLS connection that the controller does not decrypt.
    fn connection(&self, request: &Request) -> Option<Outcome> {
        let Self::Nginx(servers) = self else { return None };
        if request.scheme == Scheme::Http {
            return None;
        }
        match servers.tls(Some(&request.name())) {
            TlsReply::Terminate(_) => None,
            TlsReply::Refuse => Some(Outcome::Closed),
            TlsReply::Passthrough(backend) => {
                let shares = [(Receiver::of(&backend), 1)].into();
                let (target, host, wire) = (String::new(), request.host.clone(), Wire::default());
                Some(Outcome::Forward(Box::new(Forward { shares, target, host, wire })))
            }
        }
    }

    /// Names of hosts, `*.` in front of wildcards; aliases that are expressions begin with `~`.
    pub(super) fn names(&self) -> BTreeSet<String> {
        match self {
            Self::Nginx(servers) => servers.all_names().into_iter().map(written).collect(),
            Self::Generic(rules) => rules.hosts().flatten().map(str::to_owned).collect(),
        }
    }

    /// The host, as in the Ingress, that a name leads to; `None`: it is none's.
    pub(super) fn leads_to(&self, name: &str) -> Option<(&'s str, Naming)> {
        match self {
            Self::Nginx(servers) => servers.leads_to(name),
            Self::Generic(rules) => {
                let host = rules.host_of(name).flatten()?;
                Some((host, if host.starts_with("*.") { Naming::Wildcard } else { Naming::Exact }))
            }
        }
    }

    /// What paths of a host are compared with.
    pub(super) fn paths(&self, host: Option<&str>) -> BTreeSet<Paths> {
        match self {
            Self::Nginx(servers) => {
                let shape = |form| match form {
                    Form::Exact => Shape::Exact,
                    Form::Prefix => Shape::Letters,
                    Form::Regex => Shape::Regex,
                };
                let probes = servers.probes(host.unwrap_or("_"));
                let is_rewritten = |path: &str| probes.rewrites.iter().any(|(own, _)| *own == path);
                let own = probes.paths.iter().map(|(path, form)| Paths {
                    text: (*path).to_owned(),
                    form: shape(*form),
                    is_rewritten: is_rewritten(path),
                });
                own.collect()
            }
            Self::Generic(rules) => {
                let shape = |kind| match kind {
                    PathType::Exact => Shape::Exact,
                    PathType::Prefix | PathType::ImplementationSpecific => Shape::Elements,
                };
                let own = rules.paths(host);
                own.map(|(text, kind)| Paths { text: text.to_owned(), form: shape(kind), is_rewritten: false })
                    .collect()
            }
        }
    }

    /// Are all locations of a host regular expressions?
    pub(super) fn is_regex_host(&self, host: Option<&str>) -> bool {
        match self {
            Self::Nginx(servers) => servers.is_regex_host(host.unwrap_or("_")),
            Self::Generic(_) => false,
        }
    }

    /// What else answers of a host depend on.
    pub(super) fn probes(&self, host: Option<&str>) -> Probes<'s> {
        match self {
            Self::Nginx(servers) => servers.probes(host.unwrap_or("_")),
            Self::Generic(_) => Probes::default(),
        }
    }

    /// Backends that share requests with this one, itself included.
    pub(super) fn sharing(&self, namespace: &str, name: &str, port: &str) -> BTreeSet<Receiver> {
        let Self::Nginx(servers) = self else { return BTreeSet::new() };
        let number = port.parse().map_or_else(|_| Port::Name(port.into()), Port::Number);
        let backend = Backend { service: ObjectKey::new(namespace, name), port: number };
        servers.sharing(&backend).into_iter().map(Receiver::of).collect()
    }

    /// The certificate that a host asks for; `None`: it asks for none, and clients see the controller's own.
    pub(super) fn certificate(&self, name: &str) -> Option<&'s Certificate> {
        match self {
            Self::Nginx(servers) => servers.certificate(name),
            Self::Generic(_) => None,
        }
    }
}

fn written(name: ServedName<'_>) -> String {
    match name {
        ServedName::Exact(name) | ServedName::Redirect(name) => name.to_owned(),
        ServedName::OneLabel(parent) => format!("*.{parent}"),
        ServedName::Suffix(parent) => format!("*.{}", parent.trim_start_matches('.')),
        ServedName::Pattern(pattern) => format!("~{pattern}"),
    }
}

fn wire(protocol: Protocol, scheme: Scheme) -> Wire {
    let (is_tls, is_http2) = match protocol {
        Protocol::Http | Protocol::Fcgi => (false, false),
        Protocol::Https => (true, false),
        Protocol::AutoHttp => (scheme == Scheme::Https, false),
        Protocol::Grpc => (false, true),
        Protocol::Grpcs => (true, true),
    };
    Wire { is_tls, is_http2 }
}

impl Paths {
    /// The text before the first sign of an expression.
    pub(super) fn head(&self) -> &str {
        if self.form == Shape::Regex { head(&self.text) } else { &self.text }
    }

    /// As expressions of whole paths; those that cannot be written as such are left out.
    pub(super) fn languages(&self) -> Vec<String> {
        match self.form {
            Shape::Exact | Shape::Letters => {
                let literal = pattern::literal(&self.text);
                let own = if self.form == Shape::Exact { literal } else { format!("{literal}(?s:.*)") };
                // The redirect to the name with a slash.
                let bare = self.text.strip_suffix('/').filter(|bare| !bare.is_empty()).map(pattern::literal);
                [own].into_iter().chain(bare).collect()
            }
            Shape::Elements => {
                vec![format!("{}(?:/(?s:.*))?", pattern::literal(self.text.trim_end_matches('/')))]
            }
            Shape::Regex => {
                let anchored = searched(&format!("^{}", self.text), true);
                let free = self.is_rewritten.then(|| searched(&self.text, true)).flatten();
                anchored.into_iter().chain(free).collect()
            }
        }
    }
}

/// The beginning of an expression that stands for itself.
pub(super) fn head(text: &str) -> &str {
    let signs = r"\.+*?()|[]{}^$";
    let end = text.find(|c| signs.contains(c)).unwrap_or(text.len());
    // What a repetition follows may be absent.
    let repeated = text.get(end..).is_some_and(|rest| rest.starts_with(['*', '?', '{']));
    let end = if repeated { end.saturating_sub(1) } else { end };
    // A later alternative need not begin so.
    if text.contains('|') && !text.contains('(') { "" } else { text.get(..end).unwrap_or_default() }
}

/// Does the text hold signs of an expression?
pub(super) fn is_expression(text: &str) -> bool {
    head(text).len() < text.len()
}

/// A search as an expression for whole texts; `None`: it cannot be read here.
pub(super) fn searched(expression: &str, ignores_case: bool) -> Option<String> {
    let own = pattern::group(expression).ok()?;
    let flags = if ignores_case { "i" } else { "-i" };
    Some(format!("(?s:.*)(?{flags}:{own})(?s:.*)"))
}

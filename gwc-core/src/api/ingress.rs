//! Ingress and IngressClass, as `networking.k8s.io/v1` says them; the older versions are read as this one.
//!
//! Everything that a migration has to account for, with its place. Annotations stand in [`Meta::annotations`].

use compact_str::CompactString;

use crate::api::{Meta, Text};
use crate::source::{Span, Spanned};
use crate::value::INGRESS_GROUP;

/// `networking.k8s.io` or `extensions` Ingress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingress {
    /// Identity.
    pub meta: Meta,
    /// `spec.ingressClassName`.
    pub class: Option<Text>,
    /// `spec.defaultBackend`.
    pub default_backend: Option<Backend>,
    /// `spec.tls[]`.
    pub tls: Vec<Tls>,
    /// `spec.rules[]`.
    pub rules: Vec<Rule>,
    /// Addresses of `status.loadBalancer`: IPs and hostnames.
    pub addresses: Vec<CompactString>,
}

/// `spec.tls[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// `hosts`.
    pub hosts: Vec<Text>,
    /// `secretName`, unless empty.
    pub secret: Option<Text>,
    /// The entry.
    pub span: Span,
}

/// `spec.rules[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `host`, unless empty.
    pub host: Option<Text>,
    /// `http.paths[]`; `None`: the rule has no `http`.
    pub paths: Option<Vec<Path>>,
    /// The entry.
    pub span: Span,
}

/// `spec.rules[].http.paths[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// `path`.
    pub path: Option<Text>,
    /// `pathType`; ImplementationSpecific unless written (old versions).
    pub path_type: Spanned<PathType>,
    /// `backend`.
    pub backend: Option<Backend>,
    /// The entry.
    pub span: Span,
}

/// `pathType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathType {
    /// Equal.
    Exact,
    /// By elements.
    Prefix,
    /// The choice of the controller.
    ImplementationSpecific,
}

/// `backend` of a path, or `defaultBackend`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// Whom it names.
    pub target: Target,
    /// The backend.
    pub span: Span,
}

/// Whom a backend names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A Service of the namespace.
    Service {
        /// Name.
        name: Text,
        /// Port.
        port: Spanned<Port>,
    },
    /// Any object of the namespace.
    Resource {
        /// Group; empty for core.
        group: CompactString,
        /// Kind.
        kind: CompactString,
        /// Name.
        name: Text,
    },
}

/// Port of a Service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Port {
    /// By number.
    Number(u16),
    /// By name.
    Name(CompactString),
}

impl std::fmt::Display for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// `networking.k8s.io` IngressClass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngressClass {
    /// Identity.
    pub meta: Meta,
    /// `spec.controller`.
    pub controller: Option<Text>,
    /// Is `spec.parameters` written, and where?
    pub parameters: Option<Span>,
}

/// Annotation that makes a class the one of Ingresses that name none.
const DEFAULT_CLASS: &str = "ingressclass.kubernetes.io/is-default-class";

impl Ingress {
    /// Do servers of today serve it? Verdicts about a world pass over the others.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.meta.group == INGRESS_GROUP
    }

    /// `spec.rules[].host`, in order.
    pub fn hosts(&self) -> impl Iterator<Item = &Text> {
        self.rules.iter().filter_map(|rule| rule.host.as_ref())
    }

    /// The value of an annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&Text> {
        self.meta.annotation(key)
    }
}

impl IngressClass {
    /// Is it the class of Ingresses that name none?
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.meta.annotation(DEFAULT_CLASS).is_some_and(|text| text.value == "true")
    }
}

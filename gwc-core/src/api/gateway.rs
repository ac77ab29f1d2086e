//! GatewayClass, Gateway, ListenerSet and their listeners. A listener of a Gateway and an entry of a ListenerSet are one type.

use compact_str::CompactString;

use crate::api::reference::{ObjectReference, ParentRef};
use crate::api::{Meta, Text};
use crate::source::{Span, Spanned};
use crate::value::Hostname;

/// `GatewayClass.spec`.
#[derive(Debug, Clone, PartialEq)]
pub struct GatewayClass {
    /// Identity.
    pub meta: Meta,
    /// `spec.controllerName`.
    pub controller_name: Text,
    /// `spec.parametersRef`; its namespace is as written.
    pub parameters_ref: Option<ObjectReference>,
    /// `status.supportedFeatures[]` of a manifest from a cluster (GWC6005); empty where there is none.
    pub supported_features: Vec<CompactString>,
}

/// `Gateway.spec`.
#[derive(Debug, Clone, PartialEq)]
pub struct Gateway {
    /// Identity.
    pub meta: Meta,
    /// `spec.gatewayClassName`.
    pub class_name: Text,
    /// `spec.listeners[]`.
    pub listeners: Vec<Listener>,
    /// `spec.addresses[]`.
    pub addresses: Vec<Address>,
    /// `spec.infrastructure.parametersRef`.
    pub parameters_ref: Option<ObjectReference>,
    /// `spec.allowedListeners.namespaces`; `None` from: None (LS-3).
    pub allowed_listeners: Option<AllowedNamespaces>,
    /// `spec.tls.backend.clientCertificateRef`.
    pub client_certificate_ref: Option<ObjectReference>,
    /// `spec.tls.frontend`.
    pub frontend_tls: Option<FrontendTls>,
}

/// `spec.addresses[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Type; IPAddress unless written.
    pub r#type: Text,
    /// Value; may be missing.
    pub value: Option<Text>,
    /// The entry.
    pub span: Span,
}

/// `spec.tls.frontend` (status.md §3.6).
#[derive(Debug, Clone, PartialEq)]
pub struct FrontendTls {
    /// `default.validation`.
    pub default: Option<FrontendValidation>,
    /// `perPort[]`: port and its validation; an entry without one switches validation off.
    pub per_port: Vec<(Spanned<u16>, Option<FrontendValidation>)>,
}

impl FrontendTls {
    /// The validation that counts for an HTTPS listener on `port`.
    #[must_use]
    pub fn validation(&self, port: u16) -> Option<&FrontendValidation> {
        let listed = self.per_port.iter().find(|(number, _)| number.value == port);
        listed.map_or(self.default.as_ref(), |(_, validation)| validation.as_ref())
    }

    /// All validations with their places in the spec.
    pub fn validations(&self) -> impl Iterator<Item = &FrontendValidation> {
        self.default.iter().chain(self.per_port.iter().filter_map(|(_, validation)| validation.as_ref()))
    }
}

/// `validation` of a frontend.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontendValidation {
    /// `caCertificateRefs[]`.
    pub ca_refs: Vec<ObjectReference>,
    /// `mode`; `AllowValidOnly` unless written.
    pub mode: Text,
    /// The mapping.
    pub span: Span,
}

/// `ListenerSet.spec` (XListenerSet of v1.3 and v1.4 alike).
#[derive(Debug, Clone, PartialEq)]
pub struct ListenerSet {
    /// Identity; its group tells ListenerSet from XListenerSet.
    pub meta: Meta,
    /// `spec.parentRef`.
    pub parent: ParentRef,
    /// `spec.listeners[]`.
    pub listeners: Vec<Listener>,
}

/// `spec.listeners[]` of a Gateway or a ListenerSet.
#[derive(Debug, Clone, PartialEq)]
pub struct Listener {
    /// Name.
    pub name: Text,
    /// Hostname; `None`: any.
    pub hostname: Option<Spanned<Hostname>>,
    /// Port. An XListenerSet may leave it out or say 0: `None`.
    pub port: Option<Spanned<u16>>,
    /// Protocol as written.
    pub protocol: Text,
    /// `tls`.
    pub tls: Option<ListenerTls>,
    /// `allowedRoutes.namespaces`; `from` is `Same` unless written.
    pub namespaces: AllowedNamespaces,
    /// `allowedRoutes.kinds[]`.
    pub kinds: Vec<RouteGroupKind>,
    /// Place of `allowedRoutes`, where written.
    pub allowed_routes_span: Option<Span>,
    /// The entry.
    pub span: Span,
}

/// `allowedRoutes.kinds[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteGroupKind {
    /// Group, defaulted.
    pub group: CompactString,
    /// Kind.
    pub kind: Text,
    /// The entry.
    pub span: Span,
}

/// `listeners[].tls`.
#[derive(Debug, Clone, PartialEq)]
pub struct ListenerTls {
    /// Mode; Terminate unless written.
    pub mode: TlsMode,
    /// Place of `mode`, else of `tls`.
    pub mode_span: Span,
    /// `certificateRefs[]`; kind defaulted to Secret.
    pub certificate_refs: Vec<ObjectReference>,
    /// Number of `options`.
    pub n_options: usize,
    /// The mapping.
    pub span: Span,
}

/// `tls.mode`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsMode {
    /// TLS ends at the listener.
    Terminate,
    /// TLS goes through to the backend.
    Passthrough,
    /// A value of a newer API.
    Unknown(CompactString),
}

/// `namespaces` of `allowedRoutes` or `allowedListeners`.
#[derive(Debug, Clone, PartialEq)]
pub struct AllowedNamespaces {
    /// `from`.
    pub from: From,
    /// `selector`, where written.
    pub selector: Option<LabelSelector>,
    /// Place of `from`, else of the nearest mapping that is written.
    pub span: Span,
    /// Is `from` written?
    pub written: bool,
}

/// `namespaces.from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// Every namespace.
    All,
    /// The namespace of the object that declares the listener.
    Same,
    /// Namespaces whose labels fit.
    Selector,
    /// No namespace.
    None,
}

/// A Kubernetes label selector.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelSelector {
    /// `matchLabels`, sorted by key, each with the place of its entry.
    pub match_labels: Vec<(CompactString, CompactString, Span)>,
    /// `matchExpressions[]`.
    pub expressions: Vec<SelectorExpression>,
    /// The selector.
    pub span: Span,
}

/// `matchExpressions[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorExpression {
    /// Label key.
    pub key: CompactString,
    /// Operator as written: In, NotIn, Exists, DoesNotExist.
    pub operator: CompactString,
    /// Values.
    pub values: Vec<CompactString>,
    /// The entry.
    pub span: Span,
}

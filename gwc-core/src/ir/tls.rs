//! TLS of listeners and backends. Certificates and authorities are ids; the material is in the secret store.

use serde::{Deserialize, Serialize};

use crate::ir::Str;

/// Id of a key pair: `namespace/name` of its Secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct CertificateId(pub Str);

/// Id of a set of authorities: `Kind/namespace/name` of the object that holds `ca.crt`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct AuthorityId(pub Str);

/// `tls` of a listener.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum ListenerTls {
    /// The connection goes through as it is.
    Passthrough,
    /// TLS ends here.
    Terminate(Terminate),
}

/// TLS that ends at the listener.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terminate {
    /// Usable key pairs in the order of `certificateRefs`; empty where they are only assumed to exist.
    pub certificates: Vec<CertificateId>,
    /// Client certificates (routing.md §1.6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_validation: Option<ClientValidation>,
}

/// `spec.tls.frontend` validation that applies to a listener.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientValidation {
    /// Usable authorities.
    pub authorities: Vec<AuthorityId>,
    /// `AllowInsecureFallback`: a certificate is asked for and nothing is required of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub insecure_fallback: bool,
}

/// TLS towards a backend (routing.md §5.5).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BackendTls {
    /// `namespace/name` of the BackendTLSPolicy.
    pub policy: Str,
    /// SNI, and the name that is verified unless `subject_alt_names` are given.
    pub hostname: Str,
    /// Names of which one must match instead of `hostname`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subject_alt_names: Vec<SubjectAltName>,
    /// Whom to trust.
    pub trust: Trust,
}

/// A name of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum SubjectAltName {
    /// DNS name, wildcards allowed.
    Hostname(Str),
    /// URI, exact.
    Uri(Str),
}

/// Whom a backend's certificate must come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Trust {
    /// The system's authorities.
    System,
    /// These.
    Authorities(Vec<AuthorityId>),
    /// The policy is invalid: no connection is made and the client gets a 5xx.
    Nobody,
}

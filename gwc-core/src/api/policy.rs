//! ReferenceGrant, BackendTLSPolicy, XBackendTrafficPolicy.

use compact_str::CompactString;

use crate::api::reference::ObjectReference;
use crate::api::route::SessionPersistence;
use crate::api::{Meta, Text};
use crate::source::Span;

/// `ReferenceGrant.spec`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceGrant {
    /// Identity.
    pub meta: Meta,
    /// `from[]`.
    pub from: Vec<GrantFrom>,
    /// `to[]`.
    pub to: Vec<GrantTo>,
}

/// `from[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFrom {
    /// Group; empty for core.
    pub group: Text,
    /// Kind.
    pub kind: Text,
    /// Namespace.
    pub namespace: Text,
    /// The entry.
    pub span: Span,
}

/// `to[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantTo {
    /// Group; empty for core.
    pub group: Text,
    /// Kind.
    pub kind: Text,
    /// Name; `None` or empty: any object.
    pub name: Option<Text>,
    /// The entry.
    pub span: Span,
}

/// `targetRefs[]` of a policy; the target is in the policy's namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyTarget {
    /// The target.
    pub target: ObjectReference,
    /// Port name of a Service.
    pub section_name: Option<Text>,
}

/// `BackendTLSPolicy.spec`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendTlsPolicy {
    /// Identity.
    pub meta: Meta,
    /// `targetRefs[]` (`targetRef` of v1alpha2).
    pub targets: Vec<PolicyTarget>,
    /// `validation.caCertificateRefs[]`; namespace is the policy's.
    pub ca_refs: Vec<ObjectReference>,
    /// `validation.wellKnownCACertificates`.
    pub well_known: Option<Text>,
    /// `validation.hostname`.
    pub hostname: Option<Text>,
    /// `validation.subjectAltNames[]`: type and value.
    pub subject_alt_names: Vec<(CompactString, Text)>,
    /// Place of `validation`.
    pub validation_span: Span,
}

/// `XBackendTrafficPolicy.spec`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendTrafficPolicy {
    /// Identity.
    pub meta: Meta,
    /// `targetRefs[]`.
    pub targets: Vec<PolicyTarget>,
    /// `sessionPersistence`.
    pub session_persistence: Option<SessionPersistence>,
    /// `retryConstraint`.
    pub retry_constraint: Option<RetryConstraint>,
}

/// `retryConstraint` with the API's defaults; times in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryConstraint {
    /// `budget.percent`; 20 unless written.
    pub percent: u32,
    /// `budget.interval`; 10 s unless written.
    pub interval: u64,
    /// `minRetryRate.count`; 10 unless written.
    pub min_count: u32,
    /// `minRetryRate.interval`; 1 s unless written.
    pub min_interval: u64,
}

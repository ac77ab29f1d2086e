//! Certificate and CA references (status.md §3.1, §3.6): kind, grant, existence, content.
//!
//! What is inside a PEM file is read by [`crate::certificate`].

use crate::api::core::Secret;
use crate::api::reference::ObjectReference;
pub use crate::certificate::CertificateProblem;
use crate::certificate::{self, Certificate};
use crate::eval::grant::Crossing;
use crate::eval::world::{Authority, Cx, Missing};
use crate::eval::{Fact, Judged, NotPermitted, Support};
use crate::graph::{ConfigMapId, Resolution, SecretId};
use crate::value::{GroupKind, ObjectKey};

/// Verdict on a certificate reference (status.md §3.1, §3.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateVerdict {
    /// A usable key pair.
    Valid(SecretId),
    /// Taken for granted: not in a world of known extent.
    Assumed,
    /// Cross-namespace without grant.
    RefNotPermitted(NotPermitted),
    /// Not a core Secret.
    UnsupportedKind,
    /// Not there.
    NotFound,
    /// There, but an API server would refuse it.
    Refused,
    /// There, but not usable.
    Malformed(SecretId, CertificateProblem),
}

/// Verdict on a CA reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaVerdict {
    /// At least one certificate.
    Valid(ConfigMapId),
    /// Taken for granted.
    Assumed,
    /// Cross-namespace without grant.
    RefNotPermitted(NotPermitted),
    /// Not a core ConfigMap.
    UnsupportedKind,
    /// Not there.
    NotFound,
    /// There, but an API server would refuse it.
    Refused,
    /// There, but without a usable `ca.crt`; true when the key is missing or empty.
    Malformed(ConfigMapId, bool),
}

impl CertificateVerdict {
    /// Can the listener serve it?
    #[must_use]
    pub fn is_usable(&self) -> bool {
        match self {
            Self::Valid(_) | Self::Assumed => true,
            Self::RefNotPermitted(_) | Self::UnsupportedKind | Self::NotFound | Self::Refused | Self::Malformed(..) => {
                false
            }
        }
    }
}

impl CaVerdict {
    /// Can clients or backends be checked against it?
    #[must_use]
    pub fn is_usable(&self) -> bool {
        match self {
            Self::Valid(_) | Self::Assumed => true,
            Self::RefNotPermitted(_) | Self::UnsupportedKind | Self::NotFound | Self::Refused | Self::Malformed(..) => {
                false
            }
        }
    }
}

/// Who holds a reference.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub(crate) group_kind: &'a GroupKind,
    pub(crate) namespace: &'a str,
}

/// How well a refusal for lack of a grant stands: a grant may be in manifests that were not given.
pub(crate) fn not_permitted_support(cx: &Cx<'_>, namespace: &str) -> Support {
    if cx.grants_known(namespace) { Support::spec() } else { Support::assumed(Fact::GrantsComplete(namespace.into())) }
}

/// Asks for a grant; `Err` with how well the refusal stands.
pub(crate) fn permitted(
    cx: &Cx<'_>,
    holder: Holder<'_>,
    to: &GroupKind,
    target: &ObjectKey,
) -> Result<(), (NotPermitted, Support)> {
    let crossing = Crossing { from: holder.group_kind, namespace: holder.namespace, to, target };
    let refused = |near| (near, not_permitted_support(cx, &target.namespace));
    cx.grants.permits(crossing).map_err(refused)
}

/// A reference to a key pair. The grant comes before everything: a refusal must not tell what exists.
pub(crate) fn key_pair(cx: &Cx<'_>, reference: &ObjectReference, holder: Holder<'_>) -> Judged<CertificateVerdict> {
    let (group_kind, key) = (reference.group_kind(), reference.target(holder.namespace));
    if let Err((near, support)) = permitted(cx, holder, &group_kind, &key) {
        return Judged::new(CertificateVerdict::RefNotPermitted(near), support);
    }
    if !(group_kind.group.is_empty() && group_kind.kind == "Secret") {
        return match cx.kind_given(&group_kind) {
            Some(support) => Judged::new(CertificateVerdict::Assumed, support),
            None => Judged::spec(CertificateVerdict::UnsupportedKind),
        };
    }
    match cx.graph.secret(&key) {
        Resolution::Found(id) => Judged::spec(match cx.key_pair(id) {
            Ok(_) => CertificateVerdict::Valid(id),
            Err(problem) => CertificateVerdict::Malformed(id, problem),
        }),
        Resolution::Refused(_) => Judged::spec(CertificateVerdict::Refused),
        Resolution::Absent => match cx.missing_secret(&key) {
            Missing::Proven => Judged::spec(CertificateVerdict::NotFound),
            Missing::Assumed(support) => Judged::new(CertificateVerdict::Assumed, support),
        },
    }
}

/// A CA reference of `tls.frontend`: kind, then grant from the Gateway, then existence.
pub(crate) fn frontend_ca(cx: &Cx<'_>, reference: &ObjectReference, holder: Holder<'_>) -> Judged<CaVerdict> {
    let (group_kind, key) = (reference.group_kind(), reference.target(holder.namespace));
    if !is_config_map(&group_kind) {
        return foreign_ca(cx, &group_kind);
    }
    if let Err((near, support)) = permitted(cx, holder, &group_kind, &key) {
        return Judged::new(CaVerdict::RefNotPermitted(near), support);
    }
    authority(cx, &key)
}

/// A CA reference of a BackendTLSPolicy: always local (BT-13).
pub(crate) fn policy_ca(cx: &Cx<'_>, reference: &ObjectReference, namespace: &str) -> Judged<CaVerdict> {
    let group_kind = reference.group_kind();
    if !is_config_map(&group_kind) {
        return foreign_ca(cx, &group_kind);
    }
    authority(cx, &ObjectKey::new(namespace, reference.name.value.clone()))
}

fn is_config_map(group_kind: &GroupKind) -> bool {
    group_kind.group.is_empty() && group_kind.kind == "ConfigMap"
}

fn foreign_ca(cx: &Cx<'_>, group_kind: &GroupKind) -> Judged<CaVerdict> {
    match cx.kind_given(group_kind) {
        Some(support) => Judged::new(CaVerdict::Assumed, support),
        None => Judged::spec(CaVerdict::UnsupportedKind),
    }
}

fn authority(cx: &Cx<'_>, key: &ObjectKey) -> Judged<CaVerdict> {
    match cx.graph.config_map(key) {
        Resolution::Found(id) => Judged::spec(match cx.authority(id) {
            Authority::Usable => CaVerdict::Valid(id),
            Authority::Missing => CaVerdict::Malformed(id, true),
            Authority::Unreadable => CaVerdict::Malformed(id, false),
        }),
        Resolution::Refused(_) => Judged::spec(CaVerdict::Refused),
        Resolution::Absent => match cx.missing_config_map(key) {
            Missing::Proven => Judged::spec(CaVerdict::NotFound),
            Missing::Assumed(support) => Judged::new(CaVerdict::Assumed, support),
        },
    }
}

/// Reads the key pair of a Secret: type, both keys, PEM, and that the key belongs to the certificate.
pub(crate) fn read_key_pair(secret: &Secret) -> Result<Certificate, CertificateProblem> {
    if secret.r#type.value != "kubernetes.io/tls" {
        return Err(CertificateProblem::WrongType);
    }
    let value = |key: &str, missing: CertificateProblem| match secret.value(key) {
        None => Err(missing),
        Some(value) => match value.bytes.as_deref() {
            None => Err(CertificateProblem::NotBase64),
            Some([]) => Err(missing),
            Some(bytes) => Ok(bytes),
        },
    };
    let chain = value("tls.crt", CertificateProblem::CertificateMissing)?;
    let key = value("tls.key", CertificateProblem::KeyMissing)?;
    certificate::key_pair(chain, key)
}

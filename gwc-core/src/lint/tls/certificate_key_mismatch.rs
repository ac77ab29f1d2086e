//! GWC4003 `certificate-key-mismatch`: private key and certificate of a Secret do not belong together.
//!
//! # What it checks
//! Secrets of certificates whose public key is not the one of `tls.key`.
//!
//! # Why it matters
//! No handshake can succeed with the pair: ResolvedRefs=False/InvalidCertificateRef. Several data planes refuse the
//! whole update, so that other listeners do not change either.
//!
//! # Example
//! ```yaml
//! kind: Secret
//! type: kubernetes.io/tls
//! stringData:
//!   tls.crt: certificate of this year
//!   tls.key: key of last year
//! ```
//!
//! # Fix
//! Store the certificate and the key that were made together; the first certificate of `tls.crt` must be the leaf.
//!
//! # Specification
//! `ListenerReasonInvalidCertificateRef`; status reference §3.6, L-11

use crate::api::core::Secret;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{CertificateProblem, CertificateVerdict};
use crate::graph::SecretId;
use crate::lint::finding::certificate::Certificate as Use;
use crate::lint::finding::{about, named};
use crate::lint::{Cx, Docs, Lint};

use super::certificate_use::{Unusable, by_secret, place, with_uses};

/// GWC4003.
pub(super) static LINT: Lint = Lint {
    code: rule::CERTIFICATE_KEY_MISMATCH,
    docs: Docs {
        summary: "private key and certificate of a Secret do not belong together",
        what: "Secrets of certificates whose public key is not the one of `tls.key`.",
        why: "No handshake can succeed with the pair: ResolvedRefs=False/InvalidCertificateRef. Several \
              data planes refuse the whole update, so that other listeners do not change either.",
        bad: r#"kind: Secret
type: kubernetes.io/tls
stringData:
  tls.crt: certificate of this year
  tls.key: key of last year
"#,
        good: r#"kind: Secret
type: kubernetes.io/tls
stringData:
  tls.crt: certificate of this year
  tls.key: key of this year
"#,
        fix: "Store the certificate and the key that were made together; the first certificate of \
              `tls.crt` must be the leaf.",
        spec: "`ListenerReasonInvalidCertificateRef`; status reference §3.6, L-11",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, uses) in by_secret(cx, mismatched) {
        let finding = diagnostic(&cx.graph.secrets[id], &uses);
        out.0.extend(finding.map(|finding| with_uses(cx, finding, &uses, Unusable::Yes)));
    }
}

fn mismatched(verdict: &CertificateVerdict) -> Option<SecretId> {
    if let CertificateVerdict::Malformed(secret, CertificateProblem::KeyMismatch) = verdict {
        Some(*secret)
    } else {
        None
    }
}

fn diagnostic(secret: &Secret, uses: &[Use<'_>]) -> Option<Diagnostic> {
    let value = |key: &str| secret.value(key).map_or(secret.meta.name_span, |value| value.span);
    let (meta, span) = place(secret, value("tls.key"), uses)?;
    let message = format!("`tls.key` of {} belongs to another certificate", named(&secret.meta));
    Some(
        about(meta, rule::CERTIFICATE_KEY_MISMATCH, span, message)
            .primary_label("not the key of the first certificate in `tls.crt`")
            .label(value("tls.crt"), "the certificate")
            .effect("no handshake can succeed: ResolvedRefs=False/InvalidCertificateRef")
            .help("store the key that the certificate was made for; put the leaf first in `tls.crt`"),
    )
}

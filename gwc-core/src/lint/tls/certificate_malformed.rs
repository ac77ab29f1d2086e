//! GWC4002 `certificate-malformed`: a Secret that a listener serves holds no usable key pair.
//!
//! # What it checks
//! Secrets named by `certificateRefs` of a listener or by `clientCertificateRef` of a Gateway: the type is not
//! `kubernetes.io/tls`, `tls.crt` or `tls.key` is missing, not base64, or not PEM of a certificate or private key.
//! Unusable CAs are GWC1012 and GWC4012.
//!
//! # Why it matters
//! The reference is not resolved: ResolvedRefs=False/InvalidCertificateRef, and a listener without any other usable
//! certificate is Programmed=False.
//!
//! # Example
//! ```yaml
//! kind: Secret
//! type: kubernetes.io/tls
//! stringData:
//!   tls.crt: to be filled in
//!   tls.key: to be filled in
//! ```
//!
//! # Fix
//! Put the certificate chain under `tls.crt` and its private key under `tls.key`, both as PEM, in a Secret of type
//! `kubernetes.io/tls`.
//!
//! # Specification
//! Gateway `spec.listeners[].tls.certificateRefs`, `ListenerReasonInvalidCertificateRef`; status reference §3.6, L-11,
//! L-22

use crate::api::core::Secret;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{CertificateProblem, CertificateVerdict};
use crate::graph::SecretId;
use crate::lint::finding::certificate::Certificate as Use;
use crate::lint::finding::{about, named};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

use super::certificate_use::{Unusable, by_secret, place, with_uses};

/// GWC4002.
pub(super) static LINT: Lint = Lint {
    code: rule::CERTIFICATE_MALFORMED,
    docs: Docs {
        summary: "a Secret that a listener serves holds no usable key pair",
        what: "Secrets named by `certificateRefs` of a listener or by `clientCertificateRef` of a \
              Gateway: the type is not `kubernetes.io/tls`, `tls.crt` or `tls.key` is missing, not \
              base64, or not PEM of a certificate or private key. Unusable CAs are GWC1012 and GWC4012.",
        why: "The reference is not resolved: ResolvedRefs=False/InvalidCertificateRef, and a listener \
              without any other usable certificate is Programmed=False.",
        bad: r#"kind: Secret
type: kubernetes.io/tls
stringData:
  tls.crt: to be filled in
  tls.key: to be filled in
"#,
        good: r#"kind: Secret
type: kubernetes.io/tls
stringData:
  tls.crt: |
    -----BEGIN CERTIFICATE-----
    ...
  tls.key: |
    -----BEGIN PRIVATE KEY-----
    ...
"#,
        fix: "Put the certificate chain under `tls.crt` and its private key under `tls.key`, both as \
              PEM, in a Secret of type `kubernetes.io/tls`.",
        spec: "Gateway `spec.listeners[].tls.certificateRefs`, `ListenerReasonInvalidCertificateRef`; \
              status reference §3.6, L-11, L-22",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, uses) in by_secret(cx, |verdict| malformed(verdict).map(|(secret, _)| secret)) {
        let problem = uses.iter().find_map(|one| malformed(&one.verdict.verdict)).map(|(_, problem)| problem);
        let finding = problem.and_then(|problem| diagnostic(&cx.graph.secrets[id], problem, &uses));
        out.0.extend(finding.map(|finding| with_uses(cx, finding, &uses, Unusable::Yes)));
    }
}

/// A Secret that is there, but unusable by itself; a key of another certificate is GWC4003's.
fn malformed(verdict: &CertificateVerdict) -> Option<(SecretId, CertificateProblem)> {
    match verdict {
        CertificateVerdict::Malformed(_, CertificateProblem::KeyMismatch)
        | CertificateVerdict::Valid(_)
        | CertificateVerdict::Assumed
        | CertificateVerdict::RefNotPermitted(_)
        | CertificateVerdict::UnsupportedKind
        | CertificateVerdict::NotFound
        | CertificateVerdict::Refused => None,
        CertificateVerdict::Malformed(secret, problem) => Some((*secret, *problem)),
    }
}

fn diagnostic(secret: &Secret, problem: CertificateProblem, uses: &[Use<'_>]) -> Option<Diagnostic> {
    let (span, what, help) = words(secret, problem);
    let (meta, span) = place(secret, span, uses)?;
    let message = format!("{} cannot be served: {what}", named(&secret.meta));
    Some(
        about(meta, rule::CERTIFICATE_MALFORMED, span, message)
            .primary_label(what)
            .effect("the certificate is not served: ResolvedRefs=False/InvalidCertificateRef")
            .help(help),
    )
}

/// Place, problem and cure.
fn words(secret: &Secret, problem: CertificateProblem) -> (Span, &'static str, &'static str) {
    let at = |key: &str| secret.value(key).map_or(secret.meta.name_span, |value| value.span);
    match problem {
        CertificateProblem::WrongType => {
            (secret.r#type.span, "the type is not `kubernetes.io/tls`", "set `type: kubernetes.io/tls`")
        }
        CertificateProblem::CertificateMissing => {
            (at("tls.crt"), "`tls.crt` is missing", "add the certificate chain as PEM under `tls.crt`")
        }
        CertificateProblem::KeyMissing => {
            (at("tls.key"), "`tls.key` is missing", "add the private key as PEM under `tls.key`")
        }
        CertificateProblem::NotBase64 => {
            let broken = secret.data.iter().find(|(_, value)| value.bytes.is_none());
            let span = broken.map_or(secret.meta.name_span, |(_, value)| value.span);
            (span, "a value of `data` is not base64", "encode the value as base64, or put the text under `stringData`")
        }
        CertificateProblem::CertificateNotPem => {
            (at("tls.crt"), "`tls.crt` is no PEM certificate", "begin `tls.crt` with `-----BEGIN CERTIFICATE-----`")
        }
        CertificateProblem::CertificateUnreadable => {
            (at("tls.crt"), "the certificate in `tls.crt` cannot be read", "export the certificate again as PEM")
        }
        CertificateProblem::KeyNotPem => {
            (at("tls.key"), "`tls.key` is no PEM private key", "begin `tls.key` with `-----BEGIN PRIVATE KEY-----`")
        }
        CertificateProblem::KeyMismatch => {
            (at("tls.key"), "the key belongs to another certificate", "store certificate and key of one pair")
        }
    }
}

//! GWC1011 `certificate-ref-kind`: a certificate reference is not to a Secret.
//!
//! # What it checks
//! `tls.certificateRefs` of a listener, or `tls.backend.clientCertificateRef` of a Gateway, names another kind than a
//! core Secret.
//!
//! # Why it matters
//! ResolvedRefs=False/InvalidCertificateRef; the certificate is not served.
//!
//! # Example
//! ```yaml
//! listeners:
//! - kind: Certificate
//!       group: cert-manager.io
//!       name: https
//!   port: 443
//!   protocol: HTTPS
//!   tls:
//!     certificateRefs:
//!     - kind: Certificate
//!       group: cert-manager.io
//!       name: shop-tls
//! ```
//!
//! # Fix
//! Refer to the Secret that holds the key pair, not to the object that makes it.
//!
//! # Specification
//! `listeners[].tls.certificateRefs`, ListenerReasonInvalidCertificateRef; status reference L-11, §3.1

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::CertificateVerdict;
use crate::lint::finding::certificate::{Certificate, certificates};
use crate::lint::finding::{about, condition, resting_on};
use crate::lint::{Cx, Docs, Lint};

/// GWC1011.
pub(super) static LINT: Lint = Lint {
    code: rule::CERTIFICATE_REF_KIND,
    docs: Docs {
        summary: "a certificate reference is not to a Secret",
        what: "`tls.certificateRefs` of a listener, or `tls.backend.clientCertificateRef` of a Gateway, names \
              another kind than a core Secret.",
        why: "ResolvedRefs=False/InvalidCertificateRef; the certificate is not served.",
        bad: r#"listeners:
- kind: Certificate
      group: cert-manager.io
      name: https
  port: 443
  protocol: HTTPS
  tls:
    certificateRefs:
    - kind: Certificate
      group: cert-manager.io
      name: shop-tls
"#,
        good: r#"listeners:
- name: https
  port: 443
  protocol: HTTPS
  tls:
    certificateRefs:
    - name: shop-tls
"#,
        fix: "Refer to the Secret that holds the key pair, not to the object that makes it.",
        spec: "`listeners[].tls.certificateRefs`, ListenerReasonInvalidCertificateRef; status reference L-11, \
              §3.1",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for one in certificates(cx).filter(|one| one.verdict.verdict == CertificateVerdict::UnsupportedKind) {
        out.push(diagnostic(cx, &one));
    }
}

fn diagnostic(cx: &Cx<'_>, one: &Certificate<'_>) -> Diagnostic {
    let group_kind = one.target.group_kind();
    let message = format!("`{group_kind}` holds no certificate that a Gateway can use");
    let help = if group_kind.group == "cert-manager.io" {
        "name the Secret that the Certificate writes (`spec.secretName`)"
    } else {
        "name a Secret of the core group; group and kind can be left out"
    };
    let finding = about(one.holder, rule::CERTIFICATE_REF_KIND, one.target.kind_span, message)
        .effect(format!("ResolvedRefs=False/{}{}", one.reason(), one.loss(cx)))
        .condition(condition("ResolvedRefs", "False", one.reason()))
        .help(help);
    resting_on(cx, finding, &one.verdict.support)
}

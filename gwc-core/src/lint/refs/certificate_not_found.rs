//! GWC1010 `certificate-not-found`: a certificate reference leads to a Secret that is not there.
//!
//! # What it checks
//! `tls.certificateRefs` of a listener, or `tls.backend.clientCertificateRef` of a Gateway, names a Secret that the
//! world does not hold.
//!
//! # Why it matters
//! ResolvedRefs=False/InvalidCertificateRef; a listener whose certificates all fail is not programmed and refuses
//! every connection.
//!
//! # Example
//! ```yaml
//! listeners:
//! - name: https
//!   port: 443
//!   protocol: HTTPS
//!   tls:
//!     certificateRefs:
//!     - name: shop-tsl
//! ```
//!
//! # Fix
//! Correct the name. A Secret that is made in the cluster (cert-manager, sealed secrets) is given by `--assume
//! secret:NS/NAME`.
//!
//! # Specification
//! `listeners[].tls.certificateRefs`, ListenerReasonInvalidCertificateRef; status reference L-11, GW-21, §3.6;
//! conformance GatewayInvalidTLSConfiguration

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::CertificateVerdict;
use crate::lint::finding::certificate::{Certificate, certificates};
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::missing::{self, Place, assumed_object};
use crate::lint::finding::{about, condition};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1010.
pub(super) static LINT: Lint = Lint {
    code: rule::CERTIFICATE_NOT_FOUND,
    docs: Docs {
        summary: "a certificate reference leads to a Secret that is not there",
        what: "`tls.certificateRefs` of a listener, or `tls.backend.clientCertificateRef` of a Gateway, names a \
              Secret that the world does not hold.",
        why: "ResolvedRefs=False/InvalidCertificateRef; a listener whose certificates all fail is not \
              programmed and refuses every connection.",
        bad: r#"listeners:
- name: https
  port: 443
  protocol: HTTPS
  tls:
    certificateRefs:
    - name: shop-tsl
"#,
        good: r#"listeners:
- name: https
  port: 443
  protocol: HTTPS
  tls:
    certificateRefs:
    - name: shop-tls
"#,
        fix: "Correct the name. A Secret that is made in the cluster (cert-manager, sealed secrets) is given \
              by `--assume secret:NS/NAME`.",
        spec: "`listeners[].tls.certificateRefs`, ListenerReasonInvalidCertificateRef; status reference L-11, \
              GW-21, §3.6; conformance GatewayInvalidTLSConfiguration",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let absent = certificates(cx).filter(|one| one.verdict.verdict == CertificateVerdict::NotFound);
    missing::report_proven(absent.map(|one| diagnostic(cx, &one)), out);
    let assumed = certificates(cx).filter(|one| one.verdict.verdict == CertificateVerdict::Assumed);
    let places = assumed.filter_map(|one| {
        let fact = assumed_object(cx, &one.verdict.support)?;
        Some(Place { meta: one.holder, span: one.target.name.span, fact })
    });
    let consequence = "ResolvedRefs=False/InvalidCertificateRef, and the certificate is not served";
    missing::report(cx, rule::CERTIFICATE_NOT_FOUND, consequence, places, out);
}

fn diagnostic(cx: &Cx<'_>, one: &Certificate<'_>) -> Diagnostic {
    let key = one.target.target(&one.holder.key.namespace);
    let message = format!("Secret `{key}` does not exist");
    let finding = about(one.holder, rule::CERTIFICATE_NOT_FOUND, one.target.name.span, message)
        .effect(format!("ResolvedRefs=False/{}{}", one.reason(), one.loss(cx)))
        .condition(condition("ResolvedRefs", "False", one.reason()));
    let secrets = cx.graph.secrets.iter().map(|(_, secret)| &secret.meta.key);
    let siblings = secrets.filter(|sibling| sibling.namespace == key.namespace).map(|sibling| sibling.name.as_str());
    match nearest(&key.name, siblings) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, one.target.name.span, near)],
        ),
        None => finding.help(format!("add the Secret; one that the cluster makes: --assume 'secret:{key}'")),
    }
}

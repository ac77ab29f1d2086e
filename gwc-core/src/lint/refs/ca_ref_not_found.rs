//! GWC1012 `ca-ref-not-found`: a CA reference leads to nothing usable.
//!
//! # What it checks
//! `caCertificateRefs` of a BackendTLSPolicy, or of the frontend validation of a Gateway, names an object that the
//! world does not hold, or another kind than a core ConfigMap.
//!
//! # Why it matters
//! ResolvedRefs=False/InvalidCACertificateRef or InvalidKind; when no CA is left,
//! Accepted=False/NoValidCACertificate, and connections fail rather than go unverified.
//!
//! # Example
//! ```yaml
//! validation:
//!   hostname: orders.internal
//!   caCertificateRefs:
//!   - group: ""
//!     kind: ConfigMap
//!     name: internal-cas
//! ```
//!
//! # Fix
//! Correct the name; the ConfigMap holds the certificates under `ca.crt`.
//!
//! # Specification
//! `BackendTLSPolicy.spec.validation.caCertificateRefs`, `Gateway.spec.tls.frontend`; status reference BT-4, BT-6,
//! BT-7, L-6, L-12, L-13; conformance BackendTLSPolicyInvalidCACertificateRef

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::CaVerdict;
use crate::lint::finding::certificate::{CaReference, backend_cas, frontend_cas};
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::missing::{self, Place, assumed_object};
use crate::lint::finding::{about, condition, resting_on};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1012.
pub(super) static LINT: Lint = Lint {
    code: rule::CA_REF_NOT_FOUND,
    docs: Docs {
        summary: "a CA reference leads to nothing usable",
        what: "`caCertificateRefs` of a BackendTLSPolicy, or of the frontend validation of a Gateway, names an \
              object that the world does not hold, or another kind than a core ConfigMap.",
        why: "ResolvedRefs=False/InvalidCACertificateRef or InvalidKind; when no CA is left, \
              Accepted=False/NoValidCACertificate, and connections fail rather than go unverified.",
        bad: r#"validation:
  hostname: orders.internal
  caCertificateRefs:
  - group: ""
    kind: ConfigMap
    name: internal-cas
"#,
        good: r#"validation:
  hostname: orders.internal
  caCertificateRefs:
  - group: ""
    kind: ConfigMap
    name: internal-ca
"#,
        fix: "Correct the name; the ConfigMap holds the certificates under `ca.crt`.",
        spec: "`BackendTLSPolicy.spec.validation.caCertificateRefs`, `Gateway.spec.tls.frontend`; status \
              reference BT-4, BT-6, BT-7, L-6, L-12, L-13; conformance BackendTLSPolicyInvalidCACertificateRef",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let (mut proven, mut assumed) = (Vec::new(), Vec::new());
    for one in frontend_cas(cx).chain(backend_cas(cx)) {
        match &one.verdict.verdict {
            CaVerdict::NotFound => proven.push(not_found(cx, &one)),
            CaVerdict::UnsupportedKind => out.push(unsupported_kind(cx, &one)),
            CaVerdict::Assumed => assumed.extend(assumed_object(cx, &one.verdict.support).map(|fact| Place {
                meta: one.holder,
                span: one.target.name.span,
                fact,
            })),
            // What is there but holds no certificate is GWC4002 for Gateways and GWC4012 for policies.
            CaVerdict::Malformed(..) | CaVerdict::Valid(_) | CaVerdict::RefNotPermitted(_) | CaVerdict::Refused => {}
        }
    }
    missing::report_proven(proven, out);
    let consequence = "ResolvedRefs=False/InvalidCACertificateRef, and the peer cannot be verified";
    missing::report(cx, rule::CA_REF_NOT_FOUND, consequence, assumed, out);
}

fn not_found(cx: &Cx<'_>, one: &CaReference<'_>) -> Diagnostic {
    let key = one.target.target(&one.holder.key.namespace);
    let message = format!("ConfigMap `{key}` does not exist");
    let finding = about(one.holder, rule::CA_REF_NOT_FOUND, one.target.name.span, message)
        .effect(one.effect("InvalidCACertificateRef"))
        .condition(condition("ResolvedRefs", "False", "InvalidCACertificateRef"));
    let maps = cx.graph.config_maps.iter().map(|(_, map)| &map.meta.key);
    let siblings = maps.filter(|sibling| sibling.namespace == key.namespace).map(|sibling| sibling.name.as_str());
    match nearest(&key.name, siblings) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, one.target.name.span, near)],
        ),
        None => finding.help(format!("add the ConfigMap, or vouch for it: --assume 'configmap:{key}'")),
    }
}

fn unsupported_kind(cx: &Cx<'_>, one: &CaReference<'_>) -> Diagnostic {
    let message = format!("`{}` holds no CA certificates that can be used here", one.target.group_kind());
    let reason = one.kind_reason();
    let finding = about(one.holder, rule::CA_REF_NOT_FOUND, one.target.kind_span, message)
        .effect(one.effect(reason))
        .condition(condition("ResolvedRefs", "False", reason))
        .help("name a ConfigMap of the core group that holds the certificates under `ca.crt`");
    resting_on(cx, finding, &one.verdict.support)
}

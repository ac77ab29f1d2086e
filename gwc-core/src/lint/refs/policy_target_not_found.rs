//! GWC1013 `policy-target-not-found`: a policy targets an object that is not there.
//!
//! # What it checks
//! `targetRefs` of a BackendTLSPolicy or XBackendTrafficPolicy names a Service that the world does not hold, or no
//! Service at all. Policies target objects of their own namespace.
//!
//! # Why it matters
//! Accepted=False/TargetNotFound; the policy has no effect, so TLS towards the backend is not configured.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: BackendTLSPolicy
//! metadata:
//!   name: orders-tls
//!   namespace: backend
//! spec:
//!   targetRefs:
//!   - group: ""
//!     kind: Service
//!     name: oders
//! ```
//!
//! # Fix
//! Correct the name, or move the policy into the namespace of the Service.
//!
//! # Specification
//! `spec.targetRefs`, PolicyReasonTargetNotFound; status reference BT-1, BT-3

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::TargetVerdict;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::missing::{self, Place, assumed_object};
use crate::lint::finding::policy::{Target, targets};
use crate::lint::finding::{about, condition, named, with_article};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1013.
pub(super) static LINT: Lint = Lint {
    code: rule::POLICY_TARGET_NOT_FOUND,
    docs: Docs {
        summary: "a policy targets an object that is not there",
        what: "`targetRefs` of a BackendTLSPolicy or XBackendTrafficPolicy names a Service that the world does \
              not hold, or no Service at all. Policies target objects of their own namespace.",
        why: "Accepted=False/TargetNotFound; the policy has no effect, so TLS towards the backend is not \
              configured.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata:
  name: orders-tls
  namespace: backend
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: oders
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata:
  name: orders-tls
  namespace: backend
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: orders
"#,
        fix: "Correct the name, or move the policy into the namespace of the Service.",
        spec: "`spec.targetRefs`, PolicyReasonTargetNotFound; status reference BT-1, BT-3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let (mut proven, mut assumed) = (Vec::new(), Vec::new());
    for target in targets(cx) {
        match &target.verdict.verdict {
            TargetVerdict::NotFound => proven.push(not_found(cx, &target)),
            // A BackendTLSPolicy for something else than a Service is invalid as a whole (GWC4012).
            TargetVerdict::UnsupportedKind if target.policy.kind.value != "BackendTLSPolicy" => {
                out.push(unsupported_kind(&target));
            }
            TargetVerdict::Assumed => assumed.extend(assumed_object(cx, &target.verdict.support).map(|fact| Place {
                meta: target.policy,
                span: target.reference.target.name.span,
                fact,
            })),
            TargetVerdict::Found(..)
            | TargetVerdict::Refused
            | TargetVerdict::SectionNotFound(_)
            | TargetVerdict::UnsupportedKind => {}
        }
    }
    missing::report_proven(proven, out);
    let consequence = "Accepted=False/TargetNotFound, and the policy has no effect";
    missing::report(cx, rule::POLICY_TARGET_NOT_FOUND, consequence, assumed, out);
}

fn not_found(cx: &Cx<'_>, target: &Target<'_>) -> Diagnostic {
    let reference = &target.reference.target;
    let key = target.key();
    let message = format!("{} `{key}` does not exist", reference.kind);
    let mut finding = about(target.policy, rule::POLICY_TARGET_NOT_FOUND, reference.name.span, message)
        .effect("Accepted=False/TargetNotFound: the policy has no effect")
        .condition(condition("Accepted", "False", "TargetNotFound"));
    let services = || cx.graph.services.iter().map(|(_, service)| &service.meta);
    for elsewhere in services().filter(|meta| meta.key.name == key.name).take(3) {
        finding = finding.label(elsewhere.name_span, format!("{} is in another namespace", named(elsewhere)));
    }
    let siblings = services().filter(|meta| meta.key.namespace == key.namespace).map(|meta| meta.key.name.as_str());
    match nearest(&key.name, siblings) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, reference.name.span, near)],
        ),
        None => finding.help("correct the name; a policy targets Services of its own namespace"),
    }
}

fn unsupported_kind(target: &Target<'_>) -> Diagnostic {
    let reference = &target.reference.target;
    let message = format!("{} cannot target `{}`", with_article(&target.policy.kind.value), reference.group_kind());
    about(target.policy, rule::POLICY_TARGET_NOT_FOUND, reference.kind_span, message)
        .effect("Accepted=False/Invalid: the policy has no effect")
        .condition(condition("Accepted", "False", "Invalid"))
        .help("target a Service: `group: \"\"`, `kind: Service`")
}

//! GWC4012 `backend-tls-invalid-dropped`: a BackendTLSPolicy is invalid, so its backends cannot be reached.
//!
//! # What it checks
//! BackendTLSPolicies whose CA certificates are there but unusable, whose `wellKnownCACertificates` is unknown, or
//! whose target cannot speak TLS. Missing CA objects are GWC1012, missing targets GWC1013.
//!
//! # Why it matters
//! A Gateway must not fall back to clear text: without a usable CA every request to the backend fails with 5xx. The
//! policy gets Accepted=False/NoValidCACertificate or Invalid, or ResolvedRefs=False while other CAs remain.
//!
//! # Example
//! ```yaml
//! kind: ConfigMap # the only CA of a BackendTLSPolicy
//! data:
//!   ca.crt: ""
//! ```
//!
//! # Fix
//! Put at least one PEM certificate under `ca.crt`, or use `wellKnownCACertificates: System`.
//!
//! # Specification
//! BackendTLSPolicy `spec.validation`, `PolicyReasonInvalid`, `BackendTLSPolicyReasonNoValidCACertificate`; status
//! reference BT-3, BT-4, BT-7, BT-12

use crate::api::policy::BackendTlsPolicy;
use crate::diagnostic::{ConditionEffect, Diagnostic, Diagnostics, rule};
use crate::eval::{CaVerdict, PolicyAccepted, PolicyProblem, PolicyVerdict};
use crate::graph::ConfigMapId;
use crate::lint::finding::{about, condition, is_checked, named, parent_name, resting_on};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC4012.
pub(super) static LINT: Lint = Lint {
    code: rule::BACKEND_TLS_INVALID_DROPPED,
    docs: Docs {
        summary: "a BackendTLSPolicy is invalid, so its backends cannot be reached",
        what: "BackendTLSPolicies whose CA certificates are there but unusable, whose \
              `wellKnownCACertificates` is unknown, or whose target cannot speak TLS. Missing CA objects \
              are GWC1012, missing targets GWC1013.",
        why: "A Gateway must not fall back to clear text: without a usable CA every request to the \
              backend fails with 5xx. The policy gets Accepted=False/NoValidCACertificate or Invalid, or \
              ResolvedRefs=False while other CAs remain.",
        bad: r#"kind: ConfigMap # the only CA of a BackendTLSPolicy
data:
  ca.crt: ""
"#,
        good: r#"kind: ConfigMap
data:
  ca.crt: |
    -----BEGIN CERTIFICATE-----
    ...
"#,
        fix: "Put at least one PEM certificate under `ca.crt`, or use `wellKnownCACertificates: System`.",
        spec: "BackendTLSPolicy `spec.validation`, `PolicyReasonInvalid`, \
              `BackendTLSPolicyReasonNoValidCACertificate`; status reference BT-3, BT-4, BT-7, BT-12",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let policies = cx.graph.backend_tls_policies.iter().zip(&cx.evaluation.backend_tls_policies);
    for ((_, policy), verdict) in policies.filter(|((_, policy), _)| is_checked(&policy.meta)) {
        if let PolicyAccepted::Invalid(problem) = &verdict.accepted.verdict {
            let (span, message, help) = problem_words(policy, *problem);
            let finding = diagnostic(cx, (policy, verdict), span, message).help(help);
            out.push(resting_on(cx, finding, &verdict.accepted.support));
        }
        for (reference, judged) in policy.ca_refs.iter().zip(&verdict.cas) {
            if let CaVerdict::Malformed(id, missing) = &judged.verdict {
                let message = ca_message(cx, *id, *missing);
                let finding = diagnostic(cx, (policy, verdict), reference.span, message)
                    .label(ca_span(cx, *id), "no certificate here")
                    .help("put at least one PEM certificate under `ca.crt`");
                out.push(resting_on(cx, finding, &judged.support));
            }
        }
    }
}

fn problem_words(policy: &BackendTlsPolicy, problem: PolicyProblem) -> (Span, String, &'static str) {
    let target = policy.targets.first().map_or(policy.meta.name_span, |target| target.target.span);
    let name = policy.targets.first().map(|target| target.target.name.value.as_str()).unwrap_or_default();
    match problem {
        PolicyProblem::WellKnown => {
            let well_known = policy.well_known.as_ref();
            let value = well_known.map(|text| text.value.as_str()).unwrap_or_default();
            let span = well_known.map_or(policy.validation_span, |text| text.span);
            (span, format!("`{value}` is no known set of CA certificates"), "use `wellKnownCACertificates: System`")
        }
        PolicyProblem::UdpPort => {
            (target, format!("the targeted port of Service `{name}` is UDP"), "target a TCP port with `sectionName`")
        }
        PolicyProblem::SubjectAltName => {
            let span = policy.subject_alt_names.first().map_or(policy.validation_span, |(_, name)| name.span);
            (
                span,
                "a subject alternative name is of a type that is not supported".to_owned(),
                "use type `Hostname` or `URI`",
            )
        }
        PolicyProblem::TargetKind => {
            (target, format!("`{name}` is no Service"), "target a Service of the policy's namespace")
        }
    }
}

fn ca_message(cx: &Cx<'_>, id: ConfigMapId, missing: bool) -> String {
    let name = named(&cx.graph.config_maps[id].meta);
    if missing {
        format!("`ca.crt` of {name} is missing or empty")
    } else {
        format!("`ca.crt` of {name} is no PEM certificate")
    }
}

fn ca_span(cx: &Cx<'_>, id: ConfigMapId) -> Span {
    let config_map = &cx.graph.config_maps[id];
    config_map.value("ca.crt").map_or(config_map.meta.name_span, |value| value.key_span)
}

fn diagnostic(
    cx: &Cx<'_>,
    (policy, verdict): (&BackendTlsPolicy, &PolicyVerdict),
    span: Span,
    message: String,
) -> Diagnostic {
    let (effect, condition) = match &verdict.accepted.verdict {
        PolicyAccepted::NoValidCaCertificate => (
            "requests to the backend fail: Accepted=False/NoValidCACertificate",
            condition("Accepted", "False", "NoValidCACertificate"),
        ),
        PolicyAccepted::Invalid(_) => {
            ("requests to the backend fail: Accepted=False/Invalid", condition("Accepted", "False", "Invalid"))
        }
        PolicyAccepted::Accepted
        | PolicyAccepted::TargetNotFound
        | PolicyAccepted::Conflicted(_)
        | PolicyAccepted::TrafficConflicted(_) => (
            "this CA does not count: ResolvedRefs=False/InvalidCACertificateRef",
            condition("ResolvedRefs", "False", "InvalidCACertificateRef"),
        ),
    };
    let mut finding = about(&policy.meta, rule::BACKEND_TLS_INVALID_DROPPED, span, message)
        .primary_label("not usable")
        .effect(effect)
        .note("an invalid policy never means clear text: the connection has to fail");
    for gateway in &verdict.ancestors {
        let parent = Some(parent_name(&cx.graph.gateways[*gateway].meta));
        finding = finding.condition(ConditionEffect { parent, ..condition.clone() });
    }
    finding
}

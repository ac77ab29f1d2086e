//! GWC4011 `backend-tls-target-unused`: a BackendTLSPolicy targets a Service or port that no route uses.
//!
//! # What it checks
//! Targets of BackendTLSPolicies that are there, but to which no backend, mirror or external authorisation of any route
//! leads. Reported only where the routes of the policy's namespace are known.
//!
//! # Why it matters
//! The policy has no ancestor, so nobody writes a status for it, and it protects nothing. Often the route means another
//! port or another Service, whose traffic then stays in clear text.
//!
//! # Example
//! ```yaml
//! kind: BackendTLSPolicy
//! spec:
//!   targetRefs:
//!   - group: ""
//!     kind: Service
//!     name: stock # routes use store
//! ```
//!
//! # Fix
//! Correct the name or the `sectionName` of the target, or remove the policy.
//!
//! # Specification
//! BackendTLSPolicy `spec.targetRefs`; status reference BT-9, BT-11

use crate::api::core::Service;
use crate::api::policy::{BackendTlsPolicy, PolicyTarget};
use crate::api::route::ROUTE_KINDS;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::TargetVerdict;
use crate::lint::finding::reference::target as target_of;
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};
use crate::profile::WorldMode;
use crate::value::{GATEWAY_GROUP, GroupKind};

/// GWC4011.
pub(super) static LINT: Lint = Lint {
    code: rule::BACKEND_TLS_TARGET_UNUSED,
    docs: Docs {
        summary: "a BackendTLSPolicy targets a Service or port that no route uses",
        what: "Targets of BackendTLSPolicies that are there, but to which no backend, mirror or external \
              authorisation of any route leads. Reported only where the routes of the policy's namespace \
              are known.",
        why: "The policy has no ancestor, so nobody writes a status for it, and it protects nothing. \
              Often the route means another port or another Service, whose traffic then stays in clear \
              text.",
        bad: r#"kind: BackendTLSPolicy
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: stock # routes use store
"#,
        good: r#"kind: BackendTLSPolicy
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: store
"#,
        fix: "Correct the name or the `sectionName` of the target, or remove the policy.",
        spec: "BackendTLSPolicy `spec.targetRefs`; status reference BT-9, BT-11",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let policies = cx.graph.backend_tls_policies.iter().zip(&cx.evaluation.backend_tls_policies);
    for ((_, policy), verdict) in policies.filter(|((_, policy), _)| is_checked(&policy.meta)) {
        if !routes_known(cx, &policy.meta.key.namespace) {
            continue;
        }
        for (target, judged) in policy.targets.iter().zip(&verdict.targets) {
            let Some((service, port)) = found(cx, &judged.verdict) else { continue };
            if !is_used(cx, service, port) {
                out.push(diagnostic(policy, target, service));
            }
        }
    }
}

fn routes_known(cx: &Cx<'_>, namespace: &str) -> bool {
    match cx.profile.world.mode {
        WorldMode::Closed => true,
        WorldMode::Open => false,
        WorldMode::Auto => {
            ROUTE_KINDS.iter().any(|kind| cx.graph.extent_known(&GroupKind::new(GATEWAY_GROUP, kind.name()), namespace))
        }
    }
}

/// The Service, and the number of the port that `sectionName` selects.
fn found<'w>(cx: &Cx<'w>, verdict: &TargetVerdict) -> Option<(&'w Service, Option<u16>)> {
    match verdict {
        TargetVerdict::Found(service, section) => {
            let service = &cx.graph.services[*service];
            let port = section.and_then(|position| service.ports.get(position));
            Some((service, port.map(|port| port.port.value)))
        }
        TargetVerdict::Assumed
        | TargetVerdict::NotFound
        | TargetVerdict::Refused
        | TargetVerdict::SectionNotFound(_)
        | TargetVerdict::UnsupportedKind => None,
    }
}

fn is_used(cx: &Cx<'_>, service: &Service, port: Option<u16>) -> bool {
    let mut routes = cx.graph.routes.iter().zip(&cx.evaluation.routes);
    routes.any(|((_, route), verdict)| {
        verdict.references.iter().filter_map(|reference| target_of(route, reference)).any(|(target, backend)| {
            let number = backend.and_then(|backend| backend.port.as_ref()).map(|port| port.value);
            target.kind == "Service"
                && target.target(&route.meta.key.namespace) == service.meta.key
                && (port.is_none() || port == number)
        })
    })
}

fn diagnostic(policy: &BackendTlsPolicy, target: &PolicyTarget, service: &Service) -> Diagnostic {
    let (what, span) = match &target.section_name {
        Some(section) => (format!("port `{}` of {}", section.value, named(&service.meta)), section.span),
        None => (named(&service.meta), target.target.name.span),
    };
    about(&policy.meta, rule::BACKEND_TLS_TARGET_UNUSED, span, format!("no route sends anything to {what}"))
        .primary_label("the policy protects nothing here")
        .label(service.meta.name_span, "the target")
        .effect("the policy has no ancestor: no status is written for it")
        .help("target the Service and port that the routes use, or remove the policy")
}

//! GWC5022 `stickiness-with-split`: session persistence together with a weighted split.
//!
//! # What it checks
//! Rules with `sessionPersistence`, or with a backend of an XBackendTrafficPolicy that has it, and more than one
//! backend of weight above 0.
//!
//! # Why it matters
//! A session stays with the backend that got its first request, so the weights hold for new sessions only: a canary
//! keeps its users after its weight went to 0, or never gets the share that was meant.
//!
//! # Example
//! ```yaml
//! backendRefs:
//! - name: store
//!   port: 80
//!   weight: 90
//! - name: store-v2
//!   port: 80
//!   weight: 10
//! sessionPersistence:
//!   sessionName: store
//! ```
//!
//! # Fix
//! Do without one of the two, or accept it for a while: keep sessions short and end the split before weights matter.
//!
//! # Specification
//! GEP-1619; HTTPRoute `spec.rules[].sessionPersistence`; XBackendTrafficPolicy `spec.sessionPersistence`

use crate::api::policy::BackendTrafficPolicy;
use crate::api::reference::BackendRef;
use crate::api::route::{Route, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::reference::routes;
use crate::lint::finding::{about, named};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC5022.
pub(super) static LINT: Lint = Lint {
    code: rule::STICKINESS_WITH_SPLIT,
    docs: Docs {
        summary: "session persistence together with a weighted split",
        what: "Rules with `sessionPersistence`, or with a backend of an XBackendTrafficPolicy that has \
              it, and more than one backend of weight above 0.",
        why: "A session stays with the backend that got its first request, so the weights hold for new \
              sessions only: a canary keeps its users after its weight went to 0, or never gets the \
              share that was meant.",
        bad: r#"backendRefs:
- name: store
  port: 80
  weight: 90
- name: store-v2
  port: 80
  weight: 10
sessionPersistence:
  sessionName: store
"#,
        good: r#"backendRefs:
- name: store
  port: 80
sessionPersistence:
  sessionName: store
"#,
        fix: "Do without one of the two, or accept it for a while: keep sessions short and end the split \
              before weights matter.",
        spec: "GEP-1619; HTTPRoute `spec.rules[].sessionPersistence`; XBackendTrafficPolicy \
              `spec.sessionPersistence`",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for rule in &route.rules {
            let split: Vec<&BackendRef> = rule.backends.iter().filter(|backend| backend.weight > 0).collect();
            if split.len() > 1 {
                out.0.extend(diagnostic(cx, route, rule, &split));
            }
        }
    }
}

fn diagnostic(cx: &Cx<'_>, route: &Route, rule: &Rule, split: &[&BackendRef]) -> Option<Diagnostic> {
    let sticky =
        rule.session_persistence.as_ref().map(|own| (own.span, None)).or_else(|| by_policy(cx, route, split))?;
    let (span, policy): (Span, Option<&BackendTrafficPolicy>) = sticky;
    let message = format!("sessions stay with one of {} backends, whatever the weights say", split.len());
    let mut finding = about(&route.meta, rule::STICKINESS_WITH_SPLIT, span, message)
        .primary_label("sessions stick")
        .effect("weights hold for new sessions only")
        .help("remove `sessionPersistence`, or send the requests of this rule to one backend");
    if let Some((policy, place)) = policy.and_then(|policy| Some((policy, policy.session_persistence.as_ref()?.span))) {
        finding = finding.label(place, format!("by {}", named(&policy.meta)));
    }
    for backend in split {
        finding = finding
            .label(backend.weight_span.unwrap_or(backend.target.name.span), format!("weight {}", backend.weight));
    }
    Some(finding)
}

/// A policy that makes one of the backends sticky, with the place of that backend.
fn by_policy<'w>(
    cx: &Cx<'w>,
    route: &Route,
    split: &[&BackendRef],
) -> Option<(Span, Option<&'w BackendTrafficPolicy>)> {
    let policies = cx.graph.backend_traffic_policies.iter().map(|(_, policy)| policy);
    let mut sticky = policies.filter(|policy| policy.session_persistence.is_some());
    sticky.find_map(|policy| {
        let targeted = |backend: &&&BackendRef| {
            let key = backend.target.target(&route.meta.key.namespace);
            let names = |name: &str| policy.targets.iter().any(|target| target.target.name.value == name);
            key.namespace == policy.meta.key.namespace && backend.target.kind == "Service" && names(&key.name)
        };
        split.iter().find(targeted).map(|backend| (backend.target.name.span, Some(policy)))
    })
}

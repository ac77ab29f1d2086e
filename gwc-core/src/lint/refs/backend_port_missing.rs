//! GWC1007 `backend-port-missing`: a reference to a Service has no port.
//!
//! # What it checks
//! A `backendRefs` entry, mirror or external authorisation names a Service without `port`.
//!
//! # Why it matters
//! The API server refuses the route; it is the validation rule that a Service reference must have a port.
//!
//! # Example
//! ```yaml
//! rules:
//! - backendRefs:
//!   - name: web
//! ```
//!
//! # Fix
//! Write the port of the Service.
//!
//! # Specification
//! `x-kubernetes-validations` of BackendObjectReference; status reference B-5

use crate::api::core::Service;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, RouteResolvedRefs};
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, named, not_resolved};
use crate::lint::{Cx, Docs, Lint};

/// GWC1007.
pub(super) static LINT: Lint = Lint {
    code: rule::BACKEND_PORT_MISSING,
    docs: Docs {
        summary: "a reference to a Service has no port",
        what: "A `backendRefs` entry, mirror or external authorisation names a Service without `port`.",
        why: "The API server refuses the route; it is the validation rule that a Service reference must have a \
              port.",
        bad: r#"rules:
- backendRefs:
  - name: web
"#,
        good: r#"rules:
- backendRefs:
  - name: web
    port: 8080
"#,
        fix: "Write the port of the Service.",
        spec: "`x-kubernetes-validations` of BackendObjectReference; status reference B-5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for reference in references(cx) {
        if let BackendVerdict::PortMissing(service) = reference.verdict.verdict.verdict {
            out.push(diagnostic(cx, &reference, &cx.graph.services[service]));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, reference: &Reference<'_>, service: &Service) -> Diagnostic {
    let ports: Vec<String> = service.ports.iter().map(|entry| entry.port.value.to_string()).collect();
    let message = format!("the reference to {} has no port", named(&service.meta));
    let mut finding = about(&reference.route.meta, rule::BACKEND_PORT_MISSING, reference.target.span, message)
        .effect(format!("ResolvedRefs=False/BackendNotFound; {}", reference.loss()))
        .help(format!("write a port of the Service: {}", ports.join(", ")));
    finding.conditions = not_resolved(cx, reference.id, RouteResolvedRefs::BackendNotFound);
    finding
}

//! GWC1006 `backend-port-not-found`: the Service has no such port.
//!
//! # What it checks
//! A `backendRefs` entry names a Service of the world and a port that its `spec.ports` do not list.
//!
//! # Why it matters
//! ResolvedRefs=False/BackendNotFound, and the share of this backend is answered with 500. Often the number of the
//! container (`targetPort`) was written instead of the Service port.
//!
//! # Example
//! ```yaml
//! rules:
//! - backendRefs:
//!   - name: web        # the Service has port 80, targetPort 8080
//!     port: 8080
//! ```
//!
//! # Fix
//! Use a port of the Service; the finding says so when the number is a `targetPort`.
//!
//! # Specification
//! `spec.rules[].backendRefs[].port`; status reference B-6

use crate::api::core::{Service, ServicePort};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, ReferenceRole, RouteResolvedRefs};
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, named, not_resolved};
use crate::lint::{Cx, Docs, Lint};

/// GWC1006.
pub(super) static LINT: Lint = Lint {
    code: rule::BACKEND_PORT_NOT_FOUND,
    docs: Docs {
        summary: "the Service has no such port",
        what: "A `backendRefs` entry names a Service of the world and a port that its `spec.ports` do not list.",
        why: "ResolvedRefs=False/BackendNotFound, and the share of this backend is answered with 500. Often \
              the number of the container (`targetPort`) was written instead of the Service port.",
        bad: r#"rules:
- backendRefs:
  - name: web        # the Service has port 80, targetPort 8080
    port: 8080
"#,
        good: r#"rules:
- backendRefs:
  - name: web        # the Service has port 80, targetPort 8080
    port: 80
"#,
        fix: "Use a port of the Service; the finding says so when the number is a `targetPort`.",
        spec: "`spec.rules[].backendRefs[].port`; status reference B-6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for reference in references(cx).filter(|reference| reference.verdict.role == ReferenceRole::Backend) {
        let BackendVerdict::PortNotFound(service) = reference.verdict.verdict.verdict else { continue };
        if let Some(port) = reference.port() {
            out.push(diagnostic(cx, &reference, &cx.graph.services[service], port));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, reference: &Reference<'_>, service: &Service, port: u16) -> Diagnostic {
    let message = format!("{} has no port {port}", named(&service.meta));
    let mut finding = about(&reference.route.meta, rule::BACKEND_PORT_NOT_FOUND, reference.port_span(), message)
        .effect(format!("ResolvedRefs=False/BackendNotFound; {}", reference.loss()));
    finding.conditions = not_resolved(cx, reference.id, RouteResolvedRefs::BackendNotFound);
    for entry in service.ports.iter().take(4) {
        finding = finding.label(entry.port.span, format!("port {}", port_text(entry)));
    }
    let by_target = service.ports.iter().find(|entry| entry.target_port == port.to_string());
    let only = if let [only] = service.ports.as_slice() { Some(only) } else { None };
    let Some(meant) = by_target.or(only) else {
        let ports: Vec<String> = service.ports.iter().map(port_text).collect();
        return finding.help(format!("use a port of the Service: {}", ports.join(", ")));
    };
    let help = match by_target {
        Some(_) => format!("{port} is the `targetPort`; write the Service port {}", meant.port.value),
        None => format!("the Service listens on port {}", meant.port.value),
    };
    let title = format!("write `port: {}`", meant.port.value);
    let edit = replace_scalar(cx, reference.port_span(), &meant.port.value.to_string());
    finding.help(help).fix(Applicability::Unsafe, title, vec![edit])
}

fn port_text(entry: &ServicePort) -> String {
    match &entry.name {
        Some(name) => format!("{} (`{}`)", entry.port.value, name.value),
        None => entry.port.value.to_string(),
    }
}

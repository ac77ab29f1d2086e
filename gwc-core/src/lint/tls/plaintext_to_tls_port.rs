//! GWC4010 `plaintext-to-tls-port`: a backend port looks like TLS, but is reached in clear text.
//!
//! # What it checks
//! Backends of HTTPRoutes and GRPCRoutes whose port looks like TLS, by name (`https`, `tls`), `appProtocol` or number
//! (443, 8443), while no BackendTLSPolicy of the namespace targets the Service.
//!
//! # Why it matters
//! Without a BackendTLSPolicy a Gateway speaks clear text. A backend that expects TLS answers 400 or closes the
//! connection, which clients see as 502.
//!
//! # Example
//! ```yaml
//! rules:
//! - backendRefs:
//!   - name: store
//!     port: 443
//! ```
//!
//! # Fix
//! Add a BackendTLSPolicy for the Service, or refer to a port that takes clear text. Set `appProtocol: http` on a port
//! whose number or name misleads.
//!
//! # Specification
//! BackendTLSPolicy `spec.targetRefs`; GEP-1897; status reference §1.8

use std::collections::BTreeMap;

use crate::api::core::ServicePort;
use crate::api::route::RouteKind;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, ReferenceRole};
use crate::lint::finding::about;
use crate::lint::finding::reference::{Reference, references};
use crate::lint::{Cx, Docs, Lint};
use crate::value::ObjectKey;

/// GWC4010.
pub(super) static LINT: Lint = Lint {
    code: rule::PLAINTEXT_TO_TLS_PORT,
    docs: Docs {
        summary: "a backend port looks like TLS, but is reached in clear text",
        what: "Backends of HTTPRoutes and GRPCRoutes whose port looks like TLS, by name (`https`, `tls`), \
              `appProtocol` or number (443, 8443), while no BackendTLSPolicy of the namespace targets \
              the Service.",
        why: "Without a BackendTLSPolicy a Gateway speaks clear text. A backend that expects TLS answers \
              400 or closes the connection, which clients see as 502.",
        bad: r#"rules:
- backendRefs:
  - name: store
    port: 443
"#,
        good: r#"kind: BackendTLSPolicy
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: store
  validation:
    wellKnownCACertificates: System
    hostname: store.example.com
"#,
        fix: "Add a BackendTLSPolicy for the Service, or refer to a port that takes clear text. Set \
              `appProtocol: http` on a port whose number or name misleads.",
        spec: "BackendTLSPolicy `spec.targetRefs`; GEP-1897; status reference §1.8",
    },
    check: Some(check),
};

/// References to one port of one Service.
struct Target<'w> {
    port: Option<&'w ServicePort>,
    why: &'static str,
    references: Vec<Reference<'w>>,
}

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut targets: BTreeMap<(ObjectKey, u16), Target<'_>> = BTreeMap::new();
    // The API server as a backend is GWC8008's.
    let api_server = ObjectKey::new("default", "kubernetes");
    for reference in references(cx).filter(|one| speaks_http(one) && one.key() != api_server) {
        let Some((number, (port, why))) = reference.port().zip(tls_port(cx, &reference)) else { continue };
        let key = reference.key();
        if !has_policy(cx, &key, port) {
            let target = targets.entry((key, number)).or_insert(Target { port, why, references: Vec::new() });
            target.references.push(reference);
        }
    }
    out.0.extend(targets.iter().filter_map(|((key, number), target)| diagnostic(key, *number, target)));
}

fn speaks_http(reference: &Reference<'_>) -> bool {
    let http = matches!(reference.route.kind, RouteKind::Http | RouteKind::Grpc);
    http && matches!(reference.verdict.role, ReferenceRole::Backend)
}

/// The port of a Service that looks like TLS, and why it does; `None` for the port of a Service that is not there.
fn tls_port<'w>(cx: &Cx<'w>, reference: &Reference<'w>) -> Option<(Option<&'w ServicePort>, &'static str)> {
    match &reference.verdict.verdict.verdict {
        BackendVerdict::Service(service, position) => {
            let port = cx.graph.services[*service].ports.get(*position)?;
            looks_like_tls(port).map(|why| (Some(port), why))
        }
        BackendVerdict::Assumed if reference.target.kind == "Service" && reference.target.group.is_empty() => {
            is_tls_number(reference.port()?).then_some((None, "the number of an HTTPS port"))
        }
        BackendVerdict::Assumed
        | BackendVerdict::Other
        | BackendVerdict::InvalidKind
        | BackendVerdict::RefNotPermitted(_)
        | BackendVerdict::NotFound
        | BackendVerdict::Refused
        | BackendVerdict::PortMissing(_)
        | BackendVerdict::PortNotFound(_)
        | BackendVerdict::ExternalName(_)
        | BackendVerdict::UnsupportedAppProtocol(..)
        | BackendVerdict::UnsupportedTransport(..) => None,
    }
}

fn looks_like_tls(port: &ServicePort) -> Option<&'static str> {
    if let Some(app_protocol) = &port.app_protocol {
        // Whoever names a protocol has decided; everything but these is clear text or unknown.
        let tls = ["https", "tls", "grpcs", "kubernetes.io/wss"];
        return tls.iter().any(|name| app_protocol.value.eq_ignore_ascii_case(name)).then_some("its `appProtocol`");
    }
    let named =
        port.name.as_ref().is_some_and(|name| name.value.split('-').any(|word| matches!(word, "https" | "tls")));
    if named {
        return Some("its name");
    }
    let number = is_tls_number(port.port.value) || matches!(port.target_port.as_str(), "443" | "8443" | "https");
    number.then_some("its number")
}

fn is_tls_number(port: u16) -> bool {
    matches!(port, 443 | 8443)
}

/// Does a BackendTLSPolicy target the Service, or that port of it? Which of them counts is the evaluation's matter.
pub(in crate::lint) fn has_policy(cx: &Cx<'_>, service: &ObjectKey, port: Option<&ServicePort>) -> bool {
    let policies = cx.graph.backend_tls_policies.iter().map(|(_, policy)| policy);
    let mut targets =
        policies.filter(|policy| policy.meta.key.namespace == service.namespace).flat_map(|one| &one.targets);
    targets.any(|target| {
        let section = target.section_name.as_ref().map(|section| &section.value);
        let name = port.and_then(|port| port.name.as_ref()).map(|name| &name.value);
        target.target.name.value == service.name && (section.is_none() || port.is_none() || section == name)
    })
}

fn diagnostic(key: &ObjectKey, number: u16, target: &Target<'_>) -> Option<Diagnostic> {
    let (first, rest) = target.references.split_first()?;
    let message = format!("port {number} of Service `{key}` looks like TLS, but is reached in clear text");
    let mut finding = about(&first.route.meta, rule::PLAINTEXT_TO_TLS_PORT, first.name_span(), message)
        .primary_label(format!("judged by {}", target.why))
        .effect("a backend that expects TLS answers 400, or closes the connection: 502")
        .help(format!("add a BackendTLSPolicy in namespace `{}` that targets Service `{}`", key.namespace, key.name))
        .note("a port that takes clear text can say so with `appProtocol: http`");
    if let Some(port) = target.port {
        finding = finding.label(port.span, "the port");
    }
    for other in rest {
        finding = finding.label(other.name_span(), "reached here, too");
    }
    Some(finding)
}

//! GWC5018 `protocol-mismatch`: a route cannot speak the protocol of the Service port.
//!
//! # What it checks
//! Backends whose Service port names, by `appProtocol` or `protocol`, something that the kind of route cannot use:
//! WebSocket for gRPC, TCP for a UDPRoute, UDP for any other route, WebSocket over TLS without BackendTLSPolicy.
//!
//! # Why it matters
//! The backend is not used: ResolvedRefs=False/UnsupportedProtocol, and its share of the requests fails.
//!
//! # Example
//! ```yaml
//! kind: Service # backend of a GRPCRoute
//! spec:
//!   ports:
//!   - port: 80
//!     appProtocol: kubernetes.io/ws
//! ```
//!
//! # Fix
//! Refer to the port that speaks the protocol of the route, or correct `appProtocol` of the Service.
//!
//! # Specification
//! GEP-1911, `RouteReasonUnsupportedProtocol`; status reference B-11 to B-14, B-21, R-23

use std::collections::BTreeMap;

use crate::api::core::Transport;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, RouteResolvedRefs};
use crate::graph::{RouteId, ServiceId};
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, named, not_resolved, resting_on};
use crate::lint::{Cx, Docs, Lint};

/// GWC5018.
pub(super) static LINT: Lint = Lint {
    code: rule::PROTOCOL_MISMATCH,
    docs: Docs {
        summary: "a route cannot speak the protocol of the Service port",
        what: "Backends whose Service port names, by `appProtocol` or `protocol`, something that the kind \
              of route cannot use: WebSocket for gRPC, TCP for a UDPRoute, UDP for any other route, \
              WebSocket over TLS without BackendTLSPolicy.",
        why: "The backend is not used: ResolvedRefs=False/UnsupportedProtocol, and its share of the \
              requests fails.",
        bad: r#"kind: Service # backend of a GRPCRoute
spec:
  ports:
  - port: 80
    appProtocol: kubernetes.io/ws
"#,
        good: r#"kind: Service
spec:
  ports:
  - port: 80
    appProtocol: kubernetes.io/h2c
"#,
        fix: "Refer to the port that speaks the protocol of the route, or correct `appProtocol` of the \
              Service.",
        spec: "GEP-1911, `RouteReasonUnsupportedProtocol`; status reference B-11 to B-14, B-21, R-23",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    // One finding for each route and port: the same port may fit another route.
    let mut found: BTreeMap<(RouteId, ServiceId, usize), Vec<Reference<'_>>> = BTreeMap::new();
    for reference in references(cx) {
        if let Some((service, position)) = mismatch(&reference.verdict.verdict.verdict) {
            found.entry((reference.id, service, position)).or_default().push(reference);
        }
    }
    for ((route, service, position), references) in &found {
        let finding = diagnostic(cx, *service, *position, references);
        out.0.extend(finding.map(|mut finding| {
            finding.conditions = not_resolved(cx, *route, RouteResolvedRefs::UnsupportedProtocol);
            finding
        }));
    }
}

fn mismatch(verdict: &BackendVerdict) -> Option<(ServiceId, usize)> {
    match verdict {
        BackendVerdict::UnsupportedAppProtocol(service, position)
        | BackendVerdict::UnsupportedTransport(service, position) => Some((*service, *position)),
        BackendVerdict::Service(..)
        | BackendVerdict::Other
        | BackendVerdict::Assumed
        | BackendVerdict::InvalidKind
        | BackendVerdict::RefNotPermitted(_)
        | BackendVerdict::NotFound
        | BackendVerdict::Refused
        | BackendVerdict::PortMissing(_)
        | BackendVerdict::PortNotFound(_)
        | BackendVerdict::ExternalName(_) => None,
    }
}

fn diagnostic(cx: &Cx<'_>, service: ServiceId, position: usize, references: &[Reference<'_>]) -> Option<Diagnostic> {
    let (first, rest) = references.split_first()?;
    let service = &cx.graph.services[service];
    let port = service.ports.get(position)?;
    let by_app = matches!(first.verdict.verdict.verdict, BackendVerdict::UnsupportedAppProtocol(..));
    let app_protocol = port.app_protocol.as_ref().filter(|_| by_app);
    let speaks = match (app_protocol, port.transport) {
        (Some(name), _) => name.value.as_str(),
        (None, Transport::Tcp) => "TCP",
        (None, Transport::Udp) => "UDP",
        (None, Transport::Sctp) => "SCTP",
    };
    let kind = first.route.kind.name();
    let message = format!("{kind} cannot use port {} of {}: `{speaks}`", port.port.value, named(&service.meta));
    let help = if speaks.ends_with("/wss") {
        "add a BackendTLSPolicy for the port, or use `kubernetes.io/ws`".to_owned()
    } else {
        format!("refer to a port that {kind}s can use, or correct the port of the Service")
    };
    let mut finding = about(&first.route.meta, rule::PROTOCOL_MISMATCH, first.name_span(), message)
        .primary_label(format!("speaks `{speaks}`"))
        .label(app_protocol.map_or(port.span, |name| name.span), "the protocol of the port")
        .effect("the backend is not used: ResolvedRefs=False/UnsupportedProtocol")
        .help(help);
    for other in rest {
        finding = finding.label(other.name_span(), "here, too");
    }
    Some(resting_on(cx, finding, &first.verdict.verdict.support))
}

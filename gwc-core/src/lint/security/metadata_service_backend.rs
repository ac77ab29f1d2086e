//! GWC8008 `metadata-service-backend`: a backend leads to the node, the cloud's metadata service or the API server.
//!
//! # What it checks
//! Services used by a route whose EndpointSlices or ExternalName lead to loopback or link-local addresses or to the API
//! server, and references to the Service `kubernetes` of namespace `default`.
//!
//! # Why it matters
//! The Gateway connects with its own rights. Clients from outside reach what trusts the node: credentials of the cloud,
//! the administration port of the data plane, or the API server.
//!
//! # Example
//! ```yaml
//! kind: EndpointSlice
//! endpoints:
//! - addresses:
//!   - 169.254.169.254
//! ```
//!
//! # Fix
//! Remove the endpoint or the backend; no route needs to reach these addresses.
//!
//! # Specification
//! CVE-2021-25740; GEP-1742; Kubernetes validation of EndpointSlice addresses

use std::collections::BTreeMap;

use crate::api::core::{EndpointSlice, Service};
use crate::api::{Meta, Text};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::graph::ServiceId;
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;
use crate::value::ObjectKey;

use super::used_service::{local_name, service};

/// GWC8008.
pub(super) static LINT: Lint = Lint {
    code: rule::METADATA_SERVICE_BACKEND,
    docs: Docs {
        summary: "a backend leads to the node, the cloud's metadata service or the API server",
        what: "Services used by a route whose EndpointSlices or ExternalName lead to loopback or \
              link-local addresses or to the API server, and references to the Service `kubernetes` of \
              namespace `default`.",
        why: "The Gateway connects with its own rights. Clients from outside reach what trusts the node: \
              credentials of the cloud, the administration port of the data plane, or the API server.",
        bad: r#"kind: EndpointSlice
endpoints:
- addresses:
  - 169.254.169.254
"#,
        good: r#"kind: EndpointSlice
endpoints:
- addresses:
  - 10.0.0.10
"#,
        fix: "Remove the endpoint or the backend; no route needs to reach these addresses.",
        spec: "CVE-2021-25740; GEP-1742; Kubernetes validation of EndpointSlice addresses",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut used: BTreeMap<ServiceId, Vec<Reference<'_>>> = BTreeMap::new();
    for reference in references(cx) {
        if reference.target.kind == "Service" && reference.key() == ObjectKey::new("default", "kubernetes") {
            out.push(api_server(&reference));
        } else if let Some(id) = service(&reference.verdict.verdict.verdict) {
            used.entry(id).or_default().push(reference);
        }
    }
    for (id, references) in &used {
        let service = &cx.graph.services[*id];
        for (meta, text) in names(cx, service) {
            let finding = local_name(&text.value).and_then(|what| diagnostic((meta, text), what, service, references));
            out.0.extend(finding);
        }
    }
}

/// Where a Service leads: its external name and the addresses of its endpoints, with the object that says so.
fn names<'w>(cx: &Cx<'w>, service: &'w Service) -> impl Iterator<Item = (&'w Meta, &'w Text)> {
    let own = service.external_name.iter().map(|name| (&service.meta, name));
    let slices = cx.graph.endpoint_slices.iter().map(|(_, slice)| slice).filter(|slice| belongs(slice, service));
    own.chain(slices.flat_map(|slice| slice.addresses.iter().map(|address| (&slice.meta, address))))
}

fn belongs(slice: &EndpointSlice, service: &Service) -> bool {
    let same = slice.meta.key.namespace == service.meta.key.namespace;
    same && slice.service.as_ref() == Some(&service.meta.key.name)
}

fn api_server(reference: &Reference<'_>) -> Diagnostic {
    let message = "the backend is the API server of the cluster";
    about(&reference.route.meta, rule::METADATA_SERVICE_BACKEND, reference.name_span(), message)
        .primary_label("Service `default/kubernetes`")
        .effect("clients of the Gateway reach the API server")
        .help("remove the backend")
}

fn diagnostic(
    (meta, text): (&Meta, &Text),
    what: &str,
    service: &Service,
    references: &[Reference<'_>],
) -> Option<Diagnostic> {
    let first = references.first()?;
    // A finding at an object that is only read would be lost.
    let (meta, span): (&Meta, Span) =
        if is_checked(meta) { (meta, text.span) } else { (&first.route.meta, first.name_span()) };
    let message = format!("`{}` of {} is {what}", text.value, named(&service.meta));
    let mut finding = about(meta, rule::METADATA_SERVICE_BACKEND, span, message)
        .primary_label("reached with the rights of the Gateway")
        .effect("clients from outside reach what trusts the node")
        .help(format!("remove `{}`, or the backend that leads here", text.value));
    for reference in references.iter().filter(|reference| reference.name_span() != span) {
        finding = finding.label(reference.name_span(), "used as a backend");
    }
    Some(finding)
}

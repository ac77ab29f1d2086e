//! GWC7004 `backend-tls-missing`: a sensitive Service is reached in clear text.
//!
//! # What it checks
//! Services that carry the labels of the option `sensitive` and are a backend of an HTTPRoute or GRPCRoute, without a
//! BackendTLSPolicy in their namespace. Without the option nothing is found.
//!
//! # Why it matters
//! Behind the Gateway the traffic is readable and changeable for everything between it and the pods.
//!
//! # Example
//! ```yaml
//! # gwc.toml: [lint.options.GWC7004] sensitive = { data = "personal" }
//! kind: Service
//! metadata:
//!   name: store
//!   labels:
//!     data: personal
//! ```
//!
//! # Fix
//! Serve TLS at the backend and add a BackendTLSPolicy.
//!
//! # Specification
//! Option `sensitive` of `[lint.options.GWC7004]`; BackendTLSPolicy; GEP-1897

use std::collections::BTreeMap;

use crate::api::core::Service;
use crate::api::route::RouteKind;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, ReferenceRole};
use crate::graph::ServiceId;
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, named};
use crate::lint::tls::plaintext_to_tls_port::has_policy;
use crate::lint::{Cx, Docs, Lint};

/// GWC7004.
pub(super) static LINT: Lint = Lint {
    code: rule::BACKEND_TLS_MISSING,
    docs: Docs {
        summary: "a sensitive Service is reached in clear text",
        what: "Services that carry the labels of the option `sensitive` and are a backend of an HTTPRoute \
              or GRPCRoute, without a BackendTLSPolicy in their namespace. Without the option nothing is \
              found.",
        why: "Behind the Gateway the traffic is readable and changeable for everything between it and \
              the pods.",
        bad: r#"# gwc.toml: [lint.options.GWC7004] sensitive = { data = "personal" }
kind: Service
metadata:
  name: store
  labels:
    data: personal
"#,
        good: r#"kind: BackendTLSPolicy
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: store
"#,
        fix: "Serve TLS at the backend and add a BackendTLSPolicy.",
        spec: "Option `sensitive` of `[lint.options.GWC7004]`; BackendTLSPolicy; GEP-1897",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut found: BTreeMap<(ServiceId, usize), Vec<Reference<'_>>> = BTreeMap::new();
    for reference in references(cx).filter(speaks_http) {
        if let BackendVerdict::Service(id, position) = reference.verdict.verdict.verdict {
            let service = &cx.graph.services[id];
            if is_sensitive(cx, service) && !has_policy(cx, &service.meta.key, service.ports.get(position)) {
                found.entry((id, position)).or_default().push(reference);
            }
        }
    }
    out.0.extend(found.iter().filter_map(|((id, _), references)| diagnostic(&cx.graph.services[*id], references)));
}

fn speaks_http(reference: &Reference<'_>) -> bool {
    let http = matches!(reference.route.kind, RouteKind::Http | RouteKind::Grpc);
    http && matches!(reference.verdict.role, ReferenceRole::Backend)
}

fn is_sensitive(cx: &Cx<'_>, service: &Service) -> bool {
    let wanted = &cx.profile.rule_options.sensitive;
    !wanted.is_empty() && wanted.iter().all(|(key, value)| service.meta.label(key) == Some(value))
}

fn diagnostic(service: &Service, references: &[Reference<'_>]) -> Option<Diagnostic> {
    let (first, rest) = references.split_first()?;
    let message = format!("sensitive {} is reached in clear text", named(&service.meta));
    let mut finding = about(&first.route.meta, rule::BACKEND_TLS_MISSING, first.name_span(), message)
        .primary_label("without a BackendTLSPolicy")
        .label(service.meta.name_span, "has the labels of sensitive Services")
        .effect("what passes between Gateway and pods can be read and changed on the way")
        .help(format!("serve TLS at the backend and add a BackendTLSPolicy for `{}`", service.meta.key.name));
    for other in rest {
        finding = finding.label(other.name_span(), "reached here, too");
    }
    Some(finding)
}

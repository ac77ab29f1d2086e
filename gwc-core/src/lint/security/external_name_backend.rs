//! GWC8007 `external-name-backend`: an ExternalName Service is used as a backend.
//!
//! # What it checks
//! Backends, mirrors and authorisation services that lead to a Service of type ExternalName.
//!
//! # Why it matters
//! The Gateway would connect, with its own network rights, to whatever name the Service says: a way around network
//! policies, and to names inside the cluster that the author of the route may not reach. Gateway API says that
//! implementations should not support it: ResolvedRefs=False where they do not.
//!
//! # Example
//! ```yaml
//! kind: Service
//! spec:
//!   type: ExternalName
//!   externalName: store.example.net
//! ```
//!
//! # Fix
//! Use a Service without selector and an EndpointSlice with the addresses, or the backend kind that the implementation
//! offers for external hosts.
//!
//! # Specification
//! HTTPRoute `spec.rules[].backendRefs`; status reference B-7; CVE-2021-25740

use std::collections::BTreeMap;

use crate::api::core::Service;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::RouteResolvedRefs;
use crate::graph::ServiceId;
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, named, not_resolved, resting_on};
use crate::lint::{Cx, Docs, Lint};

use super::used_service::{external_name, local_name};

/// GWC8007.
pub(super) static LINT: Lint = Lint {
    code: rule::EXTERNAL_NAME_BACKEND,
    docs: Docs {
        summary: "an ExternalName Service is used as a backend",
        what: "Backends, mirrors and authorisation services that lead to a Service of type ExternalName.",
        why: "The Gateway would connect, with its own network rights, to whatever name the Service says: \
              a way around network policies, and to names inside the cluster that the author of the \
              route may not reach. Gateway API says that implementations should not support it: \
              ResolvedRefs=False where they do not.",
        bad: r#"kind: Service
spec:
  type: ExternalName
  externalName: store.example.net
"#,
        good: r#"kind: Service
spec:
  ports:
  - port: 80
# with an EndpointSlice that lists the addresses
"#,
        fix: "Use a Service without selector and an EndpointSlice with the addresses, or the backend \
              kind that the implementation offers for external hosts.",
        spec: "HTTPRoute `spec.rules[].backendRefs`; status reference B-7; CVE-2021-25740",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut found: BTreeMap<ServiceId, Vec<Reference<'_>>> = BTreeMap::new();
    for reference in references(cx) {
        if let Some(service) = external_name(&reference.verdict.verdict.verdict) {
            found.entry(service).or_default().push(reference);
        }
    }
    for (id, references) in &found {
        let service = &cx.graph.services[*id];
        // A name of the node or of the control plane is worse: GWC8008.
        let local = service.external_name.as_ref().is_some_and(|name| local_name(&name.value).is_some());
        if !local {
            out.0.extend(diagnostic(cx, service, references));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, service: &Service, references: &[Reference<'_>]) -> Option<Diagnostic> {
    let (first, rest) = references.split_first()?;
    let name = service.external_name.as_ref();
    let target = name.map(|name| name.value.as_str()).unwrap_or_default();
    let message = format!("{} is only a name for `{target}`", named(&service.meta));
    let mut finding = about(&first.route.meta, rule::EXTERNAL_NAME_BACKEND, first.name_span(), message)
        .primary_label("leads out of the cluster's own Services")
        .label(name.map_or(service.r#type.span, |name| name.span), "the Gateway would connect to this name")
        .effect("ResolvedRefs=False/UnsupportedValue; where it is supported, network policies are bypassed")
        .help("use a Service without selector and an EndpointSlice with the addresses");
    for other in rest {
        finding = finding.label(other.name_span(), "used here, too");
    }
    finding.conditions = not_resolved(cx, first.id, RouteResolvedRefs::UnsupportedValue);
    Some(resting_on(cx, finding, &first.verdict.verdict.support))
}

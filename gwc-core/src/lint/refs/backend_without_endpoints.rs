//! GWC1021 `backend-without-endpoints`: a backend has no endpoints.
//!
//! # What it checks
//! A Service that a route sends traffic to has EndpointSlices without an address, or a selector that fits no workload
//! of its namespace although the world holds workloads there.
//!
//! # Why it matters
//! All conditions are True, but requests are answered with 503.
//!
//! # Example
//! ```yaml
//! kind: Service
//! spec:
//!   selector:
//!     app: wbe      # the Deployment says app: web
//! ```
//!
//! # Fix
//! Correct the selector of the Service or the labels of the pod template.
//!
//! # Specification
//! `Service.spec.selector`, EndpointSlice; status reference B-9

use std::collections::BTreeMap;

use crate::api::core::{Service, Workload};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, ReferenceRole};
use crate::graph::ServiceId;
use crate::lint::finding::reference::{Reference, references};
use crate::lint::finding::{about, named, quoted};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1021.
pub(super) static LINT: Lint = Lint {
    code: rule::BACKEND_WITHOUT_ENDPOINTS,
    docs: Docs {
        summary: "a backend has no endpoints",
        what: "A Service that a route sends traffic to has EndpointSlices without an address, or a selector \
              that fits no workload of its namespace although the world holds workloads there.",
        why: "All conditions are True, but requests are answered with 503.",
        bad: r#"kind: Service
spec:
  selector:
    app: wbe      # the Deployment says app: web
"#,
        good: r#"kind: Service
spec:
  selector:
    app: web
"#,
        fix: "Correct the selector of the Service or the labels of the pod template.",
        spec: "`Service.spec.selector`, EndpointSlice; status reference B-9",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut users: BTreeMap<ServiceId, Vec<Reference<'_>>> = BTreeMap::new();
    for reference in references(cx).filter(|reference| reference.verdict.role == ReferenceRole::Backend) {
        if let BackendVerdict::Service(service, _) = reference.verdict.verdict.verdict {
            users.entry(service).or_default().push(reference);
        }
    }
    for (service, users) in &users {
        let service = &cx.graph.services[*service];
        if let (Some(why), Some((first, others))) = (without_endpoints(cx, service), users.split_first()) {
            out.push(diagnostic(cx, first, others, (service, why)));
        }
    }
}

/// Why a Service has no endpoints.
#[derive(Clone, Copy)]
enum Why {
    SlicesEmpty,
    SelectorFitsNothing,
}

fn without_endpoints(cx: &Cx<'_>, service: &Service) -> Option<Why> {
    let key = &service.meta.key;
    let slices = cx.graph.endpoint_slices.iter().map(|(_, slice)| slice);
    let mut own =
        slices.filter(|one| one.meta.key.namespace == key.namespace && one.service.as_ref() == Some(&key.name));
    if let Some(first) = own.next() {
        let empty = first.addresses.is_empty() && own.all(|slice| slice.addresses.is_empty());
        return empty.then_some(Why::SlicesEmpty);
    }
    let mut workloads = workloads(cx, service).peekable();
    if service.selector.is_empty() || workloads.peek().is_none() {
        return None;
    }
    let fits = |workload: &Workload| service.selector.iter().all(|label| workload.pod_labels.contains(label));
    (!workloads.any(fits)).then_some(Why::SelectorFitsNothing)
}

fn workloads<'w>(cx: &Cx<'w>, service: &Service) -> impl Iterator<Item = &'w Workload> {
    let all = cx.graph.workloads.iter().map(|(_, workload)| workload);
    all.filter(move |workload| workload.meta.key.namespace == service.meta.key.namespace)
}

fn diagnostic(
    cx: &Cx<'_>,
    first: &Reference<'_>,
    others: &[Reference<'_>],
    (service, why): (&Service, Why),
) -> Diagnostic {
    let message = format!("{} has no endpoints", named(&service.meta));
    let mut finding = about(&first.route.meta, rule::BACKEND_WITHOUT_ENDPOINTS, first.name_span(), message)
        .effect("conditions stay True, but requests to this backend answer 503");
    for other in others {
        finding = finding.label(other.name_span(), "also sends traffic there");
    }
    match why {
        Why::SlicesEmpty => {
            let name = service.meta.name_span;
            finding.label(name, "its EndpointSlices hold no address").help("start pods that the Service selects")
        }
        Why::SelectorFitsNothing => {
            let selector: Vec<String> = service.selector.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let text = format!("the selector {} fits no pod of the namespace", quoted(&selector));
            let finding = finding.label(service.meta.name_span, text);
            match near_label(cx, service) {
                Some((key, written, near)) => {
                    finding.help(format!("did you mean `{key}: {near}` instead of `{key}: {written}`?"))
                }
                None => finding.help("make the selector of the Service fit the labels of the pod template"),
            }
        }
    }
}

/// A label of the selector that a workload has with a similar value.
fn near_label<'w>(cx: &Cx<'w>, service: &'w Service) -> Option<(&'w str, &'w str, &'w str)> {
    service.selector.iter().find_map(|(key, value)| {
        let labels = workloads(cx, service).flat_map(|workload| &workload.pod_labels);
        let values = labels.filter(|(name, other)| name == key && other != value).map(|(_, other)| other.as_str());
        nearest(value, values).map(|near| (key.as_str(), value.as_str(), near))
    })
}

//! GWC1014 `policy-section-not-found`: a policy targets a port name that the Service does not have.
//!
//! # What it checks
//! `targetRefs[].sectionName` of a policy is not the name of a port of the Service.
//!
//! # Why it matters
//! Accepted=False/TargetNotFound; the policy has no effect. The name of the port is wanted, not its number.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: BackendTLSPolicy
//! metadata:
//!   name: orders-tls
//!   namespace: backend
//! spec:
//!   targetRefs:
//!   - group: ""
//!     kind: Service
//!     name: orders
//!     sectionName: "8443"
//! ```
//!
//! # Fix
//! Use the `name` of a Service port, or leave `sectionName` out to target all ports.
//!
//! # Specification
//! `spec.targetRefs[].sectionName`; status reference BT-1

use crate::api::Text;
use crate::api::core::Service;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::TargetVerdict;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::policy::{Target, targets};
use crate::lint::finding::{about, condition, named, quoted};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1014.
pub(super) static LINT: Lint = Lint {
    code: rule::POLICY_SECTION_NOT_FOUND,
    docs: Docs {
        summary: "a policy targets a port name that the Service does not have",
        what: "`targetRefs[].sectionName` of a policy is not the name of a port of the Service.",
        why: "Accepted=False/TargetNotFound; the policy has no effect. The name of the port is wanted, not its \
              number.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata:
  name: orders-tls
  namespace: backend
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: orders
    sectionName: "8443"
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata:
  name: orders-tls
  namespace: backend
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: orders
    sectionName: https
"#,
        fix: "Use the `name` of a Service port, or leave `sectionName` out to target all ports.",
        spec: "`spec.targetRefs[].sectionName`; status reference BT-1",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for target in targets(cx) {
        let TargetVerdict::SectionNotFound(service) = &target.verdict.verdict else { continue };
        if let Some(section) = &target.reference.section_name {
            out.push(diagnostic(cx, &target, &cx.graph.services[*service], section));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, target: &Target<'_>, service: &Service, section: &Text) -> Diagnostic {
    let message = format!("{} has no port named `{}`", named(&service.meta), section.value);
    let mut finding = about(target.policy, rule::POLICY_SECTION_NOT_FOUND, section.span, message)
        .effect("Accepted=False/TargetNotFound: the policy has no effect")
        .condition(condition("Accepted", "False", "TargetNotFound"));
    for port in service.ports.iter().take(4) {
        finding = finding.label(port.span, "a port of the Service");
    }
    let names: Vec<&str> =
        service.ports.iter().filter_map(|port| port.name.as_ref()).map(|name| name.value.as_str()).collect();
    let by_number = service.ports.iter().find(|port| port.port.value.to_string() == section.value.as_str());
    let numbered = by_number.and_then(|port| port.name.as_ref()).map(|name| name.value.as_str());
    match numbered.or_else(|| nearest(&section.value, names.iter().copied())) {
        Some(name) => {
            let why = if numbered.is_some() {
                "`sectionName` is a port name, not a number"
            } else {
                "did you mean this one?"
            };
            finding.help(format!("write `{name}`: {why}")).fix(
                Applicability::Unsafe,
                format!("write `{name}`"),
                vec![replace_scalar(cx, section.span, name)],
            )
        }
        None if names.is_empty() => finding.help("remove `sectionName`, or give the Service ports names"),
        None => finding.help(format!("use one of {}, or remove `sectionName`", quoted(&names))),
    }
}

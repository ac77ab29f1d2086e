//! GWC1017 `parameters-ref-not-found`: a parametersRef cannot be used.
//!
//! # What it checks
//! `spec.parametersRef` of a GatewayClass or `spec.infrastructure.parametersRef` of a Gateway names an object that
//! the world does not hold, a kind that the controller does not understand, or a namespace where none fits.
//!
//! # Why it matters
//! Accepted=False/InvalidParameters for the class or the Gateway; nothing of it is served.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: Gateway
//! metadata:
//!   name: shared
//!   namespace: infra
//! spec:
//!   gatewayClassName: example
//!   infrastructure:
//!     parametersRef:
//!       group: ""
//!       kind: ConfigMap
//!       name: prams
//! ```
//!
//! # Fix
//! Correct the reference, or add the object. The parameters of a Gateway lie in its own namespace.
//!
//! # Specification
//! `GatewayClass.spec.parametersRef`, `Gateway.spec.infrastructure.parametersRef`, InvalidParameters; status
//! reference GC-4, GW-3; conformance GatewayInvalidParametersRef

use crate::api::Meta;
use crate::api::reference::ObjectReference;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{GatewayClassAccepted, ParametersProblem, Support};
use crate::lint::finding::missing::{self, Place, assumed_object};
use crate::lint::finding::{about, condition, is_checked, resting_on};
use crate::lint::{Cx, Docs, Lint};

/// GWC1017.
pub(super) static LINT: Lint = Lint {
    code: rule::PARAMETERS_REF_NOT_FOUND,
    docs: Docs {
        summary: "a parametersRef cannot be used",
        what: "`spec.parametersRef` of a GatewayClass or `spec.infrastructure.parametersRef` of a Gateway names \
              an object that the world does not hold, a kind that the controller does not understand, or a \
              namespace where none fits.",
        why: "Accepted=False/InvalidParameters for the class or the Gateway; nothing of it is served.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  infrastructure:
    parametersRef:
      group: ""
      kind: ConfigMap
      name: prams
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  infrastructure:
    parametersRef:
      group: ""
      kind: ConfigMap
      name: params
"#,
        fix: "Correct the reference, or add the object. The parameters of a Gateway lie in its own namespace.",
        spec: "`GatewayClass.spec.parametersRef`, `Gateway.spec.infrastructure.parametersRef`, \
              InvalidParameters; status reference GC-4, GW-3; conformance GatewayInvalidParametersRef",
    },
    check: Some(check),
};

/// A parametersRef with its verdict.
struct Parameters<'w> {
    holder: &'w Meta,
    target: &'w ObjectReference,
    problem: Option<ParametersProblem>,
    support: &'w Support,
}

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut assumed = Vec::new();
    for one in of_classes(cx).chain(of_gateways(cx)).filter(|one| is_checked(one.holder)) {
        match one.problem {
            Some(problem) => out.push(diagnostic(cx, &one, problem)),
            None => assumed.extend(assumed_object(cx, one.support).map(|fact| Place {
                meta: one.holder,
                span: one.target.name.span,
                fact,
            })),
        }
    }
    let consequence = "Accepted=False/InvalidParameters, and nothing is served";
    missing::report(cx, rule::PARAMETERS_REF_NOT_FOUND, consequence, assumed, out);
}

fn of_classes<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Parameters<'w>> {
    let Cx { graph, evaluation, .. } = *cx;
    graph.gateway_classes.iter().filter_map(|(id, class)| {
        let accepted = &evaluation.gateway_classes.get(id.index())?.accepted;
        let problem = match accepted.verdict {
            GatewayClassAccepted::Accepted => None,
            GatewayClassAccepted::InvalidParameters(problem) => Some(problem),
        };
        let target = class.parameters_ref.as_ref()?;
        Some(Parameters { holder: &class.meta, target, problem, support: &accepted.support })
    })
}

fn of_gateways<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Parameters<'w>> {
    let Cx { graph, evaluation, .. } = *cx;
    graph.gateways.iter().filter_map(|(id, gateway)| {
        let verdict = evaluation.gateways.get(id.index())?.parameters.as_ref()?;
        let target = gateway.parameters_ref.as_ref()?;
        Some(Parameters { holder: &gateway.meta, target, problem: verdict.verdict, support: &verdict.support })
    })
}

fn diagnostic(cx: &Cx<'_>, one: &Parameters<'_>, problem: ParametersProblem) -> Diagnostic {
    let target = one.target;
    let kind = target.group_kind();
    let (span, message, help) = match problem {
        ParametersProblem::UnsupportedKind => (
            target.kind_span,
            format!("`{kind}` is no kind of parameters that the controller is known to read"),
            format!("correct the kind; one that it reads: --assume 'kind:{}/{}'", kind.group, kind.kind),
        ),
        ParametersProblem::NotFound => (
            target.name.span,
            format!("{} `{}` does not exist", target.kind, target.target(&one.holder.key.namespace)),
            "correct the name, or add the object".to_owned(),
        ),
        ParametersProblem::NamespaceMissing => (
            target.span,
            format!("{} is a namespaced kind, but the reference has no namespace", target.kind),
            "write the `namespace` of the object".to_owned(),
        ),
        ParametersProblem::NamespaceGiven => (
            target.namespace.as_ref().map_or(target.span, |namespace| namespace.span),
            format!("{} is cluster-scoped, but the reference has a namespace", target.kind),
            "remove `namespace`".to_owned(),
        ),
    };
    let finding = about(one.holder, rule::PARAMETERS_REF_NOT_FOUND, span, message)
        .effect(format!("Accepted=False/InvalidParameters: nothing of the {} is served", one.holder.kind.value))
        .condition(condition("Accepted", "False", "InvalidParameters"))
        .help(help);
    resting_on(cx, finding, one.support)
}

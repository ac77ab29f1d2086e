//! GWC1001 `gatewayclass-not-found`: the Gateway names a GatewayClass that is not there.
//!
//! # What it checks
//! `spec.gatewayClassName` of a Gateway names no GatewayClass of the world.
//!
//! # Why it matters
//! No controller feels responsible: the Gateway never gets a status and serves nothing, and neither do its routes.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: Gateway
//! metadata:
//!   name: shared
//!   namespace: infra
//! spec:
//!   gatewayClassName: exmaple
//! ```
//!
//! # Fix
//! Correct the name, or install the controller that brings the class; a class that the platform provides is given as
//! context or by `--assume gatewayclass:NAME=CONTROLLER`.
//!
//! # Specification
//! `Gateway.spec.gatewayClassName`; status reference GW-1

use crate::api::gateway::Gateway;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::eval::Managed;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::missing::{self, Place, assumed_object};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1001.
pub(super) static LINT: Lint = Lint {
    code: rule::GATEWAYCLASS_NOT_FOUND,
    docs: Docs {
        summary: "the Gateway names a GatewayClass that is not there",
        what: "`spec.gatewayClassName` of a Gateway names no GatewayClass of the world.",
        why: "No controller feels responsible: the Gateway never gets a status and serves nothing, and neither \
              do its routes.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: exmaple
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
"#,
        fix: "Correct the name, or install the controller that brings the class; a class that the platform \
              provides is given as context or by `--assume gatewayclass:NAME=CONTROLLER`.",
        spec: "`Gateway.spec.gatewayClassName`; status reference GW-1",
    },
    check: Some(check),
};

/// What a missing class does.
const CONSEQUENCE: &str = "no controller claims the Gateway, it never gets a status and serves nothing";

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let (mut proven, mut assumed) = (Vec::new(), Vec::new());
    for (id, gateway) in cx.graph.gateways.iter().filter(|(_, gateway)| is_checked(&gateway.meta)) {
        match cx.evaluation.gateways.get(id.index()).map(|verdict| &verdict.managed) {
            Some(Managed::ClassAbsent) => proven.push(diagnostic(cx, gateway)),
            Some(Managed::By { class: None, support, .. }) => {
                assumed.extend(assumed_object(cx, support).map(|fact| Place {
                    meta: &gateway.meta,
                    span: gateway.class_name.span,
                    fact,
                }))
            }
            Some(Managed::By { class: Some(_), .. } | Managed::ClassRefused) | None => {}
        }
    }
    missing::report_proven(proven, out);
    missing::report(cx, rule::GATEWAYCLASS_NOT_FOUND, CONSEQUENCE, assumed, out);
}

fn diagnostic(cx: &Cx<'_>, gateway: &Gateway) -> Diagnostic {
    let name = &gateway.class_name;
    let finding =
        about(&gateway.meta, rule::GATEWAYCLASS_NOT_FOUND, name.span, format!("no GatewayClass `{}`", name.value))
            .effect(CONSEQUENCE);
    let classes = cx.graph.gateway_classes.iter().map(|(_, class)| class.meta.key.name.as_str());
    match nearest(&name.value, classes) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, name.span, near)],
        ),
        None => finding.help(format!(
            "install the class, or vouch for it: --assume 'gatewayclass:{}=example.com/controller'",
            name.value
        )),
    }
}

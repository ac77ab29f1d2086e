//! GWC2010 `invalid-route-kinds`: the listener lists kinds that its protocol cannot serve.
//!
//! # What it checks
//! `allowedRoutes.kinds` names kinds that do not exist, or that the protocol and TLS mode of the listener cannot
//! serve.
//!
//! # Why it matters
//! ResolvedRefs=False/InvalidRouteKinds, and `supportedKinds` holds only the rest; where nothing is left, the
//! listener is not programmed.
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
//!   listeners:
//!   - name: http
//!     port: 80
//!     protocol: HTTP
//!     allowedRoutes:
//!       kinds:
//!       - kind: TCPRoute
//! ```
//!
//! # Fix
//! List kinds that the protocol serves: HTTPRoute and GRPCRoute for HTTP and HTTPS, TLSRoute for TLS, TCPRoute for
//! TCP, UDPRoute for UDP.
//!
//! # Specification
//! `listeners[].allowedRoutes.kinds`, ListenerReasonInvalidRouteKinds; status reference L-14, L-41, §2.4; conformance
//! GatewayInvalidRouteKind

use crate::api::route::ROUTE_KINDS;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::eval::ListenerVerdict;
use crate::graph::ListenerId;
use crate::lint::attach::refusal::refused_kinds_note;
use crate::lint::finding::edit::{remove_item, replace_scalar, tree};
use crate::lint::finding::{about, condition, is_checked, listener_text, quoted};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC2010.
pub(super) static LINT: Lint = Lint {
    code: rule::INVALID_ROUTE_KINDS,
    docs: Docs {
        summary: "the listener lists kinds that its protocol cannot serve",
        what: "`allowedRoutes.kinds` names kinds that do not exist, or that the protocol and TLS mode of the \
              listener cannot serve.",
        why: "ResolvedRefs=False/InvalidRouteKinds, and `supportedKinds` holds only the rest; where nothing is \
              left, the listener is not programmed.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      kinds:
      - kind: TCPRoute
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      kinds:
      - kind: HTTPRoute
"#,
        fix: "List kinds that the protocol serves: HTTPRoute and GRPCRoute for HTTP and HTTPS, TLSRoute for \
              TLS, TCPRoute for TCP, UDPRoute for UDP.",
        spec: "`listeners[].allowedRoutes.kinds`, ListenerReasonInvalidRouteKinds; status reference L-14, L-41, \
              §2.4; conformance GatewayInvalidRouteKind",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for id in cx.graph.listeners.ids().filter(|id| is_checked(cx.graph.listener_owner(*id))) {
        if let Some(verdict) = cx.evaluation.listeners.get(id.index())
            && let Some(first) = verdict.invalid_kinds.first()
        {
            out.0.extend(diagnostic(cx, id, verdict, *first));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, verdict: &ListenerVerdict, first: usize) -> Option<Diagnostic> {
    let listener = cx.graph.listener(id);
    let kind = listener.kinds.get(first)?;
    let protocol = &listener.protocol;
    let left = match verdict.supported_kinds.as_slice() {
        [] => "no kind is left, so the listener is not programmed".to_owned(),
        kinds => format!("supportedKinds is {}", quoted(kinds.iter().map(|kind| kind.name()))),
    };
    let message = format!("a listener of protocol {} cannot serve `{}`", protocol.value, kind.kind.value);
    let mut finding = about(cx.graph.listener_owner(id), rule::INVALID_ROUTE_KINDS, kind.kind.span, message)
        .effect(format!("ResolvedRefs=False/InvalidRouteKinds; {left}"))
        .condition(condition("ResolvedRefs", "False", "InvalidRouteKinds"))
        .label(protocol.span, format!("{} has protocol {}", listener_text(cx, id), protocol.value));
    for position in verdict.invalid_kinds.iter().skip(1) {
        if let Some(other) = listener.kinds.get(*position) {
            finding = finding.label(other.kind.span, "cannot be served either");
        }
    }
    finding.notes.extend(refused_kinds_note(cx, id));
    if let Some(near) = nearest(&kind.kind.value, ROUTE_KINDS.map(|kind| kind.name()))
        && near != kind.kind.value
    {
        return Some(finding.help(format!("did you mean `{near}`?")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, kind.kind.span, near)],
        ));
    }
    let finding = finding.help("remove the kinds that the protocol cannot serve");
    Some(match removal(cx, id, verdict) {
        Some(edits) => finding.fix(Applicability::Unsafe, "remove the kinds that cannot be served", edits),
        None => finding,
    })
}

/// Removes the invalid kinds; `None` where none would be left.
fn removal(cx: &Cx<'_>, id: ListenerId, verdict: &ListenerVerdict) -> Option<Vec<Edit>> {
    let owner = cx.graph.listener_owner(id);
    let listeners = tree(cx, owner)?.at(&["spec", "listeners"])?;
    let kinds = listeners.items().get(cx.graph.listeners[id].position)?.at(&["allowedRoutes", "kinds"])?;
    if verdict.invalid_kinds.len() >= kinds.items().len() {
        return None;
    }
    verdict.invalid_kinds.iter().map(|position| remove_item(cx, owner.source(), kinds, *position)).collect()
}

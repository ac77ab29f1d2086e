//! GWC2008 `listener-without-routes`: no route attaches to the listener.
//!
//! # What it checks
//! A listener or entry of a ListenerSet with `attachedRoutes` 0, in a world that holds all routes that could attach.
//!
//! # Why it matters
//! The port is open and answers every request with 404, or drops every connection.
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
//! ```
//!
//! # Fix
//! Remove the listener, or attach a route to it.
//!
//! # Specification
//! `status.listeners[].attachedRoutes`; status reference L-44

use crate::api::gateway::From;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{ListenerAccepted, ListenerVerdict};
use crate::graph::ListenerId;
use crate::lint::finding::{about, is_checked, listener_text};
use crate::lint::{Cx, Docs, Lint};
use crate::profile::WorldMode;
use crate::value::{GATEWAY_GROUP, GroupKind};

/// GWC2008.
pub(super) static LINT: Lint = Lint {
    code: rule::LISTENER_WITHOUT_ROUTES,
    docs: Docs {
        summary: "no route attaches to the listener",
        what: "A listener or entry of a ListenerSet with `attachedRoutes` 0, in a world that holds all routes \
              that could attach.",
        why: "The port is open and answers every request with 404, or drops every connection.",
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
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: infra
spec:
  parentRefs:
  - name: shared
    namespace: infra
"#,
        fix: "Remove the listener, or attach a route to it.",
        spec: "`status.listeners[].attachedRoutes`; status reference L-44",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for id in cx.graph.listeners.ids().filter(|id| is_checked(cx.graph.listener_owner(*id))) {
        let Some(verdict) = cx.evaluation.listeners.get(id.index()) else { continue };
        let none = verdict.attached_routes.is_empty() && verdict.undetermined_routes.is_empty();
        // A listener that is refused has another finding.
        if none && verdict.accepted.verdict == ListenerAccepted::Accepted && extent_known(cx, id, verdict) {
            out.push(diagnostic(cx, id));
        }
    }
}

/// Does the world hold all routes that could attach?
fn extent_known(cx: &Cx<'_>, id: ListenerId, verdict: &ListenerVerdict) -> bool {
    let own = &cx.graph.listener_owner(id).key.namespace;
    verdict.effective_kinds.iter().all(|kind| match cx.profile.world.mode_of(kind.name()) {
        WorldMode::Closed => true,
        WorldMode::Open => false,
        WorldMode::Auto => {
            let same = cx.graph.listener(id).namespaces.from == From::Same;
            same && cx.graph.extent_known(&GroupKind::new(GATEWAY_GROUP, kind.name()), own)
        }
    })
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId) -> Diagnostic {
    let name = cx.graph.listener(id).name.span;
    let message = format!("no route attaches to {}", listener_text(cx, id));
    about(cx.graph.listener_owner(id), rule::LISTENER_WITHOUT_ROUTES, name, message)
        .effect("attachedRoutes is 0: the port is open, but nothing is served there")
        .help("attach a route, or remove the listener")
}

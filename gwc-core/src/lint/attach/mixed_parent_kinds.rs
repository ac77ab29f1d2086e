//! GWC2019 `mixed-parent-kinds`: one route has both Gateway and mesh parents.
//!
//! # What it checks
//! A route refers to a Gateway or ListenerSet and to a Service (which configures a mesh) at the same time.
//!
//! # Why it matters
//! The two are served by different software with different features; a change for the one silently changes the other.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! spec:
//!   parentRefs:
//!   - name: shared
//!     namespace: infra
//!   - group: ""
//!     kind: Service
//!     name: web
//! ```
//!
//! # Fix
//! Write two routes, one for each sort of parent.
//!
//! # Specification
//! `spec.parentRefs`; GEP-1324; status reference §2.7

use crate::api::reference::ParentRef;
use crate::api::route::Route;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

/// GWC2019.
pub(super) static LINT: Lint = Lint {
    code: rule::MIXED_PARENT_KINDS,
    docs: Docs {
        summary: "one route has both Gateway and mesh parents",
        what: "A route refers to a Gateway or ListenerSet and to a Service (which configures a mesh) at the \
              same time.",
        why: "The two are served by different software with different features; a change for the one silently \
              changes the other.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
  - group: ""
    kind: Service
    name: web
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
"#,
        fix: "Write two routes, one for each sort of parent.",
        spec: "`spec.parentRefs`; GEP-1324; status reference §2.7",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        let mesh = route.parents.iter().find(|parent| is_service(parent));
        let gateway =
            route.parents.iter().find(|parent| matches!(parent.target.kind.as_str(), "Gateway" | "ListenerSet"));
        if let (Some(mesh), Some(gateway)) = (mesh, gateway) {
            out.push(diagnostic(route, mesh, gateway));
        }
    }
}

fn is_service(parent: &ParentRef) -> bool {
    parent.target.group.is_empty() && parent.target.kind == "Service"
}

fn diagnostic(route: &Route, mesh: &ParentRef, gateway: &ParentRef) -> Diagnostic {
    let message = format!("one {} for a {} and for the mesh", route.kind.name(), gateway.target.kind);
    about(&route.meta, rule::MIXED_PARENT_KINDS, mesh.target.name.span, message)
        .label(gateway.target.name.span, "the other sort of parent")
        .effect("different software serves the two, with different features; gwc evaluates the Gateway side only")
        .help("write two routes, one for each sort of parent")
}

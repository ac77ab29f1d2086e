//! GWC0006 `duplicate-object`: two objects have the same identity.
//!
//! # What it checks
//! Two documents of one world declare an object of the same group, kind, namespace and name.
//!
//! # Why it matters
//! The object that is applied last wins and silently replaces the other; gwc analyses the first by path and offset
//! only.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! ---
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! ```
//!
//! # Fix
//! Rename or remove one of the two, or check the environments as separate worlds.
//!
//! # Specification
//! Kubernetes object identity: group, kind, namespace, name

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::graph::Duplicate;
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};

/// GWC0006.
pub(super) static LINT: Lint = Lint {
    code: rule::DUPLICATE_OBJECT,
    docs: Docs {
        summary: "two objects have the same identity",
        what: "Two documents of one world declare an object of the same group, kind, namespace and name.",
        why: "The object that is applied last wins and silently replaces the other; gwc analyses the first by \
              path and offset only.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: cart
  namespace: store
"#,
        fix: "Rename or remove one of the two, or check the environments as separate worlds.",
        spec: "Kubernetes object identity: group, kind, namespace, name",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for duplicate in &cx.graph.duplicates {
        out.push(diagnostic(duplicate));
    }
}

fn diagnostic(duplicate: &Duplicate) -> Diagnostic {
    let Duplicate { kept, dropped } = duplicate;
    // The finding stands at a checked object, also when the first of the two is the checked one.
    let (here, there) = if is_checked(dropped) { (dropped, kept) } else { (kept, dropped) };
    let what = if is_checked(dropped) { "the first one" } else { "the other one" };
    about(here, rule::DUPLICATE_OBJECT, here.name_span, format!("{} is declared twice", named(here)))
        .primary_label("declared here")
        .label(there.name_span, format!("{what} is here"))
        .effect("the object that is applied last replaces the other; only the first by path and offset is analysed")
        .help("rename or remove one of them, or check the environments as separate worlds")
}

//! GWC0020 `namespace-omitted`: the namespace is left to whoever applies the object.
//!
//! # What it checks
//! A namespaced object without `metadata.namespace`, or a cluster-scoped object with one.
//!
//! # Why it matters
//! Where the object lands depends on the context of the client; references, grants and `from: Same` depend on it too.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//! ```
//!
//! # Fix
//! Write the namespace; with `-n NAMESPACE` the edit shown writes that one.
//!
//! # Specification
//! Kubernetes object scope

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::lint::finding::edit::{insert_entry, remove_entry};
use crate::lint::finding::object::{Scope, Written, scope, written};
use crate::lint::{Cx, Docs, Lint};
use crate::yaml::Node;

/// GWC0020.
pub(super) static LINT: Lint = Lint {
    code: rule::NAMESPACE_OMITTED,
    docs: Docs {
        summary: "the namespace is left to whoever applies the object",
        what: "A namespaced object without `metadata.namespace`, or a cluster-scoped object with one.",
        why: "Where the object lands depends on the context of the client; references, grants and `from: Same` \
              depend on it too.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
"#,
        fix: "Write the namespace; with `-n NAMESPACE` the edit shown writes that one.",
        spec: "Kubernetes object scope",
    },
    check: Some(check),
};

/// Namespace of clients that were told none; a profile that names another one was told.
const CLIENT_DEFAULT: &str = "default";

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for object in written(cx) {
        let Some(metadata) = object.metadata() else { continue };
        match (scope(object.group(), &object.object.kind), metadata.field("namespace")) {
            (Some(Scope::Namespaced), None) => out.push(omitted(cx, &object, metadata)),
            (Some(Scope::Cluster), Some(namespace)) => out.push(superfluous(cx, &object, metadata, namespace)),
            (Some(Scope::Namespaced), Some(_)) | (Some(Scope::Cluster), None) | (None, _) => {}
        }
    }
}

fn omitted(cx: &Cx<'_>, object: &Written<'_>, metadata: &Node) -> Diagnostic {
    let default = cx.profile.default_namespace.as_str();
    let message = format!("{} `{}` has no namespace", object.object.kind, object.object.name);
    let finding = object
        .finding(rule::NAMESPACE_OMITTED, object.name_span(), message)
        .effect(format!("analysed in namespace `{default}`; a client puts the object where its context points"))
        .help("write `metadata.namespace`");
    if default == CLIENT_DEFAULT {
        return finding;
    }
    match insert_entry(cx, object.source, metadata, "namespace", &[default]) {
        Some(edit) => finding.fix(Applicability::Safe, format!("write `namespace: {default}`"), vec![edit]),
        None => finding,
    }
}

fn superfluous(cx: &Cx<'_>, object: &Written<'_>, metadata: &Node, namespace: &Node) -> Diagnostic {
    let kind = &object.object.kind;
    let message = format!("{kind} `{}` is cluster-scoped but has a namespace", object.object.name);
    let finding = object
        .finding(rule::NAMESPACE_OMITTED, namespace.span(object.source), message)
        .effect("the namespace has no meaning; some clients refuse the object")
        .help("remove `metadata.namespace`");
    match remove_entry(cx, object.source, metadata, "namespace") {
        Some(edit) => finding.fix(Applicability::Safe, "remove the namespace", vec![edit]),
        None => finding,
    }
}

//! GWC0007 `unknown-gateway-kind`: no release of Gateway API has this kind.
//!
//! # What it checks
//! An object of a Gateway API group has a kind that no bundled release knows in either channel.
//!
//! # Why it matters
//! The API server answers that it has no match for the kind; the object is never created.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HttpRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! ```
//!
//! # Fix
//! Correct the kind; kinds are case-sensitive.
//!
//! # Specification
//! Kinds of `gateway.networking.k8s.io` and `gateway.networking.x-k8s.io`, v1.0 to v1.6

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::object::{GATEWAY_KINDS, Written, X_GATEWAY_KINDS, written};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;
use crate::value::{GATEWAY_GROUP, X_GATEWAY_GROUP};

/// GWC0007.
pub(super) static LINT: Lint = Lint {
    code: rule::UNKNOWN_GATEWAY_KIND,
    docs: Docs {
        summary: "no release of Gateway API has this kind",
        what: "An object of a Gateway API group has a kind that no bundled release knows in either channel.",
        why: "The API server answers that it has no match for the kind; the object is never created.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HttpRoute
metadata:
  name: shop
  namespace: store
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
"#,
        fix: "Correct the kind; kinds are case-sensitive.",
        spec: "Kinds of `gateway.networking.k8s.io` and `gateway.networking.x-k8s.io`, v1.0 to v1.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for object in written(cx) {
        let known: &[&str] = match object.group() {
            GATEWAY_GROUP => &GATEWAY_KINDS,
            X_GATEWAY_GROUP => &X_GATEWAY_KINDS,
            _ => continue,
        };
        if !known.contains(&object.object.kind.as_str()) {
            out.push(diagnostic(cx, &object, known));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, object: &Written<'_>, known: &[&str]) -> Diagnostic {
    let kind = &object.object.kind;
    let span = object.node.field("kind").unwrap_or(object.node).span(object.source);
    let message = format!("no release of Gateway API has a kind `{kind}`");
    let finding = object
        .finding(rule::UNKNOWN_GATEWAY_KIND, span, message)
        .effect("the API server has no match for the kind and refuses the object");
    match nearest(kind, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`? kinds are case-sensitive")).fix(
            Applicability::Unsafe,
            format!("write `{near}`"),
            vec![replace_scalar(cx, span, near)],
        ),
        None => finding.help(format!("kinds of this group: {}", known.join(", "))),
    }
}

//! GWC0021 `server-field-in-manifest`: the manifest holds fields that the server writes.
//!
//! # What it checks
//! `status` and the fields of `metadata` that only the API server sets: `uid`, `resourceVersion`, `generation`,
//! `managedFields`, `creationTimestamp`, `selfLink`. One finding for each object.
//!
//! # Why it matters
//! An object exported from a cluster carries the past of that cluster: `resourceVersion` makes an apply fail, the
//! others are noise that hides changes.
//!
//! # Example
//! ```yaml
//! metadata:
//!   name: shop
//!   namespace: store
//!   resourceVersion: "8128"
//! ```
//!
//! # Fix
//! Remove the fields; gwc shows the edit.
//!
//! # Specification
//! Kubernetes ObjectMeta; `status` is a subresource of every Gateway API kind that has one

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::lint::finding::edit::remove_entry;
use crate::lint::finding::object::{Written, written};
use crate::lint::finding::quoted;
use crate::lint::{Cx, Docs, Lint};
use crate::source::Origin;
use crate::yaml::{Key, Node};

/// GWC0021.
pub(super) static LINT: Lint = Lint {
    code: rule::SERVER_FIELD_IN_MANIFEST,
    docs: Docs {
        summary: "the manifest holds fields that the server writes",
        what: "`status` and the fields of `metadata` that only the API server sets: `uid`, `resourceVersion`, \
              `generation`, `managedFields`, `creationTimestamp`, `selfLink`. One finding for each object.",
        why: "An object exported from a cluster carries the past of that cluster: `resourceVersion` makes an \
              apply fail, the others are noise that hides changes.",
        bad: r#"metadata:
  name: shop
  namespace: store
  resourceVersion: "8128"
"#,
        good: r#"metadata:
  name: shop
  namespace: store
"#,
        fix: "Remove the fields; gwc shows the edit.",
        spec: "Kubernetes ObjectMeta; `status` is a subresource of every Gateway API kind that has one",
    },
    check: Some(check),
};

/// Fields of `metadata` that only the server sets.
const METADATA_FIELDS: [&str; 6] =
    ["uid", "resourceVersion", "generation", "managedFields", "creationTimestamp", "selfLink"];

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for object in written(cx) {
        if cx.sources.source(object.source).origin == Origin::Cluster {
            continue;
        }
        let found = server_fields(&object);
        if let Some((_, first, _)) = found.first() {
            out.push(diagnostic(cx, &object, first, &found));
        }
    }
}

/// Each field with its path, its key and the mapping that holds it.
fn server_fields<'w>(object: &Written<'w>) -> Vec<(String, &'w Key, &'w Node)> {
    let mut found = Vec::new();
    if let Some(metadata) = object.metadata() {
        let fields = metadata.entries().iter().filter(|entry| METADATA_FIELDS.contains(&entry.key.text.as_str()));
        found.extend(fields.map(|entry| (format!("metadata.{}", entry.key.text), &entry.key, metadata)));
    }
    found.extend(object.node.entry("status").map(|entry| ("status".to_owned(), &entry.key, object.node)));
    found
}

fn diagnostic(cx: &Cx<'_>, object: &Written<'_>, first: &Key, found: &[(String, &Key, &Node)]) -> Diagnostic {
    let message = format!("{} holds {} that only the server writes", object.named(), count(found.len()));
    let mut finding = object
        .finding(rule::SERVER_FIELD_IN_MANIFEST, first.span(object.source), message)
        .effect("the server ignores or refuses them; they are noise in a repository")
        .help(format!("remove {}", quoted(found.iter().map(|(path, ..)| path))));
    for (path, key, _) in found.iter().skip(1) {
        finding = finding.label(key.span(object.source), format!("`{path}`"));
    }
    let edits: Option<Vec<Edit>> =
        found.iter().map(|(_, key, mapping)| remove_entry(cx, object.source, mapping, &key.text)).collect();
    match edits {
        Some(edits) => finding.fix(applicability(object, found), "remove the fields", edits),
        None => finding,
    }
}

/// Times decide which of two conflicting objects wins, and statuses repeat the generation: taking those away may change
/// what is predicted.
fn applicability(object: &Written<'_>, found: &[(String, &Key, &Node)]) -> Applicability {
    let metadata = object.metadata();
    let is_read = |key: &str| metadata.and_then(|metadata| metadata.field(key)).is_some();
    let matters = found.iter().any(|(path, ..)| path == "metadata.creationTimestamp" || path == "metadata.generation");
    if matters && (is_read("creationTimestamp") || is_read("generation")) {
        Applicability::Unsafe
    } else {
        Applicability::Safe
    }
}

fn count(fields: usize) -> String {
    if fields == 1 { "a field".to_owned() } else { format!("{fields} fields") }
}

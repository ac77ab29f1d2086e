//! GWC7008 `experimental-not-needed`: experimental CRDs without anything that needs them.
//!
//! # What it checks
//! CustomResourceDefinitions of the experimental channel in a world in which every Gateway API object would be taken by
//! the standard CRDs of the same release.
//!
//! # Why it matters
//! Experimental fields and kinds may change or go without notice, and an upgrade of experimental CRDs needs more care
//! than one of the standard channel. Once installed, they get used by accident.
//!
//! # Example
//! ```yaml
//! kind: CustomResourceDefinition
//! metadata:
//!   annotations:
//!     gateway.networking.k8s.io/channel: experimental
//! ```
//!
//! # Fix
//! Install the standard channel of the release.
//!
//! # Specification
//! Gateway API release channels; annotation `gateway.networking.k8s.io/channel`

use crate::admission::{Operation, Served, admit};
use crate::api::core::Crd;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::profile::{Channel, Target};
use crate::value::{GATEWAY_GROUP, X_GATEWAY_GROUP};
use crate::yaml::Node;

/// GWC7008.
pub(super) static LINT: Lint = Lint {
    code: rule::EXPERIMENTAL_NOT_NEEDED,
    docs: Docs {
        summary: "experimental CRDs without anything that needs them",
        what: "CustomResourceDefinitions of the experimental channel in a world in which every Gateway \
              API object would be taken by the standard CRDs of the same release.",
        why: "Experimental fields and kinds may change or go without notice, and an upgrade of \
              experimental CRDs needs more care than one of the standard channel. Once installed, they \
              get used by accident.",
        bad: r#"kind: CustomResourceDefinition
metadata:
  annotations:
    gateway.networking.k8s.io/channel: experimental
"#,
        good: r#"kind: CustomResourceDefinition
metadata:
  annotations:
    gateway.networking.k8s.io/channel: standard
"#,
        fix: "Install the standard channel of the release.",
        spec: "Gateway API release channels; annotation `gateway.networking.k8s.io/channel`",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let crds: Vec<&Crd> = cx.graph.crds.iter().map(|(_, crd)| crd).filter(|crd| is_experimental(crd)).collect();
    if let Some(first) = crds.iter().find(|crd| is_checked(&crd.meta))
        && !is_needed(cx)
    {
        out.push(diagnostic(first, &crds));
    }
}

fn is_experimental(crd: &Crd) -> bool {
    matches!(crd.bundle, Some((_, Channel::Experimental)))
}

/// Is there an object that the standard CRDs would refuse or prune, or no object at all to judge by?
fn is_needed(cx: &Cx<'_>) -> bool {
    let roots = cx.documents.iter().filter_map(|document| document.root.as_ref());
    let objects: Vec<&Node> = roots.flat_map(objects).filter(|node| is_gateway_kind(node)).collect();
    let standard = Target { channel: Channel::Standard, ..cx.target };
    objects.is_empty() || objects.iter().any(|node| needs_more(node, standard))
}

/// The object, or the items of a List.
fn objects(root: &Node) -> Vec<&Node> {
    root.field("items").map_or_else(|| vec![root], |items| items.items().iter().collect())
}

fn is_gateway_kind(node: &Node) -> bool {
    let version = node.field("apiVersion").and_then(Node::as_str).unwrap_or_default();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    group == GATEWAY_GROUP || group == X_GATEWAY_GROUP
}

fn needs_more(node: &Node, standard: Target) -> bool {
    let verdict = admit(node, standard, Operation::Create);
    match verdict.served {
        Served::Yes | Served::Foreign => !verdict.unknown.is_empty(),
        Served::VersionNotServed | Served::KindNotServed => true,
    }
}

fn diagnostic(first: &Crd, crds: &[&Crd]) -> Diagnostic {
    let span = first.bundle_span.unwrap_or(first.meta.name_span);
    let message = "nothing needs the experimental channel of these CRDs";
    let mut finding = about(&first.meta, rule::EXPERIMENTAL_NOT_NEEDED, span, message)
        .primary_label("experimental channel")
        .effect("experimental fields and kinds may change or go with any release")
        .help("install the standard channel of the same release");
    for other in crds.iter().filter(|crd| crd.meta.key != first.meta.key).take(8) {
        finding = finding.label(other.bundle_span.unwrap_or(other.meta.name_span), "experimental, too");
    }
    finding
}

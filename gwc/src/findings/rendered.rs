//! Which file a rendered document comes from: Helm's `# Source:` comment, kustomize's origin annotation.
//!
//! Reads what the renderer left behind; runs no renderer. Spec: cli-and-rules.md §5.5.

use gwc_core::yaml::{Document, Node};

/// Annotation that kustomize writes with `buildMetadata: [originAnnotations]`.
const ORIGIN: &str = "config.kubernetes.io/origin";

/// The note on findings in `document`; `object` is the object's own node, which in a list is not the root.
pub(crate) fn note(document: &Document, text: &str, object: Option<&Node>) -> Option<String> {
    let root = document.root.as_ref();
    let from = object.or(root).and_then(kustomize).or_else(|| helm(document, text))?;
    Some(format!("rendered from {from}"))
}

/// `# Source: chart/templates/file.yaml` in front of the document's first key.
fn helm(document: &Document, text: &str) -> Option<String> {
    let first = document.root.as_ref().map_or(document.end, |root| root.start);
    let leading = document.comments.iter().filter(|comment| comment.start < first);
    let mut bodies = leading.filter_map(|comment| text.get(comment.start as usize..comment.end as usize));
    let path = bodies.find_map(|body| body.strip_prefix("# Source: "))?.trim();
    (!path.is_empty()).then(|| format!("`{path}`"))
}

/// The value is a small YAML text: `path` with `repo` and `ref` for remote bases, or `configuredIn` for generators.
fn kustomize(object: &Node) -> Option<String> {
    let origin = object.at(&["metadata", "annotations", ORIGIN])?.as_str()?;
    let field = |name: &str| {
        let value = origin.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?.trim();
        Some(value.trim_matches(['"', '\''])).filter(|value| !value.is_empty())
    };
    let path = field("path").or_else(|| field("configuredIn"))?;
    let reference = field("ref").map(|reference| format!(" at {reference}")).unwrap_or_default();
    let repository = field("repo").map(|repository| format!(" of {repository}{reference}")).unwrap_or_default();
    Some(format!("`{path}`{repository}"))
}

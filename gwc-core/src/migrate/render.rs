//! The written manifests: a small model of the objects, and their YAML as a person would have written it.
//!
//! [`model`] says what there is, `object` gives it the order of fields, [`text`] the bytes. Fields that would only
//! repeat a default of the API are left out (ingress-migrate.md §5.2). Equal models give equal bytes.

pub mod model;
mod object;
pub mod text;

pub use model::Manifest;
pub use text::Tree;

/// The manifests as one stream of documents.
#[must_use]
pub fn documents(manifests: &[Manifest]) -> String {
    let documents: Vec<String> = manifests.iter().map(document).collect();
    documents.join("---\n")
}

/// One manifest without a marker.
#[must_use]
pub fn document(manifest: &Manifest) -> String {
    text::yaml(&tree(manifest))
}

/// The manifest as a tree in the order in which it is written.
#[must_use]
pub fn tree(manifest: &Manifest) -> Tree {
    object::tree(manifest)
}

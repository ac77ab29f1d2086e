//! From manifests to texts of files: which object goes where (`--layout`), and the text of each file.

use std::collections::BTreeMap;

use gwc_core::migrate::Patch;
use gwc_core::migrate::render::{self, Manifest};

use crate::migration::decide::{Layout, Out};

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Path below the folder, or the name of the only file.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
    /// It holds manifests that are applied with the others.
    pub(crate) is_manifest: bool,
}

/// Name of the only file of a folder, and of standard output.
const SINGLE: &str = "gateway-api.yaml";

/// What several Ingresses share, in the layout of one file for each.
const SHARED: &str = "shared.yaml";

/// The files, by name.
pub(crate) fn files(manifests: &[Manifest], patches: &[Patch], out: &Out) -> Vec<File> {
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for manifest in manifests {
        by_name.entry(name(manifest, out)).or_default().push(render::document(manifest));
    }
    let file = |(name, documents): (String, Vec<String>)| {
        let text = documents.join("---\n");
        File { name, text, is_manifest: true }
    };
    let mut files: Vec<File> = by_name.into_iter().map(file).collect();
    if let (Out::File(path), true) = (out, files.is_empty()) {
        // A file of an earlier run must not outlive what it was made from.
        files.push(File { name: path.display().to_string(), text: String::new(), is_manifest: true });
    }
    if let Out::Folder { kustomization: true, .. } = out {
        files.push(kustomization(&files));
    }
    if let Out::Folder { .. } = out {
        let patch = |patch: &Patch| File { name: patch.path.clone(), text: patch.text.clone(), is_manifest: false };
        files.extend(patches.iter().map(patch));
        files.sort_by(|one, next| one.name.cmp(&next.name));
    }
    files
}

fn name(manifest: &Manifest, out: &Out) -> String {
    let layout = match out {
        Out::Stdout => return "<stdout>".to_owned(),
        Out::File(path) => return path.display().to_string(),
        Out::Folder { layout, .. } => *layout,
    };
    let meta = manifest.meta();
    match layout {
        Layout::Single => SINGLE.to_owned(),
        Layout::PerKind => format!("{}.yaml", plural(manifest)),
        Layout::PerNamespace if meta.namespace.is_empty() => "cluster.yaml".to_owned(),
        Layout::PerNamespace => format!("{}.yaml", meta.namespace),
        Layout::PerIngress => match &meta.ingress {
            Some(ingress) => format!("{}/{}.yaml", ingress.namespace, ingress.name),
            None => SHARED.to_owned(),
        },
    }
}

/// Takes the names of sources out of an object.
pub(crate) fn strip_provenance(manifest: &mut Manifest) {
    manifest.meta_mut().provenance = None;
}

fn plural(manifest: &Manifest) -> String {
    match manifest.kind().to_lowercase() {
        kind if kind.ends_with("cy") => format!("{}ies", kind.trim_end_matches('y')),
        kind if kind.ends_with('s') => format!("{kind}es"),
        kind => format!("{kind}s"),
    }
}

fn kustomization(files: &[File]) -> File {
    let mut text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n".to_owned();
    files.iter().filter(|file| file.is_manifest).for_each(|file| text.push_str(&format!("- {}\n", file.name)));
    File { name: "kustomization.yaml".to_owned(), text, is_manifest: false }
}

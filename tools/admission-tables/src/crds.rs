//! Reads CRDs into interned nodes and rows of versions.

use std::path::Path;

use serde_json::Value;

use crate::intern::Interner;

/// One version of one CRD.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VersionRow {
    /// API group.
    pub(crate) group: String,
    /// Kind.
    pub(crate) kind: String,
    /// Version.
    pub(crate) version: String,
    /// Variant of `Serving`.
    pub(crate) serving: &'static str,
    /// Stored version?
    pub(crate) storage: bool,
    /// Variant of `Scope`.
    pub(crate) scope: &'static str,
    /// Variant of `StatusSubresource`.
    pub(crate) status: &'static str,
    /// Node of the object.
    pub(crate) root: u16,
}

const CHANNELS: [&str; 2] = ["standard", "experimental"];

/// Rows of every bundle and channel, in the order of the tables: bundle, then channel.
pub(crate) fn read_all(folder: &Path, interner: &mut Interner) -> Result<Vec<Vec<VersionRow>>, String> {
    let mut out = Vec::new();
    for bundle in gwc_core::profile::BUNDLES {
        for channel in CHANNELS {
            let dir = folder.join(bundle.version()).join(channel);
            out.push(read_folder(&dir, interner)?);
        }
    }
    Ok(out)
}

fn read_folder(dir: &Path, interner: &mut Interner) -> Result<Vec<VersionRow>, String> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    let mut rows = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "yaml")) {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        for crd in documents(&text)? {
            if crd["kind"] == "CustomResourceDefinition" {
                read_crd(&crd, interner, &mut rows).map_err(|error| format!("{}: {error}", file.display()))?;
            }
        }
    }
    rows.sort();
    Ok(rows)
}

fn documents(text: &str) -> Result<Vec<Value>, String> {
    let mut out = Vec::new();
    for document in format!("\n{text}").split("\n---") {
        let value: Value = yaml_serde::from_str(document).map_err(|error| error.to_string())?;
        out.push(value);
    }
    Ok(out)
}

fn read_crd(crd: &Value, interner: &mut Interner, rows: &mut Vec<VersionRow>) -> Result<(), String> {
    let spec = &crd["spec"];
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| "a text is missing".to_owned());
    let scope = if spec["scope"] == "Cluster" { "Cluster" } else { "Namespaced" };
    for version in spec["versions"].as_array().into_iter().flatten() {
        let serving = match (version["served"] == true, version["deprecated"] == true) {
            (true, true) => "Deprecated",
            (true, false) => "Served",
            (false, _) => "Unserved",
        };
        let status = if version["subresources"]["status"].is_object() { "Present" } else { "Absent" };
        rows.push(VersionRow {
            group: text(&spec["group"])?,
            kind: text(&spec["names"]["kind"])?,
            version: text(&version["name"])?,
            serving,
            storage: version["storage"] == true,
            scope,
            status,
            root: interner.node(&version["schema"]["openAPIV3Schema"])?,
        });
    }
    Ok(())
}

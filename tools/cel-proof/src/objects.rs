//! Real objects: test cases, examples and conformance manifests of the shared folder.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use gwc_core::yaml::Node;
use serde_json::Value as Json;

use crate::values::from_json;

/// An object, and what is stored where it is an update.
pub(crate) struct Sample {
    /// The object.
    pub(crate) object: Node,
    /// The stored object.
    pub(crate) old: Option<Node>,
}

/// All objects below the shared folder.
pub(crate) fn load(shared: &Path) -> Result<Vec<Sample>, Box<dyn Error>> {
    let mut samples = Vec::new();
    for document in documents(&shared.join("data/validation-cases.yaml"))? {
        for case in document.as_array().into_iter().flatten() {
            let old = case.get("old").map(from_json);
            samples.extend(case.get("object").map(|object| Sample { object: from_json(object), old }));
        }
    }
    for folder in ["examples", "conformance/v1.6.1"] {
        for path in yaml_files(&shared.join(folder))? {
            let objects = documents(&path)?.into_iter().filter(Json::is_object);
            samples.extend(objects.map(|object| Sample { object: from_json(&object), old: None }));
        }
    }
    Ok(samples)
}

/// Documents up to the first that does not parse: some examples are broken on purpose.
fn documents(path: &Path) -> Result<Vec<Json>, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let parsed = yaml_serde::Deserializer::from_str(&text).map(<Json as serde::Deserialize>::deserialize);
    Ok(parsed.map_while(Result::ok).collect())
}

fn yaml_files(folder: &Path) -> Result<BTreeSet<PathBuf>, Box<dyn Error>> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(yaml_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.insert(path);
        }
    }
    Ok(files)
}

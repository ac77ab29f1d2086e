//! The CRDs of all bundles: rule texts with their places, and patterns.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;

/// One channel of one release.
pub(crate) struct Bundle {
    /// Release and channel.
    pub(crate) name: String,
    /// What it serves.
    pub(crate) kinds: Vec<Kind>,
}

/// One version of one kind.
pub(crate) struct Kind {
    /// `apiVersion` of its objects.
    pub(crate) api_version: String,
    /// `kind` of its objects.
    pub(crate) kind: String,
    /// Its schema.
    pub(crate) schema: Json,
}

/// One step from an object to the values that a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// A field.
    Field(String),
    /// Every item of a list.
    Items,
    /// Every value of a mapping with free keys.
    Values,
}

/// A rule at a place.
pub(crate) struct Instance<'s> {
    /// The rule.
    pub(crate) text: &'s str,
    /// Way to its values.
    pub(crate) path: Vec<Step>,
    /// Schema of its values.
    pub(crate) schema: &'s Json,
}

/// All bundles below `folder`, by name.
pub(crate) fn load(folder: &Path) -> Result<Vec<Bundle>, Box<dyn Error>> {
    let mut bundles = Vec::new();
    for release in sub_folders(folder)? {
        for channel in sub_folders(&folder.join(&release))? {
            let kinds = load_kinds(&folder.join(&release).join(&channel))?;
            bundles.push(Bundle { name: format!("{release} {channel}"), kinds });
        }
    }
    Ok(bundles)
}

fn sub_folders(folder: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

fn load_kinds(folder: &Path) -> Result<Vec<Kind>, Box<dyn Error>> {
    let mut kinds = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        for document in yaml_serde::Deserializer::from_str(&fs::read_to_string(&path)?) {
            let crd: Json = serde::Deserialize::deserialize(document)?;
            add_versions(&crd, &mut kinds);
        }
    }
    Ok(kinds.into_values().collect())
}

fn add_versions(crd: &Json, kinds: &mut BTreeMap<(String, String), Kind>) {
    if crd["kind"] != "CustomResourceDefinition" {
        return;
    }
    let group = crd["spec"]["group"].as_str().unwrap_or_default();
    let kind = crd["spec"]["names"]["kind"].as_str().unwrap_or_default();
    for version in crd["spec"]["versions"].as_array().into_iter().flatten() {
        let api_version = format!("{group}/{}", version["name"].as_str().unwrap_or_default());
        let schema = version["schema"]["openAPIV3Schema"].clone();
        kinds.insert((kind.to_owned(), api_version.clone()), Kind { api_version, kind: kind.to_owned(), schema });
    }
}

/// The rules below `schema`.
pub(crate) fn instances(schema: &Json) -> Vec<Instance<'_>> {
    let mut found = Vec::new();
    walk(schema, &mut Vec::new(), &mut |schema, path| {
        for rule in schema["x-kubernetes-validations"].as_array().into_iter().flatten() {
            let text = rule["rule"].as_str().unwrap_or_default();
            found.push(Instance { text, path: path.to_vec(), schema });
        }
    });
    found
}

/// The patterns below `schema`.
pub(crate) fn patterns(schema: &Json) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    walk(schema, &mut Vec::new(), &mut |schema, _| found.extend(schema["pattern"].as_str()));
    found
}

fn walk<'s>(schema: &'s Json, path: &mut Vec<Step>, visit: &mut dyn FnMut(&'s Json, &[Step])) {
    visit(schema, path);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        descend(property, Step::Field(name.clone()), path, visit);
    }
    for (key, step) in [("items", Step::Items), ("additionalProperties", Step::Values)] {
        if let Some(below) = schema.get(key).filter(|below| below.is_object()) {
            descend(below, step, path, visit);
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for alternative in schema[key].as_array().into_iter().flatten() {
            walk(alternative, path, visit);
        }
    }
}

fn descend<'s>(below: &'s Json, step: Step, path: &mut Vec<Step>, visit: &mut dyn FnMut(&'s Json, &[Step])) {
    path.push(step);
    walk(below, path, visit);
    path.pop();
}

//! Every YAML file of the shared upstream data: no refusals, places that read back, and a second reader's opinion.

use std::path::{Path, PathBuf};

use super::tests::{documents, json, visit};
use crate::yaml::{Node, Value};

#[expect(clippy::disallowed_methods, reason = "tests read shared data")]
fn files() -> Vec<(PathBuf, String)> {
    let shared = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"));
    let mut folders = vec![shared.join("examples"), shared.join("conformance/v1.6.1")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    if found.is_empty() {
        println!("skipped: no shared data");
    }
    found
}

#[test]
fn upstream_files_read_as_another_reader_reads_them() {
    use serde::Deserialize as _;
    for (path, text) in files() {
        let ours = documents(&text);
        let problems: Vec<_> = ours.iter().flat_map(|document| &document.problems).collect();
        assert_eq!(problems, Vec::<&crate::yaml::Problem>::new(), "{}", path.display());
        let ours: Vec<serde_json::Value> = ours
            .iter()
            .filter_map(|document| document.root.as_ref())
            .map(|root| serde_json::from_str(&json(root)).unwrap())
            .collect();
        let theirs: Vec<serde_json::Value> = yaml_serde::Deserializer::from_str(&text)
            .map(|document| serde_json::Value::deserialize(document).unwrap())
            .filter(|value| !value.is_null())
            .collect();
        assert_eq!(ours, theirs, "{}", path.display());
    }
}

/// A node's text is what the node says.
fn check_place(path: &Path, text: &str, node: &Node) {
    let written = &text[node.start as usize..node.end as usize];
    match &node.value {
        Value::Sequence(_) => assert!(written.starts_with(['-', '[']), "{}: {written}", path.display()),
        Value::Mapping(_) => assert!(!written.is_empty(), "{}", path.display()),
        Value::String(_) if written.starts_with(['|', '>']) => assert!(!written.ends_with('\n'), "{}", path.display()),
        Value::Null if written.is_empty() => {
            assert!(text[..node.start as usize].ends_with([':', '-']), "{}", path.display());
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {
            let alone = documents(written).remove(0).root.unwrap();
            assert_eq!(alone.value, node.value, "{}: {written}", path.display());
        }
    }
}

#[test]
fn upstream_scalars_read_back_from_their_places() {
    for (path, text) in files() {
        for root in documents(&text).iter().filter_map(|document| document.root.as_ref()) {
            visit(root, &mut |node| check_place(&path, &text, node));
        }
    }
}

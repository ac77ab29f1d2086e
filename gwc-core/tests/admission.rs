//! Admission against what the API server says: the known cases, the upstream manifests, and the server's own code.
//!
//! Reads `../shared` where it is there; the differential part also needs `go`.
#![expect(clippy::disallowed_methods, reason = "tests read files and run the oracle")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gwc_core::admission::{Check, FieldError, Operation, Verdict, admit};
use gwc_core::profile::{Bundle, Channel, Target};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::yaml::parse::parse;
use gwc_core::yaml::path::Step;
use gwc_core::yaml::{Entry, Key, Node, Value as Tree};
use serde_json::{Map, Value, json};

#[path = "admission/differential.rs"]
mod differential;
#[path = "admission/findings.rs"]
mod findings;

fn shared() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"));
    folder.is_dir().then(|| folder.to_owned())
}

const CHANNELS: [Channel; 2] = [Channel::Standard, Channel::Experimental];

fn newest(channel: Channel) -> Target {
    Target { bundle: Bundle::V1_6, channel }
}

/// A tree with a distinct place for each node, in order of the text.
fn tree(value: &Value) -> Node {
    fn build(value: &Value, at: &mut u32) -> Node {
        let start = *at;
        *at += 1;
        let value = match value {
            Value::Null => Tree::Null,
            Value::Bool(flag) => Tree::Bool(*flag),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Tree::Int(whole),
                (None, Some(float)) => whole_or_float(float),
                (None, None) => Tree::Null,
            },
            Value::String(text) => Tree::String(text.as_str().into()),
            Value::Array(items) => Tree::Sequence(items.iter().map(|item| build(item, at)).collect()),
            Value::Object(map) => Tree::Mapping(map.iter().map(|(key, value)| entry(key, value, at)).collect()),
        };
        *at += 1;
        Node::new(value, start, *at)
    }
    fn entry(key: &str, value: &Value, at: &mut u32) -> Entry {
        let start = *at;
        *at += 1;
        Entry { key: Key { text: key.into(), start, end: *at }, value: build(value, at) }
    }
    build(value, &mut 0)
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be a small whole number")]
fn whole_or_float(number: f64) -> Tree {
    if number.fract() == 0.0 && number.abs() < 9e15 { Tree::Int(number as i64) } else { Tree::Float(number) }
}

fn untree(node: &Node) -> Value {
    match &node.value {
        Tree::Null => Value::Null,
        Tree::Bool(flag) => json!(flag),
        Tree::Int(number) => json!(number),
        Tree::Float(number) => json!(number),
        Tree::String(text) => json!(text.as_str()),
        Tree::Sequence(items) => items.iter().map(untree).collect(),
        Tree::Mapping(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.text.to_string(), untree(&entry.value))).collect())
        }
    }
}

/// Is the error one of the OpenAPI part, where free keys are written with a dot?
fn is_open_api(check: &Check) -> bool {
    match check {
        Check::Type(_)
        | Check::Format(_)
        | Check::Required(_)
        | Check::Enum(_)
        | Check::Pattern(_)
        | Check::MinLength(_)
        | Check::MaxLength(_)
        | Check::MinItems(_)
        | Check::MaxItems(_)
        | Check::Minimum(_)
        | Check::Maximum(_)
        | Check::AnyOf => true,
        Check::DuplicateItem
        | Check::Cel(_)
        | Check::CelError(_)
        | Check::CelNotChecked
        | Check::Metadata(_)
        | Check::Core(_) => false,
    }
}

/// The field as the server prints it.
fn server_field(error: &FieldError, status_update: bool) -> String {
    let range = matches!(error.check, Check::Format("int32" | "int64"));
    if matches!(error.check, Check::AnyOf) || range {
        return if status_update { "status".to_owned() } else { "<nil>".to_owned() };
    }
    if error.path.0.is_empty() {
        return "<nil>".to_owned();
    }
    if is_open_api(&error.check) {
        let steps = error.path.0.iter().map(|step| match step {
            Step::MapKey(key) => Step::Field(key.clone()),
            Step::Field(_) | Step::Index(_) => step.clone(),
        });
        return gwc_core::yaml::path::Path(steps.collect()).to_string();
    }
    error.path.to_string()
}

/// Place and sort of check in the words of the case file.
fn place_and_sort(error: &FieldError) -> (String, String) {
    // The server hangs the range of a number on the root.
    if matches!(error.check, Check::Format("int32" | "int64")) {
        return (String::new(), "type".to_owned());
    }
    let field = server_field(error, false).replace("<nil>", "");
    (field, sort_of(&error.check).to_owned())
}

/// The sort of check in the words of the case file.
fn sort_of(check: &Check) -> &'static str {
    match check {
        Check::Type(_) => "type",
        Check::Format(_) => "format",
        Check::Required(_) => "required",
        Check::Enum(_) => "enum",
        Check::Pattern(_) => "pattern",
        Check::MinLength(_) => "min-length",
        Check::MaxLength(_) => "max-length",
        Check::MinItems(_) => "min-items",
        Check::MaxItems(_) => "max-items",
        Check::Minimum(_) => "minimum",
        Check::Maximum(_) => "maximum",
        Check::AnyOf => "any-of",
        Check::DuplicateItem => "duplicate",
        Check::Cel(_) | Check::CelError(_) => "cel",
        Check::CelNotChecked => "cel-not-checked",
        Check::Metadata(_) => "metadata",
        Check::Core(_) => "core",
    }
}

/// One case of the case file.
struct Case {
    name: String,
    row: Value,
}

impl Case {
    fn runs_in(&self, channel: Channel) -> bool {
        self.row["channel"] == "both" || self.row["channel"] == channel.name()
    }

    fn verdict(&self, channel: Channel) -> Verdict {
        let object = tree(&self.row["object"]);
        let target = newest(channel);
        match self.row["op"].as_str() {
            Some("status") => {
                let mut old = self.row["object"].clone();
                if let Some(map) = old.as_object_mut() {
                    map.remove("status");
                }
                admit(&object, target, Operation::StatusUpdate { old: &tree(&old) })
            }
            Some("update") => admit(&object, target, Operation::Update { old: &tree(&self.row["old"]) }),
            _ => admit(&object, target, Operation::Create),
        }
    }
}

fn cases(shared: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(shared.join("data/validation-cases.yaml")).expect("case file");
    let rows: Vec<Value> = yaml_serde::from_str(&text).expect("case file");
    rows.into_iter().map(|row| Case { name: row["name"].as_str().unwrap_or_default().to_owned(), row }).collect()
}

fn case_problems(case: &Case, channel: Channel) -> Vec<String> {
    let verdict = case.verdict(channel);
    let mut problems = Vec::new();
    if verdict.allowed() != case.row["valid"].as_bool().unwrap_or(false) {
        problems.push(format!("allowed: got {}", verdict.allowed()));
    }
    let listed = case.row["errors"].as_array().into_iter().flatten();
    let mut wanted: Vec<(String, String)> = listed
        .filter(|row| {
            !["unknown-kind-or-version", "version-not-served", "any-of"]
                .contains(&row["type"].as_str().unwrap_or_default())
        })
        .map(|row| {
            (
                row["path"].as_str().unwrap_or_default().replace("(root)", ""),
                row["type"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    let found = verdict.errors.iter().filter(|error| !matches!(error.check, Check::CelNotChecked | Check::AnyOf));
    let mut got: Vec<(String, String)> = found.map(place_and_sort).collect();
    for list in [&mut wanted, &mut got] {
        list.sort();
        list.dedup();
    }
    if wanted != got {
        problems.push(format!("errors: want {wanted:?}, got {got:?}"));
    }
    let any_of = |row: &Value| row["type"] == "any-of";
    let wants_any_of = case.row["errors"].as_array().into_iter().flatten().any(any_of);
    if wants_any_of != verdict.errors.iter().any(|error| matches!(error.check, Check::AnyOf)) {
        problems.push("any-of differs".to_owned());
    }
    let not_run = verdict.errors.iter().any(|error| matches!(error.check, Check::CelNotChecked));
    if not_run != case.row["cel_not_run"].as_bool().unwrap_or(false) {
        problems.push(format!("cel_not_run: got {not_run}"));
    }
    let mut unknown: Vec<String> = verdict.unknown.iter().map(|field| field.path.to_string()).collect();
    let listed = case.row["unknown_fields"].as_array().into_iter().flatten();
    let mut wanted: Vec<String> = listed.filter_map(|path| path.as_str().map(str::to_owned)).collect();
    unknown.sort();
    wanted.sort();
    if unknown != wanted {
        problems.push(format!("unknown: want {wanted:?}, got {unknown:?}"));
    }
    problems
}

#[test]
fn known_cases() {
    let Some(shared) = shared() else {
        println!("skipped: no ../shared");
        return;
    };
    let cases = cases(&shared);
    let mut failures = Vec::new();
    let mut counts = BTreeMap::new();
    for channel in CHANNELS {
        for case in cases.iter().filter(|case| case.runs_in(channel)) {
            *counts.entry(channel.name()).or_insert(0) += 1;
            let problems = case_problems(case, channel);
            if !problems.is_empty() {
                failures.push(format!("{} {}: {}", channel.name(), case.name, problems.join("; ")));
            }
        }
    }
    println!("{} cases, runs per channel {counts:?}, {} differ", cases.len(), failures.len());
    assert!(cases.len() >= 900, "the case file is cut short");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Documents of a YAML file by their position, with the placeholders of the conformance suite filled in.
fn documents(path: &Path) -> Vec<(usize, Node)> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let filled = text
        .replace("{GATEWAY_CLASS_NAME}", "conformance")
        .replace("{GATEWAY_CONTROLLER_NAME}", "example.net/gateway-controller");
    let mut sources = SourceMap::new();
    let id = sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, filled.into_bytes()));
    let parsed = parse(id, sources.source(id)).into_iter();
    parsed.filter_map(|document| Some((document.index as usize, document.root?))).collect()
}

fn is_ours(object: &Node) -> bool {
    object.get("apiVersion").and_then(Node::as_str).is_some_and(|version| version.starts_with("gateway.networking."))
}

fn yaml_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            yaml_files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            out.push(path);
        }
    }
    out.sort();
}

/// Accepted documents of a folder, and those that are refused with their file and position.
fn judge_folder(shared: &Path, folder: &str, channel: Channel) -> (usize, Vec<(String, usize, Verdict)>) {
    let mut files = Vec::new();
    yaml_files(&shared.join(folder), &mut files);
    let mut accepted = 0;
    let mut refused = Vec::new();
    for file in files {
        let name = file.strip_prefix(shared).expect("below shared").to_string_lossy().into_owned();
        for (index, object) in documents(&file).into_iter().filter(|(_, object)| is_ours(object)) {
            let verdict = admit(&object, newest(channel), Operation::Create);
            if verdict.allowed() {
                accepted += 1;
            } else {
                refused.push((name.clone(), index, verdict));
            }
        }
    }
    (accepted, refused)
}

#[test]
fn upstream_manifests() {
    let Some(shared) = shared() else {
        println!("skipped: no ../shared");
        return;
    };
    let text = std::fs::read_to_string(shared.join("data/manifest-verdicts.yaml")).expect("verdicts");
    let data: Value = yaml_serde::from_str(&text).expect("verdicts");
    for channel in CHANNELS {
        for folder in ["conformance/v1.6.1", "examples/valid", "examples/invalid"] {
            let (accepted, refused) = judge_folder(&shared, folder, channel);
            let wanted = data["totals"][folder][format!("{}_accept", channel.name())].as_u64().unwrap_or(0);
            let names: Vec<_> = refused.iter().map(|(name, index, _)| format!("{name}#{index}")).collect();
            println!("{folder} {}: {accepted} accepted, {} refused", channel.name(), refused.len());
            assert_eq!(accepted as u64, wanted, "{folder} {}: refused {names:?}", channel.name());
            check_rows(&data, &refused, channel);
        }
    }
}

/// The refused documents have the listed errors.
fn check_rows(data: &Value, refused: &[(String, usize, Verdict)], channel: Channel) {
    let rows = ["not_plainly_accepted", "invalid_examples"]
        .into_iter()
        .flat_map(|key| data[key].as_array().into_iter().flatten());
    for row in rows.filter(|row| {
        row[channel.name()] == "reject" && (channel == Channel::Experimental || row["experimental"] != "reject")
    }) {
        let file = row["file"].as_str().unwrap_or_default();
        let index = row["document"].as_u64().unwrap_or(0);
        let Some((_, _, verdict)) = refused.iter().find(|(name, at, _)| name == file && *at as u64 == index) else {
            continue;
        };
        let keep = |sort: &str| sort != "any-of" && sort != "cel-not-checked";
        let mut wanted: Vec<String> = row["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|error| keep(error["type"].as_str().unwrap_or_default()))
            .map(|error| {
                format!(
                    "{} {}",
                    error["path"].as_str().unwrap_or_default().replace("(root)", ""),
                    error["type"].as_str().unwrap_or_default()
                )
            })
            .collect();
        let mut got: Vec<String> = verdict
            .errors
            .iter()
            .filter(|error| keep(sort_of(&error.check)))
            .map(|error| format!("{} {}", place_and_sort(error).0, place_and_sort(error).1))
            .collect();
        wanted.sort();
        wanted.dedup();
        got.sort();
        got.dedup();
        assert_eq!(got, wanted, "{file}#{index} {}", channel.name());
    }
}

/// The members of an object without those that only a running server sets.
fn without_server_fields(mut object: Value, ours: &Value) -> Value {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return object };
    for key in ["uid", "creationTimestamp", "generation", "resourceVersion", "selfLink", "managedFields"] {
        metadata.remove(key);
    }
    let ours: Map<String, Value> = ours["metadata"].as_object().cloned().unwrap_or_default();
    for key in ["namespace", "name"] {
        if !ours.contains_key(key) {
            metadata.remove(key);
        }
    }
    let is_empty = metadata.is_empty();
    if let Some(map) = object.as_object_mut().filter(|_| is_empty) {
        map.remove("metadata");
    }
    object
}

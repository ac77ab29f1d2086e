//! Fixtures of the migration: a folder for each case, with one `input.yaml` and an `expect….yaml` for each way to run it.
//!
//! Everything is text with names of the specification; what it means is decided in `fact.rs` and `outcome.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::yaml::parse::parse;
use gwc_core::yaml::{Node, Value as Yaml};
use serde::Deserialize;
use serde_json::Value;

/// What is expected of one run.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "snake_case")]
pub(crate) struct Expect {
    /// Arguments after the usual ones; `{case}` is the folder.
    pub(crate) args: Vec<String>,
    /// Bundle on the command line; `none` leaves it out, 1.6 unless given.
    bundle: Option<String>,
    /// Exit code.
    pub(crate) exit: i32,
    /// Codes that the report must hold.
    pub(crate) codes: Vec<String>,
    /// Codes that it must not hold.
    pub(crate) absent: Vec<String>,
    /// Codes of which it must hold one.
    pub(crate) any_codes: Vec<Vec<String>>,
    /// Codes and how often they are there.
    pub(crate) code_counts: BTreeMap<String, usize>,
    /// Items of the report, by the fields that are given.
    pub(crate) items: Vec<Value>,
    /// Codes with a text that the request of one of their witnesses holds.
    pub(crate) witnesses: BTreeMap<String, String>,
    /// Codes of items that an entry on the command line accepted.
    pub(crate) accepted: Vec<String>,
    /// `summary.access_controls`.
    pub(crate) controls: Option<Value>,
    /// Texts that the report must hold.
    pub(crate) says: Vec<String>,
    /// Texts that neither the report nor the manifests may hold.
    pub(crate) never: Vec<String>,
    /// Facts about written objects.
    pub(crate) objects: Vec<ObjectFacts>,
    /// Objects that must not be written.
    pub(crate) absent_objects: Vec<String>,
    /// Kinds and how many objects of them are written.
    pub(crate) counts: BTreeMap<String, usize>,
    /// Outcomes on both sides.
    pub(crate) requests: Vec<Ask>,
    /// Ingresses that are not converted.
    pub(crate) not_selected: Vec<String>,
    /// Nothing is written at all.
    pub(crate) refused: bool,
    /// Does the order of documents say nothing? Yes unless given.
    shuffle: Option<bool>,
}

/// Facts about the objects of one name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectFacts {
    /// `Kind/namespace/name`; `*` at the end stands for anything.
    pub(crate) object: String,
    /// Paths and what is there; one object must have all of it.
    #[serde(default)]
    pub(crate) has: BTreeMap<String, Value>,
    /// Paths and what is not there, in any of the objects.
    #[serde(default)]
    pub(crate) lacks: BTreeMap<String, Value>,
}

/// A request and its outcomes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    /// Method and URL.
    pub(crate) request: String,
    /// Header fields.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// What the controller does; `any` where the model does not say.
    pub(crate) source: String,
    /// Keys of the access controls that the answer has passed.
    pub(crate) access: Option<BTreeSet<String>>,
    /// What the manifests do; the same unless given.
    pub(crate) target: Option<String>,
}

/// One way to run a case.
#[derive(Debug)]
pub(crate) struct Run {
    /// Folder.
    pub(crate) case: String,
    /// `expect` and what follows it.
    pub(crate) name: String,
    pub(crate) input: String,
    pub(crate) expect: Expect,
}

impl Run {
    /// As in [`crate::not_yet::NOT_YET`].
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.case, self.name)
    }

    pub(crate) fn bundle(&self) -> Option<&str> {
        self.expect.bundle.as_deref().or(Some("1.6")).filter(|bundle| *bundle != "none")
    }

    pub(crate) fn is_shuffled(&self) -> bool {
        self.expect.shuffle != Some(false)
    }

    /// Path of the input from the workspace.
    pub(crate) fn path(&self) -> String {
        format!("fixtures/migrate/{}/input.yaml", self.case)
    }

    /// Arguments with the folder filled in.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let folder = format!("fixtures/migrate/{}", self.case);
        self.expect.args.iter().map(|argument| argument.replace("{case}", &folder)).collect()
    }

    /// The value of an option, as its own argument or after `=`.
    pub(crate) fn option(&self, name: &str) -> Option<String> {
        let arguments = self.arguments();
        let own = arguments.iter().position(|argument| argument == name);
        let joined = || arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='));
        own.and_then(|at| arguments.get(at + 1).map(String::as_str)).or_else(joined).map(str::to_owned)
    }
}

pub(crate) fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Names of the entries of a folder of the workspace, sorted.
pub(crate) fn entries(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(workspace().join(folder)).expect(folder).flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Names of all cases.
pub(crate) fn cases() -> Vec<String> {
    let names = entries("fixtures/migrate").into_iter();
    names.filter(|name| !name.contains('.')).collect()
}

/// All ways to run all cases.
pub(crate) fn runs() -> Vec<Run> {
    let read = |path: &str| std::fs::read_to_string(workspace().join(path)).expect("a fixture");
    let mut runs = Vec::new();
    for case in cases() {
        let folder = format!("fixtures/migrate/{case}");
        for file in entries(&folder) {
            let Some(name) = file.strip_suffix(".yaml").filter(|name| name.starts_with("expect")) else { continue };
            let value = documents(&read(&format!("{folder}/{file}"))).remove(0);
            let expect = serde_json::from_value(value).unwrap_or_else(|error| panic!("{folder}/{file}: {error}"));
            let input = read(&format!("{folder}/input.yaml"));
            runs.push(Run { case: case.clone(), name: name.to_owned(), input, expect });
        }
    }
    runs
}

/// Documents of a YAML text.
pub(crate) fn documents(text: &str) -> Vec<Value> {
    let mut sources = SourceMap::new();
    let source = Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.as_bytes().to_vec());
    let id = sources.add(source);
    let documents = parse(id, sources.source(id));
    let problems: Vec<_> = documents.iter().flat_map(|document| &document.problems).collect();
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    documents.iter().filter_map(|document| document.root.as_ref().map(value)).collect()
}

fn value(node: &Node) -> Value {
    match &node.value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::from(*value),
        Yaml::Int(value) => Value::from(*value),
        Yaml::Float(value) => Value::from(*value),
        Yaml::String(text) => Value::from(text.as_str()),
        Yaml::Sequence(items) => items.iter().map(value).collect(),
        Yaml::Mapping(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.text.to_string(), value(&entry.value))).collect())
        }
    }
}

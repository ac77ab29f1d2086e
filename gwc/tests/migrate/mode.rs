//! Ways to run the command that no single expectation can say: plans, levels of verification, one host more, and
//! fixtures of another converter.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::case::{Run, documents, runs};
use crate::fact;
use crate::run::{self, Printed, gwc, words};

fn find(id: &str) -> Run {
    runs().into_iter().find(|run| run.id() == id).unwrap_or_else(|| panic!("no {id}"))
}

/// A run with more arguments.
fn with(id: &str, more: &str) -> Printed {
    let mut run = find(id);
    run.expect.args.extend(words(more));
    let folder = tempfile::tempdir().expect("a folder");
    run::print(&run, folder.path())
}

/// T141: what would be written, and nothing is.
#[test]
fn a_plan_writes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let run = find("T141-plan/expect");
    let plan = |more: &str| {
        let mut all = run::arguments(&run);
        all.extend(["--plan".to_owned(), "--out".to_owned(), format!("{}/", out.display()), run.path()]);
        all.extend(words(more));
        let output = gwc(&all);
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        (output.status.code(), said)
    };
    let (code, [printed, said]) = plan("");
    assert_eq!(code, Some(1), "{printed}{said}");
    assert!(!out.exists(), "a folder is written");
    assert!(!printed.contains("apiVersion:"), "{printed}");
    let all = format!("{printed}{said}");
    for text in ["whitelist-source-range", "MIG511", "gateway-infra/nginx", "2 listeners"] {
        assert!(all.contains(text), "{text} is not in\n{all}");
    }
    assert_eq!(plan("--check").0, Some(2));
}

fn codes(printed: &Printed) -> BTreeSet<String> {
    let items = fact::at(&printed.json, "items[*].code");
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Differences that a report tells, by what they are about.
fn differences(printed: &Printed) -> BTreeSet<String> {
    let items = fact::at(&printed.json, "items[*]");
    let told = items.iter().filter(|item| !fact::at(item, "witness.request").is_empty());
    told.map(|item| format!("{} {}", item["code"], item["witness"])).collect()
}

/// T142: levels of verification see the same.
#[test]
fn levels_of_verification_see_the_same() {
    for id in ["T28-order-of-regexes/expect", "T86-header/expect"] {
        let off = with(id, "--verify off");
        assert!(off.report.contains("not verified"), "{id}: {}", off.report);
        assert_eq!(fact::at(&off.json, "summary.verification.level"), [Value::from("off")]);
        assert!(!codes(&off).contains("MIG701") && !codes(&off).contains("MIG702"), "{id}");
        let (fast, full) = (with(id, "--verify fast"), with(id, "--verify full"));
        assert_eq!(differences(&fast), differences(&full), "{id}");
        assert_eq!(codes(&fast), codes(&full), "{id}");
        let one = codes(&with(id, "--verify-budget 1"));
        assert!(one.contains("MIG703") && !one.contains("MIG701"), "{id}: {one:?}");
    }
}

/// T60: one host more changes one object.
#[test]
fn one_host_more_changes_one_object() {
    let objects = |id: &str| documents(&with(id, "--verify off").manifests);
    let (before, after) = (objects("T60-seventy-hosts/expect"), objects("T60-seventy-one-hosts/expect"));
    let named = |objects: &[Value], name: &str| objects.iter().find(|one| fact::name_of(one) == name).cloned();
    let set = "ListenerSet/n/nginx";
    assert!(named(&before, set).is_some());
    assert_eq!(named(&before, set), named(&after, set));
    let gateway = |objects: &[Value]| named(objects, "Gateway/gateway-infra/nginx").map(|one| one["spec"].clone());
    assert_eq!(gateway(&before), gateway(&after));
    let other = "ListenerSet/n/nginx-b1";
    assert_ne!(named(&before, other), named(&after, other));
}

/// T130: fixtures of the known converter, where a folder of them is named.
#[test]
fn inputs_of_the_known_converter_are_converted() {
    let Some(folder) = std::env::var_os("GWC_PEER_FIXTURES").map(PathBuf::from) else {
        println!("skipped: GWC_PEER_FIXTURES names no folder");
        return;
    };
    let inputs = yaml_files(&folder);
    assert!(!inputs.is_empty(), "no YAML in {}", folder.display());
    for input in inputs {
        let report = tempfile::tempdir().expect("a folder");
        let json = report.path().join("report.json");
        let mut all = words("ingress-migrate --color never --no-config");
        all.extend([format!("-ojson={}", json.display()), input.display().to_string()]);
        let output = gwc(&all);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}: {said}", input.display());
        let text = std::fs::read_to_string(&json).expect("a report");
        assert!(!text.contains("MIG702"), "{}: {said}", input.display());
    }
}

/// YAML files with Ingresses, in the folder and below.
fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(yaml_files(&path));
        } else if std::fs::read_to_string(&path).is_ok_and(|text| text.contains("kind: Ingress\n")) {
            found.push(path);
        }
    }
    found.sort();
    found
}

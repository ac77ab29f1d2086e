//! Worlds of one condition reason each through the binary: `fixtures/status/<case>/input.yaml`, with further flags in a
//! file `args` where the case needs them, against `snapshots/status/<case>/{yaml,why}.snap`. A new case needs no Rust.
//!
//! That every reason has a case is a law of gwc-core (tests/laws.rs).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Names of the folders in a folder, sorted.
fn folders(path: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(path).expect("a folder").flatten().filter(|entry| entry.path().is_dir());
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn gwc(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    let output = command.env_clear().current_dir(workspace()).stdin(Stdio::null()).args(arguments).output();
    let output = output.expect("gwc runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// What `gwc status` prints for a case. Inputs that an API server would refuse show no status, so they are no cases.
fn status(case: &str, view: &[&str]) -> String {
    let file = format!("fixtures/status/{case}/input.yaml");
    let more = std::fs::read_to_string(workspace().join(format!("fixtures/status/{case}/args"))).unwrap_or_default();
    let mut arguments = vec!["status", "--no-config", "--now", "2026-06-01T00:00:00Z", "--color", "never", &file];
    arguments.extend(more.lines());
    arguments.extend(view);
    let (code, out, err) = gwc(&arguments);
    assert_eq!(code, Some(0), "{case}: {err}");
    out
}

fn snapshot(case: &str, view: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(workspace().join("snapshots/status").join(case));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(view, text));
}

#[test]
fn statuses_are_what_their_snapshots_hold() {
    let cases = folders(&workspace().join("fixtures/status"));
    assert!(cases.len() >= 60, "{} cases", cases.len());
    for case in &cases {
        snapshot(case, "yaml", &status(case, &["-o", "yaml"]));
        snapshot(case, "why", &status(case, &["--why"]));
    }
}

#[test]
fn every_case_names_its_rule_and_shows_it() {
    let sources = std::fs::read_dir(workspace().join("gwc-core/src/status")).expect("a folder").flatten();
    let projection: String = sources.filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect();
    assert!(projection.contains("\"L-7\""), "the projection of statuses names its rules");
    for case in folders(&workspace().join("fixtures/status")) {
        let text = std::fs::read_to_string(workspace().join(format!("fixtures/status/{case}/input.yaml")));
        let text = text.expect("input.yaml");
        let first = text.lines().next().unwrap_or_default();
        let (rules, what) = first.strip_prefix("# ").and_then(|rest| rest.split_once(": ")).unwrap_or_default();
        assert!(!what.is_empty(), "{case}: the first line is to be `# RULE, …: what it shows`, not {first}");
        let why = status(&case, &["--why"]);
        // Some rules say what is absent or counted; no condition carries those.
        let decides = |rule: &str| projection.contains(&format!("\"{rule}\""));
        for rule in rules.split(", ").filter(|rule| decides(rule)) {
            assert!(why.contains(&format!("rule {rule})")), "{case}: no condition by rule {rule}\n{why}");
        }
    }
}

#[test]
fn reasons_of_the_cases_are_explained() {
    let mut reasons = BTreeSet::new();
    for case in folders(&workspace().join("fixtures/status")) {
        let yaml = status(&case, &["-o", "yaml"]);
        let mut r#type = String::new();
        for line in yaml.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix("- type: ") {
                r#type = name.to_owned();
            } else if let Some(reason) = line.strip_prefix("reason: ") {
                reasons.insert((reason.to_owned(), r#type.clone()));
            }
        }
    }
    assert!(reasons.len() > 30, "{reasons:?}");
    for (reason, r#type) in reasons {
        let (code, out, err) = gwc(&["explain", &reason]);
        assert_eq!(code, Some(0), "{reason}: {err}");
        let heads = out.lines().filter(|line| line.starts_with(&format!("{reason} (reason of ")));
        let conditions: Vec<&str> = heads.filter_map(|line| line.split(['(', ';']).nth(1)).collect();
        let conditions = conditions.join(" ").replace(',', " ");
        assert!(conditions.split_whitespace().any(|word| word == r#type), "{reason} of {}: {out}", r#type);
    }
}

#[test]
fn no_snapshot_is_left_over() {
    let cases = folders(&workspace().join("fixtures/status"));
    let snapshots = workspace().join("snapshots/status");
    assert_eq!(folders(&snapshots), cases, "folders of snapshots and of fixtures");
    for case in cases {
        for entry in std::fs::read_dir(snapshots.join(&case)).expect("a folder").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_known = ["why.snap", "yaml.snap"].contains(&name.as_str()) || name.ends_with(".snap.new");
            assert!(is_known, "snapshots/status/{case}/{name} belongs to no view");
        }
    }
}

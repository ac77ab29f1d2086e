//! Every status fixture through the binary: `fixtures/status/<case>/input.yaml` is the smallest world that shows one
//! reason; `args` beside it holds further arguments, one per line. What `gwc status` prints is compared with
//! `snapshots/status/<case>/<view>.snap`, and snapshots without a fixture are reported.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// 2026-06-01: certificates are judged by this time.
const NOW: &str = "2026-06-01T00:00:00Z";

/// Views of a case: the name of its snapshot and the arguments that print it.
const VIEWS: [(&str, &[&str]); 2] = [("yaml", &["-o", "yaml"]), ("why", &["--why"])];

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Names of the folders in a folder of the workspace, sorted.
fn folders(path: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(workspace().join(path)).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// What `gwc status` prints for a case, run from the workspace root.
fn status(case: &str, view: &[&str]) -> String {
    let file = format!("fixtures/status/{case}/input.yaml");
    let extra = std::fs::read_to_string(workspace().join(format!("fixtures/status/{case}/args"))).unwrap_or_default();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(workspace());
    command.args(["status", "--no-config", "--color", "never", "--now", NOW]).args(view).args(extra.lines()).arg(&file);
    let output = command.output().expect("gwc runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{file}: {stderr}");
    String::from_utf8(output.stdout).expect("UTF-8 output")
}

#[test]
fn statuses_are_those_of_their_snapshots() {
    let cases = folders("fixtures/status");
    assert!(cases.len() >= 60, "{} cases", cases.len());
    for case in cases {
        let input = workspace().join(format!("fixtures/status/{case}/input.yaml"));
        let text = std::fs::read_to_string(&input).unwrap_or_default();
        assert!(text.starts_with("# "), "{case}: the first line names the rule of the status reference");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(workspace().join("snapshots/status").join(&case));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        for (view, arguments) in VIEWS {
            settings.bind(|| insta::assert_snapshot!(view, status(&case, arguments)));
        }
    }
}

#[test]
fn status_snapshots_have_their_fixtures() {
    let (cases, kept) = (folders("fixtures/status"), folders("snapshots/status"));
    let orphans: Vec<&String> = kept.difference(&cases).collect();
    assert!(orphans.is_empty(), "snapshots without fixtures: {orphans:?}");
}

//! The shop (`fixtures/shop`) through the binary in every format: what users see, compared with `snapshots/shop`.
//! Members that the formats must have are checked in tests/cli.rs.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Snapshot, exit code, arguments without what all share.
const CASES: &[(&str, i32, &[&str])] = &[
    ("check.full", 1, &["check"]),
    ("check.concise", 1, &["check", "-o", "concise"]),
    ("check.grouped", 1, &["check", "-o", "grouped"]),
    ("check.json", 1, &["check", "-o", "json"]),
    ("check.jsonl", 1, &["check", "-o", "jsonl"]),
    ("check.sarif", 1, &["check", "-o", "sarif"]),
    ("check.github", 1, &["check", "-o", "github"]),
    ("check.junit", 1, &["check", "-o", "junit"]),
    ("check.statistics", 1, &["check", "-o", "concise", "--statistics"]),
    ("admission.jsonl", 1, &["check", "--phase", "admission", "-o", "admission-jsonl"]),
    ("status.table", 1, &["status"]),
    ("status.wide", 1, &["status", "-o", "wide"]),
    ("status.yaml", 1, &["status", "-o", "yaml"]),
    ("status.json", 1, &["status", "-o", "json"]),
    ("status.patch", 1, &["status", "-o", "patch"]),
    ("status.why", 1, &["status", "--why"]),
    ("status.only-negative", 1, &["status", "--only-negative"]),
    ("explain.object", 0, &["explain", "httproute/store/window"]),
    ("explain.rule", 0, &["explain", "GWC2001"]),
    ("explain.reason", 0, &["explain", "NotAllowedByListeners"]),
    ("explain.condition", 0, &["explain", "ResolvedRefs"]),
    ("graph.tree", 0, &["graph"]),
    ("graph.status", 0, &["graph", "--status"]),
    ("graph.dot", 0, &["graph", "-o", "dot", "--include", "policies,grants,secrets,endpoints"]),
    ("graph.mermaid", 0, &["graph", "-o", "mermaid", "--status"]),
    ("graph.json", 0, &["graph", "-o", "json"]),
    ("graph.focus", 0, &["graph", "--focus", "httproute/store/window", "--depth", "1"]),
];

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Both outputs of one run, with the version replaced.
fn run(exit: i32, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(workspace()).stdin(Stdio::null()).args(arguments);
    command.args(["--no-config", "--now", "2026-06-01T00:00:00Z", "--color", "never"]);
    // A rule, a reason and a condition are explained without manifests.
    if arguments.first() != Some(&"explain") || arguments.iter().any(|argument| argument.contains('/')) {
        command.arg("fixtures/shop");
    }
    let output = command.output().expect("gwc runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}\n{err}");
    let err = if err.is_empty() { err } else { format!("----- stderr\n{err}") };
    format!("{out}{err}").replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn every_format_of_the_shop_is_as_committed() {
    for (name, exit, arguments) in CASES {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(workspace().join("snapshots/shop"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let text = run(*exit, arguments);
        settings.bind(|| insta::assert_snapshot!(*name, text));
    }
}

#[test]
fn no_snapshot_is_left_over() {
    let known: BTreeSet<String> = CASES.iter().map(|(name, ..)| format!("{name}.snap")).collect();
    let entries = std::fs::read_dir(workspace().join("snapshots/shop")).expect("snapshots/shop").flatten();
    for name in entries.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        assert!(known.contains(&name) || name.ends_with(".snap.new"), "snapshots/shop/{name} belongs to no case");
    }
}

//! Every fixture of a rule through the binary: `invalid` gives the finding, `valid` does not, `suppressed` hides it; what
//! is printed is compared with `snapshots/lint/<rule>/<case>.<view>.snap`, and snapshots without a fixture are reported.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// 2026-06-01: certificates, suppressions and `expires` are judged by this time.
const NOW: &str = "2026-06-01T00:00:00Z";

/// The limit that it checks is a knob of controller profiles, which the command line cannot name;
/// `gwc-core/tests/lints.rs` runs its fixtures with such a profile.
const NOT_HERE: &str = "too-many-listeners";

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Standard output of `gwc check --preset all` for one file in one format, run from the workspace root.
fn check(file: &str, format: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(workspace());
    command.args(["check", "--preset", "all", "--color", "never", "--now", NOW, "-o", format, file]);
    // Some rules find only what a configuration asks for.
    let config = workspace().join(file).with_file_name("gwc.toml");
    if config.exists() {
        command.arg("--config").arg(config);
    } else {
        command.arg("--no-config");
    }
    let output = command.output().expect("gwc runs");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{file}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8 output")
}

fn rule_folders() -> Vec<(String, PathBuf)> {
    let root = workspace().join("fixtures/lint");
    let mut folders: Vec<(String, PathBuf)> = std::fs::read_dir(root)
        .expect("fixtures/lint")
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .collect();
    folders.sort();
    folders
}

/// Codes of the findings in a JSON report, without suppressed ones.
fn names(json: &str) -> BTreeSet<String> {
    let report: serde_json::Value = serde_json::from_str(json).expect("a JSON report");
    let diagnostics = report["diagnostics"].as_array().cloned().unwrap_or_default();
    let open = diagnostics.iter().filter(|diagnostic| diagnostic["suppressed"].is_null());
    open.filter_map(|diagnostic| diagnostic["name"].as_str().map(str::to_owned)).collect()
}

fn snapshot(rule: &str, case: &str, view: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(workspace().join("snapshots/lint").join(rule));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    // The version of gwc is no part of what a rule says.
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    settings.bind(|| insta::assert_snapshot!(format!("{case}.{view}"), text));
}

#[test]
fn rules_say_what_their_snapshots_hold() {
    let folders = rule_folders();
    assert!(folders.len() >= 100, "{} rules have fixtures", folders.len());
    let mut wrong = Vec::new();
    for (rule, folder) in folders {
        for case in ["invalid", "valid", "suppressed"] {
            let path = folder.join(format!("{case}.yaml"));
            assert!(path.exists(), "{rule} has no {case}.yaml");
            let file = format!("fixtures/lint/{rule}/{case}.yaml");
            let json = check(&file, "json");
            let has = names(&json).contains(&rule);
            if has != (case == "invalid" && rule != NOT_HERE) {
                wrong.push(format!("{file}: found {:?}", names(&json)));
            }
            if case == "invalid" {
                snapshot(&rule, case, "full", &check(&file, "full"));
                snapshot(&rule, case, "json", &json);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn snapshots_have_their_fixtures() {
    let known: BTreeSet<String> = rule_folders().into_iter().map(|(rule, _)| rule).collect();
    let orphans = |dir: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| !known.contains(name))
            .collect()
    };
    let found = orphans(&workspace().join("snapshots/lint"));
    assert!(found.is_empty(), "snapshots without fixtures: {found:?}");
}

//! `gwc diff` through the binary: every case of `fixtures/diff` in all formats, operands, thresholds.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn gwc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(folder).stdin(Stdio::null()).args(arguments);
    // Only for `git`.
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.output().expect("gwc runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn cases() -> Vec<String> {
    let folders = std::fs::read_dir(workspace().join("fixtures/diff")).expect("fixtures/diff");
    let mut names: Vec<String> =
        folders.map(|entry| entry.expect("a folder").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/diff");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn every_case_is_as_committed() {
    for case in cases() {
        let (old, new) = (format!("fixtures/diff/{case}/old.yaml"), format!("fixtures/diff/{case}/new.yaml"));
        let output = gwc(&workspace(), &["diff", &old, &new]);
        let code = output.status.code();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        snapshot(&case, &format!("exit {code:?}\n{}{errors}", stdout(&output)));
        // A world compared with itself has no change at all.
        for file in [&old, &new] {
            let same = gwc(&workspace(), &["diff", file, file, "--fail-on", "add"]);
            assert_eq!(stdout(&same), "no change: every request is answered as before\n", "{case}");
            assert_eq!(same.status.code(), Some(0), "{case}");
        }
    }
}

#[test]
fn formats_of_one_case() {
    for (format, case) in
        [("markdown", "redirect-loop-new"), ("json", "weights-hard-cutover"), ("json", "regex-unproven")]
    {
        let (old, new) = (format!("fixtures/diff/{case}/old.yaml"), format!("fixtures/diff/{case}/new.yaml"));
        let output = gwc(&workspace(), &["diff", &old, &new, "-o", format]);
        snapshot(&format!("{case}.{format}"), &stdout(&output));
    }
}

#[test]
fn thresholds_decide_the_exit_code() {
    let diff = |case: &str, fail_on: &str| {
        let (old, new) = (format!("fixtures/diff/{case}/old.yaml"), format!("fixtures/diff/{case}/new.yaml"));
        gwc(&workspace(), &["diff", &old, &new, "--fail-on", fail_on]).status.code()
    };
    assert_eq!(diff("route-removed", "break"), Some(1));
    assert_eq!(diff("route-removed", "never"), Some(0));
    assert_eq!(diff("backend-replaced", "break"), Some(0));
    assert_eq!(diff("backend-replaced", "shift"), Some(1));
    assert_eq!(diff("regex-unproven", "shift"), Some(1));
    assert_eq!(diff("regex-unproven", "break"), Some(0));
    assert_eq!(diff("route-added", "shift"), Some(0));
    assert_eq!(diff("route-added", "add"), Some(1));
    assert_eq!(diff("renamed-rule", "add"), Some(0));
    assert_eq!(diff("renamed-rule", "nonsense"), Some(2));
}

#[test]
fn commits_are_operands() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let git = |arguments: &[&str]| {
        let names = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        Command::new("git")
            .args(names)
            .args(arguments)
            .current_dir(at)
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "-q"]) {
        println!("skipped: no git");
        return;
    }
    let copy = |side: &str| {
        let from = workspace().join(format!("fixtures/diff/backend-replaced/{side}.yaml"));
        std::fs::create_dir_all(at.join("deploy")).expect("a folder");
        std::fs::copy(from, at.join("deploy/world.yaml")).expect("a copy");
    };
    copy("old");
    assert!(git(&["add", "."]) && git(&["commit", "-q", "-m", "old"]));
    copy("new");
    let output = gwc(at, &["diff", "git:HEAD:deploy", "deploy"]);
    assert!(stdout(&output).starts_with("1 shift"), "{}", stdout(&output));
    assert!(stdout(&output).contains("git:HEAD:deploy/world.yaml"), "{}", stdout(&output));
    assert!(git(&["commit", "-q", "-a", "-m", "new"]));
    let output = gwc(at, &["diff", "git:HEAD~1", "git:HEAD", "-o", "json"]);
    assert!(stdout(&output).contains("\"worst\": \"shift\""), "{}", stdout(&output));
    let failing: [(&[&str], &str); 4] = [
        (&["diff", "git:nope", "deploy"], "cannot be read"),
        (&["diff", "git:HEAD:nowhere", "deploy"], "no manifests"),
        (&["diff", "nowhere", "deploy"], "nowhere"),
        (&["diff", "git:", "deploy"], "the commit is missing"),
    ];
    for (arguments, expected) in failing {
        let output = gwc(at, arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert!(matches!(output.status.code(), Some(2 | 3)), "{arguments:?}");
    }
}

#[test]
fn the_example_of_the_readme_is_what_is_printed() {
    let readme = std::fs::read_to_string(workspace().join("README.md")).expect("README.md");
    let section = readme.split("### gwc diff\n").nth(1).expect("a section");
    let line = section.lines().find(|line| line.starts_with("gwc diff ")).expect("a command");
    let shown = section.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let arguments: Vec<&str> = line.split(' ').skip(1).collect();
    assert_eq!(stdout(&gwc(&workspace(), &arguments)), shown);
}

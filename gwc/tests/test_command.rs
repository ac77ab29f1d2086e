//! `gwc test` through the binary: `fixtures/test/<case>` against `snapshots/test`, recording and running on every world
//! of the fixtures, options, errors and exit codes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Snapshot, exit code, folder of `fixtures/test`, further arguments.
const CASES: &[(&str, i32, &str, &[&str])] = &[
    ("passes", 0, "passes", &[]),
    ("passes.all", 0, "passes", &["--show", "all"]),
    ("passes.list", 0, "passes", &["--list"]),
    ("passes.filter", 0, "passes", &["--filter", "^a (call|closed)", "--show", "all"]),
    ("fails", 1, "fails", &[]),
    ("coverage", 1, "coverage", &[]),
    ("coverage.fail-under", 0, "coverage", &["--fail-under", "5"]),
    ("coverage.json", 1, "coverage", &["-o", "json"]),
    ("wrong", 1, "wrong", &[]),
    ("wrong.list", 1, "wrong", &["--list"]),
    ("syntax", 1, "syntax", &[]),
    ("mixed", 1, "mixed", &[]),
    ("mixed.json", 1, "mixed", &["-o", "json"]),
    ("mixed.junit", 1, "mixed", &["-o", "junit"]),
    ("mixed.tap", 1, "mixed", &["-o", "tap"]),
    ("legacy", 0, "legacy", &[]),
];

/// Snapshot, folder of `fixtures/test`, format of `gwc check`: findings about test files and what they leave out.
const CHECKS: &[(&str, &str, &str)] = &[
    ("check.status-not-asserted.full", "asserted", "full"),
    ("check.status-not-asserted.json", "asserted", "json"),
    ("check.legacy-condition.full", "legacy", "full"),
    ("check.legacy-condition.json", "legacy", "json"),
];

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn gwc_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command.args(["test", "--now", "2026-06-01T00:00:00Z", "--color", "never"]).args(arguments);
    command.output().expect("gwc runs")
}

fn gwc(arguments: &[&str]) -> Output {
    let mut all = vec!["--no-config"];
    all.extend(arguments);
    gwc_in(&workspace(), &all)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(workspace().join("snapshots/test"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn every_case_is_as_committed() {
    for (name, exit, case, arguments) in CASES {
        let folder = format!("fixtures/test/{case}");
        let mut all = vec![folder.as_str()];
        all.extend(*arguments);
        let output = gwc(&all);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(*exit), "{name}: {out}{err}");
        let err = if err.is_empty() { err } else { format!("----- stderr\n{err}") };
        snapshot(name, &format!("{out}{err}"));
    }
}

#[test]
fn no_snapshot_is_left_over() {
    let checks = CHECKS.iter().map(|(name, ..)| *name);
    let known = CASES.iter().map(|(name, ..)| *name).chain(checks).chain(["record"]).map(|name| format!("{name}.snap"));
    let known: BTreeSet<String> = known.collect();
    let entries = std::fs::read_dir(workspace().join("snapshots/test")).expect("snapshots/test").flatten();
    for name in entries.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        assert!(known.contains(&name) || name.ends_with(".snap.new"), "snapshots/test/{name} belongs to no case");
    }
}

/// Worlds of the fixtures: folders and single files of manifests.
fn worlds() -> Vec<String> {
    let mut worlds = vec!["fixtures/shop".to_owned(), "fixtures/route".to_owned()];
    for parent in ["status", "lint"] {
        let entries = std::fs::read_dir(workspace().join("fixtures").join(parent)).expect("a folder").flatten();
        for folder in entries.filter(|entry| entry.path().is_dir()) {
            let name = folder.file_name().to_string_lossy().into_owned();
            let files = ["input.yaml", "valid.yaml", "invalid.yaml"].into_iter();
            let there = files.filter(|file| folder.path().join(file).is_file());
            worlds.extend(there.map(|file| format!("fixtures/{parent}/{name}/{file}")));
        }
    }
    worlds.sort();
    worlds
}

#[test]
fn what_is_recorded_holds_on_every_world_of_the_fixtures() {
    let worlds = worlds();
    assert!(worlds.len() > 300, "{} worlds", worlds.len());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("recorded.gwc-test.yaml");
    let file = file.to_str().expect("UTF-8");
    let mut tests = 0;
    for world in &worlds {
        let recorded = gwc(&["--allow-empty", "--record", file, "--", world]);
        assert_eq!(recorded.status.code(), Some(0), "{world}: {}", text(&recorded.stderr));
        // The manifests are those that the file names.
        let run = gwc(&["--allow-empty", "-o", "json", file]);
        let out = text(&run.stdout);
        assert_eq!(run.status.code(), Some(0), "{world}: {out}{}", text(&run.stderr));
        let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        let passed = report["summary"]["passed"].as_u64().expect("a number");
        assert_eq!(Some(passed), report["summary"]["tests"].as_u64(), "{world}");
        tests += passed;
    }
    assert!(tests > 1000, "only {tests} tests");
}

#[test]
fn a_recording_is_deterministic_and_notices_a_change() {
    let record = || text(&gwc(&["--record", "--", "fixtures/route"]).stdout);
    let recorded = record();
    assert_eq!(recorded, record());
    snapshot("record", &recorded);
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["edge.yaml", "shop.yaml"] {
        std::fs::copy(workspace().join("fixtures/route").join(name), folder.path().join(name)).expect("a copy");
    }
    let output = gwc_in(folder.path(), &["--record", "pinned.gwc-test.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(gwc_in(folder.path(), &[]).status.code(), Some(0));
    let path = folder.path().join("shop.yaml");
    let manifest =
        std::fs::read_to_string(&path).expect("the manifest").replace("value: /cart/item", "value: /cart/items");
    std::fs::write(&path, manifest).expect("the changed manifest");
    let output = gwc_in(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("FAIL  shop/cart item on http, hit"), "{}", text(&output.stdout));
}

#[test]
fn only_a_recorded_file_is_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(workspace().join("fixtures/route/edge.yaml"), folder.path().join("edge.yaml")).expect("a copy");
    let record = || gwc_in(folder.path(), &["--record", "own.gwc-test.yaml"]);
    std::fs::write(folder.path().join("own.gwc-test.yaml"), "version: 1\n").expect("a file");
    let output = record();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("was not recorded"), "{}", text(&output.stderr));
    std::fs::remove_file(folder.path().join("own.gwc-test.yaml")).expect("removed");
    assert_eq!(record().status.code(), Some(0));
    assert_eq!(record().status.code(), Some(0), "a recorded file may be replaced");
}

/// A folder with a configuration, two worlds and tests.
fn project(config: &str, test: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let edge = std::fs::read_to_string(workspace().join("fixtures/route/edge.yaml")).expect("a manifest");
    let shop = std::fs::read_to_string(workspace().join("fixtures/route/shop.yaml")).expect("a manifest");
    write("prod/edge.yaml", &edge);
    write("prod/shop.yaml", &shop);
    write("stage/edge.yaml", &edge);
    write("gwc.toml", config);
    write("tests/a.gwc-test.yaml", test);
    folder
}

/// Exit code and a part of what is printed.
#[track_caller]
fn expect(folder: &Path, arguments: &[&str], exit: i32, wanted: &str) {
    let output = gwc_in(folder, arguments);
    let all = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {all}");
    assert!(all.contains(wanted), "{arguments:?}: `{wanted}` is not in\n{all}");
}

const ENVS: &str = "[env.prod]\npaths = [\"prod\"]\n[env.stage]\npaths = [\"stage\"]\n";
const CART: &str = "tests:\n- request: http://shop.example.com/cart\n  expect: {route: shop/cart}\n";

#[test]
fn the_world_comes_from_arguments_file_or_configuration() {
    let named = project(ENVS, &format!("version: 1\nworld: prod\n{CART}"));
    expect(named.path(), &[], 0, "1 test: 1 passed");
    expect(named.path(), &["--", "stage"], 1, "no rule takes it (404)");
    expect(named.path(), &["--env", "stage"], 1, "no rule takes it (404)");
    let configured = project(ENVS, &format!("version: 1\n{CART}"));
    expect(configured.path(), &[], 1, "FAIL  GET http://shop.example.com/cart [world stage]");
    expect(configured.path(), &["--env", "prod"], 0, "1 test: 1 passed");
    let misspelt = project(ENVS, &format!("version: 1\nworld: prd\n{CART}"));
    expect(misspelt.path(), &[], 1, "`prd` is no path and no world of the configuration; did you mean `prod`?");
    let own_folder = project("", &format!("version: 1\n{CART}"));
    expect(own_folder.path(), &[], 3, "no manifests found");
    let paths = project("", &format!("version: 1\nworld: [../prod]\n{CART}"));
    expect(paths.path(), &["tests"], 0, "1 test: 1 passed");
}

#[test]
fn files_and_coverage_come_from_the_configuration() {
    let config = "[test]\npaths = [\"tests/*.routes.yaml\"]\nfail-under = 90\nunit = \"match\"\n";
    let folder = project(config, "version: 1\nworld: [../prod]\n");
    let file = folder.path().join("tests/own.routes.yaml");
    std::fs::write(file, format!("version: 1\nworld: [../prod]\n{CART}")).expect("a file");
    expect(folder.path(), &[], 1, "of matches (1 of");
    expect(folder.path(), &["--fail-under", "1"], 0, "1 test: 1 passed");
    let unit = project("[test]\nunit = \"rules\"\n", &format!("version: 1\nworld: [../prod]\n{CART}"));
    expect(unit.path(), &[], 2, "[test] unit `rules`; did you mean `rule`?");
}

#[test]
fn test_files_are_no_manifests() {
    let folder = project("", &format!("version: 1\nworld: [../prod]\n{CART}"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    let output = command.env_clear().current_dir(folder.path()).args(["status", "tests", "prod"]).output();
    let output = output.expect("gwc runs");
    assert_eq!(output.status.code(), Some(1), "the refused route of the fixture: {}", text(&output.stderr));
    assert!(!text(&output.stderr).contains("gwc-test"), "{}", text(&output.stderr));
}

#[test]
fn wrong_questions_exit_2_and_missing_files_3() {
    let root = workspace();
    expect(&root, &["fixtures/test/passes", "--filter", "("], 2, "is no regular expression");
    expect(&root, &["fixtures/test/passes", "--fail-under", "101"], 2, "0 to 100");
    expect(&root, &["fixtures/test/passes", "-o", "xml"], 2, "there are full, json, junit, tap");
    expect(&root, &["--record", "--list"], 2, "cannot be used with");
    expect(&root, &["fixtures/test/nothing"], 3, "no such file or folder");
    expect(&root, &["fixtures/lint"], 3, "no test files found");
    expect(&root, &["fixtures/test/passes", "--", "fixtures/nothing"], 3, "no such file or folder");
}

#[test]
fn check_reports_what_tests_leave_out_and_what_they_assert_in_vain() {
    for (name, case, format) in CHECKS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
        command.env_clear().current_dir(workspace()).stdin(Stdio::null());
        command.args(["check", "--no-config", "--select", "GWC7006,GWC9011,GWC0090", "--severity", "GWC7006=warning"]);
        command.args(["--now", "2026-06-01T00:00:00Z", "--color", "never", "--show-suppressed", "-o", format]);
        let output = command.arg(format!("fixtures/test/{case}")).output().expect("gwc runs");
        assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
        snapshot(name, &text(&output.stdout).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}

#[test]
fn the_example_of_the_readme_is_what_is_printed() {
    let readme = std::fs::read_to_string(workspace().join("README.md")).expect("README.md");
    let section = readme.split("### gwc test\n").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a section");
    assert!(section.contains("gwc test fixtures/shop\n"), "the command");
    let block = |kind: &str| {
        let rest = section.split(&format!("```{kind}\n")).nth(1);
        rest.and_then(|rest| rest.split("```").next()).unwrap_or_default().to_owned()
    };
    let file = std::fs::read_to_string(workspace().join("fixtures/shop/shop.gwc-test.yaml")).expect("the file");
    assert!(file.contains(block("yaml").trim()), "the README shows a part of the file");
    let output = gwc(&["fixtures/shop"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert_eq!(text(&output.stdout), block("text"));
}

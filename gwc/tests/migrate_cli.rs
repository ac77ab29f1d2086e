//! `gwc ingress-migrate` through the binary: exit codes of ingress-migrate.md §5.6, files, drift, hand edits, formats.
//!
//! What Ingresses become is in tests/migrate.rs; here only what surrounds it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// An Ingress that loses nothing but what every one does.
const PLAIN: &str = "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  labels: {app: web}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: web, port: {number: 80}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80}]}
";

/// An Ingress of another namespace, with a list of addresses.
const GUARDED: &str = "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: admin
  namespace: office
  annotations:
    nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8
spec:
  ingressClassName: nginx
  rules:
  - host: admin.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: admin, port: {number: 80}}}
---
apiVersion: v1
kind: Service
metadata: {name: admin, namespace: office}
spec: {ports: [{port: 80}]}
";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

fn gwc(at: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(at).stdin(Stdio::null()).arg("ingress-migrate").args(arguments);
    command.output().expect("gwc runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs with an expected exit code and a text that must be said on stdout or stderr.
fn expect(at: &Path, arguments: &[&str], code: i32, said: &str) -> String {
    let output = gwc(at, arguments);
    let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{all}");
    assert!(all.contains(said), "{arguments:?}: `{said}` is not in\n{all}");
    all
}

fn json(at: &Path, arguments: &[&str]) -> Value {
    let report = at.join("report.json");
    let mut all = vec!["-ojson=report.json"];
    all.extend(arguments);
    let output = gwc(at, &all);
    let bytes = std::fs::read(&report).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    std::fs::remove_file(report).expect("a report");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn names(at: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(at).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            names.extend(self::names(&path).into_iter().map(|below| format!("{name}/{below}")));
        } else {
            names.push(name);
        }
    }
    names.sort();
    names
}

#[test]
fn manifests_go_to_stdout_and_the_report_to_stderr() {
    let folder = folder(&[("web.yaml", PLAIN)]);
    let output = gwc(folder.path(), &["web.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"));
    let said = text(&output.stderr);
    assert!(
        said.contains("Converted 1 Ingress to 1 Gateway, 1 HTTPRoute") && !said.contains("kind: Gateway"),
        "{said}"
    );
    let silent = gwc(folder.path(), &["web.yaml", "-qq"]);
    assert!(silent.stderr.is_empty() && silent.stdout == output.stdout);
    let machine = gwc(folder.path(), &["web.yaml", "-ojson"]);
    let report: Value = serde_json::from_slice(&machine.stderr).expect("JSON on stderr");
    assert_eq!(report["schema"], "gwc.migrate/v1");
}

#[test]
fn wrong_words_are_exit_2() {
    let folder = folder(&[("web.yaml", PLAIN), ("gwc.toml", "[migrate]\nlayuot = \"single\"\n")]);
    let at = folder.path();
    expect(at, &["web.yaml"], 2, "unknown key `layuot`; did you mean `layout`?");
    let plain = |more: &[&'static str], said: &str| {
        let mut all = vec!["--no-config", "web.yaml"];
        all.extend(more);
        expect(at, &all, 2, said);
    };
    plain(&["--emit", "istio"], "only `standard` is built");
    plain(&["--provider", "kong"], "not built yet");
    plain(&["--verify", "fats"], "did you mean `fast`?");
    plain(&["--layout", "per-kind"], "--out DIR/");
    plain(&["--accept", "MIG511"], "CODE:NS/NAME");
    plain(&["--accept", "MIG599:a/b"], "no finding of a migration");
    plain(&["--check"], "--out FILE or --out DIR/");
    plain(&["--check", "--plan", "--out", "x/"], "cannot be used with");
    plain(&["--old", "http://127.0.0.1"], "--new");
    plain(&["--record", "x.yaml", "--verify", "off"], "--verify fast");
    plain(&["-o", "tap"], "there are full, concise");
}

#[test]
fn no_ingress_is_exit_3() {
    let folder = folder(&[
        ("service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 1}]}\n"),
        ("web.yaml", PLAIN),
    ]);
    let at = folder.path();
    expect(at, &["service.yaml"], 3, "no Ingress found in 1 file");
    expect(at, &["nowhere.yaml"], 3, "no such file");
    expect(at, &["web.yaml", "--ingress", "shop/other"], 3, "--ingress shop/other");
    expect(at, &["web.yaml", "--controller-config", "service.yaml"], 3, "not exactly one ConfigMap");
}

#[test]
fn a_lost_access_control_fails_until_it_is_accepted() {
    let folder = folder(&[("admin.yaml", GUARDED)]);
    let at = folder.path();
    for form in ["full", "grouped", "concise"] {
        let output = gwc(at, &["admin.yaml", "-o", form, "--color", "never"]);
        assert_eq!(output.status.code(), Some(1));
        let first: Vec<String> = text(&output.stderr).lines().take(6).map(str::to_owned).collect();
        assert!(first.iter().any(|line| line.contains("allowlist-source-range")), "{form}: {first:#?}");
        assert!(text(&output.stdout).contains("kind: HTTPRoute"), "manifests are written all the same");
    }
    expect(at, &["admin.yaml", "--fail-on", "never"], 1, "access control lost");
    let accepted = ["admin.yaml", "--accept", "MIG511:office/admin:behind the VPN"];
    expect(at, &accepted, 0, "1 accepted");
    let report = json(at, &accepted);
    let items = report["items"].as_array().expect("items");
    let lost = items.iter().find(|item| item["code"] == "MIG511").expect("MIG511 stays in the report");
    assert_eq!(lost["accepted"], "MIG511:office/admin:behind the VPN");
    assert_eq!(report["summary"]["access_controls"]["lost"], 1);
    expect(at, &["admin.yaml", "--accept", "MIG511:office/admin", "--accept", "MIG511:office/x"], 0, "to accept");
    std::fs::write(at.join("gwc.toml"), "[migrate]\naccept = [\"MIG511:office/admin\"]\n").expect("a file");
    expect(at, &["admin.yaml"], 0, "1 accepted");
}

#[test]
fn a_folder_of_files_drifts_and_is_not_overwritten() {
    let folder = folder(&[("in/web.yaml", PLAIN)]);
    let at = folder.path();
    let run = |more: &[&'static str], code: i32, said: &str| {
        let mut all = vec!["in", "--out", "out/", "--kustomization"];
        all.extend(more);
        expect(at, &all, code, said)
    };
    run(&["--check"], 1, "drift: shop.yaml (new)");
    assert!(!at.join("out").exists());
    run(&[], 0, "Converted");
    assert_eq!(names(&at.join("out")), [".gwc-migrate.json", "gateway-infra.yaml", "kustomization.yaml", "shop.yaml"]);
    run(&["--check"], 0, "Converted");
    let before = std::fs::read(at.join("out/shop.yaml")).expect("a file");
    std::fs::write(at.join("out/shop.yaml"), "mine").expect("a file");
    run(&["--check"], 1, "drift: shop.yaml (changed, changed by hand)");
    run(&[], 2, "`shop.yaml` is not as gwc wrote it");
    run(&["--force"], 0, "Converted");
    assert_eq!(std::fs::read(at.join("out/shop.yaml")).expect("a file"), before);
    // What is no longer made goes away.
    std::fs::write(at.join("in/web.yaml"), PLAIN.replace("namespace: shop", "namespace: store")).expect("a file");
    run(&["--check"], 1, "drift: shop.yaml (removed)");
    run(&[], 0, "Converted");
    assert_eq!(names(&at.join("out")), [".gwc-migrate.json", "gateway-infra.yaml", "kustomization.yaml", "store.yaml"]);
}

#[test]
fn layouts_hold_the_same_objects() {
    let folder = folder(&[("web.yaml", PLAIN), ("admin.yaml", GUARDED)]);
    let at = folder.path();
    let written = |layout: &str| {
        let out = format!("{layout}/");
        let output = gwc(at, &["web.yaml", "admin.yaml", "--out", &out, "--layout", layout, "-qq"]);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        let files = names(&at.join(layout)).into_iter().filter(|name| name.ends_with(".yaml"));
        files.collect::<Vec<_>>()
    };
    assert_eq!(written("single"), ["gateway-api.yaml"]);
    assert_eq!(written("per-kind"), ["gateways.yaml", "httproutes.yaml"]);
    assert_eq!(written("per-namespace"), ["gateway-infra.yaml", "office.yaml", "shop.yaml"]);
    assert_eq!(written("per-ingress"), ["office/admin.yaml", "shared.yaml", "shop/web.yaml"]);
    let documents = |layout: &str| {
        let mut all: Vec<String> = names(&at.join(layout))
            .into_iter()
            .filter(|name| name.ends_with(".yaml"))
            .flat_map(|name| {
                let text = std::fs::read_to_string(at.join(layout).join(name)).expect("a file");
                text.split("---\n").map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        all.sort();
        all
    };
    let single = documents("single");
    for layout in ["per-kind", "per-namespace", "per-ingress"] {
        assert_eq!(documents(layout), single, "{layout}");
    }
}

#[test]
fn only_chosen_ingresses_are_converted() {
    let folder = folder(&[("web.yaml", PLAIN), ("admin.yaml", GUARDED)]);
    let at = folder.path();
    let hosts = |more: &[&str]| {
        let mut all = vec!["web.yaml", "admin.yaml", "-qq", "--verify", "off"];
        all.extend(more);
        let manifests = text(&gwc(at, &all).stdout);
        ["shop.example.com", "admin.example.com"].map(|host| manifests.contains(host))
    };
    assert_eq!(hosts(&[]), [true, true]);
    for one in [["-n", "shop"], ["--selector", "app=web"], ["--ingress", "shop/web"], ["--selector", "app"]] {
        assert_eq!(hosts(&one), [true, false], "{one:?}");
    }
    assert_eq!(hosts(&["--selector", "!app"]), [false, true]);
    expect(at, &["web.yaml", "--class", "other"], 3, "no Ingress of class `other`");
}

#[test]
fn the_configuration_has_a_key_for_each_flag() {
    let table =
        "[migrate]\nclass-map = [\"nginx=eg\"]\ngateway-namespace = \"edge\"\nhttp-port = 8080\nverify = \"off\"\n";
    let folder = folder(&[("web.yaml", PLAIN), ("gwc.toml", table)]);
    let at = folder.path();
    let manifests = text(&gwc(at, &["web.yaml", "-qq"]).stdout);
    for text in ["gatewayClassName: eg", "namespace: edge", "port: 8080"] {
        assert!(manifests.contains(text), "{text} is not in\n{manifests}");
    }
    let flags = text(&gwc(at, &["web.yaml", "-qq", "--http-port", "8081"]).stdout);
    assert!(flags.contains("port: 8081") && !flags.contains("port: 8080"), "{flags}");
    expect(at, &["web.yaml"], 0, "not verified");
}

#[test]
fn every_format_speaks() {
    let folder = folder(&[("admin.yaml", GUARDED)]);
    let at = folder.path();
    for (form, said) in [
        ("jsonl", "\"code\":\"MIG511\""),
        ("sarif", "\"ruleId\": \"MIG511\""),
        ("github", "::error"),
        ("junit", "<testsuite"),
        ("markdown", "## Access controls lost"),
        ("concise", "error[MIG511]"),
    ] {
        expect(at, &["admin.yaml", "-o", form], 1, said);
    }
}

#[test]
fn a_finding_on_many_objects_is_printed_once() {
    let many: Vec<String> = (0..9)
        .map(|n| {
            let text = GUARDED.replace("name: admin", &format!("name: admin{n}"));
            let text = text.replace("admin.example.com", &format!("a{n}.example.com"));
            text.replace("whitelist-source-range: 10.0.0.0/8", "proxy-buffering: \"on\"")
        })
        .collect();
    let folder = folder(&[("many.yaml", &many.join("---\n"))]);
    let at = folder.path();
    let count = |arguments: &[&str]| {
        let mut all = vec!["many.yaml", "--verify", "off"];
        all.extend(arguments);
        text(&gwc(at, &all).stderr).matches("[MIG503").count()
    };
    let usual = count(&[]);
    assert!(usual >= 1 && count(&["-v"]) >= usual + 8, "{usual}, {}", count(&["-v"]));
}

#[test]
fn an_input_that_is_refused_leaves_the_others() {
    let broken = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: broken, namespace: shop}\nspec:\n  ingressClassName: nginx\n  rules: [{host: UPPER_case, http: {paths: [{path: x, pathType: Prefix, backend: {service: {name: a}}}]}}]\n";
    let folder = folder(&[("web.yaml", &format!("{PLAIN}{broken}"))]);
    let all = expect(folder.path(), &["web.yaml", "-o", "concise"], 1, "web.yaml:27");
    assert!(all.contains("kind: HTTPRoute"), "{all}");
}

#[test]
fn recorded_tests_pass_on_what_was_written() {
    let folder = folder(&[("web.yaml", PLAIN)]);
    let at = folder.path();
    expect(at, &["web.yaml", "--out", "out/", "--record", "old.gwc-test.yaml"], 0, "equal");
    let recorded = std::fs::read_to_string(at.join("old.gwc-test.yaml")).expect("tests");
    assert!(recorded.contains("http://shop.example.com/x") && recorded.contains("shop/web:80"), "{recorded}");
    let mut test = Command::new(env!("CARGO_BIN_EXE_gwc"));
    let output = test.env_clear().current_dir(at).args(["test", "old.gwc-test.yaml"]).output().expect("gwc runs");
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    // Other files are not overwritten.
    std::fs::write(at.join("mine.yaml"), "a: b\n").expect("a file");
    expect(at, &["web.yaml", "--out", "out/", "--record", "mine.yaml"], 2, "was not recorded");
}

#[test]
fn one_world_at_a_time() {
    let config = "[env.a]\npaths = [\"web.yaml\"]\n[env.b]\npaths = [\"admin.yaml\"]\n";
    let folder = folder(&[("web.yaml", PLAIN), ("admin.yaml", GUARDED), ("gwc.toml", config)]);
    expect(folder.path(), &[], 2, "--env NAME");
    expect(folder.path(), &["--env", "a"], 0, "Converted 1 Ingress");
}

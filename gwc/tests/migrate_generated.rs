//! Generated Ingresses through the whole of `gwc ingress-migrate`: nothing differs unannounced, nothing is left out.
//!
//! `GWC_MIGRATE_INGRESSES=10000 cargo test --release -p gwc --test migrate_generated` asks for as many as the acceptance.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

// The worlds that `bench migrate` times.
#[path = "../../tools/bench/src/ingresses.rs"]
mod ingresses;

/// Ingresses of a plain test run.
const USUAL: usize = 400;

fn gwc(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().stdin(Stdio::null()).args(arguments).arg("--no-config").output().expect("gwc runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Annotation keys with how often each occurs, from the texts.
fn written(files: &[ingresses::File]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for line in files.iter().flat_map(|file| file.text.lines()) {
        let key = line.trim().split(": ").next().unwrap_or_default();
        if line.starts_with("    ")
            && key.contains('/')
            && !key.starts_with("app.kubernetes.io/")
            && !key.contains('\'')
        {
            *counts.entry(key.to_owned()).or_default() += 1;
        }
    }
    counts
}

#[test]
fn generated_ingresses_have_no_difference_that_nobody_announced() {
    let n = std::env::var("GWC_MIGRATE_INGRESSES").ok().and_then(|n| n.parse().ok()).unwrap_or(USUAL);
    let files = ingresses::world(n);
    let root = tempfile::tempdir().expect("a folder");
    let source = root.path().join("ingresses");
    std::fs::create_dir(&source).expect("a folder");
    for file in &files {
        std::fs::write(source.join(&file.name), &file.text).expect("a file");
    }
    let (report, out) = (root.path().join("report.json"), format!("{}/", text(&root.path().join("manifests"))));
    let format = format!("json={}", text(&report));
    let output = gwc(&["ingress-migrate", text(&source), "--out", &out, "-o", &format]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "guards are lost, and nothing worse: {errors}");

    let report: Value = serde_json::from_slice(&std::fs::read(&report).expect("a report")).expect("JSON");
    let items = report["items"].as_array().expect("items");
    let unexplained: Vec<&Value> = items.iter().filter(|item| item["code"] == "MIG702").take(5).collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    let verification = &report["summary"]["verification"];
    assert_eq!(verification["level"], "fast");
    assert!(verification["hosts"].as_u64().is_some_and(|hosts| hosts > 3 * u64::try_from(n).unwrap_or(0) / 5));

    // Every annotation is the fact of one item, no more and no less (ingress-migrate.md §5.4).
    let mut accounted: BTreeMap<String, usize> = BTreeMap::new();
    for item in items.iter().filter(|item| item["kind"] == "annotation") {
        *accounted.entry(item["fact"].as_str().expect("a key").to_owned()).or_default() += 1;
    }
    assert_eq!(accounted, written(&files));

    // The output stands by itself; an Ingress with a lost guard is closed, and says why.
    let check = gwc(&["check", &out]);
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
}

#[test]
fn worlds_are_mixed_and_the_same_every_time() {
    let files = ingresses::world(USUAL);
    let keys = written(&files);
    for key in ["rewrite-target", "use-regex", "canary", "enable-cors", "permanent-redirect", "proxy-read-timeout"] {
        assert!(keys.contains_key(&format!("nginx.ingress.kubernetes.io/{key}")), "{key}: {keys:?}");
    }
    let annotated = files.iter().filter(|file| file.text.contains("nginx.ingress.kubernetes.io/")).count();
    assert!((USUAL / 3..USUAL).contains(&annotated), "{annotated}");
    assert!(ingresses::world(USUAL).iter().zip(&files).all(|(one, other)| one.text == other.text));
}

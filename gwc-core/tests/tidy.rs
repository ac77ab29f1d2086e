//! The house rules that no compiler checks: layering of modules, length of files, module files.

#![expect(clippy::disallowed_methods, reason = "tests read the files of the repository")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module of the crate may use (`ARCHITECTURE.md`, "Who may touch what").
const LAYERS: &[(&str, &[&str])] = &[
    ("value", &[]),
    ("source", &[]),
    ("diagnostic", &["source", "value"]),
    ("yaml", &["source"]),
    ("profile", &["value"]),
    ("certificate", &["value"]),
    ("admission", &["value", "source", "diagnostic", "yaml", "profile"]),
    ("api", &["value", "source", "diagnostic", "yaml", "admission", "profile"]),
    // What controllers of Ingresses do: the source side of a migration, which knows no Gateway API.
    ("ingress", &["value", "source", "yaml", "api", "certificate"]),
    ("graph", &["value", "source", "diagnostic", "api"]),
    ("eval", &["value", "graph", "api", "profile", "certificate"]),
    ("status", &["value", "source", "diagnostic", "yaml", "graph", "api", "eval", "profile"]),
    ("ir", &["value", "source"]),
    ("lower", &["value", "source", "graph", "api", "eval", "ir"]),
    ("matcher", &["value", "ir"]),
    // Pure request handling that the proxy and predictions share: normalisation and filters.
    ("exchange", &["value", "ir", "matcher"]),
    ("predict", &["value", "ir", "matcher", "exchange"]),
    // Regions of requests: proofs of shadowing, semantic differences.
    ("region", &["value", "ir", "matcher", "exchange", "predict"]),
    ("change", &["value", "source", "diagnostic", "ir", "lower", "matcher", "predict", "region", "status"]),
    // The writer's side of `gwc ingress-migrate`; what it writes is proven by others.
    // Of `ingress` it may use the selection only; `converter_and_verifier_share_no_code` sees to that.
    (
        "migrate",
        &[
            "value",
            "source",
            "diagnostic",
            "yaml",
            "api",
            "profile",
            "certificate",
            "graph",
            "ingress",
            "prove",
            "region",
        ],
    ),
    // Compares the source evaluator with the IR of what was written; never asks the converter.
    ("prove", &["value", "ir", "matcher", "exchange", "predict", "region", "ingress", "api"]),
    (
        "lint",
        &[
            "value",
            "source",
            "diagnostic",
            "yaml",
            "graph",
            "api",
            "eval",
            "profile",
            "certificate",
            "status",
            "admission",
            "ir",
            "lower",
            "matcher",
            "exchange",
            "predict",
            "region",
        ],
    ),
];

/// Longest production part of a file, in lines.
const MAX_LINES: usize = 600;

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
    out.sort();
}

fn sources(crate_dir: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(crate_dir).join("src"), &mut files);
    files
}

/// The part of a file before its tests.
fn production(text: &str) -> &str {
    text.split("\n#[cfg(test)]").next().unwrap_or(text)
}

fn top_module(file: &Path) -> String {
    let mut after = file.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let _ = after.by_ref().find(|part| part == "src");
    after.next().unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// Modules of the crate that a text names as `crate::module`.
fn used_modules(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = code.collect::<Vec<_>>().join("\n");
    let names = code.split("crate::").skip(1);
    let names = names.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>());
    names.filter(|name| !name.is_empty()).collect()
}

#[test]
fn modules_use_only_what_their_layer_may() {
    let layers: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut checked = 0;
    for file in sources("gwc-core") {
        let module = top_module(&file);
        let Some(allowed) = layers.get(module.as_str()) else { continue };
        checked += 1;
        let text = fs::read_to_string(&file).expect("a file that was just listed");
        for used in used_modules(production(&text)) {
            let known = layers.contains_key(used.as_str());
            if known && used != module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses `{used}`, which `{module}` must not", file.display()));
            }
        }
    }
    assert!(checked > LAYERS.len(), "only {checked} files were checked");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_runtime_knows_no_kubernetes() {
    for file in sources("gwc-runtime") {
        let text = fs::read_to_string(&file).expect("a file that was just listed");
        for module in ["admission", "api", "change", "eval", "graph", "lint", "lower", "region", "status", "yaml"] {
            assert!(!text.contains(&format!("gwc_core::{module}")), "{} uses gwc_core::{module}", file.display());
        }
    }
}

#[test]
fn files_are_short_enough_to_read() {
    let mut long = Vec::new();
    for file in ["gwc-core", "gwc", "gwc-runtime"].into_iter().flat_map(sources) {
        if file.components().any(|part| part.as_os_str() == "tables") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a file that was just listed");
        let n_lines = production(&text).lines().count();
        if n_lines > MAX_LINES {
            long.push(format!("{}: {n_lines} lines", file.display()));
        }
    }
    assert!(long.is_empty(), "longer than {MAX_LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn files_open_with_what_lives_in_them() {
    for file in ["gwc-core", "gwc", "gwc-runtime"].into_iter().flat_map(sources) {
        let text = fs::read_to_string(&file).expect("a file that was just listed");
        assert!(text.starts_with("//!"), "{} does not say what lives in it", file.display());
        assert!(!file.ends_with("mod.rs"), "{} should be named after its module", file.display());
    }
}

/// Each checks the other, so they may share the selection of Ingresses and nothing else.
#[test]
fn converter_and_verifier_share_no_code() {
    for file in sources("gwc-core") {
        let module = top_module(&file);
        let text = fs::read_to_string(&file).expect("a file that was just listed");
        let forbidden: &[&str] = match module.as_str() {
            "migrate" => &["ingress::nginx", "ingress::generic", "ingress::World", "prove::verify"],
            "prove" | "ingress" => &["crate::migrate"],
            _ => &[],
        };
        let code = production(&text).lines().filter(|line| !line.trim_start().starts_with("//"));
        let used: Vec<&str> = code.filter(|line| forbidden.iter().any(|name| line.contains(name))).collect();
        assert!(used.is_empty(), "{}: {used:?}", file.display());
    }
}

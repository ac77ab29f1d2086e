//! From manifests to the match IR: one snapshot for each area, and what holds for every IR that is made.

#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

use std::path::{Path, PathBuf};

use gwc_core::ir::{Config, Place, VERSION};
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::{Compilation, compile};
use serde_json::Value;

/// 2026-06-01T00:00:00Z.
const NOW: i64 = 1_780_272_000;

/// Width of the snapshots: what is shorter stands on one line.
const WIDTH: usize = 110;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Names of the fixtures and their texts.
fn cases() -> Vec<(String, String)> {
    let files = std::fs::read_dir(workspace().join("fixtures/ir")).expect("a folder").flatten();
    let mut cases: Vec<_> = files
        .map(|file| {
            let name = file.path().file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(file.path()).expect("a file that was just listed"))
        })
        .collect();
    cases.sort();
    assert!(cases.len() >= 18, "{} cases", cases.len());
    cases
}

fn profile(mode: WorldMode) -> Profile {
    let target = Some(Target { bundle: Bundle::V1_6, channel: Channel::Experimental });
    Profile { target, ..Profile::new(mode, NOW) }
}

fn run(files: &[(String, String)], mode: WorldMode) -> (SourceMap, Compilation) {
    let mut sources = SourceMap::new();
    for (name, text) in files {
        let bytes = text.clone().into_bytes();
        sources.add(Source::from_bytes(name.clone(), Origin::File, Role::Checked, true, bytes));
    }
    let compilation = compile(&sources, &profile(mode));
    (sources, compilation)
}

/// The world of a fixture: `assumed` is open, all others hold everything.
fn lowered(case: &str, text: &str) -> (SourceMap, Compilation) {
    let mode = if case == "assumed" { WorldMode::Auto } else { WorldMode::Closed };
    let run = run(&[("a.yaml".to_owned(), text.to_owned())], mode);
    assert!(run.1.graph.refused.is_empty(), "{case}: the API server refuses {:?}", run.1.graph.refused);
    run
}

/// JSON with short values on one line.
fn pretty(value: &Value, depth: usize, out: &mut String) {
    let short = value.to_string();
    let indent = "  ".repeat(depth + 1);
    let end = "  ".repeat(depth);
    let items: Vec<(String, &Value)> = match value {
        Value::Array(items) if short.len() > WIDTH => items.iter().map(|item| (String::new(), item)).collect(),
        Value::Object(fields) if short.len() > WIDTH => {
            fields.iter().map(|(key, item)| (format!("{key}: "), item)).collect()
        }
        _ => {
            out.push_str(&short);
            return;
        }
    };
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    out.push(open);
    for (key, item) in items {
        out.push_str(&format!("\n{indent}{key}"));
        pretty(item, depth + 1, out);
    }
    out.push_str(&format!("\n{end}{close}"));
}

/// Places are bytes: they have a test of their own.
fn without_places(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_places),
        Value::Object(fields) => {
            fields.remove("place");
            fields.values_mut().for_each(without_places);
        }
        _ => {}
    }
}

fn shown(compilation: &Compilation) -> String {
    let mut value = serde_json::to_value(&compilation.lowered.config).expect("JSON");
    without_places(&mut value);
    let mut out = String::new();
    pretty(&value, 0, &mut out);
    for (slot, origin) in compilation.lowered.origins.iter().enumerate() {
        if !origin.support.assumptions.is_empty() {
            out.push_str(&format!("\nrule {slot} assumes {:?}", origin.support.assumptions));
        }
    }
    let secrets = format!("{:?}", compilation.lowered.secrets);
    if !secrets.contains("certificates: [], authorities: []") {
        out.push_str(&format!("\n{secrets}"));
    }
    out
}

#[test]
fn irs_are_what_their_snapshots_hold() {
    for (case, text) in cases() {
        let (_, compilation) = lowered(&case, &text);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(workspace().join("snapshots/ir"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(text.lines().next().unwrap_or_default().trim_start_matches("# "));
        settings.bind(|| insta::assert_snapshot!(case.as_str(), shown(&compilation)));
    }
}

#[test]
fn every_ir_is_valid_and_survives_json() {
    for (case, text) in cases() {
        let (_, compilation) = lowered(&case, &text);
        let lowered = &compilation.lowered;
        assert_eq!(lowered.config.validate(), [], "{case}");
        let json = serde_json::to_string(&lowered.config).expect("JSON");
        let read: Config = serde_json::from_str(&json).expect("the IR reads what it writes");
        assert_eq!(read, lowered.config, "{case}");
        assert_eq!(lowered.origins.len(), lowered.config.rules.len(), "{case}");
        let listeners: Vec<_> = lowered.config.sockets.iter().map(|socket| socket.listeners.len()).collect();
        assert_eq!(lowered.listeners.iter().map(Vec::len).collect::<Vec<_>>(), listeners, "{case}");
    }
}

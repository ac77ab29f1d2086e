//! From manifests to the match IR: one snapshot for each area, and what holds for every IR that is made.

#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gwc_core::ir::{Config, Place};
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
    if short.len() <= WIDTH || !(value.is_array() || value.is_object()) {
        out.push_str(&short);
        return;
    }
    let fields = value.as_object().into_iter().flatten().map(|(key, item)| (format!("{key}: "), item));
    let items = value.as_array().into_iter().flatten().map(|item| (String::new(), item)).chain(fields);
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    out.push(open);
    for (key, item) in items {
        out.push_str(&format!("\n{indent}{key}"));
        pretty(item, depth + 1, out);
    }
    out.push_str(&format!("\n{end}{close}"));
}

/// Keys in one order, whether or not another crate of the build makes `serde_json` keep theirs.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let entries: BTreeMap<String, Value> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}

/// Places are bytes: they have a test of their own.
fn without_places(value: &mut Value) {
    value.as_array_mut().into_iter().flatten().for_each(without_places);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("place");
        fields.values_mut().for_each(without_places);
    }
}

fn shown(compilation: &Compilation) -> String {
    let mut value = serde_json::to_value(&compilation.lowered.config).expect("JSON");
    without_places(&mut value);
    let value = sorted(value);
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

/// The files of a folder of fixtures.
fn folder(name: &str) -> Vec<(String, String)> {
    fn collect(root: &Path, dir: &Path, out: &mut Vec<(String, String)>) {
        for path in std::fs::read_dir(dir).expect("a folder").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                collect(root, &path, out);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let shown = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
                out.push((shown, std::fs::read_to_string(&path).expect("a file that was just listed")));
            }
        }
    }
    let mut files = Vec::new();
    let root = workspace().join("fixtures").join(name);
    collect(&root, &root, &mut files);
    files.sort();
    files
}

/// What is below `/`: entries and rules, so that a comparison of empty configurations does not pass for one.
fn served(config: &Config) -> usize {
    let listeners = config.sockets.iter().flat_map(|socket| &socket.listeners);
    listeners.map(|listener| listener.entries.len()).sum::<usize>() + config.rules.len()
}

#[test]
fn order_of_files_changes_nothing() {
    let all: Vec<_> =
        cases().into_iter().map(|(case, text)| (format!("{case}.yaml"), in_its_namespace(&case, &text))).collect();
    for mut files in [folder("shop"), all] {
        let expected = run(&files, WorldMode::Auto).1.lowered.config;
        assert!(served(&expected) >= 8, "{} served", served(&expected));
        assert_eq!(expected.validate(), []);
        let mut random = 0x9e37_79b9_7f4a_7c15u64;
        for _ in 0..5 {
            for position in (1..files.len()).rev() {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                files.swap(position, usize::try_from(random % (position as u64 + 1)).unwrap_or(0));
            }
            assert_eq!(run(&files, WorldMode::Auto).1.lowered.config, expected);
        }
    }
}

/// A fixture whose objects do not meet those of other fixtures; cluster-scoped ones are the same in all.
fn in_its_namespace(case: &str, text: &str) -> String {
    text.replace("namespace: shop", &format!("namespace: {case}"))
}

#[test]
fn places_are_those_of_rules_matches_and_listeners() {
    let (case, text) = cases().into_iter().find(|(case, _)| case == "matches").expect("a case");
    let (_, compilation) = lowered(&case, &text);
    let config = &compilation.lowered.config;
    let slice = |place: Place| {
        assert_eq!(config.sources[place.source as usize], "a.yaml");
        &text[place.start as usize..place.end as usize]
    };
    assert!(slice(config.sockets[0].listeners[0].place).starts_with("{name: http, port: 80"));
    assert!(slice(config.rules[0].trace.place).starts_with("matches:"));
    assert!(slice(config.rules[0].matches[0].place).starts_with("path: {type: Exact"));
    assert_eq!(slice(config.rules[0].matches[1].place), "{}");
    assert!(slice(config.rules[1].matches[0].place).starts_with("backendRefs"), "the implied match is the rule");
}

#[test]
fn only_files_of_what_is_served_are_named() {
    let (_, text) = cases().into_iter().find(|(case, _)| case == "matches").expect("a case");
    let idle = "apiVersion: v1\nkind: Service\nmetadata: {name: idle}\nspec: {ports: [{port: 1}]}\n".to_owned();
    let files = [("z.yaml".to_owned(), text), ("b.yaml".to_owned(), idle)];
    let (_, compilation) = run(&files, WorldMode::Closed);
    assert_eq!(compilation.lowered.config.sources, ["z.yaml"]);
}

/// A valid configuration with two listeners, several hosts, filters and backends.
fn sample() -> Config {
    let (_, text) = cases().into_iter().find(|(case, _)| case == "precedence").expect("a case");
    lowered("precedence", &text).1.lowered.config
}

#[test]
fn what_is_wrong_with_a_configuration_has_a_place() {
    #[track_caller]
    fn check(change: impl Fn(&mut Config), pointer: &str) {
        let mut config = sample();
        change(&mut config);
        let problems = config.validate();
        assert!(problems.iter().any(|one| one.pointer == pointer), "{pointer} is not among {problems:?}");
    }
    fn entries(config: &mut Config) -> &mut Vec<gwc_core::ir::Entry> {
        &mut config.sockets[0].listeners[0].entries
    }
    check(|config| config.version = "gwc.ir/v0".into(), "/version");
    check(|config| config.sources.clear(), "/sockets/0/listeners/0/place");
    check(|config| config.gateways.clear(), "/sockets/0/gateway");
    check(|config| config.sockets[0].port = 0, "/sockets/0/port");
    check(|config| config.sockets[0].transport = gwc_core::ir::Transport::Udp, "/sockets/0/listeners/0/protocol");
    check(|config| config.sockets[0].listeners.clear(), "/sockets/0/listeners");
    check(|config| config.sockets.push(config.sockets[0].clone()), "/sockets");
    check(|config| config.sockets[0].listeners[0].hosts.clear(), "/sockets/0/listeners/0/entries/0/host");
    check(|config| entries(config)[3].rule = 99, "/sockets/0/listeners/0/entries/3/rule");
    check(|config| entries(config)[3].r#match = Some(99), "/sockets/0/listeners/0/entries/3/match");
    check(|config| entries(config)[3].r#match = None, "/sockets/0/listeners/0/entries/3/match");
    check(|config| entries(config).swap(0, 1), "/sockets/0/listeners/0/entries/1");
    check(|config| config.rules.swap(0, 1), "/rules");
    check(|config| config.rules[0].matches.clear(), "/rules/0/matches");
    check(
        |config| config.rules[1].matches[0].path = gwc_core::ir::PathMatch::Exact("x".into()),
        "/rules/1/matches/0/path",
    );
    check(|config| config.rules[2].matches[1].headers.reverse(), "/rules/2/matches/1/headers");
    check(|config| config.backends.clear(), "/rules/0/backends/0/target");
    check(|config| config.backends.push(config.backends[0].clone()), "/backends");
}

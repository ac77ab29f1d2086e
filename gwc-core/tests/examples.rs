//! The upstream examples: none that upstream takes has a finding of severity error, each that it refuses has one.
//!
//! Every file is a world of its own, judged in its own channel. The files are not part of this project; where they are
//! missing the tests say so and pass.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "tests read files and say what they skip")]

use std::path::{Path, PathBuf};

use gwc_core::compile;
use gwc_core::diagnostic::{Diagnostic, Severity};
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::source::{LineIndex, Origin, Role, Source, SourceMap};

/// 2026-06-01T00:00:00Z.
const NOW: i64 = 1_780_272_000;

/// Errors in accepted examples that are right, with the reason.
const EXPECTED_ERRORS: [(&str, &str, &str); 1] = [(
    "standard/http-rewrite.yaml",
    "GWC5001",
    "the rule shows the filter alone; without backendRefs the API demands a 500",
)];

/// The folder of the examples of one verdict, `None` where it is missing.
fn folder(verdict: &str) -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/examples")).join(verdict);
    if !folder.is_dir() {
        println!("skipped: the upstream examples are not here ({verdict})");
        return None;
    }
    Some(folder)
}

/// All YAML files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "yaml") {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

/// Findings of severity error, with a line for people about each.
fn errors(path: &Path, name: &str) -> Vec<(Diagnostic, String)> {
    let channel = if name.starts_with("experimental/") { Channel::Experimental } else { Channel::Standard };
    let mut profile = Profile::new(WorldMode::Auto, NOW);
    profile.target = Some(Target { bundle: Bundle::V1_6, channel });
    let mut sources = SourceMap::new();
    let bytes = std::fs::read(path).expect("a readable file");
    sources.add(Source::from_bytes(name, Origin::File, Role::Checked, true, bytes));
    let findings = compile(&sources, &profile).diagnostics.0;
    let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors
        .map(|finding| {
            let text = &sources.source(finding.primary.source).text;
            let line = LineIndex::new(text).line_column(text, finding.primary.start).line;
            let shown = format!("{name}:{line}: {} {}", finding.code.number, finding.message);
            (finding, shown)
        })
        .collect()
}

fn name(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).expect("a file of the folder").to_string_lossy().replace('\\', "/")
}

#[test]
fn accepted_examples_have_no_error() {
    let Some(folder) = folder("valid") else { return };
    let (mut wrong, mut seen) = (Vec::new(), Vec::new());
    let files = files(&folder);
    for path in &files {
        let name = name(&folder, path);
        for (finding, shown) in errors(path, &name) {
            let number = finding.code.number;
            match EXPECTED_ERRORS.iter().find(|(file, code, _)| *file == name && *code == number) {
                Some(expected) => seen.push(*expected),
                None => wrong.push(shown),
            }
        }
    }
    assert!(files.len() > 50, "only {} examples", files.len());
    assert!(wrong.is_empty(), "{} errors in accepted examples\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(seen, EXPECTED_ERRORS, "an exception is not needed any more");
}

#[test]
fn refused_examples_are_refused() {
    let Some(folder) = folder("invalid") else { return };
    let files = files(&folder);
    let taken = files.iter().map(|path| (path, name(&folder, path))).filter(|(path, name)| {
        // What the API server refuses is told by the rules of reading and admission, or by one that restates a check.
        let refused = |finding: &Diagnostic| finding.effect.as_deref().is_some_and(|effect| effect.contains("refuses"));
        !errors(path, name).iter().any(|(finding, _)| refused(finding) || finding.code.number.starts_with("GWC00"))
    });
    let taken: Vec<String> = taken.map(|(_, name)| name).collect();
    assert!(files.len() > 30, "only {} examples", files.len());
    assert!(taken.is_empty(), "{} refused examples are taken: {taken:?}", taken.len());
}

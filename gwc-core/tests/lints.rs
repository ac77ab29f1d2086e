//! Every rule against its fixtures: it finds `invalid.yaml`, not `valid.yaml`, and nothing else there is an error.
//! Wording and documentation of all rules are checked on the same runs.

#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gwc_core::diagnostic::rule::{RULES, find};
use gwc_core::diagnostic::{Applicability, Diagnostic, Severity};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{LineIndex, Origin, Role, Source, SourceMap};
use gwc_core::{compile, lint};

/// 2026-06-01T00:00:00Z.
const NOW: i64 = 1_780_272_000;

/// Rules that lie outside what one file with default options can show; each has tests where it is raised.
const RAISED_ELSEWHERE: [&str; 10] = [
    "document-skipped",
    "template-not-rendered",
    "unused-suppression",
    "unknown-rule-in-suppression",
    "suppression-without-reason",
    "expired-suppression",
    "stale-baseline-entry",
    "unused-assumption",
    "status-not-asserted",
    "legacy-condition",
];

/// Further errors that the files of a rule cannot do without.
const COMPANIONS: [(&str, &[&str]); 4] = [
    // The earlier error is what keeps the rules from being evaluated.
    ("cel-not-evaluated", &["GWC0012"]),
    // The Gateway itself has to be refused.
    ("listenerset-parent-not-accepted", &["GWC2009"]),
    // What the default does is an error for the route that it refuses.
    ("allowed-routes-implicit", &["GWC2001"]),
    // A share is lost because a backend cannot be used.
    ("invalid-backend-share", &["GWC1005"]),
];

struct Run {
    sources: SourceMap,
    findings: Vec<Diagnostic>,
}

impl Run {
    fn of(text: String, name: &str, profile: &Profile) -> Self {
        let mut sources = SourceMap::new();
        sources.add(Source::from_bytes(name, Origin::File, Role::Checked, true, text.into_bytes()));
        let findings = compile(&sources, profile).diagnostics.0;
        Self { sources, findings }
    }

    fn has(&self, number: &str) -> bool {
        self.findings.iter().any(|finding| finding.code.number == number)
    }

    /// What was found, for people.
    fn shown(&self) -> String {
        let lines = self.findings.iter().map(|finding| {
            let source = self.sources.source(finding.primary.source);
            let at = LineIndex::new(&source.text).line_column(&source.text, finding.primary.start);
            let (code, severity) = (finding.code, finding.severity);
            let help = finding.help.as_deref().unwrap_or_default();
            format!(
                "  {}:{}:{} {severity:?} {} {}: {} [{help}]",
                source.name, at.line, at.column, code.number, code.name, finding.message
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Rule folders of `fixtures/lint`, by name.
fn cases() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/lint");
    let folders = std::fs::read_dir(&root).expect("fixtures/lint").map(|entry| entry.expect("a folder").path());
    let mut cases: Vec<(String, PathBuf)> = folders
        .filter(|path| path.is_dir())
        .map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path))
        .collect();
    cases.sort();
    cases
}

fn profile(case: &str) -> Profile {
    let mut profile = Profile::new(WorldMode::Auto, NOW);
    match case {
        // The limit belongs to a controller; the API has none.
        "too-many-listeners" => profile.knobs.max_listeners = Some(2),
        "match-explosion" => profile.rule_options.max_matches = 2,
        "hostname-policy" => {
            profile.rule_options.domains.insert("shop".into(), vec!["shop.example.com".into()]);
        }
        "backend-tls-missing" => {
            profile.rule_options.sensitive.insert("tier".into(), "sensitive".into());
        }
        _ => {}
    }
    profile
}

fn run(case: &str, folder: &Path, file: &str) -> Option<Run> {
    let text = std::fs::read_to_string(folder.join(file)).ok()?;
    Some(Run::of(text, &format!("{case}/{file}"), &profile(case)))
}

#[test]
fn rules_find_what_their_fixtures_show() {
    let mut problems = Vec::new();
    for (case, folder) in cases() {
        let Some(rule) = find(&case) else {
            problems.push(format!("{case}: no rule of this name"));
            continue;
        };
        for file in ["invalid.yaml", "valid.yaml"] {
            match run(&case, &folder, file) {
                Some(run) => problems.extend(problems_of(&case, file, &run, rule.code.number)),
                None => problems.push(format!("{case}: no {file}")),
            }
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

/// The rule finds the invalid file only, and nothing else in either is an error.
fn problems_of(case: &str, file: &str, run: &Run, number: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let companions = COMPANIONS.iter().find(|(name, _)| *name == case).map_or(&[][..], |(_, codes)| codes);
    let wanted = file == "invalid.yaml";
    if run.has(number) != wanted {
        let what = if wanted { "does not find" } else { "finds" };
        problems.push(format!("{case}: {number} {what} {file}\n{}", run.shown()));
    }
    let other = run.findings.iter().find(|finding| {
        let code = finding.code.number;
        finding.severity == Severity::Error && code != number && !companions.contains(&code)
    });
    if let Some(other) = other {
        problems.push(format!("{case}: {file} has error {}\n{}", other.code.number, run.shown()));
    }
    problems
}

#[test]
fn suppressed_twins_differ_in_comments_only() {
    for (case, folder) in cases() {
        let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap_or_default();
        let (invalid, suppressed) = (read("invalid.yaml"), read("suppressed.yaml"));
        let bare = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
            lines.map(|line| line.split(" # gwc:").next().unwrap_or(line).trim_end().to_owned()).collect()
        };
        if suppressed.is_empty() {
            continue;
        }
        let number = find(&case).expect("a rule of this name").code.number;
        assert!(suppressed.contains(number), "{case}: suppressed.yaml does not name {number}");
        if !suppressed.contains("lint.gwc/ignore") {
            assert_eq!(bare(&invalid), bare(&suppressed), "{case}: suppressed.yaml differs from invalid.yaml");
        }
    }
}

#[test]
fn wording_keeps_the_house_rules() {
    let mut problems = Vec::new();
    for (case, folder) in cases() {
        let Some(run) = run(&case, &folder, "invalid.yaml") else { continue };
        for finding in &run.findings {
            let message = &finding.message;
            let number = finding.code.number;
            let mut complain = |what: &str| problems.push(format!("{case}: {number} {what}: {message}"));
            if message.chars().count() > 120 {
                complain("is longer than 120 characters");
            }
            if message.ends_with('.') || message.contains('\n') {
                complain("ends with a full stop or has two lines");
            }
            let has_check = lint::lints().any(|rule| rule.code == finding.code && rule.check.is_some());
            let is_own = finding.code.name == case && has_check;
            if is_own && finding.help.is_none() && finding.fixes.is_empty() {
                complain("has no help");
            }
            if is_own && finding.object.is_none() {
                complain("names no object");
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn documentation_is_complete() {
    for rule in lint::lints() {
        let (number, docs) = (rule.code.number, rule.docs);
        let texts = [docs.summary, docs.what, docs.why, docs.bad, docs.good, docs.fix, docs.spec];
        assert!(texts.iter().all(|text| !text.trim().is_empty()), "{number} has an empty text");
        assert!(!docs.summary.contains('\n') && !docs.summary.ends_with('.'), "{number}: summary");
        assert_ne!(docs.bad, docs.good, "{number}: the example cures nothing");
    }
}

#[test]
fn lints_are_in_order_and_registered() {
    let numbers: Vec<&str> = lint::lints().map(|rule| rule.code.number).collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(numbers, sorted, "by number, without repetitions");
    let registered: BTreeSet<&str> = RULES.iter().map(|rule| rule.code.number).collect();
    assert!(numbers.iter().all(|number| registered.contains(number)));
}

#[test]
fn every_rule_with_a_check_has_a_fixture() {
    let names: BTreeSet<String> = cases().into_iter().map(|(name, _)| name).collect();
    let missing: Vec<&str> = lint::lints()
        .filter(|rule| rule.check.is_some() && !RAISED_ELSEWHERE.contains(&rule.code.name))
        .map(|rule| rule.code.name)
        .filter(|name| !names.contains(*name))
        .collect();
    assert!(missing.is_empty(), "no fixtures for {missing:?}");
}

#[test]
fn references_to_refused_objects_are_notes_of_its_finding() {
    let text = "\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: edge
  namespace: shop
spec:
  gatewayClassName: infra
  listeners: []
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: store
  namespace: shop
spec:
  parentRefs:
    - name: edge
      sectionName: http
  rules:
    - backendRefs:
        - name: store
          port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: store
  namespace: shop
spec:
  ports:
    - port: 80
";
    let run = Run::of(text.to_owned(), "refused.yaml", &Profile::new(WorldMode::Closed, NOW));
    let errors: Vec<&Diagnostic> = run.findings.iter().filter(|one| one.severity == Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{}", run.shown());
    let note = errors.first().and_then(|error| error.notes.iter().find(|note| note.contains("HTTPRoute `shop/store`")));
    assert!(note.is_some(), "{errors:?}");
}

#[test]
fn one_missing_object_is_one_finding() {
    let (_, folder) = cases().into_iter().find(|(case, _)| case == "backend-not-found").expect("the case");
    let text = std::fs::read_to_string(folder.join("invalid.yaml")).expect("the file");
    let route = text.split("---\n").find(|part| part.contains("HTTPRoute")).expect("a route");
    let second = route.replace("  name: store\n", "  name: other\n");
    let run = Run::of(format!("{text}---\n{second}"), "twice.yaml", &Profile::new(WorldMode::Auto, NOW));
    let found: Vec<&Diagnostic> = run.findings.iter().filter(|one| one.code.number == "GWC1005").collect();
    assert_eq!(found.len(), 1, "{}", run.shown());
    let only = found.first().expect("one finding");
    assert_eq!(only.labels.len(), 1, "{:?}", only.labels);
    assert_eq!(only.fixes.first().map(|fix| fix.edits.len()), Some(2), "both references are cured");
}

#[test]
fn fixes_cure_what_they_are_for() {
    let mut problems = Vec::new();
    let mut tried = 0;
    for (case, folder) in cases() {
        let Some(before) = run(&case, &folder, "invalid.yaml") else { continue };
        let Some(number) = find(&case).map(|rule| rule.code.number) else { continue };
        let own = before.findings.iter().filter(|finding| finding.code.number == number);
        for fix in own.flat_map(|finding| &finding.fixes).filter(|fix| !fix.edits.is_empty()) {
            if fix.applicability == Applicability::Suggestion {
                continue;
            }
            tried += 1;
            let text = before.sources.iter().next().map(|(_, source)| source.text.clone()).unwrap_or_default();
            let fixed = apply(text, fix);
            let after = Run::of(fixed.clone(), &case, &profile(&case));
            let count =
                |run: &Run, code: &str| run.findings.iter().filter(|finding| finding.code.number == code).count();
            let errors = |run: &Run| -> BTreeSet<&'static str> {
                let errors = run.findings.iter().filter(|finding| finding.severity == Severity::Error);
                errors.map(|finding| finding.code.number).collect()
            };
            let new: Vec<_> = errors(&after).difference(&errors(&before)).copied().collect();
            if count(&after, number) >= count(&before, number) || !new.is_empty() {
                problems.push(format!("{case}: `{}` does not cure\n{}\n{fixed}", fix.title, after.shown()));
            }
        }
    }
    assert!(tried > 20, "only {tried} fixes were tried");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Applies the edits from the end of the text to its start.
fn apply(mut text: String, fix: &gwc_core::diagnostic::Fix) -> String {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

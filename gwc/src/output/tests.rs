//! Outputs on findings that are made by hand, so that they do not depend on any rule.

use gwc_core::diagnostic::{Applicability, Basis, ConditionEffect, Diagnostic, Edit, ObjectRef, Severity, rule};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceId, SourceMap, Span};

use crate::compile;
use crate::findings::{Finding, Report, Run, SuppressionMode};
use crate::options::WorldSpec;
use crate::output::style::Style;
use crate::output::{concise, github, grouped, json, junit, sarif, statistics, summary, text};
use crate::selection::{Selection, Wishes};

const ROUTE: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: store
  namespace: shop
spec:
  rules:
  - name: all
    backendRefs:
    - name: cart
      port: 80
";

const SECRET: &str = "apiVersion: v1
kind: Secret
metadata: {name: tls, namespace: shop}
data:
  tls.key: c2VjcmV0LWJ5dGVz
";

fn spec(name: &str) -> WorldSpec {
    WorldSpec {
        name: name.to_owned(),
        paths: Vec::new(),
        context: Vec::new(),
        profile: Profile::new(WorldMode::Open, 0),
        facts: Vec::new(),
        ignores: Default::default(),
    }
}

/// A world of these texts; its own findings are dropped.
fn run(name: &str, texts: &[(&str, &str)]) -> (Run, Vec<SourceId>) {
    let mut sources = SourceMap::new();
    let mut ids = Vec::new();
    for (name, text) in texts {
        let bytes = text.as_bytes().to_vec();
        ids.push(sources.add(Source::from_bytes(*name, Origin::File, Role::Checked, true, bytes)));
    }
    let spec = spec(name);
    let mut compilation = compile::compile_wanted(&sources, &spec.profile, compile::ALL);
    compilation.diagnostics.0.clear();
    (Run { spec, sources, compilation }, ids)
}

fn span(run: &Run, id: SourceId, what: &str) -> Span {
    let at = run.sources.source(id).text.find(what).expect("the text holds it");
    Span::new(id, at as u32, (at + what.len()) as u32)
}

fn object() -> ObjectRef {
    ObjectRef {
        api_version: "gateway.networking.k8s.io/v1".into(),
        kind: "HTTPRoute".into(),
        namespace: "shop".into(),
        name: "store".into(),
    }
}

fn finding(run: &Run, ids: &[SourceId]) -> Diagnostic {
    let place = span(run, ids[0], "cart");
    let message = "no Service `cart` in namespace `shop`";
    Diagnostic::new(rule::BACKEND_NOT_FOUND, Severity::Error, Basis::Spec, place, message)
        .primary_label("not there")
        .label(span(run, ids[1], "tls.key"), "something else")
        .effect("its share of the requests is answered with 500")
        .help("name a Service that exists")
        .note("basis of the note")
        .condition(ConditionEffect {
            r#type: "ResolvedRefs",
            status: "False",
            reason: "BackendNotFound",
            parent: Some("Gateway/infra/shared".into()),
        })
        .fix(Applicability::Unsafe, "call it `basket`", vec![Edit { span: place, text: "basket".into() }])
        .object(object())
}

fn selection() -> Selection {
    Selection::new(&Wishes::default()).expect("the defaults are valid")
}

fn report() -> Report {
    let (mut run, ids) = run("default", &[("a/route.yaml", ROUTE), ("b/secret.yaml", SECRET)]);
    let diagnostic = finding(&run, &ids);
    run.compilation.diagnostics.push(diagnostic);
    Report::new(vec![run], &selection(), SuppressionMode::Apply)
}

fn shown(report: &Report) -> Vec<&Finding> {
    report.findings.iter().collect()
}

#[test]
fn full_shows_both_files_and_every_line() {
    let report = report();
    let text = text::write(&report, &shown(&report), Style::PLAIN);
    let expected = "\
error[GWC1005 backend-not-found]: no Service `cart` in namespace `shop`
   --> a/route.yaml:10:13
    |
  9 |     backendRefs:
 10 |     - name: cart
    |             ^^^^
    |               `-- not there
 11 |       port: 80
    |
   ::: b/secret.yaml:5:3
    |
  4 | data:
";
    assert!(text.starts_with(expected), "{text}");
    for line in [
        "= effect: ResolvedRefs=False/BackendNotFound for Gateway/infra/shared",
        "= effect: its share of the requests is answered with 500",
        "= help: name a Service that exists",
        "= fix: call it `basket` (unsafe)",
        "= note: basis of the note",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("c2VjcmV0LWJ5dGVz"), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn colours_and_links_only_where_allowed() {
    let report = report();
    let text = text::write(&report, &shown(&report), Style { color: true, links: true });
    assert!(text.contains("\u{1b}]8;;docs/rules.md#gwc1005\u{1b}\\"));
    assert!(text.contains("\u{1b}[1;31merror[GWC1005 backend-not-found]"));
}

#[test]
fn concise_and_grouped_have_one_line_per_finding() {
    let report = report();
    let line = "a/route.yaml:10:13: error[GWC1005] no Service `cart` in namespace `shop`\n";
    assert_eq!(concise::write(&report, &shown(&report), Style::PLAIN), line);
    let grouped = grouped::write(&report, &shown(&report), Style::PLAIN);
    assert!(grouped.starts_with("HTTPRoute shop/store\n  error[GWC1005] no Service"), "{grouped}");
}

#[test]
fn json_has_pointer_fingerprint_and_places() {
    let report = report();
    let value: serde_json::Value = serde_json::from_str(&json::write(&report, &shown(&report))).expect("JSON");
    assert_eq!(value["schema"], "gwc.check/v1");
    let finding = &value["diagnostics"][0];
    assert_eq!(finding["pointer"], "/spec/rules/0/backendRefs/0/name");
    assert_eq!(finding["locations"][0]["start"], serde_json::json!({"line": 10, "column": 13, "byte": 157}));
    assert_eq!(finding["locations"][1]["role"], "related");
    assert_eq!(finding["fixes"][0]["edits"][0]["text"], "basket");
    let fingerprint = finding["fingerprint"].as_str().expect("text");
    assert!(fingerprint.starts_with("gwc1:") && fingerprint.len() == 37, "{fingerprint}");
    assert_eq!(json::write_lines(&report, &shown(&report)).lines().count(), 1);
}

#[test]
fn fingerprint_does_not_depend_on_lines_or_neighbours() {
    let before = report();
    let moved = ROUTE.replace("  rules:\n", "  rules:\n  - name: first\n");
    let moved = format!("# a comment\n\n{moved}");
    let (mut run, ids) = run("default", &[("c.yaml", &moved), ("b/secret.yaml", SECRET)]);
    let diagnostic = finding(&run, &ids);
    run.compilation.diagnostics.push(diagnostic);
    let after = Report::new(vec![run], &selection(), SuppressionMode::Apply);
    assert_eq!(before.findings[0].fingerprint, after.findings[0].fingerprint);
    assert_ne!(before.findings[0].pointer, after.findings[0].pointer);
}

#[test]
fn worlds_with_the_same_finding_share_it() {
    let mut runs = Vec::new();
    for name in ["prod", "stage"] {
        let (mut run, ids) = run(name, &[("a/route.yaml", ROUTE), ("b/secret.yaml", SECRET)]);
        let diagnostic = finding(&run, &ids);
        run.compilation.diagnostics.push(diagnostic);
        runs.push(run);
    }
    let report = Report::new(runs, &selection(), SuppressionMode::Apply);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].worlds, ["prod", "stage"]);
    assert!(summary::write(&report).contains(", 2 worlds"));
}

#[test]
fn sarif_has_what_the_format_requires() {
    let report = report();
    let value: serde_json::Value = serde_json::from_str(&sarif::write(&report, &shown(&report))).expect("JSON");
    assert_eq!(value["version"], "2.1.0");
    let run = &value["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "GWC1005");
    let result = &run["results"][0];
    assert_eq!((&result["ruleId"], &result["ruleIndex"]), (&"GWC1005".into(), &0.into()));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a/route.yaml");
    assert_eq!(place["region"]["startLine"], 10);
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "basket");
    assert!(result["message"]["text"].is_string() && result["partialFingerprints"]["gwc/v1"].is_string());
}

#[test]
fn github_and_junit_escape_what_they_must() {
    let report = report();
    let text = github::write(&report, &shown(&report));
    assert!(text.starts_with("::error file=a/route.yaml,line=10,endLine=10,col=13,endColumn=17,title=GWC1005 "));
    assert!(text.trim_end().lines().count() == 1 && text.contains("%0A"), "{text}");
    let xml = junit::write(&report, &shown(&report));
    assert!(xml.contains("<testcase classname=\"a/route.yaml\" name=\"HTTPRoute/shop/store\">"), "{xml}");
    assert!(xml.contains("tests=\"2\" failures=\"1\""), "clean objects are cases too: {xml}");
}

#[test]
fn summary_and_statistics_count() {
    let report = report();
    let text = summary::write(&report);
    assert!(
        text.starts_with("Found 1 error (1 with a fix) in 2 objects, 2 files\nTarget: Gateway API v1.6.1/standard")
    );
    assert!(statistics::write(&report).contains("      1  GWC1005 backend-not-found"));
}

#[test]
fn odd_places_do_not_break_the_excerpt() {
    let text = "a: \u{1b}[31mé\r\nlong: ".to_owned() + &"x".repeat(2000) + "\n";
    let (mut run, ids) = run("default", &[("odd.yaml", &text), ("empty.yaml", "")]);
    let len = text.len() as u32;
    for (start, end) in [(0, len), (len, len), (len - 1, len), (8, 9), (9, 9), (13, 2000), (len + 7, len + 9)] {
        let place = Span::new(ids[0], start, end);
        let odd = Diagnostic::new(rule::YAML_SYNTAX, Severity::Error, Basis::Spec, place, format!("odd {start}"));
        run.compilation.diagnostics.push(odd.label(Span::new(ids[1], 0, 0), "empty"));
    }
    let report = Report::new(vec![run], &selection(), SuppressionMode::Apply);
    let out = text::write(&report, &shown(&report), Style::PLAIN);
    assert_eq!(out.matches("error[GWC0001 yaml-syntax]").count(), 7);
    assert!(!out.contains('\u{1b}'), "control characters never reach the terminal");
    json::write(&report, &shown(&report));
    sarif::write(&report, &shown(&report));
}

fn suppressed(text: &str, what: &str) -> (Option<&'static str>, Vec<&'static str>) {
    let (mut run, ids) = run("default", &[("a.yaml", text)]);
    let place = span(&run, ids[0], what);
    let diagnostic =
        Diagnostic::new(rule::BACKEND_NOT_FOUND, Severity::Error, Basis::Spec, place, "gone").object(object());
    run.compilation.diagnostics.push(diagnostic);
    let report = Report::new(vec![run], &selection(), SuppressionMode::Apply);
    let found = report.findings.iter().find(|finding| finding.diagnostic.code == rule::BACKEND_NOT_FOUND);
    let how = found.and_then(|finding| finding.suppressed.as_ref()).map(|suppressed| suppressed.how);
    let others = report.findings.iter().map(|finding| finding.diagnostic.code.number).filter(|code| *code != "GWC1005");
    (how, others.collect())
}

#[test]
fn comments_suppress_their_node() {
    let on_line = ROUTE.replace("- name: cart", "- name: cart # gwc: ignore[GWC1005] known");
    assert_eq!(suppressed(&on_line, "cart"), (Some("comment"), vec![]));
    let before = ROUTE.replace("    backendRefs:", "    # gwc: ignore[backend-not-found] known\n    backendRefs:");
    assert_eq!(suppressed(&before, "cart"), (Some("comment"), vec![]));
    let elsewhere = ROUTE.replace("namespace: shop", "namespace: shop # gwc: ignore[GWC1] known");
    assert_eq!(suppressed(&elsewhere, "cart"), (None, vec!["GWC0090"]), "not its node, so unused");
    let file = format!("# gwc: ignore-file[refs] known\n{ROUTE}");
    assert_eq!(suppressed(&file, "cart"), (Some("file-comment"), vec![]));
}

#[test]
fn annotations_suppress_their_object() {
    let annotated =
        ROUTE.replace("  name: store", "  name: store\n  annotations: {lint.gwc/ignore: \"GWC1005=known\"}");
    assert_eq!(suppressed(&annotated, "cart"), (Some("annotation"), vec![]));
}

#[test]
fn wrong_suppressions_are_reported() {
    let unknown = ROUTE.replace("- name: cart", "- name: cart # gwc: ignore[GWC1555] known");
    assert_eq!(suppressed(&unknown, "cart"), (None, vec!["GWC0091"]));
    let blanket = ROUTE.replace("- name: cart", "- name: cart # gwc: ignore everything");
    assert_eq!(suppressed(&blanket, "cart"), (None, vec!["GWC0091"]));
    let unused = ROUTE.replace("- name: cart", "- name: cart # gwc: ignore[GWC2001] known");
    assert_eq!(suppressed(&unused, "cart"), (None, vec!["GWC0090"]));
}
